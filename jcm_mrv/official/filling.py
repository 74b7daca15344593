"""A copy of the person's own official MRS with the values of a calendar year, and what its formulas make of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jcm_mrv.libreoffice import soffice
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.official.choices import not_offered
from jcm_mrv.official.entering import entered, factor_into
from jcm_mrv.official.given import Given, given_of, results_of
from jcm_mrv.official.reading import Line, Place, Spreadsheet
from jcm_mrv.official.recalculating import factor_to_tonnes, recalculated, tonnes_compared
from jcm_mrv.official.terms import (
    AGREES,
    DIFFERS,
    ENTERED,
    INPUT_CELL,
    NOT_FOUND,
    RESULT,
    Amount,
    Cells,
    Compared,
    lines_of,
    number_in,
    shown,
    squashed,
)
from jcm_mrv.official.xml_cells import with_values
from jcm_mrv.quantities.expression import Named
from jcm_mrv.reporting.excel.mrs_tables import span
from jcm_mrv.result import Result, YearResult
from jcm_mrv.rounding import credited_tonnes
from jcm_mrv.words import say

_SAME = 1e-9  # relative


@dataclass(frozen=True)
class Filled:
    """The filled file of a year, and every input and result of it: entered, agreeing, different or not placed."""

    year: int
    content: bytes
    compared: tuple[Compared, ...]

    @property
    def open(self) -> list[Compared]:
        """What was not placed, differs or could not be compared."""
        return [c for c in self.compared if c.outcome not in (ENTERED, AGREES)]


def fill(content: bytes, spreadsheet: Spreadsheet, result: Result, bound: Bound, ordinal: int) -> Filled:
    """Enter the values of a calendar year (by its ordinal) into the sheet MRS(input), and recalculate it.

    ``content`` is the file that ``spreadsheet`` was read from. Formulas are
    not written over: what Table 2 takes from elsewhere in the file is
    compared. Without LibreOffice nothing is recalculated, which is said.
    """
    year = results_of(result, bound, ordinal)
    written: dict[Place, Amount] = {}
    compared: list[Compared] = []
    taken: set[Line] = set()
    stated: list[tuple[Given, Sequence[Line]]] = []
    for given in given_of(result, bound, ordinal):
        lines = _lines(given, spreadsheet, bound.nodes)
        taken |= set(lines)
        listed = lines or lines_of(given.node, spreadsheet.defaults, bound.nodes)
        if listed and not given.monitored and (not lines or all(line.is_formula for line in lines)):
            stated.append((given, listed))
        elif given.values:
            compared += _entered(given, lines, spreadsheet, year, written)
    compared += _unknown(spreadsheet, taken)
    cells = recalculated(spreadsheet, written) if soffice() else {}
    if cells:
        compared += [one for given, lines in stated for one in _stated(given, lines, cells)]
        compared += tonnes_compared(spreadsheet, cells, year, str(year.year))
        compared += _credited(spreadsheet, cells, year, result)
    else:
        note = say("LibreOffice is not installed: nothing was recalculated, and credited was not compared")
        compared.append(Compared(RESULT, "RE_p, PE_p, ER_p", NOT_FOUND, note=note))
    return Filled(
        year.year,
        with_values(content, spreadsheet.file, _by_sheet(written), cells),
        tuple(compared),
    )


def _by_sheet(written: Mapping[Place, Amount]) -> dict[str, dict[str, Amount]]:
    found: dict[str, dict[str, Amount]] = {}
    for (sheet, cell), value in written.items():
        found.setdefault(sheet, {})[cell] = value
    return found


def _lines(given: Given, spreadsheet: Spreadsheet, nodes: Sequence[Named]) -> list[Line]:
    """The lines of a quantity by its symbol, else by its description."""
    table = spreadsheet.monitored if given.monitored else spreadsheet.fixed
    by_symbol = lines_of(given.node, table, nodes)
    return by_symbol or [x for x in table if x.label and squashed(x.label) == squashed(given.node.label)]


def _entered(
    given: Given,
    lines: Sequence[Line],
    spreadsheet: Spreadsheet,
    year: YearResult,
    written: dict[Place, Amount],
) -> Iterator[Compared]:
    """What became of the values of a quantity; ``written`` takes those that have a cell."""
    values = given.values[:1] if len(lines) == 1 and len(set(given.values)) == 1 else given.values
    entry = entered(given.node, values, lines)
    texts = {place: value for place, value in entry.values.items() if isinstance(value, str) and value}
    reason = entry.reason or not_offered(spreadsheet, texts)
    if reason:
        yield Compared(INPUT_CELL, given.node.symbol, NOT_FOUND, ", ".join(shown(*v) for v in values), note=reason)
        return
    written |= entry.values
    for n, line in enumerate(lines):
        form = spreadsheet.form.input
        if line.period_cell and not str(spreadsheet.cells[form].get(line.period_cell, "")).startswith("="):
            written[form, line.period_cell] = span(year.start, year.end)
        ours = shown(*values[n]) if n < len(values) else ""
        note = given.elements[n] if n < len(values) == len(given.elements) else ""
        note = note if n < len(values) else say("there is no value for it: the cell was emptied")
        theirs = shown(entry.values[line.place], line.unit)
        yield Compared(INPUT_CELL, given.node.symbol, ENTERED, ours, theirs, line.where, note)


def _unknown(spreadsheet: Spreadsheet, taken: set[Line]) -> Iterator[Compared]:
    for line in [*spreadsheet.monitored, *spreadsheet.fixed]:
        if line not in taken and not line.is_formula:
            note = say("it is no input of the methodology; its cell was left as it is")
            theirs = shown(line.value if line.value is not None else "", line.unit)
            yield Compared(INPUT_CELL, line.symbol, NOT_FOUND, "", theirs, line.where, note)


def _stated(given: Given, lines: Sequence[Line], cells: Cells) -> Iterator[Compared]:
    """What the file's own formulas and list of default values state for the values of the claim."""
    for n, (value, unit) in enumerate(given.values):
        own = lines[n : n + 1] if len(lines) == len(given.values) else lines
        found = [_found(line, cells) for line in own]
        same = any(_same(value, unit, other, line) for other, line in zip(found, own, strict=True))
        theirs = ", ".join(shown(other, line.unit) for other, line in zip(found, own, strict=True))
        outcome = AGREES if same else DIFFERS
        yield Compared(INPUT_CELL, given.node.symbol, outcome, shown(value, unit), theirs, own[0].where)


def _found(line: Line, cells: Cells) -> Amount:
    """The recalculated content of a cell."""
    value = cells.get(line.sheet, {}).get(line.cell)
    return "nothing" if value is None else value


def _same(value: Amount, unit: str, other: Amount, line: Line) -> bool:
    if isinstance(value, str) or isinstance(other, str):
        return value == other
    factor = factor_into(unit, line)
    return factor is not None and math.isclose(other, value * factor, rel_tol=_SAME)


def _credited(spreadsheet: Spreadsheet, cells: Cells, year: YearResult, result: Result) -> Iterator[Compared]:
    """The whole tonnes that follow from the file's own ER against those of the claim."""
    line = next((x for x in spreadsheet.process if squashed(x.symbol) in ("er", "erp")), None)
    found = None if line is None else number_in(line, cells)
    factor = None if line is None else factor_to_tonnes(line)
    if line is None or found is None or factor is None or year.credited is None:
        return  # the first of these is among the tonnes compared; nothing is credited of an indicative figure
    due = credited_tonnes(found * factor, result.rounding_digits)
    outcome = AGREES if due == year.credited else DIFFERS
    yield Compared(RESULT, "credited", outcome, f"{year.credited} tCO2e", f"{due} tCO2e", line.where)
