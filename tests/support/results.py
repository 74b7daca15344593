"""Results of small workbooks for the tests of the reports, each calculated once."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jcm_mrv.calculation import calculate_file
from jcm_mrv.result import Result
from support.workbooks import Rows, monthly, solar_workbook

EXAMPLES = Path(__file__).parents[2] / "examples"


def calculated(*, project: Mapping[str, Any] | None = None, tables: Mapping[str, Rows] | None = None) -> Result:
    """The result of the small solar workbook with changes."""
    with tempfile.TemporaryDirectory() as folder:
        return calculate_file(solar_workbook(Path(folder) / "monitoring.xlsx", project=project, tables=tables))


@cache
def solar() -> Result:
    """Three months of 100, 120 and 140 MWh at 0.5 t/MWh: 180 t, against an estimate of 170 t."""
    estimates = [{"year": 2024.0, "reductions": 170.0}]
    return calculated(tables={"estimates": estimates})


@cache
def solar_with_hole() -> Result:
    """As :func:`solar`, without a reading for February."""
    readings = [row for row in monthly("M-1", (100_000.0, 120_000.0, 140_000.0)) if row["start"].month != 2]
    return calculated(tables={"readings": readings})


@cache
def two_years() -> Result:
    """Ten months across a new year, 2 MWh each at 0.5 t/MWh: 3 t in 2024 (three months) and 7 t in 2025."""
    period = {"period_start": date(2024, 10, 1), "period_end": date(2025, 7, 31)}
    return calculated(project=period, tables={"readings": monthly("M-1", [2000.0] * 10, (2024, 10))})


@cache
def units() -> Result:
    """Forty air conditioners in eight shops."""
    return calculate_file(EXAMPLES / "grocery_air_conditioning" / "monitoring.xlsx")


@cache
def indicative() -> Result:
    """The same under a card whose equation is not confirmed: nothing is credited."""
    return calculate_file(EXAMPLES / "grocery_air_conditioning" / "monitoring_VN_AM006.xlsx")


@cache
def rooftop() -> Result:
    """The example with a real log."""
    return calculate_file(EXAMPLES / "rooftop_solar" / "monitoring.xlsx")


@cache
def compost() -> Result:
    """The example of a draft methodology, with first-order decay and samples."""
    return calculate_file(EXAMPLES / "hai_phong_compost" / "monitoring.xlsx")
