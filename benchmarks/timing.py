"""How long something takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter


def best(action: Callable[[], object], runs: int = 3) -> float:
    """The shortest of several times [s]."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return min(times)


def as_installed(folder: Path) -> dict[str, str]:
    """The environment of a program that keeps its bytecode, as an installed one does: in ``folder``."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


@dataclass(frozen=True)
class Took:
    """Seconds on the clock, and of the processor in this process and in those that it waited for."""

    wall: float
    processor: float

    def against(self, base: Took) -> str:
        """Both, and how many times they are those of another."""
        times = ((self.wall, base.wall), (self.processor, base.processor))
        return "   ".join(f"{own:8.3f} s {own / other:6.1f}x" for own, other in times)


def medians(actions: Mapping[str, Callable[[], object]], runs: int = 5) -> dict[str, Took]:
    """The median times of several actions, taken in turn, so that a busy machine slows all of them alike."""
    took: dict[str, list[Took]] = {name: [] for name in actions}
    for _ in range(runs):
        for name, action in actions.items():
            wall, processor = perf_counter(), _processor()
            action()
            took[name].append(Took(perf_counter() - wall, _processor() - processor))
    return {name: Took(median(t.wall for t in all_), median(t.processor for t in all_)) for name, all_ in took.items()}


def _processor() -> float:
    return sum(os.times()[:4])
