"""A workbook report as a stranger's file: its cells with formula, cached value and looks, and what it must not hold."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from posixpath import normpath
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from jcm_mrv.errors import UnsafeFileError
from jcm_mrv.guard import reading
from jcm_mrv.words import say
from jcm_mrv.workbook.unpacking import PackageError, unpack

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Functions and references that reach outside the workbook, or may do more than compute.
_REACHING = re.compile(
    r"\b(WEBSERVICE|HYPERLINK|IMAGE|RTD|DDE|CALL|REGISTER(\.ID)?|EXEC|FILTERXML|SQL\.REQUEST|CUBE\w+|STOCKHISTORY)\s*\("
    r"|\[[^\[\]]+\][^\s\[\]]{0,255}!|\|'?[^|]*'?!|(file|https?|ftp|smb):|\\\\",
    re.IGNORECASE,
)
_OUTSIDE = (
    "xl/externalLinks/", "xl/connections", "xl/queryTables/", "xl/macrosheets/", "xl/embeddings/", "xl/ctrlProps/",
    "xl/activeX/", "xl/webextensions/", "customXml/",
)  # fmt: skip


@dataclass(frozen=True)
class CellRead:
    """A cell: its formula ('' where a value was written), its cached or written value, and the number of its style."""

    formula: str
    value: str | float | bool
    style: str


@dataclass(frozen=True)
class SheetRead:
    """A sheet: its cells by address, and everything else of it by what it is (hidden rows, widths, merged cells)."""

    cells: Mapping[str, CellRead]
    rest: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Book:
    """A workbook's parts by name; sheets are read when they are asked for."""

    name: str
    parts: Mapping[str, bytes]
    names: frozenset[str]

    @cached_property
    def sheets(self) -> dict[str, SheetRead]:
        """Every sheet by its name. Raises UnsafeFileError."""
        with reading(
            lambda said: UnsafeFileError(say("{name}: its sheets cannot be read: {said}", name=self.name, said=said))
        ):
            texts = _shared(self.parts)
            return {title: _sheet(self.parts[part], texts, state) for title, part, state in _places(self.parts)}

    @property
    def formulas(self) -> int:
        """How many cells compute."""
        return sum(bool(cell.formula) for sheet in self.sheets.values() for cell in sheet.cells.values())

    @property
    def numbers(self) -> int:
        """How many cells show a number."""
        return sum(isinstance(cell.value, float) for sheet in self.sheets.values() for cell in sheet.cells.values())


def read_book(content: bytes, name: str) -> Book:
    """The parts of a workbook. Raises UnsafeFileError for what is no .xlsx, damaged, or too large when unpacked."""
    try:
        parts = unpack(content, name)
    except PackageError as error:
        raise UnsafeFileError(
            say(
                "{name}: {message}; found: {found}", name=name, message=error.finding.message, found=error.finding.found
            )
        ) from error
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return Book(name, parts, frozenset(archive.namelist()))


def reaching_out(book: Book) -> Iterator[tuple[str, str]]:
    """What in a workbook leads outside it or does more than compute: place and reason. Such a workbook is not run."""
    for part in sorted(book.names):
        if part.startswith(_OUTSIDE) or part.endswith(".bin"):
            yield part, say("it holds macros, or leads to other files")
    for part, data in book.parts.items():
        if part.endswith(".rels") and b'TargetMode="External"' in data:
            yield part, say("it leads to another file or address")
    for title, sheet in book.sheets.items():
        for address, cell in sheet.cells.items():
            if _REACHING.search(re.sub(r'"[^"]*"', '""', cell.formula)):
                yield (
                    f"{title}!{address}",
                    say("its formula reaches outside the workbook: {formula}", formula=cell.formula[:100]),
                )
    for text in re.findall(rb"<definedName[^>]*>([^<]*)<", book.parts.get("xl/workbook.xml", b"")):
        if _REACHING.search(text.decode("utf-8", "replace")):
            yield "xl/workbook.xml", say("a defined name leads outside the workbook")


def _places(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    """Title, part and state of each sheet."""
    rels = fromstring(parts["xl/_rels/workbook.xml.rels"])
    target = {rel.get("Id"): rel.get("Target", "") for rel in rels}
    for sheet in fromstring(parts["xl/workbook.xml"]).iter(f"{_NS}sheet"):
        path = target[sheet.get(_REL)]
        yield (
            sheet.get("name", ""),
            path.lstrip("/") if path.startswith("/") else normpath(f"xl/{path}"),
            str(sheet.get("state", "visible")),
        )


def _shared(parts: Mapping[str, bytes]) -> list[str]:
    if "xl/sharedStrings.xml" not in parts:
        return []
    root = fromstring(parts["xl/sharedStrings.xml"])
    return ["".join(t.text or "" for t in item.iter(f"{_NS}t")) for item in root.iter(f"{_NS}si")]


def _sheet(data: bytes, texts: list[str], state: str) -> SheetRead:
    cells: dict[str, CellRead] = {}
    rest = {"visibility": state}
    for part in fromstring(data):
        if part.tag != f"{_NS}sheetData":
            name = part.tag.removeprefix(_NS)
            rest[name] = rest.get(name, "") + _flat(part)
            continue
        for row in part:
            if row.get("hidden") or row.get("ht"):
                rest[f"row {row.get('r')}"] = (
                    say("hidden") if row.get("hidden") in ("1", "true") else say("{get} high", get=row.get("ht"))
                )
            for cell in row:
                cells[cell.get("r", "")] = _cell(cell, texts)
    return SheetRead(cells, rest)


def _flat(element: Element) -> str:
    inner = "".join(_flat(child) for child in element)
    return f"<{element.tag.removeprefix(_NS)}{sorted(element.attrib.items())}{element.text or ''}{inner}>"


def _cell(cell: Element, texts: list[str]) -> CellRead:
    kind, formula, raw = cell.get("t", "n"), "", None
    for part in cell:
        if part.tag == f"{_NS}f":
            formula = part.text or f"({part.get('t', '')} {part.get('si', '')})"
        elif part.tag == f"{_NS}v":
            raw = part.text
        elif part.tag == f"{_NS}is":
            raw = "".join(t.text or "" for t in part.iter(f"{_NS}t"))
    return CellRead(formula, _value(kind, raw, texts), cell.get("s", "0"))


def _value(kind: str, raw: str | None, texts: list[str]) -> str | float | bool:
    if raw is None:
        return ""
    if kind == "s":
        return texts[int(raw)]
    if kind == "b":
        return raw == "1"
    return float(raw) if kind == "n" else raw
