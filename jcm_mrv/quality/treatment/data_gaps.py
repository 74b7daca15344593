"""Hours that no meter covers and that nothing bridges, treated so that ER never rises by them.

A data gap is the time in a month during which equipment runs and its meter is
installed or should be, but neither reading nor log covers it and nothing
bridges it. The metered quantity then lies between bounds; which end is taken is decided
with all other proposals (:mod:`jcm_mrv.quality.treatment.direction`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.measuring import Point
from jcm_mrv.claim.points import sides_of
from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.meters.coverage import filled
from jcm_mrv.meters.coverage import within as overlapping
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.limits import GAPS_MINOR_SHARE, GAPS_SHORT_HOLE_HOURS, GAPS_SHORTEST_HOLE_HOURS
from jcm_mrv.quality.treatment.prescribed import Prescribed, PrescribedRules
from jcm_mrv.quality.treatment.proposal import Decision, End, Outcome, Proposal, outcomes_of, spans_by_meter
from jcm_mrv.result import Direction, Treatment
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, HOURS_A_DAY, Span, local_text
from jcm_mrv.words import say

GAP = Code("gaps.month", Severity.MAJOR, "A meter has no reading for part of a month.")
NO_ESTIMATE = Code("gaps.no_estimate", Severity.ERROR, "A gap lowers nothing and nothing is known to bridge it with.")

# Clocks are set forward by half an hour to two hours.
_MOST_OF_A_CLOCK = 2.0
_CLOCK = say(
    " If the logger's clock was set forward then, nothing is missing: cut the file there, and give each part its row "
    "on Logs with the zone that its clock showed (half an hour ahead of UTC+07:00 is UTC+07:30)."
)


@dataclass(frozen=True)
class DataGap(Proposal):
    """A meter's month with ``missing`` hours, the ``share`` of the month that they are.

    The bounds are None where the meter was never read, and so is ``mean``, the
    amount at its mean rate. In ``without_meter`` of the hours no meter stood at all.
    """

    kind = "gap"

    missing: float
    share: float
    mean: float | None
    without_meter: float
    prescribed: Prescribed | None = None
    is_mean: bool = False

    @property
    def hours(self) -> float:
        """The missing hours, also those without a meter, of which no span is known."""
        return self.missing

    @property
    def untreated(self) -> float:
        """Of an amount nothing; of a mean that of the rest, as if the missing hours were like it."""
        return self.mean if self.is_mean and self.mean is not None else 0.0

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        if self.prescribed is not None and self.prescribed.amount is not None:
            return self.prescribed.words
        unknown = f"; {self.prescribed.words}" if self.prescribed is not None else ""
        return self._cautious(decision, settings) + unknown

    def _cautious(self, decision: Decision, settings: Settings) -> str:
        if self.is_mean:
            which = {End.HIGHEST: say("the highest value"), End.LOWEST: say("the lowest value")}.get(
                decision.end, say("the value with the lowest ER")
            )
            return say("{which} that the meter showed, in the missing hours", which=which)
        if decision.amount == 0:
            return say("left out")
        if decision.end is End.HIGHEST:
            hours = settings[GAPS_SHORT_HOLE_HOURS]
            return say(
                "highest rate of the meter (of a single reading; for gaps from {hours:g} hours on the highest of a "
                "time as long, or the mean rate of its highest month), times the missing hours",
                hours=hours,
            )
        if decision.end is End.LOWEST:
            return say("the most that the meter ran backwards, times the missing hours")
        return say("the amount with the lowest ER")

    def refused(self, decision: Decision) -> bool:
        """True where the meter was never read and leaving the gap out would raise ER; of a mean nothing is left out."""
        return self.highest is None and (self.is_mean or decision.direction is not Direction.RISES)


@dataclass(frozen=True)
class DataGaps:
    """The treatment of data gaps that nothing bridges."""

    context: AssessmentContext

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """The gaps by meter and month that those before leave open."""
        return list(_Finder(within, spans_by_meter(before)).gaps()), []

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """One finding for each gap."""
        return [gap_finding(gap, treatment, self.context) for gap, treatment in outcomes_of(DataGap, outcomes)]


class _Finder:
    """Finds the gaps of one chain."""

    def __init__(self, within: ChainContext, spoken: Mapping[str, Sequence[Span]]) -> None:
        context = within.context
        self.within, self.chain, self.claim = within, within.chain, context.claim
        self.timeline, self.coverage = context.timeline, context.series.coverage
        self.short, self.shortest = (
            context.settings[GAPS_SHORT_HOLE_HOURS],
            context.settings[GAPS_SHORTEST_HOLE_HOURS],
        )
        self.prescribed = PrescribedRules(within)
        self.row = {meter: n for n, meter in enumerate(self.coverage.meter_ids)}
        self.open = filled(self.coverage, spoken, self.timeline.edges)

    def gaps(self) -> Iterator[DataGap]:
        """The gaps by meter and month."""
        gaps = self.open.gaps
        running, needed, unmetered = self._running(), self._needed_hours(), self._without_meter()
        for n, (meter, m) in enumerate(self.chain.meter_months):
            without = unmetered.get((meter, m), 0.0)
            spans = [
                (a, b, stop - start < self.short * HOUR)
                for start, stop in gaps.get(meter, ())
                for a, b in overlapping((start, stop), running.get((meter, m), ()))
            ]
            spoken = float(self.open.covered[self.row[meter], m]) / HOUR
            missing = max(float(needed[n]) - spoken, _hours(b - a for a, b, _ in spans)) + without
            if missing > self.shortest:
                yield self._gap(n, missing, without, spans)

    def _gap(self, n: int, missing: float, without: float, spans: list[tuple[int, int, bool]]) -> DataGap:
        meter, m = self.chain.meter_months[n]
        short = _hours(b - a for a, b, is_short in spans if is_short)
        long = [(b - a) / HOUR for a, b, is_short in spans if not is_short]
        rest = missing - short - sum(long)
        long += [rest] if rest > self.shortest else []
        rates = self.within.rates[meter]
        low, high = (None, None) if rates is None else rates.bounds(short, long)
        prescribed = self.prescribed.of(meter, m, missing)
        if prescribed is not None and prescribed.amount is not None:
            low = high = prescribed.amount
        return DataGap(
            self.chain,
            n,
            meter,
            m,
            spans=tuple((start, end) for start, end, _ in spans),
            measured=0.0,
            lowest=low,
            highest=high,
            where=self.within.data_origin(meter),
            missing=missing,
            share=missing * HOUR / self.timeline.months[m].duration,
            mean=None if rates is None else rates.mean * missing,
            without_meter=without + self._away(meter, spans),
            prescribed=prescribed,
            is_mean=rates.is_mean if rates is not None else self._of_means(meter),
        )

    def _of_means(self, meter: str) -> bool:
        return any(point.is_mean for point in self.chain.points for term in point.terms if term.meter_id == meter)

    def _away(self, meter: str, spans: Sequence[tuple[int, int, bool]]) -> float:
        """Hours of some spans in which no meter stood at the place, between two that did."""
        away = self.coverage.away.get(meter, ())
        return _hours(b - a for start, end, _ in spans for a, b in overlapping((start, end), away))

    def _running(self) -> dict[tuple[str, int], list[Span]]:
        """From when to when, in each month, something runs that the meter measures."""
        found: dict[tuple[str, int], list[Span]] = {}
        for k, t, m in self.chain.term_months:
            point, month = self.chain.points[k], self.timeline.months[m]
            where = point.terms[t].meter_id, m
            begin, end = self.claim.operation.get((point.methodology, point.applies_to), (month.start, month.end))
            begin, end = max(begin, month.start), min(end, month.end)
            ((first, last),) = found.get(where, [(begin, end)])
            found[where] = [(min(begin, first), max(end, last))]
        return found

    def _needed_hours(self) -> Numbers:
        """For each meter's month the hours in which it is installed and something that it measures runs."""
        needed = np.zeros(len(self.chain.meter_months))
        for k, t, m in self.chain.term_months:
            point = self.chain.points[k]
            meter = point.terms[t].meter_id
            installed = int(self.coverage.expected[self.row[meter], m])
            running = self.claim.running(point.methodology, point.applies_to, m, self.timeline)
            place = self.within.place[meter, m]
            needed[place] = max(needed[place], min(installed, running) / HOUR)
        return needed

    def _without_meter(self) -> dict[tuple[str, int], float]:
        """Hours in which equipment runs and no meter of a side stands, by a meter of the side that counts and month."""
        found: dict[tuple[str, int], float] = {}
        for point in self.chain.points:
            for side in sides_of(point, self.coverage, self.row):
                for m in point.months:
                    running = self.claim.running(point.methodology, point.applies_to, m, self.timeline)
                    hours = (running - int(side.installed[m])) / HOUR
                    if hours > self._leeway(point, m):
                        # In a month in which the leader does not stand, another one of the side may.
                        meters = (name for name in (side.leader, *side.meters) if (name, m) in self.within.place)
                        meter = next(meters, side.leader)
                        found[meter, m] = max(found.get((meter, m), hours), hours)
        return found

    def _leeway(self, point: Point, m: int) -> float:
        """Hours: operation is dated by the day, so on its first and last day the meter may come later or go earlier."""
        month, period = self.timeline.months[m], (self.timeline.months[0].start, self.timeline.months[-1].end)
        edges = self.claim.operation.get((point.methodology, point.applies_to), period)
        inside = [edge for edge in edges if edge not in period and month.start <= edge <= month.end]
        return self.shortest + HOURS_A_DAY * len(inside)


