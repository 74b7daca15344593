"""A meter divided among unlike units by shares: how much they raise ER, and what shows them.

One meter of 12 MWh at 0.8 t/MWh for two air conditioners of COP 4 and 3 against 2: all of it is 12 x 0.8 x (4/2 - 1)
= 9.6 t for the first and 12 x 0.8 x (3/2 - 1) = 4.8 t for the second.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.quality.records.shared_meters import _measured, _shown, shared_meter_findings
from support.claims import Sketch, air_conditioners, rows_of
from support.records import cell

FILED = {"document_id": "D-9", "file": "sub.csv", "sha256": "0" * 64}
BASIS = "sub-meters"


def divided(*rows: dict[str, Any]) -> Sketch:
    unit = {**air_conditioners().equipment[0], "COP_RE": (2.0, "1")}
    row = {"parameter": "EC_PJ", "meter_id": "M1", "sign": "+", "share_basis": BASIS, "evidence": "D-9"}
    units = [{**unit, "equipment_id": name, "COP_PJ": (cop, "1")} for name, cop in (("AC1", 4.0), ("AC2", 3.0))]
    points = [{**row, "applies_to": f"AC{n + 1}", **given} for n, given in enumerate(rows)]
    return air_conditioners(equipment=units, points=points, monthly={"M1": [1000.0] * 12})


def said(*rows: dict[str, Any], evidence: Sequence[dict[str, Any]] = ()) -> list[Finding]:
    sketch = divided(*rows)
    claim, _ = sketch.build()
    return list(shared_meter_findings(claim, replace(sketch.data(), evidence=rows_of("evidence", evidence))))


def test_the_shares_decide_how_much_is_credited() -> None:
    """0.75 x 9.6 t + 0.25 x 4.8 t = 8.4 t."""
    (finding,) = said({"share": 0.75}, {"share": 0.25})
    assert finding.severity is Severity.MAJOR and finding.effect_tco2e == pytest.approx(8.4 - 4.8)
    assert finding.message == (
        "meter M1 is divided among 2 units whose ratios differ; the shares decide how much is credited"
    )
    assert finding.found == "all of it for AC2 would give 3.600 tCO2e less"
    assert finding.where.cell == cell("points", "share", 2) and finding.data == {"units": 2, "lowest": "AC2"}
    assert finding.action.startswith("Show how each unit's part is known")


def test_shares_without_a_basis_block() -> None:
    (finding,) = said({"share": 0.75}, {"share": 0.25, "share_basis": " "}, evidence=[FILED])
    assert finding.severity is Severity.ERROR and finding.where.cell == cell("points", "share_basis", 3)
    assert finding.message.endswith("units whose ratios differ, and nothing says why the shares are right")
    assert finding.action.startswith("State the Basis of the share")


def test_shares_that_files_show_are_minor_and_their_basis_is_told() -> None:
    (finding,) = said({"share": 0.75}, {"share": 0.25}, evidence=[FILED])
    assert finding.severity is Severity.MINOR and finding.effect_tco2e == pytest.approx(3.6)
    assert finding.message.endswith("the shares decide how much is credited; their basis: sub-meters")
    assert finding.action.startswith("The verifier finds the shares again")
    assert finding.where.cell == cell("points", "share", 2)


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_equal_parts_and_all_for_one_stay_a_question_whatever_is_filed(share: float) -> None:
    (finding,) = said({"share": share}, {"share": 1 - share}, evidence=[FILED])
    assert finding.severity is Severity.MAJOR and finding.effect_tco2e == pytest.approx(4.8 * share)
    assert finding.message.endswith("the shares decide how much is credited")


def test_a_share_beside_a_row_without_one_is_stated_too() -> None:
    """All for the first, and a share of nothing for the second."""
    (finding,) = said({}, {"share": 0.0})
    assert finding.effect_tco2e == pytest.approx(4.8)


@pytest.mark.parametrize(
    "rows",
    [
        [{"share": 0.0}, {"share": 1.0}],  # all for the one with the lowest ratio
        [{"share": 0.75}, {"share": 0.25, "applies_to": "AC1"}, {"meter_id": "M2", "applies_to": "AC2"}],  # of one unit
        [{"share": 0.5}, {"meter_id": "M2"}],  # half of a meter, and all of another
        [{}, {"meter_id": "M2"}],
    ],
)
def test_where_no_share_raises_er_there_is_no_question(rows: list[dict[str, Any]]) -> None:
    sketch = divided(*rows)
    sketch.monthly = {"M1": [1000.0] * 12, "M2": [1000.0] * 12}
    assert list(shared_meter_findings(sketch.build()[0], sketch.data())) == []


# --- what counts as shown ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "measured"),
    [
        ((0.75, 0.25), True),
        ((0.5, 0.5), False),
        ((0.5, 0.5 + 1e-10), False),
        ((0.25, 0.25, 0.5), True),
        ((0.0, 0.25, 0.75), False),
        ((1e-9, 0.25), False),
        ((2e-9, 0.25), True),
        ((1 - 1e-9, 0.25), False),
        ((1 - 2e-9, 0.25), True),
        ((1.0, 0.25), False),
        ((None, 0.25), False),  # all of it
    ],
)
def test_which_shares_somebody_may_have_measured(shares: tuple[float | None, ...], measured: bool) -> None:
    assert _measured(rows_of("points", [{"share": share} for share in shares])) is measured


def test_shares_that_differ_by_a_billionth_are_equal_ones() -> None:
    """The smallest number above a billionth that has another exactly a billionth above it."""
    less = math.nextafter(math.nextafter(1e-9, 1), 1)
    more = less + 1e-9
    assert more - less == 1e-9
    assert not _measured(rows_of("points", [{"share": less}, {"share": more}]))


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ({}, True),
        ({"file": " "}, False),
        ({"sha256": ""}, False),
        ({"sha256": hashlib.sha256(b"").hexdigest().upper()}, False),
        ({"file": "m1.csv"}, False),  # the log of the meter itself
        ({"file": "bill.pdf"}, False),
        ({"file": "monitoring.xlsx"}, False),  # what the shares stand in
        ({"file": "m2.csv"}, True),  # the log of another meter
        ({"document_id": "D-8"}, False),
    ],
)
def test_which_document_shows_a_share(document: dict[str, str], shown: bool) -> None:
    rows = rows_of("points", [{"meter_id": "M1", "evidence": "D-9"}, {"meter_id": "M1", "evidence": "D-9"}])
    data = replace(
        divided().data(),
        evidence=rows_of("evidence", [{**FILED, **document}]),
        logs=rows_of("logs", [{"meter_id": name, "file": f"{name.lower()}.csv"} for name in ("M2", "M1")]),
        invoices=rows_of("invoices", [{"meter_id": "M1", "file": "bill.pdf"}]),
    )
    assert _shown(rows, data) is shown


@pytest.mark.parametrize(
    ("documents", "shown"), [(("D-9", "D-9"), True), (("D-9", ""), False), (("D-9", "D-9; D-8"), False), (("",), False)]
)
def test_each_row_names_documents_and_all_of_them_are_filed(documents: tuple[str, ...], shown: bool) -> None:
    rows = rows_of("points", [{"meter_id": "M1", "evidence": text} for text in documents])
    assert bool(_shown(rows, replace(divided().data(), evidence=rows_of("evidence", [FILED])))) is shown
