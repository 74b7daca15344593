"""Earlier results in the folder of a workbook: which of them are read, and what of them is claimed twice."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.languages import catalogue_of
from jcm_mrv.quality.records import earlier
from jcm_mrv.quality.records.earlier import earlier_files, earlier_findings, earlier_periods
from jcm_mrv.words import in_language
from jcm_mrv.workbook.records import MonitoringData
from support.claims import record, rows_of, solar

YEAR = {"start": "2024-01-01", "end": "2024-12-31"}


def own(
    folder: Path,
    units: tuple[str, ...] = ("SN-0001",),
    meters: tuple[str, ...] = ("KWH-0001",),
    **fields: Any,
) -> MonitoringData:
    """The report of 2024 of project VN001 in a folder, with these serial numbers."""
    project = {"title": "Roof", "reference_number": "VN001", "report_version": "2.0"}
    days = {"period_start": date(2024, 1, 1), "period_end": date(2024, 12, 31)}
    return replace(
        solar().data(),
        path=folder / "monitoring.xlsx",
        project=record("project", 2, {**project, **days, **fields}),
        equipment=rows_of("equipment", [{"serial_number": one} for one in units]),
        meters=rows_of("meters", [{"serial_number": one} for one in meters]),
    )


def claimed(folder: Path, **changed: Any) -> Path:
    """A result of the same project for the same year, from another workbook, with changes."""
    document = {
        "schema": "jcm-mrv-result/1",
        "project": {"title": "Roof", "reference_number": "VN001", "report_version": "1.0"},
        "monitoring_period": YEAR,
        "equipment": [{"fields": {"serial_number": "OTHER-1"}}],
        "meters": [{"serial_number": "OTHER-2"}],
        "inputs": [{"path": "other.xlsx"}],
        **changed,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").write_text(json.dumps(document), encoding="utf-8")
    return folder / "result.json"


def said(data: MonitoringData) -> list[str]:
    return [f.code.removeprefix("project.") for f in earlier_findings(data)]


def only(data: MonitoringData) -> Finding:
    (found,) = earlier_findings(data)
    return found


FEBRUARY = {"start": "2024-02-01", "end": "2024-02-29"}
OTHER = {"title": "Other", "reference_number": "VN002"}


def test_periods_of_the_project_that_ended_before_the_last_one_first(tmp_path: Path) -> None:
    """2022 and 2023 are before 2024; what overlaps, another project's and what cannot be read are none of them."""
    first = claimed(tmp_path / "b", monitoring_period={"start": "2022-01-01", "end": "2022-12-31"})
    second = claimed(tmp_path / "a", monitoring_period={"start": "2023-01-01", "end": "2023-12-31"})
    claimed(tmp_path / "c", monitoring_period={"start": "2023-07-01", "end": "2024-01-01"})
    claimed(tmp_path / "d", monitoring_period={"start": "2023-01-01", "end": "2023-12-31"}, project=OTHER)
    title = {"title": "Shed", "reference_number": "VN001"}
    claimed(tmp_path / "e", monitoring_period={"start": "2023-01-01", "end": "2023-12-31"}, project=title)
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "result.json").write_text("{")
    assert earlier_periods(own(tmp_path)) == [second, first]
    assert earlier_periods(own(tmp_path, title=" ROOF ", reference_number="vn001")) == [second, first]
    assert earlier_periods(own(tmp_path, period_end=None)) == earlier_periods(own(tmp_path, period_start=None)) == []


