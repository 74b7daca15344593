"""The sheet of readings: each reading in one row and one cell, which everything that is counted refers to.

More rows than a sheet has go on to a second one, at the end of a month of a
meter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from jcm_mrv.arrays import Flags, Numbers, Ordinals
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.origin import Origin, column_and_row
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.excel.blocks import Block, ReadingRows
from jcm_mrv.reporting.excel.columns import Column, Columns
from jcm_mrv.reporting.excel.layout import HEAD_ROWS, quoted
from jcm_mrv.reporting.excel.listed import moments_unchanged
from jcm_mrv.reporting.excel.sheet import Cell, Sheet, given_cells
from jcm_mrv.workbook.schema import sheet as schema_of

ROWS_WITH_WORDS = 5_000
"""Up to so many rows each says whose reading it is; beyond, the first row of each month does."""
FOLDED = 40
"""A month of so many rows and more is folded away below its first."""

ABOUT = "one row per reading, of a register also that from which the first month counts; of a log one row per month"
READ = schema_of("readings").title


@dataclass(frozen=True)
class _Row:
    meter: str
    start: float
    end: float
    value: float
    opening: float
    received: float
    closing: float
    unit: str
    where: str


READINGS: Columns[_Row] = Columns(
    "readings",
    ABOUT,
    (
        Column(
            key="meter", width=16, about="meter ID; in a long list on the first row of a month", cell=lambda r: r.meter
        ),
        Column(
            key="from",
            width=17,
            about="beginning in local time; blank where it is the end of the row above, and for a register",
            cell=lambda r: r.start,
        ),
        Column(
            key="to", width=17, about="end in local time, which does not count, or the moment", cell=lambda r: r.end
        ),
        Column(key="reading", width=16, about="the reading, an input cell", cell=lambda r: r.value),
        Column(key="opening_stock", width=16, about="opening stock, where there are stores", cell=lambda r: r.opening),
        Column(key="received", width=16, about="what came in, where there are stores", cell=lambda r: r.received),
        Column(key="closing_stock", width=16, about="closing stock, where there are stores", cell=lambda r: r.closing),
        Column(key="kind", width=16, about="energy, register, log or stock, and its unit", cell=lambda r: r.unit),
        Column(
            key="where",
            width=48,
            about="file, sheet and cell, or line; in a long list the cells of the month on its first row",
            cell=lambda r: r.where,
        ),
    ),
)
FROM, TO = "B", "C"
VALUE, OPENING, RECEIVED, CLOSING = "D", "E", "F", "G"


class ReadingPlaces:
    """Where each reading stands: ``pages`` are the names of the sheets, ``top`` the first row of each (from 0).

    ``finer`` are the formulas of months of a log whose rows stand on a sheet of their own.
    """

    def __init__(
        self, rows: ReadingRows, name: str, top: int, most: int, finer: Mapping[int, str] = MappingProxyType({})
    ) -> None:
        self.rows, self.top, self.finer = rows, top, finer
        first = top + HEAD_ROWS
        starts = _starts(rows)
        self.starts: list[int] = starts
        page = np.zeros(len(rows.segment), dtype=np.int64)
        place = first + np.arange(len(rows.segment))
        begun = 0
        for a, b in zip(starts, [*starts[1:], len(rows.segment)], strict=True):
            if first + b - begun > most - 1:
                begun = a
                page[a:] += 1
                place[a:] = first + np.arange(len(rows.segment) - a)
        self.page, self.place = page, place
        count = int(page.max()) + 1 if len(page) else 1
        self.pages = [name if n == 0 else f"{name} {n + 1}" for n in range(count)]
        self.states_beginning = _begins(rows)

    def cell(self, row: int, column: str = VALUE) -> str:
        """The cell of one row."""
        return f"{quoted(self.pages[self.page[row]])}!${column}${self.place[row] + 1}"

    def span(self, first: int, last: int, column: str = VALUE) -> str:
        """The cells from one row to another of the same block."""
        return f"{self.cell(first, column)}:${column}${self.place[last] + 1}"

    def limits(self, block: Block) -> tuple[str, str]:
        """The cells of the beginning and the end of a block of one reading."""
        rows, n = self.rows, int(self.rows.row[block.first])
        opening = int(rows.opening[block.first])
        begins = self.cell(opening, TO) if opening >= 0 else self.cell(n, FROM)
        if opening < 0 and not self.states_beginning[n]:
            begins = self.cell(n - 1, TO)
        return begins, self.cell(n, TO)

    def amount(self, block: Block) -> str:
        """The formula of the sum over a block's rows."""
        rows = self.rows.row
        cells = self.span(int(rows[block.first]), int(rows[block.last]))
        return f"=IF(COUNT({cells})=ROWS({cells}),SUM({cells}),NA())"

    def of_register(self, block: Block) -> tuple[str, str]:
        """The cells of the reading before a block and of its last."""
        rows = self.rows
        return self.cell(int(rows.opening[block.first])), self.cell(int(rows.row[block.last]))

    def falls(self, block: Block) -> str:
        """How often a register shows less than before, as a term of a formula."""
        rows = self.rows
        before, first, last = int(rows.opening[block.first]), int(rows.row[block.first]), int(rows.row[block.last])
        text = f"({self.cell(first)}<{self.cell(before)})"
        if last > first:
            text += f"+SUMPRODUCT(--({self.span(first + 1, last)}<{self.span(first, last - 1)}))"
        return text


