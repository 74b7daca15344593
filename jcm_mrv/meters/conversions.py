"""What makes the unit of a meter's readings that of the methodology: density, calorific value, value of a pulse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, combinations, pairwise
from math import prod

import numpy as np

from jcm_mrv.arrays import Instants, Numbers
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import Unit, conversion, parse_unit
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows_data import ConversionRow

VALUE = Code("conversions.value", Severity.ERROR, "A conversion cannot have this value.")
OVERLAP = Code("conversions.overlap", Severity.ERROR, "A property of a meter has two values at one time.")
NO_DOCUMENT = Code("conversions.no_document", Severity.MAJOR, "A conversion names no document.")
GROSS = Code("conversions.gross", Severity.MAJOR, "A gross calorific value is used without the ratio to the net one.")
CONDITIONS = Code("conversions.conditions", Severity.MINOR, "The conditions of a conversion are not stated.")


RANGE = Code("conversions.range", Severity.MAJOR, "A conversion lies outside what fuels and their properties are.")

_ALWAYS = (-(2**62), 2**62)
_SHARES = ("share of a blend", say("net of gross calorific value"))
_WITH_CONDITIONS = ("normal conditions", "density", "net calorific value", "gross calorific value")


# What properties of fuels are, widely: gases and what is liquid or solid apart. Hydrogen (0.084 kg/m3, 120 GJ/t
# net), butane gas (2.6 kg/m3), liquid petroleum gases (0.5 t/m3), coal (up to 1.6 t/m3), blast furnace gas (3 MJ/Nm3),
# wet biomass (5 GJ/t): IPCC 2006 Vol. 2 Table 1.2 and tables of substances; the margins are this project's choice.
_HEATING = ((2.0, 150.0, "GJ/t"), (0.001, 0.2, "GJ/Nm3"), (0.001, 0.2, "GJ/m3"), (5.0, 60.0, "GJ/m3"))
_RANGES: Mapping[str, Sequence[tuple[float, float, str]]] = {
    "density": ((5e-5, 5e-3, "t/m3"), (0.1, 2.0, "t/m3"), (5e-5, 5e-3, "t/Nm3")),
    "net calorific value": _HEATING,
    "gross calorific value": _HEATING,
    "net of gross calorific value": ((0.8, 1.0, "1"),),
}


@dataclass(frozen=True)
class Conversion:
    """One row of the sheet Conversions, valid from ``start`` to ``end`` (instants)."""

    property: str
    value: float
    unit: Unit
    start: int
    end: int
    record: ConversionRow


@dataclass(frozen=True)
class Conversions:
    """The conversions by meter; a meter without any is converted by its unit alone."""

    rows: Mapping[str, Sequence[Conversion]] = field(default_factory=dict)

    def __contains__(self, meter_id: str) -> bool:
        return meter_id in self.rows

    def factors(self, meter_id: str, at: Instants) -> Numbers:
        """The product of a meter's conversions at some instants."""
        found = np.ones(len(at), dtype=np.float64)
        for row in self.rows.get(meter_id, ()):
            found[(at >= row.start) & (at < row.end)] *= row.value
        return found

    def largest(self, meter_id: str) -> float:
        """The largest product at any time."""
        starts = [row.start for row in self.rows.get(meter_id, ())]
        return float(self.factors(meter_id, np.array(starts, dtype=np.int64)).max()) if starts else 1.0

    def scale(self, meter_id: str, have: str, want: str) -> float:
        """What one ``have`` of a meter is in ``want``, where each conversion has the value 1.

        Raises UnitError where the units do not make the kind of quantity that is wanted.
        """
        unit = parse_unit(have)
        for row in {one.property: one for one in self.rows.get(meter_id, ())}.values():
            unit = unit * row.unit
        target = parse_unit(want)
        if unit.dimensions != target.dimensions:
            by = " with its conversions" if meter_id in self.rows else ""
            raise UnitError(
                say("{have}{by} cannot become {want}: not the same kind of quantity", have=have, by=by, want=want),
                found=have,
                expected=want,
            )
        return float(f"{unit.scale / target.scale:.15g}")

    def undone(self, meter_id: str, amount: str, metered: str, start: int, end: int) -> float | None:
        """What one ``amount`` (t of an invoice) is in ``metered`` units (m3 of the meter) from one instant to another.

        By as few of the meter's conversions as lead from one to the other; None where one of them changes in that time,
        or does not hold for all of it. Raises UnitError where none lead there.
        """
        wanted, own = parse_unit(amount), parse_unit(metered)
        by_property: dict[str, list[Conversion]] = {}
        for row in self.rows.get(meter_id, ()):
            by_property.setdefault(row.property, []).append(row)
        for some in _subsets(list(by_property)):
            unit = reduce(Unit.__mul__, (by_property[name][0].unit for name in some), own)
            if unit.dimensions == wanted.dimensions:
                held = [[r for r in by_property[name] if r.start <= start and end <= r.end] for name in some]
                factor = prod(rows[0].value for rows in held if rows)
                return wanted.scale / (unit.scale * factor) if all(held) else None
        raise UnitError(
            say("{amount} cannot become {metered}", amount=amount, metered=metered), found=amount, expected=metered
        )

    def cuts(self) -> dict[str, list[int]]:
        """The instants, by meter, at which a conversion changes."""
        edges = {m: {e for row in rows for e in (row.start, row.end)} - {*_ALWAYS} for m, rows in self.rows.items()}
        return {meter: sorted(found) for meter, found in edges.items()}


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, count) for count in range(len(names) + 1))


