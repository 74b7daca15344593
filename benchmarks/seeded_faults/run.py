"""Many cases on several processes.

A task is one clean case and some faults put into copies of it, so that the
clean case is calculated once. Everything random follows from the seed, the
number of the task, and the number of the fault in it.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

import numpy as np

from jcm_mrv.findings import Severity
from seeded_faults.events import EVENTS
from seeded_faults.fault import FAULTS, DoesNotApply, Fault
from seeded_faults.judge import Outcome, Verdict, calculated, judge
from seeded_faults.kinds import load
from seeded_faults.plant import Plant
from seeded_faults.plants import PLANTS, TREES

load()


@dataclass(frozen=True)
class Task:
    """A clean case and the kinds of faults that are put into it, with a number each."""

    seed: int
    number: int
    plant: str
    faults: tuple[tuple[str, int], ...]


@dataclass
class Report:
    """The verdicts of some cases, and what was said of clean ones: alarms, and wrong reductions."""

    verdicts: list[Verdict] = field(default_factory=list)
    clean: int = 0
    events: int = 0
    trees: int = 0
    alarms: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Take another report's cases in."""
        self.verdicts += other.verdicts
        self.clean += other.clean
        self.events += other.events
        self.trees += other.trees
        self.alarms += other.alarms
        self.wrong += other.wrong


def tasks(cases: int, seed: int, kinds: Sequence[str], plants: Sequence[str] = tuple(PLANTS)) -> Iterator[Task]:
    """Every kind in turn, in a plant to which it applies, five to a clean case; for ten cases one with an event."""
    fitting = {kind: [plant for plant in plants_of(kind) if plant in plants] for kind in kinds}
    kinds = [kind for kind in kinds if fitting[kind]]
    wanted: dict[str, list[tuple[str, int]]] = {}
    for n in range(cases):
        kind = kinds[n % len(kinds)]
        choice = fitting[kind]
        wanted.setdefault(choice[(n // len(kinds)) % len(choice)], []).append((kind, n))
    number = 0
    for plant, faults in wanted.items():
        for first in range(0, len(faults), 5):
            yield Task(seed, number, plant, tuple(faults[first : first + 5]))
            number += 1
    names = list(EVENTS)
    for n in range(cases // 10):
        yield Task(seed, number + n, names[n % len(names)], ())
    yield from _more_trees(seed, number + cases // 10, [plant for plant, of in wanted.items() for _ in of[::5]])


def _more_trees(seed: int, clean: int, made: Sequence[str]) -> Iterator[Task]:
    """Clean cases with a tree of meters until every third of all has one."""
    missing = clean - 3 * sum(plant in TREES for plant in made)
    for n in range(max(0, -(-missing // 2))):
        yield Task(seed, clean + n, TREES[n % len(TREES)], ())


def plants_of(kind: str) -> list[str]:
    """The plants to which a kind of fault applies."""
    return [name for name in PLANTS if spoil(_sample(name), kind, np.random.default_rng(0)) is not None]


_SAMPLES: dict[str, Plant] = {}


def _sample(name: str) -> Plant:
    if name not in _SAMPLES:
        _SAMPLES[name] = PLANTS[name](np.random.default_rng(0))
    return _SAMPLES[name]


def spoil(plant: Plant, kind: str, rng: np.random.Generator) -> tuple[Plant, Fault] | None:
    """A copy of a plant with a fault, and the fault."""
    copy = plant.copy()
    try:
        fault = FAULTS[kind](copy, rng)
    except DoesNotApply:
        return None
    fault.weight = max((plant.weight(meter) for meter in fault.meters if plant.gains.get(meter)), default=1.0)
    return copy, fault


def perform(task: Task) -> Report:
    """Calculate a clean case and its spoilt copies."""
    make = PLANTS.get(task.plant) or EVENTS[task.plant]
    plant = make(np.random.default_rng([task.seed, task.number]))
    clean = calculated(plant)
    report = Report(clean=1, events=int(task.plant in EVENTS), trees=int(task.plant in TREES))
    _look_at_clean(task, plant, clean, report)
    for kind, number in task.faults:
        spoilt = spoil(plant, kind, np.random.default_rng([task.seed, number, crc32(kind.encode())]))
        if spoilt is not None:
            verdict = judge(kind, *spoilt, clean, calculated(spoilt[0]))
            report.verdicts.append(replace(verdict, seed=(task.seed, task.number, number)))
    return report


def _look_at_clean(task: Task, plant: Plant, clean: Outcome, report: Report) -> None:
    name = f"{task.plant} (seed {task.seed}, task {task.number})"
    report.alarms += [
        f"{name}: {finding}" for finding in clean.findings if finding.severity in (Severity.ERROR, Severity.MAJOR)
    ]
    allowed = 1e-9 * abs(plant.truth) + plant.bridged
    if clean.reductions is None or abs(clean.reductions - plant.truth) > allowed:
        report.wrong.append(f"{name}: {clean.crash or clean.reductions} instead of {plant.truth}")


def run(todo: Sequence[Task], processes: int, *, progress: bool = False) -> Report:
    """All tasks; on one process without another, otherwise on several."""
    report = Report()
    if processes == 1:
        for done, task in enumerate(todo, 1):
            report.add(perform(task))
            _say(progress, done, len(todo))
        return report
    with multiprocessing.Pool(processes) as pool:
        for done, part in enumerate(pool.imap(perform, todo), 1):
            report.add(part)
            _say(progress, done, len(todo))
    return report


def _say(progress: bool, done: int, whole: int) -> None:
    if progress and (done % 20 == 0 or done == whole):
        print(f"{done} of {whole} clean cases with their faults", file=sys.stderr, flush=True)
