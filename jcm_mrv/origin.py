"""Where a value came from, so that a stranger can go and look."""

from __future__ import annotations

from dataclasses import dataclass


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

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        line = f"line {self.line}" if self.line else ""
        page = f"p. {self.page}" if self.page else ""
        return ", ".join(part for part in (self.file, place, line, self.document, page) if part)


NOWHERE = Origin()
