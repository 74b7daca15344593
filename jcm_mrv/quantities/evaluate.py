"""Numbers: evaluating a graph with NumPy, vectorised over every set.

Absent, zero and unknown stay three things. *Absent* is an index tuple outside
the space's domain: totals run over the domain. *Unknown* is NaN inside the
domain and stays unknown through every operation, except where a choice does
not take it. Nothing here turns unknown into zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatchmethod

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Numbers
from jcm_mrv.quantities.across import class_of, grouped, summed, taken
from jcm_mrv.quantities.errors import SpaceError
from jcm_mrv.quantities.expression import (
    Add,
    At,
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
    Named,
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
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.sets import Set, Space, align

Values = Mapping[Named, npt.ArrayLike]

_COMPARE = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


class Evaluation:
    """The value of every node of a graph on one space.

    ``evaluation[node]`` is an array over ``node.sets`` (a scalar array where
    there are none). Conditions are 1, 0 or NaN (unknown); labels are ordinals
    of their choices, -1 where unknown.
    """

    def __init__(self, roots: Iterable[Node], values: Values, space: Space) -> None:
        self.space, self._given = space, values
        self._arrays: dict[int, Numbers] = {}
        self._kept = tuple(roots)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            for node in walk(self._kept):
                self._arrays[id(node)] = self._compute(node)

    def __getitem__(self, node: Node) -> Numbers:
        return self._arrays[id(node)]

    def __contains__(self, node: Node) -> bool:
        return id(node) in self._arrays

    def scalar(self, node: Node) -> float:
        """The value of a node without sets."""
        return float(self[node])

    def over(self, node: Node, sets: tuple[Set, ...]) -> Numbers:
        """The value of a node viewed as broadcastable over more sets."""
        return align(self[node], node.sets, sets)

    # --- leaves ---

    @singledispatchmethod
    def _compute(self, node: Node) -> Numbers:
        raise TypeError(f"cannot evaluate {type(node).__name__}")

    @_compute.register
    def _(self, node: Input) -> Numbers:
        if node not in self._given:
            raise SpaceError(f"no value is given for {node.symbol}")
        value = np.asarray(self._given[node], dtype=np.float64)
        return self._shaped(node, value)

    @_compute.register
    def _(self, node: Label) -> Numbers:
        if node not in self._given:
            raise SpaceError(f"no choice is given for {node.symbol}")
        return self._shaped(node, np.asarray(self._given[node], dtype=np.float64))

    def _shaped(self, node: Named, value: Numbers) -> Numbers:
        shape = self.space.shape(node.sets)
        try:
            return np.broadcast_to(value, shape)
        except ValueError:
            raise SpaceError(f"{node.symbol} has values of shape {value.shape}, its sets need {shape}") from None

    @_compute.register
    def _(self, node: Constant) -> Numbers:
        return np.asarray(node.value)

    @_compute.register
    def _(self, node: Number) -> Numbers:
        return np.asarray(node.value)

    @_compute.register
    def _(self, node: NumberOf) -> Numbers:
        if node.over not in self.space.numbers:
            raise SpaceError(f"the elements of {node.over} have no numbers")
        return self.space.numbers[node.over]

    @_compute.register
    def _(self, node: Defined) -> Numbers:
        value = self.over(node.equation, node.sets)
        return np.broadcast_to(value, self.space.shape(node.sets))

    # --- arithmetic ---

    @_compute.register
    def _(self, node: Negative) -> Numbers:
        return -self[node.arg]

    @_compute.register
    def _(self, node: Exponential) -> Numbers:
        return np.exp(self[node.arg])

    @_compute.register
    def _(self, node: Add) -> Numbers:
        return self.over(node.left, node.sets) + self.over(node.right, node.sets)

    @_compute.register
    def _(self, node: Subtract) -> Numbers:
        return self.over(node.left, node.sets) - self.over(node.right, node.sets)

    @_compute.register
    def _(self, node: Multiply) -> Numbers:
        return self.over(node.left, node.sets) * self.over(node.right, node.sets)

    @_compute.register
    def _(self, node: Weighted) -> Numbers:
        weight = self.over(node.left, node.sets)
        return np.where(weight == 0.0, 0.0, weight * self.over(node.right, node.sets))

    @_compute.register
    def _(self, node: Divide) -> Numbers:
        return self.over(node.left, node.sets) / self.over(node.right, node.sets)

    @_compute.register
    def _(self, node: Power) -> Numbers:
        return np.asarray(np.power(self[node.base], float(node.exponent)))

    @_compute.register
    def _(self, node: Extreme) -> Numbers:
        pick = np.minimum if isinstance(node, Minimum) else np.maximum
        result = self.over(node.args[0], node.sets)
        for arg in node.args[1:]:
            result = pick(result, self.over(arg, node.sets))
        return result

    # --- conditions and choices ---

    @_compute.register
    def _(self, node: Compare) -> Numbers:
        left, right = self.over(node.left, node.sets), self.over(node.right, node.sets)
        truth = _COMPARE[node.operator](left, right).astype(np.float64)
        return np.where(np.isnan(left) | np.isnan(right), np.nan, truth)

    @_compute.register
    def _(self, node: IsLabel) -> Numbers:
        chosen = self[node.label]
        truth = (chosen == node.label.choices.index(node.choice)).astype(np.float64)
        return np.where(chosen < 0, np.nan, truth)

    @_compute.register
    def _(self, node: Both) -> Numbers:
        return np.minimum(self.over(node.left, node.sets), self.over(node.right, node.sets))

    @_compute.register
    def _(self, node: Either) -> Numbers:
        return np.maximum(self.over(node.left, node.sets), self.over(node.right, node.sets))

    @_compute.register
    def _(self, node: Not) -> Numbers:
        return 1.0 - self[node.arg]

    @_compute.register
    def _(self, node: Where) -> Numbers:
        condition = self.over(node.condition, node.sets)
        taken = np.where(condition == 1.0, self.over(node.yes, node.sets), self.over(node.no, node.sets))
        return np.where(np.isnan(condition), np.nan, taken)

    @_compute.register
    def _(self, node: Choose) -> Numbers:
        chosen = self.over(node.label, node.sets)
        result: Numbers = np.full(self.space.shape(node.sets), np.nan)
        for ordinal, (_, branch) in enumerate(node.branches):
            result = np.where(chosen == ordinal, self.over(branch, node.sets), result)
        return result

    @_compute.register
    def _(self, node: Lookup) -> Numbers:
        which = class_of(self[node.x], self[node.lower], self[node.upper])
        return np.where(which >= 0, self[node.values][np.maximum(which, 0)], np.nan)

    # --- across sets ---

    @_compute.register
    def _(self, node: Total) -> Numbers:
        return summed(self[node.arg], node, self.space)

    @_compute.register
    def _(self, node: GroupTotal) -> Numbers:
        return grouped(self[node.arg], node, self.space)

    @_compute.register
    def _(self, node: At) -> Numbers:
        return taken(self[node.arg], node, self.space)

    @_compute.register
    def _(self, node: Spread) -> Numbers:
        return np.broadcast_to(self.over(node.arg, node.sets), self.space.shape(node.sets))


def evaluate(root: Expression, values: Values, space: Space) -> Numbers:
    """The value of one expression: an array over its sets."""
    return Evaluation([root], values, space)[root]
