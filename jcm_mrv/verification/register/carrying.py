"""Carrying a register on to another version of a report: nothing that a person wrote is changed or lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from jcm_mrv.languages import LANGUAGES, said_in
from jcm_mrv.verification.register.entries import Kind, Register, Request, State
from jcm_mrv.verification.register.raising import COMES_BACK, distinct
from jcm_mrv.words import say

STILL, GONE, AGAIN = (
    say("still there"),
    say("no longer found in this version"),
    say("closed, and still found: look whether that is right"),
)
_NUMBER = re.compile(r"(?:CAR|CL|FAR)-(\d{1,6})")


def carried(before: Register, raised: Iterable[Request], report: str, project: str, period: str) -> Register:
    """The register with what was raised by a version of the report (``report``: the SHA-256 of its result.json).

    A request that is there already stays as it is, answers and all, and says what became of it; a new one is numbered
    on. Another version is another round; the same one again is not. What sources that were not looked at this time
    raised before (a sample, a verification) stays, without a word about it.
    """
    now = distinct(raised)
    same = before.report == report
    number = before.round if same and before.round else before.round + 1
    found, looked_at = {one.key: one for one in now}, {_source(one) for one in now} | {"finding"}
    kept = [_kept(one, found, looked_at) for one in before.requests]
    known = {one.key for one in before.requests if one.key}
    new = [replace(one, round=number, period=one.period or period) for one in now if one.key not in known]
    requests = _numbered([*(replace(k, round=k.round or number, period=k.period or period) for k in kept), *new])
    return Register(number, report, project, period, tuple(requests))


def _source(one: Request) -> str:
    return one.raised_by.split(" ")[0]


def _came_back(one: Request) -> bool:
    """Whether a request came back from an earlier period, in whatever language the register says so."""
    return bool(one.since) and any(one.since.startswith(said_in(COMES_BACK, lang)) for lang in LANGUAGES)


def _kept(one: Request, found: dict[str, Request], looked_at: set[str]) -> Request:
    if not one.key or _source(one) not in looked_at or _came_back(one):
        return one
    again = found.get(one.key)
    if again is None:
        return replace(one, since=GONE)
    if one.state is State.CLOSED:
        return replace(one, since=AGAIN)
    moved = (
        say(", effect now {effect} t (was {effect_2} t)", effect=again.effect, effect_2=one.effect)
        if again.effect != one.effect
        else ""
    )
    return replace(one, since=STILL + moved)


def _numbered(requests: Sequence[Request]) -> list[Request]:
    """Numbers for those without one: ``CAR-1``, counting on behind the highest that was ever given of the kind."""
    highest = dict.fromkeys(Kind, 0)
    for one in requests:
        match = _NUMBER.fullmatch(one.number)
        if match:
            kind = Kind(one.number.split("-")[0])
            highest[kind] = max(highest[kind], int(match[1]))
    numbered = []
    for one in requests:
        if not one.number:
            highest[one.kind] += 1
            one = replace(one, number=f"{one.kind}-{highest[one.kind]}")
        numbered.append(one)
    return numbered
