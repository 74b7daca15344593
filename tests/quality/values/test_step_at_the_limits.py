"""What makes a step of a slip: each limit just below it, at it and just above it, on logarithms that are exact.

A change is the logarithm of a day against the same day of the week before; 2 is about the sevenfold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.quality.values.step import (
    _Changes,
    _levelled,
    _middles,
    _named,
    _same_at_every_hour,
    _size_at,
    _step_at,
    _week_before,
)
from jcm_mrv.time.zones import DAY
from support.limits import made
from support.steps import days_of, load

NAN = math.nan


# --- changes from week to week ------------------------------------------------------------------


def test_a_day_against_the_same_day_of_the_week_before() -> None:
    """Of nothing, of what is below it and of what is not known there is no logarithm."""
    values = np.array([1.0, 1.0, 0.0, -5.0, -math.inf, NAN, 0.5, math.e, 0.0, 1.0, 1.0, 1.0, 1.0, 0.5 * math.e])
    assert _week_before(values).tolist() == pytest.approx([NAN] * 7 + [1.0, NAN, NAN, NAN, NAN, NAN, 1.0], nan_ok=True)


def test_sums_and_highest_values_are_told_apart() -> None:
    """Sums change by 1, 2 and 3 in the second week, highest values by -1, -1.5 and -4; usual is 1.48 of the middle."""
    sums, highest = np.zeros(10), np.zeros(10)
    sums[7:], highest[7:] = [1, 2, 3], [-1, -1.5, -4]
    whole = made(load(10), {"amount": np.repeat(np.exp(sums), 24), "day_highest": np.exp(highest)})
    changes = _Changes.of(whole, 3)
    assert changes.noise == pytest.approx((2 * 1.48, 1.5 * 1.48))
    assert changes.middle(7, 3) == pytest.approx((2, -1.5, -1.5))
    assert changes.middle(8, 2) == pytest.approx((2.5, -2.75, -2.75))
    assert changes.steadier[7:] == pytest.approx([-1, -1.5, -4])
    louder = replace(changes, noise=(1.0, 1.5))
    assert louder.steadier[7:] == pytest.approx([1, 2, 3]) and louder.middle(8, 2)[2] == pytest.approx(2.5)
    short = _Changes.of(whole, 20)  # a setting of more days than there are
    assert short.middle(7, 2) == pytest.approx((1.5, -1.25, -1.25))
    assert _Changes.of(made(np.zeros(240)), 3).noise == (math.inf, math.inf)


def changes_of(
    sums: Sequence[float], highest: Sequence[float], days: int, noise: tuple[float, float], before: Sequence[float]
) -> _Changes:
    """Changes from the eighth day on, after those of the two days ``before``; three more days of nothing."""
    both = [np.array([*[NAN] * 5, *before, *values, 0.0, 0.0, 0.0]) for values in (sums, highest)]
    return _Changes(both[0], both[1], noise, {days: (_middles(both[0], days), _middles(both[1], days))})


TWO, THREE, SEVEN = [4.0] * 2, [2.0] * 3, [2.0] * 7


@pytest.mark.parametrize(
    ("sums", "highest", "noise", "before", "size"),
    [
        (THREE, THREE, (0, 0), (0, 0), 2.0), ([-2.0] * 3, [-2.0] * 3, (0, 0), (0, 0), -2.0),
        # from 1.6 times on, of two days from 8 times on
        ([0.5] * 3, [math.log(1.6)] * 3, (0, 0), (0, 0), math.log(1.6)),
        ([0.47] * 3, [0.469] * 3, (0, 0), (0, 0), None),
        ([2.0] * 2, [math.log(8.0)] * 2, (0, 0), (0, 0), math.log(8.0)), ([2.0] * 2, [2.0] * 2, (0, 0), (0, 0), None),
        # sums and highest values change into one direction, whatever the sums do otherwise
        ([-0.125] * 3, THREE, (2, 0), (0, 0), None), ([0.0] * 3, THREE, (2, 0), (0, 0), None),
        ([0.125] * 3, THREE, (2, 0), (0, 0), 2.0),
        # the steadier of both tells the size: here the sums
        ([2.5] * 3, THREE, (0, 0.5), (0, 0), 2.5), ([2.5] * 3, THREE, (0.5, 0.5), (0, 0), 2.0),
        # each day is known, and within half of the size; sums also within twice what is usual
        ([2.0, NAN, 2.0], THREE, (0, 0), (0, 0), None), (THREE, [2.0, 2.0, NAN], (0, 0), (0, 0), None),
        ([1.0, 2.0, 2.0], THREE, (0, 0), (0, 0), None), ([1.01, 2.0, 2.0], THREE, (0, 0), (0, 0), 2.0),
        ([2.0, 3.0, 2.0], THREE, (0, 0), (0, 0), None), ([2.0, 2.99, 2.0], THREE, (0, 0), (0, 0), 2.0),
        ([2.0, 3.49, 2.0], THREE, (0.75, 0), (0, 0), 2.0), ([2.0, 3.5, 2.0], THREE, (0.75, 0), (0, 0), None),
        (THREE, [2.0, 2.0, 1.0], (0, 0), (0, 0), None), (THREE, [2.0, 2.0, 1.01], (0, 0), (0, 0), 2.0),
        (THREE, [2.0, 2.0, 3.1], (3, 0), (0, 0), None),
        # one day of a week may be odd, but not the first
        ([*SEVEN[:6], 0.0], SEVEN, (0, 0), (0, 0), 2.0), ([*SEVEN[:5], 0.0, 0.0], SEVEN, (0, 0), (0, 0), None),
        ([0.0, *SEVEN[1:]], SEVEN, (0, 0), (0, 0), None), ([2.0] * 5 + [0.0], [2.0] * 6, (0, 0), (0, 0), None),
        # more than four times what is usual, by the root of the days
        (THREE, THREE, (9, 0.86), (0, 0), 2.0), (THREE, THREE, (9, 0.87), (0, 0), None),  # 2 / 4 x 1.732 = 0.866
        ([2.0] * 4, [2.0] * 4, (9, 1.0), (0, 0), None), ([2.0] * 4, [2.0] * 4, (9, 0.99), (0, 0), 2.0),
        # sharp: the day before changed by less than half, or by a part of it where the day before that did not
        (THREE, THREE, (0, 0), (0, 0.99), 2.0), (THREE, THREE, (0, 0), (1.5, 0.99), 2.0),
        (THREE, THREE, (0, 0), (0.99, 1.0), 2.0), (THREE, THREE, (0, 0), (1.0, 1.0), None),
        (THREE, THREE, (0, 0), (-0.99, 1.99), 2.0), (THREE, THREE, (0, 0), (-1.0, 1.99), None),
        (THREE, THREE, (0, 0), (0, 2.0), None), (THREE, THREE, (0, 0), (0, -0.99), 2.0),
        (THREE, THREE, (0, 0), (0, -1.0), None), (THREE, THREE, (0, 0), (NAN, NAN), 2.0),
        ([-2.0] * 3, [-2.0] * 3, (0, 0), (0, -1.5), -2.0), ([-2.0] * 3, [-2.0] * 3, (0, 0), (0, 1.5), None),
    ],
)  # fmt: skip
def test_how_large_and_how_sharp_a_step_is(
    sums: list[float], highest: list[float], noise: Any, before: Any, size: float | None
) -> None:
    changes = changes_of(sums, highest, len(sums), noise, before)
    assert _size_at(changes, 7, len(sums)) == (None if size is None else pytest.approx(size))
    assert _size_at(changes, 14, len(sums)) is None  # fewer days are left


def test_a_day_that_hardly_changes_begins_nothing() -> None:
    """Half of 1.6 times is 0.235: sums, the steadier ones, rise by 0.35, the first day's highest value by less."""
    power = days_of(13)
    power[7:] *= 1.5
    whole = made(power.ravel(), {"interval": DAY}, factors=(1.51,))
    for first, found in ((0.23, False), (0.24, True)):
        changes = changes_of([0.35] * 3, [first, 0.48, 0.48], 3, (0, 0.01), (0, 0))
        changes = replace(changes, middles={**changes.middles, 2: changes.middles[3]})
        assert (_step_at(whole, changes, 7) is not None) == found


