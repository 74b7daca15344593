"""Readings of energy and the sheet Meters: from rows to parts by month; expected values by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.findings import errors
from jcm_mrv.meters.combined import Combination
from jcm_mrv.meters.meters import read_meters
from jcm_mrv.origin import Origin
from jcm_mrv.series import Sources, _checks, _proven, combined, gaps_for_checks, gather, regathered
from jcm_mrv.time.timeline import Timeline
from support.claims import rows_of
from support.sheets import ZONE, at, codes, log_row, monthly, parts_of, series_of, sheets

MONTHS = [f"2024-{m:02d}" for m in range(1, 13)]


def energy(start: str, end: str, value: float, **given: Any) -> dict[str, Any]:
    return {"start": at(start), "end": at(end), "value": value, **given}


def meter(**given: Any) -> dict[str, Any]:
    return {"meter_id": "M-1", "unit": "kWh", **given}


def test_an_interval_over_a_month_end_is_divided_by_time() -> None:
    """20 January to 9 February are 20 days: 12 in January, 8 in February."""
    rows = [energy("2024-01-01", "2024-01-20", 190.0), energy("2024-01-20", "2024-02-09", 200.0)]
    series = parts_of(rows=rows, meters=[meter(transformer_factor=3)], end=date(2024, 2, 8))
    assert codes(series) == []
    assert monthly(series, MONTHS) == pytest.approx({"2024-01": (190 + 120) * 3, "2024-02": 80 * 3}, rel=1e-14)
    assert series.parts.share.tolist() == pytest.approx([1.0, 0.6, 0.4], rel=1e-14)


def test_an_interval_over_a_year_end_goes_to_both_years() -> None:
    """25 December to 4 January are 10 days: 7 in the old year, 3 in the new one."""
    timeline = Timeline.of(date(2023, 12, 25), date(2024, 1, 3), ZONE)
    series = series_of(sheets(rows=[energy("2023-12-25", "2024-01-04", 1000.0)]), timeline)
    years = timeline.year_of_month[series.parts.month]
    assert np.bincount(years, series.parts.amounts()).tolist() == pytest.approx([700.0, 300.0], rel=1e-14)


def test_a_hole_is_a_hole_with_its_neighbours() -> None:
    rows = [energy("2024-01-01", "2024-01-10", 9.0), energy("2024-01-12", "2024-02-01", 20.0)]
    series = parts_of(rows=rows, end=date(2024, 1, 31))
    (hole,) = series.coverage.data_gaps
    assert hole.hours == 48.0
    assert series.coverage.expected[0, 0] - series.coverage.covered[0, 0] == 48 * 3_600_000_000


def test_time_before_installation_is_not_a_hole() -> None:
    series = parts_of(
        rows=[energy("2024-01-10", "2024-02-01", 5.0)],
        meters=[meter(installed=at("2024-01-10"))],
        end=date(2024, 1, 31),
    )
    assert series.coverage.data_gaps == () and codes(series) == []


def test_overlapping_readings_are_an_error_with_both_places() -> None:
    rows = [energy("2024-01-01", "2024-02-01", 9.0), energy("2024-01-31", "2024-03-01", 9.0)]
    series = parts_of(rows=rows)
    (finding,) = errors(series.findings)
    assert finding.code == "readings.overlap"
    assert finding.where.cell == "C3" and "E2" in finding.found


def test_a_short_reading_inside_a_long_one_is_found_behind_another() -> None:
    rows = [
        energy("2024-01-01", "2024-02-01", 9.0),
        energy("2024-01-05", "2024-01-06", 1.0),
        energy("2024-01-07", "2024-01-08", 1.0),
    ]
    overlaps = [f for f in parts_of(rows=rows).findings if f.code == "readings.overlap"]
    assert [(f.where.cell, "E2" in f.found) for f in overlaps] == [("C3", True), ("C4", True)]


def test_a_repeated_reading_counts_once() -> None:
    row = energy("2024-01-01", "2024-02-01", 9.0)
    series = parts_of(rows=[row, row], end=date(2024, 1, 31))
    assert codes(series) == ["readings.duplicate"]
    assert series.parts.amounts().tolist() == [9.0]


def test_readings_outside_the_period_are_noted_and_not_used() -> None:
    rows = [energy("2023-12-01", "2024-01-01", 7.0), energy("2024-01-01", "2024-02-01", 9.0)]
    series = parts_of(rows=rows, end=date(2024, 1, 31))
    assert codes(series) == ["readings.outside_period"]
    assert series.parts.amounts().tolist() == [9.0]


def test_negative_readings_count_and_are_noted() -> None:
    rows = [energy("2024-01-01", "2024-01-02", -7.0), energy("2024-01-02", "2024-02-01", 9.0)]
    series = parts_of(rows=rows, end=date(2024, 1, 31))
    assert codes(series) == ["readings.negative"]
    assert math.fsum(series.parts.amounts().tolist()) == 2.0


def test_the_factor_by_date() -> None:
    two = [
        meter(serial_number="A", transformer_factor=10, removed=at("2024-01-11")),
        meter(serial_number="A", transformer_factor=20, installed=at("2024-01-11")),
    ]
    rows = [energy("2024-01-01", "2024-01-11", 5.0), energy("2024-01-11", "2024-02-01", 7.0)]
    series = parts_of(rows=rows, meters=two, end=date(2024, 1, 31))
    assert codes(series) == []
    assert series.parts.amounts().tolist() == [50.0, 140.0]
    across = [energy("2024-01-01", "2024-01-12", 5.0), energy("2024-01-12", "2024-02-01", 7.0)]
    assert codes(parts_of(rows=across, meters=two, end=date(2024, 1, 31))) == ["readings.factor_change"]


def test_a_reading_before_the_meter_stood_there() -> None:
    series = parts_of(
        rows=[energy("2024-01-01", "2024-02-01", 5.0)],
        meters=[meter(installed=at("2024-01-10"))],
        end=date(2024, 1, 31),
    )
    assert codes(series) == ["readings.not_installed"]


def test_rows_of_a_meter_that_contradict_each_other() -> None:
    overlapping = [meter(removed=at("2024-03-01")), meter(installed=at("2024-02-01"))]
    assert "readings.meter_history" in codes(parts_of(meters=overlapping))
    without_dates = [meter(), meter()]
    (finding,) = parts_of(meters=without_dates).findings
    assert finding.code == "readings.meter_history" and "date of installation or removal is missing" in finding.found


@pytest.mark.parametrize(
    "wrong", [{"transformer_factor": 0}, {"transformer_factor": -2}, {"register_digits": 5.5}, {"register_digits": 40}]
)
def test_numbers_of_a_meter_that_cannot_be_right(wrong: dict[str, float]) -> None:
    assert codes(parts_of(meters=[meter(**wrong)])) == ["readings.meter_value"]


def test_a_row_that_cannot_be_used_is_not_passed_over() -> None:
    rows = [energy("2024-01-01", "2024-02-01", math.nan), {"start": None, "end": at("2024-02-01"), "value": 1.0}]
    assert codes(parts_of(rows=rows)) == ["readings.unusable", "readings.unusable"]


def test_readings_and_a_register_of_one_meter_at_one_time() -> None:
    rows = [
        energy("2024-01-01", "2024-02-01", 9.0),
        {"kind": "register", "end": at("2024-01-15"), "value": 1.0},
        {"kind": "register", "end": at("2024-02-15"), "value": 2.0},
    ]
    (finding,) = errors(parts_of(rows=rows, end=date(2024, 2, 14)).findings)
    assert finding.code == "readings.two_sources"
    assert "2024-01-15 00:00 to 2024-02-01 00:00" in finding.found


def test_a_reading_beside_a_log_checks_it_and_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("time,value\n2024-01-31 23:45,1\n2024-02-01 00:00,1\n")
    rows = [energy("2024-01-01", "2024-02-01", 9.0), energy("2024-02-02", "2024-03-01", 5.0)]
    series = parts_of(tmp_path, rows=rows, logs=[log_row()], end=date(2024, 2, 29))
    assert codes(series) == ["readings.second_source"]
    assert sorted(series.parts.amounts().tolist()) == [1.0, 1.0, 5.0]
    assert [(s.kind, s.amount) for s in series.seconds] == [("readings", 9.0)]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2024-03-31 02:30", "2024-03-31 04:00", "skipped"),
        ("2024-10-27 01:00", "2024-10-27 02:30", "twice"),
        ("2024-03-31 02:00", "2024-03-31 03:00", "skipped"),  # an hour that did not exist
    ],
)
def test_times_that_a_clock_change_makes_doubtful(start: str, end: str, said: str) -> None:
    series = parts_of(rows=[energy(start, end, 5.0)], zone="Europe/Berlin")
    assert set(codes(series)) == {"readings.clock_change"}
    assert said in series.findings[0].message


def test_a_meters_date_in_the_skipped_hour() -> None:
    assert codes(parts_of(meters=[meter(installed=at("2024-03-31 02:30"))], zone="Europe/Berlin")) == [
        "readings.clock_change"
    ]


def test_the_day_of_a_clock_change_is_divided_by_its_real_length() -> None:
    """31 March (23 hours) and 1 April (24 hours): 47 kWh give 23 and 24."""
    rows = [energy("2024-03-31", "2024-04-02", 47.0)]
    series = parts_of(rows=rows, zone="Europe/Berlin", start=date(2024, 3, 31), end=date(2024, 4, 1))
    assert series.parts.amounts().tolist() == pytest.approx([23.0, 24.0], rel=1e-14)


DAYS = st.lists(st.tuples(st.integers(1, 5000), st.integers(-1000, 100_000)), min_size=1, max_size=25)


@given(DAYS, st.sampled_from(["Asia/Ho_Chi_Minh", "UTC", "UTC-03:30"]), st.randoms(use_true_random=False))
def test_energy_is_conserved_by_cutting_and_the_order_of_rows_does_not_matter(
    spans: list[tuple[int, int]], zone: str, random: Any
) -> None:
    """Intervals of some minutes to days, one after the other, all inside the period."""
    rows: list[dict[str, Any]] = []
    moment = datetime(2024, 1, 1)
    for minutes, watt_hours in spans:
        following = moment + timedelta(minutes=minutes)
        rows.append({"start": moment, "end": following, "value": watt_hours / 8, "unit": "kWh"})
        moment = following
    series = parts_of(rows=rows, zone=zone, end=moment.date())
    assert errors(series.findings) == []
    expected = math.fsum(r["value"] for r in rows)
    assert math.fsum(series.parts.amounts().tolist()) == pytest.approx(expected, rel=1e-12, abs=1e-9)
    assert series.coverage.covered.sum() == sum(m for m, _ in spans) * 60_000_000
    assert parts_of(rows=rows, zone=zone, end=moment.date()).parts.amounts().tolist() == series.parts.amounts().tolist()
    random.shuffle(rows)
    shuffled = parts_of(rows=rows, zone=zone, end=moment.date())
    assert shuffled.parts.amounts().tolist() == series.parts.amounts().tolist()
    assert shuffled.coverage.covered.tolist() == series.coverage.covered.tolist()


# --- what a project says beside its readings --------------------------------------------------------


def overridden(**changed: Any) -> dict[str, Any]:
    span = {"start": at("2024-02-10"), "end": at("2024-02-11")}
    return {"meter_id": "M-1", **span, "value": 0.0, "unit": "kWh", "evidence": "D-01", **changed}


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        ({}, 1),
        ({"evidence": ""}, 0),
        ({"value": None}, 0),
        ({"start": None}, 0),
        ({"end": None}, 0),
        ({"end": at("2024-02-10")}, 0),
        ({"end": at("2024-02-10 00:01")}, 1),
    ],
)
def test_an_override_with_a_document_proves_its_span(changed: dict[str, Any], count: int) -> None:
    timeline = Timeline.of(date(2024, 1, 1), date(2024, 12, 31), ZONE)
    row = overridden(**changed)
    found = _proven(replace(sheets(), overrides=rows_of("overrides", [row])), timeline)
    assert found == ({"M-1": [(timeline.instant(row["start"]), timeline.instant(row["end"]))]} if count else {})


def test_a_check_meter_is_known_up_to_the_gaps_of_the_meters_that_it_checks() -> None:
    rows = [energy("2024-01-01", "2024-01-10", 9.0), energy("2024-01-12", "2024-02-01", 20.0)]
    meters = [meter(), meter(meter_id="C-1", checks="M-1"), meter(meter_id="C-2", checks="M-1")]
    meters += [meter(meter_id="C-1", checks="M-1"), meter(meter_id="X", checks="Y")]
    data = sheets(meters, rows)
    found, _ = read_meters(data.meters, Timeline.of(date(2024, 1, 1), date(2024, 1, 31), ZONE).zone)
    assert _checks(data, found) == {"M-1": ("C-1", "C-2"), "Y": ("X",)}
    assert _checks(data, {"C-2": found["C-2"]}) == {"M-1": ("C-2",)}
    series = replace(parts_of(meters=[meter()], rows=rows, end=date(2024, 1, 31)), checks={"M-1": ("C-1",)})
    (hole,) = series.coverage.data_gaps
    assert gaps_for_checks(series) == {"C-1": {hole.start, hole.end}}


def test_sources_are_read_again_only_where_their_tables_or_the_period_changed() -> None:
    data = sheets(rows=[energy("2024-01-01", "2024-02-01", 9.0)])
    timeline = Timeline.of(date(2024, 1, 1), date(2024, 1, 31), ZONE)
    found, _ = read_meters(data.meters, timeline.zone)
    sources = gather(data, found, timeline)
    assert regathered(sources, replace(data, estimates=[]), found, timeline) is sources
    again = regathered(sources, data, found, Timeline.of(date(2024, 1, 1), date(2024, 2, 29), ZONE))
    assert again is not sources and len(again.timeline.months) == 2
    assert regathered(sources, replace(data, invoices=[]), found, timeline) is not sources
    assert sources.intervals("M-1", "MWh").amount.tolist() == pytest.approx([0.009])
    assert len(sources.intervals("X", "MWh")) == 0


# --- a log, bills, a register and a store ------------------------------------------------------------

DAYS = Timeline.of(date(2024, 1, 1), date(2024, 1, 3), ZONE)


def written_log(folder: Path, days: int = 3) -> None:
    """1 kWh each quarter of an hour: 96 kWh a day."""
    start = datetime(2024, 1, 1)
    lines = [f"{start + timedelta(minutes=15 * n):%Y-%m-%d %H:%M},1.0" for n in range(96 * days)]
    (folder / "log.csv").write_text("time,value\n" + "\n".join(lines) + "\n", encoding="utf-8")


def billed_(value: float, last: str = "2024-01-04", meter_id: str = "M-1") -> dict[str, Any]:
    span = {"start": at("2024-01-01"), "end": at(last)}
    return {"meter_id": meter_id, **span, "value": value, "unit": "kWh", "invoice_no": "1"}


def sources_of(
    folder: Path, option: str = "C", invoices: Any = (), rows: Any = (), stocks: Any = (), logs: bool = True
) -> Sources:
    data = sheets([meter(), meter(meter_id="M-2")], rows, [log_row()] if logs else [])
    tables = {
        "invoices": rows_of("invoices", invoices),
        "stocks": rows_of("stocks", stocks),
        "points": rows_of("points", [{"meter_id": "M-1", "option": option}, {"meter_id": "M-2", "option": "C"}]),
    }
    data = replace(data, path=folder / "monitoring.xlsx", **tables)
    meters, _ = read_meters(data.meters, DAYS.zone)
    return gather(data, meters, DAYS)


def amount_of(sources: Sources, name: str = "M-1") -> float:
    parts = sources.series.parts
    return float(parts.amounts()[parts.meter == parts.meter_ids.index(name)].sum())


@pytest.mark.parametrize(
    ("option", "days", "last", "counts"),
    [("C", 3, "2024-01-04", False), ("B", 3, "2024-01-04", False), ("B", 2, "2024-01-04", True),
     ("C", 2, "2024-01-04", False), ("B", 2, "2024-01-03", False)],
)  # fmt: skip
def test_bills_count_with_option_b_where_they_cover_more_than_the_log(
    option: str, days: int, last: str, counts: bool, tmp_path: Path
) -> None:
    written_log(tmp_path, days)
    found = sources_of(tmp_path, option, [billed_(300.0, last)])
    series = found.series
    assert codes(series) == []
    assert amount_of(found) == pytest.approx(300.0 if counts else 96.0 * days)
    assert [one.amount for one in series.billed] == ([300.0] if counts else [])
    beside = [(one.kind.value, one.amount) for one in series.seconds]
    assert beside == ([] if counts else [("invoices", 300.0)])  # of its span the log does not know all
    assert found.aside == ({"M-1"} if counts else frozenset())
    read = found.intervals("M-1", "MWh")
    assert read.amount.sum() == pytest.approx(0.0 if counts else 0.096 * days)
    assert found.logged == {"M-1"} and len(found.intervals("M-2", "MWh")) == 0
    cut = found.cut({"M-1": [DAYS.instant(datetime(2024, 1, 2))]})
    assert len(cut.parts) == (len(series.parts) if counts else 2)
    again = float(cut.parts.amounts()[cut.parts.meter == cut.parts.meter_ids.index("M-1")].sum())
    assert again == pytest.approx(amount_of(found))


def test_a_register_beside_a_log_checks_it_and_another_meter_stands_for_itself(tmp_path: Path) -> None:
    written_log(tmp_path)
    shown = [("M-1", "2024-01-01", 10.0), ("M-1", "2024-01-04", 300.0)]
    shown += [("M-2", "2024-01-01", 5.0), ("M-2", "2024-01-04", 9.0)]
    rows = [{"meter_id": m, "kind": "register", "end": at(t), "value": v} for m, t, v in shown]
    found = sources_of(tmp_path, rows=rows)
    assert (amount_of(found), amount_of(found, "M-2")) == (pytest.approx(288.0), pytest.approx(4.0))
    assert [(one.kind.value, one.amount) for one in found.series.seconds] == [("register readings", 290.0)]
    assert {p.meter_id: p.kind for p in found.series.profiles} == {"M-1": "log", "M-2": "register"}
    assert found.intervals("M-2", "kWh").amount.tolist() == [4.0]
    assert found.cut({"M-2": [DAYS.instant(datetime(2024, 1, 2))]}) is found.series  # no log to cut


def test_what_was_delivered_into_a_store_checks_its_ledger(tmp_path: Path) -> None:
    store = {"meter_id": "M-1", "start": at("2024-01-01"), "end": at("2024-01-04"), "unit": "kWh"}
    stocks = [{**store, "opening": 10.0, "received": 50.0, "closing": 20.0}]
    found = sources_of(tmp_path, "B", [billed_(50.0), billed_(7.0, meter_id="M-2")], stocks=stocks, logs=False)
    assert amount_of(found) == pytest.approx(40.0)
    assert [one.amount for one in found.series.delivered] == [50.0]
    assert [one.meter_id for one in found.series.seconds] == ["M-2"] and found.series.billed == ()


def test_two_sources_that_would_count_at_one_time_are_an_error(tmp_path: Path) -> None:
    written_log(tmp_path)
    store = {"meter_id": "M-1", "start": at("2024-01-01"), "end": at("2024-01-04"), "unit": "kWh"}
    found = sources_of(tmp_path, stocks=[{**store, "opening": 10.0, "received": 50.0, "closing": 20.0}])
    assert codes(found.series) == ["readings.two_sources"]


@pytest.mark.parametrize(("names", "made"), [(("M-1",), True), (("X",), False)])
def test_a_highest_reading_is_made_of_a_meter_that_is_there(names: tuple[str, ...], made: bool) -> None:
    rows = [{"kind": "mean", "start": at(a), "end": at(b), "value": v, "unit": "K"} for a, b, v in
            (("2024-01-01", "2024-01-02", 20.0), ("2024-01-02", "2024-01-04", 30.0))]  # fmt: skip
    data = sheets([meter(unit="K")], rows)
    meters, _ = read_meters(data.meters, DAYS.zone)
    wanted = Combination("highest", "T", names, ("K*h",), "K", Origin())
    sources, findings = combined(gather(data, meters, DAYS), [wanted])
    assert findings == []
    assert [one.intervals.amount.tolist() for one in sources.series.combined] == ([[30.0]] if made else [])
    unlike = Combination("highest", "T", ("M-1",), ("kWh",), "kW", Origin())
    assert combined(gather(data, meters, DAYS), [unlike])[0].series.combined == ()
