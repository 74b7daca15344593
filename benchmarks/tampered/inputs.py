"""Inputs that were changed after the reports were made from them, and sets of reports made from other inputs."""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.reporting.write import NAMES, rendered
from jcm_mrv.result import Result
from tampered.base import HTML, RESULT, XLSX, NotHereError, Tampered, kind

INPUT = "inputs[0].sha256"  # of the monitoring workbook in result.json


def edited(t: Tampered, sheet: str, heading: str, change: Callable[[Any], Any], chance: random.Random) -> str:
    """Change one filled cell below a heading of the monitoring workbook."""
    path = "inputs/" + t.result.data.file
    book = load_workbook(io.BytesIO(t.files[path]))
    heads = [cell.value for cell in book[sheet][1]]
    cells = [row[heads.index(heading)] for row in book[sheet].iter_rows(2) if row[heads.index(heading)].value]
    if not cells:
        raise NotHereError(heading)
    cell = chance.choice(cells)
    cell.value = change(cell.value)
    out = io.BytesIO()
    book.save(out)
    t.files[path] = out.getvalue()
    return INPUT


def field(t: Tampered, name: str, change: Callable[[Any], Any]) -> str:
    """Change a field of the sheet Project."""
    path = "inputs/" + t.result.data.file
    book = load_workbook(io.BytesIO(t.files[path]))
    row = next(row for row in book["Project"].iter_rows() if row[0].value == name)
    row[1].value = change(row[1].value)
    out = io.BytesIO()
    book.save(out)
    t.files[path] = out.getvalue()
    return INPUT


def larger(value: Any) -> Any:
    return value * 1.001 if isinstance(value, int | float) else value


def later(value: Any) -> Any:
    return value + timedelta(days=1) if isinstance(value, datetime) else value


SHEETS = {
    "a reading": ("Readings", "Value", larger),
    "the date of a reading": ("Readings", "To", later),
    "a rated capacity": ("Equipment", "Rated capacity", larger),
    "a serial number": ("Meters", "Serial number", lambda v: f"{v}X"),
    "a transformer factor": ("Meters", "Transformer factor [1]", lambda v: v * 2),
    "the date of a calibration": ("Calibrations", "Calibrated on", later),
    "a fixed value": ("Fixed values", "Value", larger),
    "an estimate": ("Estimates", "Emission reductions [tCO2e]", larger),
    "a document of Evidence": ("Evidence", "Title", lambda v: f"{v} (new)"),
    "who reads a meter": ("Monitoring points", "Responsible", lambda v: f"{v}s"),
}
for _name, (_sheet, _heading, _change) in SHEETS.items():
    kind(f"input: {_name}")(lambda t, chance, s=_sheet, h=_heading, c=_change: edited(t, s, h, c, chance))  # type: ignore[misc]


@kind("input: swapped meters")
def _swapped(t: Tampered, chance: random.Random) -> str:
    path = "inputs/" + t.result.data.file
    book = load_workbook(io.BytesIO(t.files[path]))
    names = [row[0].value for row in book["Meters"].iter_rows(2) if row[0].value]
    if len(names) < 2:
        raise NotHereError("a second meter")
    one, other = chance.sample(names, 2)
    for row in book["Readings"].iter_rows(2):
        if row[0].value in (one, other):
            row[0].value = other if row[0].value == one else one
    out = io.BytesIO()
    book.save(out)
    t.files[path] = out.getvalue()
    return INPUT


@kind("input: a shifted period")
def _period(t: Tampered, chance: random.Random) -> str:
    return field(t, "Monitoring period: first day", lambda v: v + timedelta(days=chance.randint(1, 5)))


@kind("input: another title")
def _title(t: Tampered, chance: random.Random) -> str:
    return field(t, "Project title", lambda v: f"{v} {chance.randint(2, 9)}")


DIGITS = tuple(bytes([n]) for n in b"123456789")


def lines_of(t: Tampered) -> tuple[str, list[bytes]]:
    path = t.input(".csv")
    return path, t.files[path].splitlines(keepends=True)


