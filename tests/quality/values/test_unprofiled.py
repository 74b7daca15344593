"""Stocks and invoices against the highest rate: the diesel boiler with 0.03 m3/h, at most 22.32 m3 in 31 days.

Hours of the period 2184: at most 65.52 m3; of February and March 1440: 43.2 m3.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from jcm_mrv.findings import Finding, InputRefusedError, Severity
from support.boiler import FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.workbooks import months

EDGES = months((2024, 1), 3)
Row = dict[str, Any]


def above(rate: float = 0.03, **tables: Sequence[Row]) -> list[Finding]:
    base = boiler_tables()
    meters = [{**row, "highest_rate": rate, "highest_rate_unit": "m3/h"} for row in base["meters"][:1]]
    points = [{**base["points"][0], "option": "B"}, base["points"][1]]
    readings = [row for row in base["readings"] if row["meter_id"] == "E-1"]
    try:
        findings = boiler(
            tables={"meters": [*meters, base["meters"][1]], "points": points, "readings": readings, **tables}
        ).findings
    except InputRefusedError as refused:
        findings = refused.findings
    return [f for f in findings if f.code == "readings.above_capacity"]


def stocks(opening: float) -> list[Row]:
    levels = ((opening, 10.0, 5.0), (5.0, 11.0, 5.0), (5.0, 12.5, 5.0))
    return [
        {"meter_id": "T-1", "start": a, "end": b, "opening": o, "received": r, "closing": c, "unit": "m3"}
        for a, b, (o, r, c) in zip(EDGES, EDGES[1:], levels, strict=False)
    ]


def bills(*amounts: float) -> list[Row]:
    return [
        {"meter_id": "T-1", "start": a, "end": b, "value": v, "unit": "m3", "invoice_no": str(n)}
        for n, (a, b, v) in enumerate(zip(EDGES, EDGES[1:], amounts, strict=False))
    ]


def test_a_store_from_which_more_left_than_can_be_burnt_is_refused() -> None:
    """An opening stock of 50 for 5: 50 + 10 - 5 = 55 m3 in January, 2.464 times 22.32."""
    [finding] = above(stocks=stocks(50.0))
    assert finding.severity is Severity.ERROR
    assert finding.data["times"] == pytest.approx(55 / 22.32)
    assert finding.effect_tco2e == pytest.approx((55 - 22.32) * FUEL_TONNES_PER_M3)


def test_a_store_below_it_is_not_named() -> None:
    """17 + 10 - 5 = 22 m3; 17.5 + 10 - 5 = 22.5 m3 are 1.008 times as much as can be burnt."""
    assert above(stocks=stocks(17.0)) == []
    [finding] = above(stocks=stocks(17.5))
    assert finding.severity is Severity.MAJOR


def test_billed_fuel_may_be_burnt_later_but_not_after_the_end() -> None:
    """40 m3 in January are 65 in three months, less than 65.52; 35 m3 in March exceed its 22.32."""
    assert above(invoices=bills(40.0, 12.0, 13.0)) == []
    [early] = above(invoices=bills(55.0, 11.0, 12.5))
    assert early.data["times"] == pytest.approx(78.5 / 65.52)
    assert early.effect_tco2e == pytest.approx((78.5 - 65.52) * FUEL_TONNES_PER_M3)
    [late] = above(invoices=bills(10.0, 9.0, 35.0))
    assert late.data["times"] == pytest.approx(35 / (0.03 * 744)) and "2024-03" in late.message


def test_a_rate_that_is_not_stated_bounds_nothing() -> None:
    assert EDGES[0] == datetime(2024, 1, 1)
    assert above(rate=0.0, stocks=stocks(50.0)) == []
