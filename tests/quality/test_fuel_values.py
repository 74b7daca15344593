"""Values of fuels against public tables: calculated from workbooks as plants fill them in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.methodology.factors import density_ranges, fuels_called, fuels_with
from jcm_mrv.quality.fuel_values import _between
from support.boiler import boiler, boiler_tables
from support.workbooks import Rows

# 33.5 m3 of diesel at 95 % instead of 85 %: ER = 33.5 x density x NCV x EF x (95/85 - 1) - 2.99 MWh x 0.8
M3, GAIN = 33.5, 95 / 85 - 1
TABLES = boiler_tables()


def fixed(parameter: str, value: float) -> dict[str, Rows]:
    rows = [{**r, "value": value} if r["parameter"] == parameter else r for r in TABLES["fixed"]]
    return {"fixed": rows}


def density(value: float, **other: Any) -> dict[str, Rows]:
    return {"conversions": [{**TABLES["conversions"][0], "value": value, **other}]}


def named(fuel: str) -> dict[str, Rows]:
    values = [{**r, "applies_to": fuel} if r.get("applies_to") == "diesel" else r for r in TABLES["fixed"]]
    return {"equipment": [{**TABLES["equipment"][0], "fuel": fuel}], "fixed": values}


def told(tables: dict[str, Rows], code: str) -> list[Finding]:
    return [f for f in boiler(tables=tables).findings if f.code == code]


def test_a_diesel_that_is_diesel_asks_nothing() -> None:
    found = {f.code for f in boiler().findings}
    assert not found & {"fixed.unlike_fuel", "conversions.unlike_fuel", "fixed.grid_factor", "fixed.grid_year"}


@pytest.mark.parametrize(
    ("value", "limit", "severity"),
    [(1.2, 0.90, Severity.MAJOR), (0.92, 0.90, Severity.MAJOR), (0.7, 0.81, Severity.MINOR)],
)
def test_a_density_that_no_diesel_has(value: float, limit: float, severity: Severity) -> None:
    [finding] = told(density(value), "conversions.unlike_fuel")
    assert finding.severity is severity
    assert finding.effect_tco2e == pytest.approx(M3 * (value - limit) * 43 * 0.0726 * GAIN)
    assert finding.where.sheet == "Conversions"


@pytest.mark.parametrize("value", [0.795, 0.81, 0.9, 0.917])
def test_a_density_within_two_per_cent_of_the_table_is_one_of_a_warm_or_cold_diesel(value: float) -> None:
    assert not told(density(value), "conversions.unlike_fuel")


def test_it_does_not_matter_what_the_row_is_called() -> None:
    [finding] = told(density(0.966, property="other"), "conversions.unlike_fuel")
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(M3 * 0.066 * 43 * 0.0726 * GAIN)


def test_only_the_time_for_which_a_conversion_holds_has_an_effect() -> None:
    # January is 10 m3 of 33.5.
    own, february = TABLES["conversions"][0], datetime(2024, 2, 1)
    rows = [{**own, "value": 1.2, "end": february}, {**own, "start": february}]
    [finding] = told({"conversions": rows}, "conversions.unlike_fuel")
    assert finding.effect_tco2e == pytest.approx(10 * 0.3 * 43 * 0.0726 * GAIN)


def test_a_density_where_the_fuel_is_known_by_its_values_alone() -> None:
    # "Fuel 7" says nothing, 43 GJ/t with 0.0726 t/GJ is an oil: gasoline, kerosene or diesel, 0.715 to 0.90 t/m3.
    assert not told(named("Fuel 7"), "fixed.unlike_fuel")
    [finding] = told({**named("Fuel 7"), **density(1.2)}, "conversions.unlike_fuel")
    assert finding.severity is Severity.MAJOR


@pytest.mark.parametrize(
    ("parameter", "value", "limit", "other"),
    [
        # IPCC 2006 Vol. 2 Table 1.2: gas/diesel oil 41.4 to 43.3 GJ/t; Table 1.4 as printed: 0.0726 to 0.0748 t/GJ
        ("NCV", 47.0, 43.3, 0.0726),
        ("NCV", 40.0, 41.4, 0.0726),
        ("EF_CO2", 0.0946, 0.0748, 43.0),
        ("EF_CO2", 0.0543, 0.0726, 43.0),
    ],
)
def test_a_value_that_no_diesel_has(parameter: str, value: float, limit: float, other: float) -> None:
    [finding] = told(fixed(parameter, value), "fixed.unlike_fuel")
    assert finding.effect_tco2e == pytest.approx(M3 * 0.84 * (value - limit) * other * GAIN)
    assert finding.severity is (Severity.MAJOR if value > limit else Severity.MINOR)
    assert finding.where.sheet == "Fixed values"


def test_a_value_of_an_unknown_fuel_is_held_against_its_other_value() -> None:
    # 60 GJ/t with 0.0726 t/GJ is no fuel; those with that factor reach 55 GJ/t at most (coal tar, Table 1.2).
    tables = named("Fuel 7")
    tables["fixed"] = [{**r, "value": 60.0} if r["parameter"] == "NCV" else r for r in tables["fixed"]]
    found = told(tables, "fixed.unlike_fuel")
    assert [f.severity for f in found if "NCV" in f.message] == [Severity.MAJOR]
    assert [f.effect_tco2e for f in found if "NCV" in f.message] == [
        pytest.approx(M3 * 0.84 * (60 - 55) * 0.0726 * GAIN)
    ]


def test_a_meter_of_steam_or_water_has_no_density_of_a_fuel() -> None:
    tables = boiler_tables()
    heat = [{"meter_id": "E-1", "property": "other", "value": 1.0, "unit": "t/t", "document": "D-01", "page": "1"}]
    assert not told({"conversions": [*tables["conversions"], *heat]}, "conversions.unlike_fuel")


@pytest.mark.parametrize(
    ("name", "fuels"),
    [
        ("Diesel oil (DO 0.05S)", ("gas_diesel_oil",)),
        ("HFO", ("residual_fuel_oil",)),
        ("Liquefied Petroleum Gases", ("liquefied_petroleum_gases",)),
        ("biodiesel", ("biodiesels",)),
        ("bituminous coal", ("other_bituminous_coal",)),
        ("Kerosene", ("other_kerosene", "jet_kerosene")),
        ("dodo", ()),
        ("", ()),
    ],
)
def test_fuels_go_by_many_names(name: str, fuels: tuple[str, ...]) -> None:
    assert fuels_called(name) == fuels


def test_what_a_pair_of_values_can_be() -> None:
    assert "gas_diesel_oil" in fuels_with(43.0, 0.0741)
    assert fuels_with(48.0, 0.0561) and "gas_diesel_oil" not in fuels_with(48.0, 0.0561)
    assert fuels_with(60.0, 0.0726) == ()


def test_every_density_lies_between_its_limits() -> None:
    for fuel in ("gas_diesel_oil", "residual_fuel_oil", "motor_gasoline", "liquefied_petroleum_gases"):
        assert all(0 < low < high < 1.1 for low, high in density_ranges(fuel))
    assert density_ranges("anthracite") == ()


@pytest.mark.parametrize(("number", "inside"), [(9.8, True), (9.79, False), (20.4, True), (20.41, False), (15.0, True)])
def test_a_value_of_a_fuel_between_limits_and_what_is_loose(number: float, inside: bool) -> None:
    assert _between(number, (10.0, 20.0), 0.02) is inside
