"""Arithmetic of intervals, rounded outward: what the bounds of a graph are computed with."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import numpy as np

from jcm_mrv.arrays import Flags, Numbers

Interval = tuple[Numbers, Numbers]

EPS = float(np.finfo(np.float64).eps)
# exp and power are not rounded correctly: the library errs by at most a few units in the last place
LIBRARY = 8 * EPS


def summed_up(arg: Interval, terms: int, add: Callable[[Numbers], Numbers]) -> Interval:
    """Sums of the bounds, widened by the rounding that a sum of so many terms can gather."""
    low, high = arg
    unknown = np.isnan(add(np.where(np.isnan(low), math.nan, 0.0)))
    slack = 2 * terms * EPS
    a = add(low) - slack * add(np.abs(low))
    b = add(high) + slack * add(np.abs(high))
    return outward(a, b, unknown)


def unknown_in(*arrays: Numbers) -> Flags:
    """True where one of several arrays is unknown."""
    result: Flags = np.isnan(arrays[0])
    for array in arrays[1:]:
        result = result | np.isnan(array)
    return result


def or_unknown(truth: Flags, unknown: Flags) -> Numbers:
    """A truth as 1 or 0, and NaN where it is unknown."""
    return np.where(unknown, math.nan, truth.astype(np.float64))


def outward(low: Numbers, high: Numbers, unknown: Flags) -> Interval:
    """One step outward; a NaN that no operand brought (inf - inf) means that nothing is known of the bound."""
    low = np.where(np.isnan(low), -math.inf, np.nextafter(low, -math.inf))
    high = np.where(np.isnan(high), math.inf, np.nextafter(high, math.inf))
    return np.where(unknown, math.nan, low), np.where(unknown, math.nan, high)


def widened(low: Numbers, high: Numbers, share: float) -> Interval:
    """Both ends moved outward by a share of their size."""
    low = np.where(np.isinf(low), low, low - np.abs(low) * share)
    high = np.where(np.isinf(high), high, high + np.abs(high) * share)
    return np.nextafter(low, -math.inf), np.nextafter(high, math.inf)


def times(left: Interval, right: Interval) -> Interval:
    """The product; 0 times an unbounded interval is 0, for its ends are never reached."""
    unknown = unknown_in(*left, *right)
    corners = [np.where((x == 0) | (y == 0), 0.0, x * y) for x, y in product(left, right)]
    stacked = np.stack(np.broadcast_arrays(*corners))
    return outward(stacked.min(axis=0), stacked.max(axis=0), unknown)


def raised(low: Numbers, high: Numbers, exponent: float) -> Interval:
    """An interval to a fixed power."""
    a, b = np.power(low, exponent), np.power(high, exponent)
    whole = exponent.is_integer()
    through_zero = (low <= 0) & (high >= 0)
    least, most = np.minimum(a, b), np.maximum(a, b)
    if exponent and exponent % 2 == 0:
        least = np.where(through_zero, 0.0, least)
    least, most = widened(least, most, LIBRARY)
    anything = (low < 0) & (high >= 0) if not whole else np.zeros(low.shape, dtype=np.bool_)
    if exponent < 0:
        anything = anything | through_zero
    return np.where(anything, -math.inf, least), np.where(anything, math.inf, most)


def side(
    never: Numbers,
    always: Numbers,
    yes: Interval,
    no: Interval,
    pick: Callable[[Numbers, Numbers], Numbers],
    end: int,
) -> Numbers:
    """One bound of a where: of the side that is taken, of both while that is undecided."""
    open_ = np.where(never == 1.0, yes[end], np.where(always == 0.0, no[end], pick(yes[end], no[end])))
    return np.where(np.isnan(never), math.nan, open_)


def covered(a: Numbers, b: Numbers, lower: Interval, upper: Interval, touched: Flags) -> Flags:
    """True where each value from a to b surely lies in exactly one class.

    It does where a and b lie in one class each, no two classes overlap, and
    every other class touched begins where another one ends.
    """
    (opens, opened), (closes, closed) = lower, upper
    first, last = ((opened <= end) & (end < closes) for end in (a, b))
    in_one = (first.sum(axis=-1) == 1) & (last.sum(axis=-1) == 1)
    certain = (opens == opened) & bool((closes == closed).all())
    joined = certain & (opens[:, np.newaxis] == closes).any(axis=1)
    continued = np.where(touched & ~first, joined, True).all(axis=-1)
    meet = (opens[:, np.newaxis] < closed) & (opens < closed[:, np.newaxis])
    apart = not (meet & ~np.eye(opens.size, dtype=np.bool_)).any()
    return np.asarray(in_one & continued & apart)
