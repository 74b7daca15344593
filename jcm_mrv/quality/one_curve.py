"""Two meters whose curves are equal or proportional: they are one until somebody shows otherwise.

A log that stands under two meters, as it is or multiplied by something, counts the metered quantity twice. Two real
meters are never proportional hour by hour, nor month by month to the last digit: the ratio of two loads or two plants
moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from jcm_mrv.arrays import Flags, Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.meters.segments import SegmentKind, SeriesResult
from jcm_mrv.origin import Origin
from jcm_mrv.quality.moved_copies import same_days, same_months, same_store
from jcm_mrv.quality.values.effect import Effects
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.workbook.records import MonitoringData

ONE_CURVE = Code("points.one_curve", Severity.ERROR, "Two meters of the claim have the same or proportional values.")
COPIED = Code("points.moved_copy", Severity.MAJOR, "A meter has the values of another one, moved or from its store.")
SAME_LOG = Code("logs.same_column", Severity.ERROR, "One column of a log file covers two meters.")

# Hours of a month that have to tell something before a month is compared, and how many of them may stand apart.
_LEAST_HOURS, _APART = 48, 0.02
# An hour tells something where its value is many times its last digit.
_TELLING = 500.0
# How far hourly values lie apart, beyond their last digit: two meters of one feeder
# agree to about 0.1 %, copies wholly.
_NEAR_HOURLY, _NEAR_COPIES = 2e-3, 1e-6
# The ratio of two plants or loads varies from month to month by at least one in a hundred, of two meters in series by
# one in a thousand; two real ones agree by chance in fewer than one project in a thousand.
_VARIES, _VARIES_IN_SERIES, _VARIES_AROUND_ONE, _CHANCE = 0.01, 1e-3, 0.1, 1e-3
# Up to so many meters every pair is looked at, beyond it those that are alike at first sight.
_ALL_PAIRS, _ALIKE = 40, 0.01
_LISTED = 3


@dataclass(frozen=True)
class _Alike:
    """That one meter reads ``ratio`` times another, over some spans in words."""

    ratio: float
    over: str
    hourly: bool


def one_curve(claim: Claim, series: SeriesResult, data: MonitoringData, timeline: Timeline) -> Iterator[Finding]:
    """A finding for each meter of the monitoring points whose values are those of an earlier one, or a multiple."""
    counted = list(dict.fromkeys(term.meter_id for point in claim.points for term in point.terms))
    told = set()
    for meter, other, finding in _same_columns(series, data, counted):
        told |= {(meter, other), (other, meter)}
        yield finding
    curves = _Curves(claim, series, timeline)
    checks = {(name, meter) for meter, names in series.checks.items() for name in names}
    done: set[str] = set()
    for meter, other, alike in curves.pairs(counted):
        if meter in done or {(meter, other), (other, meter)} & (told | checks):
            continue  # a check meter that is counted has a finding of its own
        done.add(meter)
        yield _finding(meter, other, alike, curves)
    for meter, other, words in curves.copies(counted):
        if meter not in done and not {(meter, other), (other, meter)} & (told | checks):
            done.add(meter)
            yield _copied(meter, other, words, curves)


def _copied(meter: str, other: str, words: str, curves: _Curves) -> Finding:
    return COPIED(
        f"meter {meter} has the values of meter {other}: {words}; one thing may be counted under two names",
        curves.where(meter),
        found=words,
        action="Enter the readings of the second meter itself, or take it out of the monitoring points.",
        effect_tco2e=curves.effect(meter),
    )


def _finding(meter: str, other: str, alike: _Alike, curves: _Curves) -> Finding:
    how = "the values" if abs(alike.ratio - 1) < _NEAR_COPIES else f"{alike.ratio:.6g} times the values"
    return ONE_CURVE(
        f"meter {meter} has {how} of meter {other} in {alike.over}: one thing is counted under two names",
        curves.where(meter),
        found=f"ratio {alike.ratio:.6g} throughout",
        action="Enter the readings of the second meter itself, or take it out of the monitoring points. What is one "
        "meter divided by a rule stands as one meter with Share and Basis of the share.",
        data={"ratio": alike.ratio},
        # Of two parameters one may follow from the other by the nature of the plant, and a few months may be estimates.
        severity=None if alike.hourly and curves.like(meter, other) else Severity.MAJOR,
        effect_tco2e=curves.effect(meter),
    )


# --- one column of one file ---------------------------------------------------------------

_COLUMN: tuple[Literal["sheet", "value_column", "name_column", "name_value"], ...] = (
    "sheet",
    "value_column",
    "name_column",
    "name_value",
)


def _same_columns(
    series: SeriesResult, data: MonitoringData, counted: Sequence[str]
) -> Iterator[tuple[str, str, Finding]]:
    """Rows of the sheet Logs of different meters that take the same column of the same bytes for the same time."""
    read = _read_spans(series)
    first: dict[tuple[str, ...], tuple[str, tuple[int, int]]] = {}
    for row in data.logs:
        meter, (digest, span) = row.meter_id, read.get(row.log_id, ("", (0, 0)))
        if not digest or meter not in counted:
            continue
        other, earlier = first.setdefault((digest, *(row[name].text.strip() for name in _COLUMN)), (meter, span))
        if other != meter and earlier[0] < span[1] and span[0] < earlier[1]:
            finding = SAME_LOG(
                f"the same column of the same log covers meter {other} and meter {meter}",
                row.origin("value_column"),
                found=f"{row.file}, {row.value_column}",
                action="Name the file and column of the second meter, or take it out of the monitoring points.",
                data={"sha256": digest},
            )
            yield meter, other, finding


def _read_spans(series: SeriesResult) -> dict[str, tuple[str, tuple[int, int]]]:
    """By log the SHA-256 of its file, and from when to when it covers time."""
    parts = series.parts
    found = {}
    for n, source in enumerate(parts.sources):
        own = parts.source == n
        if own.any():
            found[source.log_id] = source.sha256, (int(parts.start[own].min()), int(parts.end[own].max()))
    return found


# --- curves --------------------------------------------------------------------------------


class _Curves:
    """The values of every meter by hour where its log tells them, and by month.

    Meters of one parameter are two plants or loads, and their ratio moves. Those of several may stand in one feeder:
    only a copy is proportional to the last digit.
    """

    def __init__(self, claim: Claim, series: SeriesResult, timeline: Timeline) -> None:
        self.claim = claim
        self.timeline, self.parts, self.effects = timeline, series.parts, Effects(claim, timeline)
        self.profiles = {p.meter_id: p for p in series.profiles}
        self.rows = {name: np.flatnonzero(series.parts.meter == n) for n, name in enumerate(series.parts.meter_ids)}
        self.parameters: dict[str, set[str]] = {}
        for point in claim.points:
            for term in point.terms:
                self.parameters.setdefault(term.meter_id, set()).add(point.parameter)

    def like(self, one: str, other: str) -> bool:
        """True for two meters that measure the same parameter."""
        return bool(self.parameters[one] & self.parameters[other])

    def where(self, meter: str) -> Origin:
        """The first value of a meter."""
        rows = self.rows.get(meter, np.zeros(0, dtype=np.int64))
        return self.parts.origins[int(rows[0])] if len(rows) else Origin()

    def effect(self, meter: str) -> float | None:
        """ER as it is minus ER without what a meter counts."""
        unit = self.parts.units[int(self.parts.unit[self.rows[meter][0]])]
        return self.effects(meter, unit, dict(enumerate(self._months(meter, meter).tolist())))

    def pairs(self, meters: Sequence[str]) -> Iterator[tuple[str, str, _Alike]]:
        """Each later meter with an earlier one whose values it has."""
        for kind in self._kinds(meters):
            hourly = [m for m in kind if m in self.profiles and self.profiles[m].hourly]
            yield from self._by_hour(hourly)
            yield from self._by_month(kind, {(a, b) for a in hourly for b in hourly})

    def copies(self, meters: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Each later meter with an earlier one of its parameter whose values it has at other times, and how."""
        for kind in self._kinds(meters):
            hourly = [m for m in kind if m in self.profiles and self.profiles[m].hourly]
            for a, b, moved, count in same_days([self.profiles[m] for m in hourly]):
                if self.like(hourly[a], hourly[b]):
                    yield hourly[b], hourly[a], f"{count} days are the same hour by hour, {abs(moved)} days apart"
            amounts = np.array([self._months(meter, kind[0]) for meter in kind]).reshape(len(kind), -1)
            blur = np.array([_blur(row) for row in amounts]).reshape(amounts.shape)
            for a, b, moved, count in same_months(amounts, blur):
                if self.like(kind[a], kind[b]):
                    yield kind[b], kind[a], f"{count} months are the same, {abs(moved)} month(s) apart"
        yield from self._stores()

    def _stores(self) -> Iterator[tuple[str, str, str]]:
        ledgers = {
            self.parts.meter_ids[n] for n in set(self.parts.meter[self.parts.kind == SegmentKind.STOCK].tolist())
        }
        for point in self.claim.points if ledgers else ():
            added = dict.fromkeys(t.meter_id for t in point.terms if t.coefficient > 0 and t.meter_id in self.rows)
            chain = next((c for c in self.claim.chains if point in c.points), None)
            if chain is not None and len(added) > 1:
                found = {meter: self._in_chain(meter, chain) for meter in added if len(self.rows[meter])}
                for later, earlier in same_store(found, ledgers):
                    yield later, earlier, "the ledger of a store and a meter agree in every month within 2 %"

    def _in_chain(self, meter: str, chain: Chain) -> Numbers:
        """Amounts by month in the unit of a chain, with the meter's conversions."""
        unit = self.parts.units[int(self.parts.unit[self.rows[meter][0]])]
        factors = [chain.in_unit(unit, meter, month.start) for month in self.timeline.months]
        amounts: Numbers = self._months(meter, meter) * np.array(factors)
        return amounts

    def _kinds(self, meters: Sequence[str]) -> list[list[str]]:
        """The meters by kind of quantity; hours of operation are alike wherever units run together."""
        kinds: dict[str, list[str]] = {}
        for meter in meters:
            rows = self.rows.get(meter)
            if rows is None or not len(rows):
                continue
            unit = self.parts.units[int(self.parts.unit[rows[0]])]
            base = next((known for known in kinds if _scale(unit, known) is not None), unit)
            if _scale(unit, "h") is None and _scale(unit, "1") is None:
                kinds.setdefault(base, []).append(meter)
        return list(kinds.values())

    # --- by hour ---

    def _by_hour(self, meters: Sequence[str]) -> Iterator[tuple[str, str, _Alike]]:
        found: dict[tuple[str, str], list[tuple[float, str]]] = {}
        for month in self.timeline.months if len(meters) > 1 else ():
            hours = [self._hours(self.profiles[m], month.start, month.end) for m in meters]
            for a, b in _candidates(np.sort(np.array([h for h, _ in hours]), axis=1)):
                near = _NEAR_HOURLY if self.like(meters[a], meters[b]) else _NEAR_COPIES
                ratio = _constant(*hours[b], *hours[a], near)
                if ratio is not None:
                    found.setdefault((meters[b], meters[a]), []).append((ratio, month.label))
        for (later, earlier), months in found.items():
            labels = [label for _, label in months]
            more = f" and {len(labels) - _LISTED} more" if len(labels) > _LISTED else ""
            yield later, earlier, _Alike(months[0][0], "the hours of " + ", ".join(labels[:_LISTED]) + more, True)

    def _hours(self, profile: Profile, start: int, end: int) -> tuple[Numbers, float]:
        """Amounts of the whole hours of a span (0 where an hour is not wholly measured), and the last digit's size."""
        a, b = (max(0, round((t - profile.first) / HOUR)) for t in (start, end))
        amount, covered = profile.amount[a:b], profile.covered[a:b]
        values = np.where(covered >= 1 - 1e-9, amount, 0.0)
        return values, _step(values) * max(1.0, HOUR / profile.interval)

    # --- by month ---

    def _by_month(self, meters: Sequence[str], known: set[tuple[str, str]]) -> Iterator[tuple[str, str, _Alike]]:
        amounts = np.array([self._months(meter, meters[0]) for meter in meters]).reshape(len(meters), -1)
        pairs = max(1.0, len(meters) * (len(meters) - 1) / 2)
        for b in range(1, len(meters)):
            for a in _steady(amounts[:b], amounts[b]):
                if (meters[a], meters[b]) in known:
                    continue
                both = (amounts[a] > 0) & (amounts[b] > 0)
                varies = _VARIES if self.like(meters[a], meters[b]) else _VARIES_IN_SERIES
                ratio = _same_by_chance(amounts[b][both], amounts[a][both], pairs, varies)
                if ratio is not None:
                    yield meters[b], meters[a], _Alike(ratio, f"{np.count_nonzero(both)} month(s)", False)

    def _months(self, meter: str, first: str) -> Numbers:
        """Amounts by month in the unit of the first meter."""
        rows, parts = self.rows[meter], self.parts
        want = parts.units[int(parts.unit[self.rows[first][0]])]
        scales = np.array([_scale(unit, want) or 0.0 for unit in parts.units])
        weights = parts.amounts()[rows] * scales[parts.unit[rows]]
        return np.bincount(parts.month[rows], weights=weights, minlength=len(self.timeline.months)).astype(np.float64)


