"""One meter over many units: a group takes the lowest ratio, shares of unlike units need a basis and are a question.

Sixteen air conditioners, eight with COP 5 and eight with COP 4 against 3, on one meter of 10 MWh a month at
0.8 t/MWh: 120 MWh x 0.8 x (5/3 - 1) = 64 t or 120 x 0.8 x (4/3 - 1) = 32 t; equal shares give 48 t.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.findings import Severity
from jcm_mrv.quality.records.shared_meters import shared_meter_findings
from support.claims import Sketch, air_conditioners, rows_of

UNITS = [f"AC{n:02d}" for n in range(16)]


def sketch(points: list[dict[str, Any]], **unit: Any) -> Sketch:
    one = {**air_conditioners().equipment[0], "group": "Shop 3", "site": "Hall", **unit}
    equipment = [{**one, "equipment_id": name, "COP_PJ": (5.0 if n % 2 else 4.0, "1")} for n, name in enumerate(UNITS)]
    return air_conditioners(equipment=equipment, points=points, monthly={"M": [10_000.0] * 12})


def reductions(given: Sketch) -> float:
    claim, _ = given.build()
    return claim.evaluate().scalar(claim.total_ER)


def shares(basis: str, odd: float = 1 / 16) -> list[dict[str, Any]]:
    """Shares of 1/16, or of the units with the ratio 5 another one, and so much less of the others."""
    row = {"parameter": "EC_PJ", "meter_id": "M", "sign": "+", "share_basis": basis}
    return [{**row, "applies_to": name, "share": odd if n % 2 else 1 / 8 - odd} for n, name in enumerate(UNITS)]


@pytest.mark.parametrize("name", ["Shop 3", "Hall", "shop"])
def test_a_group_takes_the_lowest_ratio_and_says_so(name: str):
    """By group, site or electricity source."""
    given = sketch([{"parameter": "EC_PJ", "applies_to": name, "meter_id": "M", "sign": "+"}])
    claim, findings = given.build()
    assert claim.evaluate().scalar(claim.total_ER) == pytest.approx(32.0)
    (finding,) = [f for f in findings if f.code == "points.group"]
    assert (finding.severity, finding.data["taken_for"]) == (Severity.NOTE, "AC00")
    assert "lowest ratio" in finding.message
    assert finding.effect_tco2e == pytest.approx(32.0 - 48.0)


def test_the_unit_that_is_taken_need_not_be_the_first():
    """Of AC00 the ratio is 5 as well: nine units at 64 t and seven at 32 t are 50 t by equal shares."""
    given = sketch([{"parameter": "EC_PJ", "applies_to": "Shop 3", "meter_id": "M", "sign": "+"}])
    given.equipment[0]["COP_PJ"] = (5.0, "1")
    claim, (finding,) = given.build()
    assert claim.reductions() == pytest.approx(32.0) and finding.data["taken_for"] == "AC02"
    assert finding.effect_tco2e == pytest.approx(32.0 - 50.0)


def test_a_group_that_is_subtracted_takes_what_gives_the_lowest_reductions():
    """What is taken away counts for the unit with the highest ratio."""
    plus = [{"parameter": "EC_PJ", "applies_to": "Shop 3", "meter_id": "M", "sign": "+"}]
    minus = {"parameter": "EC_PJ", "applies_to": "Shop 3", "meter_id": "L", "sign": "-"}
    given = sketch([*plus, minus])
    given.monthly = {"M": [10_000.0] * 12, "L": [1_000.0] * 12}
    # 32 t less 12 MWh x 0.8 x (5/3 - 1) = 6.4 t.
    assert reductions(given) == pytest.approx(32.0 - 6.4)


@pytest.mark.parametrize("late", [0, 3])
def test_units_that_come_during_the_period_need_shares(late: int):
    given = sketch([{"parameter": "EC_PJ", "applies_to": "Shop 3", "meter_id": "M", "sign": "+"}])
    given.equipment[late]["operation_start"] = np.datetime64("2024-06-01").astype(object)
    _, findings = given.build()
    (finding,) = [f for f in findings if f.code == "points.group_changes"]
    assert finding.severity is Severity.ERROR and finding.found == f"AC0{late} not in all months"


def test_equal_shares_of_unlike_units_are_refused_without_a_basis():
    given = sketch(shares(""))
    claim, _ = given.build()
    assert claim.evaluate().scalar(claim.total_ER) == pytest.approx(48.0)
    (finding,) = shared_meter_findings(claim, given.data())
    assert (finding.code, finding.severity) == ("points.shared_meter", Severity.ERROR)
    assert finding.effect_tco2e == pytest.approx(16.0)


def test_with_a_basis_they_are_a_question_with_their_effect():
    given = sketch(shares("equal parts"))
    (finding,) = shared_meter_findings(given.build()[0], given.data())
    assert (finding.severity, finding.effect_tco2e) == (Severity.MAJOR, pytest.approx(16.0))


@pytest.mark.parametrize(
    ("documents", "filed", "severity"),
    [
        ("D-02", True, Severity.MINOR),
        ("D-02; D-03", True, Severity.MAJOR),  # of D-03 there is no file
        ("", True, Severity.MAJOR),
        ("D-02", False, Severity.MAJOR),  # a name is no document
    ],
)
def test_with_a_basis_that_files_show_they_are_minor_with_their_effect(
    documents: str, filed: bool, severity: Severity
) -> None:
    given = sketch([{**row, "evidence": documents} for row in shares("readings of sub-meters", 0.07)])
    file = {"file": "data/sub_meters.csv", "sha256": "0" * 64} if filed else {}
    evidence = rows_of("evidence", [{"document_id": "D-02", **file}, {"document_id": "D-03"}])
    claim, _ = given.build()
    (finding,) = shared_meter_findings(claim, replace(given.data(), evidence=evidence))
    # 0.56 of it at 64 t and 0.44 at 32 t are 49.92 t
    assert (finding.severity, finding.effect_tco2e) == (severity, pytest.approx(49.92 - 32.0))
    assert ("readings of sub-meters" in finding.message) is (severity is Severity.MINOR)


@pytest.mark.parametrize(
    ("odd", "file"),
    [
        (1 / 16, {}),  # equal parts
        (1 / 8, {}),  # nothing for half of them
        (0.07, {"sha256": hashlib.sha256(b"").hexdigest()}),  # an empty file
        (0.07, {"file": "m.csv"}),  # the log of the meter itself
    ],
)
def test_a_file_does_not_make_a_measurement_of_any_share(odd: float, file: dict[str, str]) -> None:
    given = sketch([{**row, "evidence": "D-02"} for row in shares("readings of sub-meters", odd)])
    document = {"document_id": "D-02", "file": "data/sub_meters.csv", "sha256": "0" * 64, **file}
    data = replace(
        given.data(),
        evidence=rows_of("evidence", [document]),
        logs=rows_of("logs", [{"log_id": "L", "meter_id": "M", "file": "m.csv"}]),
    )
    (finding,) = shared_meter_findings(given.build()[0], data)
    assert finding.severity is Severity.MAJOR


def test_one_row_without_its_document_leaves_the_question() -> None:
    rows = [{**row, "evidence": "D-02" if n else ""} for n, row in enumerate(shares("readings of sub-meters", 0.07))]
    given = sketch(rows)
    evidence = rows_of("evidence", [{"document_id": "D-02", "file": "data/sub_meters.csv", "sha256": "0" * 64}])
    claim, _ = given.build()
    (finding,) = shared_meter_findings(claim, replace(given.data(), evidence=evidence))
    assert finding.severity is Severity.MAJOR


def test_shares_of_like_units_decide_nothing():
    given = sketch(shares(""))
    for unit in given.equipment:
        unit["COP_PJ"] = (4.0, "1")
    assert list(shared_meter_findings(given.build()[0], given.data())) == []


def test_a_share_of_nothing_for_the_poorer_units_is_a_share_like_any_other():
    """All 120 MWh for the units of ratio 5 are 64 t; for one of ratio 4 they are 32 t, as with the group."""
    given = sketch([{**row, "share": 0.125 * (n % 2)} for n, row in enumerate(shares("rated capacities"))])
    claim, _ = given.build()
    (finding,) = shared_meter_findings(claim, given.data())
    assert claim.evaluate().scalar(claim.total_ER) == pytest.approx(64.0)
    assert (finding.severity, finding.effect_tco2e) == (Severity.MAJOR, pytest.approx(32.0))


def test_a_group_whose_meter_has_a_wrong_unit_is_refused_for_that():
    given = sketch([{"parameter": "EC_PJ", "applies_to": "Shop 3", "meter_id": "M", "sign": "+"}])
    given.unit = "m3"
    claim, findings = build_claim(given.bounds(), given.data(), given.timeline, given.series())
    assert claim is None and [f.code for f in findings] == ["points.unit"]


@pytest.mark.parametrize(("share", "tonnes"), [(None, 32.0), (0.5, 16.0), (0.0, 0.0)])
def test_a_share_of_a_group_is_that_of_its_meter(share: float | None, tonnes: float):
    given = sketch([{"parameter": "EC_PJ", "applies_to": "Shop 3", "meter_id": "M", "sign": "+", "share": share}])
    assert reductions(given) == pytest.approx(tonnes)


def test_a_card_that_wants_shares_takes_no_unit_for_a_group():
    given = sketch([{"parameter": "EC_PJ", "applies_to": "Shop 3", "meter_id": "M", "sign": "+"}])
    (entry,) = (bound.entry for bound in given.bounds())
    given.entries = [replace(entry, card=replace(entry.card, shared_meter="shares"))]
    claim, findings = given.build()
    assert [f.code for f in findings] == ["points.group_changes"] and "the card wants shares" in findings[0].message
    assert claim.reductions() == pytest.approx(48.0)


@pytest.mark.parametrize("other", [{"applies_to": ""}, {"applies_to": "Shop 4"}, {"applies_to": "AC00"}])
def test_what_is_no_group_stays_as_it_is(other: dict[str, Any]):
    """A unit's own name goes before a group of that name."""
    given = sketch([{"parameter": "EC_PJ", "applies_to": "Shop 3", "meter_id": "M", "sign": "+", **other}])
    for unit in given.equipment:
        unit["site"] = "AC00"
    _, findings = build_claim(given.bounds(), given.data(), given.timeline, given.series())
    assert "points.group" not in [f.code for f in findings]


def test_a_group_of_a_parameter_that_is_not_there_is_named_once():
    given = sketch([{"parameter": "EC", "applies_to": "Shop 3", "meter_id": "M", "sign": "+"}])
    _, findings = build_claim(given.bounds(), given.data(), given.timeline, given.series())
    assert [f.code for f in findings] == ["points.unknown_parameter"]
