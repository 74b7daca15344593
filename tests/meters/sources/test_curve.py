"""The cumulative curve against a truth that is known for every unit of time."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jcm_mrv.meters.sources.curve import Amount, Curve

NEAR = 1e-9
RATE = 5


@dataclass(frozen=True)
class Truth:
    """What flowed in each unit of time, and what a source says of it: at some units, off by some tolerance."""

    flows: tuple[int, ...]
    both_ways: bool

    def between(self, start: int, end: int) -> int:
        return sum(self.flows[start:end])

    def curve(
        self, units: list[int], off: list[float], gaps: set[int], rate: float = float(RATE), tolerance: float = 1.0
    ) -> Curve:
        """A curve read at some units, wrong by ``off``; the steps whose ordinals are in ``gaps`` are not stated."""
        steps = [(a, b, k) for k, (a, b) in enumerate(itertools.pairwise(units)) if k not in gaps]
        return Curve.of_spans(
            np.array([a for a, *_ in steps], dtype=np.int64),
            np.array([b for _, b, _ in steps], dtype=np.int64),
            np.array([self.between(a, b) + off[k + 1] - off[k] for a, b, k in steps], dtype=np.float64),
            tolerance=tolerance,
            rate=rate,
            both_ways=self.both_ways,
        )


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    both = draw(st.booleans())
    flows = draw(st.lists(st.integers(-RATE if both else 0, RATE), min_size=4, max_size=12))
    return Truth(tuple(flows), both)


@st.composite
def units_of(draw: st.DrawFn, truth: Truth) -> list[int]:
    return sorted(draw(st.sets(st.integers(0, len(truth.flows)), min_size=2)))


@st.composite
def sources(draw: st.DrawFn, truth: Truth, *, loose: bool = True) -> tuple[list[int], list[float], set[int]]:
    units = draw(units_of(truth))
    off = draw(st.lists(st.floats(-1, 1) if loose else st.just(0.0), min_size=len(units), max_size=len(units)))
    return units, off, draw(st.sets(st.integers(0, len(units) - 2), max_size=3))


@st.composite
def spans_of(draw: st.DrawFn, truth: Truth) -> tuple[int, int]:
    first, second = draw(st.tuples(st.integers(0, len(truth.flows)), st.integers(0, len(truth.flows))))
    return min(first, second), max(first, second)


@given(st.data())
def test_the_truth_lies_between_the_bounds(data: st.DataObject) -> None:
    truth = data.draw(truths())
    curve = truth.curve(*data.draw(sources(truth)), rate=data.draw(st.sampled_from([float(RATE), math.inf])))
    start, end = data.draw(spans_of(truth))
    found = curve.over(start, end)
    assert found.lowest - NEAR <= truth.between(start, end) <= found.highest + NEAR


@given(st.data())
def test_more_points_never_widen_the_bounds(data: st.DataObject) -> None:
    truth = data.draw(truths())
    units, off, _ = data.draw(sources(truth))
    known = dict(zip(units, off, strict=True))
    more = {t: data.draw(st.floats(-1, 1)) for t in data.draw(st.sets(st.integers(0, len(truth.flows))))}
    both = {**more, **known}
    few = truth.curve(units, off, set())
    many = truth.curve(sorted(both), [both[t] for t in sorted(both)], set())
    start, end = data.draw(spans_of(truth))
    a, b = few.over(start, end), many.over(start, end)
    assert a.lowest - NEAR <= b.lowest and b.highest <= a.highest + NEAR
    assert b.missing <= a.missing


@given(st.data())
def test_amounts_add_up_over_adjacent_spans(data: st.DataObject) -> None:
    truth = data.draw(truths())
    curve = truth.curve(*data.draw(sources(truth)))
    start, middle, end = sorted(data.draw(st.tuples(*[st.integers(-2, len(truth.flows) + 2)] * 3)))
    one, other, whole = curve.over(start, middle), curve.over(middle, end), curve.over(start, end)
    assert one.best + other.best == pytest.approx(whole.best, abs=NEAR)
    assert one.missing + other.missing == whole.missing
    assert one.lowest + other.lowest <= whole.lowest + NEAR
    assert whole.highest <= one.highest + other.highest + NEAR


@given(st.data())
def test_two_sources_of_one_truth_never_contradict(data: st.DataObject) -> None:
    truth = data.draw(truths())
    one, other = (truth.curve(*data.draw(sources(truth))) for _ in range(2))
    span = data.draw(spans_of(truth))
    a, b = one.over(*span), other.over(*span)
    assert a.lowest <= b.highest + NEAR and b.lowest <= a.highest + NEAR


@given(st.data())
def test_an_amount_is_exact_from_one_instant_to_another_without_a_gap_between(data: st.DataObject) -> None:
    truth = data.draw(truths())
    units, off, gaps = data.draw(sources(truth, loose=False))
    curve = truth.curve(units, off, gaps, tolerance=0.0)
    start, end = sorted(data.draw(st.lists(st.sampled_from(units), min_size=2, max_size=2, unique=True)))
    found = curve.over(start, end)
    assert found.exact != any(start <= units[k] < end for k in gaps)
    assume(found.exact)
    assert (found.lowest, found.best, found.highest) == pytest.approx((truth.between(start, end),) * 3, abs=NEAR)


@given(st.data())
def test_any_other_amount_is_not_exact(data: st.DataObject) -> None:
    truth = data.draw(truths())
    curve = truth.curve(*data.draw(sources(truth, loose=False)), tolerance=0.0)
    start, end = data.draw(spans_of(truth))
    assume(start < end and not {start, end} <= {*curve.at.tolist()})
    assert not curve.over(start, end).exact


@settings(deadline=None)
@given(st.data())
def test_the_order_of_rows_does_not_matter(data: st.DataObject) -> None:
    truth = data.draw(truths())
    units, off, gaps = data.draw(sources(truth))
    curve = truth.curve(units, off, gaps)
    start, end = curve.stated
    order = np.array(data.draw(st.permutations(range(len(start)))), dtype=np.int64)
    amount = curve.amount[curve.missing == 0]
    mixed = Curve.of_spans(
        start[order], end[order], amount[order], tolerance=1.0, rate=curve.rate, both_ways=curve.both_ways
    )
    for span in itertools.combinations(range(-1, len(truth.flows) + 2), 2):
        assert mixed.over(*span) == curve.over(*span)


@settings(deadline=None)
@given(st.data())
def test_many_spans_at_once_are_the_same_as_one_by_one(data: st.DataObject) -> None:
    truth = data.draw(truths())
    curve = truth.curve(*data.draw(sources(truth)))
    spans = np.array(list(itertools.product(range(-1, len(truth.flows) + 2), repeat=2)), dtype=np.int64)
    flow = curve.between(spans[:, 0], spans[:, 1])
    for n, (start, end) in enumerate(spans.tolist()):
        one = curve.over(start, end)
        assert flow.exact[n] == one.exact
        many = flow.lowest[n], flow.highest[n], flow.best[n], flow.divided[n], flow.missing[n]
        assert many == (one.lowest, one.highest, one.best, one.divided, one.missing)


# --- by hand -------------------------------------------------------------------------


def curve_of(*rows: tuple[int, int, float], **more: object) -> Curve:
    start, end, amount = (np.array(column) for column in zip(*rows, strict=True))
    return Curve.of_spans(start, end, amount.astype(np.float64), **more)  # type: ignore[arg-type]


def bounds(curve: Curve, start: int, end: int) -> tuple[float, float, float]:
    found = curve.over(start, end)
    return found.lowest, found.best, found.highest


def test_a_part_of_a_step_lies_between_what_the_rest_can_hold_and_what_fits() -> None:
    curve = curve_of((0, 10, 30.0), rate=4.0)
    # 4 units: at most 4 x 4 = 16; the other 6 hold at most 24, so at least 30 - 24 = 6; by time 30 x 4 / 10 = 12.
    assert bounds(curve, 0, 4) == pytest.approx((6, 12, 16))
    assert bounds(curve, 3, 7) == pytest.approx((6, 12, 16))
    assert curve.over(0, 4).divided and not curve.over(0, 4).missing


def test_without_a_highest_rate_a_part_may_hold_nothing_or_all() -> None:
    assert bounds(curve_of((0, 10, 30.0)), 0, 4) == pytest.approx((0, 12, 30))


def test_a_meter_of_both_ways_may_have_run_back_in_the_rest() -> None:
    curve = curve_of((0, 10, 30.0), rate=4.0, both_ways=True)
    # 8 of 10 units: the other 2 hold from -8 to 8, so that 22 to 38 flowed; at most 4 x 8 = 32.
    assert bounds(curve, 0, 8) == pytest.approx((22, 24, 32))
    assert bounds(curve_of((0, 10, 30.0), both_ways=True), 0, 8) == pytest.approx((-math.inf, 24, math.inf))


def test_a_gap_lies_between_nothing_and_the_highest_rate() -> None:
    curve = curve_of((0, 10, 30.0), (13, 20, 7.0), rate=4.0)
    assert bounds(curve, 10, 13) == pytest.approx((0, 0, 12))
    assert curve.over(10, 13) == Amount(0.0, 12.0, 0.0, False, 3)
    # Over the gap: 30 + 7 are stated, 0 to 12 flowed in between.
    assert bounds(curve, 0, 20) == pytest.approx((37, 37, 49))
    assert curve.over(0, 20).missing == 3


def test_before_and_after_what_is_stated_nothing_is_known() -> None:
    curve = curve_of((0, 10, 30.0), rate=4.0)
    found = curve.over(-2, 11)
    assert (found.lowest, found.best, found.highest, found.missing) == pytest.approx((30, 30, 42, 3))


def test_tolerances_count_at_both_ends_and_not_in_between() -> None:
    curve = curve_of((0, 10, 30.0), (10, 20, 10.0), tolerance=0.5)
    # Ten readings in between would not add to it: 40 - 2 x 0.5 to 40 + 2 x 0.5.
    assert bounds(curve, 0, 20) == pytest.approx((39, 40, 41))
    assert bounds(curve, 0, 10) == pytest.approx((29, 30, 31))


def test_a_meter_that_was_away_states_its_span_but_not_the_time_away() -> None:
    curve = curve_of((0, 10, 30.0), missing=2, rate=4.0)
    found = curve.over(0, 10)
    # 30 flowed through it; in the 2 units in which it was away up to 8 more.
    assert (found.lowest, found.best, found.highest, found.missing) == pytest.approx((30, 30, 38, 2))
    assert not found.exact
    # 6 units: the other 4 hold at most 16 of the 30; at most 30 and 8 more, and no more than 24.
    assert bounds(curve, 0, 6) == bounds(curve, 3, 9) == pytest.approx((14, 18, 24))


def test_a_point_further_off_limits_what_a_loose_one_leaves_open() -> None:
    curve = Curve(np.array([0, 10, 20]), np.array([10.0, 10.0]), np.array([0, 0]), np.array([0.0, 8.0, 0.0]), rate=1.5)
    # Of 20 in all at most 15 flow in either half, so 5 to 15 did, although the middle is known to 8 only.
    assert bounds(curve, 0, 10) == pytest.approx((5, 10, 15))
    assert bounds(curve, 10, 20) == pytest.approx((5, 10, 15))


def test_no_time_holds_nothing() -> None:
    curve = curve_of((0, 10, 30.0), rate=4.0)
    assert bounds(curve, 5, 5) == (0, 0, 0) and bounds(curve, 7, 3) == (0, 0, 0)


def test_a_source_that_states_nothing_leaves_everything_open() -> None:
    nothing = Curve.of_spans(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), rate=2.0)
    found = nothing.over(3, 7)
    assert (found.lowest, found.best, found.highest, found.missing, found.exact) == (0, 0, 8, 4, False)
    assert nothing.over(3, 3).missing == 0


@pytest.mark.parametrize(
    "rows", [[(0, 10, 1.0), (9, 12, 1.0)], [(5, 5, 1.0)], [(0, 10, 1.0), (10, 20, 1.0), (15, 30, 1.0)]]
)
def test_spans_that_overlap_are_refused(rows: list[tuple[int, int, float]]) -> None:
    with pytest.raises(ValueError, match="overlap"):
        curve_of(*rows)


def test_a_span_over_several_gaps_adds_up_its_parts() -> None:
    """Ten units each: 10 stated, a gap, 20 stated, a gap, 10 stated; at most 5 a unit, so 0 to 50 in a whole gap."""
    start = np.array([0, 20, 40], dtype=np.int64)
    curve = Curve.of_spans(start, start + 10, np.array([10.0, 20.0, 10.0]), tolerance=0.0, rate=5.0, both_ways=False)
    whole = curve.over(0, 50)
    assert (whole.lowest, whole.best, whole.highest, whole.missing) == (40.0, 40.0, 140.0, 20)
    half = curve.over(0, 35)  # the second gap by half
    assert (half.lowest, half.highest, half.missing) == (30.0, 105.0, 15)


def test_the_best_amount_over_many_steps_is_all_of_those_between_and_parts_of_the_ends() -> None:
    """1, 2, 4, 8 and 16 in steps of 10; from 5 to 45: 0.5 + 2 + 4 + 8 + 16 / 2."""
    at = np.arange(0, 60, 10, dtype=np.int64)
    curve = Curve.of_spans(at[:-1], at[1:], np.array([1.0, 2.0, 4.0, 8.0, 16.0]))
    assert curve.over(5, 45).best == 0.5 + 2 + 4 + 8 + 8
    assert curve.over(10, 40) == Amount(14.0, 14.0, 14.0, divided=False, missing=0)
