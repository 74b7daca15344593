"""The benchmark of seeded faults: its clean cases are clean, its faults are faults, and its judge judges right."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.origin import Origin
from seeded_faults.events import EVENTS
from seeded_faults.fault import FAULTS, Fault
from seeded_faults.judge import Outcome, calculated, judge, located
from seeded_faults.plant import Plant
from seeded_faults.plants import PLANTS, TREES
from seeded_faults.run import run, spoil, tasks
from seeded_faults.table import lines

KINDS = {name: make(np.random.default_rng(3)) for name, make in PLANTS.items()}
# One case of each of these is enough to see that the harness works: the figures are the benchmark's.
RUN = (
    *("rows missing, days to weeks", "file missing", "rows duplicated", "footer with the right total"),
    *("month left out", "register reset to 0", "digits of the register stated wrong"),
    "share as a percentage instead of a fraction",
)


@pytest.mark.parametrize("name", PLANTS)
def test_a_clean_case_gives_the_true_reductions_and_no_alarm(name: str) -> None:
    """The truth is worked out from the values as written, without the engine."""
    outcome = calculated(KINDS[name])
    assert outcome.reductions == pytest.approx(KINDS[name].truth, rel=1e-9)
    assert [str(f) for f in outcome.findings if f.severity in (Severity.ERROR, Severity.MAJOR)] == []


@pytest.mark.parametrize("name", [name for name in EVENTS if name != "storm"])
def test_an_event_that_is_stated_is_no_fault(name: str) -> None:
    plant = EVENTS[name](np.random.default_rng(3))
    outcome = calculated(plant)
    assert outcome.reductions == pytest.approx(plant.truth, rel=1e-9, abs=plant.bridged)
    assert [str(f) for f in outcome.findings if f.severity in (Severity.ERROR, Severity.MAJOR)] == []


def test_every_kind_of_fault_applies_to_a_case_and_changes_it() -> None:
    assert len(FAULTS) >= 25
    for kind in FAULTS:
        spoilt = ((plant, spoil(plant, kind, np.random.default_rng(3))) for plant in KINDS.values())
        plant, case = next((plant, case) for plant, case in spoilt if case is not None)
        assert case[0] != plant, kind


def test_a_third_of_the_clean_cases_has_a_tree_of_meters() -> None:
    done = list(tasks(40, 2, RUN, ["solar log", "hourly cooling", "readings sheet", "monthly registers"]))
    trees = [task for task in done if task.plant in TREES]
    assert 3 * len(trees) >= len(done) > len(trees)
    assert len({task.number for task in done}) == len(done)


def test_the_same_seed_makes_the_same_fault() -> None:
    one, other = (spoil(KINDS["solar log"], "value stuck", np.random.default_rng(9)) for _ in range(2))
    assert one == other


def test_a_run_finds_what_the_engine_has_always_found() -> None:
    report = run(list(tasks(len(RUN), 2, RUN)), 1)
    assert [v.kind for v in report.verdicts if v.crash] == []
    assert sorted(v.kind for v in report.verdicts) == sorted(RUN)
    assert [v.kind for v in report.verdicts if not v.detected] == []
    assert [v.kind for v in report.verdicts if v.above] == []
    assert report.alarms == report.wrong == []
    total = next(line for line in lines(report) if line.startswith("| **all**"))
    assert total.startswith(f"| **all** | {len(RUN)} |")


def finding(severity: Severity, message: str = "", **where: object) -> Finding:
    return Finding("x.y", severity, message, Origin(**where))  # type: ignore[arg-type]


FAULT = Fault({"MTR-1"}, {"a.csv"}, [(100, 120)], span=(datetime(2024, 3, 5), datetime(2024, 3, 6)))


@pytest.mark.parametrize(
    ("said", "right"),
    [
        (finding(Severity.MAJOR, file="a.csv", line=110), True),
        (finding(Severity.MAJOR, file="a.csv", line=300), False),
        (finding(Severity.MAJOR, "meter MTR-1 in 2024-03"), True),
        (finding(Severity.MAJOR, "meter MTR-1 in 2024-05"), False),
        (finding(Severity.MAJOR, "meter MTR-10 in 2024-03"), False),
        (finding(Severity.MAJOR, "2024-03-05", file="b.csv", line=110), False),
    ],
)
def test_where_a_finding_is_right(said: Finding, right: bool) -> None:
    assert located(said, FAULT) is right


def test_what_is_entered_as_it_should_be_only_has_to_be_said() -> None:
    plant, noted = Plant("p", "m", {}, {}, {}, 100.0, {}), finding(Severity.NOTE, "MTR-1")
    fault = Fault({"MTR-1"}, note_enough=True)
    assert judge("k", plant, fault, Outcome((), 100.0), Outcome((noted,), 90.0)).detected
    assert not judge("k", plant, fault, Outcome((), 100.0), Outcome((), 90.0)).detected


def verdict(reductions: float | None, *said: Finding, known: tuple[Finding, ...] = (), uncertain: float = 0.0) -> str:
    plant = Plant("p", "m", {}, {}, {}, 100.0, {})
    fault = Fault({"MTR-1"}, {"a.csv"}, [(100, 120)], uncertain=uncertain)
    found = judge("k", plant, fault, Outcome(known, 100.0), Outcome(said, reductions))
    return " ".join(name for name in ("detected", "refused", "above", "silent") if getattr(found, name))


def test_the_verdict() -> None:
    told, noted = finding(Severity.MAJOR, "MTR-1"), finding(Severity.NOTE, "MTR-1")
    assert verdict(90.0, told) == "detected"
    assert verdict(90.0, told, known=(told,)) == ""  # said of the clean case as well
    assert verdict(90.0, noted) == ""
    assert verdict(100.0, noted) == "detected"  # read past rightly, and said so
    assert verdict(90.0, finding(Severity.MAJOR, "MTR-2")) == ""
    assert verdict(None, finding(Severity.ERROR, file="a.csv")) == "detected refused"
    assert verdict(100.1, told) == "detected above"
    assert verdict(100.1, finding(Severity.MINOR, "MTR-1")) == "detected above silent"
    assert verdict(100.1) == "above silent"
    assert verdict(100.1, uncertain=0.005) == ""
