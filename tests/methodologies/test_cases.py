"""Every case of every family: the expectation computed without the engine, then the engine on a real workbook."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from jcm_mrv.conformance.arithmetic import arithmetic
from jcm_mrv.conformance.cases import Case, read_case
from jcm_mrv.conformance.methodology_checks import (
    Problem,
    card_problems,
    case_problems,
    doubling_problems,
    readme_problems,
    typeset_problems,
    unit_problems,
    unused_problems,
)
from jcm_mrv.methodology.catalogue import Entry, catalogue

FAMILIES = Path(__file__).parents[2] / "methodologies"
FILES = sorted(FAMILIES.glob("*/cases/*.toml"))
ENTRIES = [e for e in catalogue().entries if e.package == "jcm-mrv" and e.card.status != "catalogued"]


@cache
def load(path: Path) -> Case:
    return read_case(path.read_text(encoding="utf-8"), path.name)


def first_of_each_family() -> list[Path]:
    first: dict[str, Path] = {}
    for path in FILES:
        first.setdefault(path.parts[-3], path)
    return list(first.values())


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_engine_reaches_the_expectation(path: Path, tmp_path: Path) -> None:
    """And without activity there is no ER, and ER moves with what is monitored as the card says."""
    case = load(path)
    assert case_problems(catalogue().find(case.card), case, tmp_path) == []


@pytest.mark.parametrize("path", first_of_each_family(), ids=lambda p: p.parts[-3])
def test_twice_the_equipment_gives_twice_the_reductions(path: Path, tmp_path: Path) -> None:
    case = load(path)
    assert doubling_problems(catalogue().find(case.card), case, tmp_path) == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.card.id)
def test_every_card_has_a_case_and_holds_what_all_must(entry: Entry) -> None:
    assert entry.card.id in {load(p).card for p in FILES}
    static = (unit_problems, unused_problems, card_problems, readme_problems)
    assert [problem for check in static for problem in check(entry)] == []


@pytest.mark.parametrize("entry", {e.methodology: e for e in ENTRIES}.values(), ids=lambda e: e.card.family)
def test_equations_are_typeset(entry: Entry) -> None:
    assert typeset_problems(entry, drawn=entry.card.number == "VN_AM005") == []


# --- that the checks can fail ------------------------------------------------------------


def found(case: Case, folder: Path, card: str = "VN_AM007") -> list[Problem]:
    return case_problems(catalogue().find(card), case, folder)


def test_a_wrong_expectation_is_found(tmp_path: Path) -> None:
    text = (FAMILIES / "solar_pv" / "cases" / "VN_AM007_grid.toml").read_text(encoding="utf-8")
    wrong = read_case(text.replace("1280 x 0.333", "1280 x 0.334"), "changed.toml")
    assert {p.check for p in found(wrong, tmp_path)} == {"expectation", "case"}


def test_a_wrong_direction_is_found(tmp_path: Path) -> None:
    entry = catalogue().find("VN_AM007")
    guides = {"EG": replace(entry.card.parameters["EG"], reductions="fall")}
    entry = replace(entry, card=replace(entry.card, parameters=guides))
    case = load(FAMILIES / "solar_pv" / "cases" / "VN_AM007_grid.toml")
    assert {p.check for p in case_problems(entry, case, tmp_path)} == {"direction"}


# --- figures of the facts --------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "symbol", "arithmetic_of_it"),
    [
        ("VN_AM007 1.0", "EF_RE_cap", "3.6 x 0.0726 / 0.49"),
        ("MN_AM003 2.0", "EF_RE_cap", "3.6 x 0.0726 / 0.49"),
        ("TH_AM001 1.0", "EF_RE_cap", "3.6 x 0.0726 / 0.49"),
        ("KE_AM002 1.0", "EF_RE_cap", "3.6 x 0.0726 / 0.49"),
        ("TH_AM001 1.0", "EF_RE_grid", "3.6 x 0.0543 / 0.613"),
    ],
)
def test_a_default_is_its_derivation_at_three_decimals(card: str, symbol: str, arithmetic_of_it: str) -> None:
    default = catalogue().find(card).card.defaults[symbol]
    assert default.value == round(float(arithmetic(arithmetic_of_it)), 3)
    assert arithmetic_of_it in default.source.replace(" tCO2/GJ", "")


def test_arithmetic_refuses_anything_else() -> None:
    for text in ("__import__('os')", "x", "2 ** 9", "(1).real", "True", "1 / 0", "1 +", "1e400000000", "1E-400"):
        with pytest.raises(ValueError, match="arithmetic"):
            arithmetic(text)
    with pytest.raises(ValueError, match="it divides by zero"):
        arithmetic("12 / (3 - 3)")
