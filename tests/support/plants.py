"""The plants of tests/data/plants, with changes by sheet and heading."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jcm_mrv.calculation import calculate_file
from jcm_mrv.findings import Finding
from jcm_mrv.result import Result
from support.mutations import edit

PLANTS = Path(__file__).parents[1] / "data" / "plants"


def plant(name: str, folder: Path, change: Callable[[Any], None] | None = None) -> Result:
    path = Path(shutil.copy(PLANTS / f"{name}.xlsx", folder / "monitoring.xlsx"))
    return calculate_file(path if change is None else edit(path, change))


def add(sheet: str, *rows: dict[str, Any]) -> Callable[[Any], None]:
    """Rows at the end of a sheet, by heading."""

    def change(book: Any) -> None:
        heads = [cell.value for cell in book[sheet][1]]
        for row in rows:
            book[sheet].append([row.get(head) for head in heads])

    return change


def set_value(sheet: str, row: int, heading: str, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        heads = [cell.value for cell in book[sheet][1]]
        book[sheet].cell(row, heads.index(heading) + 1).value = value

    return change


def codes(result: Result) -> set[str]:
    return {finding.code for finding in result.findings}


def finding(result: Result, code: str) -> Finding:
    (found,) = [f for f in result.findings if f.code == code]
    return found
