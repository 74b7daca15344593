"""A fuzzing run over logs: structure, encodings, separators, numbers and times, mixed and broken, seeded.

    python benchmarks/fuzz_logs.py [--files 5000] [--seed 1]

Every file is made from a table whose energy is known. It is written in one of many forms, stated on the sheet Logs
rightly or wrongly, and sometimes broken. Counted are: sums that are right, files that are refused, files with a major
finding, and (these must be none) tracebacks, files that take longer than ten seconds, and sums that differ from the
truth by more than 2 % without an error or a major finding.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from jcm_mrv.findings import Severity
from jcm_mrv.time.timeline import Timeline
from support.log_files import green_button, nem12, number_cell, ods, row_of, text_cell
from support.log_times import MOMENTS, WRITTEN
from support.sheets import log_row, series_of, sheets

SLOWEST, CLOSE = 10.0, 0.02
ZONE = "Asia/Ho_Chi_Minh"
START = datetime(2024, 2, 1)

NUMBERS: dict[str, Callable[[float], str]] = {
    "plain": lambda v: f"{v:.2f}",
    "comma": lambda v: f"{v:.2f}".replace(".", ","),
    "english": lambda v: f"{v:,.2f}",
    "continental": lambda v: f"{v:,.2f}".translate(str.maketrans(",.", ".,")),
    "integers": lambda v: f"{v:.0f}",
    "long": lambda v: f"{v:.6f}",
}
DIGITS = {"plain": 2, "comma": 2, "english": 2, "continental": 2, "integers": 0, "long": 6}
UNITS = {"Wh": 1e-3, "kWh": 1.0, "MWh": 1e3}
MARKS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
BROKEN = ("cut", "text", "doubled", "swapped", "blank", "longer", "zero bytes", "footer", "again")


def table(rng: random.Random) -> list[float]:
    """kWh of each hour of ten days: a plant, a factory or a base load, never the same."""
    kind, size = rng.choice(["plant", "factory", "base"]), 10 ** rng.uniform(0.5, 3.5)
    found = []
    for n in range(240):
        shape = max(0.0, math.sin((n % 24 - 6) / 12 * math.pi)) if kind == "plant" else 1.0 if 7 <= n % 24 < 20 else 0.2
        found.append(round(size * (1.0 if kind == "base" else shape) * rng.uniform(0.7, 1.3), 2))
    return found


Made = tuple[str, bytes, dict[str, object], float]
"""A file's name and content, its row of the sheet Logs, and the energy [kWh] that it holds by the way it was made."""


def made(rng: random.Random) -> Made:
    """A file of one of the kinds; tables of text are the most."""
    return rng.choices([as_text, as_nem12, as_green_button, as_ods], [82, 6, 6, 6])[0](rng)


def spoilt(content: bytes, rng: random.Random) -> bytes:
    """A file that was cut off, or in which a byte is another one (no digit, which nobody could tell)."""
    at = rng.randrange(1, len(content))
    return (
        content[:at]
        if rng.random() < 0.5
        else content[:at] + rng.choice([b"x", b"<", b"\0", b"\xff"]) + content[at + 1 :]
    )


def stated(rng: random.Random, **given: object) -> dict[str, object]:
    """A row of the sheet Logs; start and end are alike where a value carries both."""
    return {"time_zone": "", "transformer_factor_included": "yes", "interval_minutes": rng.choice([60, 60, None]),
            "stamp": rng.choice(["start", "end"]), "time_column": "Time", "value_column": "Value", **given}  # fmt: skip


def as_nem12(rng: random.Random) -> Made:
    """NEM12 of hours; its clock is 3 hours ahead of the project's, so that its first 3 lie before the period."""
    texts, unit = [f"{v:.3f}" for v in table(rng)], rng.choice(["kWh", "KWH", "MWh", "Wh"])
    content = nem12(texts, START, 60, unit, rng.choice("AAAAESFN")).encode()
    content = spoilt(content, rng) if rng.random() < 0.3 else content
    row = stated(rng, file="log.csv", unit=rng.choice(["kWh", "kWh", "MWh"]))
    scale = {"kwh": 1.0, "mwh": 1e3, "wh": 1e-3}[unit.lower()]
    return "log.csv", content, row, math.fsum(map(float, texts[3:])) * scale


