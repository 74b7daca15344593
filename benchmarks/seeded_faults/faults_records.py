"""Faults of calibrations, invoices, check meters, and values on the other sheets."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from seeded_faults.fault import YEAR, DoesNotApply, Fault, Rng, kind, pick
from seeded_faults.log_edits import change
from seeded_faults.plant import Plant


def run_wrong(plant: Plant, meter: str, error: float, start: datetime | None = None) -> None:
    """Let a meter measure wrong by a fraction, from a moment on: what it shows changes, the truth does not."""
    logged = plant.logged() + plant.logged(register=True)
    if meter in logged or plant.gains.get(meter) == 0:
        log = plant.log_of(meter)
        first = next((n for n in range(len(log.rows)) if start is None or log.stamp(n) >= start), len(log.rows))
        if meter in plant.logged(register=True):
            base = float(log.rows[first][log.column(meter)])
            change(log, meter, (first, len(log.rows)), lambda value: base + (value - base) * (1 + error))
        else:
            change(log, meter, (first, len(log.rows)), lambda value: value * (1 + error))
    rows = plant.readings(meter)
    base = next((r["value"] for r in rows if start is None or r["end"] >= start), 0.0)
    for row in rows:
        if row["kind"] == "register" and (start is None or row["end"] >= start):
            row["value"] = round(base + (row["value"] - base) * (1 + error), 3)
        elif row["kind"] == "energy" and (start is None or row["start"] >= start):
            row["value"] = round(row["value"] * (1 + error), 1)


def _raising(plant: Plant, meter: str) -> float:
    """The sign of the error that raises ER."""
    return float(np.sign(plant.gains[meter]))


def _day(plant: Plant, rng: Rng) -> datetime:
    """A day in the middle of the period, the first of a month where readings are monthly."""
    start, end = plant.project["period_start"], plant.project["period_end"]
    day = start + timedelta(days=int(rng.integers((end - start).days // 4, (end - start).days * 3 // 4)))
    day = day.replace(day=1) if day.replace(day=1) > start else day
    return datetime(day.year, day.month, day.day)


@kind("calibration missing")
def no_calibration(plant: Plant, rng: Rng) -> Fault:
    """The meter runs within its permissible error, in the direction that raises ER."""
    meter = pick(rng, plant.claimed())
    plant.tables["calibrations"].remove(plant.row("calibrations", meter))
    run_wrong(plant, meter, _raising(plant, meter) * plant.error_of(meter) * float(rng.uniform(0, 0.99)))
    return Fault({meter}, cells={("Meters", plant.number("meters", plant.row("meters", meter)))})


@kind("calibration late")
def late_calibration(plant: Plant, rng: Rng) -> Fault:
    """Validity ends in the period; the next test passed after it, or has not been made."""
    meter = pick(rng, plant.claimed())
    row, end = plant.row("calibrations", meter), _day(plant, rng)
    row["date"], row["valid_until"] = date(2021, 12, 10), end.date() - timedelta(days=1)
    plant.row("meters", meter)["calibration_interval"] = None
    error = plant.error_of(meter)
    if rng.random() < 0.6:
        last = plant.project["period_end"] + timedelta(days=int(rng.integers(1, 30)))
        plant.tables["calibrations"].append(
            {**row, "date": last, "valid_until": last + timedelta(days=1000), "error_found": round(error * 90, 3)}
        )
    run_wrong(plant, meter, _raising(plant, meter) * error * float(rng.uniform(0, 0.99)), end)
    fault = Fault({meter}, cells={("Calibrations", plant.number("calibrations", row))})
    fault.cells |= {("Meters", plant.number("meters", plant.row("meters", meter)))}
    fault.span = (end, datetime.combine(plant.project["period_end"], datetime.min.time()))
    return fault


@kind("calibration failed")
def failed_calibration(plant: Plant, rng: Rng) -> Fault:
    """A test in the period finds more than the permissible error, which has crept in since the last good one."""
    meter = pick(rng, plant.claimed())
    day, error = _day(plant, rng), plant.error_of(meter) * float(rng.uniform(1.5, 8))
    sign = _raising(plant, meter)
    plant.tables["calibrations"].append(
        {
            **plant.row("calibrations", meter), "date": day.date(), "valid_until": None, "result": "failed",
            "error_found": round(sign * error * 100, 3), "certificate": "C-failed",
        }
    )  # fmt: skip
    run_wrong(plant, meter, sign * error * float(rng.uniform(0.5, 0.99)))
    fault = Fault({meter}, cells={("Calibrations", plant.number("calibrations", plant.tables["calibrations"][-1]))})
    fault.cells |= {("Meters", plant.number("meters", plant.row("meters", meter)))}
    return fault


@kind("replaced meter untested")
def untested(plant: Plant, rng: Rng) -> Fault:
    """The meter was changed with all readings, but nobody has tested the new one, which runs within its error."""
    meter = pick(rng, plant.logged())
    day, old = _day(plant, rng), plant.row("meters", meter)
    new = {**old, "serial_number": "SER90001", "installed": day}
    old["removed"] = day
    plant.tables["meters"].append(new)
    run_wrong(plant, meter, _raising(plant, meter) * plant.error_of(meter) * float(rng.uniform(0, 0.99)), day)
    return Fault({meter}, cells={("Meters", plant.number("meters", new))})


@kind("class contradicts the one required")
def wrong_class(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, plant.claimed())
    row = plant.row("meters", meter)
    worse = float(rng.choice([1.0, 2.0, 3.0]))
    row["accuracy_class"], row["permissible_error"] = worse, worse
    run_wrong(plant, meter, _raising(plant, meter) * worse / 100 * float(rng.uniform(0, 0.99)))
    fault = Fault({meter}, cells={("Meters", plant.number("meters", row))})
    fault.uncertain = worse / 100 * plant.weight(meter)  # a tested meter of that class may be wrong by so much
    return fault


@kind("class as a fraction instead of a percentage")
def class_as_fraction(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, plant.claimed())
    row = plant.row("meters", meter)
    for key in ("accuracy_class", "permissible_error") if rng.random() < 0.5 else ("permissible_error",):
        row[key] = row[key] / 100
    return Fault({meter}, cells={("Meters", plant.number("meters", row))})


@kind("share as a percentage instead of a fraction")
def share_as_percentage(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, plant.claimed())
    row = plant.row("points", meter)
    row["share"], row["share_basis"] = float(rng.choice([100, 80, 50])), "Illustrative"
    return Fault({meter}, cells={("Monitoring points", plant.number("points", row))})


@kind("invoices disagree with the meter")
def invoices_disagree(plant: Plant, rng: Rng) -> Fault:
    """Some months or all; the invoices are wrong, or the meter is and the invoices are right."""
    billed = {row["meter_id"] for row in plant.tables.get("invoices", ())}
    meter = pick(rng, [name for name in plant.claimed() if name in billed])
    off = float(np.exp(rng.uniform(np.log(0.002), np.log(1.0)))) * float(rng.choice([-1, 1]))
    rows = [row for row in plant.tables["invoices"] if row["meter_id"] == meter]
    first = int(rng.integers(len(rows) - 1))
    part = rows[first:] if rng.random() < 0.5 else rows[first : first + 1]
    if rng.random() < 0.5:
        part = rows[first:]
        run_wrong(plant, meter, off, part[0]["start"])
    else:
        for row in part:
            row["value"] = round(row["value"] * (1 + off))
    fault = Fault({meter}, cells={("Invoices", plant.number("invoices", row)) for row in part})
    fault.span = part[0]["start"], part[-1]["end"]
    combined = plant.error_of(meter) + 0.01  # and the supplier's own meter
    fault.size, fault.permissible = max(abs(off) - 0.003, 0.0), combined
    fault.uncertain = combined + 0.003 if abs(off) <= combined + 0.003 else 0.0
    return fault


@kind("invoice missing")
def invoice_missing(plant: Plant, rng: Rng) -> Fault:
    billed = {row["meter_id"] for row in plant.tables.get("invoices", ())}
    meter = pick(rng, [name for name in plant.claimed() if name in billed])
    rows = [row for row in plant.tables["invoices"] if row["meter_id"] == meter]
    first = int(rng.integers(len(rows)))
    part = rows[first : first + int(rng.integers(1, 4))]
    plant.tables["invoices"] = [row for row in plant.tables["invoices"] if not any(row is gone for gone in part)]
    return Fault({meter}, span=(part[0]["start"], part[-1]["end"]))


@kind("check meter disagrees")
def check_disagrees(plant: Plant, rng: Rng) -> Fault:
    """From a day on; one of both is wrong."""
    if "MTR-1C" not in plant.gains:
        raise DoesNotApply
    off = float(np.exp(rng.uniform(np.log(0.002), np.log(0.8)))) * float(rng.choice([-1, 1]))
    wrong, start = str(rng.choice(["MTR-1", "MTR-1C"])), _day(plant, rng)
    run_wrong(plant, wrong, off, start)
    log = plant.log_of(wrong)
    fault = Fault({"MTR-1", "MTR-1C"}, {log.name})
    fault.span = (start, datetime.combine(plant.project["period_end"], datetime.max.time()))
    fault.size, fault.permissible = max(abs(off) - 0.001, 0.0), 2 * plant.error_of("MTR-1")
    fault.uncertain = 2 * plant.error_of("MTR-1") + 0.001 if fault.small else 0.0
    return fault


@kind("fixed value other than the card's, unproven")
def fixed_differs(plant: Plant, rng: Rng) -> Fault:
    """The emission factor is typed higher than the card has it; no document says why."""
    row = next((row for row in plant.tables["fixed"] if row["parameter"] == "EF_RE_grid"), None)
    if row is None:
        raise DoesNotApply
    row["value"] = round(row["value"] * float(rng.uniform(1.02, 4)), 4)
    row["document"] = row["page"] = row["evidence"] = None
    return Fault({"EF_RE_grid"}, cells={("Fixed values", plant.number("fixed", row))}, codes=YEAR)


@kind("fixed value in another unit")
def fixed_unit(plant: Plant, rng: Rng) -> Fault:
    """kg/MWh typed as t/MWh, or a wrong unit beside the right number."""
    row = next(row for row in plant.tables["fixed"] if str(row["parameter"]).startswith("EF_"))
    if rng.random() < 0.5:
        row["value"] = row["value"] * 1000
    else:
        row["unit"] = str(rng.choice(["tCO2/kWh", "kgCO2/MWh", "tCO2/GJ"]))
    return Fault({str(row["parameter"])}, cells={("Fixed values", plant.number("fixed", row))}, codes=YEAR)
