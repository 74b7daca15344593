"""What fuels are, by a public table: net calorific values, CO2 factors and densities that a project enters.

A card may have no value of its own, or none for the name that the project gives its fuel. Then only the table of fuels
(IPCC 2006 Vol. 2 Ch. 1, 95 % limits; densities with their sources) says what such a fuel can be. Which fuel it is
follows from its name, else from its other values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.conversions import Conversion
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Fixed, fuel
from jcm_mrv.methodology.factors import density_ranges, fuel_factors, fuel_range, fuels_called, fuels_with
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.required import required
from jcm_mrv.quantities.units import conversion
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

UNLIKE = Code("fixed.unlike_fuel", Severity.MAJOR, "A value of a fuel lies outside what public tables say of it.")
DENSITY = Code("conversions.unlike_fuel", Severity.MAJOR, "A conversion lies outside what public tables say of a fuel.")

_COLUMNS = {"GJ/t": "ncv", "tCO2/GJ": "co2", "t/kL": "density"}
# The symbols of fuel consumption: FC_PJ, FC_cap.
_FUEL = "FC"
# What a limit that is printed with three digits leaves open; what 25 K change of the density of an oil.
_PRINTED, _WARM = 0.005, 0.02


@dataclass(frozen=True)
class _Value:
    """One element of a net calorific value (``ncv``), CO2 factor (``co2``) or density that the claim uses."""

    bound: Bound
    node: Fixed
    place: tuple[int, ...]
    column: str
    label: str
    number: float
    origin: Origin


def fuel_value_findings(
    claim: Claim, evaluation: Evaluation, data: MonitoringData, timeline: Timeline
) -> Iterator[Finding]:
    """A finding for each value of a fuel, and each conversion of a metered fuel, that no such fuel has."""
    values = list(_values(claim, evaluation))
    for value in values:
        if value.origin.sheet:  # a value of the card has a source of its own
            yield from _unlike(claim, evaluation, value, _fuels(value, values))
    yield from _conversions(claim, evaluation, values, data, timeline)


def _values(claim: Claim, evaluation: Evaluation) -> Iterator[_Value]:
    needed = required(claim.roots(), evaluation)
    for bound in claim.bounds:
        for node in bound.fixed:
            column = _COLUMNS.get(node.unit)
            if column is None or node not in needed:
                continue
            for place in map(tuple, np.argwhere(needed[node]).tolist()):
                labels = claim.space.labels(node.sets, place)
                label = labels[0] if labels and bound.document_set(node.sets[0]) == fuel else ""
                origin = claim.origins.get(node, {}).get(place, Origin())
                yield _Value(bound, node, place, column, label, float(claim.values[node][place]), origin)


def _fuels(value: _Value, values: Sequence[_Value]) -> tuple[str, ...]:
    """The fuels of the table that a value may be of: by name, by both values, by the other one alone; none: any."""
    named = fuels_called(value.label)
    other = _other(value, values)
    if named or other is None:
        return named
    ncv, co2 = (value.number, other.number) if value.column == "ncv" else (other.number, value.number)
    return fuels_with(ncv, co2) or _by_one(other)


def _other(value: _Value, values: Sequence[_Value]) -> _Value | None:
    """The CO2 factor beside a net calorific value, and the other way round: of the same methodology and element."""
    own = value.bound, value.node.sets, value.place
    beside = {"ncv": "co2", "co2": "ncv"}.get(value.column)
    found = [v for v in values if (v.bound, v.node.sets, v.place) == own and v.column == beside]
    return found[0] if len(found) == 1 else None


def _by_one(value: _Value) -> tuple[str, ...]:
    fuels = fuel_factors(value.column, "default")
    return tuple(name for name in fuels if _between(value.number, fuel_range((name,), value.column), _PRINTED))


def _unlike(claim: Claim, evaluation: Evaluation, value: _Value, fuels: Sequence[str]) -> Iterator[Finding]:
    limits = _limits_of(fuels, value.column)
    if limits is None or _between(value.number, limits, _WARM if value.column == "density" else _PRINTED):
        return
    low, high = limits
    effect = claim.effect_of(value.node, value.place, min(max(value.number, low), high))
    whose = say(" of {what}", what=value.label) if value.label else ""
    yield UNLIKE(
        say(
            "{symbol}{whose} = {value_number:.15g} {node_unit} lies outside what {words} can have",
            symbol=value.node.symbol,
            whose=whose,
            value_number=value.number,
            node_unit=value.node.unit,
            words=_words(fuels),
        ),
        value.origin,
        found=say(
            "{value_number:.15g} {node_unit}; {low:g} to {high:g} by public tables",
            value_number=value.number,
            node_unit=value.node.unit,
            low=low,
            high=high,
        ),
        action=say("Check value, unit and fuel. If it is right, show the verifier the laboratory's certificate."),
        data={"value": value.number, "lowest": low, "highest": high},
        effect_tco2e=effect,
        severity=_severity(effect),
    )


def _limits_of(fuels: Sequence[str], column: str) -> tuple[float, float] | None:
    if column != "density":
        return fuel_range(fuels, column)
    liquid = [max(density_ranges(name)) for name in fuels if density_ranges(name)]
    return (min(low for low, _ in liquid), max(high for _, high in liquid)) if liquid else None


def _severity(effect: float) -> Severity:
    """Major where ER rises by it; what cannot be computed counts against the claim."""
    return Severity.MINOR if effect <= 0 else Severity.MAJOR


def _between(number: float, limits: tuple[float, float], loose: float) -> bool:
    return limits[0] * (1 - loose) <= number <= limits[1] * (1 + loose)


def _words(fuels: Sequence[str]) -> str:
    return " or ".join(fuel.replace("_", " ") for fuel in fuels[:3]) if fuels else "any fuel"


# --- conversions of metered fuels -----------------------------------------------------------


def _conversions(
    claim: Claim, evaluation: Evaluation, values: Sequence[_Value], data: MonitoringData, timeline: Timeline
) -> Iterator[Finding]:
    rows = {id(row): row for chain in claim.chains for found in chain.conversions.rows.values() for row in found}
    for row in rows.values():
        fuels = _metered(claim, row.record.meter_id, values, data)
        known = [(value, *one) for one in _limits(fuels) if (value := _in(row, one[2])) is not None]
        if known and not any(_between(value, (low, high), _WARM) for value, low, high, _ in known):
            nearest = min(known, key=lambda one: abs(np.log(one[0] / np.sqrt(one[1] * one[2]))))
            yield _unlike_conversion(claim, evaluation, row, fuels, nearest, timeline)


def _limits(fuels: Sequence[str]) -> Iterator[tuple[float, float, str]]:
    """What a calorific value by mass or volume, or a density, of some fuels lies between."""
    if fuels:
        ncv = fuel_range(fuels, "ncv")
        yield (*ncv, "GJ/t")
        for low, high in (pair for name in fuels for pair in density_ranges(name)):
            yield low, high, "t/m3"
            yield low * ncv[0], high * ncv[1], "GJ/m3"


def _in(row: Conversion, unit: str) -> float | None:
    try:
        return row.value * conversion(row.record.unit, unit)
    except UnitError:
        return None


def _metered(claim: Claim, meter: str, values: Sequence[_Value], data: MonitoringData) -> tuple[str, ...]:
    """The fuels that a meter may count: of the equipment that it serves, else that of all values of the claim."""
    of_unit = {row.equipment_id: row.fuel.strip() for row in data.equipment}
    points = [point for point in claim.points if any(term.meter_id == meter for term in point.terms)]
    served = {of_unit.get(point.applies_to, "") for point in points}
    if not points or not all(point.parameter.startswith(_FUEL) for point in points):
        return ()  # steam, water and products have densities as well
    named = [fuels_called(name) for name in sorted(served)]
    if named and all(named):
        return tuple(dict.fromkeys(fuel for found in named for fuel in found))
    known = [_fuels(value, values) for value in values if value.label in served or not value.label]
    return tuple(dict.fromkeys(fuel for found in known for fuel in found)) if known and all(known) else ()


def _unlike_conversion(
    claim: Claim,
    evaluation: Evaluation,
    row: Conversion,
    fuels: Sequence[str],
    nearest: tuple[float, float, float, str],
    timeline: Timeline,
) -> Finding:
    value, low, high, unit = nearest
    effect = _effect(claim, evaluation, row, min(max(value, low), high) / value, timeline)
    name = "conversion" if row.property == "other" else row.property
    return DENSITY(
        say(
            "the {name} of meter {meter_id}, {row_value:.15g} {record_unit}, lies outside what {words} can have",
            name=name,
            meter_id=row.record.meter_id,
            row_value=row.value,
            record_unit=row.record.unit,
            words=_words(fuels),
        ),
        row.record.origin("value"),
        found=say(
            "{value:.6g} {unit}; {low:g} to {high:g} by public tables", value=value, unit=unit, low=low, high=high
        ),
        action=say("Check value, unit and conditions. If it is right, show the verifier the laboratory's certificate."),
        data={"value": value, "lowest": low, "highest": high},
        effect_tco2e=effect,
        severity=_severity(effect),
    )


def _effect(claim: Claim, evaluation: Evaluation, row: Conversion, times: float, timeline: Timeline) -> float:
    """ER as it is minus ER with all that the meter counted, while the conversion held, times a factor."""
    changes: dict[Named, Numbers] = {}
    for chain in claim.chains:
        own = [meter == row.record.meter_id and _held(row, m, timeline) for meter, m in chain.meter_months]
        more = np.where(own, evaluation[chain.graph.E_used] * (times - 1), 0.0)
        changes[chain.graph.E_corr] = evaluation[chain.graph.E_corr] + more
    return evaluation.scalar(claim.total_ER) - claim.reductions(changes)


def _held(row: Conversion, month: int, timeline: Timeline) -> bool:
    return row.start < timeline.months[month].end and timeline.months[month].start < row.end
