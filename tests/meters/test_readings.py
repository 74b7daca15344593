"""The sheet Readings at the edges of the period, of months and of meters; amounts by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import LISTED
from jcm_mrv.meters.advances import Advances, Points
from jcm_mrv.meters.meters import ALWAYS_AFTER, Installation, Meter
from jcm_mrv.meters.readings import _unused
from jcm_mrv.meters.segments import SegmentKind, SeriesResult
from jcm_mrv.meters.serials import same_make, serial_number
from jcm_mrv.meters.standing import standing
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from support.claims import rows_of
from support.sheets import ZONE, at, codes, parts_of

PERIOD = {"start": date(2024, 12, 1), "end": date(2025, 2, 28)}
TIMELINE = Timeline.of(PERIOD["start"], PERIOD["end"], ZONE)
DEC, JAN, FEB, MAR = (int(edge) for edge in TIMELINE.edges)


def energy(start: str, end: str, value: float, **more: Any) -> dict[str, Any]:
    return {"start": at(start), "end": at(end), "value": value, **more}


def register(day: str, value: float, **more: Any) -> dict[str, Any]:
    return {"kind": "register", "end": at(day), "value": value, **more}


def sample(day: str, value: float, unit: str = "1") -> dict[str, Any]:
    return {"kind": "sample", "end": at(day), "value": value, "unit": unit}


def read(*rows: dict[str, Any], **meter: Any) -> SeriesResult:
    return parts_of(meters=[{"meter_id": "M-1", "unit": "kWh", **meter}], rows=rows, **PERIOD)


def by_month(series: SeriesResult) -> list[float]:
    found = [0.0, 0.0, 0.0]
    for month, amount in zip(series.parts.month.tolist(), series.parts.amounts().tolist(), strict=True):
        found[month] += amount
    return found


# --- the edges of the period ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "months", "said"),
    [
        (energy("2024-11-01", "2024-12-01", 30.0), [0, 0, 0], ["readings.outside_period"]),
        (energy("2025-03-01", "2025-03-02", 30.0), [0, 0, 0], ["readings.outside_period"]),
        (energy("2024-11-29", "2024-12-02", 30.0), [10, 0, 0], []),  # one of three days
        (energy("2025-02-28", "2025-03-03", 30.0), [0, 0, 10], []),
        (energy("2024-12-31", "2025-01-02", 30.0), [15, 15, 0], []),
    ],
)
def test_a_reading_counts_by_its_days_in_the_period(row: dict[str, Any], months: list[float], said: list[str]) -> None:
    """The meter stood for as long as it was read."""
    series = read(row)
    assert by_month(series) == pytest.approx(months) and codes(series) == said


@pytest.mark.parametrize(
    ("times", "unused"),
    [
        ([DEC, JAN, MAR], []),
        ([DEC - 2, DEC - 1, JAN, MAR + 1, MAR + 2], [0, 4]),
        ([DEC - 2, DEC, MAR, MAR + 2], [0, 3]),
        ([DEC - 1, MAR + 1], []),
        ([JAN], []),
        ([DEC - 2, DEC - 1, JAN], [0]),
        ([JAN, MAR + 1, MAR + 2], [2]),
        ([MAR + 1, MAR + 2], [1]),
    ],
)
def test_the_last_reading_before_and_the_first_after_the_period_are_used(times: list[int], unused: list[int]) -> None:
    assert np.flatnonzero(_unused(np.array(times, dtype=np.int64), TIMELINE)).tolist() == unused


def test_register_readings_beyond_their_neighbours_are_noted() -> None:
    """20 November to 5 December is read with 30, a quarter of which falls into the period; 1 and 9 November are not."""
    series = read(
        register("2024-11-01", 0.0), register("2024-11-09", 5.0), register("2024-11-20", 10.0),
        register("2024-12-05", 40.0), register("2025-03-01", 100.0),
    )  # fmt: skip
    (note,) = [f for f in series.findings if f.code == "readings.outside_period"]
    assert note.data == {"count": 2}
    assert sum(by_month(series)) == pytest.approx(30 * 4 / 15 + 60)


def test_samples_belong_to_the_month_in_which_they_are_taken() -> None:
    series = read(
        sample("2024-11-30 23:59", 9.0), sample("2024-12-01", 0.5), sample("2024-12-31 23:59", 0.25),
        sample("2025-01-01", 3.0), sample("2025-02-28 23:59", 4.0, "%"), sample("2025-03-01", 7.0), unit="1",
    )  # fmt: skip
    parts = series.parts
    assert by_month(series) == [0.75, 3.0, 4.0] and {SegmentKind.SAMPLE} == set(parts.kind.tolist())
    assert (parts.end - parts.start).tolist() == [1] * 4 and parts.start[0] == DEC
    assert len(set(parts.unit[:3].tolist())) == 1 and parts.unit[0] != parts.unit[3]
    (note,) = [f for f in series.findings if f.code == "readings.outside_period"]
    assert note.data == {"count": 2} and note.where.cell == "E2"
    assert series.coverage.data_gaps == () and [o.cell for o in parts.origins] == ["E3", "E4", "E5", "E6"]
    assert codes(read(sample("2024-11-30", 9.0), unit="1")) == ["readings.outside_period"]


# --- what is said of a value -----------------------------------------------------------------------


def test_numbers_that_loggers_write_for_nothing_are_named_with_their_count() -> None:
    days = [datetime(2024, 12, 1) + timedelta(days=n) for n in range(8)]
    values = [10.0, -9999.0, 12.0, 11.0, -9999.0, 10.5, 11.5]
    rows = [{"start": a, "end": b, "value": v} for a, b, v in zip(days, days[1:], values, strict=False)]
    (finding,) = [f for f in read(*rows).findings if f.code == "readings.missing_number"]
    assert finding.data == {"value": -9999.0, "count": 2} and finding.where.cell == "E3"


def test_negative_readings_are_added_up_in_the_note() -> None:
    rows = [energy("2024-12-01", "2024-12-02", -1.5), energy("2024-12-02", "2024-12-03", 0.0)]
    series = read(*rows, energy("2024-12-03", "2025-03-01", -0.25))
    (note,) = [f for f in series.findings if f.code == "readings.negative"]
    assert note.data == {"count": 2, "sum": -1.75}
    assert "readings.negative" not in codes(read(rows[1]))


def test_what_is_said_often_is_listed_so_far_and_then_counted() -> None:
    """As many decreases as are listed, and one more."""

    def falling(count: int) -> SeriesResult:
        days = [datetime(2024, 12, 1) + timedelta(hours=n) for n in range(count + 1)]
        return read(*({"kind": "register", "end": day, "value": 1000.0 - n} for n, day in enumerate(days)))

    assert codes(falling(LISTED)) == ["readings.decrease"] * LISTED
    more = [f for f in falling(LISTED + 2).findings if "more place" in f.message]
    assert len(codes(falling(LISTED + 1))) == LISTED + 1
    assert [f.data["count"] for f in more] == [LISTED + 2] and "at 2 more place" in more[0].message


# --- registers at the limits of their meter -----------------------------------------------------------


OLD, NEW = {"serial_number": "A", "removed": at("2025-01-01")}, {"serial_number": "B", "installed": at("2025-01-01")}


def swapped(*rows: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> SeriesResult:
    own = {"meter_id": "M-1", "unit": "kWh"}
    return parts_of(meters=[{**own, **OLD, **old}, {**own, **NEW, **new}], rows=rows, **PERIOD)


def test_a_reading_at_removal_that_differs_from_the_closing_reading_is_a_conflict() -> None:
    rows = [register("2024-12-01", 0.0), register("2024-12-31 12:00", 70.0), register("2025-03-01", 50.0)]
    closing, opening = {"closing_reading": 80.0}, {"opening_reading": 10.0}
    assert by_month(swapped(*rows, old=closing, new=opening)) == pytest.approx([80, 40 * 31 / 59, 40 * 28 / 59])
    assert codes(swapped(*rows, register("2025-01-01", 80.0), old=closing, new=opening)) == []
    assert codes(swapped(*rows, register("2025-01-01", 10.0), old=closing, new=opening)) == []
    assert codes(swapped(*rows, register("2025-01-01", 79.0), old=closing, new=opening)) == ["readings.which_meter"]
    last = {"installed": at("2024-12-01"), "removed": at("2025-03-01"), "opening_reading": 5.0, "closing_reading": 60.0}
    assert codes(read(register("2024-12-01", 5.0), register("2025-03-01", 60.0), **last)) == []
    assert codes(read(register("2024-12-01", 6.0), register("2025-03-01", 60.0), **last)) == ["readings.conflict"]
    assert codes(read(register("2024-12-01", 5.0), register("2025-03-01", 61.0), **last)) == ["readings.conflict"]


def test_an_opening_reading_is_traced_to_its_own_row_of_the_meter() -> None:
    rows = [register("2024-12-01", 0.0), register("2025-03-01", 50.0)]
    series = swapped(*rows, old={"closing_reading": 80.0}, new={"opening_reading": 10.0})
    old, new = rows_of("meters", [{"meter_id": "M-1"}] * 2)
    assert series.parts.origins[0] == old.origin("closing_reading")
    assert series.parts.opening_origins[1] == new.origin("opening_reading")


def test_an_opening_reading_counts_only_with_its_day() -> None:
    rows = [register("2024-12-01", 10.0), register("2025-03-01", 100.0)]
    assert sum(by_month(read(*rows, opening_reading=3.0, closing_reading=200.0))) == pytest.approx(90.0)
    assert codes(read(rows[0], opening_reading=3.0)) == ["readings.single"]
    day = read(*rows, installed=at("2024-11-30"), opening_reading=3.0)
    assert sum(by_month(day)) == pytest.approx(90.0)
    assert sum(by_month(read(rows[1], installed=at("2024-12-31"), opening_reading=3.0))) == pytest.approx(97.0)


@pytest.mark.parametrize(
    ("last", "digits", "amount", "said"),
    [
        (700.0, 5, 900.0, ["readings.rollover"]),
        (49_800.0, 5, 50_000.0, ["readings.rollover"]),  # half the register
        (49_801.0, 5, None, ["readings.decrease"]),
        (99_800.0, 5, 0.0, []),
        (700.0, 4, None, ["readings.decrease", "readings.digits"]),
    ],
)
def test_a_rollover_is_at_most_half_of_the_register(
    last: float, digits: int, amount: float | None, said: list[str]
) -> None:
    """From 99,800 on 31 December, after nothing else that rose, at 5 digits."""
    series = read(register("2024-12-31", 99_800.0), register("2025-01-31", last), register_digits=digits)
    assert codes(series) == said
    if amount is not None:
        assert sum(by_month(series)) == pytest.approx(amount)


@pytest.mark.parametrize(("last", "said"), [(800.0, ["readings.rollover"]), (801.0, ["readings.decrease"])])
def test_a_rollover_is_at_most_ten_times_as_fast_as_any_other_advance(last: float, said: list[str]) -> None:
    """100 kWh in a day; 99,800 to 800 are 1,000 kWh in a day."""
    rows = [register("2024-12-01", 99_700.0), register("2024-12-02", 99_800.0), register("2024-12-03", last)]
    assert codes(read(*rows, register_digits=5)) == said


# --- the time in which a meter stood -----------------------------------------------------------------


def advances(*rows: tuple[int, int, float, float, int], meter: Meter) -> Advances:
    """From, to, opening, closing and the installation."""
    start, end, which = (np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1, 4))
    opening, closing = (np.array([row[n] for row in rows], dtype=np.float64) for n in (2, 3))
    ref = np.arange(len(rows), dtype=np.int64)
    points = Points(meter, start, opening, lambda n: Origin(line=n))
    return Advances(points, start, end, opening, closing, closing * 0, which, ref, ref)


AWAY = Meter("M", (Installation("A", "kWh", 1.0, None, 0, 40), Installation("A", "kWh", 1.0, None, 60, ALWAYS_AFTER)))


@pytest.mark.parametrize(
    ("rows", "row", "spans", "share"),
    [
        ([(0, 20)], [0], [(0, 20)], [1.0]),
        ([(0, 40), (60, 80)], [0, 1], [(0, 40), (60, 80)], [1.0, 1.0]),
        ([(20, 80)], [0, 0], [(20, 40), (60, 80)], [0.5, 0.5]),
        ([(10, 70)], [0, 0], [(10, 40), (60, 70)], [0.75, 0.25]),
        ([(0, 10), (10, 61), (61, 61), (61, 90)], [0, 1, 1, 3], [(0, 10), (10, 40), (60, 61), (61, 90)],
         [1.0, 30 / 31, 1 / 31, 1.0]),
        ([], [], [], []),
    ],
)  # fmt: skip
def test_nothing_is_counted_while_the_meter_is_away(
    rows: list[tuple[int, int]], row: list[int], spans: list[tuple[int, int]], share: list[float]
) -> None:
    found = standing(advances(*((a, b, 0.0, 1.0, 0) for a, b in rows), meter=AWAY))
    assert found.row.tolist() == row and found.rows.tolist() == sorted(set(row))
    assert list(zip(found.start.tolist(), found.end.tolist(), strict=True)) == spans
    assert found.share.tolist() == pytest.approx(share)


# --- serial numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {}, True),
        ({"manufacturer": "ABC", "model": "X"}, {"manufacturer": "abc", "model": "x"}, True),
        ({"manufacturer": "ABC"}, {"manufacturer": "ABD"}, False),
        ({"manufacturer": "ABC", "model": "X"}, {"manufacturer": "ABC", "model": "Y"}, False),
        ({"manufacturer": "ABC"}, {"model": "Y"}, True),  # nothing to compare
    ],
)
def test_makes_that_are_the_same(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    first, second = rows_of("meters", [{"meter_id": "M", **row} for row in (one, other)])
    assert same_make(first, second) is same and same_make(second, first) is same
    assert serial_number(" a 1 ") == serial_number("A1") and serial_number("n/a") == ""
