"""What the clean cases share: periods, sites, logs, readings, and the whole workbook."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from seeded_faults.plant import STAMP, Cells, Log, Plant
from seeded_faults.shapes import Floats
from seeded_faults.sheets import SOLAR, Span, calibration, estimates, fixed, period, project, remaining

Rng = np.random.Generator


def begin(rng: Rng, months: int) -> Span:
    return period(datetime(2023 + int(rng.integers(2)), 1 + int(rng.integers(13 - months)), 1), months)


def site_of(rng: Rng, method: str) -> tuple[float, float]:
    if method == SOLAR:
        return round(float(rng.uniform(10, 21)), 2), round(float(rng.uniform(105, 108)), 2)
    return round(float(rng.uniform(-8, -5)), 2), round(float(rng.uniform(106, 110)), 2)


def texts_of(values: Floats, decimals: int = 3) -> list[str]:
    return [f"{value:.{decimals}f}" for value in values]


def log_of(name: str, times: list[datetime], columns: dict[str, tuple[str, list[str]]], minutes: int) -> Log:
    """A log of several columns: heading -> (meter, values as written)."""
    stamps = [t.strftime(STAMP) for t in times]
    rows = [list(row) for row in zip(stamps, *(texts for _, texts in columns.values()), strict=True)]
    return Log(name, {heading: meter for heading, (meter, _) in columns.items()}, rows, minutes)


def sum_of(texts: list[str]) -> float:
    return float(np.sum([float(text) for text in texts]))


def plant_of(
    kind: str, rng: Rng, method: str, span: Span, truth: float, site: tuple[float, float],
    tables: dict[str, list[Cells]], logs: list[Log], gains: dict[str, float],
) -> Plant:  # fmt: skip
    whole = {
        **remaining(),
        "fixed": fixed(method),
        "calibrations": [calibration(row) for row in tables["meters"]],
        "estimates": estimates(span, truth * float(rng.uniform(0.95, 1.08))),
        **tables,
    }
    return Plant(kind, method, project(method, span, site), whole, {log.name: log for log in logs}, truth, gains)


def reading(name: str, start: datetime | None, end: datetime, value: float) -> Cells:
    """A row of Readings: energy of an interval, or without a start the register at a moment."""
    kind = "register" if start is None else "energy"
    return {"meter_id": name, "kind": kind, "start": start, "end": end, "value": value, "unit": "kWh"}
