"""Which meter stands for a side of a monitoring point, and in which months it has a place; small claims by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.points import places, sides_of
from jcm_mrv.meters.segments import Coverage
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import constant, equipment, monitored, result
from jcm_mrv.quantities.expression import total
from support.claims import Sketch, solar
from support.forms import entry


def point_of(sketch: Sketch) -> object:
    claim, findings = sketch.build()
    assert not findings
    return claim.points[0]


SKETCH = solar(
    points=[
        {"parameter": "EG", "applies_to": "PV1", "meter_id": "MAIN", "sign": "+"},
        {"parameter": "EG", "applies_to": "PV1", "meter_id": "SUB", "sign": "-"},
        {"parameter": "EG", "applies_to": "PV1", "meter_id": "LATE", "sign": "+"},
    ],
    monthly={name: [30.0] * 12 for name in ("MAIN", "SUB", "LATE")},
)


def stood(**months: str) -> Coverage:
    """In which months each meter stood: ``x`` all of January, ``-`` not at all of February, and so on."""
    whole = [span.duration for span in SKETCH.timeline.months]
    expected = np.array([[whole[m] * (c == "x") for m, c in enumerate(of)] for of in months.values()], dtype=np.int64)
    return Coverage(tuple(months), expected, expected, ())


def test_a_side_is_led_by_the_meter_that_stood_longest() -> None:
    coverage = stood(MAIN="x" * 4 + "-" * 8, LATE="-" * 4 + "x" * 8, SUB="x" * 12)
    row = {name: n for n, name in enumerate(coverage.meter_ids)}
    added, subtracted = sides_of(point_of(SKETCH), coverage, row)  # type: ignore[arg-type]
    assert (added.meters, added.leader) == (("MAIN", "LATE"), "LATE")
    assert (subtracted.meters, subtracted.leader) == (("SUB",), "SUB")
    assert [bool(n) for n in added.installed] == [True] * 12
    # A meter that is not on the sheet Meters is on no side.
    assert [side.meters for side in sides_of(point_of(SKETCH), coverage, {"MAIN": 0})] == [("MAIN",)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("main", "sub", "expected"),
    [
        # Each where it stood; for the months in which none of a side stood, its leader.
        ("xxxxxxxxxxxx", "xxxxxxxxxxxx", {"MAIN": 12, "SUB": 12}),
        ("xxxxxx------", "xxxxxxxxxxxx", {"MAIN": 12, "SUB": 12}),
        # A side of which none stood in the whole year has no place at all.
        ("xxxxxxxxxxxx", "------------", {"MAIN": 12}),
    ],
)
def test_a_month_in_which_none_stood_is_the_leaders(main: str, sub: str, expected: dict[str, int]) -> None:
    found = places([point_of(SKETCH)], stood(MAIN=main, SUB=sub), SKETCH.timeline)  # type: ignore[list-item]
    assert {name: sum(meter == name for meter, _ in found) for name, _ in found} == expected
    assert found == sorted(set(found))


def test_the_other_year_of_a_meter_that_came_later_has_no_place() -> None:
    """Two years, SUB in 2025 from March on: January and February 2025 are its gap, 2024 is nothing of it."""
    from datetime import date

    sketch = replace(SKETCH, end=date(2025, 12, 31), monthly={n: [30.0] * 24 for n in ("MAIN", "SUB", "LATE")})
    whole = [span.duration for span in sketch.timeline.months]
    expected = np.array([whole, [0] * 14 + whole[14:]], dtype=np.int64)
    found = places([point_of(sketch)], Coverage(("MAIN", "SUB"), expected, expected, ()), sketch.timeline)  # type: ignore[list-item]
    assert [m for name, m in found if name == "SUB"] == list(range(12, 24))


def codes(sketch: Sketch) -> list[str]:
    return [f.code for f in build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())[1]]


def test_one_meter_for_two_quantities_of_one_boiler_is_counted_twice() -> None:
    points = [
        {"parameter": symbol, "applies_to": "B-1", "meter_id": "M1", "sign": "+"} for symbol in ("FC_PJ", "EC_aux")
    ]
    sketch = Sketch(
        "ID_AM015 1.0", equipment=[{"equipment_id": "B-1", "fuel": "diesel"}], points=points, monthly={"M1": [1.0] * 12}
    )
    assert codes(sketch).count("points.counted_twice") == 1


class Compost(Methodology):
    """Invented: what is weighed is not dumped (2 t each) and is composted (0.5 t each, by plant)."""

    W = monitored("waste that is not dumped", unit="t")
    Q = monitored("waste that is composted", unit="t", per=equipment, counts_again=True)
    avoided = constant("2", unit="tCO2e/t", label="avoided", source="invented")
    emitted = constant("0.5", unit="tCO2e/t", label="emitted", source="invented")
    RE = result(W * avoided, "reference emissions")
    PE = result(total(Q, over=equipment) * emitted, "project emissions")
    ER = result(RE - PE, "emission reductions")


def test_what_counts_again_for_project_emissions_may_be_measured_by_the_same_meter() -> None:
    """One weighbridge for W and Q: 12 x 10 t x (2 - 0.5) = 180 t. A third use of it is one too many on either side."""

    def weighed(*uses: tuple[str, str]) -> Sketch:
        points = [{"parameter": p, "applies_to": of, "meter_id": "WB", "sign": "+"} for p, of in uses]
        units = [{"equipment_id": name} for name in ("P-1", "P-2")]
        monthly = {"WB": [10.0] * 12}
        return Sketch("T 1", equipment=units, points=points, monthly=monthly, unit="t", entries=[entry(Compost)])

    both = ("W", ""), ("Q", "P-1")
    assert "points.counted_twice" not in codes(weighed(*both))
    assert codes(weighed(*both, ("Q", "P-2"))).count("points.counted_twice") == 1
    only = replace(weighed(*both), equipment=[{"equipment_id": "P-1"}])
    claim, _ = build_claim(only.bounds(), only.data(), only.timeline, only.series())
    assert claim is not None and claim.reductions() == pytest.approx(180.0)


def test_a_column_of_equipment_that_no_card_has_is_named_once() -> None:
    own = {"equipment_id": "PV1", "connection": ("grid", "choice")}
    assert codes(solar(equipment=[own])) == []
    assert codes(solar(equipment=[{**own, "COP_PJ": (4.0, "1")}])) == ["fixed.unknown_parameter"]


@pytest.mark.parametrize(("share", "refused"), [(0.0, False), (1.0, False), (1.0001, True), (-0.1, True)])
def test_a_share_is_from_nothing_to_the_whole(share: float, refused: bool) -> None:
    assert ("points.share" in codes(solar(points=[{**solar().points[0], "share": share}]))) == refused


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": 0.3, "unit": "blobs", "document": "D"}, [("fixed.unit", "error")]),
        # The card's 0.333: another value without a document is refused, the same one is noted.
        ({"value": 0.4, "unit": "tCO2/MWh"}, [("fixed.no_document", "error")]),
        ({"value": 0.333, "unit": "tCO2/MWh"}, [("fixed.no_document", "note")]),
    ],
)
def test_a_value_in_place_of_the_cards(given: dict[str, object], said: list[tuple[str, str]]) -> None:
    sketch = solar(fixed=[{"parameter": "EF_RE_grid", **given}])
    findings = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())[1]
    assert [(f.code, str(f.severity)) for f in findings] == said


def test_a_meter_without_any_reading_makes_nothing() -> None:
    claim, _ = solar(monthly={"M1": [None] * 12}).build()
    assert claim.evaluate().scalar(claim.total_ER) == 0.0
