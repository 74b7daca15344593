"""Where the quantities of a graph lie in a workbook, as formulas ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.sets import Mapping, Set

Key: TypeAlias = "Set | Mapping"

UNKNOWN = "NA()"


class Addresses(Protocol):
    """Where the quantities of a graph lie; every answer is an absolute A1 reference, with its sheet if need be.

    ``where`` pairs a set (or a mapping) with the ordinal that the rows meant
    have in it (that the mapping sends them to).
    """

    def cell(self, node: Named, ordinals: tuple[int, ...]) -> str:
        """The cell of one value; ``ordinals`` in the order of ``node.sets``."""

    def number_of(self, over: Set, ordinal: int) -> str:
        """The cell of what an element counts as (its calendar year)."""

    def block(self, node: Named, where: Sequence[tuple[Key, int]]) -> str | None:
        """The one-column range of exactly the existing rows that match, or None where they are not adjacent."""

    def column(self, node: Named) -> str:
        """The one-column range of all existing rows of a quantity."""

    def keys(self, node: Named, key: Key) -> str:
        """The column beside it that holds ordinals of a set, or where a mapping sends each row (-1: nowhere)."""

    def ordinal(self, the_set: Set, ordinal: int) -> str:
        """A cell that holds the ordinal of an element, as it stands in ``keys``."""