def _scale(have: str, want: str) -> float | None:
    try:
        return conversion(have, want)
    except UnitError:
        return None


def _candidates(ordered: Numbers) -> list[tuple[int, int]]:
    """Pairs of rows (values in ascending order) whose size is spread so alike that a closer look is worth it."""
    if len(ordered) <= _ALL_PAIRS:
        return [(a, b) for b in range(len(ordered)) for a in range(b)]
    marks = ordered[:, [-1 - round(share * ordered.shape[1]) for share in (0.05, 0.1, 0.2)]]
    with np.errstate(divide="ignore", invalid="ignore"):
        shape = marks[:, 1:] / marks[:, :1]
        apart = np.abs(shape[:, None] / shape[None] - 1).max(axis=2)
    return [(int(a), int(b)) for a, b in np.argwhere(apart < _ALIKE) if a < b]


def _steady(earlier: Numbers, later: Numbers) -> list[int]:
    """The rows of months whose ratio to one more row hardly moves."""
    both = (earlier > 0) & (later > 0)
    ratios = np.divide(later, earlier, out=np.zeros_like(earlier), where=both)
    highest = np.where(both, ratios, -np.inf).max(axis=1)
    lowest = np.where(both, ratios, np.inf).min(axis=1)
    steady: list[int] = np.flatnonzero(both.any(axis=1) & (highest < lowest * (1 + _ALIKE))).tolist()
    return steady


