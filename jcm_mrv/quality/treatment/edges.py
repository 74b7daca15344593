"""Readings over the start or end of the monitoring period: what of them lies inside is known only by time.

The amount by time is none that was measured. What may have flowed inside lies between bounds: the rest of the reading
holds no more than the meter's highest rate, and the part inside no more than that either. The highest rate is the one
stated on Meters, else the highest that the meter's other readings show. The end with the lowest ER is taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.sources.curve import Amount, Curve
from jcm_mrv.quality.divided import DIVIDED_LONGEST_HOURS, ends_of
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.exposure import Exposure
from jcm_mrv.quality.treatment.proposal import (
    Decision,
    End,
    Outcome,
    Proposal,
    by_cause,
    outcomes_of,
    spans_by_meter,
    total_effect,
)
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import DAY, HOUR, Span, local_text
from jcm_mrv.words import say

AT_EDGE = Code(
    "readings.divided_at_edge", Severity.MAJOR, "A reading over the start or end of the period is divided by time."
)

DIVIDED_MINOR_DAYS = Setting(
    "divided.minor_days",
    65.0,
    "d",
    "a reading over the start or end of the period is minor up to this length",
    most=100,
)


@dataclass(frozen=True)
class AtEdge(Proposal):
    """The part in one month of a reading that reaches over the start or end of the period."""

    kind = "divided"

    reading: Span
    open: tuple[float, float] | None = None
    """The least and the most that may have flowed in this part where no highest rate is stated."""
    part: int | None = None
    """The ordinal of the reading's first part; None of the sum of a log."""

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        if decision.amount == 0:
            return "divided by time"
        end = {End.LOWEST: "least", End.HIGHEST: "most"}.get(decision.end, say("amount with the lowest ER"))
        return say("the {end} that may have flowed in this part of the reading", end=end)