def as_green_button(rng: random.Random) -> Made:
    """Green Button of hours: whole numbers with a power of ten."""
    power, uom = rng.choice([0, 0, 3, -1, 6]), rng.choice(["72", "72", "72", "38", "73"])
    texts = [str(round(v * 1000 / 10.0**power)) for v in table(rng)]
    content = green_button(texts, START, 7, uom=uom, power=str(power)).encode()
    content = spoilt(content, rng) if rng.random() < 0.3 else content
    row = stated(rng, file="log.xml", unit=rng.choice(["Wh", "Wh", "kWh"]))
    return "log.xml", content, row, math.fsum(map(float, texts)) * 10.0**power / 1000


def as_ods(rng: random.Random) -> Made:
    """A spreadsheet of times as text and numbers, sometimes with an error cell, or damaged."""
    values, form, unit = table(rng), rng.choice(list(WRITTEN)), rng.choice(list(UNITS))
    shown = [round(v / UNITS[unit], 6) for v in values]
    moments = [START + timedelta(hours=n) for n in range(len(values))]
    rows = [row_of(text_cell(WRITTEN[form](t)), number_cell(v)) for t, v in zip(moments, shown, strict=True)]
    if rng.random() < 0.3:
        n = rng.randrange(240)
        rows[n] = row_of(text_cell(WRITTEN[form](moments[n])), text_cell(rng.choice(["#N/A", "Err:502", "x"])))
    content = ods([row_of(text_cell("time"), text_cell(f"E [{unit}]")), *rows])
    content = spoilt(content, rng) if rng.random() < 0.3 else content
    row = stated(rng, file="log.ods", time_column="time", value_column=f"E [{unit}]", stamp="start", time_zone=ZONE,
                 unit=rng.choice([unit, unit, "kWh"]))  # fmt: skip
    return "log.ods", content, row, math.fsum(shown) * UNITS[unit]


def as_text(rng: random.Random) -> Made:
    """A table of text in one of many forms."""
    values = table(rng)
    form, number, unit = rng.choice(list(WRITTEN)), rng.choice(list(NUMBERS)), rng.choice(list(UNITS))
    kind = rng.choice(["energy", "energy", "register", "power"])
    mark = rng.choice(MARKS)
    shown = [v / UNITS[unit] for v in values]
    if kind == "register":
        total, running = [rng.uniform(0, 1e5)], shown
        for value in running:
            total.append(total[-1] + value)
        shown = total
    texts = [NUMBERS[number](v) for v in shown]
    quoted = rng.random() < 0.9
    cells = [f'"{t}"' if mark in t and quoted else t for t in texts]
    heading = rng.choice(["value", f"E [{unit}]", "Energy", "kW" if kind == "power" else "value"])
    extra = rng.choice(["", "", f"{mark}{unit}", f"{mark}VALID"])
    apart = kind != "register" and form in MOMENTS and rng.random() < 0.15  # each end in a column of its own
    first = f"time{mark}until" if apart else "time"
    head = f"{first}{mark}{heading}" + ({"": "", f"{mark}{unit}": f"{mark}unit"}.get(extra, f"{mark}status"))
    lines = []
    for n, cell in enumerate(cells):
        start = START + timedelta(hours=n)
        ends = (start, start + timedelta(hours=1)) if apart else (start,)
        lines.append(mark.join(WRITTEN[form](moment) for moment in ends) + f"{mark}{cell}{extra}")
    if rng.random() < 0.4:
        lines = broken(lines, rng, mark)
    above = rng.choice([[], [], ["Export"], ["sep=" + mark], ["Made", ""]])
    text = rng.choice(["\n", "\r\n"]).join([*above, head, *lines, ""])
    given = rng.choice([unit, unit, unit, rng.choice(list(UNITS))])
    said = kind if rng.random() < 0.8 else rng.choice(["energy", "register"])
    row = {
        "file": "log.csv", "time_column": "time + until" if apart else "time",
        "value_column": heading if rng.random() < 0.9 else "C" if apart else "B",
        "unit": "kW" if said == "power" else given,
        "kind": said,
        "interval_minutes": None if said == "register" else rng.choice([60, 60, None]),
        "time_zone": ZONE, "transformer_factor_included": "yes",
    }  # fmt: skip
    # Where the file itself states no unit, the one on the sheet Logs is the truth; what is written is rounded.
    told = unit in heading or extra.endswith(unit)
    written = [round(v, DIGITS[number]) for v in shown]
    amount = written[-1] - written[0] if kind == "register" else math.fsum(written)
    truth = amount * UNITS[unit if told else "kWh" if said == "power" else given]
    encoding = rng.choice(ENCODINGS if text.isascii() else ENCODINGS[:-1])
    return "log.csv", text.encode(encoding, "replace"), row, truth


