"""The kinds of clean cases. Each has a truth worked out here, not by the engine.

Solar: ER = EG x EF. Air conditioners in ratio form: ER = EC x (COP_PJ / COP_RE - 1) x EF, which rises with EC.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import accumulate, pairwise

import numpy as np

from seeded_faults.plant import STAMP, Cells, Log, Plant
from seeded_faults.shapes import Floats, cooling, factory, generation, instants, sun
from seeded_faults.sheets import (
    COOLING,
    EF_COOLING,
    EF_SOLAR,
    SOLAR,
    Span,
    calibration,
    cooling_unit,
    estimates,
    fixed,
    log_row,
    meter,
    period,
    point,
    project,
    remaining,
    solar_unit,
)

Rng = np.random.Generator
GAIN_SOLAR = EF_SOLAR / 1000  # tCO2e/kWh


def _begin(rng: Rng, months: int) -> Span:
    return period(datetime(2023 + int(rng.integers(2)), 1 + int(rng.integers(13 - months)), 1), months)


def _site(rng: Rng, method: str) -> tuple[float, float]:
    if method == SOLAR:
        return round(float(rng.uniform(10, 21)), 2), round(float(rng.uniform(105, 108)), 2)
    return round(float(rng.uniform(-8, -5)), 2), round(float(rng.uniform(106, 110)), 2)


def _texts(values: Floats, decimals: int = 3) -> list[str]:
    return [f"{value:.{decimals}f}" for value in values]


def _log(name: str, times: list[datetime], columns: dict[str, tuple[str, list[str]]], minutes: int) -> Log:
    """A log of several columns: heading -> (meter, values as written)."""
    stamps = [t.strftime(STAMP) for t in times]
    rows = [list(row) for row in zip(stamps, *(texts for _, texts in columns.values()), strict=True)]
    return Log(name, {heading: meter for heading, (meter, _) in columns.items()}, rows, minutes)


def _sum(texts: list[str]) -> float:
    return float(np.sum([float(text) for text in texts]))


def _plant(
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


def _sunny(rng: Rng, span: Span, minutes: int, site: tuple[float, float], peak: float) -> tuple[list[datetime], Floats]:
    times = instants(span.start, span.end, minutes)
    return times, generation(sun(times, minutes, *site, 7.0), times, peak * 0.9, rng)


# --- solar ---------------------------------------------------------------------------


def solar_log(rng: Rng) -> Plant:
    """Mean power [kW] every 15 minutes of one plant."""
    span, site, peak = _begin(rng, 2), _site(rng, SOLAR), float(rng.integers(200, 3000))
    times, power = _sunny(rng, span, 15, site, peak)
    texts = _texts(power)
    log = _log("inverter.csv", times, {"P_AC": ("MTR-1", texts)}, 15)
    tables = {
        "equipment": [solar_unit("PV-1", 1, peak)],
        "meters": [meter("MTR-1", 1)],
        "points": [point(1, "EG", "PV-1", "MTR-1")],
        "logs": [log_row(log, "MTR-1", "power", "kW")],
    }
    truth = _sum(texts) / 4 / 1000 * EF_SOLAR
    return _plant("solar log", rng, SOLAR, span, truth, site, tables, [log], {"MTR-1": GAIN_SOLAR})


def wide_export(rng: Rng) -> Plant:
    """Four plants in one wide file, energy [kWh] every 30 minutes."""
    span, site, count = _begin(rng, 2), _site(rng, SOLAR), 4
    columns: dict[str, tuple[str, list[str]]] = {}
    times: list[datetime] = []
    peaks = [float(rng.integers(100, 900)) for _ in range(count)]
    for n, peak in enumerate(peaks, 1):
        times, power = _sunny(rng, span, 30, site, peak)
        columns[f"INV{n} energy"] = (f"MTR-{n}", _texts(power / 2))
    log = _log("export.csv", times, columns, 30)
    numbers = range(1, count + 1)
    tables = {
        "equipment": [solar_unit(f"PV-{n}", n, peaks[n - 1]) for n in numbers],
        "meters": [meter(f"MTR-{n}", n) for n in numbers],
        "points": [point(n, "EG", f"PV-{n}", f"MTR-{n}") for n in numbers],
        "logs": [log_row(log, f"MTR-{n}", "energy", "kWh") for n in numbers],
    }
    truth = sum(_sum(texts) for _, texts in columns.values()) / 1000 * EF_SOLAR
    return _plant(
        "wide export", rng, SOLAR, span, truth, site, tables, [log], {f"MTR-{n}": GAIN_SOLAR for n in numbers}
    )


def main_minus_sub(rng: Rng) -> Plant:
    """Generation minus what the plant's own cooling takes: two logs, kWh per hour."""
    span, site, peak = _begin(rng, 3), _site(rng, SOLAR), float(rng.integers(500, 3000))
    times, power = _sunny(rng, span, 60, site, peak)
    main, sub = _texts(power), _texts(cooling(times, peak * 0.02, rng), 2)
    one = _log("main.csv", times, {"E": ("MTR-1", main)}, 60)
    other = _log("auxiliary.csv", times, {"E": ("MTR-2", sub)}, 60)
    tables = {
        "equipment": [solar_unit("PV-1", 1, peak)],
        "meters": [meter("MTR-1", 1), meter("MTR-2", 2)],
        "points": [point(1, "EG", "PV-1", "MTR-1"), point(1, "EG", "PV-1", "MTR-2", "-")],
        "logs": [log_row(one, "MTR-1", "energy", "kWh"), log_row(other, "MTR-2", "energy", "kWh")],
    }
    truth = (_sum(main) - _sum(sub)) / 1000 * EF_SOLAR
    gains = {"MTR-1": GAIN_SOLAR, "MTR-2": -GAIN_SOLAR}
    return _plant("main minus sub", rng, SOLAR, span, truth, site, tables, [one, other], gains)


