"""The card's text of the equations, read and held against the class."""

from __future__ import annotations

from pathlib import Path

import pytest

from jcm_mrv.conformance.bench import bench_of
from jcm_mrv.conformance.cases import calculate_case, package_cases
from jcm_mrv.conformance.equation_text import compare
from jcm_mrv.methodology.catalogue import catalogue
from support.fuel_switch import benches, package

pytestmark = pytest.mark.usefixtures("quick")


def test_a_lower_of_both_and_what_is_on_the_way_are_read_from_the_text(tmp_path: Path) -> None:
    """DRAFT_LIVESTOCK: what the manure can give, what was burnt, and RE of the lower of both."""
    [(_, bench)] = benches("DRAFT_LIVESTOCK", tmp_path)
    text = bench.bound.entry.card.equation.text

    def said(old: str, new: str) -> list[tuple[str, str]]:
        assert old in text
        return [(c.symbol, c.outcome) for c in compare(text.replace(old, new), [bench]) if c.outcome != "agrees"]

    assert [c.symbol for c in compare(text, [bench])] == ["CH4", "CH4_burnt", "RE", "PE", "ER"]
    assert said("min(CH4_p", "min(CH4_p") == []
    assert said("min(CH4_p", "max(CH4_p") == [("RE", "differs")]
    assert said("B_0_k x D_CH4", "B_0_k / D_CH4") == [("CH4", "differs")]
    assert said("CH4_burnt_p = BG_p x w_CH4,p x D_n x DE; ", "") == [("CH4_burnt", "not compared")]
    assert said("CH4_burnt_p = BG_p x w_CH4,p x D_n x DE", "CH4_burnt_p = the gas burnt") == [
        ("CH4_burnt", "not compared")
    ]


def test_indexes_that_the_cards_text_leaves_out_has_too_many_of_or_confuses(tmp_path: Path) -> None:
    with package(tmp_path):
        entry = catalogue().find("XX_AM950")
        [case] = package_cases(entry)
        bench = bench_of(entry, calculate_case(case, tmp_path))
    text = entry.card.equation.text

    def said(old: str, new: str) -> tuple[str, str]:
        assert old in text
        [other] = [c for c in compare(text.replace(old, new), [bench]) if c.outcome != "agrees"]
        return other.outcome, other.note

    assert {c.outcome for c in compare(text, [bench])} == {"agrees"}
    named = "agrees but for its indexes"
    over = "over which it varies in the class"
    assert said("SUM_i HG_i,p", "SUM_i HG_p") == (named, f"HG_p has no index of equipment, {over}")
    assert said("SUM_i HG_i,p", "SUM_i HG_i") == (named, f"HG_i has no index of time, {over}")
    assert said("SUM_i HG_i,p", "SUM_i HG_p,i") == (named, "HG_p,i has the index of time before that of elements")
    assert said("SUM_i HG_i,p", "SUM_i HG_k,p") == ("differs", "HG_k,p: no SUM_k stands around it")
    outcome, note = said("HG_i,p x EF_RE", "HG_i,p x EF_RE_p")
    assert (outcome, note) == ("differs", "EF_RE_p has p for an index; in the class it does not vary over time")


def test_a_sign_and_an_index_that_no_tonne_shows(tmp_path: Path) -> None:
    """PE of solar power is 0, so that ER comes to the same with it added."""
    solar = catalogue().find("VN_AM007")
    [case] = [c for c in package_cases(solar) if c.card == solar.card.id][:1]
    bench = bench_of(solar, calculate_case(case, tmp_path))
    text = solar.card.equation.text
    assert "ER_p = RE_p - PE_p" in text
    assert {c.outcome for c in compare(text, [bench]) if c.symbol == "ER"} == {"agrees"}
    [er] = [c for c in compare(text.replace("RE_p - PE_p", "RE_p + PE_p"), [bench]) if c.symbol == "ER"]
    assert (er.outcome, er.note) == ("differs", "ER adds PE")
