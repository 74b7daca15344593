"""Mistakes of an author, each made on purpose in a methodology that holds, and the check that says so.

The methodology is ``tests/data/packages/fuel_switch`` (invented): RE = HG x EF_RE,
PE = FC x EF_PJ, LE = FC x EF_LE. Each test changes its text as a slip would.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jcm_mrv.conformance.author_checks import not_taken
from jcm_mrv.conformance.cases import CaseError, calculate_case, package_cases
from jcm_mrv.conformance.cited_values import unlike_the_report, unlike_the_table
from jcm_mrv.conformance.conformance import examine, mistakes_noticed
from jcm_mrv.conformance.mutation import SURVIVED, of_edges, on_one_graph
from jcm_mrv.methodology.catalogue import catalogue
from support.fuel_switch import CARD, CASE, CLASS, benches, found, package

pytestmark = pytest.mark.usefixtures("quick")


def test_as_it_is_everything_holds(tmp_path: Path) -> None:
    assert found(tmp_path) == {}


def test_leakage_that_is_added(tmp_path: Path) -> None:
    """The case shares the mistake (94.6 - 8 + 4), and the card's text is silent: the sign alone tells."""
    outcomes = found(
        tmp_path,
        (CLASS, "RE - PE - LE", "RE - PE + LE"),
        (CARD, "; ER_p = RE_p - PE_p - LE_p", ""),
        (CASE, '"94.6 - 8 - 4"', '"94.6 - 8 + 4"'),
        (CASE, '"189.2 - 16 - 8"', '"189.2 - 16 + 8"'),
        (CASE, "credited = 82", "credited = 90"),
        (CASE, "credited = 165", "credited = 181"),
    )
    assert "as LE rises by 1 t a year; it must fall" in outcomes["RE, PE and LE have their signs in ER"].reasons[0]


MONTHS = "RE = result(total(HG, over=equipment)", "RE = result(total(total(HG, over=equipment), by=year_of_month)"
MONTHLY = (
    (CLASS, 'unit="GJ", per=equipment)', 'unit="GJ", per=equipment, each=month)'),
    (CLASS, "default, equipment, monitored, result", "default, equipment, month, monitored, result, year_of_month"),
)
ONE_YEAR = (
    (CASE, "last_day = 2025-12-31", "last_day = 2024-12-31"),
    (CASE, "{ 2024 = 1000.0, 2025 = 2000.0 }", "{ 2024 = 1000.0 }"),
    (CASE, "{ 2024 = 80.0, 2025 = 160.0 }", "{ 2024 = 80.0 }"),
    (
        CASE,
        """
[[expected]]
year = 2025
reference = "2000 x 0.0946"
project = "160 x 0.1"
leakage = "160 x 0.05"
reductions = "189.2 - 16 - 8"
credited = 165
""",
        "",
    ),
)


def test_a_total_over_months_where_it_is_by_year_passes_the_case_of_one_year_and_not_the_second(tmp_path: Path) -> None:
    right = (CLASS, *MONTHS)
    wrong = (CLASS, "RE = result(total(HG, over=equipment)", "RE = result(total(total(HG, over=equipment), over=month)")
    assert "years stand apart" not in found(tmp_path / "right", *MONTHLY, *ONE_YEAR, right)
    outcomes = found(tmp_path / "wrong", *MONTHLY, *ONE_YEAR, wrong)
    assert "the engine reaches its cases" not in outcomes
    assert "a year takes what belongs to another" in outcomes["years stand apart"].reasons[0]


