"""The sheet Eligibility by its rows: answered, proven, worded, and none of the card's left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.methodology.card import Criterion
from jcm_mrv.quality.records.eligibility import eligibility_findings
from support.claims import rows_of, solar
from support.records import cell

ANSWERED = {"number": "1", "criterion": "It is on a roof.", "met": "yes", "evidence": "D-1"}


def said(*rows: dict[str, Any], criteria: Sequence[str] | None = ("It is on a roof.",)) -> list[Finding]:
    """``criteria`` are those of the card, numbered from 1; None where no methodology is known."""
    sketch = solar()
    (bound,) = sketch.bounds()
    known = tuple(Criterion(str(n), text, "summary") for n, text in enumerate(criteria or (), 1))
    bound = replace(bound, entry=replace(bound.entry, card=replace(bound.entry.card, criteria=known)))
    data = replace(sketch.data(), eligibility=rows_of("eligibility", rows))
    return list(eligibility_findings([] if criteria is None else [bound], data))


@pytest.mark.parametrize(
    ("changes", "code", "key", "found"),
    [
        ({}, "", "", ""),
        ({"met": "no", "evidence": ""}, "eligibility.not_met", "met", "no"),
        ({"met": ""}, "eligibility.open", "met", "empty"),
        ({"evidence": " "}, "eligibility.no_evidence", "evidence", "empty"),
    ],
)
def test_a_criterion_is_answered_with_yes_and_proven(changes: dict[str, str], code: str, key: str, found: str) -> None:
    assert [(f.code, f.where.cell, f.found) for f in said({**ANSWERED, **changes})] == (
        [(code, cell("eligibility", key, 2), found)] if code else []
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * 100, f"1 ({'x' * 100})"),
        ("x" * 101, f"1 ({'x' * 98} …)"),
        ("x" * 97 + " " + "y" * 9, f"1 ({'x' * 97} …)"),
        ("two  words\nmore", "1 (two words more)"),
        (" ", "1"),
    ],
)
def test_a_long_criterion_is_cut_where_it_is_named(text: str, shown: str) -> None:
    (finding,) = said({**ANSWERED, "number": " 1 ", "criterion": text, "met": "no"})
    assert finding.message == f"criterion {shown} is not met, so the methodology cannot be used"


@pytest.mark.parametrize(
    ("number", "text", "found"),
    [
        ("1", "", None),  # the card says what it is
        ("１.", "", None),
        ("2", "", "empty"),
        ("2", " Criterion 2 ", "Criterion 2"),
        ("2", "criterion no. 2", "criterion no. 2"),
        ("2", "2.", "2."),
        ("2", "Tiêu chí 3", "Tiêu chí 3"),
        ("2", "要件4", "要件4"),
        ("2", "Criterion 2: it is new", None),
        ("2", "Solar PV", None),
    ],
)
def test_a_criterion_that_is_only_numbered(number: str, text: str, found: str | None) -> None:
    row = {**ANSWERED, "number": number, "criterion": text}
    findings = [f for f in said(ANSWERED, row) if f.code == "eligibility.no_text"]
    assert [(f.found, f.where.cell) for f in findings] == (
        [(found, cell("eligibility", "criterion", 3))] if found else []
    )


def test_a_criterion_of_the_card_without_a_row() -> None:
    (finding,) = said(ANSWERED, criteria=("It is on a roof.", "It  is new."))
    assert finding.message == "criterion 2 of VN_AM007 1.0 has no row: It is new."
    assert finding.where.sheet == "Eligibility" and finding.found == "no row"


def test_no_row_at_all() -> None:
    """Where the card lists criteria each is asked for; without any methodology nothing is."""
    assert [f.code for f in said()] == ["eligibility.missing_criterion"]
    (finding,) = said(criteria=())
    assert (finding.code, finding.found) == ("eligibility.empty", "no row")
    assert said(ANSWERED, criteria=()) == said(criteria=None) == []
