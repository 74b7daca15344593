"""How a sheet prints and opens: as wide as it has to be, at no less than seven points, its headings on every page."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from jcm_mrv.reporting.excel.sheet import Sheet

LEAST_SCALE = 0.7
"""Ten points become seven."""
_MARGIN_INCHES = 0.4
_SURE = 0.85
"""Programs differ in how wide a character is: what fills more of the page is fitted to it."""
_PAPER_POINTS = {"portrait": 595 - 144 * _MARGIN_INCHES, "landscape": 842 - 144 * _MARGIN_INCHES}
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
    page.set_footer("&L&A&R&P / &N")


def set_up(sheet: Sheet, hidden: Collection[int] = (), breaks: Sequence[int] = (), *, protect: bool = True) -> None:
    """Print area, orientation and scale, from what was written; ``hidden`` are columns that do not print.

    ``breaks`` are rows at which a new page begins. Excel passes over them where a sheet is fitted to its width, so
    that there the scale is stated instead.

    Formula cells are protected without a password, input cells are not. A sheet with folded rows is left
    open: no program unfolds rows of a protected one.
    """
    page = sheet.worksheet
    last_row, last = page.dim_rowmax or 0, page.dim_colmax or 0
    while last in hidden:
        last -= 1
    page.print_area(0, 0, last_row, last)
    width = sum(_points(sheet.width(n)) for n in range(last + 1) if n not in hidden)
    if width * LEAST_SCALE > _PAPER_POINTS["portrait"]:
        page.set_landscape()
    usable = _PAPER_POINTS["landscape" if width * LEAST_SCALE > _PAPER_POINTS["portrait"] else "portrait"]
    if width * LEAST_SCALE > usable:
        page.set_print_scale(round(LEAST_SCALE * 100))
        page.repeat_columns(0, min(sheet.names, last))
    elif width > usable * _SURE:
        scale = int(usable * _SURE / width * 100)
        if breaks and scale >= LEAST_SCALE * 100:
            page.set_print_scale(scale)
        else:
            page.fit_to_pages(1, 0)
    if breaks:
        page.set_h_pagebreaks(list(breaks))
    if sheet.heads is not None:
        page.repeat_rows(*sheet.heads)
    if protect:
        page.protect("", _PROTECTED)


def _points(characters: float) -> float:
    """The width of a column [pt]: seven pixels for each character of the standard font, and five around them."""
    return (characters * 7 + 5) * 0.75
