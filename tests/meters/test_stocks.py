"""The ledger of a store: what it cannot say."""

from __future__ import annotations

from typing import Any

import pytest

from jcm_mrv.findings import InputRefusedError
from support.boiler import FUEL_TONNES_PER_M3, boiler, boiler_tables
from support.workbooks import Rows, calibration, monthly, months


def ledger(*rows: tuple[float, float, float]) -> dict[str, Rows]:
    """Opening stock, received and closing stock [m3] of the boiler's tank, by month."""
    tables = boiler_tables()
    edges = months((2024, 1), len(rows))
    stocks: list[dict[str, Any]] = [
        {"meter_id": "T-1", "start": a, "end": b, "opening": o, "received": r, "closing": c, "unit": "m3"}
        for a, b, (o, r, c) in zip(edges, edges[1:], rows, strict=False)
    ]
    readings = [row for row in tables["readings"] if row["meter_id"] != "T-1"]
    return {"stocks": stocks, "readings": readings}


def test_a_stock_of_nothing_is_a_stock():
    # 10 + 11 + 12.5 m3 were used; 2.99 MWh of auxiliaries at 0.8 t/MWh.
    result = boiler(tables=ledger((0.0, 10.0, 0.0), (0.0, 11.0, 0.0), (0.0, 12.5, 0.0)))
    assert result.reductions == pytest.approx(33.5 * FUEL_TONNES_PER_M3 - 2.99 * 0.8)


def test_a_stock_below_zero_is_refused():
    # 5 + 12.5 - (-5) = 22.5 m3 would count, and 17.5 m3 are all that there was.
    with pytest.raises(InputRefusedError) as refused:
        boiler(tables=ledger((5.0, 10.0, 5.0), (5.0, 11.0, 5.0), (5.0, 12.5, -5.0)))
    (finding,) = [f for f in refused.value.findings if f.code == "stocks.below_zero"]
    assert finding.found == "-5 m3"
    assert finding.where.sheet == "Stocks"


FLOW = monthly("T-2", [2.0] * 3, unit="m3")
REGISTER = [
    {"meter_id": "T-2", "kind": "register", "end": end, "value": 100.0 + 2 * n, "unit": "m3"}
    for n, end in enumerate(months((2024, 1), 3))
]


@pytest.mark.parametrize("read", [FLOW, REGISTER])
def test_a_store_beside_a_flow_meter_adds_what_each_of_them_says(read: Rows) -> None:
    """20 + 10 - 18, 18 + 11 - 15 and 15 + 12.5 - 16 are 37.5 m3 from the tank, and 3 x 2 m3 through the other pipe."""
    tables = boiler_tables()
    given = ledger((20.0, 10.0, 18.0), (18.0, 11.0, 15.0), (15.0, 12.5, 16.0))
    other = {**tables["meters"][0], "meter_id": "T-2", "serial_number": "SN-T-2"}
    result = boiler(
        tables={
            "stocks": given["stocks"],
            "readings": [*given["readings"], *read],
            "meters": [*tables["meters"], other],
            "calibrations": [*tables["calibrations"], calibration("T-2")],
            "points": [*tables["points"], {**tables["points"][0], "meter_id": "T-2"}],
            "conversions": [*tables["conversions"], {**tables["conversions"][0], "meter_id": "T-2"}],
        }
    )
    assert result.reductions == pytest.approx((37.5 + 6.0) * FUEL_TONNES_PER_M3 - 2.99 * 0.8, rel=1e-9)
