"""Days and months that are unlike the others by a factor that a slip makes.

A wrong unit or a transformer factor used twice or never multiplies every
value of a span by one number. That shows as a sharp step from one day to the
next, of the day's sum and of its highest value alike and at every hour of the
day: neither weather nor a shutdown does that. Each day is compared with the
same day of the week before, so that weekends are no steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.findings import Bias, Code, Finding, QuestionableSpan, Severity
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.values.scaling import SLIP_TOLERANCE, Slip, nearest
from jcm_mrv.quality.values.subject import Month, Subject

UNLIKE = Code("readings.month_unlike", Severity.MAJOR, "Values are unlike the others by a factor that a slip makes.")

WEEK = 7
# Smaller steps than this are left to the load; every slip is larger.
_LEAST = math.log(1.6)
# Two days alone may be a storm's; they tell of a slip only where they differ by more than that.
_BRIEF, _LEAST_BRIEF = 2, math.log(8.0)
# A step that is near no slip has to be larger to be named.
_LEAST_UNNAMED = math.log(3.0)
# What stays on in a shutdown may be this part of the load.
_SHUTDOWN = math.log(20.0)
# The weeks around a span that tell what is usual, in days.
_AROUND = 6 * WEEK
# A fall that is over after so many days may be a shutdown or the weather.
_SHORT_FALL = 10
_LISTED = 4
_NORMAL = 2.2
_LEAST_MONTHS = 4

SLIP_LEAST_DAYS = Setting(
    "slip.least_days", 3.0, "d", "a change by such a factor that lasts less is not named", 2, 31, whole=True
)
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


@dataclass(frozen=True)
class Step:
    """From ``day`` to before ``end`` the values are ``slip.factor`` times those around."""

    day: int
    end: int
    slip: Slip
    ratio: float


def month_unlike(subject: Subject) -> Iterator[Finding]:
    """Spans of days, else months, that differ by a slip; months far from those of other years."""
    found = steps(subject)
    for step in found[:_LISTED]:
        yield _step(subject, step)
    if not found and not subject.profile.daily:
        yield from _odd_months(subject)
    if not found:
        yield from _other_years(subject)


# --- days --------------------------------------------------------------------------


def steps(subject: Subject) -> list[Step]:
    """Every span that begins (or, at the beginning of the log, ends) with such a step."""
    profile = subject.profile
    if not profile.daily or np.count_nonzero(np.isfinite(profile.day_amount)) < 2 * WEEK:
        return []
    changes = _Changes.of(subject)
    found: list[Step] = []
    day = WEEK
    while day <= len(changes.of_sum) - _BRIEF:
        step = _step_at(subject, changes, day)
        if step is not None:
            found.append(step)
            day = step.end + WEEK  # a week after it, the days are compared with those of the span
        else:
            day += 1
    return found


@dataclass(frozen=True)
class _Changes:
    """Logarithms of each day's ratio to the same day of the week before, NaN where one of them is not known.

    ``noise`` is their usual size, for the sum and for the highest value.
    """

    of_sum: Numbers
    of_highest: Numbers
    noise: tuple[float, float]

    @classmethod
    def of(cls, subject: Subject) -> _Changes:
        """Those of a meter."""
        both = [_week_before(values) for values in (subject.profile.day_amount, subject.profile.day_highest)]
        return cls(both[0], both[1], (_spread(both[0]), _spread(both[1])))

    @property
    def steadier(self) -> Numbers:
        """That of both which changes less from day to day and tells a factor better."""
        return self.of_highest if self.noise[1] <= self.noise[0] else self.of_sum


def _week_before(values: Numbers) -> Numbers:
    logarithm = np.log(np.where(np.isfinite(values) & (values > 0), values, np.nan))
    change = np.full(len(values), np.nan)
    change[WEEK:] = logarithm[WEEK:] - logarithm[:-WEEK]
    return change


def _spread(change: Numbers) -> float:
    known = np.abs(change[np.isfinite(change)])
    return 1.48 * float(np.median(known)) if len(known) else math.inf


def _step_at(subject: Subject, changes: _Changes, day: int) -> Step | None:
    """The step that begins on a day, told by two days, some days or a week."""
    if not abs(changes.of_highest[day]) > _LEAST / 2:
        return None  # a quiet day begins nothing
    least = int(subject.settings[SLIP_LEAST_DAYS])
    for days in (_BRIEF, least, WEEK):
        size = _size_at(changes, day, days)
        if size is not None and _same_at_every_hour(subject, day, min(days, least), size):
            step = _named(subject, changes, day, _end(changes.steadier, day, size))
            return step if step is not None and _stands_out(subject, step) else None
    return None


def _stands_out(subject: Subject, step: Step) -> bool:
    """True where the span differs from the weeks around it: the way back from a storm or a holiday is no step."""
    highest = subject.profile.day_highest
    logarithm = np.log(np.where(np.isfinite(highest) & (highest > 0), highest, np.nan))
    around = np.concatenate((logarithm[max(0, step.day - _AROUND) : step.day], logarithm[step.end :][:_AROUND]))
    around, inside = around[np.isfinite(around)], logarithm[step.day : step.end]
    inside = inside[np.isfinite(inside)]
    if not len(around) or not len(inside):
        return True
    return abs(float(np.median(inside) - np.median(around))) > abs(math.log(step.ratio)) / 2


def _size_at(changes: _Changes, day: int, days: int) -> float | None:
    """The logarithm by which ``days`` from ``day`` on differ from the week before, where the step is sharp."""
    now, of_highest = changes.of_sum[day : day + days], changes.of_highest[day : day + days]
    if len(now) < days or not (np.isfinite(now).all() and np.isfinite(of_highest).all()):
        return None
    size, size_of_highest = float(np.median(now)), float(np.median(of_highest))
    if abs(size_of_highest) < (_LEAST if days > _BRIEF else _LEAST_BRIEF) or size * size_of_highest <= 0:
        return None
    size = float(np.median(changes.steadier[day : day + days]))
    room = abs(size) / 2
    sharp = not abs(changes.of_sum[day - 1]) >= room
    near = (np.abs(now - size) < max(room, 2 * changes.noise[0])) & (np.abs(of_highest - size) < room)
    alike = near[0] and np.count_nonzero(~near) <= (1 if days >= WEEK else 0)
    clear = abs(size) > 4 * changes.noise[1] / math.sqrt(days)
    return size if sharp and alike and clear else None


def _named(subject: Subject, changes: _Changes, day: int, end: int) -> Step | None:
    """The step with its factor by all days that tell it, and the slip that is near; None for a small one near none."""
    change = changes.steadier
    begins, returns = change[day : min(end, day + WEEK)], change[end : end + min(WEEK, end - day)]
    telling = np.concatenate((begins, -returns))
    telling = telling[np.abs(telling - begins[0]) < abs(begins[0]) / 2]
    ratio = math.exp(float(np.mean(telling)))
    known = min(changes.noise) / math.sqrt(len(telling))
    slip = nearest(ratio, subject.factors, min(0.5, subject.settings[SLIP_TOLERANCE] + known))
    if slip is None and (abs(math.log(ratio)) < _LEAST_UNNAMED or not subject.profile.hourly):
        return None
    return Step(day, end, slip or Slip(ratio, ""), ratio)


def _same_at_every_hour(subject: Subject, day: int, least: int, target: float) -> bool:
    """True where the mean of each hour of the day changed by about the same factor."""
    profile = subject.profile
    if not profile.hourly:
        return True
    days = min(WEEK, max(least, 1))
    after, before = profile.rates[day : day + days], profile.rates[day - WEEK : day - WEEK + days]
    known = np.isfinite(after).all(axis=0) & np.isfinite(before).all(axis=0)
    after, before = after[:, known].mean(axis=0), before[:, known].mean(axis=0)
    telling = (after > 0.02 * after.max(initial=0)) & (before > 0.02 * before.max(initial=0)) & (before > 0)
    if np.count_nonzero(telling) < 4:
        return False
    ratio = np.log(after[telling] / before[telling])
    # A holiday leaves the base load: its nights hardly change, its days do. A slip changes every hour alike.
    near = np.abs(ratio - target) < max(0.2 * abs(target), 0.45)
    return float(near.mean()) >= 0.8


def _end(change: Numbers, day: int, target: float) -> int:
    """The first day that is no longer as the step's: within a week by comparison, later by the step back.

    Two days that weather or a holiday takes out of line end nothing.
    """
    last = len(change)
    like = np.isnan(change) | (np.abs(change - target) < abs(target) / 2)
    back = np.abs(change + target) < abs(target) / 2
    for at in range(day + 1, min(day + WEEK, last) - 2):
        if not like[at : at + 3].any():
            return at
    return next((at for at in range(day + WEEK, last) if back[at : at + 2].all()), last)


def _step(subject: Subject, step: Step) -> Finding:
    profile = subject.profile
    start, end = profile.instant(step.day), profile.instant(step.end)
    lasting = step.end >= len(profile.day_highest)
    until = "to the end" if lasting else f"up to {subject.when(end)[:10]}"
    where, first = profile.where(step.day), subject.when(start)[:10]
    before = subject.when(profile.instant(step.day - 1))[:10]
    return UNLIKE(
        f"meter {subject.meter}: after {before}, from {first} on, every value is about {step.ratio:.3g} times that of "
        "the week before, "
        f"{until}" + (f"; near {step.slip.words}" if step.slip.words else ""),
        where,
        found=f"{profile.day_amount[step.day]:.6g} {subject.unit} on {first}, "
        f"{profile.day_amount[step.day - WEEK]:.6g} {subject.unit} a week before",
        action="Check the unit and transformer factor on either side of that day. Correct the row of Meters or Logs, "
        "or explain what changed.",
        data={"ratio": step.ratio, "factor": step.slip.factor, "days": step.end - step.day},
        severity=Severity.MAJOR if _certain(subject, step) else Severity.MINOR,
        questionable=_spans(subject, start, end, step, lasting) if step.slip.words else (),
    )


def _spans(subject: Subject, start: int, end: int, step: Step, lasting: bool) -> list[QuestionableSpan]:
    """The span, where the values go back to what they were; else both sides: which of them is right is not known."""
    edges = subject.timeline.edges
    own, others = (Bias.TOO_HIGH, Bias.TOO_LOW) if step.ratio > 1 else (Bias.TOO_LOW, Bias.TOO_HIGH)
    spans = [(start, end, own)]
    if lasting and _certain(subject, step):
        spans = [(int(edges[0]), start, others), (start, int(edges[-1]), own)]
    elif lasting and start - int(edges[0]) < end - start:
        spans = [(int(edges[0]), start, others)]  # the shorter side is the odd one
    return [QuestionableSpan(subject.meter, a, b, bias) for a, b, bias in spans if a < b]


def _certain(subject: Subject, step: Step) -> bool:
    """True where nothing but a slip makes the step.

    Of daily sums alone a shutdown may have any smaller factor, and so may the weather of a few days.
    """
    size = abs(math.log(step.slip.factor))
    days = step.end - step.day
    brief = days < WEEK and size < _LEAST_BRIEF
    if step.ratio < 1 and days < _SHORT_FALL and step.end < len(subject.profile.day_highest):
        return size > _SHUTDOWN
    return bool(step.slip.words) and (size > _SHUTDOWN or (subject.profile.hourly and not brief))


# --- months ------------------------------------------------------------------------


def _odd_months(subject: Subject) -> Iterator[Finding]:
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
        if (steady and normal[n]) or slip is None or told >= _LISTED or not _sharp(rates, n, slip):
            continue
        if abs(math.log(slip.factor)) < 3 * usual_change:
            continue  # from month to month this meter changes by nearly as much
        told += 1
        piece = subject.timeline.months[month.ordinal]
        bias = Bias.TOO_HIGH if ratio > 1 else Bias.TOO_LOW
        found = _month(subject, month, ratio, "the other months", f"; near {slip.words}", Severity.MAJOR)
        yield replace(found, questionable=(QuestionableSpan(subject.meter, piece.start, piece.end, bias),))
    if not told:
        yield from _towering(subject, months)


def _towering(subject: Subject, months: list[Month]) -> Iterator[Finding]:
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
            severity = Severity.MAJOR if bias is Bias.TOO_HIGH else Severity.MINOR
            found = _month(subject, month, ratio, "the nearest of all other months", "", severity)
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
    """The ratio of a month to both its neighbours where these agree, else 1."""
    if not 0 < n < len(rates) - 1:
        return 1.0
    before, after = float(rates[n] / rates[n - 1]), float(rates[n] / rates[n + 1])
    if abs(math.log(before / after)) > math.log(1.3):
        return 1.0
    return math.sqrt(before * after)


def _other_years(subject: Subject) -> Iterator[Finding]:
    """Months far from the same calendar month of other years."""
    most = subject.settings[MONTH_MOST_OF_OTHER_YEARS]
    same: dict[str, list[Month]] = {}
    for month in subject.months:
        if month.hours >= 24:
            same.setdefault(month.label[-2:], []).append(month)
    for months in same.values():
        for month in months:
            others = [m.rate for m in months if m is not month and m.rate > 0]
            if not others or month.rate <= 0:
                continue
            ratio = month.rate / float(np.median(others))
            # With two years alone, the later one is named.
            if max(ratio, 1 / ratio) >= most and (len(months) > 2 or month is months[-1]):
                slip = nearest(ratio, subject.factors, subject.settings[SLIP_TOLERANCE])
                words = f"; near {slip.words}" if slip else ""
                yield _month(subject, month, ratio, "the same month of other years", words, Severity.MINOR)


def _month(subject: Subject, month: Month, ratio: float, others: str, words: str, severity: Severity) -> Finding:
    return UNLIKE(
        f"meter {subject.meter}: {month.label} is {ratio:.3g} times {others}{words}",
        month.where,
        found=f"{month.amount:,.6g} {subject.unit} in {month.hours:,.1f} hours",
        action="Check the unit, the transformer factor and the digits of that month's readings; or explain what was "
        "different.",
        data={"ratio": ratio},
        severity=severity,
    )
