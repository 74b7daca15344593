"""Readings and logs to the parts that the claim graph consumes, with their coverage and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

import numpy as np

from jcm_mrv.findings import Code, Finding, Severity, errors
from jcm_mrv.logs.intervals import log_intervals
from jcm_mrv.logs.segments import LogSegments, log_parts
from jcm_mrv.logs.series import LogSeries, LogsRead
from jcm_mrv.logs.spec import LogSpec, read_spec
from jcm_mrv.meters.batches import Batch, join
from jcm_mrv.meters.combined import COUNT, PRODUCT, Combination, Combined, Intervals, counted, multiplied, single
from jcm_mrv.meters.conversions import read_conversions
from jcm_mrv.meters.converted import across_changes
from jcm_mrv.meters.coverage import coverage_of, joined, without
from jcm_mrv.meters.meters import Meter
from jcm_mrv.meters.profiles.profile import Profile, by_meter
from jcm_mrv.meters.profiles.spans import energy_profile
from jcm_mrv.meters.readings import ReadingSegments, read_readings
from jcm_mrv.meters.secondary_sources import INVOICES, LOG, as_readings, as_seconds, cuts_of, invoices, set_aside
from jcm_mrv.meters.segments import InputFile, SecondarySource, SegmentKind, SeriesResult, whole_amounts
from jcm_mrv.meters.sources.counted import Counted
from jcm_mrv.meters.sources.order import invoices_that_count
from jcm_mrv.meters.stocks import stock_parts
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.time.dividing import Runs, overlap_of
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import local_text, local_time
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

TWO_SOURCES = Code("readings.two_sources", Severity.ERROR, "Two sources cover one meter at the same time")

Cuts = Mapping[str, Iterable[int]]


@dataclass(frozen=True, eq=False)
class Sources:
    """Everything that covers the meters of a workbook, each file read once.

    ``logs`` hold the values of the logs that were read, ``others`` the parts of
    everything else; ``series`` is all of it as the meters' own records cut it.
    """

    data: MonitoringData
    meters: Mapping[str, Meter]
    timeline: Timeline
    logs: tuple[LogSeries, ...]
    others: tuple[tuple[Batch, ...], tuple[Batch, ...]]
    series: SeriesResult
    aside: frozenset[str]
    """The meters whose logs do not count, since their invoices do."""

    @cached_property
    def logged(self) -> frozenset[str]:
        """The meters that have a log."""
        return frozenset(one.spec.meter.meter_id for one in self.logs)

    @cached_property
    def around(self) -> tuple[Counted, Timeline] | None:
        """What check meters that reach beyond the period are compared with: see :func:`around_checks`."""
        return around_checks(self)

    def cut(self, *instants: Cuts) -> SeriesResult:
        """The series with its logs known up to some instants, by meter."""
        wanted = _joined(instants)
        made = {one.meter_id: one for one in self.series.combined}
        for one in made.values():
            wanted.setdefault(one.meter_id, set()).update(*(wanted.get(name, ()) for name in one.wanted.meters))
        if self.logged.isdisjoint(wanted) and not made:
            return self.series
        logs = log_parts([one.cut(wanted.get(one.spec.meter.meter_id, ())) for one in self.logs], self.timeline)
        before, after = self.others
        counted = [batch for batch in logs.batches if batch.meter_id not in self.aside]
        whole = [one.batch(self.timeline, wanted[one.meter_id]) for one in made.values()]
        names = (*self.meters, *made)
        return replace(self.series, parts=join([*before, *counted, *after, *whole], names))

    def intervals(self, meter_id: str, unit: str) -> Intervals:
        """What a meter read, interval by interval, as amounts in a unit. Raises UnitError for another kind."""
        logs = [one for one in self.logs if one.spec.meter.meter_id == meter_id and meter_id not in self.aside]
        read = [batch for batch in self.others[0] if batch.meter_id == meter_id]
        conversions = self.series.conversions
        found = [_intervals(batch, conversions.scale(meter_id, batch.unit, unit)) for batch in read]
        found = [replace(one, amount=one.amount * conversions.factors(meter_id, one.start)) for one in found]
        return Intervals.joined([*log_intervals(logs, unit, conversions), *found])


def gather(
    data: MonitoringData,
    meters: Mapping[str, Meter],
    timeline: Timeline,
    progress: Callable[[str], None] = lambda text: None,
) -> Sources:
    """Read everything that covers the meters of a monitoring workbook, and the logs in or below its folder.

    Never raises for faults of the data: they are findings of the series, and
    while one of them is an error it must not be calculated with.
    """
    known = bool(errors(data.findings))
    readings = read_readings(data.readings, meters, timeline, faults_known=known)
    conversions, noted = read_conversions(data, timeline)
    billed, findings = invoices(data, meters, timeline, conversions)
    stocks, stored, wrong = stock_parts(data, meters, timeline)
    sold = [one for one in billed if one.meter_id not in stored]
    specs, found = _specs(data, meters)
    cuts = _joined([cuts_of(readings, billed, _checks(data, meters)), conversions.cuts()])
    proven = _proven(data, timeline)
    specs = [
        replace(s, cuts=_sorted(cuts.get(s.meter.meter_id, ())), proven=tuple(proven.get(s.meter.meter_id, ())))
        for s in specs
    ]
    read = _read(specs, timeline, data, progress)
    logs = log_parts(read.series, timeline)
    logged = {name: Runs.joined([r for s, r in logs.runs if s.meter.meter_id == name]) for name in meters}
    main = _invoices_that_count(data, sold, readings, logged, timeline)
    counting = {name: (LOG, runs) for name, runs in logged.items()}
    counting |= {one.meter_id: (INVOICES, Runs.always()) for one in main}
    beside, notes = set_aside(readings, counting, meters)
    replaced = frozenset(one.meter_id for one in main)
    logs, out = _logs_aside(logs, replaced, logged, meters)
    beside += out
    batches = as_readings(main, timeline)
    runs, doubled = _runs(meters, readings, logs, stored, timeline, data.file)
    for batch in batches:
        runs[batch.meter_id] = Runs.joined([runs[batch.meter_id], Runs.of(batch.start, batch.end)])
    aside = {s.meter_id for s in beside}
    others = tuple(readings.batches), (*batches, *stocks)
    parts = join([*others[0], *logs.batches, *others[1]], tuple(meters))
    across = across_changes(parts, conversions, timeline)
    series = SeriesResult(
        parts=parts,
        coverage=coverage_of(list(meters.values()), runs, timeline.edges),
        findings=(
            *readings.findings,
            *found,
            *findings,
            *(f for f in read.findings if not f.questionable),
            *logs.findings,
            *notes,
            *doubled,
            *noted,
            *wrong,
            *across,
        ),
        inputs=tuple(InputFile(path, digest) for path, digest in sorted(read.inputs.items())),
        profiles=by_meter([p for p in readings.profiles if p.meter_id not in aside] + logs.profiles),
        seconds=(*beside, *(s for s in sold if s not in main)),
        billed=tuple(main),
        delivered=tuple(one for one in billed if one.meter_id in stored),
        conversions=conversions,
        checks=_checks(data, meters),
        questionable=tuple(f for f in read.findings if f.questionable),
    )
    return Sources(data, meters, timeline, tuple(read.series), others, series, replaced)


def combined(sources: Sources, wanted: Iterable[Combination]) -> tuple[Sources, list[Finding]]:
    """The sources with what is made of single readings, each as a meter of its own; what stands in its way."""
    made: list[Combined] = []
    findings: list[Finding] = []
    for one in wanted:
        found, faults = _combined(sources, one)
        made += [] if found is None else [found]
        findings += faults
    if not made:
        return sources, findings
    series, timeline = sources.series, sources.timeline
    own = coverage_of([one.meter for one in made], {one.meter_id: one.runs for one in made}, timeline.edges)
    profiles = [profile for one in made if one.wanted.how == PRODUCT for profile in _profile(one, timeline)]
    with_them = replace(
        series,
        coverage=joined(series.coverage, own),
        profiles=(*series.profiles, *profiles),
        combined=tuple(made),
    )
    return replace(sources, series=replace(sources, series=with_them).cut()), findings


def _combined(sources: Sources, one: Combination) -> tuple[Combined | None, list[Finding]]:
    if any(name not in sources.meters for name in one.meters):
        return None, []  # the reader of the workbook has named it
    meters = [sources.meters[name] for name in one.meters]
    try:
        read = [sources.intervals(m, u) for m, u in zip(one.meters, one.units, strict=True)]
    except UnitError:
        return None, []  # building the claim names the meter whose unit does not fit
    if one.how == PRODUCT:
        timed = [one.of(np.flatnonzero(one.end > one.start)) for one in read]
        return multiplied(one, (timed[0], timed[1]), (meters[0], meters[1]), sources.timeline)
    if one.how == COUNT:
        return counted(one, read[0].of(np.flatnonzero(read[0].end <= read[0].start)), sources.timeline), []
    return single(one, read[0], meters[0], sources.timeline), []  # its unit, which has hours, keeps entries out


def _profile(one: Combined, timeline: Timeline) -> list[Profile]:
    read, unit = one.intervals, one.wanted.unit_of_amounts
    factor = np.ones(len(read))
    span = read.start, read.end
    return energy_profile(
        one.meter, span, read.amount, ([unit], np.zeros(len(read), dtype=np.int64)), factor, read.where, timeline.edges
    )


def _intervals(batch: Batch, scale: float) -> Intervals:
    """The readings of a batch, each once; a sample, which takes no time, ends when it begins."""
    _, rows = np.unique(np.stack([batch.start, batch.end]), axis=1, return_index=True)
    value = whole_amounts(batch) * batch.factor * scale
    end = batch.start if batch.kind is SegmentKind.SAMPLE else batch.end
    origins = batch.origins
    return Intervals(batch.start[rows], end[rows], value[rows], lambda n: origins[int(rows[n])])


def _proven(data: MonitoringData, timeline: Timeline) -> dict[str, list[tuple[int, int]]]:
    """The spans, by meter, with an override that has a document: it settles a log's faults there."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row in data.overrides:
        start, end = row.start, row.end
        if start is not None and end is not None and start < end and row.evidence and row.value is not None:
            found.setdefault(row.meter_id, []).append((timeline.instant(start), timeline.instant(end)))
    return found


