"""Every number that a person entered stands in one cell of the workbook; elsewhere a formula refers to it."""

from __future__ import annotations

from jcm_mrv.origin import Origin


class Homes:
    """The cells of the workbook by the cells of the monitoring workbook whose numbers they hold."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str, str, float], str] = {}
        self._rows: dict[tuple[str, str, str, str], tuple[float, str]] = {}
        self.used: set[str] = set()
        """The cells that a formula refers to."""

    def add(self, origin: Origin, value: float, cell: str) -> str:
        """Say where the number of a cell stands; the first place is its home, given back where it has the value.

        A cell from which another value was made (a share, a sum) keeps its own place.
        """
        held = self._cells.setdefault((origin.file, origin.sheet, origin.cell, value), cell)
        return cell if held == cell else self._use(held)

    def of(self, origin: Origin, value: float) -> str:
        """The home of a number; empty where it has none."""
        held = self._cells.get((origin.file, origin.sheet, origin.cell, value), "")
        return self._use(held) if held else ""

    def add_row(self, where: Origin, key: str, value: float, cell: str) -> None:
        """Say where the number of a column stands, by another cell of its row."""
        self._rows[where.file, where.sheet, where.cell, key] = value, cell

    def beside(self, where: Origin, key: str, value: float) -> str:
        """The home of the number that stands in a column of the row of a cell; empty where it has none."""
        held = self._rows.get((where.file, where.sheet, where.cell, key))
        return self._use(held[1]) if held is not None and held[0] == value else ""

    def _use(self, cell: str) -> str:
        self.used.add(cell)
        return cell
