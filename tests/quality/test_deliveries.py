"""Bills of deliveries beside the ledger of a tank."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from jcm_mrv.findings import Finding
from support.boiler import boiler, boiler_tables
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
