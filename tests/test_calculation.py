"""From a workbook on disk to tonnes by year: every expected number is worked out by hand beside it."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jcm_mrv.calculation import calculate_file
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook
from support.workbooks import monthly, solar_tables, solar_workbook


def factor(value: float) -> list[dict[str, Any]]:
    """Fixed values of one system on the grid with this factor."""
    return [{**row, "value": value} if row["parameter"] == "EF_RE_grid" else row for row in solar_tables()["fixed"]]


def energy(start: datetime, end: datetime, value: float, unit: str = "kWh", meter: str = "M-1") -> dict[str, Any]:
    return {"meter_id": meter, "kind": "energy", "start": start, "end": end, "value": value, "unit": unit}


# --- years ------------------------------------------------------------------------------


def test_an_interval_over_new_year_is_divided_by_time(tmp_path: Path) -> None:
    """31 days, 17 of them in 2023: 310 MWh -> 170 and 140; x 0.5 = 85 and 70 tCO2e."""
    path = solar_workbook(
        tmp_path / "m.xlsx",
        project={"period_start": date(2023, 12, 15), "period_end": date(2024, 1, 14)},
        tables={"readings": [energy(datetime(2023, 12, 15), datetime(2024, 1, 15), 310.0, "MWh")]},
    )
    result = calculate_file(path)
    assert [(y.year, y.start, y.end) for y in result.years] == [
        (2023, date(2023, 12, 15), date(2023, 12, 31)),
        (2024, date(2024, 1, 1), date(2024, 1, 14)),
    ]
    assert [y.reductions for y in result.years] == pytest.approx([85.0, 70.0], rel=1e-12)
    assert [y.credited for y in result.years] == [85, 70]


def test_estimates_stand_beside_their_year(tmp_path: Path) -> None:
    estimates = [{"year": 2025, "reductions": 7}, {"year": 2024, "reductions": 190.5}]
    result = calculate_file(solar_workbook(tmp_path / "m.xlsx", tables={"estimates": estimates}))
    assert [(y.year, y.estimate) for y in result.years] == [(2024, 190.5)]


def test_a_year_without_an_estimate_has_none_and_not_zero(tmp_path: Path) -> None:
    (year,) = calculate_file(solar_workbook(tmp_path / "m.xlsx")).years
    assert year.estimate is None


@pytest.mark.parametrize(
    ("zone", "tonnes"),
    [
        ("Asia/Ho_Chi_Minh", [310.0, 0.0]),  # local midnight is the end of the interval: all of it in 2023
        ("UTC", [310.0, 0.0]),  # the sheet's times are in the project's zone, whatever that is
    ],
)
def test_times_of_readings_are_local(tmp_path: Path, zone: str, tonnes: list[float]) -> None:
    """620 MWh in December x 0.5 = 310; January counts 0."""
    readings = [
        energy(datetime(2023, 12, 1), datetime(2024, 1, 1), 620.0, "MWh"),
        energy(datetime(2024, 1, 1), datetime(2024, 2, 1), 0.0, "MWh"),
    ]
    project = {"period_start": date(2023, 12, 1), "period_end": date(2024, 1, 31), "time_zone": zone}
    result = calculate_file(solar_workbook(tmp_path / "m.xlsx", project=project, tables={"readings": readings}))
    assert [y.reductions for y in result.years] == pytest.approx(tonnes, rel=1e-12)


# --- rounding ---------------------------------------------------------------------------


def test_the_last_bits_of_arithmetic_do_not_cost_a_tonne(tmp_path: Path) -> None:
    """100 MWh x 0.29 is 28.999999999999996 in floating point and 29 on paper."""
    assert 100 * 0.29 < 29
    readings = [energy(datetime(2024, 1, 1), datetime(2024, 4, 1), 100.0, "MWh")]
    result = calculate_file(solar_workbook(tmp_path / "m.xlsx", tables={"fixed": factor(0.29), "readings": readings}))
    assert result.credited == 29


@pytest.mark.parametrize(
    ("amount", "decimals", "credited"),
    [
        (10.0004, 3, 10),  # typed as 10.000 it is 10 tonnes as well
        (9.9996, 4, 9),  # typed as 10.000 it would be 10: a fourth decimal is shown
        (9.99996, 5, 9),
        (9.9999996, 3, 10),  # rounds to 10.000000 in the sixth decimal: 10 in any case
    ],
)
def test_the_credited_tonnes_follow_from_the_values_as_shown(
    tmp_path: Path, amount: float, decimals: int, credited: int
) -> None:
    readings = [energy(datetime(2024, 1, 1), datetime(2024, 4, 1), amount, "MWh")]
    result = calculate_file(solar_workbook(tmp_path / "m.xlsx", tables={"fixed": factor(1.0), "readings": readings}))
    assert (result.decimals, result.credited) == (decimals, credited)
    assert int(round(amount, result.decimals)) == credited


def two_methodologies(path: Path, other: str = "ID_AM004 2.0", **fixed: float) -> Result:
    """Solar 1.2 MWh x 0.5 = 0.6 t; air conditioner 3 MWh x (4/3 - 1) x 0.6 = 0.6 t."""
    fixed_rows = [
        {
            "methodology": "VN_AM007 1.0",
            "parameter": "EF_RE_grid",
            "value": 0.5,
            "unit": "tCO2/MWh",
            "document": "D-01",
        },
        {"methodology": other, "parameter": "supply", "value": "grid", "unit": "choice", "document": "D-01"},
        {"methodology": other, "parameter": "EF_grid", "value": 0.6, "unit": "tCO2/MWh", "document": "D-01"},
    ]
    tables = {
        "equipment": [
            {"equipment_id": "PV-1", "methodology": "VN_AM007 1.0", "connection": "grid"},
            {"equipment_id": "AC-1", "methodology": other, "electricity_source": "Grid",
             "COP_PJ": 4.0, "COP_RE": 3.0, "evidence": "D-01"},
        ],
        "meters": [{"meter_id": m, "unit": "MWh", "transformer_factor": 1} for m in ("M-1", "M-2")],
        "points": [
            {"methodology": "VN_AM007 1.0", "parameter": "EG", "applies_to": "PV-1", "meter_id": "M-1", "sign": "+"},
            {"methodology": other, "parameter": "EC_PJ", "applies_to": "AC-1", "meter_id": "M-2", "sign": "+"},
        ],
        "fixed": fixed_rows,
        "readings": [
            energy(datetime(2024, 1, 1), datetime(2024, 4, 1), 1.2, "MWh", "M-1"),
            energy(datetime(2024, 1, 1), datetime(2024, 4, 1), 3.0, "MWh", "M-2"),
        ],
        "evidence": [{"document_id": "D-01", "title": "illustrative"}],
    }  # fmt: skip
    project = {
        "title": "Two methodologies (illustrative)",
        "country": "Viet Nam",
        "period_start": date(2024, 1, 1),
        "period_end": date(2024, 3, 31),
        "time_zone": "Asia/Ho_Chi_Minh",
        "report_date": date(2024, 5, 1),
    }
    write_workbook(path, template_methods(["VN_AM007 1.0", other]), project, tables)
    return calculate_file(path)


def test_a_claim_over_two_methodologies_is_rounded_once(tmp_path: Path) -> None:
    """0.6 + 0.6 = 1.2: one tonne, not none."""
    result = two_methodologies(tmp_path / "m.xlsx")
    assert [m.reductions for m in result.methodologies] == pytest.approx([0.6, 0.6], rel=1e-12)
    assert result.reductions == pytest.approx(1.2, rel=1e-12)
    assert result.credited == 1


def test_one_methodology_that_is_not_confirmed_holds_back_the_credits_of_the_whole_claim(tmp_path: Path) -> None:
    result = two_methodologies(tmp_path / "m.xlsx", "VN_AM006 1.0")
    assert result.indicative and result.credited is None
    assert [m.confirmed for m in result.methodologies] == [True, False]
    assert result.reductions == pytest.approx(1.2, rel=1e-12)


# --- what must hold for any numbers ------------------------------------------------------

# Below what the 1,000 kW of the sample can give in a month.
AMOUNTS = st.lists(st.integers(0, 8 * 10**8).map(lambda n: n / 1000), min_size=3, max_size=3, unique=True)
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(amounts=AMOUNTS)
def test_tonnes_are_the_sum_of_the_months_times_the_factor(tmp_path: Path, amounts: list[float]) -> None:
    path = solar_workbook(tmp_path / "m.xlsx", tables={"readings": monthly("M-1", amounts)})
    assert calculate_file(path).reductions == pytest.approx(sum(amounts) / 1000 * 0.5, rel=1e-12, abs=1e-12)


@FEW
@given(amounts=AMOUNTS, seed=st.integers(0, 5))
def test_the_order_of_the_rows_does_not_matter(tmp_path: Path, amounts: list[float], seed: int) -> None:
    readings = list(monthly("M-1", amounts))
    shuffled = random.Random(seed).sample(readings, len(readings))
    one = calculate_file(solar_workbook(tmp_path / "a.xlsx", tables={"readings": readings}))
    two = calculate_file(solar_workbook(tmp_path / "b.xlsx", tables={"readings": shuffled}))
    assert (one.reductions, one.credited) == (two.reductions, two.credited)


def test_no_generation_is_no_reduction(tmp_path: Path) -> None:
    result = calculate_file(solar_workbook(tmp_path / "m.xlsx", tables={"readings": monthly("M-1", [0.0, 0.0, 0.0])}))
    assert (result.reductions, result.credited) == (0.0, 0)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_month_never_raises_the_claim(tmp_path: Path, missing: int) -> None:
    readings = list(monthly("M-1", [100_000.0, 120_000.0, 140_000.0]))
    whole = calculate_file(solar_workbook(tmp_path / "a.xlsx", tables={"readings": readings}))
    left = [r for n, r in enumerate(readings) if n != missing]
    holed = calculate_file(solar_workbook(tmp_path / "b.xlsx", tables={"readings": left}))
    assert holed.reductions < whole.reductions
    assert "gaps.month" in {f.code for f in holed.findings}


# --- time without a meter ----------------------------------------------------------------


def panel(tmp_path: Path, meters: list[dict[str, Any]], readings: list[Any], signs: dict[str, str]) -> Result:
    """Generation of one system (factor 0.5) by several meters."""
    points = [
        {"point_no": "1", "parameter": "EG", "applies_to": "PV-1", "meter_id": m, "sign": s} for m, s in signs.items()
    ]
    rows = [{"unit": "kWh", "transformer_factor": 1.0, **meter} for meter in meters]
    path = solar_workbook(tmp_path / "m.xlsx", tables={"meters": rows, "points": points, "readings": readings})
    return calculate_file(path)


def gaps(result: Result) -> list[tuple[str, float]]:
    return [(t.month, t.hours) for t in result.treatments]


def test_a_month_in_which_no_meter_stood_is_unknown_and_not_zero(tmp_path: Path) -> None:
    """Removed at the end of January, the next one came in March: 29 days of February are named."""
    meters = [
        {"meter_id": "M-1", "serial_number": "a", "removed": datetime(2024, 2, 1)},
        {"meter_id": "M-1", "serial_number": "b", "installed": datetime(2024, 3, 1)},
    ]
    readings = [r for r in monthly("M-1", [100_000.0, 0.0, 140_000.0]) if r["value"]]
    result = panel(tmp_path, meters, readings, {"M-1": "+"})
    assert gaps(result) == [("2024-02", 29 * 24)]
    assert result.reductions == pytest.approx(240 * 0.5)  # left out: ER rises with it
    (gap,) = [f for f in result.findings if f.code == "gaps.month"]
    assert gap.severity == "major"
    assert "696.00 hours without a meter" in gap.found and "Installed and Removed" in gap.action


def test_a_part_of_a_month_without_a_meter_is_named_too(tmp_path: Path) -> None:
    meters = [{"meter_id": "M-1", "installed": datetime(2024, 1, 11, 6)}]
    readings = [energy(datetime(2024, 1, 11, 6), datetime(2024, 4, 1), 300_000.0)]
    assert gaps(panel(tmp_path, meters, readings, {"M-1": "+"})) == [("2024-01", 10 * 24 + 6)]


def test_a_meter_under_another_name_stands_in(tmp_path: Path) -> None:
    meters = [
        {"meter_id": "M-1", "removed": datetime(2024, 2, 10)},
        {"meter_id": "M-2", "installed": datetime(2024, 2, 10)},
    ]
    readings = [
        energy(datetime(2024, 1, 1), datetime(2024, 2, 10), 130_000.0),
        energy(datetime(2024, 2, 10), datetime(2024, 4, 1), 170_000.0, meter="M-2"),
    ]
    result = panel(tmp_path, meters, readings, {"M-1": "+", "M-2": "+"})
    assert gaps(result) == []
    assert result.reductions == pytest.approx(300 * 0.5)


def test_a_subtracted_meter_that_came_late_does_not_raise_the_claim(tmp_path: Path) -> None:
    """The sub-meter used 2.4 kWh an hour in February and less in March: January's 744 h count at that rate."""
    meters = [{"meter_id": "M-1"}, {"meter_id": "M-2", "installed": datetime(2024, 2, 1)}]
    sub = monthly("M-2", [2.4 * 29 * 24, 1.2 * 31 * 24], start=(2024, 2))
    readings = [*monthly("M-1", [100_000.0, 120_000.0, 140_000.0]), *sub]
    result = panel(tmp_path, meters, readings, {"M-1": "+", "M-2": "-"})
    assert gaps(result) == [("2024-01", 744.0)]
    used = (2.4 * 744 + 2.4 * 29 * 24 + 1.2 * 31 * 24) / 1000
    assert result.reductions == pytest.approx((360 - used) * 0.5, rel=1e-12)


