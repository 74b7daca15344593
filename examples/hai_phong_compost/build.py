"""Writes monitoring.xlsx and the files in data/ of the Hai Phong composting example; the same bytes every time.

    python examples/hai_phong_compost/build.py

Everything is illustrative: plant, loads, samples, invoices. See README.md.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path

from jcm_mrv.methodology.factors import waste_factors
from jcm_mrv.methodology.template import template_methods
from jcm_mrv.workbook.template.writing import Row, write_workbook

HERE = Path(__file__).parent
METHODOLOGY = "DRAFT_VN_COMPOST 0.1"
LOADS, SAMPLES = "data/weighbridge.csv", "data/composition.csv"
FIRST, AFTER = date(2023, 1, 1), date(2026, 1, 1)
YEARS = (2023, 2024, 2025)

PROJECT: Row = {
    "title": "Example plant (illustrative): composting of household waste in Hai Phong",
    "country": "Viet Nam",
    "methodologies": METHODOLOGY,
    "period_start": FIRST,
    "period_end": AFTER - timedelta(days=1),
    "time_zone": "Asia/Ho_Chi_Minh",
    "location": "Hai Phong, Viet Nam (illustrative)",
    "participants": "Example participants (illustrative)",
    "focal_point": "Example participant (illustrative)",
    "third_party_entity": "Not chosen (illustrative)",
    "operation_start": date(2021, 1, 1),
    "pdd": "None: illustrative plant",
    "report_date": date(2026, 2, 1),
    "report_version": "1.0",
    "prepared_by": "Example (illustrative)",
}

# Shares of the sorted samples, one each quarter, in per cent of wet mass; what is left is inert.
KINDS = ("food", "garden", "paper", "textiles", "wood", "inert")
SORTED = ((57, 14, 9, 2, 3), (54, 17, 9, 2, 3), (52, 19, 8, 2, 4), (56, 15, 10, 2, 3))


def steps(seed: int) -> Iterator[int]:
    """Numbers from 0 to 99 that look random and are the same on every machine."""
    while True:
        seed = (seed * 1103515245 + 12345) % 2**31
        yield seed // 65536 % 100


def months() -> list[date]:
    """The first days of the months of the period, and the day after it."""
    return [date(y, m, 1) for y in YEARS for m in range(1, 13)] + [AFTER]


def loads() -> list[tuple[datetime, str, int]]:
    """Every truck load: when it was weighed, the truck, its net weight [kg]. None on Sundays."""
    draw = steps(2023)
    days = (FIRST + timedelta(days=n) for n in range((AFTER - FIRST).days))
    return [
        (datetime.combine(day, time(hour, next(draw) % 60)), f"T-{1 + n}", 5500 + 30 * next(draw))
        for day in days
        if day.weekday() != 6
        for n, hour in enumerate((7, 10, 14))
    ]


def samples() -> list[tuple[date, tuple[int, ...]]]:
    """The samples of composition [%], in the middle of each quarter."""
    days = [date(y, m, 15) for y in YEARS for m in (2, 5, 8, 11)]
    sorted_out = [SORTED[n % 4] for n in range(len(days))]
    return [(day, (*shares, 100 - sum(shares))) for day, shares in zip(days, sorted_out, strict=True)]


def shares() -> dict[str, float]:
    """The mean of all samples, by type of waste."""
    found = samples()
    return {kind: sum(s[n] for _, s in found) / len(found) / 100 for n, kind in enumerate(KINDS)}


def remaining() -> dict[str, float]:
    """What is left at the start of 450 t a month in 2021 and 2022 [t], by type: SUM W e^(-k n / 12), n from 1 to 24."""
    rates = waste_factors("k_tropical_wet")
    return {
        kind: round(sum(450 * share * math.exp(-rates[kind] * n / 12) for n in range(1, 25)), 1)
        for kind, share in shares().items()
    }


# --- files ---------------------------------------------------------------------------------


def csv_text(rows: Sequence[Sequence[object]]) -> str:
    """Rows as the text of a CSV file."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def weighbridge() -> str:
    """The log of the weighbridge: one line for each truck load, with the running total that it prints.

    A line closes each month, so that no load is divided between two.
    """
    closings = [(datetime.combine(day, time()), "", 0) for day in months()]
    rows: list[Sequence[object]] = [("weighed_at", "ticket", "truck", "net_kg", "running_total_kg")]
    running = number = 0
    for when, truck, net in sorted(loads() + closings):
        running += net
        number += 1 if truck else 0
        rows.append((f"{when:%Y-%m-%d %H:%M}", number if truck else "closing", truck, net, running))
    return csv_text(rows)


