"""A log of one year, 1 minute, 20 meters: jcm-mrv against bare reading by pyarrow, pandas and python-calamine.

    python benchmarks/log_reading.py [--layout wide|registers|european|xlsx] [--minutes 525600] [--meters 20]

10.5 million values are written to a temporary file (xlsx: 35,040 rows). Then, in one run and each in a process of
its own:

- ``pyarrow.csv``, ``pandas.read_csv(engine="pyarrow")``, and for a workbook ``python_calamine``, read the file,
  stamps parsed where they can, and do nothing with it;
- ``series_of`` reads it, checks every stamp and value, and cuts it into meters and months.

``european``: semicolons, decimal commas, thousands points and dates as DD/MM/YYYY that nobody stated; a footer with
the totals. Bare readers are told the separators; only jcm-mrv understands the numbers and dates.

Printed are medians of several runs: the seconds without the imports, the processor time of all threads, both with
their ratio to the first reader, and the largest memory that the process ever held. On a machine that does other work
meanwhile, the ratio of processor times is the steadier one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

import numpy as np

START = datetime(2023, 1, 1)
RUNS = 5


class Taken(NamedTuple):
    """Seconds, processor seconds of all threads, and the most memory held [MB]."""

    seconds: float
    processor: float
    peak: float = 0.0


class Stopwatch:
    """Both clocks from its making on."""

    def __init__(self) -> None:
        self._start = perf_counter(), process_time()

    def taken(self) -> Taken:
        """What has gone by."""
        return Taken(perf_counter() - self._start[0], process_time() - self._start[1])


def write_log(path: Path, minutes: int, meters: int, layout: str, pattern: str) -> None:
    """Average power [kW] with three decimals, or a register that grows [kWh]."""
    names = [f"P{n:02d}" for n in range(1, meters + 1)]
    if layout == "xlsx":
        write_workbook(path, minutes // 15, names)
        return
    if layout == "european":
        write_european(path, minutes, names)
        return
    with path.open("w") as file:
        file.write(",".join(["time", *names]) + "\n")
        for first in range(0, minutes, 1440):
            n = np.arange(first, min(first + 1440, minutes), dtype=np.int64)[:, None]
            wave = (4001 * n + 131 * np.arange(meters)) % 9973
            values = n + wave / 9973 if layout == "registers" else wave / 100
            for k, row in enumerate(values):
                stamp = START + timedelta(minutes=first + k)
                file.write(stamp.strftime(pattern) + "," + ",".join(f"{v:.3f}" for v in row) + "\n")


def powers(first: int, last: int, meters: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Rows of average powers, some of them above a thousand."""
    n = np.arange(first, last, dtype=np.int64)[:, None]
    return ((4001 * n + 131 * np.arange(meters)) % 9973) / 8.0


def write_european(path: Path, minutes: int, names: list[str]) -> None:
    """1.234,56 and 31/12/2023 23:59 between semicolons."""
    totals = np.zeros(len(names))
    with path.open("w") as file:
        file.write("Logger;ABC-7\n\n" + ";".join(["time", *names]) + "\n")
        for first in range(0, minutes, 1440):
            rows = powers(first, min(first + 1440, minutes), len(names)).round(2)
            totals += rows.sum(axis=0)
            for k, row in enumerate(rows):
                stamp = START + timedelta(minutes=first + k)
                file.write(f"{stamp:%d/%m/%Y %H:%M};" + ";".join(european(v) for v in row.tolist()) + "\n")
        file.write(";".join(["Total", *(european(v) for v in totals.tolist())]) + "\n")


def european(value: float) -> str:
    return f"{value:,.2f}".translate({44: 46, 46: 44})


def write_workbook(path: Path, rows: int, names: list[str]) -> None:
    """Quarter hours as dates and numbers."""
    import xlsxwriter

    options = {"default_date_format": "yyyy-mm-dd hh:mm", "constant_memory": True}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["time", *names])
        for n, row in enumerate(powers(0, rows, len(names)).tolist()):
            sheet.write_datetime(n + 1, 0, START + timedelta(minutes=15 * n))
            sheet.write_row(n + 1, 1, row)


def by_pyarrow(path: Path, meters: int, layout: str, pattern: str) -> Taken:
    """Seconds to read a CSV file by pyarrow alone."""
    from pyarrow import csv

    european = layout == "european"
    watch = Stopwatch()
    table = csv.read_csv(
        path,
        read_options=csv.ReadOptions(skip_rows=1 if european else 0),
        parse_options=csv.ParseOptions(delimiter=";" if european else ","),
    )
    taken = watch.taken()
    assert table.num_columns == meters + 1
    return taken


def by_calamine(path: Path, meters: int, layout: str, pattern: str) -> Taken:
    """Seconds to read a workbook by python-calamine alone, as Python cells."""
    import python_calamine

    watch = Stopwatch()
    rows = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    taken = watch.taken()
    assert len(rows[0]) == meters + 1
    return taken


