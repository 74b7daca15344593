"""The cells of a log, whatever file they come from: their text, and whether they look like a time or a value."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from jcm_mrv.numerals import is_number
from jcm_mrv.time.timestamps import looks_like_time
from jcm_mrv.workbook.missing_markers import is_mark

CellValue = str | float | int | bool | datetime | None


def folded(text: str) -> str:
    """Text as headings and names are compared: width and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def cell_text(cell: CellValue) -> str:
    """A cell as a person reads it; "" for an empty one."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def is_blank(cell: CellValue) -> bool:
    """True for an empty cell, and for one of spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_time(cell: CellValue) -> bool:
    """True for a date or a text that is one."""
    return isinstance(cell, datetime) or (isinstance(cell, str) and bool(cell.strip()) and looks_like_time(cell))


def is_value(cell: CellValue) -> bool:
    """True for a number, a text that is one, or a marker of missing data."""
    if isinstance(cell, str):
        return is_number(cell) or is_mark(cell)
    return isinstance(cell, int | float)
