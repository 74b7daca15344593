"""Parquet logs: types, zones, texts, and files that unfold without end."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from jcm_mrv.findings import errors
from jcm_mrv.logs import parquet_file as log_parquet
from jcm_mrv.logs.inspection.look import look_at
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import codes, log_row, parts_of

TIMES = [datetime(2024, 2, 1) + timedelta(minutes=15 * n) for n in range(4)]
VALUES = [1.0, 2.0, 4.0, 8.0]


def of(folder: Path, time: Any, value: Any, **given: Any) -> SeriesResult:
    parquet.write_table(pa.table({"time": time, "value": value}), folder / "log.parquet", row_group_size=3)
    return parts_of(folder, logs=[log_row(file="log.parquet", **given)])


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize(
    "value", [VALUES, pa.array(VALUES, pa.float32()), [1, 2, 4, 8], [Decimal("1.0"), 2, 4, 8], ["1", "2", "4", "8"],
              ["1.234,5", "0,5", "-1.234", "14,0"]],
)  # fmt: skip
def test_types_of_times_and_values(unit: str, value: Any, tmp_path: Path) -> None:
    series = of(tmp_path, pa.array(TIMES, pa.timestamp(unit)), value)
    assert errors(series.findings) == [] and total(series) == 15.0
    assert (series.parts.origins[0].file, series.parts.origins[0].line) == ("log.parquet", 1)


def test_times_with_a_zone_are_instants(tmp_path: Path) -> None:
    time = pa.array(TIMES, pa.timestamp("us", "+07:00"))  # pyarrow takes the datetimes as UTC
    series = of(tmp_path, time, VALUES, time_zone="")
    assert errors(series.findings) == [] and total(series) == 15.0
    assert series.coverage.data_gaps[0].end == int(TIMES[0].timestamp() - datetime(1970, 1, 1).timestamp()) * 10**6
    assert [f.code for f in errors(of(tmp_path, time, VALUES, time_zone="UTC+09:00").findings)] == ["logs.zone"] * 2
    assert errors(of(tmp_path, time, VALUES, time_zone="Asia/Ho_Chi_Minh").findings) == []
    naive = of(tmp_path, pa.array(TIMES, pa.timestamp("us")), VALUES, time_zone="")
    assert [f.code for f in errors(naive.findings)] == ["logs.zone"]


def test_texts_as_times_and_dates_with_times_of_day(tmp_path: Path) -> None:
    texts = [f"{t:%d/%m/%Y %H:%M}" for t in (TIMES[0] + timedelta(days=20 + n) for n in range(4))]
    assert total(of(tmp_path, texts, VALUES, interval_minutes=1440)) == 15.0
    table = pa.table({"d": pa.array([t.date() for t in TIMES]), "t": pa.array([t.time() for t in TIMES]), "v": VALUES})
    parquet.write_table(table, tmp_path / "log.parquet")
    series = parts_of(tmp_path, logs=[log_row(file="log.parquet", time_column="d + t", value_column="v")])
    assert errors(series.findings) == [] and total(series) == 15.0


def test_missing_and_unusable_values(tmp_path: Path) -> None:
    series = of(tmp_path, TIMES, [1.0, None, 4.0, 8.0])
    assert codes(series) == [] and total(series) == 13.0
    for value in (["1", "x", "4", "8"], [1.0, math.inf, 4.0, 8.0]):
        (finding,) = errors(of(tmp_path, TIMES, value).findings)
        assert (finding.code, finding.where.line) == ("logs.value", 2)
    series = of(tmp_path, TIMES, ["1", "-", "4", "8"])
    assert codes(series) == ["logs.missing_marker"] and total(series) == 13.0
    assert "logs.unreadable" in codes(of(tmp_path, TIMES, [[1], [2], [4], [8]]))


def test_what_is_no_parquet_file_or_unfolds_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = (of(tmp_path, TIMES, VALUES), (tmp_path / "log.parquet").read_bytes())[1]
    for content in (b"", b"PAR1", good[:-20], good[:50] + b"\0" * 30 + good[80:]):
        (tmp_path / "log.parquet").write_bytes(content)
        series = parts_of(tmp_path, logs=[log_row(file="log.parquet")])
        assert [f.code for f in errors(series.findings)] == ["logs.unreadable"]
    assert codes(of(tmp_path, TIMES, ["1", "2", "4", "8" * 5000])) == ["logs.unreadable"]
    monkeypatch.setattr(log_parquet, "MOST_ROWS", 3)
    assert "4 rows" in errors(of(tmp_path, TIMES, VALUES).findings)[0].message
    monkeypatch.setattr(log_parquet, "MOST_ROWS", 10)
    monkeypatch.setattr(log_parquet, "MOST_UNPACKED", 30)
    assert "unfolds" in errors(of(tmp_path, TIMES, VALUES).findings)[0].message


def test_a_look_at_a_parquet_log(tmp_path: Path) -> None:
    of(tmp_path, TIMES, VALUES)
    look = look_at(tmp_path / "log.parquet")
    assert (look.times[0].heading, look.times[0].minutes, look.times[0].count) == ("time", 15.0, 4)
    assert (look.values[0].heading, look.values[0].highest, look.values[0].grows) == ("value", 8.0, True)