# --- the factor of a step -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "back", "mean"),
    [
        # as many days of the way back as the span has, a week at most, each against it
        ([2.0] * 3, [-2.5] * 3 + [-1.5] * 9, 2.25), ([2.0] * 7 + [2.9] * 9, [-2.5] * 7 + [-1.5] * 9, 2.25),
        # those that differ by half or more from the first day tell nothing
        ([2.0, 3.0, 1.0], [-1.0, -3.0, -3.0], 2.0), ([2.0, 2.75, 1.25], [0.0, 2.0, -2.0], 2.0),
        ([3.0, 2.0, 4.75], [0.0, 0.0, 0.0], 2.5), ([-2.0, -2.5], [3.0, 2.0], -6.5 / 3), ([2.0] * 3, [], 2.0),
    ],
)  # fmt: skip
def test_the_ratio_by_all_days_that_tell_it(inside: list[float], back: list[float], mean: float) -> None:
    change = np.array([*[0.0] * 7, *inside, *back])
    one = _named(made(load(30)), _Changes(change, change, (0, 0), {}), 7, 7 + len(inside))
    assert one is not None and one.ratio == pytest.approx(math.exp(mean))


@pytest.mark.parametrize(
    ("ratio", "noise", "near"),
    [
        # 15 %, and what the mean of four days may be off by: 0.1 / 2
        (11.9, (0.2, 0.1), True), (12.1, (0.2, 0.1), False), (12.1, (0.1, 0.2), False), (11.4, (0, 0), True),
        (11.6, (0, 0), False), (14.9, (9, 9), True), (15.1, (9, 9), False),
    ],
)  # fmt: skip
def test_how_near_a_factor_has_to_be(ratio: float, noise: tuple[float, float], near: bool) -> None:
    change = np.array([0.0] * 7 + [math.log(ratio)] * 2 + [-math.log(ratio)] * 2)
    one = _named(made(load(20)), _Changes(change, change, noise, {}), 7, 9)
    assert one is not None and one.ratio == pytest.approx(ratio)
    assert one.slip.factor == pytest.approx(10.0 if near else ratio) and bool(one.slip.words) == near


