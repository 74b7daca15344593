"""Operating hours: no clock runs longer than time passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.hours import beyond_calendar
from support.limits import parts

ERROR = Severity.ERROR


@pytest.mark.parametrize(
    ("row", "unit", "hours"),
    [
        ((200.9, 0.0, 0.0, 0.0, 200), "h", None),
        ((201.1, 0.0, 0.0, 0.0, 200), "h", 201.1),
        ((0.0, 9.0, 209.9, 0.0, 200), "h", None),
        ((0.0, 9.0, 210.5, 0.0, 200), "h", 201.5),
        ((0.0, 9990.0, 191.5, 10_000.0, 200), "h", 201.5),
        ((12_054.0, 0.0, 0.0, 0.0, 200), "min", None),
        ((12_066.0, 0.0, 0.0, 0.0, 200), "min", 201.1),
        ((1e9, 0.0, 0.0, 0.0, 200), "kWh", None),
    ],
)
def test_no_clock_runs_longer_than_time_passes(row: tuple[float, ...], unit: str, hours: float | None) -> None:
    found = list(beyond_calendar(parts(row, unit=unit), Settings({})))  # type: ignore[arg-type]
    assert [f.data["hours"] for f in found] == ([] if hours is None else [pytest.approx(hours)])
    assert all(f.severity is ERROR and f.data["calendar"] == 200 for f in found)


def test_of_many_clocks_that_run_too_fast_the_first_are_named() -> None:
    rows = [(300.0, 0.0, 0.0, 0.0, 200)] * 22
    found = list(beyond_calendar(parts(*rows), Settings({})))
    assert [f.where.line for f in found] == list(range(2, 22))
    same = parts(*rows[:2])
    same = replace(same, start=same.start[[0, 0]], end=same.end[[0, 0]])
    assert len(list(beyond_calendar(same, Settings({})))) == 1
    assert list(beyond_calendar(parts(), Settings({}))) == []
