"""Billing cycles against the monitoring period, and the tree of meters, as the report lists them."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

from jcm_mrv.reporting.excel.beside import branches, cycles
from support import results
from support.workbooks import solar_tables


def test_a_cycle_says_how_much_of_it_lies_in_the_period_and_what_lies_between() -> None:
    """The period is January to March 2024. Of 31 days 19 lie in it; a day is missing; two overlap."""
    days = [(datetime(2023, 12, 20), datetime(2024, 1, 20)), (datetime(2024, 1, 21), datetime(2024, 2, 20)),
            (datetime(2024, 2, 18), datetime(2024, 4, 5))]  # fmt: skip
    invoices = [
        {"invoice_no": f"B-{n}", "meter_id": "M-1", "start": a, "end": b, "value": 1000.0, "unit": "kWh"}
        for n, (a, b) in enumerate(days)
    ]
    found = cycles(results.calculated(tables={"invoices": invoices}))
    assert [(one.days, one.inside, one.since) for one in found] == [(31, 19, None), (30, 30, 1), (47, 43, -2)]


def test_the_tree_of_meters_goes_from_the_main_meter_down() -> None:
    [row] = solar_tables()["meters"]
    rows = [
        SimpleNamespace(meter_id=name, below=above, unit=row["unit"])
        for name, above in (("M-2", "M-1"), ("M-1", "grid"), ("M-3", "M-2"))
    ]
    result = SimpleNamespace(data=SimpleNamespace(meters=rows))
    found = [(one.meter, one.depth, one.above, one.below) for one in branches(result)]  # type: ignore[arg-type]
    assert found == [("M-1", 0, "grid", ("M-2",)), ("M-2", 1, "M-1", ("M-3",)), ("M-3", 2, "M-2", ())]
