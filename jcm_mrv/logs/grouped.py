"""Marks that set thousands apart, taken out of a whole stretch of a CSV file at once: 1.234.567,8 as 1234567,8."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Flags, Ordinals
from jcm_mrv.numerals import OTHER_MARK

_Bytes = npt.NDArray[np.uint8]
_AROUND = 6
"""Bytes before and after the one in question that are looked at, or more."""


def without_groups(chunk: bytes, decimal: str, delimiter: str) -> bytes | None:
    """The chunk with its grouped numbers as plain ones; None where it needs a look at each cell.

    A mark goes only where all before it in its cell, and three digits after it, are those of a grouped number. Any
    other stays (31.12.2024, 12.34), and no reader of numbers with this decimal mark takes a cell that holds one.
    """
    group = OTHER_MARK[decimal]
    if b'"' in chunk or group == delimiter:
        return None
    around = b"\n" * _AROUND
    data = np.frombuffer(b"".join((around, chunk, around)), dtype=np.uint8)
    digit = (data - ord("0")) < 10  # of bytes without sign: those below 0 are above 9
    if _holds_long(data, digit):
        return None
    marks = np.flatnonzero(data == ord(group))
    goes = marks[
        _closes(data, digit, marks, group + decimal + delimiter) & _opens(data, digit, marks, group, delimiter)
    ]
    if not len(goes):
        return chunk
    if (b"e" in chunk or b"E" in chunk) and _holds_power(data, digit):
        return None
    left = np.ones(len(data), dtype=np.bool_)
    left[:_AROUND] = left[-_AROUND:] = left[goes] = False
    return data[left].tobytes()


def _closes(data: _Bytes, digit: Flags, marks: Ordinals, ends: str) -> Flags:
    """The marks with three digits after them, no more."""
    found: Flags = digit[marks + 1] & digit[marks + 2] & digit[marks + 3]
    found &= np.isin(data[marks + 4], np.frombuffer(f"{ends}\r\n".encode(), dtype=np.uint8))
    return found


def _opens(data: _Bytes, digit: Flags, marks: Ordinals, group: str, delimiter: str) -> Flags:
    """The marks with one to three digits before them that begin the cell, perhaps after a sign, or follow a mark."""
    one, two, three = digit[marks - 1], digit[marks - 2], digit[marks - 3]
    begin = marks - np.where(one & two, np.where(three, 3, 2), 1)
    before = data[begin - 1]
    first: Flags = np.isin(before, np.frombuffer(f"{delimiter}\n+-".encode(), dtype=np.uint8))
    first &= data[begin] != ord("0")
    first |= before == ord(group)
    return one & first


def _holds_long(data: _Bytes, digit: Flags) -> bool:
    """True where a number begins with five digits: its writer sets no thousands apart."""
    run = digit[1:-4] & digit[2:-3] & digit[3:-2] & digit[4:-1] & digit[5:]
    at = np.flatnonzero(run)
    return bool((~digit[at] & ~np.isin(data[at], np.frombuffer(b".,' ", dtype=np.uint8))).any())


def _holds_power(data: _Bytes, digit: Flags) -> bool:
    """True where an e follows on a number: no grouped number has a power of ten."""
    at = np.flatnonzero((data | 0x20) == ord("e"))
    return bool((digit[at - 1] | (data[at - 1] == ord(".")) | (data[at - 1] == ord(","))).any())
