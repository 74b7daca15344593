"""The Excel report in every language: the same numbers on sheets with other names."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jcm_mrv.reporting.excel.report import workbook_report
from support import results
from support.libreoffice import recalculate


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_the_tonnes_are_the_same_and_formulas_find_their_sheets(lang: str, tmp_path: Path) -> None:
    """By hand: 3 t in 2024 and 7 t in 2025 (see the sample)."""
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook_report(results.two_years(), lang))
    anew = load_workbook(recalculate(path, tmp_path / "anew"), data_only=True)
    rows = [[c.value for c in row] for row in anew["MRS(calc_process)"].iter_rows(max_col=9)]
    years = {row[0]: row for row in rows if row[0] in (2024, 2025)}
    assert [years[y][6] for y in (2024, 2025)] == [3, 7]
    assert [years[y][8] for y in (2024, 2025)] == ["OK", "OK"]


@pytest.mark.parametrize("lang", ["en", "vi", "ja"])
def test_sheet_names_are_allowed_and_official_ones_stay(lang: str) -> None:
    names = load_workbook(BytesIO(workbook_report(results.two_years(), lang))).sheetnames
    assert all(len(name) <= 31 for name in names)
    assert {"MRS(input) 2024", "MRS(input) 2025", "MRS(calc_process)"} <= set(names)
