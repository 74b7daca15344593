"""Which input cells a result really rests on.

Only the branch that a choice takes, only the class that a lookup hits, only
the elements of the domain: everything else may stay blank. What is required
and unknown can then be named, cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from jcm_mrv.arrays import Flags, Ordinals
from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.across import class_of, earlier, point_before
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.sets import Mapping, Set, Space, align
from jcm_mrv.quantities.surface import Surface


def required(roots: Iterable[eq.Expression], evaluation: Evaluation) -> dict[eq.Named, Flags]:
    """For every input, label and defined quantity the mask of elements that the roots need."""
    kept = list(roots)
    need = _Need(evaluation.space)
    order = list(walk(kept))
    for node in order:
        need.masks[id(node)] = np.zeros(evaluation.space.shape(node.sets), dtype=np.bool_)
    for root in kept:
        need.masks[id(root)] |= evaluation.space.exists(root.sets)
    for node in reversed(order):
        REQUIRED(node, evaluation, need)
    return {n: need.masks[id(n)] for n in order if isinstance(n, (eq.Input, eq.Label, eq.Defined))}


class _Need:
    """The masks of all nodes while they are passed from results to inputs."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.masks: dict[int, Flags] = {}

    def add(self, node: eq.Node, mask: Flags, over: tuple[Set, ...]) -> None:
        """Mark ``node`` where any element of a mask over more (or fewer) sets needs it."""
        gone = tuple(n for n, s in enumerate(over) if s not in node.sets)
        left = tuple(s for s in over if s in node.sets)
        wanted: Flags = np.asarray(mask.any(axis=gone))
        self.masks[id(node)] |= align(wanted, left, node.sets)


REQUIRED: Surface[[Evaluation, _Need], None] = Surface("required inputs")
"""Marks the elements of the operands that the marked elements of a node need."""


@REQUIRED.rule(
    eq.Input,
    eq.Label,
    eq.Constant,
    eq.Number,
    eq.NumberOf,
    eq.Defined,
    eq.Unary,
    eq.Binary,
    eq.Power,
    eq.Extreme,
    eq.Spread,
)
@REQUIRED.rule(eq.Compare, eq.IsLabel, eq.Both, eq.Either, eq.Not)
def _element_by_element(node: eq.Node, evaluation: Evaluation, need: _Need) -> None:
    for operand in node.operands:
        need.add(operand, need.masks[id(node)], node.sets)


@REQUIRED.rule(eq.Where)
def _where(node: eq.Where, evaluation: Evaluation, need: _Need) -> None:
    mask = need.masks[id(node)]
    condition = evaluation.over(node.condition, node.sets)
    need.add(node.condition, mask, node.sets)
    need.add(node.yes, mask & (condition == 1.0), node.sets)
    need.add(node.no, mask & (condition == 0.0), node.sets)


@REQUIRED.rule(eq.Choose)
def _choose(node: eq.Choose, evaluation: Evaluation, need: _Need) -> None:
    mask = need.masks[id(node)]
    chosen = evaluation.over(node.label, node.sets)
    need.add(node.label, mask, node.sets)
    for ordinal, (_, branch) in enumerate(node.branches):
        need.add(branch, mask & (chosen == ordinal), node.sets)


@REQUIRED.rule(eq.Total)
def _total(node: eq.Total | eq.Peak, evaluation: Evaluation, need: _Need) -> None:
    mask = need.masks[id(node)]
    whole = align(mask, node.sets, node.arg.sets) & need.space.exists(node.arg.sets)
    need.add(node.arg, whole, node.arg.sets)


@REQUIRED.rule(eq.Lookup)
def _lookup(node: eq.Lookup, evaluation: Evaluation, need: _Need) -> None:
    which = class_of(evaluation[node.x], evaluation[node.lower], evaluation[node.upper])
    _rows_of_table(node, which, which, evaluation, need)


@REQUIRED.rule(eq.Interpolated)
def _interpolated(node: eq.Interpolated, evaluation: Evaluation, need: _Need) -> None:
    before = point_before(evaluation[node.x], evaluation[node.points])
    _rows_of_table(node, before, before + (before >= 0), evaluation, need)


def _rows_of_table(node: eq.Table, first: Ordinals, last: Ordinals, evaluation: Evaluation, need: _Need) -> None:
    """The whole of a table's keys, and the values from the first to the last row that each ``x`` takes."""
    mask = need.masks[id(node)]
    need.add(node.x, mask, node.sets)
    rows = np.arange(need.space.size(node.classes))
    for key in node.operands[1:-1]:
        need.add(key, np.ones(rows.shape, dtype=np.bool_) & mask.any(), (node.classes,))
    ends = (align(which, node.x.sets, node.sets)[..., np.newaxis] for which in (first, last))
    low, high = ends
    need.add(node.values, mask[..., np.newaxis] & (rows >= low) & (rows <= high), (*node.sets, node.classes))


@REQUIRED.rule(eq.Peak)
def _peak(node: eq.Peak, evaluation: Evaluation, need: _Need) -> None:
    if node.by is None:
        _total(node, evaluation, need)
    else:
        _of_groups(node, node.by, need)


@REQUIRED.rule(eq.Running)
def _running(node: eq.Running, evaluation: Evaluation, need: _Need) -> None:
    mask = need.masks[id(node)]
    axis = node.sets.index(node.over)
    later = mask if node.backward else np.flip(mask, axis)
    met = np.logical_or.accumulate(later, axis=axis)
    met = met if node.backward else np.flip(met, axis)
    need.add(node.arg, met & need.space.exists(node.sets), node.sets)


@REQUIRED.rule(eq.Lag)
def _lag(node: eq.Lag, evaluation: Evaluation, need: _Need) -> None:
    mask = need.masks[id(node)]
    source, there = earlier(node, need.space)
    wide = align(there, node.arg.sets, node.sets)
    if node.before is not None:
        need.add(node.before, mask & ~wide, node.sets)
    wanted = np.moveaxis(mask & wide, node.sets.index(node.over), 0)
    moved = np.zeros(wanted.shape, dtype=np.bool_)
    np.logical_or.at(moved, source, wanted)
    need.add(node.arg, np.moveaxis(moved, 0, node.sets.index(node.over)), node.sets)


@REQUIRED.rule(eq.GroupTotal)
def _group_total(node: eq.GroupTotal, evaluation: Evaluation, need: _Need) -> None:
    _of_groups(node, node.by, need)


def _of_groups(node: eq.Across, by: Mapping, need: _Need) -> None:
    mask, positions = need.masks[id(node)], need.space.positions[by]
    rest = tuple(s for s in node.sets if s != by.target)
    by_target = align(mask, node.sets, (*rest, by.target))
    whole = np.where(positions >= 0, by_target[..., np.maximum(positions, 0)], False)
    over = (*rest, *by.source)
    need.add(node.arg, whole & need.space.exists(over), over)


@REQUIRED.rule(eq.At)
def _at(node: eq.At, evaluation: Evaluation, need: _Need) -> None:
    mask = need.masks[id(node)]
    positions = need.space.positions[node.by]
    source = node.by.source
    rest = tuple(s for s in node.arg.sets if s != node.by.target)
    free = tuple(s for s in rest if s not in source)
    moved = align(mask, node.sets, (*source, *free))
    target = align(need.masks[id(node.arg)], node.arg.sets, (node.by.target, *rest))
    kept = np.nonzero(positions >= 0)
    # A set that is source and rest at once stays on its diagonal.
    index = tuple(kept[source.index(s)] if s in source else slice(None) for s in rest)
    where: Any = (positions[kept], *index)
    np.logical_or.at(target, where, moved[kept])
