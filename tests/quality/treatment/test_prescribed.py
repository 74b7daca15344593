"""What the PDD prescribes for missing data: the rule is used, and what it gives more than the cautious one is asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.result import Result
from support.boiler import EF_GRID, FUEL_TONNES_PER_M3, boiler, boiler_tables
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


# --- rated capacity, and excluded spans -------------------------------------------------------------


def test_the_rated_capacity_times_the_missing_hours():
    """1,000 kW x 696 h x 0.5 t/MWh; without a capacity, or in another kind of unit, the rule cannot be followed."""
    result = roof("rated capacity")
    assert result.reductions == pytest.approx(120 + 696 * 0.5)
    assert of(result, "meters.missing_data").effect_tco2e == pytest.approx(348.0)
    for changes in ({"rated_capacity": None}, {"rated_capacity": 1000.0, "rated_capacity_unit": "t/h"}):
        equipment = [{**solar_tables()["equipment"][0], **changes}]
        readings = [row for row in monthly("M-1", (100_000.0, 120_000.0, 140_000.0)) if row["start"].month != 2]
        meters = [{**solar_tables()["meters"][0], "missing_data": "rated capacity"}]
        other = calculated(tables={"readings": readings, "meters": meters, "equipment": equipment})
        assert other.reductions == pytest.approx(120)
        assert "rated capacity of the PDD is not known" in of(other, "gaps.month").message


def test_the_rated_capacity_of_a_boiler_is_not_that_of_its_auxiliaries():
    """10 t/h of steam, or 9 MW of heat, say nothing of the pumps' electricity."""
    tables = boiler_tables()
    equipment = [{**tables["equipment"][0], "rated_capacity": 9_000.0, "rated_capacity_unit": "kW"}]
    meters = [tables["meters"][0], {**tables["meters"][1], "missing_data": "rated capacity"}]
    result = boiler(tables={"readings": without_february("E-1"), "meters": meters, "equipment": equipment})
    assert "rated capacity of the PDD is not known" in of(result, "gaps.month").message


def excluding(readings: list[dict[str, Any]], rule: str = "excluded span", **tables: Any) -> Result:
    """The boiler; the rule holds for the meter of the auxiliaries."""
    meters = [boiler_tables()["meters"][0], {**boiler_tables()["meters"][1], "missing_data": rule}]
    return boiler(tables={"meters": meters, "readings": readings, **tables})


def without_february(meter: str) -> list[dict[str, Any]]:
    rows = boiler_tables()["readings"]
    return [dict(row) for row in rows if row["meter_id"] != meter or row["start"].month != 2]


def test_an_excluded_span_leaves_out_both_sides():
    """February without auxiliaries: its 11 m3 of fuel count for nothing either. 22.5 m3 and 1.97 MWh are left."""
    result = excluding(without_february("E-1"))
    assert result.reductions == pytest.approx(22.5 * FUEL_TONNES_PER_M3 - 1.97 * EF_GRID)
    finding = of(result, "gaps.excluded")
    assert finding.severity is Severity.MAJOR and "T-1 9.24 t" in finding.found  # 11 m3 of 0.84 t/m3
    assert finding.effect_tco2e == pytest.approx(-11 * FUEL_TONNES_PER_M3)
    assert not [f for f in result.findings if f.code == "gaps.month"]
    assert {t.kind for t in result.treatments} == {"excluded"}


def test_an_excluded_span_of_the_meter_that_er_rises_with_takes_the_project_emissions_out_and_is_asked():
    """Without fuel in February the cautious claim has its auxiliaries against it: 1.02 MWh x 0.8 t/MWh more ER."""
    meters = [{**boiler_tables()["meters"][0], "missing_data": "excluded span"}, boiler_tables()["meters"][1]]
    result = boiler(tables={"meters": meters, "readings": without_february("T-1")})
    assert result.reductions == pytest.approx(22.5 * FUEL_TONNES_PER_M3 - 1.97 * EF_GRID)
    asked = of(result, "meters.missing_data")
    assert (asked.severity, asked.effect_tco2e) == (Severity.MAJOR, pytest.approx(1.02 * EF_GRID))


def test_a_span_that_others_were_not_read_at_cannot_be_excluded():
    """Half of February is missing, fuel was read at ends of months: the cautious amount stays, and that is said."""
    rows = without_february("E-1")
    half = {"meter_id": "E-1", "kind": "energy", "start": datetime(2024, 2, 1), "end": datetime(2024, 2, 15)}
    result = excluding([*rows, {**half, "value": 500.0, "unit": "kWh"}])
    assert not [f for f in result.findings if f.code == "gaps.excluded"]
    assert "excluded span of the PDD" in of(result, "gaps.month").message
    assert result.reductions == pytest.approx(
        excluding([*rows, {**half, "value": 500.0, "unit": "kWh"}], "").reductions
    )


def test_a_span_is_not_excluded_where_a_meter_serves_something_else_as_well():
    """The auxiliaries of two boilers on one meter by halves: the fuel of both would have to be left out."""
    tables = boiler_tables()
    second = {**tables["equipment"][0], "equipment_id": "B-2", "serial_number": "S-B2"}
    fuel, power = tables["points"]
    half = {"share": 0.5, "share_basis": "equal boilers"}
    points = [
        {**fuel, **half}, {**fuel, **half, "applies_to": "B-2"},
        {**power, "applies_to": "B-1"},
    ]  # fmt: skip
    third = {**tables["meters"][1], "meter_id": "E-2", "serial_number": "SN-E-2"}
    points.append({**power, "applies_to": "B-2", "meter_id": "E-2"})
    meters = [tables["meters"][0], {**tables["meters"][1], "missing_data": "excluded span"}, third]
    readings = [*without_february("E-1"), *monthly("E-2", [900.0, 910.0, 905.0])]
    calibrations = [*tables["calibrations"], {**tables["calibrations"][1], "meter_id": "E-2"}]
    result = boiler(
        tables={
            "equipment": [*tables["equipment"], second], "points": points, "meters": meters, "readings": readings,
            "calibrations": calibrations,
        }
    )  # fmt: skip
    assert not [f for f in result.findings if f.code == "gaps.excluded"]
    assert "excluded span of the PDD" in of(result, "gaps.month").message
