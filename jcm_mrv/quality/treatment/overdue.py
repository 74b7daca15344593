"""Readings that a meter gave while nothing proved that it was right: corrected by its error, where ER is lowest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.findings import Finding
from jcm_mrv.meters.calibrations import MISSING, REPLACED, OverdueSpan
from jcm_mrv.meters.coverage import without
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.meter_errors import CROSSCHECK_UNKNOWN_ERROR
from jcm_mrv.quality.treatment.proposal import (
    Decision,
    Outcome,
    Proposal,
    by_cause,
    outcomes_of,
    spans_by_meter,
    total_effect,
)
from jcm_mrv.quantities.expression import Named
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import Span, local_time
from jcm_mrv.words import joined, say


@dataclass(frozen=True)
class Overdue(Proposal):
    """What a meter measured in the part of a month for which its calibration is overdue, give or take its error.

    The amount lies between the measured one less and plus the error, as a verifier expects it (CDM validation and
    verification standard, delayed calibration).
    """

    kind = "calibration"

    cause: OverdueSpan
    error: float

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        if self.cause.unknown:
            return say("{rule}: not relied on, since no error found is stated", rule=self.cause.rule)
        way = "down" if decision.amount < 0 else "up" if decision.amount > 0 else "not"
        return say("{rule}: corrected {way} by {error:.6g} %", rule=self.cause.rule, way=way, error=self.error * 100)

    def _terms(self, amount: float, raw: float) -> tuple[float, float, float]:
        """What was measured is scaled."""
        return (self.measured / raw, amount / self.measured, 0.0) if raw and self.measured else (0.0, 0.0, amount)


@dataclass(frozen=True)
class OverdueCalibrations:
    """The treatment of spans in which nothing proves a meter to be right; a span is its own key."""

    context: AssessmentContext
    spans: Sequence[OverdueSpan]

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """What the chain's meters measured then, month by month, without what is not relied on at all."""
        aside = spans_by_meter(one for one in before if one.sets_aside)
        found: list[Proposal] = []
        for cause in (cause for cause in self.spans if not _nothing_known(cause)):
            meter, error = cause.meter_id, self._error(cause)
            open_spans = without((cause.start, cause.end), aside.get(meter, ()))
            for m, spans, measured in within.measured(meter, open_spans):
                if cause.unknown or (measured and error):
                    low, high = -abs(measured) * error, abs(measured) * error
                    if cause.unknown:
                        low, high = _anything(within, meter, spans, measured, low, high)
                    place = within.place[meter, m]
                    found.append(
                        Overdue(within.chain, place, meter, m, spans, measured, low, high, cause.where, cause, error)
                    )
        return found, []

    def _error(self, cause: OverdueSpan) -> float:
        """The error of a span; where nobody states one, that of the settings or the error found if it is larger."""
        unknown = max(self.context.settings[CROSSCHECK_UNKNOWN_ERROR], cause.found)
        return unknown if cause.error is None else cause.error

    def _exposed(self, cause: OverdueSpan) -> float | None:
        """ER as it is minus the lower ER with all that a meter measured then more or less by its error."""
        lowest, spans = [], [span for span in self.spans if span.own == cause]
        amounts = [
            (within.chain.graph.E_corr, self._errors_by_month(within, s)) for within in self._chains for s in spans
        ]
        for sign in (-1, 1):
            changes: dict[Named, Numbers] = {}
            for corrected, errors in amounts:
                changes.setdefault(corrected, np.array(self.context.claim.values[corrected]))
                for place, error in errors.items():
                    changes[corrected][place] += sign * error
            lowest.append(self.context.claim.reductions(changes))
        effect = self.context.claim.reductions() - min(lowest)
        return effect if np.isfinite(effect) else None

    def _errors_by_month(self, within: ChainContext, cause: OverdueSpan) -> dict[int, float]:
        """By how much what a meter measured in each month may be off, by the ordinal of its month."""
        error, meter = self._error(cause), cause.meter_id
        measured = within.measured(meter, [(cause.start, cause.end)])
        return {within.place[meter, m]: error * abs(amount) for m, _, amount in measured}

    @cached_property
    def _chains(self) -> tuple[ChainContext, ...]:
        return tuple(ChainContext(self.context, chain) for chain in self.context.claim.chains)

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """One finding for each span of a meter, with what was corrected of it, and made of it, in all months."""
        groups = by_cause((one.cause.own, (one, t)) for one, t in outcomes_of(Overdue, outcomes))
        return [self._finding(cause, groups.get(cause, [])) for cause in self.spans if not cause.of]

    def _finding(self, cause: OverdueSpan, group: Sequence[tuple[Overdue, Treatment]]) -> Finding:
        zone = self.context.timeline.zone
        start, end = (f"{local_time(zone, t):%Y-%m-%d %H:%M}" for t in (cause.start, cause.end))
        message = say(
            "meter {meter_id}, {start} to {end}: {reason}",
            meter_id=cause.meter_id,
            start=start,
            end=end,
            reason=cause.reason,
        )
        action = cause.action
        if cause.error is None:
            message += say("; neither its accuracy class nor its permissible error is known")
            action = say("Enter one of them on Meters. {action}", action=action)
        if cause.unknown:
            action = say(
                "Enter the error found from the certificate on Calibrations; or what a check meter or another source "
                "proves on Overrides. {action}",
                action=action,
            )
        if _nothing_known(cause):
            return cause.code(
                say("{message}, so that nothing is corrected", message=message),
                cause.where,
                found=say(
                    "with an error of {error:.6g} % ER would be lower by the effect", error=self._error(cause) * 100
                ),
                action=action,
                effect_tco2e=self._exposed(cause),
            )
        if not group:
            return cause.code(message, cause.where, found=say("nothing measured then counts"), action=action)
        error, done = self._error(cause), by_cause(((one.meter_id, t.unit), (one.measured, t)) for one, t in group)
        words = dict.fromkeys(w for _, t in group if (w := t.direction_words))
        done_words = (
            say("nothing of what it measured is relied on, since no certificate says by how much it was wrong")
            if cause.unknown
            else say("what it measured is corrected by {error:.6g} %", error=error * 100)
        )
        return cause.code(
            say(
                "{message}; {done}, {direction_words}",
                message=message,
                done=done_words,
                direction_words=joined(", ", words),
            ),
            cause.where,
            found=joined("; ", (_found(name, unit, pairs, cause) for (name, unit), pairs in done.items())),
            action=action,
            data={"error": error, "correction": sum(t.correction for _, t in next(iter(done.values())))},
            effect_tco2e=total_effect(t.effect_tco2e for _, t in group),
        )


