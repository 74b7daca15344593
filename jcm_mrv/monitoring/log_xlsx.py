"""Logs in .xlsx files, opened as safely as the monitoring workbook itself."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from jcm_mrv.monitoring.log_blocks import Block, CellValue, Plan, careful_block, folded
from jcm_mrv.monitoring.log_csv import LogFormatError
from jcm_mrv.monitoring.log_findings import Problems
from jcm_mrv.monitoring.workbook_package import MAX_UNPACKED, PackageError, unpack
from jcm_mrv.monitoring.workbook_scan import SheetScan, column_number, scan_sheets, sheet_titles


@dataclass
class XlsxLog:
    """One sheet of a workbook as a log; the first row with text holds the headings.

    Raises LogFormatError where the sheet is not there or is empty, and where
    the file is no workbook, is damaged, or is too large when unpacked.
    """

    path: Path
    sheet: str = ""
    headings: tuple[str, ...] = field(init=False)
    sha256: str = field(init=False)
    _rows: list[list[CellValue]] = field(init=False, repr=False)
    _header: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        if self.path.stat().st_size > MAX_UNPACKED:
            raise LogFormatError(f"the workbook is larger than {MAX_UNPACKED // 1_000_000} MB; use a .csv file")
        content = self.path.read_bytes()
        self.sha256 = hashlib.sha256(content).hexdigest()
        try:
            self._rows = self._read(content)
        except PackageError as error:
            raise LogFormatError(f"{error.finding.message}; {error.finding.found}") from error
        filled = (n for n, row in enumerate(self._rows) if any(c not in (None, "") for c in row))
        self._header = next(filled, -1)
        if self._header < 0:
            raise LogFormatError(f"the sheet {self.sheet!r} is empty")
        self.headings = tuple(folded("" if c is None else str(c)) for c in self._rows[self._header])

    def _read(self, content: bytes) -> list[list[CellValue]]:
        import python_calamine as calamine

        parts = unpack(content, self.path.name)
        titles = sheet_titles(parts, self.path.name)
        self.sheet = _choose(titles, self.sheet)
        scan = scan_sheets(parts, {self.sheet}, self.path.name)[self.sheet]
        parts.clear()
        try:
            with calamine.load_workbook(io.BytesIO(content)) as book:
                raw = book.get_sheet_by_name(self.sheet).to_python(skip_empty_area=False)
        except calamine.CalamineError as error:
            raise LogFormatError(f"the workbook cannot be read: {error}") from error
        rows = [[_cell(c) for c in row] for row in raw]
        _mark_errors(rows, scan)
        return rows

    def samples(self, column: int, count: int) -> list[str]:
        """The first texts of a column, for recognising their format; dates need none."""
        rows = self._rows[self._header + 1 : self._header + 1 + count]
        cells = [row[column] for row in rows if column < len(row) and row[column] not in (None, "")]
        return [c.isoformat(sep=" ") if isinstance(c, datetime) else str(c) for c in cells]

    def blocks(self, plan: Plan, problems: Problems) -> Iterator[Block]:
        """The rows below the headings, as one block."""
        body = enumerate(self._rows[self._header + 1 :], start=self._header + 2)
        yield careful_block(body, plan, problems, typed=True)


def _choose(titles: list[str], wanted: str) -> str:
    """The sheet that is named, or the only one. Raises LogFormatError."""
    if not wanted.strip() and len(titles) == 1:
        return titles[0]
    for title in titles:
        if folded(title) == folded(wanted):
            return title
    what = f"has no sheet {wanted!r}" if wanted.strip() else "has several sheets and none is named"
    raise LogFormatError(f"the workbook {what}; it has {', '.join(titles)}")


def _cell(raw: object) -> CellValue:
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day)
    return raw if isinstance(raw, str | int | float | bool) or raw is None else str(raw)


def _mark_errors(rows: list[list[CellValue]], scan: SheetScan) -> None:
    """Error cells and formulas without a result reach us as empty text: write what they are into the rows."""
    marks = [*scan.error_cells, *((ref, "a formula without a result") for ref in scan.uncalculated)]
    for ref, text in marks:
        letters = ref.rstrip("0123456789")
        row, column = int(ref[len(letters) :]) - 1, column_number(letters) - 1
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
