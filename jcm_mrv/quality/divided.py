"""Readings over the end of a calendar year, which are divided by time.

Between two readings nothing is lost, but what belongs to which year is an assumption: tonnes are rounded down year by
year. What may have flowed before the end of the year lies between bounds, which follow from the curve of the meter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import Parts, SegmentKind, SeriesResult
from jcm_mrv.meters.sources.counted import Counted
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, local_text
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

DIVIDED = Code(
    "readings.divided_at_year_end", Severity.NOTE, "A reading over the end of a calendar year is divided by time."
)

# Divided within a day, a reading moves less between the years than its meter's error.
DIVIDED_LONGEST_HOURS = Setting(
    "divided.longest_hours", 24.0, "h", "longer readings over the end of a calendar year are named"
)

# Differences of ER [tCO2e] below it come from the order of a sum.
_NOTHING = 1e-9


def divided_at_year_end(
    claim: Claim,
    evaluation: Evaluation,
    series: SeriesResult,
    data: MonitoringData,
    timeline: Timeline,
    settings: Settings,
) -> Iterator[Finding]:
    """One finding for each reading and year's end: what of it lies before it by time, between which bounds, and what
    hangs on that."""
    least = int(settings[DIVIDED_LONGEST_HOURS] * HOUR)
    counted = Counted(series, timeline, series.conversions, data.meters)
    for chain in claim.chains:
        for n, year in enumerate(timeline.years[:-1]):
            for row in _over(chain, year.end, least):
                yield _Divided(claim, evaluation, chain, row, (n, year.end), timeline).finding(counted)


def _over(chain: Chain, end: int, least: int) -> list[int]:
    """The first part of each longer reading, other than of a log, that reaches over an instant."""
    parts, rows = chain.parts, chain.rows
    start, stop = parts.start[rows], parts.end[rows]
    over = (start < end) & (stop > end) & (stop - start > least) & (parts.kind[rows] != SegmentKind.LOG)
    first: dict[tuple[int, int], int] = {}
    for n in np.flatnonzero(over).tolist():
        first.setdefault((int(parts.meter[rows[n]]), int(start[n])), int(rows[n]))
    return list(first.values())


def ends_of(parts: Parts, n: int) -> str:
    """The readings at both ends of a register, as they stand; of what is no register that it is an amount."""
    if parts.kind[n] != SegmentKind.REGISTER:
        return say("an amount")
    return say(
        "{opening:.15g} ({first}) to {closing:.15g} ({last})",
        opening=parts.opening[n],
        first=parts.opening_origins[n],
        closing=parts.closing[n],
        last=parts.origins[n],
    )


@dataclass(frozen=True)
class _Divided:
    """One reading (its part in a chain) over the end of a year, given by its ordinal and instant."""

    claim: Claim
    evaluation: Evaluation
    chain: Chain
    part: int
    year_end: tuple[int, int]
    timeline: Timeline

    def finding(self, counted: Counted) -> Finding:
        """What is divided, and what hangs on it."""
        parts, (_, end), unit = self.chain.parts, self.year_end, self.chain.unit
        meter = parts.meter_ids[int(parts.meter[self.part])]
        start, stop = int(parts.start[self.part]), int(parts.end[self.part])
        curve = counted.curve(meter, unit)
        before, whole = curve.over(start, end), curve.over(start, stop).best
        effect, moved = self._effect(meter, before.lowest - before.best, before.highest - before.best)
        share = (end - start) / (stop - start)
        bounded = np.isfinite(before.lowest) and np.isfinite(before.highest)
        bounds = (
            say("{lowest:.6g} to {highest:.6g} {unit}", lowest=before.lowest, highest=before.highest, unit=unit)
            if bounded
            else say("nothing, since it counts both ways")
        )
        at, first, last = (local_text(self.timeline.zone, t) for t in (end, start, stop))
        return DIVIDED(
            say(
                "a reading of meter {meter} reaches over {at} and is divided between the years by time: {best:.6g} of "
                "{whole:.6g} {unit} before it, {share:.1%} of the time",
                meter=meter,
                at=at,
                best=before.best,
                whole=whole,
                unit=unit,
                share=share,
            ),
            parts.origins[self.part],
            found=say(
                "{ends} from {first} to {last}; what flowed before {at} is known to be within {bounds}",
                ends=ends_of(parts, self.part),
                first=first,
                last=last,
                at=at,
                bounds=bounds,
            )
            + (say(", by which {moved:,.3f} tCO2e may be of the other year", moved=moved) if moved is not None else ""),
            action=say(
                "Read the meters at the end of the year; what is divided then is certain. A highest rate on "
                "Meters narrows the bounds."
            ),
            data={
                "count": 1,
                "amount": whole,
                "share": share,
                "by_time": before.best,
                **({"lowest": before.lowest, "highest": before.highest} if bounded else {}),
                **({"moved": moved} if moved is not None else {}),
            },
            effect_tco2e=effect,
        )

    def _effect(self, meter: str, *changes: float) -> tuple[float | None, float | None]:
        """ER as it is minus the lowest ER within the bounds, and the most that may be of the other year."""
        trials = [self._with(meter, change) for change in changes if np.isfinite(change)]
        now = self.evaluation[self.claim.ER]
        if len(trials) < len(changes) or not all(np.isfinite(trial).all() for trial in trials):
            return None, None
        n = self.year_end[0]
        effect = max(float(now.sum() - trial.sum()) for trial in trials)
        moved = max(abs(float(now[: n + 1].sum() - trial[: n + 1].sum())) for trial in trials)
        return effect if effect > _NOTHING else 0.0, moved

    def _with(self, meter: str, change: float) -> Numbers:
        """ER by year where so much more of the reading flowed before the end of the year."""
        node = self.chain.graph.E_corr
        places: Mapping[tuple[str, int], int] = {where: n for n, where in enumerate(self.chain.meter_months)}
        later = next(m for m, month in enumerate(self.timeline.months) if month.start >= self.year_end[1])
        amounts = np.array(self.evaluation[node])
        for month, sign in ((later - 1, 1.0), (later, -1.0)):
            if (meter, month) in places:
                amounts[places[meter, month]] += sign * change
        return self.claim.reductions_by_year({node: amounts})
