"""The cells of a sheet's XML all at once, where it is written as spreadsheet programs write it.

Excel, LibreOffice, XlsxWriter and openpyxl begin a cell with ``<c r="B7"`` and a row with ``<row r="7"``, and refer to
a shared text by ``t="s"><v>12<``. Where a single one is written otherwise, nothing is said of the sheet, and
:mod:`jcm_mrv.workbook.scan` looks at it tag by tag. Both come to the same (``tests/workbook/test_bulk.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Flags, Ordinals

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int32]  # offsets within a block: at half the size they take half the time

_BLOCK = 1 << 19  # bytes looked at in one go, so that the arrays made of them stay small
_BEYOND = 256  # bytes behind them in which the last tag of a block, and the tag that follows it, begin
_MOST_LETTERS, _MOST_DIGITS = 3, 7  # of the place of a cell: XFD1048576
_PREFIXED = re.compile(rb":(?:c|row|v)[\s/>]")
_ENDS_NAME = np.frombuffer(b" \t\n\r\f\v/>", dtype=np.uint8)


@dataclass(frozen=True)
class Cells:
    """Of a sheet: how many cells, the largest column and row that are named, and the numbers of the shared texts."""

    count: int
    width: int
    height: int
    texts: Ordinals | Places


def cells_at_once(data: bytes) -> Cells | None:
    """What the cells of a sheet say of themselves; None where one of them is written in another way."""
    if _PREFIXED.search(data):
        return None
    found = [Cells(0, 0, 0, np.empty(0, dtype=np.int64))]
    for begin in range(0, len(data), _BLOCK):
        beyond = bytes(_BEYOND)
        part = _cells(np.frombuffer(data[begin : begin + _BLOCK + _BEYOND] + beyond, dtype=np.uint8))
        if part is None:
            return None
        found.append(part)
    texts = np.concatenate([part.texts for part in found])
    if len(texts) != data.count(b't="s"') + data.count(b"t='s'"):
        return None
    return Cells(
        sum(part.count for part in found), max(part.width for part in found), max(part.height for part in found), texts
    )


def _cells(block: Bytes) -> Cells | None:
    """The cells that begin within a block."""
    tags = np.flatnonzero(block == ord("<")).astype(np.int32)
    within, after = tags[tags < _BLOCK], np.append(tags[1:], np.int32(len(block) - _BEYOND))[tags < _BLOCK]
    cells, rows = _named(block, within, b"c"), _named(block, within, b"row")
    if cells is None or rows is None:
        return None
    places, numbers = within[cells], within[rows]
    columns, digits = _letters(block, places + len(b'<c r="'))
    heights, ends = _digits(block, np.concatenate([digits, numbers + len(b'<row r="')]))
    if not (columns.all() and heights.all() and _reads(block, ends, b'"').all()):
        return None
    values = after[cells]
    values = values[_reads(block, values - len(b' t="s">'), b' t="s"><v>')] + len(b"<v>")
    texts, ends = _digits(block, values)
    if not ((ends > values).all() and _reads(block, ends, b"<").all()):
        return None
    return Cells(len(places), int(columns.max(initial=0)), int(heights.max(initial=0)), texts)


def _named(block: Bytes, tags: Places, name: bytes) -> Ordinals | None:
    """Which tags have a name, and behind it the place of a cell or row; None where one goes on in another way."""
    named = np.flatnonzero(_reads(block, tags + 1, name))
    behind = tags[named] + 1 + len(name)
    placed = _reads(block, behind, b' r="')
    if np.isin(block[behind[~placed]], _ENDS_NAME).any():  # the others have longer names
        return None
    of_name: Ordinals = named[placed]
    return of_name


def _reads(block: Bytes, places: Places, text: bytes) -> Flags:
    """At which places a text stands."""
    first: Flags = block[places] == text[0]
    left = places[first]
    fits = np.ones(len(left), dtype=np.bool_)
    for n, letter in enumerate(text[1:], 1):
        fits &= block[left + n] == letter
    first[first] = fits
    return first


def _letters(block: Bytes, places: Places) -> tuple[Places, Places]:
    """The column that the letters at each place name, 0 where there are none, and where they end."""
    columns, ends, more = np.zeros_like(places), places.copy(), np.ones(len(places), dtype=np.bool_)
    for _ in range(_MOST_LETTERS):
        letters = block[ends]
        more &= (letters >= ord("A")) & (letters <= ord("Z"))
        columns = np.where(more, columns * 26 + letters - (ord("A") - 1), columns)
        ends += more
    return columns, ends


def _digits(block: Bytes, places: Places) -> tuple[Places, Places]:
    """The number that the digits at each place write, up to seven of them, and where they end."""
    numbers, ends, more = np.zeros_like(places), places.copy(), np.ones(len(places), dtype=np.bool_)
    for _ in range(_MOST_DIGITS):
        digits = block[ends]
        more &= (digits >= ord("0")) & (digits <= ord("9"))
        if not more.any():
            break
        numbers = np.where(more, numbers * 10 + digits - ord("0"), numbers)
        ends += more
    return numbers, ends
