"""Days and months that are unlike the others by a factor that a slip makes.

A wrong unit or a transformer factor used twice or never multiplies every
value of a span by one number. That shows as a sharp step from one day to the
next, of the day's sum and of its highest value alike and at every hour of the
day: neither weather nor a shutdown does that. Each day is compared with the
same day of the week before, so that weekends are no steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Flags, Numbers
from jcm_mrv.findings import Bias, Finding, QuestionableSpan, Severity
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.values.odd_months import LISTED, NO_WEATHER, UNLIKE, is_own, other_years, typed_wrong
from jcm_mrv.quality.values.scaling import SLIP_TOLERANCE, Slip, nearest
from jcm_mrv.quality.values.spikes import most_of_a_value
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.time.zones import HOUR, HOURS_A_DAY
from jcm_mrv.words import say

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
# Days under snow or clouds vary several times as much as others (2.9 to 30 times in trials), those of a slip up to 2.1
# times; in a shutdown they vary less than a tenth as much.
_MOST_SPREAD, _STEADY, _LEAST_SPREAD = 2.5, 10.0, 0.02
# Where the hours of a usual day differ by so much, and what they change by follows that to this part: of a slip none.
_BASE_SHAPE, _BASE_SLOPE = 0.2, 0.6
# A fall that is over after so many days may be a shutdown or the weather.
_SHORT_FALL = 10

SLIP_LEAST_DAYS = Setting(
    "slip.least_days", 3.0, "d", "a change by such a factor that lasts less is not named", 2, 31, whole=True
)


@dataclass(frozen=True)
class Step:
    """From ``day`` to before ``end`` the values are ``slip.factor`` times those around."""

    day: int
    end: int
    slip: Slip
    ratio: float

    @property
    def rises(self) -> bool:
        """True where the values go up; those of a fall go down."""
        return self.ratio > 1


def month_unlike(subject: Subject) -> Iterator[Finding]:
    """Spans of days, else months, that differ by a slip; months far from those of other years."""
    found = steps(subject)
    for step in found[:LISTED]:
        yield _step(subject, step)
    if not subject.profile.daily:
        yield from typed_wrong(subject)
    if not found:
        yield from other_years(subject)


def steps(subject: Subject) -> list[Step]:
    """Every span that begins (or, at the beginning of the log, ends) with such a step."""
    profile = subject.profile
    if not profile.daily or np.count_nonzero(np.isfinite(profile.day_amount)) < 2 * WEEK:
        return []
    changes = _Changes.of(subject, int(subject.settings[SLIP_LEAST_DAYS]))
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
    middles: Mapping[int, tuple[Numbers, Numbers]]
    """By number of days: the medians of both over so many days from each day on."""

    @classmethod
    def of(cls, subject: Subject, least: int) -> _Changes:
        """Those of a meter; ``least`` days of a change are named."""
        both = [_week_before(values) for values in (subject.profile.day_amount, subject.profile.day_highest)]
        middles = {days: (_middles(both[0], days), _middles(both[1], days)) for days in {_BRIEF, least, WEEK}}
        return cls(both[0], both[1], (_spread(both[0]), _spread(both[1])), middles)

    @property
    def steadier(self) -> Numbers:
        """That of both which changes less from day to day and tells a factor better."""
        return (self.of_sum, self.of_highest)[self._steadier]

    @property
    def _steadier(self) -> bool:
        return self.noise[1] <= self.noise[0]

    def middle(self, day: int, days: int) -> tuple[float, float, float]:
        """The medians of ``days`` from a day on: of the sum, of the highest value and of the steadier of the two."""
        both = self.middles[days]
        return float(both[0][day]), float(both[1][day]), float(both[self._steadier][day])


def _logarithms(values: Numbers) -> Numbers:
    """NaN where a value is not known or not above zero."""
    return np.log(np.where(values > 0, values, np.nan))


def _week_before(values: Numbers) -> Numbers:
    logarithm, change = _logarithms(values), np.full(len(values), np.nan)
    change[WEEK:] = logarithm[WEEK:] - logarithm[:-WEEK]
    return change


def _middles(values: Numbers, days: int) -> Numbers:
    """The median of so many values from each on, NaN where one of them is; as many fewer as do not fit at the end."""
    windows = np.lib.stride_tricks.sliding_window_view(values, min(days, len(values)))
    return np.asarray(np.median(windows, axis=1))


def _spread(change: Numbers) -> float:
    known = np.abs(_known(change))
    return 1.48 * float(np.median(known)) if len(known) else math.inf


def _step_at(subject: Subject, changes: _Changes, day: int) -> Step | None:
    """The step that begins on a day, told by two days, some days or a week."""
    if not abs(changes.of_highest[day]) > _LEAST / 2:
        return None  # a quiet day begins nothing
    least = int(subject.settings[SLIP_LEAST_DAYS])
    for days in (_BRIEF, least, WEEK):
        size = _size_at(changes, day, days)
        if size is not None and _same_at_every_hour(subject, day, min(days, least, WEEK), size):
            step = _named(subject, changes, day, _end(changes.steadier, day, size))
            return step if step is not None and _stands_out(subject, step) else None
    return None


def _stands_out(subject: Subject, step: Step) -> bool:
    """True where the span differs from the weeks around it: the way back from a storm or a holiday is no step."""
    inside, around = (_known(_logarithms(days)) for days in _both(subject, step))
    if not len(around) or not len(inside):
        return True
    return abs(float(np.median(inside) - np.median(around))) > abs(math.log(step.ratio)) / 2


def _both(subject: Subject, step: Step) -> tuple[Numbers, Numbers]:
    """The highest values of the days of a span, and those of the weeks around it."""
    highest = subject.profile.day_highest
    before, after = highest[max(0, step.day - _AROUND) : step.day], highest[step.end :][:_AROUND]
    return highest[step.day : step.end], np.concatenate((before, after))


def _known(values: Numbers) -> Numbers:
    return values[np.isfinite(values)]


def _size_at(changes: _Changes, day: int, days: int) -> float | None:
    """The logarithm by which ``days`` from ``day`` on differ from the week before, where the step is sharp."""
    now, of_highest = changes.of_sum[day : day + days], changes.of_highest[day : day + days]
    if len(now) < days:
        return None
    of_sums, of_highests, size = changes.middle(day, days)
    if not abs(of_highests) >= (_LEAST if days > _BRIEF else _LEAST_BRIEF) or np.sign(of_sums) != np.sign(of_highests):
        return None  # or one of the days is not known
    room = abs(size) / 2
    # A change in the course of the day before takes a part of it along.
    before, earlier = changes.of_sum[day - 1] / size, changes.of_sum[day - 2] / size
    blunt = before <= -0.5 or before >= (0.5 if abs(earlier) >= 0.5 else 1)
    near = (np.abs(now - size) < max(room, 2 * changes.noise[0])) & (np.abs(of_highest - size) < room)
    alike = near[0] and np.count_nonzero(~near) <= (1 if days >= WEEK else 0)
    clear = abs(size) > 4 * changes.noise[1] / math.sqrt(days)
    return size if alike and clear and not blunt else None


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


def _same_at_every_hour(subject: Subject, day: int, days: int, target: float) -> bool:
    """True where the mean of each hour of the day changed by about the same factor, over so many days."""
    profile = subject.profile
    if not profile.hourly:
        return True
    # The change may come in the course of the first day.
    first, last = day + 1, day + days
    after, before = profile.rates[first:last], profile.rates[first - WEEK : last - WEEK]
    known = np.isfinite(after).all(axis=0) & np.isfinite(before).all(axis=0)
    after, before = after[:, known].mean(axis=0), before[:, known].mean(axis=0)
    telling = (after > 0.02 * after.max(initial=0)) & (before > 0.02 * before.max(initial=0))
    if np.count_nonzero(telling) < 4:
        return False
    ratio = np.log(after[telling] / before[telling])
    # A holiday leaves the base load: its nights hardly change, its days do. A slip changes every hour alike.
    near = np.abs(ratio - target) < max(0.2 * abs(target), 0.45)
    return float(near.mean()) >= 0.8 and not _levelled(ratio, np.log((before if target < 0 else after)[telling]))


def _levelled(ratio: Numbers, usual: Numbers) -> bool:
    """True where the busy hours changed most and the quiet ones least, so that all come to one level: a base load."""
    apart = usual - usual.mean()
    return bool(usual.std() > _BASE_SHAPE and abs(ratio @ apart) > _BASE_SLOPE * (apart @ apart))


def _end(change: Numbers, day: int, target: float) -> int:
    """The first day that is no longer as the step's: within a week by comparison, later by the step back.

    Two days that weather or a holiday takes out of line end nothing.
    """
    last = len(change)
    like = np.isnan(change) | (np.abs(change - target) < abs(target) / 2)
    back = np.abs(change + target) < abs(target) / 2
    week = min(day + WEEK, last)
    for at in range(day + 1, week):
        # Of the last two days of the week the step back has to tell: one of them alone may be weather.
        told = at + 3 <= week or np.count_nonzero(back[week : week + 2]) == 2
        if told and not like[at : min(at + 3, week)].any():
            return at
    return next((at for at in range(day + WEEK, last) if back[at : at + 2].all()), last)


def _step(subject: Subject, step: Step) -> Finding:
    profile = subject.profile
    start, end = _limits(subject, step)
    lasting = step.end >= len(profile.day_highest)
    until = say("to the end") if lasting else say("up to {when}", when=subject.when(profile.instant(step.end))[:10])
    where, first = profile.where(step.day), subject.when(profile.instant(step.day))[:10]
    before = subject.when(profile.instant(step.day - 1))[:10]
    lowers, above = _lowers(subject, step), _above_limit(subject, step)
    return UNLIKE(
        say(
            "meter {meter}: after {before}, from {first} on, every value is about {ratio:.3g} times that of the week "
            "before, {until}",
            meter=subject.meter,
            before=before,
            first=first,
            ratio=step.ratio,
            until=until,
        )
        + (say("; near {slip}", slip=step.slip.words) if step.slip.words else "")
        + (say("; some are above {limit}", limit=above) if above else ""),
        where,
        found=say(
            "{day_amount:.6g} {subject_unit} on {first}, {day_amount_2:.6g} {subject_unit} a week before",
            day_amount=profile.day_amount[step.day],
            subject_unit=subject.unit,
            first=first,
            day_amount_2=profile.day_amount[step.day - WEEK],
        ),
        action=say(
            "Check the unit and transformer factor on either side of that day. Correct the row of Meters or Logs, or "
            "say on the sheet Answers what changed."
        ),
        data={"ratio": step.ratio, "factor": step.slip.factor, "days": step.end - step.day},
        severity=Severity.MAJOR if lowers or above or _certain(subject, step) else Severity.MINOR,
        questionable=_spans(subject, start, end, step, lasting, above) if lowers or above or step.slip.words else (),
    )


def _above_limit(subject: Subject, step: Step) -> str:
    """What a value after a rise exceeds that none can, in words, else empty: then all of the span is multiplied.

    Whatever factor it is near: of a load that weather or shifts move, the step may tell 8 where it is 10.
    """
    limit = most_of_a_value(subject)
    if limit is None or not step.rises:
        return ""
    return limit[1] if (subject.profile.day_highest[step.day : step.end] > limit[0]).any() else ""


def _lowers(subject: Subject, step: Step) -> bool:
    """True for a fall of a meter that lowers ER, to less than a 300th or by a slip at every hour: no snow does that."""
    profile, nothing = subject.profile, math.log(step.ratio) < -NO_WEATHER
    if step.rises or not (nothing or (step.slip.words and profile.hourly)):
        return False
    month = subject.month_at(profile.instant(step.day))
    effect = subject.effect({month: float(profile.day_amount[step.day] * (1 - 1 / step.ratio))})
    return nothing if effect is None else effect > 0


def _limits(subject: Subject, step: Step) -> tuple[int, int]:
    """From when to when the values are as the step's, to the hour where they are hourly: it may come at any hour."""
    profile = subject.profile
    start, end = profile.instant(step.day), profile.instant(step.end)
    if not profile.hourly:
        return start, end
    before, after = (_like(subject, step, day) for day in (step.day - 1, step.end))
    return start - _run(before[::-1]) * HOUR, end + _run(after) * HOUR


