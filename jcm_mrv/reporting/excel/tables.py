"""Writing the tables of a layout into sheets: inputs as numbers, everything defined as a formula."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.languages import said_in
from jcm_mrv.quantities.elements import of_one_row
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.excel import Formulas, Key
from jcm_mrv.quantities.expression import (
    Constant,
    Defined,
    Input,
    Label,
    Named,
)
from jcm_mrv.quantities.text import symbol_text
from jcm_mrv.reporting.excel.decimals import MOST_DECIMALS, decimals_by_unit
from jcm_mrv.reporting.excel.layout import Layout, Table, ValueList, is_given
from jcm_mrv.reporting.excel.sheet import Block, Cell, Replaced, Sheet, all_formulas, given_cells, text_width
from jcm_mrv.reporting.excel.styles import OPEN_END

if TYPE_CHECKING:
    from xlsxwriter.format import Format

ROW_MARK = "\x00"
SOURCE_COLUMN = 5
"""Of the list of values without index: below the sources of the defaults, which is wide."""
_FULL = 1.1
"""A text of so much more than the width of its column has no room: widths of texts are reckoned with some to spare."""
LONG, SHOWN = 300, 20
"""A table of more rows than the first shows as many as the second; the others are folded away."""


class GraphWriter:
    """Writes the tables of a layout: inputs as numbers, everything defined as a formula.

    ``replaced`` gives formulas for inputs that are chosen on another sheet (a
    default that the project may confirm, what refers to a reading), ``unneeded``
    names those that their row does not have.
    """

    def __init__(
        self,
        layout: Layout,
        evaluation: Evaluation,
        replaced: Replaced,
        unneeded: Set[tuple[Named, tuple[int, ...]]] = frozenset(),
    ) -> None:
        self.layout, self.evaluation, self.replaced, self.unneeded = layout, evaluation, replaced, unneeded
        self._chosen = {node for node, _ in [*replaced, *unneeded]}
        self._decimals = decimals_by_unit(layout, evaluation)
        self._formulas = Formulas(layout, layout.space)
        self._tokens = Formulas(_RowTokens(layout), layout.space)

    def table(self, sheet: Sheet, table: Table) -> None:
        """A whole table with its head."""
        styles = sheet.styles
        sheet.blocks.append(
            Block(table.top, table.top + table.height - 2, (table.top + (table.top > 0), table.first - 1))
        )
        sheet.section(table.top, table.title, len(table.about))
        sheet.fit(table.top + 1, [*(name for name, _ in table.about), *map(symbol_text, table.nodes)])
        units = [f"[{getattr(node, 'unit', '')}]" for node in table.nodes]
        sheet.fit(table.top + 3, units, first=len(table.about))
        labels = [table.labels.get(node, node.label) for node in table.nodes] + [s.label for s in table.numbers]
        sheet.fit(table.top + 2, labels, first=len(table.about))
        for name, texts in table.about:
            column = table.columns[name]
            self._head(sheet, table, column, (name, "", ""))
            # what has several words and no room; a checksum is cut off, and stands on Sources
            wide = {one for one in set(texts) if isinstance(one, str) and " " in one}
            wide = {one for one in wide if text_width(said_in(one, styles.lang)) > _FULL * sheet.width(column)}
            for row, one in enumerate(texts, start=table.first):
                if isinstance(one, str):
                    sheet.text(row, column, one, styles.text if one in wide else styles.plain)
                    if one in wide:
                        sheet.fit(row, [one], first=column)
                else:
                    sheet.worksheet.write_number(row, column, one, styles.moment)
        for node in table.nodes:
            self._column(sheet, table, node)
        for the_set in table.numbers:
            column = table.columns["number", the_set]
            self._head(sheet, table, column, (the_set.index, the_set.label, ""))
            numbers = self.layout.space.numbers[the_set]
            for n, ordinals in enumerate(table.rows):
                sheet.worksheet.write_number(table.first + n, column, float(numbers[ordinals[0]]), styles.input)
        for key in table.keys:
            column = table.columns["key", key]
            sheet.worksheet.write_string(table.top + 1, column, "#", styles.key)
            for n, ordinal in enumerate(self.layout.key_column(table, key).tolist()):
                sheet.worksheet.write_number(table.first + n, column, ordinal, styles.key)
        if not table.nodes and not table.numbers:
            sheet.hide(table.top, table.top + table.height - 1)
        elif len(table.rows) > LONG:
            sheet.fold(table.first + SHOWN, table.first + len(table.rows) - 1)

    def _head(self, sheet: Sheet, table: Table, column: int, words: tuple[str, str, str]) -> None:
        styles = (sheet.styles.head, sheet.styles.about, sheet.styles.unit)
        for row, (word, style) in enumerate(zip(words, styles, strict=True), start=1):
            sheet.text(table.top + row, column, word, style)

    def _column(self, sheet: Sheet, table: Table, node: Named) -> None:
        column = table.columns[node]
        unit = getattr(node, "unit", "")
        label = table.labels.get(node, node.label)
        self._head(sheet, table, column, (symbol_text(node), label, "" if unit in ("", "1") else f"[{unit}]"))
        values = self._values(table, node)
        if isinstance(node, Defined):
            pattern = self._pattern(node)
            if pattern is not None and np.isfinite(values).all():
                self._alike(sheet, table, column, (sheet.short(pattern), self._style(sheet, node)), values)
                return
            for n, ordinals in enumerate(table.rows):
                text = self._formulas.equation(node, ordinals)
                cell = _shown(text, float(values[n]))
                sheet.formula(table.first + n, column, cell, self._style(sheet, node))
            return
        if type(node) is Input and node not in self._chosen and np.isfinite(values).all():
            for row, value in enumerate(values.tolist(), start=table.first):
                sheet.worksheet.write_number(row, column, value, sheet.styles.input)
            return
        for n, ordinals in enumerate(table.rows):
            self.given(sheet, (table.first + n, column), node, ordinals, float(values[n]))

    def _values(self, table: Table, node: Named) -> Numbers:
        """The values of a quantity in the order of its table's rows."""
        values = np.broadcast_to(self.evaluation[node], self.layout.space.shape(node.sets))
        places = np.array(table.rows, dtype=np.int64).reshape(len(table.rows), len(table.sets))
        return np.asarray(values[tuple(places.T)], dtype=np.float64)

    def _style(self, sheet: Sheet, node: Named) -> Format:
        """The format of a quantity's computed values: one for each unit."""
        return sheet.styles.decimals(self._decimals.get(getattr(node, "unit", ""), MOST_DECIMALS))

    def _alike(self, sheet: Sheet, table: Table, column: int, pattern: tuple[str, Format], values: Numbers) -> None:
        """Formulas that differ in the row's number only."""
        pieces, style = pattern[0].split(ROW_MARK), pattern[1]
        write = sheet.worksheet.write_formula
        for row, value in enumerate(values.tolist(), start=table.first):
            write(row, column, str(row + 1).join(pieces), style, value)

    def given(self, sheet: Sheet, place: tuple[int, int], node: Named, ordinals: tuple[int, ...], value: float) -> None:
        """The cell of one value from outside the graph."""
        row, column = place
        formula = self._as_formula(node, ordinals, value)
        if (node, ordinals) in self.unneeded:
            sheet.worksheet.write_number(row, column, value, sheet.styles.unneeded)
        elif formula is not None:
            replaced = (node, ordinals) in self.replaced
            style = self._style(sheet, node) if replaced else sheet.styles.input
            sheet.formula(row, column, _shown(formula, value), style)
        elif isinstance(node, Label):
            # Not chosen because it is not needed: an empty input cell.
            sheet.text(row, column, node.choices[int(value)] if value >= 0 else "", sheet.styles.input_text)
        elif math.isinf(value):  # the open end of a class table
            sheet.worksheet.write_number(row, column, math.copysign(OPEN_END, value), sheet.styles.input_open)
        else:
            sheet.worksheet.write_number(row, column, value, sheet.styles.input)

    def _as_formula(self, node: Named, ordinals: tuple[int, ...], value: float) -> str | None:
        """The formula of a value from outside the graph: a default that is chosen, a written fraction, or unknown."""
        chosen = self.replaced.get((node, ordinals))
        if chosen is not None or isinstance(node, Label):
            return chosen
        if isinstance(node, Constant) and "/" in node.written:
            return "=" + node.written
        return "=NA()" if math.isnan(value) else None

    def checks(self, sheet: Sheet, table: Table) -> None:
        """The cells above a table's columns that say whether any of their cells is empty, lost or typed over."""
        for node in table.nodes:
            cells = table.whole(node)
            conditions = [all_formulas(cells, "ROWS")]
            if not isinstance(node, Defined):
                values = self._values(table, node).tolist()
                conditions = self._conditions(cells, [(node, o, v) for o, v in zip(table.rows, values, strict=True)])
            sheet.check((table.top, table.columns[node]), *conditions)
        for the_set in table.numbers:
            column = "number", the_set
            sheet.check((table.top, table.columns[column]), *given_cells(table.whole(column), 0, 0, 0))
        for key in table.keys:
            self._check_ordinals(sheet, table, key)

    def _check_ordinals(self, sheet: Sheet, table: Table, key: Key) -> None:
        """Totals match on ordinals: none may be changed. Their sum, each times its place, tells."""
        cells, ordinals = table.whole(("key", key)), self.layout.key_column(table, key)
        total = int((ordinals * np.arange(1, len(ordinals) + 1)).sum())
        first = table.at(("key", key), 0)
        same = f"SUMPRODUCT({cells},ROW({cells})-ROW({first})+1)={total}"
        sheet.check((table.top, table.columns["key", key]), f"COUNT({cells})=ROWS({cells})", same)

    def _conditions(self, cells: str, values: Sequence[tuple[Named, tuple[int, ...], float]]) -> list[str]:
        """What holds of the cells of values from outside the graph as long as none is emptied or becomes text."""
        chosen = [value >= 0 for node, _, value in values if isinstance(node, Label)]
        formulas = sum(self._as_formula(*one) is not None for one in values)
        blank = any(math.isnan(value) for _, _, value in values)
        return given_cells(cells, chosen.count(False), chosen.count(True), formulas, entered=blank)

    def _pattern(self, node: Defined) -> str | None:
        """The formula of every row alike, with a mark for the row's number; None where rows differ.

        They are alike when the equation only takes values of the same element
        and values without sets, all existing wherever the quantity does.
        """
        if not node.sets or not of_one_row(node):
            return None
        return self._tokens.equation(node, self.layout.tables[node.sets].rows[0]) if self._rows(node) else None

    def _rows(self, node: Defined) -> bool:
        return bool(self.layout.tables[node.sets].rows)

    def list(self, sheet: Sheet, values: ValueList, heads: Sequence[str], sources: dict[Named, str]) -> None:
        """Quantities without sets as rows."""
        sheet.section(values.top, values.title, values.VALUE_COLUMN)
        sheet.blocks.append(Block(values.top, values.top + values.height - 2, (values.top + 1, values.top + 1)))
        if values.nodes:
            cells, defined = values.span(), isinstance(values.nodes[0], Defined)
            own = [] if defined else [(node, (), float(self.evaluation[node])) for node in values.nodes]
            conditions = [all_formulas(cells, "ROWS")] if defined else self._conditions(cells, own)
            sheet.check((values.top, values.VALUE_COLUMN), *conditions)
        places = (0, 1, values.VALUE_COLUMN, 3, SOURCE_COLUMN)
        sheet.heading(values.top + 1, heads, places[: len(heads)])
        for node in values.nodes:
            row = values.row(node)
            source = sources.get(node, "")
            sheet.fit(row, ["", node.label, "", "", *[""] * (SOURCE_COLUMN - 4), source])
            sheet.text(row, 0, symbol_text(node))
            sheet.text(row, 1, node.label)
            sheet.text(row, 3, getattr(node, "unit", ""), sheet.styles.after[None])
            sheet.text(row, SOURCE_COLUMN, source)
            value = float(self.evaluation[node])
            if is_given(node):
                self.given(sheet, (row, values.VALUE_COLUMN), node, (), value)
            elif isinstance(node, Defined):
                cell = _shown(self._formulas.equation(node, ()), value)
                sheet.formula(row, values.VALUE_COLUMN, cell, self._style(sheet, node))


def _shown(formula: str, value: float) -> Cell:
    """A formula; of what has no value as written (a choice does not take it) one that gives an empty text.

    To arithmetic that is an error, and formulas that would pass over a text ask whether it is a number.
    """
    if math.isfinite(value):
        return Cell(formula, value)
    return Cell('=""' if formula == "=NA()" else f'=IFERROR({formula[1:]},"")', "")


class _RowTokens(Layout):
    """Addresses in which the row of the quantity's own table is a mark."""

    def __init__(self, layout: Layout) -> None:
        self.__dict__.update(layout.__dict__)

    def cell(self, node: Named, ordinals: tuple[int, ...]) -> str:
        """The cell of one value, with the mark where it lies in a table."""
        address = super().cell(node, ordinals)
        return address.rpartition("$")[0] + "$" + ROW_MARK if node.sets else address
