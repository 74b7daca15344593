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

from collections.abc import Iterable, Sequence
from functools import reduce

from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.sets import Set, names
from jcm_mrv.quantities.surface import Surface


def gradient(root: eq.Expression, wrt: Sequence[eq.Input]) -> dict[eq.Input, eq.Expression]:
    """The derivative of ``root`` with respect to each input, as graphs over the input's sets.

    A root with sets stands for its sum over all of them (over the domain).
    ``gradient[x]`` at an index tuple is the change of that sum per change of
    ``x`` there; its unit is the unit of ``root`` divided by the unit of ``x``.
    Outside the domain it has no meaning. An input that ``root`` does not
    depend on gets ``Number(0)`` (spread over its sets).
    """
    return _Reverse(root, wrt).gradient()


def dependent(roots: Iterable[eq.Node], wrt: Iterable[eq.Input]) -> set[eq.Node]:
    """The nodes of a graph whose value may change with one of the inputs."""
    found: set[eq.Node] = set(wrt)
    for node in walk(roots):
        if any(operand in found for operand in node.operands):
            found.add(node)
    return found


def jumps(root: eq.Expression, wrt: Iterable[eq.Input]) -> list[eq.Expression]:
    """The nodes where the value may jump as the inputs move, which the derivative does not see."""
    moving = dependent([root], wrt)
    return [
        node
        for node in walk([root])
        if (isinstance(node, eq.Where) and node.condition in moving)
        or (isinstance(node, eq.Lookup) and not moving.isdisjoint((node.x, node.lower, node.upper)))
        or (isinstance(node, eq.Interpolated) and node.points in moving)
        or (isinstance(node, eq.Rounded) and node.arg in moving)
    ]


def kinks(root: eq.Expression, wrt: Iterable[eq.Input]) -> list[eq.Expression]:
    """The min, max and interpolated nodes that the inputs pass through: there the slope jumps, not the value."""
    moving = dependent([root], wrt)
    bent = (
        node for node in walk([root]) if isinstance(node, (eq.Extreme, eq.Peak, eq.Interpolated)) and node in moving
    )
    return [node for node in bent if not isinstance(node, eq.Interpolated) or node.x in moving]


def is_smooth(root: eq.Expression, wrt: Iterable[eq.Input]) -> bool:
    """True when the inputs reach the result through no min, max, where-condition or class table."""
    inputs = list(wrt)
    return not jumps(root, inputs) and not kinks(root, inputs)


class _Reverse:
    """Passes adjoints from the result to the inputs."""

    def __init__(self, root: eq.Expression, wrt: Sequence[eq.Input]) -> None:
        self._root, self._wrt = root, tuple(wrt)
        self._moving = dependent([root], wrt)
        self._adjoint: dict[eq.Node, eq.Expression] = {root: _fit(eq.Number(1), root.sets)}
        # Adjoints that a choice or a mapping sets to 0 somewhere: what was not chosen may be unknown.
        self._masked: set[eq.Node] = set()

    def gradient(self) -> dict[eq.Input, eq.Expression]:
        for node in reversed([n for n in walk([self._root]) if n in self._moving]):
            if node in self._adjoint and isinstance(node, eq.Expression):
                DERIVATIVE(node, self, self._adjoint[node])
        return {x: _ordered(self._adjoint.get(x, eq.Number(0)), x.sets) for x in self._wrt}

    def give(self, operand: eq.Node, adjoint: eq.Expression) -> None:
        """Add to the adjoint of an operand, totalled over the sets that it lacks."""
        if operand not in self._moving or _is(adjoint, 0):
            return
        masked = adjoint in self._masked
        for the_set in [s for s in adjoint.sets if s not in operand.sets]:
            adjoint = eq.Total(adjoint, the_set)
        adjoint = _fit(adjoint, operand.sets)
        before = self._adjoint.get(operand)
        # a sum is 0 only where both parts are: the mask stays when both are masked
        keep_mask = masked and (before is None or before in self._masked)
        self._adjoint[operand] = adjoint if before is None else eq.Add(before, adjoint)
        if keep_mask:
            self._masked.add(self._adjoint[operand])

    def times(self, adjoint: eq.Expression, factor: eq.Expression) -> eq.Expression:
        """The adjoint times a local derivative; 0 stays 0 where the factor is not known."""
        if adjoint in self._masked:
            result: eq.Expression = eq.Weighted(adjoint, factor)
            self._masked.add(result)
            return result
        inner = adjoint.arg if isinstance(adjoint, eq.Spread) else adjoint
        return _fit(_product(inner, factor), adjoint.sets)

    def where(self, condition: eq.Condition, adjoint: eq.Expression, *, holds: bool = True) -> eq.Expression:
        """The adjoint where a condition holds (or does not), else 0; 0 stays 0 where that is not known."""
        masked = adjoint in self._masked
        one, none = eq.Number(1) if masked else adjoint, eq.Number(0)
        chosen = eq.Where(condition, one, none) if holds else eq.Where(condition, none, one)
        return self.mask(eq.Weighted(adjoint, chosen) if masked else chosen)

    def mask(self, node: eq.Expression) -> eq.Expression:
        """An adjoint that is 0 wherever its node was not chosen."""
        self._masked.add(node)
        return node

    def minus(self, adjoint: eq.Expression) -> eq.Expression:
        """The adjoint with its sign turned."""
        return self.carry(adjoint, _negative(adjoint))

    def carry(self, old: eq.Expression, new: eq.Expression) -> eq.Expression:
        """A mask holds for what is only moved or turned in sign."""
        if old in self._masked:
            self._masked.add(new)
        return new

    def moves(self, operand: eq.Node) -> bool:
        """True where an operand depends on one of the inputs."""
        return operand in self._moving


