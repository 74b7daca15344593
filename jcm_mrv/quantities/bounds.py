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
from collections.abc import Callable, Iterable
from functools import reduce
from itertools import product

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.quantities.across import grouped, summed, taken
from jcm_mrv.quantities.errors import SpaceError
from jcm_mrv.quantities.evaluate import Evaluation, Values
from jcm_mrv.quantities.expression import (
    Add,
    At,
    Binary,
    Both,
    Choose,
    Compare,
    Constant,
    Defined,
    Divide,
    Either,
    Exponential,
    Expression,
    Extreme,
    GroupTotal,
    Input,
    IsLabel,
    Label,
    Lookup,
    Minimum,
    Multiply,
    Negative,
    Node,
    Not,
    Number,
    NumberOf,
    Power,
    Spread,
    Subtract,
    Total,
    Weighted,
    Where,
)
from jcm_mrv.quantities.graph import of_type, walk
from jcm_mrv.quantities.sets import BoolArray, Set, Space, align
from jcm_mrv.quantities.surface import Surface

Interval = tuple[Numbers, Numbers]

_EPS = float(np.finfo(np.float64).eps)
# exp and power are not rounded correctly: the library errs by at most a few units in the last place
_LIBRARY = 8 * _EPS


class Bounds:
    """The bounds of every node of a graph over the box from ``lower`` to ``upper``.

    ``bounds[node]`` is a pair of arrays over ``node.sets``. A condition has
    bounds 0 and 1 where it is undecided. Labels are certain: they are taken
    from ``lower``.

    Raises SpaceError when an input is missing or a lower bound exceeds its
    upper bound.
    """

    def __init__(self, roots: Iterable[Node], lower: Values, upper: Values, space: Space) -> None:
        self.space = space
        self._kept = tuple(roots)
        leaves = [n for n in walk(self._kept) if not n.operands]
        low, high = Evaluation(leaves, lower, space), Evaluation(leaves, {**lower, **upper}, space)
        for leaf in of_type(leaves, Input):
            if (low[leaf] > high[leaf]).any():
                raise SpaceError(f"the lower bound of {leaf.symbol} exceeds its upper bound")
        self.ends = low, high
        self._pairs: dict[int, Interval] = {}
        with np.errstate(all="ignore"):
            for node in walk(self._kept):
                self._pairs[id(node)] = BOUNDS(node, self)

    def __getitem__(self, node: Node) -> Interval:
        return self._pairs[id(node)]

    def __contains__(self, node: Node) -> bool:
        return id(node) in self._pairs

    def over(self, node: Node, sets: tuple[Set, ...]) -> Interval:
        """The bounds of a node viewed as broadcastable over more sets."""
        low, high = self[node]
        return align(low, node.sets, sets), align(high, node.sets, sets)

    def two(self, node: Binary | Compare | Both | Either) -> tuple[Interval, Interval]:
        """The bounds of both operands over the node's sets."""
        return self.over(node.left, node.sets), self.over(node.right, node.sets)

    def spread(self, arg: Expression, sets: tuple[Set, ...]) -> Interval:
        """The bounds of an operand as whole arrays over more sets."""
        shape = self.space.shape(sets)
        low, high = self.over(arg, sets)
        return np.broadcast_to(low, shape), np.broadcast_to(high, shape)


BOUNDS: Surface[[Bounds], Interval] = Surface("bounds")
"""The bounds of a node, its operands having theirs."""


@BOUNDS.rule(Input, Label, Constant, Number, NumberOf)
def _leaf(node: Node, b: Bounds) -> Interval:
    return b.ends[0][node], b.ends[1][node]


# --- arithmetic ---


@BOUNDS.rule(Defined)
def _defined(node: Defined, b: Bounds) -> Interval:
    return b.spread(node.equation, node.sets)


@BOUNDS.rule(Spread)
def _spread(node: Spread, b: Bounds) -> Interval:
    return b.spread(node.arg, node.sets)


@BOUNDS.rule(Negative)
def _negative(node: Negative, b: Bounds) -> Interval:
    low, high = b[node.arg]
    return -high, -low


@BOUNDS.rule(Exponential)
def _exponential(node: Exponential, b: Bounds) -> Interval:
    low, high = b[node.arg]
    return _widened(np.exp(low), np.exp(high), _LIBRARY)


