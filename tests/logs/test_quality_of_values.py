"""How good a value is, where the log itself says so."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from jcm_mrv.findings import errors
from support.hourly_logs import counter, found, lines_of, plant, read, total, weights

BAD = [
    ("status", "VALID", "INVALID"), ("Quality", "Good", "Bad"), ("valid", "1", "0"), ("Estimated", "No", "Yes"),
    ("is_missing", "False", "True"), ("E/R", "R", "E"), ("Flag", "", "Estimated (substitute)"),
    ("状態", "正常", "異常"),
    ("Reading type", "Actual", "Estimate"), ("Trạng thái", "Hợp lệ", "Lỗi"), ("IsValid", "true", "false"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "good", "bad"), BAD)
def test_values_that_the_file_itself_calls_not_measured_are_questionable(
    heading: str, good: str, bad: str, tmp_path: Path
) -> None:
    lines = [f"{line},{bad if 72 <= n < 144 else good}" for n, line in enumerate(lines_of(plant()))]
    finding = found(read(tmp_path, lines, f"time,value,{heading}"), "logs.status")
    assert finding.severity == "major" and finding.data["count"] == 72
    (span,) = finding.questionable  # from the fourth day to the sixth, in Viet Nam
    assert (span.end - span.start) / 3.6e9 == 72
    assert timedelta(microseconds=span.start) == datetime(2024, 2, 3, 17) - datetime(1970, 1, 1)


def test_a_stated_status_column_leaves_out_what_is_not_measured(tmp_path: Path) -> None:
    values = plant()
    marks = ["Q7" if 72 <= n < 144 else "Q1" for n in range(len(values))]
    lines = [f"{line},{mark}" for line, mark in zip(lines_of(values), marks, strict=True)]
    given = {"heading": "time,value,code", "status_column": "code"}
    series = read(tmp_path, lines, **given, measured_words="Q1; Q2")
    right = math.fsum(v for v, mark in zip(values, marks, strict=True) if mark == "Q1")
    assert total(series) == pytest.approx(right, rel=1e-12) and found(series, "logs.status").severity == "minor"
    assert 72.0 in [h.hours for h in series.coverage.data_gaps]
    asked = read(tmp_path, lines, **given)
    assert found(asked, "logs.status").severity == "error" and "'Q7'" in found(asked, "logs.status").found


def test_estimated_values_of_a_stated_column_are_treated_and_not_deleted(tmp_path: Path) -> None:
    values = plant()
    lines = [f"{line},{'estimated' if n < 24 else 'A'}" for n, line in enumerate(lines_of(values))]
    series = read(tmp_path, lines, "time,value,type", status_column="type", measured_words="A")
    assert total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    assert found(series, "logs.status").severity == "major" and len(found(series, "logs.status").questionable) == 1


def test_a_reading_of_a_register_that_is_not_valid_is_left_out(tmp_path: Path) -> None:
    values = plant()
    shown = counter(values)
    lines = [f"{line},{'OK' if n != 100 else 'error'}" for n, line in enumerate(lines_of(shown))]
    lines[100] = lines[100].replace(f"{shown[100]}", "99999")
    series = read(tmp_path, lines, "time,value,status", kind="register", interval_minutes=None)
    assert errors(series.findings) == [] and found(series, "logs.status").severity == "major"
    assert total(series) == pytest.approx(shown[-1] - shown[0], rel=1e-12)


@pytest.mark.parametrize("words", ["Running", "Grid-tied", "MPPT", "A1"])
def test_the_state_of_equipment_is_no_quality_of_values(words: str, tmp_path: Path) -> None:
    lines = [f"{line},{words if n % 3 else 'Standby'}" for n, line in enumerate(lines_of(plant()))]
    assert weights(read(tmp_path, lines, "time,value,Inverter state")) == set()
