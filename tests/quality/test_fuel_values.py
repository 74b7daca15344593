"""Values of fuels against public tables: calculated from workbooks as plants fill them in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.methodology.factors import density_ranges, fuels_called, fuels_with
from jcm_mrv.origin import Origin
from jcm_mrv.quality.fuel_values import (
    _between,
    _by_one,
    _fuels,
    _held,
    _limits,
    _limits_of,
    _metered,
    _other,
    _severity,
    _unlike,
    _Value,
    _words,
)
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY
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


# --- each rule by itself ------------------------------------------------------------------------------

DIESEL = "gas_diesel_oil"
ELEMENT: Any = object()


def value(column: str, number: float, label: str = "", place: tuple[int, ...] = (0,), bound: Any = ELEMENT) -> _Value:
    node: Any = SimpleNamespace(sets=("i",), symbol=column, unit=column)
    return _Value(bound, node, place, column, label, number, Origin(sheet="Fixed values"))


def test_a_fuel_is_known_by_its_name_or_by_both_values_or_by_the_other_one() -> None:
    """43 GJ/t with 0.0741 t/GJ may be a diesel and no coal; 60 GJ/t is none, so its factor alone tells."""
    ncv, co2 = value("ncv", 43.0), value("co2", 0.0741)
    assert _fuels(value("ncv", 99.0, "diesel"), [co2]) == (DIESEL,)
    assert _fuels(ncv, [ncv, co2]) == _fuels(co2, [ncv, co2]) == fuels_with(43.0, 0.0741)
    assert _fuels(ncv, [ncv]) == ()
    odd = value("ncv", 60.0)
    alone = _fuels(odd, [odd, co2])
    assert DIESEL in alone and "anthracite" not in alone and alone == _by_one(co2)
    assert "anthracite" in _by_one(value("co2", 0.0983)) and DIESEL not in _by_one(value("co2", 0.0983))


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ([value("co2", 0.07)], True),
        ([value("ncv", 40.0)], False),
        ([value("density", 0.8)], False),
        ([value("co2", 0.07, place=(1,))], False),
        ([value("co2", 0.07, bound=object())], False),
        ([value("co2", 0.07), value("co2", 0.08)], False),  # which of them is not known
    ],
)
def test_the_other_value_is_of_the_same_methodology_and_element(others: list[_Value], found: bool) -> None:
    own = value("ncv", 43.0)
    assert (_other(own, [own, *others]) is not None) is found
    assert _other(value("density", 0.8), [own, *others]) is None


def test_the_limits_of_several_fuels() -> None:
    """Diesel 0.81 to 0.90 t/m3, gasoline 0.715 to 0.78; of a gas its liquid, 0.5 to 0.6; coal has none."""
    assert _limits_of([DIESEL], "density") == (0.81, 0.9)
    assert _limits_of([DIESEL, "motor_gasoline"], "density") == (0.715, 0.9)
    assert _limits_of(["liquefied_petroleum_gases"], "density") == (0.5, 0.6)
    assert _limits_of(["anthracite"], "density") is None
    assert _limits_of([DIESEL, "anthracite"], "density") == (0.81, 0.9)
    assert _limits_of([DIESEL], "ncv") == (41.4, 43.3)


def test_what_a_conversion_of_a_fuel_lies_between() -> None:
    """By mass 41.4 to 43.3 GJ/t, a density, and by volume 0.81 x 41.4 = 33.5 to 0.9 x 43.3 = 39.0 GJ/m3."""
    assert list(_limits(())) == []
    by_mass, density_, by_volume = _limits([DIESEL])
    assert by_mass == (41.4, 43.3, "GJ/t") and density_ == (0.81, 0.9, "t/m3")
    assert by_volume == (pytest.approx(0.81 * 41.4), pytest.approx(0.9 * 43.3), "GJ/m3")


def test_words_and_weights() -> None:
    assert _words([]) == "any fuel" and _words(["a_b", "c"]) == "a b or c"
    assert _words(["a", "b", "c", "d"]) == "a or b or c"
    assert [str(_severity(effect)) for effect in (-1.0, 0.0, 1e-9, math.nan)] == ["minor", "minor", "major", "major"]


@pytest.mark.parametrize(
    ("value_", "fuel", "said"),
    [
        # a warm oil is up to 2 % lighter, and printed limits are loose by 0.5 %
        ((column, number), fuel, said)
        for column, fuel, rows in (
            ("density", DIESEL, [(0.7939, True), (0.7937, False), (0.9179, True), (0.9181, False)]),
            ("ncv", DIESEL, [(41.194, True), (41.192, False), (43.516, True), (43.517, False)]),
        )
        for number, said in rows
    ],
)
def test_a_value_near_its_limits_is_left_alone(value_: tuple[str, float], fuel: str, said: bool) -> None:
    claim: Any = SimpleNamespace(effect_of=lambda node, place, number: number)
    found = list(_unlike(claim, None, value(*value_), [fuel]))  # type: ignore[arg-type]
    assert (found == []) is said
    for one in found:  # the nearer limit takes its place
        low, high = _limits_of([fuel], value_[0]) or (0.0, 0.0)
        assert one.effect_tco2e == (low if value_[1] < low else high)
        assert one.data == {"value": value_[1], "lowest": low, "highest": high}


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [(0, 1, [0]), (0, 2, [0, 1]), (1, 2, [1]), (2, 3, [2]), (-1, 0, []), (3, 4, [])],
)
def test_the_months_for_which_a_conversion_holds(start: int, end: int, months: list[int]) -> None:
    timeline = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Jakarta")
    edges = [int(timeline.edges[0]) - DAY, *map(int, timeline.edges), int(timeline.edges[-1]) + DAY]
    row: Any = SimpleNamespace(start=edges[start + 1], end=edges[end + 1])
    assert [m for m in range(3) if _held(row, m, timeline)] == months


def test_the_fuel_that_a_meter_counts() -> None:
    """By the equipment it serves where all of them name one; by the values otherwise; of steam and water nothing."""
    units = [
        SimpleNamespace(equipment_id=name, fuel=fuel)
        for name, fuel in (("B1", "diesel"), ("B2", "HFO"), ("B3", "Fuel 7"))
    ]
    data: Any = SimpleNamespace(equipment=units)

    def metered(*points: tuple[str, str, str], values: Sequence[_Value] = ()) -> tuple[str, ...]:
        made = [
            SimpleNamespace(parameter=p, applies_to=unit, terms=[SimpleNamespace(meter_id=one) for one in ("A", m)])
            for p, unit, m in points
        ]
        return _metered(SimpleNamespace(points=made), "T", values, data)  # type: ignore[arg-type]

    assert metered(("FC_PJ", "B1", "T")) == (DIESEL,)
    assert set(metered(("FC_PJ", "B1", "T"), ("FC_PJ", "B2", "T"))) == {DIESEL, "residual_fuel_oil"}
    assert metered(("FC_PJ", "B1", "T"), ("EG", "B1", "T")) == metered(("SC", "B1", "T")) == ()
    assert metered(("FC_PJ", "B1", "X")) == ()
    named = [value("ncv", 43.0, "Fuel 7"), value("co2", 0.0741, "Fuel 7"), value("ncv", 24.0, "coal", (1,))]
    assert metered(("FC_PJ", "B3", "T"), values=named) == fuels_with(43.0, 0.0741)
    assert metered(("FC_PJ", "B3", "T")) == ()
    unlike = [value("ncv", 43.0, "Fuel 7"), value("ncv", 24.0, "Fuel 7", (1,)), value("co2", 0.0741, "Fuel 7")]
    assert metered(("FC_PJ", "B3", "T"), values=unlike) == ()
    # a unit whose fuel nobody names: any fuel of the claim; values of no named fuel are those of all
    assert metered(("FC_PJ", "B1", "T"), ("FC_PJ", "B3", "T")) == ()
    assert metered(("FC_PJ", "B3", "T"), values=[value("ncv", 43.0), value("co2", 0.0741)]) == fuels_with(43.0, 0.0741)
