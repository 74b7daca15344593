"""What is emptied or overwritten in a report changes the tonnes in no silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from openpyxl import Workbook
from openpyxl.cell import Cell

from support.excel_reports import PROCESS, by_year_anew, column, opened, readings

Anew = Mapping[Callable[[Workbook], None], Mapping[str, Mapping[str, object]]]


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


def emptied_reading(book: Workbook) -> None:
    readings(book)[2].value = None


def text_for_a_reading(book: Workbook) -> None:
    """It reaches the result instead of becoming zero."""
    readings(book)[2].value = "1.234,5"


SPOILT: dict[Callable[[Workbook], None], str] = {
    emptied_input: "two years",
    emptied_digits: "two years",
    emptied_default: "two years",
    text_beside_default: "two years",
    emptied_formula: "two years",
    emptied_row: "two years",
    emptied_year: "two years",
    emptied_reading: "units",
    text_for_a_reading: "units",
}


@pytest.fixture(scope="module")
def anew(tmp_path_factory: pytest.TempPathFactory) -> Anew:
    """The results of each spoilt workbook."""
    folder, books = tmp_path_factory.mktemp("spoilt"), []
    for spoil, case in SPOILT.items():
        books.append(opened(case, folder))
        spoil(books[-1])
    return dict(zip(SPOILT, by_year_anew(books, folder), strict=True))


@pytest.mark.parametrize("spoil", [spoil for spoil, case in SPOILT.items() if case == "two years"])
def test_nothing_lost_on_the_way_passes_in_silence(spoil: Callable[[Workbook], None], anew: Anew) -> None:
    """Each of these changes the tonnes, or would: the total then says CHECK or is no number."""
    total = anew[spoil]["Total"]
    assert total["Check"] == "CHECK" or not isinstance(total["Credited (whole tonnes)"], float)


def test_an_emptied_reading_is_noticed(anew: Anew) -> None:
    assert anew[emptied_reading]["2024"]["Check"] == "CHECK"


def test_text_for_a_number_reaches_the_result_instead_of_becoming_zero(anew: Anew) -> None:
    assert not isinstance(anew[text_for_a_reading]["2024"]["Emission reductions"], float)
    assert anew[text_for_a_reading]["2024"]["Check"] == "CHECK"
