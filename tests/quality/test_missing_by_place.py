"""What is missing or has no value: which unit, year and factor is named, and which is not; by claims in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.findings import Finding
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.declare import constant, equipment, intermediate, monitored, product_of, result
from jcm_mrv.quality.missing import _other_name, _unmeasured, missing_values
from jcm_mrv.quantities.expression import total
from support.claims import FILE, Sketch, air_conditioners
from support.forms import OfUnits, OutputForm, entry, sketch


def missing(found: Sketch) -> list[Finding]:
    claim, _ = found.build()
    return missing_values(claim, claim.evaluate(), FILE)


# --- meters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "whose"), [("", "2025"), ("U", "U, 2025")])
def test_a_year_without_its_meter_is_named_by_its_point(unit: str, whose: str) -> None:
    """EC of the whole claim, or of a unit, is not metered in 2025; its point is there."""
    found = sketch(OfUnits if unit else OutputForm, {"Q": [1.0] * 24, "EC": [1.0] * 12 + [None] * 12})
    found.end = date(2025, 12, 31)
    found.points[1]["applies_to"] = unit
    found.equipment = [{"equipment_id": "U"}]
    series = found.series()
    expected = np.array(series.coverage.expected)
    expected[series.coverage.meter_ids.index("EC"), 12:] = 0
    series = replace(series, coverage=replace(series.coverage, expected=expected))
    claim, _ = build_claim(found.bounds(), found.data(), found.timeline, series)
    assert claim is not None
    (one,) = missing_values(claim, claim.evaluate(), FILE)
    assert (one.code, one.found) == ("points.no_meter", "EC")
    assert one.message == f"EC of {whose}: none of its meters is installed then"


def test_what_a_choice_leaves_out_needs_no_meter() -> None:
    """The mall has a generator with fuel, the shop is on the grid; then the shop's fuel is not asked for."""
    found = air_conditioners()
    found.equipment[1]["electricity_source"] = "mall"
    document = {"document": "D-2", "page": "1"}
    found.fixed = [
        {"parameter": "supply", "applies_to": "shop", "value": "grid", "unit": "choice", **document},
        {"parameter": "EF_grid", "applies_to": "shop", "value": 0.8, "unit": "tCO2/MWh", **document},
        {"parameter": "supply", "applies_to": "mall", "value": "captive", "unit": "choice", **document},
        {"parameter": "captive_method", "applies_to": "mall", "value": "fuel", "unit": "choice", **document},
        {"parameter": "NCV_fuel", "applies_to": "mall", "value": 43.0, "unit": "GJ/t", **document},
        {"parameter": "EF_fuel", "applies_to": "mall", "value": 0.07, "unit": "tCO2/GJ", **document},
    ]
    found.points.append({"parameter": "EG_cap", "applies_to": "mall", "meter_id": "EG", "sign": "+"})
    found.monthly = {**found.monthly, "EG": [1000.0] * 12}
    asked = [f.message.split(",")[0] for f in missing(found) if f.code.startswith("points.")]
    assert asked == ["FC_cap of mall"]


def of_weighted(*points: tuple[str, str, str, str]) -> list[str]:
    """What has no meter of NCV, weighted by FC, of unit U; points as methodology, parameter, unit and combination."""
    weight = SimpleNamespace(symbol="FC")
    value = SimpleNamespace(symbol="NCV", rests_on=(weight,), factors=())
    bound = SimpleNamespace(namespace="A", monitored=[SimpleNamespace(symbol="Q"), weight, value])
    made = [SimpleNamespace(methodology=m, parameter=p, applies_to=unit, combined=how) for m, p, unit, how in points]
    claim: Any = SimpleNamespace(points=made)
    parameter: Any = SimpleNamespace(declared=value, bound=bound)
    return [one.symbol for one in _unmeasured(claim, parameter, ("U",))]


@pytest.mark.parametrize(
    ("points", "named"),
    [
        ([], ["FC", "NCV"]),
        ([("A", "NCV", "U", "")], ["FC"]),
        ([("A", "FC", "U", "")], ["NCV"]),
        ([("A", "FC", "U", ""), ("A", "NCV", "U", "")], []),
        # of another unit, of the whole claim, of another methodology, or made of readings itself: it is not there
        ([("A", "FC", "V", ""), ("A", "NCV", "U", "")], ["FC"]),
        ([("A", "FC", "", ""), ("A", "NCV", "U", "")], ["FC"]),
        ([("B", "FC", "U", ""), ("A", "NCV", "U", "")], ["FC"]),
        ([("A", "FC", "U", ""), ("A", "NCV", "U", "weighted")], ["NCV"]),
    ],
)
def test_of_what_is_made_of_readings_the_parts_without_a_meter_are_named(points: Any, named: list[str]) -> None:
    assert of_weighted(*points) == named


def test_a_product_is_named_by_its_factors_and_anything_else_by_itself() -> None:
    water, warmth = SimpleNamespace(symbol="m_w"), SimpleNamespace(symbol="dT")
    heat = SimpleNamespace(symbol="HW", rests_on=(water, warmth), factors=(water, warmth))
    plain = SimpleNamespace(symbol="EC", rests_on=(), factors=())
    bound = SimpleNamespace(namespace="A", monitored=[plain, heat, water, warmth])
    point = SimpleNamespace(methodology="A", parameter="m_w", applies_to="", combined="")
    claim: Any = SimpleNamespace(points=[point])

    def named(declared: Any) -> list[str]:
        parameter: Any = SimpleNamespace(declared=declared, bound=bound)
        return [one.symbol for one in _unmeasured(claim, parameter, ())]

    assert named(heat) == ["dT"] and named(plain) == ["EC"]


