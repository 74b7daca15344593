"""The files of the sheet Evidence, and results of earlier reports in the folder."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding
from jcm_mrv.quality.records import earlier as records_earlier
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

    @pytest.mark.parametrize(
        ("before", "now", "code"),
        [
            ("1.0", "1.1", "project.new_version"),
            ("Ver. 9", "10.0", "project.new_version"),
            ("1.0", "1", "project.overlaps_earlier"),
            ("2.0", "1.9", "project.overlaps_earlier"),
            ("", "2.0", "project.overlaps_earlier"),
            ("draft", "final", "project.overlaps_earlier"),
        ],
    )
    def test_a_higher_version_of_the_same_report_claims_nothing_twice(
        self, before: str, now: str, code: str, tmp_path: Path
    ) -> None:
        project = {"reference_number": "VN001"}
        calculated(workbook(tmp_path, "first.xlsx", **project, report_version=before), "reports/first")
        [finding] = overlaps(workbook(tmp_path, "second.xlsx", **project, report_version=now))
        assert finding.code == code
        assert (finding.severity == "note") == (code == "project.new_version")
        assert "reports/first/result.json" in finding.message

    def test_a_higher_version_of_other_days_still_claims_them_twice(self, tmp_path: Path) -> None:
        project = {"reference_number": "VN001"}
        calculated(workbook(tmp_path, "feb.xlsx", **project, report_version="1.0", **FEBRUARY), "reports/feb")
        [finding] = overlaps(workbook(tmp_path, **project, report_version="2.0"))
        assert finding.code == "project.overlaps_earlier"

    def test_the_same_unit_under_another_project(self, tmp_path: Path) -> None:
        calculated(workbook(tmp_path, "other.xlsx", "sn-pv-1", reference_number="VN002", title="Other", **FEBRUARY))
        [finding] = overlaps(workbook(tmp_path, reference_number="VN001"))
        assert "same units or meters" in finding.message and "SN-PV-1" in finding.found

    @pytest.mark.parametrize(
        "other",
        [
            {"serial": "SN-PV-2"},  # neither the project nor the unit
            {"period_start": date(2024, 4, 1), "period_end": date(2024, 6, 30)},
            {"period_start": date(2023, 10, 1), "period_end": date(2023, 12, 31)},
        ],
    )
    def test_no_day_or_thing_in_common(self, other: dict[str, Any], tmp_path: Path) -> None:
        given = {"title": "Other", **FEBRUARY, **other}
        readings = {"period_start": given["period_start"], "period_end": given["period_end"]}
        document = earlier_document(given.get("serial", "SN-PV-1"), **readings)
        (tmp_path / "result.json").write_text(json.dumps(document))
        assert overlaps(workbook(tmp_path)) == []

    def test_short_serial_numbers_name_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "result.json").write_text(json.dumps(earlier_document("12")))
        assert overlaps(workbook(tmp_path, serial="12")) == []

    def test_a_meter_that_was_claimed_with_other_units(self, tmp_path: Path) -> None:
        """The same meter in two claims: its kilowatt-hours would be credited twice."""
        calculated(workbook(tmp_path, "other.xlsx", "UNIT-1", title="Other", **FEBRUARY))
        [finding] = overlaps(workbook(tmp_path, serial="UNIT-2"))
        meter = solar_tables()["meters"][0]["serial_number"]
        assert finding.code == "project.overlaps_earlier" and finding.found.endswith(f"serial number(s) {meter}")

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"[]",
            b"\xff\xfe\x00",
            b"[" * 100_000,
            b'{"schema": "other"}',
            b'{"schema": "jcm-mrv-result/1"}',
            b'{"schema": "jcm-mrv-result/1", "monitoring_period": {"start": 1, "end": "x"}}',
            b'{"schema": "jcm-mrv-result/1", "n": ' + b"9" * 5000 + b"}",
        ],
    )
    def test_what_cannot_be_read_is_said(self, content: bytes, tmp_path: Path) -> None:
        (tmp_path / "old").mkdir()
        (tmp_path / "old" / "result.json").write_bytes(content)
        [finding] = overlaps(workbook(tmp_path))
        assert (finding.code, str(finding.severity)) == ("project.earlier_unread", "minor")
        assert "old/result.json" in finding.found and str(tmp_path) not in str(finding)

    def test_limits(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        calculated(workbook(tmp_path, "feb.xlsx", reference_number="VN001", **FEBRUARY))
        path = workbook(tmp_path, reference_number="VN001")
        monkeypatch.setattr(records_earlier, "MOST_BYTES", 100)
        assert ["is too large" in f.found for f in overlaps(path)] == [True]
        monkeypatch.setattr(records_earlier, "MOST_FOLDERS", 1)
        assert ["more folders" in f.found for f in overlaps(path)] == [True]

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        calculated(workbook(tmp_path / "other", "feb.xlsx", **FEBRUARY), "out")
        mine = tmp_path / "mine"
        mine.mkdir()
        (mine / "link").symlink_to(tmp_path / "other")
        (mine / "result.json").symlink_to(tmp_path / "other" / "out" / "result.json")
        assert overlaps(workbook(mine)) == []


def earlier_document(serial: str, **span: date) -> dict[str, Any]:
    """The part of a result that is compared."""
    span = span or FEBRUARY
    return {
        "schema": "jcm-mrv-result/1",
        "project": {"title": "Other"},
        "monitoring_period": {"start": str(span["period_start"]), "end": str(span["period_end"])},
        "equipment": [{"fields": {"serial_number": serial}}],
        "inputs": [{"path": "other.xlsx", "sha256": ""}],
    }
