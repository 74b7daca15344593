"""The curves of a project's meters: what counts, in any unit, and the secondary sources beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from jcm_mrv.arrays import Flags, Instants, Numbers, Ordinals
from jcm_mrv.meters.conversions import Conversions
from jcm_mrv.meters.segments import Parts, SecondarySource, SegmentKind, SeriesResult, whole_amounts
from jcm_mrv.meters.sources.curve import Amount, Curve
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.workbook.rows import MeterRow


class Counted:
    """What counts of every meter, as one curve each.

    With ``conversions`` amounts are those of the methodology (kg of a fuel that is metered in litres), without them
    those that the meter counts. ``meters`` are the rows of the sheet Meters, for the highest rates.
    """

    def __init__(
        self,
        series: SeriesResult,
        timeline: Timeline,
        conversions: Conversions | None = None,
        meters: Iterable[MeterRow] = (),
    ) -> None:
        self._parts, self._timeline, self._conversions = series.parts, timeline, conversions or Conversions()
        parts, self._gaps = series.parts, series.coverage.gaps
        self._rows: dict[str, Ordinals] = {
            parts.meter_ids[m]: np.flatnonzero(parts.meter == m) for m in np.unique(parts.meter).tolist()
        }
        self._meters: dict[str, list[MeterRow]] = {}
        for row in meters:
            self._meters.setdefault(row.meter_id, []).append(row)
        self._curves: dict[tuple[str, str], Curve] = {}

    def between(self, meter_id: str, start: int, end: int, unit: str) -> Amount:
        """What the meter counted from one instant to another, with its transformer factor.

        Raises UnitError where its readings are of another kind than ``unit``.
        """
        return self.curve(meter_id, unit).over(start, end)

    def curve(self, meter_id: str, unit: str) -> Curve:
        """The curve of a meter in a unit. Raises UnitError where its readings are of another kind."""
        key = meter_id, unit
        if key not in self._curves:
            self._curves[key] = self._built(meter_id, unit)
        return self._curves[key]

    def stated(self, layer: Sequence[SecondarySource], unit: str) -> Curve:
        """Secondary amounts of one meter, of which none overlap, as a curve. Raises UnitError."""
        scales = np.array([self._in_unit(one.unit, unit, one.meter_id, one.start) for one in layer])
        amount = np.array([one.amount for one in layer]) * scales
        return Curve.of_spans(
            np.array([one.start for one in layer], dtype=np.int64),
            np.array([one.end for one in layer], dtype=np.int64),
            amount,
            tolerance=np.array([one.resolution for one in layer]) * scales,
            both_ways=bool((amount < 0).any()),
        )

    def _in_unit(self, have: str, want: str, meter_id: str, at: int) -> float:
        factors = self._conversions.factors(meter_id, np.array([at], dtype=np.int64))
        return self._conversions.scale(meter_id, have, want) * float(factors[0])

    def _built(self, meter_id: str, unit: str) -> Curve:
        parts, rows = self._parts, self._rows.get(meter_id, np.zeros(0, dtype=np.int64))
        start, end = self._limits(rows)
        factor = self._factors(meter_id, rows, unit)
        amount = whole_amounts(parts)[rows] * parts.factor[rows] * factor
        loose = _resolution(parts, rows) * parts.factor[rows] * factor
        if not len(rows):
            return Curve.of_spans(start, end, amount, rate=self._rate(meter_id, unit))
        once, opens = _readings(start, end, parts.kind[rows] == SegmentKind.LOG)
        start, end = start[once][opens], np.maximum.reduceat(end[once], opens)
        amount = np.add.reduceat(amount[once], opens)
        return Curve.of_spans(
            start,
            end,
            amount,
            tolerance=np.maximum.reduceat(loose[once], opens),
            missing=_within(start, end, self._gaps.get(meter_id, ())),
            rate=self._rate(meter_id, unit),
            both_ways=bool((amount < 0).any()),
        )

    def _limits(self, rows: Ordinals) -> tuple[Instants, Instants]:
        """The limits of whole readings; of a log those of its sums, which are cut at the months."""
        parts, edges = self._parts, self._timeline.edges
        log, month = parts.kind[rows] == SegmentKind.LOG, parts.month[rows]
        start, end = parts.start[rows], parts.end[rows]
        return (
            np.where(log, np.maximum(start, edges[month]), start),
            np.where(log, np.minimum(end, edges[month + 1]), end),
        )

    def _factors(self, meter_id: str, rows: Ordinals, unit: str) -> Numbers:
        parts = self._parts
        own = {n: self._conversions.scale(meter_id, parts.units[n], unit) for n in np.unique(parts.unit[rows]).tolist()}
        scales = np.array([own[n] for n in parts.unit[rows].tolist()], dtype=np.float64)
        begins = np.maximum(parts.start[rows], self._timeline.edges[parts.month[rows]])
        return scales * self._conversions.factors(meter_id, begins)

    def highest_rate(self, meter_id: str, unit: str) -> float | None:
        """The highest rate that the rows of a meter state, in ``unit`` per hour; None where one states none."""
        rates = [stated_rate(row, unit, self._conversions) for row in self._meters.get(meter_id, ())]
        known = [rate for rate in rates if rate is not None]
        return max(known) if known and len(known) == len(rates) else None

    def _rate(self, meter_id: str, unit: str) -> float:
        """The same per microsecond; infinite where one states none."""
        rate = self.highest_rate(meter_id, unit)
        return math.inf if rate is None else rate / HOUR


def rate_in(value: float | None, per: str, unit: str) -> float | None:
    """A rate (a highest rate, a rated capacity) in ``unit`` per hour; None where it is none, or of another kind."""
    if value is None or value <= 0 or not per.strip() or not unit:
        return None
    try:
        return value * conversion(per.strip(), f"{unit}/h")
    except UnitError:
        return None


def stated_rate(row: MeterRow, unit: str, conversions: Conversions) -> float | None:
    """The highest rate of a row of Meters, in ``unit`` per hour; None where it states none.

    One in the unit of the register is converted as what it counts; any other is that of the quantity itself.
    """
    native = rate_in(row.highest_rate, row.highest_rate_unit, row.unit)
    try:
        if native is not None:
            scale = conversions.scale(row.meter_id, row.unit, unit)
            return native * scale * conversions.largest(row.meter_id)
    except UnitError:
        pass
    return rate_in(row.highest_rate, row.highest_rate_unit, unit)


def _readings(start: Instants, end: Instants, log: Flags) -> tuple[Ordinals, Ordinals]:
    """The pieces in order, of one reading only one; and where in them each span begins that shares no time.

    A reading has the same limits in all its pieces. Sums of a log that share time are of several files.
    """
    order = np.lexsort((end, start))
    same = (np.diff(start[order]) == 0) & (np.diff(end[order]) == 0) & ~(log[order][1:] | log[order][:-1])
    once = order[np.concatenate(([True], ~same))]
    reach = np.maximum.accumulate(end[once])
    opens = np.flatnonzero(np.concatenate(([True], start[once][1:] >= reach[:-1])))
    return once, opens


def _within(start: Instants, end: Instants, gaps: Sequence[tuple[int, int]]) -> Instants:
    """How much of each span lies in data gaps."""
    missing = np.zeros(len(start), dtype=np.int64)
    for a, b in gaps:
        missing += np.maximum(np.minimum(end, b) - np.maximum(start, a), 0)
    return missing


def _resolution(parts: Parts, rows: Ordinals) -> Numbers:
    """The last digit that a meter's register was read to; 0 for what is no register."""
    register = parts.kind[rows] == SegmentKind.REGISTER
    values = [*parts.opening[rows][register].tolist(), *parts.closing[rows][register].tolist()]
    return np.where(register, last_digit(values), 0.0)


def last_digit(values: Iterable[float]) -> float:
    """The last decimal of a register: what a reading is cut off at."""
    decimals = max((len(f"{value:.6f}".rstrip("0").partition(".")[2]) for value in values), default=0)
    return float(10.0**-decimals)


def layers(seconds: Sequence[SecondarySource]) -> list[list[SecondarySource]]:
    """Secondary amounts in order of time, in layers of which each has no overlap."""
    found: list[list[SecondarySource]] = []
    for one in sorted(seconds, key=lambda s: (s.start, s.end)):
        layer = next((layer for layer in found if layer[-1].end <= one.start), None)
        if layer is None:
            found.append([one])
        else:
            layer.append(one)
    return found
