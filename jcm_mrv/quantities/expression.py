"""The nodes of an equation graph.

An equation is a Python expression over declared quantities. Building it makes
a graph of the nodes below and computes nothing; what is done with the graph
(numbers, Excel formulas, typesetting, units, derivative, bounds, trace) lives
in one module each, which dispatches on the node's class.

Every node knows its ``sets``: the sets it varies over, in order of first
appearance. Conditions and labels are nodes too, but not numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.sets import Mapping, Set, names

Numeric: TypeAlias = "Expression | int | float"


class Node:
    """Anything in a graph. Nodes compare by identity; ``operands`` are what it is built from."""

    sets: tuple[Set, ...] = ()
    operands: tuple[Node, ...] = ()


class Expression(Node):
    """A node with a numeric value and a unit."""

    def __add__(self, other: Numeric) -> Expression:
        return Add(self, number(other))

    def __radd__(self, other: Numeric) -> Expression:
        return Add(number(other), self)

    def __sub__(self, other: Numeric) -> Expression:
        return Subtract(self, number(other))

    def __rsub__(self, other: Numeric) -> Expression:
        return Subtract(number(other), self)

    def __mul__(self, other: Numeric) -> Expression:
        return Multiply(self, number(other))

    def __rmul__(self, other: Numeric) -> Expression:
        return Multiply(number(other), self)

    def __truediv__(self, other: Numeric) -> Expression:
        return Divide(self, number(other))

    def __rtruediv__(self, other: Numeric) -> Expression:
        return Divide(number(other), self)

    def __pow__(self, exponent: int | float | Fraction) -> Expression:
        return Power(self, exponent)

    def __neg__(self) -> Expression:
        return Negative(self)

    def __lt__(self, other: Numeric) -> Condition:
        return Compare("<", self, number(other))

    def __le__(self, other: Numeric) -> Condition:
        return Compare("<=", self, number(other))

    def __gt__(self, other: Numeric) -> Condition:
        return Compare(">", self, number(other))

    def __ge__(self, other: Numeric) -> Condition:
        return Compare(">=", self, number(other))

    def __bool__(self) -> bool:
        raise EquationError("an equation has no truth value while it is declared: use where(condition, yes, no)")


class Condition(Node):
    """A node that is true or false."""

    def __and__(self, other: Condition) -> Condition:
        return Both(self, other)

    def __or__(self, other: Condition) -> Condition:
        return Either(self, other)

    def __invert__(self) -> Condition:
        return Not(self)

    def __bool__(self) -> bool:
        raise EquationError("a condition is combined with & | ~, not with and, or, not")


# --- leaves -------------------------------------------------------------------


class Named(Node):
    """A node with a symbol of its own, which an assignment in a class body may give."""

    symbol: str
    label: str

    def __set_name__(self, owner: type, name: str) -> None:
        if not self.symbol:
            self.symbol = name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.symbol or '?'}>"


class Input(Named, Expression):
    """A declared quantity whose values come from outside the graph, with unit and sets."""

    def __init__(self, symbol: str, label: str, unit: str, sets: Sequence[Set] = ()) -> None:
        self.symbol, self.label, self.unit, self.sets = symbol, label, unit, tuple(sets)


class Label(Named):
    """A declared choice: each index tuple carries one of ``choices``.

    Raises EquationError when two choices differ in case only, because Excel
    does not tell them apart.
    """

    def __init__(self, symbol: str, label: str, choices: Sequence[str], sets: Sequence[Set] = ()) -> None:
        if len({c.casefold() for c in choices}) != len(choices):
            raise EquationError(f"{symbol or label}: choices must differ in more than case: {', '.join(choices)}")
        self.symbol, self.label, self.choices, self.sets = symbol, label, tuple(choices), tuple(sets)

    def equals(self, choice: str) -> Condition:
        """True where the label is ``choice``."""
        return IsLabel(self, choice)


class Constant(Named, Expression):
    """A named constant with its written form (``44/12``), unit and source."""

    def __init__(self, symbol: str, written: str, unit: str, label: str, source: str = "") -> None:
        self.symbol, self.written, self.unit, self.label, self.source = symbol, written, unit, label, source
        self.value = float(_written_value(written))


class Number(Expression):
    """A bare number of the equation's structure: ``1`` in ``1 - OX``. A bare 0 fits any unit."""

    def __init__(self, value: float) -> None:
        self.value = float(value)


class NumberOf(Expression):
    """What an element of ``over`` counts as (the calendar year of a year), in ``unit``."""

    def __init__(self, over: Set, unit: str) -> None:
        self.over, self.unit, self.sets = over, unit, (over,)


