"""MRS(calc_process) has the blocks of the official form, and each default value stands in one cell."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from jcm_mrv.calculation import calculate_file
from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.result import Result
from support import results

PROCESS = "MRS(calc_process)"
EXAMPLES = Path(__file__).parents[3] / "examples"


def books(result: Result) -> tuple[Workbook, Workbook]:
    """The report with its formulas, and with their values."""
    content = workbook_report(result)
    return load_workbook(BytesIO(content)), load_workbook(BytesIO(content), data_only=True)


def block(book: Workbook, title: str) -> list[list[object]]:
    """The lines below a heading, without the empty cells at their ends."""
    rows = [[c.value for c in row] for row in book[PROCESS].iter_rows(max_col=6)]
    start = next(n for n, row in enumerate(rows) if row[0] == title)
    end = next(n for n in range(start, len(rows)) if rows[n][0] is None)
    return rows[start:end]


def test_the_blocks_of_the_official_form_follow_each_other_with_its_columns() -> None:
    """By hand: 360 MWh at 0.5 t/MWh are 180 t; one year, so one column of values."""
    _, values = books(results.solar())
    titles = [str(c.value) for (c,) in values[PROCESS].iter_rows(max_col=1) if str(c.value)[:2] in ("1.", "2.", "3.")]
    assert titles == [
        "1. Calculations for emission reductions",
        "2. Selected default values, etc.",
        "3. Calculations for reference emissions",
    ]
    head, *lines = block(values, titles[0])
    assert head[1:5] == ["Fuel type", "Value", "Units", "Parameter"]
    assert [line[2:5] for line in lines] == [[180, "tCO2e", "ER_p"], [180, "tCO2e", "RE_p"], [0, "tCO2e", "PE_p"]]
    reference = {str(line[4]): line[2] for line in block(values, titles[2])[1:]}
    assert reference["RE_p"] == 180
    assert reference["EG_i,p"] == 360
    assert reference["EF_RE,i"] == 0.5
    project = block(values, "4. Calculations of the project emissions")
    assert project[1][2:5] == [0, "tCO2e", "PE_p"]


def test_two_years_have_two_columns_of_values() -> None:
    """By hand: 3 t in 2024 and 7 t in 2025 (see the sample)."""
    _, values = books(results.two_years())
    head, reductions, *_ = block(values, "1. Calculations for emission reductions")
    assert head[2:6] == ["Value\n2024", "Value\n2025", "Units", "Parameter"]
    assert reductions[2:4] == pytest.approx([3, 7])


def test_every_number_of_the_blocks_is_a_formula_and_the_list_of_defaults_holds_the_only_cell_of_each() -> None:
    formulas, _ = books(results.solar())
    for title in ("1. Calculations for emission reductions", "3. Calculations for reference emissions"):
        assert all(str(line[2]).startswith("=") for line in block(formulas, title)[1:])
    for _, _, number, _, symbol in (line[:5] for line in block(formulas, "[List of Default Values]")[1:]):
        own = [
            cell
            for row in formulas["Fixed values and defaults"].iter_rows()
            for cell in row
            if cell.value == symbol and cell.column == 2
        ]
        assert isinstance(number, float)
        assert own
        for cell in own:  # the card's value is a reference to the list
            assert str(cell.offset(0, 3).value).startswith("=IF(ISNUMBER('MRS(calc_process)'!")


def test_a_confirmed_value_that_was_entered_once_stands_once_for_all_that_use_it() -> None:
    """The factor of the grid holds for both supplies of the shops."""
    formulas, values = books(calculate_file(EXAMPLES / "grocery_air_conditioning" / "monitoring.xlsx"))
    fixed = formulas["Fixed values and defaults"]
    rows = [row for row in fixed.iter_rows(max_col=8) if row[1].value == "EF_grid"]
    assert [row[7].value for row in rows] == [0.8, f"=IF(ISNUMBER($H${rows[0][0].row}),$H${rows[0][0].row},NA())"]
    many = next(line for line in block(values, "2. Selected default values, etc.") if line[5] == "COP_RE")
    assert str(many[0]).endswith("\n→ Fixed values and defaults")  # forty values of forty units: where they stand
