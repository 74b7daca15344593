"""Reading the files of the sheet Logs: each file once, for all the meters it holds."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.beside import StatusWatch, UnitWatch
from jcm_mrv.logs.blocks import Block, OddError, Plan
from jcm_mrv.logs.cells import folded
from jcm_mrv.logs.columns import Columns, as_matrix, find_columns, matrix_columns
from jcm_mrv.logs.csv_file import LogFormatError
from jcm_mrv.logs.encoding import LogEncodingError
from jcm_mrv.logs.files import LogPath, files_of, is_pattern, open_log
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.footers import ColumnTotals, check_footers
from jcm_mrv.logs.kinds import kind_findings
from jcm_mrv.logs.notes import note_column, note_interval, note_outside, note_table, nothing_inside
from jcm_mrv.logs.overlap import settle_overlaps
from jcm_mrv.logs.series import LogSeries, LogsRead, RegisterColumn
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.sums import ColumnSums, IntervalSums, NotSortedError
from jcm_mrv.logs.survey import LogFile, survey, surveyed
from jcm_mrv.time.timestamps import SAMPLES, TimestampError, TimestampFormat, recognise

__all__ = ["LogSeries", "LogsRead", "RegisterColumn", "read_logs"]


@dataclass
class _Group:
    """Specs of one file whose rows are read in one pass."""

    specs: list[LogSpec]
    path: LogPath
    edges: Instants
    sha256: str = ""

    @property
    def file(self) -> str:
        return self.path.file


@dataclass
class _Sink:
    """Where a block's rows go: some columns, for rows of one name (None: all rows)."""

    name: str | None
    columns: list[int]
    specs: list[LogSpec]
    sums: IntervalSums | None
    registers: list[RegisterColumn]
    units: list[UnitWatch | None] = field(default_factory=list)
    status: list[StatusWatch | None] = field(default_factory=list)


def read_logs(specs: Iterable[LogSpec], edges: Instants, folder: Path) -> LogsRead:
    """Read every log. ``edges`` are the month slices' limits; the meters' own limits are cut as well."""
    read = LogsRead()
    groups: dict[tuple[str, ...], _Group] = {}
    patterns: list[LogSpec] = []
    for spec in specs:
        paths, findings = files_of(spec, folder)
        read.findings += findings
        patterns += [spec] if is_pattern(spec) and paths else []
        for path in paths:
            key = (path.file, *spec.same_rows[1:])
            groups.setdefault(key, _Group([], path, edges)).specs.append(spec)
    for group in groups.values():
        _read_group(group, read)
    read.series, doubts = settle_overlaps(read.series)
    read.findings += [*doubts, *kind_findings(read.series)]
    with_values = {id(one.spec) for one in read.series}
    message = "no file of the pattern holds a value of this meter in the monitoring period"
    read.findings += [nothing_inside(spec, message) for spec in patterns if id(spec) not in with_values]
    return read


def _read_group(group: _Group, read: LogsRead) -> None:
    problems = Problems(group.file)
    try:
        series = _series_of(group, problems)
    except LogEncodingError as error:
        where = group.specs[0].origin("encoding")
        action = "State the encoding of the file, such as cp932 or utf-16, or save it as UTF-8"
        problems.add(codes.ENCODING(str(error), where, found=group.file, action=action))
        series = []
    except (LogFormatError, OSError) as error:
        where = group.specs[0].origin("file")
        text = str(error) if isinstance(error, LogFormatError) else "the file cannot be opened"
        action = "Export the log again as CSV or .xlsx and look at the place that is named"
        problems.add(codes.UNREADABLE(text, where, found=group.file, action=action))
        series = []
    read.findings += problems.findings()
    read.series += series
    if series or (group.sha256 and any(is_pattern(spec) for spec in group.specs)):
        read.inputs[group.file] = group.sha256


def _series_of(group: _Group, problems: Problems) -> list[LogSeries]:
    first = group.specs[0]
    log: LogFile = open_log(group.path.path, first.sheet, first.encoding)
    problems.sheet = log.sheet
    note_table(log, problems)
    matrix = as_matrix(log, group.specs, problems)
    if matrix is not None:
        columns, log = matrix_columns(matrix, group.specs, problems), matrix
    else:
        columns = find_columns(log, group.specs, problems)
    if columns is None:
        return []
    samples = log.samples(columns.time, SAMPLES)
    if not samples:
        problems.add(nothing_inside(first, f"{problems.file} holds no rows below its headings"))
        return []
    plan = _plan(log, columns, samples, first, problems)
    if plan is None or not _has_zone(plan.stamp, samples[0], first, problems):
        return []
    found = _stream(log, plan, columns, group, problems)
    if found is None:
        return []
    plan, sinks = found
    group.sha256 = log.sha256
    return [one for sink in sinks for one in _finished(sink, plan, group, log.sha256, problems)]


