"""The values of every meter of the monitoring points, and which of them are another's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.meters.segments import SegmentKind, SeriesResult
from jcm_mrv.origin import Origin
from jcm_mrv.quality.one_source.copies import same_days, same_months, same_store
from jcm_mrv.quality.one_source.hours import NEAR_COPIES, NEAR_HOURLY, candidates, constant, hours_of, near_copy
from jcm_mrv.quality.one_source.months import (
    NEARLY_EXACT,
    VARIES,
    VARIES_IN_SERIES,
    blur,
    exact_multiple,
    same_by_chance,
    steady,
)
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say

_LISTED = 3
# So many rows of months are looked at together, until one of them is alike.
_FEW = 64


@dataclass(frozen=True)
class Alike:
    """That one meter reads ``ratio`` times another, over some spans in words."""

    ratio: float
    over: str
    hourly: bool


class Curves:
    """The values of every meter by hour where its log tells them, and by month.

    Meters of one parameter are two plants or loads, and their ratio moves. Those of several may stand in one feeder:
    only a copy is proportional to the last digit.
    """

    def __init__(self, claim: Claim, series: SeriesResult, timeline: Timeline) -> None:
        self.claim = claim
        self.timeline, self.parts, self.effects = timeline, series.parts, Effects(claim, timeline)
        self._of_parts = series.parts.amounts()
        self.profiles = {p.meter_id: p for p in series.profiles}
        self.rows = {name: np.flatnonzero(series.parts.meter == n) for n, name in enumerate(series.parts.meter_ids)}
        self.parameters: dict[str, set[str]] = {}
        for point in claim.points:
            for term in point.terms:
                self.parameters.setdefault(term.meter_id, set()).add(point.parameter)

    def like(self, one: str, other: str) -> bool:
        """True for two meters that measure the same parameter."""
        return bool(self.parameters[one] & self.parameters[other])

    def where(self, meter: str) -> Origin:
        """The first value of a meter."""
        rows = self.rows.get(meter, np.zeros(0, dtype=np.int64))
        return self.parts.origins[int(rows[0])] if len(rows) else Origin()

    def effect(self, meter: str) -> float | None:
        """ER as it is minus ER without what a meter counts."""
        unit = self.parts.units[int(self.parts.unit[self.rows[meter][0]])]
        return self.effects(meter, unit, dict(enumerate(self._months(meter, meter).tolist())))

    def pairs(self, meters: Sequence[str], told: Collection[tuple[str, str]]) -> Iterator[tuple[str, str, Alike]]:
        """Each later meter with an earlier one whose values it has; by month with the first that is not ``told``."""
        for kind in self._kinds(meters):
            hourly = [m for m in kind if m in self.profiles and self.profiles[m].hourly]
            yield from self._by_hour(hourly)
            yield from self._by_month(kind, set(hourly), told)

    def copies(self, meters: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Each later meter with an earlier one of its parameter whose values it has at other times, and how."""
        yield from self._stores()
        for kind in self._kinds(meters):
            hourly = [m for m in kind if m in self.profiles and self.profiles[m].hourly]
            for a, b, moved, count in same_days([self.profiles[m] for m in hourly]):
                if self.like(hourly[a], hourly[b]):
                    yield (
                        hourly[b],
                        hourly[a],
                        say(
                            "{count} days are the same hour by hour, {moved} days apart", count=count, moved=abs(moved)
                        ),
                    )
            yield from self._followed(hourly)
            amounts, digits = self._amounts(kind)
            for a, b, moved, count in same_months(amounts, digits):
                if self.like(kind[a], kind[b]):
                    yield (
                        kind[b],
                        kind[a],
                        say("{count} months are the same, {moved} month(s) apart", count=count, moved=abs(moved)),
                    )
            yield from self._multiples(kind, amounts)

    def _followed(self, meters: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        if len(meters) < 2:
            return
        hours = [
            hours_of(self.profiles[m], self.timeline.months[0].start, self.timeline.months[-1].end) for m in meters
        ]
        for a, b in candidates(np.sort(np.array([h for h, _ in hours]), axis=1)):
            if self.like(meters[b], meters[a]) and (words := near_copy(*hours[b], *hours[a])):
                yield meters[b], meters[a], words

    def _multiples(self, meters: Sequence[str], amounts: Numbers) -> Iterator[tuple[str, str, str]]:
        for b in range(1, len(meters)):
            for a in steady(amounts[:b], amounts[b], NEARLY_EXACT):
                ratio = exact_multiple(amounts[b], amounts[a]) if self.like(meters[a], meters[b]) else None
                if ratio is not None:
                    yield (
                        meters[b],
                        meters[a],
                        say("every month is {ratio:.6g} times the other's, to the last digit", ratio=ratio),
                    )

    def _stores(self) -> Iterator[tuple[str, str, str]]:
        ledgers = {
            self.parts.meter_ids[n] for n in set(self.parts.meter[self.parts.kind == SegmentKind.STOCK].tolist())
        }
        for point in self.claim.points if ledgers else ():
            added = dict.fromkeys(t.meter_id for t in point.terms if t.coefficient > 0 and t.meter_id in self.rows)
            chain = next((c for c in self.claim.chains if point in c.points), None)
            if chain is not None and len(added) > 1:
                found = {meter: self._in_chain(meter, chain) for meter in added if len(self.rows[meter])}
                for later, earlier in same_store(found, ledgers):
                    yield later, earlier, say("the ledger of a store and a meter agree in every month within 2 %")

    def _in_chain(self, meter: str, chain: Chain) -> Numbers:
        """Amounts by month in the unit of a chain, with the meter's conversions."""
        unit = self.parts.units[int(self.parts.unit[self.rows[meter][0]])]
        factors = [chain.in_unit(unit, meter, month.start) for month in self.timeline.months]
        amounts: Numbers = self._months(meter, meter) * np.array(factors)
        return amounts

    def _kinds(self, meters: Sequence[str]) -> list[list[str]]:
        """The meters by kind of quantity; hours of operation are alike wherever units run together."""
        kinds: dict[str, list[str]] = {}
        for meter in meters:
            rows = self.rows.get(meter)
            if rows is None or not len(rows):
                continue
            unit = self.parts.units[int(self.parts.unit[rows[0]])]
            base = next((known for known in kinds if _scale(unit, known) is not None), unit)
            if _scale(unit, "h") is None and _scale(unit, "1") is None:
                kinds.setdefault(base, []).append(meter)
        return list(kinds.values())

    # --- by hour ---

    def _by_hour(self, meters: Sequence[str]) -> Iterator[tuple[str, str, Alike]]:
        found: dict[tuple[str, str], list[tuple[float, str]]] = {}
        for month in self.timeline.months if len(meters) > 1 else ():
            hours = [hours_of(self.profiles[m], month.start, month.end) for m in meters]
            for a, b in candidates(np.sort(np.array([h for h, _ in hours]), axis=1)):
                near = NEAR_HOURLY if self.like(meters[a], meters[b]) else NEAR_COPIES
                ratio = constant(*hours[b], *hours[a], near)
                if ratio is not None:
                    found.setdefault((meters[b], meters[a]), []).append((ratio, month.label))
        for (later, earlier), months in found.items():
            labels = [label for _, label in months]
            more = (
                say(" and {number_of_labels} more", number_of_labels=len(labels) - _LISTED)
                if len(labels) > _LISTED
                else ""
            )
            yield later, earlier, Alike(months[0][0], "the hours of " + ", ".join(labels[:_LISTED]) + more, True)

    # --- by month ---

    def _by_month(
        self, meters: Sequence[str], hourly: Collection[str], told: Collection[tuple[str, str]]
    ) -> Iterator[tuple[str, str, Alike]]:
        amounts, digits = self._amounts(meters)
        pairs = max(1.0, len(meters) * (len(meters) - 1) / 2)
        for b in range(1, len(meters)):
            known = hourly if meters[b] in hourly else ()
            rows = [
                a
                for a in steady(amounts[:b], amounts[b])
                if meters[a] not in known and (meters[a], meters[b]) not in told
            ]
            for few in (rows[k : k + _FEW] for k in range(0, len(rows), _FEW)):
                varies = np.array([VARIES if self.like(meters[a], meters[b]) else VARIES_IN_SERIES for a in few])
                ratios = same_by_chance(amounts[b], amounts[few], (digits[b], digits[few]), pairs, varies)
                if ratios:
                    n, ratio = next(iter(ratios.items()))
                    count = np.count_nonzero((amounts[few[n]] > 0) & (amounts[b] > 0))
                    words = say("{count_nonzero} month(s)", count_nonzero=count)
                    yield meters[b], meters[few[n]], Alike(ratio, words, False)
                    break

    def _amounts(self, meters: Sequence[str]) -> tuple[Numbers, Numbers]:
        """A row of months for each meter in the unit of the first, and how far their digits leave them open."""
        amounts = np.array([self._months(meter, meters[0]) for meter in meters]).reshape(len(meters), -1)
        return amounts, np.array([blur(row) for row in amounts]).reshape(amounts.shape)

    def _months(self, meter: str, first: str) -> Numbers:
        """Amounts by month in the unit of the first meter."""
        rows, parts = self.rows[meter], self.parts
        want = parts.units[int(parts.unit[self.rows[first][0]])]
        scales = np.array([_scale(unit, want) or 0.0 for unit in parts.units])
        weights = self._of_parts[rows] * scales[parts.unit[rows]]
        return np.bincount(parts.month[rows], weights=weights, minlength=len(self.timeline.months)).astype(np.float64)


def _scale(have: str, want: str) -> float | None:
    try:
        return conversion(have, want)
    except UnitError:
        return None
