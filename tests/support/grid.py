"""A plain workbook for any equation graph: one sheet per tuple of sets, one row per existing index tuple."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from jcm_mrv.quantities.evaluate import Values
from jcm_mrv.quantities.excel import Formulas, Key
from jcm_mrv.quantities.expression import Constant, Defined, Label, Named
from jcm_mrv.quantities.graph import of_type
from jcm_mrv.quantities.sets import Mapping, Set, Space

STALE = 12345  # stands in every formula cell until it is recalculated


@dataclass
class Table:
    """The quantities over one tuple of sets."""

    sheet: str
    sets: tuple[Set, ...]
    rows: list[tuple[int, ...]]
    keys: list[Key] = field(default_factory=list)
    nodes: list[Named] = field(default_factory=list)
    _columns: dict[Key | Named, int] = field(default_factory=dict)

    def column(self, wanted: Key | Named) -> str:
        if len(self._columns) != len(self.keys) + len(self.nodes):
            self._columns = {what: n for n, what in enumerate([*self.keys, *self.nodes])}
        return xl_col_to_name(self._columns[wanted], col_abs=True)

    def range(self, wanted: Key | Named, first: int, last: int) -> str:
        letter = self.column(wanted)
        return f"{self.sheet}!{letter}${first + 2}:{letter}${last + 2}"


class Grid:
    """Addresses of all quantities of lowered roots, and the file.

    With ``adjacent`` a total of neighbouring rows is written as one range.
    """

    def __init__(self, roots: Sequence[Defined], space: Space, adjacent: bool = True) -> None:
        self.space, self.adjacent = space, adjacent
        self.tables: dict[tuple[Set, ...], Table] = {}
        for node in of_type(roots, Named):
            self._table(node.sets).nodes.append(node)
        self._order = list(space.elements)

    def _table(self, sets: tuple[Set, ...]) -> Table:
        if sets not in self.tables:
            table = Table(f"T{len(self.tables)}", sets, list(self.space.tuples(sets)))
            table.keys = [*sets, *(m for m in self.space.positions if set(m.source) <= set(sets))]
            self.tables[sets] = table
        return self.tables[sets]

    # --- addresses ---

    def cell(self, node: Named, ordinals: tuple[int, ...]) -> str:
        table = self.tables[node.sets]
        return f"{table.sheet}!{table.column(node)}${table.rows.index(ordinals) + 2}"

    def number_of(self, over: Set, ordinal: int) -> str:
        return f"Sets!{xl_col_to_name(2 * self._order.index(over) + 1, col_abs=True)}${ordinal + 2}"

    def ordinal(self, the_set: Set, ordinal: int) -> str:
        return f"Sets!{xl_col_to_name(2 * self._order.index(the_set), col_abs=True)}${ordinal + 2}"

    def column(self, node: Named) -> str:
        table = self.tables[node.sets]
        return table.range(node, 0, len(table.rows) - 1)

    def keys(self, node: Named, key: Key) -> str:
        table = self.tables[node.sets]
        return table.range(key, 0, len(table.rows) - 1)

    def block(self, node: Named, where: Sequence[tuple[Key, int]]) -> str | None:
        table = self.tables[node.sets]
        hits = [n for n, row in enumerate(table.rows) if all(self._key(table, row, k) == v for k, v in where)]
        if not self.adjacent or not hits or hits[-1] - hits[0] + 1 != len(hits):
            return None
        return table.range(node, hits[0], hits[-1])

    def _key(self, table: Table, row: tuple[int, ...], key: Key) -> int:
        if isinstance(key, Mapping):
            return int(self.space.positions[key][tuple(row[table.sets.index(s)] for s in key.source)])
        return row[table.sets.index(key)]

    # --- the file ---

    def write(self, path: Path, values: Values) -> None:
        """Write inputs as numbers, unknown ones as NA(), everything defined as a formula with a stale value."""
        book = Workbook(str(path))
        formulas = Formulas(self, self.space)
        sheet = book.add_worksheet("Sets")
        for n, the_set in enumerate(self._order):
            for row in range(self.space.size(the_set)):
                sheet.write_number(row + 1, 2 * n, row)
                if the_set in self.space.numbers:
                    sheet.write_number(row + 1, 2 * n + 1, float(self.space.numbers[the_set][row]))
        for table in self.tables.values():
            sheet = book.add_worksheet(table.sheet)
            for n, row in enumerate(table.rows):
                for column, key in enumerate(table.keys):
                    sheet.write_number(n + 1, column, self._key(table, row, key))
                for column, node in enumerate(table.nodes, start=len(table.keys)):
                    self._write_value(sheet, n + 1, column, node, row, values, formulas)
        book.close()

    def _write_value(self, sheet, row, column, node, ordinals, values, formulas) -> None:  # type: ignore[no-untyped-def]
        if isinstance(node, Defined):
            sheet.write_formula(row, column, formulas.equation(node, ordinals), None, STALE)
        elif isinstance(node, Constant):
            sheet.write_formula(row, column, "=" + node.written, None, STALE)
        else:
            value = float(np.broadcast_to(np.asarray(values[node], dtype=float), self.space.shape(node.sets))[ordinals])
            if isinstance(node, Label):
                if value >= 0:
                    sheet.write_string(row, column, node.choices[int(value)])
            elif math.isnan(value):
                sheet.write_formula(row, column, "=NA()", None, STALE)
            else:
                sheet.write_number(row, column, value)

    def read(self, path: Path) -> dict[Defined, np.ndarray]:
        """The values of everything defined in a recalculated file; an error is NaN, absent rows are NaN."""
        from openpyxl import load_workbook

        book = load_workbook(path, data_only=True)
        result: dict[Defined, np.ndarray] = {}
        for table in self.tables.values():
            cells = list(book[table.sheet].iter_rows(min_row=2, values_only=True))
            for column, node in enumerate(table.nodes, start=len(table.keys)):
                if isinstance(node, Defined):
                    array = np.full(self.space.shape(table.sets), math.nan)
                    for n, row in enumerate(table.rows):
                        array[row] = _value(cells[n][column])
                    result[node] = array
        return result


def _value(cell: object) -> float:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, str) and cell.startswith("#"):
        return math.nan
    raise AssertionError(f"a formula gave {cell!r}, neither a number nor an error")
