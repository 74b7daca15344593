"""The inputs of a case in the input cells of the spreadsheet, in the spreadsheet's own units."""

from __future__ import annotations

from collections.abc import Sequence

from jcm_mrv.conformance.cases import Case
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Default, Fixed, Monitored
from jcm_mrv.official.entering import entered
from jcm_mrv.official.reading import Line, Place, Spreadsheet
from jcm_mrv.official.terms import FED, INPUT_CELL, NOT_FOUND, Amount, Compared, lines_of, shown
from jcm_mrv.quantities.expression import Named
from jcm_mrv.words import say


def feed(
    bound: Bound, case: Case, year: int, spreadsheet: Spreadsheet, name: str
) -> tuple[list[Compared], dict[Place, Amount] | None]:
    """What became of each input, and what is written in which cell of MPS(input); None where it cannot be fed."""
    written: dict[Place, Amount] = {}
    compared: list[Compared] = []
    fits = True
    nodes = [*(n for n in bound.monitored if not n.factors), *bound.fixed, *bound.switches]
    for node in nodes:
        lines = spreadsheet.monitored if isinstance(node, Monitored) else spreadsheet.fixed
        cells = lines_of(node, lines, list(bound.nodes))
        given = _given(bound, node, case, year, cells)
        if not given:
            note = say("the case has no value for this input of the spreadsheet")
            compared += [Compared(INPUT_CELL, c.symbol, NOT_FOUND, where=c.where, note=note, case=name) for c in cells]
            continue
        entry = entered(node, given, cells)
        reason = entry.reason
        written |= entry.values
        compared += [
            Compared(INPUT_CELL, node.symbol, FED, shown(*g), shown(written[c.place], c.unit), c.where, case=name)
            for g, c in zip(given, cells, strict=False)
            if not reason and g[0] != ""
        ]
        if reason:
            compared.append(Compared(INPUT_CELL, node.symbol, NOT_FOUND, note=reason, case=name))
            fits = fits and not isinstance(node, Monitored)
    known = {c for n in nodes for c in lines_of(n, [*spreadsheet.monitored, *spreadsheet.fixed], bound.nodes)}
    for line in [*spreadsheet.monitored, *spreadsheet.fixed]:
        if line not in known and not line.is_formula:
            note = say("it is no input of the card; its cell was left as it is")
            theirs = shown(line.value if line.value is not None else "", line.unit)
            compared.append(Compared(INPUT_CELL, line.symbol, NOT_FOUND, "", theirs, line.where, note, name))
    return compared, written if fits else None


def _given(bound: Bound, node: Named, case: Case, year: int, cells: Sequence[Line]) -> list[tuple[Amount, str]]:
    """The values of a case for a node, with their units: by unit of equipment, or as the rows of the case stand.

    What a unit does not have is an empty text, so that the others stay in
    their cells. Of a default that the case does not give, the card's value.
    """
    unit = node.unit if isinstance(node, Fixed) else ""
    if isinstance(node, Monitored):
        rows = [r for r in case.monitored if r["parameter"] == node.symbol]
        amounts = {n: r["by_year"].get(str(year), "") for n, r in enumerate(rows)}
        found = [(str(r["applies_to"]), _amount(amounts[n], str(r["unit"]))) for n, r in enumerate(rows)]
    else:
        rows = [r for r in case.fixed if r["parameter"] == node.symbol]
        found = [(str(r.get("applies_to", "")), _amount(r["value"], str(r.get("unit", unit)))) for r in rows]
        owners = [r for r in case.equipment if node.symbol in r]
        found += [(str(r["equipment_id"]), _amount(r[node.symbol], unit)) for r in owners]
    if any(value != "" for _, (value, _) in found):
        return _by_equipment(case, found, len(cells))
    card = bound.entry.card.defaults.get(node.symbol)
    if cells and isinstance(node, Default) and card and card.value is not None:
        return [(card.value, card.unit)] * len(cells)
    return []


def _by_equipment(case: Case, found: list[tuple[str, tuple[Amount, str]]], cells: int) -> list[tuple[Amount, str]]:
    """In the order of the equipment, where each value is of one unit and the spreadsheet has a cell for every unit."""
    units = [str(r["equipment_id"]) for r in case.equipment]
    values = dict(found)
    if len(values) == len(found) and set(values) <= set(units) and cells >= len(units):
        return [values.get(one, ("", "")) for one in units]
    return [value for _, value in found]


def _amount(value: object, unit: str) -> tuple[Amount, str]:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return (float(value) if number else str(value)), unit  # type: ignore[arg-type]
