"""The official blocks of MRS(calc_process): emission reductions, selected defaults, reference and project emissions.

Each line refers to the cell in which the number is computed or entered; the
tables below hold the equations, element by element. Headings are those of
the official sheet, in English in every language.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from jcm_mrv.methodology.declare import Default, period
from jcm_mrv.quantities.expression import Constant, Defined, Input, Named
from jcm_mrv.quantities.graph import of_type
from jcm_mrv.quantities.text import symbol_text
from jcm_mrv.reporting.excel.decimals import decimals_by_unit
from jcm_mrv.reporting.excel.defaults import DefaultList, described, is_fuel, used_cell
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.layout import quoted
from jcm_mrv.reporting.excel.page_setup import room_of
from jcm_mrv.reporting.excel.sheet import Cell, Sheet, formulas_in
from jcm_mrv.result import DefaultUse

MOST = 12
"""Of so many elements each has a line; of more there is one line, and the table that lists them."""
TITLES = {
    "reductions": "1. Calculations for emission reductions",
    "defaults": "2. Selected default values, etc.",
    "reference": "3. Calculations for reference emissions",
    "project": "4. Calculations of the project emissions",
    "leakage": "5. Calculations of leakage emissions",
}
HEADS = ("Fuel type", "Units", "Parameter")
_RESULTS = ("reference", "project", "leakage")


@dataclass(frozen=True)
class Line:
    """One line: ``cells`` are formula and value of each year, None where there is none.

    Without them it says where the values stand, ``where``.
    """

    label: str
    fuel: str
    unit: str
    symbol: str
    cells: tuple[Cell | None, ...] = ()
    where: str = ""


class ProcessBlocks:
    """The blocks with the list of default values below them; they are placed before they are written."""

    def __init__(self, graph: ClaimGraph, used_top: int) -> None:
        """``used_top`` is the row of the headings of the defaults on the sheet of fixed values."""
        self.graph, self.used_top = graph, used_top
        self.listed = DefaultList(graph)
        self.decimals = decimals_by_unit(graph.layout, graph.evaluation)

    def place(self, sheet: Sheet, top: int) -> int:
        """Find the places of everything from a row on; the next free row."""
        dry = sheet.dry(top)
        for title, lines in self._blocks(placed=False).items():
            self._block(dry, title, lines)
        self.listed.write(dry)
        return dry.row

    def write(self, sheet: Sheet) -> None:
        """All blocks from the sheet's next free row on, which is that from which they were placed."""
        for title, lines in self._blocks(placed=True).items():
            top, at = sheet.row, self._block(sheet, title, lines)
            formulas = sum(cell is not None for line in lines for cell in line.cells)
            if formulas:
                area = f"$C${at[0] + 1}:${xl_col_to_name(1 + len(self.graph.result.years))}${at[-1] + 1}"
                sheet.check((top, 2), f"{formulas_in(area)}={formulas}")
                self.graph.checks.append(f"{quoted(sheet.name)}!$C${top + 1}")
        self.graph.checks += self.listed.write(sheet)

    def _block(self, sheet: Sheet, title: str, lines: Sequence[Line]) -> list[int]:
        """One block; the rows of its lines."""
        years = [str(year.year) for year in self.graph.result.years]
        values = [f"Value\n{year}" for year in years] if len(years) > 1 else ["Value"]
        empty = [None] * len(years)
        rows = [
            (
                f"{line.label}\n→ {line.where}" if line.where else line.label,
                line.fuel,
                *(line.cells or empty),
                line.unit,
                line.symbol,
            )
            for line in lines
        ]
        sheet.row += 1
        heads = [title, HEADS[0], *values, *HEADS[1:]]
        return sheet.table(heads, rows, room=room_of(sheet, len(sheet.widths)), above=1)

    # --- which lines there are ---

    def _blocks(self, *, placed: bool) -> dict[str, list[Line]]:
        graph = self.graph
        *sides, reductions = graph.results
        blocks = {
            TITLES["reductions"]: [line for n in (reductions, *sides) for line in self._of(n, placed=placed)],
            TITLES["defaults"]: list(self._selected(placed=placed)),
        }
        for key, node in zip(_RESULTS, sides, strict=False):
            parts = [n for n in reversed(of_type([node], Named)) if n not in sides or n is node]
            blocks[TITLES[key]] = [line for n in parts for line in self._of(n, placed=placed)]
        return {title: lines for title, lines in blocks.items() if lines}

    def _selected(self, *, placed: bool) -> Iterator[Line]:
        """The defaults that are used, each value once; constants of the methodology."""
        groups: dict[tuple[str, str], dict[object, tuple[int, DefaultUse]]] = {}
        held = set(of_type(self.graph.reported.roots, Named))
        for n, use in enumerate(self.graph.result.defaults):
            if math.isfinite(use.used) and use.node in held:
                key = (use.card_name,) if use.project_value is None else (str(use.origin), use.project_value)
                groups.setdefault((use.methodology, use.node.symbol), {}).setdefault(key, (n, use))
        for uses in groups.values():
            if len(uses) > MOST:
                [(_, one), *_] = uses.values()
                yield Line(described(self.graph, one), "", one.unit, one.node.symbol, where=self.graph.names.fixed)
                continue
            for n, use in uses.values():
                name = use.label if len(uses) > 1 else use.card_name
                label = ": ".join(filter(None, (described(self.graph, use), "" if is_fuel(use) else name)))
                cell = f"={used_cell(self.graph, self.used_top, n)}" if placed else ""
                yield self._line(
                    label, name if is_fuel(use) else "", use.node, [(cell, use.used)] * len(self.graph.result.years)
                )
        for node in self.graph.layout.given.nodes:
            if isinstance(node, Constant):
                yield from self._of(node, placed=placed, constants=True)

    def _of(self, node: Named, *, placed: bool, constants: bool = False) -> Iterator[Line]:
        """The lines of a quantity: one, or one per element; none where the claim does not need it."""
        if not isinstance(node, Defined | Input | Constant) or isinstance(node, Default):
            return
        if isinstance(node, Constant) and not constants:
            return
        graph = self.graph
        table = graph.layout.tables.get(node.sets)
        places = [()] if table is None else table.rows
        values = np.broadcast_to(graph.evaluation[node], graph.space.shape(node.sets))
        known = {place: float(values[place]) for place in places if math.isfinite(values[place])}
        label = node.label if table is None else table.labels.get(node, node.label)
        over = [n for n, s in enumerate(node.sets) if s != period]
        elements = dict.fromkeys(tuple(place[n] for n in over) for place in known)
        if len(elements) > MOST:
            assert table is not None
            yield Line(label, "", node.unit, symbol_text(node), where=f"{table.sheet}: {table.title}")
            return
        for element in elements:
            names = ", ".join(graph.space.elements[node.sets[n]][o] for n, o in zip(over, element, strict=True))
            own = [_in_year(node, element, year) for year in range(len(graph.result.years))]
            cells = [
                (f"={graph.layout.cell(node, p)}" if placed else "", known[p]) if p in known else None for p in own
            ]
            yield self._line(": ".join(filter(None, (label, names))), "", node, cells)

    def _line(self, label: str, fuel: str, node: Named, cells: Sequence[tuple[str, float] | None]) -> Line:
        unit = getattr(node, "unit", "")
        decimals = None if isinstance(node, Input | Constant) else self.decimals.get(unit)
        shown = [None if cell is None else Cell(*cell, decimals) for cell in cells]
        return Line(label, fuel, unit, symbol_text(node), tuple(shown))


def _in_year(node: Named, element: tuple[int, ...], year: int) -> tuple[int, ...]:
    """The place of an element of a quantity in a year."""
    rest = iter(element)
    return tuple(year if s == period else next(rest) for s in node.sets)
