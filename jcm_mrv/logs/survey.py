"""A look at whole columns of a log before it is read: how its times and numbers are written."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.blocks import Block, Plan, Stretch
from jcm_mrv.logs.cells import CellValue, cell_text, is_blank
from jcm_mrv.logs.digits import NumberEvidence, NumberFormatError
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.masked import looks_of, whole
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.table import Table
from jcm_mrv.logs.timestamps import TimestampEvidence
from jcm_mrv.numerals import NumberFormat
from jcm_mrv.time.timestamps import TimestampError, TimestampFormat
from jcm_mrv.time.zones import naive
from jcm_mrv.words import say
from jcm_mrv.workbook.missing_markers import is_missing

if TYPE_CHECKING:
    import pyarrow as pa


class LogFile(Protocol):
    """A log file of any kind: its table, and its rows as blocks or as cells."""

    table: Table
    sheet: str
    encoding: str
    sha256: str

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the columns, "" where there is none."""

    @property
    def unclear(self) -> set[int]:
        """Columns in which nothing shows, up to where blocks were read, whether a point is the decimal mark."""

    def samples(self, column: int, count: int) -> list[str]:
        """The first texts of a column."""

    def blocks(self, plan: Plan, problems: Problems) -> Generator[Block, None, None]:
        """The rows below the headings, in the order of the file. Raises OddError while the plan is not surveyed."""

    def columns(self, columns: Sequence[int]) -> Iterator[Stretch]:
        """Whole columns as they are written, stretch by stretch."""


@dataclass
class ColumnEvidence:
    """The cells of a column of values: texts as numbers, and the line of the first cell that is one by itself."""

    numbers: NumberEvidence = field(default_factory=NumberEvidence)
    typed: int = 0
    missing: tuple[str, ...] = ()

    def add(self, cells: Sequence[CellValue], lines: Sequence[int]) -> None:
        """Take a stretch of the column."""
        if set(map(type, cells)) == {float}:
            self.typed = self.typed or lines[0]
            return
        for line, cell in zip(lines, cells, strict=True):
            if isinstance(cell, str):
                if not is_blank(cell) and not is_missing(cell, self.missing):
                    self.numbers.add(cell, line)
            elif cell is not None and not isinstance(cell, bool):
                self.typed = self.typed or line


@dataclass
class Survey:
    """What the whole columns of a log show."""

    stamps: TimestampEvidence = field(default_factory=TimestampEvidence)
    dated: int = 0  # the line of the first cell that is a date by itself
    values: dict[int, ColumnEvidence] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Sequence[int], missing: tuple[str, ...] = (), half: int = 0) -> Survey:
        """Nothing yet.

        ``missing`` are words of missing data beyond the usual; ``half``: see :class:`TimestampFormat`.
        """
        stamps = TimestampEvidence(half=TimestampFormat(half=half))
        return cls(stamps, values={c: ColumnEvidence(missing=missing) for c in values})

    def add(self, stretch: Stretch, time: int) -> None:
        """Take a stretch with the columns of times and values."""
        lines, cells = stretch
        _times(self, lines, cells[time])
        for c, found in self.values.items():
            column = cells[c]
            if isinstance(column, list):
                found.add(column, lines)
            elif isinstance(column, Sequence):
                found.add(list(column), lines)
            else:
                _looks(found, lines, column)


def survey(
    log: LogFile, time: int, clock: int | None, values: Sequence[int], missing: tuple[str, ...] = (), half: int = 0
) -> Survey:
    """Look at every cell of the columns of times and values; see :meth:`Survey.of`."""
    found = Survey.of(values, missing, half)
    for stretch in log.columns(sorted({time, *values} | ({clock} if clock is not None else set()))):
        found.add(stretch, time)
    return found


def _looks(found: ColumnEvidence, lines: Sequence[int], column: pa.ChunkedArray) -> None:
    texts = whole(column)
    looks = looks_of(texts)

    def first(look: int) -> tuple[str, int]:
        row = looks.first(look)
        return texts[row].as_py(), lines[row]

    found.numbers.add_looks(looks.texts, first)


def _times(found: Survey, lines: Sequence[int], cells: Sequence[CellValue] | pa.ChunkedArray) -> None:
    if not isinstance(cells, Sequence):
        found.stamps.add_many(cells, lines)
        return
    for line, cell in zip(lines, cells, strict=True):
        if isinstance(cell, datetime):
            found.dated = found.dated or line
        elif not is_blank(cell):
            found.stamps.add(cell_text(cell), line)


