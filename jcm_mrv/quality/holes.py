"""Hours for which no meter speaks: where they are, and between which amounts what flowed then must lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jcm_mrv.claim import Claim
from jcm_mrv.measuring import Chain, Point
from jcm_mrv.monitoring.parts import Coverage, PartKind
from jcm_mrv.monitoring.timeline import Timeline
from jcm_mrv.monitoring.zones import HOUR
from jcm_mrv.origin import Origin
from jcm_mrv.points import sides_of
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.sets import FloatArray, IntArray

# A minute is less than any logger's interval: shorter holes come from rounding of time stamps.
SHORTEST_HOLE_HOURS = 1 / 60
# A hole of less than a day may lie on the peak, or on the night: the extremes of single readings bound it.
SHORT_HOLE_HOURS = 24
DAY_HOURS = 24
# The last digit of a register that is read twice within minutes is no rate.
SHORTEST_RATE_HOURS = 0.25

Span = tuple[int, int]


@dataclass(frozen=True)
class Gap:
    """A meter's month with missing hours.

    ``lowest`` and ``highest`` bound what flowed then, in the chain's unit;
    all three amounts are None where the meter was never read. In
    ``without_meter`` of the hours no meter stood at all; ``spans`` are
    the holes in microseconds UTC, ``where`` the place of the meter's data.
    """

    chain: Chain
    slice: int
    meter_id: str
    month: int
    hours: float
    share: float
    mean: float | None
    lowest: float | None
    highest: float | None
    without_meter: float
    spans: tuple[Span, ...]
    where: Origin


@dataclass(frozen=True)
class _Rates:
    """Amounts per hour of one meter: its mean, its lowest and highest month, its lowest and highest reading."""

    mean: float
    months: tuple[float, float]
    readings: tuple[float, float]

    def bounds(self, short: float, long: float) -> tuple[float, float]:
        """The least and the most that may have flowed in so many hours of short and of long holes.

        Nothing flowed at least, or less than nothing where the meter also
        ran backwards (a solar plant at night).
        """
        low = min(0.0, self.readings[0]) * short + min(0.0, self.months[0]) * long
        high = max(0.0, self.readings[1]) * short + max(0.0, self.months[1]) * long
        return low, high


def find_gaps(claim: Claim, coverage: Coverage, timeline: Timeline, evaluation: Evaluation, file: str) -> list[Gap]:
    """The gaps of every measuring chain, by chain, meter and month."""
    return [gap for chain in claim.chains for gap in _Finder(claim, chain, coverage, timeline, evaluation, file).gaps()]


class _Finder:
    """Finds the gaps of one chain."""

    def __init__(
        self, claim: Claim, chain: Chain, coverage: Coverage, timeline: Timeline, evaluation: Evaluation, file: str
    ) -> None:
        self.claim, self.chain, self.coverage, self.timeline, self.file = claim, chain, coverage, timeline, file
        self.row = {meter: n for n, meter in enumerate(coverage.meter_ids)}
        self.place = {where: n for n, where in enumerate(chain.meter_months)}
        self.months_of: dict[str, list[int]] = {}
        for n, (meter, _) in enumerate(chain.meter_months):
            self.months_of.setdefault(meter, []).append(n)
        self.raw: FloatArray = evaluation[chain.graph.E_raw]
        self.amounts: FloatArray = evaluation[chain.graph.E]
        self.covered: FloatArray = _hours([coverage.covered[self.row[meter], m] for meter, m in chain.meter_months])
        self.rows_of = self._rows_of()
        self.running = self._running()
        self.holes: dict[str, list[Span]] = {}
        for hole in coverage.holes:
            self.holes.setdefault(hole.meter_id, []).append((hole.start, hole.end))

    def gaps(self) -> Iterator[Gap]:
        rates: dict[str, _Rates | None] = {}
        needed, unmetered = self._needed_hours(), self._without_meter()
        for n, (meter, m) in enumerate(self.chain.meter_months):
            without = unmetered.get((meter, m), 0.0)
            spans = self._spans(meter, m)
            open_hours = _hours([end - start for start, end, _ in spans]).sum()
            missing = max(float(needed[n] - self.covered[n]), float(open_hours)) + without
            if missing > SHORTEST_HOLE_HOURS:
                if meter not in rates:
                    rates[meter] = self._rates(meter)
                yield self._gap(n, missing, without, spans, rates[meter])

    def _spans(self, meter: str, m: int) -> list[tuple[int, int, bool]]:
        """The meter's holes in a month while something that it measures runs, and whether each is a short one."""
        month = self.timeline.months[m]
        begin, end = self.running.get((meter, m), (month.start, month.start))
        return [
            (max(start, begin), min(stop, end), _is_short(start, stop))
            for start, stop in self.holes.get(meter, ())
            if start < end and stop > begin
        ]

    def _gap(
        self, n: int, missing: float, without: float, spans: list[tuple[int, int, bool]], rates: _Rates | None
    ) -> Gap:
        meter, m = self.chain.meter_months[n]
        month = self.timeline.months[m]
        within = tuple((start, end) for start, end, _ in spans)
        short = min(missing, float(_hours([end - start for start, end, is_short in spans if is_short]).sum()))
        low, high = (None, None) if rates is None else rates.bounds(short, missing - short)
        mean = None if rates is None else rates.mean * missing
        share = missing * HOUR / month.duration
        where = self._where(meter)
        return Gap(self.chain, n, meter, m, missing, share, mean, low, high, without, within, where)

    def _running(self) -> dict[tuple[str, int], Span]:
        """From when to when, in each month, something runs that the meter measures."""
        found: dict[tuple[str, int], Span] = {}
        for k, t, m in self.chain.term_months:
            point, month = self.chain.points[k], self.timeline.months[m]
            where = point.terms[t].meter_id, m
            begin, end = self.claim.operation.get((point.methodology, point.applies_to), (month.start, month.end))
            begin, end = max(begin, month.start), min(end, month.end)
            known = found.get(where, (begin, end))
            found[where] = min(begin, known[0]), max(end, known[1])
        return found

    def _needed_hours(self) -> FloatArray:
        """For each meter's month the hours in which it is installed and something that it measures runs."""
        place = self.place
        needed = np.zeros(len(place))
        for k, t, m in self.chain.term_months:
            point = self.chain.points[k]
            meter = point.terms[t].meter_id
            installed = int(self.coverage.expected[self.row[meter], m])
            running = self.claim.running(point.methodology, point.applies_to, m, self.timeline)
            hours = min(installed, running) / HOUR
            needed[place[meter, m]] = max(needed[place[meter, m]], hours)
        return needed

    def _without_meter(self) -> dict[tuple[str, int], float]:
        """Hours in which equipment runs and no meter of a side stands, by the side's leader and month."""
        found: dict[tuple[str, int], float] = {}
        for point in self.chain.points:
            for side in sides_of(point, self.coverage, self.row):
                for m in point.months:
                    running = self.claim.running(point.methodology, point.applies_to, m, self.timeline)
                    hours = (running - int(side.installed[m])) / HOUR
                    if hours > self._leeway(point, m) and (side.leader, m) in self.place:
                        found[side.leader, m] = max(found.get((side.leader, m), 0.0), hours)
        return found

    def _leeway(self, point: Point, m: int) -> float:
        """Hours: operation is dated by the day, so on its first and last day the meter may come later or go earlier."""
        month, period = self.timeline.months[m], (self.timeline.months[0].start, self.timeline.months[-1].end)
        edges = self.claim.operation.get((point.methodology, point.applies_to), period)
        inside = [edge for edge in edges if edge not in period and month.start <= edge <= month.end]
        return SHORTEST_HOLE_HOURS + DAY_HOURS * len(inside)

    def _rows_of(self) -> dict[str, IntArray]:
        """For each meter the rows of the chain that are its own."""
        parts, rows = self.chain.parts, self.chain.rows
        meters = parts.meter[rows]
        return {parts.meter_ids[m]: np.nonzero(meters == m)[0] for m in np.unique(meters).tolist()}

    def _rates(self, meter: str) -> _Rates | None:
        """The meter's rates; None where nothing was measured."""
        known = [n for n in self.months_of[meter] if self.covered[n] > SHORTEST_HOLE_HOURS]
        if not known:
            return None
        amounts, hours = self.raw[known], self.covered[known]
        months = amounts / hours
        readings = self._reading_rates(self.rows_of.get(meter, np.zeros(0, dtype=np.int64)))
        either = np.concatenate((months, readings))
        return _Rates(
            float(amounts.sum() / hours.sum()),
            (float(months.min()), float(months.max())),
            (float(either.min()), float(either.max())),
        )

    def _reading_rates(self, own: IntArray) -> FloatArray:
        """The rate of each reading; of a log, whose rows are held as monthly sums, the extremes of its values."""
        parts = self.chain.parts
        logged = parts.kind[self.chain.rows[own]] == PartKind.LOG
        rows = self.chain.rows[own[~logged]]
        hours = (parts.end[rows] - parts.start[rows]) * parts.share[rows] / HOUR
        telling = hours >= SHORTEST_RATE_HOURS
        rates: FloatArray = self.amounts[own[~logged]][telling] / hours[telling]
        return np.concatenate((rates, self._log_rates(own[logged])))

    def _log_rates(self, own: IntArray) -> FloatArray:
        parts, rows = self.chain.parts, self.chain.rows[own]
        if parts.lowest is None or parts.highest is None:
            return np.zeros(0)
        scale = self.chain.values[self.chain.graph.k_T][own] * self.chain.values[self.chain.graph.u][own]
        rates: FloatArray = np.concatenate((parts.lowest[rows] * scale, parts.highest[rows] * scale))
        return rates[np.isfinite(rates)]

    def _where(self, meter: str) -> Origin:
        """The log that the meter's data come from, otherwise the sheet Readings."""
        parts = self.chain.parts
        own = self.chain.rows[self.rows_of.get(meter, np.zeros(0, dtype=np.int64))]
        logs = own[parts.source[own] >= 0]
        if len(logs):
            return Origin(file=parts.sources[int(parts.source[logs[0]])].file)
        return Origin(file=self.file, sheet="Readings")


def _hours(durations: list[int]) -> FloatArray:
    return np.array(durations, dtype=np.float64) / HOUR


def _is_short(start: int, end: int) -> bool:
    return end - start < SHORT_HOLE_HOURS * HOUR
