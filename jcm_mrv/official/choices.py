"""The drop-down lists of an official spreadsheet: what a cell offers."""

from __future__ import annotations

from collections.abc import Mapping

from jcm_mrv.official.reading import Place, Spreadsheet
from jcm_mrv.words import say

MOST_CHOICES = 1000


def not_offered(spreadsheet: Spreadsheet, texts: Mapping[Place, str]) -> str:
    """Why texts cannot go into their cells: one is no choice of its drop-down; empty if all can."""
    for (title, cell), text in texts.items():
        for ranges, formula in spreadsheet.drop_downs.get(title, ()):
            if not _inside(cell, ranges):
                continue
            where, choices = f"{title}!{cell}", choices_of(formula, spreadsheet, title)
            if choices is None:
                return say(
                    "the drop-down of {where} could not be read, so {text!r} was not entered: choose it there",
                    where=where,
                    text=text,
                )
            if text not in choices:
                return say(
                    "the drop-down of {where} offers {choices}, not {text!r}: choose it there",
                    where=where,
                    choices=", ".join(choices),
                    text=text,
                )
    return ""


def choices_of(formula: str, spreadsheet: Spreadsheet, sheet: str = "") -> tuple[str, ...] | None:
    """What a drop-down of a sheet offers: a list in quotes, or the cells of a range, by its name too; else None."""
    from openpyxl.utils.cell import get_column_letter
    from openpyxl.worksheet.cell_range import CellRange

    if formula.startswith('"') and formula.endswith('"'):
        return tuple(text.strip() for text in formula[1:-1].replace('""', '"').split(","))
    formula = spreadsheet.names.get(formula.removeprefix("="), formula)
    title, _, area = formula.replace("$", "").removeprefix("=").rpartition("!")
    title = title.strip("'").replace("''", "'") or sheet or spreadsheet.form.input
    cells = spreadsheet.cells
    try:
        area_of = CellRange(area)
    except ValueError:
        return None
    if title not in cells or area_of.size["rows"] * area_of.size["columns"] > MOST_CHOICES:
        return None
    places = [f"{get_column_letter(column)}{row}" for row, column in area_of.cells]
    found = [cells[title][place] for place in places if place in cells[title]]
    return tuple(f"{value:.15g}" if isinstance(value, float) else str(value).strip() for value in found) or None


def _inside(cell: str, ranges: str) -> bool:
    from openpyxl.worksheet.cell_range import MultiCellRange

    return cell in MultiCellRange(ranges)