DERIVATIVE: Surface[[_Reverse, eq.Expression], None] = Surface("derivative", of=eq.Expression)
"""Gives each operand its share of a node's adjoint."""


@DERIVATIVE.rule(eq.Input, eq.Constant, eq.Number, eq.NumberOf)
def _leaf(node: eq.Expression, r: _Reverse, adjoint: eq.Expression) -> None:
    """A leaf has nothing to give on to."""


@DERIVATIVE.rule(eq.Defined)
def _defined(node: eq.Defined, r: _Reverse, adjoint: eq.Expression) -> None:
    r.give(node.equation, adjoint)


@DERIVATIVE.rule(eq.Rounded, eq.Spread)
def _as_it_comes(node: eq.Rounded | eq.Spread, r: _Reverse, adjoint: eq.Expression) -> None:
    r.give(node.arg, adjoint)


@DERIVATIVE.rule(eq.Negative)
def _of_negative(node: eq.Negative, r: _Reverse, adjoint: eq.Expression) -> None:
    r.give(node.arg, r.minus(adjoint))


@DERIVATIVE.rule(eq.Exponential)
def _exponential(node: eq.Exponential, r: _Reverse, adjoint: eq.Expression) -> None:
    r.give(node.arg, r.times(adjoint, node))


@DERIVATIVE.rule(eq.Logarithm)
def _logarithm(node: eq.Logarithm, r: _Reverse, adjoint: eq.Expression) -> None:
    r.give(node.arg, r.times(adjoint, eq.Divide(eq.Number(1), node.arg)))


@DERIVATIVE.rule(eq.Add)
def _add(node: eq.Add, r: _Reverse, adjoint: eq.Expression) -> None:
    r.give(node.left, adjoint)
    r.give(node.right, adjoint)


@DERIVATIVE.rule(eq.Subtract)
def _subtract(node: eq.Subtract, r: _Reverse, adjoint: eq.Expression) -> None:
    r.give(node.left, adjoint)
    if r.moves(node.right):
        r.give(node.right, r.minus(adjoint))


@DERIVATIVE.rule(eq.Multiply)
def _multiply(node: eq.Multiply, r: _Reverse, adjoint: eq.Expression) -> None:
    if r.moves(node.left):
        r.give(node.left, r.times(adjoint, node.right))
    if r.moves(node.right):
        r.give(node.right, r.times(adjoint, node.left))


