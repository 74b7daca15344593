"""Numbers that loggers write where nothing was measured: the one list for logs and the sheet Readings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from jcm_mrv.arrays import Numbers

# -999 and so on with up to two decimals, 99999 and so on, and what a counter of 16 or 32 bits ends at.
MISSING_NUMBERS = frozenset(
    [
        *(-(10**n - 1 + more) for n in range(3, 10) for more in (0, 0.9, 0.99)),
        *(10.0**n - 1 for n in range(5, 10)),
        *(-32768.0, 32767.0, 65535.0, 6553.5, 655.35, -(2.0**31), 2.0**31 - 1, 2.0**32 - 1),
    ]
)
"""Each tells only where it is repeated and far beyond all that was measured."""

_LEAST, _BEYOND_OTHERS = 2, 3.0


def missing_number(
    lowest: float, highest: float, values: Callable[[], Numbers], least: int = _LEAST
) -> tuple[float, int] | None:
    """The lowest or highest of some values, and how often it stands there, where it means that there is no value.

    ``values`` are asked for only where one of the two is such a number; of one below zero ``least`` are enough.
    """
    for value in (lowest, highest):
        if value in MISSING_NUMBERS:
            every = values()
            others = np.abs(every[every != value])
            count = len(every) - len(others)
            if others.max(initial=0.0) < abs(value) / _BEYOND_OTHERS and count >= (least if value < 0 else _LEAST):
                return value, count
    return None
