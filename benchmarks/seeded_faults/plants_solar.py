"""Clean cases of solar power. ER = EG x EF; the truth is worked out here, not by the engine."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np

from seeded_faults.plant import STAMP, Cells, Plant
from seeded_faults.plant_parts import Rng, begin, log_of, plant_of, reading, site_of, sum_of, texts_of
from seeded_faults.shapes import Floats, cooling, generation, instants, sun
from seeded_faults.sheets import EF_SOLAR, SOLAR, Span, log_row, meter, period, point, solar_unit

REAL_LOG = Path(__file__).parents[2] / "examples/rooftop_solar/data/pv_ac_power_15min.csv"
REAL_SCALE = 400  # from a roof of 5.4 kW to a plant
GAIN_SOLAR = EF_SOLAR / 1000  # tCO2e/kWh


def _sunny(rng: Rng, span: Span, minutes: int, site: tuple[float, float], peak: float) -> tuple[list[datetime], Floats]:
    times = instants(span.start, span.end, minutes)
    return times, generation(sun(times, minutes, *site, 7.0), times, peak * 0.9, rng)


def solar_log(rng: Rng) -> Plant:
    """Mean power [kW] every 15 minutes of one plant."""
    span, site, peak = begin(rng, 2), site_of(rng, SOLAR), float(rng.integers(200, 3000))
    times, power = _sunny(rng, span, 15, site, peak)
    texts = texts_of(power)
    log = log_of("inverter.csv", times, {"P_AC": ("MTR-1", texts)}, 15)
    tables = {
        "equipment": [solar_unit("PV-1", 1, peak)],
        "meters": [meter("MTR-1", 1)],
        "points": [point(1, "EG", "PV-1", "MTR-1")],
        "logs": [log_row(log, "MTR-1", "power", "kW")],
    }
    truth = sum_of(texts) / 4 / 1000 * EF_SOLAR
    return plant_of("solar log", rng, SOLAR, span, truth, site, tables, [log], {"MTR-1": GAIN_SOLAR})


def real_log(rng: Rng) -> Plant:
    """A real log with the clouds, the stops and the small negative nights that it has, scaled to a plant.

    examples/rooftop_solar/README.md says where it is from. Its year is moved
    so that the other sheets fit it; the sun does not mind.
    """
    site, peak = (39.74, -105.18), 5.5 * REAL_SCALE
    span = period(datetime(2024, 7 + int(rng.integers(2)), 1), 2)
    rows = [row.split(",") for row in REAL_LOG.read_text().splitlines()[1:] if row]
    held = {f"2024{stamp[4:16]}": float(value) / 1000 * REAL_SCALE for stamp, value in rows}
    times = instants(span.start, span.end, 15)
    texts = texts_of(np.array([held[t.strftime(STAMP)] for t in times]))
    log = log_of("inverter.csv", times, {"P_AC": ("MTR-1", texts)}, 15)
    row = {**log_row(log, "MTR-1", "power", "kW"), "time_zone": "UTC-07:00"}
    tables = {
        "equipment": [solar_unit("PV-1", 1, peak)],
        "meters": [meter("MTR-1", 1)],
        "points": [point(1, "EG", "PV-1", "MTR-1")],
        "logs": [row],
    }
    truth = sum_of(texts) / 4 / 1000 * EF_SOLAR
    plant = plant_of("real log", rng, SOLAR, span, truth, site, tables, [log], {"MTR-1": GAIN_SOLAR})
    plant.project["time_zone"] = "America/Phoenix"  # the log's own zone all year round
    return plant


def wide_export(rng: Rng) -> Plant:
    """Four plants in one wide file, energy [kWh] every 30 minutes."""
    span, site, count = begin(rng, 2), site_of(rng, SOLAR), 4
    columns: dict[str, tuple[str, list[str]]] = {}
    times: list[datetime] = []
    peaks = [float(rng.integers(100, 900)) for _ in range(count)]
    for n, peak in enumerate(peaks, 1):
        times, power = _sunny(rng, span, 30, site, peak)
        columns[f"INV{n} energy"] = (f"MTR-{n}", texts_of(power / 2))
    log = log_of("export.csv", times, columns, 30)
    numbers = range(1, count + 1)
    tables = {
        "equipment": [solar_unit(f"PV-{n}", n, peaks[n - 1]) for n in numbers],
        "meters": [meter(f"MTR-{n}", n) for n in numbers],
        "points": [point(n, "EG", f"PV-{n}", f"MTR-{n}") for n in numbers],
        "logs": [log_row(log, f"MTR-{n}", "energy", "kWh") for n in numbers],
    }
    truth = sum(sum_of(texts) for _, texts in columns.values()) / 1000 * EF_SOLAR
    return plant_of(
        "wide export", rng, SOLAR, span, truth, site, tables, [log], {f"MTR-{n}": GAIN_SOLAR for n in numbers}
    )


def main_minus_sub(rng: Rng) -> Plant:
    """Generation minus what the plant's own cooling takes: two logs, kWh per hour."""
    span, site, peak = begin(rng, 3), site_of(rng, SOLAR), float(rng.integers(500, 3000))
    times, power = _sunny(rng, span, 60, site, peak)
    main, sub = texts_of(power), texts_of(cooling(times, peak * 0.02, rng), 2)
    highest = float(round(1.3 * max(float(value) for value in sub)))
    one = log_of("main.csv", times, {"E": ("MTR-1", main)}, 60)
    other = log_of("auxiliary.csv", times, {"E": ("MTR-2", sub)}, 60)
    tables = {
        "equipment": [solar_unit("PV-1", 1, peak)],
        "meters": [meter("MTR-1", 1), meter("MTR-2", 2, highest_rate=highest, highest_rate_unit="kW")],
        "points": [point(1, "EG", "PV-1", "MTR-1"), point(1, "EG", "PV-1", "MTR-2", "-")],
        "logs": [log_row(one, "MTR-1", "energy", "kWh"), log_row(other, "MTR-2", "energy", "kWh")],
    }
    truth = (sum_of(main) - sum_of(sub)) / 1000 * EF_SOLAR
    gains = {"MTR-1": GAIN_SOLAR, "MTR-2": -GAIN_SOLAR}
    return plant_of("main minus sub", rng, SOLAR, span, truth, site, tables, [one, other], gains)


