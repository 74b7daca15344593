"""The command on the examples: what a newcomer runs first."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jcm_mrv.reporting import write

Copy = Callable[[str], Path]

EXPECTED = [
    ("rooftop_solar", "monitoring.xlsx", 390, [390], "json,xlsx,pdf"),
    ("grocery_air_conditioning", "monitoring.xlsx", 91, [27, 64], "json,xlsx"),
    ("grocery_air_conditioning", "monitoring_VN_AM006.xlsx", None, [None, None], "json,xlsx"),
]


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jcm_mrv", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )


REPORTS = {"json": "result.json", "xlsx": "monitoring_report.xlsx", "pdf": "monitoring_report.pdf"}


@pytest.mark.parametrize(("name", "workbook", "credited", "years", "formats"), EXPECTED)
def test_all_reports_appear_in_the_default_folder(
    name: str, workbook: str, credited: int | None, years: list[int | None], formats: str, copy_of: Copy
) -> None:
    folder = copy_of(name)
    before = {p: p.is_file() and p.read_bytes() for p in folder.rglob("*")}
    done = run("calculate", workbook, "--formats", formats, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (output,) = (folder / "output").iterdir()
    assert {p.name for p in output.iterdir()} == {REPORTS[name] for name in formats.split(",")}
    assert (output / "monitoring_report.xlsx").read_bytes().startswith(b"PK")
    if "pdf" in formats:
        assert (output / "monitoring_report.pdf").read_bytes().startswith(b"%PDF-")
    reductions = json.loads((output / "result.json").read_bytes())["emission_reductions"]
    assert reductions["credited"] == credited
    assert [y["credited"] for y in reductions["by_year"]] == years
    assert str(output.relative_to(folder)) in done.stdout
    assert ("Indicative figure only" in done.stdout) is (credited is None)
    # Nothing of the project's own was touched.
    assert {p: p.is_file() and p.read_bytes() for p in before} == before
    assert {p.relative_to(folder).parts[0] for p in set(folder.rglob("*")) - set(before)} == {"output"}


def test_nothing_stays_half_written_when_a_format_fails(copy_of: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    from jcm_mrv.calculation import calculate_file

    folder = copy_of("rooftop_solar")
    result = calculate_file(folder / "monitoring.xlsx")
    real = write.rendered

    def fails(name: str, *rest: object) -> bytes:
        if name == "pdf":
            raise OSError("the disk is full")
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(write, "rendered", fails)
    with pytest.raises(OSError, match="the disk is full"):
        write.write_reports(result, folder / "output" / "here", ["json", "xlsx", "pdf"])
    assert not (folder / "output").exists()


def test_a_refused_workbook_writes_nothing_and_says_where(copy_of: Copy, change: Callable[..., None]) -> None:
    folder = copy_of("grocery_air_conditioning")
    change(folder / "monitoring.xlsx", "Readings", "Value", "1.234,5", row=3)
    change(folder / "monitoring.xlsx", "Readings", "Meter ID", "M-9-9", row=5)
    done = run("calculate", "monitoring.xlsx", "--formats", "json", cwd=folder)
    assert done.returncode == 1
    assert "Readings!E3" in done.stderr and "Readings!A5" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "output").exists()
