"""Pieces of a drawing: the same bytes every time, without style or script, every word escaped."""

from __future__ import annotations

import math
from collections.abc import Iterable

from markupsafe import Markup, escape

FONTS = "Noto Sans, DejaVu Sans, Noto Sans CJK JP, Noto Sans JP, sans-serif"
INK, RULE, ACCENT, PALE, AMBER = "#222222", "#d5d9df", "#1f4e79", "#a9bccf", "#c9882b"
GREEN, RED, PAPER, GREY = "#3b7d4f", "#a83232", "#f5f7fa", "#66707d"
SIZE = 9.5
"""Height of the letters, in the drawing's units."""


def drawing(width: float, height: float, alt: str, parts: Iterable[Markup]) -> Markup:
    """The whole drawing; ``alt`` says in words what it shows."""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}" '
        'font-family="{}" font-size="{}" fill="{}">{}</svg>'
    ).format(number(width), number(height), alt, FONTS, number(SIZE), INK, Markup("").join(parts))


def rect(x: float, y: float, width: float, height: float, fill: str, edge: str = "", dashed: bool = False) -> Markup:
    """A rectangle, with an edge where a colour for it is given."""
    stroke = Markup("")
    if edge:
        dash = Markup(' stroke-dasharray="4 3"') if dashed else Markup("")
        stroke = Markup(' stroke="{}" stroke-width="0.8"{}').format(edge, dash)
    sides = (number(v) for v in (x, y, width, height))
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>').format(*sides, fill, stroke)


def line(x: float, y: float, to_x: float, to_y: float, colour: str, dashed: bool = False, width: float = 0.7) -> Markup:
    """A straight line."""
    dash = Markup(' stroke-dasharray="4 3"') if dashed else Markup("")
    ends = (number(v) for v in (x, y, to_x, to_y))
    return Markup('<path d="M{} {}L{} {}" stroke="{}" stroke-width="{}" fill="none"{}/>').format(
        *ends, colour, number(width), dash
    )


def text(x: float, y: float, words: str, anchor: str = "start", *, bold: bool = False, colour: str = "") -> Markup:
    """Words on one line, from, around or up to a point."""
    more = Markup(' font-weight="bold"') if bold else Markup("")
    if colour:
        more += Markup(' fill="{}"').format(colour)
    return Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>').format(
        number(x), number(y), anchor, more, escape(words)
    )


def dot(x: float, y: float, colour: str) -> Markup:
    """A filled circle."""
    return Markup('<circle cx="{}" cy="{}" r="2.6" fill="{}"/>').format(number(x), number(y), colour)


def cross(x: float, y: float, colour: str) -> Markup:
    """A mark of what went wrong."""
    r = 2.8
    return line(x - r, y - r, x + r, y + r, colour, width=1.4) + line(x - r, y + r, x + r, y - r, colour, width=1.4)


def width_of(words: str) -> float:
    """About how wide a text is: wide (Japanese) characters take twice the room."""
    return sum(SIZE if ord(c) > 0x2E7F else 0.56 * SIZE for c in words)


def cut(words: str, room: float) -> str:
    """A text that fits into some room, with an ellipsis where it had to be cut."""
    if width_of(words) <= room:
        return words
    kept = ""
    for c in words:
        if width_of(kept + c + "…") > room:
            break
        kept += c
    return kept.rstrip() + "…"


def number(value: float) -> str:
    """A coordinate."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if math.isfinite(value) else "0"
