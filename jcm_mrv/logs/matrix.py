"""Logs with a day in each row and a column for each hour or quarter of an hour: read as rows of day, time and value."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jcm_mrv.logs.blocks import Block, Plan, Stretch, careful_block
from jcm_mrv.logs.cells import CellValue, cell_text, is_blank, is_time
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.survey import LogFile
from jcm_mrv.logs.table import Table, footer_kind
from jcm_mrv.time.timestamp_words import clock_of
from jcm_mrv.time.zones import DAY, HOUR, MINUTE

DAY_COLUMN, CLOCK_COLUMN, VALUE_COLUMN, OTHERS_FROM = 0, 1, 2, 3
"""Where day, time of day, value and the other columns stand in the rows that are made."""

STEPS = (5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 20 * MINUTE, 30 * MINUTE, HOUR)

_HOURS = {"", "h", "hh", "hr", "hour", "he", "hora", "heure", "stunde", "std", "giờ", "gio", "jam", "時", "時間"}
_INTERVALS = {*_HOURS, "q", "qh", "p", "sp", "t", "v", "int", "interval", "period", "slot", "value", "val", "kwh"}
"""Words beside the numbers of hours, and of shorter intervals (which are too many to be names of meters)."""

_RANGE = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?)\s*(?:-|–|—|~|〜|～|to|bis|đến|a)\s*(\d{1,2}:\d{2}(?::\d{2})?)", re.I)
_HOUR_RANGE = re.compile(r"0?(\d{1,2})\s*(?:-|–|—|~|〜|～)\s*0?(\d{1,2})\s*[hH時]?")
_WORD_BEFORE = re.compile(r"[^\d:]*[\s_/\[\]()]")
_DIGITS = re.compile(r"([01]\d|2[0-4])([0-5]\d)")
_NUMBERED = re.compile(r"(?P<before>[^\d]{0,12}?)[\s_.]*0{0,2}(?P<n>\d{1,3})(?P<after>[^\d]{0,8})")


@dataclass(frozen=True)
class Matrix:
    """The columns of the times of day: by ordinal, when its interval begins (microseconds of the day), and its length.

    ``numbered``: the headings are numbers (Hour 1, 2, 3), not times.
    """

    begins: Mapping[int, int]
    step: int
    numbered: bool = False

    def clock(self, column: int, *, opens: bool) -> int:
        """The time of day that stamps a column."""
        return self.begins[column] + (0 if opens else self.step)


def matrix_of(headings: Sequence[str], *, opens: bool) -> Matrix | None:
    """The matrix that headings show: times or numbers of a whole day, evenly spaced; None where there is none."""
    for first in range(len(headings)):
        for step in STEPS:
            count = DAY // step
            columns = range(first, first + count)
            names = [heading.strip() for heading in headings[first : first + count]]
            if len(names) < count:
                continue
            begins = _begins(names, step, opens=opens)
            numbered = begins is None and _is_numbered(headings, first, count)
            if numbered:
                begins = [n * step for n in range(count)]
            if begins is not None:
                return Matrix(dict(zip(columns, begins, strict=True)), step, numbered)
    return None


def _begins(names: Sequence[str], step: int, *, opens: bool) -> list[int] | None:
    """When the interval of each column begins; None where the names are no such day."""
    day = [n * step for n in range(len(names))]
    names = _bare(names)
    if step == HOUR and [_HOUR_RANGE.sub(r"\1-\2", name) for name in names] == [f"{n}-{n + 1}" for n in range(24)]:
        return day
    ranges = [_RANGE.fullmatch(name) for name in names]
    if all(ranges):
        return day if [_clock(match[1]) for match in ranges if match] == day else None
    clocks = [_clock(name) for name in names]
    if None not in clocks:
        if clocks == day:  # 00:00 first: the interval that it opens, or the one that ends then
            return day if opens else [count - step for count in day]
        after = [count + step for count in day]
        return day if clocks in (after, [*after[:-1], 0]) else None
    return None


def _bare(names: Sequence[str]) -> list[str]:
    """The names without the words that all of them begin or end with (``kWh 00:00``)."""
    before = _WORD_BEFORE.match(_common(names))
    after = _WORD_BEFORE.match(_common([name[::-1] for name in names]))
    first, last = before.end() if before else 0, after.end() if after else 0
    return [name[first : len(name) - last].strip() for name in names]


def _common(names: Sequence[str]) -> str:
    """What all names begin with."""
    first, last = min(names), max(names)
    return first[: next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]


def _clock(name: str) -> int | None:
    plain = name.removesuffix("h").removesuffix("H").strip()
    found = clock_of(plain)
    if found is None and _DIGITS.fullmatch(plain):
        found = clock_of(f"{plain[:2]}:{plain[2:]}")
    return found


def _is_numbered(headings: Sequence[str], first: int, count: int) -> bool:
    """True where the columns, and no others of their kind, are Hour 1 … Hour 24, H0 … H23, 1 … 96."""
    found = [_NUMBERED.fullmatch(heading.strip()) for heading in headings]
    words = [None if m is None else (m["before"].strip().casefold(), m["after"].strip().casefold()) for m in found]
    alike = words[first]
    if alike is None or [n for n, word in enumerate(words) if word == alike] != list(range(first, first + count)):
        return False
    numbers = [int(match["n"]) for match in found[first : first + count] if match]
    known = _HOURS if count == DAY // HOUR else _INTERVALS
    return (
        all(word in known for word in alike)
        and numbers[0] in (0, 1)
        and numbers == list(range(numbers[0], numbers[0] + count))
    )


@dataclass
class MatrixLog:
    """A log as rows of day, time of day, value and the other columns of its line.

    ``log`` is the file as it stands, ``day`` the column of its days.
    """

    log: LogFile
    matrix: Matrix
    day: int
    opens: bool
    typed: bool
    table: Table = field(init=False)
    others: tuple[int, ...] = field(init=False)
    encoding: str = field(init=False)
    sheet: str = field(init=False)
    sha256: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self.encoding, self.sheet = self.log.encoding, self.log.sheet
        names = self.log.headings
        self.others = tuple(n for n in range(len(names)) if n != self.day and n not in self.matrix.begins)
        first, last = names[min(self.matrix.begins)], names[max(self.matrix.begins)]
        headings = (names[self.day], "time of day", f"{first} to {last}", *(names[n] for n in self.others))
        self.table = Table(0, headings, headings, ("",) * len(headings))

    @property
    def headings(self) -> tuple[str, ...]:
        """Those of the rows that are made."""
        return self.table.headings

    @property
    def unclear(self) -> set[int]:
        """None: the whole columns are always looked at."""
        return set()

    def rows(self) -> Iterator[tuple[int, list[CellValue]]]:
        """Each value as a row, with the line on which it stands; a line that is no day once, without value."""
        for lines, cells in self.log.columns(range(len(self.log.headings))):
            columns = [_listed(cells[n]) for n in range(len(self.log.headings))]
            for i, line in enumerate(lines):
                day, rest = columns[self.day][i], [columns[n][i] for n in self.others]
                whole = [column[i] for column in columns]
                if all(is_blank(cell) for cell in whole):
                    continue
                if not _is_day(day) and footer_kind(whole):
                    yield line, [_label(whole), None, None, *(None for _ in rest)]
                    continue
                for n in self.matrix.begins:
                    yield line, [day, self._clock_text(n), columns[n][i], *rest]
        self.sha256 = self.log.sha256

    def _clock_text(self, column: int) -> str:
        minutes = self.matrix.clock(column, opens=self.opens) // MINUTE
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def samples(self, column: int, count: int) -> list[str]:
        """The first texts of a column of the rows that are made."""
        found: list[str] = []
        for _, cells in self.rows():
            if not is_blank(cells[column]):
                found.append(_text(cells[column]))
            if len(found) == count:
                break
        return found

    def columns(self, columns: Sequence[int]) -> Iterator[Stretch]:
        """Whole columns of the rows that are made."""
        rows = list(self.rows())
        yield [line for line, _ in rows], {c: [cells[c] for _, cells in rows] for c in columns}

    def blocks(self, plan: Plan, problems: Problems) -> Generator[Block, None, None]:
        """All rows as one block; a file with a day in each row is never long."""
        yield careful_block(self.rows(), plan, problems, typed=self.typed)


def _listed(column: object) -> list[CellValue]:
    if isinstance(column, list):
        return column
    return list(column.to_pylist())  # type: ignore[attr-defined]


def _is_day(cell: CellValue) -> bool:
    return isinstance(cell, float | int) or is_time(cell)


def _label(cells: Sequence[CellValue]) -> str:
    return next((cell_text(cell) for cell in cells if isinstance(cell, str) and not is_blank(cell)), "")


def _text(cell: CellValue) -> str:
    isoformat = getattr(cell, "isoformat", None)
    return str(isoformat(sep=" ")) if isoformat is not None else cell_text(cell)
