"""Default values: each number of a card, and each that the project confirmed, in one cell to which all else refers.

MRS(calc_process) ends with the official list of default values. The list on
Fixed values and defaults says for each element which of them applies, what
the project confirmed or replaced, and which value is used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from xlsxwriter.utility import xl_cell_to_rowcol

from jcm_mrv.methodology.declare import fuel
from jcm_mrv.reporting.excel.columns import Column, Columns
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.homes import Homes
from jcm_mrv.reporting.excel.layout import quoted
from jcm_mrv.reporting.excel.page_setup import room_of
from jcm_mrv.reporting.excel.sheet import Block, Cell, Replaced, Sheet, all_formulas, formulas_in, number_in
from jcm_mrv.result import DefaultUse

DEFAULTS: Columns[DefaultUse] = Columns(
    "fixed",
    "one row per default value of a card and element",
    (
        Column(key="methodology", width=13, about="number and version", cell=lambda use: use.methodology),
        Column(key="symbol", width=28, about="symbol of the parameter", cell=lambda use: use.node.symbol),
        Column(
            key="element",
            width=11,
            about="which unit, fuel or product it is of; blank where it is of all",
            cell=lambda use: use.label,
        ),
        Column(key="unit", width=10, about="unit of the value", cell=lambda use: use.unit),
        Column(
            key="card_value",
            width=11,
            about="the card's value, from the list of default values on MRS(calc_process)",
            cell=lambda use: use.card_value,
        ),
        Column(key="card_source", width=32, about="where the card has it from", cell=lambda use: use.card_source),
        Column(key="card_evidence", width=12, about="how well that is known", cell=lambda use: use.card_evidence),
        Column(
            key="confirmed_value",
            width=12,
            about="the value that the project confirmed: an input, or where it was entered once for several rows, that",
            cell=lambda use: use.project_value,
        ),
        Column(key="document", width=20, about="the document that proves it", cell=lambda use: use.document),
        Column(key="page", width=7, about="page or table in it", cell=lambda use: use.page),
        Column(
            key="used", width=11, about="the confirmed value, else the card's: a formula", cell=lambda use: use.used
        ),
        Column(
            key="used_evidence",
            width=14,
            about="how well the value that is used is known",
            cell=lambda use: use.evidence,
        ),
    ),
)


class DefaultList:
    """The list of default values, one row per value of a card; it is written twice, the first time for the places."""

    HEADS = ("[List of Default Values]", "Fuel type", "Value", "Units", "Parameter")
    VALUE = "C"

    def __init__(self, graph: ClaimGraph) -> None:
        self.graph, self.sheet = graph, graph.names.process
        self._at: list[int] = []
        self.rows: dict[tuple[str, str, str], DefaultUse] = {}
        for use in graph.result.defaults:
            if use.card_value is not None:
                self.rows.setdefault(self._key(use), use)
        self._place = {key: n for n, key in enumerate(self.rows)}

    @staticmethod
    def _key(use: DefaultUse) -> tuple[str, str, str]:
        return use.methodology, use.node.symbol, use.card_name

    def cell(self, use: DefaultUse) -> str:
        """The one cell of a card's value."""
        return f"{quoted(self.sheet)}!${self.VALUE}${self._at[self._place[self._key(use)]] + 1}"

    def write(self, sheet: Sheet) -> list[str]:
        """The list with its headings; the cell above its values that says whether one was lost, if there are any."""
        if not self.rows:
            return []
        top, rows = sheet.row, [self._row(use) for use in self.rows.values()]
        sheet.row += 1
        self._at = sheet.table(self.HEADS, rows, room=room_of(sheet, len(sheet.widths)), above=1)
        for n, use in zip(self._at, self.rows.values(), strict=True):
            sheet.given(n, 2, use.card_value)
        values = f"${self.VALUE}${self._at[0] + 1}:${self.VALUE}${self._at[-1] + 1}"
        sheet.check((top, 2), f"COUNT({values})={len(self.rows)}")
        return [f"{quoted(sheet.name)}!${self.VALUE}${top + 1}"]

    def _row(self, use: DefaultUse) -> tuple[str | float | None, ...]:
        named = " / ".join(filter(None, (described(self.graph, use), "" if is_fuel(use) else use.card_name)))
        return named, use.card_name if is_fuel(use) else "", use.card_value, use.unit, use.node.symbol


def is_fuel(use: DefaultUse) -> bool:
    """Whether a default is of a fuel, which the official form has in a column of its own."""
    return bool(use.node.sets) and use.node.sets[0].name == fuel.name


