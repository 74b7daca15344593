"""Cutting intervals at edges and joining runs, against second by second counting."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.time.dividing import Runs, divide, overlap_of

EDGES = st.lists(st.integers(0, 60), min_size=2, max_size=6, unique=True).map(sorted)
SPANS = st.lists(st.tuples(st.integers(-10, 70), st.integers(1, 40)), max_size=12)


def arrays(spans: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    start = np.array([a for a, _ in spans], dtype=np.int64)
    return start, start + np.array([n for _, n in spans], dtype=np.int64)


@given(SPANS, EDGES)
def test_each_unit_of_time_falls_into_its_segment(spans: list[tuple[int, int]], edges: list[int]) -> None:
    start, end = arrays(spans)
    pieces = divide(start, end, np.array(edges, dtype=np.int64))
    got: dict[tuple[int, int], float] = {}
    for row, segment, share in zip(pieces.row.tolist(), pieces.segment.tolist(), pieces.share.tolist(), strict=True):
        assert (row, segment) not in got
        got[row, segment] = share
    expected: dict[tuple[int, int], float] = {}
    for row, (a, length) in enumerate(spans):
        for second in range(a, a + length):
            for segment, (low, high) in enumerate(itertools.pairwise(edges)):
                if low <= second < high:
                    expected[row, segment] = expected.get((row, segment), 0) + 1 / length
    assert got == pytest.approx(expected, rel=1e-12)


@given(SPANS, EDGES, st.booleans())
def test_intervals_in_order_are_cut_like_those_in_any_order(
    spans: list[tuple[int, int]], edges: list[int], apart: bool
) -> None:
    """The quick way for spans of which no edge cuts one is no other way."""
    limits = np.array(edges, dtype=np.int64)
    kept = [s for s in sorted(spans) if not (apart and any(s[0] < edge < sum(s) for edge in edges))]
    start, end = arrays(kept)
    straight, turned = divide(start, end, limits), divide(start[::-1], end[::-1], limits)
    back = np.lexsort((turned.segment, len(kept) - 1 - turned.row))
    assert straight.row.tolist() == (len(kept) - 1 - turned.row[back]).tolist()
    for name in ("segment", "start", "end", "share"):
        assert getattr(straight, name).tolist() == getattr(turned, name)[back].tolist()


@given(SPANS)
def test_an_interval_inside_the_edges_loses_nothing(spans: list[tuple[int, int]]) -> None:
    start, end = arrays(spans)
    pieces = divide(start, end, np.array([-10, 3, 4, 30, 110], dtype=np.int64))
    total = np.bincount(pieces.row, pieces.share, minlength=len(spans))
    assert total == pytest.approx(np.ones(len(spans)), rel=1e-14)


@given(SPANS)
def test_runs_cover_the_same_time_in_any_order(spans: list[tuple[int, int]]) -> None:
    start, end = arrays(spans)
    runs = Runs.of(start, end)
    covered = {s for a, n in spans for s in range(a, a + n)}
    assert {s for a, b in zip(runs.start.tolist(), runs.end.tolist(), strict=True) for s in range(a, b)} == covered
    assert (runs.start[1:] > runs.end[:-1]).all()
    again = Runs.of(start[::-1], end[::-1])
    assert again.start.tolist() == runs.start.tolist() and again.end.tolist() == runs.end.tolist()


@given(SPANS, SPANS)
def test_an_overlap_is_found_exactly_where_there_is_one(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    first, second = (Runs.of(*arrays(s)) for s in (a, b))
    shared = {s for x, n in a for s in range(x, x + n)} & {s for x, n in b for s in range(x, x + n)}
    found = overlap_of(first, second)
    assert (found is None) == (not shared)
    if found:
        assert set(range(*found)) <= shared and found[0] == min(shared)
