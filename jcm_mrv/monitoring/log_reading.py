"""Reading the files of the sheet Logs: each file once, for all the meters it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from jcm_mrv.findings import Finding
from jcm_mrv.monitoring import log_findings as codes
from jcm_mrv.monitoring.folder_files import NoSuchFileError, OutsideFolderError, file_inside
from jcm_mrv.monitoring.log_blocks import Block, Plan, folded
from jcm_mrv.monitoring.log_csv import CsvLog, LogEncodingError, LogFormatError
from jcm_mrv.monitoring.log_findings import Problems
from jcm_mrv.monitoring.log_notes import note_column, note_interval, note_outside, nothing_inside
from jcm_mrv.monitoring.log_spec import LogSpec
from jcm_mrv.monitoring.log_sums import ColumnSums, IntervalSums, NotSortedError
from jcm_mrv.monitoring.log_xlsx import XlsxLog
from jcm_mrv.monitoring.stamps import SAMPLES, StampError, StampFormat, recognise
from jcm_mrv.monitoring.workbook_scan import column_number
from jcm_mrv.monitoring.zones import Instants

_OLD_EXCEL = (".xls", ".xlsm", ".xlsb", ".ods")


@dataclass
class RegisterColumn:
    """The points of a register log, as they stand in the file: lists of arrays."""

    time: list[Instants] = field(default_factory=list)
    value: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = field(default_factory=list)
    line: list[Instants] = field(default_factory=list)


@dataclass
class LogSeries:
    """One log as it was read: sums per segment for energy and power, points for registers.

    ``edges`` are the segments' limits; ``selection`` says which rows and
    column of which bytes were taken, so that a log named twice is found.
    """

    spec: LogSpec
    file: str
    sheet: str
    sha256: str
    edges: Instants
    sums: ColumnSums | None
    register: RegisterColumn | None
    interval: int
    selection: tuple[object, ...]


@dataclass
class LogsRead:
    """What all logs gave."""

    series: list[LogSeries] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)  # path -> SHA-256


@dataclass
class _Group:
    """Specs of one file whose rows are read in one pass."""

    specs: list[LogSpec]
    path: Path
    file: str
    edges: Instants


@dataclass
class _Sink:
    """Where a block's rows go: some columns, for rows of one name (None: all rows)."""

    name: str | None
    columns: list[int]
    specs: list[LogSpec]
    sums: IntervalSums | None
    registers: list[RegisterColumn]


def read_logs(specs: Iterable[LogSpec], edges: Instants, folder: Path) -> LogsRead:
    """Read every log. ``edges`` are the month slices' limits; the meters' own limits are cut as well."""
    read = LogsRead()
    groups: dict[tuple[str, ...], _Group] = {}
    for spec in specs:
        found = _locate(spec, folder, read)
        if found is None:
            continue
        key = (found[1], *spec.same_rows[1:])
        groups.setdefault(key, _Group([], *found, edges)).specs.append(spec)
    for group in groups.values():
        _read_group(group, read)
    return read


def _locate(spec: LogSpec, folder: Path, read: LogsRead) -> tuple[Path, str] | None:
    where = spec.origin("file")
    try:
        path, file = file_inside(folder, spec.file)
    except OutsideFolderError as error:
        action = "Copy the file beside the workbook and write only its name"
        read.findings.append(codes.PATH(str(error), where, found=spec.file, action=action))
        return None
    except NoSuchFileError as error:
        action = "Put the file beside the workbook, or correct its name"
        read.findings.append(codes.NOT_FOUND(f"the log {error}", where, found=spec.file, action=action))
        return None
    if path.suffix.lower() in _OLD_EXCEL:
        action = "Save it as Excel workbook (.xlsx) or CSV and name that file"
        message = f"a log in the format {path.suffix} cannot be read"
        read.findings.append(codes.UNREADABLE(message, where, found=spec.file, action=action))
        return None
    return path, file


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
    read.inputs |= {one.file: one.sha256 for one in series}


def _series_of(group: _Group, problems: Problems) -> list[LogSeries]:
    first = group.specs[0]
    log = _open(group.path, first)
    if isinstance(log, XlsxLog):
        problems.sheet = log.sheet
    time = _column(log.headings, first, "time_column", problems)
    name = _column(log.headings, first, "name_column", problems) if first.name_column else None
    placed = [(spec, _column(log.headings, spec, "value_column", problems)) for spec in group.specs]
    columns = [(s, c) for s, c in placed if c is not None and _is_apart(s, c, time, name, problems)]
    if time is None or (first.name_column and name is None) or not columns:
        return []
    stamp = _stamp_format(log.samples(time, SAMPLES), first, problems)
    if stamp is None:
        return []
    values = tuple(sorted({column for _, column in columns}))
    plan = Plan(len(log.headings), time, stamp, first.zone, values, name, log.headings)
    sinks = _stream(log, plan, columns, group, problems)
    return [one for sink in sinks for one in _finished(sink, plan, group, log.sha256, problems)]


def _open(path: Path, spec: LogSpec) -> CsvLog | XlsxLog:
    if path.suffix.lower() == ".xlsx":
        return XlsxLog(path, spec.sheet)
    return CsvLog(path, spec.encoding)


