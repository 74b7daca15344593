"""Bar charts as SVG, drawn by hand: small, the same bytes every time, and with the text of the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jcm_mrv.reporting.pictures.svg import INK, RULE, drawing, line, rect, text, width_of

WIDTH, HEIGHT = 640.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 66.0, 8.0, 30.0, 24.0
_MOST_LABELS, _MOST_VALUES = 14, 12


@dataclass(frozen=True)
class Series:
    """Values by label under one name; None draws nothing."""

    name: str
    values: tuple[float | None, ...]
    colour: str


@dataclass(frozen=True)
class _Scale:
    """Maps values to heights on paper."""

    low: float
    high: float

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def bars(
    labels: Sequence[str],
    series: Sequence[Series],
    unit: str,
    written: Callable[[float, int], str],
    alt: str,
    stacked: bool = False,
) -> Markup:
    """A bar chart: one group per label, its series side by side or stacked.

    ``written`` writes a number with a count of decimals; ``alt`` says in words
    what the drawing shows. Raises ValueError where a series has not one value
    per label.
    """
    if any(len(s.values) != len(labels) for s in series):
        raise ValueError("a series needs one value per label")
    ticks = _ticks(*_extent(series, stacked))
    scale = _Scale(ticks[0], ticks[-1])
    parts = [_axis(ticks, scale, written), _legend(series, unit)]
    step = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    whole = all(v == int(v) for s in series for v in s.values if v is not None)
    decimals = _decimals(ticks) + (0 if whole else 1)
    for n, label in enumerate(labels):
        left = LEFT + n * step
        values = [(s.values[n], s.colour) for s in series]
        parts.append(_stack(left, step, values, scale) if stacked else _group(left, step, values, scale))
        if not stacked and len(labels) * len(series) <= _MOST_VALUES:
            parts.append(_figures(left, step, values, scale, lambda v: written(v, decimals)))
        if n % math.ceil(len(labels) / _MOST_LABELS) == 0:
            parts.append(text(left + step / 2, HEIGHT - BOTTOM + 14, label, "middle"))
    parts.append(_line(scale.y(0.0), INK))
    return drawing(WIDTH, HEIGHT, alt, parts)


def _extent(series: Sequence[Series], stacked: bool) -> tuple[float, float]:
    columns = list(zip(*(s.values for s in series), strict=True))
    ends = [0.0]
    for column in columns:
        known = [v for v in column if v is not None]
        ends += [sum(v for v in known if v > 0), sum(v for v in known if v < 0)] if stacked else known
    return min(ends), max(ends)


def _ticks(low: float, high: float) -> list[float]:
    """Round values that span everything, zero among them."""
    span = (high - low) or 1.0
    rough = span / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [n * step for n in range(first, max(last, first + 1) + 1)]


def _decimals(ticks: Sequence[float]) -> int:
    """The decimals that tell neighbouring ticks apart."""
    step = ticks[1] - ticks[0]
    return next((d for d in range(9) if abs(round(step, d) - step) < step * 1e-6), 9)


def _axis(ticks: Sequence[float], scale: _Scale, written: Callable[[float, int], str]) -> Markup:
    decimals = _decimals(ticks)
    lines = [_line(scale.y(tick), RULE) for tick in ticks]
    words = [text(LEFT - 6, scale.y(tick) + 3.2, written(tick, decimals), "end") for tick in ticks]
    return Markup("").join([*lines, *words])


def _legend(series: Sequence[Series], unit: str) -> Markup:
    parts = [text(LEFT - 6, 11, unit, "end")]
    x = LEFT + 4
    for one in series:
        parts += [rect(x, 3, 9, 9, one.colour), text(x + 13, 11, one.name, "start")]
        x += 34 + width_of(one.name)
    return Markup("").join(parts)


def _group(left: float, step: float, values: Sequence[tuple[float | None, str]], scale: _Scale) -> Markup:
    width = _bar_width(step, len(values))
    start = left + (step - width * len(values)) / 2
    drawn = [
        _bar(start + k * width, width * 0.92, 0.0, value, colour, scale)
        for k, (value, colour) in enumerate(values)
        if value is not None
    ]
    return Markup("").join(drawn)


def _stack(left: float, step: float, values: Sequence[tuple[float | None, str]], scale: _Scale) -> Markup:
    width = _bar_width(step, 1)
    above = below = 0.0
    drawn: list[Markup] = []
    for value, colour in values:
        if value is None or value == 0:
            continue
        base = above if value > 0 else below
        drawn.append(_bar(left + (step - width) / 2, width, base, base + value, colour, scale))
        above, below = (above + value, below) if value > 0 else (above, below + value)
    return Markup("").join(drawn)


def _figures(
    left: float,
    step: float,
    values: Sequence[tuple[float | None, str]],
    scale: _Scale,
    written: Callable[[float], str],
) -> Markup:
    """The values as numbers over (or under) their bars."""
    width = _bar_width(step, len(values))
    start = left + (step - width * len(values)) / 2
    return Markup("").join(
        text(start + (k + 0.46) * width, scale.y(value) + (-4 if value >= 0 else 11), written(value), "middle")
        for k, (value, _) in enumerate(values)
        if value is not None
    )


def _bar_width(step: float, count: int) -> float:
    return min(step * 0.72 / count, 58.0)


def _bar(x: float, width: float, base: float, value: float, colour: str, scale: _Scale) -> Markup:
    top, bottom = sorted((scale.y(base), scale.y(value)))
    return rect(x, top, width, bottom - top, colour)


def _line(y: float, colour: str) -> Markup:
    return line(LEFT, y, WIDTH - RIGHT, y, colour)
