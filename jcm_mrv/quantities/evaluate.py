"""Numbers: evaluating a graph with NumPy, vectorised over every set.

Absent, zero and unknown stay three things. *Absent* is an index tuple outside
the space's domain: totals run over the domain. *Unknown* is NaN inside the
domain and stays unknown through every operation, except where a choice does
not take it. Nothing here turns unknown into zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import reduce
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Numbers
from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.across import accumulated, at_class, between, class_of, extreme, grouped, shifted, summed, taken
from jcm_mrv.quantities.digits import round_to
from jcm_mrv.quantities.errors import SpaceError
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.sets import Set, Space, align
from jcm_mrv.quantities.surface import Surface

Values = Mapping[eq.Named, npt.ArrayLike]

_COMPARE = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


class Evaluation:
    """The value of every node of a graph on one space.

    ``evaluation[node]`` is an array over ``node.sets`` (a scalar array where
    there are none). Conditions are 1, 0 or NaN (unknown); labels are ordinals
    of their choices, -1 where unknown.
    """

    def __init__(self, roots: Iterable[eq.Node], values: Values, space: Space) -> None:
        self.space, self.given = space, values
        self._arrays: dict[int, Numbers] = {}
        self._nodes = tuple(walk(roots))
        self._resting: dict[frozenset[eq.Named], tuple[eq.Node, ...]] = {}
        self._compute(self._nodes)

    def changed(self, values: Values) -> Evaluation:
        """The same graph with other values of some quantities, of one that is defined in place of its equation.

        What does not rest on them is not computed again.
        """
        other = copy(self)
        other.given, other._arrays = {**self.given, **values}, dict(self._arrays)
        other._compute(self._resting_on(frozenset(values)), values)
        return other

    def _compute(self, nodes: Iterable[eq.Node], changed: Values = MappingProxyType({})) -> None:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            for node in nodes:
                self._arrays[id(node)] = _given(node, self) if node in changed else NUMBERS(node, self)

    def _resting_on(self, changed: frozenset[eq.Named]) -> tuple[eq.Node, ...]:
        """The nodes that some quantities are or that are built from them, in order."""
        if changed not in self._resting:
            found: dict[eq.Node, None] = {}
            for node in self._nodes:
                if node in changed or any(operand in found for operand in node.operands):
                    found[node] = None
            self._resting[changed] = tuple(found)
        return self._resting[changed]

    def __getitem__(self, node: eq.Node) -> Numbers:
        return self._arrays[id(node)]

    def __contains__(self, node: eq.Node) -> bool:
        return id(node) in self._arrays

    def scalar(self, node: eq.Node) -> float:
        """The value of a node without sets."""
        return float(self[node])

    def over(self, node: eq.Node, sets: tuple[Set, ...]) -> Numbers:
        """The value of a node viewed as broadcastable over more sets."""
        return align(self[node], node.sets, sets)


NUMBERS: Surface[[Evaluation], Numbers] = Surface("numbers")
"""The value of a node, its operands having theirs."""


# --- leaves ---


@NUMBERS.rule(eq.Input, eq.Label)
def _given(node: eq.Named, e: Evaluation) -> Numbers:
    if node not in e.given:
        raise SpaceError(f"no {'choice' if isinstance(node, eq.Label) else 'value'} is given for {node.symbol}")
    value = np.asarray(e.given[node], dtype=np.float64)
    shape = e.space.shape(node.sets)
    try:
        return np.broadcast_to(value, shape)
    except ValueError:
        raise SpaceError(f"{node.symbol} has values of shape {value.shape}, its sets need {shape}") from None


@NUMBERS.rule(eq.Constant, eq.Number)
def _number(node: eq.Constant | eq.Number, e: Evaluation) -> Numbers:
    return np.asarray(node.value)


@NUMBERS.rule(eq.NumberOf)
def _number_of(node: eq.NumberOf, e: Evaluation) -> Numbers:
    if node.over not in e.space.numbers:
        raise SpaceError(f"the elements of {node.over} have no numbers")
    return e.space.numbers[node.over]


@NUMBERS.rule(eq.Defined)
def _defined(node: eq.Defined, e: Evaluation) -> Numbers:
    return np.broadcast_to(e.over(node.equation, node.sets), e.space.shape(node.sets))


# --- arithmetic ---


@NUMBERS.rule(eq.Negative)
def _negative(node: eq.Negative, e: Evaluation) -> Numbers:
    return -e[node.arg]


@NUMBERS.rule(eq.Exponential)
def _exponential(node: eq.Exponential, e: Evaluation) -> Numbers:
    return np.exp(e[node.arg])


@NUMBERS.rule(eq.Logarithm)
def _logarithm(node: eq.Logarithm, e: Evaluation) -> Numbers:
    return np.where(e[node.arg] > 0.0, np.log(e[node.arg]), np.nan)


@NUMBERS.rule(eq.Rounded)
def _rounded(node: eq.Rounded, e: Evaluation) -> Numbers:
    return round_to(e[node.arg], node.digits, node.direction)


@NUMBERS.rule(eq.Add)
def _add(node: eq.Add, e: Evaluation) -> Numbers:
    return e.over(node.left, node.sets) + e.over(node.right, node.sets)


@NUMBERS.rule(eq.Subtract)
def _subtract(node: eq.Subtract, e: Evaluation) -> Numbers:
    return e.over(node.left, node.sets) - e.over(node.right, node.sets)


@NUMBERS.rule(eq.Multiply)
def _multiply(node: eq.Multiply, e: Evaluation) -> Numbers:
    return e.over(node.left, node.sets) * e.over(node.right, node.sets)


@NUMBERS.rule(eq.Weighted)
def _weighted(node: eq.Weighted, e: Evaluation) -> Numbers:
    weight = e.over(node.left, node.sets)
    return np.where(weight == 0.0, 0.0, weight * e.over(node.right, node.sets))


@NUMBERS.rule(eq.Divide)
def _divide(node: eq.Divide, e: Evaluation) -> Numbers:
    return e.over(node.left, node.sets) / e.over(node.right, node.sets)


@NUMBERS.rule(eq.Power)
def _power(node: eq.Power, e: Evaluation) -> Numbers:
    return np.asarray(np.power(e[node.base], float(node.exponent)))


@NUMBERS.rule(eq.Extreme)
def _extreme(node: eq.Extreme, e: Evaluation) -> Numbers:
    pick = np.minimum if isinstance(node, eq.Minimum) else np.maximum
    return reduce(pick, (e.over(arg, node.sets) for arg in node.args))


# --- conditions and choices ---


@NUMBERS.rule(eq.Compare)
def _compare(node: eq.Compare, e: Evaluation) -> Numbers:
    left, right = e.over(node.left, node.sets), e.over(node.right, node.sets)
    truth = _COMPARE[node.operator](left, right).astype(np.float64)
    return np.where(np.isnan(left) | np.isnan(right), np.nan, truth)


@NUMBERS.rule(eq.IsLabel)
def _is_label(node: eq.IsLabel, e: Evaluation) -> Numbers:
    chosen = e[node.label]
    truth = (chosen == node.label.choices.index(node.choice)).astype(np.float64)
    return np.where(chosen < 0, np.nan, truth)


@NUMBERS.rule(eq.Both)
def _both(node: eq.Both, e: Evaluation) -> Numbers:
    return np.minimum(e.over(node.left, node.sets), e.over(node.right, node.sets))


@NUMBERS.rule(eq.Either)
def _either(node: eq.Either, e: Evaluation) -> Numbers:
    return np.maximum(e.over(node.left, node.sets), e.over(node.right, node.sets))


@NUMBERS.rule(eq.Not)
def _not(node: eq.Not, e: Evaluation) -> Numbers:
    return 1.0 - e[node.arg]


@NUMBERS.rule(eq.Where)
def _where(node: eq.Where, e: Evaluation) -> Numbers:
    condition = e.over(node.condition, node.sets)
    chosen = np.where(condition == 1.0, e.over(node.yes, node.sets), e.over(node.no, node.sets))
    return np.where(np.isnan(condition), np.nan, chosen)


@NUMBERS.rule(eq.Choose)
def _choose(node: eq.Choose, e: Evaluation) -> Numbers:
    chosen = e.over(node.label, node.sets)
    result: Numbers = np.full(e.space.shape(node.sets), np.nan)
    for ordinal, (_, branch) in enumerate(node.branches):
        result = np.where(chosen == ordinal, e.over(branch, node.sets), result)
    return result


@NUMBERS.rule(eq.Lookup)
def _lookup(node: eq.Lookup, e: Evaluation) -> Numbers:
    return at_class(class_of(e[node.x], e[node.lower], e[node.upper]), e[node.values], node)


@NUMBERS.rule(eq.Interpolated)
def _interpolated(node: eq.Interpolated, e: Evaluation) -> Numbers:
    return between(e[node.x], e[node.points], e[node.values], node)


# --- across sets ---


@NUMBERS.rule(eq.Total)
def _total(node: eq.Total, e: Evaluation) -> Numbers:
    return summed(e[node.arg], node, e.space)


@NUMBERS.rule(eq.GroupTotal)
def _group_total(node: eq.GroupTotal, e: Evaluation) -> Numbers:
    return grouped(e[node.arg], node, e.space)


@NUMBERS.rule(eq.Peak)
def _peak(node: eq.Peak, e: Evaluation) -> Numbers:
    return extreme(e[node.arg], node, e.space)


@NUMBERS.rule(eq.Running)
def _running(node: eq.Running, e: Evaluation) -> Numbers:
    return accumulated(e[node.arg], node, e.space)


@NUMBERS.rule(eq.Lag)
def _lag(node: eq.Lag, e: Evaluation) -> Numbers:
    before = np.asarray(np.nan) if node.before is None else e.over(node.before, node.sets)
    return shifted(e[node.arg], before, node, e.space)


@NUMBERS.rule(eq.At)
def _at(node: eq.At, e: Evaluation) -> Numbers:
    return taken(e[node.arg], node, e.space)


@NUMBERS.rule(eq.Spread)
def _spread(node: eq.Spread, e: Evaluation) -> Numbers:
    return np.broadcast_to(e.over(node.arg, node.sets), e.space.shape(node.sets))


def evaluate(root: eq.Expression, values: Values, space: Space) -> Numbers:
    """The value of one expression: an array over its sets."""
    return Evaluation([root], values, space)[root]
