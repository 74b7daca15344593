"""What a person marks in cells beside their values: text struck out, and comments; only the values are read.

A reading that was struck out still is a number to every program, and what a comment says of a cell nobody sees in a
report. Both are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import basename, dirname, join, normpath
from xml.etree import ElementTree

from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.origin import column_and_row
from jcm_mrv.words import say
from jcm_mrv.workbook.cells import is_blank
from jcm_mrv.workbook.grid import Grid
from jcm_mrv.workbook.scan import PREFIX, column_number

STRUCK_OUT = Code("input.struck_out", Severity.MAJOR, "What is struck out is read as well")
CELL_COMMENTS = Code("input.cell_comments", Severity.NOTE, "Comments on cells are not read")

_LARGEST = 5_000_000  # bytes of a part that is parsed as a tree
_OPENING = re.compile(rb"<" + PREFIX + rb"c\s([^<>]*)>")
_REF, _STYLE = re.compile(rb'(?:^|\s)r="([A-Z]{1,3})([0-9]{1,7})"'), re.compile(rb'(?:^|\s)s="([0-9]{1,6})"')
_LONGEST = 80  # characters of a comment that are shown

Places = list[tuple[int, int, str]]
"""Row and column, counted from 0, and what is said of the cell."""


def struck_styles(parts: Mapping[str, bytes]) -> frozenset[int]:
    """The numbers of the styles whose text is struck out."""
    tree = _tree(parts.get("xl/styles.xml", b""))
    fonts = [*_children(tree, "fonts")]
    struck = {n for n, font in enumerate(fonts) if any(_is_struck(one) for one in font)}
    return frozenset(n for n, style in enumerate(_children(tree, "cellXfs")) if _number(style.get("fontId")) in struck)


def struck_cells(data: bytes, styles: frozenset[int]) -> Places:
    """The cells of a sheet in one of those styles."""
    found: Places = []
    for match in _OPENING.finditer(data) if styles else ():
        ref, style = _REF.search(match[1]), _STYLE.search(match[1])
        if ref and style and int(style[1]) in styles:
            found.append((int(ref[2]) - 1, column_number(ref[1].decode()) - 1, ""))
    return found


def comments(parts: Mapping[str, bytes], sheet: str) -> Places:
    """The comments on the cells of a sheet, whose part is named."""
    links = _tree(parts.get(join(dirname(sheet), "_rels", f"{basename(sheet)}.rels"), b""))
    found: Places = []
    for link in links if links is not None else ():
        target = link.get("Target", "")
        name = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(sheet), target))
        tree = _tree(parts.get(name, b"")) if link.get("Type", "").endswith("/comments") else None
        for one in tree.iter() if tree is not None else ():
            place = column_and_row(one.get("ref", ""))
            if one.tag.endswith("}comment") and place:
                text = " ".join("".join(one.itertext()).split())
                found.append((place[1] - 1, column_number(place[0]) - 1, text[:_LONGEST]))
    return found


def marks_of(parts: Mapping[str, bytes], sheets: Mapping[str, str]) -> dict[str, tuple[Places, Places]]:
    """By title of a sheet, whose part is given: what is struck out, and the comments."""
    styles = struck_styles(parts)
    return {
        title: (struck_cells(parts.get(part, b""), styles), comments(parts, part)) for title, part in sheets.items()
    }


def mark_findings(grid: Grid, marks: tuple[Places, Places]) -> Iterator[Finding]:
    """What is said of a sheet's marks; those of its headings, which have comments of their own, are left out."""
    row, column = (0, 1) if grid.schema.form else (1, 0)
    struck, said = ([one for one in places if one[0] >= row and one[1] >= column] for places in marks)
    struck = [
        (n, k, "") for n, k, _ in struck if n < len(grid.rows) and not all(map(is_blank, grid.rows[n][k : k + 1]))
    ]
    if struck:
        message = say("the text of {count} cells is struck out; their values are read as well", count=len(struck))
        action = say(
            "Empty the cells that do not count, or delete their rows. In the others, take the line off the text."
        )
        found = named([grid.origin(n, k).cell for n, k, _ in struck])
        yield STRUCK_OUT(message, grid.origin(*struck[0][:2]), found=found, action=action, data={"cells": len(struck)})
    said = [one for one in said if one[0] >= len(grid.rows) or grid.rows[one[0]]]  # headings below a title are emptied
    if said:
        message = say("{count} cells bear comments, which no report shows", count=len(said))
        action = say("Write what the verifier should know into the column Comment of the row.")
        found = named([f"{grid.origin(n, k).cell}: {text}" for n, k, text in said], "; ", most=3)
        yield CELL_COMMENTS(message, grid.origin(*said[0][:2]), found=found, action=action, data={"cells": len(said)})


def _tree(data: bytes) -> ElementTree.Element | None:
    """A part as a tree; None for one that is not there, cannot be read or is too large: values do not rest on it."""
    try:
        return ElementTree.fromstring(data) if 0 < len(data) <= _LARGEST else None
    except (ElementTree.ParseError, LookupError, ValueError):
        return None


def _children(tree: ElementTree.Element | None, name: str) -> Iterator[ElementTree.Element]:
    """The elements within the first one of a name."""
    for one in tree if tree is not None else ():
        if one.tag.rsplit("}", 1)[-1] == name:
            yield from one


def _is_struck(element: ElementTree.Element) -> bool:
    return element.tag.rsplit("}", 1)[-1] == "strike" and element.get("val", "1") not in ("0", "false")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else -1
