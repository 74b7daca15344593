"""Operating hours: no clock runs longer than time passes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.hours import beyond_calendar
from jcm_mrv.quantities.units import over_hours
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


@pytest.mark.parametrize(("hours", "found"), [(200.0, []), (200.5, ["200.5 h in 200 h"])])
def test_a_clock_may_run_as_long_as_time_passes(hours: float, found: list[str]) -> None:
    """Where the setting is 1 exactly as long."""
    settings = Settings({"calendar.most_of_hours": 1.0})
    for kind, words in ((SegmentKind.ENERGY, ""), (SegmentKind.LOG, " of a log, summed up")):
        one = parts((hours, 0.0, 0.0, 0.0, 200))
        said = list(beyond_calendar(replace(one, kind=one.kind * 0 + kind), settings))
        assert [f.found for f in said] == found
        assert all(f.message == f"meter M0 counts more hours{words} than its interval has" for f in said)


def test_each_reading_is_named_once_and_by_its_own_meter() -> None:
    """One that lies in two months has two parts; two meters may begin together. A mean without unit is no clock."""
    two = parts((300.0, 0.0, 0.0, 0.0, 200), (300.0, 0.0, 0.0, 0.0, 200), meters=2)
    together = replace(two, start=two.start[[0, 0]], end=two.end[[0, 0]])
    assert len(list(beyond_calendar(together, Settings({})))) == 1
    found = list(beyond_calendar(replace(together, meter=np.arange(2)), Settings({})))
    assert [f.message.split()[1] for f in found] == ["M0", "M1"]
    for unit in ("h", "kWh", over_hours("1")):
        mixed = replace(two, units=(unit, "h"), unit=np.arange(2))
        assert len(list(beyond_calendar(mixed, Settings({})))) == (2 if unit == "h" else 1)


def test_of_many_clocks_that_run_too_fast_the_first_are_named() -> None:
    rows = [(300.0, 0.0, 0.0, 0.0, 200)] * 22
    found = list(beyond_calendar(parts(*rows), Settings({})))
    assert [f.where.line for f in found] == list(range(2, 22))
    same = parts(*rows[:2])
    same = replace(same, start=same.start[[0, 0]], end=same.end[[0, 0]])
    assert len(list(beyond_calendar(same, Settings({})))) == 1
    assert list(beyond_calendar(parts(), Settings({}))) == []
