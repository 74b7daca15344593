"""The values of every meter of the monitoring points, and which of them are another's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.meters.segments import SegmentKind, SeriesResult
from jcm_mrv.meters.sources.counted import Counted
from jcm_mrv.origin import Origin
from jcm_mrv.quality.one_source.copies import lifted_months, same_days, same_months, same_store
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
        self.claim, self.timeline, self.effects = claim, timeline, Effects(claim, timeline)
        self.hourly = {p.meter_id: p for p in series.profiles if p.hourly}
        self.parts, self.counted = series.parts, Counted(series, timeline)
        self.converted = Counted(series, timeline, series.conversions)
        known, first = np.unique(series.parts.meter, return_index=True)
        # The first part of every meter that has some, and its unit.
        self.first = {series.parts.meter_ids[m]: n for m, n in zip(known.tolist(), first.tolist(), strict=True)}
        self.units = {meter: series.parts.units[int(series.parts.unit[n])] for meter, n in self.first.items()}
        self.parameters: dict[str, set[str]] = {}
        for point in claim.points:
            for term in point.terms:
                self.parameters.setdefault(term.meter_id, set()).add(point.parameter)

    def like(self, one: str, other: str) -> bool:
        """True for two meters that measure the same parameter."""
        return bool(self.parameters[one] & self.parameters[other])

    def where(self, meter: str) -> Origin:
        """The first value of a meter."""
        first: Origin = self.parts.origins[self.first[meter]]
        return first

    def effect(self, meter: str) -> float | None:
        """ER as it is minus ER without what a meter counts."""
        unit = self.units[meter]
        return self.effects(meter, unit, dict(enumerate(self._months(self.counted, meter, unit).tolist())))

    def pairs(self, meters: Sequence[str], told: Collection[tuple[str, str]]) -> Iterator[tuple[str, str, Alike]]:
        """Each later meter with an earlier one whose values it has; by month with the first that is not ``told``."""
        for kind in self._kinds(meters):
            yield from self._by_hour([m for m in kind if m in self.hourly])
            yield from self._by_month(kind, told)

    def copies(self, meters: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Each later meter with an earlier one of its parameter whose values it has at other times, and how."""
        yield from self._stores()
        for kind in self._kinds(meters):
            hourly = [m for m in kind if m in self.hourly]
            for a, b, moved, count in same_days([self.hourly[m] for m in hourly]):
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
            for a, b, more, count in lifted_months(amounts, digits):
                if self.like(kind[a], kind[b]):
                    unit = self.units[kind[0]]
                    words = say("{count} months are the other's {more:+.6g} {unit}", count=count, more=more, unit=unit)
                    yield kind[b], kind[a], words
            yield from self._multiples(kind, amounts)

    def _followed(self, meters: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        first, last = int(self.timeline.edges[0]), int(self.timeline.edges[-1])
        hours = [hours_of(self.hourly[m], first, last) for m in meters]
        for a, b in candidates([h for h, _ in hours]):
            if self.like(meters[b], meters[a]) and (words := near_copy(*hours[b], *hours[a])):
                yield meters[b], meters[a], words

    def _multiples(self, meters: Sequence[str], amounts: Numbers) -> Iterator[tuple[str, str, str]]:
        for b in range(len(meters)):
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
        for chain in self.claim.chains if ledgers else ():
            for point in chain.points:
                added, _ = point.sides(self.first)
                found = {t.meter_id: self._months(self.converted, t.meter_id, chain.unit) for t in added}
                for later, earlier in same_store(found, ledgers):
                    yield later, earlier, say("the ledger of a store and a meter agree in every month within 2 %")

    def _kinds(self, meters: Sequence[str]) -> list[list[str]]:
        """The meters by kind of quantity; hours of operation are alike wherever units run together."""
        kinds: dict[str, list[str]] = {}
        for meter, unit in ((meter, self.units[meter]) for meter in meters if meter in self.units):
            base = next((known for known in kinds if _scale(unit, known) is not None), unit)
            if _scale(unit, "h") is None and _scale(unit, "1") is None:
                kinds.setdefault(base, []).append(meter)
        return list(kinds.values())

    # --- by hour ---

    def _by_hour(self, meters: Sequence[str]) -> Iterator[tuple[str, str, Alike]]:
        found: dict[tuple[str, str], list[tuple[float, str]]] = {}
        for month in self.timeline.months:
            hours = [hours_of(self.hourly[m], month.start, month.end) for m in meters]
            for a, b in candidates([h for h, _ in hours]):
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

    def _by_month(self, meters: Sequence[str], told: Collection[tuple[str, str]]) -> Iterator[tuple[str, str, Alike]]:
        amounts, digits = self._amounts(meters)
        pairs = len(meters) * (len(meters) - 1) / 2
        for b in range(len(meters)):
            rows = [
                a
                for a in steady(amounts[:b], amounts[b])
                if not {meters[a], meters[b]} <= self.hourly.keys() and (meters[a], meters[b]) not in told
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
        unit = self.units[meters[0]]
        amounts = np.array([self._months(self.counted, meter, unit) for meter in meters])
        return amounts, np.array([blur(row) for row in amounts])

    def _months(self, counted: Counted, meter: str, unit: str) -> Numbers:
        """What a meter counted in each month."""
        return counted.curve(meter, unit).between(self.timeline.edges[:-1], self.timeline.edges[1:]).best


def _scale(have: str, want: str) -> float | None:
    try:
        return conversion(have, want)
    except UnitError:
        return None
