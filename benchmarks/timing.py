"""How long something takes."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter


def best(action: Callable[[], object], runs: int = 3) -> float:
    """The shortest of several times [s]."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return min(times)
