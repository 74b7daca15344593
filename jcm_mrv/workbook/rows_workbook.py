"""A small workbook with rows of one sheet, ready to be copied into the monitoring workbook, and notes beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from jcm_mrv.workbook.schema import sheet as schema_sheet
from jcm_mrv.workbook.template.sheets import Plain, Row, print_setup, write_plain, write_table
from jcm_mrv.workbook.template.styles import CREATED, NAVY, SLATE, Styles

_LONGEST = 500  # characters of a text from a stranger's file


@dataclass(frozen=True)
class Notes:
    """A second sheet, which the reader of the monitoring workbook passes over: headings, column widths, rows."""

    title: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Plain, ...], ...]


def write_rows(path: Path | BinaryIO, key: str, rows: Sequence[Row], notes: Notes) -> None:
    """Write rows of the sheet ``key`` under the headings of the schema, and the notes.

    Texts are written as texts, never as formulas, and long ones cut off; the
    same content gives the same bytes. Raises ValueError for a key that is no
    column.
    """
    import xlsxwriter

    schema = schema_sheet(key)
    book = xlsxwriter.Workbook(
        str(path) if isinstance(path, Path) else path, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
    )
    book.set_properties({"title": f"Rows for the sheet {schema.title}", "created": CREATED})
    styles = Styles(book)
    sheet = book.add_worksheet(schema.title)
    sheet.set_tab_color(NAVY)
    print_setup(sheet)
    cut = [{k: cut_off(v) for k, v in row.items()} for row in rows]
    write_table(sheet, schema, schema.columns, cut, styles)
    beside = book.add_worksheet(notes.title)
    beside.set_tab_color(SLATE)
    print_setup(beside)
    beside.freeze_panes(1, 0)
    for index, (heading, width) in enumerate(zip(notes.headings, notes.widths, strict=True)):
        beside.set_column(index, index, width)
        beside.write_string(0, index, heading, styles.heading(False))
    for number, line in enumerate(notes.rows, 1):
        for index, value in enumerate(line):
            write_plain(beside, number, index, cut_off(value), styles.prose())
    book.close()


def cut_off(value: Plain) -> Plain:
    """A text of sensible length; anything else as it is."""
    return value if not isinstance(value, str) or len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
