"""What a value can be: its least and greatest, each open where nothing is known."""

from __future__ import annotations

import math

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.words import say

Limits = tuple[float | None, float | None]


def within(value: float, limits: Limits) -> bool:
    """Whether a value lies within limits (inclusive); None leaves a side open."""
    low, high = limits
    return (low is None or value >= low) and (high is None or value <= high)


def rising(limits: Limits, name: str) -> Limits:
    """The limits of what is called ``name``. Raises EquationError where they do not rise, as NaN does not."""
    low, high = limits
    if not (-math.inf if low is None else low) < (math.inf if high is None else high):
        raise EquationError(f"{name}: limits={limits} do not rise; they are (least, greatest)")
    return limits


def limits_text(limits: Limits) -> str:
    """Limits in words: ``at least 20 and at most 120``."""
    low, high = limits
    least = None if low is None else say("at least {limit:g}", limit=low)
    most = None if high is None else say("at most {limit:g}", limit=high)
    return say("{least} and {most}", least=least, most=most) if least and most else least or most or ""
