"""Faults of the whole log: times, units, transformer factor, sign, columns."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from seeded_faults.fault import YEAR, DoesNotApply, Fault, Rng, kind, pick
from seeded_faults.log_edits import all_meters, change, rows_fault
from seeded_faults.plant import STAMP, Log, Plant


def _whole(plant: Plant, meter: str, size: float | None) -> Fault:
    """A fault of all values of a meter's log, stated in its row of Logs."""
    return Fault({meter}, {plant.log_of(meter).name}, codes=YEAR, size=size, permissible=plant.error_of(meter))


@kind("time zone shifted by 7 h")
def zone(plant: Plant, rng: Rng) -> Fault:
    """The log is in local time; its row says UTC, or the other way round."""
    meter = pick(rng, plant.logged())
    log = plant.log_of(meter)
    if rng.random() < 0.5:
        for entry in plant.tables["logs"]:
            if entry["file"] == log.name:
                entry["time_zone"] = "UTC"
    else:
        for number, row in enumerate(log.rows):
            row[0] = (log.stamp(number) - timedelta(hours=7)).strftime(STAMP)
    return all_meters(_whole(plant, meter, None), log)


@kind("clock shifted by 1 h from a day on")
def summer_time(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, plant.logged())
    log = plant.log_of(meter)
    first = int(rng.integers(len(log.rows) // 5, len(log.rows) * 4 // 5))
    by = timedelta(hours=1 if rng.random() < 0.5 else -1)
    fault = all_meters(rows_fault(plant, log, meter, (first, len(log.rows)), None), log)
    for number in range(first, len(log.rows)):
        log.rows[number][0] = (log.stamp(number) + by).strftime(STAMP)
    return fault


@kind("unit of power: W for kW or kW for W")
def power_unit(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, [m for m in plant.logged() if plant.row("logs", m)["kind"] == "power"])
    log = plant.log_of(meter)
    if rng.random() < 0.5:
        plant.row("logs", meter)["unit"] = "W"
    else:
        change(log, meter, (0, len(log.rows)), lambda value: value * 1000)
    return _whole(plant, meter, 1.0)


@kind("unit of energy: MWh for kWh or kWh for MWh")
def energy_unit(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, [m for m in plant.logged() if plant.row("logs", m)["kind"] == "energy"])
    log = plant.log_of(meter)
    if rng.random() < 0.5:
        plant.row("logs", meter)["unit"] = "MWh"
    else:
        change(log, meter, (0, len(log.rows)), lambda value: value / 1000)
    return _whole(plant, meter, 1.0)


def _transformed(plant: Plant, rng: Rng) -> str:
    return pick(rng, [m for m in plant.claimed() if plant.row("meters", m)["transformer_factor"] != 1])


@kind("transformer factor applied twice")
def factor_twice(plant: Plant, rng: Rng) -> Fault:
    """The log or the readings hold it already, and it is applied again."""
    meter = _transformed(plant, rng)
    factor = plant.row("meters", meter)["transformer_factor"]
    if meter in plant.logged(register=True):
        log = plant.log_of(meter)
        change(log, meter, (0, len(log.rows)), lambda value: value * factor)
        plant.row("meters", meter)["register_digits"] = 9
        return _whole(plant, meter, 1.0)
    for row in plant.readings(meter):
        row["value"] = round(row["value"] * factor, 2)
    plant.row("meters", meter)["register_digits"] = 9
    return Fault({meter}, codes=YEAR, size=1.0)


@kind("transformer factor never applied")
def factor_never(plant: Plant, rng: Rng) -> Fault:
    meter = _transformed(plant, rng)
    if meter in plant.logged(register=True) and rng.random() < 0.5:
        plant.row("logs", meter)["transformer_factor_included"] = "yes"
        return _whole(plant, meter, 1.0)
    plant.row("meters", meter)["transformer_factor"] = 1
    return Fault({meter}, codes=YEAR, size=1.0)


@kind("wrong sign")
def wrong_sign(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, plant.claimed())
    if meter in plant.logged() and rng.random() < 0.5:
        log = plant.log_of(meter)
        change(log, meter, (0, len(log.rows)), lambda value: -value)
        return _whole(plant, meter, 2.0)
    row = plant.row("points", meter)
    row["sign"] = "-" if row["sign"] == "+" else "+"
    # What the claim then has of its equipment is named, not the meter itself.
    return Fault({meter, row["applies_to"]}, codes=YEAR, size=2.0)


@kind("second file overlaps in another unit")
def second_file(plant: Plant, rng: Rng) -> Fault:
    """A later export repeats some weeks; its values are larger by a factor that its row of Logs does not tell."""
    return _again(plant, rng, float(rng.choice([1000, 0.001, 3.6, 10])))


@kind("second file overlaps and agrees")
def same_again(plant: Plant, rng: Rng) -> Fault:
    """Nothing is lost or counted twice where the rows are the same."""
    return _again(plant, rng, 1.0)


def _again(plant: Plant, rng: Rng, factor: float) -> Fault:
    """Split a log in two files; the second begins some weeks before the first ends."""
    meter = pick(rng, plant.logged())
    log = plant.log_of(meter)
    middle = int(rng.integers(len(log.rows) // 2, len(log.rows) * 3 // 4))
    begin = middle - int(rng.integers(100, len(log.rows) // 3))
    fault = all_meters(rows_fault(plant, log, meter, (begin, middle), 1.0), log)
    later = Log(f"later_{log.name}", log.columns, [list(row) for row in log.rows[begin:]], log.minutes)
    for name in log.columns.values():
        if factor != 1:
            change(later, name, (0, len(later.rows)), lambda value: value * factor)
    del log.rows[middle:]
    plant.logs[later.name] = later
    rows = [row for row in plant.tables["logs"] if row["file"] == log.name]
    plant.tables["logs"] += [{**row, "log_id": f"{row['log_id']}-2", "file": later.name} for row in rows]
    fault.files.add(later.name)
    fault.lines.append((2, middle - begin + 2))
    return fault


def _pair(plant: Plant) -> tuple[Log, list[str]]:
    logs = [log for log in plant.logs.values() if len(log.columns) > 1]
    if not logs:
        raise DoesNotApply
    return logs[0], list(logs[0].columns.values())


@kind("columns of two meters swapped")
def swapped(plant: Plant, rng: Rng) -> Fault:
    """From a day on, or all the time."""
    log, meters = _pair(plant)
    one, other = (str(m) for m in rng.choice(meters, 2, replace=False))
    a, b = log.column(one), log.column(other)
    first = 0 if rng.random() < 0.3 else int(rng.integers(1, len(log.rows) * 4 // 5))
    part = log.rows[first:]
    moved = sum(float(row[a]) - float(row[b]) for row in part)
    # What it does to ER: nothing, where a kWh of both counts the same.
    size = abs(moved * (plant.gains[one] - plant.gains[other]) / plant.truth)
    fault = rows_fault(plant, log, one, (first, len(log.rows)), size)
    fault.meters |= {one, other}
    for row in part:
        row[a], row[b] = row[b], row[a]
    if first == 0:
        fault.lines, fault.span, fault.codes = [], None, YEAR
    return fault


@kind("one physical meter under two names")
def two_names(plant: Plant, rng: Rng) -> Fault:
    """The second column repeats the first; both meters have the serial number of one."""
    log, meters = _pair(plant)
    one, other = (str(m) for m in rng.choice(meters, 2, replace=False))
    a, b = log.column(one), log.column(other)
    lost = sum(float(row[b]) for row in log.rows) * plant.gains[other]
    for row in log.rows:
        row[b] = row[a]
    plant.row("meters", other)["serial_number"] = plant.row("meters", one)["serial_number"]
    plant.truth -= lost
    return Fault({one, other}, {log.name}, codes=YEAR)


@kind("meter outside its installed span")
def not_installed(plant: Plant, rng: Rng) -> Fault:
    meter = pick(rng, plant.claimed())
    row = plant.row("meters", meter)
    start, end = plant.project["period_start"], plant.project["period_end"]
    day = datetime(start.year, start.month, start.day) + timedelta(days=int(rng.integers(5, (end - start).days - 5)))
    key = "installed" if rng.random() < 0.5 else "removed"
    row[key] = day
    fault = Fault({meter}, cells={("Meters", plant.number("meters", row))})
    # The readings before it was installed, or after it was removed, are in the wrong.
    first, last = datetime.combine(start, time()), datetime.combine(end, time.max)
    fault.span = (first, day + timedelta(days=1)) if key == "installed" else (day - timedelta(days=1), last)
    for log in plant.logs.values():
        if meter in log.columns.values():
            at = sum(log.stamp(n) < day for n in range(len(log.rows)))
            fault.files.add(log.name)
            fault.lines.append((2, at + 2) if key == "installed" else (at, len(log.rows) + 2))
    for reading in plant.readings(meter):
        fault.cells.add(("Readings", plant.number("readings", reading)))
    return fault