# --- every hour of the day ------------------------------------------------------------------------


def day_of(*parts: tuple[int, float]) -> np.ndarray:
    """A day of so many hours of each level [kW]."""
    return np.concatenate([np.full(count, level) for count, level in parts])


def told(before: np.ndarray, after: np.ndarray, target: float, days: int = 3, **odd: float) -> bool:
    """Whether ten days of the one and ten of the other differ alike at every hour; ``d11h3`` is one that is odd."""
    power = np.concatenate((np.tile(before, (10, 1)), np.tile(after, (10, 1))))
    for at, value in odd.items():
        day, hour = at[1:].split("h")
        power[int(day), int(hour)] = value
    return _same_at_every_hour(made(power.ravel()), 10, days, target)


TEN = math.log(10.0)


@pytest.mark.parametrize("scale", [1.0, 2.0**-10])
@pytest.mark.parametrize(
    ("before", "after", "target", "same"),
    [
        # four fifths of the hours
        ([(20, 128.0), (4, 0.0)], [(16, 12.8), (4, 128.0), (4, 0.0)], -TEN, True),
        ([(20, 128.0), (4, 0.0)], [(15, 12.8), (5, 128.0), (4, 0.0)], -TEN, False),
        # four hours that run have to show it
        ([(4, 128.0), (20, 0.0)], [(4, 1280.0), (20, 0.0)], TEN, True),
        ([(3, 128.0), (21, 0.0)], [(3, 1280.0), (21, 0.0)], TEN, False),
        ([(24, 0.0)], [(24, 0.0)], TEN, False),
        # what is no more than a fiftieth of the busiest hour tells nothing, before or after
        ([(18, 128.0), (6, 2.56)], [(18, 1280.0), (6, 200.0)], TEN, True),
        ([(18, 128.0), (6, 2.6)], [(18, 1280.0), (6, 26.0 * 2)], TEN, False),
        ([(18, 128.0), (6, 40.0)], [(18, 1280.0), (6, 25.6)], TEN, True),
        ([(18, 128.0), (6, 40.0)], [(18, 1280.0), (6, 26.0)], TEN, False),
        # near: within a fifth of the logarithm, 0.45 at least
        ([(24, 128.0)], [(24, 128.0)], 0.45, False),
        ([(24, 128.0)], [(24, 128.0)], 0.4499, True),
        ([(24, 128.0)], [(24, 128.0 * math.exp(7.9))], 10.0, False),
        ([(24, 128.0)], [(24, 128.0 * math.exp(8.1))], 10.0, True),
        ([(24, 128.0)], [(24, 128.0 * math.exp(-8.1))], -10.0, True),
    ],
)
def test_each_hour_that_runs_has_to_change_by_the_factor(
    before: Any, after: Any, target: float, same: bool, scale: float
) -> None:
    assert told(scale * day_of(*before), scale * day_of(*after), target) is same