def described(graph: ClaimGraph, use: DefaultUse) -> str:
    """A default in words, first its methodology where the claim has several."""
    several = len(graph.result.claim.bounds) > 1
    return f"{use.methodology}: {use.node.label}" if several else use.node.label


def used_cell(graph: ClaimGraph, top: int, n: int) -> str:
    """The cell of the value that is used, of the ``n``-th default of a list whose headings stand in the row ``top``."""
    return f"{quoted(graph.names.fixed)}!${DEFAULTS.letter('used')}${top + n + 2}"


def write_defaults(sheet: Sheet, graph: ClaimGraph, listed: DefaultList, homes: Homes) -> Replaced:
    """The list of defaults, and for each the formula by which the graph takes the value that is used."""
    sheet.text(sheet.row, 0, graph.t("excel_table.defaults"), sheet.styles.section)
    top = sheet.row + 1
    sheet.heading(top, DEFAULTS.heads(graph.t))
    replaced: Replaced = {}
    for n, use in enumerate(graph.result.defaults):
        _default(sheet, top + 1 + n, use, listed, homes)
        replaced[use.node, use.ordinals] = number_in(used_cell(graph, top, n))
    if graph.result.defaults:
        graph.checks.append(_check_defaults(sheet, graph.result.defaults, top))
    sheet.blocks.append(Block(top - 1, top + len(graph.result.defaults), (top, top)))
    sheet.row = top + len(graph.result.defaults) + 2
    return replaced


def _check_defaults(sheet: Sheet, defaults: Sequence[DefaultUse], top: int) -> str:
    """The cell that says whether the list below the row ``top`` chooses as it did, and its address."""
    used, own, card = (
        f"${letter}${top + 2}:${letter}${top + 1 + len(defaults)}"
        for letter in map(DEFAULTS.letter, ("used", "confirmed_value", "card_value"))
    )
    # A confirmed value that is emptied gives way to the card's, a new one has no document.
    confirmed = sum(use.project_value is not None for use in defaults)
    on_card = sum(use.card_value is not None for use in defaults)
    check = f"${DEFAULTS.letter('used')}${top}"
    conditions = [all_formulas(used, "ROWS"), f"COUNT({own})={confirmed}"]
    conditions += [f"{formulas_in(card)}={on_card}", f"COUNT({card})={on_card}"]
    sheet.check(xl_cell_to_rowcol(check), *conditions)
    return f"{quoted(sheet.name)}!{check}"


def _default(sheet: Sheet, row: int, use: DefaultUse, listed: DefaultList, homes: Homes) -> None:
    known = listed.graph.t.known
    cells = DEFAULTS.cells(
        replace(use, card_evidence=known("evidence", use.card_evidence), evidence=known("evidence", use.evidence))
    )
    keys = [column.key for column in DEFAULTS.all]
    sheet.fit(row, cells)
    # Only an empty cell leaves the card's value in force: text would otherwise be passed over in silence.
    own, card = (f"{DEFAULTS.letter(key)}{row + 1}" for key in ("confirmed_value", "card_value"))
    unknown = "NA()" if math.isfinite(use.used) else '""'  # not needed: nobody has to look at it
    formula = f"=IF(ISNUMBER({own}),{own},IF(AND(ISBLANK({own}),ISNUMBER({card})),{card},{unknown}))"
    for column, (key, cell) in enumerate(zip(keys, cells, strict=True)):
        if key == "used":
            sheet.formula(row, column, Cell(formula, use.used if math.isfinite(use.used) else ""), sheet.styles.formula)
        elif key == "confirmed_value":
            _confirmed(sheet, (row, column), use, homes)
        elif key == "card_value" and use.card_value is not None:
            sheet.formula(row, column, Cell(number_in(listed.cell(use)), use.card_value), sheet.styles.shown)
        elif key == "card_value":
            sheet.given(row, column, None)
        else:
            after = keys[column - 1] in ("card_value", "confirmed_value", "used")
            sheet.value(row, column, cell, sheet.styles.after[None] if after else None)


def _confirmed(sheet: Sheet, place: tuple[int, int], use: DefaultUse, homes: Homes) -> None:
    """What the project entered: in the first row that uses it an input, in further ones a reference to that."""
    value = use.project_value
    own = f"{quoted(sheet.name)}!${DEFAULTS.letter('confirmed_value')}${place[0] + 1}"
    home = homes.add(use.origin, value, own) if value is not None and use.origin.cell else own
    if value is None or home == own:
        sheet.given(*place, value)
    else:
        sheet.formula(*place, Cell(number_in(home), value), sheet.styles.shown)