@kind("log: one value")
def _log_value(t: Tampered, chance: random.Random) -> str:
    path, lines = lines_of(t)
    known = [n for n, line in enumerate(lines) if n > len(lines) // 10 and line.rstrip()[-1:] in DIGITS]
    if not known:
        raise NotHereError("a line that ends with a digit")
    n = chance.choice(known)
    digit = lines[n].rstrip()[-1:]
    at = lines[n].rindex(digit)
    lines[n] = lines[n][:at] + bytes([(digit[0] - 48) % 9 + 49]) + lines[n][at + 1 :]
    t.files[path] = b"".join(lines)
    return "].sha256"


@kind("log: another of the same sum")
def _same_sum(t: Tampered, chance: random.Random) -> str:
    path, lines = lines_of(t)
    rows = [n for n in range(len(lines) // 10, len(lines)) if lines[n].count(b",") == 1]
    if len(rows) < 2:
        raise NotHereError("rows of two columns")
    for _ in range(1000):
        a, b = chance.sample(rows, 2)
        (ta, va), (tb, vb) = lines[a].split(b","), lines[b].split(b",")
        if va != vb:
            lines[a], lines[b] = ta + b"," + vb, tb + b"," + va
            t.files[path] = b"".join(lines)
            return "].sha256"
    raise NotHereError("two values")


@kind("log: the last lines cut off")
def _log_cut(t: Tampered, chance: random.Random) -> str:
    path, lines = lines_of(t)
    t.files[path] = b"".join(lines[: -chance.randint(1, 50)])
    return "].sha256"


@kind("log: a line left out")
def _log_line(t: Tampered, chance: random.Random) -> str:
    path, lines = lines_of(t)
    del lines[chance.randrange(len(lines) // 2, len(lines))]
    t.files[path] = b"".join(lines)
    return "].sha256"


def calculated_again(t: Tampered) -> Result:
    """The inputs of the package as they are now, calculated in a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        for path in (p for p in t.files if p.startswith("inputs/")):
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(t.files[path])
        try:
            return calculate_file(Path(folder) / "inputs" / t.result.data.file)
        except InputRefusedError as error:
            raise NotHereError(str(error)) from error


def forged(t: Tampered, chance: random.Random, sheet: str, heading: str, change: Callable[[Any], Any]) -> None:
    """Every report made anew from a changed workbook; the inputs that are enclosed stay the true ones."""
    kept = dict(t.files)
    true = t.data()["inputs"]
    edited(t, sheet, heading, change, chance)
    other = calculated_again(t)
    t.files = kept
    data = {NAMES[key]: rendered(key, other, "en") for key in ("json", "xlsx", "html")}
    false = other.inputs[0][1].encode()
    for path in (RESULT, XLSX, HTML):
        t.files[path] = data[path.removeprefix("reports/")].replace(false, true[0]["sha256"].encode())


@kind("forged set: every report from another reading")
def _forged_reading(t: Tampered, chance: random.Random) -> str:
    forged(t, chance, "Readings", "Value", lambda v: v * 1.05)
    return "emission reductions"


@kind("forged set: every report from another fixed value")
def _forged_fixed(t: Tampered, chance: random.Random) -> str:
    forged(t, chance, "Fixed values", "Value", lambda v: v * 1.05 if isinstance(v, int | float) else v)
    return "parameters["


@kind("forged set: a document that nobody has")
def _forged_evidence(t: Tampered, chance: random.Random) -> str:
    forged(t, chance, "Evidence", "Title", lambda v: f"Approved {v}")
    return "monitoring_report.xlsx, Evidence"


@kind("the true inputs: a lie in the raw data, told everywhere alike", originals=True)
def _consistent(t: Tampered, chance: random.Random) -> str:
    edited(t, "Readings", "Value", lambda v: v * 1.02, chance)
    other = calculated_again(t)
    for key in ("json", "xlsx", "html"):
        t.files["reports/" + NAMES[key]] = rendered(key, other, "en")
    return f"original {t.result.data.file}"
