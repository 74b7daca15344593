"""Tests that would notice: small changes to the arithmetic, one at a time, against the tests that reach them.

    python benchmarks/mutation_run.py [--changes 400] [--seed 1] [--rooms meters,series,claim,quality] [--workers 2]

First the tests of the rooms run once, and which test runs through which line is written down. Then changes are
drawn (an operator, a bound, a sign, a side, a constant), spread over the rooms by their number, and for each the
tests that reach its lines are run in a process of its own until one fails: the change is *noticed*. What no test
notices is listed, with what no test reaches. Some changes alter nothing that a person gets (equivalent): they are
for a reader to tell, in ``benchmarks/mutation/equivalent.txt``, a line each as printed here without its number
of the line.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import pkgutil
import random
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from time import perf_counter, sleep
from types import CodeType, FunctionType

import pytest

from mutation.changes import Change, changed, changes_of

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("meters", "series", "claim", "quality")
TESTS = ("claim", "meters", "quality", "test_series.py", "test_calculation.py", "test_calculation_findings.py")
EQUIVALENT = Path(__file__).parent / "mutation" / "equivalent.txt"
MOST_TESTS = 200  # of the tests that reach a line; the quickest come first (with 60, some that notice were left out)
LONGEST = 240.0  # s: a change that makes the tests hang is noticed by whoever waits for them
ABSENT = 77  # the exit status where no function object stands for the changed place
NOTICED, HUNG, SURVIVED, UNREACHED = "noticed", "hung", "NOT NOTICED", "no test reaches it"

Reach = dict[tuple[str, int], set[str]]


class _Reaching:
    """Writes down which test runs through which line, and how long each takes."""

    def __init__(self, coverage: object) -> None:
        self.coverage = coverage
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterable[None]:
        self.coverage.switch_context(item.nodeid)  # type: ignore[attr-defined]
        start = perf_counter()
        result = yield
        self.seconds[item.nodeid] = perf_counter() - start
        return result


def reach(tests: Sequence[str]) -> tuple[Reach, dict[str, float]]:
    """Which tests run through each line of the package, and the time [s] of each test; run in another process."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "reach"
        child = os.fork()
        if child == 0:
            _write_reach(tests, place)
        _, status = os.waitpid(child, 0)
        if status:
            sys.exit("the tests fail without any change")
        kept = json.loads(place.read_text(encoding="utf-8"))
    lines = {(file, int(line)): set(tests) for file, of in kept["lines"].items() for line, tests in of.items()}
    return lines, kept["seconds"]


def _write_reach(tests: Sequence[str], place: Path) -> None:
    import coverage

    measuring = coverage.Coverage(data_file=None, source=[str(ROOT / "jcm_mrv")])
    seeing = _Reaching(measuring)
    measuring.start()
    status = pytest.main([*tests, "-q", "-p", "no:cacheprovider", "-p", "no:xdist"], plugins=[seeing])
    measuring.stop()
    data = measuring.get_data()
    lines = {file: data.contexts_by_lineno(file) for file in data.measured_files()}
    place.write_text(json.dumps({"lines": lines, "seconds": seeing.seconds}), encoding="utf-8")
    os._exit(int(status))


def judged(changes: Sequence[tuple[Change, Sequence[str]]], workers: int) -> Iterator[tuple[Change, str]]:
    """Each change with what became of it: noticed, hung, not noticed, or no test reaches it; as they end."""
    running: dict[int, tuple[Change, float]] = {}
    waiting = list(reversed(changes))
    while waiting or running:
        while waiting and len(running) < workers:
            change, tests = waiting.pop()
            if not tests:
                yield change, UNREACHED
                continue
            child = os.fork()
            if child == 0:
                _run_changed(change, tests)
            running[child] = change, perf_counter()
        sleep(0.02)
        for child, (change, start) in list(running.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            if not ended and perf_counter() - start < LONGEST:
                continue
            if not ended:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            del running[child]
            if ended and os.waitstatus_to_exitcode(status) == ABSENT:
                raise LookupError(str(change))
            yield change, HUNG if not ended else NOTICED if status else SURVIVED


def _run_changed(change: Change, tests: Sequence[str]) -> None:
    """In a process of its own: the function gets its changed code, then the tests run."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    status = 1
    try:
        try:
            exchange(change)
        except LookupError:
            os._exit(ABSENT)
        status = pytest.main([*tests, "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header"])
    finally:
        os._exit(int(status))


def exchange(change: Change) -> None:
    """Every function object of the changed place gets the changed code, wherever it was handed on to."""
    new = _code(compile(changed(change), str(change.module), "exec"), change.function)
    found = 0
    for thing in gc.get_objects():
        code = thing.__code__ if isinstance(thing, FunctionType) else None
        if code and code.co_filename == str(change.module) and code.co_qualname == change.function:
            thing.__code__ = new
            found += 1
    if not found:
        raise LookupError(str(change))


def _code(code: CodeType, name: str) -> CodeType:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_qualname == name:
                return inner
            try:
                return _code(inner, name)
            except LookupError:
                continue
    raise LookupError(name)


def drawn(rooms: Sequence[str], number: int, seed: int) -> dict[str, list[Change]]:
    """Changes of each room, drawn by chance in proportion to what each room holds, without the equivalent ones."""
    known = set(EQUIVALENT.read_text(encoding="utf-8").splitlines()) if EQUIVALENT.exists() else set()
    every = {room: [c for path in _modules(room) for c in changes_of(path) if key(c) not in known] for room in rooms}
    total = sum(map(len, every.values()))
    chance = random.Random(seed)
    return {
        room: sorted(chance.sample(of, min(len(of), max(1, round(number * len(of) / total)))), key=str)
        for room, of in every.items()
    }


def key(change: Change) -> str:
    """A change as it stands among the equivalent ones: without its line, which moves."""
    return f"{change.module.relative_to(ROOT)} {change.function}: {change.text}"


def _modules(room: str) -> list[Path]:
    place = ROOT / "jcm_mrv" / room
    return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", default=",".join(ROOMS))
    parser.add_argument("--tests", default=",".join(TESTS))
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]
    lines, seconds = reach([f"tests/{test}" for test in options.tests.split(",")])
    load()
    for room, changes in drawn(options.rooms.split(","), options.changes, options.seed).items():
        left = 0
        chosen = [(change, tests_of(change, lines, seconds)) for change in changes]
        for change, how in judged(chosen, options.workers):
            if how != NOTICED:
                left += how != HUNG
                print(f"{how}: {change.line} {key(change)}", flush=True)
        print(
            f"{room:10} {len(changes):5} changes, {left:4} not noticed, {1 - left / len(changes):.1%} noticed",
            flush=True,
        )


def load() -> None:
    """What every process needs is imported once, before any is forked."""
    for module in pkgutil.walk_packages([str(ROOT / "jcm_mrv")], "jcm_mrv."):
        if module.name.startswith(tuple(f"jcm_mrv.{room}" for room in (*ROOMS, "calculation", "conclusion"))):
            importlib.import_module(module.name)


def tests_of(change: Change, lines: Reach, seconds: dict[str, float]) -> list[str]:
    """The tests that run through the changed line, the quickest first, at most :data:`MOST_TESTS`."""
    at = lines.get((str(change.module), change.line), set())
    near = set().union(*(lines.get((str(change.module), line), ()) for line in range(change.first, change.last + 1)))
    return sorted({test for test in at or near if test in seconds}, key=lambda test: (seconds[test], test))[:MOST_TESTS]


if __name__ == "__main__":
    main()
