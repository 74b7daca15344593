"""Invoices as records of their meter."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.origin import Origin
from jcm_mrv.quality.invoices import invoice_findings
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY
from support.limits import codes
from support.results import calculated

TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")
JAN, FEB, MAR, APR = (int(edge) for edge in TIMELINE.edges)


@pytest.mark.parametrize(("year", "severity"), [(2023, "major"), (2024, "minor")])
def test_invoices_of_another_year_are_a_question_since_they_check_nothing(year: int, severity: str) -> None:
    """One of January in the monitoring period of January to March leaves out 60 days; one of 2023 all 91."""
    invoice = {
        "invoice_no": "B-1", "meter_id": "M-1", "start": datetime(year, 1, 1), "end": datetime(year, 2, 1),
        "value": 100_000.0, "unit": "kWh",
    }  # fmt: skip
    (finding,) = [f for f in calculated(tables={"invoices": [invoice]}).findings if f.code == "invoices.missing"]
    assert finding.severity == severity
    assert finding.data == {"days": 91.0 if year == 2023 else 60.0}


def bill(start: int, end: int, amount: float = 100.0) -> SecondarySource:
    return SecondarySource("M", SecondaryKind.INVOICE, start, end, amount, "kWh", Origin(line=start % 997))


@pytest.mark.parametrize(
    ("bills", "said", "days"),
    [
        ([bill(JAN, FEB), bill(FEB, MAR), bill(MAR, APR)], [], 0),
        ([bill(JAN, FEB), bill(FEB + DAY, MAR), bill(MAR, APR)], ["missing"], 1),
        ([bill(JAN, FEB), bill(FEB + DAY - 1, MAR), bill(MAR, APR)], [], 0),
        ([bill(JAN, FEB - 1), bill(FEB - DAY, MAR), bill(MAR, APR)], ["overlap"], 0),
        ([bill(JAN - 1, FEB), bill(FEB, APR)], ["cycle"], 0),
        ([bill(JAN, FEB), bill(FEB, APR + 1)], ["cycle"], 0),
        ([bill(JAN - DAY, JAN), bill(JAN, APR), bill(APR, APR + DAY)], [], 0),
        ([bill(JAN + 2 * DAY, APR - 3 * DAY)], ["missing"], 5),
    ],
)
def test_bills_over_the_period(bills: list[SecondarySource], said: list[str], days: float) -> None:
    for series in (SimpleNamespace(seconds=bills, billed=()), SimpleNamespace(seconds=(), billed=bills[::-1])):
        found = list(invoice_findings(series, TIMELINE))  # type: ignore[arg-type]
        assert codes(found) == said
        assert [f.data["days"] for f in found if f.code.endswith("missing")] == ([pytest.approx(days)] if days else [])
