"""From the rows of a sheet to records, and from the sheet Readings to arrays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from jcm_mrv.findings import Code, Severity
from jcm_mrv.limits import sound
from jcm_mrv.origin import Origin
from jcm_mrv.workbook.cells import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_NAME,
    TEXT_TOO_LONG,
    FindingList,
    Raw,
    is_blank,
    read_cell,
    shown,
)
from jcm_mrv.workbook.grid import Grid, Headings, match_headings
from jcm_mrv.workbook.records import ReadingTable
from jcm_mrv.workbook.row import AnyRow, Cell, ParameterCell, Value
from jcm_mrv.workbook.rows import ROWS, ProjectForm
from jcm_mrv.workbook.scan import column_letters
from jcm_mrv.workbook.schema import CHOICE_UNIT, fold, names_einvoice
from jcm_mrv.workbook.schema_columns import Column, Kind, Sheet

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
        message = f"“{column.heading}” is needed here but the cell is empty"
        findings.add(REQUIRED_EMPTY(message, where, found="an empty cell", action=_fill_in(grid, column)))
    return Cell(value, where)


def _fill_in(grid: Grid, column: Column) -> str:
    hint = column.comment.rstrip(".")
    return f"Fill it in ({hint})." if grid.schema.form else f"Fill it in ({hint}), or delete the row."


def read_form(grid: Grid, findings: FindingList) -> ProjectForm:
    """The form as one record: the first column names the field, the second holds its value."""
    by_name = {fold(column.heading): column for column in grid.schema.columns}
    cells: dict[str, Cell] = {}
    for row, line in grid.body():
        name = line[0] if isinstance(line[0], str) else shown(line[0])
        column = by_name.get(fold(name))
        raw = line[1] if len(line) > 1 else ""
        if column is None:
            _unknown_field(grid, row, name, raw, findings)
        elif column.key in cells:
            message = f"the field “{name.strip()}” stands twice, first in {cells[column.key].origin.cell}"
            where = grid.origin(row, 0)
            findings.add(FIELD_DUPLICATE(message, where, found=name, action="Delete one of the two rows."))
        else:
            cells[column.key] = read_value(grid, row, 1, raw, column, findings)
    _missing_fields(grid, cells, findings)
    return ProjectForm(0, cells, where=Origin(file=grid.file, sheet=grid.title))


def _unknown_field(grid: Grid, row: int, name: str, raw: Raw, findings: FindingList) -> None:
    if is_blank(raw) and not name.strip():
        return
    action = "Correct the name of the field if it is meant to be read."
    message = "this is not a field of the form, so it is not read"
    findings.add(FIELD_UNKNOWN(message, grid.origin(row, 0), found=name, action=action))


def _missing_fields(grid: Grid, cells: dict[str, Cell], findings: FindingList) -> None:
    where = Origin(file=grid.file, sheet=grid.title)
    for column in grid.schema.columns:
        if column.key in cells:
            continue
        cells[column.key] = Cell(None, where)
        if column.later:
            continue
        message = f"the field “{column.heading}” is missing"
        action = f"Add a row with “{column.heading}” in column A and its value in column B."
        severity = Severity.ERROR if column.required else Severity.MINOR
        findings.add(FIELD_MISSING(message, where, found="no such row", action=action, severity=severity))


def empty_form(schema: Sheet, file: str) -> ProjectForm:
    """The form of a file that has none."""
    where = Origin(file=file, sheet=schema.title)
    return ProjectForm(0, {column.key: Cell(None, where) for column in schema.columns}, where=where)


def read_table(grid: Grid, findings: FindingList) -> list[AnyRow]:
    """The rows of a table as records; wholly blank rows are skipped."""
    headings = match_headings(grid, findings)
    kind = ROWS[grid.schema.key]
    records: list[AnyRow] = []
    for row, line in grid.body():
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


# --- Readings, by column ----------------------------------------------------------


def read_readings(grid: Grid, findings: FindingList) -> ReadingTable:
    """The sheet Readings as arrays. Clean columns are taken at once, others cell by cell."""
    headings = match_headings(grid, findings)
    rows, lines = zip(*body, strict=True) if (body := grid.body()) else ((), ())
    columns = {
        column.key: _column(grid, column, headings.at.get(column.key), rows, lines, findings)
        for column in grid.schema.columns
    }
    texts = {key: _names(grid, headings.at, rows, columns[key], key, findings) for key in ("meter_id", "kind", "unit")}
    return ReadingTable(
        file=grid.file,
        meter_id=texts["meter_id"],
        kind=texts["kind"],
        start=_moments(columns["start"]),
        end=_moments(columns["end"]),
        value=np.array([np.nan if v is None else v for v in columns["value"]], dtype=np.float64),
        unit=texts["unit"],
        comment=tuple(str(v or "") for v in columns["comment"]),
        evidence=tuple(str(v or "") for v in columns["evidence"]),
        row=np.array([n + 1 for n in rows], dtype=np.int64),
        letters={key: column_letters(index + 1) for key, index in headings.at.items()},
    )


def _column(
    grid: Grid,
    column: Column,
    index: int | None,
    rows: tuple[int, ...],
    lines: tuple[list[Raw], ...],
    findings: FindingList,
) -> list[Value]:
    if index is None:
        return [None] * len(rows)
    raws = [line[index] for line in lines]  # the reader makes all rows equally long
    if clean := _clean(raws, column):
        return clean
    return [read_value(grid, row, index, raw, column, findings).value for row, raw in zip(rows, raws, strict=True)]


def _clean(raws: list[Raw], column: Column) -> list[Value] | None:
    """The values of a column without any questionable cell; None where each cell must be looked at."""
    if not raws:
        return None
    kinds = set(map(type, raws))
    if column.kind is Kind.NUMBER and kinds == {float}:
        values = np.array(raws, dtype=np.float64)
        return list(raws) if bool(np.isfinite(values).all()) and sound(values) else None  # type: ignore[arg-type]
    if column.kind is Kind.TEXT and kinds == {str} and not column.required:
        return [str(raw).strip() or None for raw in raws]
    if column.kind in (Kind.TEXT, Kind.CHOICE) and kinds == {str}:
        return _clean_words(raws, column)
    if column.kind is Kind.DATETIME and kinds <= {datetime, date}:
        return _clean_moments(raws)
    return None


def _clean_words(raws: list[Raw], column: Column) -> list[Value] | None:
    """Few different words, many times: each is looked at once."""
    known: dict[Raw, Value] = {}
    for raw in set(raws):
        value, finding = read_cell(raw, column, Origin())
        if value is None or finding is not None:
            return None
        known[raw] = value
    return [known[raw] for raw in raws]


def _clean_moments(raws: list[Raw]) -> list[Value] | None:
    moments = np.array(raws, dtype="datetime64[us]")
    second = np.int64(1_000_000)
    rounded = (moments.astype(np.int64) + second // 2) // second * second
    years = moments.astype("datetime64[Y]").astype(np.int64) + 1970
    if years.min() < FIRST_YEAR or years.max() > LAST_YEAR:
        return None
    return list(rounded.view("datetime64[us]").tolist())


def _moments(values: list[Value]) -> NDArray[np.datetime64]:
    return np.array([np.datetime64("NaT") if v is None else v for v in values], dtype="datetime64[us]")


def _names(
    grid: Grid, at: dict[str, int], rows: tuple[int, ...], values: list[Value], key: str, findings: FindingList
) -> NDArray[np.str_]:
    """Short texts as an array; one long text would make every entry long."""
    for row, value in zip(rows, values, strict=True):
        if isinstance(value, str) and len(value) > MAX_NAME:
            message = f"a name or unit has at most {MAX_NAME} characters"
            where = grid.origin(row, at.get(key, -1))
            action = "Shorten it, on every sheet alike."
            findings.add(TEXT_TOO_LONG(message, where, found=f"{len(value)} characters", action=action))
    return np.array([str(value or "")[:MAX_NAME] for value in values], dtype=np.str_)
