"""Registers: successive differences, rollover, swap, transformers; expected values by hand."""

from __future__ import annotations

import itertools
import math
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.findings import errors
from jcm_mrv.meters.segments import SeriesResult
from support.sheets import at, codes, parts_of

MONTHS = [f"2024-{m:02d}" for m in range(1, 13)]


def read(moment: str | datetime, value: float, **given: Any) -> dict[str, Any]:
    end = at(moment) if isinstance(moment, str) else moment
    return {"kind": "register", "end": end, "value": value, **given}


def meter(**given: Any) -> dict[str, Any]:
    return {"meter_id": "M-1", "unit": "kWh", **given}


def total(series: SeriesResult) -> float:
    return math.fsum(series.parts.amounts().tolist())


def by_month(series: SeriesResult) -> dict[str, float]:
    found: dict[str, float] = {}
    for month, amount in zip(series.parts.month.tolist(), series.parts.amounts().tolist(), strict=True):
        found[MONTHS[month]] = found.get(MONTHS[month], 0.0) + amount
    return found


def test_differences_times_the_transformer_factor() -> None:
    rows = [read("2024-01-01", 100.0), read("2024-02-01", 130.5), read("2024-03-01", 180.0)]
    series = parts_of(meters=[meter(transformer_factor=400)], rows=rows, end=date(2024, 2, 29))
    assert codes(series) == []
    # (130.5 - 100) x 400 and (180 - 130.5) x 400
    assert by_month(series) == {"2024-01": 12200.0, "2024-02": 19800.0}
    assert series.coverage.covered.tolist() == series.coverage.expected.tolist()
    first = series.parts
    assert (first.opening_origins[0].cell, first.origins[0].cell) == ("E2", "E3")


def test_a_hole_between_readings_loses_nothing_and_is_divided_by_time() -> None:
    """From 16 January to 2 March 2024 are 46 days: 16 in January, 29 in February, 1 in March; 460 kWh."""
    rows = [read("2024-01-16", 0.0), read("2024-03-02", 460.0)]
    series = parts_of(meters=[meter(installed=at("2024-01-16"), removed=at("2024-03-02"))], rows=rows)
    assert codes(series) == []
    assert by_month(series) == pytest.approx({"2024-01": 160.0, "2024-02": 290.0, "2024-03": 10.0}, rel=1e-14)
    assert series.coverage.data_gaps == ()


def test_readings_around_the_period_count_by_their_share_inside() -> None:
    """31 days from 16 December to 16 January, 62 kWh: 15 of them inside; 29 days to 14 February all inside."""
    rows = [read("2023-12-16", 1000.0), read("2024-01-16", 1062.0), read("2024-02-14", 1100.0)]
    series = parts_of(rows=rows, end=date(2024, 1, 31))
    # 62 x 15/31 + 38 x 16/29
    assert total(series) == pytest.approx(30 + 38 * 16 / 29, rel=1e-14)


def test_a_rollover_is_corrected_and_noted() -> None:
    rows = [read("2024-01-01", 99000.0), read("2024-02-01", 99800.0), read("2024-03-01", 700.0)]
    series = parts_of(meters=[meter(register_digits=5)], rows=rows, end=date(2024, 2, 29))
    assert codes(series) == ["readings.rollover"]
    # 800, then 100000 - 99800 + 700
    assert by_month(series) == {"2024-01": 800.0, "2024-02": 900.0}
    assert series.parts.wrap.tolist() == [0.0, 100000.0]


@pytest.mark.parametrize(
    ("digits", "last"),
    [
        (None, 700.0),  # how many digits it has is not known
        (5, 99700.0),  # 99,900 kWh in a month is more than half of the register
        (5, 9000.0),  # 9,200 kWh in a month after 800: more than ten times as fast
    ],
)
def test_other_decreases_are_never_guessed(digits: int | None, last: float) -> None:
    rows = [read("2024-01-01", 99000.0), read("2024-02-01", 99800.0), read("2024-03-01", last)]
    series = parts_of(meters=[meter(register_digits=digits)], rows=rows, end=date(2024, 2, 29))
    assert codes(series) == ["readings.decrease"]
    (finding,) = series.findings
    assert finding.where.cell == "E4" and "99800 in" in finding.found and errors([finding])


def test_a_reading_with_too_many_digits() -> None:
    rows = [read("2024-01-01", 99000.0), read("2024-02-01", 100000.0)]
    series = parts_of(meters=[meter(register_digits=5)], rows=rows, end=date(2024, 1, 31))
    assert codes(series) == ["readings.digits"]


