"""Example rows of a template: left out by the reader, refused where only a part of one was typed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jcm_mrv.findings import Code, Severity
from jcm_mrv.languages import said_in
from jcm_mrv.words import say
from jcm_mrv.workbook.cells import FindingList, is_blank
from jcm_mrv.workbook.grid import Grid

MARKS: Mapping[str, str] = {"en": "e.g. ", "vi": "ví dụ: ", "ja": "例: "}
"""With that of its language begins every cell of an example row, and none that a person fills in."""

EXAMPLE_LEFT = Code("input.example_left", Severity.ERROR, "A cell still holds the example of the template")


def as_example(text: str, lang: str) -> str:
    """A text as an example row shows it in a language, or in the first of two."""
    first = lang.partition("+")[0]
    return MARKS[first] + said_in(text, first)


def without_examples(grid: Grid, findings: FindingList) -> Grid:
    """The sheet with those rows emptied that are wholly examples; a cell left over from one is a finding."""
    examples = {text for text in grid.texts if text.startswith(tuple(MARKS.values()))}
    if not examples:
        return grid
    kept = list(grid.rows)
    for number, row in enumerate(grid.rows):
        if number == 0 or examples.isdisjoint(row):
            continue
        left = [n for n, raw in enumerate(row) if raw in examples]
        if len(left) < sum(not is_blank(raw) for raw in row):
            message = say("the cell still holds the example of the template, beside cells that are filled in")
            action = say(
                "Write your own value, or empty it. A value of your own does not begin with “{mark}”.",
                mark=next(mark for mark in MARKS.values() if str(row[left[0]]).startswith(mark)).strip(),
            )
            findings.add(EXAMPLE_LEFT(message, grid.origin(number, left[0]), found=str(row[left[0]]), action=action))
        kept[number] = []
    return replace(grid, rows=kept)
