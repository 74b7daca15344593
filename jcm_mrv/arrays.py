"""The arrays that pass between the rooms, named by what their elements mean."""

from __future__ import annotations

import math
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

_FEW = 64


def taken(values: npt.NDArray[T], rows: Ordinals) -> npt.NDArray[T]:
    """The values in some rows; where these follow each other in their order, of the very array, and no copy of it."""
    if not len(rows):
        return values[:0]
    first, last = int(rows[0]), int(rows[-1])
    follow = first >= 0 and last - first == len(rows) - 1 and bool((rows[1:] > rows[:-1]).all())
    return values[first : last + 1] if follow else values[rows]


def distinct(words: npt.NDArray[np.str_]) -> tuple[list[str], Ordinals]:
    """The few different words among many, in the order in which they first stand, and which of them each is."""
    found: list[str] = []
    which = np.full(len(words), -1, dtype=np.int64)
    while len(rest := np.flatnonzero(which < 0)):
        found.append(str(words[rest[0]]))
        which[words == found[-1]] = len(found) - 1
    return found, which


def exact_sum(values: Numbers) -> float:
    """The sum of values as :func:`math.fsum` gives it, in a few operations on whole arrays.

    Halves are added up, and what rounding takes from each sum (Knuth 1997, section 4.2.2, theorem B) as well: what
    is lost is a rounding error of rounding errors, some 1e-32 of the sum.
    """
    lost: list[float] = []
    while len(values) > _FEW:
        half = len(values) // 2
        a, b = values[:half], values[half : 2 * half]
        total = a + b
        of_b = total - a
        lost.append(float(((a - (total - of_b)) + (b - of_b)).sum()))
        lost += values[2 * half :].tolist()
        values = total
    return math.fsum([*values.tolist(), *lost])
