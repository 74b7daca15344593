"""What grows: periods and sheets beyond any project are refused with the limit, those up to it are worked through."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.limits import MOST_ROWS, MOST_YEARS
from support.command import run
from support.workbooks import solar_tables, solar_workbook

pytestmark = pytest.mark.timeout(120)
DAY = datetime(2024, 1, 1)


def overrides(count: int) -> list[dict[str, Any]]:
    return [
        {"meter_id": "M-1", "start": DAY + timedelta(minutes=n), "end": DAY + timedelta(minutes=n + 1), "value": 1.0,
         "unit": "kWh", "reason": "Invented", "decided_by": "Nobody", "decided_on": date(2024, 5, 1)}
        for n in range(count)
    ]  # fmt: skip


def meters(count: int) -> list[dict[str, Any]]:
    return [{**solar_tables()["meters"][0], "meter_id": f"M-{n}", "serial_number": f"S-{n}"} for n in range(count)]


def evidence(count: int) -> list[dict[str, Any]]:
    return [{"document_id": f"D-{n:02}", "title": "Invented"} for n in range(count)]


@pytest.mark.parametrize(
    ("key", "rows"), [("meters", meters), ("overrides", overrides), ("evidence", evidence)], ids=["m", "o", "e"]
)
def test_more_rows_than_the_limit(key: str, rows: Any, tmp_path: Path) -> None:
    path = solar_workbook(tmp_path / "monitoring.xlsx", tables={key: rows(MOST_ROWS[key] + 1)})
    done = run("check", path)
    title = key.capitalize()
    assert done.status == 1 and "input.too_many" in done.out
    assert f"{title}!A{MOST_ROWS[key] + 2}" in done.out and f"{MOST_ROWS[key]:,}" in done.out


@pytest.mark.parametrize("years", [MOST_YEARS, 190])
def test_a_period_of_two_centuries(years: int, tmp_path: Path) -> None:
    project = {"period_start": date(1955, 1, 1), "period_end": date(1955 + years, 1, 1)}
    done = run("check", solar_workbook(tmp_path / "monitoring.xlsx", project=project))
    assert done.status == 1 and "input.period_long" in done.out and "monitoring.xlsx" in done.out


def test_thirty_thousand_rows_of_evidence_and_ten_thousand_overrides(tmp_path: Path) -> None:
    """Within the limits: seconds, as n log n, and here they end with what is wrong in them."""
    tables = {"evidence": evidence(30_000), "overrides": overrides(10_000)}
    assert run("check", solar_workbook(tmp_path / "monitoring.xlsx", tables=tables)).status in (0, 1)
