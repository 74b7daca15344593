"""The derivative of an equation graph, which is itself a graph.

Reverse mode: from the result back to the inputs, one pass for all of them.
Each node gets an *adjoint*, the derivative of the result with respect to it,
which varies over exactly the node's sets. Where an operand varies over fewer
sets than the node, the adjoint is totalled over the others; the evaluation
restricts such totals to the domain.

At a tie of min or max the first argument counts. A where-condition and a class
table may make the result jump: a derivative does not see that, :func:`jumps`
names these places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce, singledispatchmethod

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.expression import (
    Add,
    At,
    Choose,
    Compare,
    Condition,
    Defined,
    Divide,
    Exponential,
    Expression,
    Extreme,
    GroupTotal,
    Input,
    Lookup,
    Minimum,
    Multiply,
    Negative,
    Node,
    Number,
    Power,
    Spread,
    Subtract,
    Total,
    Weighted,
    Where,
)
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.sets import Set, names


def gradient(root: Expression, wrt: Sequence[Input]) -> dict[Input, Expression]:
    """The derivative of ``root`` with respect to each input, as graphs over the input's sets.

    A root with sets stands for its sum over all of them (over the domain).
    ``gradient[x]`` at an index tuple is the change of that sum per change of
    ``x`` there; its unit is the unit of ``root`` divided by the unit of ``x``.
    Outside the domain it has no meaning. An input that ``root`` does not
    depend on gets ``Number(0)`` (spread over its sets).

    Raises EquationError when the graph holds a class table whose ``x`` varies
    over the table's own set.
    """
    return _Reverse(root, wrt).gradient()


def dependent(roots: Iterable[Node], wrt: Iterable[Input]) -> set[Node]:
    """The nodes of a graph whose value may change with one of the inputs."""
    found: set[Node] = set(wrt)
    for node in walk(roots):
        if any(operand in found for operand in node.operands):
            found.add(node)
    return found


def jumps(root: Expression, wrt: Iterable[Input]) -> list[Where | Lookup]:
    """The nodes where the value may jump as the inputs move, which the derivative does not see."""
    moving = dependent([root], wrt)
    return [
        node
        for node in walk([root])
        if (isinstance(node, Where) and node.condition in moving)
        or (isinstance(node, Lookup) and not moving.isdisjoint((node.x, node.lower, node.upper)))
    ]


def kinks(root: Expression, wrt: Iterable[Input]) -> list[Extreme]:
    """The min and max nodes that the inputs pass through: the value has no jump there, its derivative has."""
    moving = dependent([root], wrt)
    return [node for node in walk([root]) if isinstance(node, Extreme) and node in moving]


def is_smooth(root: Expression, wrt: Iterable[Input]) -> bool:
    """True when the inputs reach the result through no min, max, where-condition or class table."""
    inputs = list(wrt)
    return not jumps(root, inputs) and not kinks(root, inputs)


class _Reverse:
    """Passes adjoints from the result to the inputs."""

    def __init__(self, root: Expression, wrt: Sequence[Input]) -> None:
        self._root, self._wrt = root, tuple(wrt)
        self._moving = dependent([root], wrt)
        self._adjoint: dict[Node, Expression] = {root: _fit(Number(1), root.sets)}
        # Adjoints that a choice or a mapping sets to 0 somewhere: what was not chosen may be unknown.
        self._masked: set[Node] = set()

    def gradient(self) -> dict[Input, Expression]:
        for node in reversed([n for n in walk([self._root]) if n in self._moving]):
            if node in self._adjoint and isinstance(node, Expression):
                self._pass_on(node, self._adjoint[node])
        return {x: _ordered(self._adjoint.get(x, Number(0)), x.sets) for x in self._wrt}

    def _give(self, operand: Node, adjoint: Expression) -> None:
        """Add to the adjoint of an operand, totalled over the sets that it lacks."""
        if operand not in self._moving or _is(adjoint, 0):
            return
        masked = adjoint in self._masked
        for the_set in [s for s in adjoint.sets if s not in operand.sets]:
            adjoint = Total(adjoint, the_set)
        adjoint = _fit(adjoint, operand.sets)
        before = self._adjoint.get(operand)
        # a sum is 0 only where both parts are: the mask stays when both are masked
        keep_mask = masked and (before is None or before in self._masked)
        self._adjoint[operand] = adjoint if before is None else Add(before, adjoint)
        if keep_mask:
            self._masked.add(self._adjoint[operand])

    def _times(self, adjoint: Expression, factor: Expression) -> Expression:
        """The adjoint times a local derivative; 0 stays 0 where the factor is not known."""
        if adjoint in self._masked:
            result: Expression = Weighted(adjoint, factor)
            self._masked.add(result)
            return result
        inner = adjoint.arg if isinstance(adjoint, Spread) else adjoint
        return _fit(_product(inner, factor), adjoint.sets)

    def _mask(self, node: Expression) -> Expression:
        self._masked.add(node)
        return node

    # --- the rule of each node ---

    @singledispatchmethod
    def _pass_on(self, node: Expression, adjoint: Expression) -> None:
        """Leaves pass nothing on."""

    @_pass_on.register
    def _(self, node: Defined, adjoint: Expression) -> None:
        self._give(node.equation, adjoint)

    @_pass_on.register
    def _(self, node: Spread, adjoint: Expression) -> None:
        self._give(node.arg, adjoint)

    @_pass_on.register
    def _(self, node: Negative, adjoint: Expression) -> None:
        self._give(node.arg, self._minus(adjoint))

    @_pass_on.register
    def _(self, node: Exponential, adjoint: Expression) -> None:
        self._give(node.arg, self._times(adjoint, node))

    @_pass_on.register
    def _(self, node: Add, adjoint: Expression) -> None:
        self._give(node.left, adjoint)
        self._give(node.right, adjoint)

    @_pass_on.register
    def _(self, node: Subtract, adjoint: Expression) -> None:
        self._give(node.left, adjoint)
        if node.right in self._moving:
            self._give(node.right, self._minus(adjoint))

    @_pass_on.register
    def _(self, node: Multiply, adjoint: Expression) -> None:
        if node.left in self._moving:
            self._give(node.left, self._times(adjoint, node.right))
        if node.right in self._moving:
            self._give(node.right, self._times(adjoint, node.left))

    @_pass_on.register
    def _(self, node: Divide, adjoint: Expression) -> None:
        if node.left in self._moving:
            self._give(node.left, self._times(adjoint, Divide(Number(1), node.right)))
        if node.right in self._moving:
            self._give(node.right, self._minus(self._times(adjoint, Divide(node, node.right))))

    @_pass_on.register
    def _(self, node: Power, adjoint: Expression) -> None:
        lower = node.exponent - 1
        slope = Number(1) if lower == 0 else node.base if lower == 1 else Power(node.base, lower)
        self._give(node.base, self._times(adjoint, _product(Number(float(node.exponent)), slope)))

    @_pass_on.register
    def _(self, node: Extreme, adjoint: Expression) -> None:
        for n, arg in enumerate(node.args):
            if arg in self._moving:
                self._give(arg, self._mask(Where(_first(node, n), adjoint, Number(0))))

    @_pass_on.register
    def _(self, node: Where, adjoint: Expression) -> None:
        if node.yes in self._moving:
            self._give(node.yes, self._mask(Where(node.condition, adjoint, Number(0))))
        if node.no in self._moving:
            self._give(node.no, self._mask(Where(node.condition, Number(0), adjoint)))

    @_pass_on.register
    def _(self, node: Choose, adjoint: Expression) -> None:
        for choice, branch in node.branches:
            if branch in self._moving:
                taken = {c: adjoint if c == choice else Number(0) for c in node.label.choices}
                self._give(branch, self._mask(Choose(node.label, taken)))

    @_pass_on.register
    def _(self, node: Lookup, adjoint: Expression) -> None:
        if node.values not in self._moving:
            return
        if node.classes in node.x.sets:
            raise EquationError(f"the class table {node.values.symbol} is looked up by its own set {node.classes}")
        inside = Compare("<=", node.lower, node.x) & Compare("<", node.x, node.upper)
        self._give(node.values, self._mask(Where(inside, adjoint, Number(0))))

    @_pass_on.register
    def _(self, node: Total, adjoint: Expression) -> None:
        self._spread(node.arg, adjoint)

    @_pass_on.register
    def _(self, node: GroupTotal, adjoint: Expression) -> None:
        if node.arg in self._moving:
            self._give(node.arg, self._mask(At(adjoint, node.by, unmapped=0.0)))

    @_pass_on.register
    def _(self, node: At, adjoint: Expression) -> None:
        if node.arg in self._moving:
            both = [s for s in node.by.source if s in node.arg.sets and s != node.by.target]
            self._give(node.arg, self._carry(adjoint, GroupTotal(adjoint, node.by, both)))

    def _spread(self, arg: Expression, adjoint: Expression) -> None:
        self._give(arg, self._carry(adjoint, _fit(adjoint, arg.sets)))

    def _minus(self, adjoint: Expression) -> Expression:
        return self._carry(adjoint, _negative(adjoint))

    def _carry(self, old: Expression, new: Expression) -> Expression:
        """A mask holds for what is only moved or turned in sign."""
        if old in self._masked:
            self._masked.add(new)
        return new


def _first(node: Extreme, n: int) -> Condition:
    """True where argument ``n`` is the extreme one, the first of those that tie."""
    strict, loose = ("<", "<=") if isinstance(node, Minimum) else (">", ">=")
    tests: list[Condition] = [Compare(strict, node.args[n], other) for other in node.args[:n]]
    tests += [Compare(loose, node.args[n], other) for other in node.args[n + 1 :]]
    return reduce(lambda left, right: left & right, tests)


def _fit(node: Expression, sets: Sequence[Set]) -> Expression:
    """The node over all of ``sets``, in any order."""
    lost = [s for s in node.sets if s not in sets]
    if lost:
        raise EquationError(f"an adjoint varies over {names(lost)}, which its node does not")
    if len(node.sets) == len(sets):
        return node
    return Spread(node.arg if isinstance(node, Spread) else node, sets)


def _ordered(node: Expression, sets: Sequence[Set]) -> Expression:
    """The node with its sets in the order of ``sets``."""
    return node if node.sets == tuple(sets) else Spread(node.arg if isinstance(node, Spread) else node, sets)


def _is(node: Expression, value: float) -> bool:
    inner = node.arg if isinstance(node, Spread) else node
    return isinstance(inner, Number) and inner.value == value


def _product(left: Expression, right: Expression) -> Expression:
    if _is(left, 1):
        return right
    if _is(right, 1):
        return left
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(left.value * right.value)
    if isinstance(left, Negative):
        return _negative(_product(left.arg, right))
    if isinstance(right, Divide) and _is(right.left, 1):
        return Divide(left, right.right)
    return Multiply(left, right)


def _negative(node: Expression) -> Expression:
    if isinstance(node, Negative):
        return node.arg
    if isinstance(node, Number):
        return Number(-node.value)
    if isinstance(node, Spread):
        return Spread(_negative(node.arg), node.sets)
    return Negative(node)
