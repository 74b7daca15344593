"""How long something takes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
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
