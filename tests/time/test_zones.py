"""Local time to instants, against zoneinfo asked one time at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.time.zones import HOUR, TimeZoneError, local_text, micros, parse_zone, to_local, to_utc, transitions

BERLIN = ZoneInfo("Europe/Berlin")  # put forward 2024-03-31 02:00 -> 03:00, back 2024-10-27 03:00 -> 02:00


def utc(local: str, zone: str = "Europe/Berlin") -> tuple[datetime, bool, bool]:
    times = to_utc(np.array([micros(datetime.fromisoformat(local))]), parse_zone(zone))
    instant = datetime(1970, 1, 1) + timedelta(microseconds=int(times.instants[0]))
    return instant, bool(times.ambiguous[0]), bool(times.missing[0])


@pytest.mark.parametrize(
    ("local", "expected", "ambiguous", "missing"),
    [
        ("2024-03-31 01:59", "2024-03-31 00:59", False, False),
        ("2024-03-31 02:00", "2024-03-31 01:00", False, False),  # the moment of the jump itself
        ("2024-03-31 02:30", "2024-03-31 00:30", False, True),
        ("2024-03-31 03:00", "2024-03-31 01:00", False, False),
        ("2024-10-27 01:59", "2024-10-26 23:59", False, False),
        ("2024-10-27 02:00", "2024-10-27 00:00", True, False),
        ("2024-10-27 02:59", "2024-10-27 00:59", True, False),
        ("2024-10-27 03:00", "2024-10-27 02:00", False, False),
    ],
)
def test_the_nights_of_the_clock_change(local: str, expected: str, ambiguous: bool, missing: bool) -> None:
    assert utc(local) == (datetime.fromisoformat(expected), ambiguous, missing)


@given(
    st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)), min_size=1, max_size=20),
    st.sampled_from(["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Ho_Chi_Minh", "Africa/Cairo"]),
)
def test_many_at_once_are_as_one_by_one(moments: list[datetime], name: str) -> None:
    zone = ZoneInfo(name)
    times = to_utc(np.array([micros(m) for m in moments]), zone)
    for n, moment in enumerate(moments):
        first, second = (moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        there = first.astimezone(zone).replace(tzinfo=None) == moment
        if there:
            assert times.instants[n] == micros(first)
            assert bool(times.ambiguous[n]) == (first != second)
            assert not times.missing[n]
        elif not times.missing[n]:  # only the exact moment of the jump
            assert (first - timedelta(microseconds=1)).astimezone(zone).utcoffset() != first.astimezone(
                zone
            ).utcoffset()


def test_a_year_of_berlin_has_two_changes() -> None:
    first, last = micros(datetime(2024, 1, 1)), micros(datetime(2025, 1, 1))
    assert transitions(BERLIN, first, last) == [
        (micros(datetime(2024, 3, 31, 1)), HOUR, 2 * HOUR),
        (micros(datetime(2024, 10, 27, 1)), 2 * HOUR, HOUR),
    ]


@pytest.mark.parametrize(
    ("text", "hours"),
    [("UTC+07:00", 7), ("-07:00", -7), ("UTC+5:30", 5.5), ("GMT", 0), ("utc", 0), ("UTC −3", -3), ("Asia/Tokyo", 9)],
)
def test_zones_as_people_write_them(text: str, hours: float) -> None:
    assert datetime(2024, 1, 1, tzinfo=parse_zone(text)).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "text",
    ["", " ", "Vietnam time", "UTC+15:00", "UTC+07:75", "../../etc/passwd", "Asia", "/etc/passwd", "localtime",
     "posixrules", "right/UTC", "7"],
)  # fmt: skip
def test_what_is_no_zone_everywhere_is_refused(text: str) -> None:
    """``localtime`` and the like would mean another zone on the verifier's machine."""
    with pytest.raises(TimeZoneError):
        parse_zone(text)


def test_text_shows_the_offset_where_a_clock_shows_a_time_twice() -> None:
    """At 01:00 UTC on 27 October 2024 clocks in Berlin went back from 03:00 to 02:00."""
    assert local_text(BERLIN, micros(datetime(2024, 7, 1))) == "2024-07-01 02:00"
    assert local_text(BERLIN, micros(datetime(2024, 7, 1, 0, 0, 5))) == "2024-07-01 02:00:05"
    assert local_text(BERLIN, micros(datetime(2024, 10, 27, 0, 30))) == "2024-10-27 02:30+02:00"
    assert local_text(BERLIN, micros(datetime(2024, 10, 27, 1, 30))) == "2024-10-27 02:30+01:00"


def test_local_times_of_instants_are_those_of_the_standard_library() -> None:
    """Across both clock changes of a year, against datetime's own conversion."""
    zone = BERLIN
    instants = np.arange(micros(datetime(2024, 3, 29)), micros(datetime(2024, 11, 2)), 3_700_000_000, dtype=np.int64)
    expected = [
        micros(
            (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(i))).astimezone(zone).replace(tzinfo=None)
        )
        for i in instants
    ]
    assert to_local(instants, zone).tolist() == expected