SWAP = [
    meter(serial_number="A", transformer_factor=10, removed=at("2024-02-10 12:00"), closing_reading=5100.0),
    meter(serial_number="B", transformer_factor=20, installed=at("2024-02-10 12:00"), opening_reading=3.0),
]


def test_a_swap_uses_both_meters_and_both_factors() -> None:
    rows = [read("2024-01-01", 4000.0), read("2024-02-01", 5000.0), read("2024-03-01", 43.0)]
    series = parts_of(meters=SWAP, rows=rows, end=date(2024, 2, 29))
    assert codes(series) == []
    # January (5000 - 4000) x 10; February (5100 - 5000) x 10 + (43 - 3) x 20
    assert by_month(series) == {"2024-01": 10000.0, "2024-02": 1800.0}
    assert series.coverage.data_gaps == ()
    assert "Meters" in {o.sheet for o in series.parts.opening_origins}


def test_a_swap_without_closing_reading_is_a_hole_not_a_guess() -> None:
    old = {**SWAP[0], "closing_reading": None}
    rows = [read("2024-01-01", 4000.0), read("2024-02-01", 5000.0), read("2024-03-01", 43.0)]
    series = parts_of(meters=[old, SWAP[1]], rows=rows, end=date(2024, 2, 29))
    (hole,) = series.coverage.data_gaps
    assert hole.hours == 9.5 * 24
    assert by_month(series) == {"2024-01": 10000.0, "2024-02": 800.0}


def test_readings_at_the_moment_of_a_swap_go_to_the_meter_they_fit() -> None:
    rows = [read("2024-01-01", 4000.0), read("2024-02-10 12:00", 3.0), read("2024-02-10 12:00", 5100.0)]
    rows.append(read("2024-03-01", 43.0))
    series = parts_of(meters=SWAP, rows=rows, end=date(2024, 2, 29))
    assert codes(series) == []
    assert total(series) == pytest.approx(1100 * 10 + 40 * 20, rel=1e-14)


def test_a_reading_at_the_moment_of_a_swap_that_fits_neither() -> None:
    rows = [read("2024-01-01", 4000.0), read("2024-02-10 12:00", 4999.0), read("2024-03-01", 43.0)]
    assert codes(parts_of(meters=SWAP, rows=rows, end=date(2024, 2, 29))) == ["readings.which_meter"]


TRANSFORMERS = [
    meter(serial_number="A", transformer_factor=10, removed=at("2024-02-10")),
    meter(serial_number="A", transformer_factor=20, installed=at("2024-02-10")),
]


def test_new_transformers_on_the_same_meter_need_a_reading_at_the_change() -> None:
    rows = [read("2024-01-01", 0.0), read("2024-03-01", 300.0)]
    series = parts_of(meters=TRANSFORMERS, rows=rows, end=date(2024, 2, 29))
    assert "readings.factor_change" in codes(series)
    known = parts_of(meters=TRANSFORMERS, rows=[*rows, read("2024-02-10", 100.0)], end=date(2024, 2, 29))
    assert codes(known) == []
    assert total(known) == pytest.approx(100 * 10 + 200 * 20, rel=1e-14)
    once = [{**TRANSFORMERS[0], "closing_reading": 100.0}, TRANSFORMERS[1]]
    stated = parts_of(meters=once, rows=rows, end=date(2024, 2, 29))
    assert codes(stated) == []
    assert total(stated) == total(known)


def test_two_readings_at_one_moment() -> None:
    rows = [read("2024-01-01", 0.0), read("2024-02-01", 10.0)]
    same = parts_of(rows=[*rows, rows[1]], end=date(2024, 1, 31))
    assert codes(same) == ["readings.duplicate"] and total(same) == 10.0
    other = parts_of(rows=[*rows, read("2024-02-01", 11.0)], end=date(2024, 1, 31))
    assert codes(other) == ["readings.conflict"]
    both = parts_of(rows=[*rows, rows[1], read("2024-01-15", 4.0), read("2024-01-15", 5.0)], end=date(2024, 1, 31))
    places = {finding.code: (finding.where.cell, finding.found) for finding in both.findings}
    assert places["readings.conflict"] == ("E6", "5 here, 4 in monitoring.xlsx, Readings!E5")
    assert places["readings.duplicate"] == ("E4", "the same moment and value as monitoring.xlsx, Readings!E3")
    opening = [meter(installed=at("2024-01-01"), opening_reading=1.0)]
    assert codes(parts_of(meters=opening, rows=rows, end=date(2024, 1, 31))) == ["readings.conflict"]


