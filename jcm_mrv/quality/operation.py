"""Energy that a meter counted while what it stands for did not operate.

A month in which a unit starts or stops counts as a whole: usually nothing
flowed in the rest of it. Where a reading reaches over the start or the end
of operation, other equipment may have drawn (or fed) energy through the same
meter, so the part by time is named with its effect on ER.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain, Point
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say

OUTSIDE = Code(
    "readings.outside_operation",
    Severity.MAJOR,
    "A reading reaches over the start or the end of its equipment's operation.",
)


@dataclass(frozen=True)
class _Outside:
    """A reading's amount by time outside the operation of what its point stands for."""

    chain: Chain
    point: Point
    meter_id: str
    place: int
    month: int
    row: int
    amount: float
    hours: float


def outside_operation(claim: Claim, evaluation: Evaluation, timeline: Timeline) -> list[Finding]:
    """A finding for each reading with energy outside the operation of its equipment."""
    found = [one for chain in claim.chains for one in _find(claim, chain, evaluation, timeline)]
    return [_finding(claim, evaluation, timeline, one) for one in found]


def _find(claim: Claim, chain: Chain, evaluation: Evaluation, timeline: Timeline) -> Iterator[_Outside]:
    place = {where: n for n, where in enumerate(chain.meter_months)}
    months = claim.space.positions[chain.graph.month_of_reading]
    for k, t, m in chain.term_months:
        point, piece = chain.points[k], timeline.months[m]
        span = claim.operation.get((point.methodology, point.applies_to))
        if span is None or (span[0] <= piece.start and span[1] >= piece.end):
            continue
        meter = point.terms[t].meter_id
        for n in np.flatnonzero(months == place[meter, m]).tolist():
            share, hours = _outside(chain, n, span, (piece.start, piece.end))
            amount = float(evaluation[chain.graph.E][n]) * share
            if amount:
                yield _Outside(chain, point, meter, place[meter, m], m, n, amount, hours)


def _outside(chain: Chain, n: int, span: tuple[int, int], piece: tuple[int, int]) -> tuple[float, float]:
    """Share, by time, of a reading's piece in the month that lies outside the operation, and its hours."""
    part = int(chain.rows[n])
    start, end = max(int(chain.parts.start[part]), piece[0]), min(int(chain.parts.end[part]), piece[1])
    inside = max(0, min(end, span[1]) - max(start, span[0]))
    outside = end - start - inside
    return (outside / (end - start) if end > start else 0.0), outside / HOUR


def _finding(claim: Claim, evaluation: Evaluation, timeline: Timeline, one: _Outside) -> Finding:
    node = one.chain.graph.E_corr
    changed = np.array(evaluation[node])
    changed[one.place] -= one.amount
    effect = evaluation.scalar(claim.total_ER) - claim.reductions({node: changed})
    part = int(one.chain.rows[one.row])
    logged = one.chain.parts.kind[part] == SegmentKind.LOG
    origin = one.chain.origins[one.chain.graph.V].get((one.row,), Origin())
    return OUTSIDE(
        say(
            "a {what} of meter {meter_id} covers {hours:,.2f} hours of {label} in which {applies_to} was not in "
            "operation; they count",
            what=say("log") if logged else say("reading"),
            meter_id=one.meter_id,
            hours=one.hours,
            label=timeline.months[one.month].label,
            applies_to=one.point.applies_to,
        ),
        origin,
        found=say("by time {amount:.6g} {chain_unit} of it", amount=one.amount, chain_unit=one.chain.unit),
        action=say(
            "If nothing else is on the meter, say so in the comment; else give a reading at the start or end of "
            "operation, or the meter's dates on Meters."
        ),
        data={"amount": one.amount, "hours": one.hours},
        effect_tco2e=effect,
    )
