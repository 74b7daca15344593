"""A meter whose size nothing bounds: it weighs by what of the claim rests on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding
from support.workbooks import monthly, solar_tables, solar_workbook

BARE = [{k: v for k, v in row.items() if not k.startswith("rated")} for row in solar_tables()["equipment"]]


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
