"""Faults of registers and of what is typed on the sheet Readings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from seeded_faults.fault import YEAR, Fault, Rng, kind, pick
from seeded_faults.plant import STAMP, Cells, Plant


def _register(plant: Plant, rng: Rng) -> str:
    return pick(rng, plant.read("register") + plant.logged(register=True))


def _middle(rng: Rng, count: int) -> int:
    return int(rng.integers(count // 4 + 1, max(count * 3 // 4, count // 4 + 2)))


def _rewrite(plant: Plant, meter: str, first: int | None, rng: Rng, to: Callable[[float], float]) -> Fault:
    """Change what a register shows from a random reading on (or from ``first``), in the log or on the sheet."""
    if meter in plant.logged(register=True):
        log = plant.log_of(meter)
        at = log.column(meter)
        start = _middle(rng, len(log.rows)) if first is None else first
        moment = log.stamp(start)
        fault = Fault({meter}, {log.name}, [(start + 1, start + 3)], span=(moment - timedelta(hours=2), moment))
        for line in log.rows[start:]:
            line[at] = f"{to(float(line[at])):.3f}"
        for reading in plant.readings(meter):  # read by hand from the same register
            if reading["end"] >= moment:
                reading["value"] = round(to(reading["value"]), 3)
                fault.cells.add(("Readings", plant.number("readings", reading)))
        return fault
    rows = plant.readings(meter)
    start = _middle(rng, len(rows)) if first is None else first
    fault = Fault({meter}, span=(rows[max(start - 1, 0)]["end"], rows[start]["end"]))
    fault.cells = {("Readings", plant.number("readings", row)) for row in rows[max(start - 1, 0) : start + 1]}
    for row in rows[start:]:
        row["value"] = round(to(row["value"]), 2)
    return fault


def _shown(plant: Plant, meter: str) -> list[float]:
    if meter in plant.logged(register=True):
        return plant.log_of(meter).numbers(meter)
    return [float(row["value"]) for row in plant.readings(meter)]


@kind("rollover that nobody stated")
def rollover(plant: Plant, rng: Rng) -> Fault:
    """The register starts again at 0 in the period; how many digits it has is not said."""
    meter = _register(plant, rng)
    shown = _shown(plant, meter)
    start = _middle(rng, len(shown))
    size = 10.0 ** len(str(int(max(shown))))
    lift = size - shown[start] + (shown[start] - shown[start - 1]) * float(rng.uniform(0.1, 0.9))
    _rewrite(plant, meter, 0, rng, lambda value: value + lift)
    fault = _rewrite(plant, meter, start, rng, lambda value: value - size)
    plant.row("meters", meter)["register_digits"] = None
    return fault


@kind("register reset to 0")
def reset(plant: Plant, rng: Rng) -> Fault:
    meter = _register(plant, rng)
    shown = _shown(plant, meter)
    start = _middle(rng, len(shown))
    base = shown[start] - (shown[start] - shown[start - 1]) * float(rng.uniform(0, 1))
    return _rewrite(plant, meter, start, rng, lambda value: value - base)


@kind("meter swapped without readings")
def swapped_meter(plant: Plant, rng: Rng) -> Fault:
    """The new register starts anywhere; the sheet Meters knows only the old one."""
    meter = _register(plant, rng)
    shown = _shown(plant, meter)
    start = _middle(rng, len(shown))
    other = float(rng.integers(0, 700_000))
    offset = other - shown[start]
    fault = _rewrite(plant, meter, start, rng, lambda value: value + offset)
    whole = shown[-1] - shown[0]
    fault.size, fault.permissible = abs(offset) / whole, plant.error_of(meter)
    return fault


@kind("digit of a register wrong")
def typed_wrong(plant: Plant, rng: Rng) -> Fault:
    """One reading with two digits exchanged, a digit lost, or one too many."""
    meter = pick(rng, plant.read("register"))
    rows = plant.readings(meter)
    at = _middle(rng, len(rows))
    old = f"{rows[at]['value']:.2f}"
    before, behind = old.split(".")
    place = int(rng.integers(0, len(before) - 1))
    way = int(rng.integers(3))
    if way == 0:
        new = before[:place] + before[place + 1] + before[place] + before[place + 2 :]
    elif way == 1:
        new = before[:place] + before[place + 1 :]
    else:
        new = before[:place] + before[place] + before[place:]
    value = float(f"{new}.{behind}")
    if value == rows[at]["value"]:
        value += 10_000.0
    month = max(rows[at]["value"] - rows[at - 1]["value"], 1e-9)
    size = abs(value - rows[at]["value"]) / month
    rows[at]["value"] = value
    cells = {("Readings", plant.number("readings", row)) for row in rows[at - 1 : at + 2]}
    span = rows[at - 1]["end"], rows[at + 1]["end"]
    return Fault({meter}, cells=cells, span=span, size=size, permissible=plant.error_of(meter))


@kind("last reading of a register wrong")
def last_wrong(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, plant.read("register"))
    rows = plant.readings(meter)
    steps = [b["value"] - a["value"] for a, b in pairwise(rows)]
    off = round(max(steps) * float(rng.choice([-0.5, 0.5, 1, 3, 10, 100])), 2)
    rows[-1]["value"] = round(rows[-1]["value"] + off, 2)
    cells = {("Readings", plant.number("readings", row)) for row in rows[-2:]}
    return Fault({meter}, cells=cells, span=(rows[-2]["end"], rows[-1]["end"]), size=abs(off) / sum(steps),
                 permissible=plant.error_of(meter))  # fmt: skip


@kind("digits of the register stated wrong")
def digits(plant: Plant, rng: Rng) -> Fault:
    meter = _register(plant, rng)
    row = plant.row("meters", meter)
    row["register_digits"] = len(str(int(max(_shown(plant, meter))))) - 1
    fault = Fault({meter}, cells={("Meters", plant.number("meters", row))})
    fault.cells |= {("Readings", plant.number("readings", reading)) for reading in plant.readings(meter)}
    if meter in plant.logged(register=True):
        fault.files.add(plant.log_of(meter).name)
    return fault


def _months(plant: Plant, rng: Rng) -> tuple[str, list[Cells], int]:
    meter = pick(rng, plant.read("energy"))
    rows = plant.readings(meter)
    return meter, rows, int(rng.integers(1, len(rows)))


def _reading(plant: Plant, row: Cells, size: float) -> Fault:
    meter = str(row["meter_id"])
    cells = {("Readings", plant.number("readings", row))}
    return Fault({meter}, cells=cells, span=(row["start"], row["end"]), size=size, permissible=plant.error_of(meter))


@kind("month entered twice")
def month_twice(plant: Plant, rng: Rng) -> Fault:
    """Once more as it is, or with another value."""
    _, rows, at = _months(plant, rng)
    again = dict(rows[at])
    if rng.random() < 0.5:
        again["value"] = round(again["value"] * float(rng.choice([0.5, 0.98, 1.05, 1.5])), 1)
    plant.tables["readings"].append(again)
    fault = _reading(plant, again, 1.0)
    fault.cells.add(("Readings", plant.number("readings", rows[at])))
    return fault


@kind("month typed into the next")
def month_copied(plant: Plant, rng: Rng) -> Fault:
    _, rows, at = _months(plant, rng)
    size = abs(rows[at - 1]["value"] / rows[at]["value"] - 1)
    rows[at]["value"] = rows[at - 1]["value"]
    fault = _reading(plant, rows[at], size)
    fault.cells.add(("Readings", plant.number("readings", rows[at - 1])))
    return fault


@kind("month set to 0")
def month_zero(plant: Plant, rng: Rng) -> Fault:
    _, rows, at = _months(plant, rng)
    rows[at]["value"] = 0.0
    return _reading(plant, rows[at], 1.0)


@kind("month left out")
def month_missing(plant: Plant, rng: Rng) -> Fault:
    meter, rows, at = _months(plant, rng)
    span = rows[at]["start"], rows[at]["end"]
    plant.tables["readings"].remove(rows[at])
    return Fault({meter}, span=span, size=1.0)


@kind("unit of a reading: MWh for kWh")
def reading_unit(plant: Plant, rng: Rng) -> Fault:
    meter, rows, at = _months(plant, rng)
    if rng.random() < 0.5:
        rows[at]["unit"] = "MWh"
        return _reading(plant, rows[at], 1.0)
    for row in rows:
        row["unit"] = "MWh"
    return Fault({meter}, codes=YEAR, size=1.0)


@kind("factor on one month")
def month_factor(plant: Plant, rng: Rng) -> Fault:
    _, rows, at = _months(plant, rng)
    rows[at]["value"] = round(rows[at]["value"] * float(rng.choice([0.1, 10, 1000, 0.001, 3.6, 1 / 3.6])), 1)
    return _reading(plant, rows[at], 1.0)


@kind("text in a reading")
def reading_text(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, plant.read("energy") + plant.read("register"))
    rows = plant.readings(meter)
    row = rows[int(rng.integers(1, len(rows)))]
    row["value"] = str(rng.choice(["n/a", "-", "1.2.3", "12,3,4", "approx. 500", "#DIV/0!", "#REF!"]))
    return Fault({meter}, cells={("Readings", plant.number("readings", row))})


@kind("reading by hand contradicts the log")
def against_log(plant: Plant, rng: Rng) -> Fault:
    """One of them is wrong: the log in a span, after which it goes on from there, or one reading."""
    meter = pick(rng, plant.logged(register=True))
    rows = plant.readings(meter)
    at = int(rng.integers(1, len(rows)))
    step = rows[at]["value"] - rows[at - 1]["value"]
    off = step * float(rng.choice([-1, 1])) * float(rng.uniform(0.01, 0.5))
    cells = {("Readings", plant.number("readings", row)) for row in rows[at - 1 : at + 2]}
    fault = Fault({meter}, {plant.log_of(meter).name}, cells=cells, span=(rows[at - 1]["end"], rows[at]["end"]))
    fault.size, fault.permissible = abs(off) / step, plant.error_of(meter)
    if rng.random() < 0.5:
        rows[at]["value"] = round(rows[at]["value"] + off, 3)
        return fault
    log = plant.log_of(meter)
    column, moments = log.column(meter), [datetime.strptime(row[0], STAMP) for row in log.rows]
    for line, moment in zip(log.rows, moments, strict=True):
        done = (moment - rows[at - 1]["end"]) / (rows[at]["end"] - rows[at - 1]["end"])
        if done > 0:
            line[column] = f"{float(line[column]) + off * min(done, 1.0):.3f}"
    return fault
