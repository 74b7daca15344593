"""Faults of raw files that a proven override covers: the file stays as it is, and nothing is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from support.workbooks import solar_tables, solar_workbook

DAYS = 91
OVERRIDE = {
    "meter_id": "M-1", "start": datetime(2024, 2, 3, 10), "end": datetime(2024, 2, 3, 14), "value": 400.0,
    "unit": "kWh", "reason": "the logger restarted (made for the purpose)", "evidence": "D-1", "decided_by": "x",
    "decided_on": date(2024, 4, 5),
}  # fmt: skip
HOURS = [datetime(2024, 1, 1) + timedelta(hours=n) for n in range(DAYS * 24 + 1)]
FAULT = datetime(2024, 2, 3, 12)


def workbook(folder: Path, rows: Sequence[str], *, override: bool = True, log: dict[str, Any] | None = None) -> Path:
    (folder / "log.csv").write_text("\n".join(["time,value", *rows]) + "\n")
    row = {
        "log_id": "L-1", "meter_id": "M-1", "file": "log.csv", "layout": "wide", "time_column": "time",
        "value_column": "value", "unit": "kWh", "kind": "energy", "time_zone": "Asia/Ho_Chi_Minh", "stamp": "start",
        "interval_minutes": 60, "transformer_factor_included": "yes", **(log or {}),
    }  # fmt: skip
    tables = {"readings": [], "logs": [row], "overrides": [OVERRIDE] if override else []}
    proof = [{"document_id": "D-1", "title": "made", "proves": "x"}]
    return solar_workbook(
        folder / "monitoring.xlsx", tables={**tables, "evidence": [*solar_tables().get("evidence", []), *proof]}
    )


def kwh(hour: datetime) -> float:
    """100 kWh each hour of the day, nothing at night."""
    return 100.0 if 6 <= hour.hour < 18 else 0.0


def energy_rows(fault: str) -> list[str]:
    return [f"{t:%Y-%m-%d %H:%M},{fault if t == FAULT else kwh(t)}" for t in HOURS[:-1]]


def register_rows() -> list[str]:
    shown, rows = 50_000.0, []
    for t in HOURS:
        rows.append(f"{t:%Y-%m-%d %H:%M},{0.0 if t == FAULT else shown}")
        shown += kwh(t)
    return rows


# 91 days of 12 hours at 100 kWh, of which 4 hours are 400 kWh by the override too: 109,200 kWh at 0.5 t/MWh.
RIGHT = DAYS * 12 * 100 / 2000


@pytest.mark.parametrize("fault", ["#DIV/0!", "Err", "TRUE"])
def test_an_error_cell_is_settled_by_the_override(fault: str, tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        calculate_file(workbook(tmp_path, energy_rows(fault), override=False))
    assert "logs.value" in {f.code for f in refused.value.findings}
    result = calculate_file(workbook(tmp_path, energy_rows(fault)))
    assert sum(y.reductions for y in result.years) == pytest.approx(RIGHT, rel=1e-9)
    assert "logs.overridden" in {f.code for f in result.findings}


def test_a_register_that_writes_zero_once_is_settled_by_the_override(tmp_path: Path) -> None:
    log = {"kind": "register", "interval_minutes": None}
    with pytest.raises(InputRefusedError):
        calculate_file(workbook(tmp_path, register_rows(), override=False, log=log))
    result = calculate_file(workbook(tmp_path, register_rows(), log=log))
    assert sum(y.reductions for y in result.years) == pytest.approx(RIGHT, rel=1e-9)
    assert "logs.overridden" in {f.code for f in result.findings}


def test_two_values_for_one_time_are_settled_by_the_override(tmp_path: Path) -> None:
    rows = energy_rows("100.0")
    at = next(n for n, row in enumerate(rows) if row.startswith(f"{FAULT:%Y-%m-%d %H:%M}"))
    rows.insert(at + 1, f"{FAULT:%Y-%m-%d %H:%M},7777")
    with pytest.raises(InputRefusedError):
        calculate_file(workbook(tmp_path, rows, override=False))
    result = calculate_file(workbook(tmp_path, rows))
    assert sum(y.reductions for y in result.years) == pytest.approx(RIGHT, rel=1e-9)


def test_a_fault_beside_the_override_is_still_refused(tmp_path: Path) -> None:
    rows = energy_rows("#N/A")
    rows[100] = rows[100].partition(",")[0] + ",#N/A"
    with pytest.raises(InputRefusedError) as refused:
        calculate_file(workbook(tmp_path, rows))
    assert [f.where.line for f in refused.value.findings if f.code == "logs.value"] == [102]


@pytest.mark.parametrize("depth", [-300.0, -20.0])
def test_one_negative_value_is_not_the_rate_of_every_missing_night(depth: float, tmp_path: Path) -> None:
    """A logger that writes no nights, and one value below zero: a hole of the night costs nothing."""
    rows = [f"{t:%Y-%m-%d %H:%M},{depth if t == FAULT else kwh(t)}" for t in HOURS[:-1] if 6 <= t.hour < 18]
    result = calculate_file(workbook(tmp_path, rows, override=False))
    right = RIGHT - (100 - depth) / 2000
    assert sum(y.reductions for y in result.years) == pytest.approx(right, rel=0.02)


def test_a_plant_that_draws_at_night_still_lowers_the_gaps(tmp_path: Path) -> None:
    rows = [f"{t:%Y-%m-%d %H:%M},{kwh(t) or -2.0}" for t in HOURS[:-1] if t.hour != 3]
    result = calculate_file(workbook(tmp_path, rows, override=False))
    # 91 gaps of an hour at -2 kWh and 11 measured hours of each night at -2 kWh
    assert sum(y.reductions for y in result.years) == pytest.approx(RIGHT - DAYS * 12 * 2 / 2000, rel=1e-6)
