"""Writing into sheets: text that stays text, tables of the graph, formulas with their cached values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from jcm_mrv.languages import said_in
from jcm_mrv.quantities.expression import (
    Named,
)
from jcm_mrv.reporting.excel.layout import quoted
from jcm_mrv.reporting.excel.styles import SECTION_SIZE, SIZE, Styles

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Replaced = dict[tuple[Named, tuple[int, ...]], str]

LONGEST_TEXT = 32_000
ROW_POINTS = 15.0
"""The height of a row of one line."""
_LINE, _WIDE_LINE = 1.32, 1.5
"""The height of a line as a part of that of its letters; Chinese and Japanese ones need more."""
TITLE_POINTS = 130.0
"""A sheet's title with its line about it and what stands above a table: no page of its own."""
NARROW = 18.0
"""The width of a column [characters] in which a line holds few words."""
MOST_ARGUMENTS = 255


@lru_cache(maxsize=1 << 16)
def clean(text: str) -> str:
    """Text that any spreadsheet can hold: no control characters, not beyond the length of a cell."""
    kept = "".join(c if c.isprintable() or c in "\n " else " " for c in text)
    return kept if len(kept) <= LONGEST_TEXT else kept[: LONGEST_TEXT - 1] + "…"


@dataclass(frozen=True)
class Cell:
    """A formula with the value that it has, and the decimals that it shows."""

    formula: str
    value: float | str
    decimals: int | None = None


@dataclass(frozen=True, order=True)
class Block:
    """The rows of a table from its title to its last; ``heads`` are those of its headings, if they can be repeated."""

    top: int
    last: int
    heads: tuple[int, int] | None = None