def test_a_single_reading_is_no_energy() -> None:
    assert codes(parts_of(rows=[read("2024-01-01", 5.0)])) == ["readings.single"]


def test_a_reading_while_no_meter_stands_there() -> None:
    rows = [read("2024-01-01", 0.0), read("2024-02-01", 10.0), read("2024-02-20", 12.0)]
    series = parts_of(meters=[meter(removed=at("2024-02-10"))], rows=rows, end=date(2024, 2, 29))
    assert codes(series) == ["readings.not_installed"]


def test_a_register_in_two_units() -> None:
    rows = [read("2024-01-01", 0.0), read("2024-02-01", 10.0, unit="MWh")]
    (finding,) = parts_of(rows=rows).findings
    assert finding.code == "readings.unit"
    assert finding.where.cell == "F3"  # the reading in MWh, not the first one
    both = [read("2024-01-01", 0.0, unit="MWh"), read("2024-02-01", 10.0, unit="MWh")]
    assert codes(parts_of(rows=both)) == ["readings.unit"]  # Meters says kWh


STEPS = st.lists(st.tuples(st.integers(1, 60 * 24 * 40), st.integers(0, 400)), min_size=1, max_size=30)


@given(STEPS, st.randoms(use_true_random=False))
def test_differences_telescope_in_any_order_of_rows(steps: list[tuple[int, int]], random: Any) -> None:
    """Whatever lies between, the sum is the last reading minus the first; integers make it exact but for shares."""
    moments = list(itertools.accumulate((timedelta(minutes=m) for m, _ in steps), initial=at("2024-01-01")))
    values = [float(v) for v in itertools.accumulate((v for _, v in steps), initial=500)]
    rows = [read(m, v) for m, v in zip(moments, values, strict=True)]
    end = moments[-1].date()
    series = parts_of(rows=rows, end=end)
    assert total(series) == pytest.approx(values[-1] - values[0], rel=1e-12, abs=1e-9)
    random.shuffle(rows)
    shuffled = parts_of(rows=rows, end=end)
    assert shuffled.parts.amounts().tolist() == series.parts.amounts().tolist()
    assert shuffled.parts.start.tolist() == series.parts.start.tolist()


@given(STEPS)
def test_a_register_that_runs_over_again_and_again_loses_nothing(steps: list[tuple[int, int]]) -> None:
    """3 digits: each step is below 500, so that every decrease is a rollover; time is equal between readings."""
    counts = list(itertools.accumulate((v for _, v in steps), initial=990))
    rows = [read(at("2024-01-01") + timedelta(hours=n), float(c % 1000)) for n, c in enumerate(counts)]
    series = parts_of(meters=[meter(register_digits=3)], rows=rows, end=date(2024, 1, 31))
    if "readings.decrease" in codes(series):  # ten times as fast as ever before: an error, never a guess
        assert max(v for _, v in steps) > 0
    else:
        assert total(series) == pytest.approx(counts[-1] - counts[0], rel=1e-12, abs=1e-9)


def test_many_faults_of_one_kind_are_counted_not_listed_without_end() -> None:
    rows = [read(at("2024-01-01") + timedelta(hours=n), float(n)) for n in range(100)]
    series = parts_of(meters=[meter(installed=at("2024-01-04"))], rows=rows, end=date(2024, 1, 31))
    found = [f for f in series.findings if f.code == "readings.not_installed"]
    assert len(found) == 21 and "52 more" in found[-1].message and found[-1].data["count"] == 72


def test_more_than_half_of_the_register_is_no_rollover_even_with_nothing_to_compare() -> None:
    """50,001 in one step of a register of 100,000 may as well be 49,999 backwards."""
    five = [meter(register_digits=5)]
    for last, code in ((40_000.0, "readings.rollover"), (40_001.0, "readings.decrease")):
        rows = [read("2024-01-01", 90_000.0), read("2024-02-01", last)]
        assert codes(parts_of(meters=five, rows=rows, end=date(2024, 1, 31))) == [code]


AWAY = [meter(serial_number="S-1", removed=at("2024-01-21")), meter(serial_number="S-1", installed=at("2024-01-25"))]