def test_files_that_the_findings_speak_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that overlaps and one that is damaged; none of other days, of this report itself, or too large to keep."""
    overlaps = claimed(tmp_path / "a", monitoring_period=FEBRUARY)
    claimed(tmp_path / "b", monitoring_period={"start": "2023-01-01", "end": "2023-12-31"})
    claimed(tmp_path / "c", inputs=[{"path": "monitoring.xlsx"}])
    damaged = claimed(tmp_path / "d", schema="other")
    assert earlier_files(own(tmp_path)) == [overlaps, damaged]
    assert said(own(tmp_path)) == ["overlaps_earlier", "earlier_unread"]
    assert earlier_files(own(tmp_path, period_start=None)) == [] and said(own(tmp_path, period_end=None)) == []
    size = damaged.stat().st_size
    overlaps.unlink()
    for most, kept in ((size, [damaged]), (size - 1, [])):
        monkeypatch.setattr(earlier, "MOST_BYTES", most)
        assert [path for path in earlier_files(own(tmp_path)) if path == damaged] == kept


@pytest.mark.parametrize(
    ("project", "fields", "code"),
    [
        ({}, {}, "new_version"),
        ({"report_version": "2.0"}, {}, "overlaps_earlier"),
        ({"reference_number": "VN002"}, {}, ""),  # another project with other things
        ({"reference_number": ""}, {"reference_number": ""}, ""),  # nothing says that they are one project
    ],
)
def test_a_new_version_is_of_the_same_project(project: dict[str, str], fields: dict[str, str], code: str,
                                              tmp_path: Path) -> None:  # fmt: skip
    before = {"title": "Roof", "reference_number": "VN001", "report_version": "1.0", **project}
    claimed(tmp_path / "a", project=before)
    assert said(own(tmp_path, **fields)) == ([code] if code else [])


def test_of_one_unit_in_two_projects_it_is_said_which(tmp_path: Path) -> None:
    """The days in common are those of February; a version says nothing between two projects."""
    units = [{"fields": {"serial_number": " sn-0001"}}]
    claimed(tmp_path / "a", monitoring_period=FEBRUARY, project={**OTHER, "report_version": "1.0"}, equipment=units)
    found = only(own(tmp_path))
    assert found.message == (
        "a/result.json claims 2024-02-01 to 2024-02-29 for the same units or meters: 29 day(s), 2024-02-01 to "
        "2024-02-29, would be claimed twice"
    )
    assert found.found == "Other, from other.xlsx; serial number(s) SN-0001"
    assert found.data == {"days": 29, "serial_numbers": 1}
    claimed(tmp_path / "a", project={**OTHER, "report_version": "1.0"}, equipment=units)
    assert said(own(tmp_path, reference_number="")) == ["overlaps_earlier"]


def test_of_one_project_it_is_said_by_its_reference(tmp_path: Path) -> None:
    claimed(tmp_path, monitoring_period=FEBRUARY, inputs=[], project={"reference_number": "vn001"})
    found = only(own(tmp_path))
    assert "for the same project (VN001)" in found.message and found.data == {"days": 29, "serial_numbers": 0}
    assert found.found == "no title, from a workbook without name"


@pytest.mark.parametrize(("count", "listed"), [(5, "S-001, S-002, S-003, S-004, S-005"), (6, "S-005 …")])
def test_five_serial_numbers_are_listed(count: int, listed: str, tmp_path: Path) -> None:
    names = tuple(f"S-{n:03}" for n in range(1, count + 1))
    claimed(tmp_path, monitoring_period=FEBRUARY, meters=[{"serial_number": one} for one in names])
    found = only(own(tmp_path, units=(), meters=names))
    assert found.found.endswith(listed) and found.data["serial_numbers"] == count


@pytest.mark.parametrize(("serial", "count"), [("A12", 0), ("A123", 1), ("A-12", 1), (" ", 0)])
def test_a_serial_number_of_three_signs_names_nothing(serial: str, count: int, tmp_path: Path) -> None:
    claimed(tmp_path, monitoring_period=FEBRUARY, project=OTHER, meters=[{"serial_number": serial}])
    assert len(said(own(tmp_path, meters=(serial,)))) == count


def test_what_is_no_text_or_list_says_nothing(tmp_path: Path) -> None:
    things = {"equipment": {"a": 1}, "meters": ["x", {"serial_number": 7}, {"fields": 3, "serial_number": "KWH-0001"}]}
    claimed(tmp_path, monitoring_period=FEBRUARY, project=[1], inputs="x", **things)
    assert said(own(tmp_path)) == []
    things["meters"] = [{"serial_number": " KWH-0001 "}]
    claimed(tmp_path, monitoring_period=FEBRUARY, project=[1], inputs=["x"], **things)
    assert only(own(tmp_path)).found == "no title, from a workbook without name; serial number(s) KWH-0001"


# --- which files are looked at ------------------------------------------------------------------------


@pytest.mark.parametrize(("depth", "count"), [(0, 1), (1, 1), (6, 1), (7, 0)])
def test_folders_are_searched_six_deep(depth: int, count: int, tmp_path: Path) -> None:
    claimed(tmp_path.joinpath(*"abcdefg"[:depth]), monitoring_period=FEBRUARY)
    assert len(said(own(tmp_path))) == count


def test_hidden_folders_are_not_searched(tmp_path: Path) -> None:
    claimed(tmp_path / ".kept", monitoring_period=FEBRUARY)
    assert said(own(tmp_path)) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    result = claimed(tmp_path / "other", monitoring_period=FEBRUARY)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "link").symlink_to(tmp_path / "other")
    (mine / "result.json").symlink_to(result)
    assert said(own(mine)) == []


def test_a_folder_that_cannot_be_opened_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = os.walk

    def closed(*where: Any, onerror: Any, **how: Any) -> Any:
        onerror(PermissionError(13, "Permission denied"))
        return walk(*where, **how)

    monkeypatch.setattr(os, "walk", closed)
    assert only(own(tmp_path)).found == (
        "the folder holds more folders or results than are searched, or one that cannot be opened"
    )


def test_why_a_result_cannot_be_read_is_said_in_the_readers_language(tmp_path: Path) -> None:
    claimed(tmp_path / "a", schema="other")
    found = only(own(tmp_path)).found
    assert found == "a/result.json: is not a result of jcm-mrv"
    assert in_language(found, catalogue_of("vi")) == "a/result.json: không phải là kết quả của jcm-mrv"


def test_a_result_that_cannot_be_opened_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(path: Path) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    claimed(tmp_path / "a", monitoring_period=FEBRUARY)
    monkeypatch.setattr(earlier, "_read", locked)
    assert only(own(tmp_path)).found == "a/result.json: Permission denied"  # and not where the folder lies
    assert earlier_files(own(tmp_path)) == []


@pytest.mark.parametrize(("limit", "value", "complete"), [
    ("MOST_FOLDERS", 3, True), ("MOST_FOLDERS", 2, False), ("MOST_RESULTS", 3, True), ("MOST_RESULTS", 1, False),
])  # fmt: skip
def test_a_folder_that_holds_too_much_is_said(
    limit: str, value: int, complete: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder and two in it, with a result each that is of other days."""
    for name in "ab":
        claimed(tmp_path / name, monitoring_period={"start": "2023-01-01", "end": "2023-12-31"})
    monkeypatch.setattr(earlier, limit, value)
    assert said(own(tmp_path)) == ([] if complete else ["earlier_unread"])


