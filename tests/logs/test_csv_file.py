"""The fast and the careful way through a CSV file see the same, however the file is cut into chunks."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jcm_mrv.logs import csv_file as log_csv
from jcm_mrv.logs.blocks import Block, Plan
from jcm_mrv.logs.csv_file import CsvLog
from jcm_mrv.logs.findings import Problems
from jcm_mrv.time.timestamps import TimestampFormat
from jcm_mrv.time.zones import parse_zone
from support.sheets import log_row, parts_of

PLAIN = st.decimals(-(10**6), 10**6, places=3).map(str)
VALUES = st.one_of(
    PLAIN,
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.sampled_from(["", " ", "-", "NaN", "1,5", "+3", ".5", "5.", " 7", "1e3", "1E+3", "#N/A", "0x1", "1d", "1f", "١٢",
                     "true", "infinity", "1__0", "00012", "-0", "1e", "e1", "\u00a05"]),
)  # fmt: skip
CLOCKS = st.one_of(
    st.datetimes().map(lambda d: f"{d:%Y-%m-%d %H:%M}" if d.year > 999 else "0001-01-01 00:00"),
    st.datetimes().map(lambda d: d.isoformat()),
    st.sampled_from(["2024-02-01", "2024-02-01 05", "2024-02-01 0500", "20240201", "2024-02-01T05:00Z",
                     "2024-02-01 05:00+07", "2024-02-01 23:59:60", "2024-02-01 24:00", "", " 2024-02-01 05:00",
                     "2024-02-01 05:00 ", "2024-2-1", "2024-02-01 05:00:00.5", "2024-02-01 05:00:00.123456789",
                     "2024-02-01  05:00",
                     "2024-02-01t05:00"]),
)  # fmt: skip
ISO = TimestampFormat()
ZONE = parse_zone("Asia/Ho_Chi_Minh")


def joined(blocks: list[Block]) -> tuple[list[int], list[int], list[list[float]]]:
    """Lines, instants, and values (an empty cell as None) of all rows."""
    values = [np.concatenate([b.values[c] for b in blocks]) for c in (1, 2)]
    return (
        np.concatenate([b.line for b in blocks]).tolist(),
        np.concatenate([b.stamp for b in blocks]).tolist(),
        [[v if v == v else None for v in column.tolist()] for column in values],
    )


def told(problems: Problems) -> list[tuple[str, int, str]]:
    return [(f.code, f.where.line, f.found) for f in problems.findings()]


def read(path: Path, *, stamp: TimestampFormat = ISO, careful: bool = False) -> tuple[Any, Any]:
    log = CsvLog(path)
    problems = Problems(path.name)
    plan = Plan(len(log.headings), 0, stamp, ZONE, (1, 2), None, log.headings, surveyed=True)
    with pytest.MonkeyPatch.context() as patch:
        if careful:
            patch.setattr(log_csv, "fast_block", lambda *_: None)
        blocks = list(log.blocks(plan, problems))
    assert log.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    return joined(blocks), told(problems)


def quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.lists(st.tuples(CLOCKS, VALUES, VALUES), min_size=1, max_size=4))
def test_both_ways_agree_cell_by_cell(tmp_path: Path, rows: list[tuple[str, str, str]]) -> None:
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["time,a,b", *(",".join(map(quoted, row)) for row in rows)]) + "\n")
    assert read(path) == read(path, careful=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(st.lists(st.tuples(PLAIN, PLAIN), min_size=1, max_size=60), st.integers(20, 400), st.booleans())
def test_where_the_file_is_cut_does_not_matter(
    tmp_path: Path, rows: list[tuple[str, str]], chunk: int, end: bool
) -> None:
    path = tmp_path / "log.csv"
    lines = [f"2024-02-{1 + n // 24:02d} {n % 24:02d}:00,{a},{b}" for n, (a, b) in enumerate(rows)]
    path.write_text("\n".join(["", "time,a,b", *lines]) + ("\n" if end else ""))
    whole = read(path)
    assert whole[0][0] == list(range(3, 3 + len(rows)))
    assert whole[0][2][0] == [float(a) for a, _ in rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_csv, "CHUNK", chunk)
        assert read(path) == whole
        assert read(path, careful=True) == whole


@pytest.mark.parametrize("careful", [False, True])
def test_stamps_in_a_stated_format(tmp_path: Path, careful: bool) -> None:
    path = tmp_path / "log.csv"
    path.write_text("time,a,b\n01/02/2024 00:00,1,2\n29/02/2024 23:45,3,4\n1/3/2024 0:00,5,6\n")
    found, problems = read(path, stamp=TimestampFormat("%d/%m/%Y %H:%M"), careful=careful)
    path.write_text("time,a,b\n2024-02-01 00:00,1,2\n2024-02-29 23:45,3,4\n2024-03-01 00:00,5,6\n")
    assert (found, problems) == read(path)


def test_sums_do_not_depend_on_the_size_of_the_chunks(tmp_path: Path) -> None:
    """A log of 20,000 rows of numbers that do not add up exactly."""
    lines = [f"2024-02-{1 + n // 1440:02d} {n // 60 % 24:02d}:{n % 60:02d},{n * 0.1 + 1 / 3!r}" for n in range(20_000)]
    (tmp_path / "log.csv").write_text("\n".join(["time,value", *lines]) + "\n")
    row = log_row(interval_minutes=1, kind="power", unit="kW")
    whole = parts_of(tmp_path, logs=[row])
    for chunk in (1_000, 33_333, 250_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(log_csv, "CHUNK", chunk)
            cut = parts_of(tmp_path, logs=[row])
        assert cut.parts.value.tolist() == whole.parts.value.tolist()
        assert cut.findings == whole.findings


def test_a_fault_in_a_long_log_is_found_in_its_line_and_all_else_is_read(tmp_path: Path) -> None:
    """The stretch with the fault is halved until it is small; every other row is read the fast way."""
    lines = [f"2024-02-{1 + n // 1440:02d} {n // 60 % 24:02d}:{n % 60:02d},{n ^ 1}.5" for n in range(20_000)]
    lines[13_000] = lines[13_000].replace("13001.5", "x")
    (tmp_path / "log.csv").write_text("\n".join(["time,value", *lines]) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_csv, "SMALL", 1000)
        series = parts_of(tmp_path, logs=[log_row(interval_minutes=1)])
    (finding,) = series.findings
    assert (finding.code, finding.where.line) == ("logs.value", 13_002)
    assert sum(series.parts.count.tolist()) == 19_999
    assert sum(series.parts.amounts().tolist()) == sum(range(20_000)) - 13_001 + 0.5 * 19_999