def check_meter(rng: Rng) -> Plant:
    """A plant with a check meter beside its meter, kWh per half hour; both are right within 0.1 %."""
    span, site, peak = begin(rng, 2), site_of(rng, SOLAR), float(rng.integers(300, 3000))
    times, power = _sunny(rng, span, 30, site, peak)
    texts = texts_of(power / 2)
    beside = texts_of(power / 2 * (1 + rng.uniform(-0.001, 0.001)))
    one = log_of("meter.csv", times, {"E": ("MTR-1", texts)}, 30)
    other = log_of("check.csv", times, {"E": ("MTR-1C", beside)}, 30)
    tables = {
        "equipment": [solar_unit("PV-1", 1, peak)],
        "meters": [meter("MTR-1", 1), meter("MTR-1C", 2, checks="MTR-1")],
        "points": [point(1, "EG", "PV-1", "MTR-1")],
        "logs": [log_row(one, "MTR-1", "energy", "kWh"), log_row(other, "MTR-1C", "energy", "kWh")],
    }
    truth = sum_of(texts) / 1000 * EF_SOLAR
    gains = {"MTR-1": GAIN_SOLAR, "MTR-1C": 0.0}
    plant = plant_of("check meter", rng, SOLAR, span, truth, site, tables, [one, other], gains)
    plant.uncertain = 0.001
    return plant


def readings_sheet(rng: Rng) -> Plant:
    """Two plants, one reading of energy [kWh] a month on the sheet Readings, for a year."""
    span, site = period(datetime(2024, 1, 1), 12), site_of(rng, SOLAR)
    peaks = [float(rng.integers(200, 2000)) for _ in range(2)]
    readings: list[Cells] = []
    total = 0.0
    edges = span.months()
    for n, peak in enumerate(peaks, 1):
        times, power = _sunny(rng, span, 60, site, peak)
        for a, b in pairwise(edges):
            value = round(float(sum(p for t, p in zip(times, power, strict=True) if a <= t < b)), 1)
            total += value
            readings.append(reading(f"MTR-{n}", a, b, value))
    tables = {
        "equipment": [solar_unit(f"PV-{n}", n, peak) for n, peak in enumerate(peaks, 1)],
        "meters": [meter(f"MTR-{n}", n) for n in (1, 2)],
        "points": [point(n, "EG", f"PV-{n}", f"MTR-{n}") for n in (1, 2)],
        "readings": readings,
    }
    gains = {"MTR-1": GAIN_SOLAR, "MTR-2": GAIN_SOLAR}
    return plant_of("readings sheet", rng, SOLAR, span, total / 1000 * EF_SOLAR, site, tables, [], gains)