@DERIVATIVE.rule(eq.Divide)
def _divide(node: eq.Divide, r: _Reverse, adjoint: eq.Expression) -> None:
    if r.moves(node.left):
        r.give(node.left, r.times(adjoint, eq.Divide(eq.Number(1), node.right)))
    if r.moves(node.right):
        r.give(node.right, r.minus(r.times(adjoint, eq.Divide(node, node.right))))


@DERIVATIVE.rule(eq.Power)
def _power(node: eq.Power, r: _Reverse, adjoint: eq.Expression) -> None:
    lower = node.exponent - 1
    slope = eq.Power(node.base, lower) if lower else eq.Number(1)
    r.give(node.base, r.times(adjoint, _product(eq.Number(float(node.exponent)), slope)))


@DERIVATIVE.rule(eq.Extreme)
def _extreme(node: eq.Extreme, r: _Reverse, adjoint: eq.Expression) -> None:
    for n, arg in enumerate(node.args):
        if r.moves(arg):
            r.give(arg, r.where(_first(node, n), adjoint))


@DERIVATIVE.rule(eq.Where)
def _where(node: eq.Where, r: _Reverse, adjoint: eq.Expression) -> None:
    if r.moves(node.yes):
        r.give(node.yes, r.where(node.condition, adjoint))
    if r.moves(node.no):
        r.give(node.no, r.where(node.condition, adjoint, holds=False))


@DERIVATIVE.rule(eq.Choose)
def _choose(node: eq.Choose, r: _Reverse, adjoint: eq.Expression) -> None:
    for choice, branch in node.branches:
        if r.moves(branch):
            taken = {c: adjoint if c == choice else eq.Number(0) for c in node.label.choices}
            r.give(branch, r.mask(eq.Choose(node.label, taken)))


@DERIVATIVE.rule(eq.Lookup)
def _lookup(node: eq.Lookup, r: _Reverse, adjoint: eq.Expression) -> None:
    if r.moves(node.values):
        inside = eq.Compare("<=", node.lower, node.x) & eq.Compare("<", node.x, node.upper)
        r.give(node.values, r.where(inside, adjoint))


@DERIVATIVE.rule(eq.Interpolated)
def _interpolated(node: eq.Interpolated, r: _Reverse, adjoint: eq.Expression) -> None:
    points, values = node.points, node.values
    if r.moves(node.x):
        end = eq.Lag(points, node.classes, -1)
        slopes = eq.Divide(eq.Subtract(eq.Lag(values, node.classes, -1), values), eq.Subtract(end, points))
        r.give(node.x, r.times(adjoint, eq.Lookup(node.x, points, end, slopes)))
    if r.moves(values):
        r.give(values, r.mask(eq.Weighted(_weight(node), adjoint)))


def _weight(node: eq.Interpolated) -> eq.Expression:
    """How much the value of each point weighs at ``x``: 1 at the point, falling to 0 at both its neighbours."""
    points, over = node.points, node.classes
    before, behind = eq.Lag(points, over, 1), eq.Lag(points, over, -1)
    rise = eq.Where(_at_end(over, 1), eq.Number(1), eq.Divide(eq.Subtract(node.x, before), eq.Subtract(points, before)))
    fall = eq.Where(
        _at_end(over, -1), eq.Number(1), eq.Divide(eq.Subtract(behind, node.x), eq.Subtract(behind, points))
    )
    return eq.Maximum(eq.Number(0), eq.Minimum(rise, fall))


def _at_end(over: Set, steps: int) -> eq.Condition:
    """True for the elements of a set from which a lag leads out of it."""
    return eq.Compare(">", eq.Lag(eq.Spread(eq.Number(0), (over,)), over, steps, eq.Number(1)), eq.Number(0))


@DERIVATIVE.rule(eq.Total)
def _total(node: eq.Total, r: _Reverse, adjoint: eq.Expression) -> None:
    r.give(node.arg, r.carry(adjoint, _fit(adjoint, node.arg.sets)))


@DERIVATIVE.rule(eq.GroupTotal)
def _group_total(node: eq.GroupTotal, r: _Reverse, adjoint: eq.Expression) -> None:
    if r.moves(node.arg):
        r.give(node.arg, r.mask(eq.At(adjoint, node.by, unmapped=0.0)))


