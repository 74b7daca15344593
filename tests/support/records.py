"""What is said of the small workbook of solar power with some of its records changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding, InputRefusedError
from jcm_mrv.workbook.scan import column_letters
from jcm_mrv.workbook.schema import sheet
from support.workbooks import Rows, solar_tables, solar_workbook


def findings(folder: Path, project: Mapping[str, Any] | None = None, **tables: Rows) -> list[Finding]:
    path = solar_workbook(folder / "monitoring.xlsx", project=project, tables=tables)
    try:
        return list(calculate_file(path).findings)
    except InputRefusedError as error:
        return list(error.findings)


def only(found: list[Finding], code: str) -> list[Finding]:
    return [f for f in found if f.code == code]


def cell(table: str, column: str, row: int) -> str:
    """A cell by the key of its column."""
    return column_letters([c.key for c in sheet(table).columns].index(column) + 1) + str(row)


def changed(table: str, **cells: Any) -> list[dict[str, Any]]:
    """The first row of a table of the small workbook with some cells changed."""
    return [{**solar_tables()[table][0], **cells}]


def unit(n: int, **cells: Any) -> dict[str, Any]:
    return {**solar_tables()["equipment"][0], "equipment_id": f"PV-{n}", "serial_number": f"SN-{n}", **cells}
