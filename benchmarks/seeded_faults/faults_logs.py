"""Faults of rows and values in logs of intervals."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from seeded_faults.fault import YEAR, DoesNotApply, Fault, Rng, kind, pick
from seeded_faults.log_edits import all_meters, amount, change, logged_meter, rows_fault, share, stretch, touched
from seeded_faults.plant import STAMP, Log, Plant

DAY = 24.0


def _missing(plant: Plant, rng: Rng, hours: tuple[float, float]) -> Fault:
    meter, log = logged_meter(plant, rng)
    rows = stretch(log, rng, hours)
    fault = all_meters(rows_fault(plant, log, meter, rows, share(log, meter, rows)), log)
    fault.lines = [(rows[0] - 1, rows[0] + 3)]  # the rows beside the hole
    del log.rows[rows[0] : rows[1]]
    return fault


@kind("rows missing, minutes to hours")
def missing_hours(plant: Plant, rng: Rng) -> Fault:
    return _missing(plant, rng, (0.25, DAY))


@kind("rows missing, days to weeks")
def missing_days(plant: Plant, rng: Rng) -> Fault:
    return _missing(plant, rng, (DAY, 24 * DAY))


@kind("file missing")
def missing_file(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, plant.logged() + plant.logged(register=True))
    log = plant.log_of(meter)
    plant.gone.add(log.name)
    row = plant.row("logs", meter)
    return Fault(set(log.columns.values()), {log.name}, cells={("Logs", plant.number("logs", row))})


@kind("rows duplicated")
def duplicated(plant: Plant, rng: Rng) -> Fault:
    meter, log = logged_meter(plant, rng)
    rows = stretch(log, rng, (1, 10 * DAY))
    fault = all_meters(rows_fault(plant, log, meter, rows, share(log, meter, rows)), log)
    at = rows[1] if rng.random() < 0.5 else len(log.rows)
    log.rows[at:at] = [list(row) for row in log.rows[rows[0] : rows[1]]]
    fault.lines.append((at + 2, at + 1 + rows[1] - rows[0]))
    return fault


@kind("duplicate that contradicts")
def contradicting(plant: Plant, rng: Rng) -> Fault:
    meter, log = logged_meter(plant, rng)
    rows = stretch(log, rng, (6, 5 * DAY))
    copies = [list(row) for row in log.rows[rows[0] : rows[1]]]
    fault = all_meters(rows_fault(plant, log, meter, rows, share(log, meter, rows)), log)
    other = Log(log.name, log.columns, copies, log.minutes)
    factor = float(rng.choice([0.5, 0.9, 1.02, 1.3, 2.0]))
    for name in log.columns.values():
        change(other, name, (0, len(copies)), lambda value: value * factor)
    at = rows[1] if rng.random() < 0.5 else len(log.rows)
    log.rows[at:at] = copies
    fault.lines.append((at + 2, at + 1 + len(copies)))
    return fault


@kind("interval that overlaps another")
def overlapping(plant: Plant, rng: Rng) -> Fault:
    meter, log = logged_meter(plant, rng)
    rows = stretch(log, rng, (1, 6))
    fault = all_meters(rows_fault(plant, log, meter, rows, None), log)
    extra = [list(row) for row in log.rows[rows[0] : rows[1]]]
    for row, number in zip(extra, range(*rows), strict=True):
        row[0] = (log.stamp(number) + timedelta(minutes=log.minutes // 3)).strftime(STAMP)
    log.rows[rows[1] : rows[1]] = extra
    fault.lines.append((rows[1] + 2, rows[1] + 1 + len(extra)))
    return fault


@kind("value stuck")
def stuck(plant: Plant, rng: Rng) -> Fault:
    meter, log = logged_meter(plant, rng)
    rows = stretch(log, rng, (8, 10 * DAY))
    day = [v for v in log.numbers(meter)[rows[0] : rows[1]] if v > 0] or [1.0]
    held = float(day[int(rng.integers(len(day)))])
    fault = rows_fault(plant, log, meter, rows, None)
    fault.size = change(log, meter, rows, lambda _: held)
    return fault


@kind("spike")
def spike(plant: Plant, rng: Rng) -> Fault:
    meter, log = logged_meter(plant, rng)
    values = log.numbers(meter)
    high = np.flatnonzero(np.array(values) > 0.2 * max(values))
    row = int(high[int(rng.integers(len(high)))])
    factor = float(np.exp(rng.uniform(np.log(8), np.log(10_000))))
    fault = rows_fault(plant, log, meter, (row, row + 1), None)
    fault.size = change(log, meter, (row, row + 1), lambda value: value * factor)
    return fault


@kind("negative values")
def negative(plant: Plant, rng: Rng) -> Fault:
    meter, log = logged_meter(plant, rng)
    rows = stretch(log, rng, (2, 7 * DAY))
    fault = rows_fault(plant, log, meter, rows, None)
    fault.size = change(log, meter, rows, lambda value: -value)
    return fault


def _factor_on_a_span(factor: float) -> None:
    @kind(f"factor {factor:g} on a span")
    def on_a_span(plant: Plant, rng: Rng) -> Fault:
        meter, log = logged_meter(plant, rng)
        rows = stretch(log, rng, (3 * DAY, 30 * DAY))
        by = factor if rng.random() < 0.5 else 1 / factor
        fault = rows_fault(plant, log, meter, rows, None)
        fault.size = change(log, meter, rows, lambda value: value * by)
        return fault

    @kind(f"factor {factor:g} on the whole log")
    def on_the_whole(plant: Plant, rng: Rng) -> Fault:
        meter, log = logged_meter(plant, rng)
        by = factor if rng.random() < 0.5 else 1 / factor
        size = change(log, meter, (0, len(log.rows)), lambda value: value * by)
        return Fault({meter}, {log.name}, codes=YEAR, size=size, permissible=plant.error_of(meter))


for _factor in (10.0, 1000.0, 3.6):
    _factor_on_a_span(_factor)


@kind("generation at night")
def at_night(plant: Plant, rng: Rng) -> Fault:
    if not plant.method.startswith("VN_AM007"):
        raise DoesNotApply
    meter = next(iter(plant.logged()), None)
    if meter is None:
        raise DoesNotApply
    log = plant.log_of(meter)
    rows = stretch(log, rng, (DAY, 20 * DAY))
    level = max(log.numbers(meter)) * float(rng.uniform(0.03, 0.3))
    fault = rows_fault(plant, log, meter, rows, None)
    whole, before, at = touched(log, meter, rows), amount(log, meter, rows), log.column(meter)
    for row in log.rows[rows[0] : rows[1]]:
        if row[0][11:13] >= "20" or row[0][11:13] < "04":
            row[at] = f"{level * float(rng.uniform(0.8, 1.2)):.3f}"
    fault.size = abs(amount(log, meter, rows) - before) / whole
    return fault
