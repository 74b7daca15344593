"""What a member claims in the world: its meters, equipment, land, invoices, logs and its project, each by what it is.

Two members that claim the same thing for the same time count it twice (:mod:`jcm_mrv.portfolio.counted_twice`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from jcm_mrv.meters.serials import serial_number
from jcm_mrv.portfolio.outcome import Row
from jcm_mrv.result import Result
from jcm_mrv.workbook.rows import EquipmentRow, MeterRow, PointRow
from jcm_mrv.workbook.schema import fold

GENERATING = frozenset(
    (
        "solar_pv",
        "solar_pv_storage",
        "hydropower",
        "biomass_power",
        "waste_heat_power",
        "waste_to_energy",
        "cogeneration",
    )
)
"""Families that claim electricity which they generate; their symbols of it begin with EG."""


def identities_of(result: Result) -> list[Row]:
    """The rows of the table ``identities``."""
    found = [*_project(result), *_meters(result), *_equipment(result), *_invoices(result), *_files(result)]
    return [{"start": result.start.isoformat(), "end": result.end.isoformat(), **row} for row in found]


def _project(result: Result) -> Iterator[Row]:
    project = result.data.project
    key: Literal["reference_number", "title"] = "reference_number" if project.reference_number.strip() else "title"
    text = fold(project[key].text)
    if text:
        yield {
            "what": "project",
            "identity": f"{key} {text}",
            "label": project.title,
            "origin": str(project.origin(key)),
        }


def _meters(result: Result) -> Iterator[Row]:
    points: dict[str, list[PointRow]] = {}
    for point in result.data.points:
        points.setdefault(point.meter_id.strip(), []).append(point)
    for row in result.data.meters:
        used = points.get(row.meter_id.strip(), [])
        number = serial_number(row.serial_number)
        if used:
            yield {
                "what": "meter",
                "identity": number,
                "make": _make(row),
                "label": row.meter_id,
                "sign": "; ".join(sorted({point.sign or "+" for point in used})),
                "parameters": "; ".join(sorted({point.parameter.strip() for point in used})),
                "use": "generated" if any(_generates(result, point) for point in used) else "used",
                "origin": str(row.origin("serial_number")),
                **_within(result, row.installed, row.removed),
            }


def _generates(result: Result, point: PointRow) -> bool:
    families = {bound.entry.card.family for bound in result.claim.bounds}
    return bool(families & GENERATING) and point.parameter.strip().upper().startswith("EG") and point.sign != "-"


def _equipment(result: Result) -> Iterator[Row]:
    areas = {row.applies_to.strip() for row in result.data.fixed if row.parameter.strip() == "area"}
    for row in result.data.equipment:
        number = serial_number(row.serial_number)
        land = "area" in row.parameters or row.equipment_id.strip() in areas
        if land and not number and row.site.strip():
            number = f"{fold(row.site)} / {fold(row.equipment_id)}"
        if number:
            yield {
                "what": "land" if land else "equipment",
                "identity": number,
                "make": _make(row),
                "label": row.equipment_id,
                "origin": str(row.origin("serial_number")),
                **_within(result, row.operation_start, row.operation_end),
            }


def _invoices(result: Result) -> Iterator[Row]:
    for row in result.data.invoices:
        number = fold(row.invoice_no).replace(" ", "")
        if number:
            yield {
                "what": "invoice",
                "identity": number,
                "make": fold(row.supplier),
                "label": f"{row.invoice_no} of {row.meter_id}",
                "origin": str(row.origin("invoice_no")),
                **_within(result, row.start, None if row.end is None else row.end - timedelta(seconds=1)),
            }


def _files(result: Result) -> Iterator[Row]:
    """Every file that was read but the workbook itself: logs and electronic invoices; the workbook as the project."""
    for n, (path, sha256) in enumerate(result.inputs):
        what = "log" if n else "workbook"
        yield {"what": what, "identity": sha256, "label": path, "origin": path}


def _make(row: MeterRow | EquipmentRow) -> str:
    return " / ".join(filter(None, (fold(row.manufacturer), fold(row.model))))


def _within(result: Result, start: datetime | None, end: datetime | None) -> Row:
    """The part of the monitoring period in which something is used."""
    first = max([result.start, *([start.date()] if start else [])])
    last = min([result.end, *([end.date()] if end else [])])
    return {"start": first.isoformat(), "end": last.isoformat()}
