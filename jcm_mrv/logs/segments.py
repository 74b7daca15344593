"""Logs as parts: monthly sums per transformer factor, in the native energy unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from jcm_mrv.arrays import Ordinals, exact_sum, taken
from jcm_mrv.findings import Finding
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.calendar_segments import calendar_advances
from jcm_mrv.logs.profiles import log_profile, log_register_profile
from jcm_mrv.logs.proven import outside_proven_faults
from jcm_mrv.logs.series import LogSeries
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.sums import ColumnSums
from jcm_mrv.meters.advances import Advances, Points
from jcm_mrv.meters.batches import Batch
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.meters.profiles.spans import register_profile, showed
from jcm_mrv.meters.profiles.values import ReadValues
from jcm_mrv.meters.registers import difference
from jcm_mrv.meters.segments import LogSource, SegmentKind
from jcm_mrv.meters.standing import Standing, standing
from jcm_mrv.origin import Origin
from jcm_mrv.time.dividing import Runs, divide
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say
from jcm_mrv.workbook.schema_data import MEANS


@dataclass
class LogSegments:
    """Batches, covered runs by log, profiles of the values, and findings."""

    batches: list[Batch] = field(default_factory=list)
    runs: list[tuple[LogSpec, Runs]] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass
class _Sum:
    """What one month and factor collects, between two of the log's cuts."""

    month: int
    factor: float
    addends: list[float] = field(default_factory=list)
    count: int = 0
    duration: int = 0
    start: int = 0
    end: int = 0
    line: int = 0


def log_parts(series: Sequence[LogSeries], timeline: Timeline) -> LogSegments:
    """The parts of every log, a log that is named twice once."""
    out = LogSegments()
    registers: dict[tuple[str, str, bool], list[LogSeries]] = {}
    for one in _once(series, out):
        if one.register is not None and one.calendar is not None:
            _calendar_log(one, timeline, out)
        elif one.register is not None:
            registers.setdefault((one.spec.meter.meter_id, one.spec.unit, one.spec.included), []).append(one)
        elif one.sums is not None:
            _interval_log(one, one.sums, timeline, out)
    for logs in registers.values():
        _register_logs(logs, timeline, out)
    return out


def _once(series: Sequence[LogSeries], out: LogSegments) -> list[LogSeries]:
    seen: dict[tuple[object, ...], LogSeries] = {}
    for one in series:
        key = (one.spec.meter.meter_id, *one.selection)
        first = seen.setdefault(key, one)
        if first is not one:
            out.findings.append(
                codes.TWICE(
                    say(
                        "the log {log_id} holds the same bytes and column as {log_id_2}; it is counted once",
                        log_id=one.spec.log_id,
                        log_id_2=first.spec.log_id,
                    ),
                    one.spec.origin("file"),
                    found=one.file,
                    action=say("Delete one of the two rows"),
                )
            )
    return list(seen.values())


# --- energy and power --------------------------------------------------------------


def _interval_log(one: LogSeries, sums: ColumnSums, timeline: Timeline, out: LogSegments) -> None:
    meter, edges = one.spec.meter, one.edges
    installed = meter.installation_at(edges[:-1])
    months = np.searchsorted(timeline.edges, edges[:-1], side="right") - 1
    between = np.searchsorted(np.array(sorted(one.spec.cuts), dtype=np.int64), edges[:-1], side="right")
    groups: dict[tuple[int, float, int], _Sum] = {}
    stray: list[int] = []
    for k in range(len(edges) - 1):
        if installed[k] < 0:
            stray += [k] if k in sums.sums else []
            continue
        factor = 1.0 if one.spec.included else meter.installations[installed[k]].factor
        key = int(months[k]), factor, int(between[k])
        group = groups.setdefault(key, _Sum(key[0], factor, start=int(edges[k])))
        _collect(group, sums, k, int(edges[k]), int(edges[k + 1]))
    _check_strays(one, sums, stray, out.findings)
    _check_changes(one, sums, out.findings)
    out.runs.append((one.spec, sums.covered()))
    out.profiles += log_profile(one, sums)
    hours = one.interval / HOUR if one.spec.kind in MEANS else 1.0
    _add(one, [g for g in groups.values() if g.count or g.addends], hours, out)


def _collect(group: _Sum, sums: ColumnSums, segment: int, start: int, end: int) -> None:
    group.addends += sums.sums.get(segment, [])
    group.count += sums.counts.get(segment, 0)
    group.line = group.line or sums.first_line.get(segment, 0)
    group.duration += end - start
    group.end = end


