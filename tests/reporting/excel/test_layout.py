"""The sheets of a report as they are laid out: rows, pages, headings and columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from jcm_mrv.calculation import calculate_file
from jcm_mrv.reporting.excel.layout import TooManyRowsError
from jcm_mrv.reporting.excel.report import workbook_report
from support import results
from support.excel_reports import by_year, opened
from support.libreoffice import recalculate


def test_more_readings_than_a_sheet_has_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a sheet has 20 rows: 12 readings with title and heads do not fit."""
    monkeypatch.setattr("jcm_mrv.reporting.excel.graph.MOST_ROWS", 12)
    with pytest.raises(TooManyRowsError, match=r"rows, and a sheet has .* --formats json,pdf,html"):
        workbook_report(results.two_years())


def test_readings_beyond_the_rows_of_a_sheet_go_on_to_a_second_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Here a sheet has 14 rows: six of ten readings fit below title and heads."""
    monkeypatch.setattr("jcm_mrv.reporting.excel.report.MOST_ROWS", 14)
    (path := tmp_path / "report.xlsx").write_bytes(workbook_report(results.two_years()))
    sheets = [name for name in load_workbook(path).sheetnames if name.startswith("Readings")]
    assert sheets == ["Readings by month", "Readings", "Readings 2"]
    total = by_year(load_workbook(recalculate(path, tmp_path / "anew"), data_only=True))["Total"]
    assert total["Emission reductions"] == pytest.approx(results.two_years().reductions, rel=1e-9)
    assert total["Check"] == "OK"


def test_each_page_begins_with_the_headings_of_its_table(tmp_path: Path) -> None:
    """A page break is passed over where a sheet is fitted to its width: such a sheet states a scale."""
    grocery = Path(__file__).parents[3] / "examples" / "grocery_air_conditioning" / "monitoring.xlsx"
    (path := tmp_path / "report.xlsx").write_bytes(workbook_report(calculate_file(grocery)))
    book = load_workbook(path)
    # columns are measured by the standard font: where another stands there, LibreOffice prints below seven points
    assert (book._fonts[0].name, book._fonts[0].size) == ("Arial", 10)  # type: ignore[attr-defined]
    broken = {s.title: [b.id for b in s.row_breaks.brk] for s in book if s.row_breaks.brk}
    assert {"MRS(input) 2024", "MRS(calc_process)", "Monitoring points"} <= set(broken)
    for name, rows in broken.items():
        sheet = book[name]
        for row in rows:  # the title of a table, or its headings again; a check may stand above
            first = [c for n in (row + 1, row + 2) for c in sheet[n] if isinstance(c.value, str) and c.font.bold]
            assert first, f"{name} {row}"
        assert sheet.page_setup.fitToHeight is None or not sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.scale is None or sheet.page_setup.scale >= 70
    for sheet in book:  # ordinals far beyond do not make a page wider than what people read
        _, _, last, bottom = range_boundaries(sheet.print_area.rpartition("!")[2])
        assert any(sheet.cell(n, last).value is not None for n in range(1, bottom + 1)), sheet.title
    # of the sheets with a table that is longer than a page each repeats its headings
    long = ["Sums by point", "Sums by point 2", "Monthly slices", "Readings by month", "Readings", "Equipment 2"]
    assert all(book[name].print_title_rows for name in long)
    heads = [n for n in range(1, 60) if book["MRS(input) 2024"].cell(n, 1).value == "(a)\nMonitoring period"]
    assert len(heads) > 2  # Table 1 goes on over pages


def test_values_of_mrs_input_are_found_below_repeated_headings(tmp_path: Path) -> None:
    """Each monitored value that the equations take stands in column (e), in a row with a monitoring period."""
    grocery = Path(__file__).parents[3] / "examples" / "grocery_air_conditioning" / "monitoring.xlsx"
    (path := tmp_path / "report.xlsx").write_bytes(workbook_report(calculate_file(grocery)))
    formulas, values = load_workbook(path), load_workbook(path, data_only=True)
    taken = [
        (cell, values[cell.parent.title][cell.coordinate].value)
        for row in formulas["MRS(calc_process)"].iter_rows()
        for cell in row
        if re.fullmatch(r"='MRS\(input\) \d{4}'!\$E\$\d+", str(cell.value))
    ]
    assert len(taken) == 36 + 40  # four of forty units came in 2025
    for cell, shown in taken:
        name, _, place = str(cell.value)[2:].replace("$", "").partition("'!")
        assert values[name][place].value == pytest.approx(shown, rel=1e-12)
        assert re.fullmatch(r"\d+/\w+/\d{4}-\d+/\w+/\d{4}", str(values[name]["A" + place[1:]].value))


def test_the_months_of_the_period_fit_their_column(tmp_path: Path) -> None:
    """A month begins on a day; with a time of day the column would show #### only."""
    sheet = opened("solar", tmp_path)["Fixed values and defaults"]
    days = [cell for (cell,) in sheet["C3:C40"] if cell.is_date]
    assert len(days) > 2
    assert {cell.number_format for cell in days} == {"yyyy-mm-dd"}
    assert sheet.column_dimensions["C"].width > len("2023-01-01")
