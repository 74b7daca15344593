"""Rows of cells with types of their own (a spreadsheet's) as a block: plain ones at once, all others with care."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from jcm_mrv.arrays import Flags, Instants, Numbers
from jcm_mrv.limits import LARGEST, SMALLEST
from jcm_mrv.logs.blocks import Block, Plan, careful_block
from jcm_mrv.logs.cells import CellValue
from jcm_mrv.logs.findings import Problems
from jcm_mrv.time.timestamps import EARLIEST, LATEST

_NUMBERS = {float, int, type(None)}


def typed_block(rows: Sequence[Sequence[CellValue]], first: int, plan: Plan, problems: Problems) -> Block:
    """Rows from row number ``first`` on; everything that cannot be used is reported with its row."""
    plain = np.zeros(len(rows), dtype=np.bool_)
    known = None
    words = plan.clock is not None or plan.name is not None or plan.texts or plan.stamp.offset or plan.stamp.half
    words = words or plan.numbers_mark
    if not words and plan.numbers.keys().isdisjoint(plan.values):
        stamps, plain = _stamps(_column(rows, plan.time))
        values = {}
        for c in plan.values:
            values[c], good = _numbers(_column(rows, c))
            plain &= good
        line = np.arange(first, first + len(rows), dtype=np.int64)
        known = Block(line[plain], stamps[plain], {c: v[plain] for c, v in values.items()})
    others: Iterator[tuple[int, Sequence[CellValue]]] = ((first + n, rows[n]) for n in np.flatnonzero(~plain).tolist())
    return careful_block(others, plan, problems, typed=True, known=known)


def _column(rows: Sequence[Sequence[CellValue]], column: int) -> list[CellValue]:
    return [row[column] if column < len(row) else None for row in rows]


def _stamps(cells: list[CellValue]) -> tuple[Instants, Flags]:
    """Dates as local microseconds, and which cells are one that a log can hold."""
    dated = np.fromiter((type(cell) is datetime for cell in cells), np.bool_, len(cells))
    counts = np.zeros(len(cells), dtype=np.int64)
    dates = [cell for cell in cells if type(cell) is datetime]
    counts[dated] = np.array(dates, dtype="datetime64[us]").astype(np.int64)
    dated &= (counts >= EARLIEST) & (counts < LATEST)
    nearest = np.round(counts / 1_000_000).astype(np.int64) * 1_000_000
    return np.where(np.abs(nearest - counts) <= 5_000, nearest, counts), dated  # see blocks._whole_seconds


def _numbers(cells: list[CellValue]) -> tuple[Numbers, Flags]:
    """Values with NaN for empty cells, and which cells are empty or a number that can be measured."""
    kept = cells if _NUMBERS.issuperset(map(type, cells)) else [x if type(x) in _NUMBERS else None for x in cells]
    try:
        values = np.array(kept, dtype=np.float64)
    except OverflowError:  # a whole number beyond all floats
        return np.zeros(len(cells)), np.zeros(len(cells), dtype=np.bool_)
    size = np.abs(values)
    good = ~((size > LARGEST) | ((size > 0) & (size < SMALLEST)))
    for n in np.flatnonzero(np.isnan(values)).tolist():
        good[n] = cells[n] is None or cells[n] == ""
    return values, good