class Heat(Methodology):
    """Heat is water times warmth at each reading; the temperature of the air is weighted by the water."""

    Q = monitored("output", unit="MWh")
    F = monitored("water", unit="t")
    T = monitored("warmth", unit="K", aggregate="mean")
    A = monitored("temperature of the air", unit="K", aggregate="weighted", weight=F)
    H = product_of(F, T, "heat", unit="t*K")
    k_H = constant("1", unit="tCO2e/(t*K)", label="factor", source="invented for the test")
    k_A = constant("1", unit="tCO2e/K", label="factor", source="invented for the test")
    k_Q = constant("1", unit="tCO2e/MWh", label="factor", source="invented for the test")
    RE = result(H * k_H + A * k_A, "reference emissions")
    PE = result(Q * k_Q, "project emissions")
    ER = result(RE - PE, "emission reductions")


def test_nothing_is_metered_of_what_is_made_of_readings() -> None:
    """A product is asked for by its factors, a weighted mean by itself and its weight; the water once."""
    asked = [f.message.split(" ")[0] for f in missing(sketch(Heat, {"Q": [1.0] * 12}))]
    assert sorted(asked) == ["A", "F", "T"]
    water = sketch(Heat, {"F": [1.0] * 12})
    water.unit = "t"
    assert sorted(f.message.split(" ")[0] for f in missing(water)) == ["A", "Q", "T"]


# --- other names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "names", "said"),
    [
        ("diesel", {"gas_diesel_oil": 1}, "Did you mean “gas_diesel_oil”? The card has a value for it."),
        ("woood", {"gas_diesel_oil": 1, "wood": 2}, "Did you mean “wood”?"),
        ("diesel", {"wood": 1}, ""),
        ("diesel", {}, ""),
        ("", {"gas_diesel_oil": 1}, ""),
    ],
)
def test_the_name_under_which_the_card_has_a_value(label: str, names: Any, said: str) -> None:
    """Of the fuel, whatever year follows."""
    node: Any = SimpleNamespace(symbol="NCV")
    for defaults in ({"NCV": SimpleNamespace(by_name=names)}, {"EF": SimpleNamespace(by_name={label: 1})}):
        bound: Any = SimpleNamespace(entry=SimpleNamespace(card=SimpleNamespace(defaults=defaults)))
        found = _other_name(bound, node, [label, "wood"] if label else [])
        assert found == (said if "NCV" in defaults else "")


# --- what has no value --------------------------------------------------------------------------------------


class OfAll(Methodology):
    """Consumption over the output of all units together."""

    EC = monitored("electricity consumed", unit="MWh")
    Q = monitored("output", unit="MWh", per=equipment)
    one = constant("1", unit="tCO2e/MWh", label="factor", source="invented for the test")
    SEC = intermediate(EC / total(Q, over=equipment), "specific consumption", unit="1")
    RE = result(SEC * EC * one, "reference emissions")
    PE = result(EC * one, "project emissions")
    ER = result(RE - PE, "emission reductions")


class OfEach(Methodology):
    """Consumption over the output of each unit, added up, and what that makes of each unit."""

    EC = monitored("electricity consumed", unit="MWh")
    Q = monitored("output", unit="MWh", per=equipment)
    one = constant("1", unit="tCO2e/MWh", label="factor", source="invented for the test")
    SEC = intermediate(total(EC / Q, over=equipment), "specific consumption", unit="1")
    X = intermediate(SEC * Q, "consumption at the specific one", unit="MWh", per=equipment)
    RE = result(total(X, over=equipment) * one, "reference emissions")
    PE = result(EC * one, "project emissions")
    ER = result(RE - PE, "emission reductions")


def without_value(methodology: type[Methodology], consumed: float, output: float) -> Finding:
    points = [{"parameter": "EC", "meter_id": "EC", "sign": "+"}]
    points.append({"parameter": "Q", "applies_to": "U", "meter_id": "Q", "sign": "+"})
    found = Sketch(
        "T 1",
        equipment=[{"equipment_id": "U"}],
        points=points,
        monthly={"EC": [consumed] * 12, "Q": [output] * 12},
        unit="MWh",
        entries=[entry(methodology)],
    )
    (one,) = missing(found)
    return one


def test_a_sum_that_is_zero_is_named_as_what_is_divided_by() -> None:
    found = without_value(OfAll, 1.0, 0.0)
    assert found.message == (
        "SEC of 2024 (specific consumption) has no value: it is divided by the denominator, which is 0"
    )
    assert found.found == "0" and found.where.file == FILE


def test_a_division_within_a_sum_is_said_of_the_sum() -> None:
    found = without_value(OfEach, 1.0, 0.0)
    assert found.message == "SEC of 2024 has no value" and found.found == "inf"


def test_what_is_too_large_divided_by_what_is_too_small_is_no_division_by_zero() -> None:
    found = without_value(OfAll, 1e300, 1e-300)
    assert found.message == "SEC of 2024 has no value"
    assert found.action == "Look for a value far too large or too small among its inputs."


def test_a_zero_that_a_person_wrote_is_named_by_its_cell() -> None:
    found = air_conditioners()
    assert missing(found) == []
    found.equipment[1]["COP_RE"] = (0.0, "1")
    (one,) = missing(found)
    assert "it is divided by COP_RE, which is 0" in one.message and one.found == "COP_RE 0 1"
    assert (one.where.sheet, one.where.cell) == ("Equipment", "Z3")