def test_what_is_counted_by_the_year_whatever_its_length(tmp_path: Path) -> None:
    """A fixed 94.6 t a year in place of what the heat gives: a claim of six months would have all of it."""
    outcomes = found(
        tmp_path,
        (
            CLASS,
            "RE = result(total(HG, over=equipment) * EF_RE",
            "RE = result((total(HG, over=equipment) + a_year) * EF_RE",
        ),
        (
            CLASS,
            "    GWP_CO2 =",
            '    a_year = constant("1000", unit="GJ", label="heat of a year", source="invented")\n    GWP_CO2 =',
        ),
        (CLASS, "import co2_as_co2e, default", "import co2_as_co2e, constant, default"),
    )
    assert "a quarter of each" not in str(outcomes)
    assert any("would not count its part" in reason for reason in outcomes["a part of a year gives its part"].reasons)
    assert any("until 30 June" in reason for reason in outcomes["a part of a year gives its part"].reasons)
    assert "gives RE of 94.6, 94.6 t" in outcomes["no activity gives no reductions"].reasons[0]
    assert any(
        "twice the equipment gives RE" in r for r in outcomes["twice the equipment, twice the reductions"].reasons
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("FC_i,p x EF_PJ", "FC_i,p / EF_PJ", "PE: it comes to"),
        ("HG_i,p x EF_RE", "HG_i,p x EF_PJ", "RE: it comes to"),
        ("RE_p - PE_p - LE_p", "RE_p - PE_p + LE_p", "ER: it comes to"),
        ("RE_p = SUM_i HG_i,p", "RE_p = SUM_i HH_i,p", "RE, not compared: the class has no HH"),
    ],
)
def test_the_cards_text_is_held_against_the_class(old: str, new: str, said: str, tmp_path: Path) -> None:
    outcome = found(tmp_path, (CARD, old, new))["the card's equation is that of the class"]
    assert outcome.status == ("named" if "not compared" in outcome.reasons[0] else "fail")
    assert said in outcome.reasons[0]


def test_an_upper_limit_of_what_raises_er(tmp_path: Path) -> None:
    upper = (
        CARD,
        'value = 0.0946\nunit = "tCO2/GJ"\nsource = "',
        'value = 0.0946\nunit = "tCO2/GJ"\nsource = "upper limit, ',
    )
    outcome = found(tmp_path / "1", upper)["limits lie on the cautious side"]
    assert outcome.status == "fail" and outcome.reasons == ("EF_RE: ER rises with it, the card has the upper limit",)
    lower = (CARD, 'value = 0.1\nunit = "tCO2/t"\nsource = "', 'value = 0.1\nunit = "tCO2/t"\nsource = "lower limit, ')
    outcome = found(tmp_path / "2", lower)["limits lie on the cautious side"]
    assert outcome.status == "named" and "EF_PJ: ER falls with it" in outcome.reasons[0]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Table 1.4, lower limit, anthracite", ""),
        ("Table 1.4, coking coal", ""),
        ("Table 1.4, lower limit, diesel", "the lower limit of the table, which has 0.0726 (gas_diesel_oil)"),
        ("Table 1.4, upper limit, anthracite", "the upper limit of the table, which has 0.101 (anthracite)"),
    ],
)
def test_a_value_is_what_the_table_that_it_names_has(source: str, said: str, tmp_path: Path) -> None:
    """0.0946 t/GJ is the lower limit of anthracite and the default of coking coal; the case has what the card has."""
    old = 'value = 0.0946\nunit = "tCO2/GJ"\nsource = "'
    cited = (CARD, old, f"{old}IPCC 2006 Vol. 2 Ch. 1 {source}; ")
    with package(tmp_path, cited):
        found = list(unlike_the_table(catalogue().find("XX_AM950")))
    assert found == ([f"EF_RE: the card has 0.0946 and says that it is {said}"] if said else [])


def test_a_value_of_the_table_in_another_unit(tmp_path: Path) -> None:
    """0.0946 t/GJ is 94.6 t/TJ, as CO2e too; the table has no 96.4 (two figures turned) for coking coal."""
    other = (CARD, 'unit = "tCO2/GJ"', 'unit = "tCO2e/TJ"')
    cited = (
        CARD,
        'source = "document XX_AM950 (invented), page 1"',
        'source = "IPCC 2006 Vol. 2 Ch. 1 Table 1.4, coking coal"',
    )
    units = (
        (CLASS, 'unit="tCO2/GJ", limits=(0.0, 0.4)', 'unit="tCO2e/TJ", limits=(0.0, 400.0)'),
        (CLASS, 'HG = monitored("heat generated", unit="GJ"', 'HG = monitored("heat generated", unit="TJ"'),
        (CLASS, "EF_RE * GWP_CO2", "EF_RE"),
    )
    said = []
    for n, value in enumerate(("94.6", "96.4")):
        with package(tmp_path / str(n), other, cited, *units, (CARD, "value = 0.0946", f"value = {value}")):
            said.append(list(unlike_the_table(catalogue().find("XX_AM950"))))
    assert said == [
        [],
        ["EF_RE: the card has 96.4 and says that it is the default value of the table, which has 94.6 (coking_coal)"],
    ]


