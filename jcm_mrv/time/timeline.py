"""The monitoring period cut into month and year slices, in the project's local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Instants
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.time.zones import UtcTimes, micros, parse_zone, to_utc
from jcm_mrv.words import say


class PeriodError(JcmMrvError, ValueError):
    """A monitoring period that ends before it starts."""


@dataclass(frozen=True)
class Slice:
    """A span of time: start inclusive, end exclusive, in microseconds UTC.

    ``label`` is ``2024-09`` for a month and ``2024`` for a year, also where
    the period's own start or end cuts it short.
    """

    label: str
    start: int
    end: int
    year: int

    @property
    def duration(self) -> int:
        """Length in microseconds."""
        return self.end - self.start


@dataclass(frozen=True)
class Timeline:
    """A monitoring period and its slices.

    ``start`` is the first day, ``end_exclusive`` the day after the last one
    (both local dates), ``zone`` the project's time zone. Raises PeriodError
    when no day lies between them.
    """

    start: date
    end_exclusive: date
    zone: tzinfo

    def __post_init__(self) -> None:
        if self.end_exclusive <= self.start:
            last = self.end_exclusive - timedelta(days=1)
            raise PeriodError(
                say("the monitoring period ends ({last}) before it starts ({start})", last=last, start=self.start)
            )

    @classmethod
    def of(cls, start: date, last_day: date, zone: str) -> Timeline:
        """A period from its first to its last day, both inside; the zone as text.

        Raises PeriodError, or TimeZoneError when the zone is unknown.
        """
        return cls(start, last_day + timedelta(days=1), parse_zone(zone))

    @cached_property
    def months(self) -> tuple[Slice, ...]:
        """The month slices in order, cut at the period's ends."""
        firsts = [self.start]
        while (following := _next_month(firsts[-1])) < self.end_exclusive:
            firsts.append(following)
        return tuple(
            Slice(f"{a:%Y-%m}", self.midnight(a), self.midnight(b), a.year)
            for a, b in zip(firsts, [*firsts[1:], self.end_exclusive], strict=True)
        )

    @cached_property
    def years(self) -> tuple[Slice, ...]:
        """The calendar-year slices in order, cut at the period's ends."""
        groups: dict[int, list[Slice]] = {}
        for month in self.months:
            groups.setdefault(month.year, []).append(month)
        return tuple(Slice(str(y), months[0].start, months[-1].end, y) for y, months in groups.items())

    @cached_property
    def year_of_month(self) -> npt.NDArray[np.int64]:
        """For each month its year's ordinal in :attr:`years`."""
        ordinal = {year.year: i for i, year in enumerate(self.years)}
        return np.array([ordinal[m.year] for m in self.months], dtype=np.int64)

    @cached_property
    def edges(self) -> Instants:
        """The months' limits as instants; month m lies from edges[m] to edges[m + 1]."""
        return np.array([*(m.start for m in self.months), self.months[-1].end], dtype=np.int64)

    def midnight(self, day: date) -> int:
        """The instant at which a local day begins (its first midnight, or the jump that replaces it)."""
        return self.instant(datetime(day.year, day.month, day.day))

    def instant(self, moment: datetime) -> int:
        """The instant of a local time: the first of two that the clock showed twice, the jump for one it skipped."""
        return int(self.to_utc(np.array([micros(moment)])).instants[0])

    def to_utc(self, local: Instants) -> UtcTimes:
        """Instants of naive local times of the project; ambiguous ones are marked."""
        return to_utc(local, self.zone)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
