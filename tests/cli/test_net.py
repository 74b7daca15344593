"""When something goes wrong that no person can mend: one paragraph, a file with the details, and what was written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from jcm_mrv import calculation
from jcm_mrv.cli import program
from support.workbooks import solar_workbook


class Panic(BaseException):
    """As a library written in another language raises it."""


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(program, [str(one) for one in arguments])


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return solar_workbook(tmp_path / "monitoring.xlsx")


@pytest.mark.parametrize("error", [RuntimeError("boo"), RecursionError("deep"), MemoryError(), Panic("rust")])
def test_an_error_that_nobody_foresaw(error: BaseException, workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, **_: object) -> None:
        raise error

    monkeypatch.setattr(calculation, "calculate_file", fail)
    for number in ("", "-2"):
        done = run("calculate", workbook, "--output", workbook.parent / "out")
        assert done.exit_code == 3 and done.stdout == ""
        assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1
        details = workbook.parent / f"jcm-mrv-error{number}.txt"
        assert (
            "Nothing was changed." in done.stderr and str(details) in done.stderr and "monitoring.xlsx" in done.stderr
        )
        text = details.read_text(encoding="utf-8")
        assert type(error).__name__ in text and "Traceback" in text and "Python" in text
    assert not (workbook.parent / "out").exists()


def test_where_no_file_can_be_written_the_paragraph_still_comes(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    def boo(path: Path) -> None:
        raise RuntimeError("boo")

    monkeypatch.setattr(calculation, "calculate_file", boo)
    monkeypatch.setattr(Path, "open", fail)
    done = run("calculate", workbook)
    assert done.exit_code == 3 and "could not be written to any file" in done.stderr


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


def whole(*arguments: Any, stdout: str) -> subprocess.CompletedProcess[bytes]:
    with Path(stdout).open("wb") as out:
        command = [sys.executable, "-m", "jcm_mrv", *map(str, arguments)]
        return subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False, timeout=120)


@needs_full
def test_a_full_standard_output_does_not_deny_what_was_written(workbook: Path) -> None:
    out = workbook.parent / "out"
    done = whole("calculate", workbook, "--formats", "json", "--output", out, stdout="/dev/full")
    text = done.stderr.decode()
    assert done.returncode == 3 and (out / "result.json").is_file()
    assert "what is printed cannot be written" in text and str(out / "result.json") in text
    assert "Nothing was" not in text and "Exception ignored" not in text and "Traceback" not in text


@needs_full
def test_a_full_standard_output_with_nothing_written(workbook: Path) -> None:
    done = whole("check", workbook, stdout="/dev/full")
    assert done.returncode == 1 and b"what is printed cannot be written" in done.stderr
    assert b"Nothing was changed" in done.stderr and b"Exception ignored" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes by name")
def test_devices_and_pipes_are_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    for path in ("/dev/zero", pipe):
        for command in (["calculate", path], ["check", path], ["inspect", path], ["invoices", path],
                        ["methodologies", "compare", "VN_AM007", path]):  # fmt: skip
            done = run(*command)
            assert done.exit_code == 2 and "a device or a pipe" in done.stderr


def test_earlier_reports_are_spoken_of(workbook: Path) -> None:
    out = workbook.parent / "out"
    (out / "result.json").mkdir(parents=True)
    (out / "result.json" / "mine.txt").write_text("mine")
    refused = run("calculate", workbook, "--formats", "json", "--output", out)
    assert refused.exit_code == 1 and "is not a file" in refused.stderr
    assert (out / "result.json" / "mine.txt").read_text() == "mine" and len(list(out.iterdir())) == 1

    run("calculate", workbook, "--formats", "json,html", "--output", workbook.parent / "two")
    again = run("calculate", workbook, "--formats", "json,html", "--output", workbook.parent / "two")
    assert again.stderr == ""  # the same result: nothing changes
    solar_workbook(workbook, project={"title": "Another title (illustrative)"})
    changed = run("calculate", workbook, "--formats", "json", "--output", workbook.parent / "two")
    assert "Replaced:" in changed.stderr and "result.json" in changed.stderr
    assert "Kept: what was monitoring_report.html" in changed.stderr


def test_a_report_that_a_person_changed_is_kept(workbook: Path) -> None:
    out = workbook.parent / "out"
    run("calculate", workbook, "--formats", "json", "--output", out)
    (out / "result.json").write_text("my notes")
    done = run("calculate", workbook, "--formats", "json", "--output", out)
    assert done.exit_code == 0 and "result.earlier.json" in done.stderr
    assert (out / "result.earlier.json").read_text() == "my notes"


def test_a_full_disk_at_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = run("template", "VN_AM007", tmp_path / "monitoring.xlsx")
    assert done.exit_code == 1 and "the disk is full" in done.stderr and "Nothing was changed" in done.stderr
    assert list(tmp_path.iterdir()) == []
