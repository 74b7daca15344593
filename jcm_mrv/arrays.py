"""The arrays that pass between the rooms, named by what their elements mean."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T", bound=np.generic)

Numbers = npt.NDArray[np.float64]
"""Amounts, rates, factors."""
Ordinals = npt.NDArray[np.int64]
"""Positions in another array or set, and counts."""
Instants = npt.NDArray[np.int64]
"""Microseconds since 1970-01-01 in UTC."""
Flags = npt.NDArray[np.bool_]
"""Yes or no for each element."""


def taken(values: npt.NDArray[T], rows: Ordinals) -> npt.NDArray[T]:
    """The values in some rows; where these are all rows in their order, the very array, and no copy of it."""
    whole = len(rows) == len(values) and bool((rows[1:] > rows[:-1]).all())
    return values if whole else values[rows]
