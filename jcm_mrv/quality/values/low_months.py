"""Months in which a meter that lowers the claim counted next to nothing, while what it serves ran.

Auxiliaries read as 0, below 0 or in a unit a thousand times too small are a gain; where ER rises with the meter such a
month is the project's own loss and the other rules name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from jcm_mrv.arrays import Flags, Numbers, Ordinals
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Point
from jcm_mrv.findings import Bias, Code, Finding, QuestionableSpan, Severity
from jcm_mrv.meters.segments import Parts, SegmentKind, SeriesResult
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say

LOW = Code("readings.low_month", Severity.MAJOR, "A month of a meter that lowers ER is next to nothing.")

_LEAST_MONTHS, _MOST_LOW = 3, 4
# A hundredth of the other months: no load falls so far while what it serves runs, and a slip of units is a thousand.
NOTHING = 0.01
_SAME = 1e-9


def low_months(claim: Claim, series: SeriesResult, timeline: Timeline) -> Iterator[Finding]:
    """A finding for each month far below all others of a meter, where ER would be lower with the others' rate."""
    points: dict[str, list[Point]] = {}
    for point in claim.points:
        for term in point.terms:
            points.setdefault(term.meter_id, []).append(point)
    rates = {meter: found for meter in points if (found := _rates(series, meter)) is not None}
    low = {meter: _low(found) for meter, found in rates.items()}
    effects = Effects(claim, timeline)
    for meter, found in rates.items():
        if any(len(point.terms) > 1 for point in points[meter]):
            continue  # another meter of the point may have counted instead
        for month in np.flatnonzero(low[meter]).tolist():
            if not _idle(meter, month, points, low):
                yield from _finding(meter, month, found, low[meter], series, effects, timeline)


def _own(parts: Parts, meter: str) -> Ordinals:
    return np.flatnonzero(parts.meter == parts.meter_ids.index(meter))


def _hours(series: SeriesResult, meter: str) -> Numbers:
    coverage = series.coverage
    return np.asarray(coverage.covered[coverage.meter_ids.index(meter)], dtype=np.float64) / HOUR


def _rates(series: SeriesResult, meter: str) -> Numbers | None:
    """Mean amount per hour by month in the unit of the first part, not finite where nothing was measured."""
    parts = series.parts
    if meter not in parts.meter_ids or meter not in series.coverage.meter_ids:
        return None
    own = _own(parts, meter)
    if not len(own) or (parts.kind[own] == SegmentKind.SAMPLE).any():
        return None  # so many samples as were taken say nothing of time
    unit = int(parts.unit[own[0]])
    scales = {int(u): conversion(parts.units[int(u)], parts.units[unit]) for u in set(parts.unit[own].tolist())}
    weights = parts.amounts()[own] * np.array([scales[int(u)] for u in parts.unit[own]])
    hours = _hours(series, meter)
    amounts = np.bincount(parts.month[own], weights=weights, minlength=len(hours))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(amounts / hours)


def _low(rates: Numbers) -> Flags:
    """True for the few months that are next to nothing beside the others; none where the others vary as much."""
    known = np.isfinite(rates)
    none = np.zeros(len(rates), dtype=bool)
    if np.count_nonzero(known) < _LEAST_MONTHS:
        return none
    usual = float(np.median(rates[known]))
    low: Flags = known & (rates <= NOTHING * usual)
    most = max(1, int(np.count_nonzero(known)) // _MOST_LOW)
    return low if int(np.count_nonzero(low)) <= most else none


def _idle(meter: str, month: int, points: Mapping[str, list[Point]], low: Mapping[str, Flags]) -> bool:
    """True where everything else that is measured of the same element stood still too."""
    beside = [
        other
        for other, found in points.items()
        if other != meter and other in low and any(_together(a, b) for a in points[meter] for b in found)
    ]
    return bool(beside) and all(low[other][month] for other in beside)


def _together(one: Point, other: Point) -> bool:
    elements = {one.applies_to, other.applies_to}
    return one.methodology == other.methodology and (len(elements) == 1 or "" in elements)


def _finding(
    meter: str, month: int, rates: Numbers, low: Flags, series: SeriesResult, effects: Effects, timeline: Timeline
) -> Iterator[Finding]:
    parts, own = series.parts, _own(series.parts, meter)
    unit, hours = parts.units[int(parts.unit[own[0]])], float(_hours(series, meter)[month])
    others = rates[np.isfinite(rates) & ~low]
    now, least, most = float(rates[month]), float(others.min()), float(others.max())
    by_least, by_most = (effects(meter, unit, {month: (now - rate) * hours}) for rate in (least, most))
    effect, lower = None, say("an amount that is not known")
    if by_least is not None and by_most is not None:
        effect, lower = max(by_least, by_most), say("{least:,.3f} to {most:,.3f}", least=by_least, most=by_most)
    if effect is not None and not effect > _SAME:
        return
    piece = timeline.months[month]
    first = int(own[np.flatnonzero(parts.month[own] == month)[0]])
    yield LOW(
        say(
            "meter {meter} counts next to nothing in {label}, while what it serves ran; with the rate of the other "
            "months ER is lower by {told} tCO2e",
            meter=meter,
            label=piece.label,
            told=lower,
        ),
        parts.origins[first],
        found=say(
            "{now:.6g} {unit}; {least:.6g} to {most:.6g} {unit} by the other months",
            now=now * hours,
            unit=unit,
            least=least * hours,
            most=most * hours,
        ),
        action=say(
            "Check the unit, sign and decimal point of that month. Where the load really stood still, prove it on "
            "the sheet Overrides."
        ),
        data={"ratio": now / float(np.median(others))},
        effect_tco2e=effect,
        questionable=(QuestionableSpan(meter, piece.start, piece.end, Bias.TOO_LOW),),
    )
