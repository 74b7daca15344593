"""Values that stand still and zeros: of whole loads, and at each limit."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.meters.profiles.profile import Run
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.flatlined import flatlined, zero_run
from jcm_mrv.quality.values.rules import of_meter
from jcm_mrv.quality.values.sun import elevation
from jcm_mrv.time.zones import DAY, HOUR
from support.limits import START, dark, made, run, still, sunny, values
from support.loads import PER_DAY, check, load, only
from support.values import (
    HAI_PHONG,
    air_conditioning,
    factory,
    profile_of,
    solar,
    subject_of,
    timeline_of,
)

MINOR, MAJOR = Severity.MINOR, Severity.MAJOR


# --- stuck -------------------------------------------------------------------------


def test_a_value_that_repeats_for_a_day_and_a_half() -> None:
    power = load(factory)
    power[20 * PER_DAY + 40 : 20 * PER_DAY + 40 + 144] = 371.4
    finding = only(check(power), "readings.stuck")
    assert finding.severity is Severity.MAJOR
    assert finding.where.line == 20 * PER_DAY + 40 + 2
    assert finding.found == "371.4 from 2024-01-21 10:00 to 2024-01-22 22:00"
    assert finding.data == {"value": 371.4, "hours": 36.0, "count": 144}


def test_eight_hours_are_minor_where_others_are_nearly_as_long_and_five_are_nothing() -> None:
    power = load(factory)
    power[20 * PER_DAY + 40 : 20 * PER_DAY + 72] = 371.4
    assert only(check(power), "readings.stuck").severity is Severity.MAJOR  # no other value lasts three hours
    power[50 * PER_DAY + 40 : 50 * PER_DAY + 54] = 402.2
    assert only(check(power), "readings.stuck").severity is Severity.MINOR
    power = load(factory)
    power[20 * PER_DAY + 40 : 20 * PER_DAY + 60] = 371.4
    assert check(power) == []


def test_a_base_load_that_stands_still_every_night_is_habit() -> None:
    power = load(factory)
    quiet = power < 100
    power[quiet] = 48.0
    assert {(f.code, f.severity) for f in check(power)} <= {("readings.stuck", Severity.MINOR)}  # the holidays
    assert check(power[46 * PER_DAY :]) == []


def test_the_bottom_of_the_range_out_of_season_is_minor() -> None:
    power = load(air_conditioning) + 0.2
    power[60 * PER_DAY :] = 0.2
    assert {f.severity for f in check(power) if f.code == "readings.stuck"} <= {Severity.MINOR}


def test_a_setting_moves_the_limit() -> None:
    power = load(factory)
    power[20 * PER_DAY + 40 : 20 * PER_DAY + 72] = 371.4
    timeline = timeline_of(90)
    subject = subject_of(profile_of(power, timeline), timeline)
    assert of_meter(subject)
    assert of_meter(replace(subject, settings=Settings({"stuck.least_hours": 9.0}))) == []


# --- zeros -------------------------------------------------------------------------


def test_zeros_of_a_load_that_never_rests() -> None:
    power = load(factory)
    power[30 * PER_DAY : 32 * PER_DAY] = 0
    finding = only([f for f in check(power) if f.code != "readings.month_unlike"], "readings.zero_run")
    assert finding.severity is Severity.MINOR
    assert (finding.data["hours"], finding.where.line) == (48.0, 30 * PER_DAY + 2)


def test_zeros_every_night_and_in_winter_are_told_once_at_most() -> None:
    power = load(air_conditioning)
    assert check(power) == []
    power[: 40 * PER_DAY] = 0
    only(check(power), "readings.zero_run")


def test_zeros_before_operation_are_nothing() -> None:
    power = load(factory)
    power[: 20 * PER_DAY] = 0
    timeline = timeline_of(90)
    subject = subject_of(profile_of(power, timeline), timeline)
    begins = subject.profile.instant(20)
    assert [f.code for f in of_meter(subject)] == ["readings.zero_run"]
    assert of_meter(replace(subject, spans=((begins, subject.spans[0][1]),))) == []


@pytest.mark.parametrize("site", [HAI_PHONG, None])
def test_a_solar_plant_that_is_dark_by_day(site: object) -> None:
    """Zero from 08:00 on one day to 13:00 on the next."""
    power = load(solar)
    power[50 * PER_DAY + 32 : 51 * PER_DAY + 52] = 0
    finding = only(check(power, sun=True, site=site), "readings.zero_run")
    assert finding.found.startswith("nothing from 2024-02-20 ")
    assert 6 <= float(finding.data["hours"]) <= 14


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
        # four of five
        ({k: v for d in (2, 5, 8, 11, 14) for k, v in dark(d, 8, 4).items()},
         [(4, f"2024-01-{d:02d} 08:00") for d in (3, 6, 9, 12)]),
        # a usual hour has 100 kW, though ten of 240 have ten times as much
        ({**{f"d{n}h{n}": 1000.0 for n in range(6, 16)}, **dark(17, 8, 4, 0.1)}, [(4, "2024-01-18 08:00")]),
        ({**{f"d{n}h{n}": 1000.0 for n in range(6, 16)}, **dark(17, 8, 4, 0.11)}, []),
    ],
)  # fmt: skip
def test_a_solar_plant_that_is_dark_for_four_hours_of_sun(
    changes: dict[str, float], said: list[tuple[int, str]]
) -> None:
    found = list(zero_run(made(sunny(**changes), sun=True)))
    assert [f.data["hours"] for f in found] == [hours for hours, _ in said]
    for finding, (_, words) in zip(found, said, strict=True):
        assert words in finding.found


def test_a_solar_plant_is_dark_before_it_operates() -> None:
    """Nothing on the sixth day, and operation from its 15:00 on: of three hours of sun no more is asked."""
    subject = made(sunny(**dark(5, 0, 24)), sun=True)
    begins = subject.profile.instant(5, 15)
    assert [f.data["hours"] for f in zero_run(subject)] == [12]
    assert list(zero_run(replace(subject, spans=((begins, subject.spans[0][1]),)))) == []
    (found,) = zero_run(replace(subject, spans=((begins - HOUR, subject.spans[0][1]),)))
    assert found.data["hours"] == 4


def test_the_sun_stands_high_where_both_ends_of_an_hour_are_above_15_degrees() -> None:
    """A whole day without generation at Hai Phong."""
    power = sunny(**dark(5, 0, 24))
    first = int(timeline_of(20).edges[0]) + 5 * DAY
    height = elevation(first + np.arange(25, dtype=np.int64) * HOUR, HAI_PHONG)
    expected = sum(1 for a, b in pairwise(height) if min(a, b) > 15)
    (found,) = zero_run(made(power, sun=True, site=HAI_PHONG))
    assert found.data["hours"] == expected == 8
