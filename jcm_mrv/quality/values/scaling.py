"""Factors that a slip makes: a wrong unit, a transformer factor used twice or never."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jcm_mrv.quality.setting import Setting
from jcm_mrv.words import joined, say

# Wh and kWh, kWh and MWh; MJ and kWh; minutes and hours; a decimal point.
UNITS = (1000.0, 3.6, 60.0, 10.0, 100.0, 1_000_000.0)

SLIP_TOLERANCE = Setting(
    "slip.tolerance",
    0.15,
    "1",
    "how near a ratio has to be to a factor that a slip makes (1000, 3.6, a transformer factor) to be named",
    0.01,
    0.5,
)


@dataclass(frozen=True)
class Slip:
    """A factor with the words for it; ``ratio`` is what was found."""

    factor: float
    words: str


def slips(factors: Sequence[float]) -> list[Slip]:
    """Every slip by which values may be too high or too low, the meter's transformer factors first."""
    return _of_transformers(factors) + _of_units()


def _of_transformers(factors: Sequence[float]) -> list[Slip]:
    found: list[Slip] = []
    for factor in factors:
        if factor > 1.5 or factor < 1 / 1.5:
            found.append(Slip(factor, say("the transformer factor {factor:g}, used twice", factor=factor)))
            found.append(Slip(1 / factor, say("the transformer factor {factor:g}, not used", factor=factor)))
    return found


@cache
def _of_units() -> list[Slip]:
    found: list[Slip] = []
    for factor in UNITS:
        found.append(Slip(factor, say("the factor {factor:g} of a wrong unit or decimal point", factor=factor)))
        found.append(Slip(1 / factor, say("the factor 1/{factor:g} of a wrong unit or decimal point", factor=factor)))
    return found


def nearest(ratio: float, factors: Sequence[float], tolerance: float) -> Slip | None:
    """The slip nearest to a ratio, None where none is within the tolerance (0.15: 15 %).

    A transformer factor of the meter's own comes before the factors of units.
    """
    if ratio <= 0:
        return None

    def away(slip: Slip) -> float:
        return abs(math.log(ratio / slip.factor))

    for known in (_of_transformers(factors), _of_units()):
        slip = min(known, key=away, default=None)
        if slip is not None and away(slip) <= math.log1p(tolerance):
            return slip
    return None


def explaining(ratio: float, factors: Sequence[float]) -> str:
    """Words for the slips that bring an amount, ``ratio`` times too large at least, back to what may be."""
    found = [s for s in slips(factors) if ratio <= s.factor <= 300 * ratio]
    return joined("; ", (s.words for s in found[:4]))
