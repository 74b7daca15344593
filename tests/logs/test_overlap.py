"""Logs of one meter that overlap: the same rows count once, a constant factor is named, anything else is a conflict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jcm_mrv.findings import Finding, errors
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import codes, inner_gaps, log_row, parts_of

START = datetime(2024, 1, 31, 22)
VALUES = [4.0, 2.0, 1.0, 8.0, 32.0, 16.0, 64.0, 128.0, 256.0, 2048.0, 1024.0, 512.0]


def write(folder: Path, name: str, first: int, values: Sequence[object]) -> None:
    lines = [f"{START + timedelta(minutes=15 * (first + n)):%Y-%m-%d %H:%M},{v}" for n, v in enumerate(values)]
    (folder / name).write_text("\n".join(["time,value", *lines, ""]))


def two(folder: Path, *, factor: float = 1.0, **second: Any) -> SeriesResult:
    rows = [log_row(file="a.csv"), log_row(log_id="L-2", file="b.csv", **second)]
    return parts_of(folder, meters=[{"meter_id": "M-1", "unit": "kWh", "transformer_factor": factor}], logs=rows)


def only(series: SeriesResult, code: str) -> Finding:
    (found,) = [f for f in series.findings if f.code == code]
    return found


def test_overlapping_exports_count_once(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", 0, VALUES[:8])
    write(tmp_path, "b.csv", 5, VALUES[5:])
    series = two(tmp_path)
    assert codes(series) == ["logs.duplicate"] and only(series, "logs.duplicate").data["count"] == 3
    assert math.fsum(series.parts.amounts().tolist()) == sum(VALUES)
    assert sum(series.parts.count.tolist()) == 12
    inner = inner_gaps(series)
    assert inner == [] and [i.path for i in series.inputs] == ["a.csv", "b.csv"]
    pattern = parts_of(tmp_path, logs=[log_row(file="?.csv")])
    assert codes(pattern) == ["logs.duplicate"] and math.fsum(pattern.parts.amounts().tolist()) == sum(VALUES)


def test_a_log_that_lies_wholly_within_another_adds_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", 0, VALUES)
    write(tmp_path, "b.csv", 2, VALUES[2:5])
    series = two(tmp_path)
    assert codes(series) == ["logs.duplicate"] and math.fsum(series.parts.amounts().tolist()) == sum(VALUES)


@pytest.mark.parametrize(
    ("factor", "meter", "second", "shown"),
    [
        (1000, 1, {}, "which is 1000"),
        (1 / 1000, 1, {}, "one divided by 1000"),
        (3.6, 1, {}, "3.6 (MJ to kWh)"),
        (120, 120, {}, "transformer factor 120"),
        (1 / 120, 120, {}, "one divided by the transformer factor 120"),
        (1, 120, {"transformer_factor_included": "yes"}, "one divided by the transformer factor 120"),
        (1, 1, {"kind": "power", "unit": "kW"}, "one divided by 4 (quarter hours to hours)"),
        (1, 1, {"unit": "MWh"}, "which is 1000"),
        (1.0437, 1, {}, "1.0437 times"),
    ],
)
def test_a_constant_factor_is_named_and_stops(
    factor: float, meter: float, second: dict[str, Any], shown: str, tmp_path: Path
) -> None:
    write(tmp_path, "a.csv", 0, VALUES[:8])
    write(tmp_path, "b.csv", 5, [v * factor for v in VALUES[5:]])
    series = two(tmp_path, factor=meter, **second)
    found = only(series, "logs.conflict_factor")
    assert found in errors(series.findings) and shown in found.message
    assert (found.where.file, found.where.line) == ("b.csv", 2)


def test_other_differences_are_a_conflict(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", 0, VALUES[:8])
    write(tmp_path, "b.csv", 5, [VALUES[5], 65.0, *VALUES[7:]])
    found = only(two(tmp_path), "logs.conflict")
    assert (found.where.file, found.where.line) == ("b.csv", 3) and "65 at" in found.found


def test_values_that_are_rounded_differently_agree(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", 0, ["1.234", "2.345", "0.119"])
    write(tmp_path, "b.csv", 1, ["2.3", "0.1", "7.5"])
    series = two(tmp_path)
    assert codes(series) == ["logs.duplicate"]
    assert math.fsum(series.parts.amounts().tolist()) == pytest.approx(1.234 + 2.345 + 0.119 + 7.5, rel=1e-15)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 10**6).map(lambda n: n / 100), min_size=2, max_size=30),
    st.lists(st.tuples(st.integers(0, 29), st.integers(1, 30)), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_however_an_export_is_cut_into_overlapping_files(
    tmp_path: Path, values: list[float], pieces: list[tuple[int, int]], shuffle: Any
) -> None:
    """Pieces in any order, with any overlap: the sum of the rows that stand in at least one of them."""
    for old in tmp_path.glob("*.csv"):
        old.unlink()
    held: set[int] = set()
    names = [f"{n}.csv" for n in range(len(pieces))]
    shuffle.shuffle(names)
    for name, (drawn, length) in zip(names, pieces, strict=True):
        first = drawn % len(values)
        own = values[first : first + length]
        write(tmp_path, name, first, own)
        held |= set(range(first, first + len(own)))
    series = parts_of(tmp_path, logs=[log_row(file="*.csv")])
    if any(f.code == "logs.number_format" for f in series.findings):
        return
    assert errors(series.findings) == []
    expected = math.fsum(values[n] for n in held)
    assert math.fsum(series.parts.amounts().tolist()) == pytest.approx(expected, rel=1e-13, abs=1e-9)
    assert sum(series.parts.count.tolist()) == len(held)


def test_equal_energies_count_once_whatever_unit_they_are_written_in(tmp_path: Path) -> None:
    """kWh and MWh, and mean kW over a quarter of an hour: the same values, once."""
    for n, (unit, kind, scale) in enumerate([("MWh", "energy", 1e-3), ("Wh", "energy", 1000.0), ("kW", "power", 4.0)]):
        folder = tmp_path / str(n)
        folder.mkdir()
        write(folder, "a.csv", 0, VALUES)
        write(folder, "b.csv", 4, [round(v * scale, 6) for v in [*VALUES[4:], 3.0]])
        series = two(folder, unit=unit, kind=kind)
        assert errors(series.findings) == [] and only(series, "logs.duplicate").data["count"] == 8
        scales = {"kWh": 1.0, "MWh": 1000.0, "Wh": 1e-3}
        amounts = [
            scales[series.parts.units[u]] * v
            for u, v in zip(series.parts.unit.tolist(), series.parts.amounts().tolist(), strict=True)
        ]
        assert math.fsum(amounts) == pytest.approx(sum(VALUES) + 3.0, rel=1e-12)
