"""Units of a log: in a column of their own, in a heading, misspelt."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from support.hourly_logs import found, lines_of, plant, read, total, weights

# --- units beside the values ------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "write"),
    [
        ("time,value,unit", lambda t, v: f"{t},{v},Wh"),
        ("time,unit,value", lambda t, v: f"{t},Wh,{v}"),
        ("time,value,Đơn vị,note", lambda t, v: f"{t},{v},Wh,pump A"),
        ("time,value,x", lambda t, v: f"{t},{v},[Wh]"),
    ],
)
def test_a_unit_in_a_column_of_its_own_is_compared(
    heading: str, write: Callable[[str, str], str], tmp_path: Path
) -> None:
    cells = [line.split(",") for line in lines_of([round(1000 * v) for v in plant()])]
    finding = found(read(tmp_path, [write(t, v) for t, v in cells], heading), "logs.unit_stated")
    assert finding.severity == "error" and finding.data["factor"] == pytest.approx(1000)


def test_the_same_unit_in_a_column_of_its_own_is_right(tmp_path: Path) -> None:
    values = plant()
    series = read(tmp_path, [f"{line},kWh" for line in lines_of(values)], "time,value,unit")
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


def test_a_unit_that_changes_from_row_to_row_is_refused(tmp_path: Path) -> None:
    lines = [f"{line},{'kWh' if n < 150 else 'MWh'}" for n, line in enumerate(lines_of(plant()))]
    finding = found(read(tmp_path, lines, "time,value,unit"), "logs.unit_stated")
    assert finding.severity == "error" and finding.where.line == 152


@pytest.mark.parametrize("blank", [5, 120, 239])
def test_a_unit_that_is_stated_late_only_is_compared(blank: int, tmp_path: Path) -> None:
    """The column is empty at first; 1,000 kWh are not one."""
    lines = [f"{line},{'' if n < blank else 'MWh'}" for n, line in enumerate(lines_of(plant()))]
    finding = found(read(tmp_path, lines, "time,value,unit"), "logs.unit_stated")
    assert finding.severity == "error" and finding.data["factor"] == pytest.approx(0.001)


def test_a_column_of_units_that_stays_empty_says_nothing(tmp_path: Path) -> None:
    values = plant()
    series = read(tmp_path, [f"{line}," for line in lines_of(values)], "time,value,unit")
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


def test_a_heading_that_is_wrong_is_overruled_with_evidence_and_stays_visible(tmp_path: Path) -> None:
    """The heading says kWh, the values are MWh: 3 values of 0.5 are 1,500 kWh."""
    lines = lines_of([0.5, 0.5, 0.5])
    given = {"value_column": "E [kWh]", "unit": "MWh"}
    assert found(read(tmp_path, lines, "time,E [kWh]", **given), "logs.unit_stated").severity == "error"
    bare = read(tmp_path, lines, "time,E [kWh]", **given, file_unit="kWh")
    assert found(bare, "logs.unit_wrong").severity == "error"
    proven = read(tmp_path, lines, "time,E [kWh]", **given, file_unit="kWh", evidence="D-1")
    assert found(proven, "logs.unit_wrong").severity == "major" and total(proven) == 1.5
    assert proven.parts.units == ("MWh",)
    assert found(read(tmp_path, lines, file_unit="kWh", evidence="D-1"), "logs.row").severity == "error"


# --- numbers and tables -----------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "factor"),
    [
        ("Active energy Wh (A)", 1000),
        ("E_total Wh (L1)", 1000),
        ("Energy [Wh]", 1000),
        ("Wh", 1000),
        ("MWh import", 1e-3),
    ],
)
def test_the_unit_of_a_heading(heading: str, factor: float, tmp_path: Path) -> None:
    lines = lines_of([round(v * factor, 6) for v in plant()])
    unit = "MWh" if factor < 1 else "Wh"
    series = read(tmp_path, lines, f"time,{heading}", value_column=heading, unit=unit)
    assert weights(series) == set()
    wrong = found(read(tmp_path, lines, f"time,{heading}", value_column=heading), "logs.unit_stated")
    assert wrong.severity == "error" and wrong.data["factor"] == pytest.approx(factor)


@pytest.mark.parametrize(
    ("written", "meant"), [("kwh", "kWh"), ("KWH", "kWh"), ("lít", "L"), ("kWp", "kW"), ("USRT", "USRt")]
)
def test_a_unit_that_is_misspelt_is_guessed(written: str, meant: str, tmp_path: Path) -> None:
    finding = found(read(tmp_path, lines_of(plant()), unit=written), "logs.unit")
    assert finding.action in (f"Did you mean {meant}?", "Correct the unit or the kind")
