"""Bridges that give a gap more or less than the meter showed itself: asked about, and by how much, by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.result import Result
from support.plants import add, plant

SOLAR, WIRE = "invoice_over_the_start", "two_meters_one_removed"


def gap(meter: str, billed: float) -> Callable[[Any], None]:
    """No reading of a meter in March, and a bill of that month."""

    def change(book: Any) -> None:
        sheet = book["Readings"]
        for row in range(sheet.max_row, 1, -1):
            if (sheet.cell(row, 1).value, sheet.cell(row, 3).value) == (meter, datetime(2023, 3, 1)):
                sheet.delete_rows(row)
        bill = {"Invoice no.": "9", "Supplier": "P", "Meter ID": meter, "Value": billed, "Unit": "kWh"}
        add("Invoices", {**bill, "From": datetime(2023, 3, 1), "To": datetime(2023, 4, 1)})(book)

    return change


def of_march(result: Result) -> Any:
    (found,) = [f for f in result.findings if f.code == "gaps.bridged" and "2023-03" in f.message]
    return found


def test_a_bill_of_more_than_any_month_is_asked_about(tmp_path: Path) -> None:
    """130 MWh less 1.5 % = 128.05 MWh; the highest month is May, 53.9 MWh in as many days: 74.15 x 0.333 t."""
    said = of_march(plant(SOLAR, tmp_path, gap("M-1", 130_000)))
    assert (said.severity, said.effect_tco2e) == (Severity.MAJOR, pytest.approx(74.15 * 0.333))
    assert said.found.endswith("in as much time the meter itself counted 53.9")
    assert "Compare the source with the meter" in said.action


def test_a_bill_of_less_than_any_month_is_where_er_falls(tmp_path: Path) -> None:
    """2 MWh and 2 % = 2.04 MWh; M-a counts 20 MWh in a month, of 31 days at least: 17.96 x 0.8041 t."""
    said = of_march(plant(WIRE, tmp_path, gap("M-a", 2_000)))
    assert (said.severity, said.effect_tco2e) == (Severity.MAJOR, pytest.approx(17.96 * 0.8041))


@pytest.mark.parametrize(
    ("name", "meter", "billed"),
    [
        (SOLAR, "M-1", 52_300),
        (SOLAR, "M-1", 68_000),  # less 1.5 %: 66.98 MWh, 1.243 times the highest month
        (SOLAR, "M-1", 2_000),  # ER is lower with it
        (WIRE, "M-a", 15_000),  # and 2 %: 15.3 MWh, 0.765 times the lowest month
        (WIRE, "M-a", 130_000),
    ],
)
def test_what_is_like_the_meter_or_lowers_er_is_not(name: str, meter: str, billed: float, tmp_path: Path) -> None:
    assert of_march(plant(name, tmp_path, gap(meter, billed))).severity is Severity.MINOR
