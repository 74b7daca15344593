"""The command line, run as a person runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jcm_mrv.cli import program


@dataclass(frozen=True)
class Run:
    """The outcome of a command; never a traceback."""

    status: int
    out: str
    err: str


def run(*arguments: str | Path) -> Run:
    result: Result = CliRunner().invoke(program, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return Run(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def jcm() -> Callable[..., Run]:
    """Run ``jcm-mrv`` with these arguments."""
    return run
