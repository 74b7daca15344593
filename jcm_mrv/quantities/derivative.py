"""The derivative of an equation graph, which is itself a graph.

Reverse mode: from the result back to the inputs, one pass for all of them.
Each node gets an *adjoint*, the derivative of the result with respect to it,
which varies over exactly the node's sets. Where an operand varies over fewer
sets than the node, the adjoint is totalled over the others; the evaluation
restricts such totals to the domain.

At a tie of min or max the first argument counts. A where-condition and a class
table may make the result jump: a derivative does not see that, :func:`jumps`
names these places. Rounding counts as what it follows in the large, with
slope 1, so that the sign of a derivative stays that of the equation; it is
named among the jumps too. At the last point of an interpolated table the
slope is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import reduce

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.expression import (
    Add,
    At,
    Choose,
    Compare,
    Condition,
    Constant,
    Defined,
    Divide,
    Exponential,
    Expression,
    Extreme,
    GroupTotal,
    Input,
    Interpolated,
    Lag,
    Logarithm,
    Lookup,
    Maximum,
    Minimum,
    Multiply,
    Negative,
    Node,
    Number,
    NumberOf,
    Peak,
    Power,
    Rounded,
    Running,
    Spread,
    Subtract,
    Total,
    Weighted,
    Where,
)
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.sets import Set, names
from jcm_mrv.quantities.surface import Surface


def gradient(root: Expression, wrt: Sequence[Input]) -> dict[Input, Expression]:
    """The derivative of ``root`` with respect to each input, as graphs over the input's sets.

    A root with sets stands for its sum over all of them (over the domain).
    ``gradient[x]`` at an index tuple is the change of that sum per change of
    ``x`` there; its unit is the unit of ``root`` divided by the unit of ``x``.
    Outside the domain it has no meaning. An input that ``root`` does not
    depend on gets ``Number(0)`` (spread over its sets).
    """
    return _Reverse(root, wrt).gradient()


def dependent(roots: Iterable[Node], wrt: Iterable[Input]) -> set[Node]:
    """The nodes of a graph whose value may change with one of the inputs."""
    found: set[Node] = set(wrt)
    for node in walk(roots):
        if any(operand in found for operand in node.operands):
            found.add(node)
    return found


def jumps(root: Expression, wrt: Iterable[Input]) -> list[Expression]:
    """The nodes where the value may jump as the inputs move, which the derivative does not see."""
    moving = dependent([root], wrt)
    return [
        node
        for node in walk([root])
        if (isinstance(node, Where) and node.condition in moving)
        or (isinstance(node, Lookup) and not moving.isdisjoint((node.x, node.lower, node.upper)))
        or (isinstance(node, Interpolated) and node.points in moving)
        or (isinstance(node, Rounded) and node.arg in moving)
    ]


def kinks(root: Expression, wrt: Iterable[Input]) -> list[Expression]:
    """The min, max and interpolated nodes that the inputs pass through: there the slope jumps, not the value."""
    moving = dependent([root], wrt)
    bent = (node for node in walk([root]) if isinstance(node, (Extreme, Peak, Interpolated)) and node in moving)
    return [node for node in bent if not isinstance(node, Interpolated) or node.x in moving]


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
                DERIVATIVE(node, self, self._adjoint[node])
        return {x: _ordered(self._adjoint.get(x, Number(0)), x.sets) for x in self._wrt}

    def give(self, operand: Node, adjoint: Expression) -> None:
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

    def times(self, adjoint: Expression, factor: Expression) -> Expression:
        """The adjoint times a local derivative; 0 stays 0 where the factor is not known."""
        if adjoint in self._masked:
            result: Expression = Weighted(adjoint, factor)
            self._masked.add(result)
            return result
        inner = adjoint.arg if isinstance(adjoint, Spread) else adjoint
        return _fit(_product(inner, factor), adjoint.sets)

    def mask(self, node: Expression) -> Expression:
        """An adjoint that is 0 wherever its node was not chosen."""
        self._masked.add(node)
        return node

    def minus(self, adjoint: Expression) -> Expression:
        """The adjoint with its sign turned."""
        return self.carry(adjoint, _negative(adjoint))

    def carry(self, old: Expression, new: Expression) -> Expression:
        """A mask holds for what is only moved or turned in sign."""
        if old in self._masked:
            self._masked.add(new)
        return new

    def moves(self, operand: Node) -> bool:
        """True where an operand depends on one of the inputs."""
        return operand in self._moving


DERIVATIVE: Surface[[_Reverse, Expression], None] = Surface("derivative", of=Expression)
"""Gives each operand its share of a node's adjoint."""


