"""Curves by hand: what each column of a reading does to them, gaps within a reading, and rates by conversions."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from jcm_mrv.meters.conversions import Conversion, Conversions
from jcm_mrv.meters.segments import Coverage, DataGap, Parts, SecondaryKind, SecondarySource, SegmentKind, SeriesResult
from jcm_mrv.meters.sources.counted import Counted, _readings, _resolution, _within, stated_rate
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.meters.sources.order import invoices_that_count
from jcm_mrv.origin import NOWHERE
from jcm_mrv.quantities.units import parse_unit
from jcm_mrv.time.dividing import Runs
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR
from support.claims import Sketch, rows_of

TIMELINE = Timeline.of(date(2024, 12, 1), date(2025, 1, 31), "Asia/Ho_Chi_Minh")
DEC, JAN, FEB = (int(edge) for edge in TIMELINE.edges)


def parts(kind: SegmentKind, **columns: Any) -> Parts:
    """Two parts, of December and of January."""
    sketch = Sketch("T 1", start=date(2024, 12, 1), end=date(2025, 1, 31), monthly={"M": [10.0, 20.0]})
    made = sketch.series().parts
    arrays = {name: np.asarray(value) for name, value in columns.items()}
    return replace(made, kind=np.full(2, kind), **arrays)


def counted(made: Parts, gaps: tuple[DataGap, ...] = (), meters: tuple[dict[str, Any], ...] = ()) -> Curve:
    rows = rows_of("meters", [{"meter_id": "M", **row} for row in meters])
    return Counted(series(made, gaps), TIMELINE, meters=rows).curve("M", "MWh")


def series(made: Parts, gaps: tuple[DataGap, ...] = ()) -> SeriesResult:
    nothing = np.zeros((1, 2), dtype=np.int64)
    return SeriesResult(made, Coverage(("M",), nothing, nothing, gaps), (), ())


def test_a_register_is_its_advance_with_what_it_ran_over_and_its_transformers() -> None:
    """(130.5 - 100.5) x 40 and (10 - 90 + 100) x 40 kWh; a tenth of a kWh is the last digit: 4 kWh."""
    made = parts(
        SegmentKind.REGISTER, value=[0.0, 0.0], opening=[100.5, 90.0], closing=[130.5, 10.0], wrap=[0.0, 100.0],
        factor=[40.0, 40.0],
    )  # fmt: skip
    curve = counted(made)
    assert curve.amount.tolist() == pytest.approx([1.2, 0.8]) and curve.tolerance.tolist() == pytest.approx([0.004] * 3)
    assert not curve.both_ways and curve.missing.tolist() == [0, 0] and math.isinf(curve.rate)
    read = counted(parts(SegmentKind.ENERGY, factor=[40.0, 2.0]))
    assert read.amount.tolist() == pytest.approx([0.4, 0.04]) and read.tolerance.tolist() == [0.0] * 3
    assert _resolution(made, np.arange(2)).tolist() == [0.1, 0.1]
    assert _resolution(parts(SegmentKind.ENERGY), np.arange(2)).tolist() == [0.0, 0.0]


def test_a_reading_over_the_year_s_end_is_one_step_and_a_log_is_cut_there() -> None:
    """Both parts are of 1 December to 31 January."""
    whole = {"start": [DEC, DEC], "end": [FEB, FEB], "value": [30.0, 30.0], "share": [0.5, 0.5]}
    one = counted(parts(SegmentKind.ENERGY, **whole))
    assert (one.at.tolist(), one.amount.tolist()) == ([DEC, FEB], pytest.approx([0.03]))
    log = counted(parts(SegmentKind.LOG, **{**whole, "value": [10.0, 20.0]}))
    assert (log.at.tolist(), log.amount.tolist()) == ([DEC, JAN, FEB], pytest.approx([0.01, 0.02]))
    # two files of one log that share time are one span of both
    shared = {"start": [DEC, DEC + DAY], "end": [DEC + 2 * DAY, DEC + 3 * DAY], "month": [0, 0]}
    files = counted(parts(SegmentKind.LOG, **shared))
    assert (files.at.tolist(), files.amount.tolist()) == ([DEC, DEC + 3 * DAY], pytest.approx([0.03]))
    same = {"start": [DEC, DEC], "end": [JAN, JAN], "month": [0, 0]}
    assert counted(parts(SegmentKind.LOG, **same)).amount.tolist() == pytest.approx([0.03])
    assert counted(parts(SegmentKind.ENERGY, **same)).amount.tolist() == pytest.approx([0.01])


@pytest.mark.parametrize(
    ("rows", "once", "opens"),
    [
        ([(0, 10, False), (0, 10, False)], [0], [0]),
        ([(0, 10, True), (0, 10, False)], [0, 1], [0]),
        ([(0, 10, False), (0, 12, False)], [0, 1], [0]),
        ([(0, 10, False), (10, 12, False)], [0, 1], [0, 1]),
        ([(0, 10, False), (1, 2, False), (9, 12, False), (12, 13, False)], [0, 1, 2, 3], [0, 3]),
        ([(5, 10, False), (0, 5, False)], [1, 0], [0, 1]),
        ([(0, 1, True), (5, 10, False), (5, 10, False)], [0, 1], [0, 1]),
        ([(0, 10, False), (5, 20, False), (15, 30, False)], [0, 1, 2], [0]),
    ],
)
def test_pieces_of_one_reading_are_one(rows: list[tuple[int, int, bool]], once: list[int], opens: list[int]) -> None:
    start, end = (np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1))
    found = _readings(start, end, np.array([row[2] for row in rows]))
    assert (found[0].tolist(), found[1].tolist()) == (once, opens)


def test_what_lies_in_gaps_is_missing() -> None:
    start, end = np.array([0, 10, 20]), np.array([10, 20, 30])
    assert _within(start, end, [(5, 12), (18, 31), (40, 50)]).tolist() == [5, 4, 10]
    assert _within(start, end, []).tolist() == [0, 0, 0]
    gap = DataGap("M", DEC + DAY, DEC + 3 * DAY)
    curve = counted(parts(SegmentKind.ENERGY), (gap, replace(gap, meter_id="N")))
    assert curve.missing.tolist() == [2 * DAY, 0] and not curve.over(DEC, JAN).exact and curve.over(JAN, FEB).exact


@pytest.mark.parametrize(
    ("values", "both_ways"), [([10.0, -0.5], True), ([0.0, 0.0], False), ([0.0, 0.1], False), ([-1.0, 20.0], True)]
)
def test_a_meter_counts_both_ways_where_it_ever_did(values: list[float], both_ways: bool) -> None:
    assert counted(parts(SegmentKind.ENERGY, value=values)).both_ways is both_ways


def test_a_meter_of_which_nothing_is_read_has_nothing_of_another() -> None:
    made = Counted(series(parts(SegmentKind.ENERGY)), TIMELINE).curve("N", "MWh")
    assert len(made.at) == 0 and made.over(DEC, FEB).missing == FEB - DEC


# --- rates ----------------------------------------------------------------------------------------


def rate(value: float | None, per: str, unit: str = "kWh", conversions: Conversions | None = None) -> float | None:
    row = {"meter_id": "M", "unit": "m3", "highest_rate": value, "highest_rate_unit": per}
    return stated_rate(rows_of("meters", [row])[0], unit, conversions or Conversions())


def conversion(value: float, start: int = -(2**62), end: int = 2**62) -> Conversion:
    return Conversion("net calorific value", value, parse_unit("kWh/m3"), start, end, None)  # type: ignore[arg-type]


def test_the_highest_rate_in_the_unit_that_is_asked_for() -> None:
    assert rate(50.0, "kW") == pytest.approx(50.0) and rate(50.0, "kW", "MWh") == pytest.approx(0.05)
    assert [rate(value, "kW") for value in (None, 0.0, -1.0)] == [None] * 3 and rate(0.5, "kW") == 0.5
    assert rate(50.0, "") is None and rate(50.0, "m3/h") is None
    # gas of 10 kWh/m3, and 11 from the new year on: the most that 5 m3/h can hold
    gas = Conversions({"M": [conversion(10.0, end=JAN), conversion(11.0, JAN)]})
    assert rate(5.0, "m3/h", conversions=gas) == pytest.approx(55.0)
    assert rate(5.0, "m3/d", "MWh", gas) == pytest.approx(0.011 * 5 / 24)
    assert rate(5.0, "t/h", conversions=gas) is None


def test_a_curve_has_the_highest_of_its_meters_rates_and_none_where_one_states_none() -> None:
    one, other = ({"highest_rate": value, "highest_rate_unit": "MW"} for value in (2.0, 3.0))
    made = parts(SegmentKind.ENERGY)
    assert counted(made, meters=(one, other)).rate * HOUR == pytest.approx(3.0)
    assert math.isinf(counted(made, meters=(one, {})).rate)


def test_secondary_amounts_are_converted_when_they_begin() -> None:
    """10 m3 in December and 10 in January, to 0.1 m3, at 10 and 11 kWh/m3."""
    gas = Conversions({"M": [conversion(10.0, end=JAN), conversion(11.0, JAN)]})
    layer = [
        SecondarySource("M", SecondaryKind.INVOICE, a, b, 10.0, "m3", NOWHERE, 0.1) for a, b in ((DEC, JAN), (JAN, FEB))
    ]
    cubic = replace(parts(SegmentKind.LOG, start=[DEC, DEC], end=[FEB, FEB]), units=("m3",))
    used = Counted(series(cubic), TIMELINE, gas).curve("M", "MWh")  # 10 m3 of a log in December and 20 in January
    assert used.amount.tolist() == pytest.approx([0.1, 0.22])
    found = Counted(series(parts(SegmentKind.ENERGY)), TIMELINE, gas).stated(layer, "MWh")
    assert found.amount.tolist() == pytest.approx([0.1, 0.11])
    assert found.tolerance.tolist() == pytest.approx([0.001, 0.0011, 0.0011])


# --- the curve ---------------------------------------------------------------------------------------


def curve(*rows: tuple[int, int, float], **more: Any) -> Curve:
    start, end, amount = (np.array(column) for column in zip(*rows, strict=True))
    return Curve.of_spans(start, end, amount.astype(np.float64), **more)


STEPS = curve((0, 10, 30.0), (10, 20, 10.0), (25, 35, 8.0), rate=4.0)


@pytest.mark.parametrize(
    ("at", "cuts"),
    [(-1, False), (0, False), (1, True), (10, False), (15, True), (20, False), (22, False), (25, False), (30, True),
     (35, False), (40, False)],
)  # fmt: skip
def test_an_instant_cuts_a_step_that_states_something(at: int, cuts: bool) -> None:
    assert STEPS.cuts(at) is cuts
    assert not Curve.of_spans(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)).cuts(at)
    assert curve((-1, 40, 1.0)).cuts(at) is (-1 < at < 40)


@pytest.mark.parametrize(
    ("span", "lowest", "best", "highest", "missing"),
    [
        ((0, 20), 40, 40, 40, 0),
        # 5 units of the first hold at least 30 - 20 and at most 20, of the second 0 and 10
        ((5, 15), 10, 20, 30, 0),
        ((20, 25), 0, 0, 20, 5),
        ((15, 30), 0, 5 + 4, 10 + 20 + 8, 5),
        ((0, 35), 48, 48, 68, 5),
        ((10, 10), 0, 0, 0, 0),
        ((-5, 0), 0, 0, 20, 5),
        ((35, 40), 0, 0, 20, 5),
        ((-5, 40), 48, 48, 108, 15),
        ((33, 38), 0, 1.6, 8 + 12, 3),
        ((20, 21), 0, 0, 4, 1),
        # 3 units of the gap, and of the third step half
        ((22, 30), 0, 4, 8 + 12, 3),
    ],
)
def test_spans_over_steps_and_gaps(
    span: tuple[int, int], lowest: float, best: float, highest: float, missing: int
) -> None:
    found = STEPS.over(*span)
    assert (found.lowest, found.best, found.highest, found.missing) == pytest.approx((lowest, best, highest, missing))


def test_a_curve_that_may_fall_is_bounded_by_what_may_flow_back() -> None:
    """Two steps of 10 with a gap of 5 between them, at most 4 a unit either way."""
    both = curve((0, 10, 30.0), (15, 25, -10.0), rate=4.0, both_ways=True)
    gap, whole, part = both.over(10, 15), both.over(0, 25), both.over(15, 18)
    assert (gap.lowest, gap.highest) == (-20.0, 20.0) and (whole.lowest, whole.highest) == (0.0, 40.0)
    # 3 units: -12 to 12; the other 7 hold -28 to 28 of the -10
    assert (part.lowest, part.best, part.highest) == (-12.0, pytest.approx(-3.0), 12.0)
    near = both.over(16, 25)
    assert (near.lowest, near.highest) == (-14.0, -6.0)  # -10 less what one unit holds
    away = curve((0, 10, -12.0), missing=4, rate=4.0, both_ways=True, tolerance=0.5)
    # -12 in 6 units, and -16 to 16 in the 4 in which it was away; 0.5 at both ends
    found = away.over(0, 10)
    assert (found.lowest, found.best, found.highest, found.missing) == (-29.0, -12.0, 5.0, 4)
    # of 6 units: at least -24; the other 4 may have brought -16, so at most 5 + 16
    assert (away.over(0, 6).lowest, away.over(0, 6).highest) == (-24.0, 21.0)
    free = curve((0, 10, -5.0), (10, 20, 3.0), both_ways=True)  # however fast
    assert (free.over(0, 10).lowest, free.over(0, 10).highest, free.over(0, 20).highest) == (-5.0, -5.0, -2.0)


def test_each_instant_is_known_within_its_own_tolerance() -> None:
    """Of two spans that meet the looser one holds at the instant between them; a step away is off by both its ends."""
    steps = curve((10, 20, 5.0), (0, 10, 10.0), tolerance=np.array([0.25, 0.5]), rate=4.0)
    assert steps.tolerance.tolist() == [0.5, 0.5, 0.25] and steps.amount.tolist() == [10.0, 5.0]
    away = replace(steps, missing=np.array([0, 2]))
    # 5 less 0.75, and 5 with 0.75 and 4 for each of 2 units
    assert (away.over(10, 20).lowest, away.over(10, 20).highest) == (4.25, 13.75)


def test_the_missing_time_behind_one_gap_and_over_the_next() -> None:
    """Stated from 0 to 10, 12 to 20, 25 to 35 and 38 to 40, so that 2, 5 and 3 units are missing."""
    gaps = curve((0, 10, 1.0), (12, 20, 1.0), (25, 35, 1.0), (38, 40, 1.0), rate=4.0)
    spans = [(0, 40), (11, 22), (13, 36), (18, 40), (21, 37), (22, 24), (26, 39)]
    assert [gaps.over(*span).missing for span in spans] == [10, 1 + 2, 5 + 1, 5 + 3, 4 + 2, 2, 3]
    assert (gaps.over(18, 40).lowest, gaps.over(18, 40).highest) == (2.0, 1 + 20 + 1 + 12 + 1)


def test_behind_a_gap_without_a_highest_rate_what_is_stated_is_known() -> None:
    """Nothing says how much flowed in a gap; what follows it is as known as what was stated of it."""
    open_ = curve((0, 10, 1.0), (12, 20, 1.0), (22, 30, 2.0), (32, 40, 4.0))
    assert (open_.over(0, 40).lowest, open_.over(0, 40).highest) == (8.0, math.inf)
    known = curve((0, 10, 1.0), (12, 20, 1.0), (20, 30, 2.0), (30, 40, 4.0), missing=np.array([0, 1, 0, 0]))
    assert (known.over(20, 40).lowest, known.over(20, 40).highest) == (6.0, 6.0)
    part = curve((0, 10, 1.0), (12, 20, 1.0), (20, 30, 2.0), (30, 40, 4.0), missing=np.array([0, 0, 0, 1]))
    assert part.over(12, 30).highest == 3.0 and part.over(0, 30).highest == math.inf


def test_a_loose_reading_is_held_by_those_around_it() -> None:
    """30 and 10 with the instant between them known to 5, its neighbours exactly; at most 4 a unit."""
    loose = Curve(np.array([0, 10, 20]), np.array([30.0, 10.0]), np.array([0, 0]), np.array([0.0, 5.0, 0.0]), rate=4.0)
    first, last = loose.over(0, 10), loose.over(10, 20)
    assert (first.lowest, first.highest) == (25.0, 35.0) and (last.lowest, last.highest) == (5.0, 15.0)
    slow = replace(loose, rate=3.2)
    # at most 32 in ten units: of 40 at least 8 flow in the rest
    assert (slow.over(0, 10).lowest, slow.over(0, 10).highest) == pytest.approx((25.0, 32.0))
    assert (slow.over(10, 20).lowest, slow.over(10, 20).highest) == pytest.approx((8.0, 15.0))
    falls = Curve(np.array([0, 10, 20]), np.array([2.0, 10.0]), np.array([0, 0]), np.array([0.0, 5.0, 0.0]))
    # it does not fall: 0 to 7 in the first
    assert (falls.over(0, 10).lowest, falls.over(0, 10).highest) == (0.0, 7.0)
    assert (falls.over(10, 20).lowest, falls.over(10, 20).highest) == (5.0, 12.0)


def test_steps_stated_without_a_gap() -> None:
    one = curve((0, 10, 1.0), (12, 20, 1.0), missing=np.array([0, 3]))
    assert one.stated_spans == [(0, 10)] and STEPS.stated_spans == [(0, 10), (10, 20), (25, 35)]
    half = one.over(12, 16)
    slow = replace(one, amount=np.array([1.0, 0.0, 4.0]), rate=1.0).over(12, 16)
    assert (slow.lowest, slow.highest) == (0.0, 4.0)  # all 4 units may have flowed in the other half
    # 3 of 8 units are missing, no one knows which: of any of them one at least may be
    assert one.over(14, 15).missing == one.over(12, 13).missing == 1 and one.over(13, 19).missing == 3
    assert half.missing == 2 and one.over(12, 20).missing == 3 and one.over(0, 12).missing == 2


# --- which source counts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("covered", "counts"),
    [((DEC, JAN), False), ((DEC, JAN - 1), True), ((DEC - 5, JAN - 1), True), ((JAN, FEB + DAY), False)],
)
def test_invoices_count_where_they_cover_more_of_the_period(covered: tuple[int, int], counts: bool) -> None:
    """31 days are billed, and a week before the period, which does not count."""
    bills = [
        SecondarySource("M", SecondaryKind.INVOICE, a, b, 1.0, "kWh", NOWHERE)
        for a, b in ((DEC - 7 * DAY, DEC), (DEC, JAN))
    ]
    runs = Runs.of(np.array(covered[:1]), np.array(covered[1:]))
    assert bool(invoices_that_count(bills, ["M"], {"M": runs}, TIMELINE.edges)) is counts
    assert len(invoices_that_count(bills, ["M"], {}, TIMELINE.edges)) == 2
    two = Runs.of(np.array([DEC, DEC + 10 * DAY]), np.array([DEC + 9 * DAY, JAN]))  # a day of it is open
    assert len(invoices_that_count(bills, ["M"], {"M": two}, TIMELINE.edges)) == 2
    assert invoices_that_count(bills, ["N"], {}, TIMELINE.edges) == []
