"""Subjects for the rules on values, from arrays instead of files; and sound loads of several kinds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from jcm_mrv.meters.profiles.builder import ProfileBuilder, cut_hours
from jcm_mrv.meters.profiles.profile import Peak, Profile, Run
from jcm_mrv.meters.profiles.values import ReadValues
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quality.values.subject import Limit, Month, Site, Subject
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, MINUTE

HAI_PHONG = Site(20.86, 106.68)
START = date(2024, 1, 1)
FILE = "log.csv"


class NoEffects(Effects):
    """Nothing is claimed: no effect is known."""

    def __init__(self) -> None:
        pass

    def __call__(self, meter: str, unit: str, amounts: Any) -> float | None:
        return None


class Tonnes(Effects):
    """ER moves by ``each`` tonnes with a unit of the meter in the first month, twice as much in the second, and so on.

    Above 0 it rises with the meter, below 0 it falls.
    """

    def __init__(self, each: float) -> None:
        self.each = each

    def __call__(self, meter: str, unit: str, amounts: Any) -> float | None:
        return self.each * sum((month + 1) * amount for month, amount in amounts.items())


def timeline_of(days: int, start: date = START, zone: str = "Asia/Ho_Chi_Minh") -> Timeline:
    return Timeline.of(start, start + timedelta(days=days - 1), zone)


def profile_of(power: np.ndarray, timeline: Timeline, minutes: int = 15, *, block: int = 0) -> Profile:
    """The profile of a log of mean power [kW] from the first instant of the timeline on; NaN is a hole.

    ``block``: how many values stream past at once, 0 for all of them.
    """
    interval = minutes * MINUTE
    first, last = int(timeline.edges[0]), int(timeline.edges[-1])
    start = first + np.arange(len(power), dtype=np.int64) * interval
    known = ~np.isnan(power) & (start < last)
    start, value, line = start[known], power[known], np.flatnonzero(known) + 2
    builder = ProfileBuilder(first, last, interval)
    size = block or len(start)
    for i in range(0, len(start), size):
        rows = slice(i, i + size)
        builder.feed(start[rows], line[rows], value[rows], cut_hours(start[rows], interval, first))
    builder.finish()
    hours = interval / HOUR
    at = lambda n: Origin(file=FILE, line=n)  # noqa: E731
    peaks = [Peak(p.value, p.value, p.start, p.start + interval, at(p.line)) for p in builder.peaks]
    low = builder.lowest
    assert low is not None
    runs = [
        tuple(Run(r.value, r.start, r.start + r.count * interval, r.count, at(r.line)) for r in found)
        for found in (builder.runs, builder.zeros)
    ]
    return Profile(
        "M1", "log", "kWh", first, interval, builder.sums * hours, builder.counts * hours, builder.day_highest,
        [at(n) if n else None for n in builder.day_line.tolist()], runs[0], runs[1], tuple(peaks),
        Peak(low.value, low.value, low.start, low.start + interval, at(low.line)),
        float(np.minimum(value, 0).sum() * hours), len(value),
        (lambda: ReadValues(start, value, lambda n: at(int(line[n]))),),
    )  # fmt: skip


def months_of(profile: Profile, timeline: Timeline) -> tuple[Month, ...]:
    """Sums by month of a profile."""
    cells = profile.first + np.arange(len(profile.amount), dtype=np.int64) * HOUR
    of = np.searchsorted(timeline.edges, cells, side="right") - 1
    found = []
    for m, piece in enumerate(timeline.months):
        own = of == m
        hours = float(profile.covered[own].sum())
        if hours:
            found.append(Month(m, piece.label, float(profile.amount[own].sum()), hours, Origin(file=FILE, line=m + 2)))
    return tuple(found)


def subject_of(
    profile: Profile,
    timeline: Timeline,
    *,
    sun: bool = False,
    site: Site | None = None,
    highest: float | None = None,
    rated: float | None = None,
    factors: tuple[float, ...] = (),
    months: tuple[Month, ...] | None = None,
    measures: str = "SYSTEM E",
    subtracted: bool = False,
    each: float | None = None,
    settings: Mapping[str, float] | None = None,
) -> Subject:
    """A subject with the limits given in kW; ``each`` as in :class:`Tonnes`, no effect is known without it."""
    return Subject(
        profile=profile,
        months=months_of(profile, timeline) if months is None else months,
        follows_sun=sun,
        highest=_limit(highest, "highest rate", "Meters"),
        rated=_limit(rated, "rated capacity", "Equipment"),
        factors=factors,
        spans=((int(timeline.edges[0]), int(timeline.edges[-1])),),
        timeline=timeline,
        site=site,
        settings=Settings(dict(settings or {})),
        effects=NoEffects() if each is None else Tonnes(each),
        measures=measures,
        subtracted=subtracted,
    )


def _limit(rate: float | None, words: str, sheet: str) -> Limit | None:
    return None if rate is None else Limit(rate, f"the {words} of {rate:g} kW", Origin(sheet=sheet))


# --- sound loads, mean power [kW] every 15 minutes ------------------------------------


def solar(days: int, rng: np.random.Generator, capacity: float = 100.0, *, night: float = 0.0) -> np.ndarray:
    """A plant at 106.68 degrees east with clouds by day and by hour; ``night`` is what it draws then."""
    hour = np.arange(days * 96) / 4 % 24 + 0.125
    day = np.arange(days * 96) // 96
    length = 6 + 0.7 * np.sin(2 * np.pi * (day - 80) / 365)
    height = np.cos(np.pi / 2 * (hour - 11.9) / length)
    height = np.where(np.abs(hour - 11.9) < length, np.maximum(height, 0.0), 0.0)
    clear = 0.85 * height**1.2
    daily = np.repeat(np.clip(rng.beta(3, 1.2, days), 0.08, 1), 96)
    cloud = 1 - (1 - daily) * np.repeat(rng.random(days * 24), 4) * 1.2
    power = capacity * clear * np.clip(cloud, 0.05, 1) * (1 + 0.02 * rng.standard_normal(days * 96))
    return np.round(np.where(clear > 0, np.maximum(power, 0), -night * (1 + 0.1 * rng.random(days * 96))), 3)


def factory(days: int, rng: np.random.Generator, size: float = 400.0, digits: int = 1) -> np.ndarray:
    """Two shifts on weekdays, half a day on Saturday, a base load, and a week's holiday."""
    hour = np.arange(days * 96) / 4 % 24
    day = np.arange(days * 96) // 96
    weekday = day % 7
    work = (hour >= 6) & (hour < 22) & (weekday < 5) | (hour >= 6) & (hour < 12) & (weekday == 5)
    work &= ~((day >= 38) & (day < 45))
    level = np.where(work, 1.0, 0.12) * np.where((hour >= 12) & (hour < 13) & work, 0.6, 1.0)
    return np.round(size * level * (1 + 0.06 * rng.standard_normal(days * 96)), digits)


