"""The profile of a meter: what its single values look like, whatever source they come from.

Amounts are in the meter's unit after the transformer factor, rates in that
unit per hour. Hours and days are counted from the first midnight of the
monitoring period in fixed steps: a zone with summer time is an hour off for
half of the year, which the sun is too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.meters.profiles.builder import KEPT_PEAKS, KEPT_RUNS
from jcm_mrv.meters.profiles.values import ReadValues, joined
from jcm_mrv.origin import Origin
from jcm_mrv.time.zones import DAY, HOUR, HOURS_A_DAY


@dataclass(frozen=True, slots=True)
class Run:
    """Successive equal values, ``value`` as it was read; limits in microseconds UTC."""

    value: float
    start: int
    end: int
    count: int
    where: Origin

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end - self.start) / HOUR


@dataclass(frozen=True, slots=True)
class Peak:
    """A single value as it was read, and as a rate."""

    value: float
    rate: float
    start: int
    end: int
    where: Origin


@dataclass(frozen=True)
class Profile:
    """One meter's values.

    ``kind`` is log, register or energy (from the sheet Readings), ``first``
    the instant from which hours are counted, ``interval`` the usual length of
    an interval in microseconds. ``amount`` and ``covered`` hold by hour what
    was measured and for what part of the hour (both 0 where nothing was);
    ``day_highest`` the highest rate that begins in each day (-inf where
    none), ``day_where`` the first value of each day. ``runs`` are the longest
    runs of one value other than 0, ``zeros`` those of 0, longest first;
    ``peaks`` the highest values, ``negative`` the sum of what is below 0.
    ``sources`` give the single values, see :attr:`readings`.
    """

    meter_id: str
    kind: str
    unit: str
    first: int
    interval: int
    amount: Numbers
    covered: Numbers
    day_highest: Numbers
    day_where: Sequence[Origin | None]
    runs: tuple[Run, ...]
    zeros: tuple[Run, ...]
    peaks: tuple[Peak, ...]
    lowest: Peak | None
    negative: float
    count: int
    sources: tuple[Callable[[], ReadValues], ...]

    @property
    def hourly(self) -> bool:
        """True where a value covers an hour or less, so that the shape of a day shows."""
        return self.interval <= HOUR

    @property
    def daily(self) -> bool:
        """True where a value covers a day or less."""
        return self.interval <= DAY

    @cached_property
    def readings(self) -> ReadValues:
        """Every single value as it was read; made when a rule asks for it first."""
        return joined([source() for source in self.sources])

    @cached_property
    def rates(self) -> Numbers:
        """Mean rate by day and hour, shape (days, 24), NaN where nothing was measured."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return (self.amount / self.covered).reshape(-1, HOURS_A_DAY)

    @cached_property
    def mean_day(self) -> Numbers:
        """The mean rate of each hour of the day by the days on which it is known, 0 where it never is."""
        known = np.isfinite(self.rates)
        mean: Numbers = self.rates.sum(axis=0, where=known) / np.maximum(known.sum(axis=0), 1)
        return mean

    @cached_property
    def day_amount(self) -> Numbers:
        """Amount by day, NaN where less than nine tenths of the day was measured."""
        covered = self.covered.reshape(-1, HOURS_A_DAY).sum(axis=1)
        return np.where(covered >= 0.9 * HOURS_A_DAY, self.amount.reshape(-1, HOURS_A_DAY).sum(axis=1), np.nan)

    def instant(self, day: int, hour: int = 0) -> int:
        """The instant at which an hour of a day begins."""
        return self.first + day * DAY + hour * HOUR

    def where(self, day: int) -> Origin:
        """The place of the first value of a day, or of the next day that has one."""
        found = (one for one in self.day_where[day:] if one is not None)
        return next(found, self.peaks[0].where if self.peaks else Origin())


def merged(profiles: Sequence[Profile]) -> Profile:
    """The profiles of one meter as one: several files follow each other, or readings fill a log's data gap."""
    first = profiles[0]
    if len(profiles) == 1:
        return first
    lows = [p.lowest for p in profiles if p.lowest is not None]
    most = max(profiles, key=lambda p: p.count)
    covered: Numbers = np.sum([p.covered for p in profiles], axis=0)
    return Profile(
        meter_id=first.meter_id,
        kind=most.kind,
        unit=first.unit,
        first=first.first,
        interval=most.interval,
        amount=np.sum([p.amount for p in profiles], axis=0),
        covered=np.minimum(covered, 1.0) if most.hourly else covered,
        day_highest=np.max([p.day_highest for p in profiles], axis=0),
        day_where=[next((w for w in day if w), None) for day in zip(*(p.day_where for p in profiles), strict=True)],
        runs=_most([r for p in profiles for r in p.runs]),
        zeros=_most([r for p in profiles for r in p.zeros]),
        peaks=tuple(sorted((k for p in profiles for k in p.peaks), key=lambda k: (-k.rate, k.start))[:KEPT_PEAKS]),
        lowest=min(lows, key=lambda k: (k.rate, k.start), default=None),
        negative=math.fsum(p.negative for p in profiles),
        count=sum(p.count for p in profiles),
        sources=tuple(source for p in profiles for source in p.sources),
    )


def _most(runs: list[Run]) -> tuple[Run, ...]:
    return tuple(sorted(runs, key=lambda r: (r.start - r.end, r.start))[:KEPT_RUNS])


def by_meter(profiles: Sequence[Profile]) -> tuple[Profile, ...]:
    """One profile for each meter, in the order in which they first appear."""
    groups: dict[str, list[Profile]] = {}
    for one in profiles:
        groups.setdefault(one.meter_id, []).append(one)
    return tuple(merged(group) for group in groups.values())
