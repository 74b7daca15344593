"""A tariff that is missing in one bill of the boiler's electricity.

1000, 1020 and 970 kWh, of which 40 % at the peak; at 0.8 t/MWh the largest off-peak amount is 612 kWh, 0.4896 t.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.findings import Finding, Severity
from jcm_mrv.quality.tariffs import tariff_findings
from jcm_mrv.time.timeline import Timeline
from support.boiler import boiler, boiler_tables
from support.claims import rows_of
from support.limits import codes
from support.workbooks import months

EDGES = months((2024, 1), 3)
TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")
MAJOR = Severity.MAJOR


def bills(without: tuple[int, str] | None, **changed: float) -> list[dict[str, Any]]:
    rows = []
    for n, kwh in enumerate((1000.0, 1020.0, 970.0)):
        for register, share in (("peak", 0.4), ("off-peak", 0.6)):
            if (n, register) != without:
                row = {"invoice_no": f"I-{n}", "meter_id": "E-1", "start": EDGES[n], "end": EDGES[n + 1]}
                rows.append({**row, "value": changed.get(f"b{n}", share * kwh), "unit": "kWh", "register": register})
    return rows


def said(invoices: list[dict[str, Any]]) -> list[Finding]:
    tables = boiler_tables()
    fuel, power = tables["points"]
    readings = [row for row in tables["readings"] if row["meter_id"] == "T-1"]
    result = boiler(tables={"invoices": invoices, "readings": readings, "points": [fuel, {**power, "option": "B"}]})
    return [f for f in result.findings if f.code == "invoices.tariff_missing"]


def test_a_tariff_that_is_missing_in_one_bill_is_a_question_with_its_effect():
    (finding,) = said(bills((2, "off-peak")))
    assert finding.severity is Severity.MAJOR
    assert finding.effect_tco2e == pytest.approx(0.6 * 1020 / 1000 * 0.8)


def test_bills_with_the_same_tariffs_are_complete():
    assert said(bills(None)) == []


def test_a_tariff_of_one_bill_alone_is_not_missing_in_the_others():
    """A peak tariff that came in March."""
    rows = [{**row, "register": "normal"} for row in bills(None) if row["register"] == "off-peak"]
    last = {**rows[2], "register": "peak"}
    assert said([*rows, last]) == []


class _Effect:
    """ER falls by 0.8 t for each MWh."""

    def __call__(self, meter: str, unit: str, amounts: Any) -> float:
        return sum(-0.8 * amount / 1000 for amount in amounts.values())


@pytest.mark.parametrize(
    ("bills", "missing", "said"),
    [
        (3, True, ["tariff_missing"]),
        (3, False, []),
        (2, True, []),
    ],
)
def test_a_tariff_that_the_others_have(bills: int, missing: bool, said: list[str], monkeypatch: Any) -> None:
    """Peak 400 kWh and off-peak 600 kWh in each; of the last the off-peak is missing: at most 612 kWh of it."""
    rows = []
    for n in range(bills):
        for register, kwh in (("peak", 400.0), ("off-peak", 600.0 + 6 * n)):
            if not (missing and register == "off-peak" and n == bills - 1):
                unit, value = ("MWh", kwh / 1000) if n == 1 else ("kWh", kwh)  # the second is billed in MWh
                row = {"meter_id": "M", "start": EDGES[n], "end": EDGES[n + 1], "value": value, "unit": unit}
                rows.append({**row, "register": register, "invoice_no": str(n)})
    monkeypatch.setattr("jcm_mrv.quality.tariffs.Effects", lambda claim, timeline: _Effect())
    data: Any = SimpleNamespace(invoices=rows_of("invoices", rows))
    series: Any = SimpleNamespace(billed=[SimpleNamespace(meter_id="M")])
    found = list(tariff_findings(None, series, data, TIMELINE))  # type: ignore[arg-type]
    assert codes(found) == said
    for one in found:
        assert one.data["most"] == 606.0 and one.effect_tco2e == pytest.approx(0.8 * 0.606)
        assert one.severity is MAJOR
