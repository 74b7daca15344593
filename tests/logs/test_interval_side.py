"""Start or end of an interval: what a file shows of it, and intervals that name both ends; sums by a plain loop."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from jcm_mrv.findings import errors
from jcm_mrv.logs.interval_side import side_of_heading, side_of_whole
from jcm_mrv.meters.segments import SeriesResult
from support.hourly_logs import HOUR, START, counter, found, lines_of, plant, read, stamps, total, weights
from support.sheets import log_row, parts_of

CODE = "logs.interval_side"
DAY = timedelta(days=1)


def said(series: SeriesResult) -> list[str]:
    return [f.severity.value for f in series.findings if f.code == CODE]


# --- what the heading says --------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "side"),
    [
        ("Interval start", "start"), ("Start time", "start"), ("From", "start"), ("period_begin", "start"),
        ("PeriodEnd", "end"), ("Interval Ending", "end"), ("to", "end"), ("Ende", "end"), ("終了時刻", "end"),
        ("Bắt đầu", "start"), ("time", ""), ("Timestamp", ""), ("Date from logger", ""), ("Start/End", ""),
        ("Weekend", ""), ("Standard time", ""), ("Restart", ""),
    ],
)  # fmt: skip
def test_the_side_that_a_heading_names(heading: str, side: str) -> None:
    assert side_of_heading(heading) == side


@pytest.mark.parametrize(("heading", "stamp"), [("Interval start", "end"), ("Interval end", "start")])
def test_a_heading_that_says_the_other_side_is_major(heading: str, stamp: str, tmp_path: Path) -> None:
    wrong = read(tmp_path, lines_of(plant()), f"{heading},value", time_column=heading, stamp=stamp)
    assert found(wrong, CODE).severity == "major" and found(wrong, CODE).where.sheet == "Logs"
    right = read(tmp_path, lines_of(plant()), f"{heading},value", time_column=heading,
                 stamp="end" if stamp == "start" else "start")  # fmt: skip
    assert "major" not in said(right)


def test_another_column_of_times_shows_the_side(tmp_path: Path) -> None:
    values = plant()
    lines = [f"{t:%Y-%m-%d %H:%M},{t + HOUR:%Y-%m-%d %H:%M},{v}" for t, v in zip(stamps(240), values, strict=True)]
    assert said(read(tmp_path, lines, "t1,t2,value", time_column="t1", stamp="start")) == []
    assert said(read(tmp_path, lines, "t1,t2,value", time_column="t1", stamp="end"))[:1] == ["major"]
    assert said(read(tmp_path, lines, "t1,t2,value", time_column="t2", stamp="start"))[:1] == ["major"]
    clocks = read(tmp_path, lines, "t1 (UTC),t2 local,value", time_column="t1 (UTC)", stamp="end")
    assert "major" not in said(clocks)  # the same moment on two clocks, an hour apart
    received = [line.replace(":00,", ":07,", 1) for line in lines]  # a time of receipt is no end of an interval
    assert said(read(tmp_path, received, "t1,t2,value", time_column="t2", stamp="end")) == []


# --- what first and last time say -------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "minutes", "side"),
    [
        ("2024-02-01 00:00", "2024-02-10 23:45", 15, "start"), ("2024-02-01 00:15", "2024-02-11 00:00", 15, "end"),
        ("2024-02-01 00:00", "2024-02-11 00:00", 15, ""), ("2024-02-01 06:30", "2024-02-10 18:15", 15, ""),
        ("2024-02-01 00:00", "2024-03-31 00:00", 1440, "start"), ("2024-02-02 00:00", "2024-04-01 00:00", 1440, "end"),
        ("2024-02-05 00:00", "2024-03-12 00:00", 1440, ""),
    ],
)  # fmt: skip
def test_whole_days_and_months(first: str, last: str, minutes: int, side: str) -> None:
    both = [datetime.fromisoformat(text) for text in (first, last)]
    assert side_of_whole(both[0], both[1], minutes * 60_000_000) == side


@pytest.mark.parametrize(("shift", "stamp"), [(0, "end"), (1, "start")])
def test_a_file_of_whole_days_under_the_other_side_is_asked_about(shift: int, stamp: str, tmp_path: Path) -> None:
    """What moves over the ends of the period is named; at night a plant gives nothing."""
    lines = [f"{t + shift * HOUR:%Y-%m-%d %H:%M},{v}" for t, v in zip(stamps(240), plant(), strict=True)]
    finding = found(read(tmp_path, lines, stamp=stamp), CODE)
    assert finding.severity == "minor" and "whole days" in finding.message and finding.found.startswith(stamp)
    assert "moves 0 and 0 over" in finding.found
    other = "start" if stamp == "end" else "end"
    assert said(read(tmp_path, lines, stamp=other)) == [] and finding.action.startswith(f"Write {other}")


def test_daily_values_of_exactly_the_period_are_a_major_question(tmp_path: Path) -> None:
    """29 days of February, 100 + n: stated as ends, 1 February would lie in January, and the 29th be missing."""
    lines = [f"{START + n * DAY:%Y-%m-%d},{100 + n * 7 % 29}" for n in range(29)]
    finding = found(read(tmp_path, lines, interval_minutes=1440, stamp="end"), CODE)
    assert finding.severity == "major" and "covers the monitoring period exactly" in finding.message
    right = read(tmp_path, lines, interval_minutes=1440, stamp="start")
    assert said(right) == [] and total(right) == sum(100 + n * 7 % 29 for n in range(29))


def test_a_file_that_covers_more_than_the_period_says_nothing(tmp_path: Path) -> None:
    lines = [f"{datetime(2024, 1, 17, 3) + n * HOUR:%Y-%m-%d %H:%M},{n * 7 % 50}" for n in range(1000)]
    for stamp in ("start", "end"):
        assert said(read(tmp_path, lines, stamp=stamp)) == []


def test_midnight_as_24_00_is_an_end(tmp_path: Path) -> None:
    def text(t: datetime) -> str:
        return f"{t - DAY:%Y-%m-%d} 24:00" if t.hour == 0 else f"{t:%Y-%m-%d %H:%M}"

    values = plant()
    lines = [f"{text(t + HOUR)},{v}" for t, v in zip(stamps(240), values, strict=True)]
    assert said(read(tmp_path, lines, stamp="start"))[:1] == ["major"]
    right = read(tmp_path, lines, stamp="end")
    assert said(right) == [] and total(right) == pytest.approx(math.fsum(values), rel=1e-12)


def test_a_register_has_moments_and_no_sides(tmp_path: Path) -> None:
    lines = lines_of(counter(plant()))
    series = read(tmp_path, lines, "Interval end,value", time_column="Interval end", kind="register",
                  interval_minutes=None)  # fmt: skip
    assert said(series) == []


# --- From and To ------------------------------------------------------------------

FORMS: dict[str, Callable[[datetime], str]] = {
    "iso": lambda t: f"{t:%Y-%m-%d %H:%M}", "zulu": lambda t: f"{t - 7 * HOUR:%Y-%m-%dT%H:%M:%SZ}",
    "day first": lambda t: f"{t:%d/%m/%Y %H:%M}", "offset": lambda t: f"{t:%Y-%m-%dT%H:%M:%S}+07:00",
}  # fmt: skip


FIRST = 1_706_720_400_000_000
"""2024-01-31 17:00 UTC, midnight in Viet Nam: the beginning of the first interval."""


def from_to(values: list[float], form: Callable[[datetime], str] = FORMS["iso"], step: timedelta = HOUR) -> list[str]:
    return [f"{form(t)},{form(t + step)},{v}" for t, v in zip(stamps(len(values), step), values, strict=True)]


def both(folder: Path, lines: list[str], **given: Any) -> SeriesResult:
    return read(folder, lines, "From,To,value", time_column="From + To", **given)


@pytest.mark.parametrize("stamp", ["start", "end"])
@pytest.mark.parametrize("interval", [60, None])
@pytest.mark.parametrize("form", FORMS)
def test_both_ends_in_two_columns(form: str, interval: int | None, stamp: str, tmp_path: Path) -> None:
    values = plant()
    zone = {"time_zone": ""} if form in ("zulu", "offset") else {}
    series = both(tmp_path, from_to(values, FORMS[form]), stamp=stamp, interval_minutes=interval, **zone)
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    assert series.parts.start.tolist() == [FIRST]


@pytest.mark.parametrize("stamp", ["start", "end"])
@pytest.mark.parametrize(("step", "last"), [(HOUR, HOUR / 60), (HOUR, HOUR / 3600), (HOUR / 4, HOUR / 60)])
def test_ends_that_are_the_last_minute_or_second(step: timedelta, last: timedelta, stamp: str, tmp_path: Path) -> None:
    """00:00 to 00:59 is an hour: nothing is missing between it and 01:00."""
    values = plant()
    lines = [
        f"{t:%Y-%m-%d %H:%M:%S},{t + step - last:%Y-%m-%d %H:%M:%S},{v}"
        for t, v in zip(stamps(len(values), step), values, strict=True)
    ]
    series = both(tmp_path, lines, interval_minutes=None, stamp=stamp)
    assert weights(series) <= {"note"} and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    assert series.parts.start.tolist() == [FIRST]
    whole = len(values) * step / timedelta(microseconds=1)
    assert series.parts.end.tolist()[0] - series.parts.start.tolist()[0] >= whole


@pytest.mark.parametrize("stamp", ["start", "end"])
def test_ends_that_are_the_last_day(stamp: str, tmp_path: Path) -> None:
    """1 to 1 February is a day; of 9 days of 100 + n the sum is 9 * 100 + 36."""
    lines = [f"{START + n * DAY:%Y-%m-%d},{START + n * DAY:%Y-%m-%d},{100 + n}" for n in range(9)]
    series = both(tmp_path, lines, interval_minutes=None, stamp=stamp)
    assert weights(series) <= {"note"} and total(series) == 936 and series.parts.start.tolist() == [FIRST]
    working = [*lines[:2], *lines[4:]]  # the 3rd and 4th are a weekend: 936 - 102 - 103
    assert total(both(tmp_path, working, interval_minutes=1440, stamp=stamp)) == 731


@pytest.mark.parametrize("stamp", ["start", "end"])
def test_bills_of_two_meters_in_turns_that_end_with_their_last_day(stamp: str, tmp_path: Path) -> None:
    """16 January to 15 February has 31 days, of which 15 are of February; 16 of the 29 from 16 February on are none
    of the period's: 310 * 15 / 31 + 290 * 14 / 29 = 290.
    """
    ends = [("2024-01-16", "2024-02-15", 310), ("2024-02-16", "2024-03-15", 290), ("2024-03-16", "2024-04-15", 310)]
    lines = [f"{a},{b},{name},{value}" for a, b, value in ends for name in "AB"]
    (tmp_path / "log.csv").write_text("\n".join(["From,To,name,value", *lines]) + "\n")
    row = log_row(time_column="From + To", interval_minutes=None, stamp=stamp, layout="long", name_column="name",
                  name_value="A")  # fmt: skip
    series = parts_of(tmp_path, logs=[row], start=date(2024, 2, 1), end=date(2024, 2, 29))
    assert total(series) == pytest.approx(290, rel=1e-12)


@pytest.mark.parametrize("stamp", ["start", "end"])
@pytest.mark.parametrize("last", [0, 1])
@pytest.mark.parametrize("day", ["2024-03-30", "2024-10-26"])
def test_from_and_to_on_a_clock_that_is_put_on_or_back(day: str, last: int, stamp: str, tmp_path: Path) -> None:
    """01:00 to 03:00 is an hour where the clock skips one, 02:00 to 02:00 where it shows one twice. Of 72
    hours of 1.5 the three days in March have 71, those in October all.
    """
    zone = ZoneInfo("Europe/Berlin")
    first = datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC)
    ends = [(first + n * HOUR, first + (n + 1) * HOUR - last * HOUR / 60) for n in range(72)]
    lines = [",".join(f"{t.astimezone(zone):%Y-%m-%d %H:%M}" for t in pair) + ",1.5" for pair in ends]
    (tmp_path / "log.csv").write_text("\n".join(["From,To,value", *lines]) + "\n")
    row = log_row(time_column="From + To", interval_minutes=None, stamp=stamp, time_zone="Europe/Berlin")
    begin = date.fromisoformat(day)
    series = parts_of(tmp_path, logs=[row], start=begin, end=begin + 2 * DAY, zone="Europe/Berlin")
    assert errors(series.findings) == [] and total(series) == (106.5 if begin.month == 3 else 108)


def test_days_that_meet_end_before_the_next(tmp_path: Path) -> None:
    """1 to 2 February is a day here, since the next begins on the 2nd; a row that names one day alone is refused."""
    lines = [f"{START + n * DAY:%Y-%m-%d},{START + (n + 1) * DAY:%Y-%m-%d},{100 + n}" for n in range(9)]
    assert total(both(tmp_path, lines, interval_minutes=None)) == 936
    lines[4] = f"{START + 4 * DAY:%Y-%m-%d},{START + 4 * DAY:%Y-%m-%d},104"
    assert found(both(tmp_path, lines, interval_minutes=None), "logs.interval").severity == "error"


def test_an_end_as_a_time_of_day(tmp_path: Path) -> None:
    values = plant()
    lines = [f"{t:%Y-%m-%d %H:%M},{t + HOUR:%H:%M},{v}" for t, v in zip(stamps(240), values, strict=True)]
    series = both(tmp_path, lines)
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


def test_a_day_at_midnight_beside_a_time_of_day_is_no_span(tmp_path: Path) -> None:
    values = plant()
    lines = [f"{t:%Y-%m-%d} 00:00:00,{t:%H:%M},{v}" for t, v in zip(stamps(240), values, strict=True)]
    series = read(tmp_path, lines, "Day,Time,value", time_column="Day + Time")
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


def test_quarters_of_power_recorded_each_hour_are_no_hours(tmp_path: Path) -> None:
    """Spans of a quarter an hour apart: 240 values of 8 kW are 240 * 8 / 4 = 480 kWh, and the rest is missing."""
    lines = [f"{t:%Y-%m-%d %H:%M},{t + HOUR / 4:%Y-%m-%d %H:%M},8" for t in stamps(240)]
    series = both(tmp_path, lines, kind="power", unit="kW", interval_minutes=None)
    assert total(series) == 480.0 and sum(h.hours for h in series.coverage.data_gaps) >= 180
    assert found(both(tmp_path, lines, kind="power", unit="kW", interval_minutes=60), "logs.interval").where.line == 2


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("2024-02-05 04:00,2024-02-05 04:00,9", 102), ("2024-02-05 04:00,2024-02-05 03:00,9", 102),
        ("2024-02-05 04:00,2024-02-05 06:00,9", 102),
    ],
)  # fmt: skip
@pytest.mark.parametrize("interval", [60, None])
def test_ends_that_contradict_are_refused(row: str, line: int, interval: int | None, tmp_path: Path) -> None:
    lines = from_to(plant())
    lines[100] = row
    finding = found(both(tmp_path, lines, interval_minutes=interval), "logs.interval")
    assert finding.severity == "error" and finding.where.line == line


def test_columns_in_the_wrong_order_are_refused_with_the_remedy(tmp_path: Path) -> None:
    series = read(tmp_path, from_to(plant()), "From,To,value", time_column="To + From")
    assert "From + To, in this order" in found(series, "logs.interval").action


def test_both_ends_in_a_spreadsheet(tmp_path: Path) -> None:
    values = plant()
    with xlsxwriter.Workbook(tmp_path / "log.xlsx", {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate([("From", "To", "value"), *zip(stamps(240), stamps(240, first=START + HOUR), values,
                                                              strict=True)]):  # fmt: skip
            for k, cell in enumerate(row):
                sheet.write(n, k, cell)
    row = log_row(file="log.xlsx", time_column="From + To", interval_minutes=None, transformer_factor_included="yes")
    series = parts_of(tmp_path, logs=[row], start=START.date(), end=datetime(2024, 2, 10).date())
    assert errors(series.findings) == [] and total(series) == pytest.approx(math.fsum(values), rel=1e-12)


@pytest.mark.parametrize("bad", ["2024-02-05 04:00,,9", ",2024-02-05 05:00,9", "2024-02-05 04:00,soon,9"])
def test_an_end_that_is_missing_is_named(bad: str, tmp_path: Path) -> None:
    lines = from_to(plant())
    lines[100] = bad
    assert found(both(tmp_path, lines), "logs.stamp").where.line == 102
