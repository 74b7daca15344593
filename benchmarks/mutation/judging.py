"""Runs the tests in processes of their own: without a change, to see what they reach, and with one, until one fails."""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from math import ceil
from pathlib import Path
from time import perf_counter, process_time
from types import CodeType, FunctionType
from typing import Any
from warnings import catch_warnings, simplefilter

import coverage
import pytest

from mutation.changes import Change, changed
from mutation.reach import Places, places_of

NOTICED, HUNG, SURVIVED, UNREACHED = "noticed", "hung", "NOT NOTICED", "no test reaches it"
NO_FUNCTION = "cannot be made"


class Judge:
    """The collected tests of one session and the function objects of the package, forked for each change."""

    def __init__(self, session: pytest.Session, root: Path) -> None:
        self.items = {item.nodeid: item for item in session.items}
        self.root = root
        self.sound: set[str] = set()
        """Tests seen to pass without a change in the place where they noticed one."""
        self.functions: dict[tuple[str, str], list[FunctionType]] = {}
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith(str(root / "jcm_mrv")):
                at = thing.__code__.co_filename, thing.__code__.co_qualname
                self.functions.setdefault(at, []).append(thing)

    def reached(self, test: str, sources: Sequence[str]) -> tuple[float, Places] | None:
        """The time a test takes while it is watched, and the lines it runs through; nothing if it does not pass."""

        def act() -> object:
            measuring = coverage.Coverage(data_file=None, include=list(sources))
            measuring.start()
            start = process_time()  # of the processor: on a busy machine the clock says nothing of the test
            failed, seconds = self._failing([test]), process_time() - start
            measuring.stop()
            with catch_warnings():
                simplefilter("ignore")  # a test that runs through none of it is none to be warned of
                data = measuring.get_data()
            lines = {file: data.lines(file) or () for file in data.measured_files()}
            return failed, seconds, places_of(self.root, lines)

        told = _forked(act, 600.0)
        return None if told is None or told[0] else (told[1], told[2])

    def judged(self, change: Change, tests: Sequence[str], longest: float) -> tuple[str, str]:
        """What became of a change, and the test that noticed it; ``longest`` in seconds of the processor."""
        if not tests:
            return UNREACHED, ""
        if (str(change.module), change.function) not in self.functions:
            return NO_FUNCTION, ""
        try:
            new = _code(compile(changed(change), str(change.module), "exec"), change.function)
        except (LookupError, SyntaxError):
            return NO_FUNCTION, ""

        def act() -> object:
            for function in self.functions[str(change.module), change.function]:
                function.__code__ = new
            return self._failing(tests)

        failed = _forked(act, longest)
        if failed is None:
            return HUNG, ""
        if not failed:
            return SURVIVED, ""
        if failed not in self.sound and not self._passes(tests[: tests.index(failed) + 1], longest):
            return self.judged(change, [test for test in tests if test != failed], longest)
        self.sound.add(failed)
        return NOTICED, failed

    def _passes(self, tests: Sequence[str], longest: float) -> bool:
        """Whether the tests pass without a change: else what failed was not noticing."""
        return bool(_forked(lambda: self._failing(tests), longest) == "")

    def _failing(self, tests: Sequence[str]) -> str:
        """The first of the tests that fails, in this process."""
        seen = _Failing()
        items = [self.items[test] for test in tests]
        hook = items[0].config.hook
        items[0].config.pluginmanager.register(seen)
        for item, following in zip(items, [*items[1:], None], strict=True):
            hook.pytest_runtest_protocol(item=item, nextitem=following)
            if seen.first:
                break
        return seen.first


class _Failing:
    first = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.first:
            self.first = report.nodeid


def _forked(act: Callable[[], object], longest: float) -> Any:
    """What ``act`` gives back, run in a process of its own; nothing if it takes too long or dies.

    Too long is measured in seconds of the processor, so that a busy machine makes nothing hang; who waits for nothing
    is given ten times as much by the clock.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(longest), ceil(longest)))
        _act(act, writing)
    os.close(writing)
    told, end = b"", perf_counter() + 10 * longest
    while (left := end - perf_counter()) > 0:
        if select.select([reading], [], [], left)[0]:
            part = os.read(reading, 1 << 20)
            if not part:
                break
            told += part
    os.close(reading)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return json.loads(told) if told and left > 0 else None


def _act(act: Callable[[], object], writing: int) -> None:
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(json.dumps(act()).encode())
    finally:
        os._exit(0)


def _code(code: CodeType, name: str) -> CodeType:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_qualname == name:
                return inner
            with suppress(LookupError):
                return _code(inner, name)
    raise LookupError(name)
