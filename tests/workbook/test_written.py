"""A workbook whose dates and numbers are texts is read in the way that its form Project states, and in no other."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import errors
from jcm_mrv.workbook.reading import read_workbook
from support.mutations import edit

STATED = {"Date format": "DD/MM/YYYY", "Decimal mark": "comma"}


def state(book: Any, fields: dict[str, str]) -> None:
    for row in book["Project"].iter_rows(min_row=2):
        if row[0].value in fields:
            row[1].value = fields[row[0].value]


def as_texts(book: Any) -> None:
    """Every date and number of the workbook as an office in Viet Nam types them: 31/12/2024 and 1.234,5."""
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, (datetime, date)):
                    cell.value = f"{cell.value:%d/%m/%Y %H:%M}".removesuffix(" 00:00")
                elif isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
                    cell.value = f"{cell.value:,.2f}".translate(str.maketrans(",.", ".,")).removesuffix(",00")


def test_texts_are_read_as_stated_and_are_the_same_values(good: Path) -> None:
    before = read_workbook(good)
    edit(good, lambda book: (as_texts(book), state(book, STATED)))
    after = read_workbook(good)
    assert not errors(after.findings), "\n".join(map(str, errors(after.findings)))
    assert np.array_equal(after.readings.value, before.readings.value)
    assert np.array_equal(after.readings.end, before.readings.end)
    assert after.project.period_end == before.project.period_end
    assert after.meters[0].transformer_factor == before.meters[0].transformer_factor
    dates, numbers = [f for f in after.findings if f.code == "input.text_read"]
    assert "01/01/2024 as 2024-01-01" in dates.found
    assert "read as numbers" in numbers.message and numbers.where.sheet == "Project"


def test_the_same_texts_are_refused_where_nothing_is_stated_and_the_remedy_names_the_fields(good: Path) -> None:
    edit(good, as_texts)
    refused = errors(read_workbook(good).findings)
    assert {f.code for f in refused} == {"input.date_as_text", "input.text_for_number"}
    told = " ".join(f.action for f in refused)
    assert "Project (Date format)" in told and "Project (Decimal mark)" in told


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        ("D3", "12/31/2024", "input.date_as_text"),
        ("D3", "31/12/24", "input.date_as_text"),
        ("D3", "45352", "input.date_as_text"),
        ("D3", "03/2024", "input.date_as_text"),
        ("E3", "6,686.2", "input.text_for_number"),
        ("E3", "68.5", "input.text_for_number"),
        ("E3", "5053,1 kWh", "input.text_for_number"),
        ("E3", "không có", "input.text_for_number"),
    ],
)
def test_what_is_nothing_in_the_stated_way_is_still_refused(good: Path, cell: str, text: str, code: str) -> None:
    def change(book: Any) -> None:
        as_texts(book)
        state(book, STATED)
        book["Readings"][cell].value = text

    (fault,) = errors(read_workbook(edit(good, change)).findings)
    assert fault.code == code and fault.where.cell == cell and fault.found == text


def test_dates_that_a_spreadsheet_turned_around_are_not_taken(good: Path) -> None:
    """Set to month before day it makes 1 February of 02/01/2024 (2 January), and leaves 31/12/2024 a text."""

    def change(book: Any) -> None:
        state(book, STATED)
        book["Readings"]["D2"].value = datetime(2024, 2, 1)
        book["Readings"]["D3"].value = "31/12/2024"

    found = errors(read_workbook(edit(good, change)).findings)
    assert [f.code for f in found] == ["input.dates_turned"]
    assert found[0].where.cell == "D2" and "31/12/2024" in found[0].message


def test_monthly_dates_that_were_all_turned_around_are_a_question(good: Path) -> None:
    """Readings of the first of each month as a spreadsheet set to month before day takes them: 1 to 12 January."""

    def turn(book: Any) -> None:
        sheet = book["Readings"]
        for row, month in enumerate((*range(1, 13), 13), start=2):
            day = datetime(2024, 1, month) if month < 13 else datetime(2025, 1, 1)
            for column, value in ((1, "M-1"), (2, "register"), (3, None), (4, day), (5, 1000.0 * row), (6, "kWh")):
                sheet.cell(row, column).value = value

    (finding,) = [f for f in read_workbook(edit(good, turn)).findings if f.code == "input.dates_turned"]
    assert finding.severity == "major" and finding.where.cell == "D2" and "one a month" in finding.message


def test_daily_dates_of_some_days_are_none(good: Path) -> None:
    def daily(book: Any) -> None:
        for row in range(2, 14):
            for column, value in ((1, "M-1"), (2, "register"), (4, datetime(2024, 1, row - 1)), (5, row), (6, "kWh")):
                book["Readings"].cell(row, column).value = value

    assert "input.dates_turned" not in [f.code for f in read_workbook(edit(good, daily)).findings]
