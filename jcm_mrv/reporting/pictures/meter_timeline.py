"""Meters and their calibrations against the monitoring period, one row for each meter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from jcm_mrv.reporting.pictures.svg import (
    ACCENT,
    AMBER,
    GREEN,
    GREY,
    INK,
    LIGHT,
    PALE,
    RED,
    RULE,
    cross,
    cut,
    dot,
    drawing,
    hatched,
    line,
    rect,
    text,
    width_of,
)
from jcm_mrv.time.timeline import Timeline

WIDTH, NAMES, RIGHT, ROW = 640.0, 112.0, 8.0, 30.0
SMALL = 7.5
LEGEND, MONTHS = 15.0, 15.0
ROWS_OF_A_PAGE = 25
MOST_ROWS = 75
_MOST_LABELS = 12

Span = tuple[int, int]


@dataclass
class MeterLine:
    """One meter: when which serial number stood, when tests were valid, and what is questionable (instants)."""

    meter_id: str
    installed: list[tuple[Span, str]] = field(default_factory=list)
    valid: list[Span] = field(default_factory=list)
    tests: list[tuple[int, bool]] = field(default_factory=list)
    uncalibrated: list[Span] = field(default_factory=list)
    data_gaps: list[Span] = field(default_factory=list)

    @property
    def questionable(self) -> bool:
        """True where there is something to look at."""
        return bool(self.uncalibrated or self.data_gaps or len(self.installed) > 1)


@dataclass(frozen=True)
class Words:
    """The words of the drawing in its language; ``more`` has ``{count}`` and ``{questionable}``."""

    alt: str
    installed: str
    valid: str
    passed: str
    failed: str
    uncalibrated: str
    data_gap: str
    more: str


def meter_timelines(rows: Sequence[MeterLine], timeline: Timeline, words: Words) -> list[Markup]:
    """The drawings, each of which fits on a page.

    Of very many meters those with something questionable come first, and those
    that are left out are counted.
    """
    shown = rows if len(rows) <= MOST_ROWS else sorted(rows, key=lambda r: not r.questionable)[:MOST_ROWS]
    left_out = sorted(rows, key=lambda r: not r.questionable)[len(shown) :]
    questionable = sum(row.questionable for row in left_out)
    note = words.more.format(count=len(left_out), questionable=questionable) if left_out else ""
    count = max(-(-len(shown) // ROWS_OF_A_PAGE), 1)
    each = -(-len(shown) // count)
    pages = [shown[n * each : (n + 1) * each] for n in range(count)]
    return [_drawing(page, timeline, words, note if n == count else "") for n, page in enumerate(pages, 1)]


def _drawing(rows: Sequence[MeterLine], timeline: Timeline, words: Words, note: str) -> Markup:
    scale = _Scale(timeline.months[0].start, timeline.months[-1].end)
    legend, lines = _legend(words)
    top = LEGEND * lines + MONTHS
    bottom = top + ROW * len(rows)
    parts = [legend, _months(timeline, scale, top, bottom)]
    parts += [_row(row, top + n * ROW, scale) for n, row in enumerate(rows)]
    if note:
        parts.append(text(NAMES, bottom + 12, note, colour=GREY))
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


def _legend(words: Words) -> tuple[Markup, int]:
    """The marks with their names, on as many lines as they need."""
    names = (words.installed, words.valid, words.passed, words.failed, words.uncalibrated, words.data_gap)
    parts, x, lines = [], 8.0, 1
    for n, name in enumerate(names):
        room = 30 + width_of(name)
        if x > 8.0 and x + room > WIDTH:
            x, lines = 8.0, lines + 1
        y = LEGEND * (lines - 1) + 8.0
        marks = (
            rect(x, y - 4.5, 12, 9, PALE),
            rect(x, y - 1.5, 12, 3, GREEN),
            dot(x + 6, y, GREEN),
            cross(x + 6, y, RED),
            hatched(x, y - 4.5, 12, 9, AMBER, LIGHT),
            rect(x, y - 4.5, 12, 9, RED),
        )
        parts += [marks[n], text(x + 16, y + 3.5, name)]
        x += room
    return Markup("").join(parts), lines


def _months(timeline: Timeline, scale: _Scale, top: float, bottom: float) -> Markup:
    step = -(-len(timeline.months) // _MOST_LABELS)
    parts = []
    for n, month in enumerate(timeline.months):
        x = scale.x(month.start)
        if n % step == 0:
            parts.append(line(x, top - 4, x, bottom, RULE))
            if x + 2 + width_of(month.label, SMALL) < WIDTH:
                parts.append(text(x + 2, top - 6, month.label, colour=GREY, size=SMALL))
    parts += [line(x, top - 4, x, bottom, INK) for x in (NAMES, WIDTH - RIGHT)]
    return Markup("").join(parts)


def _row(row: MeterLine, top: float, scale: _Scale) -> Markup:
    """From above: the serial numbers, a bar of what stood and is questionable, a thin line of valid calibrations."""
    parts = [text(NAMES - 6, top + 18, cut(row.meter_id, NAMES - 10), "end")]
    for span, serial in row.installed:
        for left, right in scale.inside([span]):
            parts.append(rect(left, top + 10, right - left, 10, PALE))
            parts += [line(left, top + 1, left, top + 20, ACCENT, width=1.0)] if span[0] > scale.first else []
            parts += [line(right, top + 1, right, top + 20, ACCENT, width=1.0)] if span[1] < scale.last else []
            parts.append(text(left + 3, top + 8, cut(serial, right - left - 6, SMALL), size=SMALL, colour=GREY))
    parts += [hatched(a, top + 10, b - a, 10, AMBER, LIGHT) for a, b in scale.inside(row.uncalibrated)]
    parts += [rect(a, top + 10, b - a, 10, RED) for a, b in scale.inside(row.data_gaps)]
    parts += [rect(a, top + 22.5, b - a, 3, GREEN) for a, b in scale.inside(row.valid)]
    for instant, passed in row.tests:
        if scale.first <= instant < scale.last:
            x = scale.x(instant)
            parts.append(dot(x, top + 24, GREEN) if passed else cross(x, top + 24, RED))
    return Markup("").join(parts)
