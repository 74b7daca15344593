"""Which part of each month is measured, and the data gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.meters.meters import Meter
from jcm_mrv.meters.segments import Coverage, DataGap
from jcm_mrv.time.dividing import Runs, divide
from jcm_mrv.time.zones import Span


def coverage_of(meters: Sequence[Meter], runs: Mapping[str, Runs], edges: Instants) -> Coverage:
    """Compare what readings and logs cover with the time for which each place is metered."""
    expected = np.zeros((len(meters), len(edges) - 1), dtype=np.int64)
    covered, gaps = expected.copy(), list[DataGap]()
    for n, meter in enumerate(meters):
        metered = within((int(edges[0]), int(edges[-1])), [meter.place])
        expected[n] = _by_month(metered, edges)
        open_spans = [gap for one in metered for gap in without(one, runs.get(meter.meter_id, Runs.none()).spans)]
        covered[n] = expected[n] - _by_month(open_spans, edges)
        gaps += [DataGap(meter.meter_id, *span) for span in open_spans]
    away = {meter.meter_id: spans for meter in meters if (spans := meter.away())}
    return Coverage(tuple(m.meter_id for m in meters), covered, expected, tuple(gaps), away)


def _by_month(spans: Sequence[Span], edges: Instants) -> Instants:
    """How much of some spans lies in each month."""
    found = np.zeros(len(edges) - 1, dtype=np.int64)
    pieces = divide(*limits_of(spans), edges)
    np.add.at(found, pieces.segment, pieces.end - pieces.start)
    return found


def joined(one: Coverage, other: Coverage) -> Coverage:
    """The coverage of the meters of both."""
    return Coverage(
        (*one.meter_ids, *other.meter_ids),
        np.concatenate([one.covered, other.covered]),
        np.concatenate([one.expected, other.expected]),
        (*one.data_gaps, *other.data_gaps),
        {**one.away, **other.away},
    )


def filled(coverage: Coverage, spans: Mapping[str, Sequence[Span]], edges: Instants) -> Coverage:
    """The coverage as if something covered some spans, by meter, of its data gaps as well."""
    covered = coverage.covered.copy()
    row = {name: n for n, name in enumerate(coverage.meter_ids)}
    gaps: list[DataGap] = []
    for gap in coverage.data_gaps:
        span, others = (gap.start, gap.end), spans.get(gap.meter_id, ())
        covered[row[gap.meter_id]] += _by_month(within(span, others), edges)
        gaps += [DataGap(gap.meter_id, *rest) for rest in without(span, others)]
    return replace(coverage, covered=covered, data_gaps=tuple(gaps))


def limits_of(spans: Sequence[Span]) -> tuple[Instants, Instants]:
    """The starts and the ends of some spans."""
    start, end = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    return start, end


def within(span: Span, others: Sequence[Span]) -> list[Span]:
    """The pieces of a span that lie in any of some others, joined."""
    found: list[Span] = []
    for start, end in sorted((max(span[0], a), min(span[1], b)) for a, b in others):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def without(span: Span, others: Sequence[Span]) -> list[Span]:
    """The pieces of a span that lie in none of some others."""
    left, at = [], span[0]
    for start, end in within(span, others):
        if at < start:
            left.append((at, start))
        at = end
    return [*left, (at, span[1])] if at < span[1] else left
