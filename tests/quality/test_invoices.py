"""Invoices as records of their meter."""

from __future__ import annotations

from datetime import datetime

import pytest

from support.results import calculated


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
