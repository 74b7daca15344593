"""Lowering: a graph in which every total and class table rests on declared quantities.

A spreadsheet can total a column but not a term. Each term under a total, and
each ``x`` of a class table, that is not a declared quantity becomes a helper
quantity with a name of its own; no number changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar, cast

from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.graph import Rebuild, owners, unopened, walk
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.text import term_text

E = TypeVar("E", bound=eq.Expression)
_Units = dict[eq.Node, str]


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
    def __init__(self, roots: Sequence[eq.Expression]) -> None:
        self._owner = owners(roots)
        self._count: Counter[str] = Counter()
        self._helpers: dict[eq.Node, eq.Defined] = {}
        self.rebuild = Rebuild(self._replace)

    def _replace(self, node: eq.Node) -> eq.Node | None:
        if isinstance(node, eq.Named) and not isinstance(node, eq.Defined):
            return node
        if isinstance(node, eq.Total):
            return eq.Total(self._column(node.arg, node), node.over)
        if isinstance(node, eq.GroupTotal):
            return eq.GroupTotal(self._column(node.arg, node), node.by, node.keep)
        if isinstance(node, eq.Peak):
            return eq.Peak(self._column(node.arg, node), node.over, node.by, node.least)
        if isinstance(node, eq.Running):
            return eq.Running(self._column(node.arg, node), node.over, node.backward)
        if isinstance(node, eq.Lookup):
            x, lower, upper, values = (self._column(n, node) for n in (node.x, node.lower, node.upper, node.values))
            return eq.Lookup(x, lower, upper, values)
        if isinstance(node, eq.Interpolated):
            return eq.Interpolated(*(self._column(n, node) for n in (node.x, node.points, node.values)))
        return None

    def _column(self, arg: eq.Expression, user: eq.Node) -> eq.Expression:
        """The operand itself where it is declared, else its helper."""
        if isinstance(arg, eq.Named):
            return cast(eq.Expression, self.rebuild.copied(arg))
        if arg not in self._helpers:
            owner = self._owner.get(user, "equation")
            self._count[owner] += 1
            copied = cast(eq.Expression, self.rebuild.copied(arg))
            self._helpers[arg] = eq.Defined(
                f"{owner} [{self._count[owner]}]", term_text(arg), unit_of(arg), copied, arg.sets
            )
        return self._helpers[arg]


def unit_of(node: eq.Expression) -> str:
    """The unit of a term as text, composed of the units that its quantities declare."""
    units: _Units = {}
    root: eq.Node = node
    for part in walk([root], unopened):
        units[part] = UNIT_TEXT(part, units)
    return units[node]


UNIT_TEXT: Surface[[_Units], str] = Surface("units as text")
"""The unit of a node as text, its operands having theirs."""


@UNIT_TEXT.rule(eq.Input, eq.Constant, eq.NumberOf, eq.Defined)
def _declared(node: eq.Input | eq.Constant | eq.NumberOf | eq.Defined, units: _Units) -> str:
    return node.unit


@UNIT_TEXT.rule(eq.Number, eq.Exponential, eq.Logarithm, eq.Label, eq.Condition)
def _one(node: eq.Node, units: _Units) -> str:
    return "1"


@UNIT_TEXT.rule(eq.Negative, eq.Rounded, eq.Across, eq.At, eq.Spread)
def _of_operand(node: eq.Unary | eq.Across | eq.At | eq.Spread, units: _Units) -> str:
    return units[node.arg]


@UNIT_TEXT.rule(eq.Table)
def _table(node: eq.Table, units: _Units) -> str:
    return units[node.values]


@UNIT_TEXT.rule(eq.Power)
def _power(node: eq.Power, units: _Units) -> str:
    base = units[node.base]
    return base if base == "1" else f"({base})**{float(node.exponent):.17g}"


@UNIT_TEXT.rule(eq.Add, eq.Subtract, eq.Extreme, eq.Lag)
def _sum(node: eq.Binary | eq.Extreme | eq.Lag, units: _Units) -> str:
    return _common(node.operands, units)


@UNIT_TEXT.rule(eq.Where)
def _where(node: eq.Where, units: _Units) -> str:
    return _common((node.yes, node.no), units)


@UNIT_TEXT.rule(eq.Choose)
def _choose(node: eq.Choose, units: _Units) -> str:
    return _common([branch for _, branch in node.branches], units)


def _common(parts: Sequence[eq.Node], units: _Units) -> str:
    """The one unit of terms that are added or chosen between; a bare 0 has none of its own, nor has another number."""
    stated = [units[p] for p in parts if not isinstance(p, eq.Number)]
    return stated[0] if stated else "1"


@UNIT_TEXT.rule(eq.Multiply, eq.Divide)
def _composed(node: eq.Multiply | eq.Divide, units: _Units) -> str:
    left, right = units[node.left], units[node.right]
    if right == "1":
        return left
    if isinstance(node, eq.Divide):
        return f"{left}/({right})"
    return right if left == "1" else f"{left}*({right})" if "/" in right else f"{left}*{right}"
