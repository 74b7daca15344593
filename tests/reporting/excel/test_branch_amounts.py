"""A main meter against the meters below it: the amounts of each month, and what remains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from jcm_mrv.reporting.excel.report import workbook_report
from support import results
from support.libreoffice import recalculate
from support.workbooks import monthly, solar_tables


def below_the_tree(path: Path) -> list[list[Any]]:
    rows = [[cell.value for cell in row[:4]] for row in load_workbook(path, data_only=True)["Meters"].iter_rows()]
    start = next(n for n, row in enumerate(rows) if str(row[0]).startswith("Main meters against"))
    return rows[start + 2 :]


def test_a_main_meter_less_what_hangs_below_it_follows_the_readings(tmp_path: Path) -> None:
    """100 MWh less 40 MWh leave 60; 120 less 50 leave 70; of March the sub-meter has no reading: nothing is known."""
    [meter] = solar_tables()["meters"]
    meters = [{**meter, "below": "grid"}, {**meter, "meter_id": "M-2", "serial_number": "SN-M-2", "below": "M-1"}]
    calibrations = [{**solar_tables()["calibrations"][0], "serial_number": s} for s in ("SN-M-1", "SN-M-2")]
    readings = [*monthly("M-1", (100_000.0, 120_000.0, 140_000.0)), *monthly("M-2", (40_000.0, 50_000.0))]
    tables = {"meters": meters, "readings": readings, "calibrations": calibrations}
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook_report(results.calculated(tables=tables)))
    expected = [
        ["M-1", "2024-01", 100, "MWh"], ["    M-2", "2024-01", 40, "MWh"], ["remainder", "2024-01", 60, "MWh"],
        ["M-1", "2024-02", 120, "MWh"], ["    M-2", "2024-02", 50, "MWh"], ["remainder", "2024-02", 70, "MWh"],
        ["M-1", "2024-03", 140, "MWh"], ["    M-2", "2024-03", None, "MWh"], ["remainder", "2024-03", None, "MWh"],
    ]  # fmt: skip
    assert below_the_tree(path) == expected
    book = load_workbook(path)
    january = next(c for c in book["Readings"]["D"] if c.value == 100_000)
    january.value = 101_000
    book.save(tmp_path / "changed.xlsx")
    anew = below_the_tree(recalculate(tmp_path / "changed.xlsx", tmp_path / "anew"))
    assert [row[2] for row in anew[:3]] == [101, 40, 61]
