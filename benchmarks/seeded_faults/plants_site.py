"""Clean cases of a whole site: a boiler whose fuel stands on the sheet Stocks, a small chiller on a large site.

The truth is worked out here, not by the engine.
"""

from __future__ import annotations

from itertools import pairwise

from seeded_faults.plant import Cells, Plant
from seeded_faults.plant_parts import Rng, begin, plant_of, reading, site_of
from seeded_faults.plants_cooling import invoice
from seeded_faults.plants_tree import monthly
from seeded_faults.sheets import EF_COOLING, calibration, fixed, meter, point

BOILER = "ID_AM015 1.0"
DENSITY, NCV, EF_FUEL, EF_SET = 0.84, 43.0, 0.0726, 0.72  # t/m3, GJ/t, tCO2/GJ, tCO2/MWh; illustrative
SITE_METERS = (("IMPORT", "kWh", ("EI_grid",)), ("SET", "kWh", ("EG_cap", "EI_cap")), ("DIESEL", "t", ("FC_cap",)))
PROOF = {"document": "D-01", "page": "3", "evidence": "D-01"}


def boiler(rng: Rng) -> Plant:
    """Diesel from a tank: opening stock, deliveries and closing stock of every month, and the auxiliaries' kWh."""
    span, site = begin(rng, 6), site_of(rng, BOILER)
    mean, stock, used, power = float(rng.uniform(15, 60)), round(float(rng.uniform(20, 40)), 2), 0.0, 0.0
    stocks: list[Cells] = []
    readings: list[Cells] = []
    for a, b in pairwise(span.months()):
        burnt = round(mean * float(rng.uniform(0.85, 1.15)), 2)
        received = float(round(mean))
        closing = round(stock + received - burnt, 2)
        stocks.append({"meter_id": "TANK", "start": a, "end": b, "opening": stock, "received": received,
                       "closing": closing, "unit": "m3", "evidence": "D-02"})  # fmt: skip
        stock, used = closing, used + burnt
        auxiliary = round(mean * 60 * float(rng.uniform(0.95, 1.05)), 1)
        readings.append(reading("AUX", a, b, auxiliary))
        power += auxiliary
    unit = {
        "equipment_id": "B-1", "description": "Boiler", "serial_number": "B00001", "electricity_source": "Site",
        "own_renewables": "no", "fuel": "diesel", "operation_start": span.start.date().replace(year=2022),
        "evidence": "D-02", "eta_PJ": 95.0, "eta_RE": 85.0,
    }  # fmt: skip
    tank = meter("TANK", 1, unit="m3")
    tables = {
        "equipment": [unit],
        "meters": [tank, meter("AUX", 2)],
        "calibrations": [calibration(tank), calibration(meter("AUX", 2))],
        "points": [{**point(1, "FC_PJ", "B-1", "TANK"), "option": "B"}, point(2, "EC_aux", "B-1", "AUX")],
        "fixed": [
            *fixed(BOILER),
            {"parameter": "equation", "value": "confirmed", "unit": "choice", **PROOF},
            {"parameter": "NCV", "applies_to": "diesel", "value": NCV, "unit": "GJ/t", **PROOF},
            {"parameter": "EF_CO2", "applies_to": "diesel", "value": EF_FUEL, "unit": "tCO2/GJ", **PROOF},
        ],
        "conversions": [{"meter_id": "TANK", "property": "density", "value": DENSITY, "unit": "t/m3",
                         "conditions": "15 °C", **PROOF}],
        "stocks": stocks,
        "readings": readings,
    }  # fmt: skip
    gain = DENSITY * NCV * EF_FUEL * (95 / 85 - 1)
    truth = used * gain - power / 1000 * EF_COOLING
    gains = {"TANK": 0.0, "AUX": -EF_COOLING / 1000}  # the fuel stands on another sheet than the faults look at
    return plant_of("boiler tank", rng, BOILER, span, truth, site, tables, [], gains)


def deliveries(plant: Plant) -> list[Cells]:
    """What the tank of a boiler received, as invoices."""
    rows = [
        invoice("TANK", n, row["start"], row["end"], row["received"]) for n, row in enumerate(plant.tables["stocks"])
    ]
    return [{**row, "unit": "m3"} for row in rows]


def delivered_on_both(rng: Rng) -> Plant:
    """The boiler with its deliveries on Stocks and the same on Invoices: one quantity told twice."""
    plant = boiler(rng)
    plant.tables["invoices"] = deliveries(plant)
    return plant


def large_site(rng: Rng) -> Plant:
    """The boiler, small, on a site that imports 60 GWh, and one meter of its diesel set for both its parameters."""
    plant = boiler(rng)
    plant.tables["equipment"][0].update(rated_capacity=400.0, rated_capacity_unit="kW")
    rows, imported, made, fuel = plant.tables["readings"], 0.0, 0.0, 0.0
    auxiliary = monthly(plant, "AUX")
    for a, b, _ in auxiliary:
        grid = float(round(60e6 / 12 * float(rng.uniform(0.9, 1.1))))
        own = float(round(grid * float(rng.uniform(0.05, 0.15))))
        burnt = round(own * EF_SET / 1000 / (EF_FUEL * NCV), 3)
        rows += [reading("IMPORT", a, b, grid), reading("SET", a, b, own)]
        rows.append({**reading("DIESEL", a, b, burnt), "unit": "t"})
        imported, made, fuel = imported + grid, made + own, fuel + burnt
    for n, (name, unit, parameters) in enumerate(SITE_METERS, 80):
        row = meter(name, n, unit=unit)
        plant.tables["meters"].append(row)
        plant.tables["calibrations"].append(calibration(row))
        plant.tables["points"] += [point(n + k * 10, parameter, "Site", name) for k, parameter in enumerate(parameters)]
        plant.gains[name] = 0.0
    for row in plant.tables["fixed"]:
        row["value"] = "grid and captive" if row["parameter"] == "supply" else row["value"]
    plant.tables["fixed"] += [
        {"parameter": "captive_method", "value": "fuel", "unit": "choice", **PROOF},
        {"parameter": "EF_fuel", "value": EF_FUEL, "unit": "tCO2/GJ", **PROOF},
        {"parameter": "NCV_fuel", "value": NCV, "unit": "GJ/t", **PROOF},
    ]
    factor = (imported / 1000 * EF_COOLING + fuel * NCV * EF_FUEL) / (imported + made)  # tCO2/kWh
    plant.truth += sum(amount for _, _, amount in auxiliary) * (EF_COOLING / 1000 - factor)
    plant.gains["AUX"] = -factor
    plant.kind = "large site"
    return plant
