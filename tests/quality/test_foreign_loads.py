"""How much a load below a claimed meter may have taken in the time in which nobody read it; to the tonnes.

M-1 counts 100, 120 and 140 MWh from January to March 2024 (91 days) at 0.5 t/MWh: 180 t.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.meters.segments import Coverage
from jcm_mrv.origin import Origin
from jcm_mrv.quality.foreign_loads import foreign_load, load_by_month
from jcm_mrv.result import Result
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY
from support.results import calculated
from support.tree import point, term
from support.workbooks import monthly, solar_tables

OWN = solar_tables()
TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")


def meter(name: str, below: str = "", **more: Any) -> dict[str, Any]:
    return {**OWN["meters"][0], "meter_id": name, "serial_number": f"SN-{name}", "below": below, **more}


def with_load(amounts: Sequence[float | None], **more: Any) -> Result:
    rows = monthly("L-1", [a or 0.0 for a in amounts])
    read = [row for row, amount in zip(rows, amounts, strict=True) if amount is not None]
    return calculated(
        tables={
            "meters": [meter("M-1", "grid"), meter("L-1", "M-1", **more)],
            "calibrations": [{**OWN["calibrations"][0], "meter_id": name} for name in ("M-1", "L-1")],
            "readings": [*OWN["readings"], *read],
        }
    )


def loads(result: Result) -> list[Finding]:
    return [f for f in result.findings if f.code == "tree.foreign_load"]


@pytest.mark.parametrize(
    ("amounts", "rate", "mwh"),
    [
        ((10_000.0, 10_000.0, 10_000.0), None, 30.0),
        # February by the rate of the highest month: 12 MWh in the 31 days of March, 29/31 of it.
        ((10_000.0, None, 12_000.0), None, 22.0 + 12 * 29 / 31),
        # By the stated rate: 20 kW in 696 hours.
        ((10_000.0, None, 12_000.0), 20.0, 22.0 + 0.02 * 696),
        # Never more than the feeder counted: 200 kW would be 139.2 MWh, M-1 counted 120.
        ((10_000.0, None, 12_000.0), 200.0, 22.0 + 120.0),
    ],
)
def test_a_month_without_a_reading(amounts: Sequence[float | None], rate: float | None, mwh: float) -> None:
    stated = {} if rate is None else {"highest_rate": rate, "highest_rate_unit": "kW"}
    result = with_load(amounts, **stated)
    (finding,) = loads(result)
    assert finding.data["amount"] == pytest.approx(mwh * 1000)
    assert finding.effect_tco2e == pytest.approx(-mwh * 0.5)
    assert result.reductions == pytest.approx(180.0 - mwh * 0.5)


@pytest.mark.parametrize(
    ("stood", "there"),
    [
        ({"removed": date(2023, 12, 31)}, False),
        ({"removed": date(2024, 1, 1)}, False),
        ({"removed": date(2024, 2, 15)}, True),
        ({"installed": date(2024, 3, 1)}, True),
        ({"installed": date(2024, 4, 1)}, False),
        ({}, True),
    ],
)
def test_a_load_that_did_not_stand_there_in_the_period_takes_nothing(stood: dict[str, date], there: bool) -> None:
    result = with_load((None, None, None), **stood)
    assert bool(loads(result)) == there
    assert (result.reductions < 180.0) == there


class _Curves:
    """Monthly amounts of a load and of the feeder above it."""

    def __init__(self, load: list[float], feeder: list[float], rate: float, read: int = 2) -> None:
        self.amounts, self.rate, self.read = {"L": load, "F": feeder}, rate, read

    def curve(self, meter: str, unit: str) -> Any:
        best = np.array(self.amounts[meter])
        return SimpleNamespace(
            rate=self.rate, at=np.arange(self.read), between=lambda start, end: SimpleNamespace(best=best, highest=best)
        )


@pytest.mark.parametrize(
    ("covered", "rate", "feeder", "said"),
    [
        # 31 days at 100, 29 and 31 days of 58 kWh: the fastest of them fills what is silent
        ([31, 29, 31], np.inf, 999.0, [62.0, 58.0, 93.0]),
        ([31, 29, 21], np.inf, 999.0, [62.0, 58.0, 93.0 + 10 * 93 / 21]),
        ([31, 29, 21], 1.0 / DAY, 999.0, [62.0, 58.0, 103.0]),
        # no more than the feeder counts, nor less than the load itself
        ([31, 29, 21], np.inf, 95.0, [62.0, 58.0, 95.0]),
        ([31, 29, 21], np.inf, 90.0, [62.0, 58.0, 93.0]),
    ],
)
def test_a_load_that_was_not_read_all_the_time(
    covered: list[int], rate: float, feeder: float, said: list[float]
) -> None:
    expected = np.array([[31, 29, 31]], dtype=np.int64) * DAY
    coverage = Coverage(("L",), np.array([covered], dtype=np.int64) * DAY, expected, ())
    curves: Any = _Curves([62.0, 58.0, 93.0], [feeder] * 3, rate)
    found = load_by_month(coverage, curves, TIMELINE, "L", "F", "kWh")
    assert found == {n: pytest.approx(amount) for n, amount in enumerate(said)}


@pytest.mark.parametrize(
    ("load", "covered", "rate", "read", "said"),
    [
        # a month without a reading at all: by the rate of the fastest, 2 kWh a day, or by the stated one
        ([62.0, 0.0, 31.0], [31, 0, 31], np.inf, 2, [62.0, 58.0, 31.0]),
        ([62.0, 0.0, 31.0], [31, 0, 31], 1.0 / DAY, 2, [62.0, 29.0, 31.0]),
        # one that was never read: all that its feeder counted, or what its rate allows
        ([0.0, 0.0, 0.0], [0, 0, 0], np.inf, 0, [90.0, 90.0, 90.0]),
        ([0.0, 0.0, 0.0], [0, 0, 0], 1.0 / DAY, 0, [31.0, 29.0, 31.0]),
        # read longer than it stood there: nothing is silent
        ([62.0, 58.0, 31.0], [32, 29, 31], np.inf, 2, [62.0, 58.0, 31.0]),
        # nothing flowed wherever it was read
        ([0.0, 0.0, 0.0], [31, 0, 31], np.inf, 2, [0.0, 0.0, 0.0]),
    ],
)
def test_a_load_that_was_silent_for_months(
    load: list[float], covered: list[int], rate: float, read: int, said: list[float]
) -> None:
    expected = np.array([[31, 29, 31]], dtype=np.int64) * DAY
    coverage = Coverage(("L",), np.array([covered], dtype=np.int64) * DAY, expected, ())
    curves: Any = _Curves(load, [90.0] * 3, rate, read)
    found = load_by_month(coverage, curves, TIMELINE, "L", "F", "kWh")
    assert found == {n: pytest.approx(amount) for n, amount in enumerate(said)}


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (["M"], "and no monitoring point says what it measures: its load"),
        (["M", "L"], "and 25% of it is left in after what is subtracted: its load"),
    ],
)
@pytest.mark.parametrize(("known", "read"), [(True, "7 kWh"), (False, "it was never read; at most 7 kWh")])
@pytest.mark.parametrize(
    ("effect", "severity"),
    [(None, Severity.MAJOR), (0.5, Severity.MAJOR), (0.0, Severity.MINOR), (-1.0, Severity.MINOR)],
)
def test_a_load_of_others_in_words(
    terms: list[str], words: str, known: bool, read: str, effect: float | None, severity: Severity
) -> None:
    """A quarter of L is left in; it is a small matter only where ER does not rise by it."""
    one = point("EG", *map(term, terms))
    found = foreign_load(one, one.terms[0], "L", 0.25, 7.0, "kWh", known, effect, Origin(cell="A1"))
    assert f"meter L hangs below M, which counts for EG, {words}" in found.message
    assert found.found == f"{read} in the period; EG = its meters"
    assert (found.effect_tco2e, found.severity, found.data) == (effect, severity, {"amount": 7.0})
