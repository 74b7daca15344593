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
_BEYOND = 256  # bytes behind them in which the last tag of a block ends, and the tag that follows it begins
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


def places_of(data: bytes, text: bytes, rarest: int = 0) -> list[int]:
    """Where a text of two letters or more stands, in a quarter of the time that Python's own search takes in XML.

    ``rarest`` is the place of those two letters of it that stand together least often elsewhere.
    """
    letters, pair = np.frombuffer(data, dtype=np.uint8), text[rarest : rarest + 2]
    found = [begin + _pairs(letters[begin : begin + _BLOCK + 1], pair) for begin in range(0, len(data), _BLOCK)]
    places = (int(place) - rarest for part in found for place in part)
    return [place for place in places if place >= 0 and data.startswith(text, place)]


def cells_at_once(data: bytes) -> Cells | None:
    """What the cells of a sheet say of themselves; None where one of them is written in another way."""
    if places_of(data, b"t='s'", 1) or (
        any(places_of(data, p) for p in (b":c", b":r", b":v")) and _PREFIXED.search(data)
    ):
        return None
    found = [Cells(0, 0, 0, np.empty(0, dtype=np.int64))]
    for begin in range(0, len(data), _BLOCK):
        beyond = bytes(_BEYOND)
        part = _cells(np.frombuffer(data[begin : begin + _BLOCK + _BEYOND] + beyond, dtype=np.uint8))
        if part is None:
            return None
        found.append(part)
    texts = np.concatenate([part.texts for part in found])
    return Cells(
        sum(part.count for part in found), max(part.width for part in found), max(part.height for part in found), texts
    )


def _cells(block: Bytes) -> Cells | None:
    """The cells that begin within a block, which are its bytes but for those beyond it."""
    own = min(_BLOCK, len(block) - _BEYOND)
    cells, rows = _named(block[: own + 1], block, b"c"), _named(block[: own + 1], block, b"row")
    if cells is None or rows is None:
        return None
    columns, digits = _letters(block, cells + len(b'<c r="'))
    heights, ends = _digits(block, np.concatenate([digits, rows + len(b'<row r="')]))
    if not (columns.all() and heights.all() and _reads(block, ends, b'"').all()):
        return None
    marked = _pairs(block[len(b't="') : own + len(b't="s')], b's"')  # places of what stands before them
    marked = marked[_reads(block, marked, b't="s"')]
    if not _reads(block, marked, b't="s"><v>').all():
        return None
    values = marked + len(b't="s"><v>')
    texts, ends = _digits(block, values)
    if not ((ends > values).all() and _reads(block, ends, b"<").all()):
        return None
    return Cells(len(cells), int(columns.max(initial=0)), int(heights.max(initial=0)), texts)


def _pairs(part: Bytes, pair: bytes) -> Places:
    """Where two letters stand together."""
    both: Flags = part[:-1] == pair[0]
    both &= part[1:] == pair[1]
    return np.flatnonzero(both).astype(np.int32)


def _named(part: Bytes, block: Bytes, name: bytes) -> Places | None:
    """Where the tags of a name stand, each with the place of a cell or row; None where one goes on in another way."""
    tags = _pairs(part, b"<" + name[:1])
    tags = tags[_reads(block, tags + 1, name)]
    behind = tags + 1 + len(name)
    placed = _reads(block, behind, b' r="')
    if np.isin(block[behind[~placed]], _ENDS_NAME).any():  # the others have longer names
        return None
    return tags[placed]


def _reads(block: Bytes, places: Ordinals | Places, text: bytes) -> Flags:
    """At which places a text stands: eight letters are compared at a time, each eight as one number."""
    words = np.ndarray(len(block) - 7, "<u8", block, strides=(1,))[places]
    part = text[:8]
    beyond = np.uint64(8 * (8 - len(part)))  # bits of what stands behind the text
    fits: Flags = words << beyond == np.uint64(int.from_bytes(part, "little")) << beyond
    if len(text) > len(part):
        fits[fits] = _reads(block, places[fits] + 8, text[8:])
    return fits


def _letters(block: Bytes, places: Places) -> tuple[Places, Places]:
    """The column that the letters at each place name, 0 where there are none, and where they end."""
    columns, ends, more = np.zeros_like(places), places.copy(), np.ones(len(places), dtype=np.bool_)
    for _ in range(_MOST_LETTERS):
        letters = block[ends]
        more &= (letters >= ord("A")) & (letters <= ord("Z"))
        if not more.any():
            break
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
