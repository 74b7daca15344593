"""Profiles of spans between readings: the sheet Readings, and registers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals, taken
from jcm_mrv.meters.advances import Advances, Points
from jcm_mrv.meters.meters import Meter
from jcm_mrv.meters.profiles.builder import KEPT_PEAKS, KEPT_RUNS, SHORTEST_RUN
from jcm_mrv.meters.profiles.profile import Peak, Profile, Run
from jcm_mrv.meters.profiles.values import ReadValues
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion, over_hours, same_dimension
from jcm_mrv.time.zones import DAY, HOUR, HOURS_A_DAY


def unit_factor(unit: str, meter: Meter) -> float | None:
    """What turns an amount in a unit into the meter's; None where it cannot, of which a finding speaks."""
    try:
        return conversion(unit, unit_of_amounts(unit, meter))
    except UnitError:
        return None


def unit_of_amounts(unit: str, meter: Meter) -> str:
    """The unit of a meter's amounts: its own, or times hours where it shows what is no amount (K*h of K)."""
    own = meter.unit or unit
    try:
        return own if same_dimension(unit, own) or not same_dimension(unit, over_hours(own)) else over_hours(own)
    except UnitError:
        return own


@dataclass(frozen=True)
class Spans:
    """Amounts over spans of time, sorted by start: as read, and after unit and transformer factor."""

    meter: Meter
    kind: str
    unit: str
    start: Instants
    end: Instants
    value: Numbers
    amount: Numbers
    origin: Callable[[int], Origin]
    read: Callable[[], ReadValues]


def register_profile(
    advances: Advances,
    real: Ordinals,
    unit: str,
    kind: str,
    edges: Instants,
    *,
    included: bool = False,
    read: Callable[[], ReadValues] | None = None,
) -> list[Profile]:
    """The profile of a register; ``real`` are its advances that take time, ``edges`` the months' limits.

    ``included``: the register counts after the transformers already. ``read`` gives what it showed where that is
    not to be kept with the profile.
    """
    meter = advances.points.meter
    scale = unit_factor(unit, meter)
    if scale is None:
        return []
    real = real[np.argsort(taken(advances.start, real), kind="stable")]
    factors = np.array([1.0 if included else i.factor for i in meter.installations])
    start, end = taken(advances.start, real), taken(advances.end, real)
    value = taken(advances.amount, real)
    amount = factors[taken(advances.installation, real)]
    amount *= value
    amount *= scale
    spans = Spans(
        meter, kind, unit_of_amounts(unit, meter), start, end, value, amount,
        lambda n: advances.origin(int(advances.closing_ref[real[n]])),
        read or (lambda: showed(advances.points, edges)),
    )  # fmt: skip
    return spans_profile(spans, edges)


def showed(points: Points, edges: Instants) -> ReadValues:
    """What a register showed in the period."""
    inside = np.flatnonzero((points.time >= edges[0]) & (points.time <= edges[-1]))
    inside = inside[np.argsort(points.time[inside], kind="stable")]
    return ReadValues(points.time[inside], points.value[inside], lambda n: points.at(int(inside[n])))


def energy_profile(
    meter: Meter,
    span: tuple[Instants, Instants],
    value: Numbers,
    units: tuple[Sequence[str], Ordinals],
    factor: Numbers,
    origin: Callable[[int], Origin],
    edges: Instants,
) -> list[Profile]:
    """The profile of readings of energy, sorted by start; each with its unit, one of some, and transformer factor."""
    words, unit = units
    own = unit_of_amounts(words[0], meter)
    try:
        scales = np.array([conversion(word, own) for word in words])
    except UnitError:
        return []
    inside = np.flatnonzero((span[1] > edges[0]) & (span[0] < edges[-1]))
    read = ReadValues(span[0][inside], value[inside], lambda n: origin(int(inside[n])))
    amount = value * factor * scales[unit]
    return spans_profile(Spans(meter, "energy", own, *span, value, amount, origin, lambda: read), edges)


