"""All reports appear, or none; nothing that was there is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.reporting.write import write_reports, write_together
from support.workbooks import solar_workbook

NEW = {"result.json": b"{}", "monitoring_report.xlsx": b"new workbook", "monitoring_report.pdf": b"new pdf"}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def refuse(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the operating system refuse to put a new file in place, as for a file that Excel holds open."""
    replace = os.replace

    def guarded(source: Path, target: Path) -> None:
        if Path(target).name == name and Path(target).parent.name == "out" and "before" not in Path(source).name:
            raise PermissionError(13, "Permission denied", str(target))
        replace(source, target)

    monkeypatch.setattr("os.replace", guarded)


def test_the_folder_and_its_parents_are_made(tmp_path: Path) -> None:
    folder = tmp_path / "output" / "plant_2024"
    assert write_together(folder, NEW) == [folder / name for name in NEW]
    assert contents(tmp_path) == {f"output/plant_2024/{name}": data for name, data in NEW.items()}


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"mine")
    (tmp_path / "result.json").write_bytes(b"old")
    write_together(tmp_path, NEW)
    assert contents(tmp_path) == {"notes.txt": b"mine", **NEW}


@pytest.mark.parametrize("name", NEW)
def test_when_one_file_refuses_everything_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    old = {"result.json": b"old", "monitoring_report.pdf": b"old pdf", "monitoring_report.html": b"old page"}
    for file, data in old.items():
        (folder / file).write_bytes(data)
    refuse(monkeypatch, name)
    with pytest.raises(PermissionError, match="Permission denied"):
        write_together(folder, NEW, set_aside=["monitoring_report.html"])
    assert contents(tmp_path) == {f"out/{file}": data for file, data in old.items()}


def test_a_new_folder_goes_again_when_a_file_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "monitoring_report.pdf")
    with pytest.raises(PermissionError):
        write_together(tmp_path / "deep" / "out", NEW)
    assert list(tmp_path.iterdir()) == []


def test_reports_of_an_earlier_calculation_are_set_aside(tmp_path: Path) -> None:
    (tmp_path / "monitoring_report.pdf").write_bytes(b"of another result")
    write_together(tmp_path, {"result.json": b"{}"}, set_aside=["monitoring_report.pdf", "monitoring_report.html"])
    assert contents(tmp_path) == {"result.json": b"{}", "monitoring_report.earlier.pdf": b"of another result"}


def test_an_unknown_format_is_refused_before_anything_is_rendered(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="docx"):
        write_reports(None, tmp_path / "out", ["json", "docx"])  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_report_of_the_same_result_stays_in_every_language(tmp_path: Path) -> None:
    """Without result.json among the formats too: what is set aside is what belongs to another result, once."""
    result = calculate_file(solar_workbook(tmp_path / "monitoring.xlsx"))
    folder = tmp_path / "out"
    write_together(folder, {"result.json": b"old", "monitoring_report.pdf": b"old pdf"})
    told: list[str] = []
    for lang in ("vi", "ja", "vi"):
        write_reports(result, folder, ["html"], lang, tell=told.append)
    pages = {"monitoring_report.vi.html", "monitoring_report.ja.html"}
    aside = {"result.earlier.json", "monitoring_report.earlier.pdf"}
    assert set(contents(folder)) == {"result.json", *pages, *aside}
    assert len(told) == len(aside)
    assert json.loads((folder / "result.json").read_bytes())["software"]