class Sheet:
    """One worksheet. Text is written as text, whatever it begins with.

    ``widths`` are those of its first columns; every further one is as wide as
    the last. ``row`` is the next free row. ``heads`` are the first and last row of
    headings that hold for the whole sheet, None where it has several tables;
    ``names`` is the last column of those that say what a row is, ``columns`` the least number for which it prints.
    """

    def __init__(self, worksheet: Worksheet | _Nowhere, name: str, styles: Styles, widths: Sequence[float]) -> None:
        self.worksheet, self.name, self.styles, self.widths = worksheet, name, styles, tuple(widths)
        self.row = 0
        self.heads: tuple[int, int] | None = None
        self.names = 0
        self.folded, self.columns = False, 0
        self.blocks: list[Block] = []
        self.breaks: list[int] = []
        """Rows at which a page begins because the headings stand there again."""
        self.lines: list[tuple[int, str, Format]] = []
        """Rows of one line of text that reaches across the page, with its style (see :mod:`.page_setup`)."""
        self._heights: dict[int, float] = {}
        self._folded: list[tuple[int, int]] = []
        self._own = f"{quoted(name)}!"
        for column, width in enumerate(self.widths):
            worksheet.set_column(column, column, width)
        worksheet.set_column(len(self.widths), len(self.widths) + 20, self.widths[-1])

    def dry(self, row: int) -> Sheet:
        """A sheet like this one that takes what is written from a row on, and keeps nothing but where it stands."""
        own = Sheet(_Nowhere(), self.name, self.styles, self.widths)
        own.row, own.breaks, own._heights, own._folded = row, [*self.breaks], {**self._heights}, [*self._folded]
        return own

    def width(self, column: int) -> float:
        """The width of a column [characters]."""
        return self.widths[min(column, len(self.widths) - 1)]

    def one_table(self, heads: int, columns: int, rows: int, names: int = 0) -> None:
        """The sheet is one table: its headings stay in sight and on every page, and filter its rows."""
        self.heads, self.names = (heads, heads), names
        self.worksheet.freeze_panes(heads + 1, names + 1)
        if rows and columns:
            self.worksheet.autofilter(heads, 0, heads + rows, columns - 1)

    def fold(self, first: int, last: int) -> None:
        """Fold rows away below the one before them, as a group that opens; they do not print."""
        self.folded = True
        self.worksheet.outline_settings(True, False, True, False)
        self._folded.append((first, last))
        for row in range(first, last + 1):
            self.worksheet.set_row(row, None, None, {"level": 1, "hidden": True})
        self.worksheet.set_row(first - 1, self._heights.get(first - 1), None, {"collapsed": True})

    def hide(self, first: int, last: int) -> None:
        """Rows that only formulas need."""
        self._folded.append((first, last))
        for row in range(first, last + 1):
            self.worksheet.set_row(row, None, None, {"hidden": True})

    def fit(self, row: int, texts: Sequence[object], size: float = 10, first: int = 0) -> None:
        """Make a row as high as its longest wrapped text needs; spreadsheets do not do it on opening."""
        height = self.needed(texts, size, first)
        if height > self._heights.get(row, ROW_POINTS):
            self.set_height(row, height)

    def set_height(self, row: int, height: float) -> None:
        """Make a row as high as is said [pt]."""
        self.worksheet.set_row(row, height)
        self._heights[row] = height

    def height(self, first: int, last: int) -> float:
        """How high rows are together, those that are folded away not counted [pt]."""
        seen: list[int] = []
        begins = first
        for begin, end in sorted(self._folded):
            seen += range(begins, min(begin, last + 1))
            begins = max(begins, end + 1)
        seen += range(begins, last + 1)
        return sum(self._heights.get(row, ROW_POINTS) for row in seen)

    def needed(self, texts: Sequence[object], size: float = 10, first: int = 0) -> float:
        """The height of a row with wrapped texts [pt]."""
        lines, line = 1, _LINE
        for column, text in enumerate(texts, start=first):
            if isinstance(text, str):
                text = said_in(text, self.styles.lang)
                line = line if text.isascii() or not _wide(text) else _WIDE_LINE
                width = self.width(column) * 10 / size
                lines = max(lines, sum(_lines(part, width) for part in text.split("\n")))
        return min(lines, 30) * size * line + 2 if lines > 1 else ROW_POINTS

    def text(self, row: int, column: int, text: str, style: object = None) -> None:
        """One cell of text, in the language of the book."""
        text = said_in(text, self.styles.lang)
        if text:
            self.worksheet.write_string(row, column, clean(text), style or self.styles.text)
        elif style is not None:
            self.worksheet.write_blank(row, column, None, style)

    def formula(self, row: int, column: int, cell: Cell, style: object) -> None:
        """A formula with its cached value; references to its own sheet lose the sheet's name."""
        value: float | str = cell.value
        if isinstance(value, float) and not math.isfinite(value):
            value = "#N/A"
        self.worksheet.write_formula(row, column, self.short(cell.formula), style, value)

    def check(self, place: tuple[int, int], *conditions: str, style: object = None) -> None:
        """A cell that is OK while all conditions hold, and CHECK otherwise."""
        formula = f'=IF({all_of(conditions)},"OK","CHECK")'
        self.formula(*place, Cell(formula, "OK"), style or self.styles.check)

    def short(self, formula: str) -> str:
        """A formula whose references to this sheet go without its name."""
        return formula.replace(self._own, "")

    def title(self, text: str, note: str = "") -> None:
        """The sheet's title and one line about it."""
        self.text(self.row, 0, text, self.styles.title)
        self.row += 1
        if note:
            self.line(note, self.styles.note)
        self.row += 1

    def line(self, text: str, style: Format) -> None:
        """One row of text that reaches across the page."""
        self.text(self.row, 0, text, style)
        self.lines.append((self.row, said_in(text, self.styles.lang), style))
        self.row += 1

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str | float | Cell | None]],
        columns: Sequence[int] = (),
        style: Format | None = None,
        room: float = math.inf,
        above: int = 0,
    ) -> list[int]:
        """A table of text and numbers that no formula of the claim refers to, in the given columns of the sheet.

        Where its rows need more than the ``room`` of a page, the headings stand again at the beginning of the next
        one. ``above`` is the number of rows with its title. The rows of its lines are given back (see :meth:`rows_of`).
        """
        places = columns or range(len(heads))
        at = self.rows_of(heads, rows, places, room, above)
        for n in [self.row, *(b - 1 for a, b in pairwise(at) if b > a + 1)]:
            self.heading(n, heads, places)
            self.breaks += [n] if n > self.row else []
        for n, cells in zip(at, rows, strict=True):
            self.fit(n, _spread(places, cells))
            before: object = ""
            for column, value in zip(places, cells, strict=True):
                after = isinstance(value, str) and not isinstance(before, str)
                self.value(n, column, value, self.styles.after.get(style) if after else style)
                before = value
        last = at[-1] if at else self.row
        self.blocks.append(Block(self.row - above, last))
        self.row = last + 2
        return at

    def rows_of(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[object]],
        places: Sequence[int],
        room: float,
        above: int = 0,
    ) -> list[int]:
        """Where the lines of a table stand that begins at the next free row, with room for its headings on each page.

        The table begins with the rows ``above`` on the page of what stands before it, or on a new one.
        """
        head, heights = self.needed(_spread(places, heads)), [self.needed(_spread(places, cells)) for cells in rows]
        top = self.row - above
        used, own = self.height(max([0, *self.breaks]), top - 1), self.height(top, self.row - 1) + head
        if begins_page(used, own + sum(heights), room):
            self.breaks.append(top)
            used = 0.0
        used += own
        at, row = [], self.row
        for height in heights:
            row += 1
            if used + height > room:
                used, row = head, row + 1
            used += height
            at.append(row)
        return at

    def section(self, row: int, text: str, before: int) -> None:
        """The title of a table with a check in the column ``before``, on several lines where it has no room."""
        text = said_in(text, self.styles.lang)
        room = sum(self.width(n) for n in range(before)) * SIZE / SECTION_SIZE
        if text_width(text) <= room:
            self.text(row, 0, text, self.styles.section)
            return
        if before > 1:
            self.worksheet.merge_range(row, 0, row, before - 1, "", self.styles.section_wrapped)
        self.text(row, 0, text, self.styles.section_wrapped)
        height = math.ceil(text_width(text) / room) * SECTION_SIZE * _WIDE_LINE
        self.set_height(row, height)

    def heading(self, row: int, heads: Sequence[str], columns: Sequence[int] = ()) -> None:
        """A row of headings, as high as they need, in the given columns of the sheet."""
        places = columns or range(len(heads))
        for column, head in zip(places, heads, strict=True):
            self.text(row, column, head, self.styles.head)
        self.fit(row, _spread(places, heads))

    def value(self, row: int, column: int, value: str | float | Cell | None, style: Format | None = None) -> None:
        """One cell, by the kind of its value; None and unknown numbers leave it empty."""
        if isinstance(value, Cell):
            decimals = self.styles.shown if value.decimals is None else self.styles.decimals(value.decimals)
            self.formula(row, column, value, decimals)
        elif isinstance(value, str):
            self.text(row, column, value, style)
        elif value is not None and math.isfinite(value):
            self.worksheet.write_number(row, column, value, self.styles.text)

    def given(self, row: int, column: int, value: str | float | Cell | None) -> None:
        """An input cell; None leaves it empty, to be filled in."""
        if isinstance(value, float | int):
            self.worksheet.write_number(row, column, value, self.styles.input)
        else:
            self.worksheet.write_blank(row, column, None, self.styles.input)


