"""Small claims built in memory: what a workbook would hold, without a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Finding
from jcm_mrv.meters.segments import Coverage, Parts, SegmentKind, SeriesResult
from jcm_mrv.methodology.binding import Bound, bind
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.workbook.records import MonitoringData, no_readings
from jcm_mrv.workbook.row import Cell, ParameterCell
from jcm_mrv.workbook.rows import ROWS
from jcm_mrv.workbook.schema import sheet

FILE = "monitoring.xlsx"
HOUR = 3_600_000_000


def record(
    key: str, row: int, given: Mapping[str, Any], parameters: Mapping[str, tuple[Any, str]] | None = None
) -> Any:
    schema = sheet(key)
    cells = {}
    for n, column in enumerate(schema.columns):
        value = given.get(column.key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = float(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day)
        cells[column.key] = Cell(value, Origin(file=FILE, sheet=schema.title, cell=f"{chr(65 + n)}{row}"))
    extra = {
        symbol: ParameterCell(value, unit, Origin(file=FILE, sheet=schema.title, cell=f"Z{row}"))
        for symbol, (value, unit) in (parameters or {}).items()
    }
    return ROWS[key](row, cells, extra)


def rows_of(key: str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Rows of a sheet from row 2 on."""
    return [record(key, n + 2, row) for n, row in enumerate(rows)]


@dataclass
class Sketch:
    """A claim in few words. ``monthly`` maps a meter to its kWh per month; None is a month without reading."""

    methodologies: str
    start: date = date(2024, 1, 1)
    end: date = date(2024, 12, 31)
    equipment: list[dict[str, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    fixed: list[dict[str, Any]] = field(default_factory=list)
    monthly: dict[str, Sequence[float | None]] = field(default_factory=dict)
    unit: str = "kWh"
    entries: list[Entry] | None = None

    @property
    def timeline(self) -> Timeline:
        return Timeline.of(self.start, self.end, "Asia/Ho_Chi_Minh")

    def data(self) -> MonitoringData:
        project = record(
            "project",
            2,
            {"methodologies": self.methodologies, "period_start": self.start, "period_end": self.end, "title": "Test"},
        )
        units = []
        names = {c.key for c in sheet("equipment").columns}
        for n, row in enumerate(self.equipment):
            own = {k: v for k, v in row.items() if k in names}
            parameters = {k: v for k, v in row.items() if k not in names}
            units.append(record("equipment", n + 2, own, parameters))
        points = rows_of("points", self.points)
        fixed = rows_of("fixed", self.fixed)
        return MonitoringData(
            Path(FILE), FILE, "0" * 64, project, no_readings(FILE), [], equipment=units, points=points, fixed=fixed
        )

    def series(self) -> SeriesResult:
        months = self.timeline.months
        meters = tuple(self.monthly)
        rows = [(i, m, v) for i, meter in enumerate(meters) for m, v in enumerate(self.monthly[meter]) if v is not None]
        count = len(rows)
        whole = np.array([s.duration for s in months], dtype=np.int64)
        covered = np.array(
            [[0 if v is None else whole[m] for m, v in enumerate(self.monthly[meter])] for meter in meters],
            dtype=np.int64,
        ).reshape(len(meters), len(months))
        zero, one = np.zeros(count), np.ones(count)
        ordinal = np.ones(count, dtype=np.int64)
        parts = Parts(
            meter_ids=meters,
            units=(self.unit,),
            sources=(),
            meter=np.array([r[0] for r in rows], dtype=np.int64),
            month=np.array([r[1] for r in rows], dtype=np.int64),
            kind=ordinal * SegmentKind.ENERGY,
            value=np.array([r[2] for r in rows], dtype=np.float64),
            opening=zero,
            closing=zero,
            wrap=zero,
            share=one,
            factor=one,
            unit=ordinal * 0,
            count=ordinal,
            expected=ordinal,
            source=ordinal * -1,
            start=np.array([months[r[1]].start for r in rows], dtype=np.int64),
            end=np.array([months[r[1]].end for r in rows], dtype=np.int64),
            origins=[Origin(file=FILE, sheet="Readings", cell=f"E{n + 2}") for n in range(count)],
            opening_origins=[Origin(file=FILE, sheet="Readings", cell=f"E{n + 2}") for n in range(count)],
        )
        coverage = Coverage(meters, covered, np.tile(whole, (len(meters), 1)), ())
        return SeriesResult(parts, coverage, (), ())

    def bounds(self) -> list[Bound]:
        found = self.entries or [catalogue().find(m.strip()) for m in self.methodologies.split(";")]
        return [bind(entry) for entry in found]

    def build(self) -> tuple[Claim, list[Finding]]:
        claim, findings = build_claim(self.bounds(), self.data(), self.timeline, self.series())
        assert claim is not None, [str(f) for f in findings]
        return claim, findings


def solar(**changes: Any) -> Sketch:
    """One grid-connected system, 100 MWh a month: 1,200 MWh x 0.333 = 399.6 t."""
    sketch = Sketch(
        "VN_AM007 1.0",
        equipment=[{"equipment_id": "PV1", "connection": ("grid", "choice")}],
        points=[{"parameter": "EG", "applies_to": "PV1", "meter_id": "M1", "sign": "+"}],
        monthly={"M1": [100_000.0] * 12},
    )
    for name, value in changes.items():
        setattr(sketch, name, value)
    return sketch


def air_conditioners(**changes: Any) -> Sketch:
    """Two units on the grid, 1 MWh a month each, COP 4 against 3, 0.8 t/MWh: ER = 24 x 0.8 x (4/3 - 1) = 6.4 t."""
    sketch = Sketch(
        "ID_AM004 2.0",
        equipment=[
            {
                "equipment_id": n,
                "electricity_source": "shop",
                "evidence": "D-1",
                "COP_PJ": (4.0, "1"),
                "COP_RE": (3.0, "1"),
            }
            for n in ("AC1", "AC2")
        ],
        points=[{"parameter": "EC_PJ", "applies_to": f"AC{n}", "meter_id": f"M{n}", "sign": "+"} for n in (1, 2)],
        fixed=[
            {"parameter": "supply", "value": "grid", "unit": "choice", "document": "D-2"},
            {"parameter": "EF_grid", "value": 0.8, "unit": "tCO2/MWh", "document": "D-2", "page": "1"},
        ],
        monthly={"M1": [1000.0] * 12, "M2": [1000.0] * 12},
    )
    for name, value in changes.items():
        setattr(sketch, name, value)
    return sketch
