"""Runs of what a main meter states, and which spans of it are named; months of ten units of time."""

from __future__ import annotations

import numpy as np

from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.quality.balance import Balance, runs_of, without_overlap

MONTHS = np.array([0, 10, 20, 30, 40], dtype=np.int64)


def known(*spans: tuple[int, int]) -> Curve:
    start, end = (np.array(side, dtype=np.int64) for side in zip(*spans, strict=True))
    return Curve.of_spans(start, end, np.ones(len(spans)))


def test_runs_are_of_two_cycles_or_more_and_end_at_a_gap() -> None:
    curve = known((5, 15), (15, 25), (25, 35))
    assert list(runs_of(curve, MONTHS)) == [(5, 25), (5, 35), (15, 35)]
    assert list(runs_of(known((5, 15), (16, 25), (25, 35)), MONTHS)) == [(16, 35)]
    assert list(runs_of(known((5, 15)), MONTHS)) == []
    assert len(list(runs_of(known(*((n, n + 1) for n in range(40))), MONTHS))) == 40 * 39 / 2
    many = known(*((n, n + 1) for n in range(-10, 31)))
    assert list(runs_of(many, MONTHS)) == [(-10, 10), (-10, 20), (-10, 30), (-10, 31), (0, 20), (0, 30), (0, 31),
                                           (10, 30), (10, 31), (20, 31)]  # fmt: skip


def span(start: int, end: int, main: float, least: float, allowed: float = 0.0) -> Balance:
    return Balance(start, end, main, least, least, least, allowed)


def test_the_clearest_run_is_named_and_none_that_shares_time_with_another() -> None:
    first = [span(0, 10, 5.0, 9.0), span(10, 20, 5.0, 5.0)]
    runs = [span(0, 20, 5.0, 99.0), span(10, 40, 5.0, 7.0), span(20, 40, 5.0, 8.0), span(20, 30, 5.0, 9.0, 2.0)]
    assert without_overlap(first, runs) == [first[0], runs[2]], "9 less 2 allowed is less clear than 8"
    assert without_overlap([], [span(0, 10, 5.0, 6.0, 1.0)]) == [], "no more than is allowed"
    assert without_overlap([], [runs[2], span(0, 20, 5.0, 6.0)]) == [span(0, 20, 5.0, 6.0), runs[2]], "in order of time"
    assert without_overlap([], [span(0, 20, 95.0, 100.0), span(10, 20, 50.0, 60.0)]) == [span(10, 20, 50.0, 60.0)]
    beside = [span(0, 10, 5.0, 6.0), span(20, 30, 5.0, 6.0)]
    assert [one.start for one in without_overlap([span(10, 20, 5.0, 9.0)], beside)] == [0, 10, 20], "side by side"
