"""Where a meter and another source contradict each other, the one with the lower ER is used throughout.

Never the better one month by month: all spans in which both speak are taken
from the same source. A person who can prove which is right says so on the
sheet Overrides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jcm_mrv.findings import Finding
from jcm_mrv.meters.coverage import without
from jcm_mrv.quality.crosscheck import USED, Contradiction
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import ChainContext
from jcm_mrv.quality.treatment.proposal import (
    Decision,
    Outcome,
    Proposal,
    Replaced,
    by_cause,
    outcomes_of,
    spans_by_meter,
    total_effect,
)
from jcm_mrv.time.zones import Span
from jcm_mrv.words import say


@dataclass(frozen=True)
class OtherSource(Replaced):
    """A month of a meter's contradicted spans; the value is what the other source states."""

    kind = "other source"

    cause: Finding

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        return say("{cause_code}: the other source, throughout", cause_code=self.cause.code)


@dataclass(frozen=True)
class OtherSources:
    """The treatment of meters that another source contradicts."""

    contradictions: Sequence[Contradiction]

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """The months of a chain's meters that are taken from another source since ER is higher with the meter.

        Of several such sources the one with the lowest ER goes first; another one holds where that is silent.
        """
        taken = spans_by_meter(before)
        found: list[Proposal] = []
        for one in sorted(self.contradictions, key=_effect, reverse=True):
            if one.meter_id in within.meters and _effect(one) > 0:
                months = list(_months(within, one, taken.get(one.meter_id, ())))
                taken.setdefault(one.meter_id, []).extend(span for month in months for span in month.spans)
                found += months
        return found, []

    @property
    def replaced(self) -> list[tuple[str, Span]]:
        """The spans, each with its meter, that are taken from another source."""
        return [(one.meter_id, (p.start, p.end)) for one in self.contradictions if _effect(one) > 0 for p in one.pairs]

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """The findings of the contradictions, those that led to a replacement with its effect on ER."""
        effects = by_cause((one.cause.key, t.effect_tco2e) for one, t in outcomes_of(OtherSource, outcomes))
        return [_with_effect(one.finding, effects.get(one.finding.key)) for one in self.contradictions]


def _effect(one: Contradiction) -> float:
    """What the meter gives more than the other source [tCO2e]; one that has no value is an error already."""
    return one.finding.effect_tco2e or 0.0


def _months(within: ChainContext, one: Contradiction, taken: Sequence[Span]) -> Iterator[OtherSource]:
    """A contradicted meter's months, with what the other source states for them."""
    chain, meter = within.chain, one.meter_id
    scale = chain.conversions.scale(meter, one.unit, chain.unit)
    months: dict[int, tuple[tuple[Span, ...], float]] = {}
    for pair in one.pairs:
        if without((pair.start, pair.end), taken) != [(pair.start, pair.end)]:
            continue  # a person, or a source with a lower ER, has decided about a part of it
        for m, pieces in within.by_month(meter, [(pair.start, pair.end)]):
            for a, b in pieces:
                spans, value = months.get(m, ((), 0.0))
                share = (b - a) / (pair.end - pair.start)
                months[m] = ((*spans, (a, b)), value + pair.other * share * scale * chain.factor(meter, a))
    every = [span for spans, _ in months.values() for span in spans]
    measures = {m: measured for m, _, measured in within.measured(meter, every)}
    for m, (spans, value) in months.items():
        place, measured = within.place[meter, m], measures[m]
        change = value - measured
        yield OtherSource(
            chain, place, meter, m, spans, measured, change, change, one.finding.where, value, one.finding
        )


def _with_effect(finding: Finding, effects: Sequence[float | None] | None) -> Finding:
    if effects is None:
        # Another source with a still lower ER is used, or a person has decided.
        return replace(finding, message=finding.message.replace(USED, say("another value is used for what it counted")))
    return replace(
        finding,
        message=say("{message}, since ER is lower with it", message=finding.message),
        effect_tco2e=total_effect(effects),
    )
