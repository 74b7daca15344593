"""Texts that are dates and numbers, read in the one way that the form Project states for the whole workbook.

A spreadsheet whose cells are formatted as text, or a copy from a letter, holds ``31/12/2025`` and ``1.234,5`` as text.
Each can be read in two ways, so none is read until the fields Date format and Decimal mark say which it is; then a text
that is nothing in that way stays a text, and the reader refuses it. How many were read so is a finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from jcm_mrv.findings import Code, Severity
from jcm_mrv.numerals import NumberFormat
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.cells import FindingList, Raw, shown
from jcm_mrv.workbook.grid import Grid, match_headings
from jcm_mrv.workbook.schema import CHOICE_UNIT, fold, sheet
from jcm_mrv.workbook.schema_columns import Column, Kind
from jcm_mrv.workbook.values import ORDERS, moment_in_order
from jcm_mrv.workbook.wording import choice_of, column_of

TEXT_READ = Code("input.text_read", Severity.NOTE, "Texts are read as dates or numbers, as the form Project states")
DATES_TURNED = Code(
    "input.dates_turned", Severity.ERROR, "Dates may have been turned around: day and month stand in each other's place"
)

_DATES = (Kind.DATE, Kind.DATETIME)
_NUMBERS = (Kind.NUMBER, Kind.INTEGER, Kind.VALUE)
_MARKS: Mapping[str, str] = {"comma": ",", "point": "."}
_DAYS_LIKE_MONTHS = 12
_FEWEST, _MOST, _DAYS_OF_SPAN = 6, 400, 300  # dates of a column that may be one a month; and how far they reach
_COMPARE = say("Compare the dates of the column with your records, and write all of them in one way: as YYYY-MM-DD.")

Parse = Callable[[str], "Raw | None"]


@dataclass
class _Read:
    """The texts that were read in one way: how many, and the first with its place and meaning."""

    count: int = 0
    first: str = ""

    def add(self, text: str, value: Raw, where: Origin) -> None:
        self.count += 1
        self.first = self.first or say(
            "{text} as {value} ({place})",
            text=text.strip(),
            value=shown(value).removesuffix(" 00:00:00"),
            place=f"{where.sheet}!{where.cell}",
        )


@dataclass
class _Way:
    """How the workbook writes dates and numbers, by its form Project."""

    order: str = ""
    number: NumberFormat | None = None
    places: dict[str, Origin] = field(default_factory=dict)
    dates: _Read = field(default_factory=_Read)
    numbers: _Read = field(default_factory=_Read)

    def parse(self, kind: Kind) -> Parse | None:
        """What reads a text in a column of that kind; None where texts stay texts."""
        if kind in _DATES and self.order:
            return lambda text: moment_in_order(text, self.order)
        if kind in _NUMBERS and self.number is not None:
            return self.number.parse
        return None


def as_written(grids: Mapping[str, Grid], findings: FindingList) -> dict[str, Grid]:
    """The sheets with those texts replaced by the dates and numbers that they stand for."""
    way = _stated(grids.get("project"))
    for grid in grids.values():
        if not grid.schema.form:
            _report_turned(grid, findings)
    if not way.places:
        return dict(grids)
    read = {key: _form(grid, way) if grid.schema.form else _table(grid, way) for key, grid in grids.items()}
    _report(way, findings)
    return read


def _stated(grid: Grid | None) -> _Way:
    """What the two fields say; what is none of their choices, the reader of the form refuses."""
    way = _Way()
    for row, line in grid.body if grid else []:
        column = _field(line[0])
        if column is None or grid is None:
            continue
        text = choice_of(column.choices, shown(line[1]).strip("'") if len(line) > 1 else "") or ""
        if column.key == "date_format":
            way.order = ORDERS.get(text, "")
        elif column.key == "decimal_mark" and text in _MARKS:
            way.number = NumberFormat(_MARKS[text], grouped=True)
        if column.key in ("date_format", "decimal_mark"):
            way.places[column.key] = grid.origin(row, 1)
    return way if way.order or way.number else _Way()


def _field(raw: Raw) -> Column | None:
    return column_of(sheet("project"), raw if isinstance(raw, str) else shown(raw))


def _form(grid: Grid, way: _Way) -> Grid:
    rows = list(grid.rows)
    for row, line in grid.body:
        column = _field(line[0])
        if column is not None and len(line) > 1:
            rows[row] = [line[0], _cell(grid, way, (row, 1), line[1], column.kind), *line[2:]]
    return replace(grid, rows=rows)


def _table(grid: Grid, way: _Way) -> Grid:
    kinds = {index: kind for index, kind in _kinds(grid).items() if way.parse(kind) is not None}
    rows = list(grid.rows)
    for row, line in grid.body:
        if any(isinstance(line[index], str) for index in kinds if index < len(line)):
            rows[row] = [
                _cell(grid, way, (row, index), raw, kinds[index]) if index in kinds else raw
                for index, raw in enumerate(line)
            ]
    return replace(grid, rows=rows)


def _kinds(grid: Grid) -> dict[int, Kind]:
    """The kind of each column that is read."""
    headings = match_headings(grid, FindingList())  # what is wrong with them is said when the sheet is read
    kinds = {index: grid.schema.column(key).kind for key, index in headings.at.items()}
    units = headings.parameters.items()
    return kinds | {index: Kind.TEXT if fold(unit) == CHOICE_UNIT else Kind.NUMBER for index, (_, unit) in units}


def _cell(grid: Grid, way: _Way, place: tuple[int, int], raw: Raw, kind: Kind) -> Raw:
    parse = way.parse(kind)
    if parse is None or not isinstance(raw, str):
        return raw
    value = parse(raw)
    if value is None:
        return raw
    (way.dates if kind in _DATES else way.numbers).add(raw, value, grid.origin(*place))
    return value


def _report(way: _Way, findings: FindingList) -> None:
    action = say("Nothing, if this is what is meant; otherwise correct the form Project, or write the cells anew.")
    if way.dates.count:
        message = say("{count} texts of this workbook are read as dates", count=way.dates.count)
        findings.add(TEXT_READ(message, way.places["date_format"], found=way.dates.first, action=action))
    if way.numbers.count:
        message = say("{count} texts of this workbook are read as numbers", count=way.numbers.count)
        findings.add(TEXT_READ(message, way.places["decimal_mark"], found=way.numbers.first, action=action))


def _report_turned(grid: Grid, findings: FindingList) -> None:
    """A column in which a spreadsheet took the dates that it could and turned them around.

    Set to month before day it makes 2 January of 01/02/2025, and leaves 31/12/2025 a text.
    """
    for index, kind in _kinds(grid).items():
        if kind not in _DATES or index >= len(grid.columns) or grid.kinds[index] <= {str}:
            continue
        cells = grid.columns[index]
        row = next(n for n, raw in enumerate(cells, start=1) if not isinstance(raw, str))
        where, found = grid.origin(row, index), shown(cells[row - 1])
        left = next((raw for raw in cells if isinstance(raw, str) and _in_one_order(raw)), "")
        days = {raw.date() if isinstance(raw, datetime) else raw for raw in set(cells) if isinstance(raw, date)}
        if left and days and all(day.day <= _DAYS_LIKE_MONTHS for day in days):
            message = say(
                "in this column {count} dates are of a day from 1 to 12, and others such as {text} are texts: a "
                "spreadsheet set to another order of day and month turns around what it can, and leaves the rest",
                count=len(days),
                text=left.strip(),
            )
            findings.add(DATES_TURNED(message, where, found=found, action=_COMPARE))
        elif _months_as_days(days):
            message = say(
                "the dates of this column all fall on days from 1 to 12 of one and the same month: with day and month "
                "the other way round they would be one a month"
            )
            findings.add(DATES_TURNED(message, where, found=found, action=_COMPARE, severity=Severity.MAJOR))


def _months_as_days(days: set[date]) -> bool:
    """True for dates that were one a month before day and month changed places."""
    if not _FEWEST <= len(days) <= _MOST or (max(days) - min(days)).days < _DAYS_OF_SPAN:
        return False
    in_a_year = Counter(day.year for day in days).most_common(1)[0][1]
    return (
        in_a_year >= _FEWEST and len({day.month for day in days}) == 1 and max(d.day for d in days) <= _DAYS_LIKE_MONTHS
    )


def _in_one_order(text: str) -> bool:
    """True for a date that is one in a single order of day and month, as its day is no month: 31/12/2025."""
    ways = [moment_in_order(text, order) for order in ORDERS.values()]
    return ways.count(None) == 1
