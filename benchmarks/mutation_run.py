"""Tests that would notice: small changes to the arithmetic, one at a time, against the tests that reach them.

    python benchmarks/mutation_run.py [--room quality] [--limit 100] [--seed 1] [--seconds 20] [--again] [TEST ...]

First each test runs alone, and through which lines it runs is written down (kept in ``build/mutation`` as long as
the file of the test stays as it is). Then changes are drawn by chance (an operator, a bound, a sign, a side, a
constant), ``--limit`` in each room (or in a part of one, ``--room quality/values/size``), and for each the tests that
reach its line run in a process of its own until one fails: the change is *noticed*. Tests that noticed a change of the
same function or module come first, then of each file the quickest (eight of a file of the mirrored folder), then of
each the next, up to ``--seconds`` for each change. A test counts as having noticed only if it passes at the same place
without the change.

Changes are taken in the order in which they were drawn, so that an unfinished run is a fair sample; it goes on where
it stopped. ``--again`` takes again what was not noticed before. What alters nothing that a person gets stands with
its reason in ``benchmarks/mutation/equivalent.tsv``, as printed here without its line.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import pytest

from jcm_mrv.methodology.catalogue import catalogue
from mutation.changes import Change, changes_of, source
from mutation.judging import HUNG, NO_FUNCTION, NOTICED, Judge
from mutation.reach import Reach

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("meters", "series", "claim", "quantities", "quality")
TESTS = (
    *("tests/claim", "tests/meters", "tests/quality", "tests/quantities"),
    *("tests/test_series.py", "tests/test_series_of_readings.py"),
    *("tests/test_calculation.py", "tests/test_calculation_findings.py"),
)
KEPT = ROOT / "build" / "mutation"
EQUIVALENT = Path(__file__).parent / "mutation" / "equivalent.tsv"


class Run:
    """The part of a session of tests that stands in the place of running them once."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.reach = Reach(ROOT, KEPT / "reach")
        self.noticing: dict[str, Counter[str]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """The same examples each time, and no search for the smallest that fails: any is enough."""
        from hypothesis import HealthCheck, Phase, settings  # pytest wants to see it first

        once, slow = [Phase.explicit, Phase.generate], list(HealthCheck)  # on a busy machine any of them is slow
        settings.register_profile(
            "mutation", deadline=None, derandomize=True, database=None, phases=once, suppress_health_check=slow
        )
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        judge = Judge(session, ROOT)
        every = {room: drawn(room, self.options.seed) for room in self.options.room.split(",")}
        self._reach(judge)
        if "quantities" not in self.options.room:
            catalogue()  # which most tests load first, and no change in a room above reaches: once for all of them
        for room, changes in every.items():
            self._room(room, changes, judge)
        return True

    def _reach(self, judge: Judge) -> None:
        sources = [str(ROOT / "jcm_mrv" / room) + ending for room in ROOMS for ending in (".py", "/*")]
        self.reach.see({test.split("::")[0] for test in judge.items})
        for file, tests in groupby(judge.items, lambda test: test.split("::")[0]):
            if self.reach.known(file):
                continue
            reached = {test: judge.reached(test, sources) for test in tests}
            self.reach.keep(file, {test: found for test, found in reached.items() if found})
            spoilt = [test for test, found in reached.items() if not found]
            say(f"{file}: {len(reached)} tests" + "".join(f"\n  fails without a change: {test}" for test in spoilt))

    def _room(self, room: str, changes: Sequence[Change], judge: Judge) -> None:
        known = equivalent()
        log = KEPT / f"{room.replace('/', '.')}-{self.options.seed}.jsonl"
        before = _before(log, self.options.again)
        told: Counter[str] = Counter()
        for change in changes[: self.options.limit]:
            if key(change) in known:
                told["equivalent"] += 1
                continue
            at = _identity(change)
            how, test = before.get(at, ("", ""))
            if not how:
                how, test = judge.judged(change, self._tests_of(change, judge), 5 + 3 * self.options.seconds)
                with log.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps([at, how, test]) + "\n")
                if how not in (NOTICED, NO_FUNCTION):
                    say(f"{how}: {change.line} {key(change)}")
            told[how] += 1
            for place in (change.function, ""):
                self.noticing.setdefault(f"{change.module} {place}", Counter())[test] += 1
        counted = sum(told.values()) - told["equivalent"] - told[NO_FUNCTION]
        noticed = told[NOTICED] + told[HUNG]
        say(f"{room}: {noticed} of {counted} noticed ({noticed / max(counted, 1):.1%}); {dict(told)}")

    def _tests_of(self, change: Change, judge: Judge) -> list[str]:
        """The tests that run through the changed line, those most likely to notice first, within the seconds."""
        module, function = str(change.module.relative_to(ROOT)), change.function
        line, first, last = (line - change.begins for line in (change.line, change.first, change.last))
        tests = self.reach.tests(module, function, [line], range(first, last + 1))
        near, mirrored = change.module.stem, str(Path("tests", *Path(module).parts[1:-1]))
        own, others = (self.noticing.get(f"{change.module} {place}", Counter()) for place in (function, ""))

        tests &= set(judge.items)
        nth: dict[str, int] = {}
        taken: Counter[str] = Counter()
        for test in sorted(tests, key=lambda test: (self.reach.seconds[test], test)):
            nth[test] = taken[test.split("::")[0]]
            taken[test.split("::")[0]] += 1

        def order(test: str) -> tuple[object, ...]:
            file = test.split("::")[0]
            likely = 0 if own[test] else 1 if others[test] else 2 if f"test_{near}" in file else 3
            # Of each file one, then of each another: tests of one file are alike. Of those nearer by, eight.
            return likely, nth[test] // (8 if file.startswith(mirrored) else 1), self.reach.seconds[test], test

        return list(_within(sorted(tests, key=order), self.reach.seconds, self.options.seconds))


