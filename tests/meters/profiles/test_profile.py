"""Profiles of meters: what is kept of single values, from logs, registers and the sheet Readings."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jcm_mrv.meters.profiles.builder import KEPT_PEAKS, KEPT_RUNS, ProfileBuilder, cut_hours
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.time.zones import HOUR
from support.sheets import at, log_row, parts_of
from support.values import profile_of, timeline_of


def write(folder: Path, start: str, values: list[float], minutes: int = 15, name: str = "log.csv") -> None:
    lines = [f"{at(start) + timedelta(minutes=minutes * n):%Y-%m-%d %H:%M},{v}" for n, v in enumerate(values)]
    (folder / name).write_text("\n".join(["time,value", *lines]) + "\n")


def of_log(folder: Path, *, meter: dict[str, object] | None = None, **log: object) -> Profile:
    meters = [{"meter_id": "M-1", "unit": "kWh", "transformer_factor": 1.0, **(meter or {})}]
    series = parts_of(folder, meters=meters, logs=[log_row(**log)], start=date(2024, 1, 1), end=date(2024, 1, 31))
    (profile,) = series.profiles
    return profile


# --- logs --------------------------------------------------------------------------


def test_hours_of_a_power_log_after_unit_and_transformer_factor(tmp_path: Path) -> None:
    """1, 2, 3, 4 MW for a quarter of an hour each are 2.5 MWh; times a factor of 40 they are 100,000 kWh."""
    write(tmp_path, "2024-01-02 05:00", [1, 2, 3, 4, 8])
    profile = of_log(tmp_path, kind="power", unit="MW", meter={"transformer_factor": 40.0})
    assert (profile.kind, profile.unit, profile.interval, profile.count) == ("log", "kWh", HOUR // 4, 5)
    hours = profile.amount.reshape(-1, 24)
    assert hours.shape == (31, 24)
    assert hours[1, 5] == pytest.approx(100_000)
    assert hours[1, 6] == pytest.approx(8 * 0.25 * 40 * 1000)
    assert hours.sum() == pytest.approx(180_000)
    assert profile.covered.reshape(-1, 24)[1, 5:7].tolist() == [1.0, 0.25]
    assert profile.rates[1, 6] == pytest.approx(320_000)  # a quarter of an hour at 8 MW x 40
    assert np.isnan(profile.rates[0]).all()
    assert profile.day_highest[1] == pytest.approx(320_000)
    assert np.isneginf(profile.day_highest[2])


def test_a_factor_in_the_values_is_not_used_again(tmp_path: Path) -> None:
    write(tmp_path, "2024-01-02 05:00", [10, 20])
    profile = of_log(tmp_path, meter={"transformer_factor": 40.0}, transformer_factor_included="yes")
    assert profile.amount.sum() == 30
    assert profile.peaks[0].rate == 80  # 20 kWh in a quarter of an hour


def test_places_are_lines_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, "2024-01-02 23:45", [1, 7, 3, -2])
    profile = of_log(tmp_path)
    assert [(p.value, p.rate, p.where.line) for p in profile.peaks] == [(7, 28, 3), (3, 12, 4), (1, 4, 2), (-2, -8, 5)]
    assert profile.lowest is not None
    assert (profile.lowest.value, profile.lowest.where.line, profile.negative) == (-2, 5, -2)
    assert [profile.where(d).line for d in (0, 1, 2)] == [2, 2, 3]  # the day itself, or the next one that has a value
    assert profile.where(30).line == 3  # no later day: the highest value's place


def test_two_files_of_one_meter_are_one_profile(tmp_path: Path) -> None:
    write(tmp_path, "2024-01-02 00:00", [1.0] * 4)
    write(tmp_path, "2024-01-02 01:00", [5.0] * 4, name="later.csv")
    series = parts_of(tmp_path, logs=[log_row(), log_row(log_id="L-2", file="later.csv")], end=date(2024, 1, 31))
    (profile,) = series.profiles
    assert profile.amount.reshape(-1, 24)[1, :3].tolist() == [4, 20, 0]
    assert profile.peaks[0].where.file == "later.csv"
    assert profile.count == 8


def test_rows_out_of_order_give_the_same_profile(tmp_path: Path) -> None:
    values = [float(n % 7) for n in range(96)]
    write(tmp_path, "2024-01-02 00:00", values)
    sound = of_log(tmp_path)
    lines = (tmp_path / "log.csv").read_text().splitlines()
    (tmp_path / "log.csv").write_text("\n".join([lines[0], *lines[50:], *lines[1:50]]) + "\n")
    turned = of_log(tmp_path)
    assert (turned.amount == sound.amount).all()
    assert [p.value for p in turned.peaks] == [p.value for p in sound.peaks]
    assert turned.peaks[0].where.line != sound.peaks[0].where.line


# --- runs --------------------------------------------------------------------------


def test_runs_of_one_value_and_of_zeros_apart() -> None:
    """Of a day's quarters: 20 times 3.3, then 30 zeros, the rest differs. Three hours are the least that is kept."""
    power = np.arange(96.0) + 100
    power[10:30], power[40:70], power[80:91] = 3.3, 0.0, 5.5
    profile = profile_of(power, timeline_of(1))
    assert [(r.value, r.count, r.hours, r.where.line) for r in profile.runs] == [(3.3, 20, 5.0, 12)]
    assert [(r.count, r.where.line) for r in profile.zeros] == [(30, 42)]


