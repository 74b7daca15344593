"""The sheet Stocks as parts: what left a store is its opening stock, and what came in, less its closing stock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Literal

import numpy as np

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.meters.batches import Batch
from jcm_mrv.meters.meters import Meter
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.time.dividing import Runs
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows_data import StockRow

NEGATIVE = Code("stocks.negative_use", Severity.ERROR, "More is in store than there was and came in.")
BREAK = Code("stocks.break", Severity.MAJOR, "A stock does not begin with what the one before it ended with.")
BELOW_ZERO = Code("stocks.below_zero", Severity.ERROR, "A stock is less than nothing.")
OVERLAP = Code("stocks.overlap", Severity.ERROR, "Two stocks of a store overlap in time.")

_NEAR = 1e-9


def stock_parts(
    data: MonitoringData, meters: Mapping[str, Meter], timeline: Timeline
) -> tuple[list[Batch], dict[str, Runs], list[Finding]]:
    """Batches, the spans they cover by meter, and findings."""
    groups: dict[str, list[tuple[int, int, StockRow]]] = {}
    for row in data.stocks:
        span = _span(row, timeline)
        if span is not None and row.meter_id in meters:
            groups.setdefault(row.meter_id, []).append((*span, row))
    batches: list[Batch] = []
    runs: dict[str, Runs] = {}
    findings: list[Finding] = []
    for meter, found in groups.items():
        ordered = sorted(found, key=lambda x: x[:2])
        findings += [f for pair in pairwise(ordered) for f in _between(meter, *pair)]
        made = [(a, b, row, batch) for a, b, row in ordered if (batch := _batch(meter, a, b, row, timeline))]
        findings += [f for _, _, row, batch in made for f in _use(meter, row, batch)]
        batches += [batch for *_, batch in made]
        start = np.array([a for a, *_ in made], dtype=np.int64)
        end = np.array([b for _, b, *_ in made], dtype=np.int64)
        runs[meter] = Runs.of(start, end)
    return batches, runs, findings


def _span(row: StockRow, timeline: Timeline) -> tuple[int, int] | None:
    start, end = row.start, row.end
    if start is None or end is None or start >= end or not row.unit:
        return None  # the reader of the workbook has named the cell
    if None in (row.opening, row.received, row.closing):
        return None
    return timeline.instant(start), timeline.instant(end)


def _amounts(row: StockRow) -> tuple[float, float, float]:
    return row.opening or 0.0, row.received or 0.0, row.closing or 0.0


def _batch(meter: str, start: int, end: int, row: StockRow, timeline: Timeline) -> Batch | None:
    opening, received, closing = _amounts(row)
    batch = Batch.over(
        meter, SegmentKind.STOCK, row.unit, (start, end), timeline.edges, row.origin("received"),
        row.origin("opening"), value=received, opening=closing, closing=opening,
    )  # fmt: skip
    return batch if len(batch.month) else None


def _use(meter: str, row: StockRow, batch: Batch) -> Iterator[Finding]:
    opening, received, closing = _amounts(row)
    levels: tuple[tuple[Literal["opening", "closing"], float], ...] = (("opening", opening), ("closing", closing))
    for key, level in levels:
        if level < 0:
            yield BELOW_ZERO(
                say(
                    "the {key} stock of {meter} is below zero: more than there was would count as used",
                    key=key,
                    meter=meter,
                ),
                row.origin(key),
                found=say("{level:.15g} {batch_unit}", level=level, batch_unit=batch.unit),
                action=say("Enter what was measured in the store, or add the delivery that is missing."),
            )
    used = opening + received - closing
    if used < -_NEAR * max(opening, received, closing):
        yield NEGATIVE(
            say("the closing stock of {meter} is more than its opening stock and what was received", meter=meter),
            row.origin("closing"),
            found=say(
                "{opening:.15g} + {received:.15g} - {closing:.15g} = {used:.6g} {batch_unit}",
                opening=opening,
                received=received,
                closing=closing,
                used=used,
                batch_unit=batch.unit,
            ),
            action=say("Correct the amounts, or add the delivery that is missing."),
        )


def _between(meter: str, earlier: tuple[int, int, StockRow], later: tuple[int, int, StockRow]) -> Iterator[Finding]:
    ended, begins = _amounts(earlier[2])[2], _amounts(later[2])[0]
    if later[0] < earlier[1]:
        yield OVERLAP(
            say("two stocks of {meter} overlap in time, so that what was used would count twice", meter=meter),
            later[2].origin("start"),
            found=say("this row and row {row}", row=earlier[2].row),
            action=say("Correct the times."),
        )
    elif later[0] == earlier[1] and later[2].unit == earlier[2].unit and ended != begins:
        yield BREAK(
            say(
                "{meter}: the opening stock is not the closing stock of row {row} at the same moment",
                meter=meter,
                row=earlier[2].row,
            ),
            later[2].origin("opening"),
            found=say("{begins:.15g} here, {ended:.15g} there", begins=begins, ended=ended),
            action=say("Correct one of them, or say on the sheet Answers what was added or lost in between."),
            data={"difference": begins - ended},
        )
