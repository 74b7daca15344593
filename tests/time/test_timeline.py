"""The monitoring period in months and years of local time."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest

from jcm_mrv.time.timeline import PeriodError, Timeline
from jcm_mrv.time.zones import HOUR, micros


def test_a_period_over_a_year_end() -> None:
    timeline = Timeline.of(date(2023, 11, 15), date(2024, 2, 10), "Asia/Ho_Chi_Minh")
    assert [m.label for m in timeline.months] == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert [m.duration / (24 * HOUR) for m in timeline.months] == [16, 31, 31, 10]
    assert [(y.label, y.duration / (24 * HOUR)) for y in timeline.years] == [("2023", 47), ("2024", 41)]
    assert timeline.year_of_month.tolist() == [0, 0, 1, 1]
    # Midnight in Viet Nam is 17:00 of the day before in UTC.
    assert timeline.edges.tolist()[0] == micros(datetime(2023, 11, 14, 17))
    assert timeline.edges.tolist()[-1] == micros(datetime(2024, 2, 10, 17))


def test_months_with_a_clock_change_are_an_hour_shorter_or_longer() -> None:
    timeline = Timeline.of(date(2024, 1, 1), date(2024, 12, 31), "Europe/Berlin")
    hours = {m.label: m.duration // HOUR for m in timeline.months}
    assert hours["2024-03"] == 31 * 24 - 1 and hours["2024-10"] == 31 * 24 + 1
    assert sum(hours.values()) == 366 * 24


def test_a_midnight_that_does_not_exist_is_the_jump() -> None:
    """Santiago put its clock forward at midnight of 8 September 2024: 00:00 became 01:00 (UTC-4 to UTC-3)."""
    timeline = Timeline.of(date(2024, 9, 8), date(2024, 9, 8), "America/Santiago")
    assert timeline.edges.tolist() == [micros(datetime(2024, 9, 8, 4)), micros(datetime(2024, 9, 9, 3))]


def test_slices_touch_and_cover_the_period() -> None:
    timeline = Timeline.of(date(2020, 2, 29), date(2029, 6, 30), "America/Santiago")
    for slices in (timeline.months, timeline.years):
        assert all(a.end == b.start for a, b in itertools.pairwise(slices))
        assert (slices[0].start, slices[-1].end) == (timeline.edges[0], timeline.edges[-1])


def test_one_day_is_a_period_and_less_is_not() -> None:
    assert len(Timeline.of(date(2024, 5, 5), date(2024, 5, 5), "UTC").months) == 1
    with pytest.raises(PeriodError, match=r"ends \(2024-05-04\) before it starts"):
        Timeline.of(date(2024, 5, 5), date(2024, 5, 5) - timedelta(days=1), "UTC")
