"""Checks that need several sheets: names that point nowhere, names given twice, units, the period.

What needs the readings themselves (overlaps, data gaps, rollover) is checked where
they are put together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.limits import MOST_YEARS
from jcm_mrv.meant import did_you_mean
from jcm_mrv.origin import Origin
from jcm_mrv.time.zones import TimeZoneError, parse_zone
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.row import AnyRow, Record
from jcm_mrv.workbook.rows import EquipmentKey, EquipmentRow, ProjectForm
from jcm_mrv.workbook.schema import GRID, fold

METER_UNKNOWN = Code("input.meter_unknown", Severity.ERROR, "A meter is not on the sheet Meters")
EQUIPMENT_UNKNOWN = Code(
    "input.equipment_unknown", Severity.ERROR, "An equipment or group is not on the sheet Equipment"
)
EVIDENCE_UNKNOWN = Code("input.evidence_unknown", Severity.MAJOR, "A document is not on the sheet Evidence")
PERIOD_LONG = Code("input.period_long", Severity.ERROR, "The monitoring period is longer than any is")
PERIOD_REVERSED = Code("input.period_reversed", Severity.ERROR, "The monitoring period ends before it begins")
TIME_ZONE_UNKNOWN = Code("input.time_zone_unknown", Severity.ERROR, "The time zone is not known")
METHODOLOGY_UNKNOWN = Code("input.methodology_unlisted", Severity.ERROR, "A methodology is not named on Project")
DUPLICATE_ID = Code("input.duplicate_id", Severity.ERROR, "The same name is given twice")
_A_DAY = say("For what was delivered or billed on one day write that day under From and the day after it under To.")
INTERVAL_REVERSED = Code("input.interval_reversed", Severity.ERROR, "An interval ends before it begins")

GIVE_ONE_NAME = say(
    "Give all of them the same name in the column Group of Equipment, and write that name here; or write a row for "
    "each."
)
"""What to do where a list of equipment stands in place of one name."""

_GUESSED = 100
_TIME = re.compile(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?")
_NAMES_OF_EQUIPMENT: tuple[EquipmentKey, ...] = (
    "equipment_id",
    "group",
    "site",
    "electricity_source",
    "fuel",
    "reference_fuel",
)
_UNIQUE: dict[str, tuple[str, ...]] = {
    "meters": ("meter_id", "serial_number", "installed"),
    "fixed": ("methodology", "parameter", "applies_to"),
    "logs": ("log_id",),
    "invoices": ("supplier", "invoice_no", "meter_id", "start", "end", "register"),
    "estimates": ("year",),
    "evidence": ("document_id",),
    "settings": ("setting",),
}


def check_references(data: MonitoringData) -> Iterator[Finding]:
    """Every name, unit and period of the workbook that does not fit the rest of it."""
    from jcm_mrv.workbook.references_units import check_units

    yield from _project(data.project)
    yield from _meters(data)
    yield from _equipment(data)
    yield from _evidence(data)
    yield from _methodologies(data)
    yield from _equipment_twice(data.equipment)
    yield from _duplicates(data)
    yield from _intervals(data)
    yield from check_units(data)


def names(text: str) -> list[str]:
    """The parts of a list that is separated by semicolons."""
    return [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]


def _project(project: ProjectForm) -> Iterator[Finding]:
    start, end = project.period_start, project.period_end
    if start and end and end < start:
        message = say("the last day of the monitoring period lies before the first day, {start}", start=start.date())
        action = say("Correct one of the two dates.")
        yield PERIOD_REVERSED(message, project.origin("period_end"), found=str(end.date()), action=action)
    elif start and end and end.year - start.year >= MOST_YEARS:
        message = say(
            "the monitoring period is longer than {most_years} years, the limit up to which it is calculated",
            most_years=MOST_YEARS,
        )
        yield PERIOD_LONG(
            message, project.origin("period_end"), found=str(end.date()), action=say("Correct the dates.")
        )
    zone = project.time_zone
    if zone:
        try:
            parse_zone(zone)
        except TimeZoneError:
            message = say("this time zone is not known")
            action = say("Write the IANA name, e.g. Asia/Ho_Chi_Minh, Asia/Jakarta, Africa/Nairobi.")
            yield TIME_ZONE_UNKNOWN(message, project.origin("time_zone"), found=zone, action=action)


def names_several(name: str, known: Collection[str]) -> bool:
    """True for a list of known names where one belongs: ``P-1; P-2``."""
    parts = [part.strip() for part in re.split("[;,；、+&]", name)]
    return len(parts) > 1 and all(part in known for part in parts)


@dataclass
class _Known:
    """The names that a sheet has. What an unknown one may mean is looked for as often as findings are listed."""

    sheet: str
    names: set[str]
    guessed: int = 0

    def several(self, name: str) -> bool:
        """True for a list of known names where one belongs: ``P-1; P-2``."""
        return self.sheet == "Equipment" and names_several(name, self.names)

    def unknown(self, code: Code, name: str, where: Origin, what: str) -> Finding:
        """The finding about a name that is none of them."""
        self.guessed += 1
        guess = did_you_mean(name, self.names - {""}) if self.guessed <= _GUESSED else ""
        action = say("Add it to the sheet {sheet}, or correct the name.", sheet=self.sheet)
        if self.sheet == "Meters":
            action = say(
                "Add it to the sheet Meters, or correct the name. If the row holds a total, a note or a second "
                "heading, delete it."
            )
        if self.several(name):
            action = GIVE_ONE_NAME
        elif guess:
            action = say(
                "{guess} Write it in the same way, or add the other to the sheet {sheet}.",
                guess=guess,
                sheet=self.sheet,
            )
        return code(
            say("{what} is not on the sheet {sheet}", what=what, sheet=self.sheet), where, found=name, action=action
        )


def _meters(data: MonitoringData) -> Iterator[Finding]:
    known = _Known("Meters", {record.meter_id for record in data.meters})
    naming: tuple[Sequence[Record[Literal["meter_id"]]], ...] = (
        data.calibrations, data.points, data.logs, data.invoices, data.stocks, data.conversions, data.overrides,
    )  # fmt: skip
    cells = [row["meter_id"] for rows in naming for row in rows] + [row["checks"] for row in data.meters]
    cells += [row["below"] for row in data.meters if fold(row.below) != GRID]
    for cell in cells:
        if cell.text and cell.text not in known.names:
            yield known.unknown(METER_UNKNOWN, cell.text, cell.origin, "the meter")
    readings = data.readings
    for name in sorted(set(readings.meter_id.tolist()) - known.names - {""}):
        rows = np.flatnonzero(readings.meter_id == name)
        where = readings.origin(int(rows[0]), "meter_id")
        what = (
            say("the meter")
            if len(rows) == 1
            else say("the meter of {number_of_rows} readings", number_of_rows=len(rows))
        )
        yield known.unknown(METER_UNKNOWN, name, where, what)


def _equipment(data: MonitoringData) -> Iterator[Finding]:
    named = {record[key].text for record in data.equipment for key in _NAMES_OF_EQUIPMENT}
    named |= {name for record in data.equipment for name in names(record.products)}
    known = _Known("Equipment", named)
    naming: tuple[Sequence[Record[Literal["applies_to"]]], ...] = (data.points, data.fixed)
    for cell in (row["applies_to"] for rows in naming for row in rows):
        if cell.text and not (cell.text in named or (cell.origin.sheet == "Fixed values" and _timed(cell.text, named))):
            yield known.unknown(EQUIPMENT_UNKNOWN, cell.text, cell.origin, say("the equipment or group"))


def is_time(name: str) -> bool:
    """Whether a name is that of a calendar year or month: ``2025``, ``2025-01``."""
    return bool(_TIME.fullmatch(name))


def _timed(text: str, known: set[str]) -> bool:
    """A year or month, or what is known in one: ``Grid / 2025``; or two names of a table by both."""
    return all(is_time(part) or part in known for part in text.split(" / "))


def _evidence(data: MonitoringData) -> Iterator[Finding]:
    known = _Known("Evidence", {record.document_id for record in data.evidence})
    for records in data.tables.values():
        for record in records:
            cell = record.cells.get("evidence")
            for name in names(cell.text) if cell else ():
                if cell and name not in known.names:
                    yield known.unknown(EVIDENCE_UNKNOWN, name, cell.origin, "the document")
    yield from _evidence_of_readings(data, known)


def _evidence_of_readings(data: MonitoringData, known: _Known) -> Iterator[Finding]:
    for text in sorted(set(data.readings.evidence)):
        for name in names(text):
            if name not in known.names:
                where = data.readings.origin(data.readings.evidence.index(text), "evidence")
                yield known.unknown(EVIDENCE_UNKNOWN, name, where, "the document")


def _methodologies(data: MonitoringData) -> Iterator[Finding]:
    listed = names(data.project.methodologies)
    for records in data.tables.values():
        for record in records:
            cell = record.cells.get("methodology")
            name = cell.text if cell else ""
            if cell and name and listed and fold(name) not in map(fold, listed):
                message = say("the methodology is not one of those named on the sheet Project")
                action = say("Write one of: {listed}, or add it on the sheet Project.", listed="; ".join(listed))
                yield METHODOLOGY_UNKNOWN(message, cell.origin, found=name, action=action)


def _equipment_twice(rows: Iterable[EquipmentRow]) -> Iterator[Finding]:
    """One name under two methodologies stays apart; a row without a methodology is for all of them."""
    seen: dict[str, dict[str, EquipmentRow]] = {}
    for row in rows:
        name, methodology = fold(row.equipment_id), fold(row.methodology)
        if not name:
            continue
        before = seen.setdefault(name, {})
        first = next((b for m, b in before.items() if m == methodology or not m or not methodology), None)
        before.setdefault(methodology, row)
        if first is not None:
            yield _duplicate(row, first, ("equipment_id",))


def _duplicates(data: MonitoringData) -> Iterator[Finding]:
    for key, columns in _UNIQUE.items():
        seen: dict[tuple[str, ...], AnyRow] = {}
        for record in data.tables[key]:
            identity = tuple(fold(record.cells[column].text) for column in columns)
            first = seen.setdefault(identity, record)
            if first is not record and any(identity):
                yield _duplicate(record, first, columns)


def _duplicate(record: AnyRow, first: AnyRow, columns: tuple[str, ...]) -> Finding:
    # The key column is the one that names the row; for the rest any column will do.
    key = columns[1] if columns[0] in ("methodology", "supplier") else columns[0]
    found = ", ".join(text for column in columns if (text := record.cells[column].text))
    message = say(
        "the same stands in row {row} already (capital letters and width do not make a difference)", row=first.row
    )
    action = say("Delete one of the two rows, or give them different names.")
    return DUPLICATE_ID(message, record.cells[key].origin, found=found, action=action)


def _moment(when: datetime) -> str:
    """A time as a person writes it, to the second only where there are any."""
    return say("{when}", when=when.isoformat(" ", "seconds" if when.second else "minutes"))


def _intervals(data: MonitoringData) -> Iterator[Finding]:
    action = say("Correct one of the two times.")
    pairs: tuple[tuple[str, str, str, Callable[[object, object], bool]], ...] = (
        ("invoices", "start", "end", lambda a, b: a >= b),  # type: ignore[operator]
        ("stocks", "start", "end", lambda a, b: a >= b),  # type: ignore[operator]
        ("conversions", "start", "end", lambda a, b: a >= b),  # type: ignore[operator]
        ("overrides", "start", "end", lambda a, b: a >= b),  # type: ignore[operator]
        ("meters", "installed", "removed", lambda a, b: a >= b),  # type: ignore[operator]
        ("equipment", "operation_start", "operation_end", lambda a, b: a > b),  # type: ignore[operator]
        ("calibrations", "date", "valid_until", lambda a, b: a > b),  # type: ignore[operator]
    )
    for table, first, last, wrong in pairs:
        for record in data.tables[table]:
            start, end = record.cells[first].when, record.cells[last].when
            if start and end and wrong(start, end):
                message = say("the end does not lie after the beginning, {start}", start=_moment(start))
                todo = _A_DAY if start == end and table == "invoices" else action
                yield INTERVAL_REVERSED(message, record.cells[last].origin, found=_moment(end), action=todo)
    readings = data.readings
    for n in np.flatnonzero(readings.end <= readings.start):
        message = say("the end does not lie after the beginning, {start}", start=_moment(readings.start[n].item()))
        where = readings.origin(int(n), "end")
        yield INTERVAL_REVERSED(message, where, found=_moment(readings.end[n].item()), action=action)
