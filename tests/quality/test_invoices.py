"""Invoices as records of their meter."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.meters.segments import SecondaryKind, SecondarySource
from jcm_mrv.meters.tree import Tree
from jcm_mrv.origin import Origin
from jcm_mrv.quality.invoices import compared_with_nothing, invoice_findings
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


def said(*bills: SecondarySource) -> list[tuple[str, str, str]]:
    series: Any = SimpleNamespace(seconds=bills, billed=())
    return [(f.code.split(".")[1], str(f.severity), f.found) for f in invoice_findings(series, TIMELINE)]


def test_the_time_without_bills_is_named_and_all_of_it_is_major() -> None:
    """January to March 2024 have 91 days; bills of the years beside it check nothing."""
    assert said(bill(JAN - DAY, JAN), bill(APR, APR + DAY)) == [
        ("missing", "major", "nothing for 2024-01-01 to 2024-04-01")
    ]
    assert said(bill(FEB, MAR)) == [
        ("missing", "minor", "nothing for 2024-01-01 to 2024-02-01, 2024-03-01 to 2024-04-01")
    ]
    assert said(bill(JAN, FEB), bill(FEB, MAR)) == [("missing", "minor", "nothing for 2024-03-01 to 2024-04-01")]


@pytest.mark.parametrize(("start", "words"), [(JAN - DAY, "Correct their dates"), (FEB, "Add the invoices")])
def test_what_to_do_about_bills_that_lack_time(start: int, words: str) -> None:
    series: Any = SimpleNamespace(seconds=[bill(start, start + DAY)], billed=())
    assert [f.action.startswith(words) for f in invoice_findings(series, TIMELINE)] == [True]


def test_bills_of_one_time_are_named_with_that_time() -> None:
    """The second one bills ten days of January again; a third lies within the second."""
    long, inner = bill(FEB - 10 * DAY, APR), bill(FEB, MAR)
    assert said(bill(JAN, FEB), long)[0][2].startswith("from 2024-01-22 to 2024-02-01, also in ")
    assert [found[:9] + found[15:29] for _, _, found in said(bill(JAN, APR), inner)] == ["from 2024 to 2024-03-01"]


def test_a_cycle_over_either_end_of_the_period_is_named() -> None:
    cycles = [
        found for code, _, found in said(bill(JAN - DAY, FEB), bill(FEB, MAR), bill(MAR, APR + DAY)) if code == "cycle"
    ]
    assert cycles == ["2023-12-31 to 2024-02-01", "2024-03-01 to 2024-04-02"]
    assert [code for code, _, _ in said(bill(JAN - DAY, APR + DAY))] == ["cycle"]


def test_other_sources_beside_a_meter_are_no_bills() -> None:
    reading = SecondarySource("M", SecondaryKind.READING, JAN - 1, FEB, 1.0, "kWh", Origin())
    assert said(reading) == []


@pytest.mark.parametrize(
    ("kind", "read", "above", "alone"),
    [
        (SecondaryKind.INVOICE, [], {}, True), (SecondaryKind.INVOICE, ["X"], {}, True),
        (SecondaryKind.INVOICE, ["M"], {}, False), (SecondaryKind.INVOICE, ["X"], {"X": "M"}, False),
        (SecondaryKind.INVOICE, ["X"], {"M": "X"}, True), (SecondaryKind.READING, [], {}, False),
    ],
)  # fmt: skip
def test_bills_stand_against_the_meter_or_what_hangs_below_it(
    kind: SecondaryKind, read: list[str], above: dict[str, str], alone: bool
) -> None:
    parts = SimpleNamespace(
        meter_ids=("X", "M"), meter=np.array([("X", "M").index(one) for one in read], dtype=np.int64)
    )
    seconds = [
        SecondarySource("M", kind, JAN, FEB, amount, "kWh", Origin(line=n)) for n, amount in enumerate((7.0, 8.0))
    ]
    series: Any = SimpleNamespace(parts=parts, seconds=seconds)
    found = list(compared_with_nothing(series, Tree(above)))
    assert [(f.found, f.where.line) for f in found] == ([("7 kWh in the first of them", 0)] if alone else [])
