"""Values as they stand side by side where two states of a report are compared."""

from __future__ import annotations

import math

from jcm_mrv.words import say


def shown(value: object) -> str:
    """A value of a report as it is written in a table."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}" if math.isfinite(value) else str(value)
    text = str(value)
    return text if len(text) <= 120 else f"{text[:117]}..."


def difference(stated: object, recomputed: object) -> str:
    """How far two numbers are apart, stated minus recomputed; '' where one is no number."""
    numbers = [v for v in (stated, recomputed) if isinstance(v, int | float) and not isinstance(v, bool)]
    apart = len(numbers) == 2 and numbers[0] != numbers[1]
    return say("{number:+.6g}", number=numbers[0] - numbers[1]) if apart else ""