def by_pandas(path: Path, meters: int, layout: str, pattern: str) -> Taken:
    """Seconds to read the file, stamps parsed where pyarrow can; the values' sum is for keeping it honest."""
    import pandas as pd

    watch = Stopwatch()
    frame = pd.read_csv(path, engine="pyarrow", parse_dates=["time"] if pattern.startswith("%Y") else None)
    taken = watch.taken()
    assert frame.shape[1] == meters + 1
    return taken


def by_jcm_mrv(path: Path, meters: int, layout: str, pattern: str) -> Taken:
    """Seconds from the sheets Meters and Logs to parts by meter and month."""
    import pyarrow.csv  # noqa: F401  (imports are not measured, as with pandas)

    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from jcm_mrv.findings import errors
    from jcm_mrv.quantities.units import parse_unit
    from jcm_mrv.time.timeline import Timeline
    from support.sheets import log_row, series_of, sheets

    parse_unit("kWh")  # reads the file of unit definitions, which is start-up like an import
    register = layout == "registers"
    names = [f"P{n:02d}" for n in range(1, meters + 1)]
    data = sheets(
        meters=[{"meter_id": name, "unit": "kWh", "transformer_factor": 1} for name in names],
        logs=[
            log_row(
                log_id=name, meter_id=name, file=path.name, value_column=name,
                interval_minutes=15 if layout == "xlsx" else 1,
                unit="kWh" if register else "kW", kind="register" if register else "power",
                date_format="" if pattern.startswith("%Y") or layout in ("european", "xlsx") else pattern,
            )
            for name in names
        ],
    )  # fmt: skip
    watch = Stopwatch()
    series = series_of(data, Timeline.of(date(2023, 1, 1), date(2023, 12, 31), "Asia/Ho_Chi_Minh"), path.parent)
    taken = watch.taken()
    assert not errors(series.findings), series.findings[:3]
    assert len(series.parts)
    return taken


JCM_MRV = "jcm-mrv, to meters and months"
READERS = {
    "pyarrow.csv alone": by_pyarrow,
    "pandas.read_csv, pyarrow engine": by_pandas,
    "python-calamine alone": by_calamine,
    JCM_MRV: by_jcm_mrv,
}
OF_LAYOUT = {
    "wide": ("pyarrow.csv alone", "pandas.read_csv, pyarrow engine", JCM_MRV),
    "registers": ("pyarrow.csv alone", "pandas.read_csv, pyarrow engine", JCM_MRV),
    "european": ("pyarrow.csv alone", JCM_MRV),
    "xlsx": ("python-calamine alone", JCM_MRV),
}


def measured(reader: str, path: Path, meters: int, layout: str, pattern: str) -> Taken:
    """What a reader takes in a process of its own."""
    arguments = [sys.executable, __file__, "--reader", reader, "--path", str(path), "--meters", str(meters)]
    arguments += ["--layout", layout, "--pattern", pattern]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    return Taken(*json.loads(done.stdout.splitlines()[-1]))


def one_reader(options: argparse.Namespace) -> None:
    """In the process that is measured."""
    import resource

    taken = READERS[options.reader](options.path, options.meters, options.layout, options.pattern)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kB on Linux
    print(json.dumps(taken._replace(peak=peak)))


def main() -> None:
    """Print times, ratios and memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=int, default=365 * 1440)
    parser.add_argument("--meters", type=int, default=20)
    parser.add_argument("--layout", choices=tuple(OF_LAYOUT), default="wide")
    parser.add_argument("--pattern", default="%Y-%m-%d %H:%M:%S", help="how the times are written")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--reader", choices=tuple(READERS), help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reader:
        one_reader(options)
        return
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / ("log.xlsx" if options.layout == "xlsx" else "log.csv")
        write_log(path, options.minutes, options.meters, options.layout, options.pattern)
        rows = options.minutes // (15 if options.layout == "xlsx" else 1)
        print(f"{rows * options.meters:,} values, {path.stat().st_size / 1e6:.0f} MB, {options.layout}")
        runs: dict[str, list[Taken]] = {reader: [] for reader in OF_LAYOUT[options.layout]}
        for _ in range(options.runs):  # in turn, so that a slower moment of the machine meets both
            for reader, found in runs.items():
                found.append(measured(reader, path, options.meters, options.layout, options.pattern))
        report(runs, rows * options.meters)


def report(runs: Mapping[str, Sequence[Taken]], values: int) -> None:
    """Print the medians of each reader, with their ratio to the first one's."""
    medians = {reader: Taken(*map(median, zip(*found, strict=True))) for reader, found in runs.items()}
    base = next(iter(medians.values()))
    for reader, (seconds, processor, peak) in medians.items():
        print(
            f"{reader:<32} {seconds:6.2f} s {seconds / base.seconds:6.2f}x {values / seconds / 1e6:6.1f} M/s   "
            f"processor {processor:6.2f} s {processor / base.processor:6.2f}x   peak {peak:5.0f} MB"
        )


if __name__ == "__main__":
    main()
