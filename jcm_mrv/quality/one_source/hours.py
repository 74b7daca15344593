"""Two meters by hour: values that are one another's multiple, day by day or nearly so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jcm_mrv.arrays import Flags, Numbers
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.time.zones import HOUR, HOURS_A_DAY
from jcm_mrv.words import say

# Hours of a month that have to tell something before a month is compared, and how many of them may stand apart.
_LEAST_HOURS, _APART = 48, 0.02
# An hour tells something where its value is many times its last digit.
_TELLING, _TELLING_OF_DAY = 500.0, 20.0
# How far hourly values lie apart, beyond their last digit: two meters of one feeder
# agree to about 0.1 %, copies wholly.
NEAR_HOURLY, NEAR_COPIES = 2e-3, 1e-6
# Up to so many meters every pair is looked at, beyond it those that are alike at first sight.
_ALL_PAIRS, _ALIKE = 40, 0.01
# Days that follow another meter's in one proportion each, and the hours that have to tell something in a day.
_LEAST_DAYS, _HOURS_OF_DAY = 3, 8
# Two plants or loads differ from hour to hour by more than this share of their ratio of the day, whatever the weather
# that they have in common; a copy under a little noise does not. Of two that are equal on the whole to a few parts in
# ten thousand, as no two real ones are, more is a question.
_SPREAD, _SPREAD_OF_EQUALS, _EQUAL = 0.0075, 0.03, 1e-3
# Days and hours that have to tell something, and how many times the spread the values move by themselves.
_NEAR_DAYS, _NEAR_HOURS, _OWN_MOVES = 10, 100, 10.0
# From the median of the distances to the standard deviation of a normal distribution.
_TO_SIGMA = 1.4826


def candidates(rows: Sequence[Numbers]) -> list[tuple[int, int]]:
    """Pairs of rows (of equal length) whose size is spread so alike that a closer look is worth it."""
    if len(rows) <= _ALL_PAIRS:
        return [(a, b) for b in range(len(rows)) for a in range(b)]
    ordered = np.sort(np.array(rows), axis=1)
    marks = ordered[:, [-1 - round(share * ordered.shape[1]) for share in (0.05, 0.1, 0.2)]]
    with np.errstate(divide="ignore", invalid="ignore"):
        shape = marks[:, 1:] / marks[:, :1]
        apart = np.abs(shape[:, None] / shape[None] - 1).max(axis=2)
    return [(int(a), int(b)) for a, b in np.argwhere(apart < _ALIKE) if a < b]


def constant(later: Numbers, later_step: float, earlier: Numbers, earlier_step: float, near: float) -> float | None:
    """The one ratio of two equally long rows of hours, in their order or sorted (a copy moved by hours); else None."""
    for a, b in ((later, earlier), (np.sort(later), np.sort(earlier))):
        ratio = _ratio(a, later_step, b, earlier_step, near)
        if ratio is not None:
            return ratio
    return None


def _ratio(later: Numbers, later_step: float, earlier: Numbers, earlier_step: float, near: float) -> float | None:
    both = (later > 0) & (earlier > 0)
    if not both.any():
        return None
    ratio = float(np.median(later[both] / earlier[both]))
    allowed = near * later + later_step + ratio * earlier_step
    telling: Flags = np.minimum(later, ratio * earlier) > _TELLING * (later_step + ratio * earlier_step)
    told = np.count_nonzero(telling)
    apart = np.count_nonzero(np.abs(later - ratio * earlier)[telling] > allowed[telling])
    if told < _LEAST_HOURS or apart > _APART * told:
        return None
    if len(np.unique(later[telling])) < _LEAST_HOURS / 2:
        return None
    if float(np.std(np.log(later[telling]))) < _OWN_MOVES * near:
        return None  # loads that hardly move are alike in order of size, whatever they are of
    return ratio


def last_digit(values: Numbers, most: int = 6) -> float:
    """The size of the last digit in which values are written: 0.1 for 12.3; that of so many digits is the least."""
    for digits in range(most):
        if np.allclose(values, np.round(values, digits), rtol=0.0, atol=1e-6):
            return float(10.0**-digits)
    return float(10.0**-most)


def hours_of(profile: Profile, start: int, end: int) -> tuple[Numbers, float]:
    """Amounts of the whole hours of a span (0 where an hour is not wholly measured), and the last digit's size."""
    a, b = (max(0, round((t - profile.first) / HOUR)) for t in (start, end))
    amount, covered = profile.amount[a:b], profile.covered[a:b]
    values = np.where(covered >= 1 - 1e-9, amount, 0.0)
    return values, last_digit(values) * max(1.0, HOUR / profile.interval)


