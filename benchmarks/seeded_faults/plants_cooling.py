"""Clean cases of air conditioners in ratio form.

ER = EC x (COP_PJ / COP_RE - 1) x EF, which rises with EC; the truth is worked
out here, not by the engine.
"""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate, pairwise

import numpy as np

from seeded_faults.plant import Cells, Plant
from seeded_faults.plant_parts import Rng, begin, log_of, plant_of, reading, site_of, sum_of, texts_of
from seeded_faults.shapes import cooling, factory, instants
from seeded_faults.sheets import COOLING, EF_COOLING, Span, cooling_unit, log_row, meter, period, point


def _gain(cop: tuple[float, float]) -> float:
    """Tonnes per kWh of an air conditioner in ratio form."""
    return (cop[0] / cop[1] - 1) * EF_COOLING / 1000


def _cop(rng: Rng) -> tuple[float, float]:
    return round(float(rng.uniform(4.0, 5.0)), 2), round(float(rng.uniform(2.8, 3.5)), 2)


def hourly_cooling(rng: Rng) -> Plant:
    """Two chillers in one file, kWh per hour, for half a year."""
    span, site = begin(rng, 6), site_of(rng, COOLING)
    times = instants(span.start, span.end, 60)
    means = [float(rng.uniform(20, 150)) for _ in range(2)]
    cops = [_cop(rng) for _ in means]
    texts = [texts_of(cooling(times, mean, rng), 2) for mean in means]
    highest = [float(round(1.3 * max(float(v) for v in t))) for t in texts]
    log = log_of("bms.csv", times, {f"CH-{n}": (f"MTR-{n}", t) for n, t in enumerate(texts, 1)}, 60)
    tables = {
        "equipment": [cooling_unit(f"AC-{n}", n, round(means[n - 1] * 8), cops[n - 1]) for n in (1, 2)],
        "meters": [meter(f"MTR-{n}", n, highest_rate=highest[n - 1], highest_rate_unit="kW") for n in (1, 2)],
        "points": [point(n, "EC_PJ", f"AC-{n}", f"MTR-{n}") for n in (1, 2)],
        "logs": [log_row(log, f"MTR-{n}", "energy", "kWh") for n in (1, 2)],
    }
    gains = {f"MTR-{n}": _gain(cop) for n, cop in enumerate(cops, 1)}
    truth = sum(sum_of(t) * gain for t, gain in zip(texts, gains.values(), strict=True))
    return plant_of("hourly cooling", rng, COOLING, span, truth, site, tables, [log], gains)


def _register(start: float, amounts: list[float], factor: float, decimals: int) -> list[float]:
    """What a register shows, cut off at its last decimal, after each amount [kWh behind the transformers]."""
    scale = 10**decimals
    return [int(value * scale) / scale for value in accumulate([start, *(a / factor for a in amounts)])]


def factory_registers(rng: Rng) -> Plant:
    """A factory's cooling: registers read at midnight of every day, on the sheet Readings."""
    span, site = begin(rng, 4), site_of(rng, COOLING)
    tables, gains, total = _registers(rng, span, span.days(), (1.0, 1.0))
    return plant_of("factory registers", rng, COOLING, span, total, site, tables, [], gains)


def monthly_registers(rng: Rng) -> Plant:
    """The same read once a month for a year, with transformers of 40 to 400."""
    span, site = period(datetime(2024, 1, 1), 12), site_of(rng, COOLING)
    factors = (float(rng.choice([40, 60, 80, 120])), float(rng.choice([160, 200, 300, 400])))
    tables, gains, total = _registers(rng, span, span.months(), factors)
    return plant_of("monthly registers", rng, COOLING, span, total, site, tables, [], gains)


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
    span, site = period(datetime(2024, 1, 1), 12), site_of(rng, COOLING)
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
    plant = plant_of("invoices", rng, COOLING, span, total, site, tables, [], gains)
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
    span, site = begin(rng, 4), site_of(rng, COOLING)
    factor = float(rng.choice([40, 60, 80, 120, 160, 200, 400]))
    mean, cop = float(rng.uniform(2, 6)) * factor, _cop(rng)
    times = [*instants(span.start, span.end, 60), span.end]
    amounts = factory(times[:-1], mean, rng).tolist()
    shown = _register(float(rng.integers(10_000, 200_000)), amounts, factor, 3)
    log = log_of("register.csv", times, {"kWh_total": ("MTR-1", [f"{v:.3f}" for v in shown])}, 60)
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
    return plant_of("transformer log", rng, COOLING, span, truth, site, tables, [log], {"MTR-1": _gain(cop)})
