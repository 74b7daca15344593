"""Bills of deliveries beside the ledger of a tank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.origin import Origin
from jcm_mrv.quality.deliveries import _delivered, _either, _latest, _Row, _together, deliveries_against
from jcm_mrv.quality.settings import Settings
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR, MINUTE
from support.boiler import boiler, boiler_tables
from support.claims import rows_of, solar
from support.forms import OutputForm, sketch
from support.workbooks import months

EDGE = months((2024, 1), 3)


def deliveries_of(*bills: dict[str, Any], closing: tuple[float, float, float] = (5.0, 5.0, 5.0)) -> list[Finding]:
    """A ledger that received 10, 11 and 12.5 m3; the fuel of the boiler."""
    levels = zip(EDGE, EDGE[1:], (10.0, 11.0, 12.5), closing, strict=False)
    stocks = [
        {"meter_id": "T-1", "start": a, "end": b, "opening": 5.0, "received": r, "closing": c, "unit": "m3"}
        for a, b, r, c in levels
    ]
    base = boiler_tables()
    readings = [row for row in base["readings"] if row["meter_id"] == "E-1"]
    rows = [{"meter_id": "T-1", "unit": "m3", "invoice_no": str(n), **row} for n, row in enumerate(bills)]
    result = boiler(tables={"stocks": stocks, "invoices": rows, "readings": readings})
    return [f for f in result.findings if f.code == "stocks.deliveries"]


def delivered(month: int, value: float, day: int = 10) -> dict[str, Any]:
    return {"start": datetime(2024, month, day), "end": datetime(2024, month, day + 1), "value": value}


@pytest.mark.parametrize(
    ("values", "spans"),
    [
        ((10.0, 11.0, 12.5), 0),
        ((10.1, 11.0, 12.5), 0),
        ((10.2, 11.0, 12.5), 1),
        ((9.9, 11.0, 12.0), 1),
        ((10.0, 5.0, 20.0), 2),
    ],
)
def test_deliveries_and_the_ledger_may_differ_by_a_hundredth(values: tuple[float, ...], spans: int) -> None:
    found = deliveries_of(*(delivered(n + 1, value) for n, value in enumerate(values)))
    assert [f.data["spans"] for f in found] == ([spans] if spans else [])
    if spans:
        assert found[0].data["difference"] == pytest.approx(
            sum(r - v for r, v in zip((10.0, 11.0, 12.5), values, strict=True) if abs(r - v) > 0.01 * max(r, v))
        )


def test_a_delivery_that_may_lie_on_either_side_of_a_dip_is_compared_with_both() -> None:
    """4 m3 between 25 January and 5 February: 6 + 4 + 11 of 10 + 11 m3."""
    over = {"start": datetime(2024, 1, 25), "end": datetime(2024, 2, 5), "value": 4.0}
    assert deliveries_of(delivered(1, 6.0), over, delivered(2, 11.0), delivered(3, 12.5)) == []
    (found,) = deliveries_of(delivered(1, 6.0), {**over, "value": 5.0}, delivered(2, 11.0), delivered(3, 12.5))
    assert found.data["difference"] == pytest.approx(-1.0)


# --- which rows and deliveries are held together ------------------------------------------------------

SECOND = MINUTE // 60
TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")
JAN, FEB, MAR, APR = (int(edge) for edge in TIMELINE.edges)


def row(start: int, end: int, received: float = 10.0) -> _Row:
    return _Row(start, end, received, Origin(line=2))


def came(start: int, end: int, amount: float = 1.0) -> SecondarySource:
    return SecondarySource("T", SecondaryKind.INVOICE, start, end, amount, "m3", Origin(line=3))


@pytest.mark.parametrize(
    ("start", "end", "either"),
    [
        (FEB - DAY, FEB, False), (FEB - DAY, FEB + 1, True), (FEB - 1, FEB + DAY, True),
        (FEB + DAY, FEB + 2 * DAY, False),
        (FEB, FEB + DAY, True),  # on the day of the dip, which states no hour
        (FEB, FEB + DAY + 1, False), (FEB + 1, FEB + DAY, True), (FEB - 2 * DAY, FEB - DAY, False),
    ],
)  # fmt: skip
def test_a_delivery_in_either_of_two_rows(start: int, end: int, either: bool) -> None:
    """The first row ends on 1 February at midnight, where the second begins."""
    assert _either(came(start, end), row(JAN, FEB), row(FEB, MAR), TIMELINE) is either


def test_a_dip_with_its_hour_settles_the_day() -> None:
    """At 0:00:01 it is stated; a dip of midnight may be of any hour of its day."""
    assert _latest(FEB, TIMELINE) == FEB + DAY
    for stated in (HOUR, MINUTE, SECOND):
        assert _latest(FEB + stated, TIMELINE) == FEB + stated
    ten = FEB + 10 * HOUR
    assert not _either(came(ten, FEB + DAY), row(JAN, ten), row(ten, MAR), TIMELINE)
    assert _either(came(FEB, FEB + DAY), row(JAN, ten), row(ten, MAR), TIMELINE)


def test_rows_that_a_delivery_joins_are_one() -> None:
    rows = [row(JAN, FEB), row(FEB, MAR), row(MAR, APR)]
    assert _together(rows, [], TIMELINE) == [[one] for one in rows] and _together([], [], TIMELINE) == []
    assert _together(rows, [came(FEB - DAY, FEB + DAY)], TIMELINE) == [rows[:2], rows[2:]]
    assert _together(rows, [came(MAR, MAR + DAY)], TIMELINE) == [rows[:1], rows[1:]]
    both = [came(FEB - DAY, FEB + DAY), came(MAR - DAY, MAR + DAY)]
    assert _together(rows, both, TIMELINE) == [rows]
    # what may have left the first or the last row is compared with neither
    assert _together(rows, [came(JAN - 1, JAN + 1)], TIMELINE) == [rows[1:2], rows[2:]]
    assert _together(rows, [came(APR - 1, APR + 1)], TIMELINE) == [rows[:1], rows[1:2]]
    assert _together(rows, [came(JAN - DAY, JAN), came(APR, APR + DAY)], TIMELINE) == [[one] for one in rows]


def test_what_came_and_what_may_have_come() -> None:
    """3 within, 5 on the first day and 7 on the day of the last dip: without the first, with the last, with both."""
    deliveries = [came(FEB - DAY, FEB, 100.0), came(FEB, FEB + DAY, 5.0), came(FEB + 5 * DAY, FEB + 6 * DAY, 3.0),
                  came(MAR, MAR + DAY, 7.0), came(MAR + DAY, MAR + 2 * DAY, 100.0)]  # fmt: skip
    assert _delivered([row(FEB, MAR)], deliveries, TIMELINE) == (8.0, [8.0, 3.0, 15.0, 10.0])
    assert _delivered([row(JAN, FEB), row(FEB, MAR)], deliveries, TIMELINE)[0] == 108.0


def found_of(received: float, *bills: SecondarySource, **settings: float) -> list[Finding]:
    """A store that received so many m3 in February, in litres by its ledger."""
    stocks = rows_of(
        "stocks",
        [
            {"meter_id": name, "start": datetime(2024, 2, 1), "end": datetime(2024, 3, 1), "received": amount * 1000,
             "unit": "L"}
            for name, amount in (("T", received), ("U", 999.0))
        ],
    )  # fmt: skip
    claim, _ = solar().build()
    series: Any = SimpleNamespace(delivered=bills)
    data: Any = SimpleNamespace(stocks=stocks)
    given = {key.replace("_", ".", 1): value for key, value in settings.items()}
    return [one.finding for one in deliveries_against(claim, series, data, TIMELINE, Settings(given))]


@pytest.mark.parametrize(("billed", "count"), [(99.0, 0), (98.99, 1), (101.01, 0), (101.02, 1)])
def test_a_hundredth_of_the_larger(billed: float, count: int) -> None:
    """100 m3 by the ledger: 99 are a hundredth of 100 less, 101.01 a hundredth of 101.01 more."""
    found = found_of(100.0, came(FEB + DAY, FEB + 2 * DAY, billed))
    assert len(found) == count
    for one in found:
        assert one.data == {"spans": 1, "difference": pytest.approx(100.0 - billed)}
        assert one.found == f"2024-02-01 to 2024-03-01: received 100, invoices {billed:.6g} m3"
        assert one.where.sheet == "Stocks" and "store T received" in one.message
    assert found_of(100.0, came(FEB + DAY, FEB + 2 * DAY, billed), crosscheck_invoice_error=0.02) == []


def test_what_came_on_the_day_of_a_dip_belongs_where_it_fits() -> None:
    """100 m3 with the 5 of 1 March, 95 without; 90 are neither."""
    bills = (came(FEB + DAY, FEB + 2 * DAY, 95.0), came(MAR, MAR + DAY, 5.0))
    assert [len(found_of(received, *bills)) for received in (100.0, 95.0, 90.0)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("billed", "on_the_day", "effect", "other"),
    [
        # 10 MWh of fuel came in February, 9 were used by the ledger; ER falls by 1 t with each. 12 or 8 were billed.
        (12.0, 0.0, 2.0, 11.0), (8.0, 0.0, -2.0, 7.0),
        # 12 and 3 on the day of the last dip: as much as may have come. 3 and 5 on that day: 8 at most.
        (12.0, 3.0, 5.0, 14.0), (3.0, 5.0, -2.0, 7.0),
    ],
)  # fmt: skip
def test_where_er_falls_with_a_fuel_the_higher_of_ledger_and_deliveries_has_the_effect(
    billed: float, on_the_day: float, effect: float, other: float
) -> None:
    stock = {"meter_id": "EC", "start": datetime(2024, 2, 1), "end": datetime(2024, 3, 1), "opening": 4.0,
             "received": 10.0, "closing": 5.0, "unit": "MWh"}  # fmt: skip
    drawn = sketch(OutputForm, {"Q": [100.0] * 12, "EC": [9.0] * 12})
    claim, _ = drawn.build()
    day = int(drawn.timeline.edges[2])
    bills = [came(day - 9 * DAY, day - 8 * DAY, billed)] + ([came(day, day + DAY, on_the_day)] if on_the_day else [])
    series: Any = SimpleNamespace(delivered=[replace(one, meter_id="EC", unit="MWh") for one in bills])
    data: Any = SimpleNamespace(stocks=rows_of("stocks", [stock]))
    (one,) = deliveries_against(claim, series, data, drawn.timeline, Settings({}))
    assert one.finding.effect_tco2e == pytest.approx(effect)
    assert [(p.counted, p.other) for p in one.pairs] == [(9.0, pytest.approx(other))]