def _like(subject: Subject, step: Step, day: int) -> Flags:
    """Which hours of a day are as the step's, by the same weekday before the step."""
    rates, usual = subject.profile.rates, day - WEEK * (1 + (day - step.day + 1) // WEEK)
    if usual < 0 or day >= len(rates):
        return np.zeros(HOURS_A_DAY, dtype=np.bool_)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.log(rates[day] / rates[usual])
    like: Flags = np.abs(change - math.log(step.ratio)) < abs(math.log(step.ratio)) / 2
    return like


def _run(like: Flags) -> int:
    """How many hours in a row from the first on."""
    return int(np.argmin(like)) if not like.all() else len(like)


def _spans(subject: Subject, start: int, end: int, step: Step, lasting: bool, above: str) -> list[QuestionableSpan]:
    """The span, where the values go back to what they were; else both sides: which of them is right is not known."""
    edges = subject.timeline.edges
    own, others = (Bias.TOO_HIGH, Bias.TOO_LOW) if step.rises else (Bias.TOO_LOW, Bias.TOO_HIGH)
    spans = [(start, end, own)]
    if lasting and _certain(subject, step):
        spans = [(int(edges[0]), start, others), (start, int(edges[-1]), own)]
    elif lasting and start - int(edges[0]) < end - start and not above:
        spans = [(int(edges[0]), start, others)]  # the shorter side is the odd one
    return [QuestionableSpan(subject.meter, a, b, bias) for a, b, bias in spans if a < b]


def _same_spread(subject: Subject, step: Step) -> bool:
    """True where the low days vary from day to day, as a part of what they are, about as much as the others.

    A slip multiplies every day alike; under snow or clouds one day is a tenth of another, in a shutdown none differs.
    A rise that the values return from is none of these: no weather lifts a plant above what it usually gives.
    """
    if step.rises and step.end < len(subject.profile.day_highest):
        return True
    inside, around = _both(subject, step)
    low, usual = (around, inside) if step.rises else (inside, around)
    spread, most = _spread_of(low), _MOST_SPREAD * max(_spread_of(usual), _LEAST_SPREAD)
    steady = np.count_nonzero(np.isfinite(low)) >= WEEK and spread * _STEADY < _spread_of(usual)
    return spread <= most and not steady


def _spread_of(values: Numbers) -> float:
    """How far the logarithms of days lie from their middle; the half that lies farther does not count."""
    logarithm = _known(_logarithms(values))
    return float(np.median(np.abs(logarithm - np.median(logarithm)))) if len(logarithm) else 0.0


def _certain(subject: Subject, step: Step) -> bool:
    """True where nothing but a slip makes the step.

    Of daily sums alone a shutdown may have any smaller factor, and so may the weather of a few days.
    """
    size = abs(math.log(step.slip.factor))
    days = step.end - step.day
    if not step.slip.words or (size < NO_WEATHER and not _same_spread(subject, step)):
        return False
    if step.rises and step.day <= _SHORT_FALL and step.end >= len(subject.profile.day_highest):
        return size > (_SHUTDOWN if is_own(subject, step.slip) else NO_WEATHER)  # a log may begin in a holiday
    brief = days < WEEK and size < _LEAST_BRIEF
    if not step.rises and days < _SHORT_FALL and step.end < len(subject.profile.day_highest):
        return size > (_SHUTDOWN if days >= WEEK or is_own(subject, step.slip) else NO_WEATHER)
    return size > _SHUTDOWN or (subject.profile.hourly and not brief)
