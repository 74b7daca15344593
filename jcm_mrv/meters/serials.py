"""Serial numbers: when a text is one, and how two of them are compared."""

from __future__ import annotations

from typing import Literal

from jcm_mrv.workbook.missing_markers import NO_SERIAL_NUMBER, folded
from jcm_mrv.workbook.row import Record
from jcm_mrv.workbook.schema import fold

_Make = Literal["manufacturer", "model"]
_MAKE: tuple[_Make, ...] = ("manufacturer", "model")


def serial_number(text: str) -> str:
    """A serial number as it is compared (case, width and white space do not matter); '' where it is none."""
    return "" if folded(text) in NO_SERIAL_NUMBER else fold(text).replace(" ", "")


def same_make(one: Record[_Make], other: Record[_Make]) -> bool:
    """False when two rows name different manufacturers or models: these may give the same number to two things."""
    return all(not (a := fold(one[key].text)) or not (b := fold(other[key].text)) or a == b for key in _MAKE)
