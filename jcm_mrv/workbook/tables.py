"""From the rows of a sheet to records, and from the sheet Readings to arrays."""

from __future__ import annotations

from dataclasses import replace

from jcm_mrv.findings import Code, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.cells import (
    FindingList,
    Raw,
    is_blank,
    read_cell,
    shown,
)
from jcm_mrv.workbook.grid import Grid, Headings, match_headings
from jcm_mrv.workbook.row import AnyRow, Cell, ParameterCell
from jcm_mrv.workbook.rows import ROWS, ProjectForm
from jcm_mrv.workbook.schema import CHOICE_UNIT, fold, names_einvoice
from jcm_mrv.workbook.schema_columns import Column, Kind, Sheet
from jcm_mrv.workbook.wording import column_of

REQUIRED_EMPTY = Code("input.required_empty", Severity.ERROR, "A cell that is needed is empty")
FIELD_MISSING = Code("input.field_missing", Severity.ERROR, "A field of the form is missing")
FIELD_DUPLICATE = Code("input.field_duplicate", Severity.ERROR, "A field of the form stands twice")
FIELD_UNKNOWN = Code("input.field_unknown", Severity.MINOR, "A field of the form is not read")


def read_value(grid: Grid, row: int, index: int, raw: Raw, column: Column, findings: FindingList) -> Cell:
    """One cell; a fault, or a required cell that is empty, is a finding and the value None."""
    where = grid.origin(row, index)
    if where.cell in grid.bad:
        return Cell(None, where)
    value, finding = read_cell(raw, column, where)
    findings.add(finding)
    if value is None and finding is None and column.required:
        message = say("“{heading}” is needed here but the cell is empty", heading=column.heading)
        findings.add(REQUIRED_EMPTY(message, where, found=say("an empty cell"), action=_fill_in(grid, column)))
    return Cell(value, where)


def _fill_in(grid: Grid, column: Column) -> str:
    hint = column.comment.rstrip(".")
    return (
        say("Fill it in ({hint}).", hint=hint)
        if grid.schema.form
        else say("Fill it in ({hint}), or delete the row.", hint=hint)
    )


def read_form(grid: Grid, findings: FindingList) -> ProjectForm:
    """The form as one record: the first column names the field, the second holds its value."""
    cells: dict[str, Cell] = {}
    for row, line in grid.body:
        name = line[0] if isinstance(line[0], str) else shown(line[0])
        column = column_of(grid.schema, name)
        raw = line[1] if len(line) > 1 else ""
        if column is None:
            _unknown_field(grid, row, name, raw, findings)
        elif column.key in cells:
            message = say(
                "the field “{name}” stands twice, first in {cell}",
                name=name.strip(),
                cell=cells[column.key].origin.cell,
            )
            where = grid.origin(row, 0)
            findings.add(FIELD_DUPLICATE(message, where, found=name, action=say("Delete one of the two rows.")))
        else:
            cells[column.key] = read_value(grid, row, 1, raw, column, findings)
    _missing_fields(grid, cells, findings)
    return ProjectForm(0, cells, where=Origin(file=grid.file, sheet=grid.title))


def _unknown_field(grid: Grid, row: int, name: str, raw: Raw, findings: FindingList) -> None:
    if is_blank(raw) and not name.strip():
        return
    action = say("Correct the name of the field if it is meant to be read.")
    message = say("this is not a field of the form, so it is not read")
    findings.add(FIELD_UNKNOWN(message, grid.origin(row, 0), found=name, action=action))


def _missing_fields(grid: Grid, cells: dict[str, Cell], findings: FindingList) -> None:
    where = Origin(file=grid.file, sheet=grid.title)
    for column in grid.schema.columns:
        if column.key in cells:
            continue
        cells[column.key] = Cell(None, where)
        if column.later:
            continue
        message = say("the field “{heading}” is missing", heading=column.heading)
        action = say("Add a row with “{heading}” in column A and its value in column B.", heading=column.heading)
        severity = Severity.ERROR if column.required else Severity.MINOR
        findings.add(FIELD_MISSING(message, where, found=say("no such row"), action=action, severity=severity))


def empty_form(schema: Sheet, file: str) -> ProjectForm:
    """The form of a file that has none."""
    where = Origin(file=file, sheet=schema.title)
    return ProjectForm(0, {column.key: Cell(None, where) for column in schema.columns}, where=where)


def read_table(grid: Grid, findings: FindingList) -> list[AnyRow]:
    """The rows of a table as records; wholly blank rows are skipped."""
    headings = match_headings(grid, findings)
    kind = ROWS[grid.schema.key]
    records: list[AnyRow] = []
    for row, line in grid.body:
        cells = {}
        for column in _columns(grid.schema, headings, line):
            index = headings.at.get(column.key)
            if index is None:
                cells[column.key] = Cell(None, grid.origin(row, -1))
            else:
                cells[column.key] = read_value(grid, row, index, _at(line, index), column, findings)
        parameters = {
            symbol: _parameter(grid, row, index, _at(line, index), (symbol, unit), findings)
            for index, (symbol, unit) in headings.parameters.items()
        }
        records.append(kind(row + 1, cells, parameters, grid.origin(row, -1)))
    return records


def _columns(schema: Sheet, headings: Headings, line: list[Raw]) -> tuple[Column, ...]:
    """The columns of a row; where an invoice names its electronic file, that fills what is blank."""
    file = headings.at.get("file", -1) if schema.key == "invoices" else -1
    if file < 0 or not names_einvoice(str(_at(line, file))):
        return schema.columns
    return tuple(replace(column, required=False) for column in schema.columns)


def _at(line: list[Raw], index: int) -> Raw:
    return line[index] if index < len(line) else ""


def _parameter(
    grid: Grid, row: int, index: int, raw: Raw, named: tuple[str, str], findings: FindingList
) -> ParameterCell:
    symbol, unit = named
    kind = Kind.TEXT if fold(unit) == CHOICE_UNIT else Kind.NUMBER
    cell = read_value(grid, row, index, raw, Column(symbol, f"{symbol} [{unit}]", kind, ""), findings)
    value = cell.value
    return ParameterCell(value if isinstance(value, (float, str)) else None, unit, cell.origin)
