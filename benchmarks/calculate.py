"""A year of hourly readings of six meters in one workbook: jcm-mrv against bare reading and against LibreOffice.

    python benchmarks/calculate.py [--formats json,xlsx]

52,560 readings are written to a temporary workbook. Then, in one run, the best of several times each:

- python-calamine alone reads the same file into Python values;
- ``jcm-mrv calculate`` reads, checks, calculates and writes the reports (a process of its own, start-up included);
- LibreOffice recalculates the monitoring_report.xlsx that it wrote.

What each stage takes inside one process is printed below that; every ratio is to python-calamine in the same run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.workbook.template.writing import Row, write_workbook
from timing import as_installed, best

ROOT = Path(__file__).parents[1]
METERS = 6
START = datetime(2023, 1, 1)
HOURS = 365 * 24
METHODOLOGY = "VN_AM007 1.0"


def readings(meter: int) -> list[Row]:
    """One meter's energy of each hour of the year [kWh]."""
    name, hour = f"M-{meter}", timedelta(hours=1)
    return [
        {
            "meter_id": name,
            "kind": "energy",
            "start": START + n * hour,
            "end": START + (n + 1) * hour,
            "value": (7 * n + 13 * meter) % 100 + 0.25,
            "unit": "kWh",
        }
        for n in range(HOURS)
    ]


def workbook(path: Path) -> None:
    """The monitoring workbook: six systems, a meter each."""
    numbers = range(1, METERS + 1)
    tables: dict[str, list[Row]] = {
        "equipment": [{"equipment_id": f"PV-{n}", "connection": "grid"} for n in numbers],
        "meters": [{"meter_id": f"M-{n}", "unit": "kWh", "transformer_factor": 1} for n in numbers],
        "points": [{"parameter": "EG", "applies_to": f"PV-{n}", "meter_id": f"M-{n}", "sign": "+"} for n in numbers],
        "readings": [row for n in numbers for row in readings(n)],
    }
    project: Row = {
        "title": "Benchmark (illustrative)",
        "country": "Viet Nam",
        "period_start": START.date(),
        "period_end": date(2023, 12, 31),
        "time_zone": "Asia/Ho_Chi_Minh",
        "report_date": date(2024, 2, 1),
    }
    write_workbook(path, template_methods([METHODOLOGY]), project, tables)


def bare_reading(path: Path) -> None:
    """Every sheet into Python values by python-calamine."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def calculate(path: Path, folder: Path, formats: str) -> None:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "jcm_mrv", "calculate", str(path), "--output", str(folder), "--formats", formats]
    subprocess.run(command, check=True, capture_output=True, env=as_installed(path.parent))


def recalculate(report: Path, folder: Path) -> None:
    """LibreOffice recalculates every formula and writes the workbook again."""
    sys.path.insert(0, str(ROOT / "tests"))
    from support.libreoffice import recalculate as by_libreoffice

    by_libreoffice(report, folder, timeout=600)


def stages(path: Path, formats: str) -> dict[str, float]:
    """Seconds of each stage inside one process, imports done."""
    from jcm_mrv.calculation import calculate_file
    from jcm_mrv.inputs import read_monitoring
    from jcm_mrv.reporting.write import rendered

    times = {"read and check the workbook": best(lambda: read_monitoring(path))}
    result = calculate_file(path)
    times["calculate (reading included)"] = best(lambda: calculate_file(path))
    for name in formats.split(","):
        times[f"render {name}"] = best(lambda name=name: rendered(name, result, "en"), 1)  # type: ignore[misc]
    return times


def main() -> None:
    """Print times and ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--formats", default="json,xlsx")
    formats: str = parser.parse_args().formats
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        path = folder / "monitoring.xlsx"
        workbook(path)
        print(f"{METERS * HOURS:,} readings, {path.stat().st_size / 1e6:.1f} MB")
        rows = {
            "python-calamine reads the file": best(lambda: bare_reading(path)),
            f"jcm-mrv calculate --formats {formats}": best(lambda: calculate(path, folder / "out", formats)),
        }
        report = folder / "out" / "monitoring_report.xlsx"
        if report.exists():
            rows["LibreOffice recalculates the report"] = best(lambda: recalculate(report, folder / "again"), 2)
        base = rows["python-calamine reads the file"]
        inside = {f"  {name}": seconds for name, seconds in stages(path, formats).items()}
        for name, seconds in (rows | inside).items():
            print(f"{name:<42} {seconds:7.2f} s  {seconds / base:6.1f}x")


if __name__ == "__main__":
    main()
