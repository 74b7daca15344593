"""What the PDD prescribes for missing data: the rule is used, and what it gives more than the cautious one is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.result import Result
from support.boiler import EF_GRID, boiler, boiler_tables
from support.results import calculated
from support.workbooks import monthly, solar_tables

HOURS = {1: 744, 2: 696, 3: 744}


def roof(rule: str, **changes: Any) -> Result:
    """100 MWh in January, nothing in February, 140 MWh in March, at 0.5 t/MWh: 120 t without February."""
    readings = [row for row in monthly("M-1", (100_000.0, 120_000.0, 140_000.0)) if row["start"].month != 2]
    meters = [{**solar_tables()["meters"][0], "missing_data": rule, **changes}]
    return calculated(tables={"readings": readings, "meters": meters})


def of(result: Result, code: str) -> Finding:
    (found,) = [f for f in result.findings if f.code == code]
    return found


@pytest.mark.parametrize(
    ("rule", "february"),
    [
        ("highest month", 140 / 744 * 696),
        ("lowest month", 100 / 744 * 696),
        ("highest rate", 0.5 * 696),
        ("zero", 0.0),
    ],
)
def test_the_rule_of_the_pdd_fills_the_gap(rule: str, february: float):
    result = roof(rule, highest_rate=500.0, highest_rate_unit="kW")
    assert result.reductions == pytest.approx(120 + february * 0.5)
    assert rule in of(result, "gaps.month").message
    asked = [f for f in result.findings if f.code == "meters.missing_data"]
    if february:
        assert [(f.severity, f.effect_tco2e) for f in asked] == [(Severity.MAJOR, pytest.approx(february * 0.5))]
    else:
        assert asked == []


def test_the_default_is_the_most_cautious():
    assert roof("").reductions == pytest.approx(120)


def test_a_rule_that_cannot_be_followed_leaves_the_cautious_amount():
    result = roof("same month a year before")
    assert result.reductions == pytest.approx(120)
    assert "same month a year before of the PDD is not known" in of(result, "gaps.month").message
    assert roof("highest rate").reductions == pytest.approx(120)


def test_the_same_month_a_year_before():
    """February 2025 by February 2024: 12 MWh in 696 hours, for the 672 of 2025."""
    values = (10_000.0, 12_000.0, *([11_000.0] * 10), 9_000.0, 0.0, 10_500.0)
    rows = [row for row in monthly("M-1", values) if row["start"] != rows_start(2025, 2)]
    meters = [{**solar_tables()["meters"][0], "missing_data": "same month a year before"}]
    result = calculated(project={"period_end": date(2025, 3, 31)}, tables={"readings": rows, "meters": meters})
    measured = 10 + 12 + 110 + 9 + 10.5
    assert result.reductions == pytest.approx((measured + 12 / 696 * 672) * 0.5)


def rows_start(year: int, month: int) -> Any:
    return monthly("M-1", [0.0], (year, month))[0]["start"]


def test_where_er_falls_with_the_meter_a_lower_rule_is_a_question():
    """1000 kWh in January (744 h), 970 in March (744 h); February missing: at most 1000/744 x 696, by the rule 0."""
    tables = boiler_tables()
    power = [row for row in tables["readings"] if row["meter_id"] == "E-1" and row["start"].month != 2]
    fuel = [row for row in tables["readings"] if row["meter_id"] == "T-1"]
    meters = [tables["meters"][0], {**tables["meters"][1], "missing_data": "zero"}]
    result = boiler(tables={"readings": [*fuel, *power], "meters": meters})
    finding = of(result, "meters.missing_data")
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(1.0 / 744 * 696 * EF_GRID)
