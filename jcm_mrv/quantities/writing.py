"""Writing equations: texts put together from the inside out, each part once.

What the formulas, the symbols and the numbers of an equation have in common:
the walk, brackets by how tightly an operator binds, and the element (the row)
that a part is written for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from jcm_mrv.quantities.expression import Node
from jcm_mrv.quantities.graph import unopened, walk
from jcm_mrv.quantities.sets import Set
from jcm_mrv.quantities.surface import Surface

# How tightly a text binds; an operand that binds less than need be stands in brackets.
# Cases in a product or sum stand in brackets, or the factor would read as part of a condition.
CASES, SUM, PRODUCT, SIGN, POWER, ATOM = range(6)

# Functions ask each other down to this depth; from there on the graph is walked.
SHALLOW = 40

Part = tuple[str, int]
"""A text, and how tightly it binds."""
Row = Mapping[Set, int]
"""The element that is written: the ordinal in each set."""


class Place(NamedTuple):
    """A node at one element of its sets; without ordinals, the node as such."""

    node: Node
    ordinals: tuple[int, ...] = ()

    @property
    def row(self) -> dict[Set, int]:
        """The element."""
        return dict(zip(self.node.sets, self.ordinals, strict=True)) if self.ordinals else {}


def place_of(node: Node, row: Row) -> Place:
    """A node at the element of a row over its sets and perhaps more."""
    return Place(node, tuple([row[s] for s in node.sets]) if row else ())


class Writer:
    """Writes equations with one table of functions, which see the writer and the row that is being written.

    Each function asks for the text of the operands, each of which is written
    once. What lies deep is walked from the inside out before it is asked for,
    so that there is no limit of depth. Raises EquationError for a node that
    the table lacks.
    """

    def __init__(self, table: Surface[..., Part], brackets: Callable[[str], str] = "({})".format) -> None:
        self._table, self._brackets = table, brackets
        self._parts: dict[Place, Part] = {}
        self._depth = 0
        self.row: Row = {}

    def opened(self, node: Node, row: Row) -> Iterable[Place]:
        """The places whose texts a node at a row is written from: its operands, none of a named quantity."""
        return [place_of(operand, row) for operand in unopened(node)]

    def forget(self) -> None:
        """Begin anew: what was written for another equation is not needed again."""
        self._parts.clear()
        self._depth, self.row = 0, {}

    def part(self, what: Node | Place) -> Part:
        """A node's text at the row that is being written, or at the place given, and how tightly it binds."""
        place = what if isinstance(what, Place) else place_of(what, self.row)
        found = self._parts.get(place)
        if found is not None:
            return found
        if self._depth >= SHALLOW:
            self._inside_out(place)
        else:
            self._parts[place] = self._write(place, place.row if place is what else self.row)
        return self._parts[place]

    def _write(self, place: Place, row: Row) -> Part:
        """One place; its parts are written when the function for it asks for them."""
        outer, self.row = self.row, row
        self._depth += 1
        part = self._table(place.node, self)
        self._depth -= 1
        self.row = outer
        return part

    def _inside_out(self, root: Place) -> None:
        """Everything below a place that lies deep, so that no function has to ask further down."""
        for place in walk([root], lambda place: self.opened(place.node, place.row)):
            if place not in self._parts:
                self._parts[place] = self._write(place, place.row)

    def text(self, what: Node | Place, least: int = 0) -> str:
        """As :meth:`part`, in brackets where it binds less tightly than ``least``."""
        text, strength = self.part(what)
        return self._brackets(text) if strength < least else text

    def behind(self, what: Node | Place, least: int) -> str:
        """As :meth:`text` behind a sign: what begins with a sign itself stands in brackets."""
        text, strength = self.part(what)
        return self._brackets(text) if strength < least or strength == SIGN else text