def test_a_meter_that_was_away_loses_the_time_away_and_no_more() -> None:
    """Away from 21 to 25 January; 270 kWh from 1 January to 1 February are those of 20 + 7 days."""
    series = parts_of(meters=AWAY, rows=[read("2024-01-01", 0.0), read("2024-02-01", 270.0)], end=date(2024, 1, 31))
    assert errors(series.findings) == [] and total(series) == pytest.approx(270.0, rel=1e-14)
    (hole,) = series.coverage.data_gaps
    assert (hole.start, hole.hours) == (1705770000_000000, 96.0)  # 21 January 00:00 in UTC+07:00
    assert series.parts.share.tolist() == pytest.approx([20 / 27, 7 / 27], rel=1e-14)


def test_with_both_readings_at_the_change_nothing_is_put_into_the_time_away() -> None:
    """Read at both moments: 200 and 70 kWh count, what it was turned by in the laboratory does not."""
    rows = [{**AWAY[0], "closing_reading": 200.0}, {**AWAY[1], "opening_reading": 203.0}]
    series = parts_of(meters=rows, rows=[read("2024-01-01", 0.0), read("2024-02-01", 273.0)], end=date(2024, 1, 31))
    assert total(series) == pytest.approx(270.0, rel=1e-14)
    assert [hole.hours for hole in series.coverage.data_gaps] == [96.0]


def test_a_meter_that_comes_back_with_less_is_an_error() -> None:
    series = parts_of(meters=AWAY, rows=[read("2024-01-01", 500.0), read("2024-02-01", 70.0)], end=date(2024, 1, 31))
    assert [f.code for f in errors(series.findings)] == ["readings.decrease"]


def test_a_meter_that_comes_back_with_other_transformers_needs_a_reading_at_the_change() -> None:
    meters = [AWAY[0], {**AWAY[1], "transformer_factor": 40.0}]
    series = parts_of(meters=meters, rows=[read("2024-01-01", 0.0), read("2024-02-01", 270.0)], end=date(2024, 1, 31))
    assert [f.code for f in errors(series.findings)] == ["readings.factor_change"]


def test_another_meter_at_the_place_is_not_the_one_that_went() -> None:
    """What the old one counted after its last reading, and the new one before its first, is a gap."""
    meters = [AWAY[0], {**AWAY[1], "serial_number": "S-2"}]
    rows = [read("2024-01-01", 0.0), read("2024-01-11", 100.0), read("2024-01-28", 5.0), read("2024-02-01", 45.0)]
    series = parts_of(meters=meters, rows=rows, end=date(2024, 1, 31))
    assert total(series) == pytest.approx(140.0, rel=1e-14)
    assert [hole.hours for hole in series.coverage.data_gaps] == [17 * 24.0]


def test_a_reading_that_stands_twice_takes_no_other_with_it() -> None:
    """100 to February; the same reading once more; 150 to March."""
    rows = [read("2024-01-01", 0.0), read("2024-02-01", 100.0), read("2024-02-01", 100.0), read("2024-03-01", 250.0)]
    series = parts_of(meters=[meter()], rows=rows, end=date(2024, 2, 29))
    assert by_month(series) == {"2024-01": 100.0, "2024-02": 150.0}


def test_a_meter_of_which_only_the_sheet_meters_has_readings() -> None:
    """500 to 560 kWh from 1 January to 1 February by its row; its successor from 0 to 90 kWh in February."""
    first = meter(installed=at("2024-01-01"), removed=at("2024-02-01"), opening_reading=500.0, closing_reading=560.0)
    second = meter(installed=at("2024-02-01"), opening_reading=0.0)
    series = parts_of(meters=[first, second], rows=[read("2024-03-01", 90.0)], end=date(2024, 2, 29))
    assert by_month(series) == {"2024-01": 60.0, "2024-02": 90.0}


@pytest.mark.parametrize(("removed", "said"), [(at("2024-02-10"), False), (None, True)])
def test_two_rows_that_hold_at_once_say_where_a_date_is_missing(removed: datetime | None, said: bool) -> None:
    rows = [read("2024-01-01", 0.0), read("2024-02-01", 10.0)]
    pair = [meter(installed=at("2023-01-01"), removed=removed), meter(installed=at("2024-02-01"))]
    found = parts_of(meters=pair, rows=rows, end=date(2024, 2, 29)).findings
    (finding,) = [f for f in found if f.code == "readings.meter_history"]
    assert ("a date of installation or removal is missing" in finding.found) is said
