"""True power by interval [kW], as arrays over the intervals of a period."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def instants(start: datetime, end: datetime, minutes: int) -> list[datetime]:
    """The beginnings of all intervals between two local times."""
    count = int((end - start) / timedelta(minutes=minutes))
    return [start + timedelta(minutes=minutes) * n for n in range(count)]


def _hours_and_days(times: list[datetime], minutes: int) -> tuple[Floats, Floats]:
    middle = [t + timedelta(minutes=minutes / 2) for t in times]
    hours = np.array([t.hour + t.minute / 60 for t in middle])
    return hours, np.array([float(t.timetuple().tm_yday) for t in middle])


def sun(times: list[datetime], minutes: int, latitude: float, longitude: float, offset: float) -> Floats:
    """Sine of the sun's elevation, 0 at night; ``offset`` is that of local time from UTC [h]."""
    hours, days = _hours_and_days(times, minutes)
    declination = np.radians(23.45) * np.sin(2 * np.pi * (284 + days) / 365)
    b = 2 * np.pi * (days - 81) / 364
    equation = (9.87 * np.sin(2 * b) - 7.53 * np.cos(b) - 1.5 * np.sin(b)) / 60  # Duffie and Beckman [h]
    angle = np.radians(15) * (hours + longitude / 15 - offset + equation - 12)
    phi = np.radians(latitude)
    sine = np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.cos(angle)
    return np.asarray(np.clip(sine, 0.0, None))


def _per_day(times: list[datetime]) -> npt.NDArray[np.int64]:
    return np.array([t.toordinal() for t in times], dtype=np.int64) - times[0].toordinal()


def generation(clear: Floats, times: list[datetime], peak: float, rng: np.random.Generator) -> Floats:
    """Power of a solar plant under changing clouds; the night is 0."""
    day = _per_day(times)
    state, sky = 0.0, np.empty(day[-1] + 1)
    for n in range(len(sky)):
        state = 0.6 * state + rng.normal(0, 0.6)
        sky[n] = 0.35 + 0.65 / (1 + np.exp(-1.5 - 1.4 * state))
    flicker = np.clip(1 - np.abs(rng.normal(0, 0.18, len(clear))) * (1.05 - sky[day]) * 2.2, 0.15, 1.0)
    return np.asarray(peak * clear**1.15 * sky[day] * flicker)


def _noise(count: int, size: float, rng: np.random.Generator) -> Floats:
    return np.asarray(np.exp(rng.normal(0, size, count)))


def cooling(times: list[datetime], mean: float, rng: np.random.Generator) -> Floats:
    """Power of air conditioning: by season, hour, weekday, and the weather of the day and of a spell."""
    hours, days = _hours_and_days(times, 60)
    season = 1 + 0.35 * np.sin(2 * np.pi * (days - 100) / 365)
    shape = 0.45 + 0.55 * np.exp(-(((hours - 14.5) / 4.2) ** 2))
    week = np.where(np.array([t.weekday() for t in times]) == 6, 0.8, 1.0)
    day = _per_day(times)
    weather = _noise(int(day[-1]) + 1, 0.10, rng)
    first, length = int(rng.integers(len(weather))), int(rng.integers(12))
    weather[first : first + length] *= float(rng.uniform(0.6, 1.25))  # a cool spell or a heat wave
    weather = weather[day]
    return np.asarray(mean * season * shape * week * weather * _noise(len(times), 0.06, rng) / 0.65)


def factory(times: list[datetime], mean: float, rng: np.random.Generator) -> Floats:
    """Power of a factory's load: shifts, quiet Sundays, some holidays, a base load that never stops."""
    hours, _ = _hours_and_days(times, 60)
    shifts = np.where((hours >= 6) & (hours < 22), 1.25, 0.6)
    week = np.where(np.array([t.weekday() for t in times]) == 6, 0.45, 1.0)
    day = _per_day(times)
    order = _noise(int(day[-1]) + 1, 0.08, rng)
    power = mean * shifts * week * order[day]
    first, length = int(rng.integers(len(order))), int(rng.integers(9))
    holiday = (day >= first) & (day < first + length)
    power[holiday] = mean * float(rng.uniform(0.1, 0.35))  # what never stops, at all hours alike
    return np.asarray(power * _noise(len(times), 0.05, rng))
