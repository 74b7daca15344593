"""The command line, run within the process as a person runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from jcm_mrv.cli import program


@dataclass(frozen=True)
class Run:
    """The outcome of a command; never a traceback."""

    status: int
    out: str
    err: str


def run(*arguments: str | Path) -> Run:
    """Run ``jcm-mrv`` with these arguments. An error that nobody foresaw fails the test."""
    result: Result = CliRunner().invoke(program, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    assert result.exit_code in (0, 1, 2), result.output
    return Run(result.exit_code, result.stdout, result.stderr)
