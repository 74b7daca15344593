"""Where a value came from, so that a stranger can go and look."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

from jcm_mrv.words import joined, say

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def column_and_row(cell: str) -> tuple[str, int] | None:
    """The letters and the number of a cell, B12 as ("B", 12); None for what is no name of one cell."""
    found = _CELL.fullmatch(cell)
    return (found[1], int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in a file (sheet and cell, or line of a log), or in a document (page, evidence level).

    ``file`` is relative to the folder of the monitoring workbook and written
    with forward slashes, so that a result does not depend on the machine.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int = 0
    document: str = ""
    page: str = ""
    evidence: str = ""

    def __str__(self) -> str:  # Words, so that a line and a page are said in the language of the report
        place = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        line = say("line {line}", line=self.line) if self.line else ""
        page = say("p. {page}", page=self.page) if self.page else ""
        return joined(", ", (part for part in (self.file, place, line, self.document, page) if part))


NOWHERE = Origin()


class OriginsOnDemand(Sequence[Origin]):
    """As many origins as there are readings, each made when it is asked for: few of them ever are."""

    def __init__(self, size: int, of: Callable[[int], Origin]) -> None:
        self._size, self._of = size, of

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> Origin: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Origin]: ...
    def __getitem__(self, at: int | slice) -> Origin | Sequence[Origin]:
        if isinstance(at, slice):
            return [self._of(n) for n in range(*at.indices(self._size))]
        if not -self._size <= at < self._size:
            raise IndexError(at)
        return self._of(at % self._size)
