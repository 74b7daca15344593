"""Single values that are larger than can have flowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from jcm_mrv.arrays import Numbers
from jcm_mrv.findings import Bias, Code, Finding, QuestionableSpan, Severity, named
from jcm_mrv.meters.profiles.builder import KEPT_PEAKS
from jcm_mrv.meters.profiles.profile import Peak
from jcm_mrv.quality.setting import LEAST, Setting
from jcm_mrv.quality.values.subject import (
    CAPACITY_MOST_OF_RATED_GENERATION,
    CAPACITY_REFUSED_TIMES,
    SPIKE_MOST_DAYS,
    Subject,
    runs_of,
)
from jcm_mrv.time.zones import DAY, HOUR
from jcm_mrv.words import say

SPIKE = Code("readings.spike", Severity.MAJOR, "A single value is larger than can have flowed.")

_LEAST_DAYS = 10
_AROUND = 15  # days
# Of so many days, or months that differ less among each other, none of a register is by chance so far above all others
# and the last one.
DAYS_OF_REGISTER, MONTHS_OF_REGISTER, BEYOND_OTHERS = 28, 6, 1.25

SPIKE_MOST_OF_HIGHEST_RATE = Setting(
    "spike.most_of_highest_rate", 1.05, "1", "a value above this multiple of the highest rate is a spike", LEAST
)
SPIKE_LEAST_TIMES_USUAL = Setting(
    "spike.least_times_usual",
    3.0,
    "1",
    "without a highest rate: a value above this multiple of a usual day's highest value is a spike",
    1,
)
SPIKE_MAJOR_TIMES_USUAL = Setting(
    "spike.major_times_usual",
    8.0,
    "1",
    "without a highest rate: from this multiple of a usual day's highest value on a spike is major",
    1,
)


@dataclass(frozen=True)
class _Excess:
    """Values above a rate, in words; ``certain`` where that rate is stated and not taken from the other values."""

    peaks: list[Peak]
    rate: float
    words: str
    certain: bool

    @property
    def times(self) -> float:
        """The highest value as a multiple of the rate."""
        return self.peaks[0].rate / self.rate


def spike(subject: Subject) -> Iterator[Finding]:
    """Single values above the highest rate; without one, far above a usual day's highest value."""
    limit = most_of_a_value(subject)
    if limit is not None:
        peaks = [p for p in subject.profile.peaks if p.rate > limit[0]]
        excess = _Excess(peaks, *limit, True) if peaks else None
    else:
        excess = _above_usual(subject)
    excess = excess or _last_of_register(subject) or _last_month_of_register(subject)
    if excess is not None:
        yield _finding(subject, excess)


def most_of_a_value(subject: Subject) -> tuple[float, str] | None:
    """What a single value cannot exceed [unit/h], in words too: the highest rate, else a solar plant's capacity."""
    settings = subject.settings
    if subject.highest is not None:
        return subject.highest.rate * settings[SPIKE_MOST_OF_HIGHEST_RATE], subject.highest.words
    if subject.follows_sun and subject.rated is not None:
        return subject.rated.rate * settings[CAPACITY_MOST_OF_RATED_GENERATION], subject.rated.words
    return None


# --- against the meter's other values ------------------------------------------------


def _above_usual(subject: Subject) -> _Excess | None:
    """Values far above a usual day's highest, of all days, else of the month around."""
    highest = subject.profile.day_highest
    if not subject.profile.daily:
        return None
    least = subject.settings[SPIKE_LEAST_TIMES_USUAL]
    usual = _usual(highest)
    above = [p for p in subject.profile.peaks if usual is not None and p.rate > usual * least]
    if usual is not None and above and not _is_habit(subject, highest, above[0].rate):
        return _Excess(
            above,
            usual,
            say("a usual day's highest value of {usual:.6g} {subject_unit}/h", usual=usual, subject_unit=subject.unit),
            False,
        )
    return _above_days_around(subject, least)


def _above_days_around(subject: Subject, least: float) -> _Excess | None:
    """A value out of season may be far from its days and still below those of another month."""
    highest = subject.profile.day_highest
    found: list[tuple[float, Peak]] = []
    usual = _usual_around(highest)
    with np.errstate(invalid="ignore"):
        above = np.flatnonzero(highest > usual * least)
    for day in above.tolist():
        around = highest[max(0, day - _AROUND) : day + _AROUND + 1]
        if not _is_habit(subject, around, float(highest[day])):
            found.append((float(usual[day]), _highest_of_day(subject, day)))
    if not found or len(found) > subject.settings[SPIKE_MOST_DAYS]:
        return None
    found.sort(key=lambda one: -one[1].rate)
    return _Excess([peak for _, peak in found], found[0][0], say("the usual highest value of the days around"), False)


def _last_of_register(subject: Subject) -> _Excess | None:
    """The first or last day of a register read daily, where it is above every other: no reading beyond confirms it.

    A register read wrong between two others is too high by what the next day is too low; at its ends it is not.
    """
    profile, highest = subject.profile, subject.profile.day_highest
    known = np.flatnonzero(np.isfinite(highest))
    if profile.kind != "register" or profile.hourly or not profile.daily or len(known) < DAYS_OF_REGISTER:
        return None
    for day in (int(known[-1]), int(known[0])):
        others = float(highest[known[known != day]].max())
        peak = _highest_of_day(subject, day)
        if peak.rate > BEYOND_OTHERS * others > 0 and (subject.effect(_amounts(subject, [peak])) or 0.0) > 0:
            words = say(
                "{others:.6g} {unit}/h of every other day, and no reading beyond it confirms its reading",
                others=others, unit=subject.unit,
            )  # fmt: skip
            return _Excess([peak], others, words, True)
    return None


