"""The files of the sheet Evidence, and results of earlier reports in the folder."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding
from jcm_mrv.reporting.write import write_reports
from support.workbooks import PROJECT, solar_tables, solar_workbook

TEXT = b"certificate"
SHA = hashlib.sha256(TEXT).hexdigest()


def evidence(folder: Path, **cells: Any) -> list[Finding]:
    rows = [{"document_id": "D-01", "title": "Illustrative", **cells}]
    path = solar_workbook(folder / "monitoring.xlsx", tables={"evidence": rows})
    return [f for f in calculate_file(path).findings if f.code.startswith("evidence.")]


def test_a_file_that_has_changed_is_told_in_the_result(tmp_path: Path) -> None:
    (tmp_path / "c.pdf").write_bytes(TEXT)
    [finding] = evidence(tmp_path, file="c.pdf", sha256="0" * 64)
    assert (finding.code, finding.found) == ("evidence.sha256", f"c.pdf has {SHA}")


def test_a_document_that_proves_nothing_is_told_in_the_result(tmp_path: Path) -> None:
    rows = [{"document_id": n, "title": "Illustrative"} for n in ("D-01", "D-1")]
    path = solar_workbook(tmp_path / "m.xlsx", tables={"evidence": rows})
    messages = [f.message for f in calculate_file(path).findings if f.code == "evidence.unused"]
    assert messages == ["document D-1 is named on no other sheet"]


# --- earlier reports -----------------------------------------------------------------


def workbook(folder: Path, name: str = "monitoring.xlsx", serial: str = "SN-PV-1", **project: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    equipment = [{**solar_tables()["equipment"][0], "serial_number": serial}]
    return solar_workbook(folder / name, project={**PROJECT, **project}, tables={"equipment": equipment})


def calculated(path: Path, folder: str = "output/earlier") -> Path:
    result = calculate_file(path)
    write_reports(result, path.parent / folder, ["json"])
    return path.parent / folder / "result.json"


def overlaps(path: Path) -> list[Finding]:
    found = calculate_file(path).findings
    return [f for f in found if f.code.startswith("project.") and f.code != "project.previous_unnamed"]


FEBRUARY = {"period_start": date(2024, 2, 1), "period_end": date(2024, 2, 29)}


class TestEarlier:
    def test_a_second_run_of_the_same_report_is_none(self, tmp_path: Path) -> None:
        path = workbook(tmp_path, reference_number="VN001")
        first = calculated(path).read_bytes()
        assert overlaps(path) == []
        assert calculated(path, "output/again").read_bytes() == first

    def test_the_same_project_and_days(self, tmp_path: Path) -> None:
        calculated(workbook(tmp_path, "feb.xlsx", "OTHER", reference_number="vn001", **FEBRUARY), "reports/feb")
        [finding] = overlaps(workbook(tmp_path, reference_number="VN001"))
        assert (finding.code, str(finding.severity)) == ("project.overlaps_earlier", "major")
        assert "reports/feb/result.json" in finding.message and "2024-02-01 to 2024-02-29" in finding.message
        assert finding.data == {"days": 29, "serial_numbers": 1}  # that of the meter

    def test_a_higher_version_of_the_same_report_claims_nothing_twice(self, tmp_path: Path) -> None:
        project = {"reference_number": "VN001"}
        calculated(workbook(tmp_path, "first.xlsx", **project, report_version="Ver. 9"), "reports/first")
        [finding] = overlaps(workbook(tmp_path, "second.xlsx", **project, report_version="10.0"))
        assert (finding.code, str(finding.severity)) == ("project.new_version", "note")
        assert "reports/first/result.json" in finding.message

    def test_a_meter_that_was_claimed_with_other_units(self, tmp_path: Path) -> None:
        """The same meter in two claims: its kilowatt-hours would be credited twice."""
        calculated(workbook(tmp_path, "other.xlsx", "UNIT-1", title="Other", **FEBRUARY))
        [finding] = overlaps(workbook(tmp_path, serial="UNIT-2"))
        meter = solar_tables()["meters"][0]["serial_number"]
        assert finding.code == "project.overlaps_earlier" and finding.found.endswith(f"serial number(s) {meter}")

    def test_what_cannot_be_read_is_told_in_the_result(self, tmp_path: Path) -> None:
        (tmp_path / "old").mkdir()
        (tmp_path / "old" / "result.json").write_bytes(b"{")
        [finding] = overlaps(workbook(tmp_path))
        assert (finding.code, str(finding.severity)) == ("project.earlier_unread", "minor")
        assert finding.found == "old/result.json: is damaged" and str(tmp_path) not in str(finding)
