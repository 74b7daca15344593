"""Arrays across sets: totals over the domain, grouping, taking by a mapping, class tables.

Shared by the numbers and by the bounds, so that both place every element alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingOf
from string import ascii_letters
from typing import cast

import numpy as np

from jcm_mrv.arrays import Flags, Numbers, Ordinals
from jcm_mrv.quantities.errors import SpaceError
from jcm_mrv.quantities.expression import (
    Across,
    At,
    Expression,
    GroupTotal,
    Interpolated,
    Lag,
    Peak,
    Running,
    Sum,
    Table,
    Total,
)
from jcm_mrv.quantities.sets import A, Mapping, Set, Space, align


def summed(array: Numbers, node: Total, space: Space) -> Numbers:
    """The total of an array over ``node.arg.sets`` along one set, over the domain only."""
    present = np.where(space.exists(node.arg.sets), array, 0.0)
    return np.asarray(present.sum(axis=node.arg.sets.index(node.over)))


def grouped(array: Numbers, node: GroupTotal, space: Space) -> Numbers:
    """The total of an array over ``node.arg.sets`` by group, over the domain only."""
    present = np.where(space.exists(node.arg.sets), array, 0.0)
    into, values = _into_groups(present, node.arg.sets, node.by, node.sets, space)
    shape = space.shape(node.sets)
    total = np.bincount(into, weights=values, minlength=int(np.prod(shape)))
    return np.asarray(total, dtype=np.float64).reshape(shape)


def _into_groups(array: A, have: Sequence[Set], by: Mapping, sets: Sequence[Set], space: Space) -> tuple[Ordinals, A]:
    """For each value that a mapping groups, its flat place among ``sets``, and the value."""
    wide = (*sets[:-1], *(s for s in by.source if s not in sets[:-1]))
    present = align(array, have, wide)
    into, kept = space.kept((by, *sets, present.shape), lambda: _places(present.shape, by, sets, wide, space))
    return into, present[kept]


def _places(
    shape: tuple[int, ...], by: Mapping, sets: Sequence[Set], wide: Sequence[Set], space: Space
) -> tuple[Ordinals, Flags]:
    """The flat place of each value that a mapping groups, and which of all values those are."""
    stay: tuple[Set, ...] = tuple(sets[:-1])
    positions = align(positions_of(by, space), by.source, wide)
    cells = np.arange(np.prod(space.shape(stay), dtype=np.int64)).reshape(space.shape(stay)) * space.size(sets[-1])
    kept: Flags = np.broadcast_to(positions >= 0, shape)
    return np.broadcast_to(align(cells, stay, wide) + positions, shape)[kept], kept


def extreme(array: Numbers, node: Peak, space: Space) -> Numbers:
    """The greatest or least of an array over ``node.arg.sets`` within the domain; unknown where nothing exists."""
    have, pick = node.arg.sets, np.minimum if node.least else np.maximum
    exists, end = space.exists(have), math.inf if node.least else -math.inf
    present = np.where(exists, array, end)
    if node.by is None:
        axis = have.index(cast(Set, node.over))
        return np.where(exists.any(axis=axis), pick.reduce(present, axis=axis, initial=end), np.nan)
    shape = space.shape(node.sets)
    into, values = _into_groups(present, have, node.by, node.sets, space)
    _, there = _into_groups(exists, have, node.by, node.sets, space)
    found: Numbers = np.full(int(np.prod(shape)), end)
    pick.at(found, into, values)
    any_there = np.bincount(into, weights=there, minlength=found.size) > 0
    return np.where(any_there, found, np.nan).reshape(shape)


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
    letter = dict(zip(node.sets, ascii_letters, strict=False))
    have, want = ("".join(letter[s] for s in sets) for sets in ((*rest, *node.by.source), node.sets))
    return np.asarray(np.einsum(f"{have}->{want}", picked))


def positions_of(by: Mapping, space: Space) -> Ordinals:
    """Where a mapping sends each source element. Raises SpaceError when it is not bound."""
    try:
        return space.positions[by]
    except KeyError:
        raise SpaceError(f"the mapping {by} is not bound") from None


def class_of(x: Numbers, lower: Numbers, upper: Numbers) -> Ordinals:
    """The ordinal of the one class with lower <= x < upper for each x.

    -1 where x lies in no class, or in two: a table that overlaps has no answer.
    """
    inside = (x[..., np.newaxis] >= lower) & (x[..., np.newaxis] < upper)
    return np.where(inside.sum(axis=-1) == 1, inside.argmax(axis=-1) if lower.size else -1, -1)


def at_class(which: Ordinals, values: Numbers, node: Table) -> Numbers:
    """The value of a table at the ordinal of a class for each ``x`` (over its sets); unknown at -1."""
    if not values.size:
        return np.full(np.broadcast_shapes(which.shape, ()), np.nan)
    wide = align(which, node.x.sets, node.sets)[..., np.newaxis]
    table = align(values, node.values.sets, (*node.sets, node.classes))
    picked = np.take_along_axis(table, np.maximum(wide, 0), axis=-1)
    return np.asarray(np.where(wide >= 0, picked, np.nan)[..., 0])


def point_before(x: Numbers, points: Numbers) -> Ordinals:
    """The ordinal of the last point of a rising table at or below each x, the last but one at its end.

    -1 where x lies outside the table, or where the points do not rise.
    """
    if not points.size or np.isnan(points).any() or (np.diff(points) <= 0).any():
        return np.full(x.shape, -1, dtype=np.int64)
    below = np.minimum(np.searchsorted(points, x, side="right") - 1, max(points.size - 2, 0))
    return np.where((x >= points[0]) & (x <= points[-1]), below, -1)


def between(x: Numbers, points: Numbers, values: Numbers, node: Interpolated) -> Numbers:
    """The value on the line between two points of a table for each ``x`` (over its sets)."""
    before = point_before(x, points)
    if points.size < 2:
        return at_class(before, values, node)
    start, end = at_class(before, values, node), at_class(before + 1, values, node)
    from_point, to_point = points[np.maximum(before, 0)], points[np.maximum(before, 0) + 1]
    share = align((x - from_point) / (to_point - from_point), node.x.sets, node.sets)
    return np.asarray(start + share * (end - start))


def accumulated(array: Numbers, node: Running, space: Space) -> Numbers:
    """The running sum of an array over ``node.sets`` along one set, over the domain only."""
    axis = node.sets.index(node.over)
    present = np.where(space.exists(node.sets), array, 0.0)
    if node.backward:
        return np.asarray(np.flip(np.cumsum(np.flip(present, axis), axis=axis), axis))
    return np.asarray(np.cumsum(present, axis=axis))


def earlier(node: Lag, space: Space) -> tuple[Ordinals, Flags]:
    """For each element of ``node.over`` the ordinal that its value is of, and whether that exists.

    The second is over ``node.arg.sets``.

    Raises SpaceError where the elements count as something (years) and do not follow one another by one.
    """
    numbers = space.numbers.get(node.over)
    if numbers is not None and (np.diff(numbers) != 1).any():
        raise SpaceError(f"a lag over {node.over} needs elements that follow one another, not {numbers.tolist()}")
    axis, size = node.arg.sets.index(node.over), space.size(node.over)
    source = np.arange(size) - node.steps
    inside = align((source >= 0) & (source < size), (node.over,), node.arg.sets)
    clipped = np.clip(source, 0, max(size - 1, 0))
    return clipped, np.asarray(np.take(space.exists(node.arg.sets), clipped, axis=axis) & inside)


def shifted(array: Numbers, before: Numbers, node: Lag, space: Space) -> Numbers:
    """An array over ``node.arg.sets`` of earlier elements; ``before`` (over ``node.sets``) where there is none."""
    source, there = earlier(node, space)
    moved = np.take(array, source, axis=node.arg.sets.index(node.over))
    return np.where(align(there, node.arg.sets, node.sets), align(moved, node.arg.sets, node.sets), before)


def earlier_row(node: Lag, row: MappingOf[Set, int], space: Space) -> dict[Set, int] | None:
    """The row of the earlier element for one element, None where there is none."""
    moved = {**row, node.over: row[node.over] - node.steps}
    inside = 0 <= moved[node.over] < space.size(node.over)
    return moved if inside and space.has(node.arg.sets, moved) else None


def members(node: Across, row: MappingOf[Set, int], space: Space) -> Iterator[dict[Set, int]]:
    """The elements that a total runs over for one element of its own sets: those of the domain, in their order."""
    by: Mapping | None = getattr(node, "by", None)
    over = by.source if by else (cast(Total, node).over,)
    exists = space.exists(node.arg.sets)
    # Of a mapping only what it sends there is looked at, as a trace asks for every target in turn.
    mapped = np.argwhere(positions_of(by, space) == row[by.target]).tolist() if by else None
    for ordinals in np.ndindex(*space.shape(over)) if mapped is None else map(tuple, mapped):
        one = {**row, **dict(zip(over, ordinals, strict=True))}
        if isinstance(node, Running):
            here, there = row[node.over], ordinals[0]
            if there < here if node.backward else there > here:
                continue
        if isinstance(node, GroupTotal) and any(one[s] != row[s] for s in node.keep):
            continue
        if exists[tuple(one[s] for s in node.arg.sets)]:
            yield one


def terms(node: Across, row: MappingOf[Set, int], space: Space) -> Iterator[tuple[Expression, dict[Set, int]]]:
    """The terms of a total or extreme, each with its element; a total of totals is one total."""
    for one in members(node, row, space):
        if isinstance(node, Sum) and isinstance(node.arg, Sum):
            yield from terms(node.arg, one, space)
        else:
            yield node.arg, one


def target_of(node: At, row: MappingOf[Set, int], space: Space) -> int:
    """The ordinal at which a value is taken for one element, -1 for none."""
    return int(positions_of(node.by, space)[tuple(row[s] for s in node.by.source)])
