"""The monitoring report sheets: one MRS(input) per calendar year, with the official columns, and MRS(calc_process)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlsxwriter.utility import xl_col_to_name

from jcm_mrv.reporting.excel.columns import T
from jcm_mrv.reporting.excel.graph import INPUT, ClaimGraph
from jcm_mrv.reporting.excel.layout import quoted
from jcm_mrv.reporting.excel.mrs_tables import (
    REDUCTIONS,
    TABLE_1,
    TABLE_2,
    TABLE_3,
    Official,
    fixed_rows,
    monitored_places,
    monitored_rows,
    monitored_value,
)
from jcm_mrv.reporting.excel.page_setup import room_of
from jcm_mrv.reporting.excel.sheet import Cell, Replaced, Sheet, all_formulas, formulas_in
from jcm_mrv.result import YearResult

_FIRST_RESULT = 3
_VALUES, _FIRST_VALUE = "E", 6
"""Where Table 1 of an MRS(input) has its monitored values: the column and the row of the first, counted from 1."""


def sheet_name(year: YearResult) -> str:
    """The name of a calendar year's input sheet."""
    return f"{INPUT} {year.year}"


def place_inputs(graph: ClaimGraph, decimals_cell: str, sheets: Mapping[str, Sheet]) -> Replaced:
    """The formulas by which the equations take every monitored value from its cell of MRS(input).

    An indicative result has no such sheet: its equations take them from the measuring chain.
    """
    formulas: Replaced = {}
    for ordinal, year in enumerate(graph.result.years):
        at = [] if graph.result.indicative else _monitored_rows_at(sheets[sheet_name(year)], graph, ordinal)
        for n, (shown, ordinals) in enumerate(monitored_places(graph, ordinal)):
            if graph.result.indicative:
                formulas[shown.value, ordinals] = monitored_value(graph, shown, ordinals, decimals_cell)
            else:
                formulas[shown.value, ordinals] = f"={quoted(sheet_name(year))}!${_VALUES}${at[n] + 1}"
    for shown in graph.monitored:
        for ordinals in graph.space.tuples(shown.value.sets):
            formulas.setdefault((shown.value, ordinals), "=NA()")
    return formulas


def check_inputs(graph: ClaimGraph) -> list[str]:
    """The cells beside Table 1 of every year that say whether its monitored values are formulas and numbers."""
    if graph.result.indicative:
        return []
    years = [y for n, y in enumerate(graph.result.years) if next(monitored_places(graph, n), None)]
    return [f"{quoted(sheet_name(year))}!${_VALUES}${_FIRST_VALUE - 2}" for year in years]


def write_input(sheet: Sheet, graph: ClaimGraph, ordinal: int, decimals_cell: str, credited: str) -> None:
    """One MRS(input): monitored parameters, parameters fixed ex ante, and the reductions of the year."""
    result, styles = graph.result, sheet.styles
    year = result.years[ordinal]
    project = result.data.project
    sheet.text(
        0, 0, f"Monitoring Spreadsheet: {'; '.join(m.bound.entry.card.id for m in result.methodologies)}", styles.plain
    )
    sheet.text(0, 10, f"Reference Number: {project.reference_number}", styles.plain)
    sheet.text(1, 0, "Monitoring Report Sheet (Input Sheet) [For Verification]", styles.title)
    sheet.row = _FIRST_VALUE - 3
    monitored = list(monitored_rows(graph, ordinal, decimals_cell))
    if monitored:
        last, count = _monitored_rows_at(sheet, graph, ordinal)[-1], len(monitored)
        cells = f"${_VALUES}${_FIRST_VALUE}:${_VALUES}${last + 1}"
        sheet.check((sheet.row, 4), f"COUNT({cells})={count}", f"{formulas_in(cells)}={count}")
    _table(sheet, "Table 1: Parameters monitored ex post", TABLE_1, monitored)
    _table(sheet, "Table 2: Project-specific parameters fixed ex ante", TABLE_2, fixed_rows(graph))
    _table(sheet, "Table 3: Ex-post calculation of CO2 emission reductions", TABLE_3, [year])
    value = Cell(f"={credited}", float(year.credited or 0))
    sheet.formula(sheet.row - 2, REDUCTIONS.place, value, styles.credited)


def _monitored_rows_at(sheet: Sheet, graph: ClaimGraph, ordinal: int) -> list[int]:
    """The rows of Table 1 of a year, whose headings stand again on each page."""
    own = sheet.dry(_FIRST_VALUE - 2)
    rows = [[c.cell(row) for c in TABLE_1] for row in monitored_rows(graph, ordinal, "")]
    return own.rows_of([c.head for c in TABLE_1], rows, [c.place for c in TABLE_1], room_of(sheet, len(TABLE_1)), 1)


def _table(sheet: Sheet, title: str, columns: Sequence[Official[T]], rows: Iterable[T]) -> None:
    """An official table under its title; where it goes on, its headings stand again."""
    sheet.text(sheet.row, 0, title, sheet.styles.section)
    sheet.row += 1
    cells = [[column.cell(row) for column in columns] for row in rows]
    places = [column.place for column in columns]
    room = room_of(sheet, len(sheet.widths))
    sheet.table([column.head for column in columns], cells, places, sheet.styles.boxed, room, above=1)