def _constant(later: Numbers, later_step: float, earlier: Numbers, earlier_step: float, near: float) -> float | None:
    """The one ratio of two rows of hours, in their order or as sorted (a copy moved by some hours); else None."""
    if len(later) != len(earlier):
        return None
    for a, b in ((later, earlier), (np.sort(later), np.sort(earlier))):
        ratio = _ratio(a, later_step, b, earlier_step, near)
        if ratio is not None:
            return ratio
    return None


def _ratio(later: Numbers, later_step: float, earlier: Numbers, earlier_step: float, near: float) -> float | None:
    both = (later > 0) & (earlier > 0)
    if not both.any():
        return None
    ratio = float(np.median(later[both] / earlier[both]))
    allowed = near * later + later_step + ratio * earlier_step
    telling: Flags = both & (np.minimum(later, ratio * earlier) > _TELLING * (later_step + ratio * earlier_step))
    if np.count_nonzero(telling) < _LEAST_HOURS or len(np.unique(later[telling])) < _LEAST_HOURS / 2:
        return None
    apart = np.count_nonzero(np.abs(later - ratio * earlier)[telling] > allowed[telling])
    return ratio if apart <= _APART * np.count_nonzero(telling) else None


def _step(values: Numbers) -> float:
    """The size of the last digit in which values are written: 0.1 for 12.3."""
    for digits in range(7):
        if np.allclose(values * 10**digits, np.round(values * 10**digits), rtol=0.0, atol=1e-6 * 10**digits):
            return float(10.0**-digits)
    return 0.0


