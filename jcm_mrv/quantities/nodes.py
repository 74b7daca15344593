"""The nodes of an equation graph that act element by element: quantities, arithmetic, conditions.

Every node knows its ``sets``: the sets it varies over, in order of first
appearance. Conditions and labels are nodes too, but not numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.sets import Set, names
from jcm_mrv.words import as_words

DIRECTIONS = ("nearest", "down", "up")
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
        self.symbol, self.label, self.unit, self.sets = symbol, as_words(label), unit, tuple(sets)


class Label(Named):
    """A declared choice: each index tuple carries one of ``choices``.

    Raises EquationError when two choices differ in case only, because Excel
    does not tell them apart.
    """

    def __init__(self, symbol: str, label: str, choices: Sequence[str], sets: Sequence[Set] = ()) -> None:
        if len({c.casefold() for c in choices}) != len(choices):
            raise EquationError(f"{symbol or label}: choices must differ in more than case: {', '.join(choices)}")
        self.symbol, self.label, self.choices, self.sets = symbol, as_words(label), tuple(choices), tuple(sets)

    def equals(self, choice: str) -> Condition:
        """True where the label is ``choice``."""
        return IsLabel(self, choice)


class Constant(Named, Expression):
    """A named constant with its written form (``44/12``), unit and source."""

    def __init__(self, symbol: str, written: str, unit: str, label: str, source: str = "") -> None:
        self.symbol, self.written, self.unit = symbol, written, unit
        self.label, self.source = as_words(label), as_words(source)
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
        self.symbol, self.label, self.unit, self.sets = symbol, as_words(label), unit, tuple(sets)
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


class Logarithm(Unary):
    """The natural logarithm of ``x``, which has unit 1; unknown where ``x`` is not above 0."""


class Rounded(Unary):
    """``x`` rounded to ``digits`` decimals as a document prescribes it: to the nearest, down or up.

    Halves go away from zero; down and up are towards minus and plus infinity.
    What lies beyond six digits more is noise of arithmetic and decides
    nothing. Raises EquationError for digits or a direction that are not known.
    """

    def __init__(self, arg: Numeric, digits: int, direction: str = "nearest") -> None:
        super().__init__(arg)
        if isinstance(digits, bool) or not isinstance(digits, int) or not -9 <= digits <= 9:
            raise EquationError(f"digits of rounding are a whole number from -9 to 9, not {digits!r}")
        if direction not in DIRECTIONS:
            raise EquationError(f"rounding goes {', '.join(DIRECTIONS)}, not {direction!r}")
        self.digits, self.direction = digits, direction


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
        if exponent == 0:
            raise EquationError("a power with exponent 0 is 1 even for an unknown base; write 1")
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


# --- conditions ----------------------------------------------------------------


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


def _written_value(written: str) -> Fraction:
    """A written constant (``44/12``, ``3.6``) as an exact number; raises EquationError."""
    try:
        numerator, _, denominator = written.partition("/")
        return Fraction(numerator.strip()) / Fraction(denominator.strip() or "1")
    except (ValueError, ZeroDivisionError):
        raise EquationError(f"a constant is written as a number or a fraction of two, not {written!r}") from None
