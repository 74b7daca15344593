"""Copies of the examples to work in, and a way to change single cells of a copied workbook."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[str], Path]:
    """Copy ``examples/<name>`` without what a calculation wrote; the path of the copy."""

    def copy(name: str) -> Path:
        return Path(shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=shutil.ignore_patterns("output", "__*")))

    return copy


@pytest.fixture
def change() -> Callable[..., None]:
    """Write a value under a heading of a sheet: ``change(path, "Logs", "Unit", "kW", row=2)``."""
    from openpyxl import load_workbook

    def write(path: Path, sheet: str, heading: str, value: object, row: int = 2) -> None:
        book = load_workbook(path)
        headings = [cell.value for cell in book[sheet][1]]
        book[sheet].cell(row, headings.index(heading) + 1).value = value
        book.save(path)

    return write


@pytest.fixture
def rows_of() -> Callable[..., list[dict[str, object]]]:
    """The rows of a sheet as heading to value, with the row number under ``#``."""
    from openpyxl import load_workbook

    def read(path: Path, sheet: str) -> list[dict[str, object]]:
        book = load_workbook(path, read_only=True)
        table = list(book[sheet].iter_rows(values_only=True))
        book.close()
        return [{**dict(zip(table[0], line, strict=True)), "#": n} for n, line in enumerate(table[1:], 2)]

    return read
