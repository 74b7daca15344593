"""A log as a stream of blocks of columns, whatever file it comes from; and the careful, row-by-row way to make one.

The careful way is taken for workbooks and for every stretch of a CSV file in
which the fast way met something unexpected, so that each fault is named with
its line.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np
import numpy.typing as npt

from jcm_mrv.monitoring.log_findings import CLOCK, STAMP, VALUE, ZONE, Problems
from jcm_mrv.monitoring.stamps import EARLIEST, LATEST, StampFormat
from jcm_mrv.monitoring.zones import HOUR, MINUTE, Instants, micros, naive, offset_at, to_utc, transitions

Numbers = npt.NDArray[np.float64]
CellValue = str | float | int | bool | datetime | None

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Plan:
    """Which columns of a file to read and how: ordinals from 0; the zone is None where stamps carry an offset."""

    width: int
    time: int
    stamp: StampFormat
    zone: tzinfo | None
    values: tuple[int, ...]
    name: int | None = None
    headings: tuple[str, ...] = ()

    def heading(self, column: int) -> str:
        """The heading of a column, for messages."""
        return self.headings[column] if column < len(self.headings) else str(column + 1)


@dataclass(frozen=True)
class Block:
    """Rows of a log in the order of the file.

    ``line`` is the row's line (or row of the sheet), ``stamp`` its instant in
    microseconds UTC, ``values`` by column with NaN for an empty cell (and for
    one that a finding names), ``names`` the text of the name column.
    """

    line: npt.NDArray[np.int64]
    stamp: Instants
    values: Mapping[int, Numbers]
    names: npt.NDArray[np.str_] | None = None


def number(text: str) -> float | None:
    """A plain decimal number, None for any other text (1,234.5; 1.5 kWh; inf)."""
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        return None
    value = float(stripped)
    return value if math.isfinite(value) else None


def folded(text: str) -> str:
    """Text as headings and names are compared: width and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def careful_block(
    rows: Iterable[tuple[int, Sequence[CellValue]]], plan: Plan, problems: Problems, *, typed: bool = False
) -> Block:
    """Rows (line, cells) as a block; every cell that cannot be used is reported with its line.

    ``typed``: the cells have types of their own (a workbook's), so that a number written as text is a fault.
    """
    lines: list[int] = []
    stamps: list[int] = []
    offsets: list[int] = []
    names: list[str] = []
    values: dict[int, list[float]] = {c: [] for c in plan.values}
    for line, cells in rows:
        numbers = [_value(cells, c, line, plan, problems, typed=typed) for c in plan.values]
        stamp = _stamp(cells, line, plan, problems, has_value=any(v is not None for v in numbers))
        if stamp is None:
            continue
        lines.append(line)
        stamps.append(stamp[0])
        offsets.append(stamp[1])
        for column, value in zip(plan.values, numbers, strict=True):
            values[column].append(math.nan if value is None else value)
        if plan.name is not None:
            names.append(folded(_text(_cell(cells, plan.name))))
    block = Block(
        np.array(lines, dtype=np.int64),
        np.array(stamps, dtype=np.int64),
        {c: np.array(v, dtype=np.float64) for c, v in values.items()},
        np.array(names, dtype=np.str_) if plan.name is not None else None,
    )
    if plan.stamp.offset:
        check_offsets(block, np.array(offsets, dtype=np.int64), plan.zone, problems)
    return in_utc(block, plan, problems)


def _cell(cells: Sequence[CellValue], column: int) -> CellValue:
    return cells[column] if column < len(cells) else None


def _text(cell: CellValue) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _value(
    cells: Sequence[CellValue], column: int, line: int, plan: Plan, problems: Problems, *, typed: bool
) -> float | None:
    """A value; None for an empty cell, and for one that is reported."""
    cell = _cell(cells, column)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        return float(cell)
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    value = number(cell) if isinstance(cell, str) and not typed else None
    if value is None:
        problems.many(
            VALUE,
            f"text where a number belongs, in the column {plan.heading(column)!r}",
            "Write a plain number such as 1234.5, or leave the cell empty where nothing was measured",
            line,
            str(cell)[:60],
        )
    return value


def _stamp(
    cells: Sequence[CellValue], line: int, plan: Plan, problems: Problems, *, has_value: bool
) -> tuple[int, int] | None:
    """A row's stamp and its own offset; None when there is none, which is a fault only in a row with values."""
    cell = _cell(cells, plan.time)
    if isinstance(cell, datetime) and not plan.stamp.offset and EARLIEST <= micros(cell) < LATEST:
        return _whole_seconds(micros(cell)), 0
    text = _text(cell).strip()
    if not text and not has_value:
        return None
    try:
        return plan.stamp.parse(text)
    except (ValueError, OverflowError):
        problems.many(
            STAMP,
            f"a time that cannot be read, in the column {plan.heading(plan.time)!r}",
            "Write every time in the same form, such as 2024-09-01 00:15, or state the date format on the sheet Logs",
            line,
            text[:60] or "empty",
        )
        return None


def _whole_seconds(count: int) -> int:
    """Spreadsheet times are fractions of a day: a time within 5 ms of a whole second means that second."""
    nearest = round(count / 1_000_000) * 1_000_000
    return nearest if abs(nearest - count) <= 5_000 else count


def in_utc(block: Block, plan: Plan, problems: Problems) -> Block:
    """A block whose stamps are local times, with instants instead; doubtful times are reported."""
    if plan.stamp.offset or plan.zone is None:
        return block
    times = to_utc(block.stamp, plan.zone)
    # The moment of the jump has two names (02:00 and 03:00): a log that holds both does not follow that clock.
    both = np.concatenate(([False], (np.diff(times.instants) == 0) & (np.diff(block.stamp) != 0))).astype(np.bool_)
    for i in np.flatnonzero(times.ambiguous | times.missing | (both[: len(block.stamp)])).tolist():
        problems.many(
            CLOCK,
            f"the clock of {plan.zone} {'showed twice' if times.ambiguous[i] else 'skipped'} a time of this log",
            "Export the log with the offset from UTC in every time, or in a zone without summer time",
            int(block.line[i]),
            str(naive(int(block.stamp[i]))),
        )
    return Block(block.line, times.instants, block.values, block.names)


def check_offsets(block: Block, offsets: npt.NDArray[np.int64], zone: tzinfo | None, problems: Problems) -> None:
    """Report stamps whose own offset (microseconds) contradicts the zone that the sheet Logs states."""
    if zone is None or not len(block.stamp):
        return
    stated = np.full(len(block.stamp), offset_at(zone, int(block.stamp.min())), dtype=np.int64)
    for instant, _, after in transitions(zone, int(block.stamp.min()), int(block.stamp.max()) + 1):
        stated[block.stamp >= instant] = after
    wrong = np.flatnonzero(stated != offsets)
    if len(wrong):
        i = int(wrong[0])
        problems.many(
            ZONE,
            f"the times of the log carry another offset than the stated time zone {zone}",
            "State the zone in which the log is written, or leave its cell empty where every time carries its offset",
            int(block.line[i]),
            f"{_offset_text(int(offsets[i]))} in the log, {_offset_text(int(stated[i]))} by the zone",
            len(wrong),
        )


def _offset_text(offset: int) -> str:
    hours, rest = divmod(abs(offset), HOUR)
    return f"UTC{'-' if offset < 0 else '+'}{hours:02d}:{rest // MINUTE:02d}"
