"""Times as equipment and suppliers write them; all data are made for the purpose, all sums by a plain loop."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jcm_mrv.findings import errors
from support.hourly_logs import HOUR, START, counter, found, lines_of, plant, read, stamps, total, weights
from support.log_times import EPOCHS, SPANS, WRITTEN, epoch
from support.sheets import ZONE, inner_gaps, log_row, parts_of


@pytest.mark.parametrize("stamp", ["start", "end"])
@pytest.mark.parametrize("form", WRITTEN)
def test_a_time_in_one_cell(form: str, stamp: str, tmp_path: Path) -> None:
    values = plant()
    shift = HOUR if stamp == "end" and form not in SPANS else 0 * HOUR
    lines = [f"{WRITTEN[form](t + shift)},{v}" for t, v in zip(stamps(len(values)), values, strict=True)]
    series = read(tmp_path, lines, stamp=stamp, time_zone="UTC" if form in EPOCHS else ZONE)
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    assert series.parts.start.tolist() == [epoch(START) * 1_000_000]


@pytest.mark.parametrize("times", ["day and month alike", "gaps"])
def test_the_order_of_day_and_month_where_nothing_else_shows_it(times: str, tmp_path: Path) -> None:
    """On 02.02. both orders agree; of 1 to 10 February with missing hours only one lies together."""
    values = plant(1) if times == "day and month alike" else plant()
    first = datetime(2024, 2, 2) if times == "day and month alike" else START
    rows = [
        (t, v) for n, (t, v) in enumerate(zip(stamps(len(values), first=first), values, strict=True)) if n % 17 != 5
    ]
    series = read(tmp_path, [f"{t:%d.%m.%Y %H:%M};{v}" for t, v in rows], "time;value")
    assert errors(series.findings) == [] and total(series) == pytest.approx(math.fsum(v for _, v in rows), rel=1e-12)


@pytest.mark.parametrize(
    ("form", "per_hour", "stamp"),
    [
        (lambda t: f"{t.hour + 1}", 1, "end"), (lambda t: f"{t.hour + 1}", 1, "start"),
        (lambda t: f"H{t.hour + 1:02d}", 1, "start"), (lambda t: f"HE {t.hour + 1}", 1, "end"),
        (lambda t: f"Hour {t.hour}", 1, "start"),
        (lambda t: f"{t.hour}", 1, "start"), (lambda t: f"{t.hour}", 1, "end"),
        (lambda t: f"{t.hour * 4 + t.minute // 15 + 1}", 4, "end"), (lambda t: f"{t:%H%M}", 4, "start"),
        (lambda t: f"{t.hour * 2 + t.minute // 30}", 2, "start"),
        (lambda t: f"{t:%H:%M}-{t + HOUR:%H:%M}", 1, "start"),
        (lambda t: f"{t:%H:%M} - {t + HOUR:%H:%M}", 1, "end"), (lambda t: f"{t:%H:%M}", 4, "start"),
    ],
)  # fmt: skip
def test_a_time_of_day_in_a_column_of_its_own(
    form: Callable[[datetime], str], per_hour: int, stamp: str, tmp_path: Path
) -> None:
    values = plant(per_hour=per_hour)
    step = HOUR / per_hour
    rows = zip(stamps(len(values), step), values, strict=True)
    lines = [f"{t:%d/%m/%Y};{form(t)};{v:.2f}".replace(".", ",") for t, v in rows]
    given = {"time_column": "Fecha + Hora", "stamp": stamp, "date_format": "DD/MM/YYYY"}
    series = read(tmp_path, lines, "Fecha;Hora;value", **given, interval_minutes=60 // per_hour)
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    assert series.parts.start.tolist() == [epoch(START) * 1_000_000]
    assert {h.start for h in series.coverage.data_gaps} == {epoch(START + timedelta(days=10)) * 1_000_000}


@pytest.mark.parametrize(("row", "column"), [("2024-02-05,25:99,9", "clock"), ("2024-02-31,03:00,9", "day")])
def test_of_two_columns_the_one_that_is_wrong_is_named(row: str, column: str, tmp_path: Path) -> None:
    lines = [f"{t:%Y-%m-%d},{t:%H:%M},{v}" for t, v in zip(stamps(240), plant(), strict=True)]
    lines[100] = row
    finding = found(read(tmp_path, lines, "day,clock,value", time_column="day + clock"), "logs.stamp")
    assert f"in the column {column!r}" in finding.message and finding.found == row.split(",")[column == "clock"]
    assert finding.where.line == 102


def test_hour_numbers_of_which_the_first_is_not_certain_are_asked_about(tmp_path: Path) -> None:
    lines = [f"2024-02-01,{n},1.0" for n in range(5, 20)]
    series = read(tmp_path, lines, "day,hour,value", time_column="day + hour")
    assert found(series, "logs.date_format").severity == "error"


# --- a moment early or late -------------------------------------------------------


@pytest.mark.parametrize("jitter", [[0, 0, -1, 1, 0], [0, -7, 3], [0.004, -0.9, 0], [7, 7, 8, 6, 7]])
@pytest.mark.parametrize("interval", [5, None])
def test_times_a_moment_beside_the_regular_ones(jitter: list[float], interval: int | None, tmp_path: Path) -> None:
    values = plant(3, per_hour=12)
    times = [t + timedelta(seconds=jitter[n % len(jitter)]) for n, t in enumerate(stamps(len(values), HOUR / 12))]
    lines = [f"{t:%Y-%m-%d %H:%M:%S.%f},{v}" for t, v in zip(times, values, strict=True)]
    series = read(tmp_path, lines, interval_minutes=interval)
    assert weights(series) == set() and total(series) == pytest.approx(math.fsum(values), rel=1e-12)
    assert "s beside" in found(series, "logs.recognised").message if jitter[0] != 7 else True
    assert inner_gaps(series) == []


def test_intervals_that_really_overlap_are_still_refused(tmp_path: Path) -> None:
    lines = ["2024-02-01 00:00,1", "2024-02-01 00:50,2", "2024-02-01 02:00,1"]
    assert found(read(tmp_path, lines), "logs.overlap").severity == "error"


# --- clocks that are set forward and back ------------------------------------------

CHILE = "America/Santiago"


def in_chile(folder: Path, lines: list[str], first: date, last: date, **given: object) -> object:
    (folder / "log.csv").write_text("\n".join(["time,value", *lines]) + "\n")
    row = log_row(time_zone=CHILE, transformer_factor_included="yes", **given)
    return parts_of(folder, logs=[row], start=first, end=last, zone=CHILE)


def hours_of(first: date, last: date) -> list[datetime]:
    """Every hour of the days, as the local clock shows it."""
    zone = ZoneInfo(CHILE)
    moment = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)
    after = last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
    found = []
    while moment < end:
        found.append(moment.astimezone(zone).replace(tzinfo=None))
        moment += HOUR
    return found


@pytest.mark.parametrize("days", [(date(2024, 4, 1), date(2024, 4, 30)), (date(2024, 9, 1), date(2024, 9, 30))])
@pytest.mark.parametrize("backwards", [False, True])
def test_the_order_of_rows_settles_the_hour_that_the_clock_shows_twice(
    days: tuple[date, date], backwards: bool, tmp_path: Path
) -> None:
    times = hours_of(*days)
    assert len(times) == 720 + (1 if days[0].month == 4 else -1)
    lines = [f"{t:%Y-%m-%d %H:%M},{n * 37 % 100}" for n, t in enumerate(times)]
    series = in_chile(tmp_path, lines[::-1] if backwards else lines, *days, interval_minutes=60)
    assert errors(series.findings) == [] and series.coverage.data_gaps == ()
    assert total(series) == sum(n * 37 % 100 for n in range(len(times)))


def test_a_register_needs_no_reading_of_the_doubled_hour(tmp_path: Path) -> None:
    first, last = date(2024, 4, 1), date(2024, 4, 30)
    times = list(dict.fromkeys([*hours_of(first, last), datetime(2024, 5, 1)]))  # each local hour once
    lines = [f"{t:%Y-%m-%d %H:%M},{1000 + 3 * n}" for n, t in enumerate(times)]
    series = in_chile(tmp_path, lines, first, last, kind="register", interval_minutes=None)
    assert errors(series.findings) == [] and total(series) == pytest.approx(3 * (len(times) - 1), rel=1e-12)
    energy = in_chile(tmp_path, lines, first, last, interval_minutes=60)
    assert "logs.clock_change" in {f.code for f in errors(energy.findings)}


def test_the_hour_that_was_skipped_is_named_on_its_own_line(tmp_path: Path) -> None:
    """A logger that knows no summer time writes 00:00 on 8 September, which the clock of Chile does not show."""
    lines = lines_of(plant(4))
    lines = [f"{t:%Y-%m-%d %H:%M},1" for t in stamps(96, first=datetime(2024, 9, 6))]
    series = in_chile(tmp_path, lines, date(2024, 9, 6), date(2024, 9, 9), interval_minutes=60)
    finding = found(series, "logs.clock_change")
    assert (finding.where.line, finding.found) == (50, "2024-09-08 00:00:00")


@pytest.mark.parametrize("interval", [1440, None])
@pytest.mark.parametrize("month", [4, 9])
@pytest.mark.parametrize("stamp", ["start", "end"])
def test_days_of_23_and_25_hours(month: int, interval: int | None, stamp: str, tmp_path: Path) -> None:
    shift = timedelta(days=1 if stamp == "end" else 0)
    lines = [f"{datetime(2024, month, d) + shift:%Y-%m-%d},{2000 + d * 7 % 30}" for d in range(1, 31)]
    series = in_chile(
        tmp_path, lines, date(2024, month, 1), date(2024, month, 30), interval_minutes=interval, stamp=stamp
    )
    assert errors(series.findings) == [] and series.coverage.data_gaps == ()
    assert total(series) == pytest.approx(sum(2000 + d * 7 % 30 for d in range(1, 31)), rel=1e-12)


# --- months -----------------------------------------------------------------------

MONTHLY: dict[str, Callable[[int], str]] = {
    "first days": lambda m: f"2024-{m:02d}-01", "months": lambda m: f"2024-{m:02d}",
    "names": lambda m: f"{date(2024, m, 1):%b %Y}", "Vietnamese": lambda m: f"T{m}/2024",
    "Japanese": lambda m: f"2024年{m}月", "month first": lambda m: f"{m:02d}/2024",
    "range": lambda m: f"2024-{m:02d}-01 - {date(2024, m + 1, 1)}",
}  # fmt: skip


@pytest.mark.parametrize("form", MONTHLY)
@pytest.mark.parametrize("interval", [None, 43_200])
def test_a_value_for_each_month(form: str, interval: int | None, tmp_path: Path) -> None:
    lines = [f"{MONTHLY[form](m)},{60_000 + 7 * m}" for m in range(1, 7)]
    series = read(tmp_path, lines, interval_minutes=interval)
    assert errors(series.findings) == [] and total(series) == pytest.approx(60_014, rel=1e-12)  # February alone
    assert series.coverage.data_gaps == ()


def test_months_that_are_written_as_their_last_days(tmp_path: Path) -> None:
    lines = ["2024-01-31,61000", "2024-02-29,59559", "2024-03-31,64000"]
    series = read(tmp_path, lines, stamp="end", interval_minutes=None)
    assert errors(series.findings) == [] and total(series) == pytest.approx(59_559, rel=1e-12)


def test_readings_of_a_register_every_month_are_none_of_months(tmp_path: Path) -> None:
    lines = [f"2024-{m:02d}-01,{1000 + m * 50}" for m in range(1, 5)]
    series = read(tmp_path, lines, kind="register", interval_minutes=None)
    assert errors(series.findings) == [] and total(series) == pytest.approx(50.0, rel=1e-12)


def test_a_meter_that_is_changed_within_a_month_needs_its_factor_known(tmp_path: Path) -> None:
    meters = [
        {"meter_id": "M-1", "unit": "kWh", "removed": datetime(2024, 2, 10), "transformer_factor": 10},
        {"meter_id": "M-1", "unit": "kWh", "installed": datetime(2024, 2, 10), "transformer_factor": 20},
    ]
    (tmp_path / "log.csv").write_text("time,value\n2024-01-01,5\n2024-02-01,7\n2024-03-01,9\n")
    series = parts_of(tmp_path, meters=meters, logs=[log_row(interval_minutes=None)], start=date(2024, 2, 1),
                      end=date(2024, 2, 29))  # fmt: skip
    assert "logs.factor_change" in {f.code for f in errors(series.findings)}


def test_a_counter_over_a_whole_month_is_the_difference_of_its_ends(tmp_path: Path) -> None:
    shown = counter(plant(29))
    series = read(tmp_path, lines_of(shown), kind="register", interval_minutes=None)
    assert total(series) == pytest.approx(shown[-1] - shown[0], rel=1e-12) and series.coverage.data_gaps == ()