class Defined(Named, Expression):
    """A quantity defined by an equation: an intermediate or a result.

    ``sets`` are declared, not inferred: raises EquationError when the
    equation varies over a set that was not declared (the factor that becomes
    per-unit without anyone noticing).
    """

    def __init__(self, symbol: str, label: str, unit: str, equation: Numeric, sets: Sequence[Set] = ()) -> None:
        self.equation = number(equation)
        undeclared = [s for s in self.equation.sets if s not in sets]
        if undeclared:
            raise EquationError(
                f"{symbol or label}: its equation varies over {names(undeclared)}, which it does not declare; "
                "declare the set with per=, or total over it"
            )
        self.symbol, self.label, self.unit, self.sets = symbol, label, unit, tuple(sets)
        self.operands = (self.equation,)


# --- arithmetic ----------------------------------------------------------------


class Unary(Expression):
    """An operation on one expression."""

    def __init__(self, arg: Numeric) -> None:
        self.arg = number(arg)
        self.sets, self.operands = self.arg.sets, (self.arg,)


class Negative(Unary):
    """``-x``"""


class Exponential(Unary):
    """``e`` to the power ``x``; ``x`` has unit 1."""


class Binary(Expression):
    """An operation on two expressions."""

    def __init__(self, left: Numeric, right: Numeric) -> None:
        self.left, self.right = number(left), number(right)
        self.sets, self.operands = union(self.left, self.right), (self.left, self.right)


class Add(Binary):
    """``x + y``, equal units"""


class Subtract(Binary):
    """``x - y``, equal units"""


class Multiply(Binary):
    """``x * y``"""


class Weighted(Multiply):
    """``x * y``, and 0 where ``x`` is 0 even if ``y`` is unknown (arises in derivatives)."""


class Divide(Binary):
    """``x / y``"""


class Power(Expression):
    """``x`` to a fixed power, which keeps its written form (2, 0.5, 1/3)."""

    def __init__(self, base: Numeric, exponent: int | float | Fraction) -> None:
        if not isinstance(exponent, (int, float, Fraction)):
            raise EquationError("the exponent of a power is a plain number; for a varying one use exp")
        self.base, self.exponent = number(base), exponent
        self.sets, self.operands = self.base.sets, (self.base,)


class Extreme(Expression):
    """The least or the greatest of several expressions with equal units."""

    def __init__(self, *args: Numeric) -> None:
        if len(args) < 2:
            raise EquationError("min and max compare at least two expressions")
        self.args = tuple(number(a) for a in args)
        self.sets, self.operands = union(*self.args), self.args


class Minimum(Extreme):
    """The least of its arguments."""


class Maximum(Extreme):
    """The greatest of its arguments."""


# --- conditions and choices ------------------------------------------------------


class Compare(Condition):
    """``left < right`` and its kin, equal units."""

    def __init__(self, operator: str, left: Expression, right: Expression) -> None:
        self.operator, self.left, self.right = operator, left, right
        self.sets, self.operands = union(left, right), (left, right)


class IsLabel(Condition):
    """``label = "choice"``"""

    def __init__(self, label: Label, choice: str) -> None:
        if choice not in label.choices:
            raise EquationError(f"{label.symbol} has no choice {choice!r}, only {', '.join(label.choices)}")
        self.label, self.choice = label, choice
        self.sets, self.operands = label.sets, (label,)


class Both(Condition):
    """Both conditions hold."""

    def __init__(self, left: Condition, right: Condition) -> None:
        self.left, self.right = left, right
        self.sets, self.operands = union(left, right), (left, right)


class Either(Condition):
    """At least one condition holds."""

    def __init__(self, left: Condition, right: Condition) -> None:
        self.left, self.right = left, right
        self.sets, self.operands = union(left, right), (left, right)


class Not(Condition):
    """The condition does not hold."""

    def __init__(self, arg: Condition) -> None:
        self.arg = arg
        self.sets, self.operands = arg.sets, (arg,)


class Where(Expression):
    """``yes`` where the condition holds, else ``no``; only the taken side has to be known."""

    def __init__(self, condition: Condition, yes: Numeric, no: Numeric) -> None:
        self.condition, self.yes, self.no = condition, number(yes), number(no)
        self.sets = union(condition, self.yes, self.no)
        self.operands = (condition, self.yes, self.no)


class Choose(Expression):
    """The branch named by a label; only the chosen branch has to be known.

    Raises EquationError unless there is one branch per choice.
    """

    def __init__(self, label: Label, branches: MappingOf[str, Numeric]) -> None:
        if set(branches) != set(label.choices):
            raise EquationError(
                f"choose by {label.symbol}: branches {', '.join(branches)} for the choices {', '.join(label.choices)}"
            )
        self.label = label
        self.branches = tuple((choice, number(branches[choice])) for choice in label.choices)
        self.sets = union(label, *(b for _, b in self.branches))
        self.operands = (label, *(b for _, b in self.branches))


class Lookup(Expression):
    """The value of the class in which ``x`` lies: lower <= x < upper.

    ``lower``, ``upper`` and ``values`` are inputs over the set of classes.
    Outside every class there is no value: an error, never the nearest class.
    """

    def __init__(self, x: Expression, lower: Input, upper: Input, values: Input) -> None:
        if not (lower.sets == upper.sets == values.sets and len(values.sets) == 1):
            raise EquationError(f"the class table {values.symbol} needs bounds and values over one set of classes")
        self.x, self.lower, self.upper, self.values = x, lower, upper, values
        self.classes = values.sets[0]
        self.sets, self.operands = x.sets, (x, lower, upper, values)