def air_conditioning(days: int, rng: np.random.Generator, size: float = 60.0) -> np.ndarray:
    """Shop hours only, strong seasons, nothing at night."""
    hour = np.arange(days * 96) / 4 % 24
    day = np.arange(days * 96) // 96
    season = np.clip(0.55 - 0.5 * np.cos(2 * np.pi * (day - 15) / 365), 0.03, None)
    weather = np.repeat(np.clip(1 + 0.25 * rng.standard_normal(days), 0.3, 1.7), 96)
    open_ = (hour >= 8) & (hour < 21)
    load = np.where(open_, season * weather * (0.7 + 0.3 * np.sin(np.pi * (hour - 8) / 13)), 0.0)
    return np.round(size * load * (1 + 0.1 * rng.standard_normal(days * 96)).clip(0.2), 2).clip(0)


def boiler(days: int, rng: np.random.Generator, size: float = 25.0, digits: int = 0) -> np.ndarray:
    """A steady load in coarse digits that drifts slowly, with a few stops."""
    drift = np.interp(
        np.arange(days * 96), np.arange(0, days * 96 + 1, 96 * 3), 1 + 0.06 * rng.standard_normal(days // 3 + 1)
    )
    power = size * drift * (1 + 0.01 * rng.standard_normal(days * 96))
    for stop in rng.integers(0, days * 96 - 200, max(1, days // 45)):
        power[stop : stop + int(rng.integers(30, 60))] = 0
    return np.round(power, digits)  # fmt: skip
