"""Whether each reading of a converted meter has one conversion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.conversions import Conversion, Conversions
from jcm_mrv.meters.segments import Parts
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import local_time
from jcm_mrv.words import say

CHANGE = Code("conversions.change", Severity.ERROR, "A reading has no single conversion.")


def across_changes(parts: Parts, conversions: Conversions, timeline: Timeline) -> Iterator[Finding]:
    """Readings over which a conversion changes or is missing: they have no single factor."""
    for n, name in enumerate(parts.meter_ids):
        if name not in conversions:
            continue
        rows = np.flatnonzero(parts.meter == n)
        start = np.maximum(parts.start[rows], timeline.edges[parts.month[rows]])
        end = np.minimum(parts.end[rows], timeline.edges[parts.month[rows] + 1])
        for one in {row.property: row for row in conversions.rows[name]}.values():
            own = [row for row in conversions.rows[name] if row.property == one.property]
            inside = [(start >= row.start) & (end <= row.end) for row in own]
            bad = np.flatnonzero(~np.any(inside, axis=0))
            if len(bad):
                yield _across(name, one, parts, rows[bad], timeline)


def _across(meter: str, one: Conversion, parts: Parts, rows: Iterable[int], timeline: Timeline) -> Finding:
    found = list(rows)
    first = found[0]
    start, end = (local_time(timeline.zone, int(t)) for t in (parts.start[first], parts.end[first]))
    return CHANGE(
        say(
            "{number_of_found} reading(s) of meter {meter} span a change of its {property}, or a time without one",
            number_of_found=len(found),
            meter=meter,
            property=one.property,
        ),
        parts.origins[first],
        found=say("from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}", start=start, end=end),
        action=say("Give the value for all times, and a reading at the moment at which it changes."),
        data={"count": len(found)},
    )
