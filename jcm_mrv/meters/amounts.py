"""What a meter counted in any span of time, from the parts of its readings and logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.meters.conversions import Conversions
from jcm_mrv.meters.segments import Parts
from jcm_mrv.time.timeline import Timeline


@dataclass(frozen=True)
class Amount:
    """An amount in the unit that was asked for; not ``exact`` where a reading had to be divided by time."""

    value: float
    exact: bool


class Amounts:
    """The parts of every meter, ready to be added up over spans.

    With ``conversions`` amounts are those of the methodology (kg of a fuel
    that is metered in litres), without them those that the meter counts.
    """

    def __init__(self, parts: Parts, timeline: Timeline, conversions: Conversions | None = None) -> None:
        self._parts, self._conversions = parts, conversions or Conversions()
        edges = timeline.edges
        self._start: Instants = np.maximum(parts.start, edges[parts.month]) if len(parts) else parts.start
        self._end: Instants = np.minimum(parts.end, edges[parts.month + 1]) if len(parts) else parts.end
        self._amount: Numbers = parts.amounts()
        self._rows: dict[str, Ordinals] = {
            parts.meter_ids[m]: np.flatnonzero(parts.meter == m) for m in np.unique(parts.meter).tolist()
        }

    def between(self, meter_id: str, start: int, end: int, unit: str) -> Amount:
        """What the meter counted from one instant to another, with its transformer factor.

        Raises UnitError where its readings are of another kind than ``unit``.
        """
        rows = self._rows.get(meter_id)
        if rows is None or start >= end:
            return Amount(0.0, True)
        a, b = self._start[rows], self._end[rows]
        inside = np.minimum(b, end) - np.maximum(a, start)
        hit = np.flatnonzero((inside > 0) & (b > a))
        share = inside[hit] / (b[hit] - a[hit])
        found = rows[hit]
        amounts = self._amount[found] * share * self._factors(meter_id, found, unit)
        return Amount(float(np.sum(amounts)), bool((share == 1.0).all()))

    def _factors(self, meter_id: str, rows: Ordinals, unit: str) -> Numbers:
        units: Sequence[str] = self._parts.units
        own = {n: self._conversions.scale(meter_id, units[n], unit) for n in np.unique(self._parts.unit[rows]).tolist()}
        scales = np.array([own[n] for n in self._parts.unit[rows].tolist()], dtype=np.float64)
        return scales * self._conversions.factors(meter_id, self._start[rows])