def test_a_class_that_no_case_takes_and_edges_that_none_lies_on_are_named(tmp_path: Path) -> None:
    """With the chiller of 500 USRt alone: of the edges only 550 less a tenth would move it."""
    cases = benches("ID_AM002 2.0", tmp_path, lambda case: len(case.equipment) == 1)
    assert any(text.startswith("COP_RE of ") for text in not_taken([bench for _, bench in cases]))
    assert sum(m.noticed == SURVIVED for m in of_edges(on_one_graph(cases))) == 11


def test_rows_of_a_table_that_no_case_takes_are_named_and_not_tried(tmp_path: Path) -> None:
    """Two wrong values (kg for t, L for m3): no herd of the case is of buffaloes, so no figure of it is wrong."""
    [(case, bench)] = benches("DRAFT_LIVESTOCK", tmp_path)
    card = bench.bound.entry.card
    assert list(not_taken([bench])) == []
    more = {
        symbol: replace(card.defaults[symbol], by_name={**card.defaults[symbol].by_name, "buffalo": value})
        for symbol, value in {"VS": 2.8, "B_0": 130000.0}.items()
    }
    wrong = replace(bench.bound.entry, card=replace(card, defaults={**card.defaults, **more}))
    bench = replace(bench, bound=replace(bench.bound, entry=wrong))
    assert list(not_taken([bench])) == ["VS of buffalo, of the card", "B_0 of buffalo, of the card"]
    outcome = mistakes_noticed([(case, bench)])
    assert outcome.status == "named" and "0 survive; 2 not tried" in outcome.reasons[0]
    assert outcome.reasons[1:] == (
        "not tried: VS of buffalo on the card: no case takes it",
        "not tried: B_0 of buffalo on the card: no case takes it",
    )


def test_a_value_in_whose_place_every_case_gives_its_own_is_named(tmp_path: Path) -> None:
    """The project's 0.0946 t/GJ goes before the card's 9.46 (kg for t), which nobody sees."""
    row = '[[fixed]]\nparameter = "EF_RE"\nvalue = 0.0946\nunit = "tCO2/GJ"\ndocument = "D-1"\npage = "1"\n'
    outcomes = found(
        tmp_path,
        (CARD, "value = 0.0946", "value = 0.0947"),
        (CASE, '[[monitored]]\nparameter = "HG"', f'{row}\n[[monitored]]\nparameter = "HG"'),
    )
    assert outcomes["every branch and value is taken"].reasons == ("no case takes the value of EF_RE of the card",)


def test_a_set_that_many_cards_share_is_named_by_what_is_taken_of_it(tmp_path: Path) -> None:
    said = list(not_taken([bench for _, bench in benches("ID_AM010", tmp_path)]))
    assert "NCV of 49 of 50 names of a set that many cards share: gas_diesel_oil alone" in said


def test_reductions_that_are_clipped_at_zero(tmp_path: Path) -> None:
    """A year of which the project emits more is negative and shown so; ER of the case is above 0: its tonnes agree."""
    outcomes = found(
        tmp_path,
        (CLASS, "import total", "import maximum, total"),
        (CLASS, "result(RE - PE - LE,", "result(maximum(RE - PE - LE, 0),"),
    )
    text = outcomes["the card's equation is that of the class"]
    assert text.status == "fail" and "the class to 0, 0 t" in text.reasons[0]
    assert outcomes["every branch and value is taken"].reasons == (
        "no case takes 0 as the greatest of max(RE_p - PE_p - LE_p; 0)",
    )


