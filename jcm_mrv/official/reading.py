"""Reading an official spreadsheet: the tables of MPS(input) or MRS(input), and the lines of the calc_process.

MPS is the monitoring plan sheet that a methodology is published with, MRS the
monitoring report sheet that the participants fill in for each period.

The file comes from a stranger. It is unpacked under limits first, and what is
recalculated later is a plain copy of its values and formulas: no macros, links,
drawings or objects, and no formula that fetches something from outside.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from jcm_mrv.findings import Code, Finding, InputRefusedError, Severity
from jcm_mrv.guard import reading
from jcm_mrv.official.headings import INPUT_HEADS, NEEDED, PROCESS_HEADS, TITLE_PARTS, folded, headings, ways
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.scan import scan_sheets, sheet_titles
from jcm_mrv.workbook.unpacking import DAMAGED, NOT_FOUND, PackageError, unpack

if TYPE_CHECKING:
    from openpyxl import Workbook

LAYOUT = Code("spreadsheet.layout", Severity.ERROR, "A methodology spreadsheet has not the layout of the MPS.")
UNSAFE = Code(
    "spreadsheet.unsafe_formula", Severity.ERROR, "A formula of the spreadsheet could reach outside the file."
)


class Form(StrEnum):
    """Which of the official forms: the plan, or the report of a period."""

    PLAN = "MPS"
    REPORT = "MRS"

    @property
    def input(self) -> str:
        """The sheet with Table 1 and Table 2."""
        return f"{self.value}(input)"

    @property
    def process(self) -> str:
        """The sheet that calculates."""
        return f"{self.value}(calc_process)"

    @property
    def values(self) -> str:
        """The heading of the values in Table 1."""
        return "Estimated Values" if self is Form.PLAN else "Monitored Values"


_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
MAX_BYTES = 30_000_000
MAX_GRID = 1_000_000  # rows times columns of all sheets, as they are laid out in memory
_TABLES = {"table 1": "monitored", "table 2": "fixed"}
_DEFAULTS = "list of default values"
_OUTSIDE = re.compile(
    r"\b(WEBSERVICE|FILTERXML|RTD|DDE|CALL|REGISTER\.ID|EVALUATE|EXEC|INDIRECT|IMAGE)\s*\(|://|file:", re.IGNORECASE
)
_OTHER_BOOK = re.compile(r"[\[|]")  # [1]Sheet!A1, or program|topic!item, outside of text in quotes
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_REFERENCE = re.compile(r"='?([^'!]+)'?!\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
Value = str | float | None
Place = tuple[str, str]
"""A sheet, and a cell of it."""
Columns = Mapping[str, int]
DropDowns = tuple[tuple[str, str], ...]
Read = tuple[dict[str, dict[str, Value]], dict[str, str], dict[str, dict[str, str]], dict[str, DropDowns]]


@dataclass(frozen=True)
class Line:
    """One line of a table: ``value`` as it stands in ``cell`` (a formula begins with ``=``).

    ``period_cell`` is the cell of its monitoring period, in Table 1 of a report.
    """

    sheet: str
    cell: str
    symbol: str
    label: str
    value: Value
    unit: str
    fuel: str = ""
    period_cell: str = ""

    @property
    def place(self) -> Place:
        """Sheet and cell of the value."""
        return self.sheet, self.cell

    @property
    def where(self) -> str:
        """``MPS(input)!D6``."""
        return f"{self.sheet}!{self.cell}"

    @property
    def is_formula(self) -> bool:
        """Whether the cell computes its value."""
        return isinstance(self.value, str) and self.value.startswith("=")


@dataclass(frozen=True)
class Spreadsheet:
    """A spreadsheet as read: Table 1, Table 2, the lines of the calculation, the list of default values.

    ``cells`` are the values and formulas of every sheet, ``names`` the defined
    names, ``arrays`` the ranges of array formulas: all that a recalculation
    needs. ``drop_downs`` are ranges of each sheet and what they offer.
    """

    file: str
    sha256: str
    monitored: tuple[Line, ...]
    fixed: tuple[Line, ...]
    process: tuple[Line, ...]
    defaults: tuple[Line, ...]
    cells: Mapping[str, Mapping[str, Value]]
    names: Mapping[str, str]
    arrays: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    form: Form = Form.PLAN
    drop_downs: Mapping[str, DropDowns] = field(default_factory=dict)


def read_spreadsheet(path: Path, form: Form = Form.PLAN) -> Spreadsheet:
    """Read a spreadsheet in the layout of one of the official forms (see :func:`spreadsheet_of`)."""
    return spreadsheet_of(content_of(path), path.name, form)


def content_of(path: Path) -> bytes:
    """The bytes of a spreadsheet. Raises PackageError for a file that cannot be opened, or is far too large."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        found = NOT_FOUND(say("the spreadsheet cannot be opened"), Origin(file=path.name), found=error.strerror or "")
        raise PackageError(found) from error
    if len(content) > MAX_BYTES:
        raise _too_large(path.name)
    return content


