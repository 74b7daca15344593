"""Logs in .xlsx files, opened as safely as the monitoring workbook itself."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from jcm_mrv.guard import reading
from jcm_mrv.logs.blocks import Block, Plan, Stretch
from jcm_mrv.logs.cells import CellValue, cell_text, folded
from jcm_mrv.logs.csv_file import LogFormatError, LogSheetError
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.table import SAMPLE, Table, find_table
from jcm_mrv.logs.typed_rows import typed_block
from jcm_mrv.words import say
from jcm_mrv.workbook.scan import SheetScan, column_number, scan_sheets, sheet_titles
from jcm_mrv.workbook.unpacking import MAX_UNPACKED, PackageError, unpack

_DATES_OF_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\s[^<>]*date1904=["'](?:1|true)["']""")
_AS_THEY_ARE = {str, float, int, bool, datetime, type(None)}
_MERGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


@dataclass
class XlsxLog:
    """One sheet of a workbook as a log.

    Raises LogFormatError where the sheet is not there or is empty, and where
    the file is no workbook, is damaged, or is too large when unpacked.
    """

    path: Path
    sheet: str = ""
    encoding: str = field(init=False, default="")
    table: Table = field(init=False)
    sha256: str = field(init=False)
    _rows: list[list[CellValue]] = field(init=False, repr=False)
    _since_1904: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        if self.path.stat().st_size > MAX_UNPACKED:
            raise LogFormatError(
                say(
                    "the workbook is larger than {max_unpacked} MB; use a .csv file",
                    max_unpacked=MAX_UNPACKED // 1000000,
                )
            )
        content = self.path.read_bytes()
        self.sha256 = hashlib.sha256(content).hexdigest()
        try:
            self._rows, merges = self._read(content)
        except PackageError as error:
            raise LogFormatError(f"{error.finding.message}; {error.finding.found}") from error
        if not any(c not in (None, "") for row in self._rows for c in row):
            raise LogFormatError(say("the sheet {sheet!r} is empty", sheet=self.sheet))
        self.table = replace(find_table(self._rows[:SAMPLE], _merged(merges)), typed=True)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the columns, "" where there is none."""
        return self.table.headings

    @property
    def unclear(self) -> set[int]:
        """None: a cell that is a number says which."""
        return set()

    def _read(self, content: bytes) -> tuple[list[list[CellValue]], tuple[str, ...]]:
        import python_calamine as calamine

        parts = unpack(content, self.path.name)
        titles = sheet_titles(parts, self.path.name)
        self.sheet = choose_sheet(titles, self.sheet)
        self._since_1904 = bool(_DATES_OF_1904.search(parts["xl/workbook.xml"]))
        scan = scan_sheets(parts, {self.sheet}, self.path.name)[self.sheet]
        parts.clear()
        with reading(_unreadable), calamine.load_workbook(io.BytesIO(content)) as book:
            raw = book.get_sheet_by_name(self.sheet).to_python(skip_empty_area=False)
        rows = [_cells(row) for row in raw]
        _mark_errors(rows, scan)
        return rows, scan.merges

    def samples(self, column: int, count: int) -> list[str]:
        """The first texts of a column, for recognising their format; dates need none."""
        rows = self._rows[self.table.skip :][:count]
        cells = [row[column] for row in rows if column < len(row) and row[column] not in (None, "")]
        return [c.isoformat(sep=" ") if isinstance(c, datetime) else cell_text(c) for c in cells]

    def columns(self, columns: Sequence[int]) -> Iterator[Stretch]:
        """Whole columns as they stand in the sheet."""
        body = self._rows[self.table.skip :]
        lines = range(self.table.skip + 1, self.table.skip + 1 + len(body))
        yield lines, {c: [row[c] if c < len(row) else None for row in body] for c in columns}

    def blocks(self, plan: Plan, problems: Problems) -> Generator[Block, None, None]:
        """The rows below the headings, as one block. Raises OddError while the plan is not surveyed."""
        if self._since_1904 and plan.stamp.order == "SERIAL":
            raise LogFormatError(say("the workbook counts days since 1904, so that plain numbers are no certain times"))
        yield typed_block(self._rows[self.table.skip :], self.table.skip + 1, plan, problems)


def _unreadable(found: str) -> LogFormatError:
    return LogFormatError(say("the workbook cannot be read: {found}", found=found))


def _merged(refs: Sequence[str]) -> list[tuple[int, int, int]]:
    """Merged cells of one row as (row, first and last column from 0)."""
    found = (_MERGE.fullmatch(ref) for ref in refs)
    return [(int(m[2]) - 1, column_number(m[1]) - 1, column_number(m[3]) - 1) for m in found if m and m[2] == m[4]]


def choose_sheet(titles: list[str], wanted: str) -> str:
    """The sheet that is named, or the only one. Raises LogFormatError."""
    if not wanted.strip() and len(titles) == 1:
        return titles[0]
    for title in titles:
        if folded(title) == folded(wanted):
            return title
    what = (
        say("has no sheet {wanted!r}", wanted=wanted) if wanted.strip() else say("has several sheets and none is named")
    )
    raise LogSheetError(say("the workbook {what}; it has {titles}", what=what, titles=", ".join(titles)))


def sheet_cell(raw: object) -> CellValue:
    """A cell of a spreadsheet as a reader of another library gives it: days at midnight, times of day as text."""
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day)
    if isinstance(raw, timedelta):
        raw = raw / timedelta(days=1)
    if isinstance(raw, time):
        return raw.isoformat()
    return raw if isinstance(raw, str | int | float | bool) or raw is None else str(raw)


def _cells(row: list[Any]) -> list[CellValue]:
    return row if _AS_THEY_ARE.issuperset(map(type, row)) else [sheet_cell(cell) for cell in row]


def _mark_errors(rows: list[list[CellValue]], scan: SheetScan) -> None:
    """Error cells and formulas without a result reach us as empty text: write what they are into the rows."""
    marks = [*scan.error_cells, *((ref, "a formula without a result") for ref in scan.uncalculated)]
    for ref, text in marks:
        letters = ref.rstrip("0123456789")
        row, column = int(ref[len(letters) :]) - 1, column_number(letters) - 1
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