def composition() -> str:
    """The samples as a file."""
    return csv_text([("sampled_on", *(f"{kind}_percent" for kind in KINDS)), *((d, *s) for d, s in samples())])


# --- sheets --------------------------------------------------------------------------------


def by_month(meter: str, unit: str, amounts: Sequence[float]) -> list[Row]:
    """A reading for each month: what flowed in it."""
    starts = months()
    return [
        {
            "meter_id": meter,
            "kind": "energy",
            "start": datetime.combine(starts[n], time()),
            "end": datetime.combine(starts[n + 1], time()),
            "value": amount,
            "unit": unit,
            "evidence": "D-04",
        }
        for n, amount in enumerate(amounts)
    ]


def electricity() -> list[float]:
    """Electricity of the plant by month [kWh]."""
    draw = steps(7)
    return [14000 + 40 * next(draw) for _ in range(36)]


def composted() -> list[float]:
    """Waste over the belt scale by month [t]: what came in less 4 % that is sorted out before."""
    inside = [0] * 36
    for when, _, net in loads():
        inside[(when.year - YEARS[0]) * 12 + when.month - 1] += net
    return [round(kg * 0.96 / 1000, 1) for kg in inside]


def meter(name: str, description: str, unit: str) -> Row:
    """A row of Meters."""
    return {
        "meter_id": name,
        "serial_number": f"illustrative {name}",
        "description": description,
        "manufacturer": "illustrative",
        "model": "illustrative",
        "accuracy_class": 0.5,
        "required_class": 0.5,
        "unit": unit,
        "transformer_factor": 1,
        "installed": datetime(2021, 1, 1),
        "responsible": "Plant manager",
        "evidence": "D-03",
    }


def sorting(kind: str) -> Row:
    """The samples of a type of waste, under a name on Meters."""
    return {
        "meter_id": f"S-{kind}",
        "description": f"Sorted samples: share of {kind}",
        "unit": "%",
        "transformer_factor": 1,
        "installed": datetime(2021, 1, 1),
        "responsible": "Plant manager",
        "evidence": "D-02",
    }


def calibration(name: str, on: date) -> Row:
    """A row of Calibrations; valid for two years."""
    return {
        "meter_id": name,
        "serial_number": f"illustrative {name}",
        "date": on,
        "valid_until": on.replace(year=on.year + 2),
        "result": "passed",
        "error_found": 0.1,
        "certificate": "illustrative",
        "laboratory": "illustrative",
        "evidence": "D-03",
    }


def sorted_shares() -> list[Row]:
    """Each sample as a reading of each type of waste."""
    return [
        {
            "meter_id": f"S-{kind}",
            "kind": "sample",
            "end": datetime.combine(day, time(9)),
            "value": share[n],
            "unit": "%",
            "evidence": "D-02",
        }
        for n, kind in enumerate(KINDS)
        for day, share in samples()
    ]


def points() -> list[Row]:
    """W by type is the weighbridge times the mean share of the year's samples; the rest has a meter each."""
    common: Row = {"sign": "+", "option": "C", "responsible": "Plant manager"}
    rows: list[Row] = [
        {**common, "point_no": "1", "parameter": "W_all", "meter_id": "WB-1", "frequency": "each load"},
        *(
            {
                **common,
                "point_no": str(n),
                "parameter": "p",
                "applies_to": kind,
                "meter_id": f"S-{kind}",
                "evidence": "D-02",
                "frequency": "a sample each quarter",
                "sampling": "Loads of a year, one drawn a quarter, sorted by hand; size 4, seed 2023 (illustrative)",
            }
            for n, kind in enumerate(KINDS, 2)
        ),
    ]
    for n, (symbol, name) in enumerate((("Q", "BS-1"), ("EC_PJ", "E-1"), ("FC_PJ", "F-1")), len(rows) + 1):
        rows.append(
            {
                **common,
                "point_no": str(n),
                "parameter": symbol,
                "applies_to": "COMPOST-1",
                "meter_id": name,
                "frequency": "continuously, read each month",
            }
        )
    return rows


def fixed() -> list[Row]:
    """Choices and values of the project."""
    one: list[tuple[str, str | float, str]] = [
        ("composition", "sampled", "choice"),
        ("climate", "tropical wet", "choice"),
        ("site", "managed anaerobic", "choice"),
        ("opening", "remaining mass", "choice"),
        ("run_off", "no", "choice"),
        ("leakage", "no", "choice"),
        ("supply", "grid", "choice"),
        ("f_y", 0.0, "1"),
        ("EF_grid", 0.6766, "tCO2/MWh"),
        ("NCV", 43.0, "GJ/t"),
        ("EF_CO2", 0.0741, "tCO2/GJ"),
    ]
    rows: list[Row] = [{"parameter": p, "value": v, "unit": u, "document": "D-03", "page": "1"} for p, v, u in one]
    for kind, mass in remaining().items():
        rows.append(
            {"parameter": "W_0", "applies_to": kind, "value": mass, "unit": "t", "document": "D-03", "page": "2"}
        )
    return rows


