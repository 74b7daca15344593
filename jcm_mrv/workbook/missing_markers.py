"""What people and loggers write where there is no value: the one list for logs, cells and serial numbers.

**A new word goes into** :data:`MISSING`: it then counts in all three. The page
``docs/findings/logs.missing_marker.md`` lists the same words, by hand; a test
holds the two together. The other names here say less or more than that:
:data:`MARKS` which of them cannot be a heading, :data:`IN_CELLS` and
:data:`NO_SERIAL_NUMBER` what means nothing in one place only. What a status
column says of the value beside it ("invalid", but also "none": no fault) is
another question, answered in ``logs/words.py``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

MARKS = frozenset(
    (
        *("-", "--", "---", "*", "**", "***", "****", "--.-", "-.-"),
        *("n/a", "na", "n.a.", "nan", "nanstt", "null", "(null)", "none", "nil"),
        *("欠測", "欠損"),
    )
)
"""Those that no heading has: a row in which one stands is a row of values, also where times and numbers are missing."""

MISSING = MARKS | frozenset(
    (
        *("missing", "no data", "nodata", "no value", "no reading", "not available", "unavailable", "unknown"),
        *("bad", "bad data", "invalid", "void", "offline", "comm fail", "comm loss"),
        *("keine daten", "kein wert", "nicht verfügbar", "fehlt", "ungültig"),
        *("pas de données", "non disponible", "indisponible", "manquant", "sin datos", "no disponible", "sem dados"),
        *("欠", "未計測", "なし", "無", "無効", "デ-タなし", "无数据", "缺失"),
        *("thiếu", "không có", "không có dữ liệu", "mất dữ liệu", "tidak ada", "tidak ada data", "ไม่มีข้อมูล"),
    )
)
"""Markers of missing data, as :func:`folded` leaves them. In a log and in a cell: never a number, and never zero."""

IN_CELLS = MISSING | {"x", "×", "?"}
"""Where a person typed a value also these; in a log they may be a status or mark questionable data, and are refused."""

NO_DATE = IN_CELLS | {"/", "không", "no"}
"""Where a date belongs also these."""

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


def is_missing(text: str, more: Collection[str] = ()) -> bool:
    """True for a marker of missing data (no empty text, no error such as #DIV/0!), or for one of ``more``."""
    bare = folded(text)
    return bare in MISSING or bare in more


def is_mark(text: str) -> bool:
    """True for a marker of missing data that is no word of a heading."""
    return folded(text) in MARKS
