"""Values written into the cells of an .xlsx, with everything else in it as it was.

A library that reads a workbook and writes it anew loses drop-downs, drawings
or protection that it does not know. Here the cells' own elements in the
sheets' XML are changed; every other element, and every other part byte for
byte, stays.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.limits import number_fault
from jcm_mrv.official.reading import Value
from jcm_mrv.official.terms import Amount, Cells
from jcm_mrv.origin import column_and_row
from jcm_mrv.words import say
from jcm_mrv.workbook.scan import column_letters, column_number, sheet_parts
from jcm_mrv.workbook.unpacking import unpack

_BOOK = "xl/workbook.xml"
_AFTER_CALC = ("oleSize", "customWorkbookViews", "pivotCaches", "webPublishing", "fileRecoveryPr", "webPublishObjects")
_ERRORS = re.compile(r"#(N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)")
_BOOLEANS = {"=TRUE()": "1", "=FALSE()": "0"}


class NoCellError(JcmMrvError, LookupError):
    """A place to be written to is no cell."""


def with_values(content: bytes, file: str, written: Mapping[str, Mapping[str, Amount]], computed: Cells) -> bytes:
    """The workbook with ``written`` values by sheet and cell, and ``computed`` ones shown by its formulas.

    An empty text empties a cell. A formula without a computed value shows
    none until it is recalculated, which spreadsheet programs do when they
    open the file. A sheet in which nothing changes stays byte for byte.
    Raises PackageError for what is no sound workbook, and NoCellError for a
    place that is no cell.
    """
    parts = unpack(content, file)
    changed = {_BOOK: _recalculated_on_opening(parts[_BOOK])}
    for title, part in sheet_parts(parts, file).items():
        if part in parts:
            changed[part] = _sheet(parts[part], written.get(title, {}), computed.get(title, {}))
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(output, "w") as made:
        for info in given.infolist():
            made.writestr(info, changed.get(info.filename) or given.read(info))
    return output.getvalue()


def _tree(data: bytes) -> Any:
    """The root element. The part was looked at by ``unpack``: it declares no document type."""
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False))


def _bytes(root: Any) -> bytes:
    from lxml import etree

    made: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def _named(root: Any, name: str) -> Iterator[Any]:
    return iter(root.iter(f"{{{root.nsmap[root.prefix]}}}{name}"))


def _recalculated_on_opening(data: bytes) -> bytes:
    root = _tree(data)
    calc = next(_named(root, "calcPr"), None)
    if calc is None:
        calc = root.makeelement(f"{{{root.nsmap[root.prefix]}}}calcPr")
        after = (n for n, child in enumerate(root) if str(child.tag).rpartition("}")[2] in (*_AFTER_CALC, "extLst"))
        root.insert(next(after, len(root)), calc)
    calc.set("fullCalcOnLoad", "1")
    return _bytes(root)


def _sheet(data: bytes, written: Mapping[str, Amount], computed: Mapping[str, Value]) -> bytes:
    root = _tree(data)
    cells = dict(_placed(root))
    formulas = _computed(cells)
    if not written and not formulas:
        return data
    for name, value in written.items():
        if name in cells or value != "":
            _enter(cells[name] if name in cells else _made(root, name), value)
    for name in formulas:
        _show(cells[name], computed.get(name))
    return _bytes(root)


def _placed(root: Any) -> Iterator[tuple[str, Any]]:
    """The cells by their place; where one does not say it, as some exporters write it, it follows the one before."""
    number = 0
    for row in _named(root, "row"):
        number = int(row.get("r") or number + 1)
        row.set("r", str(number))
        column = 0
        for cell in _named(row, "c"):
            place = cell.get("r")
            column = _column_and_row(place)[0] if place else column + 1
            cell.set("r", f"{column_letters(column)}{number}")
            yield cell.get("r"), cell


def _computed(cells: Mapping[str, Any]) -> frozenset[str]:
    """The cells that show what a formula computes: their own one, or one of an array that extends over them."""
    found: set[str] = set()
    spread: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for name, cell in cells.items():
        for formula in (child for child in cell if str(child.tag).endswith("}f")):
            found.add(name)
            first, _, last = str(formula.get("ref") or "").partition(":")
            if last and formula.get("t") in ("array", "dataTable"):
                spread.append((_column_and_row(first), _column_and_row(last)))
    for name in cells if spread else ():
        column, row = _column_and_row(name)
        found |= {name for (left, top), (right, low) in spread if left <= column <= right and top <= row <= low}
    return frozenset(found)


def _made(root: Any, name: str) -> Any:
    """A cell that the sheet leaves out as it is blank and has no format, in its place among the others."""
    letters, number = _column_and_row(name)
    rows = next(_named(root, "sheetData"))
    row = _among(rows, "row", str(number), lambda one: int(one.get("r", 0)) > number)
    row.attrib.pop("spans", None)  # it says, as a hint alone, which columns are filled
    return _among(row, "c", name, lambda one: _column_and_row(one.get("r"))[0] > letters)


def _among(parent: Any, name: str, place: str, behind: Callable[[Any], bool]) -> Any:
    """The child of that place, made before the first that comes behind it where it is not there."""
    for child in parent:
        if child.get("r") == place:
            return child
    made = parent.makeelement(str(parent.tag).rpartition("}")[0] + "}" + name)
    made.set("r", place)
    parent.insert(next((n for n, child in enumerate(parent) if behind(child)), len(parent)), made)
    return made


def _column_and_row(place: str) -> tuple[int, int]:
    """Column and row of a cell, counted from 1. Raises NoCellError."""
    found = column_and_row(place)
    if found is None:
        raise NoCellError(say("{place} is no cell", place=place))
    return column_number(found[0]), found[1]


def _emptied(cell: Any) -> str:
    """Take the content out of a cell, but for its formula; the namespace of its elements."""
    cell.attrib.pop("t", None)
    for child in list(cell):
        if not str(child.tag).endswith("}f"):
            cell.remove(child)
    return str(cell.tag).removesuffix("c")


def _enter(cell: Any, value: Amount) -> None:
    """A number, or text, which no program takes for a formula."""
    space = _emptied(cell)
    if isinstance(value, float):
        if fault := number_fault(value):
            raise ValueError(f"{value} cannot be written into a cell: {fault}")
        _add(cell, f"{space}v", repr(value))
    elif value:
        cell.set("t", "inlineStr")
        _add(_add(cell, f"{space}is", None), f"{space}t", value)


def _show(cell: Any, value: Value) -> None:
    """What a formula has computed."""
    space = _emptied(cell)
    if value is None:
        return
    if isinstance(value, float):
        text = repr(value)
    elif value in _BOOLEANS:
        text = _BOOLEANS[value]
        cell.set("t", "b")
    else:
        text = value
        cell.set("t", "e" if _ERRORS.fullmatch(value) else "str")
    _add(cell, f"{space}v", text)


def _add(parent: Any, tag: str, text: str | None) -> Any:
    child = parent.makeelement(tag)
    child.text = text
    parent.append(child)
    return child
