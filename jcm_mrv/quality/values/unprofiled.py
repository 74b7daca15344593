"""Months of meters whose amounts come from stocks or invoices: above what can flow, or many times all others.

What was bought may be burnt later, but not before: fuel that is billed is held against all that could be burnt from
its month to the end of the period. What left a store, and electricity, is held against the month itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Point
from jcm_mrv.findings import Finding
from jcm_mrv.meters.segments import SegmentKind, SeriesResult
from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quality.values.odd_months import UNLIKE
from jcm_mrv.quality.values.size import ELECTRIC, above_limit, stated_limits
from jcm_mrv.quality.values.subject import Month, RatedCapacities, follows_sun, highest_of, months_of
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

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
                say(
                    "meter {meter} counts {rates:.3g} times as much in {label} as in any other month",
                    meter=meter,
                    rates=rates[worst] / most,
                    label=timeline.months[m].label,
                ),
                parts.origins[first],
                found=say(
                    "{amounts:.6g} {unit}, at most {usual:.6g} {unit} by the rate of the others",
                    amounts=amounts[m],
                    unit=unit,
                    usual=usual,
                ),
                action=say(
                    "Check unit and decimal point of what was received, in store or billed; or say what happened."
                ),
                data={"ratio": float(rates[worst] / most)},
                effect_tco2e=effects(meter, unit, {m: float(amounts[m]) - usual}),
            )


def above_what_can_flow(
    claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline, settings: Settings
) -> Iterator[Finding]:
    """A finding for each meter of the claim without single values that counts more than its stated limits give."""
    parts, effects = series.parts, Effects(claim, timeline)
    capacities = RatedCapacities(claim, data)
    known = {profile.meter_id for profile in series.profiles}
    points: dict[str, list[Point]] = {}
    for point in claim.points:
        for term in point.terms:
            points.setdefault(term.meter_id, []).append(point)
    for meter in (m for m in points if m not in known and m in parts.meter_ids):
        own = np.flatnonzero(parts.meter == parts.meter_ids.index(meter))
        kinds = set(parts.kind[own].tolist())
        if not len(own) or SegmentKind.SAMPLE in kinds:
            continue
        unit = parts.units[int(parts.unit[own[0]])]
        rows = [row for row in data.meters if row.meter_id == meter]
        rated = capacities.of(unit, points[meter])
        sunny = follows_sun(claim, meter, points[meter])
        limits = list(stated_limits(unit, highest_of(unit, rows), rated, sunny, settings))
        if not limits:
            continue
        limit = min(limits, key=lambda one: one.rate)
        months = months_of(meter, unit, series, timeline)
        if SegmentKind.STOCK not in kinds and unit not in ELECTRIC:
            months = _to_the_end(months, timeline)
        above = [month for month in months if month.rate > limit.rate]
        if above:
            yield above_limit(meter, unit, above, limit, (), partial(effects, meter, unit), settings)


def _to_the_end(months: Sequence[Month], timeline: Timeline) -> tuple[Month, ...]:
    """From which month on more was bought than all hours to the end give room for: that span, where it is worst."""
    last = timeline.months[-1]
    spans = []
    for n, month in enumerate(months):
        hours = (last.end - timeline.months[month.ordinal].start) / HOUR
        amount = sum(one.amount for one in months[n:])
        spans.append(
            replace(
                month, label=say("{first} to {last}", first=month.label, last=last.label), amount=amount, hours=hours
            )
        )
    return tuple(sorted(spans, key=lambda one: -one.rate)[:1])
