"""Meters of like equipment against each other: one of them may be off by a factor all the time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.quality.values.scaling import SLIP_TOLERANCE, Slip, nearest
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.words import say

PEERS = Code("readings.unlike_peers", Severity.MINOR, "A meter counts far more or less than those of like equipment.")

_LEAST = math.log(3.0)
# So large a difference is named although it is near no slip that is known: a transformer factor may be missing.
_LEAST_UNNAMED = math.log(8.0)
_AGREE = 2.2


@dataclass(frozen=True)
class _Use:
    """Mean rate as a share of the rated capacity."""

    subject: Subject
    share: float


def unlike_peers(subjects: Sequence[Subject]) -> Iterator[Finding]:
    """A finding for a meter whose use of its rated capacity differs from that of its peers by a slip."""
    groups: dict[str, list[_Use]] = {}
    for subject in subjects:
        hours = sum(m.hours for m in subject.months)
        amount = sum(m.amount for m in subject.months)
        if subject.rated is not None and subject.measures and amount > 0:
            groups.setdefault(subject.measures, []).append(_Use(subject, amount / hours / subject.rated.rate))
    for uses in groups.values():
        yield from _compare(uses)


def _compare(uses: list[_Use]) -> Iterator[Finding]:
    for n, use in enumerate(uses):
        others = [u.share for u in uses if u is not use]
        # Of two alone nobody knows which is right: the pair is told once.
        if not others or (len(uses) == 2 and n == 0) or max(others) > _AGREE * min(others):
            continue
        ratio = use.share / float(np.median(others))
        slip = nearest(ratio, use.subject.factors, use.subject.settings[SLIP_TOLERANCE])
        if abs(math.log(ratio)) >= (_LEAST if slip is not None else _LEAST_UNNAMED):
            yield _finding(use, [u for u in uses if u is not use], ratio, slip)


def _finding(use: _Use, others: list[_Use], ratio: float, slip: Slip | None) -> Finding:
    subject = use.subject
    return PEERS(
        say(
            "meter {meter} counts {ratio:.3g} times as much of its equipment's rated capacity as {names}",
            meter=subject.meter,
            ratio=ratio,
            names=named([u.subject.meter for u in others]),
        )
        + (say("; near {slip}", slip=slip.words) if slip is not None else ""),
        subject.months[0].where,
        found=say(
            "on average {share:.3%} of the rated capacity, {median:.3%} there",
            share=use.share,
            median=np.median([u.share for u in others]),
        ),
        action=say(
            "Check units, transformer factors and rated capacities of both; or say why their use differs so much."
        ),
        data={"ratio": ratio},
    )
