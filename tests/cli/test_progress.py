"""What is being done is told to a person who watches, and to nobody else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from jcm_mrv.calculation import calculate_file
from jcm_mrv.cli import output, program
from jcm_mrv.cli.output import now_and_then, progress

EXAMPLE = Path(__file__).parents[2] / "examples" / "rooftop_solar" / "monitoring.xlsx"


def test_the_workbook_each_log_and_the_calculation_are_named_in_turn() -> None:
    said: list[str] = []
    calculate_file(EXAMPLE, progress=said.append)
    assert said[0] == f"Reading {EXAMPLE} ..."
    read = [text for text in said if text.startswith("Reading log ")]
    assert read and all(text.startswith(f"Reading log {n} of {len(read)}: ") for n, text in enumerate(read, 1))
    assert said.index("Calculating ...") == 1 + len(read)


def test_an_output_that_nobody_watches_stays_clean(tmp_path: Path) -> None:
    arguments = ["calculate", str(EXAMPLE), "--output", str(tmp_path / "out"), "--formats", "json"]
    result = CliRunner().invoke(program, arguments)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_name_from_a_file_cannot_steer_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    progress("Reading log 1 of 1: \x1b[2Jlog.csv ...")
    said = capsys.readouterr().err
    assert "log.csv" in said and "\x1b" not in said


def test_what_follows_fast_is_said_once_a_second(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Begun at 0 s; told at 0.4, 1.1, 1.9 and 2.3 s: the second and the last are a second after the one before."""
    clock = iter([0.0, 0.4, 1.1, 1.1, 1.9, 2.3, 2.3])
    monkeypatch.setattr(output, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    told = now_and_then()
    for n in range(1, 5):
        told(f"case {n}")
    assert capsys.readouterr().err.split("\n") == ["case 2", "case 4", ""]
