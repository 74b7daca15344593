"""Shifts of the clock: a day's shape that moves by an hour at a date, or lies hours from the sun's."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.quality.values.sun import solar_noon_hour
from jcm_mrv.time.zones import DAY, HOUR, HOURS_A_DAY
from jcm_mrv.words import say

CLOCK = Code("readings.clock_shift", Severity.MAJOR, "The shape of the day is shifted in time.")

WEEK = 7
SIDE = 3  # weeks on either side of a step
_LEAST_WEEKS = 2
_SHIFTS = (-2, -1, 1, 2)
# Panels that face east or west move the middle of generation by up to this; more is the clock.
_MOST_BY_ORIENTATION = 2.0

CLOCK_LEAST_SHIFT_HOURS = Setting(
    "clock.least_shift_hours", 0.6, "h", "a smaller shift of the daily shape is not named", 0.25, 12
)
CLOCK_MAJOR_SHIFT_HOURS = Setting(
    "clock.major_shift_hours", 1.5, "h", "a shift of the daily shape from this on is major", 0.25, 12
)


def clock_shift(subject: Subject) -> Iterator[Finding]:
    """A shift of the whole log against the sun, and steps of the daily shape at a date."""
    profile = subject.profile
    if not profile.hourly:
        return
    if subject.follows_sun:
        yield from _against_the_sun(subject)
    else:
        yield from _steps_of_load(subject)


# --- generation --------------------------------------------------------------------


def _against_the_sun(subject: Subject) -> Iterator[Finding]:
    weeks = [w for w in range(len(subject.profile.rates) // WEEK) if _whole(subject, w)]
    if not weeks:
        return
    off = np.array([_from_noon(subject, w) for w in weeks])
    known = np.isfinite(off)
    weeks, off = [w for w, k in zip(weeks, known.tolist(), strict=True) if k], off[known]
    if len(weeks) < _LEAST_WEEKS:
        return
    step = _step(off, subject.settings[CLOCK_LEAST_SHIFT_HOURS])
    middle = float(np.median(off))
    if subject.site is not None and abs(middle) > _MOST_BY_ORIENTATION and _rests_by_night(subject):
        yield _whole_log(subject, middle)
    elif step is not None:
        yield _at_date(subject, weeks[step.at] * WEEK, step.hours)


def _rests_by_night(subject: Subject) -> bool:
    """True where for a third of the day nothing is generated: the shape is the sun's, whatever its hour."""
    mean = subject.profile.mean_day
    return bool(np.count_nonzero(mean < 0.02 * mean.max()) >= 8)


def _whole(subject: Subject, week: int) -> bool:
    rates = subject.profile.rates[week * WEEK : (week + 1) * WEEK]
    return bool(np.isfinite(rates).all(axis=1).sum() >= WEEK - 2)


