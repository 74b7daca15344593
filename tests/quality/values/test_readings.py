"""A rule is given every single value as it was read, whatever the source."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from support.sheets import log_row, parts_of

UTC7 = 7 * 3_600_000_000


def local(instant: int) -> datetime:
    return np.datetime64(int(instant) + UTC7, "us").item()


def log(folder: Path, numbers: list[float]) -> None:
    lines = [f"2024-01-01 {n // 4:02d}:{n % 4 * 15:02d},{value:g}" for n, value in enumerate(numbers)]
    (folder / "log.csv").write_text("\n".join(["time,value", *lines]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("kind", ["energy", "power"])
def test_the_values_of_a_log_as_they_stand_in_the_file(tmp_path: Path, kind: str) -> None:
    """Neither the transformer factor 40 nor the hours of an interval are in them."""
    numbers = [float(n % 7 * 2) for n in range(80)]
    log(tmp_path, numbers)
    meters = [{"meter_id": "M-1", "unit": "kWh", "transformer_factor": 40}]
    row = log_row(kind=kind, unit="kW" if kind == "power" else "kWh")
    (profile,) = parts_of(tmp_path, meters=meters, logs=[row]).profiles
    assert profile.readings.value.tolist() == numbers
    assert bool((profile.readings.value % 2 == 0).all())
    assert local(profile.readings.time[5]) == datetime(2024, 1, 1, 1, 15)
    assert (profile.readings.where(5).file, profile.readings.where(5).line) == ("log.csv", 7)


def test_what_a_register_showed_and_what_the_sheet_holds() -> None:
    """Registers: the readings themselves, not their differences; a reading outside the period is not among them."""
    days = [datetime(2023, 12, 1), datetime(2024, 1, 1), datetime(2024, 6, 1), datetime(2025, 1, 1)]
    rows = [{"kind": "register", "end": day, "value": v} for day, v in zip(days, [7, 10, 14, 30], strict=True)]
    (profile,) = parts_of(rows=rows).profiles
    assert profile.readings.value.tolist() == [10.0, 14.0, 30.0]
    assert local(profile.readings.time[1]) == datetime(2024, 6, 1)
    assert profile.readings.where(1).cell == "E4"


def test_the_values_of_several_sources_are_in_order_of_time(tmp_path: Path) -> None:
    log(tmp_path, [1.0, 3.0, 5.0, 7.0] * 24)
    rows = [{"start": datetime(2024, 1, 2), "end": datetime(2024, 1, 3), "value": 2.0}]
    rows.append({"start": datetime(2024, 1, 3), "end": datetime(2024, 1, 4), "value": 4.0})
    (profile,) = parts_of(tmp_path, rows=rows, logs=[log_row()]).profiles
    assert profile.readings.value.tolist() == [1.0, 3.0, 5.0, 7.0] * 24 + [2.0, 4.0]
    assert (np.diff(profile.readings.time) > 0).all()
    assert (profile.readings.where(0).line, profile.readings.where(97).cell) == (2, "E3")


@pytest.mark.parametrize(
    ("kind", "typed", "count"),
    [
        ("energy", [-9999.0], 1),
        ("mean", [-999.9, -999.9], 2),
        ("register", [-9999.99], 1),
        ("energy", [65535.0] * 2, 2),
    ],
)
def test_a_number_for_no_value_on_the_sheet_is_refused_and_deleting_it_helps(
    kind: str, typed: list[float], count: int
) -> None:
    """Three readings of 5, 6 and 7, and what a logger writes for none: one below zero is enough, one above is not."""
    days = [datetime(2024, 1, n) for n in range(1, 8)]
    values = [5.0, 6.0, 7.0, *typed]
    spans = [{} if kind == "register" else {"start": a} for a in days]
    rows = [
        {**span, "kind": kind, "end": end, "value": v, **({"unit": "kW"} if kind == "mean" else {})}
        for span, end, v in zip(spans, days[1:], values, strict=False)
    ]
    refused = [f for f in parts_of(rows=rows).findings if f.code == "readings.missing_number"]
    assert [(f.severity, f.data, f.where.cell) for f in refused] == [
        ("error", {"value": typed[0], "count": count}, "E5")
    ]
    left = [row for row in rows if row["value"] not in typed]
    assert "readings.missing_number" not in {f.code for f in parts_of(rows=left).findings}


@pytest.mark.parametrize("values", [[5.0, 6.0, 65535.0], [-400.0, -999.0, 500.0], [99999.0, 99998.0, 99999.0]])
def test_one_above_zero_or_one_near_the_others_is_a_reading(values: list[float]) -> None:
    days = [datetime(2024, 1, n) for n in range(1, 5)]
    rows = [{"start": a, "end": b, "value": v} for a, b, v in zip(days, days[1:], values, strict=False)]
    assert "readings.missing_number" not in {f.code for f in parts_of(rows=rows).findings}