def read_conversions(data: MonitoringData, timeline: Timeline) -> tuple[Conversions, list[Finding]]:
    """The conversions of a workbook, and what is wrong or questionable about them."""
    rows: dict[str, list[Conversion]] = {}
    findings: list[Finding] = []
    for record in data.conversions:
        one = _conversion(record, timeline)
        if one is not None:
            findings += _questionable(one)
            rows.setdefault(record.meter_id, []).append(one)
    for meter, found in rows.items():
        findings += _together(meter, found)
    return Conversions(rows), findings


def _conversion(record: ConversionRow, timeline: Timeline) -> Conversion | None:
    """A row; None where a finding of the reader names the fault."""
    value = record.value
    if value is None or not record.property:
        return None
    try:
        parsed = parse_unit(record.unit)
    except UnitError:
        return None
    ends = [
        default if moment is None else timeline.instant(moment)
        for moment, default in zip((record.start, record.end), _ALWAYS, strict=True)
    ]
    return Conversion(record.property, value, parsed, ends[0], ends[1], record)


def _questionable(one: Conversion) -> Iterator[Finding]:
    record = one.record
    found = say("{one_value:.15g} {record_unit}", one_value=one.value, record_unit=record.unit)
    whole = one.property in _SHARES and one.value > 1
    if one.value <= 0 or whole:
        yield VALUE(
            say(
                "the {property} of meter {meter_id} must be a positive number",
                property=one.property,
                meter_id=record.meter_id,
            )
            + (say(", at most 1") if whole else ""),
            record.origin("value"),
            found=found,
            action=say("Correct the value. A percentage is written as a fraction: 95 % is 0.95.")
            if whole
            else say("Correct it."),
        )
    if not record.document:
        yield NO_DOCUMENT(
            say(
                "the {property} of meter {meter_id} names no document", property=one.property, meter_id=record.meter_id
            ),
            record.origin("document"),
            found=found,
            action=say("Enter the certificate, supplier's statement or standard that it comes from."),
        )
    ranges = _ranges_of(one)
    if ranges and not any(low <= value <= high for value, low, high, _ in ranges):
        yield RANGE(
            say(
                "the {property} of meter {meter_id} is that of no fuel", property=one.property, meter_id=record.meter_id
            ),
            record.origin("value"),
            found=found,
            action=say("Check value and unit; it lies ")
            + joined(say(" or "), (say("from {a:g} to {b:g} {u}", a=a, b=b, u=u) for _, a, b, u in ranges)),
            data={"value": one.value},
        )
    if one.property in _WITH_CONDITIONS and not record.conditions:
        yield CONDITIONS(
            say(
                "it is not said for which temperature, pressure or moisture the {property} of meter {meter_id} holds",
                property=one.property,
                meter_id=record.meter_id,
            ),
            record.origin("conditions"),
            found=say("empty"),
            action=say("Enter the conditions; normal cubic metres are not those of the meter."),
        )


def _ranges_of(one: Conversion) -> list[tuple[float, float, float, str]]:
    """The ranges of a property whose unit is of the same kind: the value in that unit, from, to, unit."""
    found = []
    for low, high, unit in _RANGES.get(one.property, ()):
        try:
            found.append((one.value * conversion(one.record.unit, unit), low, high, unit))
        except UnitError:
            continue  # a property by another kind of amount
    return found


def _together(meter: str, rows: Sequence[Conversion]) -> Iterator[Finding]:
    """What only shows among all conversions of a meter."""
    by_property: dict[str, list[Conversion]] = {}
    for row in rows:
        by_property.setdefault(row.property, []).append(row)
    for name, found in by_property.items():
        for earlier, later in pairwise(sorted(found, key=lambda r: (r.start, r.end))):
            if later.start < earlier.end:
                yield OVERLAP(
                    say("the {name} of meter {meter} has two values at one time", name=name, meter=meter),
                    later.record.origin("value"),
                    found=say(
                        "{later_value:.15g} here, {earlier_value:.15g} in row {row}",
                        later_value=later.value,
                        earlier_value=earlier.value,
                        row=earlier.record.row,
                    ),
                    action=say("Say from when to when each holds."),
                )
    if "gross calorific value" in by_property and "net of gross calorific value" not in by_property:
        row = by_property["gross calorific value"][0]
        yield GROSS(
            say(
                "meter {meter} is converted by a gross calorific value; emission factors per energy are by the net "
                "one, which is about 10 % lower for gas and 5 % for oil and coal",
                meter=meter,
            ),
            row.record.origin("property"),
            found=say("{row_value:.15g} {record_unit}", row_value=row.value, record_unit=row.record.unit),
            action=say("Enter the net calorific value, or the ratio of net to gross as a row of its own."),
        )
