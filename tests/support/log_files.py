"""Logs that are no plain table, made of values: NEM12, Green Button, .ods; for tests and for the fuzzing run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import escape

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def nem12(values: Sequence[str], first: datetime, minutes: int, unit: str, quality: str = "A") -> str:
    """A register 6000000001 E1; ``first`` is a midnight, and the values fill whole days."""
    per_day = 1440 // minutes
    lines = ["100,NEM12,202403010101,MDP1,RETL", f"200,6000000001,E1,001,E1,N1,METER1,{unit},{minutes},20240401"]
    for n in range(0, len(values), per_day):
        day = first + timedelta(minutes=n * minutes)
        lines.append(",".join([f"300,{day:%Y%m%d}", *values[n : n + per_day], quality, "", "", "20240301000000", ""]))
    return "\r\n".join([*lines, "900", ""])


def green_button(values: Sequence[str], first: datetime, hours_ahead: int, *, uom: str = "72", power: str = "0") -> str:
    """Hours from ``first`` on, a local time so many hours ahead of UTC."""
    start = int(first.replace(tzinfo=timezone(timedelta(hours=hours_ahead))).timestamp())
    readings = "".join(
        f"<IntervalReading><timePeriod><duration>3600</duration><start>{start + 3600 * n}</start></timePeriod>"
        f"<value>{escape(value)}</value></IntervalReading>"
        for n, value in enumerate(values)
    )
    kind = f"<flowDirection>1</flowDirection><powerOfTenMultiplier>{power}</powerOfTenMultiplier><uom>{uom}</uom>"
    content = (
        f'<entry><content><ReadingType xmlns="http://naesb.org/espi">{kind}</ReadingType></content></entry>'
        f'<entry><content><IntervalBlock xmlns="http://naesb.org/espi">{readings}</IntervalBlock></content></entry>'
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{content}</feed>'


def text_cell(words: str, attributes: str = "") -> str:
    """A cell of text of an .ods."""
    inside = f"<text:p>{escape(words)}</text:p>"
    return f'<table:table-cell office:value-type="string" {attributes}>{inside}</table:table-cell>'


def number_cell(value: float, attributes: str = "") -> str:
    """A cell with a number of an .ods."""
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}" {attributes}><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def row_of(*cells: str, attributes: str = "") -> str:
    """A row of an .ods."""
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def ods(rows: Sequence[str], manifest: str = "<manifest/>", before: str = "", title: str = "Data") -> bytes:
    """A spreadsheet of one sheet."""
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content {NAMES}><office:body><office:spreadsheet>'
        f'<table:table table:name="{title}">{"".join(rows)}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        book.writestr("META-INF/manifest.xml", manifest)
        book.writestr("content.xml", content)
    return packed.getvalue()
