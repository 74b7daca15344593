"""Clean cases in which something happens that is no fault, and is stated as it should be. They are for false alarms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from seeded_faults.fault import Rng
from seeded_faults.log_edits import stretch
from seeded_faults.plant import Log, Plant
from seeded_faults.plant_parts import reading
from seeded_faults.plants_cooling import factory_registers, hourly_cooling, invoice, monthly_registers, transformer_log
from seeded_faults.plants_site import delivered_on_both
from seeded_faults.plants_solar import readings_sheet, solar_log, wide_export
from seeded_faults.sheets import calibration, meter


def _true(plant: Plant) -> Plant:
    """The plant with the truth of what its logs of intervals say now."""
    amounts = {meter: sum(plant.log_of(meter).numbers(meter)) for meter in plant.logged()}
    hours = {m: plant.log_of(m).minutes / 60 if plant.row("logs", m)["kind"] == "power" else 1.0 for m in amounts}
    plant.truth = sum(amount * hours[meter] * plant.gains[meter] for meter, amount in amounts.items())
    return plant


def _scale(log: Log, meter: str, rows: tuple[int, int], factor: float) -> None:
    at = log.column(meter)
    for row in log.rows[rows[0] : rows[1]]:
        decimals = len(row[at].split(".")[1])
        row[at] = f"{float(row[at]) * factor:.{decimals}f}"


def outage(rng: Rng) -> Plant:
    """A solar plant stands still for some hours or days; its meter shows 0."""
    plant = solar_log(rng)
    log = plant.log_of("MTR-1")
    _scale(log, "MTR-1", stretch(log, rng, (2, 72)), 0.0)
    return _true(plant)


def storm(rng: Rng) -> Plant:
    """Some days of little sun, for all plants alike."""
    plant = wide_export(rng)
    log = plant.log_of("MTR-1")
    first, last = stretch(log, rng, (24, 6 * 24))
    dark = float(rng.uniform(0.08, 0.3))
    for row in range(first, last):
        part = dark * float(np.exp(rng.normal(0, 0.25)))
        for name in log.columns.values():
            _scale(log, name, (row, row + 1), part)
    return _true(plant)


def new_machine(rng: Rng) -> Plant:
    """A second machine is put behind a meter of a chiller: more from that day on, within its highest rate."""
    plant = hourly_cooling(rng)
    log = plant.log_of("MTR-1")
    first = int(rng.integers(len(log.rows) // 4, len(log.rows) * 3 // 4))
    factor = float(rng.uniform(1.2, 2.5))
    _scale(log, "MTR-1", (first, len(log.rows)), factor)
    row = plant.row("meters", "MTR-1")
    row["highest_rate"] = row["highest_rate"] * 2.5
    plant = _true(plant)
    for estimate in plant.tables["estimates"]:
        estimate["reductions"] = round(plant.truth, 1)
    return plant


def second_plant(rng: Rng) -> Plant:
    """One of four solar plants begins to operate within the period; its column shows 0 until then."""
    plant = wide_export(rng)
    log = plant.log_of("MTR-4")
    first = int(rng.integers(5, 40)) * 48
    _scale(log, "MTR-4", (0, first), 0.0)
    day = log.stamp(first)
    plant.tables["equipment"][3]["operation_start"] = day.date()
    plant.row("meters", "MTR-4")["installed"] = day
    return _true(plant)


def stated_swap(rng: Rng) -> Plant:
    """A register is changed, with closing and opening reading and a tested new meter."""
    plant = factory_registers(rng)
    rows = plant.readings("MTR-1")
    at = int(rng.integers(20, len(rows) - 20))
    moment: datetime = rows[at]["end"] + timedelta(hours=10)
    shown = rows[at]["value"] + round((rows[at + 1]["value"] - rows[at]["value"]) * 0.4, 2)
    offset = round(float(rng.integers(0, 50)) - shown, 2)
    old = plant.row("meters", "MTR-1")
    new = {**old, "serial_number": "SER70001", "installed": moment, "opening_reading": round(shown + offset, 2)}
    old["removed"], old["closing_reading"] = moment, round(shown, 2)
    plant.tables["meters"].append(new)
    plant.tables["calibrations"].append(calibration(new))
    for row in rows[at + 1 :]:
        row["value"] = round(row["value"] + offset, 2)
    return plant


def stated_rollover(rng: Rng) -> Plant:
    """A register of six digits starts again at 0."""
    plant = monthly_registers(rng)
    rows = plant.readings("MTR-1")
    at = int(rng.integers(2, len(rows) - 1))
    lift = 1_000_000 - round((rows[at]["value"] + rows[at - 1]["value"]) / 2, 2)
    for row in rows:
        row["value"] = round((row["value"] + lift) % 1_000_000, 2)
    return plant


def new_transformers(rng: Rng) -> Plant:
    """The current transformers are changed at midnight, and the meter's factor with them."""
    plant = monthly_registers(rng)
    rows = plant.readings("MTR-2")
    at = int(rng.integers(2, len(rows) - 2))
    old = plant.row("meters", "MTR-2")
    reading = rows[at]["value"]
    new = {**old, "transformer_factor": old["transformer_factor"] / 2, "installed": rows[at]["end"],
           "opening_reading": reading}  # fmt: skip
    old["removed"], old["closing_reading"] = rows[at]["end"], reading
    plant.tables["meters"].append(new)
    for row in rows[at + 1 :]:
        row["value"] = round(reading + (row["value"] - reading) * 2, 2)
    return plant


