"""LibreOffice reaches the tonnes of families whose graphs have other shapes: choices by unit, products, deductions."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.verification.cases import calculate_case, read_case
from support.libreoffice import recalculate

FAMILIES = Path(__file__).parents[2] / "methodologies"
PROCESS = "MRS(calc_process)"


@pytest.mark.parametrize(
    ("family", "name"),
    [
        ("commercial_building", "VN_AM003_1.0_confirmed"),
        ("production_process", "VN_AM009_1.1_confirmed"),
        ("rice_paddy", "PH_AM004_1.0_indicative"),
    ],
)
def test_libreoffice_reaches_the_engines_tonnes(family: str, name: str, tmp_path: Path) -> None:
    path = FAMILIES / family / "cases" / f"{name}.toml"
    result = calculate_case(read_case(path.read_text(encoding="utf-8"), path.name), tmp_path)
    report = tmp_path / "report.xlsx"
    report.write_bytes(workbook_report(result, "en"))
    book = load_workbook(recalculate(report, tmp_path / "anew"), data_only=True)
    rows = [[cell.value for cell in row] for row in book[PROCESS].iter_rows()]
    heads = next(row for row in rows if row[0] == "Year")
    total = dict(zip(heads, next(row for row in rows if row[0] == "Total"), strict=True))
    assert total["Check"] == "OK"
    for heading, value in (
        ("Reference emissions", result.reference),
        ("Project emissions", result.project),
        ("Emission reductions", result.reductions),
    ):
        assert total[heading] == pytest.approx(value, rel=1e-9)
