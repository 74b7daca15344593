"""The rule for grid and captive electricity has to lean towards fewer reductions in the claim at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.conformance.cases import Case, calculate_case, cases_of
from jcm_mrv.conformance.methodology_checks import electricity_problems
from jcm_mrv.methodology.catalogue import Catalogue, Entry, catalogue
from jcm_mrv.origin import Origin
from jcm_mrv.quality.electricity import rule_findings
from jcm_mrv.result import Result

RAISES = "electricity.rule_raises"
HEAT = 14400 * 100 / 90 * 0.0543  # tCO2e of the boiler's gas


def both(card: str = "CR_AM003 1.0") -> tuple[Entry, Case]:
    entry = catalogue().find(card)
    return entry, next(case for case in cases_of(entry) if case.name == "CR_AM003_grid_and_captive.toml")


def with_rule(entry: Entry, rule: str) -> Entry:
    choices = {**entry.card.choices, "electricity_rule": replace(entry.card.choices["electricity_rule"], text=rule)}
    return replace(entry, card=replace(entry.card, choices=choices))


def calculated(entry: Entry, case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    others = [e for e in catalogue().entries if e.card.id != entry.card.id]
    changed = Catalogue((*others, entry), ())
    with monkeypatch.context() as patch:
        patch.setattr("jcm_mrv.methodology.named.find", changed.find)
        for place in ("methodology.catalogue", "methodology.template", "conformance.cases"):
            patch.setattr(f"jcm_mrv.{place}.catalogue", lambda: changed)
        return calculate_case(case, folder)


def test_a_boilers_heat_pump_takes_the_higher_factor(tmp_path: Path) -> None:
    _, case = both()
    result = calculate_case(case, tmp_path)
    assert result.reductions == pytest.approx(HEAT - 1102 * 0.8)
    assert RAISES not in [f.code for f in result.findings]


def test_the_lower_factor_on_the_project_side_is_named_with_its_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, case = both()
    result = calculated(with_rule(entry, "lower of both"), case, tmp_path, monkeypatch)
    assert result.reductions == pytest.approx(HEAT - 1102 * 0.2)
    (finding,) = [f for f in result.findings if f.code == RAISES]
    assert finding.effect_tco2e == pytest.approx(1102 * 0.2 - 1102 * 0.8)
    assert str(finding.severity) == "major"


def test_the_higher_factor_is_named_where_cold_saves_more_than_is_consumed(tmp_path: Path) -> None:
    """ID_AM010: 7500 MWh of cold at COP 5 is 1500 MWh in the reference, against 1109 MWh in the project."""
    entry = catalogue().find("ID_AM010 1.0")
    case = next(iter(cases_of(entry)))
    monitored = [{**r, "by_year": {"2024": 7500.0}} if r["parameter"] == "Q_cool" else r for r in case.monitored]
    fixed = [{**r, "value": "grid and captive"} if r["parameter"] == "supply" else r for r in case.fixed]
    fixed = [{**r, "value": 0.5} if r["parameter"] == "EF_grid" else r for r in fixed]
    fixed.append({**fixed[0], "parameter": "captive_method", "value": "default diesel"})
    result = calculate_case(replace(case, monitored=tuple(monitored), fixed=tuple(fixed)), tmp_path)
    (finding,) = [f for f in result.findings if f.code == RAISES]
    assert finding.effect_tco2e == pytest.approx((1500 - 1109) * (0.5 - 0.8))


def test_a_card_whose_rule_raises_the_claim_does_not_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry, case = both()
    (tmp_path / "right").mkdir()
    right = calculate_case(case, tmp_path / "right")
    assert list(electricity_problems(entry, case, right)) == []
    wrong = with_rule(entry, "lower of both")
    problems = list(electricity_problems(wrong, case, calculated(wrong, case, tmp_path, monkeypatch)))
    assert [p.check for p in problems] == ["electricity rule"] * 2


# --- the rule by itself -------------------------------------------------------------------------------

TWO_SOURCES = np.array([0.0, 2.0])  # one on the grid, one on the grid and a generator


def asked(
    monkeypatch: pytest.MonkeyPatch, stated: float, grid: float, captive: float, supply: Any = TWO_SOURCES
) -> tuple[float, float | None] | None:
    """The other figure and the effect that are said of a claim of so many tonnes by the rule and by either factor."""

    def evaluate(values: Mapping[str, Any]) -> dict[str, Any]:
        (changed,) = values.values()
        # what the rule is not for keeps its own factor
        assert changed.tolist() in ([0.0, 0.0], [0.0, 1.0])
        return {"ER": np.array([grid if changed[1] == 0 else captive, 0.0])}

    monkeypatch.setattr("jcm_mrv.quality.electricity.supply_of", lambda bound: "supply")
    choices = {"electricity_rule": SimpleNamespace(text="lower of both")}
    bound = SimpleNamespace(entry=SimpleNamespace(card=SimpleNamespace(id="X", choices=choices)))
    claim: Any = SimpleNamespace(bounds=[bound], ER="ER", values={"supply": supply}, evaluate=evaluate)
    found = list(rule_findings(claim, {"ER": np.array([stated, 0.0])}, Origin(sheet="Project")))  # type: ignore[arg-type]
    assert all(f.data["by_rule"] == stated and f.where.sheet == "Project" for f in found)
    return (found[0].data["by_other"], found[0].effect_tco2e) if found else None


@pytest.mark.parametrize(
    ("stated", "grid", "captive", "said"),
    [
        (10.0, 10.0, 12.0, None),  # the lower one is taken
        (10.0, 12.0, 10.0, None),
        (10.0, 8.0, 12.0, (8.0, -2.0)),
        (10.0, 12.0, 7.0, (7.0, -3.0)),
        (-4.0, -6.0, 0.0, (-6.0, -2.0)),
        # what a sum leaves open: 1e-9 of ER, of 1 t at least
        (1000.0, 1000.0 - 5e-7, 1001.0, None),
        (1000.0, 1000.0 - 2e-6, 1001.0, (1000.0 - 2e-6, -2e-6)),
        (-1000.0, -1000.0 - 5e-7, 0.0, None),
        (0.0, -1e-9, 1.0, None),
        (0.0, -1.5e-9, 1.0, (-1.5e-9, -1.5e-9)),
    ],
)
def test_the_factor_with_the_lower_reductions_is_named(
    stated: float, grid: float, captive: float, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = asked(monkeypatch, stated, grid, captive)
    assert found == (None if said is None else pytest.approx(said, rel=1e-6, abs=1e-12))


def test_where_nothing_takes_both_the_rule_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch, 10.0, 1.0, 1.0, np.array([0.0, 1.0])) is None
