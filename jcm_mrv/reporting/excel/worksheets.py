"""The worksheets of XlsxWriter as the report uses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter.worksheet import Worksheet


class Page(Worksheet):  # type: ignore[misc]  # the library has no types
    """A worksheet whose formulas need no rewriting.

    XlsxWriter searches each formula for the names of some 30 newer functions; the report uses none of them, and has
    many formulas.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class LongPage(Page):
    """A page for a million rows: each is in a file on disk, and no longer in memory, as soon as the next one begins.

    Its cells are to be written row by row; what is written above the last row is lost without a word. The workbook
    must not be one in memory.
    """

    def _initialize(self, init_data: Mapping[str, Any]) -> None:
        super()._initialize({**init_data, "constant_memory": True})

    def _write_single_row(self, current_row_num: int = 0) -> None:
        written = self.previous_row
        super()._write_single_row(current_row_num)
        self.row_info.pop(written, None)
