"""The rows of the meter register: classes, serial numbers, swaps and check meters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError
from support.workbooks import solar_tables, solar_workbook

SWAPPED = datetime(2024, 2, 1)


def found(folder: Path, code: str, meters: Sequence[Mapping[str, Any]], **tables: Any) -> list[Finding]:
    path = solar_workbook(folder / "monitoring.xlsx", tables={"meters": meters, **tables})
    try:
        findings = calculate_file(path).findings
    except InputRefusedError as refused:
        findings = list(refused.findings)
    return [f for f in findings if f.code == code]


def meter(**changes: Any) -> dict[str, Any]:
    return {**solar_tables()["meters"][0], **changes}


@pytest.mark.parametrize(
    ("code", "changes", "says"),
    [
        ("meters.class_required", {"accuracy_class": 1.0, "required_class": 0.5}, "class 0.5 is required"),
        (
            "meters.class_required",
            {"accuracy_class": None, "permissible_error": 1.0, "required_class": 0.5},
            "a permissible error of 1 %",
        ),
        ("meters.class_as_fraction", {"accuracy_class": 0.005}, "it looks like 0.5 %"),
        ("meters.class_as_fraction", {"permissible_error": 0.002}, "it looks like 0.2 %"),
        ("meters.no_error_limit", {"accuracy_class": None}, "neither"),
        ("meters.serial_missing", {"serial_number": None}, "no serial number"),
        ("meters.serial_missing", {"serial_number": "-"}, "no serial number"),
    ],
)
def test_a_row_of_a_meter(code: str, changes: dict[str, Any], says: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, code, [meter(**changes)])
    assert says in finding.message and finding.where.sheet == "Meters"
    assert not found(tmp_path, code, [meter(required_class=0.5)])


def test_a_meter_that_the_claim_does_not_use_needs_no_class(tmp_path: Path) -> None:
    rows = [meter(), meter(meter_id="M-9", accuracy_class=None, serial_number=None)]
    assert not found(tmp_path, "meters.no_error_limit", rows) and not found(tmp_path, "meters.serial_missing", rows)


@pytest.mark.parametrize(
    ("check", "says"),
    [({"checks": "C-1"}, "itself"), ({"checks": "M-1", "unit": "Nm3"}, "counts in Nm3")],
)
def test_a_check_meter_that_checks_nothing(check: dict[str, Any], says: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "meters.check_unit", [meter(), meter(meter_id="C-1", **check)])
    assert says in finding.message


def registers() -> list[dict[str, Any]]:
    at = {
        datetime(2024, 1, 1): 0.0,
        datetime(2024, 1, 31): 900.0,
        datetime(2024, 2, 2): 10.0,
        datetime(2024, 4, 1): 800.0,
    }
    return [{"meter_id": "M-1", "kind": "register", "end": t, "value": v, "unit": "kWh"} for t, v in at.items()]


def test_a_swap_without_readings(tmp_path: Path) -> None:
    old, new = meter(removed=SWAPPED), meter(serial_number="B", installed=SWAPPED, opening_reading=0.0)
    (finding,) = found(tmp_path, "meters.swap_without_readings", [old, new], readings=registers())
    assert "without the closing reading of the old meter" in finding.message
    (finding,) = found(tmp_path, "meters.swap_without_readings", [old, {**new, "opening_reading": None}],
                       readings=registers())  # fmt: skip
    assert "and the opening reading of the new meter" in finding.message
    rows = [{**old, "closing_reading": 930.0}, new]
    assert not found(tmp_path, "meters.swap_without_readings", rows, readings=registers())
