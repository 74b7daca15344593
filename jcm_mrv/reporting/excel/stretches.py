"""The single values of a month's log, by day, by hour or one by one: what the month's cell adds up.

Only what adds up is taken: where the values of the file are not the month's
amount (a register that runs over, a fault that an override proves), the month
stays one number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from itertools import pairwise

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.meters.profiles.values import ReadValues
from jcm_mrv.meters.segments import Parts, SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.reporting.excel.blocks import ReadingRows
from jcm_mrv.result import Result
from jcm_mrv.time.zones import DAY, HOUR, to_local
from jcm_mrv.workbook.schema_data import MEANS

_SAME = 1e-12


class Rows(StrEnum):
    """How finely the workbook shows what a log holds."""

    MONTHLY = "monthly"
    DAILY = "daily"
    HOURLY = "hourly"
    ALL = "all"


@dataclass(frozen=True, eq=False)
class Stretch:
    """The rows of a month's log: ``time`` of the first value of each, and how many it holds.

    Their sum times ``hours`` is the month's amount; ``hours`` is None where
    they are amounts already. ``line`` is that of each row's first value in its file, 0 where it has none, ``where``
    the place of the very first, ``unit`` that of the rows.
    """

    time: Instants
    value: Numbers
    count: Ordinals
    line: Ordinals
    where: Origin
    unit: str
    hours: float | None = None


@dataclass(frozen=True, eq=False)
class _Values:
    """Values of a log inside a piece of time, cut at its limits; ``at`` are their ordinals in the file."""

    time: Instants
    value: Numbers
    at: Ordinals


def stretches_of(result: Result, rows: ReadingRows, detail: Rows) -> dict[int, Stretch | None]:
    """For each row of the sheet of readings that is a month of a log its finer rows, None where it stays one number."""
    found: dict[int, Stretch | None] = {}
    if detail == Rows.MONTHLY:
        return found
    profiles = {one.meter_id: one for one in result.series.profiles}
    logs = {row.log_id: row for row in result.data.logs}
    read: dict[int, list[ReadValues]] = {}
    parts = rows.parts
    for n, segment in enumerate(rows.segment.tolist()):
        if parts.kind[segment] != SegmentKind.LOG:
            continue
        meter, source = int(parts.meter[segment]), parts.sources[int(parts.source[segment])]
        if meter not in read:
            profile = profiles.get(parts.meter_ids[meter])
            read[meter] = [] if profile is None else [one() for one in profile.sources]
        log = logs.get(source.log_id)
        if log is None:  # it is made of the readings of others
            found[n] = None
            continue
        kind, unit = log.kind, log.unit
        candidates = (_stretch(one, parts, segment, (kind, unit), detail, result.timeline.zone) for one in read[meter])
        found[n] = next((one for one in candidates if one is not None), None)
    return found


def _stretch(
    read: ReadValues, parts: Parts, segment: int, log: tuple[str, str], detail: Rows, zone: tzinfo
) -> Stretch | None:
    kind, unit = log
    limits = int(parts.start[segment]), int(parts.end[segment])
    amount, file = float(parts.value[segment]), parts.sources[int(parts.source[segment])].file
    for values, hours in _cut(read, limits, kind):
        if not len(values.value) or read.where(int(values.at[-1])).file != file:
            continue
        scale = hours if kind in MEANS else 1.0
        sizes = math.fsum(np.abs(values.value).tolist()) * scale
        if abs(math.fsum(values.value.tolist()) * scale - amount) <= _SAME * sizes:
            native = parts.units[int(parts.unit[segment])]
            return _grouped(read, values, detail, zone, (kind, unit, native), hours if kind in MEANS else None)
    return None


def _cut(read: ReadValues, limits: tuple[int, int], kind: str) -> Iterator[tuple[_Values, float]]:
    """What flowed in a piece of time, each value with its share in it, and the hours of an interval."""
    if len(read) < 2:
        return
    steps = np.diff(read.time)
    if kind == "register":
        start, end, amount, at = read.time[:-1], read.time[1:], np.diff(read.value), np.arange(1, len(read))
    else:
        interval = int(np.median(steps))
        start, end, amount, at = read.time, read.time + interval, read.value, np.arange(len(read))
    inside = np.flatnonzero((end > limits[0]) & (start < limits[1]) & (end > start))
    start, end, amount, at = start[inside], end[inside], amount[inside], at[inside]
    own = np.maximum(start, limits[0])
    whole = (start >= limits[0]) & (end <= limits[1])
    share = np.where(whole, 1.0, (np.minimum(end, limits[1]) - own) / (end - start))
    yield _Values(own, amount * share, at), float(np.median(steps)) / HOUR


def _grouped(
    read: ReadValues, values: _Values, detail: Rows, zone: tzinfo, log: tuple[str, str, str], hours: float | None
) -> Stretch:
    """One row for each day or hour of the local clock, or for each value."""
    kind, unit, native = log
    if detail == Rows.ALL:
        begins, unit = np.arange(len(values.value)), unit or native
        sums: Numbers = values.value
    else:
        begins, unit = _begins(values.time, detail, zone), native
        cuts = [*begins.tolist(), len(values.value)]
        addends, scale = values.value.tolist(), 1.0 if hours is None else hours
        sums = np.array([math.fsum(addends[a:b]) * scale for a, b in pairwise(cuts)])
        hours = None
    return Stretch(
        values.time[begins],
        sums,
        np.diff(np.append(begins, len(values.value))),
        np.fromiter((read.where(n).line or 0 for n in values.at[begins].tolist()), dtype=np.int64, count=len(begins)),
        read.where(int(values.at[begins[0]])),
        f"{kind}, {unit}",
        hours,
    )


def _begins(time: Instants, detail: Rows, zone: tzinfo) -> Ordinals:
    """The first value of each day or hour; an hour that the clock shows twice is two."""
    local = to_local(time, zone)
    length = DAY if detail == Rows.DAILY else HOUR
    new = local[1:] // length != local[:-1] // length
    if detail == Rows.HOURLY:
        new |= (local - time)[1:] != (local - time)[:-1]
    return np.concatenate(([0], np.flatnonzero(new) + 1))
