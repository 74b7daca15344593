"""Everything that is corrected, in the order that accepted practice has: proof, bridges, estimates, errors of meters.

Overrides come first: they are proven. Data gaps are bridged where another
source speaks; what is left of them is estimated. What was measured by a meter
that nothing proved to be right is questionable by its error. All proposals are
decided together, where ER is lowest, and become rows of the claim's table of
corrections.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain as chained

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.corrections import Correction
from jcm_mrv.findings import Finding
from jcm_mrv.meters.calibrations import OverdueSpan
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.quality.crosscheck import Contradiction
from jcm_mrv.quality.settings import DEFAULTS, Settings
from jcm_mrv.quality.treatment.bridging import Bridging
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.data_gaps import DataGap, DataGaps, no_estimate
from jcm_mrv.quality.treatment.direction import decide
from jcm_mrv.quality.treatment.edges import DividedAtEdges
from jcm_mrv.quality.treatment.excluded import ExcludedSpans
from jcm_mrv.quality.treatment.limits import GAPS_MOST_CORNERS
from jcm_mrv.quality.treatment.overdue import OverdueCalibrations
from jcm_mrv.quality.treatment.overrides import Overrides, listed, read_overrides
from jcm_mrv.quality.treatment.proposal import Decision, Method, Outcome, Proposal
from jcm_mrv.quality.treatment.questionable import QuestionableValues
from jcm_mrv.quality.treatment.replacement import OtherSources
from jcm_mrv.quality.treatment.sampling import SampledMeans
from jcm_mrv.quality.treatment.single_readings import SingleReadings
from jcm_mrv.quality.treatment.tree_excess import Excess, TreeExcess
from jcm_mrv.result import Treatment
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import local_time
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData


@dataclass(frozen=True)
class Treated:
    """The rows of the claim's table of corrections, the treatments they are, and the overrides as listed."""

    corrections: tuple[Correction, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    overrides: tuple[dict[str, str], ...] = ()


def treat(
    claim: Claim,
    series: SeriesResult,
    timeline: Timeline,
    data: MonitoringData,
    overdue_spans: Sequence[OverdueSpan] = (),
    settings: Settings = DEFAULTS,
    values: Sequence[Finding] = (),
    contradictions: Sequence[Contradiction] = (),
    excesses: Sequence[Excess] = (),
) -> tuple[Treated, list[Finding]]:
    """Decide every correction of a claim; it changes nothing itself.

    ``values`` are findings about values, of which the questionable spans are
    treated, ``contradictions`` those between two sources, ``excesses`` what
    the tree of meters shows to be too much; their findings come
    back among the others, with their effects. Where a meter that was never
    read would have to be estimated, nothing is treated and a finding says so.
    """
    context = AssessmentContext.of(claim, series, timeline, data, settings)
    overrides, findings = read_overrides(context)
    proven, others, bridging = Overrides(overrides), OtherSources(contradictions), Bridging(context)
    gaps, questionable, overdue = (
        DataGaps(context),
        QuestionableValues(values),
        OverdueCalibrations(context, overdue_spans),
    )
    replaced = [*((one.meter_id, span) for one in overrides for span in one.spans), *others.replaced]
    edges, excluded, sampled = DividedAtEdges(context), ExcludedSpans(context, replaced), SampledMeans(context)
    tree = TreeExcess(excesses)
    single = SingleReadings(context, values, overdue_spans)
    first: tuple[Method, ...] = (proven, others, excluded)
    proposals, faults = _proposals(
        context, (*first, bridging, gaps, edges, questionable, overdue, sampled, single, tree)
    )
    decisions = decide(claim, proposals, int(settings[GAPS_MOST_CORNERS]))
    pairs = list(zip(proposals, decisions, strict=True))
    refused = [no_estimate(one, context.timeline) for one, d in pairs if isinstance(one, DataGap) and one.refused(d)]
    if refused:
        return Treated(), [
            *findings,
            *faults,
            *values,
            *(c.finding for c in contradictions),
            *(e.finding for e in excesses),
            *refused,
        ]
    outcomes = [Outcome(one, decision, _treatment(one, decision, context)) for one, decision in pairs]
    # Findings of its own come first, then those that other rules found and that come back with their effects.
    reporting: tuple[Method, ...] = (
        proven, excluded, bridging, gaps, edges, overdue, questionable, others, sampled, single, tree,
    )  # fmt: skip
    done = chained.from_iterable(method.findings(outcomes) for method in reporting)
    return _treated(outcomes), [*findings, *faults, *done]


def _proposals(context: AssessmentContext, methods: Iterable[Method]) -> tuple[list[Proposal], list[Finding]]:
    """What is to be decided, by chain and in the order in which each method takes precedence."""
    found: list[Proposal] = []
    findings: list[Finding] = []
    for chain in context.claim.chains:
        within, own = ChainContext(context, chain), list[Proposal]()
        for method in methods:
            proposed, faults = method.proposals(within, own)
            own += proposed
            findings += faults
        found += own
    return found, findings


def _treatment(one: Proposal, decision: Decision, context: AssessmentContext) -> Treatment:
    raw = float(context.evaluation[one.chain.graph.E_raw][one.slice])
    return Treatment(
        meter_id=one.meter_id,
        month=context.timeline.months[one.month].label,
        kind=one.kind,
        span=_span_text(one, context),
        hours=one.hours,
        raw=raw,
        correction=decision.amount,
        used=raw + decision.amount,
        unit=one.chain.unit,
        rule=one.rule(decision, context.settings),
        direction=decision.direction,
        effect_tco2e=decision.effect,
    )


def _span_text(one: Proposal, context: AssessmentContext) -> str:
    """From the first to the last moment of what is treated, in the project's local time."""
    if not one.spans:
        return ""
    start, end = (local_time(context.timeline.zone, t) for t in (one.spans[0][0], one.spans[-1][1]))
    return say("{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}", start=start, end=end)


def _treated(outcomes: Sequence[Outcome]) -> Treated:
    rows = (o.proposal.correction(o.decision.amount, o.treatment.raw, _label(o.treatment)) for o in outcomes)
    return Treated(tuple(rows), tuple(o.treatment for o in outcomes), tuple(listed(outcomes)))


def _label(treatment: Treatment) -> str:
    return f"{treatment.meter_id} {treatment.month}"
