"""One sheet as rows of cells, and its headings matched with the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest

import numpy as np

from jcm_mrv.arrays import Ordinals
from jcm_mrv.findings import Code, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.cells import FindingList, Raw, is_blank, shown
from jcm_mrv.workbook.scan import column_letters
from jcm_mrv.workbook.schema import parameter_heading
from jcm_mrv.workbook.schema_columns import Column, Sheet
from jcm_mrv.workbook.wording import column_of

HEADING_MISSING = Code("input.heading_missing", Severity.ERROR, "A heading is missing")
HEADING_DUPLICATE = Code("input.heading_duplicate", Severity.ERROR, "A heading stands twice")
HEADING_UNKNOWN = Code("input.heading_unknown", Severity.MINOR, "A column is not read")


@dataclass(frozen=True)
class Grid:
    """A sheet of the file: its rows from the first, all equally long but for those that were emptied."""

    file: str
    schema: Sheet
    title: str
    rows: list[list[Raw]]
    bad: frozenset[str] = field(default_factory=frozenset)
    """Cells that already have a finding: errors and formulas never calculated."""

    def origin(self, row: int, column: int) -> Origin:
        """The place of a cell, row and column counted from 0; column -1 for the whole row."""
        return Origin(file=self.file, sheet=self.title, cell=f"{column_letters(column + 1) or 'A'}{row + 1}")

    @cached_property
    def bad_columns(self) -> frozenset[str]:
        """The letters of the columns in which such cells stand."""
        return frozenset(cell.rstrip("0123456789") for cell in self.bad)

    @cached_property
    def filled(self) -> Ordinals:
        """The indexes of the rows below the headings that are not wholly blank."""
        every = np.arange(1, max(len(self.rows), 1))
        if any(str not in kinds for kinds in self.kinds):
            return every  # a column that is filled in wholly
        return every[np.array([not all(map(is_blank, row)) for row in self.rows[1:]], dtype=np.bool_)]

    @property
    def body(self) -> Iterator[tuple[int, list[Raw]]]:
        """These rows, each with its index."""
        return ((n, self.rows[n]) for n in self.filled.tolist())

    @cached_property
    def columns(self) -> list[tuple[Raw, ...]]:
        """The cells below the headings, column by column; a cell that its row does not have is blank."""
        return list(zip_longest(*self.rows[1:], fillvalue=""))

    @cached_property
    def kinds(self) -> list[set[type]]:
        """What kinds of values stand in each column."""
        return [set(map(type, column)) for column in self.columns]

    @property
    def texts(self) -> set[str]:
        """Every text that stands below the headings."""
        of_text = (set(column) for column, kinds in zip(self.columns, self.kinds, strict=True) if str in kinds)
        return {raw for column in of_text for raw in column if isinstance(raw, str)}

    def below(self, column: int) -> Sequence[Raw]:
        """The cells of a column in the rows of the body."""
        cells = self.columns[column]
        return cells if len(cells) == len(self.filled) else [cells[n - 1] for n in self.filled.tolist()]


def has_headings(schema: Sheet, rows: Sequence[Sequence[Raw]]) -> bool:
    """Whether the first row (of a form the first column) holds all headings that a sheet always had."""
    cells = [row[0] for row in rows if row] if schema.form else rows[0] if rows else ()
    found = {column.key for raw in cells if isinstance(raw, str) and (column := column_of(schema, raw)) is not None}
    return all(column.later or column.key in found for column in schema.columns)


@dataclass(frozen=True)
class Headings:
    """Where each column of the schema stands, and the parameter columns (symbol, unit) by index."""

    at: dict[str, int]
    parameters: dict[int, tuple[str, str]]


def match_headings(grid: Grid, findings: FindingList) -> Headings:
    """Find the columns by their headings; every missing, doubled or unknown heading is a finding."""
    at: dict[str, int] = {}
    parameters: dict[int, tuple[str, str]] = {}
    for index, raw in enumerate(grid.rows[0] if grid.rows else []):
        text = raw if isinstance(raw, str) else shown(raw)
        column = column_of(grid.schema, text)
        parameter = parameter_heading(text) if grid.schema.parameters else None
        if column is not None:
            _place(grid, at, column.key, index, text, findings)
        elif parameter is not None:
            parameters[index] = parameter
        else:
            _unknown(grid, index, text, findings)
    _doubled_parameters(grid, parameters, findings)
    _missing(grid, at, findings)
    return Headings(at, parameters)


def _place(grid: Grid, at: dict[str, int], key: str, index: int, text: str, findings: FindingList) -> None:
    if key not in at:
        at[key] = index
        return
    message = say(
        "the heading “{text}” stands twice, first in column {column_letters}",
        text=text.strip(),
        column_letters=column_letters(at[key] + 1),
    )
    action = say("Keep one of the two columns and delete the other.")
    findings.add(HEADING_DUPLICATE(message, grid.origin(0, index), found=text, action=action))


def _doubled_parameters(grid: Grid, parameters: dict[int, tuple[str, str]], findings: FindingList) -> None:
    seen: dict[str, int] = {}
    for index, (symbol, _) in parameters.items():
        if symbol in seen:
            message = say(
                "the parameter {symbol} has two columns, first {column_letters}",
                symbol=symbol,
                column_letters=column_letters(seen[symbol] + 1),
            )
            action = say("Keep one of the two columns and delete the other.")
            findings.add(HEADING_DUPLICATE(message, grid.origin(0, index), found=symbol, action=action))
        seen.setdefault(symbol, index)


def _unknown(grid: Grid, index: int, text: str, findings: FindingList) -> None:
    filled = any(index < len(row) and not is_blank(row[index]) for row in grid.rows[1:])
    if not text.strip() and not filled:
        return
    message = say("the heading is not one of this sheet, so the column is not read")
    if not text.strip():
        message = say("the column has no heading, so it is not read")
    action = say("Correct the heading if the column is meant to be read, or leave it as a note to yourself.")
    findings.add(HEADING_UNKNOWN(message, grid.origin(0, index), found=text, action=action))


def _missing(grid: Grid, at: dict[str, int], findings: FindingList) -> None:
    for column in grid.schema.columns:
        if column.key not in at and not column.later:
            message = say("the heading “{heading}” is missing in row 1", heading=column.heading)
            action = _how_to_add(column)
            findings.add(HEADING_MISSING(message, grid.origin(0, 0), found=say("no such heading"), action=action))


def _how_to_add(column: Column) -> str:
    if column.required:
        return say("Write “{heading}” above the column that holds it.", heading=column.heading)
    return say("Write “{heading}” above a column; the cells below may stay empty.", heading=column.heading)
