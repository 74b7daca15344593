"""Faults of what hangs on a meter, of meters that come and go, and of sources that stand beside each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from seeded_faults.fault import YEAR, DoesNotApply, Fault, Rng, kind, pick
from seeded_faults.faults_records import run_wrong
from seeded_faults.plant import Cells, Plant
from seeded_faults.plant_parts import reading
from seeded_faults.plants_cooling import invoice
from seeded_faults.plants_site import deliveries
from seeded_faults.plants_tree import MAIN, monthly, span_of
from seeded_faults.sheets import COOLING, EF_COOLING, calibration, meter


def _cells(plant: Plant, sheet: str, table: str, rows: list[Cells]) -> set[tuple[str, int]]:
    return {(sheet, plant.number(table, row)) for row in rows}


def _registers(plant: Plant, rng: Rng) -> tuple[str, list[Cells], int]:
    name = pick(rng, plant.read("register"))
    rows = plant.readings(name)
    return name, rows, int(rng.integers(1, len(rows) - 3))


@kind("successor under the same ID after a hole")
def successor(plant: Plant, rng: Rng) -> Fault:
    """A meter is taken out, its successor comes some readings later; other meters stand beside it all the time."""
    name = pick(rng, plant.read("energy") + plant.read("register"))
    old = plant.row("meters", name)
    rows = plant.readings(name)
    at = int(rng.integers(1, len(rows) - 2))
    if rows[0]["kind"] == "energy":
        start, end = rows[at]["start"], rows[at]["end"]
        plant.tables["readings"] = [row for row in plant.tables["readings"] if row is not rows[at]]
        opening = {}
    else:
        start, end = rows[at]["end"], rows[at + 1]["end"]
        old["closing_reading"], opening = rows[at]["value"], {"opening_reading": 0.0}
        base = rows[at + 1]["value"]
        for row in rows[at + 1 :]:
            row["value"] = round(row["value"] - base, 2)
    new = {**old, "serial_number": "SER80001", "installed": end, "closing_reading": None, **opening}
    old["removed"] = start
    plant.tables["meters"].append(new)
    plant.tables["calibrations"].append(calibration(new))
    return Fault({name}, cells=_cells(plant, "Meters", "meters", [old, new]), span=(start, end))


@kind("meter taken away and put back")
def put_back(plant: Plant, rng: Rng) -> Fault:
    """Without readings; on the bench its register runs on by something else than the plant."""
    name, rows, at = _registers(plant, rng)
    away = rows[at]["end"] + (rows[at + 1]["end"] - rows[at]["end"]) * 0.25
    back = rows[at]["end"] + (rows[at + 1]["end"] - rows[at]["end"]) * 0.75
    step = rows[at + 1]["value"] - rows[at]["value"]
    lost = round(step * 0.5 * (1 - float(rng.uniform(0, 1))), 2)
    for row in rows[at + 1 :]:
        row["value"] = round(row["value"] - lost, 2)
    old = plant.row("meters", name)
    new = {**old, "installed": back}
    old["removed"] = away
    plant.tables["meters"].append(new)
    cells = _cells(plant, "Meters", "meters", [old, new]) | _cells(plant, "Readings", "readings", rows[at : at + 2])
    return Fault({name}, cells=cells, span=(rows[at]["end"], rows[at + 1]["end"]))


@kind("register read months before the period")
def read_before(plant: Plant, rng: Rng) -> Fault:
    """The reading at the beginning is missing; the one before is months old, and the load was another then."""
    name = pick(rng, [name for name in plant.read("register") if len(plant.readings(name)) < 20])
    rows = plant.readings(name)
    first, span = rows[0]["end"], (rows[0]["end"], rows[1]["end"])
    days = int(rng.integers(60, 310))
    a_day = (rows[1]["value"] - rows[0]["value"]) / (span[1] - span[0]).days
    before = a_day * days * float(rng.uniform(0.2, 2.5))
    for row in rows:
        row["value"] = round(row["value"] + before, 2)
    rows[0]["value"] = round(rows[0]["value"] - before, 2)
    rows[0]["end"] = first - timedelta(days=days)
    plant.row("meters", name)["register_digits"] = 7
    return Fault({name}, cells=_cells(plant, "Readings", "readings", rows[:2]), span=span)


@kind("invoice over the period's edge")
def invoice_over_the_edge(plant: Plant, rng: Rng) -> Fault:
    """Readings begin some days late (or end early); one invoice answers for them and for days outside the period."""
    name = pick(rng, [name for name in plant.read("register") if len(plant.readings(name)) > 60])
    rows = plant.readings(name)
    days, more, late = int(rng.integers(5, 20)), int(rng.integers(5, 25)), bool(rng.random() < 0.5)
    a, b = (rows[0], rows[days]) if late else (rows[-1 - days], rows[-1])
    amount = b["value"] - a["value"]
    outside = amount / days * more * float(rng.uniform(0.1, 3))
    start = a["end"] - timedelta(days=more if late else 0)
    end = b["end"] + timedelta(days=0 if late else more)
    gone = rows[:days] if late else rows[-days:]
    plant.tables["readings"] = [row for row in plant.tables["readings"] if not any(row is one for one in gone)]
    bill = invoice(name, 1, start, end, round(amount + outside, 1))
    plant.tables.setdefault("invoices", []).append(bill)
    return Fault({name}, cells=_cells(plant, "Invoices", "invoices", [bill]), span=(a["end"], b["end"]))


@kind("one meter credited for two units")
def credited_twice(plant: Plant, rng: Rng) -> Fault:
    """A meter stands on the point of another unit too, in that one's meter's stead."""
    names = [row["meter_id"] for row in plant.tables["points"] if row["sign"] == "+"]
    name, other = (names[n] for n in rng.permutation(len(names))[:2]) if len(names) > 1 else ("", "")
    mine, row = (plant.row("points", each) if each else {} for each in (name, other))
    if not name or mine["parameter"] != row["parameter"] or plant.gains[name] <= 0:
        raise DoesNotApply
    row["meter_id"] = name
    return Fault({name, other}, cells=_cells(plant, "Monitoring points", "points", [mine, row]))


@kind("foreign loads below a claimed feeder")
def foreign_loads(plant: Plant, rng: Rng) -> Fault:
    """One or two loads that are no part of the project hang below a meter that counts as the project's consumption."""
    if plant.method != COOLING:
        raise DoesNotApply
    name = pick(rng, plant.claimed())
    months = monthly(plant, name)
    fault = Fault({name}, codes=YEAR)
    plant.row("meters", name).setdefault("below", "grid")
    for n in range(1, int(rng.integers(1, 3)) + 1):
        share = float(rng.uniform(0.03, 0.25))
        row = meter(f"L-{n}", 70 + n, below=name)
        plant.tables["meters"].append(row)
        plant.tables["calibrations"].append(calibration(row))
        loads = [reading(f"L-{n}", a, b, round(amount * share, 1)) for a, b, amount in months]
        plant.tables.setdefault("readings", []).extend(loads)
        plant.truth -= sum(load["value"] for load in loads) * plant.gains[name]
        fault.meters.add(f"L-{n}")
    return fault


