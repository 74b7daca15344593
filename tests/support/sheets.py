"""The sheets Meters, Readings and Logs in memory, as the reader of workbooks would hand them on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from jcm_mrv.meters.meters import read_meters
from jcm_mrv.meters.segments import DataGap, SeriesResult
from jcm_mrv.series import gather
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.workbook.records import MonitoringData, ReadingTable
from support.claims import FILE, record, rows_of

Row = Mapping[str, Any]
ZONE = "Asia/Ho_Chi_Minh"
LETTERS = {"meter_id": "A", "kind": "B", "start": "C", "end": "D", "value": "E", "unit": "F"}


def readings(rows: Sequence[Row]) -> ReadingTable:
    """Rows of Readings from row 2 on; a row without a kind is of energy in kWh."""

    def text(key: str, otherwise: str) -> np.ndarray[Any, np.dtype[np.str_]]:
        return np.array([r.get(key, otherwise) for r in rows], dtype=np.str_)

    def moment(key: str) -> np.ndarray[Any, np.dtype[np.datetime64]]:
        return np.array([r.get(key) or np.datetime64("NaT") for r in rows], dtype="datetime64[us]")

    return ReadingTable(
        file=FILE,
        meter_id=text("meter_id", "M-1"),
        kind=text("kind", "energy"),
        start=moment("start"),
        end=moment("end"),
        value=np.array([r["value"] for r in rows], dtype=np.float64),
        unit=text("unit", "kWh"),
        comment=("",) * len(rows),
        evidence=("",) * len(rows),
        row=np.arange(2, len(rows) + 2, dtype=np.int64),
        letters=LETTERS,
    )


def log_row(**given: Any) -> Row:
    """A row of Logs: log.csv, columns time and value, energy in kWh every 15 minutes, in the project's zone."""
    return {
        "log_id": "L-1", "meter_id": "M-1", "file": "log.csv", "layout": "wide", "time_column": "time",
        "value_column": "value", "unit": "kWh", "kind": "energy", "time_zone": ZONE, "stamp": "start",
        "interval_minutes": 15, "transformer_factor_included": "no", **given,
    }  # fmt: skip


def sheets(
    meters: Sequence[Row] = ({"meter_id": "M-1", "unit": "kWh"},), rows: Sequence[Row] = (), logs: Sequence[Row] = ()
) -> MonitoringData:
    """A workbook with no more than what parts are made of."""
    project, lines = record("project", 2, {}), readings(rows)
    return MonitoringData(
        Path(FILE), FILE, "0" * 64, project, lines, [], meters=rows_of("meters", meters), logs=rows_of("logs", logs)
    )


def parts_of(
    folder: Path = Path("nowhere"),
    *,
    meters: Sequence[Row] = ({"meter_id": "M-1", "unit": "kWh"},),
    rows: Sequence[Row] = (),
    logs: Sequence[Row] = (),
    start: date = date(2024, 1, 1),
    end: date = date(2024, 12, 31),
    zone: str = ZONE,
) -> SeriesResult:
    """Parts, coverage and findings of such a workbook over a period (both days inside)."""
    return series_of(sheets(meters, rows, logs), Timeline.of(start, end, zone), folder)


def series_of(data: MonitoringData, timeline: Timeline, folder: Path = Path("nowhere")) -> SeriesResult:
    """The series of a workbook in a folder, with the findings on its meters."""
    found, findings = read_meters(data.meters, timeline.zone)
    series = gather(replace(data, path=folder / FILE), found, timeline).series
    return replace(series, findings=(*findings, *series.findings))


def monthly(series: SeriesResult, timeline_months: Sequence[str], meter: str = "M-1") -> dict[str, float]:
    """Amounts with the factor in, by month label; months without a part are left out."""
    found: dict[str, float] = {}
    mine = series.parts.meter == series.parts.meter_ids.index(meter)
    for month, amount in zip(series.parts.month[mine].tolist(), series.parts.amounts()[mine].tolist(), strict=True):
        found[timeline_months[month]] = found.get(timeline_months[month], 0.0) + amount
    return found


def codes(series: SeriesResult) -> list[str]:
    """The codes of all findings, sorted."""
    return sorted(f.code for f in series.findings)


def inner_gaps(series: SeriesResult) -> list[DataGap]:
    """The data gaps with values on both sides."""
    first, last = int(series.parts.start.min()), int(series.parts.end.max())
    return [gap for gap in series.coverage.data_gaps if first < gap.start and gap.end < last]


def at(text: str) -> datetime:
    """``2024-03-01 06:00`` as a local time."""
    return datetime.fromisoformat(text)
