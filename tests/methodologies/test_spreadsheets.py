"""LibreOffice reaches the tonnes of a case, and what it does not reach is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jcm_mrv.conformance.cases import Case, calculate_case, read_case
from jcm_mrv.conformance.official_checks import spreadsheet_problems
from jcm_mrv.result import Result

FAMILIES = Path(__file__).parents[2] / "methodologies"


def calculated(family: str, name: str, folder: Path) -> tuple[Case, Result]:
    path = FAMILIES / family / "cases" / f"{name}.toml"
    case = read_case(path.read_text(encoding="utf-8"), path.name)
    return case, calculate_case(case, folder)


def test_libreoffice_reaches_the_engines_tonnes(tmp_path: Path) -> None:
    """Of one case; the tests of the reports recalculate every case, some at a time."""
    assert spreadsheet_problems(*calculated("rice_paddy", "PH_AM004_1.0_indicative", tmp_path), tmp_path) == []


def test_tonnes_that_the_spreadsheet_does_not_reach_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, result = calculated("lighting", "ID_AM005_2.0_indicative", tmp_path)
    from jcm_mrv.reporting.excel.report import workbook_report

    right = workbook_report(result, "en")
    monkeypatch.setattr("jcm_mrv.reporting.excel.report.workbook_report", lambda *_: right)
    year = replace(result.years[0], reductions=result.years[0].reductions * (1 + 1e-6))
    problems = spreadsheet_problems(case, replace(result, years=[year]), tmp_path)
    assert [p.text.split(" recalculated")[0] for p in problems] == [
        "2024: Emission reductions",
        "Total: Emission reductions",
    ]
