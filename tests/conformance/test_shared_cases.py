"""Shared cases of the electricity factor: held against each card, noticing mistakes in branches that no case takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jcm_mrv.conformance import shared_cases as module
from jcm_mrv.conformance.bench import Bench, bench_of
from jcm_mrv.conformance.cases import calculate_case, cases_of
from jcm_mrv.conformance.mutation import SHARED, SURVIVED, run
from jcm_mrv.conformance.shared_cases import shared_cases, shared_problems, taken_by_shared
from jcm_mrv.methodology.catalogue import catalogue

# One card of each rule for electricity.
CARDS = ("VN_AM006 1.0", "CR_AM003 1.0", "MN_AM002 1.0", "VN_AM008 1.0")


def bench(card: str, folder: Path) -> Bench:
    entry = catalogue().find(card)
    case = next(iter(cases_of(entry)))
    return bench_of(entry, calculate_case(case, folder))


def rule(card: str) -> str:
    return catalogue().find(card).card.choices["electricity_rule"].text


def test_the_cards_here_have_different_rules() -> None:
    assert {rule(card) for card in CARDS} == {"lower of both", "higher of both", "weighted", "captive only"}


@pytest.mark.parametrize("card", CARDS)
def test_every_branch_comes_to_what_it_does_by_hand(card: str, tmp_path: Path) -> None:
    assert list(shared_problems(bench(card, tmp_path))) == []


def test_a_case_that_is_wrong_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tuple(replace(c, expected="0.66") if c.title == "grid electricity alone" else c for c in shared_cases())
    monkeypatch.setattr(module, "shared_cases", lambda: wrong)
    [problem] = shared_problems(bench("VN_AM006 1.0", tmp_path))
    assert problem == "EF_elec comes to 0.9, grid electricity alone = 0.66"


def test_all_choices_of_the_electricity_factor_are_taken(tmp_path: Path) -> None:
    chosen, numbers = taken_by_shared(bench("MN_AM002 1.0", tmp_path))
    assert chosen["supply"] == {"grid", "captive", "grid and captive"}
    assert len(chosen["captive_method"]) == 4 and "EI_cap" in numbers


def of_electricity(card: str, folder: Path) -> Iterator[tuple[str, str]]:
    entry, found = catalogue().find(card), []
    for n, case in enumerate(cases_of(entry)):
        (folder / str(n)).mkdir()
        found.append((case, bench_of(entry, calculate_case(case, folder / str(n)))))
    assert len(found) > 1
    for one in run(found):
        if one.text.startswith(("EF_cap:", "EF_elec:")):
            yield one.text, one.noticed


def test_mistakes_in_the_electricity_factor_survive_nowhere(tmp_path: Path) -> None:
    """No case of the card takes a generator by its efficiency: none of them notices a mistake there."""
    found = dict(of_electricity("MN_AM002 1.0", tmp_path))
    assert SHARED in found.values()
    assert [text for text, who in found.items() if who == SURVIVED] == []
