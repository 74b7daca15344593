"""Lowering: a graph in which every total and class table rests on declared quantities.

A spreadsheet can total a column but not a term. Each term under a total, and
each ``x`` of a class table, that is not a declared quantity becomes a helper
quantity with a name of its own; no number changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar, cast

from jcm_mrv.quantities.expression import (
    Across,
    Add,
    At,
    Binary,
    Choose,
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
    Label,
    Lag,
    Logarithm,
    Lookup,
    Multiply,
    Named,
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
    Table,
    Total,
    Unary,
    Where,
)
from jcm_mrv.quantities.graph import Rebuild, owners, unopened, walk
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.text import term_text

E = TypeVar("E", bound=Expression)
_Units = dict[Node, str]


def prepare(roots: Sequence[E]) -> list[E]:
    """The graph with a helper quantity for each term that has to be a column.

    Inputs, labels, constants and sets stay the same objects, so values bound
    to the old graph fit the new one. Helpers are named after the quantity in
    whose equation they stand (``RE (term 1)``), carry the term as label, the
    term's sets, and its unit as a product of declared units.
    """
    lowering = _Lowering(roots)
    return [lowering.rebuild(root) for root in roots]


class _Lowering:
    def __init__(self, roots: Sequence[Expression]) -> None:
        self._owner = owners(roots)
        self._count: Counter[str] = Counter()
        self._helpers: dict[Node, Defined] = {}
        self.rebuild = Rebuild(self._replace)

    def _replace(self, node: Node) -> Node | None:
        if isinstance(node, Named) and not isinstance(node, Defined):
            return node
        if isinstance(node, Total):
            return Total(self._column(node.arg, node), node.over)
        if isinstance(node, GroupTotal):
            return GroupTotal(self._column(node.arg, node), node.by, node.keep)
        if isinstance(node, Peak):
            return Peak(self._column(node.arg, node), node.over, node.by, node.least)
        if isinstance(node, Running):
            return Running(self._column(node.arg, node), node.over, node.backward)
        if isinstance(node, Lookup):
            x, lower, upper, values = (self._column(n, node) for n in (node.x, node.lower, node.upper, node.values))
            return Lookup(x, lower, upper, values)
        if isinstance(node, Interpolated):
            return Interpolated(*(self._column(n, node) for n in (node.x, node.points, node.values)))
        return None

    def _column(self, arg: Expression, user: Node) -> Expression:
        """The operand itself where it is declared, else its helper."""
        if isinstance(arg, Named):
            return cast(Expression, self.rebuild.copied(arg))
        if arg not in self._helpers:
            owner = self._owner.get(user, "equation")
            self._count[owner] += 1
            copied = cast(Expression, self.rebuild.copied(arg))
            self._helpers[arg] = Defined(
                f"{owner} (term {self._count[owner]})", term_text(arg), unit_of(arg), copied, arg.sets
            )
        return self._helpers[arg]


def unit_of(node: Expression) -> str:
    """The unit of a term as text, composed of the units that its quantities declare."""
    units: _Units = {}
    root: Node = node
    for part in walk([root], unopened):
        units[part] = UNIT_TEXT(part, units)
    return units[node]


UNIT_TEXT: Surface[[_Units], str] = Surface("units as text")
"""The unit of a node as text, its operands having theirs."""


@UNIT_TEXT.rule(Input, Constant, NumberOf, Defined)
def _declared(node: Input | Constant | NumberOf | Defined, units: _Units) -> str:
    return node.unit


@UNIT_TEXT.rule(Number, Exponential, Logarithm, Label, Condition)
def _one(node: Node, units: _Units) -> str:
    return "1"


@UNIT_TEXT.rule(Negative, Rounded, Across, At, Spread)
def _of_operand(node: Unary | Across | At | Spread, units: _Units) -> str:
    return units[node.arg]


@UNIT_TEXT.rule(Table)
def _table(node: Table, units: _Units) -> str:
    return units[node.values]


@UNIT_TEXT.rule(Power)
def _power(node: Power, units: _Units) -> str:
    base = units[node.base]
    return base if base == "1" else f"({base})**{float(node.exponent):.17g}"


@UNIT_TEXT.rule(Add, Subtract, Extreme, Lag)
def _sum(node: Binary | Extreme | Lag, units: _Units) -> str:
    return _common(node.operands, units)


@UNIT_TEXT.rule(Where)
def _where(node: Where, units: _Units) -> str:
    return _common((node.yes, node.no), units)


@UNIT_TEXT.rule(Choose)
def _choose(node: Choose, units: _Units) -> str:
    return _common([branch for _, branch in node.branches], units)


def _common(parts: Sequence[Node], units: _Units) -> str:
    """The one unit of terms that are added or chosen between; a bare 0 has none of its own."""
    stated = [units[p] for p in parts if not (isinstance(p, Number) and p.value == 0)]
    return stated[0] if stated else "1"


@UNIT_TEXT.rule(Multiply, Divide)
def _composed(node: Multiply | Divide, units: _Units) -> str:
    left, right = units[node.left], units[node.right]
    if right == "1":
        return left
    if isinstance(node, Divide):
        return f"1/({right})" if left == "1" else f"{left}/({right})"
    return right if left == "1" else f"{left}*({right})" if "/" in right else f"{left}*{right}"