def near_copy(later: Numbers, digit: float, earlier: Numbers, digit_earlier: float) -> str:
    """How hours of the whole period follow another meter's nearer than two plants or loads do; empty where they do not.

    ``digit`` is the size of the last digit of each.
    """
    days = len(later) // HOURS_A_DAY
    days_b, days_a = (values[: days * HOURS_A_DAY].reshape(days, HOURS_A_DAY) for values in (later, earlier))
    both = (days_a > 0) & (days_b > 0)
    if not both.any():
        return ""
    ratio = float(np.median(days_b[both] / days_a[both]))
    loose = digit + ratio * digit_earlier
    telling: Flags = np.minimum(days_b, ratio * days_a) > _TELLING_OF_DAY * loose
    alike = _in_proportion(days_b, days_a, telling, digit, digit_earlier)
    if alike >= _LEAST_DAYS:
        return say("{days} days are those of the other, each times a factor of its own", days=alike)
    return _noise(days_b, days_a, telling)


def _in_proportion(later: Numbers, earlier: Numbers, telling: Flags, digit: float, digit_earlier: float) -> int:
    """The days of which every hour is that of another meter times one factor, to the last digit."""
    days = np.flatnonzero(telling.sum(axis=1) >= _HOURS_OF_DAY)
    b, a = later[days], earlier[days]
    factor = b.sum(axis=1, keepdims=True) / a.sum(axis=1, keepdims=True)
    same = np.abs(b - factor * a) <= digit + factor * digit_earlier
    alike = days[same.all(axis=1)].tolist()
    return sum(len(np.unique(later[day][telling[day]])) >= _HOURS_OF_DAY for day in alike)


def _noise(later: Numbers, earlier: Numbers, telling: Flags) -> str:
    """That all telling hours follow the other's, but for a little noise; in words, or empty."""
    days = np.flatnonzero(telling.sum(axis=1) >= _HOURS_OF_DAY / 2)
    if len(days) < _NEAR_DAYS or np.count_nonzero(telling[days]) < _NEAR_HOURS:
        return ""
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(telling, np.log(earlier), np.nan)[days]
        logs = np.where(telling, np.log(later), np.nan)[days] - own
    known = ~np.isnan(logs)
    spread = _sigma((logs - np.nanmedian(logs, axis=1, keepdims=True))[known])
    usual = np.array([np.median(hour[~np.isnan(hour)]) if (~np.isnan(hour)).any() else np.nan for hour in own.T])
    moves = _sigma((own - usual)[known])
    apart = abs(float(later[telling].sum() / earlier[telling].sum()) - 1)
    equal = apart < max(_EQUAL, 3 * spread / np.sqrt(np.count_nonzero(known)))
    if spread < (_SPREAD_OF_EQUALS if equal else _SPREAD) and moves > _OWN_MOVES * spread:
        return say(
            "{number_of_logs} hours follow the other's within {spread:.2%}, nearer than two plants or loads do",
            number_of_logs=len(logs[known]),
            spread=2 * spread,
        )
    return ""


def _sigma(distances: Numbers) -> float:
    """Of distances from medians: as many lie above 0 as below."""
    return float(_TO_SIGMA * np.median(np.abs(distances)))
