"""Faults of how a log is written: totals, text, error cells, decimal commas, dates."""

from __future__ import annotations

from seeded_faults.fault import YEAR, Fault, Rng, kind
from seeded_faults.log_edits import all_meters, amount, change, logged_meter, rows_fault, stretch
from seeded_faults.plant import Log, Plant


def _total(log: Log, label: str, rows: tuple[int, int]) -> list[str]:
    """A row of totals over some rows."""
    return [label, *(f"{amount(log, meter, rows):.3f}" for meter in log.columns.values())]


def _footer(plant: Plant, log: Log, meter: str) -> Fault:
    number = len(log.rows) + 2
    fault = Fault({meter}, {log.name}, [(number, number)], size=1.0, permissible=plant.error_of(meter))
    return all_meters(fault, log)


@kind("footer with the right total")
def footer(plant: Plant, rng: Rng) -> Fault:
    meter, log = logged_meter(plant, rng)
    log.tail.append(_total(log, str(rng.choice(["Total", "Tổng cộng", "合計", "Sum"])), (0, len(log.rows))))
    return _footer(plant, log, meter)


@kind("footer with another total")
def wrong_footer(plant: Plant, rng: Rng) -> Fault:
    """The total of an export that had more rows, or another factor."""
    meter, log = logged_meter(plant, rng)
    row = _total(log, str(rng.choice(["Total", "Tổng cộng", "合計", "Sum"])), (0, len(log.rows)))
    by = float(rng.choice([0.5, 0.97, 1.02, 1.3, 10.0]))
    log.tail.append([row[0], *(f"{float(v) * by:.3f}" for v in row[1:])])
    return _footer(plant, log, meter)


@kind("total added as a row with a time")
def dated_total(plant: Plant, rng: Rng) -> Fault:
    """The total of a month stands as one more row: at the end, or in place of a row."""
    meter, log = logged_meter(plant, rng)
    row = len(log.rows) - 1
    fault = all_meters(rows_fault(plant, log, meter, (row, row + 1), 1.0), log)
    log.rows[row] = _total(log, log.rows[row][0], (0, len(log.rows)))
    return fault


def _replace(plant: Plant, rng: Rng, texts: list[str]) -> Fault:
    meter, log = logged_meter(plant, rng)
    rows = stretch(log, rng, (0.25, 12))
    fault = rows_fault(plant, log, meter, rows, None)
    word = str(rng.choice(texts))
    for row in log.rows[rows[0] : rows[1]]:
        row[log.column(meter)] = word
    return fault


@kind("text for a number")
def words(plant: Plant, rng: Rng) -> Fault:
    return _replace(plant, rng, ["offline", "-", "n/a", "No data", "欠測", "mất điện", "E-04", "1.2.3"])


@kind("error cell")
def error_cell(plant: Plant, rng: Rng) -> Fault:
    return _replace(plant, rng, ["#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NUM!", "NaN", "Bad"])


@kind("empty cells")
def empty(plant: Plant, rng: Rng) -> Fault:
    return _replace(plant, rng, ["", " "])


@kind("decimal comma in the whole log")
def decimal_comma(plant: Plant, rng: Rng) -> Fault:
    meter, log = logged_meter(plant, rng)
    log.delimiter = ";"
    for row in log.rows:
        row[1:] = [value.replace(".", ",") for value in row[1:]]
    return all_meters(Fault({meter}, {log.name}, codes=YEAR, size=1.0), log)


@kind("decimal comma on a span")
def some_commas(plant: Plant, rng: Rng) -> Fault:
    meter, log = logged_meter(plant, rng)
    log.delimiter = ";"
    rows = stretch(log, rng, (24, 240))
    fault = all_meters(rows_fault(plant, log, meter, rows, None), log)
    for row in log.rows[rows[0] : rows[1]]:
        row[1:] = [value.replace(".", ",") for value in row[1:]]
    return fault


@kind("decimal point lost on a span")
def no_point(plant: Plant, rng: Rng) -> Fault:
    """A spreadsheet took the point for a separator of thousands."""
    meter, log = logged_meter(plant, rng)
    rows = stretch(log, rng, (24, 240))
    fault = rows_fault(plant, log, meter, rows, None)
    decimals = len(log.rows[0][log.column(meter)].split(".")[1])
    fault.size = change(log, meter, rows, lambda value: value * 10**decimals)
    return fault


@kind("day and month of the date exchanged")
def ambiguous_date(plant: Plant, rng: Rng) -> Fault:
    """Where the first number can be a month, a spreadsheet has read it as one; the rest kept its form."""
    meter, log = logged_meter(plant, rng)
    whole = rng.random() < 0.5
    for row in log.rows:
        year, month, day, clock = row[0][:4], row[0][5:7], row[0][8:10], row[0][11:]
        row[0] = f"{day}/{month}/{year} {clock}"
        if not whole and int(day) <= 12:
            row[0] = f"{month}/{day}/{year} {clock}"
    if whole:  # the row of Logs says the wrong order
        for entry in plant.tables["logs"]:
            if entry["file"] == log.name:
                entry["date_format"] = "MM/DD/YYYY hh:mm"
    return all_meters(Fault({meter}, {log.name}, codes=YEAR, size=1.0), log)
