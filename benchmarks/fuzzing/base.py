# ruff: noqa: E501 - tables of values
"""Sound inputs, invented, from which the spoilt ones are made; and what is put into them."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.workbook.template.writing import write_workbook

START = datetime(2024, 1, 1)
HEADS = b"time,kWh\n"

NUMBERS = ["0", "-0.0", "-1", "1e308", "-1e308", "1.7976931348623157e308", "5e-324", "1e-200", "1e15", "1.0001e15", "NaN",
           "inf", "-inf", "9" * 5_000, "0." + "0" * 400 + "1", "1e999999", "0x10", "1_000", "١٢", "1,234.5", "1.234,5", "１２",
           "2147483648", "9007199254740993", "18446744073709551616", "-2147483649", "1e5", "45352", "45352.999999999",
           "2958466", "-1", "1e9"]  # fmt: skip
UNITS = ["9**9**9", "kW**9999999", "kWh**-9", "kWh**9*kWh", "m3**9", "(" * 60, "kWh" * 40, "kWh/0", "0*kWh", "1/1/1", "%%",
         "kWh per", "per", "**", "kWh^", "kWh²³", "µ", "choice", "1", "", "kWh kWh", "TWh/mWh", "km2", "t\0", "Nm³/h", "K**99"]  # fmt: skip
TEXTS = ["", " ", "\t", "*", "**.csv", "**/" * 12 + "*.csv", "../x", "/dev/zero", "C:\\x", "~", "=1+1", "@x", "<b>", "a" * 33_000,
         "\u202e", "\ud7ff", "𝕏", "NULL", "True", "1", "-", "欠測", "[" * 500, "(" * 500, "a,b;c\td|e", "%s%n", "{0}", "$(x)",
         "PV-1;PV-1", "PV-1; ;", ";;;", "2024-02-30", "2024-01-01 24:00", "9999-12-31", "0001-01-01", "Asia/Nowhere",
         "UTC+99:99", "UTC-00:00", "VN_AM007 1.0; VN_AM007 1.0", "VN_AM007 9.9", "é" * 300, "log.csv", "?" * 60]  # fmt: skip


def months(count: int) -> list[datetime]:
    """First instants of months."""
    return [datetime(2024 + n // 12, n % 12 + 1, 1) for n in range(count)]


def log_rows(count: int = 200) -> list[tuple[datetime, float]]:
    """Energy by the hour, as a roof might give it."""
    return [(START + timedelta(hours=n), float(max(0, 12 - abs(n % 24 - 12))) * 10) for n in range(count)]


def log_text(rows: int = 200) -> bytes:
    """A log as CSV."""
    return HEADS + b"".join(f"{t:%Y-%m-%d %H:%M},{v:.1f}\n".encode() for t, v in log_rows(rows))


def tables(source: str) -> dict[str, list[dict[str, Any]]]:
    """One roof with one meter, read by readings, by a log of the given name, or by readings beside an invoice."""
    edges = months(4)
    readings = [
        {"meter_id": "M-1", "kind": "energy", "start": a, "end": b, "value": 1e5, "unit": "kWh"}
        for a, b in pairwise(edges)
    ]
    log = {
        "log_id": "L-1", "meter_id": "M-1", "file": source, "layout": "wide", "time_column": "time", "value_column": "kWh",
        "unit": "kWh", "kind": "energy", "time_zone": "Asia/Ho_Chi_Minh", "stamp": "start", "interval_minutes": 60.0,
        "transformer_factor_included": "yes",
    }  # fmt: skip
    logged = source.endswith((".csv", ".xlsx", ".parquet"))
    invoice = {"file": source, "meter_id": "M-1"} if source.endswith(".xml") else {
        "invoice_no": "I-1", "meter_id": "M-1", "start": edges[0], "end": edges[1], "value": 1e5, "unit": "kWh"}  # fmt: skip
    return {
        "equipment": [{"equipment_id": "PV-1", "operation_start": date(2023, 1, 1), "rated_capacity": 1000.0,
                       "rated_capacity_unit": "kW", "serial_number": "S-1"}],
        "meters": [{"meter_id": "M-1", "unit": "kWh", "transformer_factor": 1.0, "serial_number": "21078543",
                    "accuracy_class": 0.5, "installed": datetime(2023, 1, 1)}],
        "calibrations": [{"meter_id": "M-1", "date": date(2020, 1, 1), "valid_until": date(2040, 1, 1), "result": "passed"}],
        "points": [{"point_no": "1", "parameter": "EG", "applies_to": "PV-1", "meter_id": "M-1", "sign": "+", "option": "C",
                    "frequency": "continuously", "responsible": "Plant"}],
        "fixed": [{"parameter": "connection", "value": "grid", "unit": "choice", "document": "D-01"},
                  {"parameter": "EF_RE_grid", "value": 0.5, "unit": "tCO2/MWh", "document": "D-01", "page": "3"}],
        "readings": [] if logged else readings,
        "logs": [log] if logged else [],
        "invoices": [invoice],
        "overrides": [{"meter_id": "M-1", "start": edges[1], "end": edges[2], "value": 9e4, "unit": "kWh",
                       "reason": "Invented", "decided_by": "Plant", "decided_on": date(2024, 5, 1)}],
        "settings": [{"setting": "crosscheck.tolerance", "value": 0.05, "reason": "Invented"}],
        "estimates": [{"year": "2024", "reductions": 100.0}],
        "evidence": [{"document_id": "D-01", "title": "Invented"}],
        "team": [{"role": "Plant", "responsibility": "Reads the meters"}],
    }  # fmt: skip


@cache
def parts(source: str = "") -> dict[str, bytes]:
    """The parts of a sound workbook, by name."""
    project = {
        "title": "Invented roof", "country": "Viet Nam", "period_start": date(2024, 1, 1), "period_end": date(2024, 3, 31),
        "time_zone": "Asia/Ho_Chi_Minh", "report_date": date(2024, 5, 1), "location": "Nowhere", "participants": "Invented",
        "focal_point": "Invented", "operation_start": date(2023, 1, 1), "pdd": "None", "prepared_by": "Plant",
    }  # fmt: skip
    file = io.BytesIO()
    write_workbook(file, template_methods(["VN_AM007 1.0"]), project, tables(source))
    with zipfile.ZipFile(file) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def packed(of: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Parts as a package."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in of.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)  # the same bytes at any hour
    return file.getvalue()


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Bytes with a few of them changed, left out, doubled, or the end cut off."""
    spoilt = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 30])):
        at = chance.randrange(len(spoilt)) if spoilt else 0
        size = chance.choice([1, 1, 2, 8, 64])
        kind = chance.randrange(6)
        if kind == 0:
            spoilt[at : at + size] = chance.randbytes(size)
        elif kind == 1:
            del spoilt[at : at + size]
        elif kind == 2:
            spoilt[at:at] = spoilt[at : at + size] * chance.choice([1, 3, 100])
        elif kind == 3:
            spoilt[at : at + 1] = bytes([chance.choice(b"\x00\xff\"'<>&;,\n\r09")])
        elif kind == 4 and chance.random() < 0.1:
            del spoilt[at:]
        elif spoilt:
            spoilt[at % len(spoilt)] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """Put files into a folder and give the workbook."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder / "monitoring.xlsx"
