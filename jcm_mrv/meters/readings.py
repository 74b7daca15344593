"""The sheet Readings as parts: energy intervals and registers, per meter."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Instants, Numbers, Ordinals, distinct
from jcm_mrv.findings import LISTED, Code, Finding, Severity
from jcm_mrv.meters.advances import Advances, Points
from jcm_mrv.meters.batches import Batch
from jcm_mrv.meters.meters import Meter
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.meters.profiles.spans import energy_profile, register_profile
from jcm_mrv.meters.reading_times import INTERVALS, TimedReadings, usable_readings, with_instants
from jcm_mrv.meters.registers import FACTOR_CHANGE, NOT_INSTALLED, REPEATED, difference
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.meters.standing import standing
from jcm_mrv.origin import Origin, OriginsOnDemand
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import over_hours, over_pieces, parse_unit
from jcm_mrv.time.dividing import Runs, divide
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say
from jcm_mrv.workbook.missing_numbers import missing_number
from jcm_mrv.workbook.records import ReadingTable

OVERLAP = Code("readings.overlap", Severity.ERROR, "Two readings of a meter overlap")
OUTSIDE = Code("readings.outside_period", Severity.NOTE, "Readings lie outside the monitoring period")
NEGATIVE = Code("readings.negative", Severity.NOTE, "Readings of energy are negative")
UNITS_DIFFER = Code("readings.unit", Severity.ERROR, "The readings of one register have several units")
UNUSABLE = Code("readings.unusable", Severity.ERROR, "A reading lacks something and cannot be used")
MISSING_NUMBER = Code(
    "readings.missing_number", Severity.ERROR, "A reading is a number that loggers write for no value"
)


@dataclass
class ReadingSegments:
    """Batches, covered runs by meter and kind, profiles of the values, and findings."""

    batches: list[Batch] = field(default_factory=list)
    runs: dict[tuple[str, str], Runs] = field(default_factory=dict)
    places: dict[tuple[str, str], Origin] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_readings(
    table: ReadingTable, meters: Mapping[str, Meter], timeline: Timeline, *, faults_known: bool
) -> ReadingSegments:
    """Every usable reading as parts.

    ``faults_known``: the reader of the workbook has reported errors; rows
    with such a fault are then left out without a second finding.
    """
    out = ReadingSegments()
    usable = usable_readings(table, meters)
    if not faults_known:
        out.findings += [
            UNUSABLE(
                say("the reading cannot be used"), table.origin(int(n)), action=say("Fill in the row or delete it")
            )
            for n in np.flatnonzero(~usable)[:LISTED]
        ]
    times = with_instants(table, timeline, usable, out.findings)
    for meter in meters.values():
        own = usable & (table.meter_id == meter.meter_id)
        out.findings += _missing_numbers(table, meter, own)
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


def _missing_numbers(table: ReadingTable, meter: Meter, own: npt.NDArray[np.bool_]) -> Iterator[Finding]:
    """Values of a meter that stand for none: where a person copied what a logger writes, one of them is enough."""
    for kind in np.unique(table.kind[own]).tolist():
        rows = np.flatnonzero(own & (table.kind == kind))
        values = table.value[rows]
        found = missing_number(float(values.min()), float(values.max()), values.copy, least=1)
        if found is not None:
            yield MISSING_NUMBER(
                say(
                    "meter {meter_id} has {value:.15g} {count} time(s), far beyond all its other values: loggers write "
                    "such a number where nothing was measured",
                    meter_id=meter.meter_id,
                    value=found[0],
                    count=found[1],
                ),
                table.origin(int(rows[values == found[0]][0])),
                found=say("{value:.15g}", value=found[0]),
                action=say("Delete the row(s): their time is then a data gap, which is bridged or treated as such"),
                data={"value": found[0], "count": found[1]},
            )


# --- energy per interval ---------------------------------------------------------


def _energy(times: TimedReadings, meter: Meter, rows: Ordinals, out: ReadingSegments, kind: SegmentKind) -> None:
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
    out.runs[meter.meter_id, kind.label] = Runs.of(start, end)
    out.places[meter.meter_id, kind.label] = times.origin(rows[0])
    words, unit = distinct(times.table.unit[rows])
    units = [over_hours(u) if is_mean else u for u in words]
    out.profiles += energy_profile(
        meter, (start, end), values, (units, unit), factor, lambda n: times.origin(rows[n]), times.timeline.edges
    )
    _note_negative(times, meter, rows, out.findings)
    pieces = divide(start, end, times.timeline.edges)
    for n, name in enumerate(units):
        of_unit = np.flatnonzero(unit[pieces.row] == n)
        row = pieces.row[of_unit]
        out.batches.append(
            Batch.of(
                meter.meter_id, kind, name, pieces.segment[of_unit], (start[row], end[row]),
                OriginsOnDemand(len(row), partial(_origin, times, rows[row])), value=values[row],
                share=pieces.share[of_unit], factor=factor[row], hours=hours[row],
            )
        )  # fmt: skip


def _origin(times: TimedReadings, rows: Ordinals, n: int) -> Origin:
    return times.origin(rows[n])


def _without_repeats(times: TimedReadings, meter: Meter, rows: Ordinals, findings: list[Finding]) -> Ordinals:
    table = times.table
    a, b = rows[:-1], rows[1:]
    same = (times.start[a] == times.start[b]) & (times.end[a] == times.end[b])
    same &= (table.value[a] == table.value[b]) & (table.unit[a] == table.unit[b])
    if same.any():
        first = int(np.argmax(same))
        findings.append(
            REPEATED(
                say(
                    "{sum} reading(s) of meter {meter_id} are given twice and counted once",
                    sum=int(same.sum()),
                    meter_id=meter.meter_id,
                ),
                times.origin(b[first]),
                found=say("the same interval and value as {origin}", origin=times.origin(a[first])),
                action=say("Delete the repeated row(s)"),
                data={"count": int(same.sum())},
            )
        )
    kept: Ordinals = rows[np.concatenate(([True], ~same))]
    return kept


def _check_overlaps(times: TimedReadings, meter: Meter, rows: Ordinals, findings: list[Finding]) -> None:
    """Each interval against the one before it that reaches furthest."""
    start, end = times.start[rows], times.end[rows]
    reach = np.maximum.accumulate(end)
    furthest = np.maximum.accumulate(np.where(end == reach, np.arange(len(end)), 0))
    overlaps = np.flatnonzero(start[1:] < reach[:-1])
    for i in overlaps[:LISTED].tolist():
        other = times.origin(rows[furthest[i]])
        findings.append(
            OVERLAP(
                say(
                    "two readings of meter {meter_id} overlap, so that energy would count twice",
                    meter_id=meter.meter_id,
                ),
                times.origin(rows[i + 1], "start"),
                found=say("this reading and the one in {other}", other=other),
                action=say("Correct the times, or delete one of the two"),
                data={"count": len(overlaps)},
            )
        )


def _inside_period(times: TimedReadings, meter: Meter, rows: Ordinals, findings: list[Finding]) -> Ordinals:
    edges = times.timeline.edges
    inside = (times.end[rows] > edges[0]) & (times.start[rows] < edges[-1])
    _note_outside(times, meter, rows[~inside], findings)
    kept: Ordinals = rows[inside]
    return kept


def _note_outside(times: TimedReadings, meter: Meter, rows: Ordinals, findings: list[Finding]) -> None:
    if len(rows):
        findings.append(
            OUTSIDE(
                say(
                    "{number_of_rows} reading(s) of meter {meter_id} lie outside the monitoring period and are not "
                    "used",
                    number_of_rows=len(rows),
                    meter_id=meter.meter_id,
                ),
                times.origin(rows[0]),
                action=say("Nothing, if the monitoring period is right"),
                data={"count": len(rows)},
            )
        )


def _factors(times: TimedReadings, meter: Meter, rows: Ordinals, findings: list[Finding]) -> Numbers:
    """The transformer factor of each interval; it must hold, and the meter be there, from start to end."""
    start, end = times.start[rows], times.end[rows]
    first, last = meter.installation_at(start), meter.installation_at(end - 1)
    factors = np.array([i.factor for i in meter.installations])
    absent = np.flatnonzero((first < 0) | (last < 0))
    for i in absent[:LISTED].tolist():
        findings.append(
            NOT_INSTALLED(
                say(
                    "a reading of meter {meter_id} reaches into a time at which the sheet Meters has none installed",
                    meter_id=meter.meter_id,
                ),
                times.origin(rows[i]),
                found=say(
                    "{item} to {item_2}", item=times.table.start[rows[i]].item(), item_2=times.table.end[rows[i]].item()
                ),
                action=say("Correct the times of the reading, or the dates of installation and removal"),
                data={"count": len(absent)},
            )
        )
    changed = np.flatnonzero((first >= 0) & (last >= 0) & (factors[first] != factors[last]))
    for i in changed[:LISTED].tolist():
        findings.append(
            FACTOR_CHANGE(
                say(
                    "the transformer factor of meter {meter_id} changes within a reading's interval, from {factors:g} "
                    "to {factors_2:g}",
                    meter_id=meter.meter_id,
                    factors=factors[first[i]],
                    factors_2=factors[last[i]],
                ),
                times.origin(rows[i]),
                found=say(
                    "{item} to {item_2}", item=times.table.start[rows[i]].item(), item_2=times.table.end[rows[i]].item()
                ),
                action=say("Give one reading up to the change and one from it on"),
            )
        )
    return factors[np.maximum(first, 0)]


def _note_negative(times: TimedReadings, meter: Meter, rows: Ordinals, findings: list[Finding]) -> None:
    values = times.table.value[rows]
    negative = np.flatnonzero(values < 0)
    if len(negative):
        total = math.fsum(values[negative].tolist())
        findings.append(
            NEGATIVE(
                say(
                    "{number_of_negative} reading(s) of meter {meter_id} are negative and are counted as such",
                    number_of_negative=len(negative),
                    meter_id=meter.meter_id,
                ),
                times.origin(rows[negative[0]]),
                found=say("their sum is {total:.6g}", total=total),
                action=say("Nothing, if the meter counts both directions"),
                data={"count": len(negative), "sum": total},
            )
        )


# --- samples ---------------------------------------------------------------------


def _samples(times: TimedReadings, meter: Meter, rows: Ordinals, out: ReadingSegments) -> None:
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
        out.batches.append(
            Batch.of(
                meter.meter_id, SegmentKind.SAMPLE, over_pieces(str(unit)), month[own], (taken[own], taken[own] + 1),
                [times.origin(n) for n in rows[own].tolist()], value=times.table.value[rows[own]],
            )
        )  # fmt: skip


# --- registers -------------------------------------------------------------------


def _register(times: TimedReadings, meter: Meter, rows: Ordinals, out: ReadingSegments) -> None:
    units = list(dict.fromkeys(times.table.unit[rows].tolist()))
    stated = [u for u in dict.fromkeys(i.unit for i in meter.installations) if u]
    try:
        known = set(map(parse_unit, (*units, *stated)))
    except UnitError:
        return  # the workbook's reader has said so
    if len(known) > 1:
        each = [parse_unit(unit) for unit in times.table.unit[rows].tolist()]
        usual = parse_unit(stated[0]) if stated else max(known, key=each.count)
        out.findings.append(
            UNITS_DIFFER(
                say("the register of meter {meter_id} is read in several units", meter_id=meter.meter_id),
                times.origin(rows[next((n for n, unit in enumerate(each) if unit != usual), 0)], "unit"),
                found=", ".join(dict.fromkeys([*units, *stated])),
                action=say("Write all readings in the unit that the register shows, as on the sheet Meters"),
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
    out.runs[key] = Runs.of(stood.start, stood.end)
    out.places[key] = advances.origin(int(advances.closing_ref[stood.row[0]]))
    out.profiles += register_profile(advances, stood.rows, unit, "register", timeline.edges)
    pieces = divide(stood.start, stood.end, timeline.edges)
    row = stood.row[pieces.row]
    factors = np.array([i.factor for i in meter.installations])
    out.batches.append(
        Batch.of(
            meter.meter_id, SegmentKind.REGISTER, unit, pieces.segment, (advances.start[row], advances.end[row]),
            [advances.origin(r) for r in advances.closing_ref[row].tolist()],
            opening_origins=[advances.origin(r) for r in advances.opening_ref[row].tolist()],
            opening=advances.opening[row], closing=advances.closing[row], wrap=advances.wrap[row],
            share=pieces.share * stood.share[pieces.row], factor=factors[advances.installation[row]],
        )
    )  # fmt: skip
