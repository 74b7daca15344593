"""Months of meters whose amounts come from stocks or invoices: one that is many times all others may be a slip."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Finding
from jcm_mrv.meters.segments import SegmentKind, SeriesResult
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quality.values.odd_months import UNLIKE
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR

MONTH_MOST_OF_OTHER_BILLS = Setting(
    "month.most_of_other_bills",
    5.0,
    "1",
    "of amounts from stocks or invoices: a month whose rate is above this multiple of every other is named",
    1.5,
)
_LEAST_MONTHS = 3


def unlike_months(claim: Claim, series: SeriesResult, timeline: Timeline, settings: Settings) -> Iterator[Finding]:
    """A finding for each meter of the claim without single values, one of whose months is far above all others."""
    parts, coverage = series.parts, series.coverage
    known = {profile.meter_id for profile in series.profiles}
    counted = dict.fromkeys(term.meter_id for point in claim.points for term in point.terms)
    row = {name: n for n, name in enumerate(coverage.meter_ids)}
    effects = Effects(claim, timeline)
    for meter in (m for m in counted if m not in known and m in parts.meter_ids and m in row):
        own = np.flatnonzero(parts.meter == parts.meter_ids.index(meter))
        hours = np.asarray(coverage.covered[row[meter]], dtype=np.float64) / HOUR
        if (parts.kind[own] == SegmentKind.SAMPLE).any():
            continue  # so many samples as were taken say nothing of time
        if not len(own) or len(set(parts.unit[own].tolist())) > 1:
            continue
        amounts = np.bincount(parts.month[own], weights=parts.amounts()[own], minlength=len(hours))
        months = np.flatnonzero(hours > 0)
        if len(months) < _LEAST_MONTHS:
            continue
        rates = amounts[months] / hours[months]
        worst = int(np.argmax(rates))
        most = float(np.delete(rates, worst).max())
        if most > 0 and rates[worst] > settings[MONTH_MOST_OF_OTHER_BILLS] * most:
            m, unit = int(months[worst]), parts.units[int(parts.unit[own[0]])]
            first = int(own[np.flatnonzero(parts.month[own] == m)[0]])
            usual = most * float(hours[m])
            yield UNLIKE(
                f"meter {meter} counts {rates[worst] / most:.3g} times as much in {timeline.months[m].label} as in any "
                "other month",
                parts.origins[first],
                found=f"{amounts[m]:.6g} {unit}, at most {usual:.6g} {unit} by the rate of the others",
                action="Check unit and decimal point of what was received, in store or billed; or say what happened.",
                data={"ratio": float(rates[worst] / most)},
                effect_tco2e=effects(meter, unit, {m: float(amounts[m]) - usual}),
            )