@DERIVATIVE.rule(Input, Constant, Number, NumberOf)
def _leaf(node: Expression, r: _Reverse, adjoint: Expression) -> None:
    """A leaf has nothing to give on to."""


@DERIVATIVE.rule(Defined)
def _defined(node: Defined, r: _Reverse, adjoint: Expression) -> None:
    r.give(node.equation, adjoint)


@DERIVATIVE.rule(Rounded, Spread)
def _as_it_comes(node: Rounded | Spread, r: _Reverse, adjoint: Expression) -> None:
    r.give(node.arg, adjoint)


@DERIVATIVE.rule(Negative)
def _of_negative(node: Negative, r: _Reverse, adjoint: Expression) -> None:
    r.give(node.arg, r.minus(adjoint))


@DERIVATIVE.rule(Exponential)
def _exponential(node: Exponential, r: _Reverse, adjoint: Expression) -> None:
    r.give(node.arg, r.times(adjoint, node))


@DERIVATIVE.rule(Logarithm)
def _logarithm(node: Logarithm, r: _Reverse, adjoint: Expression) -> None:
    r.give(node.arg, r.times(adjoint, Divide(Number(1), node.arg)))


@DERIVATIVE.rule(Add)
def _add(node: Add, r: _Reverse, adjoint: Expression) -> None:
    r.give(node.left, adjoint)
    r.give(node.right, adjoint)


@DERIVATIVE.rule(Subtract)
def _subtract(node: Subtract, r: _Reverse, adjoint: Expression) -> None:
    r.give(node.left, adjoint)
    if r.moves(node.right):
        r.give(node.right, r.minus(adjoint))


@DERIVATIVE.rule(Multiply)
def _multiply(node: Multiply, r: _Reverse, adjoint: Expression) -> None:
    if r.moves(node.left):
        r.give(node.left, r.times(adjoint, node.right))
    if r.moves(node.right):
        r.give(node.right, r.times(adjoint, node.left))


@DERIVATIVE.rule(Divide)
def _divide(node: Divide, r: _Reverse, adjoint: Expression) -> None:
    if r.moves(node.left):
        r.give(node.left, r.times(adjoint, Divide(Number(1), node.right)))
    if r.moves(node.right):
        r.give(node.right, r.minus(r.times(adjoint, Divide(node, node.right))))


@DERIVATIVE.rule(Power)
def _power(node: Power, r: _Reverse, adjoint: Expression) -> None:
    lower = node.exponent - 1
    slope = Number(1) if lower == 0 else node.base if lower == 1 else Power(node.base, lower)
    r.give(node.base, r.times(adjoint, _product(Number(float(node.exponent)), slope)))


@DERIVATIVE.rule(Extreme)
def _extreme(node: Extreme, r: _Reverse, adjoint: Expression) -> None:
    for n, arg in enumerate(node.args):
        if r.moves(arg):
            r.give(arg, r.mask(Where(_first(node, n), adjoint, Number(0))))


@DERIVATIVE.rule(Where)
def _where(node: Where, r: _Reverse, adjoint: Expression) -> None:
    if r.moves(node.yes):
        r.give(node.yes, r.mask(Where(node.condition, adjoint, Number(0))))
    if r.moves(node.no):
        r.give(node.no, r.mask(Where(node.condition, Number(0), adjoint)))


@DERIVATIVE.rule(Choose)
def _choose(node: Choose, r: _Reverse, adjoint: Expression) -> None:
    for choice, branch in node.branches:
        if r.moves(branch):
            taken = {c: adjoint if c == choice else Number(0) for c in node.label.choices}
            r.give(branch, r.mask(Choose(node.label, taken)))


