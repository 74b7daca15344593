"""Energy outside the operation of its equipment is named with its effect."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding
from jcm_mrv.quality.operation import _outside as outside_of
from jcm_mrv.time.zones import HOUR
from support.workbooks import Rows, monthly, solar_tables, solar_workbook


def found(path: Path, operation: dict[str, date], **tables: Rows) -> list[Finding]:
    equipment = [{**solar_tables()["equipment"][0], **operation}]
    workbook = solar_workbook(path / "m.xlsx", tables={"equipment": equipment, **tables})
    return [f for f in calculate_file(workbook).findings if f.code == "readings.outside_operation"]


def test_a_unit_that_runs_all_the_time_has_none(tmp_path: Path) -> None:
    assert found(tmp_path, {"operation_start": date(2024, 1, 1), "operation_end": date(2024, 3, 31)}) == []


def test_a_reading_over_the_start_of_operation_states_what_lies_before_it(tmp_path: Path) -> None:
    """By hand: 10 of January's 31 days lie before 11 January: 100 MWh x 10 / 31 x 0.5 tCO2/MWh."""
    [finding] = found(tmp_path, {"operation_start": date(2024, 1, 11)})
    assert finding.severity == "major"
    assert finding.data["hours"] == 240
    assert finding.data["amount"] == pytest.approx(100 * 10 / 31, rel=1e-12)
    assert finding.effect_tco2e == pytest.approx(100 * 10 / 31 * 0.5, rel=1e-9)
    assert finding.where.sheet == "Readings"


def test_a_reading_over_the_end_of_operation(tmp_path: Path) -> None:
    """By hand: 21 of March's 31 days lie after 10 March: 140 MWh x 21 / 31 x 0.5."""
    [finding] = found(tmp_path, {"operation_end": date(2024, 3, 10)})
    assert finding.effect_tco2e == pytest.approx(140 * 21 / 31 * 0.5, rel=1e-9)


def test_nothing_flowed_nothing_is_said(tmp_path: Path) -> None:
    readings = monthly("M-1", [0.0, 120_000.0, 140_000.0])
    assert found(tmp_path, {"operation_start": date(2024, 1, 11)}, readings=readings) == []


@pytest.mark.parametrize(
    ("span", "share", "hours"),
    [
        ((0, 10), 0.0, 0.0),
        ((4, 10), 0.4, 4.0),
        ((0, 7), 0.3, 3.0),
        ((4, 7), 0.7, 7.0),
        ((20, 30), 1.0, 10.0),
        ((-9, 0), 1.0, 10.0),
    ],
)
def test_the_part_of_a_reading_outside_of_operation(span: tuple[int, int], share: float, hours: float) -> None:
    """A reading of twelve, of which ten lie in the month; to the microsecond."""
    parts = SimpleNamespace(start=np.array([-2]), end=np.array([10]))
    chain: Any = SimpleNamespace(rows=np.array([0]), parts=parts)
    assert outside_of(chain, 0, span, (0, 12)) == (pytest.approx(share), pytest.approx(hours / HOUR))
    nothing: Any = SimpleNamespace(rows=np.array([0]), parts=SimpleNamespace(start=np.array([5]), end=np.array([5])))
    assert outside_of(nothing, 0, span, (0, 12))[0] == 0.0