@kind("unequal units on one meter")
def unequal_units(plant: Plant, rng: Rng) -> Fault:
    """Two to eight units of two efficiencies behind a meter: equal shares are entered, or the group; it was neither."""
    if plant.method != COOLING:
        raise DoesNotApply
    name = pick(rng, plant.claimed())
    point = plant.row("points", name)
    unit = next(row for row in plant.tables["equipment"] if row["equipment_id"] == point["applies_to"])
    amount = sum(each for _, _, each in monthly(plant, name))
    count = 2 * int(rng.integers(1, 5))
    other = round(unit["COP_PJ"] - float(rng.uniform(0.2, 0.9)), 2)
    units = [{**unit, "equipment_id": f"U-{n}", "serial_number": f"U{n:05d}", "group": "Shop",
              "rated_capacity": round(unit["rated_capacity"] / count, 1),
              "COP_PJ": other if n % 2 else unit["COP_PJ"]} for n in range(count)]  # fmt: skip
    poor = float(rng.uniform(0.2, 0.95))  # what the poorer half really took
    plant.truth -= amount * poor * (unit["COP_PJ"] - other) / unit["COP_RE"] * EF_COOLING / 1000
    plant.tables["equipment"] = [row for row in plant.tables["equipment"] if row is not unit] + units
    rows, group = [point], bool(rng.random() < 0.5)
    if group:
        point["applies_to"] = "Shop"
    else:
        basis = str(rng.choice(["", "By number (illustrative)"])) or None
        rows = [{**point, "applies_to": one["equipment_id"], "share": 1 / count, "share_basis": basis} for one in units]
        plant.tables["points"] = [row for row in plant.tables["points"] if row is not point] + rows
    cells = _cells(plant, "Monitoring points", "points", rows)
    return Fault({name, "U-0", "U-1"}, cells=cells, note_enough=group)