class _Nowhere:
    """A worksheet that holds nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


def begins_page(used: float, size: float, room: float) -> bool:
    """Whether a table of a size [pt] begins on a new page, where so much of a page is used."""
    return used + size > room and used > (room / 3 if size > room else TITLE_POINTS)


def all_of(conditions: Sequence[str]) -> str:
    """AND over any number of conditions: a function takes at most 255."""
    groups = [conditions[n : n + MOST_ARGUMENTS] for n in range(0, len(conditions), MOST_ARGUMENTS)]
    joined = [f"AND({','.join(group)})" for group in groups]
    return joined[0] if len(joined) == 1 else all_of(joined)


def all_formulas(cells: str, size: str) -> str:
    """The condition that no formula of a range was emptied or typed over; ``size`` is ROWS or COLUMNS."""
    return f"{formulas_in(cells)}={size}({cells})"


def formulas_in(cells: str) -> str:
    """How many cells of a range are formulas."""
    return f"SUMPRODUCT(--_xlfn.ISFORMULA({cells}))"


def number_in(cell: str) -> str:
    """The formula of a number that stands elsewhere: an empty cell is unknown, not zero."""
    return f"=IF(ISNUMBER({cell}),{cell},NA())"


def given_cells(cells: str, unset: int, texts: int, formulas: int, *, entered: bool = False) -> list[str]:
    """The conditions that of input cells so many are empty, text and formulas as were written; the rest are numbers.

    ``entered``: texts that formulas give are not counted, but those that are entered.
    """
    text = f"ISTEXT({cells})*(1-_xlfn.ISFORMULA({cells}))" if entered else f"ISTEXT({cells})"
    conditions = [f"SUMPRODUCT(2*ISBLANK({cells})+{text})={2 * unset + texts}"]
    return [*conditions, f"{formulas_in(cells)}={formulas}"] if formulas else conditions


def _spread(places: Sequence[int], cells: Sequence[object]) -> list[object]:
    """Cells at their columns, with nothing in between."""
    row: list[object] = [""] * (max(places) + 1)
    for column, cell in zip(places, cells, strict=True):
        row[column] = cell
    return row


@lru_cache(maxsize=1 << 16)
def _lines(text: str, width: float) -> int:
    """On how many lines a text stands; in a narrow column its words leave much of a line free."""
    at_least = math.ceil(max(text_width(text), 1) / width)
    if at_least == 1 or width >= NARROW:
        return at_least
    lines, used = 1, 0.0
    for word in text.split(" "):
        own = text_width(word)
        if used and used + own > width:
            lines, used = lines + 1, 0.0
        lines += max(math.ceil(own / width) - 1, 0)
        used += own + 1
    return max(lines, at_least)


def text_width(text: str) -> float:
    """How many columns wide a text is, with some room for wide letters and for wrapping at words."""
    return 1.1 * (len(text) + _wide(text))


def _wide(text: str) -> int:
    """How many of its letters are twice as wide as others."""
    return sum(east_asian_width(c) in "WF" for c in text)
