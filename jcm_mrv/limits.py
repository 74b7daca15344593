"""Limits on what a stranger's file may hold, and the one door for its numbers.

Everything here is listed in ``docs/limits.md``; ``tests/test_limits.py`` holds that it is.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.arrays import Numbers

LARGEST = 1e15
"""Of a number: up to here a double holds every whole number, and a spreadsheet every digit."""

SMALLEST = 1e-100
"""Of a number that is not 0: what is smaller is a slip, and one divided by it soon no number any more."""

MOST_YEARS = 50
"""Of a monitoring period."""

MOST_ROWS = {
    "readings": 200_000, "evidence": 50_000, "invoices": 20_000, "overrides": 10_000, "calibrations": 10_000,
    "stocks": 10_000, "conversions": 10_000, "fixed": 10_000, "equipment": 5_000, "points": 5_000, "logs": 2_000,
    "meters": 1_000, "eligibility": 1_000, "settings": 1_000, "estimates": 1_000, "team": 1_000, "project": 1_000,
}  # fmt: skip
"""Rows of a sheet, by its key; in a sheet that is not named here 1,000."""

MOST_FILE_BYTES = 300_000_000
"""Of a workbook; a log as text or Parquet may be larger."""


def number_fault(value: float) -> str:
    """Why a number cannot be one of a person's data; '' for one that can."""
    if value != value or value in (math.inf, -math.inf):
        return say("it is not finite")
    if abs(value) > LARGEST:
        return say("it is larger than {largest:.0e}, so that not every digit of it is certain", largest=LARGEST)
    if 0 < abs(value) < SMALLEST:
        return say("it is smaller than {smallest:.0e} and is not 0", smallest=SMALLEST)
    return ""


def sound(values: Numbers) -> bool:
    """True where :func:`number_fault` finds nothing in an array, except that a value is NaN for one that is missing."""
    import numpy as np

    size = np.abs(values)
    return not bool(((size > LARGEST) | ((size > 0) & (size < SMALLEST))).any())


def whole_number(digits: str | bytes, most: int) -> int | None:
    """A whole number written in digits; None for one above ``most``, however many digits it has."""
    text = digits.decode("ascii", "replace") if isinstance(digits, bytes) else digits
    text = text.lstrip("0") or "0"
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)):
        return None
    return number if (number := int(text)) <= most else None
