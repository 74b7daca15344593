"""From a tonne to its reading, and from a reading to its tonnes, as commands; what a reading moves."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from jcm_mrv.verification.moving import NothingMovesError, moved_by
from support import results
from support.command import run


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


@pytest.mark.parametrize("what", ["Meters!J2", "ef_re_grid"])
def test_a_transformer_factor_and_a_fixed_value_by_its_symbol_move_all_of_it(what: str) -> None:
    """1 % of 360 MWh x 0.5 t/MWh: the verifier asks for the column of the sheet, or for a default of the card."""
    moved = moved_by(results.solar(), what)
    assert math.isclose(moved.by_derivative, 1.8, rel_tol=1e-9)
    assert math.isclose(moved.by_evaluation, 1.8, rel_tol=1e-9)


def test_the_cell_beside_a_reading_leads_to_the_reading() -> None:
    with pytest.raises(NothingMovesError, match=r"cells such as Readings!E3, Readings!E2, .*EF_RE_grid"):
        moved_by(results.solar(), "monitoring.xlsx, Readings!F3")


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
