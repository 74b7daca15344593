"""Cell formats of the report workbook: one place for colours and number formats."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from jcm_mrv.words import SOURCE

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

FONT, SIZE, SECTION_SIZE = "Arial", 10, 11
NAVY, GREY, LINE = "#1F3A5F", "#5B6B7B", "#C9D3DC"
INPUT_FILL, RESULT_FILL, WARN_FILL = "#FFF8DC", "#E3EEF8", "#FBE3D6"
NUMBER = "#,##0.000000;-#,##0.000000;0"
OPEN_END = 9.99e307
"""What a spreadsheet has in place of infinity, which no cell can hold: beyond every value that is compared with it."""
ENDS = '[>=9.9E+307]"∞";[<=-9.9E+307]"-∞";General'
TONNES, WHOLE, GENERAL = "#,##0.000", "#,##0", "General"


def new_book(buffer: BytesIO, folder: str = "") -> Workbook:
    """A workbook to be written into ``buffer``, in which text stays text; its parts in memory, or in a ``folder``.

    Its standard font is that of its cells: programs measure columns by it, and where the usual one is not installed
    they measure by another, up to a fifth wider than the page has room for.
    """
    from xlsxwriter import Workbook

    kept = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    standard = {"font_name": FONT, "font_size": SIZE}
    place = {"tmpdir": folder} if folder else {"in_memory": True}
    return Workbook(buffer, {**place, **kept, "default_format_properties": standard})


class Styles:
    """Formats by purpose, made once per workbook."""

    def __init__(self, book: Workbook, lang: str = SOURCE) -> None:
        self._book, self.lang = book, lang
        wrapped: dict[str, object] = {"text_wrap": True, "valign": "top"}
        boxed: dict[str, object] = {"border": 1, "border_color": LINE}
        set_in: dict[str, object] = {"align": "left", "indent": 1}
        self.text = self._make(wrapped)
        self.plain = self._make({"valign": "top"})
        self.boxed = self._make({**wrapped, **boxed})
        moment: dict[str, object] = {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"}
        day: dict[str, object] = {**moment, "num_format": "yyyy-mm-dd"}
        self.moment, self.day = self._make(moment), self._make(day)
        # a word after a number, as its unit, does not touch it; for a day there is no room
        self.after: dict[Format | None, Format] = {
            None: self._make({**wrapped, **set_in}),
            self.plain: self._make({"valign": "top", **set_in}),
            self.boxed: self._make({**wrapped, **boxed, **set_in}),
        }
        self.year = self._make({"align": "left"})
        self.title = self._make({"bold": True, "font_size": 14, "font_color": NAVY})
        section: dict[str, object] = {"bold": True, "font_size": SECTION_SIZE, "font_color": NAVY}
        self.section, self.section_wrapped = self._make(section), self._make({**section, **wrapped})
        self.note = self._make({"italic": True, "font_color": GREY, **wrapped})
        self.head = self._make(
            {
                "bold": True,
                "font_color": "white",
                "bg_color": NAVY,
                "text_wrap": True,
                "valign": "vcenter",
                "border": 1,
                "border_color": LINE,
            }
        )
        self.about = self._make({"font_color": GREY, "text_wrap": True, "valign": "top"})
        self.unit = self._make({"font_color": GREY, "italic": True, "align": "right", "bottom": 1, "text_wrap": True})
        self.key = self._make({"font_color": "#9AA7B3", "font_size": 8})
        self.input = self._cell(INPUT_FILL, GENERAL, locked=False)
        self.input_open = self._cell(INPUT_FILL, ENDS, locked=False)
        self.input_text = self._make({**wrapped, **boxed, "bg_color": INPUT_FILL, "locked": False})
        self._of_decimals: dict[int, Format] = {}
        self.unneeded = self._cell("", ";;;")
        self.formula = self._cell("", NUMBER)
        self.shown = self._cell("", GENERAL)
        self.result = self._cell(RESULT_FILL, TONNES, bold=True)
        self.credited = self._cell(RESULT_FILL, WHOLE, bold=True)
        warning: dict[str, object] = {"bold": True, "bg_color": WARN_FILL, "font_color": "#8A2B06"}
        self.banner = self._make({**warning, "valign": "vcenter", "text_wrap": True})
        self.check = self._make({"font_color": GREY, "align": "right"})
        self.bad = self._make({"bold": True, "font_color": "#B00020"})

    def _make(self, properties: dict[str, object]) -> Format:
        return self._book.add_format({"font_name": FONT, "font_size": SIZE, **properties})

    def decimals(self, count: int) -> Format:
        """The format of computed numbers with so many decimals."""
        if count not in self._of_decimals:
            places = "." + "0" * count if count else ""
            self._of_decimals[count] = self._cell("", f"#,##0{places};-#,##0{places};0")
        return self._of_decimals[count]

    def _cell(self, fill: str, number: str, *, bold: bool = False, locked: bool = True) -> Format:
        properties: dict[str, object] = {
            "num_format": number,
            "border": 1,
            "border_color": LINE,
            "bold": bold,
            "locked": locked,
            "valign": "top",
        }
        return self._make({**properties, "bg_color": fill} if fill else properties)
