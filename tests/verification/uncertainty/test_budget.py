"""The uncertainty of ER: against derivatives by hand and what is known of even distributions."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.reporting.result_json import result_json
from jcm_mrv.verification.moving import moved_by
from jcm_mrv.verification.sensitivity import Sensitivity
from jcm_mrv.verification.uncertainty.budget import Budget, UnknownInputError, budget
from jcm_mrv.verification.uncertainty.draws import Cases
from jcm_mrv.verification.uncertainty.text import rows
from support.boiler import EF_GRID, FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.command import run
from support.workbooks import solar_tables, solar_workbook

EXAMPLES = Path(__file__).parents[3] / "examples"
FUEL, POWER = 33.5 * FUEL_TONNES_PER_M3, 2.99 * EF_GRID  # tCO2e that hang on the boiler's two meters


@pytest.fixture(scope="module")
def of_boiler() -> Budget:
    return budget(boiler(), 0.05, 40_000, 1)


def test_two_meters_by_hand(of_boiler: Budget) -> None:
    """Class 0.5 each: u^2 = ((FUEL x 0.005)^2 + (POWER x 0.005)^2) / 3, with opposite signs of the derivatives."""
    assert of_boiler.uncertainty == pytest.approx(0.005 * math.hypot(FUEL, POWER) / math.sqrt(3))
    assert of_boiler.expanded == pytest.approx(2 * of_boiler.uncertainty)
    parts = {part.name: part for part in of_boiler.parts}
    assert (parts["T-1"].low, parts["T-1"].high) == pytest.approx((-FUEL * 0.005, FUEL * 0.005))
    assert (parts["E-1"].low, parts["E-1"].high) == pytest.approx((POWER * 0.005, -POWER * 0.005))
    assert of_boiler.share(parts["T-1"]) == pytest.approx(FUEL**2 / (FUEL**2 + POWER**2))
    assert sum(of_boiler.share(part) for part in of_boiler.parts) == pytest.approx(1.0)


def test_monte_carlo_agrees_with_what_is_known_of_even_distributions(of_boiler: Budget) -> None:
    """The boiler's ER is linear in both: mean ER, deviation as above, all within the sum of the two half widths."""
    mc = of_boiler.monte_carlo
    assert of_boiler.agrees
    assert mc.mean == pytest.approx(FUEL - POWER, abs=4 * of_boiler.uncertainty / math.sqrt(mc.draws))
    assert mc.deviation == pytest.approx(of_boiler.uncertainty, rel=0.02)
    assert FUEL - POWER - 0.005 * (FUEL + POWER) < mc.low < mc.high < FUEL - POWER + 0.005 * (FUEL + POWER)


def test_the_error_that_alone_would_be_material(of_boiler: Budget) -> None:
    """5 % of ER over what hangs on the meter; evaluated anew there, ER changes by as much, the meter being linear."""
    parts = {part.name: part for part in of_boiler.parts}
    material = 0.05 * (FUEL - POWER)
    assert of_boiler.material == pytest.approx(material)
    assert parts["T-1"].alone == pytest.approx(material / FUEL)
    assert parts["T-1"].alone_effect is not None
    assert abs(parts["T-1"].alone_effect) == pytest.approx(material)
    eta = parts["eta_RE"]  # d ER / d eta_RE x eta_RE = -FC NCV EF eta_PJ / eta_RE
    assert eta.effect == pytest.approx(-33.5 * 0.84 * 43 * 0.0726 * 95 / 85)
    assert (eta.half, eta.uncertainty) == (None, 0.0)


def test_cases_by_hand() -> None:
    """ER is linear in what both meters gave; all of it gone leaves nothing."""
    cases = Cases(Sensitivity(boiler()), ["T-1", "E-1"], [])
    found = cases.reductions(np.array([[0.0, 0.0], [0.1, 0.0], [0.0, 0.1], [0.1, 0.1], [-1.0, -1.0]]))
    expected = [FUEL - POWER, 1.1 * FUEL - POWER, FUEL - 1.1 * POWER, 1.1 * (FUEL - POWER), 0.0]
    assert found == pytest.approx(expected, abs=1e-9)


def test_a_meter_of_several_monitoring_points_errs_in_all_of_them_alike(tmp_path: Path) -> None:
    """One meter, 60 % of it for one roof and 40 % for another: 0.5 % of all of it, where apart it would be
    0.5 % x hypot(0.6, 0.4) = 0.36 %."""
    tables = solar_tables()
    (unit,), (point,) = tables["equipment"], tables["points"]
    units = [unit, {**unit, "equipment_id": "PV-2", "serial_number": "SN-PV-2"}]
    shares = [(0.6, "PV-1"), (0.4, "PV-2")]
    points = [
        {
            **point,
            "point_no": str(n),
            "applies_to": name,
            "share": share,
            "share_basis": "rated capacity (illustrative)",
        }
        for n, (share, name) in enumerate(shares, start=1)
    ]
    path = solar_workbook(tmp_path / "monitoring.xlsx", tables={"equipment": units, "points": points})
    result = calculate_file(path)
    assert len(result.claim.points) == 2
    (part, *_) = budget(result, 0.05, 2000, 1).parts
    assert part.name == "M-1"
    assert part.high == pytest.approx(0.005 * result.reductions)
    assert part.uncertainty == pytest.approx(0.005 * result.reductions / math.sqrt(3))


