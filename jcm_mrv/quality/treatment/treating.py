"""Everything that is corrected, in the order that accepted practice has: proof, bridges, estimates, errors of meters.

Overrides come first: they are proven. Holes are bridged where another source
speaks; what is left of them is a gap. What was measured by a meter that nothing
proved to be right is doubtful by its error. All that is doubtful is decided
together, where ER is lowest, and becomes rows of the claim's table of
corrections.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.corrections import Correction
from jcm_mrv.findings import Finding
from jcm_mrv.meters.amounts import Amounts
from jcm_mrv.meters.calibrations import Uncertain
from jcm_mrv.meters.coverage import filled
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.quality.crosscheck import Contradiction
from jcm_mrv.quality.settings import DEFAULTS, Settings
from jcm_mrv.quality.treatment.bridging import Bridge, Bridger, bridge_finding, bridge_rule
from jcm_mrv.quality.treatment.data_gaps import Gap, GapFinder, Ground
from jcm_mrv.quality.treatment.direction import FALLS, RISES, Decision, amounts_of, decide
from jcm_mrv.quality.treatment.gaps import gap_finding, gap_rule, no_estimate
from jcm_mrv.quality.treatment.meter_errors import MeterErrors
from jcm_mrv.quality.treatment.month import Span
from jcm_mrv.quality.treatment.overdue import Unproven, unproven, unproven_findings, unproven_rule
from jcm_mrv.quality.treatment.overrides import Override, as_mapping, override_finding, read_overrides
from jcm_mrv.quality.treatment.questionable import Suspect, suspect_rule, suspects
from jcm_mrv.quality.treatment.questionable import with_effects as values_with_effects
from jcm_mrv.quality.treatment.replacement import Replacement, replacement_rule, replacements
from jcm_mrv.quality.treatment.replacement import with_effects as replaced_with_effects
from jcm_mrv.quantities.expression import Named
from jcm_mrv.result import Treatment
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import local_time
from jcm_mrv.workbook.records import MonitoringData

D = TypeVar("D")

Doubt = Override | Replacement | Bridge | Gap | Suspect | Unproven

KINDS = {
    Override: "override",
    Replacement: "other source",
    Bridge: "bridged",
    Gap: "gap",
    Suspect: "doubtful",
    Unproven: "calibration",
}


@dataclass
class Treated:
    """Corrections (``amounts`` by input E_corr), the rows that show them, overrides as listed, and findings."""

    amounts: dict[Named, Numbers] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    treatments: list[Treatment] = field(default_factory=list)
    overrides: list[dict[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def treat(
    claim: Claim,
    series: SeriesResult,
    timeline: Timeline,
    data: MonitoringData,
    uncertain: Sequence[Uncertain] = (),
    settings: Settings = DEFAULTS,
    values: Sequence[Finding] = (),
    contradictions: Sequence[Contradiction] = (),
) -> Treated:
    """Decide every correction of a claim; it changes nothing itself.

    ``values`` are findings about values, of which the doubtful spans are
    treated, ``contradictions`` those between two sources; their findings come
    back among the others, with their effects.

    With ``amounts`` among its values the claim is corrected for the rules that
    look at it; ``claim.correct(corrections)`` puts the table into its graph.
    """
    profiles = {profile.meter_id: profile for profile in series.profiles}
    ground = Ground(claim, series, timeline, claim.evaluate(), data.file, settings, profiles)
    doubts, findings = _doubts(ground, data, uncertain, values, contradictions)
    out = Treated(findings=findings)
    decisions = decide(claim, doubts, ground.evaluation, int(settings["gaps.most_corners"]))
    pairs = list(zip(doubts, decisions, strict=True))
    blind = [d for d, decision in pairs if isinstance(d, Gap) and d.highest is None and decision.direction != RISES]
    if blind:
        out.findings += [*values, *(c.finding for c in contradictions)]
        out.findings += [no_estimate(gap, timeline) for gap in blind]
        return out
    for doubt, decision in pairs:
        out.treatments.append(_treatment(doubt, decision, ground))
        out.corrections.append(_correction(doubt, decision, ground))
    out.amounts = amounts_of(claim, doubts, [decision.amount for decision in decisions])
    _say(out, doubts, ground, uncertain)
    out.findings += values_with_effects(values, _pairs(doubts, out, Suspect))
    found = [c.finding for c in contradictions]
    out.findings += replaced_with_effects(found, _pairs(doubts, out, Replacement))
    return out


def _pairs(doubts: Sequence[Doubt], out: Treated, kind: type[D]) -> list[tuple[D, Treatment]]:
    """The doubts of one kind with their treatments."""
    return [(one, t) for one, t in zip(doubts, out.treatments, strict=True) if isinstance(one, kind)]


def _doubts(
    ground: Ground,
    data: MonitoringData,
    uncertain: Sequence[Uncertain],
    values: Sequence[Finding],
    contradictions: Sequence[Contradiction],
) -> tuple[list[Doubt], list[Finding]]:
    """Everything that is to be decided, in the order in which each takes precedence."""
    amounts = Amounts(ground.series.parts, ground.timeline, ground.series.conversions)
    errors = MeterErrors(data.meters, ground.settings)
    overrides, findings = read_overrides(data, ground, amounts)
    taken: dict[str, list[Span]] = {}
    for one in overrides:
        taken.setdefault(one.meter_id, []).extend(one.spans)
    doubts: list[Doubt] = [*overrides]
    for chain in ground.claim.chains:
        replaced = list(replacements(ground, chain, amounts, contradictions, taken))
        for other in replaced:
            taken.setdefault(other.meter_id, []).extend(other.spans)
        doubts += replaced
        finder = GapFinder(ground, chain)
        bridger = Bridger(ground, chain, finder, amounts, errors)
        bridges = bridger.bridges(taken)
        findings += bridger.findings
        spoken = {meter: list(spans) for meter, spans in taken.items()}
        for bridge in bridges:
            spoken.setdefault(bridge.meter_id, []).extend(bridge.spans)
        doubts += bridges
        doubts += finder.gaps(filled(ground.series.coverage, spoken, ground.timeline.edges))
        found = list(suspects(ground, chain, finder, amounts, values, taken))
        doubts += found
        # What is not relied on at all is not corrected by its meter's error besides.
        aside = {meter: list(spans) for meter, spans in taken.items()}
        for suspect in found:
            aside.setdefault(suspect.meter_id, []).extend(suspect.spans)
        doubts += unproven(ground, chain, uncertain, amounts, aside)
    return doubts, findings


def _rule(doubt: Doubt, decision: Decision, ground: Ground) -> str:
    if isinstance(doubt, Override):
        return f"replaced: {doubt.record.reason}"
    if isinstance(doubt, Replacement):
        return replacement_rule(doubt)
    if isinstance(doubt, Bridge):
        return bridge_rule(doubt)
    if isinstance(doubt, Gap):
        return gap_rule(doubt, decision, ground)
    if isinstance(doubt, Suspect):
        return suspect_rule(doubt, decision.amount)
    return unproven_rule(doubt, decision.amount)


def _treatment(doubt: Doubt, decision: Decision, ground: Ground) -> Treatment:
    raw = float(ground.evaluation[doubt.chain.graph.E_raw][doubt.slice])
    certain = doubt.lowest == doubt.highest
    return Treatment(
        meter_id=doubt.meter_id,
        month=ground.timeline.months[doubt.month].label,
        kind=KINDS[type(doubt)],
        span=_span_text(doubt, ground),
        hours=doubt.hours,
        raw=raw,
        correction=decision.amount,
        used=raw + decision.amount,
        unit=doubt.chain.unit,
        rule=_rule(doubt, decision, ground),
        direction=decision.direction if not certain or decision.direction in (RISES, FALLS) else "",
        effect_tco2e=decision.effect,
    )


def _span_text(doubt: Doubt, ground: Ground) -> str:
    """From the first to the last moment of what is treated, in the project's local time."""
    if not doubt.spans:
        return ""
    start, end = (local_time(ground.timeline.zone, t) for t in (doubt.spans[0][0], doubt.spans[-1][1]))
    return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"


