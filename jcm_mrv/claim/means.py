"""Means over time: the hours over which each monitoring point of a mean is taken, and what would make it no mean.

A mean is what its readings come to over the hours in which what it belongs to
is in operation. Hours that no reading covers are a data gap and are treated as
one: nothing is left out of a mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain, Point, Term
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import Coverage
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say

SHARES = Code("points.shares_of_a_mean", Severity.ERROR, "The meters of a mean do not make one mean together.")
OUTSIDE = Code(
    "points.mean_outside_operation", Severity.ERROR, "Readings of a mean are from hours in which nothing operated."
)

_ONE, _LEEWAY = 1e-9, 24.0


def divisors(claim: Claim, chain: Chain, timeline: Timeline) -> Numbers:
    """What each point's month of a chain is divided by: hours of operation, or the number of its samples."""
    hours = mean_hours(claim, chain, timeline)
    parts, rows = chain.parts, chain.rows
    samples = zip(parts.meter[rows].tolist(), parts.month[rows].tolist(), strict=True)
    taken = Counter((parts.meter_ids[meter], m) for meter, m in samples)
    for n, (k, m) in enumerate(chain.point_months):
        if chain.points[k].of_samples:
            hours[n] = sum(taken[term.meter_id, m] for term in chain.points[k].terms)
    return hours


def mean_hours(claim: Claim, chain: Chain, timeline: Timeline) -> Numbers:
    """For each point's month of a chain the hours in which what the point is of operates."""
    spans = [
        claim.running(chain.points[k].methodology, chain.points[k].applies_to, m, timeline)
        for k, m in chain.point_months
    ]
    return np.array(spans, dtype=np.float64) / HOUR


def mean_findings(claim: Claim, coverage: Coverage, timeline: Timeline) -> Iterator[Finding]:
    """What is wrong with the monitoring points of means."""
    row = {meter: n for n, meter in enumerate(coverage.meter_ids)}
    for chain in claim.chains:
        hours = mean_hours(claim, chain, timeline)
        for k, point in enumerate(chain.points):
            if point.is_mean:
                months = {m: hours[n] for n, (own, m) in enumerate(chain.point_months) if own == k}
                for side in point.sides(row):
                    yield from _side(point, side, months, coverage, row, timeline)


def _side(
    point: Point,
    side: list[Term],
    months: dict[int, float],
    coverage: Coverage,
    row: dict[str, int],
    timeline: Timeline,
) -> Iterator[Finding]:
    """The meters that are added, or those that are subtracted: one after the other, or each with its weight."""
    weights = [abs(t.coefficient) for t in side]
    together = abs(sum(weights) - 1) <= _ONE
    if side and not together and any(abs(w - 1) > _ONE for w in weights):
        yield _shares(point, side, say("{sum:.15g} together", sum=sum(weights)))
        return
    for m, running in months.items():
        stood = [float(coverage.expected[row[t.meter_id], m]) / HOUR for t in side]
        read = [float(coverage.covered[row[t.meter_id], m]) / HOUR for t in side]
        label, month = timeline.months[m].label, timeline.months[m].duration / HOUR
        if not together and sum(stood) > month + _LEEWAY:
            yield _shares(point, side, say("each 1, and more than one of them stood in {label}", label=label))
            return
        if side and together and min(stood) + _LEEWAY < min(running, max(stood)):
            yield _shares(point, side, say("weights, and not all of them stood in {label}", label=label))
            return
        covered = sum(w * hours for w, hours in zip(weights, read, strict=True))
        if covered > running + _LEEWAY:
            yield OUTSIDE(
                say(
                    "the readings of {point} cover {covered:,.6g} hours of {label}; it operated {running:,.6g}",
                    point=point.name,
                    covered=covered,
                    label=label,
                    running=running,
                ),
                side[0].origin,
                found=say("{covered:,.6g} hours too many", covered=covered - running),
                action=say(
                    "A mean is of the time in operation: begin and end its readings with it, on the days that "
                    "Equipment states (for a log, the dates Installed and Removed on Meters)."
                ),
            )


def _shares(point: Point, side: list[Term], found: str) -> Finding:
    return SHARES(
        say(
            "the shares of {side} do not make one mean of {point}",
            side=", ".join(t.meter_id for t in side),
            point=point.name,
        ),
        side[0].origin,
        found=found,
        action=say(
            "Meters that stood one after the other have the share 1 (or none); meters that stood at the same time have "
            "shares that add up to 1, and each stands all the time."
        ),
    )


__all__ = ["divisors", "mean_findings", "mean_hours"]
