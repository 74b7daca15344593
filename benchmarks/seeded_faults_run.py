"""Faults put into clean monitoring data: what share is found, and does the treated ER stay below the truth?

    python benchmarks/seeded_faults_run.py [--cases 1000] [--seed 1] [--kinds spike,footer] [--list]

docs/seeded_faults.md says how it is judged. ``--list`` prints every case that failed and what was said of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from time import perf_counter

from seeded_faults.fault import FAULTS
from seeded_faults.judge import Verdict
from seeded_faults.plants import PLANTS
from seeded_faults.run import run, tasks
from seeded_faults.table import lines


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="", help="parts of the names of kinds, separated by commas; default all")
    parser.add_argument("--plants", default="", help="the same for the kinds of clean cases")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="print the cases that failed, and what was said of them")
    options = parser.parse_args()
    kinds, plants = _chosen(options.kinds, FAULTS), _chosen(options.plants, PLANTS)
    todo = list(tasks(options.cases, options.seed, kinds, plants))
    if not todo:
        parser.error(f"no such cases; kinds: {'; '.join(FAULTS)}; clean cases: {'; '.join(PLANTS)}")
    start = perf_counter()
    report = run(todo, options.processes, progress=True)
    for line in lines(report):
        print(line)
    kinds = sorted({verdict.kind for verdict in report.verdicts})
    print(f"\n{len(kinds)} kinds of faults, {len(report.verdicts)} cases, {perf_counter() - start:.0f} s")
    for line in [*report.wrong, *report.alarms]:
        print("clean:", line)
    if options.list:
        for verdict in report.verdicts:
            _failed(verdict)


def _chosen(text: str, names: Iterable[str]) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return [name for name in names if not parts or any(part in name for part in parts)]


def _failed(verdict: Verdict) -> None:
    if verdict.crash:
        print(f"{verdict.kind} in {verdict.plant} {verdict.seed}: crashed, {verdict.crash}")
    elif verdict.above or not (verdict.small or (verdict.detected and verdict.located)):
        words = [name for name in ("detected", "located", "above", "silent", "small") if getattr(verdict, name)]
        given = "refused" if verdict.given_away is None else f"{verdict.given_away:+.3%} given away"
        print(f"{verdict.kind} in {verdict.plant} {verdict.seed}: {', '.join(words)}; {given}")
        for line in verdict.said:
            print(f"    {line[:400]}")


if __name__ == "__main__":
    main()
