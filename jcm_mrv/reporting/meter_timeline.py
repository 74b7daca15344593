"""Meters and their calibrations against the monitoring period, one row for each meter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from jcm_mrv.monitoring.timeline import Timeline
from jcm_mrv.reporting.svg import (
    ACCENT,
    AMBER,
    GREEN,
    GREY,
    INK,
    PALE,
    RED,
    RULE,
    cross,
    cut,
    dot,
    drawing,
    line,
    rect,
    text,
    width_of,
)

WIDTH, NAMES, RIGHT, TOP, ROW = 640.0, 104.0, 8.0, 34.0, 26.0
MOST_ROWS = 30
_MOST_LABELS = 14

Span = tuple[int, int]


@dataclass
class MeterRow:
    """One meter: when which serial number stood, when tests were valid, and what is doubtful (instants)."""

    meter_id: str
    installed: list[tuple[Span, str]] = field(default_factory=list)
    valid: list[Span] = field(default_factory=list)
    tests: list[tuple[int, bool]] = field(default_factory=list)
    unproven: list[Span] = field(default_factory=list)
    holes: list[Span] = field(default_factory=list)


@dataclass(frozen=True)
class Words:
    """The words of the drawing in its language; ``more`` has ``{count}``."""

    alt: str
    installed: str
    valid: str
    passed: str
    failed: str
    unproven: str
    hole: str
    more: str


def meter_timeline(rows: Sequence[MeterRow], timeline: Timeline, words: Words) -> Markup:
    """The drawing; of many meters those with something doubtful come first, and what is left out is counted."""
    doubtful = [r for r in rows if r.unproven or r.holes or len(r.installed) > 1]
    shown = (rows if len(rows) <= MOST_ROWS else [*doubtful, *(r for r in rows if r not in doubtful)])[:MOST_ROWS]
    scale = _Scale(timeline.months[0].start, timeline.months[-1].end)
    bottom = TOP + ROW * len(shown)
    parts = [_legend(words), _months(timeline, scale, bottom)]
    parts += [_row(row, TOP + n * ROW, scale) for n, row in enumerate(shown)]
    if len(rows) > len(shown):
        parts.append(text(NAMES, bottom + 12, words.more.format(count=len(rows) - len(shown)), colour=GREY))
        bottom += 16
    return drawing(WIDTH, bottom + 4, words.alt, parts)


@dataclass(frozen=True)
class _Scale:
    """Maps instants of the period to places on paper."""

    first: int
    last: int

    def x(self, instant: int) -> float:
        share = (min(max(instant, self.first), self.last) - self.first) / (self.last - self.first)
        return NAMES + share * (WIDTH - RIGHT - NAMES)

    def inside(self, spans: Iterable[Span]) -> list[tuple[float, float]]:
        """Left and right end of what lies in the period; at least a hair wide."""
        found = [(max(a, self.first), min(b, self.last)) for a, b in spans]
        return [(self.x(a), max(self.x(b), self.x(a) + 1.0)) for a, b in found if a < b]


def _legend(words: Words) -> Markup:
    x, parts = 8.0, []
    marks: Mapping[str, tuple[str, str]] = {
        "installed": (words.installed, PALE),
        "valid": (words.valid, GREEN),
        "unproven": (words.unproven, AMBER),
        "hole": (words.hole, RED),
    }
    for key, (name, colour) in marks.items():
        thin = key == "valid"
        parts += [rect(x, 6 if thin else 3, 12, 3 if thin else 9, colour), text(x + 16, 11, name)]
        x += 30 + width_of(name)
    for name, mark in (
        (words.passed, dot(x + 5, 7.5, GREEN)),
        (words.failed, cross(x + 27 + width_of(words.passed), 7.5, RED)),
    ):
        parts += [mark, text(x + 12 if name == words.passed else x + 34 + width_of(words.passed), 11, name)]
    return Markup("").join(parts)


def _months(timeline: Timeline, scale: _Scale, bottom: float) -> Markup:
    step = -(-len(timeline.months) // _MOST_LABELS)
    parts = []
    for n, month in enumerate(timeline.months):
        x = scale.x(month.start)
        if n % step == 0:
            parts.append(line(x, TOP - 4, x, bottom, RULE))
            if x + width_of(month.label) < WIDTH:
                parts.append(text(x + 2, TOP - 7, month.label, colour=GREY))
    parts += [line(x, TOP - 4, x, bottom, INK) for x in (NAMES, WIDTH - RIGHT)]
    return Markup("").join(parts)


def _row(row: MeterRow, top: float, scale: _Scale) -> Markup:
    parts = [text(NAMES - 6, top + 12, cut(row.meter_id, NAMES - 12), "end")]
    for span, serial in row.installed:
        for left, right in scale.inside([span]):
            parts.append(rect(left, top + 3, right - left, 11, PALE))
            parts += [line(left, top + 2, left, top + 15, ACCENT)] if span[0] > scale.first else []
            parts.append(text(left + 3, top + 12, cut(serial, right - left - 6) if right - left > 24 else ""))
    parts += [rect(a, top + 3, b - a, 11, AMBER) for a, b in scale.inside(row.unproven)]
    parts += [rect(a, top + 3, b - a, 11, RED) for a, b in scale.inside(row.holes)]
    parts += [rect(a, top + 17, b - a, 3, GREEN) for a, b in scale.inside(row.valid)]
    for instant, passed in row.tests:
        if scale.first <= instant <= scale.last:
            parts.append(
                dot(scale.x(instant), top + 18.5, GREEN) if passed else cross(scale.x(instant), top + 18.5, RED)
            )
    return Markup("").join(parts)