def _correction(doubt: Doubt, decision: Decision, ground: Ground) -> Correction:
    """The row of the graph: what is measured is scaled, what is not is added."""
    raw = float(ground.evaluation[doubt.chain.graph.E_raw][doubt.slice])
    share, relative, added = 0.0, 0.0, decision.amount
    if isinstance(doubt, Override | Replacement):
        share, relative, added = (doubt.measured / raw, -1.0, doubt.value) if raw else (0.0, -1.0, doubt.value)
    elif isinstance(doubt, Suspect) and raw and doubt.measured:
        share, relative, added = doubt.measured / raw, -1.0, doubt.measured + decision.amount
    elif isinstance(doubt, Unproven) and raw:
        share, relative, added = doubt.measured / raw, decision.amount / doubt.measured, 0.0
    label = f"{doubt.meter_id} {ground.timeline.months[doubt.month].label}"
    return Correction(doubt.chain.unit, doubt.slice, share, relative, added, label, doubt.where)


def _say(out: Treated, doubts: Sequence[Doubt], ground: Ground, uncertain: Sequence[Uncertain]) -> None:
    """The findings of what was treated."""
    for doubt, treatment in zip(doubts, out.treatments, strict=True):
        if isinstance(doubt, Override):
            out.findings.append(override_finding(doubt, treatment))
            out.overrides.append(dict(as_mapping(doubt, treatment)))
        elif isinstance(doubt, Bridge):
            out.findings.append(bridge_finding(doubt, treatment, ground))
        elif isinstance(doubt, Gap):
            out.findings.append(gap_finding(doubt, treatment, ground))
    out.findings += unproven_findings(ground, uncertain, _pairs(doubts, out, Unproven))