def _starts(rows: ReadingRows) -> list[int]:
    """The first row of each month: of a register that may be an opening reading, which no month before it has."""
    found = {0} if len(rows.segment) else set()
    for block in rows.blocks:
        first, opening = int(rows.row[block.first]), int(rows.opening[block.first])
        found.add(opening if opening == first - 1 and rows.opens[opening] else first)
    return sorted(found)


def write_readings(
    sheets: Sequence[Sheet], places: ReadingPlaces, t: Translator, times: tuple[Numbers, Numbers]
) -> list[str]:
    """All readings on their sheets; the cells that say whether they are complete. ``times`` are local, by segment."""
    checks = []
    for n, sheet in enumerate(sheets):
        rows = np.flatnonzero(places.page == n)
        _heads(sheet, places, t)
        moments = _times_and_values(sheet, places, rows, times)
        _words(sheet, places, rows)
        if len(rows):
            checks.append(_check(sheet, places, rows, moments))
    return checks


def _heads(sheet: Sheet, places: ReadingPlaces, t: Translator) -> None:
    sheet.text(places.top, 0, t("excel_table.readings"), sheet.styles.section)
    heads = READINGS.heads(t)
    row = places.top + HEAD_ROWS - 1
    sheet.heading(row, heads)
    if not any(places.rows.parts.kind[places.rows.used] == SegmentKind.STOCK):
        sheet.worksheet.set_column(4, 6, None, None, {"hidden": True})
    count = int((places.page == places.pages.index(sheet.name)).sum())
    sheet.one_table(row, len(heads), count, names=2)


def _times_and_values(sheet: Sheet, places: ReadingPlaces, rows: Ordinals, times: tuple[Numbers, Numbers]) -> list[str]:
    """The numbers of each row; the conditions that the moments are as they were.

    By the moments the calculation has decided what counts where, so that another one asks for a new calculation. The
    beginning stands only where it is not the end of the row above.
    """
    parts, styles = places.rows.parts, sheet.styles
    segment, opens, at = places.rows.segment[rows], places.rows.opens[rows], places.place[rows]
    register, stock = parts.kind[segment] == SegmentKind.REGISTER, parts.kind[segment] == SegmentKind.STOCK
    start, end = times[0][segment], np.where(opens, times[0][segment], times[1][segment])
    value = np.where(opens, parts.opening[segment], np.where(register, parts.closing[segment], parts.value[segment]))
    begins = places.states_beginning[rows]
    number = sheet.worksheet.write_number
    moment, entered = styles.moment, styles.input
    for row, first in zip(at[begins].tolist(), start[begins].tolist(), strict=True):
        number(row, 1, first, moment)
    for row, last in zip(at.tolist(), end.tolist(), strict=True):
        number(row, 2, last, moment)
    for n, row, amount in zip(rows[~stock].tolist(), at[~stock].tolist(), value[~stock].tolist(), strict=True):
        if n in places.finer:
            sheet.formula(row, 3, Cell(places.finer[n], amount), styles.shown)
        else:
            number(row, 3, amount, entered)
    # A store's segments hold its stocks the other way round: what is in store at the end was not used.
    for column, amounts in ((4, parts.closing), (5, parts.value), (6, parts.opening)):
        for row, amount in zip(at[stock].tolist(), amounts[segment[stock]].tolist(), strict=True):
            number(row, column, amount, entered)
    conditions = []
    for letter, own, moments in (("B", at[begins], start[begins]), ("C", at, end)):
        cells = f"${letter}${int(at[0]) + 1}:${letter}${int(at[-1]) + 1}" if len(at) else ""
        conditions += moments_unchanged(cells, list(zip((own + 1).tolist(), moments.tolist(), strict=True)))
    return conditions