@BOUNDS.rule(Add)
def _add(node: Add, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    return _outward(a + c, b + d, _unknown(a, c))


@BOUNDS.rule(Subtract)
def _subtract(node: Subtract, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    return _outward(a - d, b - c, _unknown(a, c))


@BOUNDS.rule(Multiply)
def _multiply(node: Multiply, b: Bounds) -> Interval:
    return _times(*b.two(node))


@BOUNDS.rule(Weighted)
def _weighted(node: Weighted, b: Bounds) -> Interval:
    left, right = b.two(node)
    low, high = _times(left, right)
    nothing = (left[0] == 0) & (left[1] == 0)
    return np.where(nothing, 0.0, low), np.where(nothing, 0.0, high)


@BOUNDS.rule(Divide)
def _divide(node: Divide, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    unknown = _unknown(a, c)
    corners = np.stack(np.broadcast_arrays(*(x / y for x, y in product((a, b), (c, d)))))
    through_zero = (c <= 0) & (d >= 0)
    low = np.where(through_zero, -math.inf, corners.min(axis=0))
    return _outward(low, np.where(through_zero, math.inf, corners.max(axis=0)), unknown)


@BOUNDS.rule(Power)
def _of_power(node: Power, b: Bounds) -> Interval:
    low, high = b[node.base]
    return _power(low, high, float(node.exponent))


@BOUNDS.rule(Extreme)
def _extreme(node: Extreme, b: Bounds) -> Interval:
    pick = np.minimum if isinstance(node, Minimum) else np.maximum
    lows, highs = zip(*(b.over(arg, node.sets) for arg in node.args), strict=True)
    return reduce(pick, lows), reduce(pick, highs)


# --- conditions and choices ---


@BOUNDS.rule(Compare)
def _compare(node: Compare, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    if node.operator in (">", ">="):
        (a, b), (c, d) = (c, d), (a, b)
    if node.operator in ("<", ">"):
        surely, possibly = b < c, a < d
    else:
        surely, possibly = b <= c, a <= d
    unknown = _unknown(a, c)
    return _or_unknown(surely, unknown), _or_unknown(possibly, unknown)


@BOUNDS.rule(IsLabel)
def _is_label(node: IsLabel, b: Bounds) -> Interval:
    chosen, _ = b[node.label]
    truth = _or_unknown(chosen == node.label.choices.index(node.choice), chosen < 0)
    return truth, truth


@BOUNDS.rule(Both)
def _both(node: Both, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    return np.minimum(a, c), np.minimum(b, d)


@BOUNDS.rule(Either)
def _either(node: Either, bounds: Bounds) -> Interval:
    (a, b), (c, d) = bounds.two(node)
    return np.maximum(a, c), np.maximum(b, d)


@BOUNDS.rule(Not)
def _not(node: Not, b: Bounds) -> Interval:
    low, high = b[node.arg]
    return 1.0 - high, 1.0 - low


@BOUNDS.rule(Where)
def _where(node: Where, b: Bounds) -> Interval:
    never, always = b.over(node.condition, node.sets)
    yes, no = b.over(node.yes, node.sets), b.over(node.no, node.sets)
    return _side(never, always, yes, no, np.minimum, 0), _side(never, always, yes, no, np.maximum, 1)


@BOUNDS.rule(Choose)
def _choose(node: Choose, bounds: Bounds) -> Interval:
    chosen, _ = bounds.over(node.label, node.sets)
    shape = bounds.space.shape(node.sets)
    low: Numbers = np.full(shape, math.nan)
    high: Numbers = np.full(shape, math.nan)
    for ordinal, (_, branch) in enumerate(node.branches):
        a, b = bounds.over(branch, node.sets)
        low, high = np.where(chosen == ordinal, a, low), np.where(chosen == ordinal, b, high)
    return low, high


@BOUNDS.rule(Lookup)
def _lookup(node: Lookup, bounds: Bounds) -> Interval:
    a, b = (end[..., np.newaxis] for end in bounds[node.x])
    lower, upper, (low, high) = bounds[node.lower], bounds[node.upper], bounds[node.values]
    touched = (b >= lower[0]) & (a < upper[1])
    result_low = np.where(touched, low, math.inf).min(axis=-1, initial=math.inf)
    result_high = np.where(touched, high, -math.inf).max(axis=-1, initial=-math.inf)
    unknown = np.isnan(bounds[node.x][0]) | ~touched.any(axis=-1)
    open_end = ~_covered(a, b, lower, upper, touched)
    result_low = np.where(open_end, -math.inf, result_low)
    result_high = np.where(open_end, math.inf, result_high)
    missing = np.isnan(np.where(touched, low, 0.0)).any(axis=-1) | unknown
    return np.where(missing, math.nan, result_low), np.where(missing, math.nan, result_high)


# --- across sets ---


@BOUNDS.rule(Total)
def _total(node: Total, b: Bounds) -> Interval:
    return _summed(b[node.arg], b.space.size(node.over), lambda array: summed(array, node, b.space))


@BOUNDS.rule(GroupTotal)
def _group_total(node: GroupTotal, b: Bounds) -> Interval:
    terms = int(np.prod(b.space.shape(node.by.source)))
    return _summed(b[node.arg], terms, lambda array: grouped(array, node, b.space))


@BOUNDS.rule(At)
def _at(node: At, b: Bounds) -> Interval:
    low, high = b[node.arg]
    return taken(low, node, b.space), taken(high, node, b.space)


# --- arithmetic of intervals ---


def _summed(arg: Interval, terms: int, add: Callable[[Numbers], Numbers]) -> Interval:
    """Sums of the bounds, widened by the rounding that a sum of so many terms can gather."""
    low, high = arg
    unknown = np.isnan(add(np.where(np.isnan(low), math.nan, 0.0)))
    slack = 2 * terms * _EPS
    a = add(low) - slack * add(np.abs(low))
    b = add(high) + slack * add(np.abs(high))
    return _outward(a, b, unknown)


def _unknown(*arrays: Numbers) -> BoolArray:
    result: BoolArray = np.isnan(arrays[0])
    for array in arrays[1:]:
        result = result | np.isnan(array)
    return result


def _or_unknown(truth: BoolArray, unknown: BoolArray) -> Numbers:
    return np.where(unknown, math.nan, truth.astype(np.float64))


def _outward(low: Numbers, high: Numbers, unknown: BoolArray) -> Interval:
    """One step outward; a NaN that no operand brought (inf - inf) means that nothing is known of the bound."""
    low = np.where(np.isnan(low), -math.inf, np.nextafter(low, -math.inf))
    high = np.where(np.isnan(high), math.inf, np.nextafter(high, math.inf))
    return np.where(unknown, math.nan, low), np.where(unknown, math.nan, high)


def _widened(low: Numbers, high: Numbers, share: float) -> Interval:
    low = np.where(np.isinf(low), low, low - np.abs(low) * share)
    high = np.where(np.isinf(high), high, high + np.abs(high) * share)
    return np.nextafter(low, -math.inf), np.nextafter(high, math.inf)


def _times(left: Interval, right: Interval) -> Interval:
    """The product; 0 times an unbounded interval is 0, for its ends are never reached."""
    unknown = _unknown(left[0], right[0])
    corners = [np.where((x == 0) | (y == 0), 0.0, x * y) for x, y in product(left, right)]
    stacked = np.stack(np.broadcast_arrays(*corners))
    return _outward(stacked.min(axis=0), stacked.max(axis=0), unknown)


def _power(low: Numbers, high: Numbers, exponent: float) -> Interval:
    a, b = np.power(low, exponent), np.power(high, exponent)
    whole = exponent.is_integer()
    through_zero = (low <= 0) & (high >= 0)
    least, most = np.minimum(a, b), np.maximum(a, b)
    if whole and exponent > 0 and exponent % 2 == 0:
        least = np.where(through_zero, 0.0, least)
    least, most = _widened(least, most, _LIBRARY)
    anything = (low < 0) & (high >= 0) if not whole else np.zeros(low.shape, dtype=np.bool_)
    if exponent < 0:
        anything = anything | through_zero
    return np.where(anything, -math.inf, least), np.where(anything, math.inf, most)


def _side(
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


def _covered(a: Numbers, b: Numbers, lower: Interval, upper: Interval, touched: BoolArray) -> BoolArray:
    """True where each value from a to b surely lies in exactly one class.

    It does where a and b lie in one class each, no two classes overlap, and
    every other class touched begins where another one ends.
    """
    starts = ((lower[1] <= a) & (a < upper[0])).sum(axis=-1) == 1
    ends = ((lower[1] <= b) & (b < upper[0])).sum(axis=-1) == 1
    first = (lower[1] <= a) & (a < upper[0])
    certain = (lower[0] == lower[1]) & bool((upper[0] == upper[1]).all())
    joined = certain & (lower[0][:, np.newaxis] == upper[0][np.newaxis, :]).any(axis=1)
    continued = np.where(touched & ~first, joined, True).all(axis=-1)
    meet = (lower[0][:, np.newaxis] < upper[1]) & (lower[0] < upper[1][:, np.newaxis])
    apart = not (meet & ~np.eye(lower[0].size, dtype=np.bool_)).any()
    return np.asarray(starts & ends & continued & apart)
