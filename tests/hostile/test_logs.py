"""Logs made to break a reader: each is refused with its place, in bounded time, and nothing is written.

All of them are made for the purpose.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from support.command import Run, run
from support.workbooks import solar_workbook

TIMES = [datetime(2024, 1, 1) + timedelta(hours=n) for n in range(48)]
LOG = {
    "log_id": "LOG-1", "meter_id": "M-1", "file": "log.csv", "layout": "wide", "time_column": "time",
    "value_column": "kWh",
    "unit": "kWh", "kind": "energy", "time_zone": "Asia/Ho_Chi_Minh", "stamp": "start", "interval_minutes": 60.0,
    "transformer_factor_included": "yes",
}  # fmt: skip
pytestmark = pytest.mark.timeout(60)


def calculated(folder: Path, **changes: Any) -> Run:
    path = solar_workbook(folder / "monitoring.xlsx", tables={"readings": [], "logs": [{**LOG, **changes}]})
    done = run("calculate", path, "--formats", "json", "--output", folder / "out")
    assert not (folder / "out").exists() or done.status == 0
    return done


def refused(done: Run, code: str, *words: str) -> None:
    text = " ".join(done.err.split())
    assert done.status == 1 and f"code: {code}" in text and "to do:" in text, done.err
    for word in words:
        assert word in text, done.err


def csv(folder: Path, values: list[str]) -> None:
    lines = [f"{t:%Y-%m-%d %H:%M},{v}" for t, v in zip(TIMES, values, strict=False)]
    (folder / "log.csv").write_text("time,kWh\n" + "\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("value", ["1.7e308", "-1.7e308", "5e-324", "1e16", "9" * 400])
def test_values_beyond_all_sizes(value: str, tmp_path: Path) -> None:
    csv(tmp_path, ["1", value, value, *["1"] * 40])
    refused(calculated(tmp_path), "logs.value", "log.csv, line 3", value[:20])


@pytest.mark.parametrize("minutes", [1e308, 1e15, -1.0, 0.0, 1e-99, 527_041.0])
def test_intervals_that_are_none(minutes: float, tmp_path: Path) -> None:
    csv(tmp_path, ["1"] * 48)
    done = calculated(tmp_path, interval_minutes=minutes)
    refused(done, "input.number_size" if minutes > 1e15 else "logs.interval", "Logs!N2")


@pytest.mark.parametrize("pattern", ["**.csv", "a**/x.csv", "**b", "***"])
def test_stars_that_stand_for_nothing(pattern: str, tmp_path: Path) -> None:
    csv(tmp_path, ["1"] * 48)
    refused(calculated(tmp_path, file=pattern), "logs.missing", "Logs!C2", pattern, "**/*.csv for the folders below")


def test_folders_twelve_times_are_looked_through_once(tmp_path: Path) -> None:
    """Deep folders and many stars: each folder is looked at once for each part of the pattern."""
    deep = tmp_path
    for _ in range(40):
        deep = deep / "d"
        deep.mkdir()
        for name in ("a", "b", "c"):
            (deep / name).mkdir()
    csv(deep, ["1"] * 48)
    refused(calculated(tmp_path, file="**/*/" * 12 + "*.txt"), "logs.missing")
    assert calculated(tmp_path, file="**/" * 12 + "*.csv").status == 0


def test_patterns_find_what_they_say(tmp_path: Path) -> None:
    for name in ("a.csv", "b.txt", "2024/a.csv", "2024/x/a.csv", "2025/a.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    from jcm_mrv.workbook.folder_files import matching_files

    def found(pattern: str) -> list[str]:
        return matching_files(tmp_path, pattern.split("/"), 100)

    assert found("*.csv") == ["a.csv"]
    assert found("2024/*.csv") == ["2024/a.csv"]
    assert found("**/*.csv") == ["2024/a.csv", "2024/x/a.csv", "2025/a.csv", "a.csv"]
    assert found("202?/**/a.csv") == ["2024/a.csv", "2024/x/a.csv", "2025/a.csv"]
    assert found("**/**/**/x/*") == ["2024/x/a.csv"]
    assert found("nowhere/*.csv") == []


# --- Parquet ------------------------------------------------------------------------


def table(folder: Path, time: Any = None, value: Any = None, **options: Any) -> Path:
    time = pa.array(TIMES, pa.timestamp("us")) if time is None else time
    written = pa.table({"time": time, "kWh": [1.0] * len(TIMES) if value is None else value})
    parquet.write_table(written, folder / "log.parquet", **options)
    return folder / "log.parquet"


def seconds(first: int, kind: pa.DataType) -> pa.Array:
    rest = [int(t.timestamp()) for t in TIMES[1:]]
    return pa.array([first, *rest], pa.int64()).cast(kind)


@pytest.mark.parametrize("first", [2**40, -(2**40), 253_402_300_800])
@pytest.mark.parametrize("zone", [None, "UTC"])
def test_times_of_no_calendar(first: int, zone: str | None, tmp_path: Path) -> None:
    table(tmp_path, seconds(first, pa.timestamp("s", zone)))
    refused(calculated(tmp_path, file="log.parquet"), "logs.unreadable", "log.parquet", "row 1", "outside 1950 to 215")


@pytest.mark.parametrize("zone", ["Mars/Phobos", "+99:00", "Asia/Nowhere"])
def test_times_of_no_zone(zone: str, tmp_path: Path) -> None:
    table(tmp_path, seconds(0, pa.timestamp("us", zone)))
    assert calculated(tmp_path, file="log.parquet").status == 1
    assert run("inspect", tmp_path / "log.parquet").status in (0, 1)


@pytest.mark.parametrize(
    "value",
    [
        pa.array([2**64 - 1] * 48, pa.uint64()),
        pa.array([2**62] * 48, pa.int64()),
        pa.array([1e308] * 48),
        pa.array([float("inf")] * 48),
        pa.array(["1e308"] * 48),
    ],
    ids=["uint64", "int64", "double", "infinity", "text"],
)
def test_numbers_beyond_all_sizes_in_columns(value: Any, tmp_path: Path) -> None:
    table(tmp_path, value=value)
    done = calculated(tmp_path, file="log.parquet")
    assert done.status == 1 and "logs." in done.err and "log.parquet" in done.err


@pytest.mark.parametrize("time", [[None] * 48, pa.nulls(48), pa.array([2**62] * 48, pa.time64("us"))], ids=str)
def test_times_that_are_missing(time: Any, tmp_path: Path) -> None:
    table(tmp_path, time)
    assert calculated(tmp_path, file="log.parquet").status == 1
    assert run("inspect", tmp_path / "log.parquet").status in (0, 1)


def test_a_row_without_a_time_is_named(tmp_path: Path) -> None:
    table(tmp_path, pa.array([TIMES[0], None, *TIMES[2:]], pa.timestamp("us")))
    refused(calculated(tmp_path, file="log.parquet"), "logs.stamp", "log.parquet")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_footer_with_any_byte_changed_never_takes_the_process_down(tmp_path: Path) -> None:
    """Every byte of the footer in turn: the library throws in places where nothing catches it."""
    data = table(tmp_path, write_page_index=True).read_bytes()
    begin = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    from jcm_mrv.logs.csv_file import LogFormatError
    from jcm_mrv.logs.parquet_file import ParquetLog

    child = os.fork()
    if child == 0:
        for at in range(begin, len(data) - 8):
            for value in (data[at] ^ 1, data[at] ^ 0x10, 0):
                (tmp_path / "x.parquet").write_bytes(data[:at] + bytes([value]) + data[at + 1 :])
                try:
                    log = ParquetLog(tmp_path / "x.parquet")
                    for _ in log.columns(range(len(log.headings))):
                        pass
                except (LogFormatError, OSError):
                    continue
                except BaseException:  # noqa: BLE001 - whatever it is, the test fails
                    os._exit(2)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
