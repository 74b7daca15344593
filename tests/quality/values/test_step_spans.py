"""Where a step by a slip ends, what is around it, what is said of it, and where it is major: each limit by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.quality.values.step import (
    _above_limit,
    _both,
    _certain,
    _end,
    _like,
    _lowers,
    month_unlike,
    steps,
)
from jcm_mrv.quality.values.subject import Subject
from support.limits import made, monthly, months, with_one
from support.steps import days_of, load, step, stepped

NAN = math.nan


# --- the end of a step ------------------------------------------------------------------------------


def ended(inside: Sequence[float], *after: float) -> int:
    """After how many days a step of 2 ends that changes so from its first day on."""
    return _end(np.array([NAN] * 7 + [0.0] * 3 + [*inside, *after]), 10, 2.0) - 10


BACK = (-2.0,) * 7


@pytest.mark.parametrize(
    ("days", "after", "end"),
    [
        # within a week: three days that are unlike it, half of it or more
        ([2.0] * 4 + [0.0] * 3, (NAN,) * 7, 4), ([2.0] * 4 + [1.0] * 3, (NAN,) * 7, 4),
        ([2.0] * 4 + [1.01, 0.0, 0.0], BACK, 5), ([2.0] * 4 + [3.0] * 3, (NAN,) * 7, 4),
        ([2.0, 2.0, 0.0, 0.0, 0.0, 2.0, 2.0], (NAN,) * 7, 2), ([2.0, 2.0, 0.0, 0.0, 2.0, 2.0, 2.0], (NAN,) * 7, 14),
        ([2.0, 0.0, 0.0, 0.0, 2.0, 2.0, 2.0], (NAN,) * 7, 1), ([2.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0], (NAN,) * 7, 14),
        ([0.0] * 4 + [2.0] * 3, (NAN,) * 7, 1),  # a step has its first day
        # the last two of the week alone may be weather: the step back has to tell on both days after it
        ([2.0] * 5 + [0.0] * 2, (NAN,) * 7, 14), ([2.0] * 5 + [0.0] * 2, (-2.0, 0.0, 0.0), 10),
        ([2.0] * 5 + [0.0] * 2, BACK, 5), ([2.0] * 6 + [0.0], BACK, 6), ([2.0] * 6 + [0.0], (0.0, -2.0, 0.0), 10),
        # later: two days of the step back, of more than half of it
        ([2.0] * 7, (0.0, -1.01, -1.01, 0.0), 8), ([2.0] * 7, (0.0, -1.0, -2.0, 0.0), 11),
        ([2.0] * 7, (0.0, -2.99, -2.99, 0.0), 8), ([2.0] * 7, (0.0, -3.0, -2.0, 0.0), 11),
        ([2.0] * 5, (), 5), ([2.0, 0.0, 0.0, 0.0], (), 1),
    ],
)  # fmt: skip
def test_a_step_ends_by_the_week_before_or_by_the_way_back(days: list[float], after: Any, end: int) -> None:
    assert ended(days, *after) == end


# --- the weeks around -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "end", "first", "last"), [(20, 40, 0, 82), (42, 50, 0, 92), (43, 50, 1, 92), (80, 95, 38, 100)]
)
def test_six_weeks_on_either_side_are_what_is_around(day: int, end: int, first: int, last: int) -> None:
    whole = made(load(100), {"day_highest": np.arange(100.0)})
    inside, around = _both(whole, step(10.0, day, end))
    assert inside.tolist() == list(range(day, end))
    assert around.tolist() == [*range(first, day), *range(end, last)]


def test_the_way_back_from_a_storm_is_no_step() -> None:
    """From the 26th day on each gives 0.85 of the last, down to a tenth; on the 48th all comes back at once."""
    left = np.concatenate((np.ones(25), 0.85 ** np.arange(1, 15), np.full(8, 0.1), np.ones(23)))
    power = left[:, None] * days_of(70)
    assert steps(made(power.ravel())) == []
    power[:47] = 0.1 * power[69]  # low from the beginning on it is one
    assert [(s.day, s.end, s.slip.factor) for s in steps(made(power.ravel()))] == [(47, 70, 10.0)]


@pytest.mark.parametrize(("days", "first", "count"), [(14, 12, 1), (13, 11, 0), (20, 18, 1)])
def test_two_weeks_have_to_be_known_and_two_days_of_the_step(days: int, first: int, count: int) -> None:
    power = days_of(days)
    power[first:] *= 10.0
    assert len(steps(made(power.ravel()))) == count
    power[3, :] = NAN  # a day of the two weeks
    assert len(steps(made(power.ravel()))) == (count if days > 14 else 0)


def test_the_months_of_a_log_are_looked_at_by_its_days() -> None:
    rates = with_one(4, 1000.0)
    assert list(month_unlike(made(load(30), months=months(*rates)))) == []
    (said,) = month_unlike(monthly(rates))
    assert "2024-05 is 10 times the other months" in said.message


# --- what is said of it ----------------------------------------------------------------------------


def test_what_is_said_of_a_span_that_ends() -> None:
    """A day has 24 x 90 = 2,160 kWh; the 31st day is 31 January, the 41st 10 February."""
    (said,) = month_unlike(made(stepped(10.0, 30, 10, noise=0.0)))
    assert said.message == (
        "meter M1: after 2024-01-30, from 2024-01-31 on, every value is about 10 times that of the week before, up to "
        "2024-02-10; near the factor 10 of a wrong unit or decimal point"
    )
    assert said.found == "21600 kWh on 2024-01-31, 2160 kWh a week before"
    assert said.data == {"ratio": pytest.approx(10.0), "factor": 10.0, "days": 10}
    assert said.where.line == 30 * 24 + 2 and said.severity is Severity.MAJOR


def test_what_is_said_of_a_span_that_does_not_end() -> None:
    """A 5th is near no factor; nothing else is said of it."""
    (said,) = month_unlike(made(stepped(0.2, 30, 40, noise=0.0)))
    assert said.message == (
        "meter M1: after 2024-01-30, from 2024-01-31 on, every value is about 0.2 times that of the week before, to "
        "the end"
    )
    assert (said.severity, said.questionable, said.data["days"]) == (Severity.MINOR, (), 40)


# --- where it is major ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("factor", "above"), [(1.65, True), (5.0, True), (0.5, False)])
def test_a_rise_by_however_little_may_exceed_what_can_flow(factor: float, above: bool) -> None:
    """100 kW and 5 % of it are 105 kW."""
    highest = np.full(60, 50.0)
    whole = made(load(60), {"day_highest": highest}, highest=100.0)
    for value, exceeds in ((105.0, False), (105.1, above)):
        highest[25] = value
        assert bool(_above_limit(whole, step(factor, 20, 30))) == exceeds
    assert _above_limit(whole, step(factor, 20, 25)) == "" and _above_limit(whole, step(factor, 26, 30)) == ""


def test_what_a_fall_took_away_is_asked_of_the_claim() -> None:
    """A tenth of 2,160 kWh are 216 kWh, 1,944 kWh too few, on the 33rd day, in February."""
    asked: list[Any] = []
    fall = made(stepped(0.1, 32, 8, noise=0.0))
    fall = replace(fall, effects=lambda *of: asked.append(of) or 1.0)  # type: ignore[arg-type,func-returns-value]
    assert _lowers(fall, step(0.1, 32, 40))
    assert asked == [("M1", "kWh", {1: pytest.approx(-1944.0)})]


def test_from_three_hundred_times_on_days_may_vary_as_they_like() -> None:
    """Before a rise to the end, one day is thirty times another: of less that may be the end of snow."""
    highest = np.where(np.arange(60) < 20, 100 * np.resize([1, 30, 1 / 30], 60), 30_000.0)
    whole = made(load(60), {"day_highest": highest})
    assert [_certain(whole, step(factor, 20, 60)) for factor in (299.0, 300.0)] == [False, True]


@pytest.mark.parametrize("factor", [1.65, 10.0])
def test_a_rise_is_no_fall_whatever_er_does(factor: float) -> None:
    rise = stepped(factor, 10, 5, noise=0.0)
    assert not any(_lowers(made(rise, each=each), step(factor, 10, 15)) for each in (0.001, -0.001))


def hours_like(day: int, first: int, hours: Sequence[float], factor: float = 16.0) -> list[int]:
    power = days_of(40)
    power[day] *= np.array([*hours, *[1.0] * (24 - len(hours))])
    whole: Subject = made(power.ravel())
    return np.flatnonzero(_like(whole, step(factor, first, first + 10), day)).tolist()


def test_hours_as_the_step_s_differ_by_more_than_its_root() -> None:
    """Of sixteen the root is 4: from 4 to 64 times, against the same weekday before the step."""
    assert hours_like(19, 20, [3.9, 4.1, 16.0, 63.9, 64.1]) == [1, 2, 3]
    assert hours_like(30, 20, [3.9, 4.1]) == [1]
    # of the first day of the log something is known, of the one before it nothing
    assert hours_like(7, 8, [16.0]) == [0] and hours_like(6, 7, [16.0]) == [] and hours_like(8, 9, [16.0]) == [0]
