"""Equations on paper: their letters as the PDF draws them, without a parser of drawings between.

The drawing of an equation refers to outlines of letters (``<symbol>``), each of which stands once in a page. WeasyPrint
reads such a drawing as a document of its own and each line of an outline by itself, which took a third of a report's
time. Here an outline becomes operators of the PDF once, and an equation places them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, fromstring

if TYPE_CHECKING:
    from weasyprint.pdf.stream import Stream

CLASS = "equation-drawing"
"""What marks a drawing as that of an equation."""
_SYMBOL = re.compile(r'<symbol id="([^"]*)" viewBox="([^"]*)"(?: />|>(.*?)</symbol>)')
"""An outline; one of nothing (what stands between ``ln`` and its brackets) is closed at once."""
_PATH = re.compile(r'<path d="([^"]*)"')
_DRAWING = re.compile(rf'<svg class="{CLASS}" role="img" aria-label="([^"]*)".*?</svg>', re.DOTALL)
_OPERATORS = {"M": "m", "L": "l", "C": "c"}


def once(html: str) -> str:
    """A page in which each outline of a letter stands where it is first needed only."""
    seen: set[str] = set()

    def first(found: re.Match[str]) -> str:
        if found[1] in seen:
            return ""
        seen.add(found[1])
        return found[0]

    return _SYMBOL.sub(first, html)


def as_pictures(html: str) -> tuple[str, dict[str, object]]:
    """A page with each equation as a picture that has its words, and the pictures by their address."""
    outlines = {name: Outline.of(box, " ".join(_PATH.findall(paths))) for name, box, paths in _SYMBOL.findall(html)}
    pictures: dict[str, object] = {}

    def picture(found: re.Match[str]) -> str:
        address = f"equation:{len(pictures)}"
        pictures[address] = Picture.of(fromstring(found[0]), outlines)
        return f'<img src="{address}" alt="{found[1]}">'

    return _DRAWING.sub(picture, html), pictures


@dataclass(frozen=True)
class Outline:
    """A letter: its operators, and the corner and height of the box that they are given in."""

    operators: str
    left: float
    top: float
    height: float

    @classmethod
    def of(cls, box: str, path: str) -> Outline:
        """An outline from the ``viewBox`` and the path of its symbol."""
        left, top, _, height = map(float, box.split())
        return cls(operators(path), left, top, height)


@dataclass(frozen=True)
class Picture:
    """An equation as WeasyPrint places a picture: its size in pixels, and its operators."""

    width: float
    height: float
    content: str

    @classmethod
    def of(cls, drawing: Element, outlines: Mapping[str, Outline]) -> Picture:
        """A picture from a drawing and the outlines of its page. Raises ValueError for a part of an unknown kind."""
        left, top, width, height = map(float, drawing.attrib["viewBox"].split())
        placed = "\n".join(_placed(drawing, outlines))
        return cls(width, height, f"1 0 0 1 {-left:.3f} {-top:.3f} cm\n{placed}")

    def get_intrinsic_size(self, *_: object) -> tuple[float, float, float]:
        """Width, height and their ratio."""
        return self.width, self.height, self.width / self.height

    def draw(self, stream: Stream, width: float, height: float, style: Mapping[str, Any]) -> None:
        """Draw it over a rectangle of the page, in the colour of the text around it."""
        stream.set_color(style["color"])
        stream.transform(a=width / self.width, d=height / self.height)
        stream.stream.append(self.content.encode("ascii"))


def _placed(drawing: Element, outlines: Mapping[str, Outline]) -> Iterator[str]:
    """The operators of each part. Raises ValueError for a kind of part that equations have not had so far."""
    for part in drawing:
        tag = part.tag.rpartition("}")[2]
        if tag == "use":
            yield _letter(part.attrib, outlines[part.attrib["href"].removeprefix("#")])
        elif tag == "rect":
            x, y, width, height = (float(part.attrib[name]) for name in ("x", "y", "width", "height"))
            yield f"{x} {y} {width} {height} re f"
        elif tag == "path":
            yield f"{operators(part.attrib['d'])} f"
        elif tag == "g" and not part.attrib:
            yield from _placed(part, outlines)
        elif tag not in ("title", "symbol"):
            raise ValueError(f"the drawing of an equation has {tag} {dict(part.attrib)}")


def _letter(place: Mapping[str, str], outline: Outline) -> str:
    scale = float(place["height"]) / outline.height
    x, y = float(place["x"]) - outline.left * scale, float(place["y"]) - outline.top * scale
    return f"q {scale:.5f} 0 0 {scale:.5f} {x:.3f} {y:.3f} cm\n{outline.operators} f Q"


def operators(path: str) -> str:
    """An outline as operators of a PDF: curves of the second degree become such of the third."""
    found: list[str] = []
    x = y = 0.0
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        values = [float(number) for number in numbers.split()]
        if command == "Q":
            a, b, *end = values
            values = [(x + 2 * a) / 3, (y + 2 * b) / 3, (end[0] + 2 * a) / 3, (end[1] + 2 * b) / 3, *end]
            command = "C"
        if command == "Z":
            found.append("h")
        else:
            found.append(" ".join(f"{value:.3f}" for value in values) + f" {_OPERATORS[command]}")
            x, y = values[-2:]
    return "\n".join(found)