def spans_profile(spans: Spans, edges: Instants) -> list[Profile]:
    """The profile of readings, if any of them lies in the period."""
    first, last = int(edges[0]), int(edges[-1])
    inside = np.flatnonzero((spans.end > first) & (spans.start < last))
    if not len(inside):
        return []
    start, end, amount = taken(spans.start, inside), taken(spans.end, inside), taken(spans.amount, inside)
    length = end - start
    rate = length / HOUR
    np.divide(amount, rate, out=rate)
    days = -(-(last - first) // DAY)
    nights = np.searchsorted(start, first + np.arange(1, days, dtype=np.int64) * DAY)  # spans are sorted by start
    opens = np.array(sorted({0, *nights.tolist()} - {len(start)}), dtype=np.int64)
    day = np.maximum((start[opens] - first) // DAY, 0)
    highest = np.full(days, -math.inf)
    highest[day] = np.maximum.reduceat(rate, opens)
    where: list[Origin | None] = [None] * days
    for n, opening in zip(day.tolist(), opens.tolist(), strict=True):
        where[n] = spans.origin(int(inside[opening]))
    by_hour, covered = _by_hour(start, end, rate, first, days)
    low = int(np.argmin(rate))
    runs, zeros = _span_runs(spans, inside)
    least = float(np.sort(highest)[-KEPT_PEAKS]) if days >= KEPT_PEAKS else -math.inf  # so many days have one as high
    profile = Profile(
        meter_id=spans.meter.meter_id,
        kind=spans.kind,
        unit=spans.unit,
        first=first,
        interval=int(np.median(length)),
        amount=by_hour,
        covered=covered,
        day_highest=highest,
        day_where=where,
        runs=runs,
        zeros=zeros,
        peaks=_peaks(spans, inside, rate, least),
        lowest=_span_peak(spans, int(inside[low]), float(rate[low])),
        negative=float(np.minimum(amount, 0.0).sum()),
        count=len(inside),
        sources=(spans.read,),
    )
    return [profile]


def _by_hour(start: Instants, end: Instants, rate: Numbers, first: int, days: int) -> tuple[Numbers, Numbers]:
    """Amounts and coverage by hour of the spans of at most a day; longer ones have no shape to show."""
    amount, covered = np.zeros(days * HOURS_A_DAY), np.zeros(days * HOURS_A_DAY)
    short = np.flatnonzero(end - start <= DAY)
    begin, stop, rate = np.maximum(taken(start, short), first), taken(end, short), taken(rate, short)
    hours = first + HOUR * np.arange(len(amount) + 1, dtype=np.int64)
    while len(begin):
        at = np.searchsorted(begin, hours)  # spans are sorted by start
        begin, stop, rate = begin[: at[-1]], stop[: at[-1]], rate[: at[-1]]
        until = np.repeat(hours[1:], np.diff(at))
        share = (np.minimum(stop, until) - begin) / HOUR
        filled = np.flatnonzero(np.diff(at))
        amount[filled] += np.add.reduceat(rate * share, at[filled])
        covered[filled] += np.add.reduceat(share, at[filled])
        on = np.flatnonzero(stop > until)  # what goes on into the next hour
        begin, stop, rate = until[on], stop[on], rate[on]
    return amount, np.minimum(covered, 1.0)


def _peaks(spans: Spans, inside: Ordinals, rate: Numbers, least: float) -> tuple[Peak, ...]:
    """The highest rates, of which none lies below ``least``."""
    highest = np.flatnonzero(rate >= least)
    order = highest[np.argsort(-rate[highest], kind="stable")][:KEPT_PEAKS]
    return tuple(_span_peak(spans, int(inside[n]), float(rate[n])) for n in order.tolist())


def _span_peak(spans: Spans, n: int, rate: float) -> Peak:
    return Peak(float(spans.value[n]), rate, int(spans.start[n]), int(spans.end[n]), spans.origin(n))


def _span_runs(spans: Spans, inside: Ordinals) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The longest runs of one amount and those of 0, longest first; of a register, only those of 0 are of one value."""
    start, end, value = taken(spans.start, inside), taken(spans.end, inside), taken(spans.value, inside)
    goes_on = (value[1:] == value[:-1]) & (start[1:] == end[:-1])
    opens, closes = np.flatnonzero(np.append(True, ~goes_on)), np.flatnonzero(np.append(~goes_on, True))
    told = value[opens] == 0
    if spans.kind == "energy":
        told |= closes > opens
    length = end[closes] - start[opens]
    kept = np.flatnonzero(told & (length >= SHORTEST_RUN))
    kept = kept[np.argsort(-length[kept], kind="stable")]
    zero = value[opens[kept]] == 0

    def made(rows: Ordinals) -> tuple[Run, ...]:
        return tuple(
            Run(float(value[i]), int(start[i]), int(end[j]), j - i + 1, spans.origin(int(inside[i])))
            for i, j in zip(opens[rows].tolist(), closes[rows].tolist(), strict=True)
        )

    return made(kept[~zero][:KEPT_RUNS]), made(kept[zero][:KEPT_RUNS])
