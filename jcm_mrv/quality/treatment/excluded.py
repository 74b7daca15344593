"""Times without a reading that the PDD excludes: what all meters of the equipment counted then is left out.

Both sides are excluded: an hour in which one of them is not known has neither reference nor project emissions. The rule
can be followed only where the other meters were read at the limits of that time, and where nothing that was counted
then is replaced (an override, another source), which would stay on one side; else the cautious amount is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from jcm_mrv.claim.measuring import Chain, Point
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.coverage import within as overlapping
from jcm_mrv.meters.coverage import without
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.proposal import (
    Decision,
    Outcome,
    Proposal,
    Replaced,
    by_cause,
    outcomes_of,
    total_effect,
)
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import HOUR, Span, local_text
from jcm_mrv.words import say
from jcm_mrv.workbook.references import names

EXCLUDED = Code("gaps.excluded", Severity.MAJOR, "A time without reading is left out on both sides of the claim.")

RULE = "excluded span"


@dataclass(frozen=True)
class Excluded(Replaced):
    """What a meter counted in a time that is left out, because ``cause`` has no reading then."""

    kind = "excluded"

    cause: str
    gap: Span

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        return say("left out with the data gap of {cause}, as the PDD prescribes", cause=self.cause)


@dataclass(frozen=True)
class ExcludedSpans:
    """The treatment of data gaps of the meters whose PDD excludes them."""

    context: AssessmentContext
    replaced: Sequence[tuple[str, Span]]
    """The spans, each with its meter, that a person has decided about or that are taken from another source."""

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """What the chain's meters counted in such times."""
        return list(self._of_chain(within)), []

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """One finding for each gap."""
        pairs = outcomes_of(Excluded, outcomes)
        return [self._finding(group) for group in by_cause(((o.cause, o.gap), (o, t)) for o, t in pairs).values()]

    @cached_property
    def spans(self) -> Mapping[str, Sequence[Span]]:
        """By meter the gaps of its own that can be excluded."""
        ruled = [row.meter_id for row in self.context.data.meters if row.missing_data == RULE]
        return {
            meter: [gap for gap in self.context.gaps.get(meter, ()) if self._follows(meter, gap)] for meter in ruled
        }

    def _beside(self, meter: str) -> set[str]:
        """All meters of what a meter serves; none where one of them serves something else besides."""
        points = [point for chain in self.context.claim.chains for point in chain.points]
        served = {self._served(point) for point in points if _counts(point, meter)}
        beside = {term.meter_id for point in points if self._served(point) in served for term in point.terms}
        others = {term.meter_id for point in points if self._served(point) not in served for term in point.terms}
        return set() if beside & others else beside

    def _served(self, point: Point) -> tuple[str, str]:
        return point.methodology, self._lines.get(point.applies_to, point.applies_to)

    @cached_property
    def _lines(self) -> Mapping[str, str]:
        """The line of each piece of equipment and each product: one product, and all equipment that it is made on."""
        found: dict[str, set[str]] = {}
        for row in self.context.data.equipment:
            own = {row.equipment_id, *names(row.products)}
            line = own.union(*(found.get(name, set()) for name in own))
            found.update(dict.fromkeys(line, line))
        return {name: min(line) for name, line in found.items()}

    def _follows(self, meter: str, gap: Span) -> bool:
        beside = self._beside(meter)
        if not beside or overlapping(gap, [span for other, span in self.replaced if other in beside]):
            return False
        chains = [(chain, other) for chain in self.context.claim.chains for other in beside if _has(chain, other)]
        curves = [self.context.amounts.curve(other, chain.unit) for chain, other in chains if other != meter]
        return not any(curve.cuts(instant) for curve in curves for instant in gap)

    def _of_chain(self, within: ChainContext) -> Iterator[Excluded]:
        done: dict[str, list[Span]] = {}
        for cause, gaps in self.spans.items():
            for gap in gaps:
                for meter in sorted(self._beside(cause)):
                    own = done.setdefault(meter, [])
                    yield from self._of_meter(within, meter, cause, gap, without(gap, own))
                    own.append(gap)

    def _of_meter(
        self, within: ChainContext, meter: str, cause: str, gap: Span, open_spans: Sequence[Span]
    ) -> Iterator[Excluded]:
        for m, spans, measured in within.measured(meter, open_spans):
            place, where = within.place[meter, m], within.data_origin(meter)
            yield Excluded(within.chain, place, meter, m, spans, measured, -measured, -measured, where, 0.0, cause, gap)

    def _finding(self, group: Sequence[tuple[Excluded, Treatment]]) -> Finding:
        zone = self.context.timeline.zone
        one = min((one for one, _ in group), key=lambda one: one.meter_id != one.cause)  # at the gap, not beside it
        start, end = (local_text(zone, t) for t in one.gap)
        left = [f"{t.meter_id} {p.measured:.6g} {t.unit}" for p, t in group if p.measured]
        return EXCLUDED(
            say(
                "meter {cause} has no reading from {start} to {end}; what the meters of the same equipment counted "
                "then is left out on both sides of the claim, as the PDD prescribes",
                cause=one.cause,
                start=start,
                end=end,
            ),
            one.where,
            found="; ".join(left) or say("nothing else was measured then"),
            action=say("Say in Comment on Meters where the PDD prescribes it, and name the PDD in Evidence."),
            data={"hours": (one.gap[1] - one.gap[0]) / HOUR},
            effect_tco2e=total_effect(treatment.effect_tco2e for _, treatment in group),
        )


def _counts(point: Point, meter: str) -> bool:
    return any(term.meter_id == meter for term in point.terms)


def _has(chain: Chain, meter: str) -> bool:
    return any(name == meter for name, _ in chain.meter_months)
