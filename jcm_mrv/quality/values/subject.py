"""A metered place as the rules on values see it: its profile, months, limits, and what it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jcm_mrv.arrays import Flags
from jcm_mrv.claim.claim import Claim, Parameter
from jcm_mrv.claim.measuring import Point
from jcm_mrv.findings import Bias, QuestionableSpan
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.meters.segments import SeriesResult
from jcm_mrv.meters.sources.counted import rate_in
from jcm_mrv.methodology.declare import equipment
from jcm_mrv.origin import Origin
from jcm_mrv.quality.setting import LEAST, Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR, local_time
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import EquipmentKey, MeterRow, ProjectForm

SPIKE_MOST_DAYS = Setting(
    "spike.most_days", 3.0, "1", "on more days than this, values of that size are the habit of the meter", 1, whole=True
)
CAPACITY_MOST_OF_RATED_GENERATION = Setting(
    "capacity.most_of_rated_generation",
    1.2,
    "1",
    "generation above this multiple of rated capacity times hours is named",
    LEAST,
)
CAPACITY_REFUSED_TIMES = Setting(
    "capacity.refused_times", 2.0, "1", "a month above so many times what the capacity allows is refused", 1
)


# Units in which an auxiliary's electricity is calculated.
_ELECTRICITY = ("MWh", "kWh", "GWh")


@dataclass(frozen=True)
class Month:
    """What a meter counted in a month slice, in its unit, and the hours of it that are covered."""

    ordinal: int
    label: str
    amount: float
    hours: float
    where: Origin

    @property
    def rate(self) -> float:
        """Mean amount per hour."""
        return self.amount / self.hours


@dataclass(frozen=True)
class Limit:
    """A rate [meter's unit per hour] that a stated number gives, in words and with its cell."""

    rate: float
    words: str
    where: Origin


@dataclass(frozen=True)
class Site:
    """Where the project stands, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Subject:
    """A meter with everything that a rule on its values may ask for.

    ``highest`` is the highest rate by the sheet Meters; ``rated`` the rated
    capacity of all equipment that it measures, where that can be its unit.
    ``factors`` are its transformer factors other than 1. ``spans`` are the
    instants between which something that it measures operates. ``measures``
    is the parameter where it alone measures one, of one element, else empty;
    ``subtracted`` says that a point takes it off another meter.
    """

    profile: Profile
    months: tuple[Month, ...]
    follows_sun: bool
    highest: Limit | None
    rated: Limit | None
    factors: tuple[float, ...]
    spans: tuple[tuple[int, int], ...]
    site: Site | None
    timeline: Timeline
    settings: Settings
    effects: Effects
    measures: str = ""
    subtracted: bool = False

    @property
    def meter(self) -> str:
        """The meter's ID."""
        return self.profile.meter_id

    @property
    def unit(self) -> str:
        """The unit of amounts; rates are per hour."""
        return self.profile.unit

    def when(self, instant: int) -> str:
        """Local date and time of an instant, without the offset."""
        return f"{local_time(self.timeline.zone, instant):%Y-%m-%d %H:%M}"

    def month_at(self, instant: int) -> int:
        """The ordinal of the month slice in which an instant lies."""
        last = len(self.timeline.months) - 1
        return int(np.clip(np.searchsorted(self.timeline.edges, instant, side="right") - 1, 0, last))

    def effect(self, amounts: Mapping[int, float]) -> float | None:
        """What amounts (by month, in the meter's unit) add to ER [tCO2e]; None where that is not known."""
        return self.effects(self.meter, self.unit, amounts)

    @cached_property
    def operates(self) -> Flags:
        """True for each hour of the profile that lies in operation; shape (days, 24)."""
        cells = self.profile.first + np.arange(len(self.profile.amount), dtype=np.int64) * HOUR
        inside = np.zeros(len(cells), dtype=np.bool_)
        for start, end in self.spans:
            inside |= (cells >= start) & (cells + HOUR <= end)
        return inside.reshape(self.profile.rates.shape)


def runs_of(subject: Subject, hours: Flags, bias: Bias) -> list[QuestionableSpan]:
    """The spans of the marked hours, shape (days, 24), of a meter; those with no more than an hour between are one."""
    marked = np.flatnonzero(hours)
    first, apart = subject.profile.first, np.flatnonzero(np.diff(marked) > 2) + 1
    return [
        QuestionableSpan(subject.meter, first + int(run[0]) * HOUR, first + (int(run[-1]) + 1) * HOUR, bias)
        for run in np.split(marked, apart)
        if len(run)
    ]


def subjects(
    claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline, settings: Settings
) -> Iterator[Subject]:
    """Every meter of the claim's monitoring points that has a profile, in the order of the profiles."""
    points: dict[str, list[Point]] = {}
    for point in claim.points:
        for term in point.terms:
            points.setdefault(term.meter_id, []).append(point)
    rows: dict[str, list[MeterRow]] = {}
    for row in data.meters:
        rows.setdefault(row.meter_id, []).append(row)
    effects, rated = Effects(claim, timeline), RatedCapacities(claim, data)
    site = _site(data.project)
    for profile in series.profiles:
        own = points.get(profile.meter_id, [])
        if own:
            yield Subject(
                profile=profile,
                months=months_of(profile.meter_id, profile.unit, series, timeline),
                follows_sun=follows_sun(claim, profile.meter_id, own),
                highest=highest_of(profile.unit, rows.get(profile.meter_id, [])),
                rated=rated.of(profile.unit, own),
                factors=_factors(rows.get(profile.meter_id, [])),
                spans=_spans(claim, own, timeline),
                site=site,
                timeline=timeline,
                settings=settings,
                effects=effects,
                measures=f"{own[0].methodology} {own[0].parameter}" if _alone(own) else "",
                subtracted=any(p.sides({profile.meter_id})[1] for p in own),
            )


def follows_sun(claim: Claim, meter: str, points: list[Point]) -> bool:
    """True for a meter of solar generation."""
    sunny = {(p.bound.namespace, p.declared.symbol) for p in claim.parameters if p.declared.follows_sun}
    return any(p.sides({meter})[0] and (p.methodology, p.parameter) in sunny for p in points)


def _per_equipment(parameter: Parameter) -> bool:
    """True for a parameter that is measured for each piece of equipment."""
    return parameter.bound.document_set(parameter.declared.sets[0]) == equipment


def _alone(points: list[Point]) -> bool:
    return len(points) == 1 and len(points[0].terms) == 1


def _site(project: ProjectForm) -> Site | None:
    north, east = project.latitude, project.longitude
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    return Site(north, east)


def months_of(meter: str, unit: str, series: SeriesResult, timeline: Timeline) -> tuple[Month, ...]:
    """What a meter counted in each month slice, in a unit. Raises UnitError."""
    parts, coverage = series.parts, series.coverage
    if meter not in parts.meter_ids:
        return ()
    own = np.flatnonzero(parts.meter == parts.meter_ids.index(meter))
    scales = np.ones(len(parts.units))
    for one in np.unique(parts.unit[own]).tolist():
        scales[one] = conversion(parts.units[one], unit)
    scaled = scales[parts.unit[own]] * parts.amounts()[own]
    sums = np.bincount(parts.month[own], weights=scaled, minlength=len(timeline.months))
    covered = coverage.covered[coverage.meter_ids.index(meter)]
    return tuple(
        Month(m, timeline.months[m].label, float(sums[m]), float(covered[m]) / HOUR, parts.origins[int(own[first])])
        for m, first in zip(*(a.tolist() for a in np.unique(parts.month[own], return_index=True)), strict=True)
        if covered[m] > 0
    )


def highest_of(unit: str, rows: list[MeterRow]) -> Limit | None:
    """The highest of the rates that the rows of a meter state."""
    found = []
    for row in rows:
        rate = rate_in(row.highest_rate, row.highest_rate_unit, unit)
        if rate is not None:
            words = say(
                "the highest rate of {highest_rate:.6g} {highest_rate_unit}",
                highest_rate=row.highest_rate,
                highest_rate_unit=row.highest_rate_unit,
            )
            found.append(Limit(rate, words, row.origin("highest_rate")))
    return max(found, key=lambda limit: limit.rate, default=None)


class RatedCapacities:
    """The rated capacity of equipment, looked up by what the monitoring points stand for."""

    def __init__(self, claim: Claim, data: MonitoringData) -> None:
        self._equipment = data.equipment
        # What a site imports, or its generators give, is no matter of the equipment's size.
        self._by_unit = {(p.bound.namespace, p.declared.symbol) for p in claim.parameters if _per_equipment(p)}
        keys: tuple[EquipmentKey, ...] = ("equipment_id", "group", "site", "electricity_source")
        self._named: dict[str, list[int]] = {}
        for n, row in enumerate(data.equipment):
            for name in {"", *(row[key].text for key in keys)}:  # what is of no element is of all of them
                self._named.setdefault(name, []).append(n)
        self._units: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for point in claim.points:
            own = self._units.setdefault((point.methodology, point.applies_to), set())
            own.add((point.parameter, point.unit))

    def of(self, unit: str, points: list[Point]) -> Limit | None:
        """That of all equipment that the points of a meter stand for, where all of it is stated."""
        if any((p.methodology, p.parameter) not in self._by_unit or self._is_auxiliary(p) for p in points):
            return None
        names = {p.applies_to for p in points}
        wanted = {n for name in names for n in self._named.get(name, ())}
        rows = [self._equipment[n] for n in sorted(wanted)]
        rates = [rate_in(r.rated_capacity, r.rated_capacity_unit, unit) for r in rows]
        known = [rate for rate in rates if rate is not None]
        if not rows or len(known) < len(rows):
            return None
        total = sum(known)
        return Limit(
            total,
            say("the rated capacity of {total:.6g} {unit}/h", total=total, unit=unit),
            rows[0].origin("rated_capacity"),
        )

    def _is_auxiliary(self, point: Point) -> bool:
        """True where the same equipment has a point in another unit: fuel is a boiler's own, its electricity is not."""
        if point.applies_to == "" or point.unit not in _ELECTRICITY:
            return False
        others = self._units[point.methodology, point.applies_to]
        return any(parameter != point.parameter and unit != point.unit for parameter, unit in others)


def _factors(rows: list[MeterRow]) -> tuple[float, ...]:
    found = [row.transformer_factor for row in rows]
    return tuple(dict.fromkeys(f for f in found if f is not None and f > 0 and f != 1))


def _spans(claim: Claim, points: list[Point], timeline: Timeline) -> tuple[tuple[int, int], ...]:
    whole = (int(timeline.edges[0]), int(timeline.edges[-1]))
    return tuple(dict.fromkeys(claim.operation.get((p.methodology, p.applies_to), whole) for p in points))