def regathered(sources: Sources, data: MonitoringData, meters: Mapping[str, Meter], timeline: Timeline) -> Sources:
    """The sources of a workbook of which some cells are changed: those known, where no table they are read from is."""
    old, tables = (
        sources.data,
        ("readings", "meters", "logs", "invoices", "points", "stocks", "conversions", "overrides"),
    )
    same = timeline == sources.timeline and all(getattr(data, key) is getattr(old, key) for key in tables)
    return sources if same else gather(data, meters, timeline)


def gaps_for_checks(series: SeriesResult) -> dict[str, set[int]]:
    """Up to where check meters have to be known so that the data gaps of the meters they check can be bridged."""
    cuts: dict[str, set[int]] = {}
    for gap in series.coverage.data_gaps:
        for name in series.checks.get(gap.meter_id, ()):
            cuts.setdefault(name, set()).update((gap.start, gap.end))
    return cuts


def around_checks(sources: Sources) -> tuple[Counted, Timeline] | None:
    """What meters and their check meters counted over all the time of a check meter that reaches beyond the period.

    Readings outside the period belong to no claim, and make the two comparable. None where none reaches beyond it, or
    where what was read outside cannot be used.
    """
    parts, timeline, data = sources.series.parts, sources.timeline, sources.data
    checks = {name for names in sources.series.checks.values() for name in names}
    own = np.isin(parts.meter, [n for n, name in enumerate(parts.meter_ids) if name in checks])
    first, last = (int(edge) for edge in timeline.edges[[0, -1]])
    if not own.any() or (parts.start[own].min() >= first and parts.end[own].max() <= last):
        return None
    limits = (min(int(parts.start[own].min()), first), max(int(parts.end[own].max()), last) - 1)
    start, end = (local_time(timeline.zone, at).date() for at in limits)
    wide = Timeline(start, end + timedelta(days=1), timeline.zone)
    both = checks.union(sources.series.checks)
    logs = [row for row in data.logs if row.meter_id in both]
    series = gather(replace(data, logs=logs), sources.meters, wide).series
    return None if errors(series.findings) else (Counted(series, wide, meters=data.meters), wide)


