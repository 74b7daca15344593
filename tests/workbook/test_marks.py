"""What is struck out or commented on in cells is told: a program reads the values alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jcm_mrv.workbook.reading import read_workbook
from support.mutations import edit


def told(path: Path, code: str) -> list[Any]:
    return [f for f in read_workbook(path).findings if f.code == code]


def test_a_reading_that_is_struck_out_is_told_and_still_counts(good: Path) -> None:
    from openpyxl.styles import Font

    before = read_workbook(good).readings.value.tolist()

    def strike(book: Any) -> None:
        for cell in ("A1", "E3", "E99"):  # a heading, a reading, an empty cell
            book["Readings"][cell].font = Font(strike=True)
        book["Readings"]["E4"].font = Font(strike=False)

    (finding,) = told(edit(good, strike), "input.struck_out")
    assert finding.severity == "major" and finding.where.cell == "E3" and finding.found == "E3"
    assert read_workbook(good).readings.value.tolist() == before


def test_a_comment_on_a_cell_is_told_and_one_on_a_heading_is_not(good: Path) -> None:
    from openpyxl.comments import Comment

    assert not told(good, "input.cell_comments")

    def comment(book: Any) -> None:
        book["Readings"]["E1"].comment = Comment("what belongs here", "template")
        book["Readings"]["E3"].comment = Comment("estimated:\nthe display was dark", "operator")
        book["Project"]["B6"].comment = Comment("as agreed", "operator")

    project, readings = sorted(told(edit(good, comment), "input.cell_comments"), key=lambda f: f.where.sheet)
    assert project.where.cell == "B6"
    assert readings.where.cell == "E3" and readings.found == "E3: estimated: the display was dark"
    assert not told(good, "input.struck_out")
