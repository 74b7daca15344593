"""A reading over the end of a year is divided by time, and that is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding
from jcm_mrv.result import Result
from support.boiler import boiler, boiler_tables
from support.workbooks import Rows, monthly, solar_tables, solar_workbook


def calculated(
    path: Path, readings: Rows, settings: Rows = (), project: Mapping[str, Any] | None = None, **tables: Rows
) -> tuple[Result, list[Finding]]:
    period = {"period_start": date(2023, 12, 1), "period_end": date(2024, 1, 31), **(project or {})}
    given = {"readings": readings, "settings": settings, **tables}
    result = calculate_file(solar_workbook(path / "m.xlsx", project=period, tables=given))
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


WHOLE = {"start": datetime(2023, 12, 1), "end": datetime(2024, 2, 1), "value": 62_000.0, "unit": "kWh"}


def test_share_bounds_and_what_hangs_on_them_are_said(tmp_path: Path) -> None:
    """31 of 62 days; all or none of 62 MWh may have flowed in December: 31 MWh x 0.5 t/MWh may be of the other year."""
    _, [finding] = calculated(tmp_path, [{"meter_id": "M-1", "kind": "energy", **WHOLE}])
    assert finding.data == pytest.approx(
        {"count": 1, "amount": 62.0, "share": 0.5, "by_time": 31.0, "lowest": 0.0, "highest": 62.0, "moved": 15.5}
    )
    assert finding.effect_tco2e == pytest.approx(0.0, abs=1e-9), "the sum of both years is certain"
    assert "50.0% of the time" in finding.message and "within 0 to 62 MWh" in finding.found


def test_a_highest_rate_narrows_the_bounds(tmp_path: Path) -> None:
    """50 kW x 744 h = 37.2 MWh at most in a month of 31 days, so that 24.8 MWh at least were in the other one."""
    rate = [{**solar_tables()["meters"][0], "highest_rate": 50.0, "highest_rate_unit": "kW"}]
    _, [finding] = calculated(tmp_path, [{"meter_id": "M-1", "kind": "energy", **WHOLE}], meters=rate)
    assert (finding.data["lowest"], finding.data["highest"]) == pytest.approx((24.8, 37.2))
    assert finding.data["moved"] == pytest.approx(6.2 * 0.5)


def test_the_readings_at_both_ends_of_a_register_are_said(tmp_path: Path) -> None:
    rows = [
        {"meter_id": "M-1", "kind": "register", "end": at, "value": value, "unit": "kWh"}
        for at, value in (
            (datetime(2023, 12, 1), 1000.0),
            (datetime(2024, 1, 11), 42_000.0),
            (datetime(2024, 2, 1), 60_000.0),
        )
    ]
    _, [finding] = calculated(tmp_path, rows)
    # 31 of 41 days of 41 MWh.
    assert finding.data["by_time"] == pytest.approx(31.0) and finding.data["share"] == pytest.approx(31 / 41)
    assert "1000 (" in finding.found and "to 42000 (" in finding.found and "Readings!" in finding.found


def test_an_invoice_that_counts_is_divided_alike(tmp_path: Path) -> None:
    invoice = {"meter_id": "M-1", "invoice_no": "1", **WHOLE}
    points = [{**row, "option": "B"} for row in solar_tables()["points"]]
    result, [finding] = calculated(tmp_path, [], invoices=[invoice], points=points)
    assert finding.data["by_time"] == pytest.approx(31.0)
    assert [year.reductions for year in result.years] == pytest.approx([15.5, 15.5])


def test_each_meter_and_each_year_s_end_has_its_own(tmp_path: Path) -> None:
    """A reading of 26 months reaches over two ends of years: 31 and 396 of 791 days lie before them."""
    period = {"period_start": date(2022, 12, 1), "period_end": date(2025, 1, 31)}
    whole = {"start": datetime(2022, 12, 1), "end": datetime(2025, 1, 31), "value": 792_000.0, "unit": "kWh"}
    rest = {"start": datetime(2025, 1, 31), "end": datetime(2025, 2, 1), "value": 1000.0, "unit": "kWh"}
    rows = [{"meter_id": "M-1", "kind": "energy", **row} for row in (whole, rest)]
    _, found = calculated(tmp_path, rows, project=period)
    days = (datetime(2025, 1, 31) - datetime(2022, 12, 1)).days
    assert [f.data["share"] for f in found] == pytest.approx([31 / days, 396 / days, 762 / days])


def test_where_er_falls_with_the_meter_it_is_said_alike() -> None:
    """The auxiliaries of the boiler: 62 kWh over 62 days at 0.8 t/MWh, of which 31 kWh may be of the other year."""
    tables = boiler_tables()
    edges = [datetime(2023, 12, 1), datetime(2024, 1, 1), datetime(2024, 2, 1)]
    fuel = [
        {"meter_id": "T-1", "kind": "energy", "start": a, "end": b, "value": 10.0, "unit": "m3"}
        for a, b in pairwise(edges)
    ]
    power = {"meter_id": "E-1", "kind": "energy", "start": edges[0], "end": edges[2], "value": 62.0, "unit": "kWh"}
    result = boiler(
        tables={**tables, "readings": [*fuel, power]},
        project={"period_start": date(2023, 12, 1), "period_end": date(2024, 1, 31)},
    )
    [finding] = [f for f in result.findings if f.code == "readings.divided_at_year_end"]
    assert finding.data["moved"] == pytest.approx(0.031 * 0.8)
    assert finding.effect_tco2e == pytest.approx(0.0, abs=1e-9)


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