def surveyed(plan: Plan, found: Survey, spec: LogSpec, problems: Problems) -> Plan | None:
    """The plan with the formats that the columns show; None, with findings, where they show none.

    A column of values whose format is not certain is left out of the plan.
    """
    stamp = plan.stamp if plan.stamp.pattern and spec.date_format else _stamp(plan, found, spec, problems)
    numbers: dict[int, NumberFormat] = {}
    values: list[int] = []
    for column, evidence in found.values.items():
        number = _number(plan, column, evidence, spec, problems)
        if number is None:
            continue
        values.append(column)
        if not number.plain or (evidence.numbers.shapes and spec.has_types and not evidence.typed):
            numbers[column] = number
    if stamp is None:
        return None
    return replace(plan, stamp=stamp, values=tuple(sorted(values)), numbers=numbers, surveyed=True)


def _number(
    plan: Plan, column: int, evidence: ColumnEvidence, spec: LogSpec, problems: Problems
) -> NumberFormat | None:
    if evidence.typed:
        return NumberFormat()  # a text among numbers is reported with its line
    if spec.number_format is not None:
        return spec.number_format
    try:
        number = evidence.numbers.decide()
    except NumberFormatError as error:
        action = say("Export the log with plain numbers such as 1234.5, or state the number format on the sheet Logs")
        message = say("in the column {heading!r} {error}", heading=plan.heading(column), error=error)
        problems.add(codes.NUMBERS(message, problems.at(), found=plan.heading(column), action=action))
        return None
    if not number.plain:
        message = say(
            "the numbers of the column {heading!r} are read as {number} is written",
            heading=plan.heading(column),
            number=number,
        )
        action = say("Nothing, if that is how the equipment writes them")
        problems.add(codes.RECOGNISED(message, problems.at(), found=_example(evidence), action=action))
    return number


def _example(evidence: ColumnEvidence) -> str:
    marked = [s for s in evidence.numbers.shapes.values() if not s.text.isdecimal() and (s.point or s.comma)]
    return min(marked, key=lambda s: (s.line, s.text)).text if marked else ""


def _stamp(plan: Plan, found: Survey, spec: LogSpec, problems: Problems) -> TimestampFormat | None:
    """The format of the times; a note says what was recognised."""
    written = any(words is not None for words in found.stamps.words)
    if plan.stamp.offset or found.stamps.iso or (found.dated and not written):
        order = "EPOCH" if plan.stamp.order == "EPOCH" else ""
        return TimestampFormat("", offset=plan.stamp.offset, order=order, half=plan.stamp.half)
    try:
        stamp = found.stamps.decide()
    except TimestampError as error:
        action = say("State on the sheet Logs how the times are written, such as DD/MM/YYYY hh:mm")
        text = found.stamps.first[0][1]
        problems.add(codes.DATE_FORMAT(str(error), spec.origin("date_format"), found=text, action=action))
        return None
    if found.dated and not found.stamps.iso:
        _two_kinds(found, spec, problems)
        return None
    if stamp.order == "KNOWN":  # no other reading exists
        return stamp
    first, last, _ = found.stamps.span(stamp)
    problems.add(
        codes.RECOGNISED(
            say(
                "the times of the log are read as {words}: the first is {naive}, the last {naive_2}",
                words=_WORDS[stamp.order],
                naive=naive(first),
                naive_2=naive(last),
            ),
            problems.at(found.stamps.first[0][0]),
            found=found.stamps.first[0][1],
            action=say("Nothing, if these are the right times; otherwise state the date format on the sheet Logs"),
        )
    )
    return stamp


_WORDS = {
    "EPOCH": say("seconds or milliseconds since 1970-01-01 00:00 UTC"),
    "SERIAL": say("numbers of days since the end of 1899, as spreadsheets count them"),
    "DMY": say("day, month, year"),
    "MDY": say("month, day, year"),
    "YMD": say("year, month, day"),
}


def _two_kinds(found: Survey, spec: LogSpec, problems: Problems) -> None:
    """Dates beside texts: a spreadsheet took some of them for dates, perhaps with day and month exchanged."""
    line, text = found.stamps.first[0]
    problems.add(
        codes.DATE_FORMAT(
            say(
                "some times of the log are dates (row {dated}) and others text ({text!r}, row {line}); a spreadsheet "
                "may have exchanged day and month of the dates",
                dated=found.dated,
                text=text,
                line=line,
            ),
            spec.origin("date_format"),
            found=text,
            action=say("Export the log again and do not open it in a spreadsheet before it is read"),
        )
    )
