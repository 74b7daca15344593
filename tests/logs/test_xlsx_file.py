"""Logs in .xlsx files: real dates and numbers, and everything a stranger's workbook may hold."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from jcm_mrv.findings import errors
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import at, codes, inner_gaps, log_row, parts_of

ROWS: Sequence[Sequence[Any]] = [[at("2024-02-01") + timedelta(minutes=15 * n), 2.0**n] for n in range(4)]


def of_rows(
    folder: Path, rows: Sequence[Sequence[Any]], *, sheets: Sequence[str] = ("Data",), **given: Any
) -> SeriesResult:
    with xlsxwriter.Workbook(folder / "log.xlsx", {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        for title in sheets:
            sheet = book.add_worksheet(title)
            for n, row in enumerate([["time", "value"], *rows]):
                for k, cell in enumerate(row):
                    sheet.write(n, k, cell)
    return parts_of(folder, logs=[log_row(file="log.xlsx", **given)])


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


def test_dates_and_numbers(tmp_path: Path) -> None:
    series = of_rows(tmp_path, ROWS)
    assert codes(series) == [] and total(series) == 15.0
    origin = series.parts.origins[0]
    assert (origin.file, origin.sheet, origin.line) == ("log.xlsx", "Data", 2)


def test_times_that_a_spreadsheet_keeps_as_fractions_of_a_day(tmp_path: Path) -> None:
    """Two days of minutes: 1/1440 is not exact, and no row may be taken for an overlap."""
    rows = [[at("2024-02-01") + timedelta(minutes=n), 1.0] for n in range(2880)]
    series = of_rows(tmp_path, rows, interval_minutes=1)
    assert codes(series) == [] and total(series) == 2880.0
    assert inner_gaps(series) == []


def test_iso_text_is_a_time_too(tmp_path: Path) -> None:
    series = of_rows(tmp_path, [[f"{moment:%Y-%m-%d %H:%M}", value] for moment, value in ROWS])
    assert codes(series) == [] and total(series) == 15.0


@pytest.mark.parametrize("cell", ["1,234.5", "1.234", "5", True, datetime(2024, 1, 5), "=1/0", "=NA()"])
def test_cells_that_are_no_number(cell: Any, tmp_path: Path) -> None:
    """A number stored as text is one of them: 1.234 may be 1234 where the comma is the decimal mark."""
    with xlsxwriter.Workbook(tmp_path / "log.xlsx", {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["time", "value"])
        for n, (moment, value) in enumerate(ROWS, start=1):
            sheet.write(n, 0, moment)
            sheet.write(n, 1, value)
        if isinstance(cell, str) and cell.startswith("="):
            sheet.write_formula(3, 1, cell, None, "#DIV/0!" if "/0" in cell else "#N/A")
        elif isinstance(cell, str):
            sheet.write_string(3, 1, cell)
        else:
            sheet.write(3, 1, cell)
    (finding,) = errors(parts_of(tmp_path, logs=[log_row(file="log.xlsx")]).findings)
    assert (finding.code, finding.where.file, finding.where.line) == ("logs.value", "log.xlsx", 4)


def test_an_empty_cell_is_a_hole(tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    rows[1][1] = None
    series = of_rows(tmp_path, rows)
    assert codes(series) == [] and total(series) == 13.0


def test_serial_numbers_are_times_that_are_shown(tmp_path: Path) -> None:
    """45323 is 1 February 2024 as spreadsheets count days."""
    series = of_rows(tmp_path, [[45323.0, 1.0], [45323.5, 2.0]], interval_minutes=720)
    (finding,) = series.findings
    assert finding.code == "logs.recognised" and total(series) == 3.0
    assert "2024-02-01 00:00:00" in finding.message and "2024-02-01 12:00:00" in finding.message


def test_the_sheet_has_to_be_certain(tmp_path: Path) -> None:
    assert total(of_rows(tmp_path, ROWS, sheets=["Notes", "Data"], sheet="data".title())) == 15.0
    for given in ({}, {"sheet": "Other"}):
        (finding,) = errors(of_rows(tmp_path, ROWS, sheets=["Notes", "Data"], **given).findings)
        assert finding.code == "logs.unreadable" and "Notes, Data" in finding.message


def test_what_is_no_workbook(tmp_path: Path) -> None:
    whole = (tmp_path / "log.xlsx", of_rows(tmp_path, ROWS))[0].read_bytes()
    for content in (
        b"",
        b"time,value\n",
        whole[: len(whole) // 2],
        b"PK\x03\x04" + b"\0" * 100,
        b"\xd0\xcf\x11\xe0" * 9,
    ):
        (tmp_path / "log.xlsx").write_bytes(content)
        (finding,) = errors(parts_of(tmp_path, logs=[log_row(file="log.xlsx")]).findings)
        assert finding.code == "logs.unreadable"


def changed(path: Path, name: str, data: bytes) -> None:
    """Replace one part of the workbook."""
    with zipfile.ZipFile(path) as old:
        parts = {i.filename: old.read(i) for i in old.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for part, content in {**parts, name: data}.items():
            new.writestr(part, content)


def sheet_xml(cells: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<?xml version="1.0"?><worksheet xmlns="' + space + b'"><sheetData>' + cells + b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    "data",
    [
        sheet_xml(b" " * 500_000_000),  # 0.5 MB packed
        sheet_xml(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),  # 17 thousand million cells
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet_xml(b""),
    ],
    ids=["half a gigabyte", "a far corner", "entities"],
)
def test_bombs_are_refused(data: bytes, tmp_path: Path) -> None:
    of_rows(tmp_path, ROWS)
    changed(tmp_path / "log.xlsx", "xl/worksheets/sheet1.xml", data)
    (finding,) = errors(parts_of(tmp_path, logs=[log_row(file="log.xlsx")]).findings)
    assert finding.code == "logs.unreadable"
