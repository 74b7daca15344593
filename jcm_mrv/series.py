"""Readings and logs to the parts that the claim graph consumes, with their coverage and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jcm_mrv.findings import Code, Finding, Severity, errors
from jcm_mrv.logs.reading import read_logs
from jcm_mrv.logs.segments import LogSegments, log_parts
from jcm_mrv.logs.spec import LogSpec, read_spec
from jcm_mrv.meters.batches import join
from jcm_mrv.meters.conversions import read_conversions
from jcm_mrv.meters.converted import across_changes
from jcm_mrv.meters.coverage import coverage_of
from jcm_mrv.meters.meters import Meter, read_meters
from jcm_mrv.meters.profiles.profile import by_meter
from jcm_mrv.meters.readings import ReadingSegments, read_readings
from jcm_mrv.meters.secondary_sources import INVOICES, LOG, as_readings, cuts_of, invoices, set_aside
from jcm_mrv.meters.segments import InputFile, Second, SeriesResult
from jcm_mrv.meters.sources.order import invoices_that_count
from jcm_mrv.meters.stocks import stock_parts
from jcm_mrv.origin import Origin
from jcm_mrv.time.dividing import Runs, overlap_of
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import local_text
from jcm_mrv.workbook.records import MonitoringData

TWO_SOURCES = Code("readings.two_sources", Severity.ERROR, "Two sources speak for one meter at the same time")


def build_parts(
    data: MonitoringData, timeline: Timeline, folder: Path, cuts: Mapping[str, Iterable[int]] | None = None
) -> SeriesResult:
    """Cut every reading and log of a monitoring workbook into parts by meter and month.

    ``folder`` is the workbook's folder, in or below which the logs lie;
    ``cuts`` are instants, by meter, up to which a log's sum has to be known.
    Never raises for faults of the data: they are findings, and while one of
    them is an error the parts must not be calculated with.
    """
    meters, findings = read_meters(data.meters, timeline.zone)
    builder = _Builder(data, timeline, folder, meters)
    wanted = {name: set(instants) for name, instants in (cuts or {}).items()}
    series = builder.build(wanted)
    more = _holes_for_checks(series, {row.meter_id for row in data.logs})
    if more:
        series = builder.build({name: wanted.get(name, set()) | more.get(name, set()) for name in {*wanted, *more}})
    return replace(series, findings=(*findings, *series.findings))


def _holes_for_checks(series: SeriesResult, logged: set[str]) -> dict[str, set[int]]:
    """Where the logs of check meters have to be cut so that the holes of the meters they check can be bridged."""
    cuts: dict[str, set[int]] = {}
    for hole in series.coverage.holes:
        for name in series.checks.get(hole.meter_id, ()):
            if name in logged:
                cuts.setdefault(name, set()).update((hole.start, hole.end))
    return cuts


@dataclass(frozen=True)
class _Builder:
    """Reads everything that speaks for the meters of one workbook."""

    data: MonitoringData
    timeline: Timeline
    folder: Path
    meters: dict[str, Meter]

    def build(self, cuts: Mapping[str, set[int]]) -> SeriesResult:
        meters, timeline = self.meters, self.timeline
        known = bool(errors(self.data.findings))
        readings = read_readings(self.data.readings, meters, timeline, faults_known=known)
        billed, findings = invoices(self.data, meters, timeline)
        conversions, doubts = read_conversions(self.data, timeline)
        stocks, stored, wrong = stock_parts(self.data, meters, timeline)
        sold = [one for one in billed if one.meter_id not in stored]
        specs, found = self._specs()
        causes = cuts_of(readings, billed, self._checks()), cuts, conversions.cuts()
        cut = [
            replace(s, cuts=tuple(sorted({t for cause in causes for t in cause.get(s.meter.meter_id, ())})))
            for s in specs
        ]
        read = read_logs(cut, timeline.edges, self.folder)
        logs = log_parts(read.series, timeline)
        logged = {name: Runs.joined([r for s, r in logs.runs if s.meter.meter_id == name]) for name in meters}
        main = self._invoices_that_count(sold, {*stored, *(s.meter.meter_id for s in specs)}, readings)
        counting = {name: (LOG, runs) for name, runs in logged.items()}
        counting |= {one.meter_id: (INVOICES, Runs.always()) for one in main}
        beside, notes = set_aside(readings, counting, meters)
        batches = as_readings(main, timeline)
        runs, doubled = _runs(meters, readings, logs, stored, timeline, self.data.file)
        for batch in batches:
            own = Runs.of(batch.start, batch.end, batch.value, batch.value)
            runs[batch.meter_id] = Runs.joined([runs[batch.meter_id], own])
        seconds = [*beside, *(s for s in sold if s not in main)]
        aside = {s.meter_id for s in beside}
        parts = join(readings.batches + logs.batches + batches + stocks, tuple(meters))
        across = across_changes(parts, conversions, timeline)
        return SeriesResult(
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
                *doubts,
                *wrong,
                *across,
            ),
            inputs=tuple(InputFile(path, digest) for path, digest in sorted(read.inputs.items())),
            profiles=by_meter([p for p in readings.profiles if p.meter_id not in aside] + logs.profiles),
            seconds=tuple(seconds),
            billed=tuple(main),
            delivered=tuple(one for one in billed if one.meter_id in stored),
            conversions=conversions,
            checks=self._checks(),
            questionable=tuple(f for f in read.findings if f.questionable),
        )

    def _invoices_that_count(self, billed: list[Second], kept: set[str], readings: ReadingSegments) -> list[Second]:
        option_b = {row.meter_id for row in self.data.points if row.option == "B"}
        read = {name: Runs.joined([r for (m, _), r in readings.runs.items() if m == name]) for name in self.meters}
        return invoices_that_count(billed, option_b, kept, read, self.timeline.edges)

    def _checks(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for row in self.data.meters:
            if row.checks and row.meter_id in self.meters:
                found.setdefault(row.checks, []).append(row.meter_id)
        return {name: tuple(dict.fromkeys(ids)) for name, ids in found.items()}

    def _specs(self) -> tuple[list[LogSpec], list[Finding]]:
        specs: list[LogSpec] = []
        findings: list[Finding] = []
        for row in self.data.logs:
            spec, found = read_spec(row, self.meters)
            findings += found
            if spec is not None:
                specs.append(spec)
        return specs, findings


def _runs(
    meters: dict[str, Meter],
    readings: ReadingSegments,
    logs: LogSegments,
    stored: dict[str, Runs],
    timeline: Timeline,
    file: str,
) -> tuple[dict[str, Runs], list[Finding]]:
    """All that speaks for each meter, joined; where two sources do at one time, a finding."""
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
        f"two sources speak for meter {meter} at the same time, so that energy would count twice",
        where,
        found=f"this and {other}, first from {start} to {end}",
        action="Keep one of them for each time: delete the readings, the stocks, or the row of the sheet Logs",
    )
