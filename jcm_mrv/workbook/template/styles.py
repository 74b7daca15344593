"""Colours and formats of the blank workbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from jcm_mrv.words import SOURCE
from jcm_mrv.workbook.schema_columns import Column, Kind

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

CREATED = datetime(2020, 1, 1)
"""When every workbook says that it was made: the same bytes on every day."""

NAVY = "#1F3A5F"
SLATE = "#5B7083"
INPUT_NEEDED = "#FFF6D6"
INPUT_OPTIONAL = "#F4F7FA"
FIXED = "#FFFFFF"
LINE = "#C9D3DC"
EXAMPLE_GREY = "#7D8B97"
TEXT_COLOUR = "#22303C"
FONT = "Calibri"

NUMBER_FORMATS = {
    Kind.TEXT: "@",
    Kind.CHOICE: "@",
    Kind.DATE: "yyyy-mm-dd",
    Kind.DATETIME: "yyyy-mm-dd hh:mm",
    Kind.INTEGER: "0",
    Kind.NUMBER: "General",
    Kind.VALUE: "General",
}


@dataclass
class Styles:
    """The formats of one workbook, each made once."""

    book: Workbook
    lang: str = SOURCE
    _made: dict[tuple[tuple[str, str | int | bool], ...], Format] = field(default_factory=dict)

    def get(self, **properties: str | int | bool) -> Format:
        """A format with these properties over the common font."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            base: dict[str, str | int | bool] = {"font_name": FONT, "font_size": 11, "font_color": TEXT_COLOUR}
            self._made[key] = self.book.add_format({**base, "valign": "top", **properties})
        return self._made[key]

    def heading(self, needed: bool) -> Format:
        """Row 1 of a table: dark where the column is needed."""
        return self.get(
            bold=True, font_color="#FFFFFF", bg_color=NAVY if needed else SLATE,
            text_wrap=True, valign="vcenter", border=1, border_color="#FFFFFF",
        )  # fmt: skip

    def entry(self, column: Column) -> Format:
        """A cell to be filled in."""
        return self.get(
            bg_color=INPUT_NEEDED if column.required else INPUT_OPTIONAL,
            border=1, border_color=LINE, num_format=NUMBER_FORMATS[column.kind], text_wrap=column.width >= 28,
        )  # fmt: skip

    def prose(self, **properties: str | int | bool) -> Format:
        """Running text."""
        return self.get(text_wrap=True, **properties)
