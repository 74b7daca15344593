"""What a fast reader does not tell: error cells, formulas never calculated, merged and hidden cells.

python-calamine returns an empty text for ``#DIV/0!``, and the same for the
cells behind a merge. The sheets' own XML is searched for these.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import join, normpath
from xml.etree import ElementTree

import numpy as np

from jcm_mrv.arrays import Ordinals
from jcm_mrv.limits import whole_number
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.bulk import Cells, Places, cells_at_once, places_of
from jcm_mrv.workbook.unpacking import DAMAGED, TOO_LARGE, UNSAFE_XML, PackageError

MAX_CELLS = 20_000_000  # rows times columns of all sheets that are read, as a reader lays them out
MAX_TEXT = 500_000_000  # bytes of text when every reference to a shared text is written out
MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576  # of a sheet of Excel
_MOST_TEXTS = 2**31  # shared texts of a workbook
MAX_LIST = 5_000_000  # bytes of the list of sheets, which is parsed as a tree

_SAVE_ANEW = say("Open the file in Excel or LibreOffice and save it.")


@dataclass(frozen=True)
class SheetScan:
    """One sheet: its title, and what stands in its XML beside the values."""

    title: str
    hidden: bool = False
    error_cells: tuple[tuple[str, str], ...] = ()
    uncalculated: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[tuple[int, int], ...] = ()


def scan_sheets(parts: dict[str, bytes], wanted: set[str], file: str) -> dict[str, SheetScan]:
    """Every sheet by title, in order; only those of ``wanted`` titles are looked into.

    Raises PackageError when a sheet would unfold to too many cells.
    """
    workbook = _tree(parts, "xl/workbook.xml", file)
    stale = any(_local(e.tag) == "calcPr" and e.get("fullCalcOnLoad") in ("1", "true") for e in workbook.iter())
    found: dict[str, SheetScan] = {}
    room = _Room()
    for element, part in _sheets(parts, file):
        title = element.get("name", "")
        hidden = element.get("state", "visible") != "visible"
        data = parts.get(part)
        if title not in wanted:
            found[title] = SheetScan(title, hidden)
        elif data is None:
            message = say("the sheet {title} is listed in the workbook but is not in the file", title=title)
            raise PackageError(DAMAGED(message, Origin(file=file, sheet=title), action=say("Copy the file again.")))
        else:
            data = with_places(data)
            room.take(data, parts.get("xl/sharedStrings.xml", b""), Origin(file=file, sheet=title))
            found[title] = _scan(title, hidden, data, stale, Origin(file=file, sheet=title))
    return found


def sheet_titles(parts: dict[str, bytes], file: str) -> list[str]:
    """The titles of all sheets, in order."""
    tree = _tree(parts, "xl/workbook.xml", file)
    return [element.get("name", "") for element in tree.iter() if _local(element.tag) == "sheet"]


def sheet_parts(parts: dict[str, bytes], file: str) -> dict[str, str]:
    """The name of each sheet's part by its title, in order; an empty name where the list of sheets leads nowhere."""
    return {element.get("name", ""): part for element, part in _sheets(parts, file)}


def _sheets(parts: dict[str, bytes], file: str) -> Iterator[tuple[ElementTree.Element, str]]:
    """The elements of the list of sheets, each with the name of its part."""
    targets = _targets(parts, file)
    for element in _tree(parts, "xl/workbook.xml", file).iter():
        if _local(element.tag) == "sheet":
            link = next((v for k, v in element.attrib.items() if _local(k) == "id" and k != "id"), "")
            yield element, targets.get(link, "")


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _tree(parts: dict[str, bytes], name: str, file: str) -> ElementTree.Element:
    if len(parts.get(name, b"")) > MAX_LIST:
        message = say(
            "the part {name} of the workbook is larger than {max_list} MB", name=name, max_list=MAX_LIST // 1000000
        )
        raise PackageError(
            TOO_LARGE(message, Origin(file=file), action=say("Take a new template and copy the data over."))
        )
    try:
        return ElementTree.fromstring(parts[name])
    except (KeyError, ElementTree.ParseError, LookupError, ValueError) as error:  # the last two: of an encoding
        message = say("the part {name} of the workbook cannot be read", name=name)
        raise PackageError(
            DAMAGED(message, Origin(file=file), found=str(error), action=say("Copy the file again."))
        ) from error


def _targets(parts: dict[str, bytes], file: str) -> dict[str, str]:
    links = {}
    for element in _tree(parts, "xl/_rels/workbook.xml.rels", file):
        target = element.get("Target", "")
        name = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        links[element.get("Id", "")] = name
    return links


