"""What people and loggers write where there is no value: the one list for logs, cells and serial numbers.

A word that is added to :data:`MISSING` counts in all three; the page
``docs/findings/logs.missing_marker.md`` lists the same words.
"""

from __future__ import annotations

import unicodedata

MISSING = frozenset(
    (
        *("-", "--", "---", "*", "**", "***", "****"),
        *("n/a", "na", "n.a.", "nan", "null", "none", "nil", "missing", "no data"),
        *("欠測", "欠損", "欠", "未計測", "なし", "無", "thiếu", "tidak ada"),
    )
)
"""Markers of missing data, as :func:`folded` leaves them. In a log and in a cell: never a number, and never zero."""

IN_CELLS = MISSING | {"x", "×", "?"}
"""Where a person typed a value also these; in a log they may be a status or a doubt, and are refused."""

NO_SERIAL_NUMBER = IN_CELLS | {
    *("/", ".", "0", "xxx", "no", "unknown", "not known", "not available", "not applicable"),
    *("tbd", "tbc", "to be confirmed", "same", "illustrative", "không", "không có", "不明"),
}
"""Where a serial number belongs also these."""

_DASHES = str.maketrans(dict.fromkeys("−‒–—―ー", "-"))


def folded(text: str) -> str:
    """Text as markers are compared: case, width, white space and the kind of dash do not matter."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return " ".join(text.split()).casefold()


def is_missing(text: str) -> bool:
    """True for a marker of missing data (not for an empty text, nor for an error such as #DIV/0!)."""
    return folded(text) in MISSING