def check_meter(rng: Rng) -> Plant:
    """A plant with a check meter beside its meter, kWh per half hour; both are right within 0.1 %."""
    span, site, peak = _begin(rng, 2), _site(rng, SOLAR), float(rng.integers(300, 3000))
    times, power = _sunny(rng, span, 30, site, peak)
    texts = _texts(power / 2)
    beside = _texts(power / 2 * (1 + rng.uniform(-0.001, 0.001)))
    one = _log("meter.csv", times, {"E": ("MTR-1", texts)}, 30)
    other = _log("check.csv", times, {"E": ("MTR-1C", beside)}, 30)
    tables = {
        "equipment": [solar_unit("PV-1", 1, peak)],
        "meters": [meter("MTR-1", 1), meter("MTR-1C", 2, checks="MTR-1")],
        "points": [point(1, "EG", "PV-1", "MTR-1")],
        "logs": [log_row(one, "MTR-1", "energy", "kWh"), log_row(other, "MTR-1C", "energy", "kWh")],
    }
    truth = _sum(texts) / 1000 * EF_SOLAR
    gains = {"MTR-1": GAIN_SOLAR, "MTR-1C": 0.0}
    plant = _plant("check meter", rng, SOLAR, span, truth, site, tables, [one, other], gains)
    plant.uncertain = 0.001
    return plant


def readings_sheet(rng: Rng) -> Plant:
    """Two plants, one reading of energy [kWh] a month on the sheet Readings, for a year."""
    span, site = period(datetime(2024, 1, 1), 12), _site(rng, SOLAR)
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
    return _plant("readings sheet", rng, SOLAR, span, total / 1000 * EF_SOLAR, site, tables, [], gains)


# --- cooling -------------------------------------------------------------------------


def reading(name: str, start: datetime | None, end: datetime, value: float) -> Cells:
    """A row of Readings: energy of an interval, or without a start the register at a moment."""
    kind = "register" if start is None else "energy"
    return {"meter_id": name, "kind": kind, "start": start, "end": end, "value": value, "unit": "kWh"}


