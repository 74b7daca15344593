"""The monitoring report sheets: one MRS(input) per calendar year, with the official columns, and MRS(calc_process)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from xlsxwriter.utility import xl_col_to_name

from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Fixed, Switch, period
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.text import symbol_text
from jcm_mrv.reporting.excel.graph import INPUT, ClaimGraph
from jcm_mrv.reporting.excel.sheet import Cell, Sheet, all_formulas
from jcm_mrv.result import Result, YearResult

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Heading and width.
TABLE_1 = (
    ("(a)\nMonitoring period", 24),
    ("(b)\nMonitoring point No.", 12),
    ("(c)\nParameters", 16),
    ("(d)\nDescription of data", 44),
    ("(e)\nMonitored Values", 18),
    ("(f)\nUnits", 12),
    ("(g)\nMonitoring option", 12),
    ("(h)\nSource of data", 18),
    ("(i)\nMeasurement methods and procedures", 44),
    ("(j)\nMonitoring frequency", 16),
    ("(k)\nOther comments", 44),
)
TABLE_2 = (
    "(a)\nParameters",
    "(b)\nDescription of data",
    "(c)\nEstimated Values",
    "(d)\nUnits",
    "(e)\nSource of data",
    "(f)\nOther comments",
)
TABLE_3 = ("(a)\nMonitoring period", "(b)\nCO2 emission reductions", "(c)\nUnits")
# Tables 2 and 3 stand in the columns of Table 1 that hold the same: parameters below parameters, values below values.
PLACES_2, PLACES_3 = (2, 3, 4, 5, 8, 10), (0, 4, 5)
_FIRST_RESULT = 3
WIDTHS = tuple(width for _, width in TABLE_1)


def sheet_name(year: YearResult) -> str:
    """The name of a calendar year's input sheet."""
    return f"{INPUT} {year.year}"


def span(start: date, end: date) -> str:
    """A monitoring period as the official sheet writes it: ``1/Jan/2017-31/Dec/2017``."""
    return f"{_day(start)}-{_day(end)}"


def _day(day: date) -> str:
    return f"{day.day}/{MONTHS[day.month - 1]}/{day.year}"


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
    sheet.row = 3
    sheet.text(sheet.row, 0, "Table 1: Parameters monitored ex post", styles.section)
    sheet.row += 1
    sheet.table([head for head, _ in TABLE_1], list(_monitored(graph, ordinal, decimals_cell)))
    sheet.text(sheet.row, 0, "Table 2: Project-specific parameters fixed ex ante", styles.section)
    sheet.row += 1
    sheet.table(TABLE_2, list(_fixed(graph)), PLACES_2)
    sheet.text(sheet.row, 0, "Table 3: Ex-post calculation of CO2 emission reductions", styles.section)
    sheet.row += 1
    value = Cell(f"={credited}", float(year.credited or 0))
    sheet.table(TABLE_3, [(span(year.start, year.end), "", "tCO2/p")], PLACES_3)
    sheet.formula(sheet.row - 2, PLACES_3[1], value, styles.credited)


def _monitored(graph: ClaimGraph, ordinal: int, decimals_cell: str) -> Iterator[list[str | float | Cell | None]]:
    """Table 1: one row per parameter and element that exists in the year."""
    result = graph.result
    year = result.years[ordinal]
    for parameter, lowered in zip(result.claim.parameters, graph.parameters, strict=True):
        guide = parameter.bound.entry.card.parameters.get(parameter.declared.symbol)
        for ordinals in result.claim.space.tuples(lowered.sets):
            if ordinals[-1] != ordinal or lowered.sets[-1] != period:
                continue
            labels = result.claim.space.labels(lowered.sets[:-1], ordinals[:-1])
            if labels not in parameter.points:
                continue  # a choice of this element leaves the parameter out
            point = parameter.chain.points[parameter.points[labels]]
            value = float(graph.evaluation[lowered][ordinals])
            formula = (
                f"=IF(ISNUMBER({decimals_cell}),ROUND({graph.layout.cell(lowered, ordinals)},{decimals_cell}),NA())"
            )
            yield [
                span(year.start, year.end),
                f"({point.number})",
                symbol_text(parameter.declared),
                _described(graph, parameter.bound, parameter.declared, labels),
                Cell(formula, round(value, result.decimals)),
                f"{parameter.declared.unit}/p",
                f"Option {point.option or (guide.option if guide else '')}".strip(),
                guide.source_of_data if guide else "",
                guide.method if guide else "",
                point.frequency or (guide.frequency if guide else ""),
                "; ".join(part for part in (point.formula, point.comment) if part),
            ]


