"""Readings as a person reads them, one row each, and blocks of rows that are counted with the same factors.

A segment of the claim graph is one piece of one reading in one month. The
workbook keeps each reading in one row, and counts a whole block of rows
at once: a month of a meter is the sum over its rows, or the last reading of a
register minus the one before the first. A reading that is cut at a month's
end is a block of its own in each month, with its share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from jcm_mrv.arrays import Flags, Ordinals
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.meters.conversions import Conversions
from jcm_mrv.meters.segments import Parts, SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import joined


@dataclass(frozen=True)
class Block:
    """Segments of a meter's month, ``first`` to ``last`` of those that count, which share every factor."""

    first: int
    last: int


@dataclass(frozen=True, eq=False)
class ReadingRows:
    """The readings that count, each once, and the blocks that are made of them.

    ``used`` are the segments that count, as ordinals of ``parts``. Row ``n`` of
    the readings is the value (of a register the closing reading) of segment ``segment[n]``,
    or, where ``opens[n]``, its opening reading. ``row`` is the row of each used
    segment's value, ``opening`` that of its opening reading (-1: not of a register).
    """

    parts: Parts
    used: Ordinals
    segment: Ordinals
    opens: Flags
    row: Ordinals
    opening: Ordinals
    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, chains: Sequence[Chain], timeline: Timeline) -> ReadingRows:
        """The rows and blocks of everything that the chains of a claim count."""
        parts, conversions = chains[0].parts, chains[0].conversions
        used = reduce(np.union1d, (chain.rows for chain in chains))
        cut = _cut(parts, used)
        opens = _opens(parts, used, cut)
        count = opens.astype(np.int64) + ~cut
        end = np.cumsum(count)
        segment = np.repeat(used, count)
        register = parts.kind[used] == SegmentKind.REGISTER
        first = np.where(opens, end - count, np.concatenate([[-1], end[:-1] - 1]))
        for n in np.flatnonzero(cut).tolist():
            first[n] = first[n - 1]
        opening = np.where(register, first, -1)
        is_opening = np.zeros(len(segment), dtype=np.bool_)
        is_opening[(end - count)[opens]] = True
        blocks = tuple(_blocks(parts, used, end - 1, opening, conversions, timeline))
        return cls(parts, used, segment, is_opening, end - 1, opening, blocks)

    @cached_property
    def origins(self) -> list[Origin]:
        """Where each row was read."""
        closing, opening = self.parts.origins, self.parts.opening_origins
        rows = zip(self.segment.tolist(), self.opens.tolist(), strict=True)
        return [opening[n] if opens else closing[n] for n, opens in rows]

    def of_chain(self, chain: Chain) -> list[Block]:
        """The blocks that a chain counts."""
        own = np.isin(self.used, chain.rows)
        return [block for block in self.blocks if own[block.first]]

    def kind(self, segment: int) -> str:
        """What a segment is, with the unit in which it was read: of a mean not that of mean times hours."""
        kind, unit = SegmentKind(int(self.parts.kind[segment])), self.parts.units[self.parts.unit[segment]]
        read = unit.removesuffix("h").removesuffix("*") if kind == SegmentKind.MEAN else unit
        return joined(", ", (kind.label, read))

    def part(self, block: Block) -> int:
        """The first segment of a block, as an ordinal of ``parts``."""
        return int(self.used[block.first])


def _cut(parts: Parts, used: Ordinals) -> Flags:
    """The segments that are a further piece of the reading before them."""
    a, b = used[:-1], used[1:]
    same = parts.kind[b] != SegmentKind.LOG
    for column in (parts.meter, parts.kind, parts.source, parts.unit, parts.start, parts.end):
        same &= column[a] == column[b]
    for value in (parts.value, parts.opening, parts.closing):
        same &= value[a] == value[b]
    found: Flags = np.concatenate([np.zeros(min(len(used), 1), dtype=np.bool_), same])
    return found


def _opens(parts: Parts, used: Ordinals, cut: Flags) -> Flags:
    """The segments of a register whose opening reading did not close the one before."""
    register = parts.kind[used] == SegmentKind.REGISTER
    goes_on = np.zeros(len(used), dtype=np.bool_)
    for n in np.flatnonzero(register[1:] & register[:-1]).tolist():
        a, b = used[n], used[n + 1]
        if parts.meter[a] == parts.meter[b] and parts.end[a] == parts.start[b]:
            goes_on[n + 1] = parts.closing[a] == parts.opening[b] and parts.origins[a] == parts.opening_origins[b]
    opens: Flags = register & ~goes_on & ~cut
    return opens


def _blocks(
    parts: Parts, used: Ordinals, row: Ordinals, opening: Ordinals, conversions: Conversions, timeline: Timeline
) -> Iterator[Block]:
    if not len(used):
        return
    a, b = used[:-1], used[1:]
    same = (parts.share[a] == 1.0) & (parts.share[b] == 1.0) & (parts.kind[b] != SegmentKind.STOCK)
    for column in (parts.meter, parts.month, parts.kind, parts.unit, parts.source):
        same &= column[a] == column[b]
    for factor in (parts.factor, parts.hours):
        if factor is not None:
            same &= factor[a] == factor[b]
    # rows that follow each other: amounts below amounts, what closes a register below what opened it
    same &= np.where(parts.kind[b] == SegmentKind.REGISTER, opening[1:] == row[:-1], row[1:] == row[:-1] + 1)
    same &= _converted_alike(parts, used, conversions, timeline)
    starts = [0, *(np.flatnonzero(~same) + 1).tolist()]
    ends = [*(n - 1 for n in starts[1:]), len(used) - 1]
    yield from (Block(first, last) for first, last in zip(starts, ends, strict=True))


def _converted_alike(parts: Parts, used: Ordinals, conversions: Conversions, timeline: Timeline) -> Flags:
    """Whether each segment has the conversions of the one before it."""
    begins = np.maximum(parts.start[used], timeline.edges[parts.month[used]])
    factors = np.ones(len(used))
    for meter in np.unique(parts.meter[used]).tolist():
        name, own = parts.meter_ids[meter], parts.meter[used] == meter
        if name in conversions:
            factors[own] = conversions.factors(name, begins[own])
    return np.asarray(factors[1:] == factors[:-1])
