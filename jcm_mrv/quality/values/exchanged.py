"""Two columns of a log that change places at a date: an export was set up anew."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.findings import Code, Finding, QuestionableSpan, Severity
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.time.zones import DAY
from jcm_mrv.words import say

EXCHANGED = Code("readings.swapped", Severity.MAJOR, "Two meters of a log exchange their sizes at a date.")

WEEK = 7
# Days on either side of a change: a shutdown of a week, first of one machine and then of the other, is no exchange.
SIDE = 14
_AGREE = 0.85
# How many times as much as from week to week the ratio of two meters has to differ from 1.
_LEAST_WEEKS, _LEAST_WEEKS_AGREED = 3.0, 2.5
# Meters whose sizes differ by less cannot be told apart by them.
_LEAST = math.log(1.3)
# Every pair is compared: a file of a few hundred meters would take minutes.
_MOST_METERS = 60
_MOST_CHANGES = 3
_SURE = 2 * DAY  # the day is found within this


def exchanged(subjects: Sequence[Subject]) -> Iterator[Finding]:
    """A finding for each pair of meters in one file whose sizes change places and stay so for two weeks at least."""
    files: dict[tuple[str, str], list[Subject]] = {}
    for subject in subjects:
        profile = subject.profile
        if profile.daily and profile.peaks and profile.peaks[0].where.file and profile.kind == "log":
            files.setdefault((profile.peaks[0].where.file, profile.unit), []).append(subject)
    for members in files.values():
        for one, other in combinations(members[:_MOST_METERS], 2):
            days = _exchanges(_logarithm(one), _logarithm(other))
            # Machines that take turns exchange their sizes again and again.
            if 0 < len(days) <= _MOST_CHANGES:
                yield _finding(one, other, days)


def _logarithm(subject: Subject) -> Numbers:
    amount = subject.profile.day_amount
    return np.log(np.where(np.isfinite(amount) & (amount > 0), amount, np.nan))


@dataclass(frozen=True)
class _Change:
    """A day, the share of the days around it that agree, and how far turned ratio and sizes are off."""

    day: int
    agree: float
    error: float


def _exchanges(one: Numbers, other: Numbers) -> list[int]:
    """The days on which the ratio of two meters turns over while their product stays."""
    if len(one) < 2 * SIDE + 1:
        return []
    # What lies before a day and after it; the day itself may hold both.
    ratio, size = (np.lib.stride_tricks.sliding_window_view(a, SIDE) for a in (one - other, one + other))
    before, after = ratio[: -SIDE - 1], ratio[SIDE + 1 :]
    gap, turned = np.median(before, axis=1), np.median(after, axis=1)
    spread = np.maximum(_spread(before, gap), _spread(after, turned))
    error = np.abs(turned + gap)
    drift = np.abs(np.median(size[SIDE + 1 :], axis=1) - np.median(size[: -SIDE - 1], axis=1))
    with np.errstate(invalid="ignore"):
        exchanged = (np.abs(gap) >= np.maximum(_LEAST, 5 * spread)) & (error < np.abs(gap) / 3)
        exchanged &= drift < np.abs(gap) / 2 + 2 * spread
        # Days of a shutdown are unlike the rest of their side; on both sides nearly all days have to agree.
        sides = ((before, gap), (after, turned))
        agree = np.min([np.mean(np.sign(days) == np.sign(middle)[:, None], axis=1) for days, middle in sides], axis=0)
        # Where all days agree, less than usual tells an exchange from what changes with the weather.
        least = np.where(agree == 1, _LEAST_WEEKS_AGREED, _LEAST_WEEKS) * _from_week_to_week(one - other)
        exchanged &= (agree >= _AGREE) & (np.abs(gap) >= least)
    found = [_Change(n + SIDE, float(agree[n]), float(error[n] + drift[n])) for n in np.flatnonzero(exchanged).tolist()]
    return _best_of_each(found)


def _from_week_to_week(ratio: Numbers) -> float:
    """By how much the ratio of two meters usually changes from one week to the next; clouds last for days."""
    count = len(ratio) // WEEK
    weeks = np.median(ratio[: count * WEEK].reshape(count, WEEK), axis=1)
    changes = np.abs(np.diff(weeks))
    changes = changes[np.isfinite(changes)]
    return 1.48 * float(np.median(changes)) if len(changes) > 2 else math.inf


def _spread(weeks: Numbers, middle: Numbers) -> Numbers:
    """How far a side's median is known, from the spread of its days; NaN where a day is missing."""
    return 1.48 / math.sqrt(SIDE) * np.median(np.abs(weeks - middle[:, None]), axis=1)


def _best_of_each(found: list[_Change]) -> list[int]:
    """Neighbouring days speak of one change: the day around which most days agree, of these where it fits best."""
    groups: list[list[_Change]] = []
    for change in found:
        if groups and change.day - groups[-1][-1].day <= WEEK // 2:
            groups[-1].append(change)
        else:
            groups.append([change])
    return [min(group, key=lambda change: (-change.agree, change.error)).day for group in groups]


def _finding(one: Subject, other: Subject, days: list[int]) -> Finding:
    profile = one.profile
    start, end = _span(one, days)
    first, last = (one.when(instant)[:10] for instant in (start, end))
    return EXCHANGED(
        say(
            "meters {meter} and {meter_2} exchange their sizes about {days}",
            meter=one.meter,
            meter_2=other.meter,
            days=" and ".join(one.when(profile.instant(day))[:10] for day in days[:4]),
        ),
        profile.where(days[0]),
        found=say(
            "{day_amount:.6g} and {day_amount_2:.6g} {one_unit} the day before, {day_amount_3:.6g} and "
            "{day_amount_4:.6g} {one_unit} the day after; from {first} to {last} they may be the wrong way round",
            day_amount=profile.day_amount[days[0] - 1],
            day_amount_2=other.profile.day_amount[days[0] - 1],
            one_unit=one.unit,
            day_amount_3=profile.day_amount[days[0] + 1],
            day_amount_4=other.profile.day_amount[days[0] + 1],
            first=first,
            last=last,
        ),
        action=say(
            "Ask whether the columns of the export, or the meters, were exchanged; name the right column for each part "
            "on the sheet Logs."
        ),
        data={"changes": len(days)},
        questionable=[QuestionableSpan(subject.meter, start, end) for subject in (one, other)],
    )


def _span(subject: Subject, days: list[int]) -> tuple[int, int]:
    """Between two changes, else the shorter side of one: that is more likely the wrong one."""
    edges, profile = subject.timeline.edges, subject.profile
    first, last = int(edges[0]), int(edges[-1])
    opens, closes = profile.instant(days[0]) - _SURE, profile.instant(days[-1] + 1) + _SURE
    if len(days) == 1:
        early = days[0] < len(profile.day_highest) / 2
        opens, closes = (first, closes) if early else (opens, last)
    return max(opens, first), min(closes, last)