def _described(graph: ClaimGraph, bound: Bound, node: Named, labels: Sequence[str]) -> str:
    """A quantity in words, and what it is of; first its methodology where the claim has several."""
    several = len(graph.result.claim.bounds) > 1
    return ": ".join(part for part in (bound.namespace if several else "", node.label, ", ".join(labels)) if part)


def _fixed(graph: ClaimGraph) -> Iterator[list[str | float | Cell | None]]:
    """Table 2: what is fixed ex ante, per element; what the graph does not hold is not needed."""
    result = graph.result
    for bound in result.claim.bounds:
        for node in [*bound.fixed, *bound.switches]:
            for ordinals in result.claim.space.tuples(node.sets):
                shown = _shown(graph, node, ordinals)
                if shown is None:
                    continue
                labels = result.claim.space.labels(node.sets, ordinals)
                yield [
                    symbol_text(node),
                    _described(graph, bound, node, labels),
                    shown,
                    "-" if isinstance(node, Switch) else node.unit if isinstance(node, Fixed) else "",
                    str(result.origin(node, ordinals)),
                    "",
                ]


def _shown(graph: ClaimGraph, node: Named, ordinals: tuple[int, ...]) -> Cell | None:
    """A reference to the value's cell, None for what has no value."""
    if node not in graph.evaluation:
        return None
    value = float(graph.evaluation[node][ordinals])
    formula = f"={graph.layout.cell(node, ordinals)}"
    if isinstance(node, Switch):
        return Cell(formula, node.choices[int(value)]) if value >= 0 else None
    return Cell(formula, value) if value == value else None


def write_results(sheet: Sheet, graph: ClaimGraph, digits_cell: str) -> list[str]:
    """The block of results by calendar year; the addresses of the credited tonnes, years first, then the total.

    An indicative result has no credited column; the addresses are then empty.
    """
    result, styles, t = graph.result, sheet.styles, graph.t
    heads = [t(f"excel_head.{k}") for k in ("year", "from", "to", "reference", "project")]
    heads += [] if result.leakage is None else [t("excel_head.leakage")]
    heads += [t("excel_head.reductions")]
    heads += [] if result.indicative else [t("excel_head.credited")]
    heads += [t("excel_head.estimate"), t("excel_head.check")]
    sheet.text(sheet.row, 0, t("excel_table.by_year"), styles.section)
    top = sheet.row + 1
    for column, head in enumerate(heads):
        sheet.text(top, column, head, styles.head)
    sheet.fit(top, heads)
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


def _credited_column(graph: ClaimGraph) -> int:
    """The column after RE, PE, LE where there is leakage, and ER, which begin in the fourth."""
    return _FIRST_RESULT + len(graph.results)


def _tonnes(part: YearResult | Result) -> list[float]:
    """RE, PE, LE where there is leakage, and ER [tCO2e]."""
    leakage = [] if part.leakage is None else [part.leakage]
    return [part.reference, part.project, *leakage, part.reductions]


def _year_row(sheet: Sheet, graph: ClaimGraph, row: int, n: int, year: YearResult, digits_cell: str) -> None:
    styles = sheet.styles
    sheet.worksheet.write_number(row, 0, year.year, styles.year)
    sheet.text(row, 1, year.start.isoformat(), styles.plain)
    sheet.text(row, 2, year.end.isoformat(), styles.plain)
    for column, (node, value) in enumerate(zip(graph.results, _tonnes(year), strict=True), start=_FIRST_RESULT):
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
    totals, credited = _tonnes(result), _credited_column(graph)
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
