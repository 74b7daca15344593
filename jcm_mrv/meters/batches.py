"""Parts under construction: batches of rows that are joined into one table."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.meters.segments import LogSource, Parts, SegmentKind
from jcm_mrv.origin import Origin, OriginsOnDemand


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
