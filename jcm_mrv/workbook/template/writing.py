"""Writing a monitoring workbook: blank for a methodology, or filled from plain rows.

Both have the same layout and the same bytes for the same content.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from jcm_mrv.words import SOURCE
from jcm_mrv.workbook.schema import GUIDE, LISTS, SHEETS
from jcm_mrv.workbook.template.guide import write_guide
from jcm_mrv.workbook.template.method import TemplateMethod, TemplateParameter
from jcm_mrv.workbook.template.offers import Offers, write_lists
from jcm_mrv.workbook.template.sheets import (
    Row,
    extra_columns,
    fixed_choices,
    parameter_columns,
    prefilled,
    print_setup,
    write_example,
    write_form,
    write_table,
)
from jcm_mrv.workbook.template.styles import CREATED, NAVY, SLATE, Styles

__all__ = ["Row", "TemplateMethod", "TemplateParameter", "write_template", "write_workbook"]


def write_template(
    path: Path | BinaryIO,
    methodologies: Sequence[TemplateMethod],
    lists: Mapping[str, Sequence[str]] | None = None,
    lang: str = SOURCE,
) -> None:
    """Write the blank workbook for these methodologies; ``lists`` are words that drop-downs offer, by name.

    In another language each heading stands above the English one, by which it is read.
    """
    _write(path, methodologies, {}, {}, Offers.of(methodologies, lists or {}), lang)


def write_workbook(
    path: Path | BinaryIO, methods: Sequence[TemplateMethod], project: Row, tables: Mapping[str, Sequence[Row]]
) -> None:
    """Write a workbook filled with plain values.

    ``project`` maps the keys of the form to values, ``tables`` the keys of the
    sheets to rows, a row column keys to values (text, numbers, dates, None).
    Rows of Equipment may hold further keys: the symbol of a parameter that a
    methodology declares, or ``SYMBOL [unit]``. Rows given for Eligibility or
    Fixed values stand in place of the prefilled ones.

    Raises ValueError for a key that the schema does not have.
    """
    _write(path, methods, project, tables, Offers())


def _write(
    path: Path | BinaryIO,
    methods: Sequence[TemplateMethod],
    project: Row,
    tables: Mapping[str, Sequence[Row]],
    offers: Offers,
    lang: str = SOURCE,
) -> None:
    import xlsxwriter

    from jcm_mrv.workbook.template.said_sheet import SaidWorksheet

    unknown = set(tables) - {s.key for s in SHEETS if not s.form}
    if unknown:
        raise ValueError(f"the workbook has no table {', '.join(sorted(unknown))}")
    book = xlsxwriter.Workbook(
        str(path) if isinstance(path, Path) else path, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
    )
    book.set_properties({"title": "JCM monitoring workbook", "created": CREATED})
    styles = Styles(book, lang)

    def add(title: str) -> SaidWorksheet:
        sheet: SaidWorksheet = book.add_worksheet(title, SaidWorksheet)
        sheet.lang = lang
        return sheet

    guide = add(GUIDE)
    guide.set_tab_color("#8AA0B4")
    write_guide(guide, styles, methods)
    print_setup(guide)
    filled = {"methodologies": "; ".join(m.id for m in methods), **project} if methods else dict(project)
    rows = {**prefilled(methods), **tables}
    for schema in SHEETS:
        sheet = add(schema.title)
        sheet.set_tab_color(NAVY if schema.required else SLATE)
        print_setup(sheet)
        if schema.form:
            write_form(sheet, schema, filled, styles, offers)
            continue
        columns = list(schema.columns)
        if schema.parameters:
            columns += [column for column, _ in parameter_columns(methods)]
            known = {c.key for c in columns} | {c.heading for c in columns}
            columns += extra_columns(rows.get(schema.key, ()), known)
        write_table(sheet, schema, columns, rows.get(schema.key, ()), styles, offers)
        if offers.lists and not rows.get(schema.key):
            write_example(sheet, columns, offers.example(schema), styles)
        if schema.key == "fixed" and "fixed" not in tables:
            fixed_choices(sheet, methods, columns)
    if offers.lists:
        write_lists(add(LISTS), offers, styles)
    book.close()
