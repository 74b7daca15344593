"""Arrays across sets: totals over the domain, grouping, taking by a mapping, class tables.

Shared by the numbers and by the bounds, so that both place every element alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.quantities.errors import SpaceError
from jcm_mrv.quantities.expression import At, Expression, GroupTotal, Total
from jcm_mrv.quantities.sets import IntArray, Mapping, Set, Space, align


def summed(array: Numbers, node: Total, space: Space) -> Numbers:
    """The total of an array over ``node.arg.sets`` along one set, over the domain only."""
    present = np.where(space.exists(node.arg.sets), array, 0.0)
    return np.asarray(present.sum(axis=node.arg.sets.index(node.over)))


def grouped(array: Numbers, node: GroupTotal, space: Space) -> Numbers:
    """The total of an array over ``node.arg.sets`` by group, over the domain only."""
    by, have = node.by, node.arg.sets
    stay = node.sets[:-1]
    wide = (*stay, *(s for s in by.source if s not in stay))
    positions = align(positions_of(by, space), by.source, wide)
    present = align(np.where(space.exists(have), array, 0.0), have, wide)
    shape = space.shape(node.sets)
    cells = np.arange(np.prod(shape[:-1], dtype=np.int64)).reshape(shape[:-1]) * shape[-1]
    kept = np.broadcast_to(positions >= 0, present.shape)
    target = np.broadcast_to(align(cells, stay, wide) + positions, present.shape)
    total = np.bincount(target[kept], weights=present[kept], minlength=int(np.prod(shape)))
    return np.asarray(total, dtype=np.float64).reshape(shape)


def taken(array: Numbers, node: At, space: Space) -> Numbers:
    """An array over ``node.arg.sets`` taken at the elements that a mapping names."""
    by, rest = node.by, tuple(s for s in node.arg.sets if s != node.by.target)
    taken_from = align(array, node.arg.sets, (*rest, by.target))
    positions = positions_of(by, space)
    if not space.size(by.target):
        picked: Numbers = np.full((*space.shape(rest), *positions.shape), node.unmapped)
    else:
        picked = np.where(positions >= 0, taken_from[..., np.maximum(positions, 0)], node.unmapped)
    return _placed(picked, rest, node)


def _placed(picked: Numbers, rest: tuple[Set, ...], node: At) -> Numbers:
    """Order the axes (rest, source) as the node's sets; a set in both is taken on its diagonal."""
    axes = list(rest) + list(node.by.source)
    for the_set in (s for s in node.by.source if s in rest):
        first, second = axes.index(the_set), len(axes) - 1 - axes[::-1].index(the_set)
        picked = np.diagonal(picked, axis1=first, axis2=second)
        axes = [s for n, s in enumerate(axes) if n not in (first, second)] + [the_set]
    return align(picked, axes, node.sets)


def positions_of(by: Mapping, space: Space) -> IntArray:
    """Where a mapping sends each source element. Raises SpaceError when it is not bound."""
    try:
        return space.positions[by]
    except KeyError:
        raise SpaceError(f"the mapping {by} is not bound") from None


def class_of(x: Numbers, lower: Numbers, upper: Numbers) -> IntArray:
    """The ordinal of the one class with lower <= x < upper for each x.

    -1 where x lies in no class, or in two: a table that overlaps has no answer.
    """
    inside = (x[..., np.newaxis] >= lower) & (x[..., np.newaxis] < upper)
    return np.where(inside.sum(axis=-1) == 1, inside.argmax(axis=-1) if lower.size else -1, -1)


def members(node: Total | GroupTotal, row: MappingOf[Set, int], space: Space) -> Iterator[dict[Set, int]]:
    """The elements that a total runs over for one element of its own sets: those of the domain, in their order."""
    over = (node.over,) if isinstance(node, Total) else node.by.source
    exists = space.exists(node.arg.sets)
    for ordinals in np.ndindex(*space.shape(over)):
        one = {**row, **dict(zip(over, ordinals, strict=True))}
        if isinstance(node, GroupTotal):
            elsewhere = int(positions_of(node.by, space)[ordinals]) != row[node.by.target]
            if elsewhere or any(one[s] != row[s] for s in node.keep):
                continue
        if exists[tuple(one[s] for s in node.arg.sets)]:
            yield one


def terms(
    node: Total | GroupTotal, row: MappingOf[Set, int], space: Space
) -> Iterator[tuple[Expression, dict[Set, int]]]:
    """The terms of a total, each with its element; a total of totals is one total."""
    for one in members(node, row, space):
        if isinstance(node.arg, Total | GroupTotal):
            yield from terms(node.arg, one, space)
        else:
            yield node.arg, one


def target_of(node: At, row: MappingOf[Set, int], space: Space) -> int:
    """The ordinal at which a value is taken for one element, -1 for none."""
    return int(positions_of(node.by, space)[tuple(row[s] for s in node.by.source)])
