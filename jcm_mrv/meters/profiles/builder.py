"""What a log's single values look like, gathered while its blocks stream past.

Kept are a sum per hour, a highest value per day, the longest runs of one
value and the highest values: memory grows with the days of the monitoring
period, not with the values of the log.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Flags, Instants, Numbers, Ordinals
from jcm_mrv.time.zones import HOUR, HOURS_A_DAY

KEPT_RUNS = 64
KEPT_PEAKS = 16
# Shorter runs of one value are questionable to nobody; so few are kept that each costs nothing.
SHORTEST_RUN_VALUES = 6
SHORTEST_RUN = 3 * HOUR


@dataclass(frozen=True, slots=True)
class RawRun:
    """Successive equal values: ``count`` of them from ``start`` on, the first in ``line``."""

    value: float
    start: int
    count: int
    line: int


@dataclass(frozen=True, slots=True)
class RawPeak:
    """One value with its place."""

    value: float
    start: int
    line: int


@dataclass(frozen=True)
class HourCuts:
    """Where sorted rows change the hour and the day, counted from the beginning of the monitoring period.

    ``gaps`` marks the rows that do not follow the one before them directly.
    """

    at: Ordinals
    cell: Ordinals
    count: Ordinals
    day_at: Ordinals
    day: Ordinals
    gaps: Flags


def cut_hours(start: Instants, interval: int, first: int) -> HourCuts:
    """The hours and days of sorted rows; a row that begins before ``first`` counts with the first hour."""
    cells = np.maximum((start - first) // HOUR, 0)
    at = np.concatenate(([0], np.flatnonzero(cells[1:] != cells[:-1]) + 1))
    cell = cells[at]
    days = cell // HOURS_A_DAY
    opens = np.concatenate(([True], days[1:] != days[:-1]))
    return HourCuts(
        at,
        cell,
        np.diff(np.concatenate((at, [len(start)]))),
        at[opens],
        days[opens],
        np.diff(start) != interval,
    )


@dataclass
class ProfileBuilder:
    """Takes the rows of one column in order of time; ``first`` and ``last`` limit the monitoring period."""

    first: int
    last: int
    interval: int
    sums: Numbers = field(init=False)
    counts: npt.NDArray[np.int32] = field(init=False)
    day_highest: Numbers = field(init=False)
    day_line: Ordinals = field(init=False)
    runs: list[RawRun] = field(default_factory=list)
    zeros: list[RawRun] = field(default_factory=list)
    peaks: list[RawPeak] = field(default_factory=list)
    lowest: RawPeak | None = None
    _open: RawRun | None = None

    def __post_init__(self) -> None:
        cells = -((self.first - self.last) // HOUR)
        days = -(-cells // HOURS_A_DAY)
        self.sums = np.zeros(days * HOURS_A_DAY)
        self.counts = np.zeros(days * HOURS_A_DAY, dtype=np.int32)
        self.day_highest = np.full(days, -math.inf)
        self.day_line = np.zeros(days, dtype=np.int64)
        self._shortest = max(SHORTEST_RUN_VALUES, -(-SHORTEST_RUN // self.interval))

    def feed(self, start: Instants, line: Ordinals, value: Numbers, cuts: HourCuts) -> None:
        """Take rows; ``cuts`` are those of ``start`` and may serve several columns."""
        self.sums[cuts.cell] += np.add.reduceat(value, cuts.at)
        self.counts[cuts.cell] += cuts.count.astype(np.int32)
        highest = np.maximum.reduceat(value, cuts.day_at)
        self.day_highest[cuts.day] = np.maximum(self.day_highest[cuts.day], highest)
        unseen = self.day_line[cuts.day] == 0
        self.day_line[cuts.day[unseen]] = line[cuts.day_at[unseen]]
        self._take_peaks(start, line, value)
        self._take_runs(start, line, value, cuts.gaps)

    def finish(self) -> None:
        """Close the last run and sort what was kept; may be called again."""
        if self._open is not None:
            self._keep(self._open)
            self._open = None
        self.runs, self.zeros = _longest(self.runs), _longest(self.zeros)

    def _take_peaks(self, start: Instants, line: Ordinals, value: Numbers) -> None:
        least = self.peaks[-1].value if len(self.peaks) == KEPT_PEAKS else -math.inf
        rows = np.flatnonzero(value > least)
        rows = rows[np.argsort(-value[rows], kind="stable")[:KEPT_PEAKS]]
        self.peaks += [RawPeak(float(value[i]), int(start[i]), int(line[i])) for i in rows.tolist()]
        self.peaks = sorted(self.peaks, key=lambda p: (-p.value, p.start))[:KEPT_PEAKS]
        i = int(np.argmin(value))
        if self.lowest is None or value[i] < self.lowest.value:
            self.lowest = RawPeak(float(value[i]), int(start[i]), int(line[i]))

    def _take_runs(self, start: Instants, line: Ordinals, value: Numbers, gaps: Flags) -> None:
        opens = np.concatenate(([0], np.flatnonzero((value[1:] != value[:-1]) | gaps) + 1))
        lengths = np.diff(np.concatenate((opens, [len(value)])))
        firsts = [0, *(np.flatnonzero(lengths[1:-1] >= self._shortest) + 1).tolist()]
        if len(lengths) > 1:
            firsts.append(len(lengths) - 1)
        for k in firsts:
            i = int(opens[k])
            run = RawRun(float(value[i]), int(start[i]), int(lengths[k]), int(line[i]))
            if k == 0 and self._open is not None and self._goes_on(self._open, run):
                run = RawRun(run.value, self._open.start, self._open.count + run.count, self._open.line)
            elif self._open is not None:
                self._keep(self._open)
            self._open = run

    def _goes_on(self, before: RawRun, run: RawRun) -> bool:
        return before.value == run.value and before.start + before.count * self.interval == run.start

    def _keep(self, run: RawRun) -> None:
        if run.count < self._shortest:
            return
        kept = self.runs if run.value else self.zeros
        kept.append(run)
        if len(kept) > 4 * KEPT_RUNS:
            kept[:] = _longest(kept)


def _longest(runs: list[RawRun]) -> list[RawRun]:
    return sorted(runs, key=lambda r: (-r.count, r.start))[:KEPT_RUNS]