def broken(lines: list[str], rng: random.Random, mark: str) -> list[str]:
    """One fault in the rows."""
    how, at = rng.choice(BROKEN), rng.randrange(20, 200)
    if how == "cut":
        lines[at] = lines[at][: rng.randrange(1, len(lines[at]))]
    elif how == "text":
        lines[at] = lines[at].rpartition(mark)[0] + mark + rng.choice(["#N/A", "n/a", "Err", "1e999", "--"])
    elif how == "doubled":
        lines.insert(at, lines[at])
    elif how == "swapped":
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    elif how == "blank":
        lines.insert(at, rng.choice(["", mark * 2]))
    elif how == "longer":
        lines[at] += f"{mark}1{mark}2"
    elif how == "zero bytes":
        lines[at] += "\0"
    elif how == "footer":
        lines.append(f"Total{mark}{rng.randrange(10**6)}")
    elif how == "again":
        lines.insert(at, "time" + mark + "value")
    return lines


def outcome(name: str, content: bytes, row: dict[str, object], truth: float, folder: Path) -> str:
    """What became of a file, in a word."""
    (folder / name).write_bytes(content)
    unit = "kWh" if row["unit"] == "kW" else row["unit"]
    meter = {"meter_id": "M-1", "unit": unit, "highest_rate": 1e9, "highest_rate_unit": "kW"}
    data = sheets(meters=[meter], logs=[log_row(**row)])
    begun = perf_counter()
    series = series_of(data, Timeline.of(date(2024, 2, 1), date(2024, 2, 29), ZONE), folder)
    if perf_counter() - begun > SLOWEST:
        return "SLOW"
    weights = {f.severity for f in (*series.findings, *series.questionable)}
    if Severity.ERROR in weights:
        return "refused"
    if Severity.MAJOR in weights:
        return "major"
    scale = {"Wh": 1e-3, "kWh": 1.0, "MWh": 1e3}
    parts = series.parts
    amounts = zip(parts.unit.tolist(), parts.amounts().tolist(), strict=True)
    total = math.fsum(scale[parts.units[u]] * amount for u, amount in amounts)
    if abs(total - truth) <= CLOSE * abs(truth) + 1e-9:
        return "right"
    return "WRONG"


def main() -> None:
    """Run and print the counts; exit status 1 where a file came out wrong in silence, slow, or with a traceback."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for n in range(options.files):
            rng = random.Random(f"{options.seed}-{n}")
            name, content, row, truth = made(rng)
            try:
                word = outcome(name, content, row, truth, Path(folder))
            except Exception:  # noqa: BLE001 - any of them is what is looked for
                word = "TRACEBACK"
                traceback.print_exc()
            counts[word] += 1
            if word.isupper():
                print(f"file {n}: {word} truth {truth} {row}\n{content[:300]!r}")
    print(f"{options.files} files, seed {options.seed}: " + ", ".join(f"{k} {v}" for k, v in sorted(counts.items())))
    sys.exit(any(word.isupper() for word in counts))


if __name__ == "__main__":
    main()
