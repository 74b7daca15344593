"""Every limit of the rules on the shape of values just below it, at it and just above it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Bias, Finding, Severity
from jcm_mrv.meters.profiles.profile import Run
from jcm_mrv.meters.segments import SecondaryKind
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.clock import clock_shift
from jcm_mrv.quality.values.flatlined import flatlined, zero_run
from jcm_mrv.quality.values.hours import beyond_calendar
from jcm_mrv.quality.values.odd_months import other_years, typed_wrong
from jcm_mrv.quality.values.peers import unlike_peers
from jcm_mrv.quality.values.scaling import nearest, slips
from jcm_mrv.quality.values.sun import elevation, night_generation
from jcm_mrv.quality.values.unbounded import unbounded
from jcm_mrv.time.zones import DAY, HOUR
from support.limits import START, bell, dark, made, monthly, parts, run, still, sunny, values, with_one
from support.values import HAI_PHONG, timeline_of

NOTE, MINOR, MAJOR, ERROR = Severity.NOTE, Severity.MINOR, Severity.MAJOR, Severity.ERROR
RISES, FALLS = 0.001, -0.001


# --- values that stand still -----------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "lowest", "said"),
    [
        ([run(6.0)], 0.0, [(MAJOR, 1)]),
        ([run(5.99)], 0.0, []),
        ([run(6.0, count=11)], 0.0, []),
        # the bottom of the range, and what lies just above it
        ([run(6.0)], 371.4, [(MINOR, 0)]),
        ([run(6.0)], 371.3, [(MAJOR, 1)]),
        # four that are half as long are a habit
        (values(8.0, 4.0, 4.0), 0.0, [(MINOR, 1)]),
        (values(8.0, 4.0, 4.0, 4.0), 0.0, []),
        (values(8.0, 4.0, 4.0, 3.99), 0.0, [(MINOR, 1)]),
        # others that are a third as long make it a question only below a day
        (values(23.7, 5.0, 7.8), 0.0, [(MAJOR, 1), (MINOR, 1)]),
        (values(23.7, 5.0, 7.91), 0.0, [(MINOR, 1), (MINOR, 1)]),
        (values(24.0, 5.0, 12.0), 0.0, [(MAJOR, 1), (MINOR, 1)]),
        (values(23.9, 5.0, 12.0), 0.0, [(MINOR, 1), (MINOR, 1)]),
        (values(21.0, 7.0), 0.0, [(MAJOR, 1), (MINOR, 1)]),
        ([run(30.0), run(2.0), run(2.0), run(6.0), run(6.0)], 0.0, [(MINOR, 0)]),
        ([run(23.9), *(run(4.0) for _ in range(4)), *values(*[1.0] * 6)], 0.0, []),
        # a value to which it comes back four times, up to six times as long as it does
        ([run(23.9), *(run(4.0) for _ in range(4))], 0.0, []),
        ([run(24.0), *(run(4.0) for _ in range(4))], 0.0, [(MINOR, 0)]),
        ([run(23.9), *(run(4.0) for _ in range(3))], 0.0, [(MAJOR, 1)]),
        (values(300.0, 140.0, 60.0, 28.0, 13.0), 0.0, [(MAJOR, 1)] * 3),
    ],
)
def test_a_value_that_repeats(runs: list[Run], lowest: float, said: list[tuple[Severity, int]]) -> None:
    found = list(flatlined(still(*runs, lowest=lowest)))
    assert [(f.severity, len(f.questionable)) for f in found] == said
    for finding, own in zip(found, runs, strict=False):
        assert finding.data["hours"] in [one.hours for one in runs]
        assert all((q.start, q.end) == (own.start, own.end) for q in finding.questionable if own is runs[0])


@pytest.mark.parametrize(
    ("spans", "count"),
    [
        ([(0, 6)], 1),
        ([(0, 5)], 0),
        ([(1, 7)], 0),
        ([(100, 200), (0, 7)], 1),
        ([(100, 200), (300, 400)], 0),
    ],
)
def test_it_counts_only_in_operation(spans: list[tuple[int, int]], count: int) -> None:
    instants = tuple((START + a * HOUR, START + b * HOUR) for a, b in spans)
    for rule, subject in ((flatlined, still(run(6.0))), (zero_run, still(zeros=[run(6.0, 0.0)]))):
        assert len(list(rule(replace(subject, spans=instants)))) == count


@pytest.mark.parametrize(
    ("value", "count", "said"),
    [
        (12_345.0, 2, 1), (1_234.0, 2, 0), (1_234.0, 3, 1), (123.0, 3, 0), (12_340.0, 2, 0), (0.012345, 2, 1),
        (-12_345.0, 2, 1), (12_345.0, 1, 0),
    ],
)  # fmt: skip
def test_readings_that_are_equal_to_so_many_digits(value: float, count: int, said: int) -> None:
    found = list(flatlined(still(run(24 * 60, value, count), kind="energy", interval=30 * DAY)))
    assert len(found) == said and all(f.severity is MAJOR for f in found)


def test_readings_twice_a_day_are_looked_at_by_hours() -> None:
    assert [f.data["hours"] for f in flatlined(still(run(6.0, 5.0), kind="energy", interval=DAY // 2))] == [6.0]
    assert list(flatlined(still(run(6.0, 5.0), kind="energy", interval=DAY // 2 + HOUR))) == []
    five = [run(600.0 - n, 12_345.0 + n, 2) for n in range(5)]
    assert len(list(flatlined(still(*five, kind="energy", interval=DAY)))) == 4


@pytest.mark.parametrize(
    ("at", "days", "count", "begins"),
    [
        (0, 60, 2, 31),  # January and February: from 1 February on
        (0, 56, 2, 31),  # the middle is three days before it
        (0, 55, 2, 27.5),  # three and a half: by time
        (0, 4, 2, 2),  # the edge at which it begins is none
        (27, 4, 2, 29),  # nor that at which it ends
        (0, 91, 3, 31),
    ],
)
def test_copied_readings_count_from_the_second_on(at: int, days: int, count: int, begins: float) -> None:
    subject = still(run(24 * days, 12_345.0, count, 24 * at), kind="energy", interval=30 * DAY)
    (found,) = flatlined(subject)
    ((start, end),) = [(q.start, q.end) for q in found.questionable]
    assert ((start - START) / DAY, (end - START) / DAY) == (begins, at + days)


def test_a_register_that_stands_still_is_said_once() -> None:
    subject = still(run(9.0), kind="register", zeros=[run(6.0, 0.0), run(5.9, 0.0)])
    (found,) = flatlined(subject)
    assert (found.severity, found.data["hours"], found.data["value"]) == (MINOR, 6.0, 0.0)
    assert list(zero_run(subject)) == []
    sunny = replace(subject, follows_sun=True)
    assert [f.data["hours"] for f in flatlined(sunny)] == [9.0]
    daily = replace(sunny, profile=replace(sunny.profile, interval=DAY))
    assert [f.data["hours"] for f in zero_run(daily)] == [6.0]


@pytest.mark.parametrize(("hours", "count"), [(6.0, 1), (5.99, 0)])
def test_zeros_of_six_hours(hours: float, count: int) -> None:
    found = list(zero_run(still(zeros=[run(hours, 0.0)])))
    assert [f.data["hours"] for f in found] == [hours] * count


@pytest.mark.parametrize(("habit", "count"), [(6.0, 4), (5.0, 4), (4.0, 3)])
def test_no_more_than_four_are_named(habit: float, count: int) -> None:
    """The third is one of three that are half as long, and so on."""
    hours = [300.0, 140.0, 65.0, 30.0, 14.0]
    settings = {"stuck.habit": habit}
    assert len(list(flatlined(still(*values(*hours), settings=settings)))) == count
    assert len(list(zero_run(still(zeros=values(*hours), settings=settings)))) == count
    register = still(kind="register", zeros=values(*hours), settings=settings)
    assert len(list(flatlined(register))) == count


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (dark(5, 8, 4), [(4, "2024-01-06 08:00 to 2024-01-06 12:00")]),
        (dark(5, 8, 3), []),
        (dark(5, 8, 4, 0.1), [(4, "2024-01-06 08:00 to 2024-01-06 12:00")]),
        (dark(5, 8, 4, 0.11), []),
        # the night between does not count
        (dark(5, 16, 16), [(4, "2024-01-06 16:00 to 2024-01-07 08:00")]),
        # what is not known is no light
        ({**dark(5, 8, 2), **dark(5, 10, 2, math.nan), **dark(5, 12, 2)}, [(4, "08:00 to 2024-01-06 14:00")]),
        # the longest first
        ({**dark(5, 8, 4), **dark(9, 6, 6)}, [(6, "2024-01-10 06:00 to 2024-01-10 12:00"),
                                              (4, "2024-01-06 08:00 to 2024-01-06 12:00")]),
        ({k: v for d in (2, 5, 8, 11, 14) for k, v in dark(d, 8, 4).items()}, [(4, "2024-01-03 08:00")] ),
    ],
)  # fmt: skip
def test_a_solar_plant_that_is_dark_for_four_hours_of_sun(
    changes: dict[str, float], said: list[tuple[int, str]]
) -> None:
    found = list(zero_run(made(sunny(**changes), sun=True)))
    assert [f.data["hours"] for f in found[: len(said)]] == [hours for hours, _ in said]
    assert len(found) <= 4
    for finding, (_, words) in zip(found, said, strict=False):
        assert words in finding.found


def test_the_sun_stands_high_where_both_ends_of_an_hour_are_above_15_degrees() -> None:
    """A whole day without generation at Hai Phong."""
    power = sunny(**dark(5, 0, 24))
    first = int(timeline_of(20).edges[0]) + 5 * DAY
    height = elevation(first + np.arange(25, dtype=np.int64) * HOUR, HAI_PHONG)
    expected = sum(1 for a, b in pairwise(height) if min(a, b) > 15)
    (found,) = zero_run(made(power, sun=True, site=HAI_PHONG))
    assert found.data["hours"] == expected == 8


# --- generation at night ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("night", "said"),
    [(8.0, None), (8.01, MINOR), (32.0, MINOR), (32.1, MAJOR)],
)
@pytest.mark.parametrize("each", [RISES, FALLS])
def test_generation_at_night_by_its_share(night: float, said: Severity | None, each: float) -> None:
    """16,000 kWh by day; 0.05 % of all are 8.004 kWh, 0.2 % are 32.06 kWh."""
    power = np.tile(np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 100.0, 0.0), 20)
    power[5 * 24 + 1] = night
    found = list(night_generation(made(power, sun=True, site=HAI_PHONG, each=each)))
    assert [f.severity for f in found] == ([] if said is None else [said])
    for finding in found:
        assert finding.effect_tco2e == pytest.approx(each * night)
        assert finding.data["share"] == pytest.approx(night / (16_000 + night))
        ((start, end, bias),) = [(q.start, q.end, q.bias) for q in finding.questionable]
        begins = START + (5 * 24 + 1) * HOUR
        assert (start, end, bias) == (begins, begins + HOUR, Bias.TOO_HIGH)
        assert "2024-01-06 01:00" in finding.found


@pytest.mark.parametrize(("night", "said"), [(5.0, MAJOR), (5.01, ERROR)])
def test_a_meter_that_is_never_dark_measures_no_sun(night: float, said: Severity) -> None:
    power = np.tile(np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 100.0, night), 20)
    (found,) = night_generation(made(power, sun=True, site=HAI_PHONG))
    assert (found.severity, found.data["nights"]) == (said, 20)


def test_nights_are_counted_above_a_hundredth_of_a_day() -> None:
    """A day gives about 800 kWh: 7.9 kWh at night are a trace, 8.2 kWh are not; the second month weighs twice."""
    power = np.tile(np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 100.0, 0.0), 40)
    for day, kwh in ((3, 7.9), (20, 8.2), (35, 40.0)):
        power[day * 24 + 1] = kwh
    (found,) = night_generation(made(power, sun=True, site=HAI_PHONG, each=RISES))
    assert found.data["nights"] == 2
    assert found.effect_tco2e == pytest.approx(RISES * (7.9 + 8.2 + 2 * 40.0))
    assert found.where.line == 35 * 24 + 2


@pytest.mark.parametrize(
    "stated",
    [{"sun": False, "site": HAI_PHONG}, {"sun": True}, {"sun": True, "site": HAI_PHONG, "changed": {"interval": DAY}}],
)
def test_night_is_known_only_by_hour_and_place(stated: dict[str, Any]) -> None:
    assert list(night_generation(made(np.full(24 * 20, 10.0), **stated))) == []


# --- shifts of the clock -----------------------------------------------------------------


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("shift", "said"), [(0.55, None), (0.65, MINOR), (1.45, MINOR), (1.55, MAJOR), (3.0, MAJOR)])
def test_a_sunny_day_that_moves_at_a_date(shift: float, said: Severity | None, sign: int) -> None:
    found = list(clock_shift(made(bell(8, sign * shift), sun=True)))
    assert [f.severity for f in found] == ([] if said is None else [said])
    for finding in found:
        assert finding.data["hours"] == pytest.approx(sign * shift, abs=0.01)
        assert finding.where.line == 28 * 24 + 2


@pytest.mark.parametrize(("weeks", "side", "count"), [(4, 2, 1), (3, 1, 0), (5, 4, 0), (5, 3, 1)])
def test_two_weeks_on_either_side_are_enough(weeks: int, side: int, count: int) -> None:
    assert len(list(clock_shift(made(bell(weeks, 1.0, side), sun=True)))) == count


def test_weeks_that_move_by_themselves_hide_a_shift() -> None:
    """Half an hour back and forth from week to week, and one hour more at a date."""
    days = [bell(1, 0.25 if week % 2 else -0.25, 0) for week in range(4)]
    days += [bell(1, 1.25 if week % 2 else 0.75, 0) for week in range(4)]
    assert list(clock_shift(made(np.concatenate(days), sun=True))) == []


def test_a_week_counts_with_five_whole_days() -> None:
    power = bell(4, 1.0, 2)
    power[[0, 24]] = np.nan
    assert len(list(clock_shift(made(power, sun=True)))) == 1
    power[48] = np.nan
    assert list(clock_shift(made(power, sun=True))) == []


@pytest.mark.parametrize(("shift", "count"), [(1.8, 0), (2.2, 1), (-1.8, 0), (-2.2, 1), (9.0, 1), (-9.0, 1)])
def test_a_log_that_lies_hours_from_the_sun(shift: float, count: int) -> None:
    """At 105 degrees east the sun stands highest at 12:00 of the zone, but for the equation of time: 6 min in April."""
    site = replace(HAI_PHONG, longitude=105.0)
    subject = made(bell(3, shift, 0), sun=True, site=site, start=date(2024, 4, 8))
    found = list(clock_shift(subject))
    assert [f.severity for f in found] == [MAJOR] * count
    assert all(f.data["hours"] == pytest.approx(shift, abs=0.06) for f in found)


def shop(weeks: int, shift: int, side: int = 4, noise: float = 0.0) -> np.ndarray:
    """100 kW from 8:00 to 18:00 and 10 kW else, so many hours later from a week on."""
    rng = np.random.default_rng(1)
    day = np.where((np.arange(24) >= 8) & (np.arange(24) < 18), 100.0, 10.0)
    days = [
        np.roll(day, shift if d >= 7 * side else 0) * (1 + noise * rng.standard_normal(24)) for d in range(7 * weeks)
    ]
    return np.concatenate(days)


@pytest.mark.parametrize(
    ("weeks", "shift", "side", "said"),
    [(8, 1, 4, MINOR), (8, -1, 4, MINOR), (8, 2, 4, MAJOR), (8, -2, 4, MAJOR), (6, 1, 3, MINOR), (5, 1, 3, None),
     (6, 1, 4, None), (12, 1, 3, MINOR), (12, 1, 9, MINOR)],
)  # fmt: skip
def test_a_load_that_moves_at_a_date(weeks: int, shift: int, side: int, said: Severity | None) -> None:
    found = list(clock_shift(made(shop(weeks, shift, side, 0.01))))
    assert [(f.severity, f.data["hours"]) for f in found] == ([] if said is None else [(said, float(shift))])
    assert all(f.where.line == side * 7 * 24 + 2 for f in found)
    assert list(clock_shift(made(shop(weeks, shift, side), changed={"interval": DAY}))) == []


# --- factors ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "factors", "tolerance", "factor"),
    [
        (1149.0, (), 0.15, 1000.0), (1151.0, (), 0.15, None), (870.0, (), 0.15, 1000.0), (869.0, (), 0.15, None),
        (1 / 1149, (), 0.15, 1e-3), (1 / 1151, (), 0.15, None), (4.1, (), 0.15, 3.6), (4.2, (), 0.15, None),
        (60.0, (), 0.01, 60.0), (10.0, (), 0.01, 10.0), (100.0, (), 0.01, 100.0), (1e6, (), 0.01, 1e6),
        (1e-6, (), 0.01, 1e-6), (1 / 3.6, (), 0.01, 1 / 3.6),
        # a transformer factor of the meter before a unit that is nearer
        (100.0, (110.0,), 0.15, 110.0), (0.01, (110.0,), 0.15, 1 / 110), (100.0, (130.0,), 0.15, 100.0),
        (40.0, (41.0, 39.5), 0.15, 39.5), (1.52, (1.51,), 0.15, 1.51), (1.5, (1.5,), 0.15, None),
        (0.66, (0.66,), 0.15, 0.66), (0.667, (0.667,), 0.15, None), (1.515, (0.66,), 0.15, 1 / 0.66),
        (0.0, (), 0.15, None), (-10.0, (), 0.15, None), (math.inf, (), 0.15, None), (math.nan, (), 0.15, None),
    ],
)  # fmt: skip
def test_the_factor_of_a_slip(ratio: float, factors: tuple[float, ...], tolerance: float, factor: float | None) -> None:
    found = nearest(ratio, factors, tolerance)
    assert (None if found is None else found.factor) == (None if factor is None else pytest.approx(factor))


def test_every_slip_stands_both_ways() -> None:
    factors = [one.factor for one in slips((40.0,))]
    assert factors[:2] == [40.0, 1 / 40] and len(factors) == 14
    assert sorted(factors) == pytest.approx(sorted(1 / one for one in factors))


# --- months ----------------------------------------------------------------------------


def said_of(found: Sequence[Finding]) -> list[tuple[Severity, int, Bias, bool]]:
    return [
        (
            f.severity,
            int(f.where.line or 0),
            next(q.bias for q in f.questionable),
            "near" in f.message or "factor" in f.message,
        )
        for f in found
    ]


HIGH, LOW = Bias.TOO_HIGH, Bias.TOO_LOW


@pytest.mark.parametrize(
    ("rates", "stated", "said"),
    [
        (with_one(4, 1000.0), {}, [(MAJOR, 4, HIGH)]),
        (with_one(4, 1149.0), {}, [(MAJOR, 4, HIGH)]),
        (with_one(2, 1000.0, count=4), {}, [(MAJOR, 2, HIGH)]),
        (with_one(2, 1000.0, count=3), {}, []),
        # a fall: a question, unless ER gains by it or it is a factor of the meter itself
        (with_one(4, 10.0), {}, [(MINOR, 4, LOW)]),
        (with_one(4, 10.0), {"each": RISES}, [(MINOR, 4, LOW)]),
        (with_one(4, 10.0), {"each": FALLS}, [(MAJOR, 4, LOW)]),
        (with_one(4, 10.0), {"factors": (10.0,)}, [(MAJOR, 4, LOW)]),
        (with_one(4, 10.0), {"factors": (0.1,)}, [(MAJOR, 4, LOW)]),
        (with_one(4, 0.1), {}, [(MAJOR, 4, LOW)]),
        (with_one(4, 1.0), {}, [(MINOR, 4, LOW)]),
        # nothing near: the largest and the smallest, from two and a half times on
        (with_one(4, 250.0), {}, [(MAJOR, 4, HIGH)]),
        (with_one(4, 249.0), {}, []),
        (with_one(4, 40.0), {}, [(MINOR, 4, LOW)]),
        (with_one(4, 40.1), {}, []),
        (with_one(4, 250.0, (7, 40.0)), {}, [(MAJOR, 4, HIGH), (MINOR, 7, LOW)]),
        # its neighbours have to show it too
        (with_one(4, 1000.0, (3, 300.0)), {}, [(MAJOR, 4, HIGH)]),
        (with_one(0, 1000.0, (1, 150.0)), {}, [(MAJOR, 0, HIGH)]),
        (with_one(4, 1000.0, (5, 1000.0)), {}, [(MAJOR, 4, HIGH), (MAJOR, 5, HIGH)]),
        # no more than four
        (with_one(0, 1000.0, (2, 1000.0), (4, 1000.0), (6, 1000.0), (8, 1000.0), count=24), {}, 4),
    ],
)  # fmt: skip
def test_a_month_that_is_unlike_the_others(rates: list[float], stated: dict[str, Any], said: Any) -> None:
    labels = [f"{2024 + n // 12}-{n % 12 + 1:02d}" for n in range(36)]
    found = list(typed_wrong(monthly(rates, labels, **stated)))
    if isinstance(said, int):
        assert len(found) == said
    else:
        assert [one[:3] for one in said_of(found)] == said
        for finding in found:
            ((start, end),) = [(q.start, q.end) for q in finding.questionable]
            piece = monthly(rates, labels).timeline.months[int(finding.where.line or 0)]
            assert (start, end) == (piece.start, piece.end)


@pytest.mark.parametrize(
    ("rates", "named"),
    [
        (with_one(4, 1149.0), True), (with_one(4, 1151.0), False),
        (with_one(4, 1000.0, (3, 240.0)), True), (with_one(4, 1000.0, (3, 260.0)), False),
        (with_one(0, 1000.0, (1, 155.0)), True), (with_one(0, 1000.0, (1, 165.0)), False),
        (with_one(11, 1000.0, (10, 155.0)), True), (with_one(11, 1000.0, (10, 165.0)), False),
        # where months change by twice from one to the next, a tenth may be chance and a hundredth is none
        ([100.0, 200.0] * 3 + [1500.0] + [200.0, 100.0] * 2, False),
        ([100.0, 200.0] * 3 + [15_000.0] + [200.0, 100.0] * 2, True),
        # of months in all sizes the neighbours decide, if they agree within 1.3
        ([10.0, 30.0, 90.0, 270.0, 270_000.0, 350.0, 90.0, 30.0, 10.0], True),
        ([10.0, 30.0, 90.0, 270.0, 270_000.0, 360.0, 90.0, 30.0, 10.0], False),
        ([270_000.0, 270.0, 90.0, 30.0, 10.0, 30.0, 90.0, 270.0], False),
    ],
)  # fmt: skip
def test_a_month_is_said_to_be_near_a_factor(rates: list[float], named: bool) -> None:
    found = list(typed_wrong(monthly(rates)))
    worst = int(np.argmax(rates))
    assert any("near the factor" in f.message for f in found if f.where.line == worst) == named


@pytest.mark.parametrize(("hours", "count"), [(24.0, 1), (23.9, 0)])
def test_a_month_counts_from_a_day_on(hours: float, count: int) -> None:
    assert len(list(typed_wrong(monthly(with_one(4, 1000.0), hours=hours)))) == count
    labels = ["2024-01", "2025-01"]
    assert len(list(other_years(monthly([100.0, 300.0], labels, hours)))) == count


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ([100.0, 300.0], [1]),
        ([100.0, 299.0], []),
        ([300.0, 100.0], [1]),  # of two the later is looked at
        ([299.0, 100.0], []),
        ([100.0, 100.0, 300.0], [2]),
        ([300.0, 100.0, 100.0], [0]),
        ([100.0, 0.0], []),
        ([0.0, 100.0], []),
        ([0.0, 100.0, 300.0], [2, 1]),
    ],
)
def test_the_same_month_of_other_years(rates: list[float], said: list[int]) -> None:
    labels = [f"{2024 + n}-05" for n in range(len(rates))]
    found = list(other_years(monthly(rates, labels)))
    assert sorted(int(f.where.line or 0) for f in found) == sorted(said)
    assert all(f.severity is MINOR for f in found)


# --- like equipment ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "factors", "said"),
    [
        ((0.125, 1.0), (), {1: 8.0}),
        ((0.125, 0.99), (), {}),
        ((0.125, 0.125 / 8), (), {1: 0.125}),
        ((1.0, 3.2), (), {1: 3.2}),  # near 3.6
        ((1.0, 3.0), (), {}),
        ((1.0, 2.9), (2.9,), {}),
        ((1.0, 3.05), (3.05,), {1: 3.05}),
        ((1.0, 1.0, 10.0), (), {2: 10.0}),
        ((10.0, 1.0, 1.0), (), {0: 10.0}),
        # the others have to agree
        ((1.0, 2.2, 16.0), (), {2: 10.0}),
        ((1.0, 2.3, 16.5), (), {}),
        ((1.0,), (), {}),
        ((0.0, 10.0), (), {}),
    ],
)
def test_meters_of_like_equipment(
    shares: tuple[float, ...], factors: tuple[float, ...], said: dict[int, float]
) -> None:
    subjects = [
        monthly([share * 100], rated=100.0, factors=factors, hours=100.0 * (n + 1)) for n, share in enumerate(shares)
    ]
    subjects = [replace(s, profile=replace(s.profile, meter_id=f"M{n}")) for n, s in enumerate(subjects)]
    found = {f.message.split()[1]: f.data["ratio"] for f in unlike_peers(subjects)}
    assert found == {f"M{n}": pytest.approx(ratio) for n, ratio in said.items()}


@pytest.mark.parametrize("changed", [{"rated": None}, {"measures": ""}, {"months": ()}])
def test_what_cannot_be_compared_with_its_like(changed: dict[str, Any]) -> None:
    one, other = (monthly([rate], rated=100.0) for rate in (10.0, 1000.0))
    assert list(unlike_peers([one, other])) and not list(unlike_peers([one, replace(other, **changed)]))


# --- operating hours ----------------------------------------------------------------------


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


# --- nothing that bounds an amount ---------------------------------------------------------


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("tonnes", "severity"), [(0.99, NOTE), (1.0, MINOR), (9.99, MINOR), (10.0, MAJOR), (None, MAJOR)]
)
def test_what_nothing_bounds_weighs_by_its_tonnes(tonnes: float | None, severity: Severity, sign: int) -> None:
    """100 kW over ten hours, each of these so many tonnes."""
    subject = monthly([100.0], hours=10.0, each=None if tonnes is None else sign * tonnes / 1000)
    series: Any = SimpleNamespace(billed=(), seconds=(), combined=())
    data: Any = SimpleNamespace(estimates=[SimpleNamespace(reductions=None)])
    (found,) = unbounded([subject], series, data)
    assert found.severity is severity
    assert found.data == ({} if tonnes is None else {"tonnes": pytest.approx(tonnes)})


BILL = SimpleNamespace(meter_id="M1", kind=SecondaryKind.INVOICE)


@pytest.mark.parametrize(
    ("subject", "series", "estimates", "count"),
    [
        ({"highest": 1.0}, {}, [], 0),
        ({"rated": 1.0}, {}, [], 0),
        ({}, {"billed": (BILL,)}, [], 0),
        ({}, {"seconds": (BILL,)}, [], 0),
        ({}, {"seconds": (SimpleNamespace(meter_id="M1", kind=SecondaryKind.REGISTER),)}, [], 1),
        ({}, {"combined": (SimpleNamespace(meter_id="M1"),)}, [], 0),
        ({}, {}, [SimpleNamespace(reductions=None), SimpleNamespace(reductions=5.0)], 0),
        ({}, {}, [], 1),
    ],
)
def test_what_bounds_an_amount(
    subject: dict[str, Any], series: dict[str, Any], estimates: list[Any], count: int
) -> None:
    given: Any = SimpleNamespace(**{"billed": (), "seconds": (), "combined": (), **series})
    data: Any = SimpleNamespace(estimates=estimates)
    assert len(list(unbounded([monthly([100.0], **subject)], given, data))) == count