def spreadsheet_of(content: bytes, file: str, form: Form = Form.PLAN) -> Spreadsheet:
    """The tables and lines of a spreadsheet in the layout of one of the official forms.

    Raises PackageError for a file that is no sound workbook, and
    InputRefusedError with every reason for one in another layout or with a
    formula that could reach outside the file.
    """
    with reading(lambda found: _unreadable(file, found)):
        cells, names, arrays, drop_downs = _cells(content, file)
    findings = [*_unsafe({**cells, "": {name: f"={text}" for name, text in names.items()}}, file)]
    findings += _without_sheets(file, form, list(cells))
    if form.input not in cells or form.process not in cells:
        raise InputRefusedError(findings)
    tables = _input_tables(form, _grid(cells[form.input]))
    process, defaults = _process_lines(form, _grid(cells[form.process]))
    findings += _without_lines(file, form, tables["monitored"], process)
    if findings:
        raise InputRefusedError(findings)
    return Spreadsheet(
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        monitored=tuple(_followed(tables["monitored"], cells, form)),
        fixed=tuple(_followed(tables["fixed"], cells, form)),
        process=tuple(process),
        defaults=tuple(defaults),
        cells=cells,
        names=names,
        arrays=arrays,
        form=form,
        drop_downs=drop_downs,
    )


def _followed(lines: Sequence[Line], cells: Mapping[str, Mapping[str, Value]], form: Form) -> Iterator[Line]:
    """Lines whose value is taken as it is from another input sheet, ``MRS(input_separate)``: that cell is the input.

    Where two lines take the same cell each stays a formula, as one of them would write over the other.
    """
    found = [_target(line, cells, form) for line in lines]
    for line, target in zip(lines, found, strict=True):
        alone = target is not None and found.count(target) == 1
        if target is not None and alone:
            yield replace(line, sheet=target[0], cell=target[1], value=cells[target[0]].get(target[1]))
        else:
            yield line


def _target(line: Line, cells: Mapping[str, Mapping[str, Value]], form: Form) -> Place | None:
    """The cell of another input sheet that a formula repeats, where that is no formula itself."""
    found = _REFERENCE.fullmatch(line.value) if isinstance(line.value, str) else None
    if found is None or found[1] not in cells or not found[1].startswith(form.input.rstrip(")")):
        return None
    place = found[1], found[2] + found[3]
    value = cells[place[0]].get(place[1])
    return None if isinstance(value, str) and value.startswith("=") else place


def _without_sheets(file: str, form: Form, titles: Sequence[str]) -> Iterator[Finding]:
    for title in (form.input, form.process):
        if title not in titles:
            action = say(
                "Use the methodology's own spreadsheet, with the sheets {input} and {process}.",
                input=form.input,
                process=form.process,
            )
            message = say("the spreadsheet has no sheet {title}", title=title)
            yield LAYOUT(message, Origin(file=file), found=", ".join(titles), action=action)


def _without_lines(file: str, form: Form, monitored: Sequence[Line], process: Sequence[Line]) -> Iterator[Finding]:
    for lines, sheet, what in (
        (monitored, form.input, say("Table 1 with the headings Parameters, {values} and Units", values=form.values)),
        (process, form.process, say("lines under the headings Value, Units and Parameter")),
    ):
        if not lines:
            action = say("Use the spreadsheet as it was published.")
            yield LAYOUT(say("missing: {what}", what=what), Origin(file=file, sheet=sheet), action=action)


def _cells(content: bytes, file: str) -> Read:
    """Values and formulas of every sheet by cell, the defined names, the ranges of array formulas, drop-downs."""
    from openpyxl.worksheet.formula import ArrayFormula

    book = _opened(content, file)
    values: dict[str, dict[str, Value]] = {}
    arrays: dict[str, dict[str, str]] = {}
    drop_downs: dict[str, DropDowns] = {}
    for sheet in book.worksheets:
        filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        values[sheet.title] = {cell.coordinate: plain(cell.value) for cell in filled}
        arrays[sheet.title] = {c.coordinate: c.value.ref for c in filled if isinstance(c.value, ArrayFormula)}
        rules = sheet.data_validations.dataValidation
        drop_downs[sheet.title] = tuple((str(one.sqref), str(one.formula1)) for one in rules if one.type == "list")
    return values, {name: str(defined.attr_text) for name, defined in book.defined_names.items()}, arrays, drop_downs


def _opened(content: bytes, file: str) -> Workbook:
    """The workbook, once it is known to be sound and small."""
    from openpyxl import load_workbook

    parts = unpack(content, file)
    if _STRICT in parts["xl/workbook.xml"]:
        raise _unreadable(file, say("it is saved as Strict Open XML"))
    scan_sheets(parts, set(sheet_titles(parts, file)), file)  # raises for sheets that unfold to too many cells
    if sum(map(len, parts.values())) > MAX_BYTES:
        raise _too_large(file)
    book = load_workbook(io.BytesIO(content), keep_links=False)
    if sum(sheet.max_row * sheet.max_column for sheet in book.worksheets) > MAX_GRID:
        raise _too_large(file)
    return book


