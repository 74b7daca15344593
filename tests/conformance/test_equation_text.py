"""The card's text of the equations, read and held against the class."""

from __future__ import annotations

from pathlib import Path

import pytest

from jcm_mrv.conformance.bench import Bench, bench_of
from jcm_mrv.conformance.cases import calculate_case, package_cases
from jcm_mrv.conformance.equation_text import compare
from jcm_mrv.methodology.catalogue import catalogue
from support.fuel_switch import CARD, CASE, CLASS, benches, package

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture(scope="module")
def rice(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    [(_, bench), *_] = benches("PH_AM004", tmp_path_factory.mktemp("rice"))
    return bench


def test_a_lower_of_both_and_what_is_on_the_way_are_read_from_the_text(tmp_path: Path) -> None:
    """DRAFT_LIVESTOCK: what the manure can give, what was burnt, and RE of the lower of both."""
    [(_, bench)] = benches("DRAFT_LIVESTOCK", tmp_path)
    text = bench.bound.entry.card.equation.text

    def said(old: str, new: str) -> list[tuple[str, str]]:
        assert old in text
        return [(c.symbol, c.outcome) for c in compare(text.replace(old, new), [bench]) if c.outcome != "agrees"]

    assert [c.symbol for c in compare(text, [bench])] == ["CH4", "CH4_burnt", "RE", "PE", "ER"]
    assert said("min(CH4_p", "min(CH4_p") == []
    assert said("min(CH4_p", "max(CH4_p") == [("RE", "differs")]
    assert said("B_0_k x D_CH4", "B_0_k / D_CH4") == [("CH4", "differs")]
    assert said("CH4_burnt_p = BG_p x w_CH4,p x D_n x DE; ", "") == [("CH4_burnt", "not compared")]
    assert said("CH4_burnt_p = BG_p x w_CH4,p x D_n x DE", "CH4_burnt_p = the gas burnt") == [
        ("CH4_burnt", "not compared")
    ]


def test_a_table_by_two_names_is_read_from_the_text(tmp_path: Path) -> None:
    """0.0946 t/GJ for coal on the hill, where the boiler is; at the coast, and for oil, others."""
    table = "{ coal = { hill = 0.0946, coast = 0.09 }, oil = { hill = 0.08, coast = 0.07 } }"
    changes = (
        (CARD, "value = 0.0946", f"values = {table}"),
        (CASE, 'equipment_id = "B-1"', 'equipment_id = "B-1"\ngroup = "coal"\nsite = "hill"'),
        (CLASS, 'unit="tCO2/GJ",', 'unit="tCO2/GJ", per=(burnt, place),'),
        (CLASS, "total(HG, over=equipment) * EF_RE", "total(HG * at(at(EF_RE, burnt_in), place_of), over=equipment)"),
        (CLASS, "equipment, monitored", "equipment, grouped, monitored"),
        (CLASS, "import total\n", f"import at, total\n\n{SETS}"),
    )
    with package(tmp_path, *changes):
        entry = catalogue().find("XX_AM950")
        [case] = package_cases(entry)
        bench = bench_of(entry, calculate_case(case, tmp_path))
    text = entry.card.equation.text.replace("EF_RE", "EF_RE_k,s")
    assert {c.outcome for c in compare(text, [bench])} == {"agrees"}
    for wrong in ("HG_i,p / EF_RE_k,s", "HG_i,p x EF_PJ", "HG_i,p"):
        found = compare(text.replace("HG_i,p x EF_RE_k,s", wrong), [bench])
        assert [c.symbol for c in found if c.outcome == "differs"] == ["RE"]
    named = compare(text.replace("EF_RE_k,s", "EF_RE_k"), [bench])
    assert [(c.symbol, c.outcome) for c in named if c.outcome != "agrees"] == [("RE", "agrees but for its indexes")]


SETS = """burnt, burnt_in = grouped("fuel of the test", "k", "fuel")
place, place_of = grouped("place of the test", "s", "place", column="site")
"""


def test_a_value_of_the_year_before_is_not_read_as_less_one(tmp_path: Path) -> None:
    """HG_i,p-1 is no HG_i,p - 1: the class may well be right, and a person has to look."""
    with package(tmp_path):
        entry = catalogue().find("XX_AM950")
        [case] = package_cases(entry)
        bench = bench_of(entry, calculate_case(case, tmp_path))
    [re_, *_] = compare("RE_p = SUM_i (HG_i,p - HG_i,p-1) x EF_RE", [bench])
    assert (re_.outcome, re_.note) == (
        "not compared",
        "HG_i,p-1 is a value of another year or month, which is not computed; the class takes no earlier value in it",
    )
    [less, *_] = compare("RE_p = SUM_i HG_i,p x (EF_RE-1)", [bench])
    assert less.outcome == "differs"


def test_a_class_that_takes_an_earlier_value_is_not_said_to_take_none(tmp_path: Path) -> None:
    earlier = (
        (CLASS, "total(FC, over=equipment) * EF_LE", "lag(FC_all, over=period, before=FC_all) * EF_LE"),
        (
            CLASS,
            "    RE = result",
            '    FC_all = intermediate(total(FC, over=equipment), "all", unit="t")\n    RE = result',
        ),
        (CLASS, "import total", "import lag, total"),
        (CLASS, "equipment, monitored, result", "equipment, intermediate, monitored, period, result"),
    )
    with package(tmp_path, *earlier):
        entry = catalogue().find("XX_AM950")
        [case] = package_cases(entry)
        bench = bench_of(entry, calculate_case(case, tmp_path))
    [le, *_] = compare("LE_p = FC_all_p-1 x EF_LE", [bench])
    assert le.note == "FC_all_p-1 is a value of another year or month, which is not computed"


def test_indexes_that_the_cards_text_leaves_out_has_too_many_of_or_confuses(tmp_path: Path) -> None:
    with package(tmp_path):
        entry = catalogue().find("XX_AM950")
        [case] = package_cases(entry)
        bench = bench_of(entry, calculate_case(case, tmp_path))
    text = entry.card.equation.text

    def said(old: str, new: str) -> tuple[str, str]:
        assert old in text
        [other] = [c for c in compare(text.replace(old, new), [bench]) if c.outcome != "agrees"]
        return other.outcome, other.note

    assert {c.outcome for c in compare(text, [bench])} == {"agrees"}
    named = "agrees but for its indexes"
    over = "over which it varies in the class"
    assert said("SUM_i HG_i,p", "SUM_i HG_p") == (named, f"HG_p has no index of equipment, {over}")
    assert said("SUM_i HG_i,p", "SUM_i HG_i") == (named, f"HG_i has no index of time, {over}")
    assert said("SUM_i HG_i,p", "SUM_i HG_p,i") == (named, "HG_p,i has the index of time before that of elements")
    assert said("SUM_i HG_i,p", "SUM_i HG_k,p") == ("differs", "HG_k,p: no SUM_k stands around it")
    outcome, note = said("HG_i,p x EF_RE", "HG_i,p x EF_RE_p")
    assert (outcome, note) == ("differs", "EF_RE_p has p for an index; in the class it does not vary over time")


def test_a_sign_and_an_index_that_no_tonne_shows(tmp_path: Path) -> None:
    """PE of solar power is 0, so that ER comes to the same with it added."""
    solar = catalogue().find("VN_AM007")
    [case] = [c for c in package_cases(solar) if c.card == solar.card.id][:1]
    bench = bench_of(solar, calculate_case(case, tmp_path))
    text = solar.card.equation.text
    assert "ER_p = RE_p - PE_p" in text
    assert {c.outcome for c in compare(text, [bench]) if c.symbol == "ER"} == {"agrees"}
    [er] = [c for c in compare(text.replace("RE_p - PE_p", "RE_p + PE_p"), [bench]) if c.symbol == "ER"]
    assert (er.outcome, er.note) == ("differs", "ER adds PE")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", "agrees "),
        ("'dry': EF_CH4_dry", "'dry': EF_CH4_wet", "differs"),
        ("x 1e-3", "x 1000", "differs"),
        ("'wet': EF_CH4_wet", "'rainy': EF_CH4_wet", "not compared season has the choices dry, wet"),
        (", 'wet': EF_CH4_wet", "", "not compared season has the choices dry, wet"),
        ("choose(season", "choose(weather", "not compared the class has no choice weather"),
        ("choose(season, ", "choose(", "not compared 'dry' stands where a quantity is expected"),
        ("days,i,p x", "days,p,i x", "agrees but for its indexes days,p,i has the index of time before"),
    ],
)
def test_a_choice_of_the_project_is_read_from_the_formal_statement(old: str, new: str, said: str, rice: Bench) -> None:
    """PH_AM004 says "methane of the season's fields" in words, and formally which factor that is."""
    card = rice.bound.entry.card
    assert old in card.formal
    text = f"{card.equation.text}; {card.formal.replace(old, new)}"
    [found] = [f"{c.outcome} {c.note}" for c in compare(text, [rice]) if c.symbol == "M_0"][-1:]
    assert found.startswith(said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "SUM_i (M_0,i,p x SF_w_RE",
            "(M_0,i,p x SF_w_RE",
            "differs it is not summed over what its quantities vary over",
        ),
        ("N_RE,i,p x EF_N_RE", "N_RE,i,p-1 x EF_N_RE", "not compared N_RE,i,p-1 is a value of another year or month"),
        ("RE_p = SUM_i", f"RE_p = {'(' * 5000}SUM_i", "not compared it has more than 250 numbers, symbols and signs"),
        (
            "RE_p = SUM_i",
            f"RE_p = {'1 + ' * 5000}SUM_i",
            "not compared it has more than 250 numbers, symbols and signs",
        ),
    ],
)
def test_sums_years_and_lengths_of_a_statement(old: str, new: str, said: str, rice: Bench) -> None:
    text = rice.bound.entry.card.equation.text.replace(old, new, 1)
    [found] = [f"{c.outcome} {c.note}" for c in compare(text, [rice]) if c.symbol == "RE"]
    assert found.startswith(said)


def test_words_that_a_formal_statement_repeats_are_not_named(rice: Bench) -> None:
    card = rice.bound.entry.card
    assert [c.symbol for c in compare(card.equation.text, [rice]) if c.outcome == "not compared"] == ["M_0"]
    assert {c.outcome for c in compare(card.statements, [rice])} == {"agrees"}


def test_a_zero_hides_no_term(tmp_path: Path) -> None:
    """Nothing is captured at the site (f_y = 0): 1 + f_y would come to the same tonnes."""
    found = benches("MM_AM001", tmp_path)
    text = found[0][1].bound.entry.card.statements
    wrong = compare(text.replace("(1 - f_y)", "(1 + f_y)"), [bench for _, bench in found])
    assert [c.symbol for c in wrong if c.outcome == "differs"] == ["m_C"]
