"""A year of 15-minute logs of forty meters: jcm-mrv verify, LibreOffice included, against jcm-mrv calculate.

    python benchmarks/verify.py [--meters 40]

Both are processes of their own, start-up included, one after the other in one run: what counts is their ratio.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.workbook.template.writing import Row, write_workbook

START = datetime(2023, 1, 1)
QUARTERS = 365 * 96


def plant(folder: Path, meters: int) -> Path:
    """The monitoring workbook with its logs beside it."""
    numbers = range(1, meters + 1)
    stamps = [f"{START + timedelta(minutes=15 * n):%Y-%m-%d %H:%M}" for n in range(QUARTERS)]
    for meter in numbers:
        lines = [f"{stamp},{(7 * n + 13 * meter) % 100 + 0.25}" for n, stamp in enumerate(stamps)]
        (folder / f"log_{meter}.csv").write_text("time,kWh\n" + "\n".join(lines) + "\n", encoding="utf-8")
    log: Row = {"layout": "wide", "time_column": "time", "value_column": "kWh", "unit": "kWh", "kind": "energy"}
    log |= {
        "time_zone": "Asia/Ho_Chi_Minh",
        "stamp": "start",
        "interval_minutes": 15,
        "transformer_factor_included": "no",
    }
    tables: dict[str, list[Row]] = {
        "equipment": [{"equipment_id": f"PV-{n}", "connection": "grid"} for n in numbers],
        "meters": [{"meter_id": f"M-{n}", "unit": "kWh", "transformer_factor": 1} for n in numbers],
        "points": [{"parameter": "EG", "applies_to": f"PV-{n}", "meter_id": f"M-{n}", "sign": "+"} for n in numbers],
        "logs": [{"log_id": f"L-{n}", "meter_id": f"M-{n}", "file": f"log_{n}.csv", **log} for n in numbers],
    }
    project: Row = {
        "title": "Benchmark (illustrative)",
        "country": "Viet Nam",
        "period_start": START.date(),
        "period_end": date(2023, 12, 31),
        "time_zone": "Asia/Ho_Chi_Minh",
        "report_date": date(2024, 2, 1),
    }
    path = folder / "monitoring.xlsx"
    write_workbook(path, template_methods(["VN_AM007 1.0"]), project, tables)
    return path


def timed(*arguments: str) -> float:
    """Seconds of a command that has to end well."""
    begin = perf_counter()
    subprocess.run([sys.executable, "-m", "jcm_mrv", *arguments], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - begin


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--meters", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = plant(Path(folder), options.meters)
        calculate = timed("calculate", str(path), "--output", f"{folder}/out")
        verify = timed("verify", f"{folder}/out/monitoring_package.zip")
    print(f"{options.meters} meters, {options.meters * QUARTERS:,} values")
    print(f"calculate {calculate:.1f} s, verify {verify:.1f} s: {verify / calculate:.2f} times")


if __name__ == "__main__":
    main()
