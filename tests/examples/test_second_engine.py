"""The Excel reports of the examples, recalculated by LibreOffice: every formula reaches the value of the engine."""

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


@pytest.mark.parametrize(
    ("workbook", "at_least"),
    [
        ("rooftop_solar/monitoring.xlsx", 40),
        ("grocery_air_conditioning/monitoring.xlsx", 2000),
        ("grocery_air_conditioning/monitoring_VN_AM006.xlsx", 2000),
    ],
)
def test_libreoffice_reaches_every_number(workbook: str, at_least: int, tmp_path: Path) -> None:
    (_, report) = write_reports(calculate_file(EXAMPLES / workbook), tmp_path, ["xlsx"])
    engine = load_workbook(report, data_only=True)
    bare = load_workbook(report)
    bare.save(tmp_path / "bare.xlsx")  # formulas only: openpyxl writes no cached values
    anew = load_workbook(recalculate(tmp_path / "bare.xlsx", tmp_path / "anew"), data_only=True)
    places = formulas(bare)
    assert len(places) >= at_least
    for sheet, cell in places:
        ours, theirs = engine[sheet][cell].value, anew[sheet][cell].value
        if isinstance(ours, (int, float)) and not isinstance(ours, bool):
            assert theirs == pytest.approx(ours, rel=1e-9, abs=1e-9), (sheet, cell)
        else:
            assert theirs == ours, (sheet, cell)