def _last_month_of_register(subject: Subject) -> _Excess | None:
    """The same of a register read less often, where what lies between its other readings is steady."""
    profile, highest = subject.profile, subject.profile.day_highest
    known = np.flatnonzero(np.isfinite(highest))
    if profile.kind != "register" or profile.daily or len(known) <= MONTHS_OF_REGISTER or not profile.peaks:
        return None
    peak = profile.peaks[0]
    day = (peak.start - profile.first) // DAY
    if day not in (known[0], known[-1]):
        return None
    rates = highest[known[known != day]]
    others, usual = float(rates.max()), float(np.median(rates))
    beyond = peak.rate > BEYOND_OTHERS * others and others < BEYOND_OTHERS * usual
    if not beyond or not (subject.effect(_amounts(subject, [peak])) or 0.0) > 0:
        return None
    words = say(
        "{others:.6g} {unit}/h between all other readings, and no reading beyond it confirms its reading",
        others=others, unit=subject.unit,
    )  # fmt: skip
    return _Excess([peak], others, words, True)


def _highest_of_day(subject: Subject, day: int) -> Peak:
    """The highest value of a day, its place known to the hour and the first value of the day."""
    profile = subject.profile
    rate = float(profile.day_highest[day])
    if not profile.hourly:
        return Peak(rate, rate, profile.instant(day), profile.instant(day + 1), profile.where(day))
    hour = int(np.argmax(np.nan_to_num(profile.rates[day], nan=-np.inf)))
    return Peak(rate, rate, profile.instant(day, hour), profile.instant(day, hour + 1), profile.where(day))


def _usual(highest: Numbers) -> float | None:
    """A usual day's highest value; None where too few days are known or nothing flows."""
    days = highest[np.isfinite(highest)]
    usual = float(np.percentile(days, 90)) if len(days) >= _LEAST_DAYS else 0.0
    return usual if usual > 0 else None


def _usual_around(highest: Numbers) -> Numbers:
    """For each day what :func:`_usual` says of the days around it, NaN for None."""
    days = np.pad(np.where(np.isfinite(highest), highest, np.nan), _AROUND, constant_values=np.nan)
    around = np.sort(sliding_window_view(days, 2 * _AROUND + 1), axis=1)  # the unknown ones last
    known = np.count_nonzero(np.isfinite(around), axis=1)
    usual = np.full(len(highest), np.nan)
    for count in np.unique(known[known >= _LEAST_DAYS]).tolist():
        same = known == count
        usual[same] = np.percentile(around[same, :count], 90, axis=1)
    return np.where(usual > 0, usual, np.nan)


def _is_habit(subject: Subject, highest: Numbers, rate: float) -> bool:
    return bool(np.count_nonzero(highest > rate / 2) > subject.settings[SPIKE_MOST_DAYS])


# --- saying it -----------------------------------------------------------------------


def _finding(subject: Subject, excess: _Excess) -> Finding:
    peaks, first = excess.peaks, excess.peaks[0]
    amounts = _amounts(subject, peaks)
    count = say("at least {count}", count=len(peaks)) if len(peaks) >= KEPT_PEAKS else len(peaks)
    listed = named(
        [
            say("{value:.10g} at {when} ({where})", value=p.value, when=subject.when(p.start), where=p.where)
            for p in peaks
        ]
    )
    often = _often(subject, excess)
    return SPIKE(
        say(
            "meter {meter} has {count} value(s) above {excess}; the highest is {rate:.6g} {subject_unit}/h",
            meter=subject.meter,
            count=count,
            excess=excess.words,
            rate=first.rate,
            subject_unit=subject.unit,
        ),
        first.where,
        found=say(
            "{listed}; together {sum:.6g} {subject_unit}",
            listed=listed,
            sum=sum(amounts.values()),
            subject_unit=subject.unit,
        ),
        action=say(
            "Correct what was typed wrongly into the workbook. Of a logger ask what it wrote there (restart, missing "
            "time summed up, a digit too many) and correct it by an override, with what proves it; or correct the "
            "highest rate on the sheet Meters. What remains is said on the sheet Answers, and the verifier judges it."
        ),
        data={"count": len(peaks), "rate": first.rate, "amount": sum(amounts.values())},
        effect_tco2e=subject.effect(amounts),
        severity=_weight(subject, excess, often=bool(often)),
        questionable=often or [QuestionableSpan(subject.meter, p.start, p.end, Bias.TOO_HIGH) for p in peaks],
    )


def _amounts(subject: Subject, peaks: list[Peak]) -> dict[int, float]:
    """What the values stand for, by month."""
    amounts: dict[int, float] = {}
    for peak in peaks:
        month, length = subject.month_at(peak.start), min(peak.end - peak.start, subject.profile.interval)
        amounts[month] = amounts.get(month, 0.0) + peak.rate * length / HOUR
    return amounts


def _often(subject: Subject, excess: _Excess) -> list[QuestionableSpan]:
    """The hours near or above a stated limit, where it is passed on more days than a logger's slips are."""
    profile = subject.profile
    days = profile.day_highest > excess.rate
    if not excess.certain or np.count_nonzero(days) <= subject.settings[SPIKE_MOST_DAYS]:
        return []
    return runs_of(subject, days[:, None] & (profile.rates > excess.rate / 2), Bias.TOO_HIGH)


def _weight(subject: Subject, excess: _Excess, *, often: bool) -> Severity:
    """Refused where far more than the limit flows day after day: then the unit is wrong, or the limit."""
    if often and excess.times >= subject.settings[CAPACITY_REFUSED_TIMES]:
        return Severity.ERROR
    major = excess.certain or excess.times >= subject.settings[SPIKE_MAJOR_TIMES_USUAL]
    return Severity.MAJOR if major else Severity.MINOR
