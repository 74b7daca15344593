"""Clean cases with a tree of meters: what hangs below what is stated, and agrees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from seeded_faults.plant import STAMP, Plant
from seeded_faults.plant_parts import Rng, reading
from seeded_faults.plants_cooling import invoice
from seeded_faults.plants_solar import main_minus_sub, solar_log
from seeded_faults.sheets import Span, calibration, meter

MAIN = "MTR-0"
Month = tuple[datetime, datetime, float]


def span_of(plant: Plant) -> Span:
    """The monitoring period of a plant."""
    first, last = plant.project["period_start"], plant.project["period_end"] + timedelta(days=1)
    return Span(datetime(first.year, first.month, 1), datetime(last.year, last.month, last.day))


def monthly(plant: Plant, name: str) -> list[Month]:
    """What a meter of a clean plant measures in each month [kWh]."""
    edges = span_of(plant).months()
    factor = float(plant.row("meters", name)["transformer_factor"])
    if name in plant.logged():
        log, power = plant.log_of(name), plant.row("logs", name)["kind"] == "power"
        hours = log.minutes / 60 if power else 1.0
        whole = np.array(log.numbers(name)) * hours
        stamps = np.array([row[0] for row in log.rows])
        return [
            (a, b, float(whole[(stamps >= a.strftime(STAMP)) & (stamps < b.strftime(STAMP))].sum()))
            for a, b in pairwise(edges)
        ]
    rows = plant.readings(name)
    if rows[0]["kind"] == "register":
        shown = {row["end"]: row["value"] for row in rows}
        return [(a, b, (shown[b] - shown[a]) * factor) for a, b in pairwise(edges)]
    return [(row["start"], row["end"], row["value"] * factor) for row in rows]


def below_main(make: Callable[[Rng], Plant], kind: str) -> Callable[[Rng], Plant]:
    """The same plant behind the main meter of its site, which other loads hang below too, with monthly bills."""

    def made(rng: Rng) -> Plant:
        plant = make(rng)
        names = [row["meter_id"] for row in plant.tables["meters"] if row["unit"] == "kWh"]
        parts = [monthly(plant, name) for name in names]
        rest, other = float(rng.uniform(0.1, 0.8)), 1 + float(rng.uniform(-0.003, 0.003))
        readings, bills = plant.tables.setdefault("readings", []), plant.tables.setdefault("invoices", [])
        for n, months in enumerate(zip(*parts, strict=True)):
            start, end, _ = months[0]
            whole = sum(amount for _, _, amount in months) * (1 + rest * float(rng.uniform(0.7, 1.3)))
            readings.append(reading(MAIN, start, end, round(whole, 1)))
            bills.append(invoice(MAIN, n, start, end, round(whole * other)))
        for row in plant.tables["meters"]:
            if row["meter_id"] in names:
                row["below"] = MAIN
        _add(plant, MAIN, 90, "grid")
        plant.kind = kind
        return plant

    return made


def _add(plant: Plant, name: str, number: int, below: str) -> None:
    row = meter(name, number, below=below)
    plant.tables["meters"].append(row)
    plant.tables["calibrations"].append(calibration(row))
    plant.gains[name] = 0.0


def feeder_less_auxiliary(rng: Rng) -> Plant:
    """A solar feeder, and below it the plant's own cooling, which is subtracted."""
    plant = main_minus_sub(rng)
    plant.row("meters", "MTR-1")["below"] = "grid"
    plant.row("meters", "MTR-2")["below"] = "MTR-1"
    plant.kind = "feeder less auxiliary"
    return plant


def feeder_and_inverters(rng: Rng) -> Plant:
    """A solar feeder that counts, and below it the meters of three inverters, read monthly: its parts less losses."""
    plant = solar_log(rng)
    plant.row("meters", "MTR-1")["below"] = "grid"
    shares = rng.dirichlet((8.0, 8.0, 8.0))
    months = monthly(plant, "MTR-1")
    for n, share in enumerate(shares, 1):
        _add(plant, f"INV-{n}", 90 + n, "MTR-1")
        rows = [reading(f"INV-{n}", a, b, round(amount * float(share) * 1.002, 1)) for a, b, amount in months]
        plant.tables.setdefault("readings", []).extend(rows)
    plant.kind = "feeder and inverters"
    return plant
