"""Edges of what a meter's rows say: the first instant, the same instant, exactly a day; by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from jcm_mrv.meters.advances import Points
from jcm_mrv.meters.meters import Installation, Meter
from jcm_mrv.meters.profiles.builder import ProfileBuilder
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.meters.sources.order import invoices_that_count
from jcm_mrv.origin import NOWHERE, Origin
from jcm_mrv.time.dividing import Runs
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR
from support.sheets import at, codes, parts_of
from support.values import profile_of, timeline_of


def test_no_installation_holds_before_the_first_or_in_between() -> None:
    """From 10 to 20 and from 30 on; an instant belongs to what begins with it."""
    meter = Meter("M", tuple(Installation("", "", 1.0, None, *span) for span in ((10, 20), (30, 40))))
    instants = np.array([0, 9, 10, 19, 20, 29, 30, 39, 40], dtype=np.int64)
    assert meter.installation_at(instants).tolist() == [-1, -1, 0, 0, -1, -1, 1, 1, -1]


def test_opening_and_closing_readings_are_found_in_their_rows() -> None:
    places = [Origin(sheet="Meters", cell=f"{column}{row}") for row in (2, 3) for column in "KL"]
    rows = [
        Installation("", "", 1.0, None, 0, 1, where_opening=a, where_closing=b)
        for a, b in (places[:2], places[2:])
    ]  # fmt: skip
    points = Points(Meter("M", tuple(rows)), np.zeros(1, dtype=np.int64), np.zeros(1), lambda n: NOWHERE)
    assert [points.at(ref) for ref in (-1, -2, -3, -4)] == places
    assert points.at(0) is NOWHERE


@pytest.mark.parametrize(("read", "count"), [(1, 3), (2, 3), (3, 0)])
def test_invoices_count_where_they_cover_more_of_the_period_than_readings(read: int, count: int) -> None:
    """Three months are billed, and read in the first, in two or in all of them."""
    edges = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh").edges
    bills = [
        SecondarySource("M", SecondaryKind.INVOICE, int(a), int(b), 1.0, "kWh", NOWHERE, 0.0)
        for a, b in pairwise(edges.tolist())
    ]
    runs = Runs.of(edges[:1], edges[read : read + 1])
    assert len(invoices_that_count(bills, {"M"}, {"M": runs}, edges)) == count


def energy(value: float, unit: str = "kWh", start: str = "2024-01-01", end: str = "2024-02-01") -> dict[str, Any]:
    return {"start": at(start), "end": at(end), "value": value, "unit": unit}


@pytest.mark.parametrize(
    ("rows", "repeated"),
    [
        ([energy(10.0), energy(10.0)], True),
        ([energy(10.0), energy(10.0, "MWh")], False),
        ([energy(10.0), energy(11.0)], False),
        ([energy(10.0), energy(10.0, end="2024-01-31")], False),
        ([energy(10.0), energy(10.0, start="2024-01-02")], False),
    ],
)
def test_a_row_is_repeated_only_where_time_value_and_unit_are_the_same(rows: list[Any], repeated: bool) -> None:
    series = parts_of(rows=rows)
    assert ("readings.duplicate" in codes(series)) == repeated
    if repeated:
        assert series.parts.amounts().tolist() == [10.0]
    else:
        assert "readings.overlap" in codes(series)


def test_a_rollover_says_what_was_added_and_how_far_the_register_went() -> None:
    """990 to 10 on a register of 3 digits: 1,000 is added, and 20 are counted."""
    rows = [{"kind": "register", "end": at(t), "value": v} for t, v in (("2024-01-01", 990.0), ("2024-02-01", 10.0))]
    series = parts_of(meters=[{"meter_id": "M-1", "unit": "kWh", "register_digits": 3}], rows=rows)
    (finding,) = [f for f in series.findings if f.code == "readings.rollover"]
    assert finding.data == {"wrap": 1000.0, "advance": 20.0}
    assert series.parts.amounts().tolist() == [20.0]


@pytest.mark.parametrize(("hours", "shown"), [(24, 24.0), (25, 0.0)])
def test_a_reading_of_a_day_has_a_shape_and_a_longer_one_has_none(hours: int, shown: float) -> None:
    begin = datetime(2024, 1, 2)
    row = {"start": begin, "end": begin + timedelta(hours=hours), "value": 48.0}
    (profile,) = parts_of(rows=[row], end=date(2024, 1, 31)).profiles
    assert (profile.covered.sum(), profile.amount.sum()) == pytest.approx((shown, 48.0 if shown else 0.0))


@pytest.mark.parametrize(("hole", "runs"), [(0, [400]), (1, [200, 200])])
@pytest.mark.parametrize("block", [0, 200, 130])
def test_a_run_of_one_value_ends_at_a_hole_however_the_log_is_read(hole: int, runs: list[int], block: int) -> None:
    power = np.concatenate(([5.0] * 200, [np.nan] * hole, [5.0] * 200, [6.0]))
    profile = profile_of(power, timeline_of(10), block=block)
    assert [run.count for run in profile.runs] == runs


def test_peaks_and_the_lowest_value_keep_the_first_of_equal_ones() -> None:
    builder = ProfileBuilder(0, 2 * DAY, HOUR)
    assert builder.peaks == [] and builder.lowest is None
    profile = profile_of(np.array([1.0, 9.0, 3.0, 9.0, 1.0, 2.0]), timeline_of(2), block=2)
    assert [(p.value, (p.start - profile.first) // (HOUR // 4)) for p in profile.peaks[:2]] == [(9.0, 1), (9.0, 3)]
    assert profile.lowest is not None and profile.lowest.start == profile.first
