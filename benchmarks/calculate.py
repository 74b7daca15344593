"""A year of hourly readings of six meters in one workbook: jcm-mrv against bare reading and against LibreOffice.

    python benchmarks/calculate.py [--runs 5]

52,560 readings are written to a temporary workbook. Then, in one run and in turn, the medians of several times each:

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
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.workbook.template.writing import Row, write_workbook
from timing import as_installed, medians

ROOT = Path(__file__).parents[1]
BARE = "python-calamine reads the file"
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


def stages(path: Path) -> dict[str, Callable[[], object]]:
    """Each stage inside one process."""
    from jcm_mrv.calculation import calculate_file
    from jcm_mrv.inputs import read_monitoring
    from jcm_mrv.reporting.write import rendered

    result = calculate_file(path)
    return {
        "  read and check the workbook": lambda: read_monitoring(path),
        "  calculate (reading included)": lambda: calculate_file(path),
        "  render json": lambda: rendered("json", result, "en"),
        "  render xlsx": lambda: rendered("xlsx", result, "en"),
    }


def main() -> None:
    """Print times and ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    runs: int = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        path = folder / "monitoring.xlsx"
        workbook(path)
        print(f"{METERS * HOURS:,} readings, {path.stat().st_size / 1e6:.1f} MB; clock and processor, median of {runs}")
        calculate(path, folder / "out", "json,xlsx")
        report = folder / "out" / "monitoring_report.xlsx"
        actions: dict[str, Callable[[], object]] = {
            BARE: lambda: bare_reading(path),
            "jcm-mrv calculate --formats json": lambda: calculate(path, folder / "json", "json"),
            "jcm-mrv calculate --formats json,xlsx": lambda: calculate(path, folder / "out", "json,xlsx"),
            "LibreOffice recalculates the report": lambda: recalculate(report, folder / "again"),
        }
        took = medians(actions | stages(path), runs)
        for name, one in took.items():
            print(f"{name:<40} {one.against(took[BARE])}")


if __name__ == "__main__":
    main()
