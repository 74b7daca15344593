"""Loads below a claimed meter that are not the claim's: what they counted, and what is said of them."""

from __future__ import annotations

import numpy as np

from jcm_mrv.claim.measuring import Point, Term
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import Coverage
from jcm_mrv.meters.sources.counted import Counted
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say

FOREIGN = Code("tree.foreign_load", Severity.MAJOR, "A meter that counts has a load below it that is not the claim's.")

_UNSAID = say("no monitoring point says what it measures")


def load_by_month(
    coverage: Coverage, counted: Counted, timeline: Timeline, load: str, feeder: str, unit: str
) -> dict[int, float]:
    """What a load counted by month, and in the time without a reading at most: no more than its feeder counted.

    The most is its stated highest rate, else the rate of its own highest month; of one that was never read all.
    """
    curve, row = counted.curve(load, unit), coverage.meter_ids.index(load)
    covered, silent = coverage.covered[row], coverage.expected[row] - coverage.covered[row]
    start, end = (np.array([getattr(m, side) for m in timeline.months]) for side in ("start", "end"))
    best, above = curve.between(start, end).best, counted.curve(feeder, unit).between(start, end).best
    own = float((best[covered > 0] / covered[covered > 0]).max(initial=0.0))
    rate = curve.rate if np.isfinite(curve.rate) or not len(curve.at) else own
    found, gaps = best.copy(), silent > 0
    found[gaps] = np.minimum(best[gaps] + rate * silent[gaps], np.maximum(above, best)[gaps])
    return dict(enumerate(found.tolist()))


def foreign_load(
    point: Point,
    term: Term,
    load: str,
    left: float,
    amount: float,
    unit: str,
    known: bool,
    effect: float | None,
    where: Origin,
) -> Finding:
    """The finding of a load below the meter of a term, of which the share ``left`` is still counted: ``amount``."""
    read = (
        say("{amount:.6g} {unit} in the period", amount=amount, unit=unit)
        if known
        else say("it was never read; at most {amount:.6g} {unit} in the period", amount=amount, unit=unit)
    )
    named = any(t.meter_id == load for t in point.terms)
    said = say("{left:.0%} of it is left in after what is subtracted", left=left) if named else _UNSAID
    return FOREIGN(
        say(
            "meter {load} hangs below {meter_id}, which counts for {point}, and {said}: its load is in the claim",
            load=load,
            meter_id=term.meter_id,
            point=point.name,
            said=said,
        ),
        where,
        found=read + f"; {point.name} = {point.formula}",
        action=say(
            "Subtract it (one row on Monitoring points with the sign -, beside {meter_id}, with the same Share as "
            "{meter_id}); if it measures the same as {meter_id}, or is one of several that do so together, say so "
            "in the column Check meter of: {meter_id}.",
            meter_id=term.meter_id,
        ),
        data={"amount": amount},
        effect_tco2e=effect,
        severity=None if effect is None or effect > 0 else Severity.MINOR,
    )
