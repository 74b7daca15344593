"""A card against the official spreadsheet of its methodology: default values, and the results of its cases."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jcm_mrv.conformance.cases import Case, CaseError, calculate_case, cases_of
from jcm_mrv.conformance.official_defaults import compare_defaults
from jcm_mrv.conformance.official_inputs import feed
from jcm_mrv.conformance.official_reading import INPUT, Line, Spreadsheet, Value, plain
from jcm_mrv.conformance.official_terms import (
    AGREES,
    DIFFERS,
    FED,
    NOT_FOUND,
    RESULT,
    Amount,
    Cells,
    Compared,
    number_in,
    of_period,
    renamed,
    shown,
    squashed,
    unit_factor,
)
from jcm_mrv.findings import InputRefusedError
from jcm_mrv.libreoffice import recalculate
from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.quantities.expression import Constant
from jcm_mrv.result import YearResult

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell

_SAME = 1e-6  # relative


@dataclass(frozen=True)
class Comparison:
    """Everything that was compared; ``fed`` are the cases (``file, year``) whose inputs the spreadsheet took."""

    entry: Entry
    spreadsheet: Spreadsheet
    compared: tuple[Compared, ...]
    fed: tuple[str, ...] = field(default=())

    @property
    def open(self) -> list[Compared]:
        """What differs or was not found."""
        return [c for c in self.compared if c.outcome not in (AGREES, FED)]

    @property
    def agrees(self) -> bool:
        """True when every parameter agrees and at least one case was recalculated."""
        return bool(self.fed) and not self.open


def compare(entry: Entry, spreadsheet: Spreadsheet, symbols: Mapping[str, str] | None = None) -> Comparison:
    """Compare the card's defaults, then feed the spreadsheet the inputs of each case and compare the results.

    LibreOffice recalculates a plain copy, once for each calendar year of a
    case. Raises LibreOfficeError where it is missing, CaseError for a case
    that cannot be read, CataloguedError for a card that is catalogued only.
    ``symbols`` are the spreadsheet's symbols by the card's, where they are
    written differently; UnknownSymbolError for one that is not there.
    """
    bound = bind(entry)
    if symbols:
        known = {n.symbol for n in bound.nodes if not isinstance(n, Constant)} | set(bound.tables)
        spreadsheet = renamed(spreadsheet, symbols, known)
    compared: list[Compared] = []
    fed: list[str] = []
    recalculated: Cells = spreadsheet.cells
    cases = list(cases_of(entry))
    if not cases:
        compared.append(Compared(RESULT, "RE, PE, ER", NOT_FOUND, note="the card has no case to feed"))
    for case in cases:
        years = _engine(case)
        if isinstance(years, str):
            compared.append(Compared(RESULT, "RE, PE, ER", NOT_FOUND, note=years, case=case.name))
            continue
        for year in years:
            name = f"{case.name}, {year.year}"
            inputs, written = feed(bound, case, year.year, spreadsheet, name)
            compared += inputs
            if written is None:
                continue
            fed.append(name)
            recalculated = _recalculated(spreadsheet, written)
            compared += _results(spreadsheet, recalculated, year, name)
    defaults = compare_defaults(bound, spreadsheet, recalculated)
    return Comparison(entry, spreadsheet, (*defaults, *compared), tuple(fed))


def _engine(case: Case) -> Sequence[YearResult] | str:
    """The engine's tonnes by year, or why there are none."""
    with tempfile.TemporaryDirectory(prefix="jcm-mrv-") as folder:
        try:
            return calculate_case(case, Path(folder)).years
        except (InputRefusedError, CaseError) as error:
            return f"the case cannot be calculated: {error}"


def _recalculated(spreadsheet: Spreadsheet, written: Mapping[str, Amount]) -> dict[str, dict[str, Value]]:
    """The values of every cell after LibreOffice recalculated a plain copy with these cells of MPS(input) written."""
    from openpyxl import Workbook, load_workbook
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.formula import ArrayFormula

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, cells in spreadsheet.cells.items():
        sheet = book.create_sheet(title)
        arrays = spreadsheet.arrays.get(title, {})
        for cell, value in {**cells, **(written if title == INPUT else {})}.items():
            if value != "":
                sheet[cell] = ArrayFormula(arrays[cell], value) if cell in arrays else value
    for name, text in spreadsheet.names.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    with tempfile.TemporaryDirectory(prefix="jcm-mrv-") as folder:
        path = Path(folder) / "spreadsheet.xlsx"
        book.save(path)
        done = load_workbook(recalculate(path, Path(folder) / "recalculated"), data_only=True)
        return {sheet.title: _values(sheet.iter_rows()) for sheet in done.worksheets}


def _values(rows: Iterable[Iterable[Cell | MergedCell]]) -> dict[str, Value]:
    return {cell.coordinate: plain(cell.value) for row in rows for cell in row if cell.value is not None}


def _results(spreadsheet: Spreadsheet, cells: Cells, year: YearResult, case: str) -> Iterator[Compared]:
    """RE, PE, LE and ER of the spreadsheet against those of the engine [tCO2e]."""
    results = (("RE", year.reference), ("PE", year.project), ("LE", year.leakage), ("ER", year.reductions))
    for symbol, tonnes in results:
        if tonnes is None:
            continue  # no methodology of the claim has leakage
        lines = [x for x in spreadsheet.process if squashed(x.symbol) in (symbol.lower(), f"{symbol.lower()}p")]
        ours = shown(tonnes, "tCO2e")
        if not lines:
            note = f"MPS(calc_process) has no line of {symbol}_p"
            yield Compared(RESULT, f"{symbol}_p", NOT_FOUND, ours, note=note, case=case)
        for line in lines[:1]:
            found = number_in(line, cells)
            outcome, note = _same_tonnes(symbol, tonnes, found, line)
            theirs = shown(found if found is not None else "no number", line.unit)
            yield Compared(RESULT, f"{symbol}_p", outcome, ours, theirs, line.where, note, case)


def _same_tonnes(symbol: str, tonnes: float, found: float | None, line: Line) -> tuple[str, str]:
    factor = unit_factor(re.sub(r"CO2\b", "CO2e", of_period(line.unit)), "tCO2e")
    if found is None:
        return DIFFERS, "the recalculated cell holds no number"
    if factor is None:
        return DIFFERS, f"{line.unit or 'no unit'} is no unit of emissions"
    due = found * factor
    if math.isclose(due, tonnes, rel_tol=_SAME, abs_tol=1e-9):
        constant = not line.is_formula and tonnes != 0
        return (DIFFERS, "the cell holds no formula") if constant else (AGREES, "")
    if symbol == "ER" and due == math.floor(round(tonnes, 6)):
        return AGREES, "the spreadsheet rounds down to whole tonnes"
    return DIFFERS, f"the spreadsheet is {due - tonnes:+.6g} t off"