def _plan(log: LogFile, columns: Columns, samples: list[str], spec: LogSpec, problems: Problems) -> Plan | None:
    """How to read the file: at once where the first times show it, else after a look at the whole columns."""
    try:
        stamp = recognise(samples, spec.date_format)
    except TimestampError as error:
        action = "State on the sheet Logs how the times are written, such as DD/MM/YYYY hh:mm"
        where = spec.origin("date_format")
        problems.add(codes.DATE_FORMAT(str(error), where, found=spec.date_format, action=action))
        return None
    values = tuple(sorted({column for _, column in columns.values}))
    plan = Plan(len(log.headings), columns.time, stamp or TimestampFormat(), spec.zone, values, columns.name,
                log.headings, columns.clock, texts=columns.texts)  # fmt: skip
    if stamp is None or columns.clock is not None or spec.number_format is not None or spec.is_workbook:
        return surveyed(plan, survey(log, plan.time, plan.clock, values), spec, problems)
    return plan


def _has_zone(stamp: TimestampFormat, sample: str, spec: LogSpec, problems: Problems) -> bool:
    if stamp.offset or spec.zone is not None:
        return True
    message = "the times of the log carry no offset and no time zone is stated"
    action = "State the time zone in which the log is written, such as Asia/Bangkok or UTC+07:00"
    problems.add(codes.ZONE(message, spec.origin("time_zone"), found=sample, action=action))
    return False


def _stream(
    log: LogFile, plan: Plan, columns: Columns, group: _Group, problems: Problems
) -> tuple[Plan, list[_Sink]] | None:
    """Feed every block; once more after a look at whole columns where a cell is not as expected."""
    try:
        found = _in_order(log, plan, columns, group, problems)
        if plan.surveyed or not log.unclear:
            return plan, found
    except OddError:
        pass
    spec = group.specs[0]
    second = surveyed(plan, survey(log, plan.time, plan.clock, plan.values), spec, problems)
    return None if second is None else (second, _in_order(log, second, columns, group, problems))


def _in_order(log: LogFile, plan: Plan, columns: Columns, group: _Group, problems: Problems) -> list[_Sink]:
    """Feed every block; where the rows prove not to be in order, once more and sorted."""
    trial = Problems(problems.file, problems.sheet)
    totals = ColumnTotals()
    sinks = _sinks(columns, group, trial, plan)
    try:
        with closing(log.blocks(plan, trial)) as blocks:
            for block in blocks:
                totals.add(block)
                for sink in sinks:
                    _feed(sink, block)
    except NotSortedError:
        totals, trial = ColumnTotals(), Problems(problems.file, problems.sheet)
        sinks = _sinks(columns, group, trial, plan)
        every = list(log.blocks(plan, trial))
        for block in every:
            totals.add(block)
        _feed_sorted(every, sinks)
        action = "Nothing, if the log is complete"
        trial.add(
            codes.UNSORTED("the rows of the log are not in order of time; they were sorted", trial.at(), action=action)
        )
    for sink in sinks:
        if sink.sums:
            sink.sums.finish()
    if plan.surveyed or not log.unclear:
        summed = frozenset(column for spec, column in columns.values if spec.kind != "register")
        check_footers(plan, totals, summed, trial)
        problems.take(trial)
        for sink in sinks:
            if sink.sums:
                sink.sums.problems = problems
    return sinks


def _sinks(placed: Columns, group: _Group, problems: Problems, plan: Plan) -> list[_Sink]:
    """Columns that share rows and clock are summed together."""
    columns = [(spec, column) for spec, column in placed.values if column in plan.values]
    by_clock: dict[tuple[str | None, str, bool, int | None], list[tuple[LogSpec, int]]] = {}
    for spec, column in columns:
        name = folded(spec.name_value) if spec.name_column else None
        kind = "register" if spec.kind == "register" else "interval"
        by_clock.setdefault((name, kind, spec.opens, spec.interval), []).append((spec, column))
    limits = [edge for spec, _ in columns for edge in (*spec.meter.limits(), *spec.cuts)]
    inner = [edge for edge in limits if group.edges[0] < edge < group.edges[-1]]
    edges = np.unique(np.concatenate((group.edges, np.array(inner, dtype=np.int64))))
    sinks: list[_Sink] = []
    for (name, kind, opens, interval), members in by_clock.items():
        ordinals = [column for _, column in members]
        sums = None
        if kind == "interval":
            sums = IntervalSums(
                [ColumnSums(_title(spec, column, plan)) for spec, column in members],
                edges,
                interval,
                opens,
                problems,
            )
        registers = [RegisterColumn() for _ in members] if kind == "register" else []
        sinks.append(_Sink(name, ordinals, [s for s, _ in members], sums, registers))
        for spec, column in members:
            sinks[-1].units.append(_unit_watch(spec, placed.units.get(column), plan, problems))
            sinks[-1].status.append(_status_watch(spec, placed.status.get(column), plan, edges))
    return sinks


