"""What the proponent entered, sheet by sheet, as it stands in the monitoring workbook: the evidence behind the numbers.

One description per sheet is all there is to it: which tables of the
monitoring workbook it shows. Columns that are empty throughout are left out. A
number that counts stands in one cell: where it is an input of the calculation
already (a reading, a fixed value), the list refers to that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest

from xlsxwriter.utility import xl_col_to_name

from jcm_mrv.reporting.excel.homes import Homes
from jcm_mrv.reporting.excel.layout import MOST_ROWS, TooManyRowsError, quoted
from jcm_mrv.reporting.excel.sheet import Block, Cell, Sheet, given_cells, text_width
from jcm_mrv.workbook.row import AnyRow
from jcm_mrv.workbook.schema import sheet as schema_of
from jcm_mrv.workbook.schema_columns import Column, Kind

SHEETS: Mapping[str, tuple[str, ...]] = {
    "eligibility": ("eligibility",),
    "equipment": ("equipment",),
    "meters": ("meters",),
    "calibrations": ("calibrations",),
    "conversions": ("conversions",),
    "points": ("points",),
    "invoices": ("invoices",),
    "stocks": ("stocks",),
    "logs": ("logs",),
    "overrides": ("overrides",),
    "evidence": ("evidence",),
    "team": ("team",),
}
"""The sheets by the key of their name, and the tables of the monitoring workbook on each."""

EPOCH = datetime(1899, 12, 30)
_SAME = 1e-11
_SAME_MOMENTS, _LEAST_MOVED = 1e-12, 1e-6
_LEAST, _MOST = 7.0, 36.0
_OF_A_POINT = ("option", "frequency", "responsible", "comment")
_MOMENTS = (Kind.DATE, Kind.DATETIME)
_LEAST_OF = {Kind.DATE: 10.5, Kind.DATETIME: 15.0}
_NUMBERS = (Kind.NUMBER, Kind.INTEGER, Kind.VALUE)


@dataclass
class Listed:
    """A table of the monitoring workbook on a sheet; ``top`` is the row of its headings, counted from 0."""

    key: str
    rows: Sequence[AnyRow]
    sheet: Sheet
    top: int
    alone: bool = True
    formulas: dict[tuple[int, str], str] = field(default_factory=dict)

    @property
    def columns(self) -> list[Column]:
        """The columns that hold something."""
        return _filled(self.key, self.rows)

    @property
    def height(self) -> int:
        """Rows with headings and an empty one below."""
        return len(self.rows) + 2 if self.columns else 0

    def home(self, homes: Homes) -> None:
        """Take every number into the cells of the workbook, or learn where it stands already."""
        if self.top + self.height > MOST_ROWS:
            raise TooManyRowsError(self.sheet.name, self.top + self.height)
        for place, column in enumerate(self.columns):
            if column.kind not in _NUMBERS:
                continue
            for n, row in enumerate(self.rows):
                value = row.cells[column.key].number
                if value is None:
                    continue
                own = f"{quoted(self.sheet.name)}!${xl_col_to_name(place)}${self.top + n + 2}"
                cell = homes.add(row.cells[column.key].origin, value, own)
                if cell != own:
                    self.formulas[n, column.key] = f"={cell}"
                if "meter_id" in row.cells:
                    homes.add_row(row.cells["meter_id"].origin, column.key, value, cell)

    def write(self, homes: Homes) -> list[str]:
        """The table with its headings; the addresses of cells that say whether its numbers are as they were.

        Numbers that formulas refer to are input cells, and only must not be lost. The others were judged by the
        calculation (an accuracy class, an invoice that is compared): where one changes, it has to calculate anew.
        """
        sheet, columns = self.sheet, self.columns
        if columns:
            sheet.heading(self.top, [c.heading for c in columns])
            sheet.blocks.append(Block(self.top, self.top + len(self.rows), (self.top, self.top)))
        if self.alone and columns:
            sheet.one_table(self.top, len(columns), len(self.rows))
        for n, row in enumerate(self.rows):
            shown = [self._cell(place, n, row, column, homes) for place, column in enumerate(columns)]
            sheet.fit(self.top + 1 + n, shown)
        numbers = [self._check(place, c, homes) for place, c in enumerate(columns) if c.kind in _NUMBERS]
        return numbers + [self._check_moments(place, c) for place, c in enumerate(columns) if c.kind in _MOMENTS]

    def _own(self, place: int, n: int) -> str:
        return f"{quoted(self.sheet.name)}!${xl_col_to_name(place)}${self.top + n + 2}"

    def _cell(self, place: int, n: int, row: AnyRow, column: Column, homes: Homes) -> str:
        cell, sheet, at = row.cells[column.key], self.sheet, self.top + 1 + n
        after = sheet.styles.after if place and self.columns[place - 1].kind in _NUMBERS else {}
        formula = self.formulas.get((n, column.key))
        if formula is not None:
            assert cell.number is not None
            sheet.formula(at, place, Cell(formula, cell.number), sheet.styles.shown)
        elif cell.number is not None:
            style = sheet.styles.input if self._own(place, n) in homes.used else sheet.styles.text
            sheet.worksheet.write_number(at, place, cell.number, style)
        elif cell.when is not None:
            style = sheet.styles.moment if column.kind == Kind.DATETIME else sheet.styles.day
            sheet.worksheet.write_number(at, place, _days(cell.when), style)
        else:
            sheet.text(at, place, cell.text, after.get(None))
            return cell.text
        return ""

    def _check_moments(self, place: int, column: Column) -> str:
        """Above a column of dates: OK while none is another. By dates the calculation judges what holds when."""
        letter = xl_col_to_name(place)
        cells = f"${letter}${self.top + 2}:${letter}${self.top + 1 + len(self.rows)}"
        whens = [(self.top + n + 2, row.cells[column.key].when) for n, row in enumerate(self.rows)]
        moments = [(n, _days(when)) for n, when in whens if when is not None]
        self.sheet.check((self.top - 1, place), *(moments_unchanged(cells, moments) or [f"COUNT({cells})=0"]))
        return f"{quoted(self.sheet.name)}!${letter}${self.top}"

    def _check(self, place: int, column: Column, homes: Homes) -> str:
        """Above a column of numbers: OK while none is emptied, becomes text, or is typed over."""
        letter = xl_col_to_name(place)
        cells = f"${letter}${self.top + 2}:${letter}${self.top + 1 + len(self.rows)}"
        values = [row.cells[column.key] for row in self.rows]
        texts = sum(value.number is None and bool(value.text) for value in values)
        blank = sum(not value.text for value in values)
        formulas = sum(key == column.key for _, key in self.formulas)
        judged = [
            (n, value.number)
            for n, value in enumerate(values)
            if value.number is not None
            and (n, column.key) not in self.formulas
            and self._own(place, n) not in homes.used
        ]
        same = [unchanged(f"${letter}", run) for run in _runs([(self.top + n + 2, v) for n, v in judged])]
        self.sheet.check((self.top - 1, place), *given_cells(cells, blank, texts, formulas), *same)
        return f"{quoted(self.sheet.name)}!${letter}${self.top}"


def _days(when: datetime) -> float:
    """A moment as a spreadsheet counts it."""
    return (when - EPOCH).total_seconds() / 86400


def _runs(numbers: Sequence[tuple[int, float]]) -> list[list[tuple[int, float]]]:
    """Numbers with their rows, those that stand below each other together."""
    runs: list[list[tuple[int, float]]] = []
    for row, value in numbers:
        if runs and runs[-1][-1][0] == row - 1:
            runs[-1].append((row, value))
        else:
            runs.append([(row, value)])
    return runs


def unchanged(letter: str, run: Sequence[tuple[int, float]]) -> str:
    """The condition that the numbers of a column, with their rows, are as they were: their sum, each times its row."""
    cells = f"{letter}${run[0][0]}:{letter}${run[-1][0]}"
    total, size = (math.fsum(parts) for parts in ([r * v for r, v in run], [abs(r * v) for r, v in run]))
    return f"ABS(SUMPRODUCT({cells},ROW({cells}))-({total!r}))<={size * _SAME!r}"


def moments_unchanged(cells: str, moments: Sequence[tuple[int, float]]) -> list[str]:
    """The conditions that the moments of a column, with their rows, are as they were: to the second in a usual list."""
    if not moments:
        return []
    base = math.floor(min(days for _, days in moments))
    moved = [row * (days - base) for row, days in moments]
    total, most = math.fsum(moved), math.fsum(map(abs, moved)) * _SAME_MOMENTS + _LEAST_MOVED
    own = f"SUMPRODUCT(--ISNUMBER({cells}),{cells}-{base},ROW({cells}))"
    return [f"COUNT({cells})={len(moments)}", f"ABS({own}-({total!r}))<={most!r}"]


def listed_widths(key: str, tables: Mapping[str, Sequence[AnyRow]]) -> tuple[float, ...]:
    """The widths of a sheet's columns by what stands in them; long texts wrap."""
    found = [[_width(c, rows) for c in _filled(table, rows)] for table in SHEETS[key] for rows in [tables[table]]]
    return tuple(max(row) for row in zip_longest(*found, fillvalue=_LEAST)) or (16.0,)