@DERIVATIVE.rule(eq.Peak)
def _peak(node: eq.Peak, r: _Reverse, adjoint: eq.Expression) -> None:
    """To those that are the extreme one: at a tie, to each of them."""
    if not r.moves(node.arg):
        return

    def spread(one: eq.Expression) -> eq.Expression:
        return _fit(one, node.arg.sets) if node.by is None else eq.At(one, node.by, unmapped=0.0)

    is_it = eq.Compare("<=" if node.least else ">=", node.arg, spread(node))
    r.give(node.arg, r.where(is_it, r.carry(adjoint, spread(adjoint))))


@DERIVATIVE.rule(eq.Running)
def _running(node: eq.Running, r: _Reverse, adjoint: eq.Expression) -> None:
    if r.moves(node.arg):
        r.give(node.arg, r.carry(adjoint, eq.Running(adjoint, node.over, not node.backward)))


@DERIVATIVE.rule(eq.Lag)
def _lag(node: eq.Lag, r: _Reverse, adjoint: eq.Expression) -> None:
    # What is in no earlier place of any element moves nothing: 0, as with a mapping.
    if r.moves(node.arg):
        kept = reduce(eq.Total, (s for s in adjoint.sets if s not in node.arg.sets), adjoint)
        r.give(node.arg, r.mask(eq.Lag(r.carry(adjoint, kept), node.over, -node.steps, eq.Number(0))))
    if node.before is not None:
        first = eq.Lag(eq.Spread(eq.Number(0), node.arg.sets), node.over, node.steps, eq.Number(1))
        r.give(node.before, r.mask(eq.Weighted(first, adjoint)))


@DERIVATIVE.rule(eq.At)
def _at(node: eq.At, r: _Reverse, adjoint: eq.Expression) -> None:
    if r.moves(node.arg):
        both = [s for s in node.by.source if s in node.arg.sets and s != node.by.target]
        r.give(node.arg, r.carry(adjoint, eq.GroupTotal(adjoint, node.by, both)))


def _first(node: eq.Extreme, n: int) -> eq.Condition:
    """True where argument ``n`` is the extreme one, the first of those that tie."""
    strict, loose = ("<", "<=") if isinstance(node, eq.Minimum) else (">", ">=")
    tests: list[eq.Condition] = [eq.Compare(strict, node.args[n], other) for other in node.args[:n]]
    tests += [eq.Compare(loose, node.args[n], other) for other in node.args[n + 1 :]]
    return reduce(lambda left, right: left & right, tests)


def _fit(node: eq.Expression, sets: Sequence[Set]) -> eq.Expression:
    """The node over all of ``sets``, in any order."""
    lost = [s for s in node.sets if s not in sets]
    if lost:
        raise EquationError(f"an adjoint varies over {names(lost)}, which its node does not")
    if len(node.sets) == len(sets):
        return node
    return eq.Spread(node.arg if isinstance(node, eq.Spread) else node, sets)


def _ordered(node: eq.Expression, sets: Sequence[Set]) -> eq.Expression:
    """The node with its sets in the order of ``sets``."""
    return node if node.sets == tuple(sets) else eq.Spread(node, sets)


def _is(node: eq.Expression, value: float) -> bool:
    inner = node.arg if isinstance(node, eq.Spread) else node
    return isinstance(inner, eq.Number) and inner.value == value


def _product(left: eq.Expression, right: eq.Expression) -> eq.Expression:
    if _is(left, 1):
        return right
    if _is(right, 1):
        return left
    if isinstance(left, eq.Number) and isinstance(right, eq.Number):
        return eq.Number(left.value * right.value)
    if isinstance(left, eq.Negative):
        return _negative(_product(left.arg, right))
    if isinstance(right, eq.Divide) and _is(right.left, 1):
        return eq.Divide(left, right.right)
    return eq.Multiply(left, right)


def _negative(node: eq.Expression) -> eq.Expression:
    if isinstance(node, eq.Negative):
        return node.arg
    if isinstance(node, eq.Number):
        return eq.Number(-node.value)
    if isinstance(node, eq.Spread):
        return eq.Spread(_negative(node.arg), node.sets)
    return eq.Negative(node)
