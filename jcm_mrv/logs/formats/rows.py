"""A log whose rows are held in memory, as its format or its spreadsheet says them."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from jcm_mrv.logs.blocks import Block, Plan, Stretch, careful_block
from jcm_mrv.logs.cells import CellValue, cell_text
from jcm_mrv.logs.csv_file import LogFormatError
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.table import SAMPLE, Table, find_table
from jcm_mrv.words import say

TIME, REGISTER, VALUE, UNIT, QUALITY = "Time", "Register", "Value", "Unit", "Quality"
"""The headings under which a format of interval data is read: each value with its span of time."""

OTHER_UNIT = "another unit"
"""Of a register that counts in a unit that no meter of a project has; a heading of units knows the word."""

MOST_VALUES = 4_000_000
"""Of a file that is held in memory: 38 meter years of 5 minutes."""


@dataclass
class RowsLog:
    """Rows of (line, cells) below the headings. ``serials``: why numbers of days are no times here, "" where they are.

    The cells have types of their own: a number is none that has to be recognised.
    ``registers`` gives the unit of each register where the format names them, ``measured`` the words of its qualities
    that mean measured.
    """

    table: Table
    rows: Sequence[tuple[int, list[CellValue]]]
    sha256: str
    sheet: str = ""
    encoding: str = ""
    serials: str = ""
    registers: Mapping[str, str] = field(default_factory=dict)
    measured: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the columns, "" where there is none."""
        return self.table.headings

    @property
    def unclear(self) -> set[int]:
        """None: a cell that is a number says which."""
        return set()

    def samples(self, column: int, count: int) -> list[str]:
        """The first texts of a column, for recognising their format; dates need none."""
        cells = (row[column] for _, row in self.rows[:count] if column < len(row))
        known = (cell for cell in cells if cell not in (None, ""))
        return [c.isoformat(sep=" ") if isinstance(c, datetime) else cell_text(c) for c in known]

    def columns(self, columns: Sequence[int]) -> Iterator[Stretch]:
        """Whole columns as they stand in the file."""
        lines = [line for line, _ in self.rows]
        yield lines, {c: [row[c] if c < len(row) else None for _, row in self.rows] for c in columns}

    def blocks(self, plan: Plan, problems: Problems) -> Generator[Block, None, None]:
        """The rows as one block."""
        if self.serials and plan.stamp.order == "SERIAL":
            raise LogFormatError(self.serials)
        yield careful_block(self.rows, plan, problems, typed=True)


def of_sheet(
    rows: list[list[CellValue]], merged: Sequence[tuple[int, int, int]], sheet: str, sha256: str, serials: str
) -> RowsLog:
    """The log in the rows of a sheet, its headings found. Raises LogFormatError for an empty one."""
    if not any(c not in (None, "") for row in rows for c in row):
        raise LogFormatError(say("the sheet {sheet!r} is empty", sheet=sheet))
    table = replace(find_table(rows[:SAMPLE], merged), typed=True)
    return RowsLog(table, list(enumerate(rows, start=1))[table.skip :], sha256, sheet, serials=serials)


def of_intervals(rows: list[tuple[int, list[CellValue]]], sha256: str, measured: tuple[str, ...]) -> RowsLog:
    """The log of a format of interval data: span of time, register, value, unit and quality of each value.

    Its rows are put in order of time, so that the registers stand side by side as in a logger's file.
    """
    headings = (TIME, REGISTER, VALUE, UNIT, QUALITY)
    registers = {str(cells[1]): str(cells[3]) for _, cells in rows}
    rows = sorted(rows, key=lambda row: str(row[1][0]))
    table = Table(0, headings, headings, ("",) * len(headings), typed=True)
    return RowsLog(table, rows, sha256, registers=registers, measured=measured)


def span_text(start: datetime, end: datetime) -> str:
    """A span of time as ISO 8601 writes it; both carry their offset from UTC."""
    return f"{start.isoformat()}/{end.isoformat()}"