PREFIX = rb"(?:[^\s<>/:='\"]+:)?"  # a namespace prefix
_CELL_TAG = re.compile(rb"<" + PREFIX + rb"c[\s/>]")
# The attributes before it are walked one by one, so that none of them can hold what looks like the place of a cell.
_CELL_REF = re.compile(
    rb"<" + PREFIX + rb"c(?:\s+[\w:.-]+=(?:\"[^<>\"]*\"|'[^<>']*'))*?" + rb'\s+r="([A-Z]{1,3})([0-9]+)"'
)
_ROW_REF = re.compile(rb"<" + PREFIX + rb'row\s(?:[^<>]*?\s)?r="([0-9]+)"')
_CELL = re.compile(rb"<" + PREFIX + rb"c\s([^<>]*[^<>/])>(.*?)</" + PREFIX + rb"c>", re.DOTALL)
_REF = re.compile(rb'(?:^|\s)r="([A-Z]+[0-9]+)"')
_ERROR = re.compile(rb"""\st=["']e["']""")
_TEXT = re.compile(rb"""\st=["']str["']""")
_FORMULA = re.compile(rb"<" + PREFIX + rb"f[\s/>]")
_VALUE = re.compile(rb"<" + PREFIX + rb"v(?:\s[^<>]*)?>([^<]*)</")
_MERGE = re.compile(rb"<" + PREFIX + rb'mergeCell\s[^<>]*?ref="([A-Z0-9:]+)"')
_MERGED = re.compile(rb"[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?")
_HIDDEN_ROW = re.compile(rb"<" + PREFIX + rb'row\s(?=[^<>]*\shidden="(?:1|true)")[^<>]*?\br="([0-9]+)"')
_HIDDEN_COLUMN = re.compile(rb"<" + PREFIX + rb'col\s(?=[^<>]*\bhidden="(?:1|true)")[^<>]*>')
_MIN_MAX = re.compile(rb'\b(min|max)="([0-9]+)"')
_SHARED_CELL = re.compile(rb"<" + PREFIX + rb"c\s(?=[^<>]*\bt=[\"']s[\"'])[^<>]*>\s*<" + PREFIX + rb"v>([0-9]+)<")
_SHARED_END = re.compile(rb"</" + PREFIX + rb"si>")


