"""MathML as a drawing, in a time that grows with its length.

ziamath measures a row of an equation before it sets it, by setting all of it once more, and each row in it likewise:
its time doubles with every row inside a row, and an equation with five brackets took five seconds. The measure is for
brackets that stretch. It is left out here where a row has none, and where the row is itself only being measured. The
drawings are the same, byte by byte (``tests/quantities/test_drawing.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from math import inf
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from ziamath import operators
from ziamath.nodes.mnode import Mnode
from ziamath.nodes.mrow import Mrow
from ziamath.zmath import Math

from jcm_mrv.quantities.breaking import Width, within

_ROWS = {"mrow", "math", "mtable", "mtr", "mtd"}
_TRIES, _MARGIN = 6, 0.5
"""How often a formula is broken anew where its brackets grew, and how much less room it gets, in em."""
_EDGE = 2.0
"""What the drawing is wider than the formula, in pixels."""
_SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}


class Row(Mrow, tag="mrow"):
    """A row that is measured only where something in it stretches; ziamath takes it for every row from here on."""

    def _get_height_nostretch(self, line: list[Element], **kwargs: object) -> tuple[float, float]:
        measured_only = kwargs.get("nostretch") and not self._below_a_script()
        if measured_only or not any(map(_stretches, line)):
            return 0.0, 0.0  # read by what stretches alone, which has no height while it is measured
        lowest, highest = super()._get_height_nostretch(line, **kwargs)
        return float(lowest), float(highest)

    def _below_a_script(self) -> bool:
        """True within what has an index or a power: where that stands depends on how high its last sign is."""
        node = self.parent
        while isinstance(node, Mnode):
            if node.mtag in _SCRIPTS:
                return True
            node = node.parent
        return False


def _stretches(element: Element) -> bool:
    """True for an operator that may become as high as its row, and for what holds one without a row between."""
    if element.tag == "mo":
        return element.get("stretchy") != "false" and _by_its_text(str(element.text).strip())
    return element.tag not in _ROWS and any(map(_stretches, element))


@cache
def _by_its_text(text: str) -> bool:
    forms = (operators.get_params(text, form) for form in ("prefix", "infix", "postfix", "none"))
    return any(parameters.get("stretchy", "false") != "false" for parameters in forms)


def drawn(mathml: str, size: float, room: float = inf) -> str:
    """MathML as a self-contained SVG (letters are outlines in it), the same text for the same equation.

    A formula wider than ``room``, in pixels, stands on several lines.
    """
    # As an element: from text, the library replaces by patterns that reach from one number to the next.
    plain = re.sub(r' xmlns="[^"]*"', "", mathml)
    width, left = _width_at(size), room
    tries = [Math(fromstring(plain), size=size)]
    while _wide(tries[-1]) > room and len(tries) <= _TRIES:
        left -= _MARGIN * size
        tries.append(Math(within(fromstring(plain), left, size, width), size=size))
    return str(min(tries, key=_wide).svg())  # the one that fits; where none does, the one that is least too wide


def _wide(drawing: Math) -> float:
    return float(drawing.getsize()[0]) + _EDGE


def _width_at(size: float) -> Width:
    known: dict[bytes, float] = {}

    def width(parts: Sequence[Element]) -> float:
        if parts[0].tag == "math":
            parts = list(parts[0])
        row = Element("math", {"display": "block"})
        SubElement(row, "mrow").extend(part if part.tag != "mtd" else _as_row(part) for part in parts)
        key = tostring(row)
        if key not in known:
            known[key] = float(Math(fromstring(key), size=size).getsize()[0])
        return known[key]

    return width


def _as_row(cell: Element) -> Element:
    row = Element("mrow")
    row.extend(cell)
    return row
