"""How hours for which nothing speaks are treated, so that ER never rises by them.

A hole is the time in a month during which equipment runs and its meter is
installed or should be, but neither reading nor log covers it and nothing
bridges it. What flowed then lies between bounds (:mod:`jcm_mrv.quality.treatment.data_gaps`);
which end is taken is decided with all other doubts
(:mod:`jcm_mrv.quality.treatment.direction`).
"""

from __future__ import annotations

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.quality.treatment.data_gaps import Gap, Ground
from jcm_mrv.quality.treatment.direction import Decision
from jcm_mrv.quality.treatment.limits import GAPS_MINOR_SHARE, GAPS_SHORT_HOLE_HOURS
from jcm_mrv.result import Treatment
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import local_text

GAP = Code("gaps.month", Severity.MAJOR, "A meter has no reading for part of a month.")
NO_ESTIMATE = Code("gaps.no_estimate", Severity.ERROR, "A gap lowers nothing and nothing is known to bridge it with.")

_LISTED = 5


def gap_rule(gap: Gap, decision: Decision, ground: Ground) -> str:
    """What was done about a gap, in words."""
    if decision.amount == 0:
        return "left out"
    if decision.amount == gap.highest:
        hours = ground.settings[GAPS_SHORT_HOLE_HOURS]
        return f"highest rate of the meter (from {hours:g} hours on, of a time as long or a month), times the hours"
    if decision.amount == gap.lowest:
        return "the most that the meter ran backwards, times the missing hours"
    return "the amount with the lowest ER"


def gap_finding(gap: Gap, treatment: Treatment, ground: Ground) -> Finding:
    """The finding of a gap that was treated."""
    minor = gap.share < ground.settings[GAPS_MINOR_SHARE] and not treatment.effect_tco2e
    when = spans_text(gap, ground.timeline)
    return GAP(
        f"meter {gap.meter_id} has no reading for {gap.hours:,.2f} hours of {treatment.month}; {treatment.direction}: "
        f"{treatment.rule}",
        gap.where,
        found=(f"nothing for {when}; " if when else "")
        + f"{treatment.raw:.6g} {treatment.unit} in the rest of the month",
        action="Look for a register reading, a check meter or an invoice that bridges the gap."
        + (" Correct the dates Installed and Removed on Meters, if a meter stood." if gap.without_meter else ""),
        data={
            "missing_hours": round(gap.hours, 4),
            "share_of_month": round(gap.share, 6),
            "correction": treatment.correction,
            "at_mean_rate": "unknown" if gap.mean is None else gap.mean,
        },
        effect_tco2e=treatment.effect_tco2e,
        severity=Severity.MINOR if minor else Severity.MAJOR,
    )


def spans_text(gap: Gap, timeline: Timeline) -> str:
    """The first holes of a gap with their local times; the rest counted."""
    spans = [f"{local_text(timeline.zone, a)} to {local_text(timeline.zone, b)}" for a, b in gap.spans]
    spans += [f"{gap.without_meter:,.2f} hours without a meter"] if gap.without_meter else []
    return "; ".join(spans[:_LISTED]) + (f"; and {len(spans) - _LISTED} more" if len(spans) > _LISTED else "")


def no_estimate(gap: Gap, timeline: Timeline) -> Finding:
    """The finding of a gap of a meter that was never read, where leaving it out would raise ER."""
    return NO_ESTIMATE(
        f"meter {gap.meter_id} has no reading at all; leaving out {timeline.months[gap.month].label} would raise ER",
        gap.where,
        found="no reading",
        action="Enter readings of the meter, or measure the parameter by another meter.",
    )
