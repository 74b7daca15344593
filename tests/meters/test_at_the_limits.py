"""Spans, installations, stocks, bills and single readings of meters: each limit at it and beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.meters.combined import Combination, Combined, Intervals, choose, counted, multiplied, single
from jcm_mrv.meters.conversions import Conversions
from jcm_mrv.meters.coverage import coverage_of, filled, joined, within, without
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter, read_meters
from jcm_mrv.meters.secondary_sources import invoices
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.meters.sources.compared import shared_spans
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.meters.stocks import stock_parts
from jcm_mrv.origin import Origin
from jcm_mrv.time.dividing import Runs
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR
from support.claims import rows_of
from support.finding_codes import codes

TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")
EDGES = TIMELINE.edges
JAN, FEB, MAR, APR = (int(edge) for edge in EDGES)
NONE = np.zeros(0, dtype=np.int64)


# --- spans ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("others", "inside", "left"),
    [
        ([], [], [(10, 20)]),
        ([(0, 10), (20, 30)], [], [(10, 20)]),
        ([(0, 11), (19, 30)], [(10, 11), (19, 20)], [(11, 19)]),
        ([(12, 14), (14, 16)], [(12, 16)], [(10, 12), (16, 20)]),
        ([(14, 16), (12, 13)], [(12, 13), (14, 16)], [(10, 12), (13, 14), (16, 20)]),
        ([(12, 18), (13, 14)], [(12, 18)], [(10, 12), (18, 20)]),
        ([(0, 30)], [(10, 20)], []),
        ([(15, 15)], [], [(10, 20)]),
    ],
)
def test_what_lies_in_a_span_and_what_is_left_of_it(others: Any, inside: Any, left: Any) -> None:
    assert within((10, 20), others) == inside and without((10, 20), others) == left


def installed(start: int = ALWAYS_BEFORE, end: int = ALWAYS_AFTER, name: str = "M", **more: Any) -> Installation:
    return Installation(name, "kWh", 1.0, None, start, end, **more)


def test_the_gaps_of_a_meter_lie_between_what_covers_it_and_within_its_time() -> None:
    """Installed from ten hours after the start to ten before the end; covered over the end of January."""
    meter = Meter("M", (installed(JAN + 10 * HOUR, APR - 10 * HOUR),))
    covered = Runs(np.array([JAN - HOUR, FEB - 5 * HOUR]), np.array([JAN + 11 * HOUR, FEB + 7 * HOUR]))
    found = coverage_of([meter], {"M": covered}, EDGES)
    assert (found.covered[0] / HOUR).tolist() == [1 + 5, 7, 0]
    assert (found.expected[0] / HOUR).tolist() == [744 - 10, 696, 744 - 10]
    gaps = [((g.start - JAN) / HOUR, (g.end - JAN) / HOUR) for g in found.data_gaps]
    last = (APR - JAN) / HOUR - 10
    assert gaps == [(11, 739), (751, last)]
    assert found.data_gaps[0].hours == 728
    whole = filled(found, {"M": [(FEB - 20 * HOUR, FEB - 5 * HOUR), (MAR - HOUR, MAR + HOUR)]}, EDGES)
    assert (whole.covered[0] / HOUR).tolist() == [21, 8, 1]
    assert [((g.start - JAN) / HOUR, (g.end - JAN) / HOUR) for g in whole.data_gaps] == [
        (11, 724),
        (751, (MAR - JAN) / HOUR - 1),
        ((MAR - JAN) / HOUR + 1, last),
    ]
    outside = coverage_of([Meter("M", (installed(APR, APR + HOUR),))], {}, EDGES)
    assert outside.data_gaps == () and outside.expected.sum() == 0
    both = joined(found, replace(outside, meter_ids=("N",)))
    assert both.meter_ids == ("M", "N") and both.covered.shape == (2, 3)


# --- meters over time -----------------------------------------------------------------------


TWO = Meter("M", (installed(10, 20, "A"), installed(30, 40, "B")))


def test_which_installation_holds() -> None:
    at = np.array([9, 10, 19, 20, 29, 30, 39, 40])
    assert TWO.installation_at(at).tolist() == [-1, 0, 0, -1, -1, 1, 1, -1]
    assert (TWO.away(), TWO.place, TWO.limits()) == ([(20, 30)], (10, 40), [10, 20, 30, 40])
    near = Meter("M", (installed(end=20), installed(20)))
    assert (near.away(), near.limits(), near.place) == ([], [20], (ALWAYS_BEFORE, ALWAYS_AFTER))
    for edges, expected in (([0, 15, 35, 50], [5, 20, 5]), ([0, 5, 60, 70], [0, 30, 0]), ([40, 50], [0])):
        assert coverage_of([TWO], {}, np.array(edges)).expected.tolist() == [expected]


@pytest.mark.parametrize(("one", "other", "same"), [("A-1", " a-1", True), ("A-1", "A-2", False), ("", "", False)])
def test_a_meter_is_known_by_its_serial_number(one: str, other: str, same: bool) -> None:
    assert installed(name=one).same_meter(installed(name=other)) is same


def meters_of(*rows: dict[str, Any]) -> tuple[dict[str, Meter], list[str]]:
    found, findings = read_meters(
        rows_of("meters", [{"meter_id": "M", "unit": "kWh", **row} for row in rows]), TIMELINE.zone
    )
    return found, codes(findings)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"transformer_factor": 0.0}, ["readings.meter_value"]),
        ({"transformer_factor": 0.001}, []),
        ({"register_digits": 0.0}, ["readings.meter_value"]),
        ({"register_digits": 1.0}, []),
        ({"register_digits": 15.0}, []),
        ({"register_digits": 16.0}, ["readings.meter_value"]),
        ({"register_digits": 5.5}, ["readings.meter_value"]),
    ],
)
def test_numbers_of_a_meter_s_row(row: dict[str, Any], said: list[str]) -> None:
    assert meters_of(row)[1] == said
    assert installed().size is None and replace(installed(), digits=3).size == 1000.0


def test_rows_of_a_meter_may_follow_each_other_and_not_overlap() -> None:
    first, second = {"removed": datetime(2024, 2, 1)}, {"installed": datetime(2024, 2, 1)}
    assert meters_of(first, second)[1] == []
    assert meters_of(first, {"installed": datetime(2024, 1, 31, 23)})[1] == ["readings.meter_history"]
    own = {"serial_number": "S"}
    (meter,) = meters_of({**second, **own, "opening_reading": 7.0}, {**first, **own})[0].values()
    assert [(i.opening, i.closing) for i in meter.installations] == [(None, 7.0), (7.0, None)]
    (meter,) = meters_of({**first, **own, "closing_reading": 8.0}, {**second, **own})[0].values()
    assert [(i.opening, i.closing) for i in meter.installations] == [(None, 8.0), (8.0, None)]
    (meter,) = meters_of({**first, **own, "closing_reading": 8.0}, {**second, "serial_number": "T"})[0].values()
    assert [i.opening for i in meter.installations] == [None, None]


@pytest.mark.parametrize(
    ("first", "second", "missing"),
    [
        ({}, {}, True),
        ({"removed": datetime(2024, 2, 1)}, {"installed": datetime(2024, 1, 31)}, False),
        ({"installed": datetime(2024, 1, 1)}, {"installed": datetime(2024, 2, 1)}, True),
        ({"removed": datetime(2024, 2, 1)}, {}, True),
        ({"removed": datetime(2024, 2, 1)}, {"removed": datetime(2024, 3, 1)}, True),
    ],
)
def test_two_rows_that_hold_at_once_may_lack_a_date(
    first: dict[str, Any], second: dict[str, Any], missing: bool
) -> None:
    rows = rows_of("meters", [{"meter_id": "M", **first}, {"meter_id": "M", **second}])
    (finding,) = read_meters(rows, TIMELINE.zone)[1]
    assert finding.code == "readings.meter_history" and finding.where == rows[1].origin("meter_id")
    assert ("a date of installation or removal is missing" in finding.found) is missing


@pytest.mark.parametrize(
    ("day", "said"), [(datetime(2024, 3, 31, 2, 30), "skipped"), (datetime(2024, 10, 27, 2, 30), "twice")]
)
def test_a_meter_is_installed_at_a_time_that_the_clock_showed_once(day: datetime, said: str) -> None:
    rows = rows_of("meters", [{"meter_id": "M", "installed": day}])
    (finding,) = read_meters(rows, Timeline.of(date(2024, 1, 1), date(2024, 12, 31), "Europe/Berlin").zone)[1]
    assert said in finding.message and finding.where == rows[0].origin("installed")


# --- stocks -----------------------------------------------------------------------------------------


def stock(first: int, opening: float, received: float, closing: float, last: int | None = None, **more: Any) -> Any:
    start, end = datetime(2024, 1, first), datetime(2024, 1, first + 5 if last is None else last)
    row = {"meter_id": "S", "start": start, "end": end, "unit": "m3"}
    return {**row, "opening": opening, "received": received, "closing": closing, **more}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([stock(1, 10.0, 5.0, 15.0)], []),
        ([stock(1, 10.0, 5.0, 15.0 + 1e-9)], []),
        ([stock(1, 10.0, 5.0, 15.0 + 1e-7)], ["stocks.negative_use"]),
        ([stock(1, 0.0, 5.0, 0.0)], []),
        ([stock(1, -1.0, 5.0, 0.0)], ["stocks.below_zero"]),
        ([stock(1, 5.0, 5.0, -1.0)], ["stocks.below_zero"]),
        ([stock(1, 10.0, 5.0, 7.0), stock(6, 7.0, 0.0, 1.0)], []),
        ([stock(6, 7.0, 0.0, 1.0), stock(1, 10.0, 5.0, 7.0)], []),
        ([stock(1, 10.0, 5.0, 7.0), stock(6, 7.1, 0.0, 1.0)], ["stocks.break"]),
        ([stock(1, 10.0, 5.0, 7.0), stock(7, 9.0, 0.0, 1.0)], []),  # a time between them
        ([stock(1, 10.0, 5.0, 7.0), stock(6, 9.0, 0.0, 1.0, unit="L")], []),
        ([stock(1, 10.0, 5.0, 7.0), stock(5, 7.0, 0.0, 1.0)], ["stocks.overlap"]),
        ([stock(1, 10.0, 5.0, 7.0), stock(1, 10.0, 5.0, 7.0)], ["stocks.overlap"]),
        ([stock(1, 7.0, 0.0, 1.0, 4), stock(4, 1.0, 0.0, 0.0, 9), stock(1, 0.0, 0.0, 0.0, 3)], ["stocks.overlap"]),
        ([stock(1, 0.0, 0.0, 0.0)], []),
        ([stock(1, 0.3, 0.0, 0.1 + 0.2)], []),  # 0.30000000000000004
    ],
)
def test_what_left_a_store(rows: list[Any], said: list[str]) -> None:
    data: Any = SimpleNamespace(stocks=rows_of("stocks", rows))
    batches, covered, findings = stock_parts(data, {"S": TWO}, TIMELINE)
    assert codes(findings) == said and len(covered["S"]) >= 1
    used = sum(float(((b.value + b.closing - b.opening) * b.share).sum()) for b in batches)
    assert used == pytest.approx(sum(r["opening"] + r["received"] - r["closing"] for r in rows))


def test_what_is_wrong_with_a_stock_is_said_in_its_numbers() -> None:
    rows = [stock(1, 10.0, 5.0, 7.0), stock(6, 9.5, 0.5, 11.0)]
    data: Any = SimpleNamespace(stocks=rows_of("stocks", rows))
    broken, negative = stock_parts(data, {"S": TWO}, TIMELINE)[2]
    assert (broken.found, broken.data) == ("9.5 here, 7 there", {"difference": 2.5})
    assert broken.where == data.stocks[1].origin("opening")
    assert negative.found == "9.5 + 0.5 - 11 = -1 m3"


@pytest.mark.parametrize("change", [{"end": datetime(2024, 1, 1)}, {"unit": ""}, {"closing": None}, {"meter_id": "X"}])
def test_a_row_that_lacks_something_is_left_to_the_reader(change: dict[str, Any]) -> None:
    data: Any = SimpleNamespace(stocks=rows_of("stocks", [{**stock(1, 10.0, 5.0, 7.0), **change}]))
    assert stock_parts(data, {"S": TWO}, TIMELINE) == ([], {}, [])


# --- bills ------------------------------------------------------------------------------------------------


def bill(value: float, register: str = "", number: str = "1", **more: Any) -> dict[str, Any]:
    span = {"start": datetime(2024, 1, 1), "end": datetime(2024, 2, 1)}
    return {"meter_id": "M", "value": value, "unit": "kWh", "register": register, "invoice_no": number, **span, **more}


@pytest.mark.parametrize(
    ("rows", "amount", "said"),
    [
        ([bill(100.0)], 100.0, []),
        ([bill(0.1, unit="MWh")], 100.0, []),
        ([bill(60.0, "peak"), bill(40.0, "off-peak")], 100.0, []),
        ([bill(60.0, "peak"), bill(30.0, "normal"), bill(10.0, "off-peak"), bill(100.0, "total")], 100.0, []),
        ([bill(60.0, "peak"), bill(40.0, "off-peak"), bill(100.00009, "total")], 100.00009, []),
        ([bill(60.0, "peak"), bill(40.0, "off-peak"), bill(100.0002, "total")], 100.0002, ["invoices.registers"]),
        ([bill(60.0), bill(40.0)], 100.0, []),
        ([bill(60.0), bill(40.0, number="2")], 100.0, ["invoices.overlap"]),
        ([bill(60.0, "peak"), bill(40.0, "off-peak", number="2")], 100.0, []),
    ],
)
def test_a_bill_counts_by_its_total_or_its_tariffs(rows: list[Any], amount: float, said: list[str]) -> None:
    meter = Meter("M", (installed(),))
    data: Any = SimpleNamespace(invoices=rows_of("invoices", rows))
    (one,), findings = invoices(data, {"M": meter}, TIMELINE, Conversions())
    assert (one.amount, one.start, one.end) == (pytest.approx(amount), JAN, FEB)
    assert codes(findings) == said


# --- what is made of single readings -------------------------------------------------------------------------


def read(*rows: tuple[float, float, float]) -> Intervals:
    """From and to in hours after the start, and the amount."""
    start, end = (np.array([JAN + round(row[n] * HOUR) for row in rows], dtype=np.int64) for n in (0, 1))
    return Intervals(start, end, np.array([row[2] for row in rows]), lambda n: Origin(line=n), (("f", "s"),))


def wanted(how: str, **more: Any) -> Combination:
    return Combination(how, "P", ("M", "N"), ("m3", "K.h"), "K", Origin(), **more)


def test_a_product_is_the_amount_times_the_mean_of_each_interval() -> None:
    """10 m3 in two hours at a mean of 6 / 2 = 3; 20 m3 in one hour at 5; what only one of them has is none."""
    flow, heat = read((0, 2, 10.0), (2, 3, 20.0), (5, 6, 1.0)), read((0, 2, 6.0), (2, 3, 5.0), (7, 8, 9.0))
    meter = Meter("M", (installed(),))
    found, findings = multiplied(wanted("product"), (flow, heat), (meter, meter), TIMELINE)
    assert found is not None and findings == []
    assert found.intervals.amount.tolist() == [30.0, 100.0] and found.second.tolist() == [3.0, 5.0]
    assert found._rates() == (15.0, 100.0)
    assert found.limits(JAN, JAN + 2 * HOUR) == (10.0, 0.0, 3.0, 3.0)
    assert found.limits(JAN + HOUR, JAN + 3 * HOUR) == (25.0, 0.0, 3.0, 5.0)
    assert found.adds_up and found.runs.start.tolist() == [JAN]
    batch = found.batch(TIMELINE, [JAN + HOUR, JAN, APR])
    assert batch.value.tolist() == [15.0, 115.0] and batch.count.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (((0, 1, 6.0), (1, 2, 6.0)), "combined.intervals"),
        (((1, 3, 6.0),), "combined.intervals"),
        (((2, 4, 6.0),), "combined.not_together"),
        (((-2, 0, 6.0),), "combined.not_together"),
    ],
)
def test_factors_have_to_be_read_together(other: Any, code: str) -> None:
    meter = Meter("M", (installed(),))
    found, findings = multiplied(wanted("product"), (read((0, 2, 10.0)), read(*other)), (meter, meter), TIMELINE)
    assert found is None and codes(findings) == [code]
    apart = Meter("N", (installed(JAN, FEB),)), Meter("O", (installed(FEB, MAR),))
    assert multiplied(wanted("product"), (read((0, 2, 1.0)), read((0, 2, 1.0))), apart, TIMELINE) == (None, [])


@pytest.mark.parametrize(
    ("how", "values", "at"),
    [("last", [4.0, 6.0], [4, 800]), ("highest", [9.0, 6.0], [2, 800]), ("lowest", [2.0, 6.0], [0, 800])],
)
def test_the_last_highest_or_lowest_of_each_month(how: str, values: list[float], at: list[int]) -> None:
    seen = read((0, 2, 4.0), (2, 4, 18.0), (4, 6, 8.0), (800, 801, 6.0))
    meter = Meter("M", (installed(JAN - HOUR, FEB + 100 * HOUR),))
    found = single(wanted(how, monthly=True), seen, meter, TIMELINE)
    assert found.intervals.amount.tolist() == values and not found.adds_up
    assert [(t - JAN) / HOUR for t in found.intervals.start.tolist()] == at
    assert [((a - JAN) / HOUR, (b - JAN) / HOUR) for a, b in found.gaps] == [(6, 800), (801, 844)]
    of_year = single(wanted(how), seen, meter, TIMELINE)
    assert of_year.intervals.amount.tolist() == [{"last": 6.0, "highest": 9.0, "lowest": 2.0}[how]]
    assert choose(how, seen, np.array([0, 1, 2])) == {"last": 2, "highest": 1, "lowest": 0}[how]


def test_samples_are_counted_once_and_within_the_period() -> None:
    hours = (APR - JAN) / HOUR
    samples = read((-1, -1, 1.0), (0, 0, 1.0), (0, 0, 1.0), (0, 0, 2.0), (5, 5, 1.0), (hours, hours, 1.0))
    found = counted(wanted("count"), samples, TIMELINE)
    assert found.intervals.amount.tolist() == [1.0, 1.0, 1.0]
    assert found.runs.start.tolist() == Runs.always().start.tolist()
    assert (wanted("count").unit_of_amounts, wanted("count").meter_id) == ("1", "P: count of M")


def test_intervals_are_joined_in_order_of_time_with_their_places() -> None:
    one, other = read((2, 3, 1.0), (4, 5, 2.0)), read((0, 1, 3.0), (4, 4.5, 4.0))
    both = Intervals.joined([one, other])
    assert both.amount.tolist() == [3.0, 1.0, 4.0, 2.0] and len(both) == 4
    assert [both.where(n).line for n in range(4)] == [0, 0, 1, 1]
    assert both.hours.tolist() == [1.0, 1.0, 0.5, 1.0] and both.files == (("f", "s"),)
    assert Combined(wanted("product"), TWO, both, both.amount, both.amount, kind=SegmentKind.SAMPLE).adds_up is False


# --- curves that are compared -----------------------------------------------------------------------------------


def curve(*edges: int) -> Curve:
    start, end = np.array(edges[:-1], dtype=np.int64), np.array(edges[1:], dtype=np.int64)
    return Curve.of_spans(start, end, np.ones(len(start)))


def test_two_curves_are_compared_from_the_first_common_instant_of_a_month_to_that_of_the_next() -> None:
    months = np.array([0, 100, 200])
    one, other = curve(10, 20, 30, 110, 150, 190), curve(10, 30, 110, 130, 190)
    assert shared_spans(one, other, months) == [(10, 110), (110, 190)]
    assert shared_spans(one, curve(11, 31), months) == []
    assert shared_spans(one, curve(10, 20), months) == [(10, 20)]
    assert shared_spans(one, Curve.of_spans(NONE, NONE, np.zeros(0)), months) == []
