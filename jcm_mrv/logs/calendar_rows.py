"""Logs with a value for each day or month of the calendar: spans that differ in length.

A day has 23 or 25 hours where the clock changes, a month 28 to 31 days. Neither
has an interval in minutes; where each value begins and ends follows from the
calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np

from jcm_mrv.arrays import Instants
from jcm_mrv.logs.blocks import Plan
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.time.timestamps import TimestampFormat
from jcm_mrv.time.zones import DAY, micros, naive, to_local, to_utc, transitions

LEAST_MONTH = 28 * DAY
"""The shortest month: an interval that is stated to be as long means months."""


@dataclass(frozen=True)
class Calendar:
    """How long each value speaks: ``unit`` is day or month.

    ``phase`` is the local time of the month or day at which a value begins or
    ends (microseconds after its first midnight); ``last_day``: the times are
    the last days of months.
    """

    unit: str
    phase: int = 0
    last_day: bool = False

    def spans(self, stamp: Instants, zone: tzinfo, *, opens: bool) -> tuple[Instants, Instants]:
        """Where the values begin and end, as instants."""
        local = to_local(stamp, zone)
        first = self._floor(local)
        if self.unit == "month":
            ahead = 1 if opens or self.last_day else 0
            begin, end = self._month(first, ahead - 1), self._month(first, ahead)
        else:
            shift = 0 if opens else -DAY
            begin, end = first + shift, first + shift + DAY
        phase = 0 if self.last_day else self.phase
        return to_utc(begin + phase, zone).instants, to_utc(end + phase, zone).instants

    def _floor(self, local: Instants) -> Instants:
        """The first midnight of the day or month."""
        days = local // DAY * DAY
        return days if self.unit == "day" else self._month(days, 0)

    @staticmethod
    def _month(days: Instants, ahead: int) -> Instants:
        found = []
        for moment in map(naive, days.tolist()):
            number = moment.year * 12 + moment.month - 1 + ahead
            found.append(micros(datetime(number // 12, number % 12 + 1, 1)))
        return np.array(found, dtype=np.int64)


def calendar_of(plan: Plan, samples: Sequence[str], spec: LogSpec, edges: Instants) -> Calendar | None:
    """The calendar that the first times of a log show; None where its intervals are all alike."""
    if spec.kind == "register" or spec.zone is None or plan.stamp.offset or plan.clock is not None:
        return None
    local = _parsed(samples, plan.stamp) + plan.late
    if len(local) < 2:
        return None
    if (spec.interval is None or spec.interval >= LEAST_MONTH) and (months := _months(local, opens=spec.opens)):
        return months
    daily = spec.interval == DAY or (spec.interval is None and int(np.diff(local).min()) == DAY)
    if daily and bool((local % DAY == local[0] % DAY).all()):
        changes = transitions(spec.zone, int(edges[0]) - DAY, int(edges[-1]) + DAY)
        return Calendar("day", int(local[0] % DAY)) if changes else None
    return None


def _parsed(samples: Sequence[str], stamp: TimestampFormat) -> Instants:
    found = set()
    for text in samples:
        try:
            found.add(stamp.parse(text)[0])
        except (ValueError, OverflowError):
            continue
    return np.array(sorted(found), dtype=np.int64)


def _months(local: Instants, *, opens: bool) -> Calendar | None:
    """Months, where all times lie on one day of the month, or on the last, and no two in the same."""
    moments = [naive(count) for count in local.tolist()]
    months = np.array([m.year * 12 + m.month for m in moments])
    clock = local % DAY
    if bool((np.diff(months) < 1).any()) or bool((clock != clock[0]).any()) or int(np.diff(months).min()) != 1:
        return None
    if len({m.day for m in moments}) == 1:
        return Calendar("month", (moments[0].day - 1) * DAY + int(clock[0]))
    following = [naive(count + DAY) for count in local.tolist()]
    if not opens and not clock[0] and all(m.day == 1 for m in following):
        return Calendar("month", 0, last_day=True)
    return None
