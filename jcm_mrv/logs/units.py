"""The unit that a file states for its values, against the one on the sheet Logs."""

from __future__ import annotations

from dataclasses import dataclass

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion, same_dimension
from jcm_mrv.words import say

_SAME = 1e-9


@dataclass(frozen=True)
class Stated:
    """A unit that the file states, where (in words), and on which line (0: in its headings)."""

    unit: str
    where: str
    line: int = 0


def unit_finding(spec: LogSpec, stated: Stated, problems: Problems) -> Finding | None:
    """A finding where the file states another unit than the sheet Logs, or where that calls the file wrong."""
    given, wrong = spec.record.unit, spec.file_unit
    if wrong and _same(stated.unit, wrong) and not _same(wrong, given):
        return _corrected(spec, stated, problems)
    if stated.unit == given or _same(stated.unit, given):
        return None
    try:
        if not same_dimension(stated.unit, given):
            return _other_kind(spec, stated)
        factor = conversion(given, stated.unit)
    except UnitError:
        return _other_kind(spec, stated)
    shown = f"{factor:.6g}" if factor > 1 else f"1/{1 / factor:.6g}"
    return codes.UNIT_STATED(
        say(
            "the file states {stated_unit} for the {where}, the sheet Logs {given}: a factor of {shown}",
            stated_unit=stated.unit,
            where=stated.where,
            given=given,
            shown=shown,
        ),
        spec.origin("unit"),
        found=given,
        action=say(
            "Write {stated_unit} on the sheet Logs; where the file is wrong, write {stated_unit} under Wrong unit in "
            "file and name the evidence",
            stated_unit=stated.unit,
        ),
        data={"factor": factor},
    )


def multiplied(spec: LogSpec, heading: str, problems: Problems) -> Finding:
    """The heading says that its values are to be multiplied, which no unit on the sheet Logs does."""
    return codes.UNIT_STATED(
        say(
            "the heading {heading!r} says that its values are to be multiplied; they are counted as they stand",
            heading=heading,
        ),
        problems.at(),
        found=heading[:60],
        action=say(
            "Where it is right, write the number as the meter's transformer factor, with Factor included no; else say "
            "in the comment why the values are right as they stand"
        ),
        severity=Severity.MAJOR,
    )


def _same(unit: str, other: str) -> bool:
    try:
        return unit == other or (same_dimension(unit, other) and abs(conversion(unit, other) - 1) < _SAME)
    except UnitError:
        return False


def _corrected(spec: LogSpec, stated: Stated, problems: Problems) -> Finding:
    """The person says that the file is wrong: told in every report, refused without evidence."""
    given, evidence = spec.record.unit, spec.record.evidence
    return codes.UNIT_WRONG(
        say(
            "the file states {stated_unit} for the {where}; its values are read as {given}, as the sheet Logs says",
            stated_unit=stated.unit,
            where=stated.where,
            given=given,
        ),
        problems.at(stated.line),
        found=say("evidence {evidence}", evidence=evidence) if evidence else say("no evidence"),
        action=say("Keep the proof ready for the verifier")
        if evidence
        else say("Name the document that proves it as Evidence"),
        data={"factor": _factor(given, stated.unit)},
        severity=Severity.MAJOR if evidence else Severity.ERROR,
    )


def _factor(unit: str, other: str) -> float:
    return conversion(unit, other) if same_dimension(unit, other) else 0.0


def _other_kind(spec: LogSpec, stated: Stated) -> Finding:
    given = spec.record.unit
    return codes.UNIT_STATED(
        say(
            "the file states {stated_unit} for the {where}, the sheet Logs {given}, a unit of something else",
            stated_unit=stated.unit,
            where=stated.where,
            given=given,
        ),
        spec.origin("unit"),
        found=given,
        action=say("Correct the unit and the kind on the sheet Logs, or name the right column"),
        severity=Severity.MAJOR,
    )
