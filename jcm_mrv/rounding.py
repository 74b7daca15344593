"""Rounding to whole tonnes by a named rule, the same in the engine and in the workbook.

``floor-per-year``: the unrounded reductions of each calendar year are rounded
to ``digits`` decimals, so that the last bits of floating-point arithmetic do
not decide about a tonne, and then down. A negative year stays negative.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal


def credited_tonnes(reductions: float, digits: int = 6) -> int:
    """Whole tonnes of one calendar year by the rule ``floor-per-year``.

    Equals Excel's ``FLOOR(ROUND(x, digits), 1)``: halves are rounded away
    from zero, on the decimal digits that a person sees. Raises ValueError
    for a number that is not finite.
    """
    if not math.isfinite(reductions):
        raise ValueError(f"{reductions} tCO2e cannot be rounded to whole tonnes")
    # The context has room for the digits of every finite number.
    rounded = Decimal(repr(reductions)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, Context(prec=400))
    return math.floor(rounded)
