"""Months of meters whose amounts come from stocks or invoices: above what can flow, or many times all others.

What was bought may be burnt later, but not before: fuel that is billed is held against all that could be burnt from
its month to the end of the period. What left a store, and electricity, is held against the month itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
from jcm_mrv.quality.values.size import ELECTRIC, above_limit, no_plant_is_larger, stated_limits
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


@dataclass(frozen=True)
class _Unprofiled:
    """A meter without single values: the unit of its first amount, whether it is a store, and its monitoring points."""

    meter: str
    unit: str
    in_store: bool
    points: list[Point]


def _unprofiled(claim: Claim, series: SeriesResult) -> Iterator[_Unprofiled]:
    """The meters of the claim without single values; of samples, so many as were taken, nothing is said of time."""
    parts, known = series.parts, {profile.meter_id for profile in series.profiles}
    points: dict[str, list[Point]] = {}
    for point in claim.points:
        for term in point.terms:
            points.setdefault(term.meter_id, []).append(point)
    for meter in (m for m in points if m not in known and m in parts.meter_ids):
        own = np.flatnonzero(parts.meter == parts.meter_ids.index(meter))
        kinds = set(parts.kind[own].tolist())
        if len(own) and SegmentKind.SAMPLE not in kinds:
            yield _Unprofiled(meter, parts.units[int(parts.unit[own[0]])], SegmentKind.STOCK in kinds, points[meter])


def unlike_months(claim: Claim, series: SeriesResult, timeline: Timeline, settings: Settings) -> Iterator[Finding]:
    """A finding for each meter of the claim without single values, one of whose months is far above all others."""
    effects = Effects(claim, timeline)
    for one in _unprofiled(claim, series):
        months = months_of(one.meter, one.unit, series, timeline)
        if len(months) < _LEAST_MONTHS:
            continue
        worst = max(months, key=lambda month: month.rate)
        most = max(month.rate for month in months if month is not worst)
        if most > 0 and worst.rate > settings[MONTH_MOST_OF_OTHER_BILLS] * most:
            unit, usual = one.unit, most * worst.hours
            yield UNLIKE(
                say(
                    "meter {meter} counts {rates:.3g} times as much in {label} as in any other month",
                    meter=one.meter,
                    rates=worst.rate / most,
                    label=worst.label,
                ),
                worst.where,
                found=say(
                    "{amounts:.6g} {unit}, at most {usual:.6g} {unit} by the rate of the others",
                    amounts=worst.amount,
                    unit=unit,
                    usual=usual,
                ),
                action=say(
                    "Check unit and decimal point of what was received, in store or billed; or say what happened."
                ),
                data={"ratio": worst.rate / most},
                effect_tco2e=effects(one.meter, unit, {worst.ordinal: worst.amount - usual}),
            )


def above_what_can_flow(
    claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline, settings: Settings
) -> Iterator[Finding]:
    """A finding for each meter of the claim without single values that counts more than its limits give."""
    effects, capacities = Effects(claim, timeline), RatedCapacities(claim, data)
    for one in _unprofiled(claim, series):
        meter, unit = one.meter, one.unit
        rows = [row for row in data.meters if row.meter_id == meter]
        sunny = follows_sun(claim, meter, one.points)
        limits = [*stated_limits(unit, highest_of(unit, rows), capacities.of(unit, one.points), sunny, settings)]
        months = months_of(meter, unit, series, timeline)
        if months and not limits:
            limits = [*no_plant_is_larger(unit, months[0].where, settings)]
        if not limits:
            continue
        limit = min(limits, key=lambda one: one.rate)
        if not one.in_store and unit not in ELECTRIC:
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
