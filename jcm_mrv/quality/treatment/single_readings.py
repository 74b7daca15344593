"""The last, highest or lowest reading of a slice, where not all of it was read: another one may have been it.

What was not read, or is questionable, lies between the least and the greatest value that the meter showed in the
monitoring period. A highest value is not below what was seen, nor a lowest above it. Which end is taken follows from
how ER moves, as for every other doubt; a calibration that is overdue moves both ends by the error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Flags, Instants, Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain, Point
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.calibrations import OverdueSpan
from jcm_mrv.meters.combined import Combined
from jcm_mrv.meters.coverage import within as inside
from jcm_mrv.methodology.declare import COUNT, SINGLE, month, period
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.meter_errors import CROSSCHECK_UNKNOWN_ERROR
from jcm_mrv.quality.treatment.proposal import Decision, End, Outcome, Proposal, outcomes_of
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.result import Treatment
from jcm_mrv.time.timeline import Slice
from jcm_mrv.time.zones import Span
from jcm_mrv.words import say

UNSEEN = Code("combined.unseen", Severity.MAJOR, "A last, highest or lowest reading may be another than was read.")
NOTHING_READ = Code("combined.nothing_read", Severity.ERROR, "Nothing was read of which a single reading is wanted.")


@dataclass(frozen=True)
class SingleReading(Proposal):
    """The reading that was taken for a slice, where another may have been it."""

    kind = "single reading"

    point: Point
    value: float
    open: tuple[Span, ...]

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        how = self.point.combined
        if decision.end is End.LOWEST:
            return say("the least that the {how} reading may have been", how=how)
        if decision.end is End.HIGHEST:
            return say("the greatest that the {how} reading may have been", how=how)
        return say("the {how} reading with the lowest ER", how=how)


@dataclass(frozen=True)
class SingleReadings:
    """The treatment of last, highest and lowest readings."""

    context: AssessmentContext
    values: Sequence[Finding]
    overdue: Sequence[OverdueSpan]

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """Those that may be another, by point and slice."""
        found: list[Proposal] = []
        made = {one.meter_id: one for one in self.context.series.combined}
        for k, point in enumerate(within.chain.points):
            if point.combined in SINGLE:
                one = made[point.terms[0].meter_id]
                found += [p for piece in self._slices(one) if (p := self._of_slice(within, k, one, piece)) is not None]
        return found, []

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """One finding for each that was moved."""
        return [_finding(one, treatment) for one, treatment in outcomes_of(SingleReading, outcomes)]

    def _slices(self, one: Combined) -> tuple[Slice, ...]:
        return self.context.timeline.months if one.wanted.monthly else self.context.timeline.years

    def _of_slice(self, within: ChainContext, k: int, one: Combined, piece: Slice) -> SingleReading | None:
        chain, taken = within.chain, one.intervals
        point = chain.points[k]
        [*place] = np.flatnonzero((taken.start >= piece.start) & (taken.start < piece.end)).tolist()
        if not place:
            return None
        value, at = float(taken.amount[place[0]]), int(taken.start[place[0]])
        m = int(np.searchsorted(self.context.timeline.edges, at, side="right")) - 1
        if (one.meter_id, m) not in within.place:
            return None
        begin, end = self.context.claim.operation.get((point.methodology, point.applies_to), (piece.start, piece.end))
        running = max(begin, piece.start), min(end, piece.end)
        doubtful = [(q.start, q.end) for f in self.values for q in f.questionable if q.meter_id == one.meter_id]
        doubtful += [(s.start, s.end) for s in self.overdue if s.unknown and s.meter_id in one.wanted.meters]
        low, high, spans = self._limits(one, value, running, doubtful)
        error = self._error(one, running) * abs(value)
        low, high = low - error, high + error
        if low == high == 0:
            return None
        return SingleReading(
            chain, within.place[one.meter_id, m], one.meter_id, m, spans, value, low, high,
            taken.where(place[0]), point, value, spans,
        )  # fmt: skip

    def _limits(
        self, one: Combined, value: float, running: Span, doubtful: Sequence[Span]
    ) -> tuple[float, float, tuple[Span, ...]]:
        """By how much the reading may be another, downwards and upwards, and the times that leave it open."""
        spans = tuple(inside(running, [*one.gaps, *doubtful]))
        if one.wanted.how == "last":
            spans = tuple(span for span in spans if span[1] >= running[1])
        if not spans or one.seen is None:
            return 0.0, 0.0, ()
        sound = _outside(one.seen.start, one.seen.end, doubtful)
        sound = sound if sound.any() else np.ones(len(sound), dtype=np.bool_)
        own = sound & (one.seen.start < running[1]) & (one.seen.end > running[0])
        every, here = one.seen.amount[sound], one.seen.amount[own]
        least, most = float(every.min()), float(every.max())
        if one.wanted.how == "last":
            return min(least - value, 0.0), max(most - value, 0.0), spans
        kept = _kept(one.wanted.how, here, least if one.wanted.how == "highest" else most)
        if one.wanted.how == "highest":
            return min(kept - value, 0.0), max(most - value, 0.0), spans
        return min(least - value, 0.0), max(kept - value, 0.0), spans

    def _error(self, one: Combined, running: Span) -> float:
        unknown = self.context.settings[CROSSCHECK_UNKNOWN_ERROR]
        errors = [
            max(unknown, span.found) if span.error is None else span.error
            for span in self.overdue
            if span.meter_id in one.wanted.meters and span.start < running[1] and span.end > running[0]
            if span.error is not None or span.found
        ]
        return max(errors, default=0.0)


def _outside(start: Instants, end: Instants, spans: Sequence[Span]) -> Flags:
    sound: Flags = np.ones(len(start), dtype=np.bool_)
    for a, b in spans:
        sound &= (start >= b) | (end <= a)
    return sound


def _kept(how: str, here: Numbers, otherwise: float) -> float:
    """What of the slice is certain: its highest (lowest) sound reading."""
    if not len(here):
        return otherwise
    return float(here.max() if how == "highest" else here.min())


def nothing_read(claim: Claim, evaluation: Evaluation) -> Iterator[Finding]:
    """Slices without any reading of which the last, highest or lowest, or the number, is wanted."""
    for chain in claim.chains:
        graph = chain.graph
        for k, point in enumerate(chain.points):
            if point.combined in SINGLE and graph.H_year in evaluation:
                for n, (own, p) in enumerate(chain.point_years):
                    if own == k and not evaluation[graph.H_year][n]:
                        yield _nothing(point, claim.space.elements[period][p])
            elif point.combined in SINGLE and graph.H in evaluation:
                for n, (own, m) in enumerate(chain.point_months):
                    if own == k and not evaluation[graph.H][n]:
                        yield _nothing(point, claim.space.elements[month][m])
            elif point.combined == COUNT and graph.E in evaluation:
                yield from _none_counted(claim, chain, k)


def _none_counted(claim: Claim, chain: Chain, k: int) -> Iterator[Finding]:
    meters = {term.meter_id for term in chain.points[k].terms}
    parts = chain.parts
    counted = {int(parts.month[r]) for r in chain.rows.tolist() if parts.meter_ids[parts.meter[r]] in meters}
    months = [m for own, m in chain.point_months if own == k]
    labels = claim.space.elements[month]
    for label in dict.fromkeys(labels[m][:4] for m in months):
        if not any(labels[m][:4] == label for m in counted):
            yield _nothing(chain.points[k], label)


def _nothing(point: Point, label: str) -> Finding:
    counted = point.combined == COUNT
    what = say("how many there are") if counted else say("the {how} reading", how=point.combined)
    kind = say("sample, with the time of each") if counted else say("mean, with start and end")
    return NOTHING_READ(
        say("{what} of {name} in {label} is not known: nothing was read then", what=what, name=point.name, label=label),
        point.terms[0].origin,
        found=say("no reading of {label}", label=label),
        action=say("Enter readings of that time: kind {kind}.", kind=kind),
    )


def _finding(one: SingleReading, treatment: Treatment) -> Finding:
    hours = sum(b - a for a, b in one.open) / 3_600_000_000
    why = (
        say("{hours:,.6g} hours of it were not read or are questionable", hours=hours)
        if hours
        else say("no calibration proves it")
    )
    return UNSEEN(
        say(
            "the {combined} reading of {name} may be another than {value:.6g}: {why}; {direction_words}: {rule}",
            combined=one.point.combined,
            name=one.point.name,
            value=one.value,
            why=why,
            direction_words=treatment.direction_words,
            rule=treatment.rule,
        ),
        one.where,
        found=say(
            "{value:.6g} read; {correction:.6g} used", value=one.value, correction=one.value + treatment.correction
        ),
        action=say("Give readings of the time that is missing, or the calibration that proves the meter."),
        data={"read": one.value, "used": one.value + treatment.correction, "hours": hours},
        effect_tco2e=treatment.effect_tco2e,
    )
