"""Spans of days whose To is their last day, as bills write it: the end is the day after, and that is said once a sheet.

1 to 31 January and 1 to 28 February leave one day between them on which nothing was read. Where all spans of a meter
are of that kind, what stands under To counts; taken as the schema has it, each month would lack its last day. So it
does where a row of Invoices, Stocks or Overrides begins with a reading of its meter and ends one day before another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.origin import Origin
from jcm_mrv.time.last_moment import last_moment
from jcm_mrv.time.zones import DAY
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData, ReadingTable
from jcm_mrv.workbook.row import Cell
from jcm_mrv.workbook.rows_data import InvoiceRow, OverrideRow, StockRow

LAST_DAY = Code("input.last_day", Severity.MINOR, "To is the last day of each span")

_SHORTEST = 6 * DAY
"""From the first to the last day of a week. After each of shorter spans a day may really be missing."""
_FEWEST = 2
"""Days between spans: one alone may be the day on which a meter was exchanged."""

Row = TypeVar("Row", InvoiceRow, StockRow, OverrideRow)


def with_last_days(data: MonitoringData) -> tuple[MonitoringData, list[Finding]]:
    """The workbook with such spans of Readings, Invoices, Stocks and Overrides ending the day after, and what is said
    of it."""
    readings, found = _of_readings(data.readings)
    invoices, billed = _of_rows(data.invoices, readings)
    stocks, stored = _of_rows(data.stocks, readings)
    overrides, proven = _of_rows(data.overrides, readings)
    changed = replace(data, readings=readings, invoices=invoices, stocks=stocks, overrides=overrides)
    return changed, [*found, *billed, *stored, *proven]


def _of_readings(table: ReadingTable) -> tuple[ReadingTable, list[Finding]]:
    spans = np.isin(table.kind, ("energy", "mean")) & ~np.isnat(table.start) & ~np.isnat(table.end)
    rows = np.flatnonzero(spans)
    rows = rows[_to_is_last_day(table.meter_id[rows], table.start[rows], table.end[rows])]
    if not len(rows):
        return table, []
    end = table.end.copy()
    end[rows] += np.timedelta64(DAY, "us")
    first = int(rows[0])
    said = _said(table.meter_id[rows], table.end[first].item(), table.origin(first, "end"))
    return replace(table, end=end), [said]


def _of_rows(rows: Sequence[Row], readings: ReadingTable) -> tuple[Sequence[Row], list[Finding]]:
    spans = [n for n, row in enumerate(rows) if row.start and row.end]
    meters = np.array([rows[n].meter_id for n in spans], dtype=np.str_)
    starts, ends = (np.array([getattr(rows[n], at) for n in spans], "datetime64[us]") for at in ("start", "end"))
    whole = np.flatnonzero(_to_is_last_day(meters, starts, ends) | _day_before_reading(meters, starts, ends, readings))
    if not len(whole):
        return rows, []
    changed = list(rows)
    for n in (spans[n] for n in whole):
        cell = rows[n].cells["end"]
        end = Cell(cell.when and cell.when + timedelta(days=1), cell.origin)
        changed[n] = replace(rows[n], cells={**rows[n].cells, "end": end})
    first = rows[spans[whole[0]]].cells["end"]
    return changed, [_said(meters[whole], first.when, first.origin)]


def _to_is_last_day(
    meters: NDArray[np.str_], starts: NDArray[np.datetime64], ends: NDArray[np.datetime64]
) -> NDArray[np.bool_]:
    """Of which spans of a sheet the last day counts: of those meters whose spans show it, and of a single one of
    another meter that begins and ends with theirs."""
    begin, last = (at.astype("datetime64[us]").astype(np.int64) for at in (starts, ends))
    long = (last == begin) | (last - begin >= _SHORTEST)
    fits = (begin % DAY == 0) & (last % DAY == 0) & long
    shown = np.zeros(len(meters), dtype=bool)
    alone = np.zeros(len(meters), dtype=bool)
    for meter in np.unique(meters[fits]):
        own = meters == meter
        shown[own] = fits[own].all() and _shows(begin[own], last[own])
        alone[own] = own.sum() == 1
    whole: NDArray[np.bool_] = shown | (alone & fits & np.isin(begin, begin[shown]) & np.isin(last, last[shown]))
    return whole


def _day_before_reading(
    meters: NDArray[np.str_], starts: NDArray[np.datetime64], ends: NDArray[np.datetime64], readings: ReadingTable
) -> NDArray[np.bool_]:
    """Of which spans of another sheet the last day counts: their meter was read when they begin, and not when they
    end but the day after; or, where it was never read, others were."""
    found = np.zeros(len(meters), dtype=bool)
    for meter in np.unique(meters):
        own, of = meters == meter, readings.meter_id == meter
        of = of if of.any() else ~of
        read = np.concatenate([readings.start[of], readings.end[of]])
        begin, last = starts[own], ends[own]
        between = np.concatenate([read, begin])  # a row that begins where one ends: nothing lies between them
        whole = (last == last.astype("datetime64[D]")) & (last - begin >= np.timedelta64(_SHORTEST, "us"))
        after = np.isin(last + np.timedelta64(DAY, "us"), read) & ~np.isin(last, between)
        found[own] = whole & after & np.isin(begin, read)
    return found


def _shows(begin: NDArray[np.int64], last: NDArray[np.int64]) -> bool:
    """Whether the spans of one meter follow each other with one day between."""
    spans = np.unique(np.stack([begin, last], axis=1), axis=0)
    between = Counter((spans[1:, 0] - spans[:-1, 1]).tolist())
    return between[DAY] >= _FEWEST and last_moment(between, days=True) == DAY


def _said(meters: NDArray[np.str_], last: datetime | None, where: Origin) -> Finding:
    message = say(
        "the spans of {meters} end with their last day: each is taken to end where the next day begins",
        meters=named(np.unique(meters).tolist()),
    )
    action = say(
        "Nothing, if the day that stands under To still belongs to the value; else write 23:59 of the day before it."
    )
    return LAST_DAY(message, where, found=f"{last:%Y-%m-%d}", action=action)