def _gain(cop: tuple[float, float]) -> float:
    """Tonnes per kWh of an air conditioner in ratio form."""
    return (cop[0] / cop[1] - 1) * EF_COOLING / 1000


def _cop(rng: Rng) -> tuple[float, float]:
    return round(float(rng.uniform(4.0, 5.0)), 2), round(float(rng.uniform(2.8, 3.5)), 2)


def hourly_cooling(rng: Rng) -> Plant:
    """Two chillers in one file, kWh per hour, for half a year."""
    span, site = _begin(rng, 6), _site(rng, COOLING)
    times = instants(span.start, span.end, 60)
    means = [float(rng.uniform(20, 150)) for _ in range(2)]
    cops = [_cop(rng) for _ in means]
    texts = [_texts(cooling(times, mean, rng), 2) for mean in means]
    highest = [float(round(1.3 * max(float(v) for v in t))) for t in texts]
    log = _log("bms.csv", times, {f"CH-{n}": (f"MTR-{n}", t) for n, t in enumerate(texts, 1)}, 60)
    tables = {
        "equipment": [cooling_unit(f"AC-{n}", n, round(means[n - 1] * 8), cops[n - 1]) for n in (1, 2)],
        "meters": [meter(f"MTR-{n}", n, highest_rate=highest[n - 1], highest_rate_unit="kW") for n in (1, 2)],
        "points": [point(n, "EC_PJ", f"AC-{n}", f"MTR-{n}") for n in (1, 2)],
        "logs": [log_row(log, f"MTR-{n}", "energy", "kWh") for n in (1, 2)],
    }
    gains = {f"MTR-{n}": _gain(cop) for n, cop in enumerate(cops, 1)}
    truth = sum(_sum(t) * gain for t, gain in zip(texts, gains.values(), strict=True))
    return _plant("hourly cooling", rng, COOLING, span, truth, site, tables, [log], gains)


def _register(start: float, amounts: list[float], factor: float, decimals: int) -> list[float]:
    """What a register shows, cut off at its last decimal, after each amount [kWh behind the transformers]."""
    scale = 10**decimals
    return [int(value * scale) / scale for value in accumulate([start, *(a / factor for a in amounts)])]


def factory_registers(rng: Rng) -> Plant:
    """A factory's cooling: registers read at midnight of every day, on the sheet Readings."""
    span, site = _begin(rng, 4), _site(rng, COOLING)
    tables, gains, total = _registers(rng, span, span.days(), (1.0, 1.0))
    return _plant("factory registers", rng, COOLING, span, total, site, tables, [], gains)


def monthly_registers(rng: Rng) -> Plant:
    """The same read once a month for a year, with transformers of 40 to 400."""
    span, site = period(datetime(2024, 1, 1), 12), _site(rng, COOLING)
    factors = (float(rng.choice([40, 60, 80, 120])), float(rng.choice([160, 200, 300, 400])))
    tables, gains, total = _registers(rng, span, span.months(), factors)
    return _plant("monthly registers", rng, COOLING, span, total, site, tables, [], gains)


def _registers(
    rng: Rng, span: Span, moments: list[datetime], factors: tuple[float, float]
) -> tuple[dict[str, list[Cells]], dict[str, float], float]:
    """Two machines on registers read at some moments; the tables, what a kWh adds, and the true ER."""
    readings: list[Cells] = []
    meters, units = [], []
    gains: dict[str, float] = {}
    total = 0.0
    for n, factor in enumerate(factors, 1):
        mean, cop = float(rng.uniform(8, 20)) * factor**0.7, _cop(rng)
        times = instants(span.start, span.end, 60)
        power = factory(times, mean, rng)
        day = [t.toordinal() for t in times]
        amounts = [
            float(power[np.searchsorted(day, a.toordinal()) : np.searchsorted(day, b.toordinal())].sum())
            for a, b in pairwise(moments)
        ]
        shown = _register(float(rng.integers(20_000, 300_000)), amounts, factor, 2)
        readings += [reading(f"MTR-{n}", None, t, value) for t, value in zip(moments, shown, strict=True)]
        meters.append(meter(f"MTR-{n}", n, factor=factor, register_digits=6))
        units.append(cooling_unit(f"AC-{n}", n, round(mean * 8), cop))
        gains[f"MTR-{n}"] = _gain(cop)
        total += (shown[-1] - shown[0]) * factor * _gain(cop)
    points = [point(n, "EC_PJ", f"AC-{n}", f"MTR-{n}") for n in (1, 2)]
    return {"equipment": units, "meters": meters, "points": points, "readings": readings}, gains, total


