"""A small monitoring workbook as a plant would fill it in, on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jcm_mrv.methodology.template import template_methods
from jcm_mrv.workbook.template.writing import write_workbook

Rows = Sequence[Mapping[str, Any]]

PROJECT: Mapping[str, Any] = {
    "title": "Example roof (illustrative)",
    "country": "Viet Nam",
    "methodologies": "VN_AM007 1.0",
    "period_start": date(2024, 1, 1),
    "period_end": date(2024, 3, 31),
    "time_zone": "Asia/Ho_Chi_Minh",
    "report_date": date(2024, 5, 1),
    "location": "Example street 1 (illustrative)",
    "participants": "Example plant; Example partner (illustrative)",
    "focal_point": "Example partner (illustrative)",
    "operation_start": date(2023, 1, 1),
    "pdd": "None (illustrative)",
    "prepared_by": "Plant manager",
}


def months(start: tuple[int, int], count: int) -> list[datetime]:
    """The first instants of ``count`` successive months and of the one after them."""
    year, month = start
    return [datetime(year + (month - 1 + n) // 12, (month - 1 + n) % 12 + 1, 1) for n in range(count + 1)]


def monthly(meter: str, values: Sequence[float], start: tuple[int, int] = (2024, 1), unit: str = "kWh") -> Rows:
    """Readings of energy, one per month."""
    edges = months(start, len(values))
    return [
        {"meter_id": meter, "kind": "energy", "start": a, "end": b, "value": v, "unit": unit}
        for a, b, v in zip(edges, edges[1:], values, strict=False)
    ]


def calibration(meter: str) -> dict[str, Any]:
    """A test that the meter passed, valid over every period of the tests."""
    return {"meter_id": meter, "date": date(2010, 1, 1), "valid_until": date(2040, 1, 1), "result": "passed"}


def solar_tables(values: Sequence[float] = (100_000.0, 120_000.0, 140_000.0)) -> dict[str, Rows]:
    """One system with one meter; the grid's factor confirmed from an invented, labelled document."""
    return {
        "equipment": [
            {
                "equipment_id": "PV-1",
                "operation_start": date(2023, 1, 1),
                "rated_capacity": 1000.0,
                "rated_capacity_unit": "kW",
                "serial_number": "SN-PV-1",
            }
        ],
        "meters": [
            {
                "meter_id": "M-1",
                "unit": "kWh",
                "transformer_factor": 1.0,
                "serial_number": "SN-M-1",
                "accuracy_class": 0.5,
            }
        ],
        "calibrations": [calibration("M-1")],
        "points": [
            {
                "point_no": "1",
                "parameter": "EG",
                "applies_to": "PV-1",
                "meter_id": "M-1",
                "sign": "+",
                "option": "C",
                "frequency": "continuously",
                "responsible": "Plant manager",
            }
        ],
        "fixed": [
            {"parameter": "connection", "value": "grid", "unit": "choice", "document": "D-01"},
            {"parameter": "EF_RE_grid", "value": 0.5, "unit": "tCO2/MWh", "document": "D-01", "page": "3"},
        ],
        "readings": monthly("M-1", values),
        "eligibility": [{"number": "1", "criterion": "Illustrative", "met": "yes", "evidence": "D-01"}],
        "evidence": [{"document_id": "D-01", "title": "Illustrative"}],
        "team": [{"role": "Plant manager", "responsibility": "Reads the meters"}],
    }


def solar_workbook(
    path: Path, *, project: Mapping[str, Any] | None = None, tables: Mapping[str, Rows] | None = None
) -> Path:
    """Write the workbook, with some fields of the project or whole tables replaced."""
    filled = {**PROJECT, **(project or {})}
    write_workbook(path, template_methods(["VN_AM007 1.0"]), filled, {**solar_tables(), **(tables or {})})
    return path
