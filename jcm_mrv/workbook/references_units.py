"""Units of the workbook: there, known, and of the kind that the meter measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain, combinations
from typing import Literal

import numpy as np

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meant import did_you_mean
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import Unit, parse_unit
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.row import Record
from jcm_mrv.workbook.rows import EquipmentRow
from jcm_mrv.workbook.rows_data import LogRow
from jcm_mrv.workbook.schema import CHOICE_UNIT, fold
from jcm_mrv.workbook.schema_data import MEANS
from jcm_mrv.workbook.template.offers import UNITS

UNIT_MISSING = Code("input.unit_missing", Severity.ERROR, "A number has no unit")
UNIT_UNKNOWN = Code("input.unit_unknown", Severity.ERROR, "A unit is not known")
UNIT_DIMENSION = Code("input.unit_dimension", Severity.ERROR, "A unit is of another kind than the meter's")

_WRITE_UNIT = say("Write the unit as on the meter or document, e.g. kWh, MWh, GJ, m3, tCO2/MWh; 1 where there is none.")


_NUMBERS = (
    ("equipment", "rated_capacity", "rated_capacity_unit"),
    ("meters", "highest_rate", "highest_rate_unit"),
    ("fixed", "value", "unit"),
)


def check_units(data: MonitoringData) -> Iterator[Finding]:
    """Units that are missing, unknown, or do not fit the meter."""
    yield from _unknown_units(data)
    yield from _missing_units(data)
    units: dict[str, Unit] = {}
    for record in data.meters:
        if known := _parse(record.unit):
            units.setdefault(record.meter_id, known)  # a later row of another kind has its own finding
    measured: tuple[Sequence[Record[Literal["meter_id", "unit"]]], ...]
    measured = (data.logs, data.stocks, data.overrides)
    for row in (row for rows in measured for row in rows):
        kind = row.kind if isinstance(row, LogRow) else ""
        meter = row["meter_id"].text
        yield from _dimension(units.get(meter), row["unit"].text, kind, row.origin("unit"), meter)
    yield from _invoices(data, units)
    yield from _readings(data, units)
    yield from _meter_rows(data)


def _invoices(data: MonitoringData, units: dict[str, Unit]) -> Iterator[Finding]:
    """Invoices beside a meter may be in any unit that its conversions lead to; those that count are in its own."""
    factors: dict[str, dict[str, Unit]] = {}
    for row in data.conversions:
        if known := _parse(row.unit):
            factors.setdefault(row.meter_id, {})[row.property] = known
    stored = {row.meter_id for row in data.stocks}
    counting = {row.meter_id for row in data.points if row.option == "B"} - stored
    for invoice in data.invoices:
        meter, unit = invoice.meter_id, _parse(invoice.unit)
        found = list(_dimension(units.get(meter), invoice.unit, "", invoice.origin("unit"), meter))
        if not found or unit is None:
            continue
        if meter in counting:
            action = say(
                "; where invoices count (option B) enter their unit there, without the conversion that leads to it."
            )
        elif unit.dimensions in _reached(units[meter], [*factors.get(meter, {}).values()]):
            continue
        else:
            action = say(", or enter what leads from one to the other (a density) on Conversions.")
        yield from (
            replace(one, action=say("Correct the unit here or on the sheet Meters{action}", action=action))
            for one in found
        )


def _reached(unit: Unit, factors: Sequence[Unit]) -> list[object]:
    """The kinds of quantity that a unit becomes with any of some conversions."""
    some = chain.from_iterable(combinations(factors, count) for count in range(len(factors) + 1))
    return [reduce(Unit.__mul__, one, unit).dimensions for one in some]


def _parse(text: str) -> Unit | None:
    try:
        return parse_unit(text) if text.strip() else None
    except UnitError:
        return None


def _check(text: str, where: Origin) -> Iterator[Finding]:
    if text and fold(text) != CHOICE_UNIT and _parse(text) is None:
        near = did_you_mean(text.replace(".", ""), UNITS)
        action = joined(" ", [near, _WRITE_UNIT]) if near else _WRITE_UNIT
        yield UNIT_UNKNOWN(say("this unit is not known"), where, found=text, action=action)


def _unknown_units(data: MonitoringData) -> Iterator[Finding]:
    for records in data.tables.values():
        for record in records:
            for key in ("unit", "rated_capacity_unit", "highest_rate_unit"):
                if cell := record.cells.get(key):
                    yield from _check(cell.text, cell.origin)
    yield from _parameter_units(data.equipment)


def _parameter_units(equipment: Sequence[EquipmentRow]) -> Iterator[Finding]:
    """The units in the headings of Equipment, once per column."""
    for symbol, cell in equipment[0].parameters.items() if equipment else ():
        letters = cell.origin.cell.rstrip("0123456789")
        where = Origin(file=cell.origin.file, sheet=cell.origin.sheet, cell=f"{letters}1")
        if not cell.unit:
            message = say("the heading of {symbol} has no unit in its brackets", symbol=symbol)
            yield UNIT_MISSING(
                message, where, found=f"{symbol} []", action=say("Write it so: {symbol} [kW].", symbol=symbol)
            )
        else:
            yield from _check(cell.unit, where)


def _missing_units(data: MonitoringData) -> Iterator[Finding]:
    for table, number, unit in _NUMBERS:
        for record in data.tables[table]:
            if record.cells[number].number is not None and not record.cells[unit].text:
                message = say("the number beside it has no unit")
                yield UNIT_MISSING(message, record.cells[unit].origin, found=say("an empty cell"), action=_WRITE_UNIT)


def _dimension(
    meter_unit: Unit | None, text: str, kind: str, where: Origin, meter: str, count: int = 1
) -> Iterator[Finding]:
    """A mean may be of what the meter shows, or of the amount by which it counts (kW of a meter in kWh)."""
    unit = _parse(text)
    if meter_unit is None or unit is None:
        return
    possible = [unit * parse_unit("h")] if kind in MEANS else []
    possible += [unit] if kind != "power" else []
    if meter_unit.dimensions in [one.dimensions for one in possible]:
        return
    what = say("{text} (as power over time)", text=text) if kind == "power" else text
    rows = say(" ({count} readings)", count=count) if count > 1 else ""
    message = say(
        "{what} is not the kind of quantity that the meter {meter} measures, by its unit on the sheet Meters{rows}",
        what=what,
        meter=meter,
        rows=rows,
    )
    yield UNIT_DIMENSION(message, where, found=text, action=say("Correct the unit here or on the sheet Meters."))


def _readings(data: MonitoringData, units: dict[str, Unit]) -> Iterator[Finding]:
    """Each pair of meter and unit once, at its first reading."""
    readings = data.readings
    found = dict.fromkeys(zip(*(c.tolist() for c in (readings.meter_id, readings.unit, readings.kind)), strict=True))
    for meter, text, kind in found:
        rows = np.flatnonzero((readings.meter_id == meter) & (readings.unit == text) & (readings.kind == kind))
        where = readings.origin(int(rows[0]), "unit")
        yield from _check(text, where)
        yield from _dimension(units.get(meter), text, kind, where, meter, len(rows))


def _meter_rows(data: MonitoringData) -> Iterator[Finding]:
    """Rows of one meter ID may differ in scale (kWh, MWh) but not in kind."""
    first: dict[str, Unit] = {}
    for record in data.meters:
        meter, unit = record.meter_id, _parse(record.unit)
        if unit is not None:
            known = first.setdefault(meter, unit)
            yield from _dimension(known, record.unit, "", record.origin("unit"), meter)
