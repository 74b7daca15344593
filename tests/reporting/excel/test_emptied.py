"""What is emptied or overwritten in a report changes the tonnes in no silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell import Cell

from support.excel_reports import PROCESS, by_year, column, computed_anew, opened, readings


def test_an_emptied_reading_is_noticed(tmp_path: Path) -> None:
    book = opened("units", tmp_path)
    readings(book)[2].value = None
    anew = by_year(computed_anew(book, tmp_path))
    assert anew["2024"]["Check"] == "CHECK"


def emptied_input(book: Workbook) -> None:
    """The constant of the methodology in the list of values without index."""
    column_of_values(book, "GWP_CO2", 2).value = None


def emptied_digits(book: Workbook) -> None:
    """Empty digits would round 27.6 t to 28."""
    column_of_values(book, "floor-per-year", 2).value = None


def emptied_default(book: Workbook) -> None:
    """The row of a default, from its value on."""
    for offset in range(4, 11):
        column_of_values(book, "VN_AM007", offset).value = None


def text_beside_default(book: Workbook) -> None:
    """A confirmed factor with a decimal comma would give way to the card's value."""
    column_of_values(book, "VN_AM007", 7).value = "0,5"


def emptied_formula(book: Workbook) -> None:
    head, where = column(book["Monthly slices"], "E_used,n")
    book["Monthly slices"].cell(head + 5, where).value = None


def emptied_row(book: Workbook) -> None:
    """The monitored parameter of a calendar year."""
    head, _ = column(book["Sums by point"], "E_year,y")
    for cell in book["Sums by point"][head + 3]:
        cell.value = None


def emptied_year(book: Workbook) -> None:
    """A year of the block of results: the total would be the other year's alone."""
    sheet = book[PROCESS]
    row = next(c.row for c in sheet["A"] if c.value == 2024)
    for cell in sheet[row][1:]:
        cell.value = None


def column_of_values(book: Workbook, name: str, offset: int) -> Cell:
    """The cell beside a name on the sheet of fixed values."""
    sheet = book["Fixed values and defaults"]
    row, left = column(sheet, name)
    return sheet.cell(row, left + offset)


@pytest.mark.parametrize(
    "spoil",
    [emptied_input, emptied_digits, emptied_default, text_beside_default, emptied_formula, emptied_row, emptied_year],
)
def test_nothing_lost_on_the_way_passes_in_silence(spoil: Callable[[Workbook], None], tmp_path: Path) -> None:
    """Each of these changes the tonnes, or would: the total then says CHECK or is no number."""
    book = opened("two years", tmp_path)
    spoil(book)
    total = by_year(computed_anew(book, tmp_path))["Total"]
    assert total["Check"] == "CHECK" or not isinstance(total["Credited (whole tonnes)"], (int, float))


def test_text_for_a_number_reaches_the_result_instead_of_becoming_zero(tmp_path: Path) -> None:
    book = opened("units", tmp_path)
    readings(book)[2].value = "1.234,5"
    anew = by_year(computed_anew(book, tmp_path))
    assert not isinstance(anew["2024"]["Emission reductions"], (int, float))
    assert anew["2024"]["Check"] == "CHECK"
