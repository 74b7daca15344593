"""Only files in or below the workbook's folder are opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jcm_mrv.workbook.folder_files import NoSuchFileError, OutsideFolderError, file_inside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "plant"
    (inside / "data").mkdir(parents=True)
    (inside / "data" / "log.csv").write_text("x")
    (tmp_path / "secret.csv").write_text("x")
    return inside


@pytest.mark.parametrize("name", ["data/log.csv", "data\\log.csv", " data/log.csv ", "./data/log.csv", "data//log.csv"])
def test_a_file_below_is_found_and_named_alike_on_every_machine(name: str, folder: Path) -> None:
    assert file_inside(folder, name) == (folder / "data/log.csv", "data/log.csv")


@pytest.mark.parametrize(
    "name",
    ["../secret.csv", "data/../../secret.csv", "..\\secret.csv", "/etc/passwd", "C:\\log.csv", "C:log.csv",
     "\\\\server\\share\\log.csv", "//server/share/log.csv", "data/../data/log.csv", "log\0.csv"],
)  # fmt: skip
def test_ways_out_of_the_folder(name: str, folder: Path) -> None:
    with pytest.raises(OutsideFolderError):
        file_inside(folder, name)


def test_links_are_followed_only_inside(folder: Path) -> None:
    (folder / "out.csv").symlink_to(folder.parent / "secret.csv")
    (folder / "up").symlink_to(folder.parent)
    (folder / "same.csv").symlink_to(folder / "data" / "log.csv")
    for name in ("out.csv", "up/secret.csv"):
        with pytest.raises(OutsideFolderError):
            file_inside(folder, name)
    assert file_inside(folder, "same.csv")[1] == "same.csv"


@pytest.mark.parametrize("name", ["", ".", "data", "nothing.csv", "x" * 5000, "data/log.csv/x"])
def test_what_is_no_file(name: str, folder: Path) -> None:
    with pytest.raises(NoSuchFileError):
        file_inside(folder, name)


def test_a_pipe_is_not_waited_for_and_a_loop_of_links_ends(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    (folder / "a.csv").symlink_to(folder / "b.csv")
    (folder / "b.csv").symlink_to(folder / "a.csv")
    for name in ("pipe.csv", "a.csv"):
        with pytest.raises(NoSuchFileError):
            file_inside(folder, name)