def least_widths(key: str, tables: Mapping[str, Sequence[AnyRow]]) -> dict[int, float]:
    """The widths that columns of days and moments need: in less room they show #### only."""
    found = [enumerate(_filled(table, tables[table])) for table in SHEETS[key]]
    return {n: _LEAST_OF[column.kind] for columns in found for n, column in columns if column.kind in _MOMENTS}


def _filled(key: str, rows: Sequence[AnyRow]) -> list[Column]:
    """The columns of a table that hold something."""
    filled = [c for c in schema_of(key).columns if any(row.cells[c.key].text for row in rows)]
    return [c for c in filled if key != "points" or c.key not in _OF_A_POINT or not _of_a_point(c, rows)]


def _of_a_point(column: Column, rows: Sequence[AnyRow]) -> bool:
    """Whether all rows of each monitoring point have the same: the list of points above says that already."""
    said: dict[tuple[str, ...], str] = {}
    points = [tuple(row.cells[key].text for key in ("methodology", "parameter", "applies_to")) for row in rows]
    texts = [row.cells[column.key].text for row in rows]
    return all(said.setdefault(point, text) == text for point, text in zip(points, texts, strict=True))


def _width(column: Column, rows: Sequence[AnyRow]) -> float:
    """As wide as the longest text up to a limit, and as the longest word of the heading."""
    if column.kind in (Kind.DATE, Kind.DATETIME):
        return 11.0 if column.kind == Kind.DATE else 16.0
    texts = [text_width(row.cells[column.key].text) for row in rows]
    words = [text_width(word) + 2 for word in column.heading.split()]
    return max(_LEAST, *words, min(max(texts) + 1, _MOST))