def _anything(
    within: ChainContext, meter: str, spans: Sequence[Span], measured: float, low: float, high: float
) -> tuple[float, float]:
    """The same for an error of any size: from nothing (as in a data gap) to the highest rate that is stated.

    What the meter showed itself bounds it only where neither Meters nor the equipment state a rate.
    """
    least, most = within.bounds(meter, spans) or (measured, measured)
    rates = within.rates.get(meter)
    stated = min(within.context.amounts.curve(meter, within.chain.unit).rate, within.capacity(meter))
    if np.isfinite(stated) and (rates is None or not rates.is_mean):
        most = max(most, stated * sum(end - start for start, end in spans))
    return min(least - measured, low), max(most - measured, high)


def _found(name: str, unit: str, pairs: Sequence[tuple[float, Treatment]], cause: OverdueSpan) -> str:
    """What a meter, or what is made of its readings, measured in the span and how much of it was corrected."""
    words = say(
        "{sum:.6g} {treatment_unit} measured, {correction:+.6g} {treatment_unit} corrected",
        sum=sum(measured for measured, _ in pairs),
        treatment_unit=unit,
        correction=sum(t.correction for _, t in pairs),
    )
    return words if name == cause.meter_id else say("{name}: {words}", name=name, words=words)


def _nothing_known(cause: OverdueSpan) -> bool:
    """True where neither a test nor an error of the meter is stated: there is nothing by which to correct."""
    return cause.error is None and cause.code in (MISSING, REPLACED)