def test_a_meter_that_came_during_the_first_day_of_operation_is_in_time(tmp_path: Path) -> None:
    equipment = [{"equipment_id": "PV-1", "operation_start": date(2024, 2, 1)}]
    meters = [{"meter_id": "M-1", "unit": "kWh", "transformer_factor": 1.0, "installed": datetime(2024, 2, 1, 14)}]
    readings = [energy(datetime(2024, 2, 1, 14), datetime(2024, 4, 1), 200_000.0)]
    tables = {"equipment": equipment, "meters": meters, "readings": readings}
    assert gaps(calculate_file(solar_workbook(tmp_path / "m.xlsx", tables=tables))) == []


# --- findings ---------------------------------------------------------------------------


def test_a_finding_is_told_once(tmp_path: Path) -> None:
    equipment = [{**solar_tables()["equipment"][0], "evidence": "D-77"}]
    result = calculate_file(solar_workbook(tmp_path / "m.xlsx", tables={"equipment": equipment}))
    assert [f.found for f in result.findings if f.code == "input.evidence_unknown"] == ["D-77"]


def test_a_hole_after_the_start_of_operation_is_found_though_the_days_before_were_read(tmp_path: Path) -> None:
    """In operation from 10 February, read until then and from the 12th on: two days are missing."""
    equipment = [{"equipment_id": "PV-1", "operation_start": date(2024, 2, 10)}]
    readings = [
        energy(datetime(2024, 1, 1), datetime(2024, 2, 10), 0.0),
        energy(datetime(2024, 2, 12), datetime(2024, 4, 1), 100_000.0),
    ]
    result = calculate_file(solar_workbook(tmp_path / "m.xlsx", tables={"equipment": equipment, "readings": readings}))
    assert gaps(result) == [("2024-02", 48.0)]


def test_a_hole_before_the_start_of_operation_is_none(tmp_path: Path) -> None:
    equipment = [{"equipment_id": "PV-1", "operation_start": date(2024, 2, 10)}]
    readings = [energy(datetime(2024, 2, 10), datetime(2024, 4, 1), 100_000.0)]
    result = calculate_file(solar_workbook(tmp_path / "m.xlsx", tables={"equipment": equipment, "readings": readings}))
    assert gaps(result) == []
