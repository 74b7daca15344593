"""A share of the spoilt inputs of benchmarks/fuzz.py with every run of the tests, and that its watchdog sees.

The long run is `python benchmarks/fuzz.py --inputs 50000`; this share takes a minute at most.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

if not hasattr(os, "fork"):
    pytest.skip("inputs are worked on in a forked process", allow_module_level=True)

import fuzz
from fuzzing.kinds import KINDS


@pytest.mark.timeout(200)
def test_spoilt_inputs_break_nothing() -> None:
    outcome = fuzz.run(400, seed=int(os.environ.get("FUZZ_SEED", "20")), kinds=list(KINDS), seconds=60)
    assert outcome.broken == [], "\n".join(outcome.lines())
    assert outcome.done.total() > 50 and outcome.peak < 1_000_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_input(kind: str, tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        KINDS[kind][0](folder, random.Random(7))
        made.append({p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.suffix != ".txt"})
    assert made[0] == made[1]


def _raises(folder: Path, chance: random.Random) -> None:
    if chance.random() < 0.5:
        raise KeyError("boo")


def _dies(folder: Path, chance: random.Random) -> None:
    os.abort()


def _hangs(folder: Path, chance: random.Random) -> None:
    while True:
        time.process_time()


@pytest.mark.parametrize(("work", "state"), [(_raises, "traceback"), (_dies, "abort"), (_hangs, "hang")])
def test_what_breaks_is_counted_and_the_next_goes_on(work: object, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "LONGEST", 0.5)
    monkeypatch.setitem(KINDS, "spoilt", (work, 1))  # type: ignore[arg-type]
    count = 20 if state == "traceback" else 2
    outcome = fuzz.run(count, seed=1, kinds=["spoilt"])
    assert outcome.done["spoilt"] == count
    assert {what for _, what, _, _ in outcome.broken} == {state}
    assert (3 < len(outcome.broken) < 17) if state == "traceback" else len(outcome.broken) == 2