def test_an_error_that_the_verifier_states_is_in_the_sum() -> None:
    """EF_grid +- 10 % beside the meters: u^2 grows by (POWER x 0.1)^2 / 3."""
    found = budget(boiler(), 0.05, 20_000, 1, {"EF_grid": 0.1})
    expected = math.sqrt((0.005**2 * (FUEL**2 + POWER**2) + (0.1 * POWER) ** 2) / 3)
    assert found.uncertainty == pytest.approx(expected)
    assert found.agrees
    with pytest.raises(UnknownInputError, match="EF_nowhere"):
        budget(boiler(), 0.05, 1000, 1, {"EF_nowhere": 0.1})


def test_an_error_that_nobody_stated_is_not_printed_as_none() -> None:
    shown = {row[0]: row[1:4] for row in rows(budget(boiler(), 0.05, 1000, 1))}
    assert shown["EF_grid"] == ("-", "-", "-")


def test_the_error_of_a_factor_beside_a_source_that_was_not_filled_in() -> None:
    """All but shop 8 (with a generator as well) are in proportion to it: their ER, 1 % of it by calculating again."""
    result = calculate_file(EXAMPLES / "grocery_air_conditioning" / "monitoring.xlsx")
    of_them = 100 * moved_by(result, "Fixed values!D4").by_evaluation
    assert 0.85 * result.reductions < of_them < 0.95 * result.reductions
    found = next(p for p in budget(result, 0.05, 1000, 1, {"EF_grid": 0.05}).parts if p.name == "EF_grid")
    assert found.uncertainty == pytest.approx(0.05 * of_them / math.sqrt(3), rel=1e-6)
    assert moved_by(result, "Fixed values!D4").by_derivative == pytest.approx(of_them / 100, rel=1e-9)


def test_a_meter_without_a_class_is_assumed_and_said(tmp_path: Path) -> None:
    tables = boiler_tables()
    meters = [{k: v for k, v in row.items() if k != "accuracy_class"} for row in tables["meters"]]
    parts = {part.name: part for part in budget(boiler(tables={"meters": meters}), 0.05, 1000, 1).parts}
    assert parts["T-1"].half == 0.02  # the default of crosscheck.unknown_error
    assert "assumed" in parts["T-1"].basis


def test_where_er_bends_the_two_ways_do_not_agree_and_it_is_said() -> None:
    """An error of 100 % of eta_RE, which divides: by hand 1/(1 - x) has no deviation of first order."""
    found = budget(boiler(), 0.05, 5000, 1, {"eta_RE": 0.9})
    assert not found.agrees


@pytest.mark.parametrize("example", ["rooftop_solar", "grocery_air_conditioning"])
def test_on_the_examples_both_ways_agree_and_nothing_of_the_claim_changes(example: str) -> None:
    result = calculate_file(EXAMPLES / example / "monitoring.xlsx")
    before = result_json(result)
    found = budget(result, 0.05, 20_000, 1)
    assert found.agrees
    assert found.reductions == pytest.approx(result.reductions, rel=1e-12)
    assert result_json(result) == before


def test_the_same_seed_gives_the_same_draws() -> None:
    first, again, other = (budget(boiler(), 0.05, 1000, seed).monte_carlo for seed in (1, 1, 2))
    assert first == again != other


def test_the_command_says_method_and_limits_and_draws_a_chart(tmp_path: Path) -> None:
    """180 MWh x 0.333 and class 0.5: u = 0.5 % / sqrt 3 = 0.28868 %; k = 2: 0.58 %."""
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    done = run("uncertainty", report, "--draws", "2000", "--chart", tmp_path / "t.svg")
    assert done.status == 0, done.err
    assert "0.58%" in done.out
    assert "JCGM 100" in done.out
    assert "not in the sum" in done.out
    assert (tmp_path / "t.svg").read_text(encoding="utf-8").startswith("<svg")
    data = json.loads(run("uncertainty", report, "--draws", "2000", "--format", "json").out)
    assert data["monte_carlo"]["agrees"] is True
    assert data["expanded_uncertainty_tco2e"] / data["reductions_tco2e"] == pytest.approx(2 * 0.005 / math.sqrt(3))


@pytest.mark.parametrize("wrong", ["EF_grid", "EF_grid=0", "=5", "EF_grid=x", "EF_grid=101"])
def test_wrong_usage(wrong: str, tmp_path: Path) -> None:
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    assert run("uncertainty", report, "--uncertain", wrong).status == 2
