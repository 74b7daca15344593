"""Months of readings that are unlike the others by a factor that a slip makes, and months far from other years'.

Of a fall, a slip is one explanation among others: snow, clouds and a shutdown take any part away, and what they leave
may be near a factor by chance. So a fall has to show a second sign before it is major.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.findings import Bias, Code, Finding, QuestionableSpan, Severity
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.values.scaling import SLIP_TOLERANCE, Slip, nearest
from jcm_mrv.quality.values.subject import Month, Subject
from jcm_mrv.words import say

UNLIKE = Code("readings.month_unlike", Severity.MAJOR, "Values are unlike the others by a factor that a slip makes.")

LISTED = 4
"""Spans or months of a meter that are named."""

NO_WEATHER = math.log(300.0)
"""Of the logarithm of a factor: what is so far below the rest, and near a slip, is neither snow nor a shutdown."""

_NORMAL = 2.2
_LEAST_MONTHS = 4

MONTH_MOST_OF_OTHERS = Setting(
    "month.most_of_others",
    2.5,
    "1",
    "of readings by month: the one that differs by this factor from the nearest of all others is named",
    1.5,
)
MONTH_MOST_OF_OTHER_YEARS = Setting(
    "month.most_of_other_years",
    3.0,
    "1",
    "a month that differs by this factor from the same month of other years is named",
    1,
)


def typed_wrong(subject: Subject) -> Iterator[Finding]:
    """Months that differ by a slip from the median of all, or from both neighbours where seasons are strong."""
    months = [m for m in subject.months if m.rate > 0 and m.hours >= 24]
    if len(months) < _LEAST_MONTHS:
        return
    rates = np.array([m.rate for m in months])
    usual = float(np.median(rates))
    normal = (rates < usual * _NORMAL) & (rates > usual / _NORMAL)
    steady = np.count_nonzero(normal) >= 0.6 * len(months)
    told = 0
    for n, month in enumerate(months):
        usual_change = 1.48 * float(np.median(np.abs(np.diff(np.log(np.delete(rates, n))))))
        ratio = float(rates[n] / usual) if steady else _against_neighbours(rates, n)
        slip = nearest(ratio, subject.factors, subject.settings[SLIP_TOLERANCE] + min(usual_change, 0.3))
        if (steady and normal[n]) or slip is None or told >= LISTED or not _sharp(rates, n, slip):
            continue
        if abs(math.log(slip.factor)) < 3 * usual_change:
            continue  # from month to month this meter changes by nearly as much
        told += 1
        piece = subject.timeline.months[month.ordinal]
        bias = Bias.TOO_HIGH if ratio > 1 else Bias.TOO_LOW
        sure = _certain(subject, slip) or _gains(subject, month, usual)
        severity = Severity.MAJOR if sure else Severity.MINOR
        found = _month(subject, month, ratio, say("the other months"), say("; near {slip}", slip=slip.words), severity)
        yield replace(found, questionable=(QuestionableSpan(subject.meter, piece.start, piece.end, bias),))
    if not told:
        yield from _towering(subject, months, steady=bool(steady))


def _certain(subject: Subject, slip: Slip) -> bool:
    """True where a slip has a second sign: it raises the month, is the meter's own, or leaves next to nothing."""
    return slip.factor > 1 or is_own(subject, slip) or abs(math.log(slip.factor)) > NO_WEATHER


def _gains(subject: Subject, month: Month, usual: float) -> bool:
    """True where ER is higher with a month than with the usual rate: no snow takes away what lowers ER."""
    effect = subject.effect({month.ordinal: month.amount - usual * month.hours})
    return effect is not None and effect > 0


def is_own(subject: Subject, slip: Slip) -> bool:
    """True for a transformer factor of the meter itself, which is no number of chance."""
    return any(math.isclose(slip.factor, own) for factor in subject.factors for own in (factor, 1 / factor))


def _towering(subject: Subject, months: list[Month], *, steady: bool) -> Iterator[Finding]:
    """The one month that is far above the highest of all others, or far below the lowest."""
    most = subject.settings[MONTH_MOST_OF_OTHERS]
    ordered = sorted(months, key=lambda m: m.rate)
    for month, next_one, bias in (
        (ordered[-1], ordered[-2], Bias.TOO_HIGH),
        (ordered[0], ordered[1], Bias.TOO_LOW),
    ):
        ratio = month.rate / next_one.rate
        if max(ratio, 1 / ratio) >= most:
            piece = subject.timeline.months[month.ordinal]
            # Where months differ much anyway, one may tower above others that snow or a shutdown made low.
            severity = Severity.MAJOR if bias is Bias.TOO_HIGH and steady else Severity.MINOR
            found = _month(subject, month, ratio, say("the nearest of all other months"), "", severity)
            yield replace(found, questionable=(QuestionableSpan(subject.meter, piece.start, piece.end, bias),))


def _sharp(rates: Numbers, n: int, slip: Slip) -> bool:
    """True where a month stands out of its neighbours: seasons come by degrees.

    Both differ by most of the slip in the same direction; or each by the whole of it or not at all.
    """
    beside = [math.log(rates[n] / rates[k]) for k in (n - 1, n + 1) if 0 <= k < len(rates)]
    size = math.log(slip.factor)
    if len(beside) == 2 and all(change / size > 0.6 for change in beside):
        return True
    return all(abs(change - size) < math.log(1.6) or abs(change) < math.log(1.3) for change in beside)


def _against_neighbours(rates: Numbers, n: int) -> float:
    """The ratio of a month to both its neighbours where these agree, else NaN."""
    if not 0 < n < len(rates) - 1:
        return math.nan
    before, after = float(rates[n] / rates[n - 1]), float(rates[n] / rates[n + 1])
    if abs(math.log(before / after)) > math.log(1.3):
        return math.nan
    return math.sqrt(before * after)


def other_years(subject: Subject) -> Iterator[Finding]:
    """Months far from the same calendar month of other years."""
    most = subject.settings[MONTH_MOST_OF_OTHER_YEARS]
    same: dict[str, list[Month]] = {}
    for month in subject.months:
        if month.hours >= 24:
            same.setdefault(month.label.split("-")[1], []).append(month)
    for months in same.values():
        for month in months:
            others = [m.rate for m in months if m is not month and m.rate > 0]
            if not others or month.rate <= 0:
                continue
            ratio = month.rate / float(np.median(others))
            # With two years alone, the later one is named.
            if max(ratio, 1 / ratio) >= most and (len(months) > 2 or month is months[1]):
                slip = nearest(ratio, subject.factors, subject.settings[SLIP_TOLERANCE])
                words = say("; near {slip}", slip=slip.words) if slip else ""
                yield _month(subject, month, ratio, say("the same month of other years"), words, Severity.MINOR)


def _month(subject: Subject, month: Month, ratio: float, others: str, words: str, severity: Severity) -> Finding:
    return UNLIKE(
        say(
            "meter {meter}: {month} is {ratio:.3g} times {others}{words}",
            meter=subject.meter,
            month=month.label,
            ratio=ratio,
            others=others,
            words=words,
        ),
        month.where,
        found=say(
            "{amount:,.6g} {subject_unit} in {hours:,.1f} hours",
            amount=month.amount,
            subject_unit=subject.unit,
            hours=month.hours,
        ),
        action=say(
            "Check the unit, the transformer factor and the digits of that month's readings; or say on the sheet "
            "Answers what was different."
        ),
        data={"ratio": ratio},
        severity=severity,
    )
