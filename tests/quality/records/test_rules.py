"""What a verifier asks for beside the numbers: eligibility, equipment, points, people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.languages import catalogue_of
from jcm_mrv.quality.records.project import adoption_findings
from jcm_mrv.words import in_language
from support.claims import solar
from support.records import cell, changed, findings, only, unit
from support.workbooks import PROJECT, months, solar_tables


def test_a_complete_workbook_has_no_finding_of_these_rules(tmp_path: Path) -> None:
    found = findings(tmp_path, estimates=[{"year": 2024, "reductions": 180.0}])
    rooms = ("eligibility.", "equipment.", "estimates.", "evidence.", "project.")
    assert [f.code for f in found if f.code.startswith(rooms)] == []
    assert {f.code for f in found} & {"points.undescribed", "points.share_basis", "points.other_loads"} == set()


class TestEligibility:
    def test_a_criterion_that_is_not_met_blocks(self, tmp_path: Path) -> None:
        [finding] = findings(tmp_path, eligibility=changed("eligibility", met="no"))
        assert (finding.code, str(finding.severity)) == ("eligibility.not_met", "error")
        assert (finding.where.sheet, finding.where.cell) == ("Eligibility", cell("eligibility", "met", 2))

    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            ({"met": None}, "eligibility.open"),
            ({"evidence": None}, "eligibility.no_evidence"),
            ({"evidence": " "}, "eligibility.no_evidence"),
            ({"met": None, "evidence": None}, "eligibility.open"),
        ],
    )
    def test_what_is_left_open(self, cells: dict[str, Any], code: str, tmp_path: Path) -> None:
        found = findings(tmp_path, eligibility=changed("eligibility", **cells))
        assert [(f.code, str(f.severity)) for f in found if f.code.startswith("eligibility.")] == [(code, "major")]

    @pytest.mark.parametrize(
        ("text", "bare"),
        [
            ("Criterion 1", True),
            ("criterion no. 2", True),
            ("  ", True),
            ("1.", True),
            ("Tiêu chí 3", True),
            ("要件4", True),
            ("Criterion 1: the chiller has a COP above that of the reference", False),
            ("Solar PV", False),
        ],
    )
    def test_a_number_is_no_text(self, text: str, bare: bool, tmp_path: Path) -> None:
        found = findings(tmp_path, eligibility=changed("eligibility", criterion=text))
        assert [f.code for f in found if f.code.startswith("eligibility.")] == ["eligibility.no_text"] * bare

    def test_no_criterion_at_all(self, tmp_path: Path) -> None:
        [finding] = only(findings(tmp_path, eligibility=[]), "eligibility.empty")
        assert finding.severity == "major"

    def test_a_criterion_of_the_card_that_has_no_row(self) -> None:

        from jcm_mrv.methodology.binding import bind
        from jcm_mrv.methodology.card import Criterion
        from jcm_mrv.methodology.catalogue import catalogue
        from jcm_mrv.quality.records.eligibility import eligibility_findings
        from support.claims import record, solar

        entry = catalogue().find("VN_AM007 1.0")
        criteria = (Criterion("1", "It is on a roof.", "summary"), Criterion("2", "It is new.", "summary"))
        bound = bind(replace(entry, card=replace(entry.card, criteria=criteria)))
        data = solar().data()
        rows = [record("eligibility", 2, {"number": "１.", "met": "yes", "evidence": "D"})]
        data = replace(data, eligibility=rows)
        [finding] = eligibility_findings([bound], data)
        assert finding.code == "eligibility.missing_criterion"
        assert "It is new." in finding.message and "It is on a roof." not in finding.message
        data = replace(data, eligibility=[])
        assert [f.code for f in eligibility_findings([bound], data)] == ["eligibility.missing_criterion"] * 2


class TestChoices:
    @pytest.mark.parametrize(
        ("cells", "count"),
        [({"document": "D-01"}, 0), ({"evidence": "D-01"}, 0), ({}, 1), ({"document": " "}, 1)],
    )
    def test_a_choice_needs_a_document_as_a_number_does(
        self, cells: dict[str, Any], count: int, tmp_path: Path
    ) -> None:
        choice = {"parameter": "connection", "value": "grid", "unit": "choice", **cells}
        found = findings(tmp_path, fixed=[choice, solar_tables()["fixed"][1]])
        assert [(f.found, str(f.severity)) for f in only(found, "fixed.no_document")] == [("grid", "minor")] * count

    def test_a_column_of_equipment_is_proven_by_the_evidence_of_its_row(self, tmp_path: Path) -> None:
        for evidence, count in ((None, 1), ("D-01", 0)):
            equipment = changed("equipment", connection="grid", evidence=evidence)
            found = findings(tmp_path, equipment=equipment, fixed=solar_tables()["fixed"][1:])
            assert len(only(found, "fixed.no_document")) == count


class TestProject:
    def test_no_estimate_of_a_year(self, tmp_path: Path) -> None:
        span = {"period_start": date(2023, 12, 1), "period_end": date(2024, 2, 29)}
        readings = [
            {"meter_id": "M-1", "kind": "energy", "start": a, "end": b, "value": 1e5, "unit": "kWh"}
            for a, b in pairwise(months((2023, 12), 3))
        ]
        estimates = [{"year": 2024, "reductions": 100.0}]
        found = findings(tmp_path, {**PROJECT, **span}, readings=readings, estimates=estimates)
        [finding] = only(found, "estimates.missing")
        assert "2023" in finding.message and finding.where.sheet == "Estimates"

    def test_nobody_is_responsible(self, tmp_path: Path) -> None:
        assert len(only(findings(tmp_path, team=[]), "project.team_missing")) == 1

    def test_blank_fields(self, tmp_path: Path) -> None:
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


@pytest.mark.parametrize(("first", "count"), [(date(2017, 1, 1), 1), (date(2017, 10, 10), 0), (date(2024, 1, 1), 0)])
def test_a_period_before_the_methodology_was_adopted(first: date, count: int) -> None:
    """VN_AM007 1.0 was adopted on 10 October 2017."""
    sketch = solar(start=first, end=date(first.year, 12, 31))
    claim, _ = solar().build()
    found = list(adoption_findings(claim.bounds, sketch.data(), sketch.timeline))
    assert [f.code for f in found] == ["methodology.before_adoption"] * count
