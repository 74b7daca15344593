"""Benchmarks and tests are imported side by side, by their bare names: none may stand in another's way."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def names(folder: Path) -> set[str]:
    """What can be imported from a folder: its modules, and its folders with modules in them."""
    return {p.stem for p in folder.glob("*.py")} | {
        p.name for p in folder.iterdir() if p.is_dir() and any(p.rglob("*.py"))
    }


def test_no_benchmark_has_the_name_of_a_folder_of_tests() -> None:
    """``benchmarks/logs.py`` would hide ``tests/logs`` from a test that imports from it, or be hidden by it."""
    assert names(ROOT / "benchmarks") & names(ROOT / "tests") == set(), "rename the benchmark"


def test_no_benchmark_has_the_name_of_a_library() -> None:
    taken = set(sys.stdlib_module_names) | {"jcm_mrv", "numpy", "pandas", "pytest"}
    assert names(ROOT / "benchmarks") & taken == set()


def test_what_the_tests_share_is_found_before_the_benchmarks() -> None:
    places = [Path(p).resolve() for p in sys.path]
    assert places.index(ROOT / "tests") < places.index(ROOT / "benchmarks")
