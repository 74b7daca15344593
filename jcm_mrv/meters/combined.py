"""What is made of single readings: products of two meters, and the last, highest, lowest or number of one's values.

Each is made at the interval of the readings and then stands as a meter of its own, so that months, data gaps,
treatments, the report and the trace see it as any other. A time at which one factor is not known has no product.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.batches import Batch
from jcm_mrv.meters.coverage import without
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.meters.segments import LogSource, SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.units import over_pieces, times
from jcm_mrv.time.dividing import Runs, divide
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, local_text
from jcm_mrv.words import joined, say

UNLIKE_INTERVALS = Code(
    "combined.intervals", Severity.ERROR, "Two meters that are multiplied are read at different intervals."
)
NOT_TOGETHER = Code("combined.not_together", Severity.ERROR, "Two meters that are multiplied are never read together.")

PRODUCT, COUNT = "product", "count"


@dataclass(frozen=True)
class Combination:
    """What is wanted of one or two meters, for a parameter.

    ``units`` are those of the amounts of each meter, and ``unit`` that of the second factor or of the single values.
    ``monthly``: a single reading is taken of each month, else of each year.
    """

    how: str
    parameter: str
    meters: tuple[str, ...]
    units: tuple[str, ...]
    unit: str
    where: Origin
    monthly: bool = False

    @property
    def meter_id(self) -> str:
        """The name under which the result stands as a meter."""
        if self.how == PRODUCT:
            return f"{self.parameter}: {' × '.join(self.meters)}"
        return f"{self.parameter}: {self.how} of {self.meters[0]}"

    @property
    def unit_of_amounts(self) -> str:
        """The unit in which the result adds up."""
        if self.how == PRODUCT:
            return times(self.units[0], self.unit)
        return "1" if self.how == COUNT else over_pieces(self.unit)


@dataclass(frozen=True, eq=False)
class Intervals:
    """What one meter read, in order of time: the amount of each interval, of samples their values (end = start)."""

    start: Instants
    end: Instants
    amount: Numbers
    where: Callable[[int], Origin]
    files: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.start)

    @property
    def hours(self) -> Numbers:
        """Length of each."""
        return (self.end - self.start) / HOUR

    def of(self, rows: Ordinals) -> Intervals:
        """Some of them."""
        return Intervals(
            self.start[rows], self.end[rows], self.amount[rows], lambda n: self.where(int(rows[n])), self.files
        )

    @staticmethod
    def joined(several: Sequence[Intervals]) -> Intervals:
        """Those of several sources of one meter, in order of time."""
        none = np.zeros(0, dtype=np.int64)
        start = np.concatenate([none, *(one.start for one in several)])
        end = np.concatenate([none, *(one.end for one in several)])
        order = np.lexsort((end, start))
        source = np.repeat(np.arange(len(several)), [len(one) for one in several])[order]
        place = np.concatenate([none, *(np.arange(len(one)) for one in several)])[order]
        amount: Numbers = np.concatenate([np.zeros(0), *(one.amount for one in several)])[order]
        files = tuple(dict.fromkeys(file for one in several for file in one.files))
        return Intervals(
            start[order], end[order], amount, lambda n: several[int(source[n])].where(int(place[n])), files
        )


@dataclass(frozen=True, eq=False)
class Combined:
    """A combination with its values: of a product one for each interval, of single readings one for each slice.

    ``first`` and ``second`` are the factors of each product; ``seen`` are all that single readings were taken from,
    as values, and ``gaps`` the times in operation of the meter that they leave open.
    """

    wanted: Combination
    meter: Meter
    intervals: Intervals
    first: Numbers
    second: Numbers
    seen: Intervals | None = None
    gaps: tuple[tuple[int, int], ...] = ()
    kind: SegmentKind = field(default=SegmentKind.LOG)

    @property
    def meter_id(self) -> str:
        """The name under which it stands as a meter."""
        return self.wanted.meter_id

    @property
    def adds_up(self) -> bool:
        """True of products and counts, false of a single reading."""
        return self.kind is not SegmentKind.SAMPLE

    @cached_property
    def runs(self) -> Runs:
        """The times of which it is known."""
        if not self.adds_up or self.wanted.how == COUNT:
            return Runs.always()
        return Runs.of(self.intervals.start, self.intervals.end)

    def batch(self, timeline: Timeline, cuts: Iterable[int] = ()) -> Batch:
        """Its sums by month, cut at some more instants as well."""
        edges = timeline.edges
        limits = np.union1d(edges, np.clip(np.array([*cuts], dtype=np.int64), edges[0], edges[-1]))
        one = self.intervals
        pieces = divide(one.start, np.maximum(one.end, one.start + 1), limits)
        segments = np.unique(pieces.segment)
        rows = [np.flatnonzero(pieces.segment == segment) for segment in segments.tolist()]
        amounts = one.amount[pieces.row] * pieces.share
        count = np.array([len(own) for own in rows], dtype=np.int64)
        month: Ordinals = np.searchsorted(edges, limits[segments], side="right") - 1
        lowest, highest = self._rates()
        return Batch.of(
            self.meter_id, self.kind, self.wanted.unit_of_amounts, month,
            (np.array([int(pieces.start[own].min()) for own in rows], dtype=np.int64),
             np.array([int(pieces.end[own].max()) for own in rows], dtype=np.int64)),
            [one.where(int(pieces.row[own[0]])) for own in rows],
            value=np.array([math.fsum(amounts[own].tolist()) for own in rows], dtype=np.float64),
            count=count, expected=count, source=self._source() if self.adds_up else None,
            lowest=lowest, highest=highest,
        )  # fmt: skip

    def limits(self, start: int, end: int) -> tuple[float, float, float, float]:
        """Of a piece of time the sums of the first factor above and below 0, and the least and greatest second one."""
        one = self.intervals
        pieces = divide(one.start, one.end, np.array([start, end], dtype=np.int64))
        first, second = self.first[pieces.row] * pieces.share, self.second[pieces.row]
        above, below = (math.fsum(side(first, 0.0).tolist()) for side in (np.maximum, np.minimum))
        return above, below, float(second.min()), float(second.max())

    def _rates(self) -> tuple[float, float]:
        if self.wanted.how != PRODUCT:
            return math.nan, math.nan
        rates = self.intervals.amount / self.intervals.hours
        return float(rates.min()), float(rates.max())

    def _source(self) -> LogSource:
        files = self.intervals.files
        return LogSource(self.meter_id, "; ".join(f for f, _ in files), "; ".join(s for _, s in files if s))


# --- products ----------------------------------------------------------------------


def multiplied(
    wanted: Combination, factors: tuple[Intervals, Intervals], meters: tuple[Meter, Meter], timeline: Timeline
) -> tuple[Combined | None, list[Finding]]:
    """The products of the intervals that both meters were read at; what stands in the way of them.

    None without a finding where the two never stood at one time.
    """
    first, second = (_inside(one, timeline) for one in factors)
    start, end = max(m.place[0] for m in meters), min(m.place[1] for m in meters)
    if start >= end:
        return None, []
    own, other = np.intersect1d(first.start, second.start, return_indices=True)[1:]
    same = first.end[own] == second.end[other]
    own, other = own[same], other[same]
    unlike = _crossing(first, second, own, other)
    if unlike is not None:
        return None, [_unlike(wanted, first, second, unlike, timeline)]
    if not len(own):
        return None, [_not_together(wanted)]
    hours = first.hours[own]
    mean = second.amount[other] / hours
    products = Intervals(
        first.start[own], first.end[own], first.amount[own] * mean, lambda n: first.where(int(own[n])),
        tuple(dict.fromkeys((*first.files, *second.files))),
    )  # fmt: skip
    return Combined(wanted, _meter(wanted, start, end), products, first.amount[own], mean), []


def _inside(one: Intervals, timeline: Timeline) -> Intervals:
    return one.of(np.flatnonzero((one.end > timeline.edges[0]) & (one.start < timeline.edges[-1])))


def _crossing(first: Intervals, second: Intervals, own: Ordinals, other: Ordinals) -> tuple[int, int] | None:
    """An interval of the first that meets one of the second without being the same; None where there is none."""
    alone = np.setdiff1d(np.arange(len(first)), own)
    after = np.searchsorted(second.end, first.start[alone], side="right")
    crossing = np.flatnonzero(np.searchsorted(second.start, first.end[alone]) > after)
    return (int(alone[crossing[0]]), int(after[crossing[0]])) if len(crossing) else None


def _unlike(
    wanted: Combination, first: Intervals, second: Intervals, pair: tuple[int, int], timeline: Timeline
) -> Finding:
    a, b = pair
    spans = [
        say(
            "{meter} from {start} to {end}",
            meter=name,
            start=local_text(timeline.zone, int(one.start[n])),
            end=local_text(timeline.zone, int(one.end[n])),
        )
        for name, one, n in ((wanted.meters[0], first, a), (wanted.meters[1], second, b))
    ]
    return UNLIKE_INTERVALS(
        say(
            "{parameter} is the product of {meters} at each reading, and they are read at different intervals",
            parameter=wanted.parameter,
            meters=" and ".join(wanted.meters),
        ),
        first.where(a),
        found=joined(" / ", spans),
        action=say(
            "Export both from the logger at one interval (the longer of the two, amounts summed and temperatures "
            "averaged by the logger), beginning at the same times; on Readings, give both the same start and end."
        ),
    )


def _not_together(wanted: Combination) -> Finding:
    return NOT_TOGETHER(
        say(
            "{parameter} is the product of {meters} at each reading, and no reading of the monitoring period is there "
            "of both",
            parameter=wanted.parameter,
            meters=" and ".join(wanted.meters),
        ),
        wanted.where,
        found=say("no interval of both"),
        action=say(
            "Give readings, or logs, of both meters for the same intervals of the monitoring period. Readings of kind "
            "sample have no interval: enter them as kind mean with start and end."
        ),
    )


# --- single readings ------------------------------------------------------------------


def single(wanted: Combination, read: Intervals, meter: Meter, timeline: Timeline) -> Combined:
    """The last, highest or lowest value of each slice, as one sample of it each."""
    inside = _inside(read, timeline)
    values = inside.amount / inside.hours
    seen = Intervals(inside.start, inside.end, values, inside.where, inside.files)
    slices = timeline.months if wanted.monthly else timeline.years
    chosen = [
        choose(wanted.how, seen, own)
        for piece in slices
        if len(own := np.flatnonzero((seen.start < piece.end) & (seen.end > piece.start)))
    ]
    rows = np.array(chosen, dtype=np.int64)
    at = np.maximum(seen.start[rows], int(timeline.edges[0]))
    one = Intervals(at, at, values[rows], lambda n: seen.where(int(rows[n])), inside.files)
    stood = (max(meter.place[0], int(timeline.edges[0])), min(meter.place[1], int(timeline.edges[-1])))
    gaps = _open(seen, stood)
    return Combined(wanted, _meter(wanted), one, one.amount, one.amount, seen, gaps, SegmentKind.SAMPLE)


def choose(how: str, seen: Intervals, own: Ordinals) -> int:
    """Which of some readings counts: the last, the highest or the lowest (the first of equal ones)."""
    if how == "last":
        return int(own[-1])
    place = np.argmax(seen.amount[own]) if how == "highest" else np.argmin(seen.amount[own])
    return int(own[int(place)])


def counted(wanted: Combination, samples: Intervals, timeline: Timeline) -> Combined:
    """How many entries there are; the same value at the same moment is one entry, however often it stands there."""
    inside = np.flatnonzero((samples.start >= timeline.edges[0]) & (samples.start < timeline.edges[-1]))
    own = samples.of(inside)
    first: dict[tuple[int, float], int] = {}
    for n, pair in enumerate(zip(own.start.tolist(), own.amount.tolist(), strict=True)):
        first.setdefault(pair, n)
    one = own.of(np.array(list(first.values()), dtype=np.int64))
    ones = np.ones(len(one))
    one = replace(one, amount=ones)
    return Combined(wanted, _meter(wanted), one, ones, ones)


def _meter(wanted: Combination, start: int = ALWAYS_BEFORE, end: int = ALWAYS_AFTER) -> Meter:
    return Meter(wanted.meter_id, (Installation("", wanted.unit_of_amounts, 1.0, None, start, end),))


def _open(seen: Intervals, stood: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    spans = list(zip(seen.start.tolist(), seen.end.tolist(), strict=True))
    return tuple(without(stood, spans))
