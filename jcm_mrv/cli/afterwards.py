"""What comes after the reports: the next step of the person at the desk, and the report on their screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jcm_mrv.cli.output import plain
from jcm_mrv.words import say, say_plural

if TYPE_CHECKING:
    from jcm_mrv.result import Result

_SHOWN = (".pdf", ".html", ".xlsx")
"""What a person reads, the first of these that was written."""


def next_step(result: Result, monitoring: Path, paths: Sequence[Path]) -> str:
    """What to do with the reports that were written: mend and answer, or hand to the verifier."""
    file = plain(str(monitoring))
    if any(bound.entry.card.is_draft for bound in result.claim.bounds):
        return say("Next: nothing may be claimed with a draft; its figures are for planning only.")
    if result.unanswered:
        return say_plural(
            "Next: mend the one major finding, or answer it on the sheet Answers, then calculate again. As a list: "
            "jcm-mrv check {file} --output checks",
            "Next: mend the {count} major findings, or answer them on the sheet Answers, then calculate again. As a "
            "list: jcm-mrv check {file} --output checks",
            result.unanswered,
            file=file,
        )
    package = next((path for path in paths if path.suffix == ".zip"), None)
    if package is None:
        return say(
            "Next: no question is without answer. For the verifier write the package as well: "
            "jcm-mrv calculate {file} --formats json,xlsx,pdf,package",
            file=file,
        )
    name = plain(str(package))
    if result.questions:
        return say(
            "Next: every question has an answer, which the verifier judges. Hand {package} to the verifier, who checks "
            "it with: jcm-mrv verify {package}",
            package=name,
        )
    return say(
        "Next: no question is open. Hand {package} to the verifier, who checks it with: jcm-mrv verify {package}",
        package=name,
    )


def open_report(paths: Sequence[Path]) -> bool:
    """Show the report in the program that the computer has for it; False where there is no screen or no program."""
    report = next((path for suffix in _SHOWN for path in paths if path.suffix == suffix), None)
    if report is None or not _screen():
        return False
    return _launched(report.resolve())


def _screen() -> bool:
    """Whether there is a desktop; on other systems than Linux there is one, or opening fails by itself."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))


def _launched(report: Path) -> bool:
    try:
        if sys.platform == "win32":
            os.startfile(report)
            return True
        return click.launch(str(report)) == 0
    except OSError:
        return False
