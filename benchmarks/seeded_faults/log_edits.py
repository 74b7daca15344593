"""Edits of the rows of a log, and how large they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from seeded_faults.fault import Fault, Rng, pick
from seeded_faults.plant import Log, Plant


def logged_meter(plant: Plant, rng: Rng) -> tuple[str, Log]:
    """One of the meters that have a log, and that. Raises DoesNotApply where there is none."""
    meter = pick(rng, plant.logged())
    return meter, plant.log_of(meter)


def stretch(log: Log, rng: Rng, hours: tuple[float, float]) -> tuple[int, int]:
    """The first row and the row after the last of a random stretch, its length even on a logarithmic scale."""
    length = float(np.exp(rng.uniform(*np.log(hours))))
    count = max(1, min(round(length * 60 / log.minutes), len(log.rows) - 2))
    first = int(rng.integers(1, len(log.rows) - count))
    return first, first + count


def text(value: float, decimals: int = 3) -> str:
    """A value as the logger writes it."""
    return f"{value:.{decimals}f}"


def change(log: Log, meter: str, rows: tuple[int, int], to: Callable[[float], float]) -> float:
    """Change a meter's values in some rows; returns the change as a share of the energy of the months touched."""
    at = log.column(meter)
    share = touched(log, meter, rows)
    before, after = 0.0, 0.0
    for row in log.rows[rows[0] : rows[1]]:
        value = float(row[at])
        row[at] = text(to(value), 3 if "." not in row[at] else len(row[at].split(".")[1]))
        before += value
        after += float(row[at])
    return abs(after - before) / share if share else abs(after - before)


def touched(log: Log, meter: str, rows: tuple[int, int]) -> float:
    """The sum of a meter's values in the months of some rows."""
    at = log.column(meter)
    months = {row[0][:7] for row in log.rows[rows[0] : rows[1]]}
    return sum(float(row[at]) for row in log.rows if row[0][:7] in months)


def amount(log: Log, meter: str, rows: tuple[int, int]) -> float:
    """The sum of a meter's values in some rows."""
    at = log.column(meter)
    return sum(float(row[at]) for row in log.rows[rows[0] : rows[1]])


def share(log: Log, meter: str, rows: tuple[int, int]) -> float:
    """That sum as a share of the energy of the months touched."""
    whole = touched(log, meter, rows)
    return amount(log, meter, rows) / whole if whole else 0.0


def rows_fault(plant: Plant, log: Log, meter: str, rows: tuple[int, int], size: float | None) -> Fault:
    """A fault in some rows of a log; call it while the rows still stand."""
    start, end = log.stamp(rows[0]), log.stamp(rows[1] - 1) + timedelta(minutes=log.minutes)
    lines = [(rows[0] + 2, rows[1] + 1)]
    return Fault({meter}, {log.name}, lines, span=(start, end), size=size, permissible=plant.error_of(meter))


def all_meters(fault: Fault, log: Log) -> Fault:
    """The same fault where it is in every column of the log."""
    fault.meters |= set(log.columns.values())
    return fault
