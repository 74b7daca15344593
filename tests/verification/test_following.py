"""From a tonne to its reading, and from a reading to its tonnes."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.quantities.tracing import Step
from jcm_mrv.verification.following import NoSuchQuantityError, followed, quantity
from jcm_mrv.verification.moving import NothingMovesError, moved_by
from support import results
from support.command import run

EXAMPLES = Path(__file__).parents[2] / "examples"


def steps(step: Step) -> list[Step]:
    return [step, *(inner for part in step.parts for inner in steps(part))]


def test_a_tonne_leads_to_its_readings_and_documents() -> None:
    """180 t = 360 MWh x 0.5 t/MWh; the readings stand in Readings!E2 to E4."""
    found = steps(followed(results.solar(), "ER[2024]", 20, 20))
    assert math.isclose(found[0].value, 180.0, rel_tol=1e-12)
    read = {step.origin: step.value for step in found if step.symbol == "V"}
    assert read == {f"monitoring.xlsx, Readings!E{n}": v for n, v in ((2, 1e5), (3, 1.2e5), (4, 1.4e5))}
    assert [s.origin for s in found if s.symbol == "EF_RE_grid"] == ["monitoring.xlsx, Fixed values!D3"]


def test_a_month_of_a_log_leads_to_the_line_where_it_begins() -> None:
    found = steps(followed(calculate_file(EXAMPLES / "rooftop_solar" / "monitoring.xlsx"), "ER[2016]", 20, 20))
    assert "data/pv_ac_power_15min.csv, from line 2922" in [step.origin for step in found if step.symbol == "V"]


def test_depth_and_parts_fold_the_rest() -> None:
    shallow = followed(results.solar(), "ER[2024]", 1, 8)
    assert shallow.parts == [] and shallow.left_out == 2


def test_of_several_elements_the_largest_is_opened_and_the_rest_stays_a_line() -> None:
    """Of 100, 120 and 140 MWh the last is opened; with two parts the two largest are shown, in their order."""
    found = steps(followed(results.solar(), "ER[2024]", 20, 20, 1))
    months = {step.shown: step for step in found if step.symbol == "E_month"}
    assert {shown: step.folded for shown, step in months.items()} == {"100": True, "120": True, "140": False}
    assert [step.shown for step in found if step.symbol == "V"] == ["140,000"]
    few = steps(followed(results.solar(), "ER[2024]", 20, 2, 1))
    assert [(step.shown, step.folded) for step in few if step.symbol == "E_month"] == [("120", True), ("140", False)]


@pytest.mark.parametrize(
    ("target", "says"), [("EX[2024]", "there are"), ("ER[2031]", "ER[2024]"), ("E_month", "say which")]
)
def test_what_is_not_there_is_said_with_what_is(target: str, says: str) -> None:
    with pytest.raises(NoSuchQuantityError) as error:
        quantity(results.solar(), target)
    assert says in str(error.value)


def test_a_meter_moves_what_stands_behind_it() -> None:
    """1 % of 180 t; all of it without the meter."""
    moved = moved_by(results.solar(), "m-1")
    assert math.isclose(moved.by_derivative, 1.8, rel_tol=1e-9)
    assert math.isclose(moved.by_evaluation, 1.8, rel_tol=1e-9)
    assert moved.without is not None and math.isclose(moved.without, -180.0, rel_tol=1e-9)


def test_a_cell_moves_its_own_part() -> None:
    """1 % of 120 MWh x 0.5 t/MWh = 0.6 t; 1 % of the factor moves as much as 1 % of all."""
    for place, tonnes in (("Readings!E3", 0.6), ("monitoring.xlsx, readings!e3", 0.6), ("Fixed values!D3", 1.8)):
        moved = moved_by(results.solar(), place)
        assert math.isclose(moved.by_derivative, tonnes, rel_tol=1e-9), place
        assert math.isclose(moved.by_evaluation, tonnes, rel_tol=1e-9), place


@pytest.mark.parametrize("what", ["M-99", "Readings!Z99", "nothing.csv"])
def test_what_moves_nothing_is_said(what: str) -> None:
    with pytest.raises(NothingMovesError, match="Meters: M-1"):
        moved_by(results.solar(), what)


def test_both_ways_agree_on_every_meter_of_forty() -> None:
    result = results.units()
    apart = [moved_by(result, meter) for meter in list(result.meters)[:6]]
    assert all(math.isclose(m.by_derivative, m.by_evaluation, rel_tol=1e-6, abs_tol=1e-12) for m in apart)


def test_the_command(plant: Path, tmp_path: Path) -> None:
    package = plant / "out" / "monitoring_package.zip"
    text = run("trace", package, "ER[2024]")
    assert text.status == 0 and "Readings!E4" in text.out and "= 180 tCO2e" in text.out
    assert "Readings!E2" not in text.out and "= 100 MWh   (folded)" in text.out
    assert "Readings!E2" in run("trace", package, "ER[2024]", "--open", "3").out
    data = json.loads(run("trace", plant / "monitoring.xlsx", "RE[2024]", "--json").out)
    assert math.isclose(data["value"], 180.0)
    assert "+1.800000" in run("trace", plant / "out", "--from", "M-1").out
    assert run("trace", package).status == 2
    assert run("trace", package, "ER", "--from", "M-1").status == 2
    refused = run("trace", package, "EX")
    assert refused.status == 1 and "there is no quantity EX" in refused.err
    alone = tmp_path / "monitoring_report.xlsx"
    alone.write_bytes((plant / "out" / "monitoring_report.xlsx").read_bytes())
    assert "--evidence DIR" in run("trace", alone, "ER").err
    assert run("trace", alone, "ER", "--evidence", plant).status == 0
