"""Which value of a quantity counts: of all, of a unit, of a year, of both, or of a class of the card; by hand.

A kiln makes 10 t a month for 14 months (two units, 5 t each), 2023-12 to 2025-01, and ER = output x benchmark x factor.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.default_use import DefaultUse
from jcm_mrv.findings import Finding
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.card import CardDefault, DefaultClass, Sourced
from jcm_mrv.methodology.declare import constant, default, equipment, fixed, monitored, period, result, switch
from jcm_mrv.quantities.expression import choose, total
from support.claims import Sketch
from support.forms import entry


class Kiln(Methodology):
    """Invented: a benchmark by capacity, a factor of each unit and year, a route, and a factor of each month."""

    Q = monitored("output", unit="t", per=equipment)
    cap = fixed("capacity", unit="t/d", per=equipment)
    b = default("benchmark", unit="tCO2e/t", per=equipment, by=cap)
    f = fixed("factor", unit="1", per=equipment, each=period)
    route = switch("route", ["wet", "dry"])
    wet = constant("1", unit="1", label="wet", source="invented")
    dry = constant("2", unit="1", label="dry", source="invented")
    none = constant("0", unit="tCO2e", label="nothing", source="invented")
    own = default("own factor", unit="1", limits=(0, 3))
    RE = result(total(Q * b * f, over=equipment) * choose(route, {"wet": wet, "dry": dry}) * own, "reference emissions")
    PE = result(none, "project emissions")
    ER = result(RE - PE, "emission reductions")


CLASSES = (DefaultClass(0.0, 100.0, 0.5, "up to 100 t/d"), DefaultClass(100.0, None, 0.25, "from 100 t/d"))
CARD = {
    "b": CardDefault("b", "tCO2e/t", "table of the card", "official", classes=CLASSES, class_unit="t/d"),
}
MONTHS = [5000.0] * 14


def value(parameter: str, number: float | str, applies_to: str = "", unit: str = "1", **more: Any) -> dict[str, Any]:
    row = {
        "parameter": parameter,
        "value": number,
        "unit": unit,
        "applies_to": applies_to,
        "document": "D",
        "page": "7",
    }
    return {**row, **more}


ROUTE, OWN = value("route", "wet", unit="choice"), value("own", 1.0)
FACTORS = [value("f", 1.0), ROUTE, OWN]


def kiln(rows: list[dict[str, Any]], defaults: dict[str, CardDefault] | None = None, **choices: Any) -> Sketch:
    made = entry(Kiln)
    card = replace(made.card, defaults=CARD if defaults is None else defaults, choices=choices)
    return Sketch(
        "T 1",
        start=date(2023, 12, 1),
        end=date(2025, 1, 31),
        equipment=[{"equipment_id": "A", "cap": (80.0, "t/d"), "evidence": "D"},
                   {"equipment_id": "B", "cap": (100.0, "t/d"), "evidence": "D"}],
        points=[{"parameter": "Q", "applies_to": unit, "meter_id": unit, "sign": "+"} for unit in "AB"],
        fixed=rows,
        monthly={"A": MONTHS, "B": MONTHS},
        unit="kg",
        entries=[replace(made, card=card)],
    )  # fmt: skip


def built(sketch: Sketch) -> tuple[Claim, list[Finding]]:
    claim, findings = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())
    assert claim is not None
    return claim, findings


def tonnes(rows: list[dict[str, Any]], **more: Any) -> list[float]:
    claim, findings = built(kiln(rows, **more))
    assert findings == []
    return [float(one) for one in claim.evaluate()[claim.ER]]


def test_a_class_begins_with_its_lower_edge() -> None:
    """A with 80 t/d has 0.5 and B with 100 t/d has 0.25: 5 t x 0.75 a month, in 1, 12 and 1 months."""
    assert tonnes(FACTORS) == pytest.approx([3.75, 45.0, 3.75])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # 2.5 t a month of A, 1.25 of B
        ([value("f", 2.0)], [7.5, 90.0, 7.5]),
        ([value("f", 2.0), value("f", 3.0, "A")], [10.0, 120.0, 10.0]),  # 2.5 x 3 + 1.25 x 2
        ([value("f", 2.0), value("f", 3.0, "2024")], [7.5, 135.0, 7.5]),
        ([value("f", 2.0), value("f", 3.0, "2024"), value("f", 4.0, "A")], [12.5, 135.0, 12.5]),
        ([value("f", 2.0), value("f", 3.0, "2024"), value("f", 4.0, "A / 2024")], [7.5, 165.0, 7.5]),
        ([value("f", 2.0), value("f", 0.0, "B / 2025")], [7.5, 90.0, 5.0]),
    ],
)
def test_the_more_a_row_says_of_what_it_is_the_earlier_it_counts(
    rows: list[dict[str, Any]], expected: list[float]
) -> None:
    """Unit and year before the year, the year before the unit, the unit before all."""
    assert tonnes([*rows, ROUTE, OWN]) == pytest.approx(expected)


def test_the_route_is_what_the_project_says_and_unknown_where_it_says_nothing() -> None:
    assert tonnes([value("f", 1.0), OWN, {**ROUTE, "value": "Dry"}]) == pytest.approx([7.5, 90.0, 7.5])
    for rows in ([value("f", 1.0), OWN], [value("f", 1.0), OWN, {**ROUTE, "value": "steam"}]):
        claim, _ = built(kiln(rows))
        assert np.isnan(claim.reductions())
    missing, _ = built(kiln([value("f", 1.0), ROUTE]))
    assert np.isnan(missing.reductions())


def uses(rows: list[dict[str, Any]], **more: Any) -> dict[tuple[str, str], DefaultUse]:
    claim, _ = built(kiln(rows, **more))
    return {(use.node.symbol, use.label): use for use in claim.bound_values[0].defaults}


def test_what_is_said_of_the_defaults_that_are_used() -> None:
    found = uses(FACTORS)
    low, high = found["b_class", CLASSES[0].label], found["b_class", CLASSES[1].label]
    assert (low.card_value, low.used, low.card_name, low.project_value) == (0.5, 0.5, CLASSES[0].label, None)
    assert (high.card_value, high.used) == (0.25, 0.25)
    assert (low.card_source, low.card_evidence, low.evidence) == ("table of the card", "official", "official")
    assert (low.document, low.page, str(low.origin.document)) == ("", "", "card T 1.0: table of the card")
    own = found["own", ""]
    assert (own.card_value, own.used, own.card_name, own.project_value) == (None, 1.0, "", 1.0)
    assert (own.card_source, own.card_evidence) == ("entered by the project", "unconfirmed")
    assert (own.document, own.page, own.evidence, own.origin.sheet) == ("D", "7", "project document", "Fixed values")
    nothing = uses([value("f", 1.0), ROUTE])["own", ""]
    assert math.isnan(nothing.used) and nothing.project_value is None and nothing.evidence == "unconfirmed"


def test_a_table_that_is_confirmed_is_proven_by_its_document() -> None:
    found = uses([*FACTORS, value("b", "confirmed", unit="1")])
    for label, number in ((CLASSES[0].label, 0.5), (CLASSES[1].label, 0.25)):
        use = found["b_class", label]
        assert (use.evidence, use.document, use.page, use.origin.sheet) == (
            "project document",
            "D",
            "7",
            "Fixed values",
        )
        assert (use.card_evidence, use.card_value, use.used, use.project_value) == ("official", number, number, None)


OWN_OF_CARD = {**CARD, "own": CardDefault("own", "1", "text, page 3", "official", value=1.5)}


@pytest.mark.parametrize(
    ("row", "used", "evidence"),
    [
        ([], 1.5, "official"),
        ([value("own", 1.5)], 1.5, "project document"),
        ([value("own", 1.5, document="")], 1.5, "official"),  # the card's own value, by no document of the project
        ([value("own", 1.4, document="")], 1.4, "unconfirmed"),
        ([value("own", 1.4)], 1.4, "project document"),
    ],
)
def test_how_sure_a_value_is_that_stands_on_the_card(row: list[dict[str, Any]], used: float, evidence: str) -> None:
    found = uses([value("f", 1.0), ROUTE, *row], defaults=OWN_OF_CARD)["own", ""]
    assert (found.used, found.evidence, found.card_value) == (used, evidence, 1.5)
    assert found.card_source == "text, page 3" and found.card_evidence == "official"


# --- what the project confirms ------------------------------------------------------------------


CONFIRMED = {"parameter": "equation", "value": "confirmed", "unit": "1", "document": "D"}
RULE = {"rule": Sourced("the lower", "unconfirmed", "text")}


@pytest.mark.parametrize(
    ("row", "confirmed", "said"),
    [
        (CONFIRMED, {"equation"}, []),
        ({**CONFIRMED, "methodology": "T 1.0"}, {"equation"}, []),
        ({**CONFIRMED, "value": "Confirmed "}, {"equation"}, []),
        ({**CONFIRMED, "value": "yes"}, set(), ["fixed.choice"]),
        ({**CONFIRMED, "document": ""}, set(), ["fixed.no_document"]),
        ({**CONFIRMED, "parameter": "rule"}, {"rule"}, []),
        ({**CONFIRMED, "parameter": "rule", "value": "The lower"}, {"rule"}, []),
        ({**CONFIRMED, "parameter": "rule", "value": "the higher"}, set(), ["fixed.choice"]),
        ({**CONFIRMED, "parameter": "rule", "document": ""}, set(), ["fixed.no_document"]),
        ({**CONFIRMED, "methodology": "U 1.0"}, set(), []),
    ],
)
def test_what_is_confirmed_by_a_document(row: dict[str, Any], confirmed: set[str], said: list[str]) -> None:
    claim, findings = built(kiln([*FACTORS, row], **RULE))
    assert set(claim.bound_values[0].confirmed) == confirmed
    assert [f.code for f in findings] == said
    assert (claim.bound_values[0].equation_confirmed is not None) == ("equation" in confirmed)


def test_a_row_is_for_the_methodology_that_leaves_the_choice_to_the_project() -> None:
    """The kiln asks for the route, and the other card itself takes the dry one: only a row that names it is of it."""
    made = entry(Plain)
    other = replace(made, card=replace(made.card, number="U", choices={"route": Sourced("dry", "official", "text")}))
    named = {**ROUTE, "methodology": "U 1.0"}
    for rows, said, confirmed in (
        ([ROUTE], [], set()),
        ([ROUTE, {**named, "value": "dry"}], [], {"route"}),
        ([ROUTE, {**named, "value": "wet"}], ["fixed.choice"], set()),
    ):
        sketch = kiln([value("f", 1.0), OWN, *rows])
        sketch.equipment = [{**row, "methodology": "T"} for row in sketch.equipment]
        assert sketch.entries is not None
        sketch.entries.append(other)
        claim, findings = built(sketch)
        assert [f.code for f in findings] == said and set(claim.bound_values[1].confirmed) == confirmed
    # alone, without anything that is left to the project
    alone = Sketch("U 1", fixed=[value("f", 1.0), {**CONFIRMED, "parameter": "route"}], entries=[other])
    claim, findings = built(alone)
    assert findings == [] and set(claim.bound_values[0].confirmed) == {"route"}


# --- what is wrong with a value --------------------------------------------------------------------


def said(rows: list[dict[str, Any]], defaults: dict[str, CardDefault] | None = None) -> list[Finding]:
    return built(kiln([value("f", 1.0), ROUTE, *rows], defaults=defaults))[1]


@pytest.mark.parametrize(
    ("own", "of_card", "found"),
    [
        (value("own", 1.0, unit=""), None, ["no unit"]),
        (value("own", 1.0, unit="t"), None, ["t"]),
        # from 0 to 3, whoever gives it; the card's own value counts only where the project gives none
        (value("own", 3.0), None, []),
        (value("own", 3.1), None, ["3.1"]),
        (value("own", -0.1), None, ["-0.1"]),
        ({}, 3.0, []),
        ({}, 3.1, ["3.1"]),
        (value("own", 1.0), 3.1, []),
    ],
)
def test_unit_and_limits_of_a_value(own: dict[str, Any], of_card: float | None, found: list[str]) -> None:
    card = {**CARD, "own": replace(OWN_OF_CARD["own"], value=of_card)}
    assert [f.found for f in said([own] if own else [], card)] == found


@pytest.mark.parametrize(
    ("number", "of_card", "severity", "replaces"),
    [(1.4, 1.5, "error", True), (1.5, 1.5, "note", False), (1.4, None, "minor", False)],
)
def test_a_value_without_a_document(number: float, of_card: float | None, severity: str, replaces: bool) -> None:
    card = {**CARD, "own": replace(OWN_OF_CARD["own"], value=of_card)}
    (finding,) = said([value("own", number, document="")], card)
    assert (finding.code, str(finding.severity), finding.found) == ("fixed.no_document", severity, f"{number:g}")
    assert ("replaces the value of the card" in finding.message) is replaces
    assert ("leave the value empty" in finding.action) is (of_card is not None)
    assert "Enter the document" in finding.action
    bare = kiln(FACTORS)
    bare.equipment[0]["evidence"] = ""
    (finding,) = built(bare)[1]
    assert "column Evidence" in finding.action and finding.where.sheet == "Equipment"


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (value("own", 1.0, "A / 2024"), ["fixed.not_by_time"]),
        (value("own", 1.0, "2024"), ["fixed.not_by_time"]),
        (value("f", 1.0, "A / 2024"), []),
        (value("cap", 80.0, "A / 2024", "t/d"), ["fixed.not_by_time"]),
        (value("cap", 80.0, "A", "t/d"), []),
        (value("cap", 81.0, "A", "t/d"), ["fixed.given_twice"]),
        # a table by class is confirmed as a whole, and no row gives it other values
        (value("b", 1.0), ["fixed.choice"]),
        (value("b", "confirmed", unit="1"), []),
        # what would change nothing: a value by class, the edge of a class, what is monitored, what is calculated
        *((value(name, 1.0), ["fixed.unknown_parameter"]) for name in ("b_class", "b_from", "Q", "RE", "own2")),
    ],
)
def test_what_a_row_may_be_of(row: dict[str, Any], codes: list[str]) -> None:
    found = said([OWN, row])
    assert [f.code for f in found] == codes
    if "fixed.unknown_parameter" in codes:
        assert found[0].action.endswith("Use one of: b, cap, equation, f, own, route.")


class Plain(Methodology):
    """Invented: a factor of the same symbol, for all years alike."""

    f = fixed("factor", unit="1")
    one = constant("1", unit="tCO2e", label="one", source="invented")
    none = constant("0", unit="tCO2e", label="nothing", source="invented")
    RE = result(one * f, "reference emissions")
    PE = result(none, "project emissions")
    ER = result(RE - PE, "emission reductions")


def test_a_value_by_year_is_for_the_methodology_that_asks_for_it() -> None:
    """Of the other one the value for all holds: 3.75 + 1, 45 x 2 + 1 and 3.75 + 1 t."""
    sketch = kiln([*FACTORS, value("f", 2.0, "2024")])
    made = entry(Plain)
    assert sketch.entries is not None
    sketch.equipment = [{**row, "methodology": "T"} for row in sketch.equipment]
    sketch.entries.append(replace(made, card=replace(made.card, number="U")))
    claim, findings = built(sketch)
    assert findings == [] and claim.evaluate()[claim.ER].tolist() == pytest.approx([4.75, 91.0, 4.75])
    sketch.entries.reverse()
    assert built(sketch)[1] == []
    sketch.fixed.append(value("own", 1.0, "2024"))
    assert [f.code for f in built(sketch)[1]] == ["fixed.not_by_time"]  # said once, by the first


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("cap", []),
        # by class, for all units alike, monitored, calculated: a value on the row of a unit would change nothing
        *((name, ["fixed.unknown_parameter"]) for name in ("b", "own", "route", "Q", "RE", "xx")),
    ],
)
def test_what_a_column_of_equipment_may_be_of(name: str, codes: list[str]) -> None:
    sketch = kiln(FACTORS)
    sketch.equipment[0][name] = (80.0, "t/d")
    assert [f.code for f in built(sketch)[1]] == codes


def test_a_column_that_another_card_of_the_family_needs_is_none_to_be_corrected() -> None:
    """Without a table the capacity decides nothing."""
    plain = {"b": CardDefault("b", "tCO2e/t", "text", "official", value=0.5)}
    assert tonnes(FACTORS, defaults=plain) == pytest.approx([5.0, 60.0, 5.0])
