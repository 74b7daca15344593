"""Energy that was metered and does not enter the claim: said, never left out in silence."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

import numpy as np

from jcm_mrv.arrays import Ordinals
from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import NAMED, Code, Finding, Severity, named
from jcm_mrv.meters.segments import Parts
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say

NOT_USED = Code("readings.not_used", Severity.MINOR, "Readings of a meter do not enter the claim.")


def unused_readings(claim: Claim, parts: Parts, timeline: Timeline, mains: Collection[str] = ()) -> list[Finding]:
    """A finding per meter whose readings, in some months, no monitoring point counts.

    Minor for a meter that stands in no monitoring point (a check meter,
    perhaps); major where one counts it, but not in months in which it was read.
    Nothing for ``mains``, the main meters: they stand against those below them.
    """
    counted = {(chain.points[k].terms[t].meter_id, m) for chain in claim.chains for k, t, m in chain.term_months}
    in_points = {term.meter_id for point in claim.points for term in point.terms}
    compared = set(mains) - in_points
    return list(_findings(parts, counted, in_points, timeline, compared))


def _findings(
    parts: Parts, counted: set[tuple[str, int]], in_points: set[str], timeline: Timeline, compared: set[str]
) -> Iterator[Finding]:
    counts = np.array([[(meter, m) in counted for m in range(len(timeline.months))] for meter in parts.meter_ids])
    left = np.flatnonzero(parts.amounts() != 0)
    left = left[~counts[parts.meter[left], parts.month[left]]] if len(left) else left
    groups: dict[tuple[int, int], list[int]] = {}
    for n in left.tolist():
        groups.setdefault((int(parts.meter[n]), int(parts.unit[n])), []).append(n)
    for (meter, unit), rows in groups.items():
        name, where = parts.meter_ids[meter], np.array(rows, dtype=np.int64)
        if name not in compared:
            yield _finding(parts, name, unit, where, name in in_points, timeline)


def _finding(parts: Parts, name: str, unit: int, rows: Ordinals, in_points: bool, timeline: Timeline) -> Finding:
    amount = math.fsum(parts.amounts()[rows].tolist())
    months = [timeline.months[m].label for m in dict.fromkeys(parts.month[rows].tolist())]
    listed = named(months) + (" months" if len(months) > NAMED else "")
    if in_points:
        text = say(
            "meter {name} was read in {listed}, when nothing that it measures is in operation: it does not count then",
            name=name,
            listed=listed,
        )
        action = say("Correct the dates of operation on Equipment, or say in a comment what the meter measured then.")
    else:
        text = say("meter {name} was read, but no monitoring point uses it", name=name)
        action = say(
            "Nothing for a check meter. If it hangs below a meter that counts, say so in the column Below on Meters, "
            "and subtract it on Monitoring points; else add it there."
        )
    return NOT_USED(
        text,
        parts.origins[int(rows[0])],
        found=say("{amount:.6g} {units} in {listed}", amount=amount, units=parts.units[unit], listed=listed),
        action=action,
        data={"amount": amount, "months": len(months)},
        severity=Severity.MAJOR if in_points else Severity.MINOR,
    )