def _begins(rows: ReadingRows) -> Flags:
    """The rows of readings that state their beginning: not a register's, and no end of the row above."""
    parts, segment, opens = rows.parts, rows.segment, rows.opens
    start, end = parts.start[segment], np.where(opens, parts.start[segment], parts.end[segment])
    begins: Flags = parts.kind[segment] != SegmentKind.REGISTER
    begins[1:] &= (start[1:] != end[:-1]) | (parts.meter[segment[1:]] != parts.meter[segment[:-1]])
    return begins


def _words(sheet: Sheet, places: ReadingPlaces, rows: Ordinals) -> None:
    """Whose reading it is and where it was read: in every row, or in a long list once for a month."""
    if not len(rows):
        return
    every, starts = len(places.rows.segment) <= ROWS_WITH_WORDS, set(places.starts)
    begins = [n for n in rows.tolist() if n in starts]
    for a, b in zip(begins, [*begins[1:], int(rows[-1]) + 1], strict=True):
        origins = places.rows.origins[a:b]
        together = None if every else _together(origins)
        for n, origin in zip(range(a, b), origins, strict=True):
            row = int(places.place[n])
            if every or n == a:
                _name(sheet, places.rows, n, row)
            if together is None:
                sheet.text(row, 8, str(origin), sheet.styles.plain)
            elif n == a:
                sheet.text(row, 8, together, sheet.styles.plain)
        if b - a >= FOLDED:
            sheet.fold(int(places.place[a]) + 1, int(places.place[b - 1]))


def _name(sheet: Sheet, rows: ReadingRows, n: int, row: int) -> None:
    parts, r = rows.parts, int(rows.segment[n])
    sheet.text(row, 0, parts.meter_ids[parts.meter[r]], sheet.styles.plain)
    sheet.text(row, 7, rows.kind(r), sheet.styles.after[sheet.styles.plain])


def _together(origins: Sequence[Origin]) -> str | None:
    """One name for cells that stand below each other; None where they do not."""
    first, last = origins[0], origins[-1]
    beside = (o.cell for o in origins if (o.file, o.sheet) == (first.file, first.sheet))
    known = [place for cell in beside if (place := column_and_row(cell))]
    if len(known) < len(origins) or known != [(known[0][0], known[0][1] + n) for n in range(len(known))]:
        return None
    return str(first) if len(known) == 1 else f"{first}:{last.cell}"


def origins_of(places: ReadingPlaces) -> Iterator[tuple[Origin, float, str]]:
    """Each reading that stands on another sheet than Readings (an invoice, a meter's row): origin, value and cell."""
    parts, register, stock = places.rows.parts, int(SegmentKind.REGISTER), int(SegmentKind.STOCK)
    kinds = parts.kind.tolist()
    rows = zip(places.rows.segment.tolist(), places.rows.opens.tolist(), places.rows.origins, strict=True)
    for n, (r, opens, origin) in enumerate(rows):
        if origin.cell and origin.sheet != READ and kinds[r] != stock:
            column = parts.opening if opens else parts.closing if kinds[r] == register else parts.value
            yield origin, float(column[r]), places.cell(n)


def _check(sheet: Sheet, places: ReadingPlaces, rows: Ordinals, moments: Sequence[str]) -> str:
    """The cell above the readings that is OK while none is empty or text and no moment is another; its address."""
    stock = places.rows.parts.kind[places.rows.segment[rows]] == SegmentKind.STOCK
    first, last = int(places.place[rows[0]]) + 1, int(places.place[rows[-1]]) + 1
    conditions = []
    for column, count in ((VALUE, int((~stock).sum())), *((c, int(stock.sum())) for c in (OPENING, RECEIVED, CLOSING))):
        if count:
            conditions.append(f"COUNT(${column}${first}:${column}${last})={count}")
            finer = sum(int(n) in places.finer for n in rows) if column == VALUE and places.finer else 0
            conditions += given_cells(f"${column}${first}:${column}${last}", len(rows) - count, 0, finer)
    place = places.top + HEAD_ROWS - 2, 3
    sheet.check(place, *conditions, *moments)
    return f"{quoted(sheet.name)}!${VALUE}${place[0] + 1}"
