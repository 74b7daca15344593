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
from functools import singledispatchmethod
from itertools import product

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.quantities.across import grouped, summed, taken
from jcm_mrv.quantities.errors import SpaceError
from jcm_mrv.quantities.evaluate import Evaluation, Values
from jcm_mrv.quantities.expression import (
    Add,
    At,
    Both,
    Choose,
    Compare,
    Defined,
    Divide,
    Either,
    Exponential,
    Expression,
    Extreme,
    GroupTotal,
    Input,
    IsLabel,
    Lookup,
    Minimum,
    Multiply,
    Negative,
    Node,
    Not,
    Power,
    Spread,
    Subtract,
    Total,
    Weighted,
    Where,
)
from jcm_mrv.quantities.graph import of_type, walk
from jcm_mrv.quantities.sets import BoolArray, Set, Space, align

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
        self._pairs: dict[int, Interval] = {id(n): (low[n], high[n]) for n in leaves}
        with np.errstate(all="ignore"):
            for node in walk(self._kept):
                if node.operands:
                    self._pairs[id(node)] = self._compute(node)

    def __getitem__(self, node: Node) -> Interval:
        return self._pairs[id(node)]

    def __contains__(self, node: Node) -> bool:
        return id(node) in self._pairs

    def _over(self, node: Node, sets: tuple[Set, ...]) -> Interval:
        low, high = self[node]
        return align(low, node.sets, sets), align(high, node.sets, sets)

    def _two(self, node: Add | Subtract | Multiply | Divide) -> tuple[Interval, Interval]:
        return self._over(node.left, node.sets), self._over(node.right, node.sets)

    @singledispatchmethod
    def _compute(self, node: Node) -> Interval:
        raise TypeError(f"no bounds for {type(node).__name__}")

    # --- arithmetic ---

    @_compute.register
    def _(self, node: Defined) -> Interval:
        return self._spread(node.equation, node.sets)

    @_compute.register
    def _(self, node: Spread) -> Interval:
        return self._spread(node.arg, node.sets)

    def _spread(self, arg: Expression, sets: tuple[Set, ...]) -> Interval:
        shape = self.space.shape(sets)
        low, high = self._over(arg, sets)
        return np.broadcast_to(low, shape), np.broadcast_to(high, shape)

    @_compute.register
    def _(self, node: Negative) -> Interval:
        low, high = self[node.arg]
        return -high, -low

    @_compute.register
    def _(self, node: Exponential) -> Interval:
        low, high = self[node.arg]
        return _widened(np.exp(low), np.exp(high), _LIBRARY)

    @_compute.register
    def _(self, node: Add) -> Interval:
        (a, b), (c, d) = self._two(node)
        return _outward(a + c, b + d, _unknown(a, c))

    @_compute.register
    def _(self, node: Subtract) -> Interval:
        (a, b), (c, d) = self._two(node)
        return _outward(a - d, b - c, _unknown(a, c))

    @_compute.register
    def _(self, node: Multiply) -> Interval:
        return _times(*self._two(node))

    @_compute.register
    def _(self, node: Weighted) -> Interval:
        left, right = self._two(node)
        low, high = _times(left, right)
        nothing = (left[0] == 0) & (left[1] == 0)
        return np.where(nothing, 0.0, low), np.where(nothing, 0.0, high)

    @_compute.register
    def _(self, node: Divide) -> Interval:
        (a, b), (c, d) = self._two(node)
        unknown = _unknown(a, c)
        corners = np.stack(np.broadcast_arrays(*(x / y for x, y in product((a, b), (c, d)))))
        through_zero = (c <= 0) & (d >= 0)
        low = np.where(through_zero, -math.inf, corners.min(axis=0))
        return _outward(low, np.where(through_zero, math.inf, corners.max(axis=0)), unknown)

    @_compute.register
    def _(self, node: Power) -> Interval:
        low, high = self[node.base]
        return _power(low, high, float(node.exponent))

    @_compute.register
    def _(self, node: Extreme) -> Interval:
        pick = np.minimum if isinstance(node, Minimum) else np.maximum
        low, high = self._over(node.args[0], node.sets)
        for arg in node.args[1:]:
            other = self._over(arg, node.sets)
            low, high = pick(low, other[0]), pick(high, other[1])
        return low, high

    # --- conditions and choices ---

    @_compute.register
    def _(self, node: Compare) -> Interval:
        (a, b), (c, d) = self._over(node.left, node.sets), self._over(node.right, node.sets)
        if node.operator in (">", ">="):
            (a, b), (c, d) = (c, d), (a, b)
        if node.operator in ("<", ">"):
            surely, possibly = b < c, a < d
        else:
            surely, possibly = b <= c, a <= d
        unknown = _unknown(a, c)
        return _or_unknown(surely, unknown), _or_unknown(possibly, unknown)

    @_compute.register
    def _(self, node: IsLabel) -> Interval:
        chosen, _ = self[node.label]
        truth = _or_unknown(chosen == node.label.choices.index(node.choice), chosen < 0)
        return truth, truth

    @_compute.register
    def _(self, node: Both) -> Interval:
        (a, b), (c, d) = self._over(node.left, node.sets), self._over(node.right, node.sets)
        return np.minimum(a, c), np.minimum(b, d)

    @_compute.register
    def _(self, node: Either) -> Interval:
        (a, b), (c, d) = self._over(node.left, node.sets), self._over(node.right, node.sets)
        return np.maximum(a, c), np.maximum(b, d)

    @_compute.register
    def _(self, node: Not) -> Interval:
        low, high = self[node.arg]
        return 1.0 - high, 1.0 - low

    @_compute.register
    def _(self, node: Where) -> Interval:
        never, always = self._over(node.condition, node.sets)
        yes, no = self._over(node.yes, node.sets), self._over(node.no, node.sets)
        return _either(never, always, yes, no, np.minimum, 0), _either(never, always, yes, no, np.maximum, 1)

    @_compute.register
    def _(self, node: Choose) -> Interval:
        chosen, _ = self._over(node.label, node.sets)
        shape = self.space.shape(node.sets)
        low: Numbers = np.full(shape, math.nan)
        high: Numbers = np.full(shape, math.nan)
        for ordinal, (_, branch) in enumerate(node.branches):
            a, b = self._over(branch, node.sets)
            low, high = np.where(chosen == ordinal, a, low), np.where(chosen == ordinal, b, high)
        return low, high

    @_compute.register
    def _(self, node: Lookup) -> Interval:
        a, b = (end[..., np.newaxis] for end in self[node.x])
        lower, upper, (low, high) = self[node.lower], self[node.upper], self[node.values]
        touched = (b >= lower[0]) & (a < upper[1])
        result_low = np.where(touched, low, math.inf).min(axis=-1, initial=math.inf)
        result_high = np.where(touched, high, -math.inf).max(axis=-1, initial=-math.inf)
        unknown = np.isnan(self[node.x][0]) | ~touched.any(axis=-1)
        open_end = ~_covered(a, b, lower, upper, touched)
        result_low = np.where(open_end, -math.inf, result_low)
        result_high = np.where(open_end, math.inf, result_high)
        missing = np.isnan(np.where(touched, low, 0.0)).any(axis=-1) | unknown
        return np.where(missing, math.nan, result_low), np.where(missing, math.nan, result_high)

    # --- across sets ---

    @_compute.register
    def _(self, node: Total) -> Interval:
        terms = self.space.size(node.over)
        return self._summed(node, terms, lambda array: summed(array, node, self.space))

    @_compute.register
    def _(self, node: GroupTotal) -> Interval:
        terms = int(np.prod(self.space.shape(node.by.source)))
        return self._summed(node, terms, lambda array: grouped(array, node, self.space))

    def _summed(self, node: Total | GroupTotal, terms: int, add: Callable[[Numbers], Numbers]) -> Interval:
        """Sums of the bounds, widened by the rounding that a sum of so many terms can gather."""
        low, high = self[node.arg]
        unknown = np.isnan(add(np.where(np.isnan(low), math.nan, 0.0)))
        slack = 2 * terms * _EPS
        a = add(low) - slack * add(np.abs(low))
        b = add(high) + slack * add(np.abs(high))
        return _outward(a, b, unknown)

    @_compute.register
    def _(self, node: At) -> Interval:
        low, high = self[node.arg]
        return taken(low, node, self.space), taken(high, node, self.space)


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


def _either(
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
