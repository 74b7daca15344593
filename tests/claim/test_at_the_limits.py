"""Means, shares and sides of monitoring points: each limit at it and beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.crediting import credited_by_year
from jcm_mrv.claim.groups import reductions_with, reductions_without, terms_of
from jcm_mrv.claim.means import _side
from jcm_mrv.claim.measuring import Point, Term, _OfParts
from jcm_mrv.claim.points import places, sides_of
from jcm_mrv.meters.segments import Coverage, SegmentKind
from jcm_mrv.methodology.declare import Duration
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from support.claims import Sketch, air_conditioners, solar
from support.forms import Days, entry

TIMELINE = Timeline.of(date(2023, 12, 1), date(2024, 2, 29), "Asia/Ho_Chi_Minh")


def coverage(expected: dict[str, list[float]], covered: dict[str, list[float]] | None = None) -> Coverage:
    """By meter the hours of December, January and February."""
    hours = [np.array(list(one.values())) * HOUR for one in (covered or expected, expected)]
    return Coverage(tuple(expected), *(one.astype(np.int64) for one in hours), ())


def terms(*coefficients: float) -> list[Term]:
    return [Term(f"M{n}", one, Origin(line=n)) for n, one in enumerate(coefficients)]


@pytest.mark.parametrize(
    ("weights", "stood", "read", "running", "said"),
    [
        ([1.0], [744.0], [744.0], 744.0, []),
        # a day more than it ran may lie in a month
        ([1.0], [744.0], [744.0], 720.0, []),
        ([1.0], [744.0], [744.0], 719.9, ["mean_outside_operation"]),
        ([-1.0], [744.0], [744.0], 719.9, ["mean_outside_operation"]),
        # one after the other: together no longer than the month and a day
        ([1.0, 1.0], [400.0, 368.0], [400.0, 340.0], 744.0, []),
        ([1.0, 1.0], [400.0, 368.1], [400.0, 340.0], 744.0, ["shares_of_a_mean"]),
        # beside each other, by shares that add up to one
        ([0.5, 0.5], [744.0, 720.0], [744.0, 700.0], 744.0, []),
        ([0.5, 0.5], [744.0, 719.9], [744.0, 700.0], 744.0, ["shares_of_a_mean"]),
        ([0.5, 0.5], [744.0, 600.0], [624.0, 600.0], 624.0, []),
        ([0.5, 0.5], [744.0, 599.0], [624.0, 599.0], 624.0, ["shares_of_a_mean"]),
        ([0.5, 0.5], [600.0, 600.0], [600.0, 600.0], 744.0, []),
        ([1.0, 0.5], [400.0, 300.0], [400.0, 300.0], 744.0, ["shares_of_a_mean"]),  # one after the other, and half
        ([0.4, 0.6], [744.0, 744.0], [744.0, 744.0], 744.0, []),
        ([0.6, 0.6], [744.0, 744.0], [744.0, 744.0], 744.0, ["shares_of_a_mean"]),
        ([0.5], [744.0], [744.0], 744.0, ["shares_of_a_mean"]),
        ([0.25, 0.75], [744.0, 744.0], [744.0, 744.0], 719.0, ["mean_outside_operation"]),
        ([0.25, 0.75], [744.0, 744.0], [0.0, 744.0], 530.0, ["mean_outside_operation"]),
        ([0.25, 0.75], [744.0, 744.0], [0.0, 744.0], 534.0, []),
    ],
)
def test_the_meters_of_a_mean(
    weights: list[float], stood: list[float], read: list[float], running: float, said: list[str]
) -> None:
    names = [f"M{n}" for n in range(len(weights))]
    hours = coverage(
        {name: [0.0, one, 0.0] for name, one in zip(names, stood, strict=True)},
        {name: [0.0, one, 0.0] for name, one in zip(names, read, strict=True)},
    )
    point: Any = SimpleNamespace(name="P", formula="M0", applies_to="", parameter="T", unit="K*h")
    row = {name: n for n, name in enumerate(names)}
    found = list(_side(point, terms(*weights), {1: running}, hours, row, TIMELINE))
    assert [f.code.split(".")[1] for f in found] == said


def test_the_meter_that_stood_longest_leads_its_side() -> None:
    hours = coverage({"M0": [744.0, 0.0, 0.0], "M1": [0.0, 500.0, 600.0], "M2": [0.0, 0.0, 1.0]})
    row = {name: n for n, name in enumerate(hours.meter_ids)}
    point = Point("", "", "", "", tuple(terms(1.0, 0.5, -1.0, 1.0, 0.0)), (0, 1, 2), "kWh")
    added, subtracted = sides_of(point, hours, row)
    assert (added.meters, added.leader) == (("M0", "M1"), "M1")
    assert (added.installed / HOUR).tolist() == [744.0, 500.0, 600.0]
    assert (subtracted.meters, subtracted.leader) == (("M2",), "M2")


@pytest.mark.parametrize(
    ("months", "said"),
    [
        # in a year in which a meter stood at some time, every month in which none did is a gap of the one that leads
        ((0, 1, 2), [("M0", 0), ("M1", 1), ("M1", 2)]),
        ((1, 2), [("M0", 0), ("M1", 1), ("M1", 2)]),
        ((0, 2), [("M0", 0), ("M1", 1)]),
        ((0,), [("M0", 0), ("M1", 1)]),
    ],
)
def test_months_in_which_no_meter_stood(months: tuple[int, ...], said: list[tuple[str, int]]) -> None:
    """M1 stood in January alone, M0 at no time of 2024; December is another year."""
    hours = coverage({"M0": [1.0, 0.0, 0.0], "M1": [0.0, 744.0, 0.0]})
    point = Point("", "", "", "", tuple(terms(0.0, 1.0)), months, "kWh")
    assert places([point], hours, TIMELINE) == said


# --- shares of a meter --------------------------------------------------------------------------


def point(unit: str, meter: str, share: float | None = None, sign: str = "+") -> dict[str, Any]:
    return {"parameter": "EC_PJ", "applies_to": unit, "meter_id": meter, "sign": sign, "share": share}


def faults(*points: dict[str, Any], **changes: Any) -> list[str]:
    sketch: Sketch = air_conditioners(points=list(points), **changes)
    _, findings = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())
    return [f.code.split(".")[1] for f in findings]


OTHER = point("AC2", "M2")


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([point("AC1", "M1"), OTHER], []),
        ([point("AC1", "M1", 0.0), OTHER], []),
        ([point("AC1", "M1", 1.0), OTHER], []),
        ([point("AC1", "M1", -0.01), OTHER], ["share"]),
        ([point("AC1", "M1", 1.01), OTHER], ["share", "counted_twice"]),
        # of one meter no more than all of it
        ([point("AC1", "M1", 0.5), point("AC2", "M1", 0.5)], []),
        ([point("AC1", "M1", 0.5), point("AC2", "M1", 0.5 + 5e-10)], []),
        ([point("AC1", "M1", 0.5), point("AC2", "M1", 0.5 + 5e-9)], ["counted_twice"]),
        ([point("AC1", "M1", 0.5), point("AC1", "M1", 0.6), OTHER], ["counted_twice"]),
        ([point("AC1", "M1"), point("AC2", "M1", 0.5)], ["counted_twice"]),
        # what is subtracted is counted by itself
        ([point("AC1", "M1"), point("AC1", "M2", sign="-"), OTHER], []),
        ([point("AC1", "M1"), point("AC1", "M2", sign="−"), OTHER], []),
        ([point("AC1", "M1"), point("AC1", "M1", sign="-"), OTHER], ["both_signs"]),
        ([point("AC1", "M1"), point("AC1", "M2", 0.6, "-"), point("AC2", "M2", 0.6, "-")], ["counted_twice"]),
        # what is not there
        ([point("AC3", "M1"), OTHER], ["applies_to"]),
        ([{**point("AC1", "M1"), "parameter": "EC"}, OTHER], ["unknown_parameter"]),
    ],
)
def test_shares_and_signs_of_points(points: list[dict[str, Any]], said: list[str]) -> None:
    assert faults(*points) == said


@pytest.mark.parametrize(
    ("sign", "first", "found", "what"), [("+", 0.75, "1.25", "that are added"), ("-", 0.75, "-1.25", "subtracted")]
)
def test_how_much_of_a_meter_is_counted(sign: str, first: float, found: str, what: str) -> None:
    """Three quarters and a half of one meter, on either side."""
    points = [point("AC1", "M1"), point("AC1", "M2", first, sign), point("AC2", "M2", 0.5, sign)]
    sketch: Sketch = air_conditioners(points=points[sign == "+" :])
    _, (said,) = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())
    assert (said.code, said.found) == ("points.counted_twice", found)
    assert what in said.message and "meter M2" in said.message


def test_a_point_of_a_claim_without_equipment_says_where_to_enter_it() -> None:
    sketch: Sketch = air_conditioners(equipment=[], points=[point("AC1", "M1")])
    _, findings = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())
    (said,) = [f for f in findings if f.code == "points.applies_to"]
    assert said.action == "Enter on the sheet Equipment what it is measured for, and its name here."


def test_a_share_counts_by_its_size_and_a_minus_takes_off() -> None:
    """ER = EC x 0.8 x (4/3 - 1): 1 MWh a month are 3.2 t, a quarter of it 0.8 t."""
    whole = air_conditioners(points=[point("AC1", "M1"), OTHER]).build()[0].reductions()
    part = air_conditioners(points=[point("AC1", "M1", 0.25), OTHER]).build()[0]
    less = air_conditioners(
        points=[point("AC1", "M1"), point("AC1", "M2", 0.25, "-"), point("AC2", "M2", 0.5)]
    ).build()[0]
    assert whole == pytest.approx(6.4) and part.reductions() == pytest.approx(4.0)
    assert less.reductions() == pytest.approx(3.2 - 0.8 + 1.6)
    assert reductions_without(part, "M1") == pytest.approx(3.2) and reductions_without(part, "M2") == pytest.approx(0.8)


def test_all_of_a_divided_meter_goes_to_one_unit() -> None:
    """COP 4 against 3 and 5 against 3: 12 MWh x 0.8 x (4/3 - 1) or x (5/3 - 1)."""
    points = [point("AC1", "M1", 0.25), point("AC2", "M1", 0.75)]
    sketch = air_conditioners(points=points)
    sketch.equipment[1]["COP_PJ"] = (5.0, "1")
    claim, _ = sketch.build()
    assert claim.reductions() == pytest.approx(9.6 * (0.25 / 3 + 0.75 * 2 / 3))
    chain, found = terms_of(claim, claim.points[0].methodology, "EC_PJ", "M1", ["AC1", "AC2"])
    assert [reductions_with(claim, chain, found, one) for one in found] == pytest.approx([9.6 / 3, 9.6 * 2 / 3])
    assert terms_of(claim, claim.points[0].methodology, "EC_PJ", "M1", ["AC2"])[1] == found[1:]
    with pytest.raises(KeyError):
        terms_of(claim, claim.points[0].methodology, "EC_PJ", "M1", ["AC3"])
    with pytest.raises(KeyError):
        terms_of(claim, claim.points[0].methodology, "EC_PJ", "M2", ["AC1"])


# --- fixed values -------------------------------------------------------------------------------

FACTOR = {"parameter": "EF_grid", "value": 0.8, "unit": "tCO2/MWh", "document": "D", "page": "1"}
RATIO = {"parameter": "COP_RE", "value": 3.5, "unit": "1", "document": "D"}
FIVE = {"parameter": "COP_PJ", "value": 5.0, "unit": "1", "document": "D"}
UNIT = 12 * 0.8 / 3  # t of a unit with COP 4 against 3


@pytest.mark.parametrize(
    ("fixed", "first", "said", "tonnes"),
    [
        ([], {}, [], 2 * UNIT),
        ([FACTOR], {}, [], 2 * UNIT),
        ([{**FACTOR, "value": 0.9}], {}, ["given_twice"], 2 * UNIT),
        ([{**FACTOR, "parameter": "XX"}], {}, ["unknown_parameter"], 2 * UNIT),
        ([{**FACTOR, "parameter": "XX", "methodology": "ID_AM004"}], {}, ["unknown_parameter"], 2 * UNIT),
        ([{**FACTOR, "parameter": "XX", "methodology": "VN_AM007"}], {}, [], 2 * UNIT),
        ([{**FACTOR, "applies_to": "2024"}], {}, ["not_by_time"], 2 * UNIT),
        # the row of a unit goes before that of all: 12 MWh x 0.8 x (4/3.5 - 1)
        ([RATIO], {}, [], 2 * UNIT),
        ([{**FACTOR, "value": None}], {}, [], 2 * UNIT),  # a row that gives nothing
        ([RATIO], {"COP_RE": (None, "1")}, [], UNIT + 9.6 * (4 / 3.5 - 1)),
        ([{**RATIO, "applies_to": "AC1", "value": 3.0}], {}, [], 2 * UNIT),
        ([{**RATIO, "applies_to": "AC1"}], {}, ["given_twice"], UNIT + 9.6 * (4 / 3.5 - 1)),
        ([{**RATIO, "applies_to": "AC1"}], {"COP_RE": (None, "1")}, [], UNIT + 9.6 * (4 / 3.5 - 1)),
        ([FIVE], {"COP_PJ": (None, "1")}, [], UNIT + 9.6 * (5 / 3 - 1)),
        ([{**FIVE, "applies_to": "AC1"}], {"COP_PJ": (None, "1")}, [], UNIT + 9.6 * (5 / 3 - 1)),
        ([{**FIVE, "applies_to": "AC2"}], {}, ["given_twice"], UNIT + 9.6 * (5 / 3 - 1)),
        # what a value may be
        ([], {"evidence": ""}, ["no_document", "no_document"], 2 * UNIT),
        ([], {"COP_PJ": (4.0, "%")}, ["unit"], None),
        ([], {"COP_PJ": ("four", "1")}, ["unit"], None),
        ([], {"COP_PJ": (0.0, "1")}, ["out_of_limits"], UNIT - 9.6),
        ([], {"FOO": (4.0, "1")}, ["unknown_parameter"], 2 * UNIT),
        ([], {"FOO": (None, "1")}, [], 2 * UNIT),
    ],
)
def test_values_of_the_project(
    fixed: list[dict[str, Any]], first: dict[str, Any], said: list[str], tonnes: float | None
) -> None:
    sketch = air_conditioners()
    sketch.fixed = [*sketch.fixed, *fixed]
    sketch.equipment[0].update(first)
    claim, findings = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())
    assert claim is not None and [f.code.split(".")[1] for f in findings] == said
    assert claim.reductions() == pytest.approx(np.nan if tonnes is None else tonnes, nan_ok=True)


# --- the measuring chain ---------------------------------------------------------------------------


def test_a_part_is_its_value_or_its_advance_times_share_and_factor() -> None:
    """10 kWh x 0.5 x 2, (130 - 100) x 0.25 x 3 and (20 - 90 + 100) x 1 x 1: 10 + 22.5 + 30 kWh at 0.333 t/MWh."""
    sketch = solar(monthly={"M1": [1.0] * 12})
    series = sketch.series()
    zero = np.zeros(12)

    def column(*first: float) -> np.ndarray:
        return np.array([*first, *zero[len(first) :]])

    kind = np.array([SegmentKind.ENERGY, SegmentKind.REGISTER, SegmentKind.REGISTER, *[SegmentKind.ENERGY] * 9])
    parts = replace(
        series.parts, kind=kind, value=column(10.0), opening=column(0.0, 100.0, 90.0), closing=column(0.0, 130.0, 20.0),
        wrap=column(0.0, 0.0, 100.0), share=column(0.5, 0.25, 1.0), factor=column(2.0, 3.0, 1.0),
    )  # fmt: skip
    claim, _ = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, replace(series, parts=parts))
    assert claim is not None
    found = claim.evaluate()[claim.chains[0].graph.E]
    assert found[:3] == pytest.approx([0.010, 0.0225, 0.030]) and not found[3:].any()
    assert claim.reductions() == pytest.approx(0.0625 * 0.333)


def test_origins_of_parts_are_made_when_they_are_asked_for() -> None:
    found = _OfParts([Origin(line=n) for n in range(5)], np.array([4, 2]))
    assert (found[(0,)].line, found[(1,)].line, list(found), len(found)) == (4, 2, [(0,), (1,)], 2)
    for place in ((2,), (-1,), (0, 0), ()):
        assert place not in found


@pytest.mark.parametrize(
    ("by_decimals", "decimals", "tonnes"),
    [
        ({3: 10.0}, 3, [10]),
        ({3: 9.9, 4: 10.2}, 4, [10]),
        ({3: np.nan, 4: 9.0, 9: 10.9}, 9, [10]),
        ({3: np.nan, 4: 9.0, 9: 9.5}, 9, [9]),  # where no number of decimals does, the lower of both
        ({3: 11.0, 9: 11.0}, 9, [10]),
        ({3: 9.5, 10: 10.4}, 9, [9]),  # of ten decimals nobody types in
    ],
)
def test_as_many_decimals_as_it_takes(
    by_decimals: dict[int, float], decimals: int, tonnes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """10.4 t are exact; what comes out of values with so many decimals, or with the next fewer that are listed."""

    def shown(claim: Any, evaluation: Any, asked: int, results: Any) -> list[np.ndarray]:
        return [np.array([by_decimals[max(n for n in by_decimals if n <= asked)]])]

    monkeypatch.setattr("jcm_mrv.claim.crediting.at_decimals", shown)
    claim: Any = SimpleNamespace(ER="ER")
    assert credited_by_year(claim, {"ER": np.array([10.4])}, 6) == (decimals, tonnes)  # type: ignore[arg-type]


def test_a_year_that_is_unknown_with_few_decimals_asks_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """10.4 and 5.4 t; with three decimals something is divided by 0 in the first year."""
    by_decimals = {3: [np.nan, 5.4], 4: [10.4, 5.4]}
    monkeypatch.setattr("jcm_mrv.claim.crediting.at_decimals", lambda *asked: [np.array(by_decimals[asked[2]])])
    claim: Any = SimpleNamespace(ER="ER")
    assert credited_by_year(claim, {"ER": np.array([10.4, 5.4])}, 6) == (4, [10, 5])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (None, None, [31, 31]),
        (datetime(2024, 12, 11), None, [21, 31]),
        (datetime(2024, 11, 1), datetime(2025, 1, 10), [31, 10]),
        (datetime(2025, 1, 31), None, [0, 1]),
        (None, datetime(2024, 12, 1), [1, 0]),
        (datetime(2025, 2, 1), None, [0, 0]),
    ],
)
def test_time_in_operation_by_year_and_by_month(start: datetime | None, end: datetime | None, days: list[int]) -> None:
    """December and January; a unit runs from the first to the last day that is stated. 2 t a day less 1/30 t."""
    unit = {"equipment_id": "A", "operation_start": start or datetime(2020, 1, 1), "operation_end": end}
    period = {"start": date(2024, 12, 1), "end": date(2025, 1, 31)}
    sketch = Sketch("T 1", equipment=[unit], monthly={"M": [1.0, 1.0]}, entries=[entry(Days)], **period)
    claim, findings = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())
    assert claim is not None and findings == []
    found = {n.symbol: claim.values[n][0] for b in claim.bounds for n in b.nodes if isinstance(n, Duration)}
    assert (found["D"], found["H"]) == (pytest.approx(days), pytest.approx([24.0 * one for one in days]))
    tonnes = claim.evaluate()[claim.ER].tolist()
    assert tonnes == pytest.approx([one * (2 - 1 / 30) for one in days])


def test_a_unit_without_a_date_has_no_time_in_operation() -> None:
    sketch = Sketch("T 1", equipment=[{"equipment_id": "A"}], monthly={"M": [1.0] * 12}, entries=[entry(Days)])
    _, findings = build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())
    assert [f.code for f in findings] == ["claim.no_start"]
