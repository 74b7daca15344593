"""What a verifier asks for beside the numbers: eligibility, equipment, points, people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jcm_mrv.languages import catalogue_of
from jcm_mrv.quality.records.rules import record_findings
from jcm_mrv.words import in_language
from support.claims import solar
from support.records import cell, changed, findings, only, unit
from support.workbooks import PROJECT


def test_a_complete_workbook_has_no_finding_of_these_rules(tmp_path: Path) -> None:
    found = findings(tmp_path, estimates=[{"year": 2024, "reductions": 180.0}])
    rooms = ("eligibility.", "equipment.", "estimates.", "evidence.", "project.")
    assert [f.code for f in found if f.code.startswith(rooms)] == []
    assert {f.code for f in found} & {"points.undescribed", "points.share_basis", "points.other_loads"} == set()


def test_a_criterion_that_is_not_met_blocks(tmp_path: Path) -> None:
    [finding] = findings(tmp_path, eligibility=changed("eligibility", met="no"))
    assert (finding.code, str(finding.severity)) == ("eligibility.not_met", "error")
    assert (finding.where.sheet, finding.where.cell) == ("Eligibility", cell("eligibility", "met", 2))


def test_blank_fields(tmp_path: Path) -> None:
    found = findings(tmp_path, {**PROJECT, "pdd": None, "prepared_by": None})
    [finding] = only(found, "project.incomplete")
    assert finding.message == "left blank: Project design document, Prepared by"
    in_vi = in_language(finding.message, catalogue_of("vi"))
    assert in_vi.endswith(": Tài liệu thiết kế dự án, Người lập")
    assert finding.severity == "note"


def test_everything_that_blocks_is_said_at_once(tmp_path: Path) -> None:
    """A criterion that is not met does not hide a cell that cannot be read, and the other way round."""
    eligibility = changed("eligibility", met="no")
    found = findings(tmp_path, eligibility=eligibility, equipment=[unit(1), unit(2)])
    assert {f.code for f in found} == {"eligibility.not_met", "points.missing"}


@pytest.mark.parametrize("known", [True, False])
def test_what_needs_a_claim_is_left_out_without_one(known: bool, tmp_path: Path) -> None:
    """Of the choice of the connection, and of criteria of a methodology that nobody knows, nothing is said then."""
    sketch = solar(fixed=[{"parameter": "connection", "value": "grid", "unit": "choice"}])
    sketch.equipment = [{"equipment_id": "PV1"}]
    data = replace(sketch.data(), path=tmp_path / "monitoring.xlsx")
    found = {f.code for f in record_findings(sketch.build()[0] if known else None, data, sketch.timeline)}
    assert {"equipment.serial_missing", "points.undescribed", "project.team_missing"} <= found
    assert ("fixed.no_document" in found) is ("eligibility.empty" in found) is known
