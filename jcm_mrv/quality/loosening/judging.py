"""Each loosened protection is judged by calculating the same workbook once more with the standard value.

Who widens a limit of the rules, states a larger error of a meter than its class or multiplies readings by a factor of
his own has to give a reason and evidence, and the verifier sees what it does to the reductions. What changes nothing
stays a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from jcm_mrv.findings import Finding, InputRefusedError, Severity
from jcm_mrv.result import Result
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.records import MonitoringData

Undo = Callable[[MonitoringData], MonitoringData]

# Differences of ER [tCO2e] below it come from the order of a sum.
_NOTHING = 1e-9
_LISTED = 4


@dataclass(frozen=True)
class Loosening:
    """A cell that loosens a rule: its finding as it is where nothing follows, and the workbook without it.

    ``proven`` says that reason and evidence are given.
    """

    finding: Finding
    undo: Undo
    proven: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """What tells its finding from others."""
        return self.finding.code, str(self.finding.where)


@dataclass(frozen=True)
class _Otherwise:
    """What comes out without a loosening: ER [tCO2e] and what is asked; of a claim that is refused nothing, and why."""

    reductions: float
    reasons: tuple[str, ...]
    refused: bool = False


def judged(
    result: Result, loosenings: Sequence[Loosening], calculate: Callable[[MonitoringData], Result]
) -> list[Finding]:
    """The findings of a result with those of its loosened protections, each with its effect on ER.

    ``calculate`` makes a result of a workbook, without judging what it loosens.
    """
    if not loosenings:
        return list(result.findings)
    all_at_once = _otherwise(result, loosenings, calculate)
    found: list[Finding] = []
    if _matters(result, all_at_once):
        for one in loosenings:
            alone = _otherwise(result, [one], calculate) if len(loosenings) > 1 else all_at_once
            found.append(_finding(result, one, alone, all_at_once))
    else:
        found = [_harmless(one) for one in loosenings if one.key in _keys(result.findings)]
    replaced = {one.key for one in loosenings}
    kept = [f for f in result.findings if (f.code, str(f.where)) not in replaced]
    return [*kept, *found]


def _keys(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    return {(f.code, str(f.where)) for f in findings}


def _otherwise(
    result: Result, loosenings: Sequence[Loosening], calculate: Callable[[MonitoringData], Result]
) -> _Otherwise:
    try:
        other = calculate(reduce(lambda data, one: one.undo(data), loosenings, result.data))
    except InputRefusedError as error:
        return _Otherwise(0.0, tuple(dict.fromkeys(f.code for f in error.findings)), refused=True)
    asked = _keys(f for f in result.findings if f.severity is Severity.MAJOR)
    silenced = [f.code for f in other.findings if f.severity is Severity.MAJOR and (f.code, str(f.where)) not in asked]
    return _Otherwise(other.reductions, tuple(dict.fromkeys(silenced)))


def _matters(result: Result, other: _Otherwise) -> bool:
    return _raises(result, other) or _effect(result, other) < -_NOTHING


def _harmless(one: Loosening) -> Finding:
    if one.proven:
        return one.finding
    return replace(
        one.finding, severity=Severity.MINOR, action=say("Name the evidence. {action}", action=one.finding.action)
    )


def _finding(result: Result, one: Loosening, alone: _Otherwise, together: _Otherwise) -> Finding:
    """A claim that would be refused otherwise is worth nothing without the loosening."""
    other = next((other for other in (alone, together) if _raises(result, other)), None)
    if other is None:
        return replace(_harmless(one), effect_tco2e=_effect(result, alone))
    codes = ", ".join(other.reasons[:_LISTED])
    words = (
        say("with the standard value the claim is refused ({codes})", codes=codes)
        if other.refused
        else say("with the standard value ER is {reductions:,.3f} tCO2e", reductions=other.reductions)
        + (say(", and it is asked about {codes}", codes=codes) if codes else "")
    )
    others = "" if other is alone else say(" (with the other loosened values)")
    return replace(
        one.finding,
        message=joined("; ", (one.finding.message, words)) + others,
        severity=Severity.MAJOR,
        effect_tco2e=_effect(result, other),
        action=("" if one.proven else say("Name the evidence. "))
        + say("Show the verifier why the standard value does not fit; without that, take it back."),
    )


def _raises(result: Result, other: _Otherwise) -> bool:
    return bool(other.reasons) or _effect(result, other) > _NOTHING


def _effect(result: Result, other: _Otherwise) -> float:
    return result.reductions - other.reductions
