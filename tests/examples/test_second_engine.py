"""The Excel report of an example, recalculated by LibreOffice: every formula reaches the value of the engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from jcm_mrv.calculation import calculate_file
from jcm_mrv.reporting.write import write_reports
from support.libreoffice import recalculate

EXAMPLES = Path(__file__).parents[2] / "examples"


def formulas(book: Workbook) -> list[tuple[str, str]]:
    return [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    ]


def test_libreoffice_reaches_every_number(tmp_path: Path) -> None:
    """Of the example with a log; the tests of the Excel report do the same with the others."""
    (_, report) = write_reports(calculate_file(EXAMPLES / "rooftop_solar" / "monitoring.xlsx"), tmp_path, ["xlsx"])
    engine = load_workbook(report, data_only=True)
    bare = load_workbook(report)
    bare.save(tmp_path / "bare.xlsx")  # formulas only: openpyxl writes no cached values
    anew = load_workbook(recalculate(tmp_path / "bare.xlsx", tmp_path / "anew"), data_only=True)
    places = formulas(bare)
    assert len(places) >= 40
    for sheet, cell in places:
        ours, theirs = engine[sheet][cell].value, anew[sheet][cell].value
        if isinstance(ours, (int, float)) and not isinstance(ours, bool):
            assert theirs == pytest.approx(ours, rel=1e-9, abs=1e-9), (sheet, cell)
        else:
            assert theirs == ours, (sheet, cell)
