"""A bridge chart: from a first amount over what is taken off it to what remains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jcm_mrv.reporting.pictures.svg import ACCENT, GREY, INK, PALE, drawing, hatched, line, rect, text, wrapped

WIDTH, HEIGHT, TOP, BOTTOM, SIDE = 640.0, 190.0, 26.0, 30.0, 8.0


@dataclass(frozen=True)
class Step:
    """An amount that stands (``total``), or a change of the one before it."""

    name: str
    amount: float
    total: bool = False


def bridge(steps: Sequence[Step], unit: str, written: Callable[[float], str], alt: str) -> Markup:
    """The chart; ``written`` writes a number, ``alt`` says in words what it shows.

    Amounts that stand are filled, changes are hatched, so that they differ without colours too.
    """
    spans = spans_of(steps)
    low, high = min(0.0, *(min(s) for s in spans)), max(0.0, *(max(s) for s in spans))
    height = HEIGHT - TOP - BOTTOM

    def y(value: float) -> float:
        return TOP + (high - value) / ((high - low) or 1.0) * height

    each = (WIDTH - 2 * SIDE) / max(len(steps), 1)
    parts = [text(SIDE, 11, unit, colour=GREY), line(SIDE, y(0.0), WIDTH - SIDE, y(0.0), INK)]
    for n, (step, (start, end)) in enumerate(zip(steps, spans, strict=True)):
        x, width = SIDE + n * each + each * 0.18, each * 0.64
        top, bottom = y(max(start, end)), y(min(start, end))
        tall = max(bottom - top, 0.6)
        parts.append(rect(x, top, width, tall, ACCENT) if step.total else hatched(x, top, width, tall, ACCENT, PALE))
        parts.append(text(x + width / 2, top - 4, written(step.amount), "middle", bold=step.total))
        if n + 1 < len(steps):
            parts.append(line(x + width, y(end), x + each, y(end), GREY, dashed=True))
        for row, words in enumerate(wrapped(step.name, each - 6, 2)):
            parts.append(text(x + width / 2, HEIGHT - BOTTOM + 13 + 11 * row, words, "middle"))
    return drawing(WIDTH, HEIGHT, alt, parts)


def spans_of(steps: Sequence[Step]) -> tuple[tuple[float, float], ...]:
    """From where to where each bar reaches."""
    level, spans = 0.0, list[tuple[float, float]]()
    for step in steps:
        start, level = (0.0, step.amount) if step.total else (level, level + step.amount)
        spans.append((start, level))
    return tuple(spans)
