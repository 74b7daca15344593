"""How a sheet prints and opens: as wide as it has to be, at no less than seven points, its headings on every page."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from jcm_mrv.reporting.excel.sheet import Sheet, begins_page, text_width

LEAST_SCALE = 0.7
"""Ten points become seven."""
_MARGIN_INCHES = 0.4
_SURE = 0.96
"""Programs differ in how wide a character is: what fills more of the page is fitted to it."""
_PAPER_POINTS = {"portrait": 595 - 144 * _MARGIN_INCHES, "landscape": 842 - 144 * _MARGIN_INCHES}
_HEIGHT_POINTS = {"portrait": 842 - 72 * 1.1, "landscape": 595 - 72 * 1.1}
_SURE_HEIGHT = 0.94
_ROWS = 40
_NARROWED, _NARROW = 0.75, 9.0
_CHARACTER_POINTS = 5.56
_BOLD, _LINE_POINTS = 1.1, 15.0
_A4 = 9
_PROTECTED = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,
    "sort": True,
}


def frame(sheet: Sheet) -> None:
    """What every sheet has, before anything is written."""
    page = sheet.worksheet
    page.set_paper(_A4)
    page.set_margins(_MARGIN_INCHES, _MARGIN_INCHES, 0.5, 0.6)
    page.hide_gridlines(2)
    page.set_footer("&L&A&R&P / &N", {"margin": 0.2})


@dataclass(frozen=True)
class Paper:
    """How a sheet of some width prints: upright or not, at which scale, and whether it is cut into several widths."""

    landscape: bool
    scale: float
    cut: bool

    @classmethod
    def of(cls, width: float) -> Paper:
        """The paper of a width [pt]: upright where that is enough, at seven points and more."""
        landscape = width * LEAST_SCALE > _PAPER_POINTS["portrait"]
        usable = _PAPER_POINTS["landscape" if landscape else "portrait"]
        scale = min(1.0, usable * _SURE / width) if width else 1.0
        return cls(landscape, max(scale, LEAST_SCALE), width * LEAST_SCALE > usable)

    @property
    def room(self) -> float:
        """What rows may add up to on a page [pt]."""
        return _HEIGHT_POINTS["landscape" if self.landscape else "portrait"] * _SURE_HEIGHT / self.scale


def narrowed(widths: Sequence[float], least: Mapping[int, float] = MappingProxyType({})) -> tuple[float, ...]:
    """Widths of columns at which they fit a page, where it takes no more than a quarter of the wide ones.

    No column becomes narrower than its ``least`` width.
    """
    usable = _PAPER_POINTS["landscape"] * _SURE / LEAST_SCALE
    floors = [max(_NARROW, least.get(n, 0.0)) for n in range(len(widths))]
    pairs = list(zip(widths, floors, strict=True))
    wide = [w for w, floor in pairs if w > floor]
    excess = sum(map(_points, widths)) - usable
    room = sum(w - floor for w, floor in pairs if w > floor) * _CHARACTER_POINTS
    if excess <= 0 or excess > room or 1 - excess / (sum(wide) * _CHARACTER_POINTS) < _NARROWED:
        return tuple(widths)
    factor = 1 - excess / room
    return tuple(floor + (w - floor) * factor if w > floor else w for w, floor in pairs)


def room_of(sheet: Sheet, columns: int) -> float:
    """What rows of so many columns may add up to on a page [pt]; the sheet then prints as if it had as many."""
    sheet.columns = max(sheet.columns, columns)
    return Paper.of(sum(_points(sheet.width(n)) for n in range(columns))).room


def set_up(sheet: Sheet, hidden: Collection[int] = (), *, protect: bool = True) -> None:
    """Print area, orientation, scale and pages, from what was written; ``hidden`` are columns that do not print.

    Where pages begin is stated, so that no table is cut that fits a page. Excel passes over that where a sheet is
    fitted to its width, so that there the scale is stated instead.

    Formula cells are protected without a password, input cells are not. A sheet with folded rows is left
    open: no program unfolds rows of a protected one.
    """
    page = sheet.worksheet
    last_row, last = page.dim_rowmax or 0, _last_column(sheet, hidden)
    _spread_lines(sheet, last)
    page.print_area(0, 0, last_row, last)
    width = sum(_points(sheet.width(n)) for n in range(max(last + 1, sheet.columns)) if n not in hidden)
    paper = Paper.of(width)
    if paper.landscape:
        page.set_landscape()
    breaks, heads = _pages(sheet, paper.room)
    if paper.cut:
        page.set_print_scale(round(LEAST_SCALE * 100))
        page.repeat_columns(0, min(sheet.names, last))
    elif breaks:
        page.set_print_scale(int(paper.scale * 100))
    elif paper.scale < 1:
        page.fit_to_pages(1, 0)
    if breaks:
        page.set_h_pagebreaks(breaks)
    if heads is not None:
        page.repeat_rows(*heads)
    if protect:
        page.protect("", _PROTECTED)


def _spread_lines(sheet: Sheet, last: int) -> None:
    """Give each line of text all columns of the page, and as many lines as it needs there."""
    if sheet.worksheet.constant_memory:  # its rows are gone
        return
    usable, reach, room = _PAPER_POINTS["landscape"] / LEAST_SCALE, 0, 0.0
    for n in range(last + 1):
        usable -= _points(sheet.width(n))
        if usable < 0:
            break
        reach, room = n, room + sheet.width(n)
    for row, text, style in sheet.lines:
        if reach:
            sheet.worksheet.merge_range(row, 0, row, reach, "", style)
        sheet.text(row, 0, text, style)
        lines = math.ceil(text_width(text) * (_BOLD if style.bold else 1.0) / max(room, 1.0))
        if lines > 1:
            sheet.set_height(row, lines * _LINE_POINTS + 2)


def _last_column(sheet: Sheet, hidden: Collection[int]) -> int:
    """The last column that holds something that prints: ordinals may stand far beyond it."""
    if sheet.worksheet.constant_memory:  # of its rows only the last is still there
        return int(sheet.worksheet.dim_colmax)
    rows: Collection[Collection[int]] = sheet.worksheet.table.values()
    return max((column for row in rows for column in row if column not in hidden), default=0)


def _pages(sheet: Sheet, room: float) -> tuple[list[int], tuple[int, int] | None]:
    """The rows at which pages begin, and the headings that are repeated: those of the last table, where it is cut.

    Other tables that are cut have their headings again among their rows.
    """
    breaks, used, row, heads = set(sheet.breaks), 0.0, 0, sheet.heads
    blocks = sorted(sheet.blocks)
    for block in blocks:
        used += sheet.height(row, block.top - 1)
        size, row = sheet.height(block.top, block.last), block.last + 1
        if block.top in breaks or begins_page(used, size, room):
            breaks.add(block.top)
            used = 0.0
        long = used + size > room or block.last - block.top > _ROWS  # also when its rows are unfolded
        if long and block.heads and block is blocks[-1]:
            heads = block.heads
        inner = [n for n in sheet.breaks if block.top < n <= block.last]
        used = sheet.height(max(inner), block.last) if inner else (used + size) % room
    first = next((block for block in blocks if block.heads == heads is not None), None)
    if first is not None and first is not blocks[-1] and sheet.height(first.top, first.last) <= room:
        heads = None  # they are not those of what follows on further pages
    return sorted(breaks), heads


def _points(characters: float) -> float:
    """The width of a column [pt]: so much for each character of the standard font, and five pixels around them.

    Excel takes seven pixels for a character, which is 5.25 points; LibreOffice its true width.
    """
    return characters * _CHARACTER_POINTS + 3.75