def _add(one: LogSeries, groups: Sequence[_Sum], hours: float, out: LogSegments) -> None:
    interval = one.interval or 1
    lowest, highest = _extremes(one, hours)
    out.batches.append(
        Batch.of(
            one.spec.meter.meter_id, SegmentKind.LOG, one.spec.unit,
            np.array([g.month for g in groups], dtype=np.int64),
            (np.array([g.start for g in groups], dtype=np.int64), np.array([g.end for g in groups], dtype=np.int64)),
            [Origin(file=one.file, sheet=one.sheet, line=g.line) for g in groups],
            value=np.array([math.fsum(g.addends) * hours for g in groups], dtype=np.float64),
            factor=np.array([g.factor for g in groups], dtype=np.float64),
            count=np.array([g.count for g in groups], dtype=np.int64),
            expected=np.array(
                [round(g.duration / interval) if one.interval else g.count for g in groups], dtype=np.int64
            ),
            source=LogSource(one.spec.log_id, one.file, one.sha256), lowest=lowest, highest=highest,
        )
    )  # fmt: skip


def _extremes(one: LogSeries, hours: float) -> tuple[float, float]:
    """The lowest and highest value of an interval log as a rate per hour; NaN for a register."""
    if one.sums is None or not one.interval or one.sums.highest < one.sums.lowest:
        return math.nan, math.nan
    per_hour = hours * HOUR / one.interval
    return one.sums.lowest * per_hour, one.sums.highest * per_hour


def _check_strays(one: LogSeries, sums: ColumnSums, segments: Sequence[int], findings: list[Finding]) -> None:
    """Values of a time at which no meter is installed: zeros are noted, anything else is an error."""
    if not segments:
        return
    total = math.fsum(a for k in segments for a in sums.sums[k])
    nonzero = any(a != 0 for k in segments for a in sums.sums[k])
    count = sum(sums.counts.get(k, 0) for k in segments)
    where = Origin(file=one.file, sheet=one.sheet, line=sums.first_line.get(segments[0], 0))
    code = codes.NOT_INSTALLED if nonzero else codes.BEFORE_METER
    findings.append(
        code(
            say(
                "the log {log_id} holds {count} value(s) of a time at which meter {meter_id} is not installed by the "
                "sheet Meters",
                log_id=one.spec.log_id,
                count=count,
                meter_id=one.spec.meter.meter_id,
            ),
            where,
            found=say("their sum is {total:.6g}", total=total),
            action=say("Correct the dates of installation and removal, or the log"),
            data={"count": count, "sum": total},
        )
    )


def _check_changes(one: LogSeries, sums: ColumnSums, findings: list[Finding]) -> None:
    """An interval over the moment at which the transformer factor changes has no single factor."""
    if one.spec.included:
        return
    rows = one.spec.meter.installations
    for edge, line in sums.straddling.items():
        before, after = one.spec.meter.installation_at(np.array([edge - 1, edge])).tolist()
        if before >= 0 and after >= 0 and rows[before].factor != rows[after].factor:
            findings.append(
                codes.FACTOR_CHANGE(
                    say(
                        "the transformer factor of meter {meter_id} changes within an interval of the log {log_id}, "
                        "from {factor:g} to {factor_2:g}",
                        meter_id=one.spec.meter.meter_id,
                        log_id=one.spec.log_id,
                        factor=rows[before].factor,
                        factor_2=rows[after].factor,
                    ),
                    Origin(file=one.file, sheet=one.sheet, line=line),
                    action=say("Give the change on the sheet Meters at the end of an interval"),
                )
            )


# --- days and months of the calendar ------------------------------------------------


def _calendar_log(one: LogSeries, timeline: Timeline, out: LogSegments) -> None:
    advances = calendar_advances(one, timeline, out.findings)
    if advances is None:
        return
    refs, stood = advances.closing_ref, standing(advances)
    out.runs.append((one.spec, Runs.of(stood.start, stood.end)))
    _add_registers([one], advances, stood, np.zeros(len(refs), dtype=np.int64), timeline, out)
    unit, included = one.spec.unit, one.spec.included
    out.profiles += register_profile(advances, refs, unit, "energy", timeline.edges, included=included)


# --- registers ---------------------------------------------------------------------


