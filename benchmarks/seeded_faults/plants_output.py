"""Clean cases in output form: ER = (P x SEC_RE - EC) x EF rises with the output and falls with the consumption."""

from __future__ import annotations

from itertools import pairwise

from seeded_faults.plant import Plant
from seeded_faults.plant_parts import Rng, begin, log_of, plant_of, reading, site_of, sum_of, texts_of
from seeded_faults.shapes import factory, instants
from seeded_faults.sheets import EF_COOLING, OUTPUT, SEC_REFERENCE, log_row, machine, meter, point


def machines(rng: Rng) -> Plant:
    """Two machines on an hourly log [kWh], and the weight of what they make, one reading [t] a month."""
    span, site = begin(rng, 4), site_of(rng, OUTPUT)
    times = instants(span.start, span.end, 60)
    power = [factory(times, float(rng.uniform(80, 400)), rng) for _ in range(2)]
    texts = [texts_of(p, 2) for p in power]
    highest = [float(round(1.3 * max(p))) for p in power]
    log = log_of("machines.csv", times, {f"M{n}": (f"MTR-{n}", t) for n, t in enumerate(texts, 1)}, 60)
    readings, output = [], 0.0
    for start, end in pairwise(span.months()):
        used = sum(float(p) for one in power for t, p in zip(times, one, strict=True) if start <= t < end) / 1000
        made = round(used / SEC_REFERENCE * float(rng.uniform(1.35, 1.5)), 2)
        readings.append({**reading("SCALE", start, end, made), "unit": "t"})
        output += made
    tables = {
        "equipment": [machine(f"MC-{n}", n, highest[n - 1]) for n in (1, 2)],
        "meters": [
            *(meter(f"MTR-{n}", n, highest_rate=highest[n - 1], highest_rate_unit="kW") for n in (1, 2)),
            meter("SCALE", 3, unit="t"),
        ],
        "points": [
            *(point(n, "EC_PJ", f"MC-{n}", f"MTR-{n}") for n in (1, 2)),
            point(3, "P_mass", "A", "SCALE"),
        ],
        "logs": [log_row(log, f"MTR-{n}", "energy", "kWh") for n in (1, 2)],
        "readings": readings,
    }
    gains = {"MTR-1": -EF_COOLING / 1000, "MTR-2": -EF_COOLING / 1000, "SCALE": SEC_REFERENCE * EF_COOLING}
    truth = output * gains["SCALE"] + sum(sum_of(t) for t in texts) * gains["MTR-1"]
    return plant_of("output and machines", rng, OUTPUT, span, truth, site, tables, [log], gains)