def _within(tests: Iterable[str], seconds: dict[str, float], most: float) -> Iterable[str]:
    """The tests as long as their time together is at most so many seconds, at least one."""
    total = 0.0
    for test in tests:
        if total and total + seconds[test] > most:
            continue
        total += seconds[test]
        yield test


def _before(log: Path, again: bool) -> dict[str, tuple[str, str]]:
    """What became of the changes of an earlier run of the same draw; without the unnoticed, if they come again."""
    if not log.exists():
        return {}
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return {at: (how, test) for at, how, test in lines if not again or how in (NOTICED, NO_FUNCTION)}


def drawn(room: str, seed: int) -> list[Change]:
    """All changes of a room in an order by chance: the first so many are a sample."""
    changes = [change for path in _modules(room) for change in changes_of(path)]
    random.Random(seed).shuffle(changes)
    return changes


def equivalent() -> set[str]:
    """The changes that alter nothing a person gets, of which each states why."""
    return {line.split("\t")[0] for line in EQUIVALENT.read_text(encoding="utf-8").splitlines()}


def key(change: Change) -> str:
    """A change as it stands among the equivalent ones: without its line, which moves."""
    return f"{change.module.relative_to(ROOT)} {change.function}: {change.text}"


def _identity(change: Change) -> str:
    """A change in the text of its module as it is: another text is another change."""
    digest = hashlib.sha256(source(change.module).encode()).hexdigest()[:12]
    return f"{key(change)} {change.line}.{change.number} {digest}"


def _modules(room: str) -> list[Path]:
    place = ROOT / "jcm_mrv" / room
    return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def say(text: str) -> None:
    """Writes to the terminal past what pytest captures."""
    os.write(OUT, (text + "\n").encode())


OUT = os.dup(1)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", default=",".join(ROOMS))
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("tests", nargs="*", default=TESTS)
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    flags = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    sys.exit(pytest.main([*flags, *options.tests], plugins=[Run(options)]))


if __name__ == "__main__":
    main()