def column_number(letters: str) -> int:
    """A as 1, Z as 26, AA as 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 as A, 27 as AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_ROW_OR_CELL = re.compile(rb"<(" + PREFIX + rb")(row|c)(?=[\s/>])([^<>]*)")
_OF_ROW = re.compile(rb"""\sr=["']([0-9]{1,7})["']""")


def with_places(data: bytes) -> bytes:
    """A sheet of which no cell says where it stands, as some exporters write it, with the places that follow.

    Cells follow each other from column A, rows from 1 or from their own number. A sheet that names some places and
    not others stays as it is: it is refused later.
    """
    if b"<" not in data or not _CELL_TAG.search(data) or _CELL_REF.search(data):
        return data
    row, column = 0, 0

    def placed(tag: re.Match[bytes]) -> bytes:
        nonlocal row, column
        prefix, name, rest = tag.groups()
        if name == b"row":
            own = _OF_ROW.search(rest)
            row, column = int(own[1]) if own else row + 1, 0
            return tag[0] if own else b'<%brow r="%d"%b' % (prefix, row, rest)
        column += 1
        return b'<%bc r="%b%d"%b' % (prefix, column_letters(column).encode(), row, rest)

    return _ROW_OR_CELL.sub(placed, data)


def _row_number(digits: bytes, where: Origin) -> int:
    number = whole_number(digits, MOST_ROWS)
    if not number:
        message = say("the sheet names a row that is none of the {most_rows:,} rows of a sheet", most_rows=MOST_ROWS)
        raise PackageError(UNSAFE_XML(message, where, found=digits[:20].decode(), action=_SAVE_ANEW))
    return number


class _Room:
    """How much may still be laid out; what a reader would unfold into more than fits in memory is refused."""

    def __init__(self) -> None:
        self.cells, self.text = MAX_CELLS, MAX_TEXT

    def take(self, data: bytes, shared: bytes, where: Origin) -> None:
        """Measure a sheet. Raises PackageError when there is no room for it."""
        cells = cells_at_once(data)
        if cells is None or cells.height > MOST_ROWS:
            cells = cells_by_tag(data, where)
        if not cells.count:
            return
        self.cells -= cells.width * cells.height
        if self.cells < 0:
            message = say("the sheets unfold to more than {max_cells} million cells", max_cells=MAX_CELLS // 1000000)
            action = say("Delete stray cells far to the right or below; put long series into .csv files (sheet Logs).")
            found = say("{height:,} rows, {width:,} columns", height=cells.height, width=cells.width)
            raise PackageError(TOO_LARGE(message, where, found=found, action=action))
        self._take_text(cells.texts, shared, where)

    def _take_text(self, texts: Ordinals | Places, shared: bytes, where: Origin) -> None:
        lengths = np.array([len(item) for item in _SHARED_END.split(shared)], dtype=np.int64)
        self.text -= int(lengths[texts[texts < len(lengths)]].sum())
        if self.text < 0:
            message = say("the texts of the sheets unfold to more than {max_text} MB", max_text=MAX_TEXT // 1000000)
            raise PackageError(TOO_LARGE(message, where, action=say("Shorten the long texts that are repeated.")))


def cells_by_tag(data: bytes, where: Origin) -> Cells:
    """What the cells of a sheet say of themselves, looked at one by one.

    Raises PackageError where a cell does not say where it stands, or a row is none of a sheet.
    """
    letters: set[bytes] = set()
    numbers = set(_ROW_REF.findall(data))
    count = 0
    for count, place in enumerate(_CELL_REF.finditer(data), 1):  # noqa: B007 - counted as they go by
        letters.add(place[1])
        numbers.add(place[2])
    if count != len(_CELL_TAG.findall(data)):
        message = say("the cells of the sheet do not say where they stand")
        raise PackageError(UNSAFE_XML(message, where, action=_SAVE_ANEW))
    width = max((column_number(one.decode()) for one in letters), default=0)
    height = max((_row_number(row, where) for row in numbers), default=0) if count else 0
    texts = (whole_number(n, _MOST_TEXTS) for n in _SHARED_CELL.findall(data))
    return Cells(count, width, height, np.array([n for n in texts if n is not None], dtype=np.int64))


def _scan(title: str, hidden: bool, data: bytes, stale: bool, where: Origin) -> SheetScan:
    error_cells: list[tuple[str, str]] = []
    uncalculated: list[str] = []
    formulas: list[str] = []
    for cell in _suspects(data):
        _look(cell[1], cell[2], stale, error_cells, uncalculated, formulas)
    hides = bool(places_of(data, b"hidden="))
    return SheetScan(
        title,
        hidden,
        tuple(error_cells),
        tuple(uncalculated),
        tuple(formulas),
        tuple(_merged(ref, where) for ref in (_MERGE.findall(data) if places_of(data, b"mergeCell") else ())),
        tuple(_row_number(n, where) for n in (_HIDDEN_ROW.findall(data) if hides else ())),
        tuple(_range(tag, where) for tag in (_HIDDEN_COLUMN.findall(data) if hides else ())),
    )


def _suspects(data: bytes) -> Iterator[re.Match[bytes]]:
    """The cells that may hold an error or a formula."""
    found = [*places_of(data, b'="e"', 2), *places_of(data, b"='e'", 2)]
    found += [place for place in places_of(data, b"<f") if _FORMULA.match(data, place)]
    found += [match.start() for match in _FORMULA.finditer(data)] if places_of(data, b":f") else []
    if not found:
        return
    ends = [*(tag.start() for tag in _CELL_TAG.finditer(data)), len(data)]
    for n in sorted({bisect_right(ends, place) for place in found} - {0}):
        # Cell by cell: a search that may run to the end of the sheet from each cell would take forever.
        if cell := _CELL.match(data, ends[n - 1], ends[n]):
            yield cell


def _merged(ref: bytes, where: Origin) -> str:
    if not _MERGED.fullmatch(ref):
        message = say("the sheet merges a range that no sheet has")
        raise PackageError(UNSAFE_XML(message, where, found=ref[:20].decode(), action=_SAVE_ANEW))
    return ref.decode()


def _look(
    tag: bytes,
    inside: bytes,
    stale: bool,
    error_cells: list[tuple[str, str]],
    uncalculated: list[str],
    formulas: list[str],
) -> None:
    is_error, is_formula = _ERROR.search(tag), _FORMULA.search(inside)
    if not is_error and not is_formula:
        return
    place = _REF.search(tag)
    ref = place[1].decode() if place else ""
    value = _VALUE.search(inside)
    text = value[1].decode("utf-8", "replace") if value else ""
    if is_error:
        error_cells.append((ref, text or "error"))
    elif stale or not (text or (value and _TEXT.search(tag))):
        uncalculated.append(ref)
    else:
        formulas.append(ref)


def _range(tag: bytes, where: Origin) -> tuple[int, int]:
    ends = {name: whole_number(number, MOST_COLUMNS) for name, number in _MIN_MAX.findall(tag)}
    first, last = ends.get(b"min"), ends.get(b"max")
    if not first or not last:
        message = say(
            "the sheet hides columns that are none of the {most_columns:,} columns of a sheet",
            most_columns=MOST_COLUMNS,
        )
        raise PackageError(UNSAFE_XML(message, where, found=tag[:60].decode("utf-8", "replace"), action=_SAVE_ANEW))
    return first, last
