"""Bounds: between which values every node lies while the inputs move in a box.

Interval arithmetic, rounded outward after every operation, so that the value
computed at any point of the box is contained. Two occurrences of one input are
taken as if they moved apart: the bounds may be wider than need be, never
narrower.

Unknown stays unknown: both bounds are NaN, also where the box leaves open
whether an unknown side of a choice is taken. Where an operation may leave its
domain inside the box (division by an interval that contains 0, a fractional
power of a possibly negative base, an ``x`` that may fall outside a class
table) the bounds are -inf and inf; where it surely does, they are NaN.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import reduce
from itertools import product

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.across import accumulated, between, extreme, grouped, shifted, summed, taken
from jcm_mrv.quantities.digits import round_to
from jcm_mrv.quantities.errors import SpaceError
from jcm_mrv.quantities.evaluate import Evaluation, Values
from jcm_mrv.quantities.graph import of_type, walk
from jcm_mrv.quantities.intervals import (
    LIBRARY,
    Interval,
    covered,
    or_unknown,
    outward,
    raised,
    side,
    summed_up,
    times,
    unknown_in,
    widened,
)
from jcm_mrv.quantities.sets import Set, Space, align
from jcm_mrv.quantities.surface import Surface


class Bounds:
    """The bounds of every node of a graph over the box from ``lower`` to ``upper``.

    ``bounds[node]`` is a pair of arrays over ``node.sets``. A condition has
    bounds 0 and 1 where it is undecided. Labels are certain: they are taken
    from ``lower``.

    Raises SpaceError when an input is missing or a lower bound exceeds its
    upper bound.
    """

    def __init__(self, roots: Iterable[eq.Node], lower: Values, upper: Values, space: Space) -> None:
        self.space = space
        self._kept = tuple(roots)
        leaves = [n for n in walk(self._kept) if not n.operands]
        low, high = Evaluation(leaves, lower, space), Evaluation(leaves, {**lower, **upper}, space)
        for leaf in of_type(leaves, eq.Input):
            if (low[leaf] > high[leaf]).any():
                raise SpaceError(f"the lower bound of {leaf.symbol} exceeds its upper bound")
        self.ends = low, high
        self._pairs: dict[int, Interval] = {}
        with np.errstate(all="ignore"):
            for node in walk(self._kept):
                self._pairs[id(node)] = BOUNDS(node, self)

    def __getitem__(self, node: eq.Node) -> Interval:
        return self._pairs[id(node)]

    def __contains__(self, node: eq.Node) -> bool:
        return id(node) in self._pairs

    def over(self, node: eq.Node, sets: tuple[Set, ...]) -> Interval:
        """The bounds of a node viewed as broadcastable over more sets."""
        low, high = self[node]
        return align(low, node.sets, sets), align(high, node.sets, sets)

    def two(self, node: eq.Binary | eq.Compare | eq.Both | eq.Either) -> tuple[Interval, Interval]:
        """The bounds of both operands over the node's sets."""
        return self.over(node.left, node.sets), self.over(node.right, node.sets)

    def by_class(self, node: eq.Table) -> Interval:
        """The bounds of a table's values, its classes along the last axis behind the node's sets."""
        low, high = self[node.values]
        wide = (*node.sets, node.classes)
        return align(low, node.values.sets, wide), align(high, node.values.sets, wide)

    def spread(self, arg: eq.Expression, sets: tuple[Set, ...]) -> Interval:
        """The bounds of an operand as whole arrays over more sets."""
        shape = self.space.shape(sets)
        low, high = self.over(arg, sets)
        return np.broadcast_to(low, shape), np.broadcast_to(high, shape)


BOUNDS: Surface[[Bounds], Interval] = Surface("bounds")
"""The bounds of a node, its operands having theirs."""


@BOUNDS.rule(eq.Input, eq.Label, eq.Constant, eq.Number, eq.NumberOf)
def _leaf(node: eq.Node, b: Bounds) -> Interval:
    return b.ends[0][node], b.ends[1][node]


# --- arithmetic ---


@BOUNDS.rule(eq.Defined)
def _defined(node: eq.Defined, b: Bounds) -> Interval:
    return b.spread(node.equation, node.sets)


@BOUNDS.rule(eq.Spread)
def _spread(node: eq.Spread, b: Bounds) -> Interval:
    return b.spread(node.arg, node.sets)


@BOUNDS.rule(eq.Negative)
def _negative(node: eq.Negative, b: Bounds) -> Interval:
    low, high = b[node.arg]
    return -high, -low


