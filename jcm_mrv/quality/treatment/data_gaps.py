"""Hours for which no meter speaks: where they are, and between which amounts what flowed then must lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain, Point
from jcm_mrv.claim.points import sides_of
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.meters.segments import Coverage, SegmentKind, SeriesResult
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.limits import GAPS_SHORT_HOLE_HOURS, GAPS_SHORTEST_HOLE_HOURS
from jcm_mrv.quality.treatment.month import Span
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.sets import IntArray
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, HOURS_A_DAY

# The last digit of a register that is read twice within minutes is no rate.
SHORTEST_RATE_HOURS = 0.25


@dataclass(frozen=True)
class Ground:
    """What every treatment looks at: the claim before any correction, evaluated, and what was read."""

    claim: Claim
    series: SeriesResult
    timeline: Timeline
    evaluation: Evaluation
    file: str
    settings: Settings
    profiles: Mapping[str, Profile]


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
class Rates:
    """Amounts per hour of one meter: its mean, its lowest and highest month, its lowest and highest reading.

    ``hourly`` are its amounts and measured shares by hour, where it was read that often.
    """

    mean: float
    months: tuple[float, float]
    readings: tuple[float, float]
    hourly: tuple[Numbers, Numbers] | None = None

    def bounds(self, short: float, long: Sequence[float]) -> tuple[float, float]:
        """The least and the most that may have flowed in so many hours of short holes and in each long one.

        Nothing flowed at least, or less than nothing where the meter also
        ran backwards (a solar plant at night).
        """
        low, high = min(0.0, self.readings[0]) * short, max(0.0, self.readings[1]) * short
        for hours in long:
            least, most = self.of_length(hours)
            low, high = low + min(0.0, least) * hours, high + max(0.0, most) * hours
        return low, high

    def of_length(self, hours: float) -> tuple[float, float]:
        """The lowest and highest rate of a month, or of a time as long as a hole, whichever reaches further."""
        if self.hourly is None:
            return self.months
        amounts, shares = (np.concatenate(([0.0], np.cumsum(x))) for x in self.hourly)
        width = min(max(round(hours), 1), len(amounts) - 1)
        measured = shares[width:] - shares[:-width]
        telling = measured >= width - 1e-9
        if not telling.any():
            return self.months
        rates = (amounts[width:] - amounts[:-width])[telling] / measured[telling]
        return min(self.months[0], float(rates.min())), max(self.months[1], float(rates.max()))


class GapFinder:
    """Finds the gaps of one chain; ``rates`` bounds what may have flowed through a meter."""

    def __init__(self, ground: Ground, chain: Chain) -> None:
        self.claim, self.timeline, self.file, self.settings = (
            ground.claim,
            ground.timeline,
            ground.file,
            ground.settings,
        )
        self.chain, self.coverage, self.profiles = chain, ground.series.coverage, ground.profiles
        self._known: dict[str, Rates | None] = {}
        coverage, evaluation = self.coverage, ground.evaluation
        self.row = {meter: n for n, meter in enumerate(coverage.meter_ids)}
        self.place = {where: n for n, where in enumerate(self.chain.meter_months)}
        self.months_of: dict[str, list[int]] = {}
        for n, (meter, _) in enumerate(self.chain.meter_months):
            self.months_of.setdefault(meter, []).append(n)
        self.raw: Numbers = evaluation[chain.graph.E_raw]
        self.amounts: Numbers = evaluation[chain.graph.E]
        self.covered: Numbers = _hours([coverage.covered[self.row[meter], m] for meter, m in self.chain.meter_months])
        self.rows_of = self._rows_of()
        self.running = self._running()

    def gaps(self, bridged: Coverage) -> Iterator[Gap]:
        """The gaps by meter and month, where ``bridged`` says what is spoken for in one way or another."""
        self.holes: dict[str, list[Span]] = {}
        for hole in bridged.holes:
            self.holes.setdefault(hole.meter_id, []).append((hole.start, hole.end))
        spoken = _hours([bridged.covered[self.row[meter], m] for meter, m in self.chain.meter_months])
        needed, unmetered = self._needed_hours(), self._without_meter()
        for n, (meter, m) in enumerate(self.chain.meter_months):
            without = unmetered.get((meter, m), 0.0)
            spans = self._spans(meter, m)
            open_hours = _hours([end - start for start, end, _ in spans]).sum()
            missing = max(float(needed[n] - spoken[n]), float(open_hours)) + without
            if missing > self.settings[GAPS_SHORTEST_HOLE_HOURS]:
                yield self._gap(n, missing, without, spans, self.rates(meter))

    def _spans(self, meter: str, m: int) -> list[tuple[int, int, bool]]:
        """The meter's holes in a month while something that it measures runs, and whether each is a short one."""
        month = self.timeline.months[m]
        begin, end = self.running.get((meter, m), (month.start, month.start))
        return [
            (max(start, begin), min(stop, end), self._is_short(start, stop))
            for start, stop in self.holes.get(meter, ())
            if start < end and stop > begin
        ]

    def _gap(
        self, n: int, missing: float, without: float, spans: list[tuple[int, int, bool]], rates: Rates | None
    ) -> Gap:
        meter, m = self.chain.meter_months[n]
        month = self.timeline.months[m]
        within = tuple((start, end) for start, end, _ in spans)
        short = min(missing, float(_hours([end - start for start, end, is_short in spans if is_short]).sum()))
        long = [float(h) for h in _hours([end - start for start, end, is_short in spans if not is_short])]
        rest = missing - short - sum(long)
        long += [rest] if rest > self.settings[GAPS_SHORTEST_HOLE_HOURS] else []
        low, high = (None, None) if rates is None else rates.bounds(short, long)
        mean = None if rates is None else rates.mean * missing
        share = missing * HOUR / month.duration
        where = self.where(meter)
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

    def _needed_hours(self) -> Numbers:
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
        return self.settings[GAPS_SHORTEST_HOLE_HOURS] + HOURS_A_DAY * len(inside)

    def _rows_of(self) -> dict[str, IntArray]:
        """For each meter the rows of the chain that are its own."""
        parts, rows = self.chain.parts, self.chain.rows
        meters = parts.meter[rows]
        return {parts.meter_ids[m]: np.nonzero(meters == m)[0] for m in np.unique(meters).tolist()}

    def rates(self, meter: str) -> Rates | None:
        """The meter's rates in the chain's unit; None where nothing was measured."""
        if meter not in self._known:
            self._known[meter] = self._rates(meter)
        return self._known[meter]

    def _rates(self, meter: str) -> Rates | None:
        known = [n for n in self.months_of[meter] if self.covered[n] > self.settings[GAPS_SHORTEST_HOLE_HOURS]]
        if not known:
            return None
        amounts, hours = self.raw[known], self.covered[known]
        months = amounts / hours
        readings = self._reading_rates(self.rows_of.get(meter, np.zeros(0, dtype=np.int64)))
        either = np.concatenate((months, readings))
        return Rates(
            float(amounts.sum() / hours.sum()),
            (float(months.min()), float(months.max())),
            (float(either.min()), float(either.max())),
            self._hourly(meter),
        )

    def _hourly(self, meter: str) -> tuple[Numbers, Numbers] | None:
        """Amounts in the chain's unit and measured shares by hour, of a meter that is read at least daily."""
        profile = self.profiles.get(meter)
        if profile is None or not profile.daily:
            return None
        return profile.amount * self.chain.in_unit(profile.unit, meter), profile.covered

    def _reading_rates(self, own: IntArray) -> Numbers:
        """The rate of each reading; of a log, whose rows are held as monthly sums, the extremes of its values."""
        parts = self.chain.parts
        logged = parts.kind[self.chain.rows[own]] == SegmentKind.LOG
        rows = self.chain.rows[own[~logged]]
        hours = (parts.end[rows] - parts.start[rows]) * parts.share[rows] / HOUR
        telling = hours >= SHORTEST_RATE_HOURS
        rates: Numbers = self.amounts[own[~logged]][telling] / hours[telling]
        return np.concatenate((rates, self._log_rates(own[logged])))

    def _log_rates(self, own: IntArray) -> Numbers:
        parts, rows = self.chain.parts, self.chain.rows[own]
        if parts.lowest is None or parts.highest is None:
            return np.zeros(0)
        scale = self.chain.values[self.chain.graph.k_T][own] * self.chain.values[self.chain.graph.u][own]
        rates: Numbers = np.concatenate((parts.lowest[rows] * scale, parts.highest[rows] * scale))
        return rates[np.isfinite(rates)]

    def _is_short(self, start: int, end: int) -> bool:
        return end - start < self.settings[GAPS_SHORT_HOLE_HOURS] * HOUR

    def where(self, meter: str) -> Origin:
        """The log that the meter's data come from, otherwise the sheet Readings."""
        parts = self.chain.parts
        own = self.chain.rows[self.rows_of.get(meter, np.zeros(0, dtype=np.int64))]
        logs = own[parts.source[own] >= 0]
        if len(logs):
            return Origin(file=parts.sources[int(parts.source[logs[0]])].file)
        return Origin(file=self.file, sheet="Readings")


def _hours(durations: list[int]) -> Numbers:
    return np.array(durations, dtype=np.float64) / HOUR
