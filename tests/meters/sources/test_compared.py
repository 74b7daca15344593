"""On which spans two curves are compared; months of ten units of time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.meters.coverage import limits_of
from jcm_mrv.meters.sources.compared import known_spans, shared_spans
from jcm_mrv.meters.sources.curve import Curve

MONTHS = np.array([0, 10, 20, 30, 40], dtype=np.int64)


def curve(*at: int, gaps: tuple[int, ...] = ()) -> Curve:
    """One unit flows in each unit of time, known at some instants; some steps are not stated."""
    spans = [span for n, span in enumerate(itertools.pairwise(at)) if n not in gaps]
    start, end = (np.array(side, dtype=np.int64) for side in zip(*spans, strict=True))
    return Curve.of_spans(start, end, (end - start).astype(np.float64))


@pytest.mark.parametrize(
    ("one", "other", "spans"),
    [
        # Both by month: by month.
        (curve(0, 10, 20, 30, 40), curve(0, 10, 20, 30, 40), [(0, 10), (10, 20), (20, 30), (30, 40)]),
        # Once a year against by month: once a year.
        (curve(0, 10, 20, 30, 40), curve(0, 40), [(0, 40)]),
        (curve(0, 40), curve(0, 10, 20, 30, 40), [(0, 40)]),
        # Every unit: from month to month.
        (curve(*range(41)), curve(*range(41)), [(0, 10), (10, 20), (20, 30), (30, 40)]),
        # On another day of the month, to the last one.
        (curve(*range(41)), curve(3, 13, 23, 36), [(3, 13), (13, 23), (23, 36)]),
        # Never at one moment.
        (curve(0, 10, 20), curve(5, 15, 25), []),
        # Not over a gap of either.
        (curve(0, 10, 20, 30, gaps=(1,)), curve(0, 10, 20, 30), [(0, 10), (20, 30)]),
        (curve(0, 10, 20, 30), curve(0, 30), [(0, 30)]),
        (curve(0, 10, 20, 30, gaps=(1,)), curve(0, 30), []),
    ],
)
def test_spans_are_those_of_the_coarser(one: Curve, other: Curve, spans: list[tuple[int, int]]) -> None:
    assert shared_spans(one, other, MONTHS) == spans
    assert shared_spans(other, one, MONTHS) == spans


@pytest.mark.parametrize(
    ("known", "spans"),
    [
        (curve(0, 10, 20, 30, 40), [(0, 10), (10, 20), (20, 30), (30, 40)]),
        (curve(0, 5, 10, 20), [(0, 10), (10, 20)]),
        # From the 5th to the 5th: no month of its own, and all of it together.
        (curve(5, 15, 25, 35), [(5, 35)]),
        (curve(5, 15, 25, 35, 39, gaps=(1,)), [(5, 15), (25, 39)]),
        # Months that are known, and the rest between them.
        (curve(0, 10, 13, 24, 30, 40), [(0, 10), (10, 30), (30, 40)]),
        (curve(-3, 0, 10, 12, 15, 45), [(-3, 0), (0, 10), (10, 45)]),
        (curve(1, 10, 20, 21), [(1, 10), (10, 20), (20, 21)]),
    ],
)
def test_a_curve_is_known_by_the_month_and_over_all_else_that_it_states(
    known: Curve, spans: list[tuple[int, int]]
) -> None:
    assert known_spans(known, MONTHS) == spans
    start, end = limits_of(spans)
    assert list(zip(start.tolist(), end.tolist(), strict=True)) == spans and len(limits_of([])[0]) == 0


@given(st.sets(st.integers(0, 40), min_size=2), st.sets(st.integers(0, 40), min_size=2))
def test_nothing_is_divided_and_no_time_counts_twice(one: set[int], other: set[int]) -> None:
    a, b = curve(*sorted(one)), curve(*sorted(other))
    spans = shared_spans(a, b, MONTHS)
    assert all(a.over(*span).exact and b.over(*span).exact for span in spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
