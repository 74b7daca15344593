"""Write docs/monitoring_workbook.md from the schema of the workbook: write_workbook_docs.py FILE."""

import sys
from collections.abc import Iterator
from pathlib import Path

from jcm_mrv.workbook.schema import GUIDE, SHEETS
from jcm_mrv.workbook.schema_columns import Column, Kind, Sheet
from jcm_mrv.workbook.template.guide import RULES

HEAD = f"""# The monitoring workbook

Generated from the program by `make docs`; a test fails when it is not current.

`jcm-mrv template VN_AM007 monitoring.xlsx` writes a blank workbook of these sheets. Their order and the order of the
columns do not matter, their names do; capital letters, width and spaces in names make no difference. The sheet {GUIDE}
and sheets of your own are not read.
"""
KINDS = {
    Kind.TEXT: "text",
    Kind.NUMBER: "number",
    Kind.INTEGER: "whole number",
    Kind.DATE: "date",
    Kind.DATETIME: "date and time",
    Kind.VALUE: "number or word",
}


def page() -> str:
    """The whole page."""
    rules = "\n".join(f"- {rule}" for rule in RULES)
    return "\n".join([HEAD, "## Rules", "", rules, "", *(line for s in SHEETS for line in _sheet(s))])


def _sheet(sheet: Sheet) -> Iterator[str]:
    needed = " This sheet is needed." if sheet.required else ""
    yield from (f"## {sheet.title}", "", f"{sheet.about}{needed}", "")
    yield f"| {'field' if sheet.form else 'column'} | what it holds | needed | explanation |"
    yield "| --- | --- | --- | --- |"
    for column in sheet.columns:
        yield f"| {column.heading} | {_kind(column)} | {'yes' if column.required else ''} | {_cell(column.comment)} |"
    if sheet.parameters:
        yield "| SYMBOL [unit] | number or word | | A fixed parameter of the methodology, one column each. |"
    yield ""


def _kind(column: Column) -> str:
    return _cell(", ".join(f"`{c}`" for c in column.choices)) or KINDS[column.kind]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
