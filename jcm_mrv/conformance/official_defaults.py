"""The default values of a card against the list of default values of the spreadsheet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.card import CardDefault
from jcm_mrv.methodology.declare import Default
from jcm_mrv.methodology.factors import fuel_key
from jcm_mrv.official.reading import Line, Spreadsheet
from jcm_mrv.official.terms import (
    AGREES,
    DEFAULT,
    DIFFERS,
    NOT_FOUND,
    Cells,
    Compared,
    bare_unit,
    lines_of,
    number_in,
    shown,
    unit_factor,
)
from jcm_mrv.quantities.expression import Named
from jcm_mrv.words import say

_SAME = 1e-9  # relative


def compare_defaults(bound: Bound, spreadsheet: Spreadsheet, cells: Cells) -> Iterator[Compared]:
    """Each default of the card against the list, then what the list has and the card has not."""
    nodes = _default_nodes(bound)
    taken: set[Line] = set()
    for symbol, node in nodes.items():
        lines = lines_of(node, spreadsheet.defaults, list(nodes.values()))
        taken |= set(lines)
        card = bound.entry.card.defaults.get(symbol)
        if card is None or not (card.by_name or card.classes or card.value is not None):
            note = say("the card has no value of its own; the project enters it")
            yield from (_listed(line, symbol, note) for line in lines)
        elif card.classes:
            yield from _classes(card, lines, cells)
        elif card.by_name:
            yield from _by_fuel(card, lines, cells)
        elif card.value is not None:
            yield from _one_value(card, card.value, lines, cells)
    note = say("the card has no such default")
    yield from (_listed(line, line.symbol, note) for line in spreadsheet.defaults if line not in taken)


def _default_nodes(bound: Bound) -> dict[str, Named]:
    """The defaults by their symbol on the card; the values of a table of classes stand under the table's symbol."""
    tables = {id(table.values): symbol for symbol, table in bound.tables.items()}
    defined = {n.symbol: n for n in bound.equations}
    found: dict[str, Named] = {}
    for node in bound.fixed:
        if isinstance(node, Default):
            symbol = tables.get(id(node), node.symbol)
            found[symbol] = defined.get(symbol, node) if id(node) in tables else node
    return found


def _listed(line: Line, symbol: str, note: str) -> Compared:
    theirs = shown(line.value if line.value is not None else "", line.unit)
    return Compared(DEFAULT, symbol, NOT_FOUND, "", theirs, line.where, note, applies_to=line.fuel)


def _one_value(card: CardDefault, value: float, lines: Sequence[Line], cells: Cells) -> Iterator[Compared]:
    if not lines:
        note = say("the list of default values has no such parameter")
        yield Compared(DEFAULT, card.symbol, NOT_FOUND, shown(value, card.unit), note=note)
    yield from (_one_default(card, value, line, cells) for line in lines)


def _one_default(card: CardDefault, value: float, line: Line, cells: Cells, of: str = "") -> Compared:
    found, factor = number_in(line, cells), unit_factor(line.unit, card.unit)
    ours = shown(value, card.unit) + (f" ({of})" if of else "")
    theirs = shown(found if found is not None else line.value or "", line.unit)
    note, same = "", False
    if found is None:
        note = say("the spreadsheet has no number there")
    elif factor is None:
        note = say("{other} is not the same kind of unit as {unit}", other=line.unit or say("no unit"), unit=card.unit)
    else:
        same = math.isclose(found * factor, value, rel_tol=_SAME, abs_tol=1e-15)
        note = "" if factor == 1 else f"1 {bare_unit(line.unit)} = {factor:g} {card.unit}"
    outcome = AGREES if same else DIFFERS
    name, applies_to = card.symbol, (line.fuel or line.label) if card.by_name else ""
    return Compared(DEFAULT, name, outcome, ours, theirs, line.where, note, "", value, card.unit, applies_to)


def _by_fuel(card: CardDefault, lines: Sequence[Line], cells: Cells) -> Iterator[Compared]:
    """The fuels of the list; a card knows many more than a spreadsheet lists."""
    if not lines:
        yield Compared(DEFAULT, card.symbol, NOT_FOUND, note=say("the list of default values has no such parameter"))
    for line in lines:
        value = card.of(line.fuel or line.label)
        if value is None or fuel_key(line.fuel or line.label) not in card.by_name:
            yield _listed(line, card.symbol, say("the card has no fuel {value!r}", value=line.fuel or line.label))
        else:
            yield _one_default(card, value, line, cells)


def _classes(card: CardDefault, lines: Sequence[Line], cells: Cells) -> Iterator[Compared]:
    """A table of classes, in the order of both; their edges are in the label and left to the reader's eye."""
    if len(lines) != len(card.classes):
        note = say(
            "the card has {number_of_classes} classes, the list {number_of_lines} lines",
            number_of_classes=len(card.classes),
            number_of_lines=len(lines),
        )
        yield Compared(DEFAULT, card.symbol, DIFFERS if lines else NOT_FOUND, note=note)
        return
    for kind, line in zip(card.classes, lines, strict=True):
        upper = "" if kind.upper is None else f"{kind.upper:g}"
        yield _one_default(card, kind.value, line, cells, kind.label or f"{kind.lower:g} to {upper}")
