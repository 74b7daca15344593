"""Many generated members: a portfolio's run against one process, a plain loop of ``calculate`` and a Dask cluster.

    python benchmarks/portfolio_run.py [--members 40] [--meters 10] [--values 35040] [--dask] [--two] [--folder DIR]

Each member is a monitoring workbook with one log (CSV) of 15-minute values of all its meters. In one run:

- a plain loop of ``calculate_file`` over all members, in a process of its own;
- ``portfolio run`` in one process, with two processes, and with --dask on a local cluster of two workers;
- a second run in which one value of one member has changed, and one in which nothing has;
- the most memory that a worker ever held, in the first and in the last third of the members;
- the size of the store.

Times on a machine that does other things as well mean something only as ratios; the load is printed, and what the
machine gives two processes that only count.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.portfolio.reading import read_portfolio
from jcm_mrv.portfolio.running import run
from jcm_mrv.portfolio.store import Store
from jcm_mrv.portfolio.workers import Crew, Inline, LocalProcesses
from jcm_mrv.workbook.template.writing import Row, write_workbook

METHODOLOGY = "VN_AM007 1.0"
START = datetime(2023, 1, 1)
_LOOP = """
import sys
from pathlib import Path
from jcm_mrv.calculation import calculate_file
for path in sorted(Path(sys.argv[1]).glob("*/monitoring.xlsx")):
    calculate_file(path)
"""


def log(path: Path, member: int, meters: int, values: int) -> None:
    """Energy of each interval [kWh] of every meter, a column each; no two members are alike."""
    import pyarrow as pa
    import pyarrow.csv as pc

    drawn = np.random.default_rng(member).gamma(2.0, 1.5, (meters, values)).round(3)
    stamps = np.datetime64(START, "m") + 15 * np.arange(values)
    times = [str(stamp).replace("T", " ") for stamp in stamps]
    columns = {"time": pa.array(times), **{f"kWh {n}": pa.array(row) for n, row in enumerate(drawn)}}
    pc.write_csv(pa.table(columns), path, pc.WriteOptions(quoting_style="none"))


def workbook(path: Path, member: int, meters: int) -> None:
    """The monitoring workbook of a member: a system and a meter for each column of its log."""
    numbers = range(meters)
    tables: dict[str, list[Row]] = {
        "equipment": [{"equipment_id": f"PV-{n}", "connection": "grid"} for n in numbers],
        "meters": [
            {"meter_id": f"M-{n}", "unit": "kWh", "transformer_factor": 1, "serial_number": f"SN-{member}-{n}"}
            for n in numbers
        ],
        "points": [{"parameter": "EG", "applies_to": f"PV-{n}", "meter_id": f"M-{n}", "sign": "+"} for n in numbers],
        "logs": [
            {
                "log_id": f"L-{n}", "meter_id": f"M-{n}", "file": "log.csv", "layout": "wide", "time_column": "time",
                "value_column": f"kWh {n}", "unit": "kWh", "kind": "energy", "time_zone": "Asia/Ho_Chi_Minh",
                "stamp": "start", "transformer_factor_included": "yes",
            }
            for n in numbers
        ],
    }  # fmt: skip
    project: Row = {
        "title": f"Benchmark {member} (illustrative)", "country": "Viet Nam", "period_start": START.date(),
        "period_end": date(2023, 12, 31), "time_zone": "Asia/Ho_Chi_Minh", "report_date": date(2024, 2, 1),
    }  # fmt: skip
    write_workbook(path, template_methods([METHODOLOGY]), project, tables)


def members(folder: Path, count: int, meters: int, values: int) -> Path:
    """Write all members and their portfolio; those that are there already are left as they are."""
    lines = ['schema = "jcm-mrv-portfolio/1"', 'name = "benchmark"']
    for member in range(count):
        place = folder / f"m{member:05d}"
        lines += ["[[member]]", f'name = "{place.name}"', f'workbook = "{place.name}/monitoring.xlsx"']
        if not (place / "monitoring.xlsx").exists():
            place.mkdir(parents=True, exist_ok=True)
            log(place / "log.csv", member, meters, values)
            workbook(place / "monitoring.xlsx", member, meters)
    path = folder / "portfolio.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@dataclass
class Memory:
    """The most that any child of this process holds [B], looked at every tenth of a second."""

    seen: list[tuple[float, int]] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        import psutil

        me = psutil.Process()
        while not self._end.wait(0.1):
            held = [0]
            for child in me.children(recursive=True):
                try:
                    held.append(child.memory_info().rss)
                except psutil.Error:
                    continue
            self.seen.append((time.monotonic(), max(held)))

    def thirds(self) -> tuple[float, float]:
        """The most in the first and in the last third of the time [MB]."""
        held = [most for _, most in self.seen]
        third = max(1, len(held) // 3)
        return max(held[:third], default=0) / 1e6, max(held[-third:], default=0) / 1e6


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processors (of this process and of those that it began, once they have ended)."""

    clock: float
    processor: float


