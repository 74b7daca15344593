"""Intervals at their limits: what is closed, what is open, and that everything is rounded outward."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from jcm_mrv.quantities.intervals import EPS, LIBRARY, covered, outward, raised, side, summed_up, times, widened
from support.expressions import one

pytestmark = pytest.mark.usefixtures("quiet")

INF, NAN = math.inf, math.nan


def pair(low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    return one(low), one(high)


def plain(found: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    return float(found[0][0]), float(found[1][0])


def near(found: tuple[np.ndarray, np.ndarray], low: float, high: float) -> None:
    """Just outside of these ends: never inside, and not far."""
    a, b = plain(found)
    assert a <= low and b >= high
    assert a == pytest.approx(low, rel=1e-12, abs=1e-300) and b == pytest.approx(high, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(
    ("left", "right", "low", "high"),
    [
        ((2, 3), (4, 5), 8, 15), ((-2, 3), (4, 5), -10, 15), ((-3, -2), (4, 5), -15, -8), ((-2, 3), (-4, 5), -12, 15),
        ((-3, -2), (-5, -4), 8, 15), ((0, 3), (-INF, INF), -INF, INF), ((0, 0), (-INF, INF), 0, 0),
    ],
)  # fmt: skip
def test_a_product_lies_between_its_corners(left: Any, right: Any, low: float, high: float) -> None:
    found = times(pair(*left), pair(*right))
    near(found, low, high)
    assert all(math.isnan(end) for end in plain(times(pair(NAN, NAN), pair(*right))))


@pytest.mark.parametrize(
    ("low", "high", "exponent", "least", "most"),
    [
        (2, 3, 2.0, 4, 9), (-2, 3, 2.0, 0, 9), (-3, 2, 2.0, 0, 9), (-3, -2, 2.0, 4, 9), (0, 3, 2.0, 0, 9),
        (-3, 0, 2.0, 0, 9), (-2, 3, 3.0, -8, 27), (2, 4, -1.0, 0.25, 0.5), (-4, -2, -1.0, -0.5, -0.25),
        (-2, 3, -1.0, -INF, INF), (0, 3, -1.0, -INF, INF), (-3, 0, -1.0, -INF, INF), (4, 9, 0.5, 2, 3),
        (0, 9, 0.5, 0, 3), (-1, 9, 0.5, -INF, INF), (-1, 0, 0.5, -INF, INF), (-4, -2, -2.0, 1 / 16, 1 / 4),
        (2, 3, 0.0, 1, 1), (-2, 3, 0.0, 1, 1), (-2, 3, 4.0, 0, 81),
        (0.5, 3, 2.0, 0.25, 9), (-3, -0.5, 2.0, 0.25, 9), (-2, 0.5, 2.0, 0, 4), (0.5, 2, -1.0, 0.5, 2),
        (-0.5, 4, 0.5, -INF, INF), (-1, 0.5, 0.5, -INF, INF), (-4, 0.5, -1.0, -INF, INF),
    ],
)  # fmt: skip
def test_a_power_of_an_interval(low: float, high: float, exponent: float, least: float, most: float) -> None:
    near(raised(one(low), one(high), exponent), least, most)


def test_every_operation_is_rounded_outward() -> None:
    low, high = plain(outward(one(1.0), one(2.0), one(False).astype(bool)))
    assert (low, high) == (np.nextafter(1.0, -INF), np.nextafter(2.0, INF))
    assert plain(outward(one(NAN), one(NAN), one(0).astype(bool))) == (-INF, INF)
    assert all(math.isnan(end) for end in plain(outward(one(1.0), one(2.0), one(1).astype(bool))))
    low, high = plain(widened(one(-2.0), one(3.0), LIBRARY))
    assert (low, high) == (np.nextafter(-2 - 2 * LIBRARY, -INF), np.nextafter(3 + 3 * LIBRARY, INF))
    low, high = plain(widened(one(2.0), one(-3.0), 0.5))
    assert (low, high) == (pytest.approx(1.0), pytest.approx(-1.5))
    assert plain(widened(one(-INF), one(INF), 0.5)) == (-INF, INF)


def test_a_sum_may_be_off_by_every_term() -> None:
    terms = np.array([1.0, -2.0, 3.0])
    low, high = summed_up((terms, terms), 3, lambda array: np.asarray(array.sum()))
    assert float(low) == np.nextafter(2 - 6 * 6 * EPS, -INF) and float(high) == np.nextafter(2 + 6 * 6 * EPS, INF)
    unknown = np.array([1.0, NAN])
    found = summed_up((unknown, unknown), 2, lambda array: np.asarray(array.sum()))
    assert all(math.isnan(float(end)) for end in found)
    endless = np.array([1.0, INF])
    assert float(summed_up((endless, endless), 2, lambda array: np.asarray(array.sum()))[1]) == INF


@pytest.mark.parametrize(
    ("never", "always", "low", "high"),
    [(1, 1, 10, 20), (0, 0, 30, 40), (0, 1, 10, 40), (NAN, NAN, NAN, NAN)],
)
def test_a_choice_that_is_open_takes_both_sides(never: float, always: float, low: float, high: float) -> None:
    yes, no = pair(10, 20), pair(30, 40)
    found = [side(one(never), one(always), yes, no, pick, end) for end, pick in ((0, np.minimum), (1, np.maximum))]
    assert [float(f[0]) for f in found] == pytest.approx([low, high], nan_ok=True)


CLASSES = np.array([0.0, 10.0, 20.0]), np.array([10.0, 20.0, 30.0])


@pytest.mark.parametrize(
    ("a", "b", "whole"),
    [
        (0.0, 29.9, True), (0.0, 0.0, True), (9.9, 10.0, True), (-0.1, 5.0, False), (25.0, 30.0, False),
        (5.0, 5.0, True), (29.9, 29.9, True), (10.0, 15.0, True), (10.0, 20.0, True),
    ],
)  # fmt: skip
def test_a_table_covers_what_lies_in_its_classes(a: float, b: float, whole: bool) -> None:
    lower, upper = ((end, end) for end in CLASSES)
    touched = (np.array([[b]]) >= CLASSES[0]) & (np.array([[a]]) < CLASSES[1])
    assert bool(covered(np.array([[a]]), np.array([[b]]), lower, upper, touched)[0]) is whole


@pytest.mark.parametrize(
    ("lower", "upper", "a", "b", "whole"),
    [
        ([20.0, 0.0, 10.0], [30.0, 10.0, 20.0], 5.0, 25.0, True),  # in any order
        ([0.0, 10.0], [10.0, 20.0], 5.0, 25.0, False),
        ([0.0, 12.0, 20.0], [10.0, 20.0, 30.0], 5.0, 25.0, False),  # a hole from 10 to 12
        ([0.0, 12.0, 20.0], [10.0, 20.0, 30.0], 13.0, 25.0, True),  # which this range does not meet
        ([0.0, 5.0], [10.0, 6.0], 1.0, 8.0, False),  # one class inside another
        ([0.0, 20.0, 21.0], [10.0, 23.0, 30.0], 1.0, 8.0, False),  # two that overlap elsewhere: nothing is sure
    ],
)
def test_a_table_in_any_order(lower: Any, upper: Any, a: float, b: float, whole: bool) -> None:
    low, up = np.array(lower), np.array(upper)
    touched = (np.array([[b]]) >= low) & (np.array([[a]]) < up)
    assert bool(covered(np.array([[a]]), np.array([[b]]), (low, low), (up, up), touched)[0]) is whole


def test_a_table_whose_edges_are_not_certain_covers_what_lies_in_one_class() -> None:
    """The lower class ends between 10 and 11, where the upper one begins: 5 to 6 is sure, 5 to 15 is not."""
    lower = np.array([0.0, 11.0]), np.array([0.0, 11.0])
    upper = np.array([10.0, 20.0]), np.array([11.0, 20.0])
    for b, whole in ((6.0, True), (15.0, False)):
        touched = (np.array([[b]]) >= lower[0]) & (np.array([[5.0]]) < upper[1])
        assert bool(covered(np.array([[5.0]]), np.array([[b]]), lower, upper, touched)[0]) is whole


@pytest.mark.parametrize(
    ("opened", "closes", "whole"),
    [
        ([0.0, 10.0, 20.0], [10.0, 20.0, 30.0], True),
        ([0.0, 11.0, 20.0], [10.0, 20.0, 30.0], False),  # the second may begin at 11 only
        ([0.0, 10.0, 21.0], [10.0, 20.0, 30.0], True),  # not met
        ([0.0, 10.0, 20.0], [10.0, 20.0, 29.0], False),  # an end that is not certain leaves nothing sure of several
    ],
)
def test_classes_that_may_begin_later_or_end_earlier(opened: Any, closes: Any, whole: bool) -> None:
    """From 5 to 15: the classes begin at 0, 10 and 20 and end at 10, 20 and 30, or perhaps otherwise."""
    lower, upper = (CLASSES[0], np.array(opened)), (np.array(closes), CLASSES[1])
    a, b = np.array([[5.0]]), np.array([[15.0]])
    touched = (b >= lower[0]) & (a < upper[1])
    assert bool(covered(a, b, lower, upper, touched)[0]) is whole


def test_a_table_with_a_hole_or_an_overlap_covers_nothing_across_it() -> None:
    for upper in (np.array([9.0, 20.0, 30.0]), np.array([11.0, 20.0, 30.0])):
        touched = (np.array([[15.0]]) >= CLASSES[0]) & (np.array([[5.0]]) < upper)
        assert not covered(np.array([[5.0]]), np.array([[15.0]]), (CLASSES[0],) * 2, (upper,) * 2, touched)[0]
