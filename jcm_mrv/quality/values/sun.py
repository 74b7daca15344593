"""Solar generation against the sun: energy at night, and when the sun stands high."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from jcm_mrv.arrays import Flags, Instants, Numbers
from jcm_mrv.findings import Bias, Code, Finding, Severity
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.values.subject import Site, Subject, runs_of
from jcm_mrv.time.zones import DAY, HOUR
from jcm_mrv.words import say

NIGHT = Code("readings.night_generation", Severity.MAJOR, "A solar plant generates while the sun is down.")

_HIGH_SUN = 15.0
_NEVER_DARK = 0.05
"""The hour of the day with the least has this share of the one with the most: no sun feeds that meter."""

NIGHT_LOWEST_SUN = Setting("night.lowest_sun", -1.0, "°", "the sun is down when it stands lower than this", -18, 5)
NIGHT_MINOR_SHARE = Setting(
    "night.minor_share", 0.0005, "1", "generation at night above this share of the whole is minor", most=1
)
NIGHT_MAJOR_SHARE = Setting(
    "night.major_share", 0.002, "1", "generation at night above this share of the whole is major", most=1
)


def elevation(instants: Instants, site: Site) -> Numbers:
    """Height of the sun [°] over the horizon, without refraction, at instants in microseconds UTC.

    By pvlib's implementation of the solar position algorithm of Reda and
    Andreas (NREL/TP-560-34302, 2008).
    """
    import pandas as pd
    from pvlib import solarposition

    times = pd.DatetimeIndex(pd.to_datetime(instants, unit="us", utc=True))
    found = solarposition.get_solarposition(times, site.latitude, site.longitude)
    height: Numbers = found["elevation"].to_numpy(dtype=np.float64)
    return height


def solar_noon_hour(instant: int, site: Site) -> float:
    """The hour of the UTC day, 0 to 24, at which the sun stands highest on the day of an instant.

    The equation of time is that of Spencer (1971), within half a minute.
    """
    day = instant // DAY
    angle = 2 * np.pi * ((day - 0.5) % 365.2425) / 365.2425
    minutes = 229.18 * (
        0.000075
        + 0.001868 * np.cos(angle)
        - 0.032077 * np.sin(angle)
        - 0.014615 * np.cos(2 * angle)
        - 0.040849 * np.sin(2 * angle)
    )
    return float((12 - site.longitude / 15 - minutes / 60) % 24)


@lru_cache(maxsize=4)
def _hourly(first: int, count: int, site: Site) -> Numbers:
    """The sun's height every hour from an instant on; all meters of a project share it."""
    return elevation(first + np.arange(count, dtype=np.int64) * HOUR, site)


def _heights(subject: Subject, site: Site) -> Numbers:
    """The sun's height at the beginning and end of each hour, the higher and the lower; shape (2, days, 24)."""
    height = _hourly(subject.profile.first, len(subject.profile.amount) + 1, site)
    shape = subject.profile.rates.shape
    higher = np.maximum(height[:-1], height[1:]).reshape(shape)
    return np.stack([higher, np.minimum(height[:-1], height[1:]).reshape(shape)])


def sun_is_up(subject: Subject) -> Flags:
    """True for each hour throughout which the sun stands well over the horizon; shape (days, 24).

    Without a position: the hours of the day in which this plant's own mean is above half of its highest.
    """
    if subject.site is not None:
        up: Flags = _heights(subject, subject.site)[1] > _HIGH_SUN
        return up
    mean = subject.profile.mean_day
    return np.broadcast_to(mean > 0.5 * mean.max(), subject.profile.rates.shape)


def _never_dark(amount: Numbers) -> bool:
    """True where every hour of the day has its part, which a wrong clock does not make of a solar plant."""
    by_hour = amount.sum(axis=0)
    return float(by_hour.min()) > _NEVER_DARK * float(by_hour.max())


def night_generation(subject: Subject) -> Iterator[Finding]:
    """Generation in hours without sun, where it is more than a trace of the whole; only where the site is known."""
    profile, settings = subject.profile, subject.settings
    if not (subject.follows_sun and profile.hourly and subject.site is not None):
        return
    amount = np.maximum(profile.amount, 0.0).reshape(profile.rates.shape)
    at_night = np.where(_heights(subject, subject.site)[0] < settings[NIGHT_LOWEST_SUN], amount, 0.0)
    night, whole = float(at_night.sum()), float(amount.sum())
    if not night or night < settings[NIGHT_MINOR_SHARE] * whole:
        return
    by_day = at_night.sum(axis=1)
    generating = max(1, int(np.count_nonzero(amount.sum(axis=1))))
    nights = int(np.count_nonzero(by_day > 0.01 * whole / generating))
    worst = int(np.argmax(by_day))
    hour = int(np.argmax(at_night[worst]))
    share = night / whole
    months: dict[int, float] = {}
    for day in np.flatnonzero(by_day).tolist():
        month = subject.month_at(profile.instant(day))
        months[month] = months.get(month, 0.0) + float(by_day[day])
    yield NIGHT(
        say(
            "meter {meter} shows generation on {most_nights} night(s), while the sun is down",
            meter=subject.meter,
            most_nights=max(nights, 1),
        ),
        profile.where(worst),
        found=say(
            "{night:.6g} {subject_unit}, {share:.2%} of all; most of it on {when}",
            night=night,
            subject_unit=subject.unit,
            share=share,
            when=subject.when(profile.instant(worst, hour)),
        ),
        action=say(
            "Check time zone and timestamp of the log, whether another meter's column was taken, what fed the meter, "
            "and its sign on Monitoring points."
        ),
        data={"amount": night, "share": share, "nights": nights},
        effect_tco2e=subject.effect(months),
        severity=Severity.ERROR
        if _never_dark(amount)
        else Severity.MAJOR
        if share >= settings[NIGHT_MAJOR_SHARE]
        else Severity.MINOR,
        questionable=runs_of(subject, at_night > 0, Bias.TOO_HIGH),
    )