def test_project_emissions_that_are_held_at_the_reference(tmp_path: Path) -> None:
    """PE = min(SUM FC x EF_PJ; RE): the same in the case (8 t of 94.6 t)."""
    outcomes = found(
        tmp_path,
        (CLASS, "import total", "import minimum, total"),
        (
            CLASS,
            "PE = result(total(FC, over=equipment) * EF_PJ * GWP_CO2,",
            "PE = result(minimum(total(FC, over=equipment) * EF_PJ * GWP_CO2, RE),",
        ),
    )
    text = outcomes["the card's equation is that of the class"]
    assert text.status == "fail" and text.reasons[0].startswith("PE: with ")


def test_a_result_of_which_the_cards_text_is_silent_is_named(tmp_path: Path) -> None:
    outcomes = found(tmp_path, (CARD, "; LE_p = SUM_i FC_i,p x EF_LE", ""))
    text = outcomes["the card's equation is that of the class"]
    assert text.status == "named" and text.reasons == ("LE, not compared: the text says nothing of it",)


def test_what_was_not_looked_at_is_named(tmp_path: Path) -> None:
    """Without limits 94.6 kg would pass for t; without `reductions` the direction of ER is nobody's."""
    outcomes = found(
        tmp_path,
        (CLASS, ", limits=(0.0, 0.4)", ""),
        (CARD, 'frequency = "Every delivery"\nreductions = "fall"', 'frequency = "Every delivery"'),
    )
    assert outcomes["limits lie on the cautious side"].reasons == (
        "EF_RE has no limits: a value in another unit would be taken",
    )
    moves = outcomes["reductions move as the card says"]
    assert moves.status == "named" and moves.reasons[1].startswith("[parameters.FC] has no `reductions`")


def test_what_a_case_says_and_nothing_reads(tmp_path: Path) -> None:
    extra = (CASE, 'unit = "GJ"', 'unit = "GJ"\ntransformer_factor = 10')
    twice = (CASE, "[[expected]]\nyear = 2025", "[[expected]]\nyear = 2024")
    outcome = found(tmp_path, extra, twice)["the arithmetic of its cases is right"]
    said = " ".join(outcome.reasons)
    assert "monitored 1: unknown entry 'transformer_factor'" in said and "expected 2024 stands there twice" in said


def test_a_year_of_which_the_period_has_a_part_has_its_amount_in_that_part(tmp_path: Path) -> None:
    """1000 GJ of July to December 2024: 31/184 of it in July; the whole of it before the change of year."""
    with package(tmp_path, *MONTHLY, (CLASS, *MONTHS)):
        [case] = package_cases(catalogue().find("XX_AM950"))
        half = replace(case, first_day=date(2024, 7, 1))
        result = calculate_case(half, tmp_path)
        [heat] = [result.evaluation[p.defined] for p in result.claim.parameters if p.declared.symbol == "HG"]
        late = replace(half, first_day=date(2025, 1, 1))
        with pytest.raises(CaseError, match="HG has an amount of 2024, outside the monitoring period"):
            calculate_case(late, tmp_path)
    assert heat[0, 0] == pytest.approx(1000 * 31 / 184) and heat[0, :6].sum() == pytest.approx(1000)
    assert heat[0, 6] == pytest.approx(2000 * 31 / 365)


def test_samples_of_which_no_case_misses_the_precision_are_named(tmp_path: Path) -> None:
    """Four samples of 0.1 and half a per cent around it: the end of the interval is used by no case."""
    old = 'default("emissions of preparing the biomass", unit="tCO2/t", limits=(0.0, 5.0))'
    new = 'monitored("emissions of preparing the biomass", unit="tCO2/t", aggregate="sample")'
    of_card = '\nvalue = 0.1\nunit = "tCO2/t"\nsource = "document XX_AM950 (invented), page 1"\nevidence = "approved"\n'
    guide = '[parameters.EF_PJ]\nmethod = "Samples"\nfrequency = "Quarterly"\nreductions = "fall"\n\n'
    row = '[[monitored]]\nparameter = "EF_PJ"\napplies_to = ""\nunit = "tCO2/t"\n'
    outcomes = found(
        tmp_path,
        *ONE_YEAR,
        (CLASS, old, new),
        (CARD, f"[defaults.EF_PJ]{of_card}", ""),
        (CARD, "[parameters.FC]", f"{guide}[parameters.FC]"),
        (CASE, "# 94.6", f"{row}by_year = {{ 2024 = [0.1, 0.1005, 0.0995, 0.1] }}\n\n# 94.6"),
    )
    assert list(outcomes) == ["every branch and value is taken"], outcomes
    assert outcomes["every branch and value is taken"].reasons == (
        "no case takes the end of the interval of EF_PJ: its samples keep the precision",
    )


