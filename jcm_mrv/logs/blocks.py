"""A log as a stream of blocks of columns, whatever file it comes from; and the careful, row-by-row way to make one.

The careful way is taken for workbooks and for every stretch of a CSV file in
which the fast way met something unexpected, so that each fault is named with
its line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.findings import Severity
from jcm_mrv.limits import number_fault
from jcm_mrv.logs.cells import CellValue, cell_text, folded, is_blank, is_time
from jcm_mrv.logs.doubled_hour import settle as settle_doubled
from jcm_mrv.logs.findings import CLOCK, MISSING, OVERRIDDEN, PREAMBLE, STAMP, VALUE, Footer, Problems
from jcm_mrv.logs.offsets import check_offsets
from jcm_mrv.logs.table import BARE, footer_kind, is_bare, names_sums
from jcm_mrv.logs.two_cells import at_fault, two_cells
from jcm_mrv.numerals import NumberFormat, is_number
from jcm_mrv.time.timestamps import EARLIEST, LATEST, TimestampFormat
from jcm_mrv.time.zones import DAY, micros, naive
from jcm_mrv.words import say
from jcm_mrv.workbook.missing_markers import is_missing

if TYPE_CHECKING:
    import pyarrow as pa

Stretch = tuple[Sequence[int], Mapping[int, "list[CellValue] | pa.ChunkedArray"]]
"""Lines, and by column the cells on them as the file holds them."""

Fault = tuple[int, str, str]
"""What is wrong with a value: its column, in words, and what stands there."""

_PLAIN = NumberFormat()


@dataclass(frozen=True)
class Plan:
    """Which columns of a file to read and how: ordinals from 0; the zone is None where stamps carry an offset.

    ``clock`` is the column with the times of day where ``time`` holds only
    the days. ``numbers`` has the formats of columns that are not plain
    (1234.5). ``surveyed`` says that whole columns were looked at: as long as
    they were not, a reader raises :class:`OddError` at the first cell that is
    not as expected. ``texts`` are columns of which the words are wanted too,
    ``missing`` words beyond the usual that mark missing data. Where ``clock``
    holds numbers of intervals, one of them lasts ``clock_unit`` microseconds
    and ``clock_shift`` is added to their product. ``proven`` are, by column
    and name, the spans of stamps in which an override says what flowed. ``late``
    is what lies between the stamps and the instants that they mean: the last day, minute or second of an interval.
    """

    width: int
    time: int
    stamp: TimestampFormat
    zone: tzinfo | None
    values: tuple[int, ...]
    name: int | None = None
    headings: tuple[str, ...] = ()
    clock: int | None = None
    numbers: Mapping[int, NumberFormat] = field(default_factory=dict)
    surveyed: bool = False
    texts: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    clock_unit: int = 0
    clock_shift: int = 0
    proven: Mapping[tuple[int, str | None], tuple[tuple[int, int], ...]] = field(default_factory=dict)
    late: int = 0

    @property
    def last_used(self) -> int:
        """The last column that is read."""
        others = (c for c in (self.clock, self.name) if c is not None)
        return max((self.time, *self.values, *self.texts, *others))

    @cached_property
    def numbers_mark(self) -> bool:
        """True where one of the stated words for missing data is a number: -9999."""
        return any(map(is_number, self.missing))

    @cached_property
    def as_text(self) -> bool:
        """True where numbers have to be read as texts: in a format of their own, or beside a mark that is one."""
        return bool(self.numbers) or self.numbers_mark

    @cached_property
    def decimal_mark(self) -> str:
        """The decimal mark of all columns; "" where they have several, or a mark of missing data is a number."""
        marks = {self.number(column).decimal for column in self.values} or {"."}
        return marks.pop() if len(marks) == 1 and not self.numbers_mark else ""

    @cached_property
    def grouped(self) -> bool:
        """True where a column has its thousands set apart."""
        return any(self.number(column).grouped for column in self.values)

    def number(self, column: int) -> NumberFormat:
        """How the numbers of a column are written."""
        return self.numbers.get(column, _PLAIN)

    def heading(self, column: int) -> str:
        """The heading of a column, for messages."""
        named = self.headings[column] if column < len(self.headings) else ""
        return named or str(column + 1)


class OddError(Exception):
    """Something that only a look at the whole column can explain (never leaves the package)."""


@dataclass(frozen=True)
class Block:
    """Rows of a log in the order of the file.

    ``line`` is the row's line (or row of the sheet), ``stamp`` its instant in
    microseconds UTC, ``values`` by column with NaN for an empty cell (and for
    one that a finding names), ``names`` the text of the name column, ``texts`` those of other wanted columns.
    ``unsure`` are the rows (ordinals) whose local time the clock showed twice, with that time.
    """

    line: npt.NDArray[np.int64]
    stamp: Instants
    values: Mapping[int, Numbers]
    names: npt.NDArray[np.str_] | None = None
    texts: Mapping[int, npt.NDArray[np.str_]] = field(default_factory=dict)
    unsure: Mapping[int, int] = field(default_factory=dict)


def careful_block(
    rows: Iterable[tuple[int, Sequence[CellValue]]],
    plan: Plan,
    problems: Problems,
    *,
    typed: bool = False,
    known: Block | None = None,
) -> Block:
    """Rows of (line, cells) as a block; everything that cannot be used is reported with its line.

    ``typed``: the cells have types of their own (a workbook's), so that a number written as text is a fault
    in a column of numbers. ``known`` are other rows of the same stretch, of numbers and local times alone.
    """
    lines: list[int] = []
    stamps: list[int] = []
    offsets: list[int] = []
    names: list[str] = []
    texts: dict[int, list[str]] = {c: [] for c in plan.texts}
    faults: list[tuple[int, Fault]] = []
    values: dict[int, list[float]] = {c: [] for c in plan.values}
    as_text = {c for c in plan.values if not typed or c in plan.numbers}
    for line, cells in rows:
        if _set_apart(cells, line, plan, problems):
            continue
        wrong: list[Fault] = []
        numbers = [_value(cells, c, line, plan, problems, wrong, as_text=c in as_text) for c in plan.values]
        stamp = _stamp(cells, line, plan, problems, has_value=any(v is not None for v in numbers))
        if stamp is None:
            for fault in wrong:
                report_value(problems, fault, line)
            continue
        faults += [(len(lines), fault) for fault in wrong]
        lines.append(line)
        stamps.append(stamp[0])
        offsets.append(stamp[1])
        for column, value in zip(plan.values, numbers, strict=True):
            values[column].append(math.nan if value is None else value)
        if plan.name is not None:
            names.append(folded(cell_text(_cell(cells, plan.name))))
        for column in plan.texts:
            texts[column].append(folded(cell_text(_cell(cells, column))))
    block = Block(
        np.array(lines, dtype=np.int64),
        np.array(stamps, dtype=np.int64),
        {c: np.array(v, dtype=np.float64) for c, v in values.items()},
        np.array(names, dtype=np.str_) if plan.name is not None else None,
        {c: np.array(t, dtype=np.str_) for c, t in texts.items()},
    )
    if plan.stamp.offset and plan.stamp.order != "EPOCH":
        check_offsets(block.stamp, block.line, np.array(offsets, dtype=np.int64), plan.zone, problems)
    if known is not None and len(known.line):
        block, place = _between(known, block)
        faults = [(int(place[n]), fault) for n, fault in faults]
    days = plan.late // DAY * DAY  # by the calendar; an hour of the clock may be another one after its last minute
    block = in_utc(replace(block, stamp=block.stamp + days), plan, problems)
    block = replace(block, stamp=block.stamp + (plan.late - days))
    for n, fault in faults:
        _report_unless_proven(problems, plan, block, n, fault)
    return block


def _between(known: Block, block: Block) -> tuple[Block, Ordinals]:
    """Two blocks of numbers and times as one in the order of lines, and the places of the second one's rows."""
    order = np.argsort(np.concatenate((known.line, block.line)), kind="stable")
    values = {c: np.concatenate((known.values[c], v))[order] for c, v in block.values.items()}
    line, stamp = (np.concatenate(pair)[order] for pair in ((known.line, block.line), (known.stamp, block.stamp)))
    return Block(line, stamp, values), np.argsort(order, kind="stable")[len(known.line) :]


def _report_unless_proven(problems: Problems, plan: Plan, block: Block, n: int, fault: Fault) -> None:
    """A text where a number belongs; only a note where an override says what flowed."""
    column, what, text = fault
    name = None if block.names is None else str(block.names[n])
    if any(start <= block.stamp[n] < end for start, end in plan.proven.get((column, name), ())):
        report_overridden(problems, what, int(block.line[n]), text)
    else:
        report_value(problems, fault, int(block.line[n]))


def report_overridden(problems: Problems, what: str, line: int, found: str, count: int = 1) -> None:
    """A fault that an override settles: told, but not in the way."""
    message = say("{what}; an override says what flowed then", what=what)
    problems.many(OVERRIDDEN, message, say("Nothing; keep the file as it is"), line, found[:60], count, listed=1)


def report_value(problems: Problems, fault: Fault, line: int) -> None:
    """A text where a number belongs."""
    _, what, text = fault
    problems.many(
        VALUE,
        what,
        say(
            "Export plain numbers such as 1234.5 without a unit or other text in the cell; where the text means that "
            "nothing was measured, list it under Missing words on the sheet Logs; where a document says what flowed, "
            "enter that on Overrides"
        ),
        line,
        text[:60],
    )


def _set_apart(cells: Sequence[CellValue], line: int, plan: Plan, problems: Problems) -> bool:
    """True for a row of sums, averages or a remark, which is kept for the check at the end of the file."""
    cell = _cell(cells, plan.time)
    if isinstance(cell, datetime | float | int) or (cell and is_time(cell)):
        return False
    if _repeats_headings(cells, plan):
        message = say("the headings stand among the data again; these lines are not used")
        problems.many(
            PREAMBLE, message, say("Nothing, if exports were joined"), line, cell_text(cells[0])[:60], listed=1
        )
        return True
    if any(plan.headings) and folded(cell_text(cell)).casefold() == plan.headings[plan.time].casefold() != "":
        message = say("headings stand among the data that are not those above it")
        action = say("Export what follows them as a file of its own, or write them as above if they mean the same")
        problems.many(STAMP, message, action, line, " ".join(map(cell_text, cells))[:60])
        return True
    kind = footer_kind(cells) or (BARE if is_bare(cells) else "other" if names_sums(cell) else "")
    if not kind:
        return False
    values = {c: cell_text(_cell(cells, c)).strip() for c in plan.values}
    text = " ".join(t for t in (cell_text(c).strip() for c in cells) if t)
    problems.footers.append(Footer(line, kind, text[:60], values, cell_text(cell).strip()))
    return True


def _repeats_headings(cells: Sequence[CellValue], plan: Plan) -> bool:
    """True for the headings once more, as they stand between exports that were joined."""
    texts = [folded(cell_text(cell)) for cell in cells]
    return any(plan.headings) and texts == list(plan.headings)


def _cell(cells: Sequence[CellValue], column: int) -> CellValue:
    return cells[column] if column < len(cells) else None


def _value(
    cells: Sequence[CellValue],
    column: int,
    line: int,
    plan: Plan,
    problems: Problems,
    wrong: list[Fault],
    *,
    as_text: bool,
) -> float | None:
    """A value; None for an empty cell, for a marker of missing data, and for one that is added to ``wrong``."""
    cell = _cell(cells, column)
    typed = isinstance(cell, int | float) and not isinstance(cell, bool)
    if is_blank(cell):
        return None
    if (isinstance(cell, str) or (typed and plan.numbers_mark)) and is_missing(cell_text(cell), plan.missing):
        report_missing(problems, plan, column, line, cell_text(cell))
        return None
    if isinstance(cell, int | float) and typed and not number_fault(cell):
        return float(cell)
    value = plan.number(column).parse(cell) if isinstance(cell, str) and as_text else None
    if value is not None and not number_fault(value):
        return value
    number = value is not None or typed
    what = say("a number beyond all sizes of measured values") if number else say("text where a number belongs")
    wrong.append((column, say("{what}, in the column {heading!r}", what=what, heading=plan.heading(column)), str(cell)))
    return None


def report_missing(problems: Problems, plan: Plan, column: int, line: int, text: str, count: int = 1) -> None:
    """Note markers of missing data, counted; the first is named."""
    problems.many(
        MISSING,
        say(
            "markers of missing data in the column {heading!r}, taken as nothing measured", heading=plan.heading(column)
        ),
        say("Nothing, if nothing was measured at these times"),
        line,
        text.strip()[:60],
        count,
        listed=1,
    )


def _stamp(
    cells: Sequence[CellValue], line: int, plan: Plan, problems: Problems, *, has_value: bool
) -> tuple[int, int] | None:
    """A row's stamp and its own offset; None when there is none, which is a fault only in a row with values."""
    cell = _cell(cells, plan.time)
    text = cell_text(cell).strip()
    try:
        if plan.clock is not None:
            text, count = two_cells(cell, _cell(cells, plan.clock), plan)
            return count, 0
        if isinstance(cell, datetime) and not plan.stamp.offset and EARLIEST <= micros(cell) < LATEST:
            return _whole_seconds(micros(cell)), 0
        if not text and not has_value:
            return None
        return plan.stamp.parse(text)
    except (ValueError, OverflowError):
        if not text and not has_value:
            return None
        column = at_fault(cells, plan)
        problems.many(
            STAMP,
            say("a time that cannot be read, in the column {heading!r}", heading=plan.heading(column)),
            say(
                "Write every time in the same form, such as 2024-09-01 00:15, or state the date format on the sheet "
                "Logs"
            ),
            line,
            (text if plan.clock is None else cell_text(_cell(cells, column)).strip())[:60] or "empty",
        )
        return None


def _whole_seconds(count: int) -> int:
    """Spreadsheet times are fractions of a day: a time within 5 ms of a whole second means that second."""
    nearest = round(count / 1_000_000) * 1_000_000
    return nearest if abs(nearest - count) <= 5_000 else count


def in_utc(block: Block, plan: Plan, problems: Problems) -> Block:
    """A block whose stamps are local times, with instants instead; doubtful times are reported."""
    if plan.stamp.offset or plan.zone is None:
        return block
    found = settle_doubled(block.stamp, plan.zone, block.names)
    for i in np.flatnonzero(found.skipped).tolist():
        report_clock(
            problems,
            say("the clock of {zone} skipped a time of this log", zone=plan.zone),
            int(block.line[i]),
            block.stamp[i],
        )
    if found.settled:
        message = say(
            "the clock of {zone} showed some times twice; the order of the rows says which is which", zone=plan.zone
        )
        where = problems.at(int(block.line[0]))
        problems.add(
            CLOCK(message, where, action=say("Nothing"), data={"count": found.settled}, severity=Severity.NOTE)
        )
    unsure = {int(n): int(block.stamp[n]) for n in np.flatnonzero(found.unsure)}
    return replace(block, stamp=found.instants, unsure=unsure)


def report_clock(problems: Problems, message: str, line: int, local: int) -> None:
    """A time of a clock change that names no certain instant."""
    problems.many(
        CLOCK,
        message,
        say("Export the log with the offset from UTC in every time, or in a zone without summer time"),
        line,
        str(naive(local)),
    )
