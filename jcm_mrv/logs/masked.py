"""Columns of texts by what their cells look like with the digits alike: few looks, each judged once, stand for all.

A look holds 9 for each of the digits 1 to 9 and 0 for 0. No format of numbers tells 1 from 9, so that a text is a
number in a format exactly where its look is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from jcm_mrv.arrays import Flags, Numbers, Ordinals
from jcm_mrv.logs.from_arrow import array_of
from jcm_mrv.numerals import NumberFormat, group_marks, pattern
from jcm_mrv.workbook.missing_markers import folded, is_missing

if TYPE_CHECKING:
    import pyarrow as pa

_LOOK = bytes.maketrans(b"12345678", b"99999999")
_SPACES = " \t"
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True)
class Looks:
    """The different looks of a column in the order in which they first stand there, and that of each row."""

    texts: list[str]
    rows: Ordinals

    def first(self, look: int) -> int:
        """The first row of a look."""
        return int(np.argmax(self.rows == look))


def whole(column: pa.StringArray | pa.ChunkedArray) -> pa.StringArray:
    """A column of texts in one piece, "" where there is none."""
    import pyarrow as pa
    from pyarrow import compute

    texts = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    texts = texts if texts.type == pa.string() else compute.cast(texts, pa.string())
    return compute.fill_null(texts, "") if texts.null_count else texts


def looks_of(texts: pa.StringArray) -> Looks:
    """The looks of texts, of which none is null."""
    encoded = _rebuilt(texts, texts.buffers()[1], _bytes(texts).translate(_LOOK)).dictionary_encode()
    return Looks(encoded.dictionary.to_pylist(), array_of(encoded.indices).astype(np.int64))


def numbers_of(
    texts: pa.StringArray, number: NumberFormat, missing: tuple[str, ...]
) -> tuple[Numbers, Ordinals] | None:
    """The values in a format, NaN for what is blank or marks missing data, and the rows of such marks.

    None where a text is anything else.
    """
    import pyarrow as pa
    from pyarrow import compute

    looks = looks_of(texts)
    empty = [n for n, look in enumerate(looks.texts) if not _fits(look, number)]
    if not all(_is_empty(looks, n, texts, missing) for n in empty):
        return None
    nothing, marked = np.isin(looks.rows, empty), _marked(looks, empty, texts, missing)
    nothing[marked] = True
    try:
        return array_of(compute.cast(_bare(texts, number, nothing), pa.float64())), marked
    except pa.ArrowInvalid:  # +5, which Python reads
        return None


def _marked(looks: Looks, empty: list[int], texts: pa.StringArray, missing: tuple[str, ...]) -> Ordinals:
    """The rows of marks of missing data, also of those that are numbers by their look (-9999)."""
    marks = np.isin(looks.rows, [n for n in empty if looks.texts[n].strip()])
    words = {word.encode().translate(_LOOK).decode() for word in missing}
    for n, look in enumerate(looks.texts):
        if n not in empty and folded(look) in words:
            rows = np.flatnonzero(looks.rows == n)
            marks[rows] = [is_missing(text, missing) for text in texts.take(rows).to_pylist()]
    return np.flatnonzero(marks)


@lru_cache(maxsize=10_000)
def _fits(look: str, number: NumberFormat) -> bool:
    """True for the look of a number that needs no tidying but for spaces around it."""
    return bool(_compiled(number).fullmatch(look.strip(_SPACES)))


@lru_cache(maxsize=16)
def _compiled(number: NumberFormat) -> re.Pattern[str]:
    return re.compile(pattern(number), re.ASCII)


def _is_empty(looks: Looks, look: int, texts: pa.StringArray, missing: tuple[str, ...]) -> bool:
    """True for a look of blank cells, or of texts that all mark missing data."""
    text = looks.texts[look].strip()
    if not _DIGIT.search(text):
        return not text or is_missing(text, missing)
    return all(is_missing(t.strip(), missing) for t in set(texts.take(np.flatnonzero(looks.rows == look)).to_pylist()))


def _bare(texts: pa.StringArray, number: NumberFormat, nothing: Flags) -> pa.StringArray:
    """Texts of a format as 1234.5, null where there is nothing."""
    import pyarrow as pa

    gone = (_SPACES + (group_marks(number) if number.grouped else "")).encode()
    data, offsets = _bytes(texts), np.frombuffer(texts.buffers()[1], dtype=np.int32)
    left = data.translate(bytes.maketrans(number.decimal.encode(), b"."), gone)
    if len(left) < len(data):
        is_gone = np.zeros(256, dtype=np.int32)
        is_gone[list(gone)] = 1
        before = np.concatenate(([0], np.cumsum(is_gone[np.frombuffer(data, dtype=np.uint8)], dtype=np.int32)))
        offsets = offsets[: texts.offset + len(texts) + 1]
        offsets = offsets - before[offsets].astype(np.int32)
    return _rebuilt(texts, pa.py_buffer(offsets), left, nothing)


def _bytes(texts: pa.StringArray) -> bytes:
    data = texts.buffers()[2]
    return b"" if data is None else data.to_pybytes()


def _rebuilt(texts: pa.StringArray, offsets: pa.Buffer, data: bytes, nothing: Flags | None = None) -> pa.StringArray:
    """Texts with other bytes in the same rows, null where there is nothing."""
    import pyarrow as pa

    known = None
    if nothing is not None and nothing.any():
        before = np.zeros(texts.offset, dtype=np.bool_)
        known = pa.py_buffer(np.packbits(~np.concatenate((before, nothing)), bitorder="little"))
    return pa.StringArray.from_buffers(len(texts), offsets, pa.py_buffer(data), known, offset=texts.offset)
