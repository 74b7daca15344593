"""Readings over the end of a calendar year, which are divided by time.

Between two readings nothing is lost, but what belongs to which year is an
assumption: tonnes are rounded down year by year.
"""

from __future__ import annotations

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, local_text

DIVIDED = Code(
    "readings.divided_at_year_end", Severity.NOTE, "Readings over the end of a calendar year are divided by time."
)

# Divided within a day, a reading moves less between the years than its meter's error.
DIVIDED_LONGEST_HOURS = Setting(
    "divided.longest_hours", 24.0, "h", "longer readings over the end of a calendar year are named"
)


def divided_at_year_end(claim: Claim, evaluation: Evaluation, timeline: Timeline, settings: Settings) -> list[Finding]:
    """One finding per kind of parameter and year's end, with the longest reading and the energy that was divided."""
    ends = [year.end for year in timeline.years[:-1]]
    least = int(settings[DIVIDED_LONGEST_HOURS] * HOUR)
    found = (_finding(chain, evaluation, timeline, end, least) for chain in claim.chains for end in ends)
    return [one for one in found if one is not None]


def _finding(chain: Chain, evaluation: Evaluation, timeline: Timeline, end: int, least: int) -> Finding | None:
    parts, rows = chain.parts, chain.rows
    start, stop = parts.start[rows], parts.end[rows]
    over = (start < end) & (stop > end) & (stop - start > least)
    over &= parts.kind[rows] != SegmentKind.LOG
    if not over.any():
        return None
    places = np.flatnonzero(over)
    longest = int(places[np.argmax((stop - start)[places])])
    # Every month of such a reading is a part of it: together they are what was divided.
    amount = float(evaluation[chain.graph.E][places].sum())
    count = len({(int(parts.meter[rows[n]]), int(start[n])) for n in places.tolist()})
    when = f"{local_text(timeline.zone, int(start[longest]))} to {local_text(timeline.zone, int(stop[longest]))}"
    return DIVIDED(
        f"{count} reading(s) reach over {local_text(timeline.zone, end)} and are divided between the years by time",
        parts.origins[int(rows[longest])],
        found=f"{amount:.6g} {chain.unit} together, the longest from {when}",
        action="Read the meters at the end of the year; what is divided then is certain.",
        data={"count": count, "amount": amount},
    )
