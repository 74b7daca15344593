"""Parts under construction: batches of rows that are joined into one table."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.meters.segments import LogSource, Parts, SegmentKind
from jcm_mrv.origin import Origin, OriginsOnDemand
from jcm_mrv.time.dividing import divide
from jcm_mrv.time.zones import Span

_WHOLE = ("month", "count", "expected", "start", "end")
_NUMBERS = ("value", "opening", "closing", "wrap", "share", "factor", "hours")
COLUMNS = _WHOLE + _NUMBERS


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
    hours: Numbers
    source: LogSource | None = None
    lowest: float = math.nan
    highest: float = math.nan

    @classmethod
    def of(
        cls, meter_id: str, kind: SegmentKind, unit: str, month: Ordinals, span: tuple[Instants, Instants],
        origins: Sequence[Origin], **columns: Any,
    ) -> Batch:  # fmt: skip
        """Parts of which a term that is not among the ``columns`` is 0, and the share, factor and counts are 1."""
        zero, one, ones = np.zeros(len(month)), np.ones(len(month)), np.ones(len(month), dtype=np.int64)
        given = {
            "value": zero, "opening": zero, "closing": zero, "wrap": zero, "share": one, "factor": one,
            "hours": one, "count": ones, "expected": ones, "opening_origins": origins, **columns,
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
    columns = {name: _column(batches, name, np.int64) for name in _WHOLE}
    columns |= {name: _column(batches, name, np.float64) for name in _NUMBERS}
    columns |= {
        "meter": _repeated(batches, [of_meter[b.meter_id] for b in batches], np.int64),
        "kind": _repeated(batches, [int(b.kind) for b in batches], np.int64),
        "unit": _repeated(batches, [units.index(b.unit) for b in batches], np.int64),
        "source": _repeated(batches, [-1 if b.source is None else sources.index(b.source) for b in batches], np.int64),
        "lowest": _repeated(batches, [b.lowest for b in batches], np.float64),
        "highest": _repeated(batches, [b.highest for b in batches], np.float64),
    }
    order = np.lexsort([columns[name] for name in ("end", "month", "start", "meter")])
    return Parts(
        meter_ids=meter_ids,
        units=units,
        sources=sources,
        origins=_ordered([b.origins for b in batches], order),
        opening_origins=_ordered([b.opening_origins for b in batches], order),
        **{name: column[order] for name, column in columns.items()},
    )


def _ordered(origins: Sequence[Sequence[Origin]], order: Ordinals) -> OriginsOnDemand:
    """Those of all batches, one batch after the other, in a new order."""
    ends = list(accumulate(len(one) for one in origins))

    def of(n: int) -> Origin:
        place = int(order[n])
        batch = bisect_right(ends, place)
        return origins[batch][place - ends[batch]]

    return OriginsOnDemand(len(order), of)


def _repeated(batches: Sequence[Batch], values: Sequence[float], kind: type[np.generic]) -> npt.NDArray[Any]:
    """The one value of each batch in every row of it."""
    return np.repeat(np.array(values, dtype=kind), [len(b.month) for b in batches])


def _column(batches: Sequence[Batch], name: str, kind: type[np.generic]) -> npt.NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *(getattr(b, name) for b in batches)])
