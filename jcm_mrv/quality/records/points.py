"""Monitoring points: how each is measured, why a share is right, and what else its meters count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.groups import most_less, reductions_without
from jcm_mrv.claim.measuring import Point
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.segments import whole_amounts
from jcm_mrv.meters.serials import same_make, serial_number
from jcm_mrv.methodology.declare import month
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.row import Record
from jcm_mrv.workbook.rows import MeterRow, PointKey, PointRow

UNDESCRIBED = Code("points.undescribed", Severity.MINOR, "It is not said how a monitoring point is measured.")
SHARE_BASIS = Code("points.share_basis", Severity.MAJOR, "A share of a meter's reading is not explained.")
OTHER_LOADS = Code("points.other_loads", Severity.MAJOR, "A meter also counts what does not belong to the project.")
SAME_METER = Code("points.same_meter_two_lines", Severity.ERROR, "One physical meter is used under two names.")

UNUSED_METER = Code("points.meter_unused", Severity.MINOR, "A meter is in no monitoring point and checks no other.")

REJECTS = Code("points.rejects", Severity.MAJOR, "Rejected product is counted as output, or nothing is said of it.")

_OUTPUT = "output"
_DESCRIPTION: dict[PointKey, str] = {"option": "Option", "frequency": "Frequency", "responsible": "Responsible"}
_EQUAL = 1e-9
_PARTS = (0.75, 0.5, 0.25, 0.0)  # what may be left of a meter that counts loads of others too


def point_findings(claim: Claim | None, data: MonitoringData) -> Iterator[Finding]:
    """What the sheet Monitoring points leaves open."""
    groups: dict[tuple[str, ...], list[PointRow]] = {}
    for row in data.points:
        key = (row.methodology.strip(), row.parameter.strip(), row.applies_to.strip())
        groups.setdefault(key, []).append(row)
    for rows in groups.values():
        yield from _undescribed(rows)
        for row in rows:
            yield from _share_basis(row)
            yield from _other_loads(row, rows, claim)
    if claim is not None:
        yield from _rejects(claim, data)
    yield from _same_meter(claim, data)
    yield from _unused_meters(data)


def _name(row: PointRow) -> str:
    number = row.point_no.strip()
    what = ", ".join(part for part in (row.parameter.strip(), row.applies_to.strip()) if part)
    return (
        say("monitoring point {number} ({what})", number=number, what=what)
        if number
        else say("the monitoring point of {what}", what=what)
    )


def _undescribed(rows: Sequence[PointRow]) -> Iterator[Finding]:
    """One finding per point: its first row is the one that the report prints."""
    blank = [heading for key, heading in _DESCRIPTION.items() if not rows[0][key].text.strip()]
    if blank:
        first = next(key for key, heading in _DESCRIPTION.items() if heading == blank[0])
        yield UNDESCRIBED(
            say("{name} leaves open: {blank}", name=_name(rows[0]), blank=", ".join(blank)),
            rows[0].origin(first),
            found=say("empty"),
            action=say("Fill in Option (A, B or C), Frequency and Responsible, as in the PDD."),
        )


def _share_basis(row: PointRow) -> Iterator[Finding]:
    share = row.share
    if share is not None and 0 < share < 1 and not row.share_basis.strip():
        yield SHARE_BASIS(
            say(
                "{name} takes a share of meter {meter_id}, and nothing says why this share is right",
                name=_name(row),
                meter_id=row.meter_id,
            ),
            row.origin("share_basis"),
            found=say("share {share:.15g}", share=share),
            action=say(
                "Say in Basis of the share how it was found (rated capacities, a sub-meter, floor area) and where that "
                "stands."
            ),
        )


def _other_loads(row: PointRow, rows: Sequence[PointRow], claim: Claim | None = None) -> Iterator[Finding]:
    if row.other_loads != "yes":
        return
    subtracted = [r.meter_id for r in rows if r.sign == "-"]
    minus = (
        say(", although {subtracted} is subtracted", subtracted=", ".join(subtracted))
        if subtracted
        else say(" and no row subtracts it")
    )
    # How much of it belongs to others is not known: any part, down to nothing that is the project's.
    effect = None if claim is None or subtracted else most_less(claim, (row.meter_id,), _PARTS)
    left = say("; ER is lower by the effect if that is the worst part of it") if effect else ""
    yield OTHER_LOADS(
        say(
            "meter {meter_id} of {name} also counts what does not belong to the project{minus}",
            meter_id=row.meter_id,
            name=_name(row),
            minus=minus,
        ),
        row.origin("other_loads"),
        found=say("yes{left}", left=left),
        action=say("If what is subtracted covers all of it, write no.")
        if subtracted
        else say("Meter the other load and add a row with Sign -, or show that its part cannot raise the claim."),
        severity=Severity.MINOR if subtracted else None,
        effect_tco2e=effect,
    )


def _rejects(claim: Claim, data: MonitoringData) -> Iterator[Finding]:
    """Production: what was rejected or made anew must not count as output."""
    outputs = {
        (p.bound.namespace, p.declared.symbol) for p in claim.parameters if _OUTPUT in p.declared.label.casefold()
    }
    for point in claim.points:
        if (point.methodology, point.parameter) not in outputs:
            continue
        places = [term.origin for term in point.terms]
        for row in (r for r in data.points if r.origin("meter_id") in places):
            said = row.rejects
            if said in ("left out", "none"):
                continue
            yield REJECTS(
                say("{name}: rejected and reworked product is counted as output", name=_name(row))
                if said
                else say("{name}: it is not said whether rejected and reworked product is left out", name=_name(row)),
                row.origin("rejects"),
                found=said or say("empty"),
                action=say(
                    "Count good output only (a meter of the rejects with Sign -), and say so in the column Rejects."
                ),
                severity=None if said else Severity.MINOR,
            )


def _unused_meters(data: MonitoringData) -> Iterator[Finding]:
    """Meters that nothing names: of those with readings it is said that the readings are not used."""
    named = set(data.readings.meter_id.tolist())
    tables: tuple[Sequence[Record[Literal["meter_id"]]], ...] = (data.points, data.logs, data.invoices, data.stocks)
    named |= {row["meter_id"].text for rows in tables for row in rows}
    reported: set[str] = set()
    for row in data.meters:
        meter = row.meter_id
        if meter and meter not in named | reported and not row.checks.strip():
            reported.add(meter)
            yield UNUSED_METER(
                say("meter {meter} is in no monitoring point, checks no other meter and has no reading", meter=meter),
                row.origin("meter_id"),
                found=row.description or meter,
                action=say(
                    "Add it to the monitoring points (with Sign - if it is subtracted), name the meter that it checks, "
                    "or remove the row."
                ),
            )


# --- one physical meter under two names ---------------------------------------------


def _same_meter(claim: Claim | None, data: MonitoringData) -> Iterator[Finding]:
    used = {row.meter_id for row in data.points}
    by_serial: dict[str, list[MeterRow]] = {}
    for row in data.meters:
        serial = serial_number(row.serial_number)
        if serial and row.meter_id in used:
            by_serial.setdefault(serial, []).append(row)
    for rows in by_serial.values():
        reported: set[str] = set()
        for n, row in enumerate(rows):
            # Of many rows with one number each is reported once, against the first that it may be.
            first = next((r for r in rows[:n] if _one_meter(r, row)), None)
            if first is not None and row.meter_id not in reported:
                reported.add(row.meter_id)
                yield _same(first, row, claim)


def _one_meter(one: MeterRow, other: MeterRow) -> bool:
    """True when two rows under different names may be the same thing at the same time."""
    return one.meter_id != other.meter_id and same_make(one, other) and _together(one, other)


def _together(one: MeterRow, other: MeterRow) -> bool:
    return not (_gone_before(one, other) or _gone_before(other, one))


def _gone_before(one: MeterRow, other: MeterRow) -> bool:
    removed, installed = one.removed, other.installed
    return removed is not None and installed is not None and removed <= installed


def _same(one: MeterRow, other: MeterRow, claim: Claim | None) -> Finding:
    """A meter with several registers (tariffs, both directions) has one number and several names, and they differ."""
    first, second = one.meter_id, other.meter_id
    alike, apart, effect = "", False, None
    if claim is not None:
        alike, apart = _same_amounts(claim, first, second), _in_unlike_points(claim, first, second)
        effect = _effect_of_either(claim, first, second) if apart else None
    reason = say("and the same amounts ({alike})", alike=alike) if alike else say("with other amounts")
    return SAME_METER(
        say("{first} and {second} have the same serial number {reason}", first=first, second=second, reason=reason)
        + (say(": the metered quantity is counted in two lines") if alike else "")
        + (say(", and stand in different monitoring points") if apart and not alike else ""),
        other.origin("serial_number"),
        found=say(
            "{serial_number}, also in {origin}", serial_number=other.serial_number, origin=one.origin("serial_number")
        ),
        action=say("Keep one of the two in the monitoring points, or correct the serial number.")
        if alike
        else say(
            "Correct the serial number by the photograph of the name plate, or use the one meter with Share in each "
            "monitoring point."
        )
        if apart
        else say(
            "If they are registers of one meter (tariffs, directions), say so in Description; otherwise correct the "
            "serial number."
        ),
        severity=None if alike else Severity.MAJOR if apart else Severity.MINOR,
        effect_tco2e=effect,
    )


def _in_unlike_points(claim: Claim, first: str, second: str) -> bool:
    """True where no monitoring point has both: registers of one meter are tariffs or directions of one quantity.

    A heat meter also counts what flows: meters of different kinds of quantity are no such pair.
    """
    points = {meter: {n for n, p in enumerate(claim.points) if _has(p, meter)} for meter in (first, second)}
    if not points[first] or not points[second] or points[first] & points[second]:
        return False
    units = [{claim.points[n].unit for n in points[meter]} for meter in (first, second)]
    return bool(units[0] & units[1])


def _has(point: Point, meter: str) -> bool:
    return any(term.meter_id == meter for term in point.terms)


def _effect_of_either(claim: Claim, first: str, second: str) -> float | None:
    """ER as it is minus the lower ER with only one of two meters; None where it has no value."""
    effect = claim.reductions() - min(reductions_without(claim, m) for m in (first, second))
    return effect if np.isfinite(effect) else None


def _same_amounts(claim: Claim, first: str, second: str) -> str:
    """In how many months two meters were read alike, in words; '' when a month differs or there is none."""
    a, b = _monthly(claim, first), _monthly(claim, second)
    both = np.flatnonzero((a != 0) & (b != 0))
    if not len(both) or not np.allclose(a[both], b[both], rtol=_EQUAL, atol=0.0):
        return ""
    return say("in {number_of_both} month(s)", number_of_both=len(both))


def _monthly(claim: Claim, meter: str) -> Numbers:
    """What a meter was read to have counted, by month, before any factor."""
    months = len(claim.space.elements[month])
    if not claim.chains or meter not in claim.chains[0].parts.meter_ids:
        return np.zeros(months)
    parts = claim.chains[0].parts
    mine = parts.meter == parts.meter_ids.index(meter)
    amount = whole_amounts(parts) * parts.share
    sums: Numbers = np.bincount(parts.month[mine], weights=amount[mine], minlength=months).astype(np.float64)
    return sums
