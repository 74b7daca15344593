"""Small changes to a monitoring workbook on disk, as people and programs make them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

Plain = str | float | int | bool | date | datetime | None


def set_cells(path: Path, cells: Mapping[str, Plain]) -> Path:
    """Write cells named ``Sheet!A1``; a text that begins with = becomes a formula without result."""

    def change(book: Any) -> None:
        for place, value in cells.items():
            sheet, _, ref = place.rpartition("!")
            book[sheet][ref].value = value

    return edit(path, change)


def edit(path: Path, change: Callable[[Any], None]) -> Path:
    """Open with openpyxl, change and save in place."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def edit_part(path: Path, name: str, change: Callable[[bytes], bytes], level: int = 6) -> Path:
    """Change one part of the package, byte by byte; a part that is not there is added from b''."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return path


def sheet_part(path: Path, title: str) -> str:
    """The part that holds a sheet of a workbook as written by this program."""
    import openpyxl

    names = openpyxl.load_workbook(path, read_only=True).sheetnames
    return f"xl/worksheets/sheet{names.index(title) + 1}.xml"