def test_an_hour_that_is_not_known_on_a_day_is_left_out() -> None:
    """The first day may begin in its course; the days after it are asked, up to the last that tells the step."""
    before, after = day_of((24, 128.0)), day_of((24, 1280.0))
    assert told(before, after, TEN, d11h3=NAN) and told(before, after, TEN, d4h3=NAN)
    assert told(before, after, TEN, d11h3=NAN, d12h4=NAN, d5h5=NAN)
    odd = {f"d12h{h}": 12800.0 for h in range(24)}
    assert told(before, after, TEN, 2, **odd) and not told(before, after, TEN, 3, **odd)
    odd = {f"d10h{h}": 1.0 for h in range(24)}
    assert told(before, after, TEN, 2, **odd)


@pytest.mark.parametrize(
    ("busy", "quiet", "target", "same"),
    [
        # a holiday: 100 by day and 45 by night fall to one level of 27, near 1/3.6; and back from it
        ((100.0, 27.0), (45.0, 27.0), math.log(0.3), False), ((27.0, 100.0), (27.0, 45.0), math.log(3.4), False),
        ((100.0, 27.0), (45.0, 12.0), math.log(0.27), True), ((27.0, 100.0), (12.0, 45.0), math.log(3.7), True),
        # less than the e-fold, where day and night come to differ
        ((50.0, 100.0), (50.0, 66.0), 0.5, False), ((66.0, 100.0), (50.0, 75.0), 0.5, True),
    ],
)  # fmt: skip
def test_hours_that_come_to_one_level_are_no_slip(busy: Any, quiet: Any, target: float, same: bool) -> None:
    before, after = (day_of((12, busy[n]), (12, quiet[n])) for n in (0, 1))
    assert told(before, after, target) is same


@pytest.mark.parametrize(
    ("ratio", "usual", "levelled"),
    [
        ([-0.6, 0.6], [-1.0, 1.0], False), ([-0.61, 0.61], [-1.0, 1.0], True), ([0.61, -0.61], [-1.0, 1.0], True),
        ([2.41, 3.59], [4.0, 6.0], False), ([2.39, 3.61], [4.0, 6.0], True),
        ([-0.2, 0.2], [-0.2, 0.2], False), ([-0.21, 0.21], [-0.21, 0.21], True),
    ],
)  # fmt: skip
def test_a_base_load_that_stays(ratio: list[float], usual: list[float], levelled: bool) -> None:
    """Hours that differ by more than 0.2, and what they change by follows that to more than 0.6."""
    assert _levelled(np.array(ratio), np.array(usual)) is levelled


def test_daily_sums_have_no_hours() -> None:
    assert _same_at_every_hour(made(load(20), {"interval": DAY}), 10, 3, TEN)
