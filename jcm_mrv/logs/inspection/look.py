"""What a log file holds, for a person who sets it up: table, columns, formats, first and last rows, problems."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from jcm_mrv.arrays import Instants, Numbers
from jcm_mrv.findings import Finding
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.blocks import Block, Plan
from jcm_mrv.logs.cells import is_time
from jcm_mrv.logs.csv_file import CsvLog, LogFormatError, LogSheetError
from jcm_mrv.logs.digits import NumberFormatError
from jcm_mrv.logs.encoding import LogEncodingError
from jcm_mrv.logs.files import open_log
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.footers import ColumnTotals, check_footers
from jcm_mrv.logs.formats.rows import RowsLog
from jcm_mrv.logs.kinds import Steps
from jcm_mrv.logs.notes import note_table
from jcm_mrv.logs.survey import ColumnEvidence, LogFile, Survey, survey
from jcm_mrv.numerals import NumberFormat, is_number
from jcm_mrv.time.timestamp_words import clock_of, halves
from jcm_mrv.time.timestamps import SAMPLES, TimestampError, TimestampFormat, recognise
from jcm_mrv.time.zones import MINUTE, naive
from jcm_mrv.words import say
from jcm_mrv.workbook.missing_markers import is_missing

_MOST_EXACT = 1_000_000


@dataclass(frozen=True)
class TimeColumn:
    """A column that can be the time column.

    ``heading`` is what the sheet Logs takes ("Date + Time" for two columns, a
    letter where there is no heading). ``written`` says how the times are
    read, ``doubt`` why they cannot be. ``first`` and ``last`` are as they
    stand in the file (without zone; in UTC where ``offset`` is True: each time
    carries its offset). ``minutes`` is the most frequent distance, 0 where
    there is none; ``regular`` says that there is no other. ``in_order``: the
    rows follow each other in time. ``proof`` says what shows the order of day
    and month, where one had to be shown; ``distinct`` counts times that
    differ. ``spans``: each text is a span of time, of which the beginning is shown.
    ``ends_days``: some are written as 24:00.
    """

    column: int
    heading: str
    written: str = ""
    first: datetime | None = None
    last: datetime | None = None
    minutes: float = 0.0
    regular: bool = False
    in_order: bool = True
    count: int = 0
    offset: bool = False
    doubt: str = ""
    clock: int | None = None
    proof: str = ""
    distinct: int = 0
    spans: bool = False
    ends_days: bool = False


@dataclass(frozen=True)
class ValueColumn:
    """A column of numbers: unit as the file states it, marks, extremes, and how many cells hold a number or none.

    ``grows``: no value (of many: hardly any) is below the one before it in
    time and the last is above the first, as in a register. ``doubt`` says why the numbers cannot be read.
    """

    column: int
    heading: str
    unit: str
    written: str
    count: int = 0
    missing: int = 0
    lowest: float = 0.0
    highest: float = 0.0
    first: float = 0.0
    last: float = 0.0
    grows: bool = False
    doubt: str = ""
    total: float = 0.0


@dataclass(frozen=True)
class LogLook:
    """What was understood of a log file. Columns count from 0; ``names`` are the other columns, which hold texts.

    ``registers`` and ``measured``: see :class:`~jcm_mrv.logs.formats.rows.RowsLog`.
    """

    file: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    preamble: tuple[tuple[int, str], ...] = ()
    headings: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    times: tuple[TimeColumn, ...] = ()
    values: tuple[ValueColumn, ...] = ()
    names: tuple[tuple[int, str, tuple[str, ...]], ...] = ()
    footers: tuple[tuple[int, str], ...] = ()
    problems: tuple[Finding, ...] = ()
    registers: Mapping[str, str] = field(default_factory=dict)
    measured: tuple[str, ...] = ()


def look_at(path: Path, sheet: str = "", encoding: str = "") -> LogLook:
    """Look at a log file as a whole. Never raises for what is wrong with it: that is in ``problems``."""
    problems = Problems(path.name)
    try:
        log = open_log(path, sheet, encoding)
        problems.sheet = log.sheet
        return _look(log, path, problems)
    except LogEncodingError as error:
        action = say("State the encoding of the file, such as cp932 or utf-16, or save it as UTF-8")
        problems.add(codes.ENCODING(str(error), problems.at(), found=path.name, action=action))
    except LogSheetError as error:
        action = say("Name the sheet: jcm-mrv inspect --sheet NAME, and in the column Sheet of Logs")
        problems.add(codes.UNREADABLE(str(error), problems.at(), found=sheet or say("no sheet named"), action=action))
    except (LogFormatError, OSError) as error:
        text = str(error) if isinstance(error, LogFormatError) else say("the file cannot be opened")
        action = say("Export the log again as CSV or .xlsx and look at the place that is named")
        problems.add(codes.UNREADABLE(text, problems.at(), found=path.name, action=action))
    return LogLook(path.name, sheet=sheet, problems=tuple(problems.findings()))


@dataclass
class _Stats:
    """What streams past of the columns: times in the order of the file, values."""

    stamps: list[Instants] = field(default_factory=list)
    values: dict[int, list[np.ndarray[tuple[int], np.dtype[np.float64]]]] = field(default_factory=dict)

    def add(self, block: Block) -> None:
        self.stamps.append(block.stamp)
        for column, values in block.values.items():
            self.values.setdefault(column, []).append(values)


def _look(log: LogFile, path: Path, problems: Problems) -> LogLook:
    note_table(log, problems)
    times = _candidates(log)
    used = {t.column for t in times} | {t.clock for t in times}
    others = [n for n in range(len(log.headings)) if n not in used]
    look = LogLook(
        path.name,
        log.encoding,
        log.delimiter if isinstance(log, CsvLog) else "",
        log.sheet,
        log.table.preamble,
        log.headings,
        log.table.units,
        registers=log.registers if isinstance(log, RowsLog) else {},
        measured=log.measured if isinstance(log, RowsLog) else (),
    )
    if not times:
        message = say("no column of the log holds times in a form that is known")
        problems.add(codes.DATE_FORMAT(message, problems.at(), action=say("State the date format on the sheet Logs")))
        return replace(look, problems=tuple(problems.findings()))
    found = survey(log, times[0].column, times[0].clock, others, half=1 if _holds_spans(log, times[0]) else 0)
    stamp, doubt = _stamp(log, times[0], found)
    values, formats = _values(log, found)
    names = [n for n in others if n not in {v.column for v in values}]
    if doubt:
        problems.add(codes.DATE_FORMAT(doubt, problems.at(), action=say("State the date format on the sheet Logs")))
        times[0] = replace(times[0], doubt=doubt)
    else:
        times[0], values = _streamed(log, times[0], stamp, values, formats, problems)
        times[0] = replace(times[0], proof=found.stamps.proof(stamp), ends_days=found.stamps.ends_days)
    footers = tuple((f.line, f.text) for f in sorted(problems.footers, key=lambda f: f.line))
    problems.footers.clear()
    return replace(
        look,
        times=tuple(times),
        values=tuple(values),
        names=tuple((n, log.headings[n], _examples(log, n)) for n in names),
        footers=footers,
        problems=tuple(problems.findings()),
    )


def _title(log: LogFile, column: int) -> str:
    """A heading as the sheet Logs takes it: a letter where there is none."""
    from jcm_mrv.workbook.scan import column_letters

    return log.headings[column] or column_letters(column + 1)


def _examples(log: LogFile, column: int) -> tuple[str, ...]:
    """The first different texts of a column."""
    return tuple(dict.fromkeys(log.samples(column, SAMPLES)))[:20]


def _candidates(log: LogFile) -> list[TimeColumn]:
    """Columns whose first cells are times; days with times of day beside them; else numbers of days."""
    samples = {n: log.samples(n, SAMPLES) for n in range(len(log.headings))}
    found: list[TimeColumn] = []
    clocks = [n for n, texts in samples.items() if texts and _most(clock_of(t) is not None for t in texts)]
    for n, texts in samples.items():
        if not texts or not _most(is_time(t) for t in texts):
            continue
        days = not any(":" in t or "時" in t for t in texts)
        if days and clocks:
            title = f"{_title(log, n)} + {_title(log, clocks[0])}"
            found.append(TimeColumn(n, title, clock=clocks[0]))
        else:
            found.append(TimeColumn(n, _title(log, n)))
    if found:
        return found
    serial = [n for n, texts in samples.items() if texts and _rising_days(texts)]
    return [TimeColumn(n, _title(log, n)) for n in serial[:1]]


def _most(flags: Iterable[bool]) -> bool:
    listed = list(flags)
    return 2 * sum(listed) > len(listed)


def _rising_days(texts: list[str]) -> bool:
    """True for numbers of days as spreadsheets count them, each above the one before."""
    try:
        numbers = np.array([float(t.replace(",", ".")) for t in texts])
    except ValueError:
        return False
    return bool((numbers > 30_000).all() and (numbers < 80_000).all() and (np.diff(numbers) > 0).all())


def _stamp(log: LogFile, time: TimeColumn, found: Survey) -> tuple[TimestampFormat, str]:
    """How the times are written, or why that is not certain."""
    quick = recognise(log.samples(time.column, SAMPLES), "")
    written = any(words is not None for words in found.stamps.words)
    if quick is not None and (quick.offset or found.stamps.iso or (found.dated and not written)):
        return replace(quick, pattern="", order=quick.order if quick.order == "EPOCH" else ""), ""
    try:
        return found.stamps.decide(), ""
    except TimestampError as error:
        return TimestampFormat(), str(error)


def _holds_spans(log: LogFile, time: TimeColumn) -> bool:
    """True where each time is a span in one cell, of which the beginning is shown."""
    return time.clock is None and any(halves(text) is not None for text in log.samples(time.column, 1))


def _values(log: LogFile, found: Survey) -> tuple[list[ValueColumn], dict[int, NumberFormat]]:
    """The columns that hold numbers, with their formats."""
    columns: list[ValueColumn] = []
    formats: dict[int, NumberFormat] = {}
    for n, evidence in found.values.items():
        if not _holds_numbers(evidence, log.samples(n, SAMPLES)):
            continue
        column = ValueColumn(n, _title(log, n), log.table.units[n], "")
        try:
            number = NumberFormat() if evidence.typed else evidence.numbers.decide()
        except NumberFormatError as error:
            columns.append(replace(column, doubt=str(error)))
            continue
        columns.append(replace(column, written=str(number)))
        if not number.plain or not evidence.typed:
            formats[n] = number
    return columns, formats


def _holds_numbers(evidence: ColumnEvidence, samples: list[str]) -> bool:
    """True where most cells are numbers; words for nothing measured do not count."""
    first = [text for text in samples if not is_missing(text)]
    if evidence.typed or not first:
        shapes = [s for s in evidence.numbers.shapes.values() if not is_missing(s.text)]
        return bool(evidence.typed) or 2 * sum(bool(s.point or s.comma) for s in shapes) > len(shapes)
    return 2 * sum(is_number(text) for text in first) > len(first)


def _streamed(
    log: LogFile,
    time: TimeColumn,
    stamp: TimestampFormat,
    values: list[ValueColumn],
    formats: dict[int, NumberFormat],
    problems: Problems,
) -> tuple[TimeColumn, list[ValueColumn]]:
    """Read all rows once: first and last times, distances, extremes, and what cannot be read."""
    readable = tuple(sorted(v.column for v in values if not v.doubt))
    plan = Plan(len(log.headings), time.column, stamp, None, readable, None, log.headings, time.clock, formats, True)
    stats, totals = _Stats(), ColumnTotals()
    with closing(log.blocks(plan, problems)) as blocks:
        for block in blocks:
            stats.add(block)
            totals.add(block)
    footers = list(problems.footers)
    check_footers(plan, totals, frozenset(readable), problems)
    problems.footers += [f for f in footers if f.line > totals.last_line]
    stamps = np.concatenate(stats.stamps) if stats.stamps else np.zeros(0, dtype=np.int64)
    order = np.argsort(stamps, kind="stable")
    known = [_value_of(v, stats, order) if not v.doubt else v for v in values]
    for value in known:
        if value.doubt:
            message = say("in the column {heading!r} {doubt}", heading=value.heading, doubt=value.doubt)
            action = say(
                "Export the log with plain numbers such as 1234.5, or state the number format on the sheet Logs"
            )
            problems.add(codes.NUMBERS(message, problems.at(), found=value.heading, action=action))
    return _time_of(time, stamp, stamps), known


def _time_of(time: TimeColumn, stamp: TimestampFormat, stamps: Instants) -> TimeColumn:
    if not len(stamps):
        return replace(time, doubt=say("no row holds a time"))
    steps = np.diff(np.unique(stamps))
    sizes, counts = np.unique(steps, return_counts=True)
    words = {"DMY": "DD/MM/YYYY", "MDY": "MM/DD/YYYY", "YMD": "YY/MM/DD", "SERIAL": "days since 1899-12-30"}
    return replace(
        time,
        written=words.get(stamp.order, "year first" if stamp.order else "YYYY-MM-DD hh:mm"),
        first=naive(int(stamps.min())),
        last=naive(int(stamps.max())),
        minutes=float(sizes[np.argmax(counts)]) / MINUTE if len(sizes) else 0.0,
        regular=len(sizes) == 1,
        in_order=bool((np.diff(stamps) >= 0).all()),
        count=len(stamps),
        distinct=len(steps) + 1,
        offset=stamp.offset,
        spans=stamp.half > 0,
    )


def _value_of(value: ValueColumn, stats: _Stats, order: Instants) -> ValueColumn:
    cells = stats.values.get(value.column)
    values = np.concatenate(cells)[order] if cells else np.zeros(0, dtype=np.float64)
    known = values[~np.isnan(values)]
    if not len(known):
        return replace(value, missing=len(values))
    return replace(
        value,
        count=len(known),
        missing=len(values) - len(known),
        lowest=float(known.min()),
        highest=float(known.max()),
        first=float(known[0]),
        last=float(known[-1]),
        total=math.fsum(known.tolist()) if len(known) <= _MOST_EXACT else float(known.sum()),
        grows=_grows(known),
    )


def _grows(known: Numbers) -> bool:
    """True for values that only grow, or of many all but a few."""
    steps = np.diff(known)
    rises, falls = int(np.count_nonzero(steps > 0)), int(np.count_nonzero(steps < 0))
    return (rises > 0 and not falls) or Steps(rises, falls, 0).grows
