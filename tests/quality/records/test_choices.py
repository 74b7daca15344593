"""Choices that the project makes: each names a document, as a number does."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.quality.records.choices import choice_findings
from support.claims import solar
from support.records import cell

GRID = {"parameter": "connection", "value": "grid", "unit": "choice"}


def said(*fixed: dict[str, Any], **unit: Any) -> list[Finding]:
    """By rows of Fixed values, and by the columns of a unit of which no choice is made elsewhere."""
    sketch = solar(fixed=list(fixed), equipment=[{"equipment_id": "PV1", **unit}])
    claim: Any = SimpleNamespace(bounds=sketch.bounds())
    return list(choice_findings(claim, sketch.data()))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({}, True),
        ({"document": " "}, True),
        ({"document": "D-1"}, False),
        ({"evidence": "D-1"}, False),
        ({"value": " "}, False),
        ({"methodology": "VN_AM007 1.0"}, True),
        ({"methodology": "ID_AM004 2.0"}, False),
        ({"parameter": "EF_RE_grid", "value": 0.5, "unit": "tCO2/MWh"}, False),  # a number, of which others speak
    ],
)
def test_a_choice_on_fixed_values(row: dict[str, Any], told: bool) -> None:
    assert [(f.message, f.found, f.where.cell) for f in said({**GRID, **row})] == [
        ("the choice of connection names no document", "grid", cell("fixed", "value", 2))
    ] * told


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ({"connection": ("grid", "choice")}, True),
        ({"connection": ("grid", "choice"), "evidence": "D-1"}, False),
        ({"connection": ("grid", "choice"), "evidence": " "}, True),
        ({"connection": ("grid", "choice"), "methodology": "ID_AM004 2.0"}, False),
        ({"connection": (None, "choice")}, False),
        ({"COP_PJ": (4.0, "1")}, False),
        ({}, False),
    ],
)
def test_a_choice_in_a_column_of_equipment(unit: dict[str, Any], told: bool) -> None:
    assert [(f.found, f.where.cell) for f in said(**unit)] == [("grid", "Z2")] * told


def test_a_row_for_all_methodologies_is_told_once() -> None:
    sketch = solar(fixed=[GRID, {**GRID, "applies_to": "PV1"}])
    claim: Any = SimpleNamespace(bounds=[*sketch.bounds(), *sketch.bounds()])
    found = list(choice_findings(claim, replace(sketch.data(), equipment=[])))
    assert [f.where.cell for f in found] == [cell("fixed", "value", n) for n in (2, 3)]
