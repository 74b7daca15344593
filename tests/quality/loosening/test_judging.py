"""A loosened protection is judged by what comes out without it: alone, and with the other loosened values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import Finding, InputRefusedError, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.loosening.judging import Loosening, judged

SHOW = "Show the verifier why the standard value does not fit; without that, take it back."


def finding(code: str, severity: Severity = Severity.MAJOR) -> Finding:
    return Finding(code, severity, f"what {code} is", Origin(cell=code), action=f"Do {code}.")


def loosening(name: str, proven: bool = True) -> Loosening:
    return Loosening(finding(name, Severity.NOTE), lambda data: data | {name}, proven)


def said(
    without: Mapping[str, float | tuple[str, ...]],
    *names: str,
    findings: Sequence[Finding] = (),
    asked: Mapping[str, Sequence[Finding]] | None = None,
    proven: bool = True,
    er: float = 100.0,
) -> list[Finding]:
    """A claim of 100 t (``er``). ``without`` maps what is taken back ("A", "A B") to ER or to why it is refused.

    ``asked`` are the findings of the claim without it.
    """

    def calculate(data: Any) -> Any:
        key = " ".join(sorted(data))
        outcome = without[key]
        if isinstance(outcome, tuple):
            raise InputRefusedError([finding(code, Severity.ERROR) for code in outcome])
        return SimpleNamespace(reductions=outcome, findings=(asked or {}).get(key, findings))

    result: Any = SimpleNamespace(reductions=er, data=frozenset(), findings=tuple(findings))
    return judged(result, [loosening(name, proven) for name in names], calculate)


def test_without_loosenings_nothing_is_calculated_again() -> None:
    kept = [finding("x"), finding("y", Severity.NOTE)]
    assert said({}, findings=kept) == kept


@pytest.mark.parametrize("proven", [True, False])
def test_what_raises_er_is_major_with_its_effect(proven: bool) -> None:
    (told,) = said({"A": 82.0}, "A", proven=proven)
    assert (told.severity, told.effect_tco2e) == (Severity.MAJOR, 18.0)
    assert told.message == "what A is; with the standard value ER is 82.000 tCO2e"
    assert told.action == SHOW if proven else told.action == f"Name the evidence. {SHOW}"


@pytest.mark.parametrize("proven", [True, False])
def test_what_lowers_er_stays_a_note_with_its_effect(proven: bool) -> None:
    (told,) = said({"A": 110.0}, "A", proven=proven)
    assert (told.severity, told.effect_tco2e) == (Severity.NOTE if proven else Severity.MINOR, -10.0)
    assert told.message == "what A is"
    assert told.action == ("Do A." if proven else "Name the evidence. Do A.")


@pytest.mark.parametrize("er", [100.0, 100.0 - 2**-31, 100.0 + 2**-31])
def test_what_changes_nothing_is_told_only_where_it_was_before(er: float) -> None:
    """2^-31 t (0.5e-9) come from the order of a sum. Of a note that stood in the result evidence is asked for."""
    other = finding("x")
    assert said({"A": er}, "A", findings=[other]) == [other]
    note = finding("A", Severity.NOTE)
    assert said({"A": er}, "A", findings=[note, other]) == [other, note]
    (_, told) = said({"A": er}, "A", findings=[note, other], proven=False)
    assert (told.severity, told.effect_tco2e, told.action) == (Severity.MINOR, None, "Name the evidence. Do A.")


@pytest.mark.parametrize("way", [1, -1])
def test_a_little_more_than_the_order_of_a_sum_matters(way: int) -> None:
    (told,) = said({"A": 100.0 - way * 2**-29}, "A")
    assert told.effect_tco2e == way * 2**-29 and (told.severity is Severity.MAJOR) is (way > 0)
    assert said({"A": 0.0}, "A", er=way * 1e-9) == []


def test_a_finding_at_another_place_is_kept() -> None:
    elsewhere = Finding("A", Severity.NOTE, "another", Origin(cell="B9"))
    (kept, told) = said({"A": 82.0}, "A", findings=[elsewhere, finding("A", Severity.NOTE)])
    assert kept == elsewhere and told.severity is Severity.MAJOR


def test_a_claim_that_is_refused_otherwise_is_worth_nothing() -> None:
    (told,) = said({"A": ("p", "q", "p", "r", "s", "t")}, "A")
    assert (told.severity, told.effect_tco2e) == (Severity.MAJOR, 100.0)
    assert told.message == "what A is; with the standard value the claim is refused (p, q, r, s)"


def test_what_silences_a_question_is_major_though_er_is_the_same() -> None:
    """Only major questions count, and only those that the result does not ask already at that place."""
    before = [finding("x"), finding("y", Severity.NOTE), finding("m", Severity.MINOR)]
    more = [*before, finding("y"), finding("z"), finding("z"), finding("n", Severity.MINOR)]
    told = said({"A": 100.0}, "A", findings=before, asked={"A": more})[-1]
    assert (told.severity, told.effect_tco2e) == (Severity.MAJOR, 0.0)
    assert told.message == "what A is; with the standard value ER is 100.000 tCO2e, and it is asked about y, z"
    assert said({"A": 100.0}, "A", findings=before) == before


def test_of_several_each_is_judged_alone() -> None:
    a, b = said({"A B": 70.0, "A": 82.0, "B": 100.0 + 5.0}, "A", "B")
    assert (a.severity, a.effect_tco2e) == (Severity.MAJOR, 18.0)
    assert a.message == "what A is; with the standard value ER is 82.000 tCO2e"
    # Alone it lowers ER; with the other it takes part in the 30 t.
    assert (b.severity, b.effect_tco2e) == (Severity.MAJOR, 30.0)
    assert b.message == "what B is; with the standard value ER is 70.000 tCO2e (with the other loosened values)"


def test_two_that_lower_er_together_stay_notes_with_the_effect_of_each_alone() -> None:
    a, b = said({"A B": 110.0, "A": 104.0, "B": 106.0}, "A", "B")
    assert [(f.severity, f.effect_tco2e) for f in (a, b)] == [(Severity.NOTE, -4.0), (Severity.NOTE, -6.0)]
