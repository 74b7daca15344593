"""Claims from end to end of the graph, with hand-computed tonnes."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.claim import Claim
from jcm_mrv.quantities.evaluate import evaluate
from support.claims import Sketch, air_conditioners, solar
from support.results import calculated


def codes(findings: object) -> set[str]:
    return {f.code for f in findings}  # type: ignore[attr-defined]


def test_solar_reductions_are_energy_times_factor() -> None:
    claim, findings = solar().build()
    # 12 x 100,000 kWh x 0.001 MWh/kWh x 0.333 tCO2/MWh = 399.6 tCO2e; project emissions are zero.
    assert not findings
    assert evaluate(claim.ER, claim.values, claim.space) == pytest.approx([399.6], rel=1e-12)
    assert evaluate(claim.PE, claim.values, claim.space) == pytest.approx([0.0])


@pytest.mark.parametrize(
    ("connection", "factor"),
    [("grid", 0.333), ("internal grid with own generators", 0.333), ("off grid with diesel generator", 0.533)],
)
def test_the_factor_follows_the_connection(connection: str, factor: float) -> None:
    claim, _ = solar(equipment=[{"equipment_id": "PV1", "connection": (connection, "choice")}]).build()
    assert evaluate(claim.ER, claim.values, claim.space) == pytest.approx([1200 * factor], rel=1e-12)


def test_an_internal_grid_takes_the_lower_factor_where_the_grid_is_the_higher() -> None:
    system = [{"equipment_id": "PV1", "connection": ("internal grid with own generators", "choice")}]
    claim, _ = solar(methodologies="MN_AM003 2.0", equipment=system).build()
    # Mongolia: grid 0.797, diesel 0.533: the lower one.
    assert evaluate(claim.ER, claim.values, claim.space) == pytest.approx([1200 * 0.533], rel=1e-12)


def test_air_conditioners_in_ratio_form() -> None:
    claim, findings = air_conditioners().build()
    assert not findings
    values = claim.evaluate()
    # RE = 24 MWh x 4/3 x 0.8 = 25.6; PE = 24 x 0.8 = 19.2; ER = 6.4
    assert values[claim.RE] == pytest.approx([25.6], rel=1e-12)
    assert values[claim.PE] == pytest.approx([19.2], rel=1e-12)
    assert values[claim.ER] == pytest.approx([6.4], rel=1e-12)


def test_where_grid_and_captive_may_be_consumed_the_lower_factor_holds() -> None:
    fixed = [
        {"parameter": "supply", "value": "grid and captive", "unit": "choice", "document": "D"},
        {"parameter": "EF_grid", "value": 0.8, "unit": "tCO2/MWh", "document": "D"},
        {"parameter": "captive_method", "value": "efficiency", "unit": "choice", "document": "D"},
        {"parameter": "eta_cap", "value": 40.0, "unit": "%", "document": "D"},
        {"parameter": "EF_fuel", "value": 0.0726, "unit": "tCO2/GJ", "document": "D"},
    ]
    claim, findings = air_conditioners(fixed=fixed).build()
    assert not findings
    captive = 3.6 * 100 / 40 * 0.0726  # 0.6534 tCO2/MWh, lower than the grid's 0.8
    assert claim.evaluate()[claim.ER] == pytest.approx([24 * captive / 3], rel=1e-12)


def test_a_unit_installed_later_has_no_row_before() -> None:
    from datetime import date, datetime

    sketch = air_conditioners(start=date(2024, 1, 1), end=date(2025, 12, 31))
    sketch.monthly = {"M1": [1000.0] * 24, "M2": [1000.0] * 24}
    sketch.equipment[1]["operation_start"] = datetime(2025, 1, 1)
    claim, _ = sketch.build()
    # 2024: one unit, 12 MWh; 2025: two units, 24 MWh; each x 0.8 / 3. M2's year 2024 is not counted.
    assert claim.evaluate()[claim.ER] == pytest.approx([3.2, 6.4], rel=1e-12)


def test_a_point_is_a_signed_sum_of_meters_with_shares() -> None:
    sketch = solar(
        points=[
            {"parameter": "EG", "applies_to": "PV1", "meter_id": "MAIN", "sign": "+"},
            {"parameter": "EG", "applies_to": "PV1", "meter_id": "SUB", "sign": "-"},
            {"parameter": "EG", "applies_to": "PV1", "meter_id": "SHARED", "sign": "+", "share": 0.25},
        ],
        monthly={"MAIN": [100.0] * 12, "SUB": [30.0] * 12, "SHARED": [40.0] * 12},
    )
    claim, findings = sketch.build()
    assert not findings
    # (100 - 30 + 0.25 x 40) kWh x 12 = 960 kWh = 0.96 MWh
    assert claim.evaluate()[claim.RE] == pytest.approx([0.96 * 0.333], rel=1e-12)
    assert claim.points[0].formula == "MAIN - SUB + 0.25 × SHARED"


def test_a_meter_used_twice_is_refused() -> None:
    sketch = air_conditioners()
    sketch.points[1]["meter_id"] = "M1"
    builder_findings = _findings(sketch)
    assert "points.counted_twice" in codes(builder_findings)
    sketch.points[0]["share"] = sketch.points[1]["share"] = 0.5
    assert "points.counted_twice" not in codes(_findings(sketch))


def _findings(sketch: object) -> object:
    return build_claim(sketch.bounds(), sketch.data(), sketch.timeline, sketch.series())[1]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"points": [{"parameter": "XX", "applies_to": "PV1", "meter_id": "M1"}]}, "points.unknown_parameter"),
        ({"points": [{"parameter": "EG", "applies_to": "PV9", "meter_id": "M1"}]}, "points.applies_to"),
        ({"points": [{"parameter": "EG", "applies_to": "PV1", "meter_id": "M1", "share": 25.0}]}, "points.share"),
        ({"equipment": []}, "claim.no_equipment"),
        ({"fixed": [{"parameter": "EF_RE_grid", "value": 0.3, "unit": "kg", "document": "D"}]}, "fixed.unit"),
        ({"fixed": [{"parameter": "EF_RE_grid", "value": "x", "unit": "tCO2/MWh", "document": "D"}]}, "fixed.unit"),
        (
            {"fixed": [{"parameter": "EF_RE_grid", "value": 333.0, "unit": "tCO2/MWh", "document": "D"}]},
            "fixed.out_of_limits",
        ),
        ({"fixed": [{"parameter": "EF_XX", "value": 0.3, "unit": "tCO2/MWh"}]}, "fixed.unknown_parameter"),
        ({"fixed": [{"parameter": "EF_RE_grid", "value": 0.3, "unit": "tCO2/MWh"}]}, "fixed.no_document"),
        ({"equipment": [{"equipment_id": "PV1", "connection": ("roof", "choice")}]}, "fixed.choice"),
        (
            {
                "fixed": [
                    {"parameter": "EF_RE_grid", "value": 0.3, "unit": "tCO2/MWh", "document": "D"},
                    {"parameter": "EF_RE_grid", "value": 0.2, "unit": "tCO2/MWh", "document": "D"},
                ]
            },
            "fixed.given_twice",
        ),
        ({"unit": "m3"}, "points.unit"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, object], code: str) -> None:
    found = [f for f in _findings(solar(**change)) if f.code == code]  # type: ignore[attr-defined]
    assert found, code
    assert found[0].where.sheet and found[0].where.file
    assert found[0].action, "the message says what to do"


def test_equipment_without_its_group_is_named() -> None:
    sketch = air_conditioners()
    del sketch.equipment[0]["electricity_source"]
    assert "claim.no_group" in codes(_findings(sketch))


def test_a_wrong_unit_never_becomes_a_number() -> None:
    claim, findings = solar(fixed=[{"parameter": "EF_RE_grid", "value": 0.3, "unit": "kg", "document": "D"}]).build()
    assert "fixed.unit" in codes(findings)
    assert math.isclose(float(np.asarray(claim.evaluate()[claim.ER])[0]), 399.6), (
        "the card's value stays; the claim is refused"
    )


def test_a_meter_subtracted_twice_is_refused() -> None:
    sketch = solar(monthly={"M1": [1000.0] * 12, "M2": [10.0] * 12})
    sketch.points += [{"parameter": "EG", "applies_to": "PV1", "meter_id": "M2", "sign": "-"}] * 2
    assert "points.counted_twice" in codes(_findings(sketch))


def _two(*fixed: dict[str, object]) -> Sketch:
    """Solar power and air conditioners under a pattern card in one claim, with further fixed values."""
    sketch = solar(methodologies="VN_AM007 1.0; VN_AM006 1.0")
    other = air_conditioners()
    sketch.equipment = [{**r, "methodology": "VN_AM007"} for r in sketch.equipment]
    sketch.equipment += [{**r, "methodology": "VN_AM006"} for r in other.equipment]
    sketch.points += [{**p, "meter_id": f"A{n}"} for n, p in enumerate(other.points)]
    sketch.fixed = [*other.fixed, *fixed]
    sketch.monthly = {**sketch.monthly, "A0": [1000.0] * 12, "A1": [1000.0] * 12}
    return sketch


def test_a_misspelt_parameter_is_named_in_a_claim_of_several_methodologies_too() -> None:
    row = {"parameter": "EF_RE_gird", "value": 0.3, "unit": "tCO2/MWh", "document": "D"}
    _, findings = _two(row).build()
    assert [(f.code, f.found) for f in findings] == [("fixed.unknown_parameter", "EF_RE_gird")]
    assert "Did you mean “EF_RE_grid”" in findings[0].action or "Use one of" in findings[0].action
    assert not _two().build()[1]


@pytest.mark.parametrize(("named", "confirmed"), [("VN_AM006 1.0", [False, True]), ("", [False, False])])
def test_an_equation_is_confirmed_by_name_where_there_are_several(named: str, confirmed: list[bool]) -> None:
    row = {"methodology": named, "parameter": "equation", "value": "confirmed", "unit": "1", "document": "D"}
    claim, _ = _two(row).build()
    assert [v.equation_confirmed is not None for v in claim.bound_values] == confirmed


def test_a_default_keeps_the_source_of_its_card_also_where_the_project_enters_another_value() -> None:
    """The card of VN_AM007: 3.6 x 0.0726 / 0.49 for a diesel generator; the grid's factor is entered by the project."""
    grid, captive = calculated().defaults
    assert (grid.node.symbol, grid.project_value, captive.node.symbol, captive.project_value) == (
        *("EF_RE_grid", 0.5),
        *("EF_RE_cap", None),
    )
    assert grid.card_source.startswith("value known from practice")
    assert captive.card_source.startswith("conservative factor of a diesel generator")


@pytest.mark.parametrize(
    ("reductions", "effect", "raised"),
    [
        (0.0, 1e-9, False),
        (0.0, 1.5e-9, True),
        (-4.0, 4e-9, False),
        (4.0, 4e-9, False),
        (4.0, 5e-9, True),
        (4.0, -5e-9, False),
        (4.0, math.nan, False),
    ],
)
def test_er_is_raised_by_more_than_the_order_of_a_sum(reductions: float, effect: float, raised: bool) -> None:
    """A billionth of ER, or of a tonne where ER is smaller."""
    claim: Any = SimpleNamespace(reductions=lambda: reductions)
    assert Claim.raised_by(claim, effect) is raised
