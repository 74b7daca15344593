"""What changed between two versions of a report, by what it is and not by its place in a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.reporting.result_json import result_data
from jcm_mrv.verification.opening import stated, version_of
from jcm_mrv.versions.changes import changes
from jcm_mrv.workbook.change import Change, Kind
from support.command import run
from support.workbooks import calibration, solar_tables, solar_workbook


def test_nothing_changed(tmp_path: Path) -> None:
    data = result_data(calculate_file(solar_workbook(tmp_path / "monitoring.xlsx")))
    assert changes(data, data) == ()


def test_a_corrected_reading_and_an_added_certificate(tmp_path: Path) -> None:
    """March falls from 140 to 130 MWh: at the factor of the roof 10 MWh less; the question for the certificate "
    "is gone."""
    path = tmp_path / "monitoring.xlsx"
    solar_workbook(path, tables={"calibrations": []})
    old = calculate_file(path)
    solar_workbook(path, tables={"calibrations": [calibration("M-1")], **solar_tables((1e5, 1.2e5, 1.3e5))})
    new = calculate_file(path)
    found = changes(result_data(old), result_data(new))
    by_part = {part: [c for c in found if c.part == part] for part in dict.fromkeys(c.part for c in found)}
    assert [c.what for c in by_part["inputs"]] == ["monitoring.xlsx"]
    tonnes = {c.what: c for c in by_part["tonnes"]}
    assert float(tonnes["reductions 2024"].difference) == pytest.approx(new.reductions - old.reductions, rel=1e-5)
    gone = [c for c in by_part["findings"] if c.kind is Kind.GONE]
    assert any(c.what.startswith("calibrations.") for c in gone)
    assert [c.part for c in found] == sorted((c.part for c in found), key=[c.part for c in found].index)


def finding(code: str, cell: str, message: str, effect: float | None = None) -> dict[str, object]:
    where = {"sheet": "Readings", "cell": cell}
    return {"code": code, "severity": "major", "message": message, "where": where, "found": "", "effect_tco2e": effect}


def test_findings_are_matched_by_what_they_say_and_where(tmp_path: Path) -> None:
    data = result_data(calculate_file(solar_workbook(tmp_path / "monitoring.xlsx")))
    old = {
        **data,
        "findings": [finding("a.x", "E2", "one", -1.0), finding("a.x", "E3", "two"), finding("b.y", "E4", "three")],
    }
    new = {
        **data,
        "findings": [finding("c.z", "E9", "new"), finding("a.x", "E3", "two"), finding("a.x", "E2", "other", -3.0)],
    }
    assert changes(old, new) == (
        Change("findings", Kind.NEW, "c.z", "", "major: Readings!E9: new"),
        Change("findings", Kind.CHANGED, "a.x", "major: Readings!E2: one", "major: Readings!E2: other", "-2.000 t"),
        Change("findings", Kind.GONE, "b.y", "major: Readings!E4: three"),
    )


def test_a_version_is_read_from_a_package_a_folder_or_the_data(tmp_path: Path) -> None:
    report = solar_workbook(tmp_path / "monitoring.xlsx")
    assert run("calculate", report, "--formats", "json,package", "--output", tmp_path / "out").status == 0
    places = [report, tmp_path / "out", tmp_path / "out" / "result.json", tmp_path / "out" / "monitoring_package.zip"]
    assert all(stated(place) == stated(report) for place in places)
    versions = [version_of(place) for place in places]
    assert all(data == stated(report) for data, _ in versions)
    assert [book is None for _, book in versions] == [False, False, True, False]
    broken = tmp_path / "result.json"
    broken.write_text('{"schema": 1, "schema": 2}', encoding="utf-8")
    with pytest.raises(UnsafeFileError, match="twice"):
        stated(broken)
