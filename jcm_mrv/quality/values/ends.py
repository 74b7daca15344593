"""The first and the last amount of a register: no reading beyond confirms it, so that one that is too low stays so.

Where ER rises with the meter a reading too high at an end is a spike (:mod:`jcm_mrv.quality.values.spikes`); where it
falls, one that leaves less than ever between two readings is a gain.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jcm_mrv.findings import Bias, Code, Finding, QuestionableSpan, Severity
from jcm_mrv.quality.values.low_months import NOTHING
from jcm_mrv.quality.values.spikes import BEYOND_OTHERS, DAYS_OF_REGISTER, MONTHS_OF_REGISTER
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say

LOW_END = Code("readings.low_end", Severity.MAJOR, "The first or last amount of a register is lower than any other.")


def low_end(subject: Subject) -> Iterator[Finding]:
    """The first or last amount of a register far below all others, where ER would be lower with the usual one."""
    profile, rates = subject.profile, subject.profile.day_highest
    known = np.flatnonzero(np.isfinite(rates))
    if profile.kind != "register" or profile.hourly:
        return
    if len(known) < DAYS_OF_REGISTER if profile.daily else len(known) <= MONTHS_OF_REGISTER:
        return
    times = profile.readings.time
    for day, start, end in ((known[-1], *times[-2:].tolist()), (known[0], *times[:2].tolist())):
        others, rate = rates[known[known != day]], float(rates[day])
        lowest, usual = float(others.min()), float(np.median(others))
        steady = profile.daily or (usual < BEYOND_OTHERS * lowest and float(others.max()) < BEYOND_OTHERS * usual)
        if not steady or not NOTHING * usual < BEYOND_OTHERS * rate < lowest:
            continue
        effect = subject.effect({subject.month_at(start): (rate - usual) * (end - start) / HOUR})
        if effect is None or effect > 0:
            yield _finding(subject, (start, end), rate, lowest, effect)


def _finding(subject: Subject, span: tuple[int, int], rate: float, lowest: float, effect: float | None) -> Finding:
    (start, end), readings = span, subject.profile.readings
    hours = (end - start) / HOUR
    return LOW_END(
        say(
            "meter {meter} counts less from {start} to {end} than ever else, and no reading beyond confirms it",
            meter=subject.meter,
            start=subject.when(start)[:10],
            end=subject.when(end)[:10],
        ),
        readings.where(len(readings) - 1 if end == int(readings.time[-1]) else 0),
        found=say(
            "{amount:,.6g} {unit}; at least {least:,.6g} {unit} by the rates between all other readings",
            amount=rate * hours,
            least=lowest * hours,
            unit=subject.unit,
        ),
        action=say(
            "Read the register again, or give the next reading after it; where little was used, prove the amount on "
            "Overrides."
        ),
        data={"ratio": rate / lowest},
        effect_tco2e=effect,
        questionable=(QuestionableSpan(subject.meter, start, end, Bias.TOO_LOW),),
    )
