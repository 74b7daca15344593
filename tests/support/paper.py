"""What stands where on the pages of a PDF: how far each is filled, and what its pages begin and end with.

Everything is read from the PDF: text with its place, and the tags that say what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject

from jcm_mrv.reporting.document.pdf import report_pdf
from support import results

TOP, BOTTOM = 297 - 24, 22
"""Of the text area of a page [mm from its lower edge]."""
_POINT = 25.4 / 72
_HEADS = {"/H1", "/H2", "/H3", "/Caption", "/THead"}


@dataclass
class Page:
    """``fill`` is the share of the text area down to the lowest text, ``ends`` the tags around what stands last.

    ``carried`` is the number of rows of a table that goes on at the top of the page, None where none does.
    """

    fill: float = 0.0
    ends: tuple[str, ...] = ()
    carried: int | None = None


@cache
def reader(name: str, lang: str = "en") -> PdfReader:
    """The report of one of the results of the tests, printed once."""
    return PdfReader(BytesIO(report_pdf(getattr(results, name)(), lang)))


def pages_of(reader: PdfReader) -> list[Page]:
    """Every page of a PDF of ours."""
    pages = [Page(fill=_fill(page)) for page in reader.pages]
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages) if page.indirect_reference}
    seen: set[int] = set()
    root: Any = reader.root_object["/StructTreeRoot"]
    for kid in root["/K"]:
        for page, tags, rows in _leaves(kid.get_object(), (), numbers, 0):
            first, pages[page].ends = page not in seen, tags
            seen.add(page)
            if first and page and "/Table" in tags and "/Caption" not in tags and "/Table" in pages[page - 1].ends:
                pages[page].carried = rows
    return pages


def _fill(page: Any) -> float:
    lowest = float(TOP)

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        nonlocal lowest
        height = (tm[4] * cm[1] + tm[5] * cm[3] + cm[5]) * _POINT
        if text.strip() and BOTTOM < height < TOP:
            lowest = min(lowest, height)

    page.extract_text(visitor_text=visit)
    return (TOP - lowest) / (TOP - BOTTOM)


def _leaves(
    element: Any, above: tuple[str, ...], numbers: dict[int, int], rows: int
) -> Iterator[tuple[int, tuple[str, ...], int]]:
    """The marked contents in the order of reading: page, tags from the outside, rows of the table around it."""
    tags = (*above, str(element.get("/S")))
    rows = _body_rows(element) if tags[-1] == "/Table" else rows
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        one = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(one, int):
            yield numbers[element.raw_get("/Pg").idnum], tags, rows
        elif "/S" in one:
            yield from _leaves(one, tags, numbers, rows)


def _body_rows(table: Any) -> int:
    kids = [kid.get_object() for kid in table["/K"]]
    return sum(len(kid["/K"]) for kid in kids if kid.get("/S") == "/TBody")


def faults(reader: PdfReader, least: float = 1 / 3) -> list[str]:
    """What is wrong with the layout, in words."""
    found: list[str] = []
    pages = pages_of(reader)
    for n, page in enumerate(pages, 1):
        last = n == len(pages)
        if page.fill < least and not last:
            found.append(f"page {n} is filled to {page.fill:.0%} only")
        if not last and _HEADS & set(page.ends):
            found.append(f"page {n} ends with a heading: {' '.join(page.ends)}")
        if page.carried == 1:
            found.append(f"page {n} begins with the last row of a table")
    return found
