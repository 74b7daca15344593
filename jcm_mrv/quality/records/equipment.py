"""Equipment as it was built: serial numbers, days of operation, and what else feeds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.serials import same_make, serial_number
from jcm_mrv.words import as_words, say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import EquipmentRow, ProjectForm

SERIAL_MISSING = Code("equipment.serial_missing", Severity.MINOR, "A piece of equipment has no serial number.")
SERIAL_TWICE = Code("equipment.serial_twice", Severity.MAJOR, "Two pieces of equipment have the same serial number.")
OPERATION_MISSING = Code(
    "equipment.operation_missing", Severity.MINOR, "It is not said when a piece of equipment began to operate."
)
OPERATION_OUTSIDE = Code(
    "equipment.operation_outside", Severity.MINOR, "A piece of equipment operates only outside the monitoring period."
)
OWN_RENEWABLES = Code(
    "equipment.own_renewables", Severity.MAJOR, "A renewable plant of the site's own also feeds the equipment."
)


def equipment_findings(data: MonitoringData) -> Iterator[Finding]:
    """What the sheet Equipment lacks or contradicts."""
    rows = [row for row in data.equipment if row.equipment_id.strip()]
    yield from _serials_twice(rows)
    for row in rows:
        yield from _serial_missing(row)
        yield from _operation(row, data.project)
        yield from _own_renewables(row)


def _serial_missing(row: EquipmentRow) -> Iterator[Finding]:
    text = row.serial_number.strip()
    if not serial_number(text):
        yield SERIAL_MISSING(
            say("{equipment_id} has no serial number", equipment_id=row.equipment_id),
            row.origin("serial_number"),
            found=text or say("empty"),
            action=say("Enter the serial numbers from the name plates of the units that were really installed."),
        )


def _serials_twice(rows: Sequence[EquipmentRow]) -> Iterator[Finding]:
    """One unit may stand in two rows: under two methodologies, or from one day to another."""
    seen: dict[str, list[EquipmentRow]] = {}
    for row in rows:
        serial = serial_number(row.serial_number)
        before = seen.setdefault(serial, []) if serial else []
        first = next((b for b in before if same_make(b, row) and _together(b, row)), None)
        before.append(row)
        if first is not None and first.equipment_id != row.equipment_id:
            yield SERIAL_TWICE(
                say(
                    "{equipment_id} has the serial number of {equipment_id_2} ({origin}): one unit may be counted as "
                    "two",
                    equipment_id=row.equipment_id,
                    equipment_id_2=first.equipment_id,
                    origin=first.origin("serial_number"),
                ),
                row.origin("serial_number"),
                found=row.serial_number,
                action=say(
                    "Read the name plates again. If it is one unit, keep one row; a unit that was moved has an end of "
                    "operation in its old row."
                ),
            )


def _together(one: EquipmentRow, other: EquipmentRow) -> bool:
    """True unless the operation of one ends before that of the other begins."""
    return not (_ends_before(one, other) or _ends_before(other, one))


def _ends_before(one: EquipmentRow, other: EquipmentRow) -> bool:
    """A unit that is moved may end at one place and begin at the other on the same day."""
    end, start = one.operation_end, other.operation_start
    return end is not None and start is not None and end <= start


def _operation(row: EquipmentRow, project: ProjectForm) -> Iterator[Finding]:
    name = row.equipment_id
    own, end = row.operation_start, row.operation_end
    start = own or project.operation_start
    first, last = project.period_start, project.period_end
    if start is None:
        yield OPERATION_MISSING(
            say("{name} has no first day of operation, and neither has the project", name=name),
            row.origin("operation_start"),
            found=say("empty"),
            action=say(
                "Enter when each unit began to operate (In operation from), or the project's Start of operation."
            ),
        )
    outside = _outside(start, end, first, last)
    if outside:
        yield OPERATION_OUTSIDE(
            say(
                "{name} operates only {outside} the monitoring period, so nothing is claimed for it",
                name=name,
                outside=as_words(outside),
            ),
            row.origin("operation_start" if outside == "after" else "operation_end"),
            found=" to ".join("…" if day is None else str(day.date()) for day in (start, end)),
            action=say("Correct the days of operation, or remove the row."),
        )


def _outside(start: datetime | None, end: datetime | None, first: datetime | None, last: datetime | None) -> str:
    if start and last and start > last:
        return "after"
    return "before" if end and first and end < first else ""


def _own_renewables(row: EquipmentRow) -> Iterator[Finding]:
    if row.own_renewables == "yes":
        yield OWN_RENEWABLES(
            say(
                "a renewable plant of the site's own also feeds {equipment_id}: for its part the emission factor of "
                "the grid is too high",
                equipment_id=row.equipment_id,
            ),
            row.origin("own_renewables"),
            found="yes",
            action=say(
                "Show the verifier which part the own plant supplies. Use the emission factor that the methodology "
                "gives for it, or meter the part from the grid alone."
            ),
        )
