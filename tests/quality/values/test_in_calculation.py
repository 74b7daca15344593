"""Rules on values from a workbook to a result: places, effects on ER, settings, and the real log."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import numpy as np
import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Code, Finding, InputRefusedError, Severity
from jcm_mrv.quality import values
from jcm_mrv.result import Result
from support.values import solar
from support.workbooks import monthly, solar_workbook

EXAMPLE = Path(__file__).parents[3] / "examples" / "rooftop_solar"
# The codes of every finding that a module of the room can give.
CODES = {
    one.code
    for module in iter_modules(values.__path__, f"{values.__name__}.")
    for one in vars(import_module(module.name)).values()
    if isinstance(one, Code)
}


def of(result: Result) -> list[Finding]:
    return [f for f in result.findings if f.code in CODES]


def with_log(folder: Path, power: np.ndarray, *, project: dict[str, Any] | None = None, **tables: Any) -> Path:
    """The solar workbook over January to March 2024 with a log of mean power [kW] every 15 minutes."""
    start = datetime(2024, 1, 1)
    lines = [f"{start + timedelta(minutes=15 * n):%Y-%m-%d %H:%M},{v}" for n, v in enumerate(power)]
    (folder / "log.csv").write_text("\n".join(["time,P", *lines]) + "\n")
    log = {
        "log_id": "L-1", "meter_id": "M-1", "file": "log.csv", "layout": "wide", "time_column": "time",
        "value_column": "P", "unit": "kW", "kind": "power", "time_zone": "Asia/Ho_Chi_Minh", "stamp": "start",
        "interval_minutes": 15, "transformer_factor_included": "no",
    }  # fmt: skip
    site = {"latitude": 20.86, "longitude": 106.68, **(project or {})}
    path = folder / "monitoring.xlsx"
    return solar_workbook(path, project=site, tables={"readings": [], "logs": [log], **tables})


def power() -> np.ndarray:
    return solar(91, np.random.default_rng(11), 900.0)


def test_a_sound_log_gives_no_finding(tmp_path: Path) -> None:
    assert of(calculate_file(with_log(tmp_path, power()))) == []


def test_a_spike_is_not_relied_on_and_its_effect_is_stated(tmp_path: Path) -> None:
    """40,000 kW for a quarter of an hour are 10 MWh; at 0.5 t/MWh leaving them out takes 5 t off."""
    values = power()
    values[20 * 96 + 48] = 40_000.0
    (finding,) = of(calculate_file(with_log(tmp_path, values)))
    assert (finding.code, finding.severity) == ("readings.spike", Severity.MAJOR)
    assert (finding.where.file, finding.where.line) == ("log.csv", 20 * 96 + 50)
    assert finding.effect_tco2e == pytest.approx(-5.0)
    assert "40000 at 2024-01-21 12:00" in finding.found


def test_energy_at_night_is_not_relied_on(tmp_path: Path) -> None:
    """120 kW for two hours of 50 nights are 12 MWh: 6 t."""
    values = power()
    for night in range(50):
        values[night * 96 : night * 96 + 8] += 120.0
    found = [f for f in of(calculate_file(with_log(tmp_path, values))) if f.code == "readings.night_generation"]
    assert len(found) == 1
    assert found[0].data["amount"] == pytest.approx(12_000)
    assert found[0].effect_tco2e == pytest.approx(-6.0)


def test_the_highest_rate_of_the_meter_is_asked_for_in_its_own_unit(tmp_path: Path) -> None:
    values = power()
    meters = [
        {"meter_id": "M-1", "unit": "kWh", "transformer_factor": 1.0, "highest_rate": 0.5, "highest_rate_unit": "MW"}
    ]
    found = of(calculate_file(with_log(tmp_path, values, meters=meters)))
    spike = next(f for f in found if f.code == "readings.spike")
    assert "the highest rate of 0.5 MW" in spike.message
    assert spike.data["rate"] == values.max()


def test_readings_in_the_wrong_unit(tmp_path: Path) -> None:
    """1,000 kW can give 892,800 kWh in January at 1.2 times the rated capacity, and 100,000 MWh were typed.

    The excess over the three months is (100,000 - 892.8) + (120,000 - 835.2) + (140,000 - 892.8) MWh.
    """
    readings = monthly("M-1", [100_000.0, 120_000.0, 140_000.0], unit="MWh")
    path = solar_workbook(tmp_path / "monitoring.xlsx", tables={"readings": readings})
    with pytest.raises(InputRefusedError) as refused:
        calculate_file(path)
    (above,) = [f for f in refused.value.findings if f.code == "readings.above_capacity"]
    assert (above.where.sheet, above.where.cell) == ("Readings", "E4")
    assert "factor 1000 of a wrong unit" in above.message
    assert above.effect_tco2e == pytest.approx(0.5 * (360_000 - 892.8 - 835.2 - 892.8))


def test_a_reading_that_was_copied_down(tmp_path: Path) -> None:
    path = solar_workbook(tmp_path / "monitoring.xlsx", tables={"readings": monthly("M-1", [123_456.0] * 3)})
    (finding,) = of(calculate_file(path))
    assert (finding.code, finding.severity, finding.where.cell) == ("readings.stuck", Severity.MAJOR, "E2")
    # The first one counts; of the two that may be copied ER takes what is least: nothing.
    assert calculate_file(path).reductions == pytest.approx(123_456 / 1000 * 0.5, rel=1e-12)


def test_a_setting_of_the_project_is_used_and_recorded(tmp_path: Path) -> None:
    values = power()
    values[20 * 96 + 48] = 40_000.0
    rows = [{"setting": "capacity.most_of_rated_generation", "value": 50.0, "reason": "test of a setting"}]
    result = calculate_file(with_log(tmp_path, values, settings=rows))
    assert of(result) == []
    assert result.settings["capacity.most_of_rated_generation"] == 50
    assert "settings.changed" in {f.code for f in result.findings}


def test_an_unknown_setting_refuses_the_workbook(tmp_path: Path) -> None:
    rows = [{"setting": "stuck.hours", "value": 50.0, "reason": "test"}]
    path = solar_workbook(tmp_path / "monitoring.xlsx", tables={"settings": rows})
    with pytest.raises(InputRefusedError) as refused:
        calculate_file(path)
    assert "settings.unknown" in {f.code for f in refused.value.findings}


def real_workbook(folder: Path, zone: str, latitude: float, longitude: float) -> Result:
    (folder / "log.csv").write_bytes((EXAMPLE / "data" / "pv_ac_power_15min.csv").read_bytes())
    log = {
        "log_id": "L-1", "meter_id": "M-1", "file": "log.csv", "layout": "wide", "time_column": "measured_on",
        "value_column": "ac_power", "unit": "W", "kind": "power", "stamp": "start", "interval_minutes": 15,
        "time_zone": "UTC-07:00", "transformer_factor_included": "no",
    }  # fmt: skip
    project = {
        "period_start": date(2016, 7, 2), "period_end": date(2016, 10, 12), "time_zone": zone,
        "latitude": latitude, "longitude": longitude, "report_date": date(2016, 11, 1),
    }  # fmt: skip
    equipment = [
        {
            "equipment_id": "PV-1",
            "operation_start": date(2016, 1, 1),
            "rated_capacity": 6.0,
            "rated_capacity_unit": "kW",
        }
    ]
    tables = {"readings": [], "logs": [log], "equipment": equipment}
    return calculate_file(solar_workbook(folder / "monitoring.xlsx", project=project, tables=tables))


def test_the_real_log_at_its_real_place_gives_no_finding(tmp_path: Path) -> None:
    """It was measured at Golden, Colorado, and is slightly negative at night, as inverters are."""
    result = real_workbook(tmp_path, "America/Denver", 39.74, -105.17)
    assert of(result) == []
    assert "logs.negative" in {f.code for f in result.findings}


def test_the_real_log_at_another_place_generates_by_night(tmp_path: Path) -> None:
    found = of(real_workbook(tmp_path, "Asia/Ho_Chi_Minh", 20.86, 106.68))
    assert {(f.code, f.severity) for f in found} == {
        ("readings.night_generation", Severity.MAJOR),
        ("readings.clock_shift", Severity.MAJOR),
    }


@pytest.mark.parametrize("name", ["rooftop_solar/monitoring.xlsx", "grocery_air_conditioning/monitoring.xlsx"])
def test_the_examples_give_no_finding(name: str) -> None:
    assert of(calculate_file(EXAMPLE.parent / name)) == []


def test_the_electricity_of_a_boiler_is_not_held_against_its_capacity() -> None:
    """5 MW of heat, auxiliaries of 1.4 kW: below a twentieth of the capacity, as they should be."""
    from support.boiler import boiler, boiler_tables

    units = [{**row, "rated_capacity": 5_000.0, "rated_capacity_unit": "kW"} for row in boiler_tables()["equipment"]]
    codes = {f.code for f in boiler(tables={"equipment": units}).findings}
    assert not codes & {"readings.below_capacity", "readings.above_capacity"}
