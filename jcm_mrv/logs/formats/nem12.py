"""NEM12, the interval metering data of Australia's electricity market: records 100, 200, 300, 400, 500 and 900.

Source: AEMO, Meter Data File Format Specification NEM12 & NEM13. Times are those of the market, UTC+10 the whole year;
a record 300 holds a day of one register, its first value from 00:00 on. A register is named by the NMI and its suffix
(E1: taken from the grid, B1: fed into it).
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from jcm_mrv.logs.cells import CellValue
from jcm_mrv.logs.csv_file import LogFormatError
from jcm_mrv.logs.formats.rows import MOST_VALUES, OTHER_UNIT, RowsLog, of_intervals, span_text
from jcm_mrv.words import say

MARKET = timezone(timedelta(hours=10))
"""The time of the market, without summer time."""

MOST_BYTES = 40_000_000
"""Of one file: a year of 5 minutes of 50 registers."""

_BEGINNING = re.compile(rb'\xef?\xbb?\xbf?\s*"?100"?,"?(NEM1[23])', re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_QUALITY = re.compile(r"[AEFNSV]\d{0,2}", re.ASCII)
_UNITS = {
    f"{prefix}{unit}".casefold(): f"{prefix}{unit}"
    for prefix in ("", "k", "M", "G")
    for unit in ("Wh", "W", "varh", "var", "VAh", "VA")
}
_MINUTES_OF_DAY = 24 * 60
_SHOWN = 5  # faults that are listed


def kind_of(head: bytes) -> str:
    """``NEM12`` or ``NEM13`` for a file that begins as these do; "" for any other."""
    found = _BEGINNING.match(head)
    return found[1].decode().upper() if found else ""


@dataclass
class _Register:
    """A record 200: the register whose days follow."""

    name: str
    unit: str
    minutes: int

    @property
    def count(self) -> int:
        return _MINUTES_OF_DAY // self.minutes


@dataclass
class _Day:
    """A record 300, with the qualities that records 400 give to its intervals (from 1)."""

    line: int
    register: _Register
    day: datetime
    values: list[str]
    method: str
    methods: dict[int, str] = field(default_factory=dict)

    def quality(self, interval: int) -> str:
        """The flag of an interval: A, E, F, N or S; "" where the file leaves it open."""
        if self.method[0] != "V":
            return self.method[0]
        return self.methods.get(interval, "")[:1]


def read_nem12(path: Path) -> RowsLog:
    """The file as rows of span, register, value, unit and quality. Raises LogFormatError with the lines at fault."""
    content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    if content is None:
        raise LogFormatError(
            say("the file is larger than {most_bytes} MB; ask for one for each year", most_bytes=MOST_BYTES // 1000000)
        )
    if kind_of(content[:64]) != "NEM12":
        raise LogFormatError(
            say("the file is NEM13 (accumulated readings), which is not read; enter its readings on the sheet Readings")
        )
    reading = _Reading()
    try:
        text = content.decode("utf-8-sig")
        for cells in (lines := csv.reader(io.StringIO(text, newline=""), strict=True)):
            if any(cell.strip() for cell in cells):
                reading.take(lines.line_num, [cell.strip() for cell in cells])
    except (UnicodeDecodeError, csv.Error) as error:
        raise LogFormatError(say("the file is no text of NEM12 records: {error}", error=error)) from error
    return of_intervals(list(reading.finished()), hashlib.sha256(content).hexdigest(), ("A",))


@dataclass
class _Reading:
    """The records one after the other, and what is wrong with them."""

    register: _Register | None = None
    days: list[_Day] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    values: int = 0
    ended: bool = False

    def take(self, line: int, cells: list[str]) -> None:
        kind = cells[0]
        if self.ended and kind != "100":
            self.faults.append(say("line {line}: a record {kind} after the end (900)", line=line, kind=kind[:20]))
        elif kind == "100":  # files that were joined each begin anew
            self.ended, self.register = False, None
        elif kind == "200":
            self.register = self._register(line, cells)
        elif kind == "300":
            self._day(line, cells)
        elif kind == "400":
            self._event(line, cells)
        elif kind == "900":
            self.ended = True
        elif kind != "500":
            self.faults.append(say("line {line}: {kind!r} is no record of NEM12", line=line, kind=kind[:20]))

    def _register(self, line: int, cells: list[str]) -> _Register | None:
        if len(cells) < 9 or not cells[8].isdecimal() or len(cells[8]) > 4:
            self.faults.append(say("line {line}: the record 200 states no length of its intervals", line=line))
            return None
        minutes = int(cells[8])
        if not minutes or _MINUTES_OF_DAY % minutes:
            self.faults.append(
                say("line {line}: intervals of {minutes} minutes do not divide a day", line=line, minutes=minutes)
            )
            return None
        return _Register(f"{cells[1]} {cells[4]}".strip(), _UNITS.get(cells[7].casefold(), OTHER_UNIT), minutes)

    def _day(self, line: int, cells: list[str]) -> None:
        register = self.register
        if register is None:
            self.faults.append(say("line {line}: a record 300 without a usable record 200 above it", line=line))
            return
        values, rest = cells[2 : 2 + register.count], cells[2 + register.count :]
        try:
            day = datetime.strptime(cells[1], "%Y%m%d").replace(tzinfo=MARKET)
        except ValueError:
            self.faults.append(say("line {line}: {cells!r} is no day", line=line, cells=cells[1][:20]))
            return
        if len(values) < register.count or not rest or not _QUALITY.fullmatch(rest[0]):
            self.faults.append(
                say(
                    "line {line}: after {count} values of {minutes} minutes no quality of the day stands",
                    line=line,
                    count=register.count,
                    minutes=register.minutes,
                )
            )
            return
        self.values += register.count
        if self.values > MOST_VALUES:
            raise LogFormatError(
                say(
                    "the file holds more than {most_values:,} values; ask for one for each year",
                    most_values=MOST_VALUES,
                )
            )
        self.days.append(_Day(line, register, day, values, rest[0]))

    def _event(self, line: int, cells: list[str]) -> None:
        """A record 400: the quality of some intervals of the day above."""
        day = self.days[-1] if self.days else None
        numbers = [int(c) for c in cells[1:3] if c.isdecimal() and len(c) < 5]
        method = cells[3] if len(cells) > 3 else ""
        if day is None or len(numbers) != 2 or not _QUALITY.fullmatch(method) or method[0] == "V":
            self.faults.append(
                say("line {line}: the record 400 says no quality of intervals of the day above it", line=line)
            )
        elif not 1 <= numbers[0] <= numbers[1] <= day.register.count:
            self.faults.append(
                say(
                    "line {line}: the day has no intervals {numbers} to {numbers_2}",
                    line=line,
                    numbers=numbers[0],
                    numbers_2=numbers[1],
                )
            )
        else:
            day.methods |= dict.fromkeys(range(numbers[0], numbers[1] + 1), method)

    def finished(self) -> Iterator[tuple[int, list[CellValue]]]:
        """Every value. Raises LogFormatError where a record is at fault or the file is cut off."""
        open_days = [d for d in self.days if d.method[0] == "V" and len(d.methods) < d.register.count]
        self.faults += [
            say("line {line}: records 400 do not say the quality of every interval", line=d.line) for d in open_days
        ]
        if not self.ended:
            self.faults.append(say("the record 900 is missing, so that the file was cut off"))
        if self.faults:
            more = (
                say("; and {number_of_faults} more", number_of_faults=len(self.faults) - _SHOWN)
                if len(self.faults) > _SHOWN
                else ""
            )
            raise LogFormatError("; ".join(self.faults[:_SHOWN]) + more)
        return (row for day in self.days for row in _rows(day))


def _rows(day: _Day) -> Iterator[tuple[int, list[CellValue]]]:
    step = timedelta(minutes=day.register.minutes)
    for n, text in enumerate(day.values):
        start, quality = day.day + n * step, day.quality(n + 1)
        value: CellValue = None if quality == "N" or not text else text
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = float(value)
        yield day.line, [span_text(start, start + step), day.register.name, value, day.register.unit, quality]
