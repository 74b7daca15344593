"""Logs to parts by month: kinds, stamps, zones, layouts; expected values by hand or by a plain loop."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jcm_mrv.findings import errors
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import at, codes, inner_gaps, log_row, monthly, parts_of

MONTHS = [f"2024-{m:02d}" for m in range(1, 13)]
Lines = Sequence[tuple[str, object]]


def write(folder: Path, lines: Lines, name: str = "log.csv", heading: str = "time,value") -> None:
    (folder / name).write_text("\n".join([heading, *(f"{a},{b}" for a, b in lines)]) + "\n")


def quarter_hours(start: str, values: Sequence[float]) -> Lines:
    return [(f"{at(start) + timedelta(minutes=15 * n):%Y-%m-%d %H:%M}", v) for n, v in enumerate(values)]


def of_log(folder: Path, lines: Lines, *, meter: dict[str, Any] | None = None, **given: Any) -> SeriesResult:
    write(folder, lines)
    meters = [{"meter_id": "M-1", "unit": "kWh", **(meter or {})}]
    return parts_of(folder, meters=meters, logs=[log_row(**given)])


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


def test_energy_per_interval_is_added(tmp_path: Path) -> None:
    series = of_log(tmp_path, quarter_hours("2024-02-01 00:00", [1.5, 2.0, 0.25]))
    assert errors(series.findings) == []
    assert monthly(series, MONTHS) == {"2024-02": 3.75}
    assert series.parts.units == ("kWh",)
    (source,) = series.parts.sources
    digest = hashlib.sha256((tmp_path / "log.csv").read_bytes()).hexdigest()
    assert (source.file, source.sha256) == ("log.csv", digest)
    assert [(i.path, i.sha256) for i in series.inputs] == [("log.csv", digest)]
    assert (series.parts.origins[0].file, series.parts.origins[0].line) == ("log.csv", 2)


def test_average_power_is_integrated(tmp_path: Path) -> None:
    """40, 80 and -4 kW over a quarter of an hour each: 10 + 20 - 1 kWh."""
    series = of_log(tmp_path, quarter_hours("2024-02-01 00:00", [40, 80, -4]), kind="power", unit="kW")
    assert codes(series) == ["logs.negative"]
    assert monthly(series, MONTHS) == {"2024-02": 29.0} and series.parts.units == ("kWh",)
    assert series.parts.lowest is not None and series.parts.lowest.tolist() == [-4.0]


def test_a_register_is_differenced(tmp_path: Path) -> None:
    lines = [("2024-01-31 12:00", 100), ("2024-02-01 12:00", 148), ("2024-02-03 12:00", 160)]
    series = of_log(tmp_path, lines, kind="register", interval_minutes=None)
    assert errors(series.findings) == []
    # 48 kWh half in January, half in February; then 12
    assert monthly(series, MONTHS) == pytest.approx({"2024-01": 24.0, "2024-02": 36.0}, rel=1e-14)


def test_a_register_goes_on_from_file_to_file_and_over_its_last_digit(tmp_path: Path) -> None:
    write(tmp_path, [("2024-01-01 00:00", 9_900), ("2024-02-01 00:00", 9_990)], "a.csv")
    write(tmp_path, [("2024-03-01 00:00", 70), ("2024-04-01 00:00", 150)], "b.csv")
    rows = [log_row(log_id=f, file=f"{f}.csv", kind="register", interval_minutes=None) for f in ("a", "b")]
    meters = [{"meter_id": "M-1", "unit": "kWh", "register_digits": 4, "transformer_factor": 2}]
    series = parts_of(tmp_path, meters=meters, logs=rows, end=date(2024, 3, 31))
    assert codes(series) == ["readings.rollover"]
    # 90, then 10000 - 9990 + 70, then 80; each times 2
    assert monthly(series, MONTHS) == {"2024-01": 180.0, "2024-02": 160.0, "2024-03": 160.0}
    assert [(series.parts.sources[s].file) for s in series.parts.source] == ["a.csv", "b.csv", "b.csv"]
    assert series.coverage.data_gaps == ()


def test_a_register_log_that_goes_backwards_is_an_error_with_its_line(tmp_path: Path) -> None:
    lines = [("2024-01-01 00:00", 50), ("2024-02-01 00:00", 40)]
    (finding,) = errors(of_log(tmp_path, lines, kind="register", interval_minutes=None).findings)
    assert finding.code == "readings.decrease" and finding.where.line == 3


def test_a_register_log_in_another_unit_than_the_meters_opening_reading(tmp_path: Path) -> None:
    """The opening reading of 1,000 (kWh) must not be subtracted from a log in MWh."""
    meter = {"installed": at("2024-01-01"), "opening_reading": 1000.0}
    lines = [("2024-02-01 00:00", 1.5), ("2024-03-01 00:00", 2.0)]
    series = of_log(tmp_path, lines, meter=meter, kind="register", interval_minutes=None, unit="MWh")
    assert [f.code for f in errors(series.findings)] == ["logs.unit"]


def test_the_stamp_opens_or_closes_its_interval(tmp_path: Path) -> None:
    lines = quarter_hours("2024-01-31 23:45", [1.0, 2.0])
    assert monthly(of_log(tmp_path, lines, stamp="start"), MONTHS) == {"2024-01": 1.0, "2024-02": 2.0}
    assert monthly(of_log(tmp_path, lines, stamp="end"), MONTHS) == {"2024-01": 3.0}


def test_an_interval_over_a_month_end_is_divided(tmp_path: Path) -> None:
    """From 23:50 to 00:05 lie 10 of 15 minutes in January: 6 kWh give 4 and 2."""
    lines = [("2024-01-31 23:35", 3.0), ("2024-01-31 23:50", 6.0), ("2024-02-01 00:05", 1.0)]
    series = of_log(tmp_path, lines)
    assert monthly(series, MONTHS) == pytest.approx({"2024-01": 7.0, "2024-02": 3.0}, rel=1e-14)
    assert series.parts.count.tolist() == [2, 1]  # each value is counted where it begins


def test_a_log_keeps_its_own_zone_and_months_are_the_projects(tmp_path: Path) -> None:
    """16:45 UTC is 23:45 in Viet Nam, 17:00 UTC is midnight there."""
    lines = [("2024-01-31 16:45", 1.0), ("2024-01-31 17:00", 2.0)]
    assert monthly(of_log(tmp_path, lines, time_zone="UTC"), MONTHS) == {"2024-01": 1.0, "2024-02": 2.0}
    offset = [("2024-01-31 16:45+00:00", 1.0), ("2024-01-31 17:00+00:00", 2.0)]
    for zone in ("UTC", ""):
        write(tmp_path, offset)
        series = parts_of(tmp_path, logs=[log_row(time_zone=zone)])
        assert monthly(series, MONTHS) == {"2024-01": 1.0, "2024-02": 2.0}


def test_the_transformer_factor_by_date_or_included(tmp_path: Path) -> None:
    meters = [
        {
            "meter_id": "M-1",
            "unit": "kWh",
            "serial_number": "A",
            "transformer_factor": 10,
            "removed": at("2024-02-01 00:30"),
        },
        {
            "meter_id": "M-1",
            "unit": "kWh",
            "serial_number": "A",
            "transformer_factor": 30,
            "installed": at("2024-02-01 00:30"),
        },
    ]
    write(tmp_path, quarter_hours("2024-02-01 00:00", [1, 2, 3, 4]))
    series = parts_of(tmp_path, meters=meters, logs=[log_row()])
    assert errors(series.findings) == []
    assert total(series) == (1 + 2) * 10 + (3 + 4) * 30
    assert total(parts_of(tmp_path, meters=meters, logs=[log_row(transformer_factor_included="yes")])) == 10.0
    write(tmp_path, quarter_hours("2024-02-01 00:05", [1, 2, 3, 4]))
    (finding,) = errors(parts_of(tmp_path, meters=meters, logs=[log_row()]).findings)
    assert finding.code == "logs.factor_change" and finding.where.line == 3


def test_wide_and_long_logs_hold_the_same(tmp_path: Path) -> None:
    stamps = [a for a, _ in quarter_hours("2024-02-01 00:00", [0] * 200)]
    a, b = [7 * n % 200 for n in range(200)], [(7 * n % 200) ** 2 for n in range(200)]
    write(tmp_path, [(s, f"{a[n]},{b[n]}") for n, s in enumerate(stamps)], "wide.csv", "time,A,B")
    names = ("Pump A", a), ("Pump  B", b)
    rows = [(s, f"{name},{values[n]}") for n, s in enumerate(stamps) for name, values in names]
    write(tmp_path, rows, "long.csv", "time,name,value")
    meters = [{"meter_id": m, "unit": "kWh"} for m in ("A", "B")]
    wide = [log_row(log_id=m, meter_id=m, file="wide.csv", value_column=m) for m in ("A", "B")]
    long = [
        log_row(log_id=m, meter_id=m, file="long.csv", layout="long", name_column="name", name_value=f"Pump {m}")
        for m in ("A", "B")
    ]
    for logs in (wide, long):
        series = parts_of(tmp_path, meters=meters, logs=logs)
        assert errors(series.findings) == []
        assert monthly(series, MONTHS, "A") == {"2024-02": sum(range(200))}
        assert monthly(series, MONTHS, "B") == {"2024-02": sum(n * n for n in range(200))}


def test_a_missing_row_is_a_hole_and_so_is_an_empty_cell(tmp_path: Path) -> None:
    lines = list(quarter_hours("2024-02-01 00:00", [1.0] * 8))
    missing = of_log(tmp_path, lines[:3] + lines[4:])
    lines[3] = (lines[3][0], "")
    empty = of_log(tmp_path, lines)
    for series in (missing, empty):
        assert errors(series.findings) == []
        assert [gap.hours for gap in inner_gaps(series)] == [0.25]
        assert total(series) == 7.0
        assert series.parts.count.tolist() == [7]


def test_a_column_may_begin_later_than_another(tmp_path: Path) -> None:
    write(
        tmp_path,
        [("2024-02-01 00:00", "1,"), ("2024-02-01 00:15", "2,5"), ("2024-02-01 00:30", ",6")],
        heading="time,A,B",
    )
    meters = [{"meter_id": m, "unit": "kWh"} for m in ("A", "B")]
    logs = [log_row(log_id=m, meter_id=m, value_column=m) for m in ("A", "B")]
    series = parts_of(tmp_path, meters=meters, logs=logs)
    assert (monthly(series, MONTHS, "A"), monthly(series, MONTHS, "B")) == ({"2024-02": 3.0}, {"2024-02": 11.0})


def test_an_interval_that_is_not_stated_is_taken_from_the_times_and_noted(tmp_path: Path) -> None:
    lines = quarter_hours("2024-02-01 00:00", [40, 80, 120])
    series = of_log(tmp_path, lines, kind="power", unit="kW", interval_minutes=None)
    assert codes(series) == ["logs.interval_inferred"] and total(series) == 60.0
    series = of_log(tmp_path, [*lines, ("2024-02-01 02:00", 1)], kind="power", unit="kW", interval_minutes=None)
    assert [f.code for f in errors(series.findings)] == ["logs.interval"]
    series = of_log(tmp_path, lines[:1], kind="power", unit="kW", interval_minutes=None)
    assert "logs.interval" in codes(series)


def test_rows_in_any_order_give_the_same_and_are_noted(tmp_path: Path) -> None:
    lines = quarter_hours("2024-01-30 00:00", [n * 163 % 401 / 7 for n in range(400)])
    straight = of_log(tmp_path, lines)
    reverse = of_log(tmp_path, lines[::-1])
    assert codes(straight) == [] and codes(reverse) == ["logs.unsorted"]
    assert reverse.parts.amounts().tolist() == straight.parts.amounts().tolist()
    assert reverse.coverage.covered.tolist() == straight.coverage.covered.tolist()


def test_rows_given_twice_count_once_and_two_values_for_one_time_are_an_error(tmp_path: Path) -> None:
    lines = list(quarter_hours("2024-02-01 00:00", [1.0, 2.0, 3.0]))
    series = of_log(tmp_path, [*lines[:2], lines[1], lines[2]])
    assert codes(series) == ["logs.duplicate"] and total(series) == 6.0
    apart = of_log(tmp_path, [*lines, lines[0]])
    assert codes(apart) == ["logs.duplicate", "logs.unsorted"] and total(apart) == 6.0
    (finding,) = errors(of_log(tmp_path, [*lines, (lines[2][0], 3.5)]).findings)
    assert (finding.code, finding.where.line) == ("logs.conflict", 5)


def test_intervals_that_overlap_are_an_error(tmp_path: Path) -> None:
    lines = [("2024-02-01 00:00", 1), ("2024-02-01 00:15", 1), ("2024-02-01 00:25", 1)]
    (finding,) = errors(of_log(tmp_path, lines).findings)
    assert (finding.code, finding.where.line) == ("logs.overlap", 4)


def test_a_log_named_twice_counts_once(tmp_path: Path) -> None:
    write(tmp_path, quarter_hours("2024-02-01 00:00", [1.0, 2.0]))
    (tmp_path / "copy.csv").write_bytes((tmp_path / "log.csv").read_bytes())
    series = parts_of(tmp_path, logs=[log_row(), log_row(log_id="L-2", file="copy.csv")])
    assert codes(series) == ["logs.twice"] and total(series) == 3.0


def test_two_logs_of_one_meter_at_one_time_are_an_error(tmp_path: Path) -> None:
    write(tmp_path, quarter_hours("2024-02-01 00:00", [1.0, 2.0]))
    write(tmp_path, quarter_hours("2024-02-01 00:15", [3.5, 2.0]), "other.csv")
    series = parts_of(tmp_path, logs=[log_row(), log_row(log_id="L-2", file="other.csv")])
    assert "readings.two_sources" in [f.code for f in errors(series.findings)]


def test_rows_outside_the_period_are_counted_and_not_used(tmp_path: Path) -> None:
    write(tmp_path, quarter_hours("2023-12-31 23:30", [1.0, 2.0, 4.0]))
    series = parts_of(tmp_path, logs=[log_row()])
    (finding,) = series.findings
    assert (finding.code, finding.data["count"]) == ("logs.outside_period", 2) and total(series) == 4.0


def test_values_of_a_time_without_a_meter(tmp_path: Path) -> None:
    installed = {"installed": at("2024-02-01 00:30")}
    zeros = of_log(tmp_path, quarter_hours("2024-02-01 00:00", [0, 0, 5]), meter=installed)
    assert codes(zeros) == ["logs.zero_before_meter"] and total(zeros) == 5.0
    flow = of_log(tmp_path, quarter_hours("2024-02-01 00:00", [0, 1, 5]), meter=installed)
    assert [f.code for f in errors(flow.findings)] == ["logs.not_installed"]


def test_a_log_of_local_time_over_a_clock_change(tmp_path: Path) -> None:
    """27 October 2024 in Berlin: 02:00 to 02:45 came twice; the order of rows settles which is which, if both came."""
    local = [(f"2024-10-27 0{h}:{m:02d}", 1) for h in (1, 2, 2, 3) for m in (0, 15, 30, 45)]
    series = of_log(tmp_path, local, time_zone="Europe/Berlin")
    assert errors(series.findings) == [] and total(series) == 16.0
    once = of_log(tmp_path, local[:8] + local[12:], time_zone="Europe/Berlin")
    assert {f.code for f in errors(once.findings)} == {"logs.clock_change"}
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2024, 10, 27, 1, tzinfo=zone).timestamp()
    stamps = [datetime.fromtimestamp(first + 900 * n, zone).isoformat(sep=" ") for n in range(16)]
    told = of_log(tmp_path, [(s, 1) for s in stamps], time_zone="Europe/Berlin")
    assert errors(told.findings) == [] and total(told) == 16.0


@pytest.mark.parametrize("stamp", ["start", "end"])
def test_an_hourly_log_without_summer_time_is_not_taken_for_one_with_it(tmp_path: Path, stamp: str) -> None:
    """31 March 2024 in Berlin: 02:00 and 03:00 are one moment, a log that holds both runs by another clock."""
    lines = [(f"2024-03-31 {h:02d}:00", 0) for h in range(6)]
    series = of_log(tmp_path, lines, time_zone="Europe/Berlin", interval_minutes=60, stamp=stamp)
    (finding,) = errors(series.findings)
    assert (finding.code, finding.where.line) == ("logs.clock_change", 4)  # 02:00, which the clock did not show
    fixed = of_log(tmp_path, lines, time_zone="UTC+01:00", interval_minutes=60, stamp=stamp)
    assert errors(fixed.findings) == []


def test_a_path_with_backslashes_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    write(tmp_path / "data", quarter_hours("2024-02-01 00:00", [1.0]))
    series = parts_of(tmp_path, logs=[log_row(file="data\\log.csv")])
    assert series.inputs[0].path == "data/log.csv" and total(series) == 1.0


# --- a second engine: one row after the other, exact fractions ----------------------


POWERS = st.lists(st.one_of(st.none(), st.integers(-(10**6), 10**9).map(lambda n: n / 1000)), min_size=1, max_size=300)


def integrated(lines: Lines, minutes: int, opens: bool, zone: ZoneInfo) -> dict[str, Fraction]:
    """kWh by month: each row's kW spread evenly over its interval, minute by minute of local time."""
    found: dict[str, Fraction] = {}
    for stamp, value in lines:
        if value == "":
            continue
        begin = datetime.fromisoformat(f"{stamp}+00:00") - timedelta(minutes=0 if opens else minutes)
        for minute in range(minutes):
            month = f"{(begin + timedelta(minutes=minute)).astimezone(zone):%Y-%m}"
            found[month] = found.get(month, Fraction(0)) + Fraction(float(str(value))) / 60
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    POWERS,
    st.sampled_from([1, 7, 15, 60, 1440]),
    st.booleans(),
    st.integers(0, 2000),
    st.randoms(use_true_random=False),
)
def test_integration_is_that_of_a_plain_loop(
    tmp_path: Path, powers: list[float | None], minutes: int, opens: bool, shift: int, random: Any
) -> None:
    begin = datetime(2024, 2, 28) + timedelta(minutes=shift)
    lines: list[tuple[str, object]] = [
        (f"{begin + timedelta(minutes=minutes * n):%Y-%m-%d %H:%M}", "" if p is None else repr(p))
        for n, p in enumerate(powers)
    ]
    given_row = {"kind": "power", "unit": "kW", "interval_minutes": minutes, "time_zone": "UTC"}
    write(tmp_path, lines)
    row = log_row(**given_row, stamp="start" if opens else "end")
    series = parts_of(tmp_path, logs=[row], start=date(2024, 1, 1), end=date(2025, 12, 31))
    if all(p is None for p in powers):
        assert codes(series) == ["logs.empty"]
        return
    if any(f.code == "logs.number_format" for f in series.findings):  # 1.234 and nothing that shows what it means
        texts = [repr(p) for p in powers if p is not None]
        assert all(re.fullmatch(r"-?([1-9]\d{0,2}\.\d{3}|\d{1,4}(\.0)?)", text) for text in texts)
        return
    assert errors(series.findings) == []
    months = [f"{2024 + m // 12}-{m % 12 + 1:02d}" for m in range(24)]
    expected = integrated(lines, minutes, opens, ZoneInfo("Asia/Ho_Chi_Minh"))
    scale = sum(abs(p or 0.0) for p in powers) * minutes / 60
    got = monthly(series, months)
    assert set(got) == set(expected)
    for month, amount in expected.items():
        assert got[month] == pytest.approx(float(amount), rel=1e-12, abs=1e-13 * scale)
    again = parts_of(tmp_path, logs=[row], start=date(2024, 1, 1), end=date(2025, 12, 31))
    assert (again.parts.value.tolist(), again.findings) == (series.parts.value.tolist(), series.findings)
    random.shuffle(lines)
    write(tmp_path, lines)
    shuffled = parts_of(tmp_path, logs=[row], start=date(2024, 1, 1), end=date(2025, 12, 31))
    assert shuffled.parts.value.tolist() == series.parts.value.tolist()
    assert shuffled.coverage.covered.tolist() == series.coverage.covered.tolist()


