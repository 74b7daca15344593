"""A reading that is corrected in the Excel report moves the tonnes as a fresh calculation with that reading does."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from jcm_mrv.reporting.excel.report import workbook_report
from jcm_mrv.reporting.excel.styles import INPUT_FILL
from jcm_mrv.result import Result
from support import results
from support.libreoffice import recalculate_all

MOMENTS = [datetime(2024, 1, 1), datetime(2024, 1, 20), datetime(2024, 2, 25), datetime(2024, 4, 1)]
READINGS = [1000.0, 21000.0, 61000.0, 121000.0]


def calculated(values: list[float]) -> Result:
    """A register of kWh that is read in the middle of months: its readings are cut at their ends."""
    rows: list[dict[str, Any]] = [
        {"meter_id": "M-1", "kind": "register", "end": moment, "value": value, "unit": "kWh"}
        for moment, value in zip(MOMENTS, values, strict=True)
    ]
    return results.calculated(tables={"readings": rows})


def test_every_register_reading_stands_in_one_cell_and_moves_the_tonnes_as_it_should(tmp_path: Path) -> None:
    """First, middle and last, each 500 kWh higher: only the ends of the period move the whole."""
    book = load_workbook(BytesIO(workbook_report(calculated(READINGS))))
    paths = []
    for n, value in enumerate(READINGS):
        [cell] = [
            c
            for row in book["Readings"].iter_rows()
            for c in row
            if c.value == value and c.fill.fgColor.rgb == "FF" + INPUT_FILL.lstrip("#")
        ]
        cell.value = value + 500
        paths.append(tmp_path / f"{n}.xlsx")
        book.save(paths[-1])
        cell.value = value
    for n, path in enumerate(recalculate_all(paths, tmp_path / "anew")):
        changed = [value + 500 * (n == k) for k, value in enumerate(READINGS)]
        sheet = load_workbook(path, data_only=True)["MRS(calc_process)"]
        total = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Total")
        assert total[5] == pytest.approx(calculated(changed).reductions, rel=1e-9), f"reading {n}"
        assert total[-1] == "OK" or "OK" in total
