"""Which input cells a result really rests on.

Only the branch that a choice takes, only the class that a lookup hits, only
the elements of the domain: everything else may stay blank. What is required
and unknown can then be named, cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from jcm_mrv.quantities.across import class_of
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    At,
    Choose,
    Defined,
    Expression,
    GroupTotal,
    Input,
    Label,
    Lookup,
    Named,
    Node,
    Total,
    Where,
)
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.sets import BoolArray, Set, Space, align


def required(roots: Iterable[Expression], evaluation: Evaluation) -> dict[Named, BoolArray]:
    """For every input, label and defined quantity the mask of elements that the roots need."""
    kept = list(roots)
    need = _Need(evaluation.space)
    order = list(walk(kept))
    for node in order:
        need.masks[id(node)] = np.zeros(evaluation.space.shape(node.sets), dtype=np.bool_)
    for root in kept:
        need.masks[id(root)] |= evaluation.space.exists(root.sets)
    for node in reversed(order):
        _pass_on(node, evaluation, need)
    return {n: need.masks[id(n)] for n in order if isinstance(n, (Input, Label, Defined))}


class _Need:
    """The masks of all nodes while they are passed from results to inputs."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.masks: dict[int, BoolArray] = {}

    def add(self, node: Node, mask: BoolArray, over: tuple[Set, ...]) -> None:
        """Mark ``node`` where any element of a mask over more (or fewer) sets needs it."""
        gone = tuple(n for n, s in enumerate(over) if s not in node.sets)
        left = tuple(s for s in over if s in node.sets)
        wanted: BoolArray = np.asarray(mask.any(axis=gone))
        self.masks[id(node)] |= align(wanted, left, node.sets)


def _pass_on(node: Node, evaluation: Evaluation, need: _Need) -> None:
    mask = need.masks[id(node)]
    if isinstance(node, Where):
        condition = evaluation.over(node.condition, node.sets)
        need.add(node.condition, mask, node.sets)
        need.add(node.yes, mask & (condition == 1.0), node.sets)
        need.add(node.no, mask & (condition == 0.0), node.sets)
    elif isinstance(node, Choose):
        chosen = evaluation.over(node.label, node.sets)
        need.add(node.label, mask, node.sets)
        for ordinal, (_, branch) in enumerate(node.branches):
            need.add(branch, mask & (chosen == ordinal), node.sets)
    elif isinstance(node, Lookup):
        _lookup(node, mask, evaluation, need)
    elif isinstance(node, Total):
        whole = align(mask, node.sets, node.arg.sets) & need.space.exists(node.arg.sets)
        need.add(node.arg, whole, node.arg.sets)
    elif isinstance(node, GroupTotal):
        _group(node, mask, need)
    elif isinstance(node, At):
        _at(node, mask, need)
    else:
        for operand in node.operands:
            need.add(operand, mask, node.sets)


def _lookup(node: Lookup, mask: BoolArray, evaluation: Evaluation, need: _Need) -> None:
    need.add(node.x, mask, node.sets)
    lower, upper = evaluation[node.lower], evaluation[node.upper]
    every = np.ones(lower.shape, dtype=np.bool_) & mask.any()
    need.add(node.lower, every, node.lower.sets)
    need.add(node.upper, every, node.upper.sets)
    hit = class_of(evaluation[node.x], lower, upper)[mask]
    need.add(node.values, np.isin(np.arange(lower.size), hit), node.values.sets)


def _group(node: GroupTotal, mask: BoolArray, need: _Need) -> None:
    positions = need.space.positions[node.by]
    rest = tuple(s for s in node.sets if s != node.by.target)
    by_target = align(mask, node.sets, (*rest, node.by.target))
    whole = np.where(positions >= 0, by_target[..., np.maximum(positions, 0)], False)
    over = (*rest, *node.by.source)
    need.add(node.arg, whole & need.space.exists(over), over)


def _at(node: At, mask: BoolArray, need: _Need) -> None:
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
