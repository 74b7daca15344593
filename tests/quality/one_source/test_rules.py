"""Two meters with equal or proportional values are one: logs, readings, other units, moved hours; and what is not."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError, Severity
from support.boiler import FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.results import calculated
from support.workbooks import Rows, calibration, monthly, months, solar_tables, solar_workbook

DAYS = 60
SUN = np.clip(np.sin((np.arange(24) - 6) / 12 * np.pi), 0.0, None)


def plant(seed: int) -> np.ndarray:
    """kWh by hour of a roof under clouds of its own, written with two digits."""
    clouds = np.random.default_rng(seed).uniform(0.3, 1.0, DAYS * 24)
    return np.round(np.tile(SUN, DAYS) * clouds * 900.0, 2)


def two_roofs(values: Sequence[float], **second: Any) -> dict[str, Rows]:
    """Two systems with a meter each; the monthly values of the second one."""
    tables = solar_tables()
    return {
        "equipment": [
            *tables["equipment"],
            {**tables["equipment"][0], "equipment_id": "PV-2", "serial_number": "SN-PV-2"},
        ],
        "meters": [*tables["meters"], {**tables["meters"][0], "meter_id": "M-2", "serial_number": "SN-M-2", **second}],
        "calibrations": [calibration("M-1"), calibration("M-2")],
        "points": [
            *tables["points"],
            {**tables["points"][0], "point_no": "2", "applies_to": "PV-2", "meter_id": "M-2"},
        ],
        "readings": [*monthly("M-1", FIRST), *monthly("M-2", values, unit=second.get("unit", "kWh"))],
    }


FIRST = (101_234.5, 123_456.7, 137_912.3)


def said(tables: dict[str, Rows]) -> list[Finding]:
    return [f for f in calculated(tables=tables).findings if f.code == "points.one_curve"]


def with_logs(tmp_path: Path, first: np.ndarray, second: np.ndarray, **row: Any) -> list[Finding]:
    """The findings on curves of two roofs with a log each."""
    for name, values in (("a.csv", first), ("b.csv", second)):
        with (tmp_path / name).open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["time", "kWh"])
            start = datetime(2024, 1, 1)
            writer.writerows((start + timedelta(hours=n), f"{v:.2f}") for n, v in enumerate(values.tolist()))
    log = {
        "layout": "wide", "time_column": "time", "value_column": "kWh", "unit": "kWh", "kind": "energy",
        "time_zone": "Asia/Ho_Chi_Minh", "stamp": "start", "interval_minutes": 60.0,
        "transformer_factor_included": "yes",
    }  # fmt: skip
    logs = [
        {**log, "log_id": "L-1", "meter_id": "M-1", "file": "a.csv"},
        {**log, "log_id": "L-2", "meter_id": "M-2", "file": "b.csv", **row},
    ]
    tables = {**two_roofs([1.0, 1.0, 1.0]), "readings": [], "logs": logs}
    path = solar_workbook(tmp_path / "monitoring.xlsx", project={"period_end": date(2024, 2, 29)}, tables=tables)
    try:
        findings = calculate_file(path).findings
    except InputRefusedError as error:
        findings = list(error.findings)
    return [f for f in findings if f.code in ("points.one_curve", "points.moved_copy", "logs.same_column")]


# --- readings by month -----------------------------------------------------------------------


@pytest.mark.parametrize("factor", [1.0, 1.01, 0.37, 2.0])
def test_proportional_months_are_a_question_with_the_effect_of_the_second(factor: float):
    values = [round(factor * value, 1) for value in FIRST]
    (finding,) = said(two_roofs(values))
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(sum(values) / 1000 * 0.5)
    assert finding.data["ratio"] == pytest.approx(factor, rel=1e-5)


def test_another_unit_hides_nothing():
    (finding,) = said(two_roofs([round(1.01 * value / 1000, 5) for value in FIRST], unit="MWh"))
    assert finding.data["ratio"] == pytest.approx(1.01, rel=1e-5)


def test_a_transformer_factor_hides_nothing():
    assert said(two_roofs([round(value / 20, 2) for value in FIRST], transformer_factor=20.0))


@pytest.mark.parametrize(
    "values",
    [
        [101_734.5, 124_956.7, 136_712.3],  # about one per cent apart, this way and that
        [50_000.0, 61_000.0, 68_000.0],  # round numbers: three digits agree by chance
        [101_234.5, 101_234.5, 101_234.5],
    ],
)
def test_what_two_meters_may_read_by_chance_is_none(values: list[float]):
    assert said(two_roofs(values)) == []


@pytest.mark.parametrize(("may", "named"), [(101_000.0, 1), (102_000.0, 0)])
def test_a_round_month_among_proportional_ones_neither_hides_a_copy_nor_makes_one(may: float, named: int):
    """124,321.7 and 138,765.3 kWh times 1.01 show it; 100,000 shows nothing, 102,000 beside it that they are two."""
    first, second = (100_000.0, 124_321.7, 138_765.3), (may, 125_564.9, 140_153.0)
    readings = [*monthly("M-1", first), *monthly("M-2", second)]
    assert len(said({**two_roofs(second), "readings": readings})) == named


@pytest.mark.parametrize("factor", [1.0, 0.5])
def test_rounded_months_that_are_a_multiple_throughout_are_a_question(factor: float):
    """100, 120 and 140 MWh agree by chance more easily than 101,234.5 kWh; three are a question all the same."""
    values = [factor * value for value in (100_000.0, 120_000.0, 140_000.0)]
    tables = {
        **two_roofs(values),
        "readings": [*monthly("M-1", (100_000.0, 120_000.0, 140_000.0)), *monthly("M-2", values)],
    }
    (finding,) = [f for f in calculated(tables=tables).findings if f.code == "points.moved_copy"]
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(sum(values) / 1000 * 0.5)


@pytest.mark.parametrize("second", [(100_000.0, 120_000.0, 150_000.0), (100_000.0, 120_000.0, 120_000.0)])
def test_rounded_months_of_which_one_differs_or_two_are_equal_are_chance(second: tuple[float, ...]):
    first = (100_000.0, 120_000.0, 140_000.0 if second[2] > second[1] else 120_000.0)
    tables = {**two_roofs(second), "readings": [*monthly("M-1", first), *monthly("M-2", second)]}
    assert [f for f in calculated(tables=tables).findings if f.code in ("points.moved_copy", "points.one_curve")] == []


def test_constant_loads_tell_nothing():
    tables = two_roofs([50_617.2] * 3)
    assert said({**tables, "readings": [*monthly("M-1", [101_234.4] * 3), *monthly("M-2", [50_617.2] * 3)]}) == []


def test_a_copy_that_is_subtracted_is_one_too():
    """Where ER falls with the meter, a second name for it takes the consumption away: 3 MWh x 0.8 t/MWh."""
    tables = boiler_tables()
    used = (1043.7, 998.4, 1012.9)
    second = {**tables["meters"][1], "meter_id": "E-2", "serial_number": "SN-E-2"}
    fuel = [row for row in tables["readings"] if row["meter_id"] == "T-1"]
    result = boiler(
        tables={
            "meters": [*tables["meters"], second],
            "points": [*tables["points"], {**tables["points"][1], "meter_id": "E-2", "sign": "-"}],
            "readings": [*fuel, *monthly("E-1", used), *monthly("E-2", [round(0.9 * v, 1) for v in used])],
            "calibrations": [*tables["calibrations"], calibration("E-2")],
        }
    )
    (finding,) = [f for f in result.findings if f.code == "points.one_curve"]
    assert finding.effect_tco2e == pytest.approx(0.9 * sum(used) / 1000 * 0.8, rel=1e-4)


def test_a_copy_that_lowers_er_is_minor():
    """The same consumption under a second name beside the first: 3 MWh more project emissions than there are."""
    tables = boiler_tables()
    used = (1043.7, 998.4, 1012.9)
    second = {**tables["meters"][1], "meter_id": "E-2", "serial_number": "SN-E-2"}
    fuel = [row for row in tables["readings"] if row["meter_id"] == "T-1"]
    result = boiler(
        tables={
            "meters": [*tables["meters"], second],
            "points": [*tables["points"], {**tables["points"][1], "meter_id": "E-2"}],
            "readings": [*fuel, *monthly("E-1", used), *monthly("E-2", used)],
            "calibrations": [*tables["calibrations"], calibration("E-2")],
        }
    )
    (finding,) = [f for f in result.findings if f.code == "points.one_curve"]
    assert (finding.severity, finding.effect_tco2e) == (Severity.MINOR, pytest.approx(-sum(used) / 1000 * 0.8))


# --- logs by hour ------------------------------------------------------------------------------


def test_the_same_bytes_under_two_meters_are_refused(tmp_path: Path):
    (finding,) = with_logs(tmp_path, plant(1), plant(1))
    assert (finding.code, finding.severity) == ("logs.same_column", Severity.ERROR)


@pytest.mark.parametrize("factor", [1.01, 0.5, 3.7])
def test_a_multiple_of_a_log_is_refused(tmp_path: Path, factor: float):
    (finding,) = with_logs(tmp_path, plant(1), plant(1) * factor)
    assert (finding.code, finding.severity) == ("points.one_curve", Severity.ERROR)
    assert finding.data["ratio"] == pytest.approx(factor, rel=1e-3)


def test_so_is_one_whose_hours_are_moved(tmp_path: Path):
    (finding,) = with_logs(tmp_path, plant(1), np.roll(plant(1) * 1.01, 2))
    assert finding.severity is Severity.ERROR


def test_so_is_one_with_a_month_of_its_own(tmp_path: Path):
    january = 31 * 24
    mixed = np.concatenate([plant(1)[:january] * 1.01, plant(2)[january:]])
    (finding,) = with_logs(tmp_path, plant(1), mixed)
    assert finding.message.startswith("meter M-2 has 1.01")
    assert "2024-01" in finding.message and "2024-02" not in finding.message


def test_so_is_one_with_holes(tmp_path: Path):
    holed = plant(1) * 1.01
    holed[200:260] = 0.0
    assert with_logs(tmp_path, plant(1), holed)


def test_two_roofs_under_one_sky_are_two(tmp_path: Path):
    """The same clouds, and what differs between roofs: size, dirt, shade, by one per cent from hour to hour."""
    own = 0.97 * np.random.default_rng(3).normal(1.0, 0.01, DAYS * 24)
    assert with_logs(tmp_path, plant(1), np.round(plant(1) * own, 2)) == []


# --- copies that were moved, and one store under two names -----------------------------------------


@pytest.mark.parametrize("days", [1, 10, 31])
def test_a_log_that_was_rolled_by_days_is_a_question(tmp_path: Path, days: int):
    values = plant(1)
    (finding,) = with_logs(tmp_path, values, np.roll(values, 24 * days))
    assert (finding.code, finding.severity) in (
        ("points.moved_copy", Severity.MAJOR),
        ("points.one_curve", Severity.ERROR),
    )
    assert finding.effect_tco2e == pytest.approx(values.sum() / 1000 * 0.5, rel=1e-6)


def test_a_constant_that_is_added_hides_nothing(tmp_path: Path):
    values = plant(1)
    (finding,) = with_logs(tmp_path, values, values + 5.0)
    assert finding.effect_tco2e == pytest.approx((values.sum() + 5.0 * DAYS * 24) / 1000 * 0.5, rel=1e-6)


@pytest.mark.parametrize(
    ("noise", "size"),
    [(0.002, 0.8), (0.005, 1.0), (0.005, 1.3), (0.02, 1.0)],
)
def test_a_little_noise_hides_no_copy(tmp_path: Path, noise: float, size: float):
    """Noise of 0.5 % at any size, of 2 % where both are equal on the whole, as no two roofs are."""
    values = np.round(size * plant(1) * np.random.default_rng(5).normal(1.0, noise, DAYS * 24), 2)
    (finding,) = with_logs(tmp_path, plant(1), values)
    assert (finding.code, finding.severity) == ("points.moved_copy", Severity.MAJOR)
    assert finding.effect_tco2e == pytest.approx(values.sum() / 1000 * 0.5, rel=1e-6)


def test_a_factor_by_day_hides_no_copy(tmp_path: Path):
    factors = np.repeat(np.random.default_rng(5).uniform(0.9, 1.1, DAYS), 24)
    (finding,) = with_logs(tmp_path, plant(1), np.round(plant(1) * factors, 2))
    assert (finding.code, finding.severity) == ("points.moved_copy", Severity.MAJOR)
    assert f"{DAYS} days" in finding.found


def test_three_days_under_factors_of_their_own_are_enough_and_two_are_not(tmp_path: Path):
    for days, named in ((3, True), (2, False)):
        mixed = plant(2)
        factors = np.repeat([0.9, 1.1, 1.05][:days], 24)
        mixed[: 24 * days] = plant(1)[: 24 * days] * factors
        assert bool(with_logs(tmp_path, plant(1), np.round(mixed, 2))) is named


def test_lights_by_a_clock_follow_each_other_without_being_one(tmp_path: Path):
    """12 kW and 13 kW from eight to six with 0.3 % of noise each: they move by nothing of their own."""
    day = np.where((np.arange(24) >= 8) & (np.arange(24) < 18), 120.0, 0.0)
    first, second = (
        np.round(np.tile(day, DAYS) * size * np.random.default_rng(n).normal(1.0, 0.003, DAYS * 24), 2)
        for n, size in ((1, 1.0), (2, 1.08))
    )
    assert with_logs(tmp_path, first, second) == []


def test_two_roofs_under_their_own_clouds_have_no_day_in_common(tmp_path: Path):
    assert with_logs(tmp_path, plant(1), plant(2)) == []


def test_loads_by_a_clock_tell_nothing(tmp_path: Path):
    """Lights of 12 and 13 kW from eight to six, every day."""
    day = np.where((np.arange(24) >= 8) & (np.arange(24) < 18), 12.0, 0.0)
    assert not any("days are the same" in f.found for f in with_logs(tmp_path, np.tile(day, DAYS), np.tile(day, DAYS)))


def test_months_that_are_those_of_another_month_are_a_question():
    """99,312.4 + 101,234.5 + 123,456.7 kWh at 0.5 t/MWh."""
    values = (99_312.4, *FIRST[:2])
    (finding,) = [f for f in calculated(tables=two_roofs(values)).findings if f.code == "points.moved_copy"]
    assert finding.effect_tco2e == pytest.approx(sum(values) / 1000 * 0.5)


def test_one_month_or_round_numbers_in_common_are_chance():
    for values in ((99_312.4, 100_345.6, 123_456.7), (99_312.4, 140_000.0, 100_000.0)):
        assert [f for f in calculated(tables=two_roofs(values)).findings if f.code == "points.moved_copy"] == []


@pytest.mark.parametrize(("second", "named"), [((10.0, 11.1, 12.4), True), ((4.0, 11.0, 2.5), False)])
def test_a_ledger_beside_the_meter_of_its_fuel_is_a_question(second: tuple[float, ...], named: bool):
    """10, 11 and 12.5 m3 by the meter T-1; the ledger T-9 of the tank counts the same fuel."""
    tables = boiler_tables()
    edges = months((2024, 1), 3)
    result = boiler(
        tables={
            "meters": [*tables["meters"], {**tables["meters"][0], "meter_id": "T-9", "serial_number": "SN-T-9"}],
            "points": [*tables["points"], {**tables["points"][0], "meter_id": "T-9", "option": "B"}],
            "conversions": [*tables["conversions"], {**tables["conversions"][0], "meter_id": "T-9"}],
            "calibrations": [*tables["calibrations"], calibration("T-9")],
            "stocks": [
                {"meter_id": "T-9", "start": a, "end": b, "opening": 5.0, "received": v, "closing": 5.0, "unit": "m3"}
                for a, b, v in zip(edges, edges[1:], second, strict=False)
            ],
        }
    )
    found = [f for f in result.findings if f.code == "points.moved_copy"]
    assert [f.effect_tco2e for f in found] == ([pytest.approx(sum(second) * FUEL_TONNES_PER_M3)] if named else [])


def test_equal_months_are_a_copy_and_months_near_each_other_are_not() -> None:
    """Three months alike to the last digit of seven; the same 2 % apart, each by its own amount, are two roofs."""
    assert [f.severity for f in said(two_roofs(FIRST))]
    assert said(two_roofs([FIRST[0] * 1.02, FIRST[1] * 0.985, FIRST[2] * 1.008])) == []


def test_the_chance_of_likeness_grows_with_the_pairs_that_there_are() -> None:
    """Six months within 0.1 % of each other: of one pair of meters a copy, of a billion pairs chance."""
    from jcm_mrv.quality.one_source.months import blur, same_by_chance

    one = np.array([101_234.5, 123_456.7, 137_912.3, 99_871.2, 143_210.9, 120_004.1])
    other = one * np.array([1.0004, 0.9997, 1.0003, 0.9996, 1.0002, 0.9998])
    without = np.append(other[:5], 0.0)  # its last month is not known: the ratio is of the five that both have
    rows = np.array([other, other / 1.5, one[::-1] + np.array([5e4, 0, 0, 0, 0, 9e4]), without])
    digits = blur(one), np.array([blur(row) for row in rows])
    varies = np.full(4, 0.2)
    assert same_by_chance(one, rows, digits, 1.0, varies) == {0: 1.0, 1: pytest.approx(1.5, rel=1e-4), 3: 1.0}
    assert same_by_chance(one, rows, digits, 1e30, varies) == {}


def test_one_month_that_was_changed_does_not_hide_a_copy() -> None:
    """Ten months x 1.37 to the last digit, and one of them 5 % off; among seven months one is a difference."""
    from jcm_mrv.quality.one_source.months import blur, same_by_chance, steady

    one = 100_000 + np.array(
        [1_234.5, 23_456.7, 37_912.3, -871.2, 43_210.9, 20_004.1, 7_003.3, 11_517.7, 3.1, 52_113.9]
    )
    other = one * 1.37
    other[4] *= 1.05
    for count, said in ((10, {0: pytest.approx(1 / 1.37, rel=1e-9)}), (7, {})):
        few, row = one[:count], other[None, :count]
        assert steady(row, few) == list(said)
        assert same_by_chance(few, row, (blur(few), blur(row[0])[None, :]), 1.0, np.array([0.01])) == said


def test_of_many_rows_only_those_of_like_shape_are_looked_at() -> None:
    """300 plants whose values fall off at their own rate, and one of them twice as large again: that pair is found."""
    from jcm_mrv.quality.one_source.hours import candidates

    rates = np.linspace(0.5, 5.0, 300)[:, None]
    values = np.sort(np.exp(-rates * np.linspace(0, 1, 400)), axis=1)
    ordered = np.vstack([values, 2 * values[100]])
    found = candidates(ordered)
    assert (100, 300) in found and len(found) < 300 * 300 / 8


@pytest.mark.parametrize(("by", "unit"), [(20_000.0, "kWh"), (-20_000.0, "kWh"), (20.0, "MWh")])
def test_a_copy_of_the_months_with_a_constant_is_a_question_with_all_that_rests_on_it(by: float, unit: str) -> None:
    """Five months of 635,838.4 kWh and five times the constant under a second roof, at 0.5 t/MWh."""
    first = [*FIRST, 140_111.6, 133_123.3]
    scale = 1000.0 if unit == "MWh" else 1.0
    second = [round(value / scale + by, 6) for value in first]
    tables = two_roofs(second, unit=unit)
    tables["readings"] = [*monthly("M-1", first), *monthly("M-2", second, unit=unit)]
    result = calculated(tables=tables, project={"period_end": date(2024, 5, 31)})
    [finding] = [f for f in result.findings if f.code == "points.moved_copy"]
    assert finding.severity is Severity.MAJOR and "5 months" in finding.message
    assert finding.effect_tco2e == pytest.approx((635_838.4 + 5 * by * scale) * 0.0005)
