"""Subjects for the rules on values with just what a limit asks for, in few words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from jcm_mrv.findings import Finding
from jcm_mrv.meters.profiles.profile import Profile, Run
from jcm_mrv.meters.segments import Parts, SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.quality.values.subject import Month, Subject
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR
from support.values import START as FIRST
from support.values import profile_of, subject_of, timeline_of

START = int(timeline_of(366).edges[0])
YEAR = [f"2024-{m:02d}" for m in range(1, 13)]
Rule = Callable[[Subject], Iterator[Finding]]


def hours(days: int, level: float = 50.0, **values: float) -> np.ndarray:
    """Mean power [kW] by hour; ``d5h12=80.0`` is that of the sixth day from 12:00 on."""
    power = np.full(days * 24, level)
    for at, value in values.items():
        day, hour = at[1:].split("h")
        power[int(day) * 24 + int(hour)] = value
    return power


def months(*rates: float, of: float = 700.0) -> tuple[Month, ...]:
    return tuple(Month(n, f"2024-{n + 1:02d}", rate * of, of, Origin(cell=f"E{n}")) for n, rate in enumerate(rates))


def spread(days: int, level: float, low: float, each_day: int, more: int = 0) -> np.ndarray:
    """Each day so many hours of ``low``, in the last one ``more`` of them."""
    power = np.full((days, 24), level)
    for day in range(days):
        power[day, 2 : 2 + each_day + (more if day == days - 1 else 0)] = low
    return power.ravel()


def made(power: np.ndarray, changed: Mapping[str, Any] | None = None, start: date = FIRST, **stated: Any) -> Subject:
    """A subject read every hour; ``changed`` of its profile, the rest as in :func:`support.values.subject_of`."""
    timeline = timeline_of(len(power) // 24, start)
    profile = replace(profile_of(power, timeline, 60), **(changed or {}))
    return subject_of(profile, timeline, **stated)


def run(hours: float, value: float = 371.4, count: int = 12, at: float = 0.0) -> Run:
    begins = START + round(at * HOUR)
    return Run(value, begins, begins + round(hours * HOUR), count, Origin(line=2))


def still(
    *runs: Run, kind: str = "log", interval: int = HOUR, zeros: Sequence[Run] = (), lowest: float = 0.0, **stated: Any
) -> Subject:
    """A load of a year with these runs of one value."""
    flat = _year()
    assert flat.lowest is not None
    low = replace(flat.lowest, value=lowest)
    profile = replace(flat, kind=kind, interval=interval, runs=runs, zeros=tuple(zeros), lowest=low)
    return subject_of(profile, timeline_of(366), months=(), **stated)


@cache
def _year() -> Profile:
    return profile_of(np.full(24 * 366, 100.0), timeline_of(366), 60)


def values(*hours: float, first: float = 1.0) -> list[Run]:
    """Runs of different values."""
    return [run(one, first + n) for n, one in enumerate(hours)]


def sunny(days: int = 20, **changes: float) -> np.ndarray:
    """100 kW from 6:00 to 18:00; ``d5h8=0.1`` is the value on the sixth day at 8:00."""
    power = np.tile(np.where((np.arange(24) >= 6) & (np.arange(24) < 18), 100.0, 0.0), days)
    for at, value in changes.items():
        day, hour = at[1:].split("h")
        power[int(day) * 24 + int(hour)] = value
    return power


def dark(day: int, first: int, count: int, value: float = 0.0) -> dict[str, float]:
    return {f"d{day + (first + n) // 24}h{(first + n) % 24}": value for n in range(count)}


def bell(weeks: int, shift: float, side: int = 4) -> np.ndarray:
    """A plant whose day is highest at noon, and ``shift`` hours later from the week ``side`` on."""
    hour = np.arange(24) + 0.5
    days = [
        np.clip(np.cos((hour - 12 - (shift if d >= 7 * side else 0)) / 12 * np.pi), 0, None) for d in range(7 * weeks)
    ]
    return 100 * np.concatenate(days)


def monthly(rates: Sequence[float], labels: Sequence[str] = YEAR, hours: float = 700.0, **stated: Any) -> Subject:
    start = Timeline.of(date(2024, 1, 1), date(2026, 12, 31), "Asia/Ho_Chi_Minh")
    profile = replace(profile_of(np.full(24, 1.0), timeline_of(1), 60), interval=30 * DAY, kind="energy")
    own = tuple(
        Month(n, label, rate * hours, hours, Origin(line=n))
        for n, (label, rate) in enumerate(zip(labels, rates, strict=False))
    )
    return subject_of(profile, start, months=own, **stated)


def with_one(at: int, value: float, *others: tuple[int, float], count: int = 12) -> list[float]:
    rates = [100.0] * count
    for n, rate in ((at, value), *others):
        rates[n] = rate
    return rates


def parts(*rows: tuple[float, float, float, float, int], unit: str = "h", meters: int = 1) -> Parts:
    """Rows of value, opening, closing, wrap and length in hours, one after another."""
    count = len(rows)
    start = np.array([START + n * 1000 * HOUR for n in range(count)], dtype=np.int64)
    one, first = np.ones(count), np.ones(count, dtype=np.int64)
    columns = [np.array([row[n] for row in rows], dtype=np.float64) for n in range(5)]
    where = [Origin(line=n + 2) for n in range(count)]
    return Parts(
        meter_ids=tuple(f"M{n}" for n in range(meters)), units=(unit,), sources=(), meter=first * 0, month=first * 0,
        kind=first * SegmentKind.ENERGY, value=columns[0], opening=columns[1], closing=columns[2], wrap=columns[3],
        share=one, factor=one, unit=first * 0, count=first, expected=first, source=first * -1, start=start,
        end=start + (columns[4] * HOUR).astype(np.int64), origins=where, opening_origins=where,
    )  # fmt: skip


def codes(findings: Any) -> list[str]:
    return [f.code.split(".")[1] for f in findings]


def year(reductions: float, estimate: float | None = None, days: int = 366) -> Any:
    start = date(2024, 1, 1)
    return SimpleNamespace(
        year=2024,
        reductions=reductions,
        estimate=estimate,
        start=start,
        end=date.fromordinal(start.toordinal() + days - 1),
    )


def only(rule: Rule, subject: Subject) -> Finding | None:
    found = list(rule(subject))
    assert len(found) < 2
    return found[0] if found else None
