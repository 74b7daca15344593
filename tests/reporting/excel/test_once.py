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


def test_a_constant_that_several_equations_declare_stands_in_one_cell() -> None:
    """The global warming potential of CO2 enters electricity and diesel: a change of it has to move both."""
    result = results.compost()
    [one] = result.methodologies
    assert [c.symbol for c in one.bound.constants].count("GWP_CO2") > 1
    book = load_workbook(BytesIO(workbook_report(result)), read_only=True)
    fixed = [sheet for sheet in book if sheet.title.startswith("Fixed values and defaults")]
    symbols = [row[0] for sheet in fixed for row in sheet.iter_rows(max_col=1, values_only=True)]
    assert symbols.count("GWP_CO2") == 1
    process = [row[5] for row in book["MRS(calc_process)"].iter_rows(max_col=6, values_only=True)]
    assert process.count("GWP_CO2") <= 1
    sources = [row for row in book["Sources"].iter_rows(values_only=True) if any(row)]
    assert len(sources) == len(set(sources))