def write_results(sheet: Sheet, graph: ClaimGraph, digits_cell: str) -> list[str]:
    """The block of results by calendar year; the addresses of the credited tonnes, years first, then the total.

    An indicative result has no credited column; the addresses are then empty.
    """
    result = graph.result
    sheet.text(sheet.row, 0, graph.t("excel_table.by_year"), sheet.styles.section)
    top = sheet.row + 1
    sheet.heading(top, result_heads(graph))
    first = top + 1
    for n, year in enumerate(result.years):
        _year_row(sheet, graph, first + n, n, year, digits_cell)
    last = first + len(result.years) - 1
    _total_row(sheet, graph, first, last)
    sheet.row = last + 4
    if result.indicative:
        return []
    column = xl_col_to_name(_credited_column(graph))
    return [f"'{sheet.name}'!${column}${row + 1}" for row in range(first, last + 2)]


def result_heads(graph: ClaimGraph) -> list[str]:
    """The headings of the block of results."""
    result, t = graph.result, graph.t
    heads = [t(f"excel_head.{k}") for k in ("year", "from", "to", "reference", "project")]
    heads += [] if result.leakage is None else [t("excel_head.leakage")]
    heads += [t("excel_head.reductions")]
    heads += [] if result.indicative else [t("excel_head.claimed" if result.questions else "excel_head.credited")]
    return [*heads, t("excel_head.estimate"), t("excel_head.check")]


def _credited_column(graph: ClaimGraph) -> int:
    """The column after RE, PE, LE where there is leakage, and ER, which begin in the fourth."""
    return _FIRST_RESULT + len(graph.results)


def _tonnes(graph: ClaimGraph, year: int | None = None) -> list[float]:
    """RE, PE, LE where there is leakage, and ER of a year, or of all [tCO2e], as the workbook computes them."""
    values = [graph.evaluation[node] for node in graph.results]
    return [float(v.sum() if year is None else v[year]) for v in values]


def _year_row(sheet: Sheet, graph: ClaimGraph, row: int, n: int, year: YearResult, digits_cell: str) -> None:
    styles = sheet.styles
    sheet.worksheet.write_number(row, 0, year.year, styles.year)
    sheet.text(row, 1, year.start.isoformat(), styles.plain)
    sheet.text(row, 2, year.end.isoformat(), styles.plain)
    for column, (node, value) in enumerate(zip(graph.results, _tonnes(graph, n), strict=True), start=_FIRST_RESULT):
        sheet.formula(row, column, Cell(f"={graph.layout.cell(node, (n,))}", value), styles.result)
    column = _credited_column(graph)
    reductions, last = xl_col_to_name(column - 1), xl_col_to_name(column - (year.credited is None))
    if year.credited is not None:
        # INT rounds down below zero as well, as the named rule does
        sheet.formula(
            row,
            column,
            Cell(
                f"=IF(ISNUMBER({digits_cell}),INT(ROUND({reductions}{row + 1},{digits_cell})),NA())",
                float(year.credited),
            ),
            styles.credited,
        )
        column += 1
    if year.estimate is not None:
        sheet.worksheet.write_number(row, column, year.estimate, styles.input)
    numbers = f"D{row + 1}:{last}{row + 1}"
    conditions = (_all_numbers(numbers, "COLUMNS"), all_formulas(numbers, "COLUMNS"), *graph.complete())
    sheet.check((row, column + 1), *conditions, style=styles.plain)


def _all_numbers(cells: str, size: str) -> str:
    """The condition that every cell of a range is a number; ``size`` is ROWS or COLUMNS."""
    return f"COUNT({cells})={size}({cells})"


def _total_row(sheet: Sheet, graph: ClaimGraph, first: int, last: int) -> None:
    result, styles, row = graph.result, sheet.styles, last + 1
    sheet.text(row, 0, graph.t("excel_head.total"), styles.section)
    totals, credited = _tonnes(graph), _credited_column(graph)
    totals += [] if result.credited is None else [float(result.credited)]
    for column, value in enumerate(totals, start=_FIRST_RESULT):
        letter = xl_col_to_name(column)
        style = styles.credited if column == credited else styles.result
        years = f"{letter}{first + 1}:{letter}{last + 1}"
        formula = f"=IF({_all_numbers(years, 'ROWS')},SUM({years}),NA())"
        sheet.formula(row, column, Cell(formula, value), style)
    check = credited + (2 if result.credited is not None else 1)
    checks = f"{xl_col_to_name(check)}{first + 1}:{xl_col_to_name(check)}{last + 1}"
    totals_in = f"D{row + 1}:{xl_col_to_name(credited - (result.credited is None))}{row + 1}"
    conditions = (f'COUNTIF({checks},"OK")=ROWS({checks})', _all_numbers(totals_in, "COLUMNS"))
    sheet.check((row, check), *conditions, all_formulas(totals_in, "COLUMNS"), style=styles.plain)
