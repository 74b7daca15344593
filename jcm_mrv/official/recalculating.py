"""What an official spreadsheet computes from values in its input cells, and the tonnes of both."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jcm_mrv.libreoffice import recalculate
from jcm_mrv.official.reading import Line, Place, Spreadsheet, Value, plain
from jcm_mrv.official.terms import (
    AGREES,
    DIFFERS,
    NOT_FOUND,
    RESULT,
    Amount,
    Cells,
    Compared,
    number_in,
    of_period,
    shown,
    squashed,
    unit_factor,
)
from jcm_mrv.result import YearResult
from jcm_mrv.words import say

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell

_SAME = 1e-6  # relative


def recalculated(spreadsheet: Spreadsheet, written: Mapping[Place, Amount]) -> dict[str, dict[str, Value]]:
    """The values of every cell after LibreOffice recalculated a plain copy with these input cells written."""
    from openpyxl import Workbook, load_workbook
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.formula import ArrayFormula

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, cells in spreadsheet.cells.items():
        sheet = book.create_sheet(title)
        arrays = spreadsheet.arrays.get(title, {})
        for cell, value in {**cells, **{cell: v for (of, cell), v in written.items() if of == title}}.items():
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


def tonnes_compared(spreadsheet: Spreadsheet, cells: Cells, year: YearResult, case: str) -> Iterator[Compared]:
    """RE, PE, LE and ER of the spreadsheet against those of the engine [tCO2e]."""
    results = (("RE", year.reference), ("PE", year.project), ("LE", year.leakage), ("ER", year.reductions))
    for symbol, tonnes in results:
        if tonnes is None:
            continue  # no methodology of the claim has leakage
        lines = [x for x in spreadsheet.process if squashed(x.symbol) in (symbol.lower(), f"{symbol.lower()}p")]
        ours = shown(tonnes, "tCO2e")
        if not lines:
            missing = say("{process} has no line of {symbol}_p", process=spreadsheet.form.process, symbol=symbol)
            yield Compared(RESULT, f"{symbol}_p", NOT_FOUND, ours, note=missing, case=case)
        for line in lines[:1]:
            found = number_in(line, cells)
            outcome, note = _same_tonnes(symbol, tonnes, found, line)
            theirs = shown(found if found is not None else say("no number"), line.unit)
            yield Compared(RESULT, f"{symbol}_p", outcome, ours, theirs, line.where, note, case)


def factor_to_tonnes(line: Line) -> float | None:
    """The factor from the unit of a line to tCO2e; None where it is no unit of emissions."""
    return unit_factor(re.sub(r"CO2\b", "CO2e", of_period(line.unit)), "tCO2e")


def _same_tonnes(symbol: str, tonnes: float, found: float | None, line: Line) -> tuple[str, str]:
    factor = factor_to_tonnes(line)
    if found is None:
        return DIFFERS, say("the recalculated cell holds no number")
    if factor is None:
        return DIFFERS, say("{unit} is no unit of emissions", unit=line.unit or say("no unit"))
    due = found * factor
    if math.isclose(due, tonnes, rel_tol=_SAME, abs_tol=1e-9):
        constant = not line.is_formula and tonnes != 0
        return (DIFFERS, say("the cell holds no formula")) if constant else (AGREES, "")
    if symbol == "ER" and due == math.floor(round(tonnes, 6)):
        return AGREES, say("the spreadsheet rounds down to whole tonnes")
    return DIFFERS, say("the spreadsheet is {off:+.6g} t off", off=due - tonnes)