def other_forms(rng: Rng) -> Plant:
    """Semicolons, decimal commas, day before month, and times that close the interval."""
    plant = solar_log(rng)
    log = plant.log_of("MTR-1")
    log.delimiter = ";"
    for number, row in enumerate(log.rows):
        row[0] = (log.stamp(number) + timedelta(minutes=log.minutes)).strftime("%d/%m/%Y %H:%M")
        row[1] = row[1].replace(".", ",")
    entry = plant.row("logs", "MTR-1")
    entry["stamp"], entry["date_format"] = "end", "DD/MM/YYYY hh:mm"
    return plant


def by_months(rng: Rng) -> Plant:
    """One file a month."""
    plant = hourly_cooling(rng)
    (log,) = plant.logs.values()
    months = sorted({row[0][:7] for row in log.rows})
    entries = plant.tables["logs"]
    plant.tables["logs"] = []
    plant.logs = {}
    for month in months:
        rows = [row for row in log.rows if row[0].startswith(month)]
        part = Log(f"bms_{month}.csv", log.columns, rows, log.minutes)
        plant.logs[part.name] = part
        plant.tables["logs"] += [{**e, "log_id": f"{e['log_id']}-{month}", "file": part.name} for e in entries]
    return plant


def register_with_holes(rng: Rng) -> Plant:
    """A logged register that was not read for some hours or days: nothing is lost."""
    plant = transformer_log(rng)
    log = plant.log_of("MTR-1")
    first, last = stretch(log, rng, (2, 100))
    edges = {row["end"] for row in plant.readings("MTR-1")}
    keep = [n for n in range(len(log.rows)) if not first <= n < last or log.stamp(n) in edges]
    log.rows[:] = [log.rows[n] for n in keep]
    return plant


def yearly_check(rng: Rng) -> Plant:
    """A check meter is read once in the period and shows up to 0.8 % less, where 1 % is allowed."""
    plant = readings_sheet(rng)
    rows = plant.readings("MTR-1")
    row = meter("MTR-1C", 60, checks="MTR-1")
    plant.tables["meters"].append(row)
    plant.tables["calibrations"].append(calibration(row))
    shown = sum(each["value"] for each in rows) * (1 - float(rng.uniform(0.001, 0.008)))
    plant.tables["readings"].append(reading("MTR-1C", rows[0]["start"], rows[-1]["end"], round(shown, 1)))
    return plant


def lost_invoice(rng: Rng) -> Plant:
    """Invoices alone count; one is lost, and the register was read at both its ends."""
    plant = monthly_registers(rng)
    rows = plant.readings("MTR-1")
    factor = plant.row("meters", "MTR-1")["transformer_factor"]
    lost = int(rng.integers(1, len(rows) - 2))
    plant.tables["invoices"] = [
        invoice("MTR-1", n, a["end"], b["end"], round((b["value"] - a["value"]) * factor, 2))
        for n, (a, b) in enumerate(pairwise(rows)) if n != lost
    ]  # fmt: skip
    kept = rows[lost : lost + 2]
    plant.tables["readings"] = [r for r in plant.tables["readings"] if r["meter_id"] != "MTR-1" or r in kept]
    plant.row("points", "MTR-1")["option"] = "B"
    plant.bridged = 2 * 0.01 * factor * plant.gains["MTR-1"]
    return plant


EVENTS: dict[str, Callable[[Rng], Plant]] = {
    "outage": outage,
    "storm": storm,
    "new machine": new_machine,
    "second plant": second_plant,
    "stated swap": stated_swap,
    "stated rollover": stated_rollover,
    "new transformers": new_transformers,
    "other forms": other_forms,
    "a file a month": by_months,
    "register with holes": register_with_holes,
    "yearly check meter": yearly_check,
    "lost invoice": lost_invoice,
    "deliveries on both": delivered_on_both,
}
"""The kinds of events by name."""
