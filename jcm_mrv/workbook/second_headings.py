"""A second row of headings below the first, in a person's own words or another language: no data, and said once."""

from __future__ import annotations

from dataclasses import replace

from jcm_mrv.findings import Code, Severity, named
from jcm_mrv.words import say
from jcm_mrv.workbook.cells import FindingList, Raw, is_blank
from jcm_mrv.workbook.grid import Grid, match_headings
from jcm_mrv.workbook.schema_columns import Kind
from jcm_mrv.workbook.wording import choice_of, column_of, fold_choice

SECOND_HEADINGS = Code("input.second_headings", Severity.ERROR, "A row below the headings holds headings again")

_FEWEST = 3  # texts in a row that may be headings
_FEWEST_MISPLACED = 2  # of them in columns of numbers, dates or choices
_MEASURED = (Kind.NUMBER, Kind.INTEGER, Kind.DATE, Kind.DATETIME)


def without_second_headings(grid: Grid, findings: FindingList) -> Grid:
    """The sheet with the row below its headings emptied, where that holds headings again and nothing else.

    Headings of the schema, in any of the languages, are left out; own words are a finding in place of one for each
    cell, as only the person knows that they are no data.
    """
    if grid.schema.form or not len(grid.filled):
        return grid
    first = int(grid.filled[0])
    texts = {index: raw for index, raw in enumerate(grid.rows[first]) if not is_blank(raw)}
    if len(texts) < _FEWEST or not all(map(_is_wordy, texts.values())):
        return grid
    words = [str(raw) for raw in texts.values()]
    if len(set(map(fold_choice, words))) < len(words):
        return grid
    if not all(column_of(grid.schema, word) for word in words):
        if _misplaced(grid, texts) < _FEWEST_MISPLACED:
            return grid
        message = say("the row looks like headings again: words stand where numbers, dates or choices belong")
        action = say("Delete the row, or move it above the headings, where it is not read.")
        findings.add(
            SECOND_HEADINGS(message, grid.origin(first, min(texts)), found=named(words, most=4), action=action)
        )
    return replace(grid, rows=[*grid.rows[:first], [], *grid.rows[first + 1 :]])


def _is_wordy(raw: Raw) -> bool:
    return isinstance(raw, str) and not any(c.isdigit() for c in raw)


def _misplaced(grid: Grid, texts: dict[int, Raw]) -> int:
    """How many of the texts stand where a number, a date or a choice belongs; 0 where a choice stands among them."""
    columns = {index: grid.schema.column(key) for key, index in match_headings(grid, FindingList()).at.items()}
    there = [(columns[index], str(raw)) for index, raw in texts.items() if index in columns]
    chosen = [choice_of(column.choices, text) for column, text in there if column.kind is Kind.CHOICE]
    if any(chosen):
        return 0
    return len(chosen) + sum(column.kind in _MEASURED for column, _ in there)
