"""What is missing: each cell by name, and nothing asked for twice; by claims built in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jcm_mrv.findings import Code, Finding
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.card import CardDefault, DefaultClass
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import default, intermediate, monitored, result
from jcm_mrv.origin import Origin
from jcm_mrv.quality.missing import missing_findings, missing_values
from jcm_mrv.quality.treatment.data_gaps import GAP as DOUBT
from jcm_mrv.workbook.cells import TEXT_FOR_NUMBER as WRONG
from support.claims import FILE, Sketch, air_conditioners


def lacking() -> Sketch:
    """The COP of AC1, the factor of the grid and the meter of AC2 are missing."""
    sketch = air_conditioners()
    sketch.equipment[0].pop("COP_PJ")
    sketch.fixed[1] = {**sketch.fixed[1], "value": None}
    sketch.points.pop()
    return sketch


def left(*known: Finding, sketch: Sketch | None = None) -> list[str]:
    """The first word of what is asked for still, beside errors that are known."""
    found = sketch or lacking()
    claim, _ = found.build()
    return [f.message.split(" ")[0] for f in missing_findings(claim, found.data(), known)]


def known(sheet: str, cell: str = "B2", code: Code = WRONG) -> Finding:
    return code("wrong", Origin(file=FILE, sheet=sheet, cell=cell), found="x", action="y")


ALL = ["COP_PJ", "EF_grid", "EC_PJ"]


@pytest.mark.parametrize(
    ("faults", "asked"),
    [
        ([], ALL),
        ([known("Equipment", code=DOUBT)], ALL),  # no error
        ([known("Equipment")], []),  # it may be the cause of all three
        ([known("Meters")], ["COP_PJ", "EF_grid"]),
        ([known("Monitoring points")], ["COP_PJ", "EF_grid"]),
        ([known("Readings")], ALL),
        # a fault in the row of one parameter explains that one, and what stands on Equipment too
        ([known("Fixed values", "C3")], ["EC_PJ"]),
        ([known("Fixed values", "C2")], ["EF_grid", "EC_PJ"]),
        ([known("Fixed values", "C2"), known("Fixed values", "C3")], ["EC_PJ"]),
        # a row of a name that is none, or of which nothing is known, may be any
        ([known("Fixed values", "C9")], ["EC_PJ"]),
        ([known("Fixed values", "")], ["EC_PJ"]),
    ],
)
def test_an_error_that_is_known_explains_what_is_missing(faults: list[Finding], asked: list[str]) -> None:
    """Row 2 of Fixed values is the supply, row 3 the factor of the grid."""
    assert left(*faults) == asked


def test_what_to_do_is_said_for_each_kind() -> None:
    sketch = lacking()
    sketch.fixed = sketch.fixed[:1]
    claim, _ = sketch.build()
    cop, grid, point = missing_values(claim, claim.evaluate(), FILE, sketch.data().fixed)
    assert cop.where.sheet == "Equipment"
    assert cop.action == "Fill the column COP_PJ [1] of Equipment, or write the value on Fixed values."
    assert grid.where.sheet == "Fixed values" and grid.where.cell == ""
    assert "row of the parameter EF_grid (add one where there is none): applies to shop, the value, unit tCO2/MWh" in (
        grid.action
    )
    assert point.action == "Add a row: parameter EC_PJ, applies to AC2, and the meter that measures it."
    assert [f.found for f in (cop, grid, point)] == ["empty", "empty", "no row"]
    sketch.fixed = []
    claim, _ = sketch.build()
    switch = next(f for f in missing_values(claim, claim.evaluate(), FILE) if f.message.startswith("supply"))
    assert "unit choice, document and page. Choices: " in switch.action and "grid" in switch.action
    row = lacking()
    claim, _ = row.build()
    asked = missing_values(claim, claim.evaluate(), FILE, row.data().fixed)
    assert [f.where.cell[1:] for f in asked if f.message.startswith("EF_grid")] == ["3"], "in its row"


# --- classes -----------------------------------------------------------------------------------------


def with_table() -> Entry:
    """An invented table of reference COP by cooling capacity: below 5 kW 3.0, up to 10 kW 2.5."""
    entry = catalogue().find("ID_AM004")
    classes = (DefaultClass(0.0, 5.0, 3.0, "below 5"), DefaultClass(5.0, 10.0, 2.5, "5 to 10"))
    made = CardDefault("COP_RE", "1", "invented for the test", "unconfirmed", None, classes)
    return replace(entry, card=replace(entry.card, defaults={**entry.card.defaults, "COP_RE": made}))


def test_only_what_lies_outside_of_all_classes_is_named() -> None:
    """3.5 kW is in the lower class, 12 kW in none; a capacity that is not known is missing and not outside."""
    sketch = air_conditioners(entries=[with_table()])
    for row, capacity in zip(sketch.equipment, (3.5, 12.0), strict=True):
        row.pop("COP_RE")
        row["cooling_capacity"] = (capacity, "kW")
    claim, _ = sketch.build()
    (found,) = missing_values(claim, claim.evaluate(), FILE)
    assert found.message == "cooling_capacity of AC2 lies in no class of COP_RE (0 to 10 kW)" and found.found == "12"
    assert found.where.cell == "Z3"
    sketch.equipment[1].pop("cooling_capacity")
    claim, _ = sketch.build()
    assert [f.message.split(" (")[0] for f in missing_values(claim, claim.evaluate(), FILE)] == [
        "cooling_capacity of AC2"
    ]


# --- what has no value -------------------------------------------------------------------------------


class Intensity(Methodology):
    """Specific consumption: no output, no intensity."""

    EC = monitored("electricity consumed", unit="MWh")
    Q = monitored("output", unit="MWh")
    W = monitored("waste", unit="MWh")
    EF = default("factor", unit="tCO2e/MWh")
    SEC = intermediate(EC / (Q - W), "specific consumption", unit="1")
    RE = result(SEC * EC * EF, "reference emissions")
    PE = result(EC * EF, "project emissions")
    ER = result(RE - PE, "emission reductions")


def of(years: int = 2, **monthly: list[float]) -> list[Finding]:
    card = replace(catalogue().find("VN_AM007").card, number="T", defaults={}, parameters={})
    given: dict[str, Any] = {name: [1.0] * 12 * years for name in ("EC", "Q", "W")}
    sketch = Sketch(
        "T 1",
        end=date(2023 + years, 12, 31),
        points=[{"parameter": n, "meter_id": n, "sign": "+"} for n in ("EC", "Q", "W")],
        fixed=[{"parameter": "EF", "value": 1.0, "unit": "tCO2e/MWh", "document": "D"}],
        monthly={**given, "W": [0.0] * 12 * years, **monthly},
        unit="MWh",
        entries=[Entry(card, Intensity, "test", "0")],
    )
    claim, _ = sketch.build()
    return missing_values(claim, claim.evaluate(), FILE)


def test_the_year_of_the_zero_and_what_makes_it_are_named() -> None:
    """In 2025 all of the output is waste, 24 MWh of 24; in 2024 nothing of it."""
    assert of() == []
    (found,) = of(Q=[2.0] * 24, W=[0.0] * 12 + [2.0] * 12)
    assert found.message == "SEC of 2025 (specific consumption) has no value: it is divided by Q, W, which is 0"
    assert found.found == "Q 24 MWh, W 24 MWh" and found.action.startswith("Correct Q, W where it was not 0.")
    both = of(Q=[0.0] * 24)
    assert [f.message.split(" (")[0] for f in both] == ["SEC of 2024"], "the first of them"


def test_what_is_too_large_is_named_and_is_no_zero() -> None:
    """1e200 x 1e200 is more than a number can hold; 2024 is sound."""
    (found,) = of(EC=[1.0] * 12 + [1e200] * 12)
    assert found.message == "RE of 2025 has no value" and found.found == "inf"
    assert found.action == "Look for a value far too large or too small among its inputs."
    assert [f.message for f in of(1, EC=[1e200] * 12)] == ["RE of 2024 has no value"]
