"""A tornado chart: what each input changes at either end of what it may be, the largest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jcm_mrv.reporting.pictures.svg import ACCENT, INK, PALE, RULE, cut, drawing, line, rect, text

WIDTH, ROW, TOP, LEFT, RIGHT = 640.0, 18.0, 18.0, 150.0, 70.0


@dataclass(frozen=True)
class Swing:
    """The change at the lower and at the upper end of an input."""

    name: str
    low: float
    high: float


def tornado(swings: Sequence[Swing], unit: str, written: Callable[[float, int], str], alt: str) -> Markup:
    """The chart; ``written`` writes a number with a count of decimals, ``alt`` says in words what it shows."""
    most = max([abs(end) for one in swings for end in (one.low, one.high)], default=0.0) or 1.0
    middle, half = (LEFT + WIDTH - RIGHT) / 2, (WIDTH - RIGHT - LEFT) / 2 - 50
    height = TOP + ROW * max(len(swings), 1) + 6
    parts = [text(WIDTH - 4, 11, unit, "end"), line(middle, TOP - 4, middle, height - 4, INK)]
    for n, one in enumerate(swings):
        y = TOP + n * ROW
        parts.append(text(LEFT - 6, y + 11, cut(one.name, LEFT - 10), "end"))
        parts.append(line(LEFT, y + ROW - 1, WIDTH - RIGHT, y + ROW - 1, RULE))
        for value, colour in ((one.low, PALE), (one.high, ACCENT)):
            width = abs(value) / most * half
            parts.append(rect(middle if value >= 0 else middle - width, y + 2, width, ROW - 6, colour))
        for value in dict.fromkeys((min(one.low, one.high), max(one.low, one.high))):
            end = middle + value / most * half + (4 if value >= 0 else -4)
            parts.append(text(end, y + 11, written(value, 2), "start" if value >= 0 else "end"))
    return drawing(WIDTH, height, alt, parts)