@dataclass(frozen=True)
class DividedAtEdges:
    """The treatment of readings over the start or end of the monitoring period."""

    context: AssessmentContext

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """The parts of such readings, but for those of which something before sets a part aside."""
        taken = spans_by_meter(one for one in before if one.sets_aside)
        found = [one for meter in within.meters for one in self._of_meter(within, meter, taken.get(meter, ()))]
        return found, []

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """One finding for each reading."""
        groups = by_cause(((one.meter_id, one.reading), (one, t)) for one, t in outcomes_of(AtEdge, outcomes))
        return [self._finding(group) for group in groups.values()]

    def _of_meter(self, within: ChainContext, meter: str, taken: Sequence[Span]) -> Iterator[AtEdge]:
        curve = self.context.amounts.curve(meter, within.chain.unit)
        first, last = int(self.context.timeline.edges[0]), int(self.context.timeline.edges[-1])
        least = self.context.settings[DIVIDED_LONGEST_HOURS] * HOUR
        starts, ends = curve.at[:-1], curve.at[1:]
        # What is divided within a day moves less than the meter's error over the period.
        over = np.any([np.minimum(edge - starts, ends - edge) > least for edge in (first, last)], axis=0)
        for k in np.flatnonzero(over & (curve.missing < ends - starts)).tolist():
            start, end = int(starts[k]), int(ends[k])
            inside = max(start, first), min(end, last)
            if not any(a < inside[1] and inside[0] < b for a, b in taken):
                yield from self._parts(within, meter, _limited(curve, k), (start, end), inside)

    def _parts(self, within: ChainContext, meter: str, curve: Curve, reading: Span, inside: Span) -> Iterator[AtEdge]:
        rate = self.context.amounts.curve(meter, within.chain.unit).rate
        found, exact = self._narrowed(within, meter, inside, curve, rate)
        # Nothing is open where a rate is stated, or another source: its bounds are those of the correction.
        stated, length = exact or math.isfinite(rate), inside[1] - inside[0]
        open_ = None
        if not stated:
            capacity, amount = within.capacity(meter), curve.over(*reading).best
            least = max(amount - capacity * (reading[1] - reading[0] - length), 0.0)
            open_ = min(found.lowest, least), max(found.highest, min(amount, capacity * length))
        part = self._first(within, meter, reading)
        where = within.data_origin(meter) if part is None else within.chain.parts.origins[part]
        for m, pieces in within.by_month(meter, [inside]):
            share = sum(b - a for a, b in pieces) / length
            low, high = (found.lowest - found.best) * share, (found.highest - found.best) * share
            place = within.place[meter, m]
            yield AtEdge(
                within.chain, place, meter, m, pieces, found.best * share, min(low, 0.0), max(high, 0.0), where,
                reading, None if open_ is None else (open_[0] * share, open_[1] * share), part,
            )  # fmt: skip

    def _narrowed(
        self, within: ChainContext, meter: str, inside: Span, curve: Curve, rate: float
    ) -> tuple[Amount, bool]:
        """What flowed inside, and whether another source of the meter states just this time.

        Such a source is held against the stated ``rate`` alone: rates that the meter showed elsewhere prove nothing
        against it. One that cannot be true beside the meter narrows nothing: it is a contradiction, said elsewhere.
        """
        found, exact = curve.over(*inside), False
        for other in self.context.sources.of(meter, within.chain.unit):
            said, error = other.curve.over(*inside), other.error
            own = replace(curve, rate=rate).over(*inside) if said.exact and not exact else found
            low = max(own.lowest, said.lowest - error * abs(said.lowest))
            high = min(own.highest, said.highest + error * abs(said.highest))
            if low <= high:
                found, exact = replace(found, lowest=low, highest=high), exact or said.exact
        return found, exact

    def _first(self, within: ChainContext, meter: str, reading: Span) -> int | None:
        """The first part of a reading; None of the sum of a log."""
        parts = within.chain.parts
        ordinals = [n for n, name in enumerate(parts.meter_ids) if name == meter]
        same = (parts.start == reading[0]) & (parts.end == reading[1]) & np.isin(parts.meter, ordinals)
        return next(iter(np.flatnonzero(same).tolist()), None)

    def _finding(self, group: Sequence[tuple[AtEdge, Treatment]]) -> Finding:
        one, treatment = group[0]
        zone, days = self.context.timeline.zone, (one.reading[1] - one.reading[0]) / DAY
        best, low, high = (sum(values) for values in zip(*((p.measured, *p.ends) for p, _ in group), strict=True))
        share = sum(p.hours for p, _ in group) * HOUR / (one.reading[1] - one.reading[0])
        start, end = (local_text(zone, t) for t in one.reading)
        unit, change = treatment.unit, sum(t.correction for _, t in group)
        parts = [(p, t, p.open) for p, t in group]
        exposed = self.exposure.of(parts, parts)
        minor = days <= self.context.settings[DIVIDED_MINOR_DAYS] and exposed is None
        return AT_EDGE(
            say(
                "a reading of meter {meter_id} reaches over the start or end of the monitoring period; what of it lies "
                "inside is known only by time: {best:.6g} {unit} are used, the amount with the lowest ER",
                meter_id=one.meter_id,
                best=best + change,
                unit=unit,
            ),
            one.where,
            found=say(
                "{ends} from {start} to {end}, {share:.1%} of the time inside: {best:.6g} {unit} by time, at least "
                "{best_2:.6g}, at most {best_3:.6g} {unit}",
                ends=say("an amount") if one.part is None else ends_of(one.chain.parts, one.part),
                start=start,
                end=end,
                share=share,
                best=best,
                unit=unit,
                best_2=best + low,
                best_3=best + high,
            ),
            action=say(
                "Give a reading at the start and at the end of the period, another source that states it, or the "
                "highest rate on the sheet Meters, which narrows the bounds."
            )
            + (" " + exposed.words if exposed else ""),
            data={"days": days, "share": share, "by_time": best, "lowest": best + low, "highest": best + high},
            effect_tco2e=exposed.effect if exposed else total_effect(t.effect_tco2e for _, t in group),
            severity=Severity.MINOR if minor else Severity.MAJOR,
        )

    @cached_property
    def exposure(self) -> Exposure:
        """What hangs on the parts by time."""
        return Exposure(self.context)


def _limited(curve: Curve, step: int) -> Curve:
    """The curve with the highest rate of its other steps where none is stated; of one step alone nothing is known.

    What the step itself does not state is left to the treatment of data gaps.
    """
    length = np.diff(curve.at)
    telling = np.flatnonzero((curve.missing == 0) & (np.arange(len(length)) != step))
    curve = replace(curve, missing=np.where(np.arange(len(length)) == step, 0, curve.missing))
    if math.isfinite(curve.rate):
        return curve
    if not len(telling):
        return replace(curve, both_ways=False)
    rates = np.abs(curve.amount[telling]) / length[telling]
    own = abs(float(curve.amount[step])) / float(length[step])
    return replace(curve, rate=max(float(rates.max()), own))
