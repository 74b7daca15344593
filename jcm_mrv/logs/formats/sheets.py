"""Logs in spreadsheets other than .xlsx: .xls (Excel 97 to 2003) and .ods (LibreOffice and others).

An error cell (#DIV/0!) has to reach the reader as what it is, never as an empty one: xlrd says which cells of an .xls
hold errors; python-calamine does not for an .ods, so that they are looked for in its XML.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jcm_mrv.guard import reading
from jcm_mrv.limits import whole_number
from jcm_mrv.logs.cells import CellValue
from jcm_mrv.logs.csv_file import LogFormatError
from jcm_mrv.logs.formats.rows import MOST_VALUES, RowsLog, of_sheet
from jcm_mrv.logs.xlsx_file import choose_sheet, sheet_cell
from jcm_mrv.words import say
from jcm_mrv.workbook.unpacking import PackageError, unpack

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_BYTES = 40_000_000
"""Of a spreadsheet of these kinds; one of .xls holds no more than 65,536 rows."""

_SINCE_1904 = say("the spreadsheet counts days since 1904, so that plain numbers are no certain times")
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:\d{3}")
_MOST_REPEATED = 2_000_000  # of one row or cell, as an attribute says


def _content(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise LogFormatError(
            say(
                "the spreadsheet is larger than {most_bytes} MB; save the log as .csv", most_bytes=MOST_BYTES // 1000000
            )
        )
    return path.read_bytes()


def _unreadable(found: str) -> LogFormatError:
    return LogFormatError(say("the spreadsheet cannot be read: {found}", found=found))


# --- .xls ---------------------------------------------------------------------------


def read_xls(path: Path, sheet: str = "") -> RowsLog:
    """One sheet of an .xls. Raises LogFormatError, LogSheetError and OSError."""
    content = _content(path)
    import xlrd

    with reading(_unreadable), xlrd.open_workbook(
        file_contents=content, on_demand=True, ragged_rows=True, logfile=io.StringIO()
    ) as book:  # fmt: skip
        title = choose_sheet(book.sheet_names(), sheet)
        found = book.sheet_by_name(title)
        if sum(map(found.row_len, range(found.nrows))) > MOST_VALUES:
            raise LogFormatError(
                say("the sheet holds more than {most_values:,} cells; save the log as .csv", most_values=MOST_VALUES)
            )
        rows = [[_xls_cell(cell, book.datemode) for cell in found.row(n)] for n in range(found.nrows)]
        since_1904 = bool(book.datemode)
    return of_sheet(rows, (), title, hashlib.sha256(content).hexdigest(), _SINCE_1904 if since_1904 else "")


def _xls_cell(cell: object, datemode: int) -> CellValue:
    import xlrd

    kind, value = cell.ctype, cell.value  # type: ignore[attr-defined]
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "an error"))
    if kind == xlrd.XL_CELL_DATE:
        try:
            if value >= 1:
                return sheet_cell(xlrd.xldate_as_datetime(value, datemode))
            return sheet_cell(xlrd.xldate_as_datetime(value, datemode).time())
        except (xlrd.XLDateError, ValueError, OverflowError):
            return float(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return value if kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else None


# --- .ods ---------------------------------------------------------------------------


@dataclass
class _Scan:
    """What stands in a table of an .ods beside its values: error cells as (row, column, text), and its extent."""

    title: str
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    rows: int = 0
    columns: int = 0


def read_ods(path: Path, sheet: str = "") -> RowsLog:
    """One sheet of an .ods. Raises LogFormatError, LogSheetError and OSError."""
    content = _content(path)
    import python_calamine as calamine

    try:
        parts = unpack(content, path.name, ("content.xml",))
    except PackageError as error:
        raise LogFormatError(f"{error.finding.message}; {error.finding.found}") from error
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise LogFormatError(say("the spreadsheet is protected by a password; save a copy without it"))
    scans = {scan.title: scan for scan in _scanned(parts["content.xml"])}
    parts.clear()
    scan = scans[choose_sheet(list(scans), sheet)]
    if scan.rows * scan.columns > MOST_VALUES:
        raise LogFormatError(
            say("the sheet unfolds to more than {most_values:,} cells; save the log as .csv", most_values=MOST_VALUES)
        )
    with reading(_unreadable), calamine.load_workbook(io.BytesIO(content)) as book:
        raw = book.get_sheet_by_name(scan.title).to_python(skip_empty_area=False)
    rows = [[sheet_cell(c) for c in row] for row in raw]
    _mark(rows, scan.errors)
    return of_sheet(rows, (), scan.title, hashlib.sha256(content).hexdigest(), "")


def _mark(rows: list[list[CellValue]], errors: Sequence[tuple[int, int, str]]) -> None:
    for row, column, text in errors:
        if row >= len(rows) or column >= len(rows[row]) or rows[row][column] not in ("", None, text, 0.0):
            raise LogFormatError(
                say("the error cell in row {row} cannot be placed; save the log as .xlsx", row=row + 1)
            )
        rows[row][column] = text


def _scanned(content: bytes) -> list[_Scan]:
    """A look at the XML of all tables, row by row, so that no tree of it is held."""
    from defusedxml.ElementTree import iterparse

    found: list[_Scan] = []
    depth = 0  # of tables within each other: those within a cell are none of the sheet
    with reading(_unreadable):
        for event, element in iterparse(io.BytesIO(content), ("start", "end"), forbid_dtd=True):
            name = _local(element.tag)
            if name == "table":
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    found.append(_Scan(_attribute(element, "name")))
                    row = 0
            elif event == "end" and name == "table-row" and depth == 1:
                row += _look(element, row, found[-1])
                element.clear()
            elif event == "end" and name == "tracked-changes":
                element.clear()
    return found


def _look(element: Element, row: int, scan: _Scan) -> int:
    """Look at a row; gives how many rows it stands for."""
    repeated, column = _repeated(element, "number-rows-repeated"), 0
    for cell in element:
        if _local(cell.tag) not in ("table-cell", "covered-table-cell"):
            continue
        times = _repeated(cell, "number-columns-repeated")
        kind, texts = _attribute(cell, "value-type"), ["".join(p.itertext()) for p in cell if _local(p.tag) == "p"]
        if kind or texts:
            scan.rows, scan.columns = row + repeated, max(scan.columns, column + times)
            text = "\n".join(texts).strip()
            if any(v == "error" for v in cell.attrib.values()) or _ERROR.fullmatch(text):
                if repeated * times > 10_000:
                    raise LogFormatError(say("a row of the spreadsheet repeats an error cell beyond all measure"))
                scan.errors += [
                    (r, c, text or "an error")
                    for r in range(row, row + repeated)
                    for c in range(column, column + times)
                ]
        column += times
    return repeated


def _repeated(element: Element, name: str) -> int:
    text = _attribute(element, name)
    number = whole_number(text, _MOST_REPEATED) if text else 1
    if number is None:
        raise LogFormatError(say("the spreadsheet repeats a cell {text} times", text=text[:20]))
    return max(number, 1)


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
