"""Mistakes that are made by machine, and those that nothing notices."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from jcm_mrv.cli import program
from support.fuel_switch import CARD, CASE, CLASS, package

pytestmark = pytest.mark.usefixtures("quick")


def test_a_mutation_run_names_what_survives(tmp_path: Path) -> None:
    """The values of 2024 alone are right with FC and LE x 1: each mistake that nothing sees is named."""
    with package(tmp_path):
        done = CliRunner().invoke(program, ["methodologies", "test", "XX_AM950", "--mutate"])
    assert done.exit_code == 0, done.output
    line = next(line for line in done.output.splitlines() if "mistakes are noticed" in line)
    assert "by the units" in line and "by the cases" in line and "by the card's text" in line
    assert "0 survive" in line


def test_a_mutation_run_on_a_case_that_shows_little(tmp_path: Path) -> None:
    """With EF_PJ = EF_LE their swap changes nothing in any number; it survives and is named."""
    same = (CARD, "value = 0.1\n", "value = 0.05\n")
    case = [
        (CASE, "x 0.1", "x 0.05"),
        (CASE, "94.6 - 8 - 4", "94.6 - 4 - 4"),
        (CASE, "189.2 - 16 - 8", "189.2 - 8 - 8"),
    ]
    credited = [(CASE, "credited = 82", "credited = 86"), (CASE, "credited = 165", "credited = 173")]
    silent = (CARD, "; PE_p = SUM_i FC_i,p x EF_PJ; LE_p = SUM_i FC_i,p x EF_LE", "")
    with package(tmp_path, same, *case, *credited, silent):
        done = CliRunner().invoke(program, ["methodologies", "test", "XX_AM950", "--mutate"])
    assert "survives: EF_PJ and EF_LE are swapped" in done.output


def test_a_product_of_readings_in_place_of_its_factor(tmp_path: Path) -> None:
    """FD = FC x s at each reading: no value of the factor FC is computed with, and the run does without it."""
    old = 'FC = monitored("biomass consumed", unit="t", per=equipment)'
    more = """
    s = monitored("dry matter", unit="1", per=equipment, aggregate="mean", limits=(0.0, 1.0))
    FD = product_of(FC, s, "dry biomass", unit="t")"""
    rows = '[[monitored]]\nparameter = "s"\napplies_to = "B-1"\nunit = "1"\nby_year = { 2024 = 1.0, 2025 = 1.0 }\n\n'
    guide = '[parameters.s]\nmethod = "Laboratory"\nfrequency = "Every delivery"\nreductions = "fall"\n\n'
    changes = [
        (CLASS, "total(FC,", "total(FD,"),
        (CLASS, old, f"{old}{more}"),
        (CLASS, "monitored, result", "monitored, product_of, result"),
        (CARD, "SUM_i FC_i,p", "SUM_i FD_i,p"),
        (CARD, "[parameters.FC]", f"{guide}[parameters.FC]"),
        (CASE, "# 94.6", f"{rows}# 94.6"),
    ]
    with package(tmp_path, *changes):
        done = CliRunner().invoke(program, ["methodologies", "test", "XX_AM950", "--mutate"])
    assert done.exit_code == 0, done.output
    assert "0 survive" in done.output
