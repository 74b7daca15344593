"""Long equations on several lines: broken before the sign of an operation, never cut and never made smaller.

What is too wide is looked for from the outside in: a row breaks at its own signs, what stands in a bracket, above or
below a fraction line or behind a brace at the signs within it, and the bracket becomes as high as its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from xml.etree.ElementTree import Element, SubElement

SIGNS = frozenset("=+−×;")
_FENCES = frozenset("(){}[]⌊⌋⌈⌉|")
_SHORT = 0.25
"""A line that takes less of the room goes on with what has to be broken within, as ``RE =`` does."""
INDENT = 1.0
"""How far a line that goes on stands in, in em."""

Width = Callable[[Sequence[Element]], float]
"""How wide parts side by side are, in the unit of the room."""


def within(element: Element, room: float, em: float, width: Width) -> Element:
    """The formula, or the same on so many lines that it fits; what has no sign to break at stays as wide as it is."""
    if width([element]) <= room:
        return element
    if element.tag in ("math", "mrow", "mtd"):
        changed = Element(element.tag, element.attrib)
        if _fence(element[0]) and _fence(element[-1]):
            inner = Element("mrow")
            inner.extend(element[1:-1])
            changed.extend(_narrowed([element[0], inner, element[-1]], room, em, width))
        else:
            changed.extend(_row(list(_flat(element)), room, em, width))
        return changed
    changed = deepcopy(element)
    if element.tag == "mfrac":
        changed[:] = [within(part, room, em, width) for part in element]
    elif element.tag == "mtable":
        for row in changed:
            _widest_less(row, room - _others(element, em, width), em, width)
    elif element.tag in ("msup", "msub"):
        changed[0] = within(element[0], room - width([element]) + width([element[0]]), em, width)
    return changed


def _fence(part: Element) -> bool:
    return part.tag == "mo" and part.text in _FENCES


def _flat(row: Element) -> Iterator[Element]:
    """The parts of a row, with those of rows in it that no bracket holds together."""
    for part in row:
        if part.tag == "mrow" and not any(map(_fence, part)):
            yield from _flat(part)
        else:
            yield part


def _row(parts: list[Element], room: float, em: float, width: Width) -> list[Element]:
    """The parts of a row as they are, or as one table of lines."""
    pieces: list[list[Element]] = [[]]
    for part in parts:
        if part.tag == "mo" and part.text in SIGNS and part.get("form") != "prefix" and pieces[-1]:
            pieces.append([])
        pieces[-1].append(part)
    if len(pieces) == 1:
        return _narrowed(parts, room, em, width)
    lines: list[list[Element]] = []
    for piece in pieces:
        left = room - (INDENT * em if lines else 0.0)
        if lines and width([*lines[-1], *piece]) <= (room if len(lines) == 1 else left):
            lines[-1] += piece
        elif lines and width(piece) > left and width(lines[-1]) < room * _SHORT:
            lines[-1] += _narrowed(piece, left - width(lines[-1]), em, width)
        else:
            lines.append(piece if width(piece) <= left else _narrowed(piece, left, em, width))
    return lines[0] if len(lines) == 1 else [_lines(lines)]


def _narrowed(parts: list[Element], room: float, em: float, width: Width) -> list[Element]:
    """Parts that stay on one line, the widest of them broken within."""
    widest = max(range(len(parts)), key=lambda n: width([parts[n]]))
    rest = [*parts[:widest], *parts[widest + 1 :]]
    # A bracket round several lines is set wider than one round a single line.
    less = room - (width(rest) if rest else 0.0) - (em if rest else 0.0)
    if less <= em:
        return parts
    return [*parts[:widest], within(parts[widest], less, em, width), *parts[widest + 1 :]]


def _lines(lines: Sequence[Sequence[Element]]) -> Element:
    table = Element("mtable", {"columnalign": "left", "displaystyle": "true"})
    for n, line in enumerate(lines):
        row = SubElement(SubElement(SubElement(table, "mtr"), "mtd"), "mrow")
        if n:
            SubElement(row, "mspace", {"width": f"{INDENT}em"})
        row.extend(line)
    return table


def _others(table: Element, em: float, width: Width) -> float:
    """The room that the columns of a table take beside its widest one."""
    columns = [max(width([cell]) for cell in cells) for cells in zip(*table, strict=False)]
    return sum(columns) - max(columns) + em * len(columns)


def _widest_less(row: Element, room: float, em: float, width: Width) -> None:
    for n, cell in enumerate(row):
        row[n] = within(cell, room, em, width)
