"""A value above the card's whose document nobody can look up.

The boiler's diesel has the lower limits of IPCC on the card where the fuel is named as the table has it: 41.4 GJ/t. By
43 GJ/t ER before the auxiliaries is 43 / 41.4 as much.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.default_use import DefaultUse
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quality.records.unproven import unproven_findings
from support.boiler import FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.claims import rows_of

FUEL = "gas_diesel_oil"


def said(**ncv: Any) -> list[Finding]:
    tables = boiler_tables()
    fixed = [{**row, "applies_to": FUEL} if row.get("applies_to") else row for row in tables["fixed"]]
    fixed = [{**row, **ncv} if row["parameter"] == "NCV" else row for row in fixed]
    result = boiler(tables={"equipment": [{**tables["equipment"][0], "fuel": FUEL}], "fixed": fixed})
    return [f for f in result.findings if f.code == "fixed.document_unknown"]


def test_a_value_above_the_cards_with_an_unknown_document_is_a_question():
    (finding,) = said(document="x")
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(33.5 * FUEL_TONNES_PER_M3 * (1 - 41.4 / 43))


def test_a_document_on_the_sheet_evidence_is_one():
    assert said() == []


def test_the_cards_own_value_or_a_lower_one_needs_no_question():
    assert said(document="x", value=41.4) == []
    assert said(document="x", value=40.0) == []


# --- by the values alone: ER is 100 t, and by 10 t higher for each 1 GJ/t by which an element is above 2 ------------


class OfValues:
    """A claim of 100 t + 10 t for each GJ/t above 2; ``uses`` are what the project gives in place of a card's 2."""

    raised_by, effect_of_replacing = Claim.raised_by, Claim.effect_of_replacing

    def __init__(self, *uses: dict[str, Any]) -> None:
        node = _Node(symbol="NCV")
        stated = {
            "methodology": "X", "node": node, "unit": "GJ/t", "card_value": 2.0, "card_name": "", "card_source": "",
            "card_evidence": "", "project_value": 3.0, "document": "D-9 ", "page": "", "used": 3.0, "evidence": "",
            "origin": Origin(cell="C2"),
        }  # fmt: skip
        every = [DefaultUse(**{**stated, "ordinals": (n,), "label": f"U{n}", **use}) for n, use in enumerate(uses)]
        self.bound_values = [SimpleNamespace(defaults=[use]) for use in every]
        self.values = {node: np.array([use.used for use in every])}

    def reductions(self, changes: Any = None) -> float:
        (values,) = (changes or self.values).values()
        return 100.0 + 10 * float((values - 2).sum())

    def told(self, *known: str) -> list[Finding]:
        """``known`` are the documents of Evidence."""
        claim: Any = self
        data: Any = SimpleNamespace(evidence=rows_of("evidence", [{"document_id": name} for name in known]))
        return list(unproven_findings(claim, data))


class _Node(SimpleNamespace):
    __hash__ = object.__hash__


def test_it_is_told_what_both_say_and_which_document_is_missing():
    (finding,) = OfValues({}).told("D-8")
    assert finding.message == (
        "NCV of U0 raises ER above that with the value of the card, and its document D-9  is on no row of the sheet "
        "Evidence"
    )
    assert finding.found == "3 GJ/t, the card has 2" and finding.where.cell == "C2"
    assert (finding.data, finding.effect_tco2e) == ({"card": 2.0}, 10.0)
    assert OfValues({"label": ""}).told()[0].message.startswith("NCV of the project raises")


@pytest.mark.parametrize(
    ("use", "known", "count"),
    [
        ({}, "", 1),
        ({}, " d-9", 0),
        ({"document": " "}, "", 0),  # that it has none is said elsewhere
        ({"card_value": None}, "", 0),
        ({"project_value": None, "used": 2.0}, "", 0),
        ({"project_value": 2.0, "used": 2.0}, "", 0),
        ({"project_value": 1.0, "used": 1.0}, "", 0),
    ],
)
def test_which_values_of_the_project_are_asked_about(use: dict[str, Any], known: str, count: int):
    assert len(OfValues(use).told(known)) == count


def test_of_a_row_for_many_the_effect_is_that_of_all_that_it_serves():
    """U0 to U2 at 3 in place of 2, 3.5 and 2 are 10 - 5 + 10 = 15 t; U3 stands in a row of its own."""
    row = Origin(cell="C2")
    first, second = OfValues(
        {"origin": row}, {"origin": row, "card_value": 3.5}, {"origin": row}, {"origin": Origin(cell="C3")}
    ).told()
    assert first.message.startswith("NCV of U0, U1, U2 raises") and first.effect_tco2e == 15.0
    assert (second.where.cell, second.effect_tco2e) == ("C3", 10.0)


def test_a_row_that_lowers_er_for_its_first_element_and_raises_it_for_another_is_told():
    (finding,) = OfValues({"card_value": 3.5}, {}).told()
    assert finding.effect_tco2e == -5 + 10
    assert OfValues({"card_value": 4.5}, {}).told() == []
