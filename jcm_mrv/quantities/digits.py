"""Rounding inside an equation, where a document prescribes it: the same in NumPy and in a spreadsheet.

A binary number is rarely the decimal that a person sees, and engines differ in
how they round what lies within the noise of arithmetic. So everything is first
rounded to six digits more than wanted, then to the digits wanted: 0.29 is 29
hundredths also where it is computed as 0.28999999999999998.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import numpy as np

from jcm_mrv.arrays import Numbers

MORE = 6
_SIX = Decimal(1).scaleb(-MORE)
_WAYS = {"nearest": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}


def round_to(array: Numbers, digits: int, direction: str) -> Numbers:
    """Every number of an array rounded to ``digits`` decimals; what is not finite stays as it is.

    Halves go away from zero, ``down`` and ``up`` towards minus and plus infinity.
    """
    scale = 10.0 ** abs(digits)
    scaled = array * scale if digits >= 0 else array / scale
    whole = np.array([_whole(value, direction) for value in np.ravel(scaled).tolist()], dtype=np.float64)
    whole = whole.reshape(np.shape(array))
    return whole / scale if digits >= 0 else whole * scale


def _whole(value: float, direction: str) -> float:
    """A number rounded to a whole one; 15 digits count, which is what a spreadsheet keeps."""
    if not np.isfinite(value) or abs(value) >= 1e15:
        return value
    return float(Decimal(f"{value:.15g}").quantize(_SIX, ROUND_HALF_UP).to_integral_value(_WAYS[direction]))
