"""Logs with a day in each row."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from support.hourly_logs import found, lines_of, matrix, plant, read, total, weights


@pytest.mark.parametrize(
    ("name", "stamp", "per_day"),
    [
        (lambda n: f"{n:02d}:00", "start", 24), (lambda n: f"{n + 1}:00", "end", 24), (lambda n: f"{n + 1}", "end", 24),
        (lambda n: f"{(n + 1) % 24}:00", "end", 24), (lambda n: f"H{n + 1:02d}", "start", 24),
        (lambda n: f"{n // 4:02d}:{n % 4 * 15:02d}", "start", 96), (lambda n: f"{n}", "start", 24),
        (lambda n: f"{n:02d}:00-{n + 1:02d}:00", "start", 24), (lambda n: f"Hour {n}", "end", 24),
        (lambda n: f"{n // 2:02d}{n % 2 * 30:02d}", "start", 48), (lambda n: f"Q{n + 1}", "end", 96),
    ],
)  # fmt: skip
@pytest.mark.parametrize("layout", ["wide", "matrix"])
def test_a_matrix_is_read_as_whole_days(
    name: Callable[[int], str], stamp: str, per_day: int, layout: str, tmp_path: Path
) -> None:
    values = plant(per_hour=per_day // 24)
    names = [name(n) for n in range(per_day)]
    series = read(tmp_path, matrix(values, per_day), ",".join(["date", *names]), time_column="date", layout=layout,
                  value_column=names[0], stamp=stamp, interval_minutes=1440 // per_day)  # fmt: skip
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    assert sum(series.parts.count.tolist()) == len(values)
    assert {h.start % 86_400_000_000 for h in series.coverage.data_gaps} == {17 * 3_600_000_000}  # midnight in Viet Nam
    assert [f.code for f in series.findings if f.code == "logs.matrix"] == ["logs.matrix"] * (layout == "wide")


def test_a_matrix_with_other_columns_and_a_row_of_totals(tmp_path: Path) -> None:
    values = plant()
    names = [f"{n:02d}:00" for n in range(24)]
    rows = [f"M7,{line},{math.fsum(values[d * 24 : d * 24 + 24]):.2f}" for d, line in enumerate(matrix(values, 24))]
    rows.append("Total," + "," * 25 + f"{math.fsum(values):.2f}")
    heading = ",".join(["meter", "date", *names, "day total"])
    series = read(tmp_path, rows, heading, time_column="date", layout="matrix", value_column="00:00")
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    named = read(tmp_path, rows, heading, time_column="date", layout="matrix", value_column="00:00",
                 name_column="meter", name_value="M7")  # fmt: skip
    assert total(named) == total(series)


def test_a_layout_of_matrix_needs_columns_of_times(tmp_path: Path) -> None:
    series = read(tmp_path, lines_of(plant()), layout="matrix")
    assert found(series, "logs.column").severity == "error"


def test_numbered_columns_may_be_as_many_meters(tmp_path: Path) -> None:
    """Days in rows and 24 numbered columns: with an interval of a day each is a meter, without one it is asked."""
    values = plant()
    heading = ",".join(["date", *(str(n) for n in range(1, 25))])
    given = {"time_column": "date", "value_column": "13"}
    meter = read(tmp_path, matrix(values, 24), heading, **given, interval_minutes=1440)
    assert total(meter) == pytest.approx(math.fsum(values[12::24]), rel=1e-12)
    asked = read(tmp_path, matrix(values, 24), heading, **given, interval_minutes=None)
    assert found(asked, "logs.matrix").severity == "error"
    named = ",".join(["date", *(f"INV{n}" for n in range(1, 25))])
    inverter = read(
        tmp_path, matrix(values, 24), named, time_column="date", value_column="INV13", interval_minutes=1440
    )
    assert total(inverter) == total(meter)