def _same_by_chance(later: Numbers, earlier: Numbers, pairs: float, varies: float) -> float | None:
    """The one ratio of two rows of months, None where two real meters could agree as well by chance.

    How near every month comes to it (no nearer than its digits tell), against how far ratios of real meters vary.
    """
    ratio = float(later.sum() / earlier.sum())
    blur = np.maximum(_blur(later), _blur(earlier))
    equal = np.maximum(np.abs(later / earlier - 1.0), blur)
    near = np.maximum(np.abs(later / earlier / ratio - 1.0), blur)
    kinds = len(np.unique(np.round(later / later.max(), 6)))  # months that repeat tell nothing new
    one = np.sort(2 * equal / _VARIES_AROUND_ONE)[-kinds:]
    chances = [float(np.prod(one)), float(np.prod(np.sort(2 * near / varies)[-kinds:][1:])) if kinds > 1 else 1.0]
    if chances[0] * pairs <= _CHANCE and float(one.max()) < 1:
        return 1.0
    return ratio if chances[1] * pairs <= _CHANCE and float(2 * near.max() / varies) < 1 else None


def _blur(values: Numbers) -> Numbers:
    """Half a unit of the last digit that is not 0, as a share of the value."""
    return np.array([_half_a_digit(float(value)) for value in values])


def _half_a_digit(value: float) -> float:
    digits = f"{abs(value):.9e}".split("e")[0].replace(".", "").rstrip("0")
    return 0.5 / float(digits or "1")
