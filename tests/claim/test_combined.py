"""What is made of single readings: the draft for delivered heat, from hourly logs to the tonne.

By hand, of January 2025 (744 hours, in pairs): 10 t at 5 K, then 2 t at 20 K, so 90 t*K in two hours and 33,480 t*K in
all; the sum times the mean would be 4,464 t x 12.5 K = 55,800 t*K.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.result import Result
from jcm_mrv.workbook.template.writing import write_workbook

HOURS = 744
WATER = [10.0, 2.0] * (HOURS // 2)
KELVIN = [5.0, 20.0] * (HOURS // 2)
PER_TK = 0.0041868 / 0.9 * 0.0561  # tCO2 of a tonne that is a kelvin warmer

Row = Mapping[str, Any]


def log(path: Path, values: Sequence[float | None], minutes: int = 60, first: int = 0) -> None:
    begin = datetime(2025, 1, 1)
    lines = [
        f"{begin + timedelta(minutes=minutes * (n + first)):%Y-%m-%d %H:%M},{value:g}"
        for n, value in enumerate(values)
        if value is not None
    ]
    path.write_text("\n".join(["time,value", *lines]) + "\n")


def log_row(name: str, unit: str, kind: str, minutes: int = 60) -> Row:
    return {
        "log_id": f"L-{name}", "meter_id": name, "file": f"{name}.csv", "layout": "wide", "time_column": "time",
        "value_column": "value", "unit": unit, "kind": kind, "stamp": "start", "interval_minutes": minutes,
        "transformer_factor_included": "yes", "time_zone": "Asia/Bangkok",
    }  # fmt: skip


def point(parameter: str, meter: str, applies_to: str = "C-1", sign: str = "+") -> Row:
    return {"parameter": parameter, "applies_to": applies_to, "meter_id": meter, "sign": sign}


def sheets(**others: Sequence[Row]) -> dict[str, Sequence[Row]]:
    fixed: list[Row] = [
        {"parameter": "eta_RE", "applies_to": "C-1", "value": 0.9, "unit": "1"},
        {"parameter": "EF_RE", "applies_to": "C-1", "value": 0.0561, "unit": "tCO2/GJ"},
        {"parameter": "supply", "value": "grid", "unit": "choice"},
        {"parameter": "EF_grid", "value": 0.8, "unit": "tCO2/MWh"},
    ]
    month = {"start": datetime(2025, 1, 1), "end": datetime(2025, 2, 1)}
    return {
        "eligibility": [{"number": "1", "criterion": "Illustrative", "met": "yes", "evidence": "D-1"}],
        "equipment": [{"equipment_id": "C-1", "operation_start": datetime(2024, 1, 1)}],
        "meters": [
            {"meter_id": name, "unit": unit, "transformer_factor": 1}
            for name, unit in (("F", "t"), ("T", "K"), ("T2", "K"), ("E", "MWh"))
        ],
        "points": [point("m_w", "F"), point("dT", "T"), point("EC_PJ", "E", "")],
        "readings": [{"meter_id": "E", "kind": "energy", **month, "value": 0.0, "unit": "MWh"}],
        "logs": [log_row("F", "t", "energy"), log_row("T", "K", "mean")],
        "evidence": [{"document_id": "D-1", "title": "illustrative"}],
        "fixed": [{**row, "document": "illustrative", "page": "1"} for row in fixed],
        **others,
    }


@pytest.fixture()
def heat(tmp_path: Path) -> Callable[..., Result]:
    def calculated(water: Sequence[float | None] = WATER, kelvin: Sequence[float | None] = KELVIN,
                   **others: Sequence[Row]) -> Result:  # fmt: skip
        log(tmp_path / "F.csv", water)
        log(tmp_path / "T.csv", kelvin)
        project = {
            "title": "illustrative", "country": "Viet Nam", "period_start": datetime(2025, 1, 1),
            "period_end": datetime(2025, 1, 31), "time_zone": "Asia/Bangkok", "report_date": datetime(2025, 2, 28),
        }  # fmt: skip
        path = tmp_path / "monitoring.xlsx"
        write_workbook(path, template_methods(["DRAFT_HEAT 0.1"]), project, sheets(**others))
        return calculate_file(path)

    return calculated


def water_times_kelvin(result: Result) -> float:
    [parameter] = [p for p in result.claim.parameters if p.declared.symbol == "HW"]
    return float(result.evaluation[parameter.defined].sum())


def refused(calculate: Callable[[], Result]) -> dict[str, str]:
    with pytest.raises(InputRefusedError) as caught:
        calculate()
    return {f.code: f"{f.message} | {f.found} | {f.action}" for f in caught.value.findings}


def test_water_and_temperature_are_multiplied_at_each_reading(heat: Callable[..., Result]) -> None:
    result = heat()
    assert water_times_kelvin(result) == pytest.approx(372 * 90)
    assert result.years[0].reductions == pytest.approx(372 * 90 * PER_TK)


def test_a_time_that_one_factor_leaves_open_is_a_data_gap_of_the_product(heat: Callable[..., Result]) -> None:
    # Hours 100 to 105 of the temperature are missing: three pairs, 270 t*K; ER rises with heat, so nothing is added.
    result = heat(kelvin=[None if 100 <= n < 106 else v for n, v in enumerate(KELVIN)])
    assert water_times_kelvin(result) == pytest.approx(372 * 90 - 270)
    gaps = {f.message.split(" has ")[0] for f in result.findings if f.code == "gaps.month"}
    assert gaps == {"meter T", "meter HW: F × T"}


def test_supply_and_return_apart_make_the_same_heat(heat: Callable[..., Result], tmp_path: Path) -> None:
    log(tmp_path / "T2.csv", [40.0 + n % 3 for n in range(HOURS)])
    points = [point("m_w", "F"), point("dT", "T"), point("dT", "T2", sign="-"), point("EC_PJ", "E", "")]
    logs = [log_row("F", "t", "energy"), log_row("T", "K", "mean"), log_row("T2", "K", "mean")]
    supply = [k + 40 + n % 3 for n, k in enumerate(KELVIN)]
    assert water_times_kelvin(heat(kelvin=supply, points=points, logs=logs)) == pytest.approx(372 * 90)


def test_a_register_of_the_water_makes_the_same_heat(heat: Callable[..., Result]) -> None:
    shown = [0.0]
    for amount in WATER:
        shown.append(shown[-1] + amount)
    result = heat(water=shown, logs=[log_row("F", "t", "register"), log_row("T", "K", "mean")])
    assert water_times_kelvin(result) == pytest.approx(372 * 90)


def test_unlike_intervals_are_refused_with_both_named(heat: Callable[..., Result]) -> None:
    logs = [log_row("F", "t", "energy"), log_row("T", "K", "mean", 120)]
    words = refused(lambda: heat(kelvin=KELVIN[:372], logs=logs))
    assert "combined.intervals" in words
    assert "F from 2025-01-01 00:00" in words["combined.intervals"]


def test_meters_that_are_never_read_together_are_refused(heat: Callable[..., Result]) -> None:
    half = HOURS // 2
    words = refused(lambda: heat(water=[*WATER[:half], *[None] * half], kelvin=[*[None] * half, *KELVIN[half:]]))
    assert "combined.not_together" in words


def test_a_factor_without_a_monitoring_point_is_asked_for_by_name(heat: Callable[..., Result]) -> None:
    words = refused(lambda: heat(points=[point("m_w", "F"), point("EC_PJ", "E", "")]))
    assert "dT of C-1" in words["points.missing"] and "HW" not in words["points.missing"]


def test_a_factor_of_one_of_two_circuits_is_asked_for_by_name(heat: Callable[..., Result]) -> None:
    two = [{"equipment_id": name, "operation_start": datetime(2024, 1, 1)} for name in ("C-1", "C-2")]
    points = [point("m_w", "F"), point("dT", "T"), point("m_w", "F2", "C-2"), point("EC_PJ", "E", "")]
    meters = [*sheets()["meters"], {"meter_id": "F2", "unit": "t", "transformer_factor": 1}]
    words = refused(lambda: heat(equipment=two, points=points, meters=meters))
    assert "dT of C-2" in words["points.missing"]


def test_a_product_has_no_monitoring_point_of_its_own(heat: Callable[..., Result]) -> None:
    points = [point("m_w", "F"), point("dT", "T"), point("HW", "F"), point("EC_PJ", "E", "")]
    assert "| HW |" in refused(lambda: heat(points=points))["points.unknown_parameter"]


def test_an_overdue_calibration_of_a_factor_lowers_the_product(heat: Callable[..., Result]) -> None:
    # Class 1, valid until 15 January: 1 % of the product of the 16 days from then, 8,640 + 8,640 = 17,280 t*K, goes.
    meters = [
        {"meter_id": n, "unit": u, "transformer_factor": 1, "accuracy_class": 1}
        for n, u in (("F", "t"), ("T", "K"), ("E", "MWh"))
    ]
    proven = {"date": datetime(2024, 12, 1), "valid_until": datetime(2025, 12, 1), "result": "passed"}
    ended = {"date": datetime(2024, 1, 15), "valid_until": datetime(2025, 1, 15), "result": "passed"}
    calibrations = [{"meter_id": "F", **proven}, {"meter_id": "T", **ended}, {"meter_id": "E", **proven}]
    result = heat(meters=meters, calibrations=calibrations)
    assert water_times_kelvin(result) == pytest.approx(372 * 90 - 172.8)
    # One question of meter T: what it measured by itself, and what the product of the other meter by it did.
    [finding] = [f for f in result.findings if f.code == "calibrations.not_covering"]
    assert "meter T," in finding.message and "F × T: 17280 t*K measured, -172.8 t*K corrected" in finding.found
    assert finding.effect_tco2e == pytest.approx(-172.8 * PER_TK)


def test_a_questionable_value_of_a_factor_is_questionable_in_the_product(heat: Callable[..., Result]) -> None:
    # 200 K in one hour with 10 t: neither that nor the 50 t*K of it are relied on.
    result = heat(kelvin=[200.0 if n == 300 else v for n, v in enumerate(KELVIN)])
    assert water_times_kelvin(result) == pytest.approx(372 * 90 - 50)


def test_an_override_of_a_factor_leaves_the_product_of_its_time_unknown(heat: Callable[..., Result]) -> None:
    row = {
        "meter_id": "F", "start": datetime(2025, 1, 10), "end": datetime(2025, 1, 11), "value": 144.0, "unit": "t",
        "reason": "read by hand", "evidence": "D-1",
    }  # fmt: skip
    result = heat(overrides=[row])
    [finding] = [f for f in result.findings if f.code == "combined.overridden"]
    assert finding.effect_tco2e == pytest.approx(-12 * 90 * PER_TK)
    assert water_times_kelvin(result) == pytest.approx(360 * 90)