@BOUNDS.rule(eq.Exponential)
def _exponential(node: eq.Exponential, b: Bounds) -> Interval:
    low, high = b[node.arg]
    return widened(np.exp(low), np.exp(high), LIBRARY)


@BOUNDS.rule(eq.Logarithm)
def _logarithm(node: eq.Logarithm, b: Bounds) -> Interval:
    low, high = b[node.arg]
    least, most = widened(np.log(low), np.log(high), LIBRARY)
    inside, outside = low > 0, np.where(np.isnan(low) | (high <= 0), math.nan, math.inf)
    return np.where(inside, least, -outside), np.where(inside, most, outside)


@BOUNDS.rule(eq.Rounded)
def _rounded(node: eq.Rounded, b: Bounds) -> Interval:
    low, high = b[node.arg]
    return round_to(low, node.digits, node.direction), round_to(high, node.digits, node.direction)


@BOUNDS.rule(eq.Add)
def _add(node: eq.Add, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    return outward(a + c, b + d, unknown_in(a, c))


@BOUNDS.rule(eq.Subtract)
def _subtract(node: eq.Subtract, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    return outward(a - d, b - c, unknown_in(a, c))


@BOUNDS.rule(eq.Multiply)
def _multiply(node: eq.Multiply, b: Bounds) -> Interval:
    return times(*b.two(node))


@BOUNDS.rule(eq.Weighted)
def _weighted(node: eq.Weighted, b: Bounds) -> Interval:
    left, right = b.two(node)
    low, high = times(left, right)
    nothing = (left[0] == 0) & (left[1] == 0)
    return np.where(nothing, 0.0, low), np.where(nothing, 0.0, high)


@BOUNDS.rule(eq.Divide)
def _divide(node: eq.Divide, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    unknown = unknown_in(a, c)
    corners = np.stack(np.broadcast_arrays(*(x / y for x, y in product((a, b), (c, d)))))
    through_zero = (c <= 0) & (d >= 0)
    low = np.where(through_zero, -math.inf, corners.min(axis=0))
    return outward(low, np.where(through_zero, math.inf, corners.max(axis=0)), unknown)


@BOUNDS.rule(eq.Power)
def _of_power(node: eq.Power, b: Bounds) -> Interval:
    low, high = b[node.base]
    return raised(low, high, float(node.exponent))


@BOUNDS.rule(eq.Extreme)
def _extreme(node: eq.Extreme, b: Bounds) -> Interval:
    pick = np.minimum if isinstance(node, eq.Minimum) else np.maximum
    lows, highs = zip(*(b.over(arg, node.sets) for arg in node.args), strict=True)
    return reduce(pick, lows), reduce(pick, highs)


# --- conditions and choices ---


@BOUNDS.rule(eq.Compare)
def _compare(node: eq.Compare, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    if node.operator in (">", ">="):
        (a, b), (c, d) = (c, d), (a, b)
    if node.operator in ("<", ">"):
        surely, possibly = b < c, a < d
    else:
        surely, possibly = b <= c, a <= d
    unknown = unknown_in(a, c)
    return or_unknown(surely, unknown), or_unknown(possibly, unknown)


@BOUNDS.rule(eq.IsLabel)
def _is_label(node: eq.IsLabel, b: Bounds) -> Interval:
    chosen, _ = b[node.label]
    truth = or_unknown(chosen == node.label.choices.index(node.choice), chosen < 0)
    return truth, truth


@BOUNDS.rule(eq.Both)
def _both(node: eq.Both, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    return np.minimum(a, c), np.minimum(b, d)


@BOUNDS.rule(eq.Either)
def _either(node: eq.Either, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    return np.maximum(a, c), np.maximum(b, d)


@BOUNDS.rule(eq.Not)
def _not(node: eq.Not, b: Bounds) -> Interval:
    low, high = b[node.arg]
    return 1.0 - high, 1.0 - low


@BOUNDS.rule(eq.Where)
def _where(node: eq.Where, b: Bounds) -> Interval:
    never, always = b.over(node.condition, node.sets)
    yes, no = b.over(node.yes, node.sets), b.over(node.no, node.sets)
    return side(never, always, yes, no, np.minimum, 0), side(never, always, yes, no, np.maximum, 1)


@BOUNDS.rule(eq.Choose)
def _choose(node: eq.Choose, bounds: Bounds) -> Interval:
    chosen, _ = bounds.over(node.label, node.sets)
    shape = bounds.space.shape(node.sets)
    low: Numbers = np.full(shape, math.nan)
    high: Numbers = np.full(shape, math.nan)
    for ordinal, (_, branch) in enumerate(node.branches):
        a, b = bounds.over(branch, node.sets)
        low, high = np.where(chosen == ordinal, a, low), np.where(chosen == ordinal, b, high)
    return low, high


@BOUNDS.rule(eq.Lookup)
def _lookup(node: eq.Lookup, bounds: Bounds) -> Interval:
    a, b = (end[..., np.newaxis] for end in bounds.over(node.x, node.sets))
    lower, upper, (low, high) = bounds[node.lower], bounds[node.upper], bounds.by_class(node)
    touched = (b >= lower[0]) & (a < upper[1])
    result_low = np.where(touched, low, math.inf).min(axis=-1, initial=math.inf)
    result_high = np.where(touched, high, -math.inf).max(axis=-1, initial=-math.inf)
    unknown = np.isnan(a[..., 0]) | ~touched.any(axis=-1)
    open_end = ~covered(a, b, lower, upper, touched)
    result_low = np.where(open_end, -math.inf, result_low)
    result_high = np.where(open_end, math.inf, result_high)
    missing = (touched & np.isnan(low)).any(axis=-1) | unknown
    return np.where(missing, math.nan, result_low), np.where(missing, math.nan, result_high)


@BOUNDS.rule(eq.Interpolated)
def _interpolated(node: eq.Interpolated, bounds: Bounds) -> Interval:
    """On the line through the lower (the upper) values: at both ends of x, and at every point between them."""
    points, moved = bounds[node.points]
    if not points.size or (points != moved).any():
        nothing = np.full(bounds.space.shape(node.sets), math.inf)
        return -nothing, nothing
    ends = [[between(x, points, side, node) for x in bounds[node.x]] for side in bounds[node.values]]
    a, b = (end[..., np.newaxis] for end in bounds.over(node.x, node.sets))
    low, high = bounds.by_class(node)
    passed = (a < points) & (points < b)
    least = np.minimum(np.minimum(*ends[0]), np.where(passed, low, math.inf).min(axis=-1))
    most = np.maximum(np.maximum(*ends[1]), np.where(passed, high, -math.inf).max(axis=-1))
    slack = LIBRARY * np.max(np.where(np.isnan(low), 0.0, np.maximum(np.abs(low), np.abs(high))), axis=-1)
    inside = ((points[0] <= a) & (b <= points[-1]))[..., 0]
    unknown = np.isnan(a[..., 0]) | ((b < points[0]) | (a > points[-1]))[..., 0] | (inside & np.isnan(least))
    low, high = np.nextafter(least - slack, -math.inf), np.nextafter(most + slack, math.inf)
    low, high = np.where(inside, low, -math.inf), np.where(inside, high, math.inf)
    return np.where(unknown, math.nan, low), np.where(unknown, math.nan, high)


# --- across sets ---


@BOUNDS.rule(eq.Total)
def _total(node: eq.Total, b: Bounds) -> Interval:
    return summed_up(b[node.arg], b.space.size(node.over), lambda array: summed(array, node, b.space))


@BOUNDS.rule(eq.GroupTotal)
def _group_total(node: eq.GroupTotal, b: Bounds) -> Interval:
    terms = int(np.prod(b.space.shape(node.by.source)))
    return summed_up(b[node.arg], terms, lambda array: grouped(array, node, b.space))


@BOUNDS.rule(eq.Peak)
def _peak(node: eq.Peak, b: Bounds) -> Interval:
    low, high = b[node.arg]
    return extreme(low, node, b.space), extreme(high, node, b.space)


@BOUNDS.rule(eq.Running)
def _running(node: eq.Running, b: Bounds) -> Interval:
    return summed_up(b[node.arg], b.space.size(node.over), lambda array: accumulated(array, node, b.space))


@BOUNDS.rule(eq.Lag)
def _lag(node: eq.Lag, b: Bounds) -> Interval:
    nothing = np.asarray(math.nan)
    before = (nothing, nothing) if node.before is None else b.over(node.before, node.sets)
    low, high = (shifted(side, first, node, b.space) for side, first in zip(b[node.arg], before, strict=True))
    return low, high


@BOUNDS.rule(eq.At)
def _at(node: eq.At, b: Bounds) -> Interval:
    low, high = b[node.arg]
    return taken(low, node, b.space), taken(high, node, b.space)
