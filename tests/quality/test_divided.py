"""A reading over the end of a year is divided by time, and that is said."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding
from jcm_mrv.result import Result
from support.workbooks import Rows, monthly, solar_workbook


def calculated(path: Path, readings: Rows, settings: Rows = ()) -> tuple[Result, list[Finding]]:
    period = {"period_start": date(2023, 12, 1), "period_end": date(2024, 1, 31)}
    result = calculate_file(
        solar_workbook(path / "m.xlsx", project=period, tables={"readings": readings, "settings": settings})
    )
    return result, [f for f in result.findings if f.code == "readings.divided_at_year_end"]


def test_readings_at_the_end_of_the_year_leave_nothing_to_say(tmp_path: Path) -> None:
    _, found = calculated(tmp_path, monthly("M-1", (100.0, 200.0), (2023, 12)))
    assert found == []


def test_a_reading_over_the_end_of_the_year_is_divided_by_time_and_named(tmp_path: Path) -> None:
    """By hand: 62 MWh over 62 days is 31 MWh a month: 15.5 t in each year at 0.5 t/MWh."""
    whole = {"start": datetime(2023, 12, 1), "end": datetime(2024, 2, 1), "value": 62_000.0, "unit": "kWh"}
    result, found = calculated(tmp_path, [{"meter_id": "M-1", "kind": "energy", **whole}])
    assert [year.reductions for year in result.years] == pytest.approx([15.5, 15.5])
    [finding] = found
    assert finding.severity == "note"
    assert finding.data["count"] == 1
    assert finding.data["amount"] == pytest.approx(62.0)
    assert "2023-12-01" in finding.found and "2024-02-01" in finding.found


def test_a_reading_within_a_day_of_it_needs_nothing(tmp_path: Path) -> None:
    day = {"start": datetime(2023, 12, 31, 12), "end": datetime(2024, 1, 1, 12), "value": 24.0, "unit": "kWh"}
    before = {"start": datetime(2023, 12, 1), "end": datetime(2023, 12, 31, 12), "value": 1.0, "unit": "kWh"}
    after = {"start": datetime(2024, 1, 1, 12), "end": datetime(2024, 2, 1), "value": 1.0, "unit": "kWh"}
    rows = [{"meter_id": "M-1", "kind": "energy", **row} for row in (before, day, after)]
    assert calculated(tmp_path, rows)[1] == []


def test_a_project_may_set_what_is_long(tmp_path: Path) -> None:
    """A reading of 62 days is 1,488 hours long."""
    whole = {"start": datetime(2023, 12, 1), "end": datetime(2024, 2, 1), "value": 62_000.0, "unit": "kWh"}
    settings = [{"setting": "divided.longest_hours", "value": 1488.0, "reason": "read every two months, PDD 1.1"}]
    assert calculated(tmp_path, [{"meter_id": "M-1", "kind": "energy", **whole}], settings)[1] == []
