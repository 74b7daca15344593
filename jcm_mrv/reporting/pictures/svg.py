"""Pieces of a drawing: the same bytes every time, without style or script, every word escaped."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

FONTS = "Noto Sans, DejaVu Sans, Noto Sans CJK JP, Noto Sans JP, sans-serif"
INK, RULE, ACCENT, PALE, AMBER = "#222222", "#d5d9df", "#1f4e79", "#a9bccf", "#c9882b"
GREEN, RED, PAPER, GREY = "#3b7d4f", "#a83232", "#f5f7fa", "#66707d"
LIGHT = "#f6e7cd"
SIZE = 9.5
"""Height of the letters, in the drawing's units."""
_HATCH = 5.0


def drawing(width: float, height: float, alt: str, parts: Iterable[Markup]) -> Markup:
    """The whole drawing; ``alt`` says in words what it shows."""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}" '
        'font-family="{}" font-size="{}" fill="{}"><title>{}</title>{}</svg>'
    ).format(number(width), number(height), alt, FONTS, number(SIZE), INK, alt, Markup("").join(parts))


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


def text(
    x: float, y: float, words: str, anchor: str = "start", *, bold: bool = False, colour: str = "", size: float = SIZE
) -> Markup:
    """Words on one line, from, around or up to a point."""
    more = Markup(' font-weight="bold"') if bold else Markup("")
    if size != SIZE:
        more += Markup(' font-size="{}"').format(number(size))
    if colour:
        more += Markup(' fill="{}"').format(colour)
    return Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>').format(
        number(x), number(y), anchor, more, escape(_printable(words))
    )


def _printable(words: str) -> str:
    """Without what is no letter: characters that XML does not allow, and marks that turn the direction of writing."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cn", "Co", "Cs") else c for c in words)


def hatched(x: float, y: float, width: float, height: float, colour: str, ground: str) -> Markup:
    """A rectangle under slanted lines, which stays what it is where it is printed in black and white."""
    steps = range(-math.ceil(height / _HATCH), math.ceil(width / _HATCH))
    pieces = []
    for n in steps:
        left, right = max(n * _HATCH, 0.0), min(n * _HATCH + height, width)
        if left < right:
            low, high = y + height - (left - n * _HATCH), y + height - (right - n * _HATCH)
            pieces.append(f"M{number(x + left)} {number(low)}L{number(x + right)} {number(high)}")
    lines = Markup('<path d="{}" stroke="{}" stroke-width="0.9" fill="none"/>').format("".join(pieces), colour)
    return rect(x, y, width, height, ground) + lines


def dot(x: float, y: float, colour: str) -> Markup:
    """A filled circle."""
    return Markup('<circle cx="{}" cy="{}" r="2.6" fill="{}"/>').format(number(x), number(y), colour)


def cross(x: float, y: float, colour: str) -> Markup:
    """A mark of what went wrong."""
    r = 2.8
    return line(x - r, y - r, x + r, y + r, colour, width=1.4) + line(x - r, y + r, x + r, y - r, colour, width=1.4)


# The widest letter of each kind in the fonts above, as a part of their height.
_WIDTHS: Mapping[str, float] = {
    **dict.fromkeys("ijlI.,:;'!·()[] ", 0.36),
    **dict.fromkeys("ftr/-", 0.42),
    **dict.fromkeys("mwMW%@&—–…æœÆŒ©®¼½¾", 1.0),
    **dict.fromkeys("#µ¶ŉ", 0.71),
    "\u031b": 0.11,  # the horn of ư and ơ makes them wider
    **dict.fromkeys("CDGHNOQUĐÐĦŊØß", 0.79),
}
_BOLD = 1.09


def _width(c: str) -> float:
    known = _WIDTHS.get(c)
    if known is not None:
        return known
    if unicodedata.combining(c):
        return 0.0
    if ord(c) > 0x24F:
        return 1.0
    return 0.58 if c.isdigit() else 0.68 if c.isupper() else 0.62


def width_of(words: str, size: float = SIZE, *, bold: bool = False) -> float:
    """How much room a text takes at most."""
    return sum(_width(c) for c in unicodedata.normalize("NFD", words)) * size * (_BOLD if bold else 1.0)


def cut(words: str, room: float, size: float = SIZE, *, bold: bool = False) -> str:
    """A text that fits into some room, with an ellipsis where it had to be cut; '' where not even that fits."""
    if width_of(words, size, bold=bold) <= room:
        return words
    kept, used = "", width_of("…", size, bold=bold)
    for c in words:
        used += width_of(c, size, bold=bold)
        if used > room:
            break
        kept += c
    return f"{kept.rstrip()}…" if kept else ""


def wrapped(words: str, room: float, lines: int) -> list[str]:
    """A text on at most so many lines, broken between words; what does not fit is cut off with an ellipsis."""
    found: list[str] = []
    rest = words.split(" ")
    while rest and len(found) < lines - 1:
        count = 1
        while count < len(rest) and width_of(" ".join(rest[: count + 1])) <= room:
            count += 1
        found.append(cut(" ".join(rest[:count]), room))
        rest = rest[count:]
    return [*found, cut(" ".join(rest), room)] if rest else found


def number(value: float) -> str:
    """A coordinate."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if math.isfinite(value) else "0"
