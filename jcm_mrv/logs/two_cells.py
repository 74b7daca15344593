"""A day and its time of day in columns of their own, which together are a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from jcm_mrv.logs.cells import CellValue, cell_text
from jcm_mrv.time.timestamp_words import clock_halves, clock_of, serial_micros
from jcm_mrv.time.zones import DAY, HOUR, MINUTE, micros

if TYPE_CHECKING:
    from jcm_mrv.logs.blocks import Plan


def two_cells(day: CellValue, clock: CellValue, plan: Plan) -> tuple[str, int]:
    """The text and the local microseconds of a day and a time of day in cells of their own. Raises ValueError."""
    text = f"{cell_text(day)} {cell_text(clock)}".strip()
    midnight = _midnight(day, plan)
    if plan.clock_unit:
        count = clock_number(cell_text(clock), plan)
    elif isinstance(clock, float) and 0 <= clock <= 1:
        count = serial_micros(clock) - serial_micros(0)
    else:
        written = clock.strftime("%H:%M:%S") if isinstance(clock, datetime) else cell_text(clock)
        both = clock_halves(written) if plan.stamp.half else None
        found = clock_of(both[plan.stamp.half - 1] if both else written)
        if both and found == 0 and plan.stamp.half == 2:
            found = DAY
        if found is None:
            raise ValueError(f"{written!r} is no time of day")
        count = found
    return text, midnight + count


HHMM = -1
"""A time of day as one number, 0 to 2400: hours and minutes side by side."""


HOUR_WORD = re.compile(r"(?:hour|hr|he|h)[ .:_-]*(?=\d{1,2}$)", re.IGNORECASE)
"""What may stand before the number of an hour: H01, HE 24 (hour ending), Hour 7."""


def clock_number(text: str, plan: Plan) -> int:
    """The time of day of an hour number, in microseconds. Raises ValueError."""
    number = int(HOUR_WORD.sub("", text.strip()))
    if plan.clock_unit == HHMM:
        count = number // 100 * HOUR + number % 100 * MINUTE
    else:
        count = number * plan.clock_unit + plan.clock_shift
    if not 0 <= count <= DAY or (plan.clock_unit == HHMM and number % 100 > 59):
        raise ValueError(f"{text!r} is no time of day")
    return count


def at_fault(cells: Sequence[CellValue], plan: Plan) -> int:
    """Of a day and a time of day in columns of their own, the one that cannot be read."""
    if plan.clock is None:
        return plan.time
    try:
        _midnight(cells[plan.time] if plan.time < len(cells) else None, plan)
    except (ValueError, OverflowError):
        return plan.time
    return plan.clock


def _midnight(day: CellValue, plan: Plan) -> int:
    """The local midnight of a day in a cell of its own. Raises ValueError."""
    midnight = micros(day) if isinstance(day, datetime) else replace(plan.stamp, half=0).parse(cell_text(day))[0]
    if midnight % DAY:
        raise ValueError(f"{cell_text(day)!r} is no day")
    return midnight
