"""Spans whose To is the last day that counts: no month lacks its last day, and nothing else is read into them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding, InputRefusedError
from jcm_mrv.result import Result
from jcm_mrv.workbook.last_days import LAST_DAY, with_last_days
from jcm_mrv.workbook.reading import read_workbook
from support.mutations import edit
from support.plants import PLANTS, add, codes, finding, plant

SOLAR, BOILER = "yearly_check_meter_lower", "fuel_on_two_sheets"
DAY = timedelta(days=1)


def ends(sheet: str, *, by: timedelta = -DAY, rows: slice = slice(None), meter: str = "") -> Callable[[Any], None]:
    """The column To of some rows of a sheet, moved."""

    def change(book: Any) -> None:
        heads = [cell.value for cell in book[sheet][1]]
        found = [row for row in book[sheet].iter_rows(min_row=2) if row[heads.index("To")].value]
        for row in [r for r in found if not meter or r[heads.index("Meter ID")].value == meter][rows]:
            row[heads.index("To")].value += by

    return change


def both(*changes: Callable[[Any], None]) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        for one in changes:
            one(book)

    return change


def without(sheet: str) -> Callable[[Any], None]:
    return lambda book: book[sheet].delete_rows(2, book[sheet].max_row)


def said(name: str, folder: Path, change: Callable[[Any], None]) -> list[Finding]:
    path = Path(shutil.copy(PLANTS / f"{name}.xlsx", folder / "monitoring.xlsx"))
    return with_last_days(read_workbook(edit(path, change)))[1]


def same_tonnes(one: Result, other: Result) -> bool:
    return one.reductions == pytest.approx(other.reductions, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "change", "exactly"),
    [
        (SOLAR, ends("Readings"), "M-1, M-C"),  # the check meter's one span, 1 January to 31 December, like the others
        (SOLAR, ends("Readings", meter="M-1"), "M-1"),
        (BOILER, ends("Stocks"), "TANK-1"),
        (BOILER, ends("Invoices"), "TANK-1"),
    ],
)
def test_the_day_under_to_counts(name: str, change: Callable[[Any], None], exactly: str, tmp_path: Path) -> None:
    as_stated, moved = plant(name, tmp_path), plant(name, tmp_path, change)
    assert same_tonnes(as_stated, moved)
    assert codes(moved) - codes(as_stated) == {"input.last_day"}, "no gap, nothing missing"
    assert f"the spans of {exactly} end with their last day" in finding(moved, LAST_DAY.code).message


MARCH = {"Meter ID": "M-1", "From": datetime(2023, 3, 1), "To": datetime(2023, 3, 31), "Value": 40000, "Unit": "kWh"}


def test_a_single_bill_of_a_month_that_was_read_is_compared_with_it(tmp_path: Path) -> None:
    """The bill of 1 to 31 March says 40.0 MWh, the meter 52.3 from 1 March to 1 April: 12.3 x 0.333 = 4.0959 t less."""
    bill = add("Invoices", {"Invoice no.": "1", "Supplier": "P", **MARCH})
    as_stated, billed = plant(SOLAR, tmp_path), plant(SOLAR, tmp_path, bill)
    assert finding(billed, "crosscheck.invoice").effect_tco2e == pytest.approx(-12.3 * 0.333)
    assert as_stated.reductions - billed.reductions == pytest.approx(12.3 * 0.333)
    assert finding(billed, "input.last_day").where.sheet == "Invoices"


def test_single_bills_of_a_main_meter_that_is_never_read_end_with_those_of_others(tmp_path: Path) -> None:
    """40.0 MWh were billed for March, 1 to 31, and M-1 counted 52.3 from 1 March to 1 April."""

    def main(book: Any) -> None:
        add("Meters", {"Meter ID": "M-0", "Unit": "kWh", "Transformer factor [1]": 1})(book)
        add("Invoices", {"Invoice no.": "1", "Supplier": "P", **MARCH, "Meter ID": "M-0"})(book)

    found = said(SOLAR, tmp_path, main)
    assert [(one.code, one.where.sheet) for one in found] == [("input.last_day", "Invoices")]


@pytest.mark.parametrize("readings", [timedelta(0), -DAY])
def test_an_override_of_a_month_that_was_read_is_of_the_whole_month(readings: timedelta, tmp_path: Path) -> None:
    """Of March, 1 to 31, as the readings themselves may be written: 40.0 for 52.3 MWh."""
    proven = add(
        "Overrides",
        {**MARCH, "Reason": "proven", "Evidence": "D-02", "Decided by": "N.", "Decided on": datetime(2024, 1, 5)},
    )
    result = plant(SOLAR, tmp_path, both(ends("Readings", by=readings), proven))
    assert plant(SOLAR, tmp_path).reductions - result.reductions == pytest.approx(12.3 * 0.333)


@pytest.mark.parametrize(
    "span",
    [
        {"To": datetime(2023, 3, 30)},  # two days are missing
        {"From": datetime(2023, 3, 2)},  # it begins with no reading
        {"To": datetime(2023, 3, 31, 12)},  # with its hour
        {"From": datetime(2023, 3, 27)},  # of a few days
    ],
)
def test_another_single_bill_ends_as_it_says(span: dict[str, datetime], tmp_path: Path) -> None:
    assert not said(SOLAR, tmp_path, add("Invoices", {"Invoice no.": "1", "Supplier": "P", **MARCH, **span}))


def test_dips_on_the_last_of_january_and_from_then_on_are_of_that_day(tmp_path: Path) -> None:
    """1 to 31 January and 31 January to 1 March: the meter of electricity is read on the first of each month."""

    def moved(book: Any) -> None:
        book["Stocks"]["C2"].value = book["Stocks"]["B3"].value = datetime(2023, 1, 31)

    assert not said(BOILER, tmp_path, moved)


def test_the_finding_stands_at_the_first_cell(tmp_path: Path) -> None:
    found = finding(plant(SOLAR, tmp_path, ends("Readings")), "input.last_day")
    assert (found.where.sheet, found.where.cell, found.found) == ("Readings", "D2", "2023-01-31")


def test_each_sheet_says_it_once(tmp_path: Path) -> None:
    result = plant(BOILER, tmp_path, both(ends("Stocks"), ends("Invoices")))
    assert [f.where.sheet for f in result.findings if f.code == "input.last_day"] == ["Invoices", "Stocks"]


def test_where_er_falls_no_day_is_filled_with_the_highest_rate(tmp_path: Path) -> None:
    """Electricity of the boiler, as energy by month: 40 kWh a day, 1 to 31 January and so on."""

    def by_month(book: Any, last: timedelta) -> None:
        sheet = book["Readings"]
        sheet.delete_rows(2, sheet.max_row)
        for month in range(1, 13):
            start, end = datetime(2023, month, 1), datetime(2023 + month // 12, month % 12 + 1, 1)
            sheet.append(["M-AUX", "energy", start, end - last, 40 * (end - start).days, "kWh"])

    as_stated = plant(BOILER, tmp_path, lambda book: by_month(book, timedelta(0)))
    moved = plant(BOILER, tmp_path, lambda book: by_month(book, DAY))
    assert same_tonnes(as_stated, moved)
    assert "gaps.month" not in codes(moved)


@pytest.mark.parametrize(
    "change",
    [
        ends("Readings", rows=slice(0, 1), meter="M-1"),  # one day is missing, once: a gap
        both(ends("Readings", meter="M-1"), ends("Readings", by=timedelta(hours=23), rows=slice(4, 5), meter="M-1")),
        both(ends("Readings", by=-3 * DAY, meter="M-1"), ends("Readings", by=DAY, meter="M-1")),  # two days each
    ],
)
def test_a_day_that_is_missing_stays_missing(change: Callable[[Any], None], tmp_path: Path) -> None:
    assert not said(SOLAR, tmp_path, change)


def test_whose_day_under_to_does_not_count_can_say_so(tmp_path: Path) -> None:
    minute = timedelta(minutes=1)
    found = codes(
        plant(SOLAR, tmp_path, both(ends("Readings", meter="M-1"), ends("Readings", by=-minute, meter="M-1")))
    )
    assert "input.last_day" not in found
    assert "gaps.bridged" in found, "23:59 of the day before, as the finding says"


def daily(span: int, length: int, rows: int = 90) -> Callable[[Any], None]:
    """Readings of M-1 every ``span`` days, To ``length`` days after From; the bounds of the period in full months."""

    def change(book: Any) -> None:
        sheet = book["Readings"]
        sheet.delete_rows(2, 12)
        first = datetime(2023, 1, 1)
        for n in range(rows):
            start = first + n * span * DAY
            sheet.append(["M-1", "energy", start, start + length * DAY, 1500, "kWh"])

    return change


def test_days_each_in_a_row_of_its_own(tmp_path: Path) -> None:
    """1 to 1 January, 2 to 2 January: 90 days of 1,500 kWh, 135 MWh x 0.333 = 44.955 t, and no row is turned down."""
    result = plant(SOLAR, tmp_path, daily(1, 0))
    assert "input.last_day" in codes(result)
    assert result.years[0].reference >= 44.955


def test_every_second_day_is_not_taken_for_two(tmp_path: Path) -> None:
    """1 to 2 January, 3 to 4 January: the second day of each may be missing, so it is."""
    assert not said(SOLAR, tmp_path, daily(2, 1))


def test_a_single_row_of_one_day_is_refused_as_before(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match=r"input\.interval_reversed"):
        plant(SOLAR, tmp_path, ends("Readings", by=-31 * DAY, rows=slice(0, 1), meter="M-1"))