def _hours(durations: Iterable[int]) -> float:
    return float((np.array(list(durations), dtype=np.float64) / HOUR).sum())


def gap_finding(gap: DataGap, treatment: Treatment, context: AssessmentContext) -> Finding:
    """The finding of a gap that was treated."""
    minor = gap.share < context.settings[GAPS_MINOR_SHARE] and treatment.effect_tco2e == 0
    when = spans_text(gap, context.timeline)
    return GAP(
        say(
            "meter {meter_id} has no reading for {hours:,.2f} hours of {month}; {direction_words}: {rule}",
            meter_id=gap.meter_id,
            hours=gap.hours,
            month=treatment.month,
            direction_words=treatment.direction_words,
            rule=treatment.rule,
        ),
        gap.where,
        found=(say("nothing for {when}; ", when=when) if when else "")
        + say("{raw:.6g} {treatment_unit} in the rest of the month", raw=treatment.raw, treatment_unit=treatment.unit),
        action=say(
            "Enter what bridges it: register readings of before and after on Readings, a check meter on Meters (column "
            "Check meter of), the supplier's bills on Invoices; or the proven amount on Overrides. What the PDD "
            "prescribes for missing data is chosen on Meters (Missing data)."
        )
        + (say(" Correct the dates Installed and Removed on Meters, if a meter stood.") if gap.without_meter else "")
        + (_CLOCK if gap.hours <= _MOST_OF_A_CLOCK and not gap.where.sheet and len(gap.spans) == 1 else ""),
        data={
            "missing_hours": round(gap.hours, 4),
            "share_of_month": round(gap.share, 6),
            "correction": treatment.correction,
            "at_mean_rate": "unknown" if gap.mean is None else gap.mean,
        },
        effect_tco2e=treatment.effect_tco2e,
        severity=Severity.MINOR if minor else Severity.MAJOR,
    )


def spans_text(gap: DataGap, timeline: Timeline) -> str:
    """The first spans of a gap with their local times; the rest counted."""
    spans = [
        say("{start} to {end}", start=local_text(timeline.zone, a), end=local_text(timeline.zone, b))
        for a, b in gap.spans
    ]
    spans += (
        [say("{without_meter:,.2f} hours without a meter", without_meter=gap.without_meter)]
        if gap.without_meter
        else []
    )
    return named(spans, "; ", most=5)


def no_estimate(gap: DataGap, timeline: Timeline) -> Finding:
    """The finding of a gap of a meter that was never read, where leaving it out would raise ER."""
    return NO_ESTIMATE(
        say(
            "meter {meter_id} has no reading at all; leaving out {label} would raise ER",
            meter_id=gap.meter_id,
            label=timeline.months[gap.month].label,
        ),
        gap.where,
        found=say("no reading"),
        action=say(
            "Enter its readings on Readings (or a log on Logs, bills on Invoices), or name another meter on Monitoring "
            "points."
        ),
    )