# --- across sets -----------------------------------------------------------------


class Total(Expression):
    """The sum over every existing element of ``over``."""

    def __init__(self, arg: Expression, over: Set) -> None:
        if over not in arg.sets:
            raise EquationError(f"total over {over}: the term does not vary over it, only over {names(arg.sets)}")
        self.arg, self.over = arg, over
        self.sets, self.operands = tuple(s for s in arg.sets if s != over), (arg,)


class GroupTotal(Expression):
    """The sum over all source elements that a mapping sends to each target element.

    Source sets in ``keep`` are grouped but not summed over (arises in derivatives).
    """

    def __init__(self, arg: Expression, by: Mapping, keep: Sequence[Set] = ()) -> None:
        missing = [s for s in by.source if s not in arg.sets]
        if missing:
            raise EquationError(f"grouped total by {by}: the term does not vary over {names(missing)}")
        if by.target in arg.sets and by.target not in by.source:
            raise EquationError(f"grouped total by {by}: the term varies over {by.target} already")
        self.arg, self.by, self.keep = arg, by, tuple(keep)
        self.sets = (*(s for s in arg.sets if s not in by.source or s in self.keep), by.target)
        self.operands = (arg,)


class At(Expression):
    """The value of the element that a mapping sends each source element to.

    A source element that maps to nothing has an unknown value, or ``unmapped``
    (0 in derivatives: what is in no group moves no total).
    """

    def __init__(self, arg: Expression, by: Mapping, unmapped: float = math.nan) -> None:
        if by.target not in arg.sets:
            raise EquationError(f"taken at {by}: the term does not vary over {by.target}")
        self.arg, self.by, self.unmapped = arg, by, unmapped
        rest = tuple(s for s in arg.sets if s != by.target)
        self.sets = (*(s for s in by.source if s not in rest), *rest)
        self.operands = (arg,)


class Spread(Expression):
    """The same value for every element of further sets (arises in derivatives)."""

    def __init__(self, arg: Expression, sets: Sequence[Set]) -> None:
        lost = [s for s in arg.sets if s not in sets]
        if lost:
            raise EquationError(f"spread loses {names(lost)}")
        self.arg, self.sets, self.operands = arg, tuple(sets), (arg,)


# --- how an equation is written ----------------------------------------------------


def number(value: Numeric) -> Expression:
    """A bare number as a node; an expression stays as it is.

    Raises EquationError for anything else (text is never parsed).
    """
    if isinstance(value, Expression):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise EquationError(f"an equation is built from quantities and numbers, not from {value!r}")
    return Number(value)


def union(*nodes: Node) -> tuple[Set, ...]:
    """The sets of several nodes, in order of first appearance."""
    return tuple(dict.fromkeys(s for node in nodes for s in node.sets))


def exp(x: Numeric) -> Expression:
    """e to the power x."""
    return Exponential(x)


def minimum(*args: Numeric) -> Expression:
    """The least of several expressions."""
    return Minimum(*args)


def maximum(*args: Numeric) -> Expression:
    """The greatest of several expressions."""
    return Maximum(*args)


def where(condition: Condition, yes: Numeric, no: Numeric) -> Expression:
    """``yes`` where the condition holds, else ``no``."""
    return Where(condition, yes, no)


def choose(label: Label, branches: MappingOf[str, Numeric]) -> Expression:
    """The branch that the label names."""
    return Choose(label, branches)


def lookup(x: Expression, lower: Input, upper: Input, values: Input) -> Expression:
    """The value of the class in which x lies."""
    return Lookup(x, lower, upper, values)


def total(arg: Expression, over: Set | None = None, by: Mapping | None = None) -> Expression:
    """The sum over a set, or grouped by a mapping. Raises EquationError unless exactly one is given."""
    if over is not None and by is None:
        return Total(arg, over)
    if by is not None and over is None:
        return GroupTotal(arg, by)
    raise EquationError("total takes either over= or by=")


def at(arg: Expression, by: Mapping) -> Expression:
    """The value at the element that a mapping names: ``at(EF, supply_of_equipment)``."""
    return At(arg, by)


def number_of(over: Set, unit: str = "1") -> Expression:
    """What the elements of a set count as, for instance calendar years."""
    return NumberOf(over, unit)


def _written_value(written: str) -> Fraction:
    """A written constant (``44/12``, ``3.6``) as an exact number; raises EquationError."""
    try:
        numerator, _, denominator = written.partition("/")
        return Fraction(numerator.strip()) / Fraction(denominator.strip() or "1")
    except (ValueError, ZeroDivisionError):
        raise EquationError(f"a constant is written as a number or a fraction of two, not {written!r}") from None
