"""Excel reports of small results, opened and computed anew, and where things stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.reporting.excel.styles import INPUT_FILL
from jcm_mrv.result import Result
from support import results
from support.libreoffice import recalculated_sheets

PROCESS = "MRS(calc_process)"
CASES: dict[str, Callable[[], Result]] = {
    "solar": results.solar,
    "hole": results.solar_with_hole,
    "two years": results.two_years,
    "units": results.units,
    "indicative": results.indicative,
}


@cache
def report(case: str) -> bytes:
    return workbook_report(CASES[case](), "en")


def opened(case: str, folder: Path, *, values: bool = False) -> Workbook:
    path = folder / "report.xlsx"
    path.write_bytes(report(case))
    return load_workbook(path, data_only=values)


def by_year(book: Workbook) -> dict[str, dict[str, object]]:
    """The block of results of MRS(calc_process): year (or Total) to heading to value."""
    return _block(book[PROCESS].iter_rows(values_only=True))


def by_year_anew(books: Iterable[Workbook], folder: Path) -> list[dict[str, dict[str, object]]]:
    """The same of several workbooks as LibreOffice computes it, which is started once."""
    paths = []
    for n, book in enumerate(books):
        paths.append(folder / f"changed {n}.xlsx")
        book.save(paths[-1])
    return [_block(rows) for rows in recalculated_sheets(paths, PROCESS, folder / "anew", timeout=300)]


def _block(sheet: Iterable[Sequence[object]]) -> dict[str, dict[str, object]]:
    """While a question is open the whole tonnes are called claimed; the tests read both by one name."""
    rows = list(sheet)
    start = next(n for n, row in enumerate(rows) if row[0] == "Year")
    end = next(n for n, row in enumerate(rows) if n > start and row[0] == "Total")
    heads = [str(h).replace("Claimed (whole tonnes)", "Credited (whole tonnes)") for h in rows[start]]
    return {str(row[0]): dict(zip(heads, row, strict=True)) for row in rows[start + 1 : end + 1]}


def column(sheet: Worksheet, symbol: str) -> tuple[int, int]:
    """The head row and column of a symbol on a sheet."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == symbol:
                return cell.row, cell.column
    raise AssertionError(f"{symbol} is not on {sheet.title}")


def readings(book: Workbook) -> list[Cell]:
    """The yellow cells of the sheet Readings, in the order of its rows."""
    return [c for row in book["Readings"].iter_rows() for c in row if c.fill.fgColor.rgb == "FF" + INPUT_FILL[1:]]
