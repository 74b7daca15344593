"""Bridges of one meter against each other, in the direction that raises ER, and against what can flow."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Severity
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.unlike_meter import out_of_proportion
from jcm_mrv.result import Direction, Result
from support.mutations import edit
from support.plants import PLANTS

RISES, FALLS, EITHER = Direction.RISES, Direction.FALLS, Direction.EITHER
OTHERS = [3.0, 2.0, 4.0]
MOST, LEAST = "times the most that was bridged", "times the least that was bridged"


@pytest.mark.parametrize(
    ("rate", "direction", "said"),
    [
        # 2.5 times 4, and 2 / 2.5; month.most_of_others is 2.5
        (10.0, RISES, f"2.5 {MOST}"),
        (9.75, RISES, ""),
        (40.0, FALLS, ""),
        (40.0, EITHER, f"10 {MOST}"),
        (40.0, None, f"10 {MOST}"),
        (0.8, FALLS, f"0.4 {LEAST}"),
        (0.875, FALLS, ""),
        (0.5, RISES, ""),
        (0.5, EITHER, f"0.25 {LEAST}"),
        (0.5, None, f"0.25 {LEAST}"),
    ],
)
def test_a_rate_far_from_all_others_in_the_direction_that_raises_er(
    rate: float, direction: Direction | None, said: str
) -> None:
    found = out_of_proportion(rate, OTHERS, direction, Settings({}))
    assert found == (f"{said} in as long a time" if said else "")


def test_of_what_never_flowed_nothing_is_known() -> None:
    assert out_of_proportion(40.0, [0.0], RISES, Settings({})) == ""
    assert out_of_proportion(0.0, [0.0, 4.0], FALLS, Settings({})) == ""
    assert out_of_proportion(0.0, [3.0, 4.0], FALLS, Settings({})) == ""


# --- in a whole workbook ----------------------------------------------------------------------------------


def bills(name: str, folder: Path, meter: str, times: float, *, months: tuple[int, ...]) -> Result:
    """A plant whose meter was not read in some months of the year, and billed in all; June's bill is wrong."""

    def change(book: Any) -> None:
        readings, invoices = book["Readings"], book["Invoices"]
        heads = [cell.value for cell in invoices[1]]
        for n in range(readings.max_row, 1, -1):
            at = readings.cell(n, 1).value, readings.cell(n, 3).value
            if at[0] != meter or at[1].month in months:
                readings.delete_rows(n)
        for month in range(1, 13):
            start, end = datetime(2023, month, 1), datetime(2023 + month // 12, month % 12 + 1, 1)
            row = {"Invoice no.": f"I-{month}", "Supplier": "EVN", "Meter ID": meter, "From": start, "To": end,
                   "Value": 50000 * (times if month == 6 else 1), "Unit": "kWh"}  # fmt: skip
            invoices.append([row.get(head) for head in heads])

    path = Path(shutil.copy(PLANTS / f"{name}.xlsx", folder / "monitoring.xlsx"))
    return calculate_file(edit(path, change))


@pytest.mark.parametrize(
    ("times", "months", "said"),
    [
        (1, (6,), ""),
        (1.25, (6,), ""),  # 62.5 MWh less 1.5 %, and May has 53.9 x 30 / 31 = 52.2: 1.18 times as much
        (4, (6,), "in as much time the meter itself counted 52.1613"),  # May: 53.9 MWh in 31 days
        (4, tuple(range(1, 13)), "3.73 times the most"),  # bills alone: 200 / 720 h, February 50 / 672 h
        (20, (6,), "more than can flow by the stated highest rate or the rated capacity"),
    ],
)
def test_a_bill_out_of_all_proportion_is_asked_about(
    times: float, months: tuple[int, ...], said: str, tmp_path: Path
) -> None:
    """A roof of 500 kW: 0.5 x 1.5 x 720 = 540 MWh are the most in June, however much is billed."""
    result = bills("yearly_check_meter_lower", tmp_path, "M-1", times, months=months)
    (june,) = [f for f in result.findings if f.code == "gaps.bridged" and "of 2023-06" in f.message]
    assert june.severity == (Severity.MAJOR if said else Severity.MINOR)
    assert said in june.found
    assert june.action.startswith("Keep the source ready") == (not said)
    others = [f for f in result.findings if f.code == "gaps.bridged" and f is not june]
    assert {f.severity for f in others} <= {Severity.MINOR}
    if times == 20:
        assert june.effect_tco2e == pytest.approx(540 * 0.333)
