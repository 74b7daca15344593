"""What one element of an equation is made from: the places that its value is taken from.

Where :func:`~jcm_mrv.quantities.graph.walk` goes through an equation element
by element (formulas, numbers in an equation, a trace), these tables say what
lies below a node at one element. Named quantities are not opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np

from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.across import class_of, earlier_row, members, point_before, target_of
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.graph import own_nodes
from jcm_mrv.quantities.sets import Space
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.writing import Place, Row, place_of


class InSpace(Protocol):
    """Whoever knows the elements of sets."""

    @property
    def space(self) -> Space:
        """The elements and where mappings send them."""


ELEMENT: Surface[[Row, InSpace], Iterable[Place]] = Surface("one element", part=True)
"""The places below a node at one element, all sides of a choice among them."""


@ELEMENT.rule(eq.Named, eq.Number, eq.NumberOf)
def _unopened(node: eq.Node, row: Row, known: InSpace) -> Iterable[Place]:
    return ()


@ELEMENT.rule(eq.Unary, eq.Binary, eq.Power, eq.Extreme, eq.Spread, eq.Compare, eq.IsLabel, eq.Both, eq.Either, eq.Not)
def _same_row(node: eq.Node, row: Row, known: InSpace) -> Iterable[Place]:
    return [place_of(operand, row) for operand in node.operands]


@ELEMENT.rule(eq.At)
def _at(node: eq.At, row: Row, known: InSpace) -> Iterable[Place]:
    target = target_of(node, row, known.space)
    return [place_of(node.arg, {**row, node.by.target: target})] if target >= 0 else ()


@ELEMENT.rule(eq.Lag)
def _lag(node: eq.Lag, row: Row, known: InSpace) -> Iterable[Place]:
    there = earlier_row(node, row, known.space)
    if there is not None:
        return [place_of(node.arg, there)]
    return () if node.before is None else [place_of(node.before, row)]


VALUED: Surface[[Row, Evaluation], Iterable[Place]] = Surface("what an element is made from", like=[ELEMENT])
"""The places that an element really takes its value from, and what decides between them."""


@VALUED.rule(eq.Across)
def _members(node: eq.Across, row: Row, known: Evaluation) -> Iterable[Place]:
    return [place_of(node.arg, one) for one in members(node, row, known.space)]


@VALUED.rule(eq.Lookup)
def _lookup(node: eq.Lookup, row: Row, known: Evaluation) -> Iterable[Place]:
    which = int(class_of(known[node.x], known[node.lower], known[node.upper])[place_of(node.x, row).ordinals])
    return _rows_of_table(node, row, [which] if which >= 0 else [])


@VALUED.rule(eq.Interpolated)
def _interpolated(node: eq.Interpolated, row: Row, known: Evaluation) -> Iterable[Place]:
    before = int(point_before(known[node.x], known[node.points])[place_of(node.x, row).ordinals])
    both = [n for n in (before, before + 1) if n < known.space.size(node.classes)]
    return _rows_of_table(node, row, both if before >= 0 else [])


def _rows_of_table(node: eq.Table, row: Row, which: Iterable[int]) -> Iterable[Place]:
    """What is looked up, and the rows of the table that it is taken from."""
    return [place_of(node.x, row), *(place_of(node.values, {**row, node.classes: n}) for n in which)]


def value_at(node: eq.Node, row: Row, evaluation: Evaluation) -> float:
    """The value of a node at the element of a row."""
    return float(evaluation[node][place_of(node, row).ordinals])


def taken_side(node: eq.Where | eq.Choose, row: Row, evaluation: Evaluation) -> list[eq.Node]:
    """The side of a choice that one element takes; empty where that is unknown."""
    if isinstance(node, eq.Where):
        known = value_at(node.condition, row, evaluation)
        return [] if np.isnan(known) else [node.yes if known else node.no]
    which = int(value_at(node.label, row, evaluation))
    return [node.branches[which][1]] if which >= 0 else []


def of_one_row(defined: eq.Defined) -> bool:
    """Whether an equation takes values of its own element only, and values without sets.

    Then its formula is the same in every row of a table but for the row's number.
    """
    nodes = own_nodes(defined)
    named = [n for n in nodes if isinstance(n, eq.Named)]
    return all(OWN_ROW(node) for node in nodes) and all(n.sets in ((), defined.sets) for n in named)


OWN_ROW: Surface[[], bool] = Surface("values of the own row")
"""Whether a node takes its value from the same row of a table, or from where every row does."""


@OWN_ROW.rule(
    eq.Named,
    eq.Number,
    eq.Unary,
    eq.Binary,
    eq.Power,
    eq.Extreme,
    eq.Spread,
    eq.Compare,
    eq.IsLabel,
    eq.Both,
    eq.Either,
    eq.Not,
    eq.Where,
    eq.Choose,
)
def _own(node: eq.Node) -> bool:
    return True


@OWN_ROW.rule(eq.Across, eq.At, eq.Lag, eq.Table, eq.NumberOf)
def _elsewhere(node: eq.Node) -> bool:
    return False


@VALUED.rule(eq.Where, eq.Choose)
def _chosen(node: eq.Where | eq.Choose, row: Row, known: Evaluation) -> Iterable[Place]:
    decides = node.condition if isinstance(node, eq.Where) else node.label
    return [place_of(one, row) for one in (decides, *taken_side(node, row, known))]