def _unreadable(file: str, found: str) -> PackageError:
    action = say("Open it in Excel or LibreOffice, save it under a new name as Excel workbook (.xlsx), and use that.")
    return PackageError(DAMAGED(say("the spreadsheet cannot be read"), Origin(file=file), found=found, action=action))


def _too_large(file: str) -> PackageError:
    message = say("the spreadsheet is far larger than a methodology's spreadsheet")
    found = say("more than {size} MB or {cells:,} cells", size=MAX_BYTES // 1_000_000, cells=MAX_GRID)
    action = say("Use the spreadsheet as it was published.")
    return PackageError(LAYOUT(message, Origin(file=file), found=found, action=action))


def plain(value: object) -> Value:
    """A cell's content as number or text; a date as Excel counts it; the formula of an array formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.utils.datetime import to_excel

    if isinstance(value, bool):
        return f"={str(value).upper()}()"
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, (date, time, timedelta)):
        return float(to_excel(value))  # type: ignore[no-untyped-call]
    return ILLEGAL_CHARACTERS_RE.sub("", str(getattr(value, "text", value)))


def _unsafe(cells: Mapping[str, Mapping[str, Value]], file: str) -> Iterator[Finding]:
    for title, sheet in cells.items():
        for cell, value in sheet.items():
            if not isinstance(value, str) or not value.startswith("="):
                continue
            if hit := _OUTSIDE.search(value) or _OTHER_BOOK.search(_QUOTED.sub("", value)):
                message = say(
                    "the formula could reach outside the file ({part}), so nothing is recalculated",
                    part=hit[0].strip("( "),
                )
                action = say("Write the value itself in this cell of a copy, or compare by hand.")
                yield UNSAFE(message, Origin(file=file, sheet=title, cell=cell), found=value[:80], action=action)


# --- tables ------------------------------------------------------------------------


def _grid(cells: Mapping[str, Value]) -> list[tuple[int, dict[int, Value]]]:
    """The rows that hold something: number, and contents by column (from 1)."""
    from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

    rows: dict[int, dict[int, Value]] = {}
    for cell, value in cells.items():
        column, row = coordinate_from_string(cell)
        rows.setdefault(row, {})[column_index_from_string(column)] = value
    return sorted(rows.items())


def _input_tables(form: Form, rows: list[tuple[int, dict[int, Value]]]) -> dict[str, list[Line]]:
    """The lines of Table 1 and Table 2."""
    tables: dict[str, list[Line]] = {"monitored": [], "fixed": []}
    table, heads = "", dict[str, int]()
    for number, row in rows:
        texts = [way for v in row.values() if isinstance(v, str) for way in ways(v, TITLE_PARTS)]
        titles = [text for text in texts if text.startswith("table ")]
        if titles:
            table, heads = _TABLES.get(titles[0][:7], ""), {}
        elif table and not heads:
            found = headings(row, INPUT_HEADS)
            heads = found if set(found) >= NEEDED else {}
        elif table and _text(row, heads["symbol"]):
            tables[table].append(_line(form.input, number, row, heads, _text(row, heads.get("label", 0))))
    return tables


def _process_lines(form: Form, rows: list[tuple[int, dict[int, Value]]]) -> tuple[list[Line], list[Line]]:
    """The lines of the calculation, and those of the list of default values."""
    process: list[Line] = []
    defaults: list[Line] = []
    heads: dict[str, int] = {}
    lines = process
    for number, row in rows:
        if any(isinstance(v, str) and folded(v).startswith(_DEFAULTS) for v in row.values()):
            lines = defaults
        found = headings(row, PROCESS_HEADS)
        if set(found) >= NEEDED:
            heads = found
        elif heads and _text(row, heads["symbol"]):
            first = min(heads.values())
            label = " ".join(str(v) for c, v in sorted(row.items()) if c < first and isinstance(v, str))
            lines.append(_line(form.process, number, row, heads, label))
    return process, defaults


def _line(sheet: str, number: int, row: Mapping[int, Value], heads: Columns, label: str) -> Line:
    from openpyxl.utils.cell import get_column_letter

    cells = {key: f"{get_column_letter(column)}{number}" for key, column in heads.items()}
    return Line(
        sheet,
        cells["value"],
        _text(row, heads["symbol"]),
        " ".join(label.split()),
        row.get(heads["value"]),
        _text(row, heads["unit"]),
        _text(row, heads.get("fuel", 0)),
        cells.get("period", ""),
    )


def _text(row: Mapping[int, Value], column: int) -> str:
    value = row.get(column)
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else value.strip()