def _column(headings: tuple[str, ...], spec: LogSpec, key: str, problems: Problems) -> int | None:
    """A column by its heading, else by letter or number; None and a finding where it is not found."""
    wanted = folded(spec.record.text(key))
    same = [n for n, heading in enumerate(headings) if heading == wanted]
    if len(same) == 1:
        return same[0]
    message = f"two columns of {problems.file} have the heading {wanted!r}"
    if not same:
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 0
        if wanted.isascii() and wanted.isalpha() and wanted.isupper() and len(wanted) <= 3:
            number = column_number(wanted)
        if 1 <= number <= len(headings):
            return number - 1
        message = f"{problems.file} has no column {wanted!r}"
    problems.add(
        codes.COLUMN(
            message,
            spec.origin(key),
            found="the headings " + ", ".join(headings[:30]) + (" …" if len(headings) > 30 else ""),
            action="Write a heading as it stands in the first line of the file, or the column's letter",
        )
    )
    return None


def _is_apart(spec: LogSpec, value: int, time: int | None, name: int | None, problems: Problems) -> bool:
    """False, with a finding, where one column is to be the values and the times or names as well."""
    if value not in (time, name):
        return True
    problems.add(
        codes.COLUMN(
            f"one column of {problems.file} cannot hold both the values and the times or names",
            spec.origin("value_column"),
            found=spec.value_column,
            action="Write the heading of the column with the values",
        )
    )
    return False


def _stamp_format(samples: list[str], spec: LogSpec, problems: Problems) -> StampFormat | None:
    where = spec.origin("date_format")
    if not samples:
        problems.add(nothing_inside(spec, f"{problems.file} holds no rows below its headings"))
        return None
    try:
        stamp = recognise(samples, spec.date_format)
    except StampError as error:
        action = "State on the sheet Logs how the times are written, such as DD/MM/YYYY hh:mm"
        problems.add(codes.DATE_FORMAT(str(error), where, found=samples[0], action=action))
        return None
    if not stamp.offset and spec.zone is None:
        message = "the times of the log carry no offset and no time zone is stated"
        action = "State the time zone in which the log is written, such as Asia/Bangkok or UTC+07:00"
        problems.add(codes.ZONE(message, spec.origin("time_zone"), found=samples[0], action=action))
        return None
    return stamp


def _stream(
    log: CsvLog | XlsxLog, plan: Plan, columns: list[tuple[LogSpec, int]], group: _Group, problems: Problems
) -> list[_Sink]:
    """Feed every block; where the rows prove not to be in order, once more and sorted."""
    sinks = _sinks(columns, group, problems, plan)
    trial = Problems(problems.file, problems.sheet)
    for sink in sinks:
        if sink.sums:
            sink.sums.problems = trial
    try:
        for block in log.blocks(plan, trial):
            for sink in sinks:
                _feed(sink, block)
    except NotSortedError:
        sinks = _sinks(columns, group, problems, plan)
        _feed_sorted(list(log.blocks(plan, problems)), sinks)
        problems.add(
            codes.UNSORTED(
                "the rows of the log are not in order of time; they were sorted",
                problems.at(),
                action="Nothing, if the log is complete",
            )
        )
    else:
        problems.take(trial)
        for sink in sinks:
            if sink.sums:
                sink.sums.problems = problems
    for sink in sinks:
        if sink.sums:
            sink.sums.finish()
    return sinks


def _sinks(columns: list[tuple[LogSpec, int]], group: _Group, problems: Problems, plan: Plan) -> list[_Sink]:
    """Columns that share rows and clock are summed together."""
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
    return sinks


def _title(spec: LogSpec, column: int, plan: Plan) -> str:
    heading = plan.heading(column)
    return f"{heading} of {spec.name_value}" if spec.name_column else heading


def _feed(sink: _Sink, block: Block) -> None:
    stamp, line = block.stamp, block.line
    values = [block.values[c] for c in sink.columns]
    if sink.name is not None:
        assert block.names is not None
        own = block.names == sink.name
        stamp, line, values = stamp[own], line[own], [v[own] for v in values]
    if not len(stamp):
        return
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
    )
    for sink in sinks:
        _feed(sink, whole)


def _finished(sink: _Sink, plan: Plan, group: _Group, sha256: str, problems: Problems) -> list[LogSeries]:
    if sink.sums is not None and sink.sums.outside:
        note_outside(sink.sums, problems)
    if sink.sums is not None and sink.sums.inferred and not sink.sums.unequal and sink.sums.interval is not None:
        note_interval(sink.specs[0], sink.sums.interval, problems)
    found: list[LogSeries] = []
    for n, (spec, column) in enumerate(zip(sink.specs, sink.columns, strict=True)):
        sums = sink.sums.columns[n] if sink.sums else None
        register = sink.registers[n] if sink.registers else None
        if not (sums.counts if sums is not None else register is not None and any(map(len, register.time))):
            problems.add(nothing_inside(spec, f"{group.file} holds no value of this meter in the monitoring period"))
            continue
        if sums is not None:
            note_column(sums, problems)
        edges = sink.sums.edges if sink.sums else group.edges
        interval = (sink.sums.interval or 0) if sink.sums else 0
        selection = (sha256, problems.sheet, plan.time, plan.stamp, spec.zone_text, column, sink.name, spec.opens,
                     interval, spec.kind, spec.unit, spec.included)  # fmt: skip
        found.append(LogSeries(spec, group.file, problems.sheet, sha256, edges, sums, register, interval, selection))
    return found
