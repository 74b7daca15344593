"""The columns of a list on a sheet: heading, width, cell and documentation of each in one place.

A column that is added is one :class:`Column` more: its heading comes from
the texts by its key, the width of the sheet and the page
``docs/excel_report.md`` follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Generic, TypeAlias, TypeVar

from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.excel.layout import About
from jcm_mrv.reporting.excel.sheet import Cell
from jcm_mrv.workbook.scan import column_letters

T = TypeVar("T")
Shown: TypeAlias = str | float | Cell | None


@dataclass(frozen=True, kw_only=True)
class Column(Generic[T]):
    """``key`` is that of the heading among the texts ``excel_head``, ``about`` what stands there, for the page."""

    key: str
    width: float
    about: str
    cell: Callable[[T], Shown]


@dataclass(frozen=True)
class Columns(Generic[T]):
    """The columns of one list; ``sheet`` is the key of the sheet's name, ``about`` says what a row is."""

    sheet: str
    about: str
    all: tuple[Column[T], ...]

    def heads(self, t: Translator) -> list[str]:
        """The headings in a language."""
        return [t(f"excel_head.{column.key}") for column in self.all]

    def cells(self, row: T) -> list[Shown]:
        """One row: a cell for each column."""
        return [column.cell(row) for column in self.all]

    def about_rows(self, t: Translator, rows: Sequence[T], leave_out: Sequence[str] = ()) -> list[tuple[str, About]]:
        """Heading and cells of each column but some: words and moments that stand beside the quantities of a table."""
        return [
            (t(f"excel_head.{column.key}"), [_word(column.cell(row)) for row in rows])
            for column in self.all
            if column.key not in leave_out
        ]

    def letter(self, key: str) -> str:
        """The letter of a column on its sheet. Raises StopIteration for a key that is not there."""
        return column_letters(next(n for n, column in enumerate(self.all, 1) if column.key == key))


def _word(shown: Shown) -> str | float:
    if shown is None or isinstance(shown, Cell):
        raise TypeError("beside quantities stand words and moments only")
    return shown


def widths(lists: Sequence[Columns[Any]]) -> tuple[float, ...]:
    """The widths of a sheet's columns: of each the widest that a list of the sheet needs."""
    return tuple(max(row) for row in zip_longest(*([c.width for c in one.all] for one in lists), fillvalue=0.0))


def documented(lists: Sequence[Columns[Any]], t: Translator) -> Iterator[str]:
    """The lines of the documentation: for each list its sheet, what a row is, and every column."""
    for one in lists:
        yield f"**{t(f'excel_sheet.{one.sheet}')}**: {one.about}\n\n| column | what stands there |\n| --- | --- |\n"
        yield (
            "".join(f"| {head} | {column.about} |\n" for head, column in zip(one.heads(t), one.all, strict=True)) + "\n"
        )
