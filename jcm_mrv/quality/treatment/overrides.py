"""What a person decided in place of readings, with reason and proof: the sheet Overrides.

Readings stay as they are. An override is a correction like any other, stands
in every output, and may raise ER: that is what a proven error is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Code, Finding, Severity
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
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import over_hours
from jcm_mrv.result import Treatment
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, Span
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows_data import OverrideKey, OverrideRow

USED = Code("overrides.used", Severity.MINOR, "A person replaced what a meter measured.")
SPAN = Code("overrides.span", Severity.ERROR, "The span of an override cannot be used.")
UNIT = Code("overrides.unit", Severity.ERROR, "The unit of an override is of another kind than its meter's.")


@dataclass(frozen=True)
class Override(Replaced):
    """One row of the sheet Overrides, over a span within one month."""

    kind = "override"

    record: OverrideRow

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        return say("replaced: {reason}", reason=self.record.reason)


def override_cuts(data: MonitoringData, timeline: Timeline) -> dict[str, list[int]]:
    """The instants, by meter, at which overrides begin and end."""
    cuts: dict[str, list[int]] = {}
    for row in data.overrides:
        span = _span(row, timeline)
        if span is not None:
            cuts.setdefault(row.meter_id, []).extend(span)
    return cuts


def read_overrides(context: AssessmentContext) -> tuple[list[Override], list[Finding]]:
    """The overrides of the workbook, and what stands in the way of some."""
    found: list[Override] = []
    findings: list[Finding] = []
    used: dict[str, list[tuple[Span, OverrideRow]]] = {}
    for row in context.data.overrides:
        for made in _overrides(row, context, used):
            if isinstance(made, Override):
                found.append(made)
            else:
                findings.append(made)
    return found, findings


def _span(row: OverrideRow, timeline: Timeline) -> Span | None:
    start, end = row.start, row.end
    if start is None or end is None or start >= end:
        return None  # the reader of the workbook has named the cell
    return timeline.instant(start), timeline.instant(end)


def _overrides(
    row: OverrideRow, context: AssessmentContext, used: dict[str, list[tuple[Span, OverrideRow]]]
) -> list[Override | Finding]:
    """A row as an override in each unit that its meter is counted in, or why it is none.

    Nothing where the reader of the workbook has named a cell.
    """
    span, value, meter = _span(row, context.timeline), row.value, row.meter_id
    if span is None or value is None or not row.unit:
        return []
    months = context.timeline.months
    month = next((m for m, one in enumerate(months) if one.start <= span[0] and span[1] <= one.end), None)
    if month is None:
        return [_refusal(row, say("the span does not lie within one month of the monitoring period"))]
    chains = [c for c in context.claim.chains if (meter, month) in c.meter_months]
    if not chains:
        return [_refusal(row, say("no monitoring point counts this meter then"))]
    for other, first in used.setdefault(meter, []):
        if span[0] < other[1] and other[0] < span[1]:
            return [_refusal(row, say("the span overlaps that of row {row}", row=first.row))]
    used[meter].append((span, row))
    return [_measured(row, context, chain, month, span, value) for chain in chains]


def _measured(
    row: OverrideRow, context: AssessmentContext, chain: Chain, month: int, span: Span, value: float
) -> Override | Finding:
    meter = row.meter_id
    try:
        scale = _scale(row.unit, chain, meter, span)
        curve = context.amounts.curve(meter, chain.unit)
    except UnitError as error:
        text, where = say("the unit of the override does not fit"), row.origin("unit")
        action = say("Write the amount in a unit that can become {chain_unit}.", chain_unit=chain.unit)
        return UNIT(joined(": ", (text, str(error))), where, found=row.unit, action=action)
    if any(curve.cuts(t) and t not in context.timeline.edges for t in span):
        return _refusal(row, say("the span begins or ends within a reading, of which a part would have to be guessed"))
    place, measured, where = chain.meter_months.index((meter, month)), curve.over(*span).best, row.origin("value")
    change = value * scale - measured
    return Override(chain, place, meter, month, (span,), measured, change, change, where, value * scale, row)


def _scale(unit: str, chain: Chain, meter: str, span: Span) -> float:
    """What one unit of an override is in the chain's; of a mean, for the hours of the span. Raises UnitError."""
    try:
        return chain.in_unit(unit, meter, span[0])
    except UnitError:
        if not any(p.is_mean for p in chain.points):
            raise
        return chain.in_unit(over_hours(unit), meter, span[0]) * (span[1] - span[0]) / HOUR


def _refusal(row: OverrideRow, why: str) -> Finding:
    return SPAN(
        why,
        row.origin("start"),
        found=say("{text} to {text_2}", text=row["start"].text, text_2=row["end"].text),
        action=say("Give the span in whole readings, a row for each month, of a meter that the claim uses."),
    )


@dataclass(frozen=True)
class Overrides:
    """The treatment that a person decided; it takes precedence over every other."""

    read: Sequence[Override]

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """The overrides of a chain's meters."""
        return [one for one in self.read if one.chain is within.chain], []

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """One finding for each override that is used."""
        return [_finding(group) for group in _by_row(outcomes)]


def _by_row(outcomes: Iterable[Outcome]) -> list[list[tuple[Override, Treatment]]]:
    """The overrides that were used, those of one row together: one for each unit that its meter is counted in."""
    return list(by_cause((one.record.row, (one, t)) for one, t in outcomes_of(Override, outcomes)).values())


def _finding(group: Sequence[tuple[Override, Treatment]]) -> Finding:
    """The finding of an override that is used; one that raises ER needs an answer."""
    one, treatment = group[0]
    effect, row = _effect(group), one.record
    raises = effect is None or effect > 0  # what cannot be computed counts against the claim
    return USED(
        say(
            "{decided_by} replaced what meter {meter_id} measured in {hours:,.2f} hours of {month}: {reason}",
            decided_by=row.decided_by or say("somebody"),
            meter_id=one.meter_id,
            hours=one.hours,
            month=treatment.month,
            reason=row.reason,
        ),
        one.where,
        found=say(
            "measured {measured:.6g} {treatment_unit}, used {one_value:.6g} {treatment_unit}",
            measured=one.measured,
            treatment_unit=treatment.unit,
            one_value=one.value,
        ),
        action=say("Keep the proof ready for the verifier: ")
        + (row.evidence or say("name it in the column Evidence.")),
        data={"measured": one.measured, "used": one.value},
        effect_tco2e=effect,
        severity=Severity.MAJOR if raises else Severity.MINOR,
    )


def listed(outcomes: Iterable[Outcome]) -> list[dict[str, str]]:
    """The overrides that were used, as the result lists them."""
    return [_as_mapping(group) for group in _by_row(outcomes)]


def _effect(group: Sequence[tuple[Override, Treatment]]) -> float | None:
    """What a row adds to ER in all units of its meter."""
    return total_effect(treatment.effect_tco2e for _, treatment in group)


def _as_mapping(group: Sequence[tuple[Override, Treatment]]) -> dict[str, str]:
    row, effect = group[0][0].record, _effect(group)
    keys: tuple[OverrideKey, ...] = (
        "meter_id",
        "start",
        "end",
        "value",
        "unit",
        "reason",
        "evidence",
        "decided_by",
        "decided_on",
    )
    return {
        **{key: row[key].text for key in keys},
        "measured": "; ".join(f"{one.measured:.15g} {treatment.unit}" for one, treatment in group),
        "effect_tco2e": "" if effect is None else f"{effect:.15g}",
    }