def _unit_watch(spec: LogSpec, column: int | None, plan: Plan, problems: Problems) -> UnitWatch | None:
    return None if column is None else UnitWatch(spec, column, plan.heading(column), problems)


def _status_watch(spec: LogSpec, column: int | None, plan: Plan, edges: Instants) -> StatusWatch | None:
    if column is None:
        return None
    words = frozenset(spec.measured_words)
    return StatusWatch(spec, column, plan.heading(column), edges, bool(spec.status_column), words)


def _title(spec: LogSpec, column: int, plan: Plan) -> str:
    heading = plan.heading(column)
    return f"{heading} of {spec.name_value}" if spec.name_column else heading


def _feed(sink: _Sink, block: Block) -> None:
    stamp, line, texts = block.stamp, block.line, block.texts
    values = [block.values[c] for c in sink.columns]
    if sink.name is not None:
        assert block.names is not None
        own = block.names == sink.name
        stamp, line, values = stamp[own], line[own], [v[own] for v in values]
        texts = {c: words[own] for c, words in texts.items()}
    if not len(stamp):
        return
    for unit in sink.units:
        if unit is not None:
            unit.take(line, texts[unit.column])
    for n, status in enumerate(sink.status):
        if status is not None:
            values[n] = status.take(stamp, line, values[n], texts[status.column])
    if sink.sums is not None:
        sink.sums.feed(stamp, line, values)
    for register, value in zip(sink.registers, values, strict=bool(sink.registers)):
        known = ~np.isnan(value)
        register.time.append(stamp[known])
        register.value.append(value[known])
        register.line.append(line[known])


def _feed_sorted(blocks: list[Block], sinks: list[_Sink]) -> None:
    """All rows at once in order of time."""
    stamp = np.concatenate([b.stamp for b in blocks])
    order = np.argsort(stamp, kind="stable")
    names = [b.names for b in blocks if b.names is not None]
    whole = Block(
        np.concatenate([b.line for b in blocks])[order],
        stamp[order],
        {c: np.concatenate([b.values[c] for b in blocks])[order] for c in blocks[0].values},
        np.concatenate(names)[order] if names else None,
        {c: np.concatenate([b.texts[c] for b in blocks])[order] for c in blocks[0].texts},
    )
    for sink in sinks:
        _feed(sink, whole)


def _said_beside(sink: _Sink, n: int, problems: Problems) -> list[Finding]:
    """What the columns beside the values say."""
    unit, status = sink.units[n], sink.status[n]
    interval = (sink.sums.interval or 0) if sink.sums else 0
    quality = status.finding(interval, problems) if status is not None else None
    return [*(unit.findings() if unit is not None else ()), *(() if quality is None else (quality,))]


def _finished(sink: _Sink, plan: Plan, group: _Group, sha256: str, problems: Problems) -> list[LogSeries]:
    if sink.sums is not None and sink.sums.outside:
        note_outside(sink.sums, problems)
    if sink.sums is not None and sink.sums.inferred and not sink.sums.unequal and sink.sums.interval is not None:
        note_interval(sink.specs[0], sink.sums.interval, problems)
    found: list[LogSeries] = []
    for n, (spec, column) in enumerate(zip(sink.specs, sink.columns, strict=True)):
        sums = sink.sums.columns[n] if sink.sums else None
        register = sink.registers[n] if sink.registers else None
        problems.extend(_said_beside(sink, n, problems))
        if not (sums.counts if sums is not None else register is not None and any(map(len, register.time))):
            message = f"{group.file} holds no value of this meter in the monitoring period"
            severity = Severity.NOTE if is_pattern(spec) else None  # another file of the pattern may hold some
            problems.add(nothing_inside(spec, message, severity))
            continue
        if sums is not None:
            note_column(sums, problems)
        edges = sink.sums.edges if sink.sums else group.edges
        interval = (sink.sums.interval or 0) if sink.sums else 0
        selection = (sha256, problems.sheet, plan.time, plan.stamp, spec.zone_text, column, sink.name, spec.opens,
                     interval, spec.kind, spec.unit, spec.included)  # fmt: skip
        found.append(LogSeries(spec, group.file, problems.sheet, sha256, edges, sums, register, interval, selection))
    return found