def timed(action: Callable[[], object]) -> Spent:
    """What something takes."""
    start, before = time.perf_counter(), os.times()
    action()
    after = os.times()
    return Spent(time.perf_counter() - start, sum(after[:4]) - sum(before[:4]))


def run_with(path: Path, store: Path, crew: Callable[[], Crew]) -> Spent:
    """What a run into a store takes; a failed member stops the benchmark."""

    def action() -> None:
        result, _ = run(read_portfolio(path), Store(store), crew)
        if result.faults or result.totals().credited is None:
            raise SystemExit(f"the benchmark is spoilt: {result.faulty[:1]} {result.findings[:1]}")

    return timed(action)


def _count(seconds: float) -> int:
    """How often a process that does nothing else counts to 10,000 in a time."""
    end, counted = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        for _ in range(10_000):
            pass
        counted += 1
    return counted


def given(seconds: float = 4.0) -> float:
    """What the machine gives two processes that only count, against one: 2 where nothing else runs on two cores."""
    with ProcessPoolExecutor(2) as pool:
        one = pool.submit(_count, seconds).result()
        return sum(pool.map(_count, [seconds, seconds])) / one


def on_dask(path: Path, store: Path) -> Spent:
    """The same on a local Dask cluster of two workers in processes of their own."""
    from distributed import LocalCluster

    from jcm_mrv.portfolio.cluster import DaskCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        return run_with(path, store, lambda: DaskCluster(cluster.scheduler_address))


def main() -> None:
    """Print times, ratios, memory and sizes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--members", type=int, default=40)
    parser.add_argument("--meters", type=int, default=10)
    parser.add_argument("--values", type=int, default=35040)
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--two", action="store_true", help="leave out the plain loop and the run in one process")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        _measure(options.folder or Path(scratch), options)


def _measure(folder: Path, options: argparse.Namespace) -> None:
    path = members(folder, options.members, options.meters, options.values)
    count, readings = options.members, options.members * options.meters * options.values
    stores = Path(tempfile.mkdtemp(dir=folder))
    print(f"{count} members x {options.meters} meters x {options.values:,} values = {readings:,} values")
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"two processes that only count get {given():.2f} times what one gets")
    rows: dict[str, Spent] = {}
    if not options.two:
        loop = [sys.executable, "-c", _LOOP, str(folder)]
        rows["plain loop of calculate"] = timed(lambda: subprocess.run(loop, check=True))
        rows["portfolio run, one process"] = run_with(path, stores / "one", Inline)
    with Memory() as memory:
        two = run_with(path, stores / "two", lambda: LocalProcesses(2))
    rows["portfolio run, two processes"] = two
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    if options.dask:
        rows["portfolio run, Dask, two workers"] = on_dask(path, stores / "dask")
    changed = folder / "m00000" / "log.csv"
    changed.write_bytes(changed.read_bytes() + b"\n")
    rows["again, one member changed"] = run_with(path, stores / "two", Inline)
    rows["again, nothing changed"] = run_with(path, stores / "two", Inline)
    for name, spent in rows.items():
        print(f"{name:<36} {spent.clock:8.1f} s {readings / spent.clock / 1e6:8.3f} million values/s", end="")
        print(f"  {spent.processor:8.1f} s of processors", flush=True)
    again = rows["again, one member changed"]
    if one := rows.get("portfolio run, one process"):
        print(f"speed-up of two processes over one: {one.clock / two.clock:.2f} by the clock, here and now;")
        print(f"{2 * one.processor / two.processor:.2f} at most by what the processors did, on two idle cores")
    shares = again.clock / two.clock, again.processor / two.processor
    print("one change: {:.1%} of the first run by the clock, {:.1%} by what the processors did".format(*shares))
    print("most memory of a worker, first and last third: {:.0f} and {:.0f} MB".format(*memory.thirds()))
    print(f"most memory of the process that hands out and gathers: {own:.0f} MB")
    files = [p for p in (stores / "two").rglob("*") if p.is_file()]
    tables = sum(p.stat().st_size for p in files if p.suffix == ".parquet")
    whole = sum(p.stat().st_size for p in files)
    inputs = sum(p.stat().st_size for p in folder.glob("m*/*"))
    print(f"store: {whole / count / 1e3:.1f} kB a member, {tables / count / 1e3:.1f} kB of it tables")
    print(f"inputs: {inputs / count / 1e3:.0f} kB a member")
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
