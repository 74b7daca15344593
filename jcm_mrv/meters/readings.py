"""The sheet Readings as parts: energy intervals and registers, per meter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Instants, Numbers, Ordinals
from jcm_mrv.findings import LISTED, Code, Finding, Severity
from jcm_mrv.meters.batches import Batch
from jcm_mrv.meters.meters import Meter, clock_finding
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.meters.profiles.spans import energy_profile, register_profile
from jcm_mrv.meters.registers import (
    FACTOR_CHANGE,
    NOT_INSTALLED,
    REPEATED,
    Advances,
    Points,
    difference,
)
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.meters.standing import standing
from jcm_mrv.origin import Origin, OriginsOnDemand
from jcm_mrv.quantities.units import over_hours, over_pieces
from jcm_mrv.time.dividing import Runs, divide
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.workbook.records import ReadingTable

OVERLAP = Code("readings.overlap", Severity.ERROR, "Two readings of a meter overlap")
OUTSIDE = Code("readings.outside_period", Severity.NOTE, "Readings lie outside the monitoring period")
NEGATIVE = Code("readings.negative", Severity.NOTE, "Readings of energy are negative")
UNITS_DIFFER = Code("readings.unit", Severity.ERROR, "The readings of one register have several units")
UNUSABLE = Code("readings.unusable", Severity.ERROR, "A reading lacks something and cannot be used")

INTERVALS = (SegmentKind.ENERGY, SegmentKind.MEAN)
"""The kinds of readings that have a beginning and an end."""


@dataclass
class ReadingSegments:
    """Batches, covered runs by meter and kind, profiles of the values, and findings."""

    batches: list[Batch] = field(default_factory=list)
    runs: dict[tuple[str, str], Runs] = field(default_factory=dict)
    places: dict[tuple[str, str], Origin] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Table:
    """The readings with instants instead of local times."""

    table: ReadingTable
    timeline: Timeline
    start: Instants
    end: Instants

    def origin(self, n: int, key: str = "value") -> Origin:
        return self.table.origin(int(n), key)


def read_readings(
    table: ReadingTable, meters: Mapping[str, Meter], timeline: Timeline, *, faults_known: bool
) -> ReadingSegments:
    """Every usable reading as parts.

    ``faults_known``: the reader of the workbook has reported errors; rows
    with such a fault are then left out without a second finding.
    """
    out = ReadingSegments()
    usable = _usable(table, meters)
    if not faults_known:
        out.findings += [
            UNUSABLE("the reading cannot be used", table.origin(int(n)), action="Fill in the row or delete it")
            for n in np.flatnonzero(~usable)[:LISTED]
        ]
    times = _instants(table, timeline, usable, out.findings)
    for meter in meters.values():
        own = usable & (table.meter_id == meter.meter_id)
        register = np.flatnonzero(own & (table.kind == "register"))
        for kind in INTERVALS:
            rows = np.flatnonzero(own & (table.kind == kind.label))
            if len(rows):
                _energy(times, meter, rows, out, kind)
        if len(register):
            _register(times, meter, register, out)
        samples = np.flatnonzero(own & (table.kind == SegmentKind.SAMPLE.label))
        if len(samples):
            _samples(times, meter, samples, out)
    return out


def _usable(table: ReadingTable, meters: Mapping[str, Meter]) -> npt.NDArray[np.bool_]:
    energy, register = _of_interval(table), np.isin(table.kind, ("register", SegmentKind.SAMPLE.label))
    known = np.isin(table.meter_id, np.array(list(meters), dtype=np.str_)) if meters else np.zeros(len(table), bool)
    timed = ~np.isnat(table.end) & (register | (energy & (table.start < table.end)))
    usable: npt.NDArray[np.bool_] = known & timed & np.isfinite(table.value) & (table.unit != "")
    return usable


def _of_interval(table: ReadingTable) -> npt.NDArray[np.bool_]:
    """Which readings are of an interval, with a beginning and an end."""
    return np.isin(table.kind, [kind.label for kind in INTERVALS])


def _instants(
    table: ReadingTable, timeline: Timeline, usable: npt.NDArray[np.bool_], findings: list[Finding]
) -> _Table:
    """Local times as instants; what a clock change makes ambiguous is reported."""
    instants: dict[str, Instants] = {}
    for key, local, needed in (
        ("start", table.start, usable & _of_interval(table)),
        ("end", table.end, usable),
    ):
        counts = np.where(needed, local, np.datetime64(0, "us")).astype("datetime64[us]").astype(np.int64)
        out = np.zeros(len(table), dtype=np.int64)
        times = timeline.to_utc(counts[needed])
        out[needed] = times.instants
        instants[key] = out
        rows = np.flatnonzero(needed)
        for i in np.flatnonzero(times.ambiguous | times.missing)[:LISTED].tolist():
            n = int(rows[i])
            findings.append(clock_finding(local[n].item(), bool(times.missing[i]), table.origin(n, key)))
    # From the moment before the clock was put forward to the one after it no time passes.
    nothing = usable & _of_interval(table) & (instants["end"] <= instants["start"])
    for n in np.flatnonzero(nothing)[:LISTED].tolist():
        findings.append(clock_finding(table.start[n].item(), True, table.origin(n, "start")))
    usable &= ~nothing
    return _Table(table, timeline, instants["start"], instants["end"])


# --- energy per interval ---------------------------------------------------------


def _energy(times: _Table, meter: Meter, rows: Ordinals, out: ReadingSegments, kind: SegmentKind) -> None:
    """Readings of an interval: amounts, or means, which count for the hours of it."""
    rows = rows[np.lexsort((rows, times.end[rows], times.start[rows]))]
    rows = _without_repeats(times, meter, rows, out.findings)
    _check_overlaps(times, meter, rows, out.findings)
    rows = _inside_period(times, meter, rows, out.findings)
    if not len(rows):
        return
    start, end = times.start[rows], times.end[rows]
    values = times.table.value[rows]
    is_mean = kind is SegmentKind.MEAN
    hours = (end - start) / HOUR if is_mean else np.ones(len(rows))
    factor = _factors(times, meter, rows, out.findings) * hours
    out.runs[meter.meter_id, kind.label] = Runs.of(start, end, values, values)
    out.places[meter.meter_id, kind.label] = times.origin(rows[0])
    units = [over_hours(u) if is_mean else u for u in times.table.unit[rows].tolist()]
    out.profiles += energy_profile(
        meter, (start, end), values, units, factor, lambda n: times.origin(rows[n]), times.timeline.edges
    )
    _note_negative(times, meter, rows, out.findings)
    pieces = divide(start, end, times.timeline.edges)
    unit = np.array(units)[pieces.row]
    for name in dict.fromkeys(unit.tolist()):
        of_unit = np.flatnonzero(unit == name)
        row = pieces.row[of_unit]
        origins = _origins(times, rows[row])
        nothing = np.zeros(len(row), dtype=np.float64)
        ones = np.ones(len(row), dtype=np.int64)
        out.batches.append(
            Batch(
                meter.meter_id,
                kind,
                str(name),
                pieces.segment[of_unit],
                values[row],
                nothing,
                nothing,
                nothing,
                pieces.share[of_unit],
                factor[row],
                ones,
                ones,
                start[row],
                end[row],
                origins,
                origins,
                hours=hours[row],
            )
        )


def _origins(times: _Table, rows: Ordinals) -> OriginsOnDemand:
    return OriginsOnDemand(len(rows), lambda n: times.origin(rows[n]))


def _without_repeats(times: _Table, meter: Meter, rows: Ordinals, findings: list[Finding]) -> Ordinals:
    table = times.table
    a, b = rows[:-1], rows[1:]
    same = (times.start[a] == times.start[b]) & (times.end[a] == times.end[b])
    same &= (table.value[a] == table.value[b]) & (table.unit[a] == table.unit[b])
    if same.any():
        first = int(np.argmax(same))
        findings.append(
            REPEATED(
                f"{int(same.sum())} reading(s) of meter {meter.meter_id} are given twice and counted once",
                times.origin(b[first]),
                found=f"the same interval and value as {times.origin(a[first])}",
                action="Delete the repeated row(s)",
                data={"count": int(same.sum())},
            )
        )
    kept: Ordinals = rows[np.concatenate(([True], ~same))]
    return kept


def _check_overlaps(times: _Table, meter: Meter, rows: Ordinals, findings: list[Finding]) -> None:
    """Each interval against the one before it that reaches furthest."""
    start, end = times.start[rows], times.end[rows]
    reach = np.maximum.accumulate(end)
    furthest = np.maximum.accumulate(np.where(end == reach, np.arange(len(end)), 0))
    overlaps = np.flatnonzero(start[1:] < reach[:-1])
    for i in overlaps[:LISTED].tolist():
        other = times.origin(rows[furthest[i]])
        findings.append(
            OVERLAP(
                f"two readings of meter {meter.meter_id} overlap, so that energy would count twice",
                times.origin(rows[i + 1], "start"),
                found=f"this reading and the one in {other}",
                action="Correct the times, or delete one of the two",
                data={"count": len(overlaps)},
            )
        )


def _inside_period(times: _Table, meter: Meter, rows: Ordinals, findings: list[Finding]) -> Ordinals:
    edges = times.timeline.edges
    inside = (times.end[rows] > edges[0]) & (times.start[rows] < edges[-1])
    _note_outside(times, meter, rows[~inside], findings)
    kept: Ordinals = rows[inside]
    return kept


def _note_outside(times: _Table, meter: Meter, rows: Ordinals, findings: list[Finding]) -> None:
    if len(rows):
        findings.append(
            OUTSIDE(
                f"{len(rows)} reading(s) of meter {meter.meter_id} lie outside the monitoring period and are not used",
                times.origin(rows[0]),
                action="Nothing, if the monitoring period is right",
                data={"count": len(rows)},
            )
        )


def _factors(times: _Table, meter: Meter, rows: Ordinals, findings: list[Finding]) -> Numbers:
    """The transformer factor of each interval; it must hold, and the meter be there, from start to end."""
    start, end = times.start[rows], times.end[rows]
    first, last = meter.installation_at(start), meter.installation_at(end - 1)
    factors = np.array([i.factor for i in meter.installations])
    absent = np.flatnonzero((first < 0) | (last < 0))
    for i in absent[:LISTED].tolist():
        findings.append(
            NOT_INSTALLED(
                f"a reading of meter {meter.meter_id} reaches into a time at which the sheet Meters has none installed",
                times.origin(rows[i]),
                found=f"{times.table.start[rows[i]].item()} to {times.table.end[rows[i]].item()}",
                action="Correct the times of the reading, or the dates of installation and removal",
                data={"count": len(absent)},
            )
        )
    changed = np.flatnonzero((first >= 0) & (last >= 0) & (factors[first] != factors[last]))
    for i in changed[:LISTED].tolist():
        findings.append(
            FACTOR_CHANGE(
                f"the transformer factor of meter {meter.meter_id} changes within a reading's interval, "
                f"from {factors[first[i]]:g} to {factors[last[i]]:g}",
                times.origin(rows[i]),
                found=f"{times.table.start[rows[i]].item()} to {times.table.end[rows[i]].item()}",
                action="Give one reading up to the change and one from it on",
            )
        )
    return factors[np.maximum(first, 0)]


def _note_negative(times: _Table, meter: Meter, rows: Ordinals, findings: list[Finding]) -> None:
    values = times.table.value[rows]
    negative = np.flatnonzero(values < 0)
    if len(negative):
        total = math.fsum(values[negative].tolist())
        findings.append(
            NEGATIVE(
                f"{len(negative)} reading(s) of meter {meter.meter_id} are negative and are counted as such",
                times.origin(rows[negative[0]]),
                found=f"their sum is {total:.6g}",
                action="Nothing, if the meter counts both directions",
                data={"count": len(negative), "sum": total},
            )
        )


# --- samples ---------------------------------------------------------------------


def _samples(times: _Table, meter: Meter, rows: Ordinals, out: ReadingSegments) -> None:
    """Each sample in the month in which it was taken; samples leave no time uncovered."""
    first, last = int(times.timeline.edges[0]), int(times.timeline.edges[-1])
    inside = (times.end[rows] >= first) & (times.end[rows] < last)
    _note_outside(times, meter, rows[~inside], out.findings)
    rows = rows[inside]
    if not len(rows):
        return
    taken = times.end[rows]
    key = meter.meter_id, SegmentKind.SAMPLE.label
    out.runs[key], out.places[key] = Runs.always(), times.origin(rows[0])
    month = np.searchsorted(times.timeline.edges, taken, side="right") - 1
    for unit in dict.fromkeys(times.table.unit[rows].tolist()):
        own = np.flatnonzero(times.table.unit[rows] == unit)
        nothing, ones = np.zeros(len(own), dtype=np.float64), np.ones(len(own), dtype=np.int64)
        origins = [times.origin(n) for n in rows[own].tolist()]
        out.batches.append(
            Batch(
                meter.meter_id, SegmentKind.SAMPLE, over_pieces(str(unit)), month[own], times.table.value[rows[own]],
                nothing, nothing, nothing, nothing + 1.0, nothing + 1.0, ones, ones, taken[own], taken[own] + 1,
                origins, origins,
            )
        )  # fmt: skip


# --- registers -------------------------------------------------------------------


def _register(times: _Table, meter: Meter, rows: Ordinals, out: ReadingSegments) -> None:
    units = list(dict.fromkeys(times.table.unit[rows].tolist()))
    stated = [u for u in dict.fromkeys(i.unit for i in meter.installations) if u]
    if len({*units, *stated}) > 1:
        out.findings.append(
            UNITS_DIFFER(
                f"the register of meter {meter.meter_id} is read in several units",
                times.origin(rows[0], "unit"),
                found=", ".join(dict.fromkeys([*units, *stated])),
                action="Write all readings in the unit that the register shows, as on the sheet Meters",
            )
        )
        return
    points = Points(meter, times.end[rows], times.table.value[rows], lambda ref: times.origin(rows[ref]))
    advances, findings = difference(points)
    out.findings += findings
    add_register(advances, str(units[0]), times.timeline, out)
    unused = rows[_unused(points.time, times.timeline)]
    _note_outside(times, meter, unused, out.findings)


def _unused(time: Instants, timeline: Timeline) -> npt.NDArray[np.bool_]:
    """Readings outside the period that are not even the last before or the first after it."""
    start, end = int(timeline.edges[0]), int(timeline.edges[-1])
    last_before = max((int(t) for t in time if t <= start), default=start)
    first_after = min((int(t) for t in time if t >= end), default=end)
    return (time < last_before) | (time > first_after)


def add_register(advances: Advances, unit: str, timeline: Timeline, out: ReadingSegments) -> None:
    """Advances of a register as parts, those outside the period left out."""
    meter = advances.points.meter
    stood = standing(advances)
    if not len(stood.row):
        return
    key = (meter.meter_id, "register")
    out.runs[key] = Runs.of(stood.start, stood.end, advances.opening[stood.row], advances.closing[stood.row])
    out.places[key] = advances.origin(int(advances.closing_ref[stood.row[0]]))
    out.profiles += register_profile(advances, stood.rows, unit, "register", timeline.edges)
    pieces = divide(stood.start, stood.end, timeline.edges)
    row = stood.row[pieces.row]
    factors = np.array([i.factor for i in meter.installations])
    ones = np.ones(len(row), dtype=np.int64)
    out.batches.append(
        Batch(
            meter.meter_id,
            SegmentKind.REGISTER,
            unit,
            pieces.segment,
            np.zeros(len(row)),
            advances.opening[row],
            advances.closing[row],
            advances.wrap[row],
            pieces.share * stood.share[pieces.row],
            factors[advances.installation[row]],
            ones,
            ones,
            advances.start[row],
            advances.end[row],
            [advances.origin(r) for r in advances.closing_ref[row].tolist()],
            [advances.origin(r) for r in advances.opening_ref[row].tolist()],
        )
    )
