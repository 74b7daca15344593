"""What a card says in words and what contradicts it: sources, scope, country, summary, limits.

The methodology is ``tests/data/packages/fuel_switch`` (invented), whose every number is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.conformance.author_checks import products_of_means
from jcm_mrv.conformance.card_limits import limits_missing, limits_of_parts, precisions_weak
from jcm_mrv.conformance.card_statements import (
    monitoring_doubts,
    only_second_source,
    reading_problems,
    scopes_unknown,
    summary_contradictions,
)
from jcm_mrv.conformance.methodology_checks import card_problems
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import Precision, constant, fixed, monitored, result
from support.fuel_switch import CLASS, package


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entry]:
    """The card as it is, of which nothing is wrong."""
    with package(tmp_path_factory.mktemp("package")):
        entry = catalogue().find("XX_AM950")
        assert card_problems(entry) == []
        yield entry


def with_card(entry: Entry, **changes: Any) -> Entry:
    return replace(entry, card=replace(entry.card, **changes))


def sourced(entry: Entry, source: str, evidence: str) -> list[str]:
    """What is wrong where EF_RE has this source."""
    default = replace(entry.card.defaults["EF_RE"], source=source, evidence=evidence)
    changed = with_card(entry, defaults={**entry.card.defaults, "EF_RE": default})
    return [p.text for p in card_problems(changed)]


@pytest.mark.parametrize("source", ["-", "to be confirmed", "TBD", "n/a", "?", "none", "TODO"])
@pytest.mark.parametrize("evidence", ["approved", "unconfirmed"])
def test_a_source_that_says_nothing_whatever_is_confirmed(source: str, evidence: str, right: Entry) -> None:
    [said] = sourced(right, source, evidence)
    assert said.startswith(f"the source of defaults.EF_RE is {source!r}") and "'unknown'" in said


@pytest.mark.parametrize(
    ("source", "evidence", "said"),
    [
        ("unknown", "unconfirmed", ""),
        ("CDM TOOL04; where it was read is unknown", "unconfirmed", ""),
        ("unknown", "approved", "is 'approved', but its source is 'unknown'"),
        ("where it was read is unknown", "secondary", "is 'secondary', but its source is"),
        ("a web page", "approved", "nobody finds 'a web page'"),
        ("the approved document", "approved", "nobody finds 'the approved document'"),
        ("a colleague", "secondary", "nobody finds 'a colleague'"),
        ("a web page of 2024", "approved", "read in the approved document itself"),
        ("a web page of 2024, example.org/page", "secondary", ""),
        ("www.example.org/methodology.pdf", "approved", ""),
        ("document, page 4", "approved", ""),
    ],
)
def test_what_is_confirmed_can_be_found(source: str, evidence: str, said: str, right: Entry) -> None:
    found = sourced(right, source, evidence)
    assert len(found) == bool(said) and all(said in text for text in found)


def test_nothing_is_approved_on_a_draft(right: Entry) -> None:
    said = [p.text for p in card_problems(with_card(right, number="DRAFT_HEAT_OF_BIOMASS"))]
    assert len(said) == 5 and said[0] == "title is 'approved' on a draft, which no Joint Committee has approved"


@pytest.mark.parametrize(
    ("scope", "wrong", "named"),
    [
        ("13. Waste handling and disposal", "", ""),
        ("1. Energy industries; 13. Waste handling and disposal", "", ""),
        ("1. Energy industries (renewable/non-renewable sources)", "", ""),
        ("5. Energy industries", "5 is Chemical industry, and Energy industries is 1", ""),
        ("1. Energy industries; 3. Metal production", "3 is Energy demand, and Metal production is 9", ""),
        ("99. Energy demand", "there is no 99, and Energy demand is 3", ""),
        ("3. Efficient lamps", "", "'3. Efficient lamps' is none of the JCM's list"),
        ("energy", "", "write it as '3. Energy demand'"),
    ],
)
def test_the_number_of_a_scope_is_that_of_its_name(scope: str, wrong: str, named: str, right: Entry) -> None:
    entry = with_card(right, scope=scope)
    for expected, found in ((wrong, [p.text for p in card_problems(entry)]), (named, list(scopes_unknown(entry)))):
        assert len(found) == bool(expected) and all(expected in text for text in found)


def test_a_scope_that_no_other_card_of_the_family_has(right: Entry) -> None:
    [said] = scopes_unknown(with_card(right, family="chiller", scope="7. Transport"))
    assert said.endswith("other cards of the family chiller have 3. Energy demand")


def test_a_number_of_one_country_on_a_card_of_another(right: Entry) -> None:
    said = [p.text for p in card_problems(with_card(right, number="TH_AM950"))]
    assert said == ["the country is 'Viet Nam', but other numbers that begin with TH_ are of Thailand"]


@pytest.mark.parametrize(
    ("summary", "wrong", "unknown"),
    [
        ("Heat at 0.0946 tCO2/GJ, 94.6 tCO2/TJ, read in 2024 in Table 1.4.", [], []),
        ("Heat at 0.0964 tCO2/GJ.", ["'0.0964 tCO2/GJ'; card and class have EF_RE 0.0946 tCO2/GJ"], []),
        ("Biomass of 0.1 tCO2/t and CO2 by AM001 version 2.0.", [], []),
        ("For plants over 500 kW.", [], ["'500 kW', which is no number of card or class"]),
        ("A factor of 0.7 is applied.", [], ["'0.7', which is no number of card or class"]),
    ],
)
def test_numbers_of_the_summary(summary: str, wrong: list[str], unknown: list[str], right: Entry) -> None:
    found = summary_contradictions(with_card(right, summary=summary))
    assert found == tuple([f"the summary says {text}" for text in texts] for texts in (wrong, unknown))


def methodology(**given: Any) -> type[Methodology]:
    """A class with one fixed value in it, and a constant without a source."""

    class Parts(Methodology):
        X = fixed(**given)
        E = monitored("emissions", unit="tCO2e")
        one = constant("1", unit="1", label="one", source="-")
        RE = result(E * one * (X / X), "reference emissions")
        PE = result(E * one, "project emissions")
        ER = result(RE - PE, "emission reductions")

    return Parts


@pytest.mark.parametrize(
    ("label", "unit", "limits", "wrong", "doubtful"),
    [
        ("share of coal", "1", (0.0, 1.0), 0, 0),
        ("share of coal", "1", (0.0, None), 1, 0),
        ("share of coal", "1", (None, None), 1, 0),
        ("fraction of heat lost", "%", (0.0, 100.0), 0, 0),
        ("fraction of heat lost", "%", (0.0, 1000.0), 0, 1),
        ("efficiency of the boiler", "%", (5.0, 110.0), 0, 0),
        ("efficiency of the boiler", "%", (5.0, None), 1, 0),
        ("number of boilers", "1", (0.0, None), 0, 0),
        ("coefficient of performance", "1", (1.0, None), 0, 0),
    ],
)
def test_what_is_a_part_has_a_greatest_limit(
    label: str, unit: str, limits: tuple[float | None, float | None], wrong: int, doubtful: int, right: Entry
) -> None:
    found = limits_of_parts(replace(right, declared=methodology(label=label, unit=unit, limits=limits)))
    assert (len(found[0]), len(found[1])) == (wrong, doubtful), found


@pytest.mark.parametrize(("unit", "named"), [("tCO2/GJ", 1), ("ha", 0)])
def test_a_specific_value_with_one_limit_is_named(unit: str, named: int, right: Entry) -> None:
    """A factor in kg for t would pass where the greatest is open; an area has no greatest of its own."""
    changed = replace(right, declared=methodology(label="x", unit=unit, limits=(0.0, None)))
    assert [text.partition(":")[0] for text in limits_missing(changed)] == ["X has no greatest limit"] * named


def test_a_constant_of_the_class_has_a_source(right: Entry) -> None:
    texts = [p.text for p in card_problems(replace(right, declared=methodology(label="x", unit="1")))]
    assert "the source of the constant one is '-': say where it is from, or 'unknown'" in texts


@pytest.mark.parametrize("adopted", ["1998-01-01", "2013-01-07", "9999-01-01"])
def test_a_day_of_adoption_that_cannot_be(adopted: str, right: Entry) -> None:
    [problem] = card_problems(with_card(right, adopted=adopted))
    assert problem.text == f"it was adopted on {adopted}, which is before the JCM, or still to come"


def test_the_scope_has_no_better_evidence_than_what_it_was_read_with(right: Entry) -> None:
    title, equation = (replace(one, evidence="secondary") for one in (right.card.title, right.card.equation))
    [problem] = card_problems(with_card(right, title=title, equation=equation))
    assert problem.text.startswith("scope_evidence is 'approved', but neither title nor equation")


@pytest.mark.parametrize(
    ("option", "method", "named"),
    [
        ("A", "Electricity meter", 1),
        ("A", "Statistics of the ministry", 0),
        ("B", "Flow meter", 1),
        ("B", "Invoices of the supplier", 0),
        ("C", "Purchase invoices", 1),
        ("C", "Purchases, or a flow meter", 0),
        ("C", "Weighing", 0),
    ],
)
def test_an_option_goes_with_the_method(option: str, method: str, named: int, right: Entry) -> None:
    guide = replace(right.card.parameters["HG"], option=option, method=method)
    found = list(monitoring_doubts(with_card(right, parameters={"HG": guide}).card))
    assert len(found) == named and all(f"[parameters.HG] has option {option}" in text for text in found)


def test_texts_that_are_still_those_of_the_template_are_named(right: Entry) -> None:
    title = replace(right.card.title, text="XX_AM950 (title to be read in the document)")
    assert list(monitoring_doubts(with_card(right, title=title).card)) == [
        "title is still that of the template: 'XX_AM950 (title to be read in the document)'"
    ]


def test_a_sum_times_a_mean_of_the_year_and_weak_precision_are_named(right: Entry) -> None:
    class Heat(Methodology):
        FW = monitored("water", unit="t")
        dT = monitored("rise", unit="K", aggregate="mean")
        share = monitored("share", unit="1", aggregate="sample", precision=Precision(50, 50))
        c = constant("1", unit="tCO2e/(t*K)", label="emissions", source="invented, page 1")
        RE = result(FW * dT * c * share, "reference emissions")
        PE = result(FW * dT * c, "project emissions")
        ER = result(RE - PE, "emission reductions")

    entry = replace(right, declared=Heat)
    said = list(products_of_means(bind(entry)))
    assert [text.partition(";")[0] for text in said] == [
        f"{symbol} multiplies the sum FW and the mean dT of the year" for symbol in ("RE", "PE")
    ]
    [weak] = precisions_weak(entry)
    assert weak.startswith("share asks for a precision of 50/50")


def test_what_only_a_second_source_can_tell_is_listed(right: Entry) -> None:
    lines = only_second_source(right)
    assert "the values of the card: EF_RE 0.0946 tCO2/GJ; EF_PJ 0.1 tCO2/t; EF_LE 0.05 tCO2/t" in lines
    assert any("scope (1. Energy industries)" in line for line in lines)


def test_a_label_that_says_another_reading_than_the_class_takes(tmp_path: Path) -> None:
    said = []
    for n, aggregate in enumerate(("lowest", "highest", "last")):
        lowest = f'monitored("lowest heat", aggregate="{aggregate}", unit="GJ"'
        with package(tmp_path / str(n), (CLASS, 'monitored("heat generated", unit="GJ"', lowest)):
            said.append(list(reading_problems(catalogue().find("XX_AM950"))))
    label = "HG is 'lowest heat', and the class takes the"
    assert said == [[], [f"{label} highest reading"], [f"{label} last reading"]]


def test_edges_of_a_class_table_are_for_a_second_source() -> None:
    """An edge moved to where no case has a piece of equipment moves no tonne."""
    [values] = [line for line in only_second_source(catalogue().find("ID_AM002@2.0")) if "values of the card" in line]
    assert "(0, 300" in values and "USRt)" in values


def test_limits_are_for_a_second_source() -> None:
    """A limit that no case comes near moves no tonne."""
    lines = only_second_source(catalogue().find("ID_AM002@2.0"))
    [limits] = [line for line in lines if "limits of its quantities" in line]
    assert "capacity at least 1 and at most 20000 USRt; COP_PJ at least 1 and at most 30;" in limits
