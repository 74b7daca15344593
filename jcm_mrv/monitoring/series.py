"""Readings and logs to the parts that the claim graph consumes, with their coverage and findings."""

from __future__ import annotations

from pathlib import Path

from jcm_mrv.findings import Code, Finding, Severity, errors
from jcm_mrv.monitoring.batches import join
from jcm_mrv.monitoring.coverage import coverage_of
from jcm_mrv.monitoring.dividing import Runs, overlap_of
from jcm_mrv.monitoring.log_parts import LogParts, log_parts
from jcm_mrv.monitoring.log_reading import read_logs
from jcm_mrv.monitoring.log_spec import LogSpec, read_spec
from jcm_mrv.monitoring.meters import Meter, read_meters
from jcm_mrv.monitoring.parts import InputFile, SeriesResult
from jcm_mrv.monitoring.profile import by_meter
from jcm_mrv.monitoring.reading_parts import ReadingParts, read_readings
from jcm_mrv.monitoring.records import MonitoringData
from jcm_mrv.monitoring.timeline import Timeline
from jcm_mrv.monitoring.zones import local_text
from jcm_mrv.origin import Origin

TWO_SOURCES = Code("readings.two_sources", Severity.ERROR, "Two sources speak for one meter at the same time")


def build_parts(data: MonitoringData, timeline: Timeline, folder: Path) -> SeriesResult:
    """Cut every reading and log of a monitoring workbook into parts by meter and month.

    ``folder`` is the workbook's folder, in or below which the logs lie. Never
    raises for faults of the data: they are findings, and while one of them
    is an error the parts must not be calculated with.
    """
    meters, findings = read_meters(data.tables["meters"], timeline.zone)
    readings = read_readings(data.readings, meters, timeline, faults_known=bool(errors(data.findings)))
    specs, spec_findings = _specs(data, meters)
    read = read_logs(specs, timeline.edges, folder)
    logs = log_parts(read.series, timeline)
    runs, source_findings = _runs(meters, readings, logs, timeline)
    findings += readings.findings + spec_findings + read.findings + logs.findings + source_findings
    ids = tuple(meters)
    return SeriesResult(
        parts=join(readings.batches + logs.batches, ids),
        coverage=coverage_of(list(meters.values()), runs, timeline.edges),
        findings=tuple(findings),
        inputs=tuple(InputFile(path, digest) for path, digest in sorted(read.inputs.items())),
        profiles=by_meter(readings.profiles + logs.profiles),
    )


def _specs(data: MonitoringData, meters: dict[str, Meter]) -> tuple[list[LogSpec], list[Finding]]:
    specs: list[LogSpec] = []
    findings: list[Finding] = []
    for row in data.tables["logs"]:
        spec, found = read_spec(row, meters)
        findings += found
        if spec is not None:
            specs.append(spec)
    return specs, findings


def _runs(
    meters: dict[str, Meter], readings: ReadingParts, logs: LogParts, timeline: Timeline
) -> tuple[dict[str, Runs], list[Finding]]:
    """All that speaks for each meter, joined; where two sources do at one time, a finding."""
    sources: dict[str, list[tuple[Origin, Runs]]] = {name: [] for name in meters}
    for key, runs in readings.runs.items():
        sources[key[0]].append((readings.places[key], runs))
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
        action="Keep one of them for each time: delete the readings, or the row of the sheet Logs",
    )
