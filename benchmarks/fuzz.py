"""Spoilt inputs of every kind: no traceback, no abort, no hang over 10 s, and how much memory it took.

    python benchmarks/fuzz.py [--inputs 2000] [--seed 1] [--kinds cells,units] [--keep DIR] [--seconds 120]

Inputs are made by seed and kind (benchmarks/fuzzing); the same seed makes the same. Each is worked on within a child
process that is watched: when it does not come back in time or dies, that is counted, and the next child goes on. A
warning on the terminal counts as a traceback, and so does each use of the last net (exit status 3).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import select
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

from fuzzing.base import packed, parts
from fuzzing.kinds import KINDS, calculated

LONGEST = 10.0  # seconds of the processor for one input: others may be at work on the machine
ASLEEP = 60.0  # seconds by the clock
MOST_MEMORY = 4_000_000_000  # bytes of address space of a child; what needs more is counted as an abort
CHUNK = 400  # inputs of one child


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="", help="names of kinds, separated by commas; default all")
    parser.add_argument("--keep", type=Path, help="keep the inputs that broke something in this folder")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after this time")
    options = parser.parse_args()
    kinds = [name for name in KINDS if not options.kinds or name in options.kinds.split(",")]
    outcome = run(options.inputs, options.seed, kinds, options.keep, options.seconds)
    for line in outcome.lines():
        print(line)
    sys.exit(1 if outcome.broken else 0)


class Outcome:
    """What came of the inputs, by kind."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.broken: list[tuple[str, str, str, str]] = []
        self.peak = 0
        self.slowest = (0.0, "")

    def lines(self) -> Iterator[str]:
        """A table, and each different breakage once."""
        yield f"{'kind':16} {'inputs':>8} {'tracebacks':>11} {'aborts':>7} {'hangs':>6}"
        for kind in [*self.done, "all"]:
            mine = [b for b in self.broken if kind in (b[0], "all")]
            count = self.done.total() if kind == "all" else self.done[kind]
            states = Counter(b[1] for b in mine)
            yield f"{kind:16} {count:8} {states['traceback']:11} {states['abort']:7} {states['hang']:6}"
        yield f"peak memory {self.peak / 1e6:.0f} MB; slowest {self.slowest[0]:.1f} s ({self.slowest[1]})"
        seen: Counter[str] = Counter(b[3] for b in self.broken)
        for place, count in seen.most_common(40):
            first = next(b for b in self.broken if b[3] == place)
            yield f"{count:6} x {first[1]} in {first[2]}: {place}"


def task(number: int, seed: int, kinds: Sequence[str]) -> tuple[str, random.Random]:
    """The kind of an input and its source of chance."""
    chance = random.Random(f"{seed}/{number}")
    return chance.choices(kinds, [KINDS[k][1] for k in kinds])[0], chance


def run(
    inputs: int, seed: int, kinds: Sequence[str], keep: Path | None = None, seconds: float = float("inf")
) -> Outcome:
    """Work through the inputs, one child after the other."""
    outcome, begin, number = Outcome(), monotonic(), 0
    while number < inputs and monotonic() - begin < seconds:
        last = min(number + CHUNK, inputs)
        number = _child(range(number, last), seed, kinds, outcome, keep, begin + seconds)
    return outcome


def _child(numbers: range, seed: int, kinds: Sequence[str], outcome: Outcome, keep: Path | None, until: float) -> int:
    """Let a child work through some inputs; the number of the first that is left."""
    home = Path(tempfile.mkdtemp(prefix="fuzz-"))
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _work(numbers, seed, kinds, home, write)
    os.close(write)
    at, since, state = numbers.start, monotonic(), ""
    with os.fdopen(read, "rb") as stream:
        spent = 0.0
        while not state:
            ready = select.select([stream], [], [], 1.0)[0]
            line = stream.readline() if ready else b""
            if not ready:
                if _spent(child) - spent < LONGEST and monotonic() - since < ASLEEP:
                    continue
                os.kill(child, signal.SIGKILL)
                state = "hang"
            elif line == b"\n":
                since, spent = monotonic(), _spent(child)
            elif not line:
                state = "ended"
            else:
                said = json.loads(line)
                kind = task(at, seed, kinds)[0]
                outcome.done[kind] += 1
                outcome.slowest = max(outcome.slowest, (monotonic() - since, f"{kind} {seed}/{at}"))
                if said:
                    outcome.broken.append((kind, "traceback", f"{seed}/{at}", said))
                    _keep(home / str(at), keep, kind, seed, at)
                shutil.rmtree(home / str(at), ignore_errors=True)
                at, since, spent = at + 1, monotonic(), _spent(child)
            if at < numbers.stop and monotonic() > until:
                os.kill(child, signal.SIGKILL)
                state = "stopped"
    _, status, used = os.wait4(child, 0)
    outcome.peak = max(outcome.peak, used.ru_maxrss * 1024)
    if state == "hang" or (state == "ended" and at < numbers.stop):
        kind = task(at, seed, kinds)[0]
        outcome.done[kind] += 1
        what = "hang" if state == "hang" else "abort"
        outcome.broken.append((kind, what, f"{seed}/{at}", f"exit status {os.waitstatus_to_exitcode(status)}, {kind}"))
        _keep(home / str(at), keep, kind, seed, at)
        at += 1
    shutil.rmtree(home, ignore_errors=True)
    return at


def _spent(process: int) -> float:
    """Seconds of the processor that a process has taken."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _work(numbers: range, seed: int, kinds: Sequence[str], home: Path, pipe: int) -> None:
    """In the child: each input, and a line on the pipe after each."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    warnings.simplefilter("error")
    (home / "sound").mkdir()
    calculated(home / "sound", {"monitoring.xlsx": packed(parts())}, "json,html,xlsx")  # what is imported, once
    os.write(pipe, b"\n")
    for number in numbers:
        kind, chance = task(number, seed, kinds)
        folder = home / str(number)
        folder.mkdir()
        said = ""
        try:
            KINDS[kind][0](folder, chance)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is counted
            said = _place(error)
        os.write(pipe, json.dumps(said).encode() + b"\n")
    os._exit(0)


def _place(error: BaseException) -> str:
    """An error with the last places in the package at which it passed."""
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, SystemExit):
        return str(error)
    while error.__cause__ is not None:
        error = error.__cause__
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "jcm_mrv" in f.filename]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-3:]))
    return f"{type(error).__name__} {str(error)[:100]!r} at {places}"


def _keep(folder: Path, keep: Path | None, kind: str, seed: int, number: int) -> None:
    if keep is not None and folder.exists():
        shutil.copytree(folder, keep / f"{kind.replace(' ', '_')}-{seed}-{number}", dirs_exist_ok=True)


if __name__ == "__main__":
    main()
