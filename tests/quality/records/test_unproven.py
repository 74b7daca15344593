"""A value above the card's whose document nobody can look up.

The boiler's diesel has the lower limits of IPCC on the card where the fuel is named as the table has it: 41.4 GJ/t. By
43 GJ/t ER before the auxiliaries is 43 / 41.4 as much.
"""

from __future__ import annotations

from typing import Any

import pytest

from jcm_mrv.findings import Finding, Severity
from support.boiler import FUEL_TONNES_PER_M3, boiler, boiler_tables

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