# --- the real log ------------------------------------------------------------------


def test_a_register_log_with_the_factor_in_it_or_not(tmp_path: Path) -> None:
    lines = [("2024-02-01 00:00", 100), ("2024-02-02 00:00", 148)]
    for included, expected in (("no", 48 * 30.0), ("yes", 48.0)):
        series = of_log(
            tmp_path, lines, meter={"transformer_factor": 30}, kind="register", interval_minutes=None,
            transformer_factor_included=included,
        )  # fmt: skip
        assert total(series) == expected


def test_a_register_log_ends_at_the_closing_reading_of_its_meter(tmp_path: Path) -> None:
    """The last advance closes on the sheet Meters, not in a log; it belongs to the log of its opening reading."""
    write(tmp_path, [("2024-01-01 00:00", 0), ("2024-02-01 00:00", 310)], "a.csv")
    write(tmp_path, [("2024-02-02 00:00", 320), ("2024-02-03 00:00", 330)], "b.csv")
    rows = [log_row(log_id=f, file=f"{f}.csv", kind="register", interval_minutes=None) for f in ("a", "b")]
    meters = [{"meter_id": "M-1", "unit": "kWh", "removed": at("2024-02-04"), "closing_reading": 345.0}]
    series = parts_of(tmp_path, meters=meters, logs=rows, end=date(2024, 2, 29))
    assert codes(series) == []
    assert monthly(series, MONTHS) == {"2024-01": 310.0, "2024-02": 35.0}
    by_file = {series.parts.sources[s].file: v for s, v in zip(series.parts.source, series.parts.value, strict=True)}
    assert by_file == {"a.csv": 310.0, "b.csv": 35.0}
