"""Steps by a slip: where they begin and end, how sure they are, and what is not relied on for them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Bias, Severity
from jcm_mrv.quality.values.scaling import Slip
from jcm_mrv.quality.values.step import (
    Step,
    _certain,
    _end,
    _limits,
    _lowers,
    _same_spread,
    _spans,
    _spread_of,
    _stands_out,
    month_unlike,
    steps,
)
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.time.zones import DAY, HOUR
from support.limits import START, made, monthly
from support.steps import load, step, stepped

DAYS = 70
FALLS, RISES = -0.001, 0.001


def found(power: np.ndarray, **stated: Any) -> list[tuple[int, int, float]]:
    return [(s.day, s.end, round(s.slip.factor, 6)) for s in steps(made(power, **stated))]


# --- where a step begins and ends ---------------------------------------------------------------


@pytest.mark.parametrize("days", range(2, 30))
@pytest.mark.parametrize("size", [2.0, -2.0])
def test_a_span_ends_where_it_ends(days: int, size: float) -> None:
    """The logarithm of each day against the same day of the week before; a day of it is not known."""
    level = np.zeros(60)
    level[20 : 20 + days] = size
    change = np.concatenate((np.full(7, np.nan), level[7:] - level[:-7]))
    assert _end(change, 20, size) == 20 + days
    change[21] = np.nan
    assert _end(change, 20, size) == 20 + days


def test_a_span_that_does_not_end_reaches_to_the_end() -> None:
    level = np.concatenate((np.zeros(20), np.ones(20)))
    change = np.concatenate((np.full(7, np.nan), level[7:] - level[:-7]))
    assert _end(change, 20, 1.0) == 40
    # back on one day alone is no end
    change[30] = -1.0
    assert _end(change, 20, 1.0) == 40
    change[31] = -0.51
    assert _end(change, 20, 1.0) == 30
    change[31] = -0.5
    assert _end(change, 20, 1.0) == 40


@pytest.mark.parametrize("first", [7, 30, 50])
@pytest.mark.parametrize("days", [2, 3, 5, 6, 7, 10])
@pytest.mark.parametrize("factor", [10.0, 0.1, 1000.0])
def test_a_slip_of_some_days_is_found_from_the_first_to_the_last(factor: float, days: int, first: int) -> None:
    assert found(stepped(factor, first, days)) == [(first, first + days, factor)]


@pytest.mark.parametrize(
    ("factor", "days", "said"),
    [
        # from 1.6 times on; two days from 8 times on
        (1.65, 10, True),
        (1.55, 10, False),
        (1.65, 3, True),
        (1.65, 2, False),
        (7.7, 2, False),
        (8.3, 2, True),
        (7.7, 3, True),
        (1 / 8.3, 2, True),
        (1 / 7.7, 2, False),
    ],
)
def test_a_factor_of_the_meter_s_own_transformers(factor: float, days: int, said: bool) -> None:
    assert bool(found(stepped(factor, days=days, noise=0.0), factors=(factor,))) == said


@pytest.mark.parametrize(
    ("factor", "said"), [(3.05, True), (2.95, False), (1 / 3.05, True), (1 / 2.95, False), (4.1, True), (1.7, False)]
)
def test_near_no_slip_from_three_times_on(factor: float, said: bool) -> None:
    assert bool(found(stepped(factor, noise=0.0))) == said
    daily = made(stepped(factor, noise=0.0), {"interval": DAY})
    assert [s for s in steps(daily) if not s.slip.words] == []


@pytest.mark.parametrize(("hours", "said"), [(24, True), (20, True), (18, False), (12, False)])
def test_every_hour_of_the_day_has_to_show_it(hours: int, said: bool) -> None:
    """Four fifths of 24 are 19.2; the others, neither quiet nor busy, are off by a factor of 1.7."""
    power = stepped(10.0, hours=24, noise=0.0).reshape(-1, 24)
    power[30:40, 10 : 34 - hours] /= 1.7
    assert bool(found(power.ravel())) == said


@pytest.mark.parametrize(("days", "said"), [(14, False), (28, True)])
def test_two_weeks_have_to_be_known(days: int, said: bool) -> None:
    power = load(days, 0.01)
    power[10 * 24 :] *= 10.0
    assert bool(found(power)) == said


def test_a_day_that_is_not_known_hides_a_step_of_two_days() -> None:
    power = stepped(10.0, days=2).reshape(-1, 24)
    power[31] = np.nan
    assert found(power.ravel()) == []


def test_days_that_change_by_themselves_hide_a_small_step() -> None:
    rng = np.random.default_rng(4)
    wild = np.tile(np.linspace(60.0, 120.0, 24), DAYS) * np.repeat(np.exp(rng.normal(0, 0.6, DAYS)), 24)
    wild[30 * 24 : 33 * 24] *= 3.6
    assert found(wild) == []


def test_two_steps_are_two() -> None:
    power = stepped(10.0, 20, 5)
    power[45 * 24 : 50 * 24] /= 1000.0
    assert found(power) == [(20, 25, 10.0), (45, 50, 0.001)]


def test_the_ratio_is_the_mean_of_the_days_on_both_sides() -> None:
    (step,) = steps(made(stepped(10.5, noise=0.0)))
    assert (step.slip.factor, step.ratio) == (10.0, pytest.approx(10.5))


# --- how sure it is -------------------------------------------------------------------------------------


def subject(highest: np.ndarray | None = None, **stated: Any) -> Subject:
    whole = made(np.full(60 * 24, 100.0), **stated)
    return whole if highest is None else replace(whole, profile=replace(whole.profile, day_highest=highest))


@pytest.mark.parametrize(
    ("one", "factors", "sure"),
    [
        (step(10.0, 20, 40, ""), (), False),
        (step(10.0, 20, 40), (), True),
        # less than a week and less than 8 times
        (step(3.6, 20, 26), (), False),
        (step(3.6, 20, 27), (), True),
        (step(7.9, 20, 26), (), False),
        (step(8.0, 20, 26), (), True),
        # from the first days to the end: a unit, from 300 times on, or 20 times by the meter's own factor
        (step(100.0, 10, 60), (), False),
        (step(100.0, 11, 60), (), True),
        (step(100.0, 10, 59), (), True),
        (step(299.0, 10, 60), (), False),
        (step(301.0, 10, 60), (), True),
        (step(1.65, 10, 60), (), False),
        (step(21.0, 10, 60), (21.0,), True),
        (step(19.0, 10, 60), (19.0,), False),
        # a fall of some days
        (step(0.01, 20, 26), (), False),
        (step(0.01, 20, 27), (), True),
        (step(1 / 299, 20, 26), (), False),
        (step(1 / 301, 20, 26), (), True),
        (step(1 / 21, 20, 26), (21.0,), True),
        (step(1 / 19, 20, 26), (19.0,), False),
        (step(1 / 19, 20, 29), (), False),
        (step(1 / 21, 20, 29), (), True),
        (step(1 / 19, 20, 30), (), True),
        (step(1 / 19, 51, 60), (), True),  # to the end of the log
        (step(0.1, 10, 60), (), True),
    ],
)
def test_how_sure_a_slip_is(one: Step, factors: tuple[float, ...], sure: bool) -> None:
    assert _certain(subject(factors=factors), one) is sure


@pytest.mark.parametrize(("factor", "sure"), [(19.0, False), (21.0, True), (1 / 19, False), (1 / 21, True)])
def test_without_hours_it_takes_twenty_times(factor: float, sure: bool) -> None:
    daily = subject()
    daily = replace(daily, profile=replace(daily.profile, interval=DAY))
    assert _certain(daily, step(factor, 20, 40)) is sure


def moving(inside: float, around: float, day: int = 20, end: int = 40, factor: float = 0.1) -> np.ndarray:
    """Days whose highest values change so much (as logarithms) inside of a span and around it."""
    size = np.full(60, around)
    size[day:end] = inside
    level = np.where((np.arange(60) >= day) & (np.arange(60) < end), math.log(factor), 0.0)
    return 100 * np.exp(level + size * np.resize([1, -1, 0], 60))


@pytest.mark.parametrize(
    ("inside", "around", "factor", "same"),
    [
        # at most two and a half times as much as around, of which 0.02 at least
        (0.0499, 0.0, 0.1, True),
        (0.0501, 0.0, 0.1, False),
        (0.0999, 0.04, 0.1, True),
        (0.1001, 0.04, 0.1, False),
        # nor ten times as steady
        (0.0201, 0.2, 0.1, True),
        (0.0199, 0.2, 0.1, False),
        # of a rise that ends it is the days around that may be too low: nothing is asked
        (0.5, 0.0, 10.0, True),
    ],
)
def test_days_of_a_slip_change_as_the_others_do(inside: float, around: float, factor: float, same: bool) -> None:
    one = step(factor, 20, 40)
    assert _same_spread(subject(moving(inside, around, factor=factor)), one) is same
    assert _certain(subject(moving(inside, around, factor=factor)), one) is same


@pytest.mark.parametrize(
    ("inside", "around", "same"), [(0.04, 0.0999, True), (0.04, 0.1001, False), (0.2, 0.0199, False)]
)
def test_of_a_rise_to_the_end_the_days_before_are_the_low_ones(inside: float, around: float, same: bool) -> None:
    one = step(10.0, 20, 60)
    assert _same_spread(subject(moving(inside, around, 20, 60, 10.0)), one) is same


def test_six_weeks_around_are_looked_at_and_six_days_are_never_steady() -> None:
    """Forty-two days on either side: what lies further off may move as it likes."""
    highest = np.concatenate((moving(0.0, 0.0)[:1].repeat(40), moving(0.0, 0.2)))
    highest[:38] *= np.resize([30.0, 1 / 30], 38)
    far = replace(subject(), profile=replace(subject().profile, day_highest=highest))
    assert _same_spread(far, Step(100, 100, Slip(0.1, ""), 0.1))
    assert _same_spread(subject(moving(0.0, 0.2, 20, 26)), step(0.1, 20, 26))
    assert not _same_spread(subject(moving(0.0, 0.2, 20, 27)), step(0.1, 20, 27))


@pytest.mark.parametrize(
    ("inside", "out"), [(math.log(10) / 2 + 0.01, True), (math.log(10) / 2 - 0.01, False), (-2.0, True), (0.0, False)]
)
def test_a_span_stands_out_by_half_of_its_factor(inside: float, out: bool) -> None:
    highest = np.full(60, 100.0)
    highest[20:40] *= math.exp(inside)
    assert _stands_out(subject(highest), step(10.0, 20, 40)) is out
    assert _stands_out(subject(highest), step(10.0, 0, 60)) is True  # nothing is around it
    unknown = highest.copy()
    unknown[20:40] = -np.inf
    assert _stands_out(subject(unknown), step(10.0, 20, 40)) is True


# --- what is not relied on ----------------------------------------------------------------------------------

OWN, OTHERS = Bias.TOO_HIGH, Bias.TOO_LOW


@pytest.mark.parametrize(
    ("factor", "words", "day", "end", "said"),
    [
        (10.0, "the factor", 20, 40, [(20, 40, OWN)]),
        (0.1, "the factor", 20, 40, [(20, 40, OTHERS)]),
        # to the end and sure: either side may be wrong
        (10.0, "the factor", 20, 60, [(0, 20, OTHERS), (20, 60, OWN)]),
        (0.1, "the factor", 20, 60, [(0, 20, OWN), (20, 60, OTHERS)]),
        # to the end and not sure: the shorter side
        (10.0, "", 20, 60, [(0, 20, OTHERS)]),
        (10.0, "", 30, 60, [(30, 60, OWN)]),
        (10.0, "", 29, 60, [(0, 29, OTHERS)]),
        (10.0, "", 40, 60, [(40, 60, OWN)]),
        (0.1, "", 20, 60, [(0, 20, OWN)]),
    ],
)
def test_what_is_not_relied_on(factor: float, words: str, day: int, end: int, said: list[Any]) -> None:
    whole = subject()
    first, one = whole.profile.first, step(factor, day, end, words)
    spans = _spans(whole, first + day * DAY, first + end * DAY, one, end == 60, "")
    assert [((q.start - first) / DAY, (q.end - first) / DAY, q.bias) for q in spans] == said


def test_a_span_of_no_length_is_none() -> None:
    whole = subject()
    first = whole.profile.first
    (span,) = _spans(whole, first, first + 60 * DAY, step(1000.0, 0, 60), lasting=True, above="")
    assert (span.start, span.end) == (first, first + 60 * DAY)


@pytest.mark.parametrize(
    ("each", "severity", "spans"),
    [(RISES, Severity.MINOR, 0), (FALLS, Severity.MAJOR, 1), (None, Severity.MAJOR, 1), (0.0, Severity.MINOR, 0)],
)
def test_next_to_nothing_is_major_where_er_gains_by_it(each: float | None, severity: Severity, spans: int) -> None:
    """A 500th for five days: near none of 1/100 and 1/1000."""
    (said,) = month_unlike(made(stepped(1 / 500, days=5), each=each))
    assert (said.severity, len(said.questionable)) == (severity, spans)
    assert said.data["ratio"] == pytest.approx(1 / 500, rel=0.01) and said.data["days"] == 5
    (said,) = month_unlike(made(stepped(1 / 290, days=5), each=each))  # less than 300 times
    assert said.severity is Severity.MINOR


@pytest.mark.parametrize(("highest", "major"), [(580.0, False), (560.0, True)])
def test_a_rise_above_what_can_flow(highest: float, major: bool) -> None:
    """5 x 120 kW = 600 kW is above 560 kW and 5 %, 588 kW, and below 580 kW and 5 %, 609 kW."""
    (said,) = month_unlike(made(stepped(5.0, noise=0.0), highest=highest))
    assert ("; some are above the highest rate of" in said.message) == major
    assert (said.severity is Severity.MAJOR) == major and bool(said.questionable) == major
    low = month_unlike(made(stepped(0.2, noise=0.0), highest=100.0))
    assert [s.severity for s in low] == [Severity.MINOR]


def test_of_many_steps_four_are_named() -> None:
    power = load(140, 0.01).reshape(-1, 24)
    for n in range(6):
        power[20 + 20 * n : 22 + 20 * n] *= 10.0
    assert len(list(month_unlike(made(power.ravel())))) == 4


@pytest.mark.parametrize(
    ("before", "after", "first", "days", "begins", "ends"),
    [
        (0, 0, 30, 10, 0, 0), (4, 5, 30, 10, -4, 5), (1, 1, 30, 10, -1, 1), (24, 24, 30, 10, -24, 24),
        (4, 5, 30, 3, -4, 5), (4, 5, 30, 7, -4, 5), (4, 5, 30, 20, -4, 5),
        (4, 0, 30, 40, -4, 0),  # to the end of the log
        (4, 5, 5, 10, 0, 5),  # of the week before nothing is known
    ],
)  # fmt: skip
def test_a_step_begins_and_ends_at_an_hour(
    before: int, after: int, first: int, days: int, begins: int, ends: int
) -> None:
    """Ten times as much in the last hours of the day before, and in the first ones of the day after."""
    power = load().reshape(-1, 24)
    power[first : first + days] *= 10
    power[first - 1, 24 - before :] *= 10
    if after:
        power[first + days, :after] *= 10
    one = step(10.0, first, first + days)
    whole = START + first * DAY, START + (first + days) * DAY
    assert _limits(made(power.ravel()), one) == (whole[0] + begins * HOUR, whole[1] + ends * HOUR)
    assert _limits(made(power.ravel(), {"interval": DAY}), one) == whole


def test_a_fall_lowers_er_by_however_little() -> None:
    """2,156 of 2,160 kWh too few in January are 2e-4 t at 1e-7 t each; a slip of daily sums says nothing."""
    power = stepped(1 / 500, first=10, days=5, noise=0.0)
    fall = step(1 / 500, 10, 15)
    assert [_lowers(made(power, each=each), fall) for each in (-1e-7, 0.0, 1e-7, None)] == [True, False, False, True]
    slip = stepped(0.1, first=10, days=5, noise=0.0)
    assert [_lowers(made(slip, each=each), step(0.1, 10, 15)) for each in (-1e-7, None)] == [True, False]
    assert not _lowers(made(slip, {"interval": DAY}, each=-1e-7), step(0.1, 10, 15))
    assert not _lowers(made(slip, each=-1e-7), step(0.1, 10, 15, ""))
    assert not _lowers(made(slip, each=-1e-7), step(10.0, 10, 15))


def test_without_a_step_the_months_of_other_years_are_looked_at() -> None:
    months = monthly([100.0, 350.0], ["2024-01", "2025-01"]).months
    (said,) = month_unlike(made(load(), months=months))
    assert "3.5 times the same month of other years" in said.message
    assert len(list(month_unlike(made(stepped(10.0), months=months)))) == 1


def test_how_far_days_lie_from_their_middle() -> None:
    """Of the logarithms 0, 1 and 4 the middle is 1, and half of them lie within 1 of it; a day of nothing has none."""
    assert _spread_of(np.array([1.0, math.e, math.e**4])) == pytest.approx(1.0)
    assert _spread_of(np.array([1.0, math.e, 0.0, -5.0, -math.inf, math.nan])) == pytest.approx(0.5)
    assert _spread_of(np.array([0.0])) == 0.0
