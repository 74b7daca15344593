"""A tariff that is missing in one bill of the boiler's electricity.

1000, 1020 and 970 kWh, of which 40 % at the peak; at 0.8 t/MWh the largest off-peak amount is 612 kWh, 0.4896 t.
"""

from __future__ import annotations

from datetime import date, datetime
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


def by_hand(
    rows: list[dict[str, Any]], monkeypatch: Any, each: float | None = -0.0008, billed: str = "M"
) -> list[Finding]:
    """What is said of bills of M where ER moves by so much with a kWh that is missing."""
    effect = lambda meter, unit, amounts: None if each is None else each * sum(amounts.values())  # noqa: E731
    monkeypatch.setattr("jcm_mrv.quality.tariffs.Effects", lambda claim, timeline: effect)
    base = {"meter_id": "M", "unit": "kWh", "invoice_no": "I"}
    data: Any = SimpleNamespace(invoices=rows_of("invoices", [{**base, **row} for row in rows]))
    series: Any = SimpleNamespace(billed=[SimpleNamespace(meter_id=billed)])
    return list(tariff_findings(None, series, data, TIMELINE))  # type: ignore[arg-type]


def bill(n: int, register: str, value: float | None = 5.0, **more: Any) -> dict[str, Any]:
    return {"start": EDGES[n], "end": EDGES[n + 1], "register": register, "value": value, **more}


FULL = [bill(n, register, 5.0 + n) for n in (0, 1) for register in ("peak", "night")]


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([*FULL, bill(2, "peak")], ["night"]),
        ([*FULL, bill(2, "peak"), bill(2, "total")], []),  # a total holds them all
        ([*FULL, bill(2, "peak"), bill(2, "")], []),  # as does an amount of no tariff
        ([*FULL, bill(1, "total"), bill(2, "peak")], []),  # one other bill by tariffs is too few
        ([*FULL[:3], bill(2, "peak")], []),  # not in all others
        ([*FULL, bill(2, "peak"), bill(2, "night", None)], ["night"]),  # what has no value is not there
        ([*FULL, bill(2, "peak"), bill(2, "night", 0.0)], []),  # zero is an amount
        ([*FULL, bill(2, "peak"), bill(2, "night", start=None)], ["night"]),
        ([*FULL, bill(2, "peak"), bill(2, "night", end=None)], ["night"]),
        ([*FULL, bill(2, "noon")], ["night", "peak"]),
        ([*FULL, bill(2, "peak"), bill(2, "night", meter_id="X")], ["night"]),
    ],
)
def test_what_all_others_have(rows: list[dict[str, Any]], missing: list[str], monkeypatch: Any) -> None:
    found = by_hand(rows, monkeypatch)
    assert [f.message for f in found] == [
        f"the bill of meter M has no {name} amount, which every other bill has" for name in missing
    ]
    # the larger of 5 and 6 kWh, at 0.8 t/MWh; ER rises by what is missing
    assert [(f.data, f.effect_tco2e, f.severity) for f in found] == [
        ({"most": 6.0}, pytest.approx(0.0048), MAJOR) for _ in missing
    ]
    assert by_hand(rows, monkeypatch, billed="X") == []


@pytest.mark.parametrize(
    ("each", "effect", "severity"),
    [(0.5, -3.0, Severity.MINOR), (0.0, 0.0, MAJOR), (None, None, MAJOR), (-0.5, 3.0, MAJOR)],
)
def test_what_lowers_er_by_being_missing_is_minor(each: Any, effect: Any, severity: Any, monkeypatch: Any) -> None:
    (found,) = by_hand([*FULL, bill(2, "peak")], monkeypatch, each)
    assert (found.effect_tco2e, found.severity) == (effect, severity)


@pytest.mark.parametrize(
    ("start", "month"),
    [(datetime(2023, 12, 31), None), (EDGES[0], 0), (datetime(2024, 1, 31), 0), (EDGES[1], 1), (EDGES[3], None)],
)
def test_the_month_in_which_a_bill_begins_has_the_effect(start: datetime, month: int | None, monkeypatch: Any) -> None:
    """Of the others in MWh and in m3 the first is 2,000 kWh, the second is none; outside the period nobody knows."""
    asked: list[Any] = []
    effects = lambda meter, unit, amounts: asked.append((meter, unit, amounts)) or 1.0  # type: ignore[func-returns-value]  # noqa: E731
    monkeypatch.setattr("jcm_mrv.quality.tariffs.Effects", lambda claim, timeline: effects)
    others = [
        {
            "start": datetime(2022, n, 1),
            "end": datetime(2022, n + 1, 1),
            "register": register,
            "value": 2.0,
            "unit": unit,
        }
        for n, unit in ((1, "MWh"), (2, "m3"))
        for register in ("peak", "night")
    ]
    own = {"start": start, "end": datetime(2024, 5, 1), "register": "peak", "value": 1.0, "unit": "kWh"}
    rows = rows_of("invoices", [{"meter_id": "M", "invoice_no": "I", **row} for row in (*others, own)])
    data: Any = SimpleNamespace(invoices=rows)
    (found,) = tariff_findings(None, SimpleNamespace(billed=[SimpleNamespace(meter_id="M")]), data, TIMELINE)  # type: ignore[arg-type]
    assert asked == ([] if month is None else [("M", "kWh", {month: -2000.0})])
    assert (found.effect_tco2e, found.data) == (None if month is None else 1.0, {"most": 2000.0})


def test_what_others_have_in_an_amount_of_another_kind_is_not_known(monkeypatch: Any) -> None:
    (found,) = by_hand([*({**row, "unit": "m3"} for row in FULL), bill(2, "peak")], monkeypatch)
    assert found.data == {"most": 0.0}
