"""Columns of pyarrow as arrays, by their buffers: its own way imports pandas, which takes longer than most logs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa


def array_of(column: pa.Array | pa.ChunkedArray, empty: float = math.nan) -> npt.NDArray[Any]:
    """The values of a column of numbers or instants, these as whole numbers; ``empty`` where one is null."""
    import pyarrow as pa

    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    known, data = whole.buffers()
    size = whole.type.bit_width // 8
    kind = f"f{size}" if pa.types.is_floating(whole.type) else f"i{size}"
    here = slice(whole.offset, whole.offset + len(whole))
    values = np.frombuffer(b"" if data is None else data, dtype=kind)[here]
    if not whole.null_count:
        return values
    flags = np.unpackbits(np.frombuffer(known, dtype=np.uint8), bitorder="little")[here].view(np.bool_)
    return np.where(flags, values, empty)