def _joined(several: Iterable[Cuts]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for cuts in several:
        for name, instants in cuts.items():
            found.setdefault(name, set()).update(instants)
    return found


def _sorted(instants: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(instants))


def _invoices_that_count(
    data: MonitoringData,
    sold: list[SecondarySource],
    readings: ReadingSegments,
    logged: Mapping[str, Runs],
    timeline: Timeline,
) -> list[SecondarySource]:
    """The invoices of meters that the PDD reads from invoices (option B)."""
    option_b = {row.meter_id for row in data.points if row.option == "B"}
    spoken = {name: [runs] for name, runs in logged.items()}
    for (name, _), runs in readings.runs.items():
        spoken.setdefault(name, []).append(runs)
    return invoices_that_count(sold, option_b, {n: Runs.joined(found) for n, found in spoken.items()}, timeline.edges)


def _logs_aside(
    logs: LogSegments, names: frozenset[str], logged: Mapping[str, Runs], meters: Mapping[str, Meter]
) -> tuple[LogSegments, list[SecondarySource]]:
    """The logs without those of some meters, and what these state of spans that they know all of."""
    seconds: list[SecondarySource] = []
    for batch in logs.batches:
        if batch.meter_id in names:
            spans = logged[batch.meter_id].spans
            known = [not without(span, spans) for span in zip(batch.start.tolist(), batch.end.tolist(), strict=True)]
            seconds += as_seconds(batch, np.flatnonzero(known), meters[batch.meter_id])
    batches = [batch for batch in logs.batches if batch.meter_id not in names]
    kept = [(spec, runs) for spec, runs in logs.runs if spec.meter.meter_id not in names]
    return replace(logs, batches=batches, runs=kept), seconds


def _checks(data: MonitoringData, meters: Mapping[str, Meter]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in data.meters:
        if row.checks and row.meter_id in meters:
            found.setdefault(row.checks, []).append(row.meter_id)
    return {name: tuple(dict.fromkeys(ids)) for name, ids in found.items()}


def _read(
    specs: Sequence[LogSpec], timeline: Timeline, data: MonitoringData, progress: Callable[[str], None]
) -> LogsRead:
    """The logs; what reads the many kinds of files is imported where there are any."""
    if not specs:
        return LogsRead()
    from jcm_mrv.logs.reading import read_logs

    return read_logs(specs, timeline.edges, data.path.parent, progress)


def _specs(data: MonitoringData, meters: Mapping[str, Meter]) -> tuple[list[LogSpec], list[Finding]]:
    specs: list[LogSpec] = []
    findings: list[Finding] = []
    for row in data.logs:
        spec, found = read_spec(row, meters)
        findings += found
        if spec is not None:
            specs.append(spec)
    return specs, findings


def _runs(
    meters: Mapping[str, Meter],
    readings: ReadingSegments,
    logs: LogSegments,
    stored: dict[str, Runs],
    timeline: Timeline,
    file: str,
) -> tuple[dict[str, Runs], list[Finding]]:
    """All that covers each meter, joined; where two sources do at one time, a finding."""
    sources: dict[str, list[tuple[Origin, Runs]]] = {name: [] for name in meters}
    for key, runs in readings.runs.items():
        sources[key[0]].append((readings.places[key], runs))
    for name, runs in stored.items():
        sources[name].append((Origin(file=file, sheet="Stocks"), runs))
    for spec, runs in logs.runs:
        sources[spec.meter.meter_id].append((spec.origin("log_id"), runs))
    findings: list[Finding] = []
    for name, found in sources.items():
        for i, (where, runs) in enumerate(found):
            for other, earlier in found[:i]:
                shared = overlap_of(runs, earlier)
                if shared is not None:
                    findings.append(_two_sources(name, where, other, shared, timeline))
    return {name: Runs.joined([runs for _, runs in found]) for name, found in sources.items()}, findings


def _two_sources(meter: str, where: Origin, other: Origin, shared: tuple[int, int], timeline: Timeline) -> Finding:
    start, end = (local_text(timeline.zone, instant) for instant in shared)
    return TWO_SOURCES(
        say("two sources cover meter {meter} at the same time, so that energy would count twice", meter=meter),
        where,
        found=say("this and {other}, first from {start} to {end}", other=other, start=start, end=end),
        action=say(
            "Keep one of them for each time: delete the readings, the stocks, or the row of the sheet Logs. Or keep "
            "both, which is better: enter one of them as its check meter, under a meter ID of its own with a row on "
            "Meters (same unit and transformer factor) that names {meter} in Check meter of; they are compared then",
            meter=meter,
        ),
    )