def _register_logs(logs: Sequence[LogSeries], timeline: Timeline, out: LogSegments) -> None:
    """The register logs of one meter together: the register goes on from file to file."""
    if not _one_unit(logs[0].spec, out):
        return
    points, which = register_points(logs, out.findings)
    advances, findings = difference(points)
    out.findings += findings
    stood = standing(advances)
    if len(stood.row):
        out.runs.append((logs[0].spec, Runs.of(stood.start, stood.end)))
    _add_registers(logs, advances, stood, which, timeline, out)

    def read() -> ReadValues:  # from the logs: a profile does not hold what was made of them
        return showed(register_points(logs, [])[0], timeline.edges)

    out.profiles += log_register_profile(logs[0].spec, advances, stood.rows, timeline.edges, read)


def register_points(logs: Sequence[LogSeries], findings: list[Finding]) -> tuple[Points, Ordinals]:
    """The readings of register logs together, and the log of each."""
    kept = [one.register or [] for one in logs]
    time = np.concatenate([part.start.array() for parts in kept for part in parts])
    value = np.concatenate([part.value for parts in kept for part in parts])
    counts = [sum(part.line.count for part in parts) for parts in kept]
    which = np.repeat(np.arange(len(logs)), counts) if len(logs) > 1 else np.broadcast_to(np.int64(0), len(time))
    before, spec = np.cumsum([0, *counts]), logs[0].spec
    rows: Sequence[int] | Ordinals = range(len(time))

    def origin(ref: int) -> Origin:
        n = int(which[ref])
        return Origin(file=logs[n].file, sheet=logs[n].sheet, line=logs[n].line(int(rows[ref] - before[n])))

    if spec.proven:
        keep = outside_proven_faults(Points(spec.meter, time, value, origin), spec.proven, findings)
        time, value, rows, which = time[keep], value[keep], np.flatnonzero(keep), which[keep]
    return Points(spec.meter, time, value, origin), which


def _one_unit(spec: LogSpec, out: LogSegments) -> bool:
    """False, with a finding, where the sheet Meters states the register's readings and digits in another unit."""
    stated = {i.unit for i in spec.meter.installations} - {"", spec.unit}
    if stated:
        out.findings.append(
            codes.UNIT(
                say(
                    "the register of meter {meter_id} is logged in another unit than the sheet Meters states",
                    meter_id=spec.meter.meter_id,
                ),
                spec.origin("unit"),
                found=say("{spec_unit} here, {stated} there", spec_unit=spec.unit, stated=", ".join(sorted(stated))),
                action=say("State on both sheets the unit that the register counts in"),
            )
        )
    return not stated


def _add_registers(
    logs: Sequence[LogSeries],
    advances: Advances,
    stood: Standing,
    which: Ordinals,
    timeline: Timeline,
    out: LogSegments,
) -> None:
    """Sums per file, month and factor; an advance belongs to the file of its closing reading."""
    cuts = np.array(sorted(logs[0].spec.cuts), dtype=np.int64)
    inner = cuts[(cuts > timeline.edges[0]) & (cuts < timeline.edges[-1])]
    pieces = divide(stood.start, stood.end, np.union1d(timeline.edges, inner))
    factors = [1.0 if logs[0].spec.included else i.factor for i in advances.points.meter.installations]
    row = taken(stood.row, pieces.row)
    ref = taken(advances.closing_ref, row)
    if (ref < 0).any():
        ref = np.where(ref >= 0, ref, np.maximum(taken(advances.opening_ref, row), 0))
    addends = taken(advances.amount, row) * pieces.share
    addends *= taken(stood.share, pieces.row)
    groups: dict[tuple[int, int, float], _Sum] = {}
    if not len(row):
        return
    # Pieces of one file, segment and installation follow each other: one group for each such stretch.
    keys = taken(which, ref), pieces.segment, taken(advances.installation, row)
    limits = np.flatnonzero(np.logical_or.reduce([key[1:] != key[:-1] for key in keys])) + 1
    month_of = np.searchsorted(timeline.edges, pieces.start[np.concatenate(([0], limits))], side="right") - 1
    for n, (i, j) in enumerate(pairwise([0, *limits.tolist(), len(row)])):
        file, segment, factor = int(keys[0][i]), int(keys[1][i]), factors[int(keys[2][i])]
        new = _Sum(int(month_of[n]), factor, start=int(pieces.start[i]))
        group = groups.setdefault((file, segment, factor), new)
        group.addends.append(exact_sum(addends[i:j]))
        group.count += j - i
        group.end = max(group.end, int(pieces.end[i:j].max()))
        group.line = group.line or advances.points.origin(int(ref[i])).line or 0
    for n, one in enumerate(logs):
        own = [g for (k, _, _), g in groups.items() if k == n]
        if own:
            _add(one, own, 1.0, out)