@DERIVATIVE.rule(Lookup)
def _lookup(node: Lookup, r: _Reverse, adjoint: Expression) -> None:
    if r.moves(node.values):
        inside = Compare("<=", node.lower, node.x) & Compare("<", node.x, node.upper)
        r.give(node.values, r.mask(Where(inside, adjoint, Number(0))))


@DERIVATIVE.rule(Interpolated)
def _interpolated(node: Interpolated, r: _Reverse, adjoint: Expression) -> None:
    points, values = node.points, node.values
    if r.moves(node.x):
        end = Lag(points, node.classes, -1)
        slopes = Divide(Subtract(Lag(values, node.classes, -1), values), Subtract(end, points))
        r.give(node.x, r.times(adjoint, Lookup(node.x, points, end, slopes)))
    if r.moves(values):
        r.give(values, r.mask(Weighted(_weight(node), adjoint)))


def _weight(node: Interpolated) -> Expression:
    """How much the value of each point weighs at ``x``: 1 at the point, falling to 0 at both its neighbours."""
    points, over = node.points, node.classes
    before, behind = Lag(points, over, 1), Lag(points, over, -1)
    rise = Where(_at_end(over, 1), Number(1), Divide(Subtract(node.x, before), Subtract(points, before)))
    fall = Where(_at_end(over, -1), Number(1), Divide(Subtract(behind, node.x), Subtract(behind, points)))
    return Maximum(Number(0), Minimum(rise, fall))


def _at_end(over: Set, steps: int) -> Condition:
    """True for the elements of a set from which a lag leads out of it."""
    return Compare(">", Lag(Spread(Number(0), (over,)), over, steps, Number(1)), Number(0))


@DERIVATIVE.rule(Total)
def _total(node: Total, r: _Reverse, adjoint: Expression) -> None:
    r.give(node.arg, r.carry(adjoint, _fit(adjoint, node.arg.sets)))


@DERIVATIVE.rule(GroupTotal)
def _group_total(node: GroupTotal, r: _Reverse, adjoint: Expression) -> None:
    if r.moves(node.arg):
        r.give(node.arg, r.mask(At(adjoint, node.by, unmapped=0.0)))


@DERIVATIVE.rule(Peak)
def _peak(node: Peak, r: _Reverse, adjoint: Expression) -> None:
    """To those that are the extreme one: at a tie, to each of them."""
    if not r.moves(node.arg):
        return
    never = math.inf * (-1 if node.least else 1)
    reached = _fit(node, node.arg.sets) if node.by is None else At(node, node.by, unmapped=never)
    share = _fit(adjoint, node.arg.sets) if node.by is None else At(adjoint, node.by, unmapped=0.0)
    is_it = Compare("<=" if node.least else ">=", node.arg, reached)
    r.give(node.arg, r.mask(Where(is_it, share, Number(0))))


@DERIVATIVE.rule(Running)
def _running(node: Running, r: _Reverse, adjoint: Expression) -> None:
    if r.moves(node.arg):
        r.give(node.arg, r.carry(adjoint, Running(adjoint, node.over, not node.backward)))


@DERIVATIVE.rule(Lag)
def _lag(node: Lag, r: _Reverse, adjoint: Expression) -> None:
    # What is in no earlier place of any element moves nothing: 0, as with a mapping.
    if r.moves(node.arg):
        kept = reduce(Total, (s for s in adjoint.sets if s not in node.arg.sets), adjoint)
        r.give(node.arg, r.mask(Lag(r.carry(adjoint, kept), node.over, -node.steps, Number(0))))
    if node.before is not None and r.moves(node.before):
        first = Lag(Spread(Number(0), node.arg.sets), node.over, node.steps, Number(1))
        r.give(node.before, r.mask(Weighted(first, adjoint)))


@DERIVATIVE.rule(At)
def _at(node: At, r: _Reverse, adjoint: Expression) -> None:
    if r.moves(node.arg):
        both = [s for s in node.by.source if s in node.arg.sets and s != node.by.target]
        r.give(node.arg, r.carry(adjoint, GroupTotal(adjoint, node.by, both)))


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
