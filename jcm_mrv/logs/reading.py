"""Reading the files of the sheet Logs: each file once, for all the meters it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from jcm_mrv.arrays import Instants
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.blocks import OddError, Plan
from jcm_mrv.logs.calendar_rows import calendar_of
from jcm_mrv.logs.cells import folded
from jcm_mrv.logs.columns import Columns, as_matrix, find_columns, matrix_columns
from jcm_mrv.logs.csv_file import CsvLog, LogFormatError, LogSheetError
from jcm_mrv.logs.encoding import LogEncodingError
from jcm_mrv.logs.files import files_of, is_pattern, open_log
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.footers import ColumnTotals, check_footers
from jcm_mrv.logs.hour_numbers import with_hour_numbers
from jcm_mrv.logs.interval_side import of_columns, of_last_midnight
from jcm_mrv.logs.kinds import kind_findings
from jcm_mrv.logs.notes import note_months, note_table, nothing_inside
from jcm_mrv.logs.overlap import settle_overlaps
from jcm_mrv.logs.series import LogSeries, LogsRead
from jcm_mrv.logs.sinks import Group, Sink, feed, feed_sorted, finished, sinks_of
from jcm_mrv.logs.spans import SpanLog, are_ends, length_of
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.sums import NotSortedError
from jcm_mrv.logs.survey import LogFile, Survey, survey, surveyed
from jcm_mrv.time.timestamp_words import clock_halves, halves
from jcm_mrv.time.timestamps import SAMPLES, TimestampError, TimestampFormat, recognise
from jcm_mrv.words import say

__all__ = ["LogSeries", "LogsRead", "read_logs"]


def read_logs(
    specs: Iterable[LogSpec], edges: Instants, folder: Path, progress: Callable[[str], None] = lambda text: None
) -> LogsRead:
    """Read every log. ``edges`` are the month slices' limits; the meters' own limits are cut as well.

    ``progress`` is told each file before it is read.
    """
    read = LogsRead()
    groups: dict[tuple[str, ...], Group] = {}
    patterns: list[LogSpec] = []
    for spec in specs:
        paths, findings = files_of(spec, folder)
        read.findings += findings
        patterns += [spec] if is_pattern(spec) and paths else []
        for path in paths:
            key = (path.file, *spec.same_rows[1:])
            groups.setdefault(key, Group([], path, edges)).specs.append(spec)
    for number, group in enumerate(groups.values(), 1):
        progress(
            say(
                "Reading log {number} of {number_of_groups}: {file} ...",
                number=number,
                number_of_groups=len(groups),
                file=group.file,
            )
        )
        _read_group(group, read)
    read.series, doubts = settle_overlaps(read.series)
    read.findings += [*doubts, *kind_findings(read.series)]
    with_values = {id(one.spec) for one in read.series}
    message = say("no file of the pattern holds a value of this meter in the monitoring period")
    read.findings += [nothing_inside(spec, message) for spec in patterns if id(spec) not in with_values]
    return read


def _read_group(group: Group, read: LogsRead) -> None:
    problems = Problems(group.file)
    try:
        series = _series_of(group, problems)
    except LogEncodingError as error:
        where = group.specs[0].origin("encoding")
        action = say("State the encoding of the file, such as cp932 or utf-16, or save it as UTF-8")
        problems.add(codes.ENCODING(str(error), where, found=group.file, action=action))
        series = []
    except LogSheetError as error:
        where, action = group.specs[0].origin("sheet"), say("Write the name of the sheet into the column Sheet of Logs")
        problems.add(codes.UNREADABLE(str(error), where, found=group.specs[0].sheet or say("empty"), action=action))
        series = []
    except (LogFormatError, OSError) as error:
        where = group.specs[0].origin("file")
        text = str(error) if isinstance(error, LogFormatError) else say("the file cannot be opened")
        action = say("Export the log again as CSV or .xlsx and look at the place that is named")
        problems.add(codes.UNREADABLE(text, where, found=group.file, action=action))
        series = []
    read.findings += problems.findings()
    read.series += series
    if series or (group.sha256 and any(is_pattern(spec) for spec in group.specs)):
        read.inputs[group.file] = group.sha256


def _series_of(group: Group, problems: Problems) -> list[LogSeries]:
    first = group.specs[0]
    placed = _placed(group, problems)
    if placed is None:
        return []
    log, columns = placed
    samples = log.samples(columns.time, SAMPLES)
    if not samples:
        problems.add(nothing_inside(first, say("{file} holds no rows below its headings", file=problems.file)))
        return []
    plan = _plan(log, columns, samples, first, problems)
    if plan is None or not _has_zone(plan.stamp, samples[0], first, problems):
        return []
    if plan.stamp.half and plan.clock is None:
        length = length_of(log, plan, group.specs, problems)
        if length is None:
            return []
        group.length = length.one
        plan = replace(plan, late=0 if first.opens else length.last)
    calendar = calendar_of(plan, samples, first, group.edges)
    found = _stream(log, plan, columns, replace(group, calendar=calendar), problems)
    if found is None:
        return []
    plan, sinks = found
    group.calendar = calendar
    if calendar is not None and calendar.unit == "month":
        note_months(first, problems)
    group.sha256 = log.sha256
    series = [one for sink in sinks for one in finished(sink, plan, group, log.sha256, problems)]
    return [replace(s, calendar=None if s.sums is not None else calendar) for s in series]


def _placed(group: Group, problems: Problems) -> tuple[LogFile, Columns] | None:
    """The file, as rows of times and values whatever its layout, and which columns of it are meant."""
    first = group.specs[0]
    log: LogFile = open_log(group.path.path, first.sheet, first.encoding)
    problems.sheet = log.sheet
    note_table(log, problems)
    matrix = as_matrix(log, group.specs, problems)
    if matrix is not None:
        columns = matrix_columns(matrix, group.specs, problems)
        return None if columns is None else (matrix, columns)
    columns = find_columns(log, group.specs, problems)
    if columns is None:
        return None
    if columns.clock is not None and are_ends(log, columns.time, columns.clock):
        return SpanLog(log, columns.time, columns.clock, first.has_types), replace(columns, clock=None)
    problems.extend(of_columns(log, columns, first, problems))
    return log, columns


def _plan(log: LogFile, columns: Columns, samples: list[str], spec: LogSpec, problems: Problems) -> Plan | None:
    """How to read the file: at once where the first times show it, else after a look at the whole columns."""
    try:
        stamp = recognise(samples, spec.date_format, at_start=spec.opens)
    except TimestampError as error:
        action = say("State on the sheet Logs how the times are written, such as DD/MM/YYYY hh:mm")
        where = spec.origin("date_format")
        problems.add(codes.DATE_FORMAT(str(error), where, found=spec.date_format, action=action))
        return None
    values = tuple(sorted({column for _, column in columns.values}))
    which = (1 if spec.opens else 2) if _holds_spans(log, columns, samples) else 0
    plan = Plan(len(log.headings), columns.time, replace(stamp or TimestampFormat(), half=which), spec.zone, values,
                columns.name, log.headings, columns.clock, texts=columns.texts,
                missing=spec.missing_words, proven=_proven(columns))  # fmt: skip
    if columns.clock is not None:
        numbered = with_hour_numbers(log, plan, spec, problems)
        if numbered is None:
            return None
        plan = numbered
    if stamp is None or columns.clock is not None or spec.number_format is not None or spec.is_workbook:
        return _by_trial(log, plan, spec, problems) or _by_survey(log, plan, spec, problems)
    return plan


def _proven(columns: Columns) -> dict[tuple[int, str | None], tuple[tuple[int, int], ...]]:
    """The spans of stamps, by column and name, for which overrides say what flowed."""
    found: dict[tuple[int, str | None], tuple[tuple[int, int], ...]] = {}
    for spec, column in columns.values:
        late = 0 if spec.opens else 1  # a time that closes its interval may be that of the span's end
        key = column, folded(spec.name_value) if spec.name_column else None
        found[key] = found.get(key, ()) + tuple((start + late, end + late) for start, end in spec.proven)
    return found


def _by_trial(log: LogFile, plan: Plan, spec: LogSpec, problems: Problems) -> Plan | None:
    """The plan as the beginning of a CSV file shows it, to be proven while it is read; None where it does not."""
    if not isinstance(log, CsvLog) or plan.clock is not None or plan.stamp.half or spec.number_format is not None:
        return None
    try:
        begun = log.begin_trial(plan)
        return _proven_plan(log, begun, spec, Problems(problems.file, problems.sheet))
    except OddError:
        log.trial = None
        return None


def _proven_plan(log: LogFile, plan: Plan, spec: LogSpec, problems: Problems) -> Plan:
    """The plan, by all that was looked at while it was read. Raises OddError where that shows something else."""
    if not isinstance(log, CsvLog) or log.trial is None:
        return plan
    found = _decided(plan, log.trial.survey, spec, problems)
    if found is None or found.values != plan.values or (plan.surveyed and found.stamp != plan.stamp):
        raise OddError
    return found


def _by_survey(log: LogFile, plan: Plan, spec: LogSpec, problems: Problems) -> Plan | None:
    """The plan after a look at whole columns; of two columns of times the days are no spans."""
    half = plan.stamp.half if plan.clock is None else 0
    return _decided(plan, survey(log, plan.time, plan.clock, plan.values, plan.missing, half), spec, problems)


def _decided(plan: Plan, found: Survey, spec: LogSpec, problems: Problems) -> Plan | None:
    problems.extend([] if found.stamps.half.half else of_last_midnight(found.stamps, spec, problems))
    return surveyed(plan, found, spec, problems)


def _holds_spans(log: LogFile, columns: Columns, samples: list[str]) -> bool:
    """True where each time is a span: 00:00 - 01:00."""
    if columns.clock is None:
        return halves(samples[0]) is not None
    clocks = log.samples(columns.clock, 1)
    return bool(clocks) and clock_halves(clocks[0]) is not None


def _has_zone(stamp: TimestampFormat, sample: str, spec: LogSpec, problems: Problems) -> bool:
    if stamp.offset or spec.zone is not None:
        return True
    message = say("the times of the log carry no offset and no time zone is stated")
    action = say("State the time zone in which the log is written, such as Asia/Bangkok or UTC+07:00")
    problems.add(codes.ZONE(message, spec.origin("time_zone"), found=sample, action=action))
    return False


def _stream(
    log: LogFile, plan: Plan, columns: Columns, group: Group, problems: Problems
) -> tuple[Plan, list[Sink]] | None:
    """Feed every block; once more after a look at whole columns where a cell is not as expected."""
    try:
        found = _in_order(log, plan, columns, group, problems)
        if found[0].surveyed or not log.unclear:
            return found
    except OddError:
        pass
    spec = group.specs[0]
    second = None if plan.surveyed else _by_trial(log, plan, spec, problems)
    if second is not None:
        return _stream(log, second, columns, group, problems)
    if isinstance(log, CsvLog):
        log.trial = None
    second = _by_survey(log, plan, spec, problems)
    return None if second is None else _in_order(log, second, columns, group, problems)


def _in_order(log: LogFile, plan: Plan, columns: Columns, group: Group, problems: Problems) -> tuple[Plan, list[Sink]]:
    """Feed every block; where the rows prove not to be in order, once more and sorted."""
    trial = Problems(problems.file, problems.sheet)
    totals = ColumnTotals()
    sinks = sinks_of(columns, group, trial, plan)
    try:
        with closing(log.blocks(plan, trial)) as blocks:
            for block in blocks:
                totals.add(block)
                for sink in sinks:
                    feed(sink, block)
    except NotSortedError:
        totals, trial = ColumnTotals(), Problems(problems.file, problems.sheet)
        sinks = sinks_of(columns, group, trial, plan)
        every = list(log.blocks(plan, trial))
        for block in every:
            totals.add(block)
        feed_sorted(every, sinks)
        action = say("Nothing, if the log is complete")
        trial.add(
            codes.UNSORTED(
                say("the rows of the log are not in order of time; they were sorted"), trial.at(), action=action
            )
        )
    shown = Problems(problems.file, problems.sheet)
    plan = _proven_plan(log, plan, group.specs[0], shown)
    for sink in sinks:
        if sink.sums:
            sink.sums.finish()
    if plan.surveyed or not log.unclear:
        summed = frozenset(column for spec, column in columns.values if spec.kind != "register")
        check_footers(plan, totals, summed, trial)
        problems.take(shown)
        problems.take(trial)
        for sink in sinks:
            if sink.sums:
                sink.sums.problems = problems
    return plan, sinks
