"""The sheet of log rows: finer than a month, each in one cell, of which the month on the sheet Readings is the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.excel.blocks import ReadingRows
from jcm_mrv.reporting.excel.columns import Column, Columns
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.layout import quoted
from jcm_mrv.reporting.excel.sheet import Sheet, given_cells
from jcm_mrv.reporting.excel.stretches import Rows, Stretch

FOLDED = 10


@dataclass(frozen=True)
class _Row:
    meter: str
    start: float
    value: float
    hours: float
    count: float
    unit: str
    line: float
    where: str


LOG_ROWS: Columns[_Row] = Columns(
    "log_rows",
    "where --rows asks for it, one row per day, hour or value of a log, of which the month on Readings is the sum",
    (
        Column(key="meter", width=16, about="meter ID, on the first row of a month", cell=lambda r: r.meter),
        Column(key="from", width=17, about="local time at which the row's first value begins", cell=lambda r: r.start),
        Column(
            key="reading",
            width=16,
            about="sum of the day or hour, or the value, an input cell; of a value over a month's end its share, of a "
            "register what it advanced by",
            cell=lambda r: r.value,
        ),
        Column(
            key="hours",
            width=10,
            about="where values are means, the hours of one, on the first row of a month: an input cell",
            cell=lambda r: r.hours,
        ),
        Column(key="values", width=10, about="how many values the row holds", cell=lambda r: r.count),
        Column(key="kind", width=16, about="kind of the log, and the unit", cell=lambda r: r.unit),
        Column(key="line", width=10, about="line of the row's first value in the file", cell=lambda r: r.line),
        Column(key="where", width=48, about="file, on the first row of a month", cell=lambda r: r.where),
    ),
)
VALUE, HOURS = 2, 3


class LogRowPlaces:
    """Where the rows of each month of a log stand. ``left`` are the months that stay one number."""

    def __init__(self, stretches: Mapping[int, Stretch | None], name: str, top: int, most: int) -> None:
        self.top, self.first = top, top + 1
        room = most - 1 - self.first
        self.left = sorted(n for n, one in stretches.items() if one is None or len(one.value) > room)
        self.months = {n: one for n, one in stretches.items() if one is not None and n not in set(self.left)}
        self.places: dict[int, tuple[int, int]] = {}
        page, row = 0, self.first
        for n, one in self.months.items():
            if row + len(one.value) > most - 1:
                page, row = page + 1, self.first
            self.places[n] = page, row
            row += len(one.value)
        self.pages = [name if n == 0 else f"{name} {n + 1}" for n in range(page + 1)]

    def formula(self, n: int) -> str:
        """The formula of a month: the sum over its rows, times their hours where they are means."""
        page, row = self.places[n]
        sheet, one = quoted(self.pages[page]), self.months[n]
        cells = f"{sheet}!$C${row + 1}:$C${row + len(one.value)}"
        if one.hours is None:
            return f"=IF(COUNT({cells})=ROWS({cells}),SUM({cells}),NA())"
        hours = f"{sheet}!$D${row + 1}"
        return f"=IF(AND(COUNT({cells})=ROWS({cells}),ISNUMBER({hours})),SUM({cells})*{hours},NA())"


def rows_note(t: Translator, detail: Rows) -> str:
    """What stands below the title of the sheet; by it a verifier's program knows which rows were asked for."""
    return t(f"excel_text.log_rows_{detail}")


def write_log_rows(
    sheets: Sequence[Sheet], places: LogRowPlaces, rows: ReadingRows, graph: ClaimGraph, detail: Rows
) -> list[str]:
    """All rows on their sheets, one after the other; the cells that say whether they are complete."""
    t = graph.t
    checks = []
    for n, sheet in enumerate(sheets):
        sheet.title(sheet.name, rows_note(t, detail))
        if places.left and n == 0:
            sheet.text(places.top - 2, 0, t("excel_text.log_rows_left", count=len(places.left)), sheet.styles.note)
        checks.append(_check(sheet, places, n))
        heads = LOG_ROWS.heads(t)
        sheet.heading(places.top, heads)
    for n, one in places.months.items():
        page, row = places.places[n]
        segment = int(rows.segment[n])
        _month(sheets[page], row, one, graph.local(one.time), rows.parts.meter_ids[rows.parts.meter[segment]])
    return [check for check in checks if check]


def _month(sheet: Sheet, row: int, one: Stretch, times: Sequence[float], meter: str) -> None:
    number, styles = sheet.worksheet.write_number, sheet.styles
    if len(one.value) >= FOLDED:
        sheet.fold(row + 1, row + len(one.value) - 1)
    sheet.text(row, 0, meter, styles.plain)
    if one.hours is not None:
        number(row, HOURS, one.hours, styles.input)
    sheet.text(row, 5, one.unit, styles.plain)
    sheet.text(row, 7, " ".join(filter(None, (one.where.file, one.where.sheet))), styles.plain)
    columns = zip(times, one.value.tolist(), one.count.tolist(), one.line.tolist(), strict=True)
    for n, (start, value, count, line) in enumerate(columns, start=row):
        number(n, 1, start, styles.moment)
        number(n, VALUE, value, styles.input)
        number(n, 4, count, styles.plain)
        if line:
            number(n, 6, line, styles.plain)


def _check(sheet: Sheet, places: LogRowPlaces, page: int) -> str:
    """The cell above the rows that is OK while none is empty or text, and its address; '' where there are none."""
    own = [(places.places[n][1], one) for n, one in places.months.items() if places.places[n][0] == page]
    count = sum(len(one.value) for _, one in own)
    sheet.one_table(places.top, len(LOG_ROWS.all), count, names=1)
    if not own:
        return ""
    first, last = places.first + 1, places.first + count
    means = sum(one.hours is not None for _, one in own)
    conditions = [f"COUNT($C${first}:$C${last})={count}", *given_cells(f"$C${first}:$C${last}", 0, 0, 0)]
    if means:
        conditions.append(f"COUNT($D${first}:$D${last})={means}")
    sheet.check((places.top - 1, VALUE), *conditions)
    return f"{quoted(sheet.name)}!$C${places.top}"
