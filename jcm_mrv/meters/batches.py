"""Parts under construction: batches of rows that are joined into one table."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.meters.segments import LogSource, Parts, SegmentKind
from jcm_mrv.origin import Origin, OriginsOnDemand
from jcm_mrv.time.dividing import divide
from jcm_mrv.time.zones import Span


@dataclass(frozen=True)
class Batch:
    """Parts of one meter, kind, unit and source; columns as in :class:`~jcm_mrv.meters.segments.Parts`."""

    meter_id: str
    kind: SegmentKind
    unit: str
    month: Ordinals
    value: Numbers
    opening: Numbers
    closing: Numbers
    wrap: Numbers
    share: Numbers
    factor: Numbers
    count: Ordinals
    expected: Ordinals
    start: Instants
    end: Instants
    origins: Sequence[Origin]
    opening_origins: Sequence[Origin]
    source: LogSource | None = None
    lowest: float = math.nan
    highest: float = math.nan
    hours: Numbers | None = None

    @classmethod
    def of(
        cls, meter_id: str, kind: SegmentKind, unit: str, month: Ordinals, span: tuple[Instants, Instants],
        origins: Sequence[Origin], **columns: Any,
    ) -> Batch:  # fmt: skip
        """Parts of which a term that is not among the ``columns`` is 0, and the share, factor and counts are 1."""
        zero, one, ones = np.zeros(len(month)), np.ones(len(month)), np.ones(len(month), dtype=np.int64)
        given = {
            "value": zero, "opening": zero, "closing": zero, "wrap": zero, "share": one, "factor": one,
            "count": ones, "expected": ones, "opening_origins": origins, **columns,
        }  # fmt: skip
        return cls(meter_id, kind, unit, month, start=span[0], end=span[1], origins=origins, **given)

    @classmethod
    def over(
        cls, meter_id: str, kind: SegmentKind, unit: str, span: Span, edges: Instants, origin: Origin,
        opening_origin: Origin | None = None, **numbers: float,
    ) -> Batch:  # fmt: skip
        """The parts, by month, of one amount over a span; the terms that are not among the ``numbers`` are 0."""
        pieces = divide(np.array([span[0]]), np.array([span[1]]), edges)
        count = len(pieces.row)
        limits = np.full(count, span[0], dtype=np.int64), np.full(count, span[1], dtype=np.int64)
        columns = {name: np.full(count, number) for name, number in numbers.items()}
        openings = [opening_origin or origin] * count
        return cls.of(
            meter_id, kind, unit, pieces.segment, limits, [origin] * count, share=pieces.share,
            opening_origins=openings, **columns,
        )  # fmt: skip


def join(batches: Sequence[Batch], meter_ids: tuple[str, ...]) -> Parts:
    """The batches as one table, sorted by meter, start, month and end."""
    units = tuple(dict.fromkeys(b.unit for b in batches))
    sources = tuple(dict.fromkeys(b.source for b in batches if b.source is not None))
    of_meter = {name: n for n, name in enumerate(meter_ids)}
    meter = _repeated(batches, [of_meter[b.meter_id] for b in batches])
    start, month = _column(batches, "start"), _column(batches, "month")
    end = _column(batches, "end")
    order = np.lexsort((end, month, start, meter))
    source = [-1 if b.source is None else sources.index(b.source) for b in batches]
    return Parts(
        meter_ids=meter_ids,
        units=units,
        sources=sources,
        meter=meter[order],
        month=month[order],
        kind=_repeated(batches, [int(b.kind) for b in batches])[order],
        value=_numbers(batches, "value")[order],
        opening=_numbers(batches, "opening")[order],
        closing=_numbers(batches, "closing")[order],
        wrap=_numbers(batches, "wrap")[order],
        share=_numbers(batches, "share")[order],
        factor=_numbers(batches, "factor")[order],
        unit=_repeated(batches, [units.index(b.unit) for b in batches])[order],
        count=_column(batches, "count")[order],
        expected=_column(batches, "expected")[order],
        source=_repeated(batches, source)[order],
        start=start[order],
        end=end[order],
        origins=_ordered([b.origins for b in batches], order),
        opening_origins=_ordered([b.opening_origins for b in batches], order),
        lowest=_spread(batches, [b.lowest for b in batches])[order],
        highest=_spread(batches, [b.highest for b in batches])[order],
        hours=_hours(batches)[order],
    )


def _ordered(origins: Sequence[Sequence[Origin]], order: Ordinals) -> OriginsOnDemand:
    """Those of all batches, one batch after the other, in a new order."""
    ends = list(accumulate(len(one) for one in origins))

    def of(n: int) -> Origin:
        place = int(order[n])
        batch = bisect_right(ends, place)
        return origins[batch][place - ends[batch]]

    return OriginsOnDemand(len(order), of)


def _repeated(batches: Sequence[Batch], ordinals: Sequence[int]) -> Ordinals:
    return np.repeat(np.array(ordinals, dtype=np.int64), [len(b.month) for b in batches])


def _spread(batches: Sequence[Batch], numbers: Sequence[float]) -> Numbers:
    return np.repeat(np.array(numbers, dtype=np.float64), [len(b.month) for b in batches])


def _column(batches: Sequence[Batch], name: str) -> Ordinals:
    return np.concatenate([np.zeros(0, dtype=np.int64), *(getattr(b, name) for b in batches)])


def _hours(batches: Sequence[Batch]) -> Numbers:
    """The hours of each mean, 1 for what is an amount."""
    own = (np.ones(len(b.month)) if b.hours is None else b.hours for b in batches)
    return np.concatenate([np.zeros(0, dtype=np.float64), *own])


def _numbers(batches: Sequence[Batch], name: str) -> Numbers:
    return np.concatenate([np.zeros(0, dtype=np.float64), *(getattr(b, name) for b in batches)])
