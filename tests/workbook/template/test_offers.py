"""What a blank workbook offers: an example row that is never calculated with, drop-downs, columns folded away."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from jcm_mrv.methodology.template import write_blank
from jcm_mrv.workbook.reading import read_workbook


@pytest.fixture(scope="module")
def pumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "monitoring.xlsx"
    write_blank(["VN_AM013"], path)
    return path


def heads(sheet: Worksheet) -> dict[str, str]:
    """The letter of each column by its heading."""
    return {str(cell.value): cell.column_letter for cell in sheet[1]}


def test_the_example_rows_are_read_as_nothing(pumps: Path) -> None:
    data = read_workbook(pumps)
    assert [data.equipment, data.meters, data.points, data.logs, data.invoices] == [[]] * 5
    assert len(data.readings) == 0
    assert "input.example_left" not in {f.code for f in data.findings}


def test_a_row_typed_over_in_part_is_refused_with_its_cell(pumps: Path, tmp_path: Path) -> None:
    """The meter's name is the person's own, its transformer factor of 40 is not."""
    book = load_workbook(pumps)
    sheet = book["Meters"]
    at = heads(sheet)
    sheet[f"{at['Meter ID']}2"] = "M-7"
    path = tmp_path / "monitoring.xlsx"
    book.save(path)
    data = read_workbook(path)
    (finding,) = [f for f in data.findings if f.code == "input.example_left"]
    assert finding.where.cell == f"{at['Serial number']}2" and finding.severity == "error"
    assert data.meters == []


def test_an_own_row_below_the_example_is_read(pumps: Path, tmp_path: Path) -> None:
    book = load_workbook(pumps)
    sheet = book["Equipment"]
    sheet.append(["PUMP-1"])
    path = tmp_path / "monitoring.xlsx"
    book.save(path)
    assert [row["equipment_id"].value for row in read_workbook(path).equipment] == ["PUMP-1"]


def test_drop_downs_offer_what_the_methodology_has(pumps: Path) -> None:
    book = load_workbook(pumps)
    lists = book["Lists"]
    assert lists.sheet_state == "hidden"
    offered = {str(column[0].value): [c.value for c in column[1:] if c.value] for column in lists.iter_cols()}
    assert offered["monitored"] == ["EC_PJ", "FC_cap", "EG_cap"] and "EF_grid" in offered["fixed"]
    assert "Asia/Ho_Chi_Minh" in offered["time_zone"] and "Viet Nam" in offered["country"]
    points = book["Monitoring points"]
    rules = {str(rule.sqref).split("2:")[0]: rule for rule in points.data_validations.dataValidation}
    rule = rules[heads(points)["Parameter"]]
    assert str(rule.formula1).startswith("Lists!$") and not rule.showErrorMessage


@pytest.mark.parametrize(("number", "shown"), [("VN_AM013", False), ("ID_AM015", True)])
def test_columns_that_the_methodology_does_not_ask_for_are_folded(number: str, shown: bool, tmp_path: Path) -> None:
    """A boiler's fuel is asked for; a pump has none. Folded columns that are empty are no hidden data."""
    path = tmp_path / "monitoring.xlsx"
    write_blank([number], path)
    sheet = load_workbook(path)["Equipment"]
    assert sheet.column_dimensions[heads(sheet)["Fuel"]].hidden is not shown
    assert "input.hidden" not in {f.code for f in read_workbook(path).findings}