def test_a_result_of_the_largest_size_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = claimed(tmp_path, monitoring_period=FEBRUARY).stat().st_size
    for most, code in ((size, "overlaps_earlier"), (size - 1, "earlier_unread")):
        monkeypatch.setattr(earlier, "MOST_BYTES", most)
        assert said(own(tmp_path)) == [code]
    assert only(own(tmp_path)).found == "result.json: is too large"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is damaged"),
        (b"{", "is damaged"),
        (b"\xff\xfe\x00", "is damaged"),
        (b"[" * 100_000, "is damaged"),
        (b'{"schema": "jcm-mrv-result/1", "n": ' + b"9" * 5000 + b"}", "is damaged"),
        (b"[]", "is not a result of jcm-mrv"),
        (b'{"schema": "other"}', "is not a result of jcm-mrv"),
        (b'{"schema": "jcm-mrv-result/1"}', "names no monitoring period"),
        (
            b'{"schema": "jcm-mrv-result/1", "monitoring_period": {"start": 1, "end": "x"}}',
            "names no monitoring period",
        ),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "result.json").write_bytes(content)
    assert only(own(tmp_path)).found == f"old/result.json: {reason}"


@pytest.mark.parametrize(("count", "ends"), [(5, "is damaged"), (6, " …")])
def test_five_that_cannot_be_read_are_named(count: int, ends: str, tmp_path: Path) -> None:
    for n in range(count):
        (tmp_path / f"r{n}").mkdir()
        (tmp_path / f"r{n}" / "result.json").write_text("{", encoding="utf-8")
    found = only(own(tmp_path))
    assert found.found.count("is damaged") == 5 and found.found.endswith(ends)
    assert "r0/result.json: is damaged" in found.found
    assert found.message.startswith(f"{count} result(s) in the folder could not be compared")
