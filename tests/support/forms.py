"""Methodologies in which ER falls with a meter, or first falls and then rises: invented for tests."""

from __future__ import annotations

from dataclasses import replace

from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import (
    constant,
    default,
    equipment,
    in_operation,
    monitored,
    month,
    result,
    year_of_month,
)
from jcm_mrv.quantities.expression import maximum, total
from support.claims import Sketch


class OutputForm(Methodology):
    """ER falls with the metered consumption: RE is fixed, PE = EC x EF."""

    Q = monitored("output", unit="MWh")
    EC = monitored("electricity consumed", unit="MWh")
    EF = default("factor", unit="tCO2e/MWh")
    RE = result(Q * EF, "reference emissions")
    PE = result(EC * EF, "project emissions")
    ER = result(RE - PE, "emission reductions")


class Flips(Methodology):
    """One input in RE and PE; which side wins depends on the data: RE = max(EC, 30) x 2, PE = EC x 1."""

    EC = monitored("electricity consumed", unit="MWh")
    least = constant("30", unit="MWh", label="least", source="invented for the test")
    one = constant("1", unit="tCO2e/MWh", label="factor", source="invented for the test")
    two = constant("2", unit="tCO2e/MWh", label="factor", source="invented for the test")
    RE = result(maximum(EC, least) * two, "reference emissions")
    PE = result(EC * one, "project emissions")
    ER = result(RE - PE, "emission reductions")


def entry(methodology: type[Methodology]) -> Entry:
    card = replace(catalogue().find("VN_AM007").card, number="T", defaults={}, parameters={})
    return Entry(card, methodology, "test", "0")


def sketch(methodology: type[Methodology], monthly: dict[str, list[float | None]]) -> Sketch:
    points = [{"parameter": n, "meter_id": n, "sign": "+"} for n in monthly]
    fixed = (
        [{"parameter": "EF", "value": 1.0, "unit": "tCO2e/MWh", "document": "D"}] if hasattr(methodology, "EF") else []
    )
    return Sketch("T 1", points=points, fixed=fixed, monthly=dict(monthly), entries=[entry(methodology)])


class OfUnits(Methodology):
    """ER falls with what each unit consumes: RE is fixed, PE the sum over the units."""

    Q = monitored("output", unit="MWh")
    EC = monitored("electricity consumed", unit="MWh", per=equipment)
    EF = default("factor", unit="tCO2e/MWh")
    RE = result(Q * EF, "reference emissions")
    PE = result(total(EC * EF, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


class Days(Methodology):
    """ER follows from how long each unit was in operation: 2 t a day, and 1 t a month of 30 days off."""

    D = in_operation("days in operation", unit="d")
    H = in_operation("hours in operation", unit="h", each=month)
    much = constant("2", unit="tCO2e/d", label="much", source="invented for the test")
    little = constant("1/720", unit="tCO2e/h", label="little", source="invented for the test")
    RE = result(total(D * much, over=equipment), "reference emissions")
    PE = result(total(total(H * little, over=equipment), by=year_of_month), "project emissions")
    ER = result(RE - PE, "emission reductions")
