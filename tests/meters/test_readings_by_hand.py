"""Rows of the sheet Readings one by one: which can be used, what they amount to, and where what is wrong is found."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.meters.readings import ReadingSegments, read_readings
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from support.sheets import ZONE, readings

TIMELINE = Timeline.of(date(2024, 12, 1), date(2024, 12, 31), ZONE)
FIRST = int(TIMELINE.edges[0])


def hour(n: float) -> datetime:
    return datetime(2024, 12, 1) + timedelta(hours=n)


def energy(start: float, end: float, value: float = 10.0, **more: Any) -> dict[str, Any]:
    return {"start": hour(start), "end": hour(end), "value": value, **more}


def point(at: float, value: float = 10.0, kind: str = "register", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "end": hour(at), "value": value, **more}


def installed(start: float | None = None, end: float | None = None, factor: float = 1.0, unit: str = "kWh") -> Any:
    first, last = (FIRST + round(at * HOUR) if at is not None else None for at in (start, end))
    return Installation(
        "A", unit, factor, None, ALWAYS_BEFORE if first is None else first, ALWAYS_AFTER if last is None else last
    )


def read(*rows: dict[str, Any], installations: Any = None, faults_known: bool = False) -> ReadingSegments:
    """The second meter has readings of its own only where a row names it."""
    own = installations or [installed()]
    meters = {"M-1": Meter("M-1", tuple(own)), "M-2": Meter("M-2", (installed(),))}
    return read_readings(readings(rows), meters, TIMELINE, faults_known=faults_known)


def amounts(found: ReadingSegments) -> list[tuple[str, str, str, float]]:
    return [
        (one.meter_id, one.kind.label, one.unit, amount)
        for one in found.batches
        for amount in ((one.value + one.closing - one.opening) * one.share * one.factor).tolist()
    ]


def places(found: ReadingSegments) -> list[str]:
    return [f"{one.code} {one.where.cell}".removeprefix("readings.") for one in found.findings]


def only(found: ReadingSegments) -> Finding:
    (finding,) = found.findings
    return finding


# --- which can be used --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        energy(0, 1, meter_id="N"),
        energy(1, 1),
        energy(2, 1),
        {**energy(0, 1), "start": None},
        {**energy(0, 1), "end": None},
        energy(0, 1, float("nan")),
        energy(0, 1, unit=""),
        energy(0, 1, kind="nonsense"),
        {**point(0), "end": None},
        point(0, unit=""),
        point(0, float("inf")),
    ],
)
def test_a_row_that_lacks_something_is_named_once_and_not_used(row: dict[str, Any]) -> None:
    """Unless the reader of the workbook has named it already."""
    found = read(row, energy(4, 5))
    assert (places(found), len(found.batches)) == (["unusable E2"], 1)
    assert read(row, energy(4, 5), faults_known=True).findings == []


def test_a_row_counts_for_its_own_meter_by_its_kind() -> None:
    """5 kW over 2 hours are 10 kWh; half of an hour of 7 lies in the period; of a register the difference counts."""
    found = read(
        energy(0, 2, 5.0, kind="mean", unit="kW"), energy(-0.5, 0.5, 7.0), energy(3, 4, 2.0, meter_id="M-2"),
        point(0, 100.0), point(9, 102.5), point(1, 3.0, "sample", unit="1"), point(2, 4.0, "sample", unit="%"),
        point(3, 5.0, "sample", unit="1"),
    )  # fmt: skip
    assert found.findings == [] and amounts(found) == [
        ("M-1", "energy", "kWh", 3.5), ("M-1", "mean", "kWh", 10.0), ("M-1", "register", "kWh", 2.5),
        ("M-1", "sample", found.batches[3].unit, 3.0), ("M-1", "sample", found.batches[3].unit, 5.0),
        ("M-1", "sample", found.batches[4].unit, 4.0), ("M-2", "energy", "kWh", 2.0),
    ]  # fmt: skip
    assert [one.hours.tolist() for one in found.batches[:3]] == [[1.0], [2.0], [1.0]]
    assert {kind: place.cell for (meter, kind), place in found.places.items() if meter == "M-1"} == {
        "energy": "E3", "mean": "E2", "register": "E6", "sample": "E7",
    }  # fmt: skip


def test_what_a_meter_counted_before_and_after_it_was_away_lies_in_the_time_it_stood() -> None:
    """3 kWh from hour 8 to 14, away from 10 to 12: half of them before and half after."""
    found = read(point(8, 1.0), point(14, 4.0), installations=[installed(0, 10), installed(12, 20)])
    assert [amount for *_, amount in amounts(found)] == [1.5, 1.5]
    assert [(span[0] - FIRST) // HOUR for span in found.runs["M-1", "register"].spans] == [8, 12]


# --- a clock that is put forward and back --------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "place", "said"),
    [
        ({"start": datetime(2024, 3, 31, 1), "end": datetime(2024, 3, 31, 3)}, "", ""),
        ({"start": datetime(2024, 3, 31, 2), "end": datetime(2024, 3, 31, 3)}, "C2", "skipped"),  # one instant
        ({"start": datetime(2024, 3, 31, 1), "end": datetime(2024, 3, 31, 2, 30)}, "D2", "skipped"),
        ({"start": datetime(2024, 10, 27, 2, 30), "end": datetime(2024, 10, 27, 4)}, "C2", "twice"),
        ({"kind": "register", "end": datetime(2024, 10, 27, 2, 30)}, "D2", "twice"),
        ({"kind": "register", "end": datetime(2024, 10, 27, 3)}, "", ""),
    ],
)
def test_a_local_time_that_names_no_single_instant(row: dict[str, Any], place: str, said: str) -> None:
    """In Berlin 02:00 became 03:00 on 31 March, and 03:00 became 02:00 on 27 October 2024."""
    timeline = Timeline.of(date(2024, 1, 1), date(2024, 12, 31), "Europe/Berlin")
    table = readings([{**row, "value": 1.0}, {"kind": "register", "end": datetime(2024, 1, 1), "value": 0.0}])
    found = read_readings(table, {"M-1": Meter("M-1", (installed(),))}, timeline, faults_known=False)
    clock = [(one.where.cell, one.message) for one in found.findings if one.code == "readings.clock_change"]
    assert [cell for cell, _ in clock] == ([place] if place else [])
    assert not place or said in clock[0][1]


# --- the transformer factor ----------------------------------------------------------------------

CHANGED = [installed(10, 20, 2.0), installed(20, 30, 3.0)]


@pytest.mark.parametrize(
    ("start", "end", "said", "amount"),
    [
        (10, 20, [], 20.0),
        (20, 30, [], 30.0),
        (19, 20 + 1 / 3_600_000_000, ["factor_change E2"], 20.0),
        (15, 25, ["factor_change E2"], 20.0),
        (5, 15, ["not_installed E2"], 20.0),
        (9, 10 + 2 / 3_600_000_000, ["not_installed E2"], 20.0),
        (25, 35, ["not_installed E2"], 30.0),
        (15, 35, ["not_installed E2"], 20.0),
        (30, 31, ["not_installed E2"], 20.0),
    ],
)
def test_the_factor_holds_from_a_reading_s_start_to_its_end(
    start: float, end: float, said: list[str], amount: float
) -> None:
    """2 from hour 10 to 20 and 3 from 20 to 30; the change takes effect with the first microsecond after it."""
    found = read(energy(start, end), installations=CHANGED)
    assert places(found) == said
    assert amounts(found) == [("M-1", "energy", "kWh", amount)]


def test_what_is_said_of_factors_names_times_and_counts() -> None:
    found = read(energy(5, 15), energy(15, 25), energy(29, 31), installations=CHANGED).findings
    assert [(one.where.cell, one.found, one.data) for one in found] == [
        ("E2", "2024-12-01 05:00:00 to 2024-12-01 15:00:00", {"count": 2}),
        ("E4", "2024-12-02 05:00:00 to 2024-12-02 07:00:00", {"count": 2}),
        ("E3", "2024-12-01 15:00:00 to 2024-12-02 01:00:00", {}),
    ]
    assert "from 2 to 3" in found[2].message


# --- repeated, overlapping, negative, missing ------------------------------------------------------


def test_of_a_reading_given_three_times_the_others_are_named() -> None:
    found = read(energy(0, 1), energy(1, 2, 4.0), energy(1, 2, 4.0), energy(1, 2, 4.0))
    finding = only(found)
    assert (finding.where.cell, finding.found, finding.data) == (
        "E4", "the same interval and value as monitoring.xlsx, Readings!E3", {"count": 2},
    )  # fmt: skip
    assert [amount for *_, amount in amounts(found)] == [10.0, 4.0]


def test_each_reading_is_held_against_the_one_that_reaches_furthest() -> None:
    """From 1 to 11 one, from 3 to 5 and from 7 to 9 two within it; the one from 11 on only touches."""
    rows = energy(0, 1), energy(1, 11), energy(3, 5), energy(7, 9), energy(11, 12), energy(12, 14), energy(13, 15)
    found = read(*rows).findings
    assert [(one.where.cell, one.found.split("!")[1], one.data) for one in found] == [
        ("C4", "E3", {"count": 3}), ("C5", "E3", {"count": 3}), ("C8", "E7", {"count": 3}),
    ]  # fmt: skip


def test_the_first_reading_may_be_the_one_that_reaches_furthest() -> None:
    found = read(energy(0, 10), energy(2, 4), energy(6, 8)).findings
    assert [(one.where.cell, one.found.split("!")[1]) for one in found] == [("C3", "E2"), ("C4", "E2")]


def test_negative_readings_are_added_up_from_the_first_of_them() -> None:
    finding = only(read(energy(0, 1), energy(1, 2, 0.0), energy(2, 3, -1.5), energy(3, 4, -2.0)))
    assert (finding.where.cell, finding.found, finding.data["count"]) == ("E4", "their sum is -3.5", 2)


@pytest.mark.parametrize(
    ("values", "found"),
    [([1.0, -9999.0, 2.0], -9999.0), ([1.0, 99999.0, 2.0, *[99999.0] * 9], 99999.0), ([1.0, 2.0], None)],
)
def test_a_number_that_stands_for_none_is_named_for_its_own_meter(values: list[float], found: float | None) -> None:
    rows = [energy(n, n + 1, value) for n, value in enumerate(values)]
    named = [
        (one.where.cell, one.data)
        for one in read(*rows, energy(0, 1, meter_id="M-2"), point(0), point(1)).findings
        if one.code == "readings.missing_number"
    ]
    assert named == ([("E3", {"value": found, "count": values.count(found)})] if found else [])


# --- units of a register ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "units", "place"),
    [
        (("",), ("kWh", "kWh", "MWh"), "F4"),
        (("",), ("MWh", "kWh", "kWh"), "F2"),
        (("kWh",), ("MWh", "MWh", "kWh"), "F2"),
        (("kWh", "MWh"), ("kWh", "kWh"), "F2"),  # Meters contradicts itself
        (("kWh",), ("kWh", "kWh"), ""),
    ],
)
def test_the_reading_in_another_unit_is_named(stated: tuple[str, ...], units: tuple[str, ...], place: str) -> None:
    rows = [point(n, float(n), unit=unit) for n, unit in enumerate(units)]
    own = [installed(100 * n, 100 * n + 100, unit=unit) for n, unit in enumerate(stated)]
    assert places(read(*rows, installations=own)) == ([f"unit {place}"] if place else [])
