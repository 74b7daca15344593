"""The parts of the rule on clocks, each limit just below it, at it and just above it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.clock import (
    _from_noon,
    _mean_days,
    _mismatch,
    _rests_by_night,
    _Shift,
    _step,
    clock_shift,
)
from jcm_mrv.quality.values.subject import Site
from jcm_mrv.quality.values.sun import solar_noon_hour
from jcm_mrv.time.zones import DAY
from support.limits import START, bell, made
from support.values import HAI_PHONG

NAN = math.nan


@pytest.mark.parametrize(
    ("off", "least", "said"),
    [
        ([0, 0, 0, 1, 1, 1], 0.6, (3, 1.0)), ([0, 0, 0, -1, -1, -1], 0.6, (3, -1.0)), ([0, 0, 1, 1], 0.6, (2, 1.0)),
        ([0, 0, 0, 0.6, 0.6, 0.6], 0.6, (3, 0.6)), ([0, 0, 0, 0.59, 0.59, 0.59], 0.6, None),
        # three times what the weeks usually move, here 0.25 and 0.3
        ([0, 0.25, 0, 0.25, 1, 1.25, 1, 1.25], 0.6, (4, 0.75)), ([0, 0.25, 0, 0.25, 0.98, 1.23, 0.98, 1.23], 0.6, None),
        # on either side the weeks agree within 0.6 of the step
        ([0.59, 0, 0, 1, 1, 1], 0.5, (3, 1.0)), ([0.6, 0, 0, 1, 1, 1], 0.5, None),
        ([0, 0, 0, 1, 1, 1.59], 0.5, (3, 1.0)), ([0, 0, 0, 1, 1, 1.6], 0.5, None),
        # the largest step; of two alike the first
        ([0, 0, 0, 1, 1, 1, 3, 3, 3], 0.6, (6, 2.0)), ([0, 0, 0, -2, -2, -2, -1, -1, -1], 0.6, (3, -2.0)),
        ([0, 0, 0, 1, 1, 1, 2, 2, 2], 0.6, (3, 1.0)),
        ([0, 1], 0.6, None), ([0, 0, 1], 0.6, None),
    ],
)  # fmt: skip
def test_a_step_of_weeks_that_stays(off: list[float], least: float, said: Any) -> None:
    found = _step(np.array(off, dtype=float), least)
    assert found == (None if said is None else _Shift(said[0], pytest.approx(said[1])))


def test_the_middle_of_a_week_s_generation_against_noon() -> None:
    """All from 9:00 to 10:00 has its middle at 9:30, 2.5 hours before 12:00; of each hour the highest day counts."""
    day = np.zeros(24)
    day[9] = 10.0
    weeks = np.concatenate((np.zeros(7 * 24), np.tile(day, 7), np.tile(np.roll(day, 5), 7)))
    weeks[7 * 24 + 3], weeks[8 * 24 + 4] = NAN, -50.0
    subject = made(weeks)
    assert math.isnan(_from_noon(subject, 0))
    assert [_from_noon(subject, n) for n in (1, 2)] == pytest.approx([-2.5, 2.5])
    assert _from_noon(made(weeks / 1024), 1) == pytest.approx(-2.5)
    weeks[7 * 24 + 15] = 10.0  # one day from 15:00 on: the middle of 9:30 and 15:30 is 12:30
    assert _from_noon(made(weeks), 1) == pytest.approx(0.5)
    # Of the sun the noon of the middle day counts: 5:00 UTC at 105 degrees, which is 12:00 of the log's day.
    for east in (105.0, 120.0):
        own = made(weeks, sun=True, site=Site(20.0, east))
        noon = solar_noon_hour(START + (2 * 7 + 3) * DAY, Site(20.0, east)) + 7
        assert _from_noon(own, 2) == pytest.approx(14.5 - noon, abs=1e-9)


@pytest.mark.parametrize(("dark", "level", "rests"), [(8, 1.9, True), (7, 1.9, False), (8, 2.0, False), (9, 0.0, True)])
def test_the_sun_leaves_a_third_of_the_day_dark(dark: int, level: float, rests: bool) -> None:
    """Below a fiftieth of the hour with the most; an hour counts by the days of which it is known."""
    power = np.tile(np.where(np.arange(24) < dark, level, 100.0), 3)
    power[[24 + 12, 48 + 12, 24 + 1]] = NAN
    assert _rests_by_night(made(power)) is rests
    power[[0, 24, 48]] = NAN  # an hour of which nothing is known shows no generation
    assert _rests_by_night(made(power)) is rests or dark == 8


def test_a_log_that_is_never_dark_is_not_held_against_the_sun() -> None:
    power = bell(3, 9.0, 0)
    assert len(list(clock_shift(made(power, sun=True, site=HAI_PHONG)))) == 1
    assert list(clock_shift(made(power + 5.0, sun=True, site=HAI_PHONG))) == []


@pytest.mark.parametrize(("shift", "words", "moved"), [(3.0, "after", "later"), (-3.0, "before", "earlier")])
def test_the_words_say_the_side(shift: float, words: str, moved: str) -> None:
    """At 105 degrees 3.0 hours; the fifth week begins on 29 January."""
    (found,) = clock_shift(made(bell(3, shift, 0), sun=True, site=Site(20.0, 105.0)))
    hours = float(found.data["hours"])
    assert hours == pytest.approx(shift, abs=0.2)  # and the equation of time
    assert f"has its middle {abs(hours):.1f} hours {words} solar noon" in found.message
    assert found.found == f"{hours:+.2f} hours, the median over the weeks" and found.where.line == 2
    (found,) = clock_shift(made(bell(8, shift), sun=True))
    assert found.message == f"the daily shape of meter M1 moves by 3.0 hours {moved} about 2024-01-29 and stays so"
    assert found.found == f"{shift:+.2f} hours"


def test_a_week_that_is_left_out_moves_no_date() -> None:
    """Of the second week nothing is known; the shift begins with the fifth all the same."""
    power = bell(8, 1.0)
    power[7 * 24 : 14 * 24] = NAN
    (found,) = clock_shift(made(power, sun=True))
    assert found.where.line == 28 * 24 + 2


@pytest.mark.parametrize(("weeks", "count"), [(1, 0), (2, 1)])
def test_two_weeks_show_a_wrong_zone(weeks: int, count: int) -> None:
    assert len(list(clock_shift(made(bell(weeks, 9.0, 0), sun=True, site=HAI_PHONG)))) == count


# --- loads ----------------------------------------------------------------------------------------

DAYTIME = np.where((np.arange(24) >= 8) & (np.arange(24) < 18), 100.0, 10.0)
MEAN = 47.5


def load(*weeks: tuple[int, float]) -> Any:
    """Weeks of 100 kW from 8:00 to 18:00 and 10 kW else, so many hours later; from 12:00 on so much more, then less.

    One hour later differs by 90 kW twice a day: 2 x (90 / 47.5)^2 / 24 = 0.2992 of the mean, squared. From 12:00 on d
    adds 2 x (d / 47.5)^2 / 24.
    """
    days = []
    for shift, more in weeks:
        day = DAYTIME.copy()
        day[12] += more
        day[13] -= more
        days.append(np.tile(np.roll(day, shift), 7))
    return made(np.concatenate(days))


def hours_of(*weeks: tuple[int, float]) -> list[tuple[float, int]]:
    """What is said: the hours, and the week from which on."""
    return [(float(f.data["hours"]), (f.where.line - 2) // 168) for f in clock_shift(load(*weeks))]


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ([(0, 0)] * 3 + [(1, 0)] * 3, [(1.0, 3)]),
        ([(0, 0)] * 3 + [(-2, 0)] * 3, [(-2.0, 3)]),
        ([(0, 0)] * 3 + [(3, 0)] * 3, []),
        # what the shift leaves is below a quarter: 2 x (51 / 47.5)^2 / 24 = 0.0961 of 0.395, with 55 0.112 of 0.411
        ([(0, 0)] * 3 + [(1, 51)] * 3, [(1.0, 3)]),
        ([(0, 0)] * 3 + [(1, 55)] * 3, []),
        # the first and last week of a side agree within half of it: 2 x (62 / 47.5)^2 / 24 = 0.142, with 66 0.161
        ([(0, 31), (0, 0), (0, -31)] + [(1, 0)] * 3, [(1.0, 3)]),
        ([(0, 33), (0, 0), (0, -33)] + [(1, 0)] * 3, []),
        ([(0, 0)] * 3 + [(1, 31), (1, 0), (1, -31)], [(1.0, 3)]),
        ([(0, 0)] * 3 + [(1, 33), (1, 0), (1, -33)], []),
        # the larger of two
        ([(0, 0)] * 3 + [(1, 0)] * 3 + [(3, 0)] * 3, [(2.0, 6)]),
        ([(0, 0)] * 3 + [(2, 0)] * 3 + [(3, 0)] * 3, [(2.0, 3)]),
        ([(0, 0)] * 3 + [(1, 0)] * 3 + [(2, 0)] * 3, [(1.0, 3)]),
    ],
)
def test_a_load_that_moves(weeks: list[tuple[int, float]], said: list[tuple[float, int]]) -> None:
    assert hours_of(*weeks) == said


@pytest.mark.parametrize(
    ("count", "drift", "found"), [(20, 13.0, True), (20, 14.5, False), (11, 14.5, True), (13, 14.5, False)]
)
def test_a_shift_is_four_times_what_the_weeks_change_by_themselves(count: int, drift: float, found: bool) -> None:
    """With 14.5 kW more each week three weeks differ from the next by 43.5: 0.0699, of which the shift has 3.5 times.

    With 13 kW it is 0.0562, and 4.6 times. Of eleven weeks six comparisons say nothing of what is usual.
    """
    turn = count // 2
    weeks = [(int(n >= turn), drift * (n - turn + 0.5)) for n in range(count)]
    assert hours_of(*weeks) == ([(1.0, turn)] if found else [])
    power = load(*weeks).profile.amount.copy()
    power[7 * 24 + 5] = np.nan  # what the second week is like is not known
    assert len(list(clock_shift(made(power)))) == int(found or count < 20), "fewer comparisons, the same usual one"


def test_a_shift_that_is_as_large_as_the_setting_is_major() -> None:
    """Between the setting and less, and of later and earlier, lies no other severity."""
    for shift in (1, -1):
        subject = load(*[(0, 0)] * 3, *[(shift, 0)] * 3)
        for least, said in ((1.0, Severity.MAJOR), (1.0 + 1e-9, Severity.MINOR)):
            settings = Settings({"clock.major_shift_hours": least})
            assert [f.severity for f in clock_shift(replace(subject, settings=settings))] == [said]


@pytest.mark.parametrize("unknown", range(6))
def test_of_six_weeks_all_have_to_be_known(unknown: int) -> None:
    subject = load(*[(0, 0)] * 3, *[(1, 0)] * 3)
    power = subject.profile.amount.copy()
    power[unknown * 7 * 24 + 50] = NAN
    assert list(clock_shift(made(power))) == []


@pytest.mark.parametrize(("more", "found"), [(0.19, True), (0.18, False)])
def test_a_flat_load_shows_no_clock(more: float, found: bool) -> None:
    """1.19 against 1 for ten hours: 2 x (0.19 / 1.0792)^2 / 24 = 0.00258; with 0.18 0.00234; 0.0025 are asked for."""
    day = np.where(DAYTIME > 50, 1 + more, 1.0)
    power = np.concatenate([np.roll(day, int(n >= 21)) for n in range(42)])
    assert len(list(clock_shift(made(power)))) == int(found)


def test_the_mean_day_of_a_week_over_its_mean() -> None:
    power = np.concatenate((np.tile(DAYTIME, 7), np.zeros(7 * 24), np.tile(DAYTIME * 2, 7), np.full(3 * 24, 7.0)))
    power[2 * 24 + 9] = 240.0
    found = _mean_days(made(power))
    assert found.shape == (3, 24) and np.isnan(found[1]).all()
    assert found[2] == pytest.approx(DAYTIME / MEAN)
    assert found[0, 9] == pytest.approx((6 * 100 + 240) / 7 / (MEAN + 140 / 7 / 24))
    assert _mean_days(made(power / 1024))[2] == pytest.approx(DAYTIME / MEAN)
    taken = np.tile(np.where(np.arange(24) < 12, 1.0, -2.0), 7)  # more given back than taken has no such shape
    assert np.isnan(_mean_days(made(taken))).all()


@pytest.mark.parametrize(("shift", "said"), [(0, 0.5), (1, 0.0), (2, 0.5), (-1, 0.5)])
def test_how_far_two_days_differ(shift: int, said: float) -> None:
    assert _mismatch(np.array([0.0, 1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0, 0.0]), shift) == said
