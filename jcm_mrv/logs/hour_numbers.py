"""Times of day that are numbers: hours 1 to 24, quarters 1 to 96, or hours and minutes as one number (2345)."""

from __future__ import annotations

from dataclasses import replace

from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.blocks import Plan
from jcm_mrv.logs.cells import CellValue, cell_text, is_blank
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.survey import LogFile
from jcm_mrv.logs.two_cells import HHMM, HOUR_WORD
from jcm_mrv.time.zones import DAY
from jcm_mrv.words import say

COUNTS = (24, 48, 72, 96, 144, 288)
"""How many intervals a day may have."""

_MOST = 2_000  # different texts in a column of times of day


def with_hour_numbers(log: LogFile, plan: Plan, spec: LogSpec, problems: Problems) -> Plan | None:
    """The plan with how its numbers of intervals are read, unchanged where the times of day are none.

    None, with a finding, where the numbers do not show which is the first of a day.
    """
    assert plan.clock is not None
    numbers = _numbers(log, plan.clock)
    if numbers is None:
        return plan
    first, last = min(numbers), max(numbers)
    if last > COUNTS[-1]:
        return replace(plan, clock_unit=HHMM) if last <= 2400 and all(n % 100 < 60 for n in numbers) else plan
    count = next(count for count in COUNTS if last <= count)
    if (first == 0 and last == count) or (first > 0 and last < count):
        message = say(
            "the numbers of the column {heading!r} run from {first} to {last}: it is not certain ",
            heading=plan.heading(plan.clock),
            first=first,
            last=last,
        )
        message += say("whether the first of a day is 0 or 1")
        action = say("Export whole days, or a column with the times of day as hh:mm")
        where = spec.origin("time_column")
        problems.add(
            codes.DATE_FORMAT(message, where, found=say("{first} to {last}", first=first, last=last), action=action)
        )
        return None
    unit = DAY // count
    begins = 0 if last < count else 1
    return replace(plan, clock_unit=unit, clock_shift=((0 if spec.opens else 1) - begins) * unit)


def _numbers(log: LogFile, column: int) -> set[int] | None:
    """The different numbers of a column; None where a cell is anything else."""
    found: set[str] = set()
    for _, cells in log.columns([column]):
        found |= _texts(cells[column])
        if len(found) > _MOST:
            return None
    plain = {HOUR_WORD.sub("", text.strip()) for text in found} - {""}
    return {int(text) for text in plain} if plain and all(t.isdecimal() and len(t) <= 4 for t in plain) else None


def _texts(column: object) -> set[str]:
    cells: list[CellValue]
    cells = column if isinstance(column, list) else column.unique().to_pylist()  # type: ignore[attr-defined]
    return {cell_text(cell) for cell in cells if not is_blank(cell)}
