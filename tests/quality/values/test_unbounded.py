"""A meter whose size nothing bounds: it weighs by what of the claim rests on it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, Severity
from jcm_mrv.meters.segments import SecondaryKind
from jcm_mrv.quality.values.unbounded import unbounded
from support import limits
from support.workbooks import monthly, solar_tables, solar_workbook

BARE = [{k: v for k, v in row.items() if not k.startswith("rated")} for row in solar_tables()["equipment"]]
NOTE, MINOR, MAJOR = Severity.NOTE, Severity.MINOR, Severity.MAJOR
BILL = SimpleNamespace(meter_id="M1", kind=SecondaryKind.INVOICE)


def of(folder: Path, kwh: float, **tables: Any) -> list[Finding]:
    tables = {"equipment": BARE, "readings": monthly("M-1", [kwh / 3] * 3), **tables}
    result = calculate_file(solar_workbook(folder / "monitoring.xlsx", tables=tables))
    return [f for f in result.findings if f.code == "readings.unbounded"]


@pytest.mark.parametrize(("kwh", "severity"), [(1_000, "note"), (10_000, "minor"), (60_000, "major")])
def test_it_weighs_by_what_rests_on_the_meter(kwh: float, severity: str, tmp_path: Path) -> None:
    """At 0.5 t/MWh these are 0.5, 5 and 30 t."""
    (finding,) = of(tmp_path, kwh)
    assert finding.severity == severity and finding.data["tonnes"] == pytest.approx(kwh / 2000)


def test_a_capacity_a_highest_rate_an_estimate_or_a_bill_bounds_it(tmp_path: Path) -> None:
    tables = solar_tables()
    meter = {**tables["meters"][0], "highest_rate": 1000.0, "highest_rate_unit": "kW"}
    bill = {"invoice_no": "1", "meter_id": "M-1", "value": 20_000.0, "unit": "kWh",
            **{k: monthly("M-1", [1.0])[0][k] for k in ("start", "end")}}  # fmt: skip
    assert of(tmp_path, 60_000, equipment=tables["equipment"]) == []
    assert of(tmp_path, 60_000, meters=[meter]) == []
    assert of(tmp_path, 60_000, estimates=[{"year": 2024, "reductions": 30.0}]) == []
    assert of(tmp_path, 60_000, invoices=[bill]) == []


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("tonnes", "severity"), [(0.99, NOTE), (1.0, MINOR), (9.99, MINOR), (10.0, MAJOR), (None, MAJOR)]
)
def test_what_nothing_bounds_weighs_by_its_tonnes(tonnes: float | None, severity: Severity, sign: int) -> None:
    """100 kW over ten hours, each of these so many tonnes."""
    subject = limits.monthly([100.0], hours=10.0, each=None if tonnes is None else sign * tonnes / 1000)
    series: Any = SimpleNamespace(billed=(), seconds=(), combined=())
    data: Any = SimpleNamespace(estimates=[SimpleNamespace(reductions=None)])
    (found,) = unbounded([subject], series, data)
    assert found.severity is severity
    assert found.data == ({} if tonnes is None else {"tonnes": pytest.approx(tonnes)})


def test_what_is_said_of_it() -> None:
    """50 kW over two days are 2,400 kWh; it is pointed to by its first reading."""
    series: Any = SimpleNamespace(billed=(), seconds=(), combined=())
    data: Any = SimpleNamespace(estimates=[])
    (found,) = unbounded([limits.made(limits.hours(2), each=-0.001)], series, data)
    assert found.where.line == 2
    assert found.found == "2,400 kWh in all, on which 2.4 tCO2e of the claim rest"


@pytest.mark.parametrize(
    ("subject", "series", "estimates", "count"),
    [
        ({"highest": 1.0}, {}, [], 0),
        ({"rated": 1.0}, {}, [], 0),
        ({}, {"billed": (BILL,)}, [], 0),
        ({}, {"seconds": (BILL,)}, [], 0),
        ({}, {"seconds": (SimpleNamespace(meter_id="M1", kind=SecondaryKind.REGISTER),)}, [], 1),
        ({}, {"combined": (SimpleNamespace(meter_id="M1"),)}, [], 0),
        ({}, {}, [SimpleNamespace(reductions=None), SimpleNamespace(reductions=5.0)], 0),
        ({}, {}, [], 1),
    ],
)
def test_what_bounds_an_amount(
    subject: dict[str, Any], series: dict[str, Any], estimates: list[Any], count: int
) -> None:
    given: Any = SimpleNamespace(**{"billed": (), "seconds": (), "combined": (), **series})
    data: Any = SimpleNamespace(estimates=estimates)
    assert len(list(unbounded([limits.monthly([100.0], **subject)], given, data))) == count