@kind("bills of the main meter a third")
def bills_a_third(plant: Plant, rng: Rng) -> Fault:
    """The bills of the main meter say a third of the sum of its sub-meters; one of both is wrong, the main unread."""
    bills = [row for row in plant.tables.get("invoices", ()) if row["meter_id"] == MAIN]
    names = [row["meter_id"] for row in plant.tables["meters"] if row.get("below") == MAIN]
    if not bills:
        raise DoesNotApply
    plant.tables["readings"] = [row for row in plant.tables["readings"] if row["meter_id"] != MAIN]
    parts = [monthly(plant, name) for name in names]
    for row, months in zip(bills, zip(*parts, strict=True), strict=True):
        row["value"] = round(sum(amount for _, _, amount in months) / 3)
    if rng.random() < 0.5:  # the bills are right, and what is claimed with it is three times too large
        plant.truth -= sum(plant.gains[n] * a for n, of in zip(names, parts, strict=True) for _, _, a in of) * 2 / 3
    span = span_of(plant)
    rounded = max(0.5 / row["value"] for row in bills)  # a bill has whole kWh
    cells = _cells(plant, "Invoices", "invoices", bills)
    return Fault({MAIN, *names}, cells=cells, span=(span.start, span.end), uncertain=rounded)


@kind("test late and failed")
def late_and_failed(plant: Plant, rng: Rng) -> Fault:
    """Validity ends in the period; a test after it finds an error that has been there since the due date."""
    name = pick(rng, plant.claimed())
    row, span = plant.row("calibrations", name), span_of(plant)
    due = span.months()[int(rng.integers(1, len(span.months()) - 1))]
    error = plant.error_of(name) * float(rng.uniform(1.5, 8))
    row["date"], row["valid_until"] = datetime(2021, 12, 10).date(), (due - timedelta(days=1)).date()
    plant.row("meters", name)["calibration_interval"] = None
    sign = 1 if plant.gains[name] > 0 else -1
    tested = due + (span.end - due) * float(rng.uniform(0.3, 0.9))
    failed = {**row, "date": tested.date(), "valid_until": None, "result": "failed", "certificate": "C-LATE",
              "error_found": round(sign * error * 100, 3)}  # fmt: skip
    plant.tables["calibrations"].append(failed)
    run_wrong(plant, name, sign * error * float(rng.uniform(0.5, 1)), due)
    cells = _cells(plant, "Calibrations", "calibrations", [row, failed])
    return Fault({name}, cells=cells, span=(due, span.end))


@kind("deliveries on Stocks and, others, on Invoices")
def delivered_twice(plant: Plant, rng: Rng) -> Fault:
    """Deliveries of a tank are entered once more as invoices: some are missing there, or one has another amount."""
    stocks = plant.tables.get("stocks", [])
    if not stocks:
        raise DoesNotApply
    bills = deliveries(plant)
    at = int(rng.integers(1, len(bills)))
    if rng.random() < 0.5:
        bills[:at] = []
    else:
        bills[at]["value"] = round(bills[at]["value"] * float(rng.choice([0.5, 0.9, 1.1, 2])), 1)
    plant.tables["invoices"] = bills
    cells = _cells(plant, "Invoices", "invoices", bills) | _cells(plant, "Stocks", "stocks", stocks)
    return Fault({"TANK"}, cells=cells, codes=YEAR)
