"""What a check of a workbook found. It needs no finished calculation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.reporting.check.answers import NO_ANSWERS, Answers
from jcm_mrv.reporting.check.groups import Group, grouped
from jcm_mrv.result import Result


@dataclass(frozen=True)
class Check:
    """What a check of a workbook found. ``result`` is None where it cannot be calculated."""

    workbook: str
    sha256: str
    software: Mapping[str, str]
    findings: Sequence[Finding]
    result: Result | None
    answers: Answers = NO_ANSWERS

    @cached_property
    def groups(self) -> list[Group]:
        """The findings put together by what to do."""
        return grouped(self.findings)

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity, the gravest first."""
        return {severity: sum(f.severity is severity for f in self.findings) for severity in Severity}


def checked(path: Path, findings: Iterable[Finding], result: Result | None, software: Mapping[str, str]) -> Check:
    """The check of a workbook on disk. Raises OSError where the file cannot be read."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Check(path.name, sha256, software, tuple(findings), result)


def page_of(code: str) -> str:
    """The page that explains a kind of finding, as a path in the documentation."""
    return f"docs/findings/{code}.md"
