"""Findings on the values of readings and logs: every rule on every meter of the claim."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.clock import CLOCK, clock_shift
from jcm_mrv.quality.values.ends import low_end
from jcm_mrv.quality.values.exchanged import exchanged
from jcm_mrv.quality.values.flatlined import ZERO, flatlined, zero_run
from jcm_mrv.quality.values.hours import beyond_calendar
from jcm_mrv.quality.values.low_months import low_months
from jcm_mrv.quality.values.peers import unlike_peers
from jcm_mrv.quality.values.size import above_capacity, below_capacity, negative
from jcm_mrv.quality.values.spikes import spike
from jcm_mrv.quality.values.step import month_unlike
from jcm_mrv.quality.values.subject import Subject, subjects
from jcm_mrv.quality.values.sun import NIGHT, night_generation
from jcm_mrv.quality.values.unbounded import unbounded
from jcm_mrv.quality.values.unprofiled import above_what_can_flow, unlike_months
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.workbook.records import MonitoringData

Rule = Callable[[Subject], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    above_capacity,
    below_capacity,
    spike,
    low_end,
    month_unlike,
    flatlined,
    zero_run,
    negative,
    night_generation,
    clock_shift,
)
"""Each looks at one meter; the order is that of the findings."""


def of_meter(subject: Subject) -> list[Finding]:
    """What the rules say of one meter.

    A log of the sun that is hours off also seems dark by day; what it counts at night is sound, only its times are not.
    """
    own = [finding for rule in RULES for finding in rule(subject)]
    if subject.follows_sun and any(f.code == CLOCK.code and f.severity == Severity.MAJOR for f in own):
        return [replace(f, questionable=()) if f.code == NIGHT.code else f for f in own if f.code != ZERO.code]
    return own


def value_findings(
    claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline, settings: Settings
) -> list[Finding]:
    """All that is questionable in the values themselves; those of severity error block the calculation.

    Effects are those on the claim's ER as its corrections stand when this is called.
    """
    findings = [*series.questionable, *beyond_calendar(series.parts, settings)]
    found = list(subjects(claim, series, data, timeline, settings))
    findings += [finding for subject in found for finding in of_meter(subject)]
    findings += above_what_can_flow(claim, series, data, timeline, settings)
    findings += unlike_months(claim, series, timeline, settings)
    findings += low_months(claim, series, timeline)
    return [*findings, *exchanged(found), *unlike_peers(found), *unbounded(found, series, data)]
