"""Which part of each month is measured, and the data gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.meters.meters import Meter, installed_durations
from jcm_mrv.meters.segments import Coverage, DataGap
from jcm_mrv.time.dividing import Runs, divide


def coverage_of(meters: Sequence[Meter], runs: Mapping[str, Runs], edges: Instants) -> Coverage:
    """Compare what readings and logs cover with the time for which each place is metered."""
    shape = (len(meters), len(edges) - 1)
    covered, expected = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    gaps: list[DataGap] = []
    for n, meter in enumerate(meters):
        expected[n] = installed_durations(meter, edges)
        own = runs.get(meter.meter_id, Runs.none())
        start, end = max(meter.place[0], int(edges[0])), min(meter.place[1], int(edges[-1]))
        if start < end:
            inside = _clip(own, start, end)
            pieces = divide(inside.start, inside.end, edges)
            np.add.at(covered[n], pieces.segment, pieces.end - pieces.start)
            gaps += _data_gaps(meter.meter_id, inside, start, end, edges)
    away = {meter.meter_id: spans for meter in meters if (spans := meter.away())}
    return Coverage(tuple(m.meter_id for m in meters), covered, expected, tuple(gaps), away)


def _clip(runs: Runs, start: int, end: int) -> Runs:
    keep = (runs.end > start) & (runs.start < end)
    return Runs(np.maximum(runs.start[keep], start), np.minimum(runs.end[keep], end), runs.first[keep], runs.last[keep])


def _data_gaps(meter_id: str, runs: Runs, start: int, end: int, edges: Instants) -> list[DataGap]:
    """What the runs leave open between two instants."""
    opens = np.concatenate(([start], runs.end))
    closes = np.concatenate((runs.start, [end]))
    before = [None, *runs.last.tolist()]
    after = [*runs.first.tolist(), None]
    months = np.searchsorted(edges, opens, side="right") - 1
    return [
        DataGap(meter_id, int(months[i]), int(opens[i]), int(closes[i]), before[i], after[i])
        for i in np.flatnonzero(closes > opens).tolist()
    ]


def joined(one: Coverage, other: Coverage) -> Coverage:
    """The coverage of the meters of both."""
    return Coverage(
        (*one.meter_ids, *other.meter_ids),
        np.concatenate([one.covered, other.covered]),
        np.concatenate([one.expected, other.expected]),
        (*one.data_gaps, *other.data_gaps),
        {**one.away, **other.away},
    )


def filled(coverage: Coverage, spans: Mapping[str, Sequence[tuple[int, int]]], edges: Instants) -> Coverage:
    """The coverage as if something covered some spans, by meter, of its data gaps as well."""
    covered = coverage.covered.copy()
    row = {name: n for n, name in enumerate(coverage.meter_ids)}
    gaps: list[DataGap] = []
    for gap in coverage.data_gaps:
        left = without((gap.start, gap.end), spans.get(gap.meter_id, ()))
        for start, end in within((gap.start, gap.end), spans.get(gap.meter_id, ())):
            pieces = divide(np.array([start]), np.array([end]), edges)
            np.add.at(covered[row[gap.meter_id]], pieces.segment, pieces.end - pieces.start)
        months = np.searchsorted(edges, [a for a, _ in left], side="right") - 1
        gaps += [replace(gap, month=int(m), start=a, end=b) for m, (a, b) in zip(months, left, strict=True)]
    return replace(coverage, covered=covered, data_gaps=tuple(gaps))


def within(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces of a span that lie in any of some others, joined."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((max(span[0], a), min(span[1], b)) for a, b in others):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def without(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces of a span that lie in none of some others."""
    left, at = [], span[0]
    for start, end in within(span, others):
        if at < start:
            left.append((at, start))
        at = end
    return [*left, (at, span[1])] if at < span[1] else left
