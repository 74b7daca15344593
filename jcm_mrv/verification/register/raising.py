"""Requests that follow from findings, from a verification, from a checked sample and from an earlier period."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from jcm_mrv.findings import CODES, Finding, Severity
from jcm_mrv.languages import said_in
from jcm_mrv.reporting.check.groups import skeleton
from jcm_mrv.result import Result
from jcm_mrv.verification.checks import PASSING, VERDICTS, Check, Verdict, Verification
from jcm_mrv.verification.register.entries import ITEMS, Kind, Register, Request, State
from jcm_mrv.verification.sampling.evaluation import Evaluated, Outcome
from jcm_mrv.verification.sampling.text import tonnes
from jcm_mrv.words import SOURCE, as_words, joined, say

_ITEM_OF: Mapping[str, str] = {
    "eligibility": ITEMS[0],
    "equipment": ITEMS[1],
    "points": ITEMS[1],
    "tree": ITEMS[1],
    "calibrations": ITEMS[2],
    "meters": ITEMS[2],
    "project.overlaps_earlier": ITEMS[4],
    "project": ITEMS[1],
    "methodology": ITEMS[1],
}

_TONNES = "[tCO2e]"  # in what a row of tonnes is of
_PLACE = re.compile(r"[,:] ")  # between a file and the place in it
_NAMED = 3
COMES_BACK = say("comes back")


def item_of(code: str) -> str:
    """The item of a verification report that a kind of finding belongs to."""
    return _ITEM_OF.get(code) or _ITEM_OF.get(code.split(".")[0], ITEMS[3])


def from_findings(result: Result, lang: str = SOURCE) -> Iterator[Request]:
    """A request for each major or minor finding: a CAR where it moves the reductions, else a CL. Notes ask nothing."""
    count: Counter[tuple[str, str, str]] = Counter()
    for finding in result.findings:
        if finding.severity in (Severity.MAJOR, Severity.MINOR):
            # Amounts in the words change from version to version; what is left may be said of a place more than once.
            alike = finding.code, str(finding.where), skeleton(finding.message)
            count[alike] += 1
            yield _of_finding(finding, key_of("finding", *alike, str(count[alike])), lang)


def _of_finding(finding: Finding, key: str, lang: str) -> Request:
    moves = bool(finding.effect_tco2e) and finding.severity is Severity.MAJOR
    found = say(" Found: {found}.", found=finding.found) if finding.found else ""
    declared = CODES.get(finding.code)
    title = joined("", (" (", as_words(declared.title).rstrip("."), ")")) if declared else ""
    said = (_sentence(said_in(finding.message, lang)), said_in(found, lang), " ", said_in(finding.action, lang))
    return Request(
        number="",
        kind=Kind.CAR if moves else Kind.CL,
        round=0,
        requirement=item_of(finding.code),
        place=str(finding.where),
        question="".join(said).strip(),
        raised_by=joined("", (f"finding {finding.code}", title)),
        effect="" if finding.effect_tco2e is None else f"{finding.effect_tco2e:+.3f}",
        key=key,
    )


def from_verification(verification: Verification) -> Iterator[Request]:
    """A CAR for what is not reproduced, a CL for what could not be checked: one for each tonnage and each file.

    One changed reading stands in scores of cells and lines; they are one question.
    """
    groups: dict[tuple[str, ...], list[Check]] = {}
    for check in verification.checks:
        if check.verdict not in PASSING:
            file = _PLACE.split(check.where, maxsplit=1)[0]
            own = (check.what, check.where) if _TONNES in check.what else (file,)
            groups.setdefault((*own, str(check.verdict)), []).append(check)
    for key, checks in groups.items():
        check, more = checks[0], len(checks) - _NAMED
        file = _PLACE.split(check.where, maxsplit=1)[0]
        listed = " ".join(_said(one) for one in checks[:_NAMED])
        left = say("And {more:,} more places, which jcm-mrv verify lists.", more=more) if more > 0 else ""
        yield Request(
            number="",
            kind=Kind.CL if check.verdict in (Verdict.NOT_CHECKED, Verdict.VERSION) else Kind.CAR,
            round=0,
            requirement=ITEMS[3],
            place=check.where if len(checks) == 1 else file,
            question=f"{listed} {left}".strip(),
            raised_by=joined("", ("verify (", VERDICTS[check.verdict], ")")),
            key=key_of("verify", *key),
        )


def _said(check: Check) -> str:
    """One row of the verification in words; its names are those of files and stay as they are written there."""
    numbers = (
        say(" Stated: {stated}; recomputed: {recomputed}.", stated=check.stated, recomputed=check.recomputed)
        if check.stated or check.recomputed
        else ""
    )
    where = "" if check.where == check.what or _TONNES in check.what else f" ({check.where})"
    note = f" {_sentence(check.note)}" if check.note else ""
    return f"{check.what}{where}: {check.verdict}.{numbers}{note}"


def from_sample(kind: str, seed: str, found: Evaluated) -> Iterator[Request]:
    """A CAR for each item of a sample that was wrong, a CL for one that was not seen."""
    for one, answer, lost in found.errors:
        wrong = answer.outcome is Outcome.WRONG
        value = (
            say("found {found:.15g} {item_unit}", found=answer.found, item_unit=one.item.unit)
            if answer.found is not None
            else say("it was not seen")
        )
        note = f" {_sentence(answer.note)}" if answer.note else ""
        yield Request(
            number="",
            kind=Kind.CAR if wrong else Kind.CL,
            round=0,
            requirement=ITEMS[3],
            place=one.item.where or one.item.id,
            question=say(
                "{item} is stated as {stated:.15g} {item_unit}; {value}.{note}",
                item=one.item.id,
                stated=one.item.stated,
                item_unit=one.item.unit,
                value=value,
                note=note,
            ),
            raised_by=joined("", ("sample ", say("of {kind}, seed {seed}", kind=as_words(kind), seed=seed))),
            effect=tonnes(-lost),
            key=key_of("sample", kind, seed, one.item.id),
        )


def from_earlier_period(earlier: Register) -> Iterator[Request]:
    """What the last period left: its FARs come back as they are; a CAR or CL that nobody closed is asked about."""
    for one in earlier.requests:
        if one.state is State.CLOSED:
            continue
        key = key_of("earlier", earlier.period, one.number)
        said = say("{one_number} of the period {period}", one_number=one.number, period=one.period or earlier.period)
        if one.kind is Kind.FAR:
            yield replace(one, number="", round=0, since=joined(": ", (COMES_BACK, said)), key=key)
            continue
        yield Request(
            number="",
            kind=Kind.CL,
            round=0,
            requirement=one.requirement,
            place=one.place,
            question=say("{said} was never closed: {question}", said=said, question=one.question),
            raised_by=joined("", ("register ", say("of {period}", period=earlier.period))),
            effect=one.effect,
            period=one.period or earlier.period,
            key=key,
        )


def key_of(*parts: str) -> str:
    """A short name of what raised a request, the same whenever it is raised again."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def distinct(requests: Iterable[Request]) -> list[Request]:
    """Requests once each, by what raised them."""
    found: dict[str, Request] = {}
    for one in requests:
        found.setdefault(one.key, one)
    return list(found.values())