def invoiced(rng: Rng) -> Plant:
    """Monthly registers beside the supplier's invoices, which agree within 0.3 %."""
    span, site = period(datetime(2024, 1, 1), 12), _site(rng, COOLING)
    moments = span.months()
    tables, gains, total = _registers(rng, span, moments, (1.0, 1.0))
    invoices: list[Cells] = []
    for n in (1, 2):
        shown = [row["value"] for row in tables["readings"] if row["meter_id"] == f"MTR-{n}"]
        other = 1 + float(rng.uniform(-0.003, 0.003))
        for k, (a, b) in enumerate(pairwise(moments)):
            amount = round((shown[k + 1] - shown[k]) * other, 0)
            invoices.append(invoice(f"MTR-{n}", k, a, b, amount))
    tables["invoices"] = invoices
    plant = _plant("invoices", rng, COOLING, span, total, site, tables, [], gains)
    plant.uncertain = 0.0035  # and whole kWh
    return plant


def invoice(name: str, number: int, start: datetime, end: datetime, value: float) -> Cells:
    """A row of Invoices."""
    return {
        "invoice_no": f"{name}-{number:03d}", "supplier": "Example supplier (illustrative)", "meter_id": name,
        "start": start, "end": end, "value": value, "unit": "kWh", "evidence": "D-02",
    }  # fmt: skip


def transformer_log(rng: Rng) -> Plant:
    """A register behind transformers, logged every hour without their factor, and read by hand every month."""
    span, site = _begin(rng, 4), _site(rng, COOLING)
    factor = float(rng.choice([40, 60, 80, 120, 160, 200, 400]))
    mean, cop = float(rng.uniform(2, 6)) * factor, _cop(rng)
    times = [*instants(span.start, span.end, 60), span.end]
    amounts = factory(times[:-1], mean, rng).tolist()
    shown = _register(float(rng.integers(10_000, 200_000)), amounts, factor, 3)
    log = _log("register.csv", times, {"Wh_total": ("MTR-1", [f"{v:.3f}" for v in shown])}, 60)
    at = dict(zip(times, shown, strict=True))
    tables = {
        "equipment": [cooling_unit("AC-1", 1, round(mean * 8), cop)],
        "meters": [
            meter(
                "MTR-1",
                1,
                factor=factor,
                register_digits=6,
                highest_rate=float(round(max(amounts) * 1.4)),
                highest_rate_unit="kW",
            )
        ],
        "points": [point(1, "EC_PJ", "AC-1", "MTR-1")],
        "logs": [log_row(log, "MTR-1", "register", "kWh", included=False)],
        "readings": [reading("MTR-1", None, t, at[t]) for t in span.months()],
    }
    truth = (shown[-1] - shown[0]) * factor * _gain(cop)
    return _plant("transformer log", rng, COOLING, span, truth, site, tables, [log], {"MTR-1": _gain(cop)})


PLANTS: dict[str, Callable[[Rng], Plant]] = {
    "solar log": solar_log,
    "wide export": wide_export,
    "main minus sub": main_minus_sub,
    "check meter": check_meter,
    "readings sheet": readings_sheet,
    "hourly cooling": hourly_cooling,
    "factory registers": factory_registers,
    "monthly registers": monthly_registers,
    "invoices": invoiced,
    "transformer log": transformer_log,
}
"""The kinds of clean cases by name."""