def invoices() -> list[Row]:
    """The electricity bills, one for each month."""
    return [
        {
            "invoice_no": f"illustrative {row['start']:%Y-%m}",
            "supplier": "illustrative",
            "meter_id": "E-1",
            "start": row["start"],
            "end": row["end"],
            "value": row["value"],
            "unit": "kWh",
            "register": "total",
            "evidence": "D-04",
        }
        for row in by_month("E-1", "kWh", electricity())
    ]


def evidence(folder: Path) -> list[Row]:
    """The documents; those that exist with their checksum."""
    titles = {"D-01": ("Log of the weighbridge", LOADS), "D-02": ("Samples of composition", SAMPLES)}
    rows: list[Row] = [
        {
            "document_id": name,
            "title": f"{title} (illustrative)",
            "file": file,
            "sha256": sha256((folder / file).read_bytes()).hexdigest(),
            "proves": f"Illustrative: {title.lower()}",
            "date": date(2026, 1, 2),
        }
        for name, (title, file) in titles.items()
    ]
    for name, title in (("D-03", "As-built record and earlier report"), ("D-04", "Monthly readings and invoices")):
        rows.append({"document_id": name, "title": f"{title} (illustrative: there is no such document)"})
    return rows


def build(folder: Path = HERE) -> Path:
    """Write the files in data/ and the workbook; the path of the workbook."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / LOADS).write_text(weighbridge(), encoding="utf-8", newline="\n")
    (folder / SAMPLES).write_text(composition(), encoding="utf-8", newline="\n")
    meters = [
        meter("WB-1", "Weighbridge at the gate: organic waste that comes in", "kg"),
        meter("BS-1", "Belt scale before the windrows", "t"),
        meter("E-1", "Electricity of the plant", "kWh"),
        meter("F-1", "Diesel of loaders and turners, purchases corrected by stock", "t"),
    ]
    names = [str(row["meter_id"]) for row in meters]
    meters += [sorting(kind) for kind in KINDS]
    tables: dict[str, list[Row]] = {
        "eligibility": [
            {
                "number": "1",
                "criterion": "Illustrative: a draft has no approved criteria.",
                "met": "yes",
                "evidence": "D-03",
            }
        ],
        "equipment": [
            {
                "equipment_id": "COMPOST-1",
                "description": "Windrow composting (illustrative)",
                "manufacturer": "illustrative",
                "model": "illustrative",
                "serial_number": "illustrative COMPOST-1",
                "products": "; ".join(KINDS),
                "electricity_source": "Grid",
                "operation_start": date(2021, 1, 1),
                "evidence": "D-03",
            }
        ],
        "meters": meters,
        "calibrations": [calibration(n, on) for n in names for on in (date(2022, 11, 1), date(2024, 10, 20))],
        "points": points(),
        "fixed": fixed(),
        "logs": [
            {
                "log_id": "LOG-1",
                "meter_id": "WB-1",
                "file": LOADS,
                "layout": "wide",
                "time_column": "weighed_at",
                "value_column": "running_total_kg",
                "unit": "kg",
                "kind": "register",
                "time_zone": "Asia/Ho_Chi_Minh",
                "stamp": "end",
                "transformer_factor_included": "yes",
                "comment": "One line for each truck load; its running total is read like a register.",
                "evidence": "D-01",
            }
        ],
        "readings": [
            *by_month("BS-1", "t", composted()),
            *by_month("E-1", "kWh", electricity()),
            *by_month("F-1", "t", [2.5] * 36),
            *sorted_shares(),
        ],
        "invoices": invoices(),
        "estimates": [{"year": y, "reductions": 1500 + 750 * n, "source": "illustrative"} for n, y in enumerate(YEARS)],
        "evidence": evidence(folder),
        "team": [
            {
                "role": "Plant manager",
                "name": "not named (illustrative)",
                "organisation": "Example plant (illustrative)",
                "responsibility": "Keeps weighbridge, samples and meters",
            }
        ],
    }
    path = folder / "monitoring.xlsx"
    write_workbook(path, template_methods([METHODOLOGY]), PROJECT, tables)
    return path


if __name__ == "__main__":
    build()