def test_what_one_reading_a_year_cannot_tell_is_named() -> None:
    outcomes = {o.check: o for o in examine(catalogue().find("DRAFT_HEAT"))}
    assert {check for check, o in outcomes.items() if o.status == "fail"} == set()
    [reason] = outcomes["every branch and value is taken"].reasons
    assert reason.startswith("no case takes several readings a year of HW")


def test_a_warming_potential_of_another_report_than_the_source_names() -> None:
    """Of methane over 100 years AR4 has 25, AR5 28; 30 (fossil, AR5) is of no table here and is left to a person."""
    entry = catalogue().find("DRAFT_LIVESTOCK")
    right = entry.card.defaults["GWP_CH4"]
    said = []
    for value, source in ((28.0, "IPCC AR5"), (25.0, "IPCC AR5"), (25.0, "IPCC AR4"), (30.0, "IPCC AR5")):
        own = {**entry.card.defaults, "GWP_CH4": replace(right, value=value, source=source)}
        said.append(list(unlike_the_report(replace(entry, card=replace(entry.card, defaults=own)))))
    wrong = "GWP_CH4: the card has 25, which is that of AR4, and says that it is of AR5"
    assert said == [[], [wrong], [], []]


def test_a_count_moves_reductions_by_one_entry_more(tmp_path: Path) -> None:
    """A purge is 0.1 t: one more in each of two years is 0.2 t less. A card can say so, and can be wrong."""
    purges = 'parameter = "n"\napplies_to = ""\nunit = "1"\nby_year = { 2024 = [1.0, 1.0], 2025 = [1.0, 1.0, 1.0] }'
    guide = "[parameters.FC]"
    counted = (
        (CLASS, "    GWP_CO2 =", '    n = monitored("purges", unit="1", aggregate="count")\n    GWP_CO2 ='),
        (
            CLASS,
            "    GWP_CO2 =",
            '    a = constant("0.1", unit="tCO2e", label="a purge", source="invented")\n    GWP_CO2 =',
        ),
        (CLASS, "import co2_as_co2e, default", "import co2_as_co2e, constant, default"),
        (CARD, "PE_p = ", "PE_p = n_p x a + "),
        (CASE, "# 94.6", f"[[monitored]]\n{purges}\n\n# 94.6"),
        (CASE, '"80 x 0.1"', '"80 x 0.1 + 0.2"'),
        (CASE, '"160 x 0.1"', '"160 x 0.1 + 0.3"'),
        (CASE, '"94.6 - 8 - 4"', '"94.6 - 8.2 - 4"'),
        (CASE, '"189.2 - 16 - 8"', '"189.2 - 16.3 - 8"'),
        (CASE, "credited = 165", "credited = 164"),
        (CLASS, "PE = result(", "PE = result(n * a + "),
    )
    check = "reductions move as the card says"
    for way, said in (("fall", []), ("rise", ["ER moves by -0.2 t as n rises; the card says that it must rise"])):
        of_card = f'[parameters.n]\nmethod = "Record"\nreductions = "{way}"\n\n{guide}'
        outcomes = found(tmp_path / way, *counted, (CARD, guide, of_card))
        assert "the engine reaches its cases" not in outcomes
        reasons = outcomes[check].reasons if check in outcomes else []
        assert [reason.partition(": ")[2] for reason in reasons] == said
