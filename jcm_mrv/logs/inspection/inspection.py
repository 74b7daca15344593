"""All that is shown of a log before it is set up: the look at it, guesses of its columns, its first and last rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jcm_mrv.logs.cells import cell_text
from jcm_mrv.logs.csv_file import LogFormatError
from jcm_mrv.logs.encoding import LogEncodingError
from jcm_mrv.logs.files import open_log
from jcm_mrv.logs.inspection.kind import Guess, guess
from jcm_mrv.logs.inspection.look import LogLook, TimeColumn, look_at
from jcm_mrv.logs.interval_side import side_of_heading, side_of_whole
from jcm_mrv.time.zones import DAY, MINUTE
from jcm_mrv.words import say

SHOWN = 2
"""Rows that are shown from the beginning, and from the end."""


@dataclass(frozen=True)
class RawRow:
    """A row as it stands in the file."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Inspection:
    """``guesses`` has one entry for each of ``look.values``; the rows are those below the headings."""

    look: LogLook
    guesses: tuple[Guess, ...]
    first: tuple[RawRow, ...]
    last: tuple[RawRow, ...]

    @property
    def readable(self) -> bool:
        """False where nothing at all could be understood of the file."""
        return bool(self.look.headings or self.look.times or self.look.values)


def inspect_log(path: Path, sheet: str = "", encoding: str = "") -> Inspection:
    """Look at a log. Never raises for what is wrong with it: that is in ``look.problems``."""
    look = look_at(path, sheet, encoding)
    first, last = _ends(path, look.sheet or sheet, encoding) if look.headings else ((), ())
    mixed = bool(look.times) and look.times[0].distinct != look.times[0].count
    return Inspection(look, tuple(guess(v, mixed) for v in look.values), first, last)


def _ends(path: Path, sheet: str, encoding: str) -> tuple[tuple[RawRow, ...], tuple[RawRow, ...]]:
    """The first and the last rows; none where the file cannot be read to its end."""
    first: list[RawRow] = []
    last: list[RawRow] = []
    try:
        log = open_log(path, sheet, encoding)
        columns = range(len(log.headings))
        for lines, cells in log.columns(columns):
            listed = list(lines)
            wanted = sorted({*range(len(listed))[:SHOWN], *range(len(listed))[-SHOWN:]})
            rows = [RawRow(listed[n], tuple(_text(cells[c][n]) for c in columns)) for n in wanted]
            first = [*first, *rows][:SHOWN]
            last = [*last, *rows][-SHOWN:]
    except (LogFormatError, LogEncodingError, OSError):
        return (), ()  # the look has said why
    seen = {row.line for row in first}
    return tuple(first), tuple(row for row in last if row.line not in seen)


def _text(cell: object) -> str:
    """A cell of a workbook or of a column of texts."""
    value = cell.as_py() if hasattr(cell, "as_py") else cell
    return cell_text(value) if isinstance(value, str | float | int | datetime) else ""


def side_hint(found: TimeColumn) -> str:
    """What the file shows of whether times open or close their interval; "" where nothing."""
    if found.ends_days:
        return say("the file writes 24:00, at which a day ends; with start these values would lie on the next day")
    named = side_of_heading(found.heading)
    if named:
        return say("by their heading they open it") if named == "start" else say("by their heading they close it")
    if not found.regular or not found.minutes or found.first is None or found.last is None:
        return ""
    whole = side_of_whole(found.first, found.last, round(found.minutes * MINUTE))
    if not whole:
        return ""
    unit = say("days") if found.minutes * MINUTE < DAY else say("months")
    if whole == "start":
        return say("the file holds whole {unit} if times open the interval", unit=unit)
    return say("the file holds whole {unit} if times close the interval", unit=unit)
