"""Values that are not to be relied on (flatlined, a spike, a scaling error): treated like a gap, one way or both.

What was measured in the span may be wrong into the direction that the finding
says (its bias). What may have flowed instead lies between what the meter's own
rates allow; where the value counted is the end with the lowest ER, it stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from jcm_mrv.findings import Bias, Finding, QuestionableSpan
from jcm_mrv.meters.coverage import without
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import ChainContext
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
from jcm_mrv.time.zones import Span
from jcm_mrv.words import say


@dataclass(frozen=True)
class QuestionableData(Proposal):
    """What a meter measured in the questionable part of a month."""

    kind = "doubtful"
    sets_aside = True

    cause: Finding

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        code = self.cause.code
        if decision.amount == 0:
            return say("{code}: what was measured is kept, it has the lowest ER", code=code)
        if decision.end is End.BETWEEN:
            return say("{code}: not relied on; the amount with the lowest ER", code=code)
        end = "least" if decision.end is End.LOWEST else "most"
        return say("{code}: not relied on; the {end} that may have flowed instead", code=code, end=end)

    def _terms(self, amount: float, raw: float) -> tuple[float, float, float]:
        """What was measured is taken out, what is taken instead is added."""
        if raw and self.measured:
            return self.measured / raw, -1.0, self.measured + amount
        return 0.0, 0.0, amount


@dataclass(frozen=True)
class QuestionableValues:
    """The treatment of what findings on values say is questionable."""

    causes: Sequence[Finding]

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """What the chain's meters measured in questionable spans, by finding, bias and month; no time twice."""
        used = spans_by_meter(one for one in before if one.sets_aside)
        single = {one.meter_id for one in within.context.series.combined if not one.adds_up}
        found: list[Proposal] = []
        for finding in self.causes:
            for (meter, bias), group in _groups(finding).items():
                if meter in single:  # they have a treatment of their own
                    continue
                own = used.setdefault(meter, [])
                gaps = within.context.gaps.get(meter, ())
                spans = [rest for one in group for rest in without((one.start, one.end), [*own, *gaps])]
                own.extend(spans)
                found += [
                    _proposal(within, meter, m, pieces, measured, bias, finding)
                    for m, pieces, measured in within.measured(meter, spans)
                ]
        return found, []

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """The findings on values, those that were treated with the effect of it on ER."""
        effects = by_cause((one.cause.key, t.effect_tco2e) for one, t in outcomes_of(QuestionableData, outcomes))
        return [_with_effect(finding, effects.get(finding.key, ())) for finding in self.causes]


def cuts_of(findings: Iterable[Finding]) -> dict[str, list[int]]:
    """The instants, by meter, at which questionable spans begin and end."""
    cuts: dict[str, list[int]] = {}
    for one in (span for finding in findings for span in finding.questionable):
        cuts.setdefault(one.meter_id, []).extend((one.start, one.end))
    return cuts


def _groups(finding: Finding) -> dict[tuple[str, Bias], list[QuestionableSpan]]:
    groups: dict[tuple[str, Bias], list[QuestionableSpan]] = {}
    for one in finding.questionable:
        groups.setdefault((one.meter_id, one.bias), []).append(one)
    return groups


def _proposal(
    within: ChainContext, meter: str, m: int, spans: tuple[Span, ...], measured: float, bias: Bias, cause: Finding
) -> QuestionableData:
    low, high = within.bounds(meter, spans) or (measured, measured)
    low = min(low, measured) if bias is not Bias.TOO_LOW else measured
    high = max(high, measured) if bias is not Bias.TOO_HIGH else measured
    place = within.place[meter, m]
    return QuestionableData(
        within.chain, place, meter, m, spans, measured, low - measured, high - measured, cause.where, cause
    )


def _with_effect(finding: Finding, effects: Sequence[float | None]) -> Finding:
    if not effects:
        return finding
    total = total_effect(effects)
    done = (
        say("kept, since anything else would raise ER")
        if total == 0
        else say("not relied on until it is proven (Overrides)")
    )
    return replace(
        finding,
        message=say("{message}; what it measured is {done}", message=finding.message, done=done),
        effect_tco2e=total,
    )
