"""What changed from one monitoring workbook to the next, cell by cell: rows are matched by what they are about.

A row that only moved is no change. What a file beside the workbook filled in (an electronic invoice) is none of its
cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from jcm_mrv.words import joined, say
from jcm_mrv.workbook.change import Change, Kind
from jcm_mrv.workbook.records import MonitoringData, ReadingTable
from jcm_mrv.workbook.row import AnyRow, Value
from jcm_mrv.workbook.schema import SHEETS
from jcm_mrv.workbook.schema_columns import Kind as Of
from jcm_mrv.workbook.schema_columns import Sheet

PART = "workbook"
MOST = 500
"""Changes of one sheet that are listed one by one; the rest are counted."""
_NUMBERS = (Of.NUMBER, Of.INTEGER, Of.VALUE)


@dataclass(frozen=True)
class _Line:
    """A row by the keys of its columns; ``place`` gives the cell of a column."""

    row: int
    values: Mapping[str, Value]
    place: Callable[[str], str]

    @property
    def content(self) -> Hashable:
        return tuple(sorted((key, _text(value)) for key, value in self.values.items() if value not in (None, "")))


def changed_cells(old: MonitoringData, new: MonitoringData) -> tuple[Change, ...]:
    """Every cell that is another one, every row that is new or gone, sheet by sheet."""
    found: list[Change] = []
    for sheet in SHEETS:
        own = list(_form(sheet, old, new) if sheet.form else _table(sheet, _lines(sheet, old), _lines(sheet, new)))
        found += own[:MOST]
        if len(own) > MOST:
            found.append(Change(PART, Kind.CHANGED, say("{sheet}: and {count:,} more", sheet=sheet.title,
                                                        count=len(own) - MOST)))  # fmt: skip
    return tuple(found)


# --- what stands there ---


def _form(sheet: Sheet, old: MonitoringData, new: MonitoringData) -> Iterator[Change]:
    before, now = _line(old.project, old.file), _line(new.project, new.file)
    yield from _cells(sheet, before, now, "")


def _lines(sheet: Sheet, data: MonitoringData) -> list[_Line]:
    if sheet.key == "readings":
        return _readings(data.readings)
    return [line for row in data.tables[sheet.key] if (line := _line(row, data.file)).values]


def _line(row: AnyRow, file: str) -> _Line:
    cells = {key: cell for key, cell in row.cells.items() if cell.origin.file == file}
    values: dict[str, Value] = {key: cell.value for key, cell in cells.items() if cell.value not in (None, "")}
    for symbol, own in row.parameters.items():
        if own.value is not None:
            values[f"{symbol} [{own.unit}]"] = own.value
    places = {key: cell.origin.cell for key, cell in row.cells.items()}
    places |= {f"{symbol} [{own.unit}]": own.origin.cell for symbol, own in row.parameters.items()}
    return _Line(row.row, values, lambda key: places.get(key, str(row.row)))


def _readings(table: ReadingTable) -> list[_Line]:
    keys = ("meter_id", "kind", "start", "end", "value", "unit", "comment", "evidence")
    columns: list[Sequence[Value]] = [_column(getattr(table, key)) for key in keys]
    columns = [column or [None] * len(table) for column in columns]

    def place(row: int) -> Callable[[str], str]:
        return lambda key: f"{table.letters.get(key, '')}{row}"

    return [
        _Line(row, {k: v for k, v in zip(keys, values, strict=True) if v not in (None, "")}, place(row))
        for row, *values in zip(table.row.tolist(), *columns, strict=True)
    ]


def _column(values: object) -> Sequence[Value]:
    if isinstance(values, tuple):
        return values
    assert isinstance(values, np.ndarray)
    if values.dtype.kind == "f":
        return [None if value != value else value for value in values.tolist()]
    found: list[Value] = values.tolist()
    return found


# --- what became of it ---


def _table(sheet: Sheet, old: Sequence[_Line], new: Sequence[_Line]) -> Iterator[Change]:
    left, come = _without(old, new), _without(new, old)
    pairs: dict[int, _Line] = {}
    for alike in _alike(sheet):
        waiting: dict[Hashable, list[_Line]] = {}
        for line in left:
            waiting.setdefault(alike(line), []).append(line)
        for n, line in enumerate(come):
            found = waiting.get(alike(line))
            if n not in pairs and found:
                pairs[n] = found.pop(0)
        taken = set(map(id, pairs.values()))
        left = [line for line in left if id(line) not in taken]
    for n, line in enumerate(come):
        if n in pairs:
            yield from _cells(sheet, pairs[n], line, _name(sheet, line))
        else:
            yield Change(PART, Kind.NEW, _row(sheet, line), "", _told(sheet, line))
    yield from (Change(PART, Kind.GONE, _row(sheet, line), _told(sheet, line)) for line in left)


def _without(lines: Sequence[_Line], others: Sequence[_Line]) -> list[_Line]:
    """The lines that the others do not hold as well, each as often as there are more of it."""
    there = Counter(line.content for line in others)
    found: list[_Line] = []
    for line in lines:
        if there[line.content]:
            there[line.content] -= 1
        else:
            found.append(line)
    return found


def _alike(sheet: Sheet) -> tuple[Callable[[_Line], Hashable], ...]:
    """Ways in which two rows are about the same, the surest first."""
    names = _names(sheet)
    first = sheet.columns[0].key
    return (
        lambda line: tuple(_text(line.values.get(key)) for key in names),
        lambda line: (_text(line.values.get(first)), line.row),
        lambda line: _text(line.values.get(first)),
    )


def _names(sheet: Sheet) -> list[str]:
    """The columns that say what a row is about: what has to be filled in, but for numbers and their unit."""
    return [c.key for c in sheet.columns if c.required and c.kind not in _NUMBERS and "unit" not in c.key]


def _cells(sheet: Sheet, before: _Line, now: _Line, name: str) -> Iterator[Change]:
    headings = {column.key: column.heading for column in sheet.columns}
    for key in dict.fromkeys((*headings, *now.values, *before.values)):
        old, new = before.values.get(key), now.values.get(key)
        if _text(old) == _text(new):
            continue
        place = f"{sheet.title}!{now.place(key)}"
        about = f" ({name})" if name else ""
        what = say("{place}, {heading}{about}", place=place, heading=headings.get(key, key), about=about)
        numbers = isinstance(old, float) and isinstance(new, float)
        less = say("{number:+.6g}", number=new - old) if numbers else ""  # type: ignore[operator]
        kind = Kind.NEW if old in (None, "") else Kind.GONE if new in (None, "") else Kind.CHANGED
        yield Change(PART, kind, what, _shown(old), _shown(new), less)


def _row(sheet: Sheet, line: _Line) -> str:
    return say("{sheet}, row {row}", sheet=sheet.title, row=str(line.row))


def _name(sheet: Sheet, line: _Line) -> str:
    return ", ".join(text for key in _names(sheet) if (text := _text(line.values.get(key))))


def _told(sheet: Sheet, line: _Line) -> str:
    headings = {column.key: column.heading for column in sheet.columns}
    return joined("; ", (joined(": ", (headings.get(key, key), _shown(v))) for key, v in line.values.items()))


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    return f"{value:.15g}" if isinstance(value, float) else value or ""


def _shown(value: Value) -> str:
    """A value as a person reads it, in the customs of a language."""
    if isinstance(value, float):
        return say("{number:.15g}", number=value)
    return say("{text}", text=_text(value)) if isinstance(value, datetime) else _text(value)