def test_a_run_ends_at_a_hole() -> None:
    power = np.full(96, 2.0)
    power[50] = np.nan
    assert [r.count for r in profile_of(power, timeline_of(1)).runs] == [50, 45]


def test_what_is_kept_is_bounded() -> None:
    power = np.repeat(np.arange(1.0, 401), 12)
    profile = profile_of(power, timeline_of(60))
    assert len(profile.runs) == KEPT_RUNS
    assert len(profile.peaks) == KEPT_PEAKS


values = st.lists(st.sampled_from([0.0, 0.0, 1.0, 2.5, -1.0, 7.0]), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.tuples(st.integers(1, 40), values), min_size=1, max_size=6), block=st.integers(1, 90))
def test_the_profile_does_not_depend_on_how_the_log_streams_past(
    pieces: list[tuple[int, list[float]]], block: int
) -> None:
    power = np.array([v for count, own in pieces for v in own for _ in range(count)][:960])
    whole, parts = profile_of(power, timeline_of(10)), profile_of(power, timeline_of(10), block=block)
    assert np.allclose(whole.amount, parts.amount, rtol=1e-12, atol=1e-9)
    assert (whole.covered == parts.covered).all()
    assert (whole.day_highest == parts.day_highest).all()
    assert (whole.runs, whole.zeros, whole.peaks, whole.lowest) == (parts.runs, parts.zeros, parts.peaks, parts.lowest)
    assert whole.amount.sum() == pytest.approx(power.sum() / 4, abs=1e-9)


def test_an_interval_over_the_beginning_counts_with_the_first_hour() -> None:
    builder = ProfileBuilder(HOUR, 25 * HOUR, HOUR)
    start = np.array([HOUR // 2, HOUR + HOUR // 2])
    builder.feed(start, np.array([2, 3]), np.array([4.0, 6.0]), cut_hours(start, HOUR, HOUR))
    assert builder.sums[:2].tolist() == [10, 0]


# --- readings and registers ----------------------------------------------------------


def test_readings_of_energy(tmp_path: Path) -> None:
    """Days of 24, 48 and 48 MWh: means of 1,000 and 2,000 kWh an hour."""
    rows = [
        {"start": at(f"2024-01-0{n} 00:00"), "end": at(f"2024-01-0{n + 1} 00:00"), "value": v, "unit": "MWh"}
        for n, v in ((1, 24.0), (2, 48.0), (3, 48.0))
    ]
    (profile,) = parts_of(rows=rows, end=date(2024, 1, 31)).profiles
    assert (profile.kind, profile.hourly, profile.daily) == ("energy", False, True)
    assert profile.day_amount[:3].tolist() == pytest.approx([24_000, 48_000, 48_000])
    assert profile.day_highest[:3].tolist() == pytest.approx([1000, 2000, 2000])
    assert [(r.value, r.count) for r in profile.runs] == [(48.0, 2)]
    assert profile.runs[0].where.cell == "E3"


def test_a_register_of_every_hour_with_its_factor() -> None:
    """100, 101, 103, 103, 103, 103 kWh, times 10: a rate of 10, 20, and nothing for three hours."""
    shown = [100, 101, 103, 103, 103, 103]
    rows = [{"kind": "register", "end": at(f"2024-01-05 {6 + n:02d}:00"), "value": v} for n, v in enumerate(shown)]
    meters = [{"meter_id": "M-1", "unit": "kWh", "transformer_factor": 10.0}]
    (profile,) = parts_of(meters=meters, rows=rows, end=date(2024, 1, 31)).profiles
    assert (profile.kind, profile.interval) == ("register", HOUR)
    assert profile.amount.reshape(-1, 24)[4, 6:11].tolist() == [10, 20, 0, 0, 0]
    assert [(r.count, r.hours) for r in profile.zeros] == [(3, 3.0)]
    assert profile.runs == ()


def test_a_register_log_spreads_over_hours(tmp_path: Path) -> None:
    """A register every 90 minutes from 00:00: 3 kWh each are 2 kWh an hour."""
    lines = [f"2024-01-01 {h},{v}" for h, v in (("00:00", 0), ("01:30", 3), ("03:00", 6))]
    (tmp_path / "log.csv").write_text("\n".join(["time,value", *lines]) + "\n")
    profile = of_log(tmp_path, kind="register", interval_minutes=None)
    assert profile.amount[:4].tolist() == [2, 2, 2, 0]
    assert profile.covered[:4].tolist() == [1, 1, 1, 0]


def test_months_have_no_daily_shape() -> None:
    rows = [{"start": at("2024-01-01 00:00"), "end": at("2024-02-01 00:00"), "value": 744.0}]
    (profile,) = parts_of(rows=rows, end=date(2024, 1, 31)).profiles
    assert not profile.daily
    assert profile.amount.sum() == 0
    assert profile.peaks[0].rate == 1


def test_a_unit_of_another_kind_gives_no_profile() -> None:
    rows = [{"start": at("2024-01-01 00:00"), "end": at("2024-01-02 00:00"), "value": 1.0, "unit": "m3"}]
    assert parts_of(rows=rows).profiles == ()