def _from_noon(subject: Subject, week: int) -> float:
    """Hours from solar noon (without a position: from 12:00, for steps) to the middle of a week's generation.

    The middle is that of the highest rate of each hour of the day in the week, which clouds change least.
    """
    profile = subject.profile
    rates = profile.rates[week * WEEK : (week + 1) * WEEK]
    envelope = np.nanmax(np.where(np.isfinite(rates), rates, 0.0), axis=0)
    envelope = np.maximum(envelope, 0.0)
    if envelope.sum() <= 0:
        return math.nan
    angle = 2 * np.pi * (np.arange(len(envelope)) + 0.5) / len(envelope)
    middle = math.atan2(float((envelope * np.sin(angle)).sum()), float((envelope * np.cos(angle)).sum()))
    hour = middle * 12 / math.pi
    instant = profile.instant(week * WEEK + WEEK // 2)
    noon = 12.0
    if subject.site is not None:
        noon = solar_noon_hour(instant, subject.site) - profile.first % DAY / HOUR
    return math.remainder(hour - noon, 24)


@dataclass(frozen=True)
class _Shift:
    at: int
    hours: float


def _step(off: Numbers, least: float) -> _Shift | None:
    """The largest step of a weekly series that stays: before and after it the weeks agree among themselves."""
    best: _Shift | None = None
    steady = float(np.median(np.abs(np.diff(off))))
    for at in range(_LEAST_WEEKS, len(off) - _LEAST_WEEKS + 1):
        before, after = off[max(0, at - SIDE) : at], off[at : at + SIDE]
        hours = float(np.median(after) - np.median(before))
        inside = max(float(np.ptp(before)), float(np.ptp(after)))
        enough = abs(hours) >= max(least, 3 * steady) and inside < 0.6 * abs(hours)
        if enough and (best is None or abs(hours) > abs(best.hours)):
            best = _Shift(at, hours)
    return best


def _whole_log(subject: Subject, hours: float) -> Finding:
    return CLOCK(
        say(
            "the generation of meter {meter} has its middle {hours:.1f} hours {what} solar noon at the site",
            meter=subject.meter,
            hours=abs(hours),
            what=say("after") if hours > 0 else say("before"),
        ),
        subject.profile.where(0),
        found=say("{hours:+.2f} hours, the median over the weeks", hours=hours),
        action=say("Check the time zone of the log on the sheet Logs (UTC for local time?) and the site's position."),
        data={"hours": hours},
    )


def _at_date(subject: Subject, day: int, hours: float) -> Finding:
    major = abs(hours) >= subject.settings[CLOCK_MAJOR_SHIFT_HOURS]
    return CLOCK(
        say(
            "the daily shape of meter {meter} moves by {hours:.1f} hours {what} about {when} and stays so",
            meter=subject.meter,
            hours=abs(hours),
            what=say("later") if hours > 0 else say("earlier"),
            when=subject.when(subject.profile.instant(day))[:10],
        ),
        subject.profile.where(day),
        found=say("{hours:+.2f} hours", hours=hours),
        action=say(
            "Ask whether the logger's clock was changed (summer time, a new zone); split the log there and state the "
            "zone of each part."
        ),
        data={"hours": hours},
        severity=Severity.MAJOR if major else Severity.MINOR,
    )


# --- loads -------------------------------------------------------------------------


def _steps_of_load(subject: Subject) -> Iterator[Finding]:
    """The date at which the mean day of the weeks after is that of the weeks before, shifted by hours."""
    weeks = _mean_days(subject)
    side = SIDE
    best: tuple[float, int, int] | None = None
    usual: list[float] = []
    for at in range(side, len(weeks) - side + 1):
        before, after = weeks[at - side : at], weeks[at : at + side]
        here = _mismatch(before.mean(axis=0), after.mean(axis=0), 0)
        if math.isnan(here):
            continue  # of one of the weeks nothing is known
        usual.append(here)
        shifted = [(_mismatch(before.mean(axis=0), after.mean(axis=0), s), s) for s in _SHIFTS]
        error, shift = min(shifted)
        inside = max(_mismatch(before[0], before[-1], 0), _mismatch(after[0], after[-1], 0))
        gain = here - error
        if error < 0.25 * here and inside < 0.5 * here and here > 0.0025 and (best is None or gain > best[0]):
            best = (gain, at, shift)
    if best is None or (len(usual) > 2 * side and best[0] < 4 * float(np.median(usual))):
        return
    yield _at_date(subject, best[1] * WEEK, float(best[2]))


def _mean_days(subject: Subject) -> Numbers:
    """The mean rate of each hour of the day by week, over the week's mean; shape (weeks, 24), NaN where unknown."""
    rates = subject.profile.rates
    count = len(rates) // WEEK
    weeks = rates[: count * WEEK].reshape(count, WEEK, HOURS_A_DAY).mean(axis=1)
    mean = weeks.mean(axis=1, keepdims=True)
    scaled: Numbers = weeks / np.where(mean > 0, mean, np.nan)
    return scaled


def _mismatch(before: Numbers, after: Numbers, shift: int) -> float:
    """Mean squared difference of two mean days, the earlier one shifted to later by hours."""
    return float(np.mean((np.roll(before, shift) - after) ** 2))
