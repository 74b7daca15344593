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
    At,
    Choose,
    Constant,
    Defined,
    Divide,
    Exponential,
    Expression,
    GroupTotal,
    Input,
    Lookup,
    Multiply,
    Named,
    Negative,
    Node,
    Number,
    NumberOf,
    Power,
    Spread,
    Total,
    Where,
)
from jcm_mrv.quantities.graph import Rebuild, own_nodes, walk
from jcm_mrv.quantities.text import term_text

E = TypeVar("E", bound=Expression)


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
        self._owner = _owners(roots)
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
        if isinstance(node, Lookup):
            return Lookup(self._column(node.x, node), node.lower, node.upper, node.values)
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


def _owners(roots: Sequence[Expression]) -> dict[Node, str]:
    """For each node the symbol of the defined quantity in whose equation it stands (the innermost, first in order)."""
    owner: dict[Node, str] = {}
    for node in walk(roots):
        if isinstance(node, Defined):
            for part in own_nodes(node):
                if not isinstance(part, Named):
                    owner.setdefault(part, node.symbol or node.label)
    return owner


def unit_of(node: Expression) -> str:
    """The unit of a term as text, composed of the units that its quantities declare."""
    units: dict[Node, str] = {}
    for part in walk([node]):
        if isinstance(part, Expression):
            units[part] = _unit(part, units)
    return units[node]


def _unit(node: Expression, units: dict[Node, str]) -> str:
    if isinstance(node, (Input, Constant, NumberOf, Defined)):
        return node.unit
    if isinstance(node, (Multiply, Divide)):
        return _composed(node, units[node.left], units[node.right])
    if isinstance(node, Power):
        base = units[node.base]
        return base if base == "1" else f"({base})**{float(node.exponent):.17g}"
    if isinstance(node, (Number, Exponential)):
        return "1"
    if isinstance(node, (Negative, Total, GroupTotal, At, Spread)):
        return units[node.arg]
    if isinstance(node, Lookup):
        return units[node.values]
    parts = [node.yes, node.no] if isinstance(node, Where) else list(node.operands)
    if isinstance(node, Choose):
        parts = [branch for _, branch in node.branches]
    # terms that are added or chosen between have one unit; a bare 0 has none of its own
    stated = [units[p] for p in parts if not (isinstance(p, Number) and p.value == 0)]
    return stated[0] if stated else "1"


def _composed(node: Multiply | Divide, left: str, right: str) -> str:
    if right == "1":
        return left
    if isinstance(node, Divide):
        return f"1/({right})" if left == "1" else f"{left}/({right})"
    return right if left == "1" else f"{left}*({right})" if "/" in right else f"{left}*{right}"
