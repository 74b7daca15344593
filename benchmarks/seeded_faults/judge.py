"""Calculates a spoilt case through the public door and says what was made of the fault."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError, Severity
from seeded_faults.fault import Fault
from seeded_faults.plant import Plant

EXACT = 1e-9
_WEIGHTY = {Severity.ERROR, Severity.MAJOR, Severity.MINOR}
_LINE = re.compile(r"\bline (\d+)")
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


@dataclass(frozen=True)
class Outcome:
    """What a calculation said: its findings, and the reductions [tCO2e] or None where it refused or crashed."""

    findings: tuple[Finding, ...]
    reductions: float | None
    crash: str = ""

    def keys(self) -> set[tuple[str, str]]:
        """What tells a finding from another, whatever row it stands in."""
        return {(f.code, f.message) for f in self.findings}


def calculated(plant: Plant) -> Outcome:
    """Write the case into a folder of its own and calculate it."""
    with tempfile.TemporaryDirectory() as folder:
        path = plant.write(Path(folder))
        try:
            result = calculate_file(path)
        except InputRefusedError as refused:
            return Outcome((*refused.findings, *refused.others), None)
        except Exception as error:  # noqa: BLE001  (a crash is a case that failed; the others go on)
            return Outcome((), None, f"{type(error).__name__}: {error}")
        return Outcome(tuple(result.findings), result.reductions)


@dataclass(frozen=True)
class Verdict:
    """One case. ``given_away`` is the share of the true ER that the result leaves out, None where it was refused."""

    kind: str
    plant: str
    small: bool
    detected: bool
    located: bool
    refused: bool
    above: bool
    silent: bool
    given_away: float | None
    codes: tuple[str, ...]
    said: tuple[str, ...] = ()
    crash: str = ""
    seed: tuple[int, ...] = ()


def judge(kind: str, plant: Plant, fault: Fault, clean: Outcome, spoilt: Outcome) -> Verdict:
    """Compare a spoilt case with its clean one and with the truth."""
    known = clean.keys()
    new = [f for f in spoilt.findings if (f.code, f.message) not in known and concerns(f, fault)]
    reductions = spoilt.reductions
    # Read past as if it were not there: then a note that says so is enough.
    right = clean.reductions if clean.reductions is not None else plant.truth
    exact = reductions is not None and abs(reductions - right) <= EXACT * abs(right)
    told = [f for f in new if f.severity in _WEIGHTY or exact or fault.note_enough]
    limit = plant.truth + abs(plant.truth) * (EXACT + max(fault.tolerance, plant.uncertain))
    above = reductions is not None and reductions > limit
    return Verdict(
        kind=kind,
        plant=plant.kind,
        small=fault.small,
        detected=bool(told),
        located=any(located(f, fault) for f in told),
        refused=reductions is None and not spoilt.crash,
        said=tuple(f"{f.severity}: {f}" for f in told),
        crash=spoilt.crash,
        above=above,
        silent=above and not any(f.severity in (Severity.ERROR, Severity.MAJOR) for f in told),
        given_away=None if reductions is None else 1 - reductions / plant.truth,
        codes=tuple(dict.fromkeys(f"{f.severity}:{f.code}" for f in told)),
    )


def concerns(finding: Finding, fault: Fault) -> bool:
    """Whether a finding is about the meter, the file or the cell of a fault."""
    return (
        finding.code in fault.codes
        or finding.where.file in fault.files
        or _cell(finding) in fault.cells
        or _names_a_meter(finding, fault)
    )


def located(finding: Finding, fault: Fault) -> bool:
    """Whether it says the right place: the line, the cell, or the meter and the time."""
    where = finding.where
    if _cell(finding) in fault.cells:
        return True
    of_it = where.file in fault.files or _names_a_meter(finding, fault)
    if not fault.lines and fault.span is None:
        return of_it and not fault.cells
    if where.file in fault.files and any(_within(line, fault) for line in _lines(finding)):
        return True
    return of_it and fault.span is not None and any(_meet(span, fault.span) for span in _times(finding))


def _lines(finding: Finding) -> list[int]:
    """The lines of a file that a finding names."""
    return [finding.where.line, *(int(number) for number in _LINE.findall(_text(finding)))]


def _within(line: int, fault: Fault) -> bool:
    return any(first - 2 <= line <= last + 2 for first, last in fault.lines)


def _cell(finding: Finding) -> tuple[str, int]:
    digits = re.sub(r"\D", "", finding.where.cell)
    return finding.where.sheet, int(digits) if digits else 0


def _text(finding: Finding) -> str:
    return " ".join((finding.message, finding.found, str(finding.where), str(dict(finding.data))))


def _names_a_meter(finding: Finding, fault: Fault) -> bool:
    text = _text(finding)
    return any(re.search(rf"(?<![\w-]){re.escape(meter)}(?![\w-])", text) for meter in fault.meters)


def _times(finding: Finding) -> Iterator[tuple[datetime, datetime]]:
    """The days and months that a finding names."""
    for year, month, day in _DATE.findall(_text(finding)):
        try:
            start = datetime(int(year), int(month), int(day or 1))
        except ValueError:
            continue
        yield start, start + timedelta(days=1 if day else 31)


def _meet(span: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return span[0] < other[1] and other[0] < span[1]
