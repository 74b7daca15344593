"""Write rows.py and rows_data.py into jcm_mrv/workbook from its schema: write_rows.py FOLDER."""

import sys
from collections.abc import Iterator
from pathlib import Path

from jcm_mrv.workbook import schema_data
from jcm_mrv.workbook.schema import SHEETS
from jcm_mrv.workbook.schema_columns import Column, Kind, Sheet

ABOUT = '''"""{}: a typed attribute per column, and the keys of each sheet.

Written from the schema by ``scripts/write_rows.py``: change the schema, and run ``make rows``.
"""

from __future__ import annotations
'''

ATTRIBUTES = {
    Kind.TEXT: "TextColumn()",
    Kind.NUMBER: "NumberColumn()",
    Kind.INTEGER: "NumberColumn()",
    Kind.DATE: "TimeColumn()",
    Kind.DATETIME: "TimeColumn()",
    Kind.VALUE: "ValueColumn()",
}

NAMES = {
    "project": "ProjectForm",
    "eligibility": "EligibilityRow",
    "equipment": "EquipmentRow",
    "fixed": "FixedRow",
    "evidence": "EvidenceRow",
    "team": "TeamRow",
    "answers": "AnswerRow",
}  # every other sheet has the plural of what one of its rows is

WIDTH = 120


def class_name(sheet: Sheet) -> str:
    """The class of a sheet's rows: ``MeterRow`` for Meters."""
    return NAMES.get(sheet.key) or sheet.key.removesuffix("s").capitalize() + "Row"


def key_name(sheet: Sheet) -> str:
    """The type of a sheet's keys: ``MeterKey`` for Meters."""
    return class_name(sheet).removesuffix("Row").removesuffix("Form") + "Key"


def attribute(column: Column) -> Iterator[str]:
    """The line of a column; the words of a choice in lines of their own where they are many."""
    if column.kind is not Kind.CHOICE:
        yield f"    {column.key} = {ATTRIBUTES[column.kind]}"
        return
    words = [quoted(word) for word in ("", *column.choices)]
    line = f"    {column.key} = ChoiceColumn[Literal[{', '.join(words)}]]()"
    if len(line) <= WIDTH:
        yield line
    else:
        yield from (f"    {column.key} = ChoiceColumn[Literal[", *("    " + one for one in filled(words, WIDTH - 4)))
        yield "    ]]()  # fmt: skip"


def quoted(word: str) -> str:
    """A word as a literal."""
    return f'"{word}"'


def filled(words: list[str], width: int = WIDTH) -> Iterator[str]:
    """Words, separated by commas, in lines of at most ``width`` characters."""
    line = "   "
    for word in words:
        if len(line) + len(word) + 2 > width:
            yield line
            line = "   "
        line += f" {word},"
    yield line


def row_class(sheet: Sheet) -> Iterator[str]:
    """Keys and class of one sheet."""
    yield from ("", f"{key_name(sheet)} = Literal[")
    yield from filled([quoted(column.key) for column in sheet.columns])
    yield from ("]  # fmt: skip", "", "", f"class {class_name(sheet)}(Record[{key_name(sheet)}]):")
    yield from (f'    """{"The form" if sheet.form else "One row of the sheet"} {sheet.title}."""', "")
    for column in sheet.columns:
        yield from attribute(column)
    yield ""


def tables(sheets: list[Sheet]) -> Iterator[str]:
    """The base of what a workbook holds."""
    yield from ("", "@dataclass(frozen=True, eq=False, kw_only=True)", "class Tables:")
    yield '    """The rows of every table sheet except Readings; none where the sheet is empty or missing."""'
    yield ""
    for sheet in sheets:
        yield f"    {sheet.key}: Sequence[{class_name(sheet)}] = ()"
    yield from ("", "    @property", "    def tables(self) -> Mapping[str, Sequence[AnyRow]]:")
    yield '        """The rows by the key of their sheet, for what is asked of all sheets alike."""'
    yield "        return {"
    for sheet in sheets:
        yield f"            {quoted(sheet.key)}: self.{sheet.key},"
    yield "        }"


def classes() -> Iterator[str]:
    """The class of each sheet's rows by the sheet's key."""
    yield from ("", "", "ROWS: Mapping[str, type[Record[Any]]] = MappingProxyType(", "    {")
    for sheet in SHEETS:
        if sheet.key != "readings":
            yield f"        {quoted(sheet.key)}: {class_name(sheet)},"
    yield from ("    }", ")", '"""The class of a row by the key of its sheet."""')


def imports(lines: list[str]) -> str:
    """The line that imports what the classes are written in."""
    names = ["AnyRow", "ChoiceColumn", "NumberColumn", "Record", "TextColumn", "TimeColumn", "ValueColumn"]
    used = [name for name in names if any(name in line for line in lines)]
    return f"from jcm_mrv.workbook.row import {', '.join(used)}"


def module(about: str, imported: list[str], lines: list[str], more: list[str]) -> str:
    """A whole module."""
    body = "\n".join([ABOUT.format(about), *imported, "", imports([*lines, *more]), *lines, *more])
    return body.rstrip("\n") + "\n"


def texts() -> dict[str, str]:
    """Name and text of each module."""
    data = [s for s in SHEETS if s.columns in vars(schema_data).values() and s.key != "readings"]
    others = [s for s in SHEETS if s not in data and s.key != "readings"]
    measured = [line for sheet in data for line in row_class(sheet)]
    lines = [line for sheet in others for line in row_class(sheet)]
    more = [*tables([s for s in SHEETS if not s.form and s.key != "readings"]), *classes()]
    names = ", ".join(sorted(map(class_name, data)))
    head = ["from collections.abc import Mapping, Sequence", "from dataclasses import dataclass"]
    head += ["from types import MappingProxyType", "from typing import Any, Literal"]
    more_imports = f"from jcm_mrv.workbook.rows_data import {names}"
    first = module("The rows of the monitoring workbook", head, [more_imports, *lines], more)
    about = "The rows of what was measured, and of the settings"
    return {"rows.py": first, "rows_data.py": module(about, ["from typing import Literal"], measured, [])}


if __name__ == "__main__":
    for name, text in texts().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")
