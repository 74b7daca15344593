"""Sums of a log by segment of time while its blocks stream past, with the runs without a hole.

The values are kept beside them, so that a span that is asked for later is summed
without reading the file again. Sums are made per day and segment, pairwise, and then added exactly
(``math.fsum``): the result depends neither on how the file was cut into
blocks nor on the order of its rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Instants, Numbers
from jcm_mrv.findings import Code, Finding
from jcm_mrv.logs.blocks import report_overridden
from jcm_mrv.logs.clock_grid import ClockGrid, regular_interval
from jcm_mrv.logs.findings import CONFLICT, INTERVAL, OVERLAP, Problems
from jcm_mrv.logs.kept_rows import KeptRows, LogRows, Shelf, Steps
from jcm_mrv.logs.proven import within
from jcm_mrv.meters.profiles.builder import HourCuts, ProfileBuilder, cut_hours
from jcm_mrv.time.dividing import Runs, divide
from jcm_mrv.time.zones import DAY, MINUTE, naive
from jcm_mrv.words import say

Lines = npt.NDArray[np.int64]

RESET = 0.05
"""A value that falls to this share of the one before it, or less, starts again."""

_LOADS = say(
    "Where each row is one load at a moment (a lorry, a delivery), add a column with the running total and name that "
    "one with the kind register; or write each month's total on the sheet Readings"
)


class NotSortedError(Exception):
    """The rows are not in order of time: read the file again and sort (never leaves the package)."""


@dataclass
class ColumnSums:
    """What is known of one column so far. ``sums`` holds lists of addends by segment.

    ``kept`` are its rows inside the period, each time once, so that they can be
    summed by other segments without reading the file again. In the spans
    ``proven`` an override says what flowed.
    """

    heading: str
    proven: tuple[tuple[int, int], ...] = ()
    sums: dict[int, list[float]] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    first_line: dict[int, int] = field(default_factory=dict)
    straddling: dict[int, int] = field(default_factory=dict)  # edge -> line of the interval across it
    lowest: float = math.inf
    highest: float = -math.inf
    negative: int = 0
    negative_sums: list[float] = field(default_factory=list)
    repeated: int = 0
    repeated_line: int = 0
    rises: int = 0
    falls: int = 0
    resets: int = 0  # falls to next to nothing
    first_start: int | None = None
    first_value: float = 0.0
    runs: list[Runs] = field(default_factory=list)
    last_start: int | None = None
    last_value: float = 0.0
    profile: ProfileBuilder | None = None
    kept: list[KeptRows] = field(default_factory=list)

    def by(self, edges: Instants, interval: int) -> ColumnSums:
        """The same rows summed by other segments; what does not depend on segments stays."""
        other = replace(self, sums={}, counts={}, first_line={}, straddling={}, negative_sums=[])
        for rows in (kept.rows() for kept in self.kept):
            _sum_up(other, rows, cut_rows(rows.start, interval, edges), edges, interval)
        other.negative_sums = self.negative_sums
        return other

    def sum(self, segment: int) -> float:
        """The sum of the values (not yet times hours) in a segment."""
        return math.fsum(self.sums.get(segment, ()))

    def covered(self) -> Runs:
        """The spans without a hole."""
        return Runs.joined(self.runs)


@dataclass(frozen=True)
class _Cells:
    """Where rows are cut: rows i to j lie in segment k; ``across`` are rows that reach over an edge."""

    cells: list[tuple[int, int, int]]
    across: npt.NDArray[np.int64]
    hours: HourCuts


@dataclass
class IntervalSums:
    """The columns of a log that share their times, fed block by block in order of time.

    ``edges`` are the segments' limits; ``interval`` is None where it is to be
    taken from the times.
    """

    columns: list[ColumnSums]
    edges: Instants
    interval: int | None
    opens: bool
    problems: Problems
    inferred: bool = False
    outside: int = 0
    unequal: bool = False
    grid: ClockGrid | None = None
    first_stamp: int | None = None
    _stamp: Instants = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    _line: Lines = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    _values: list[Numbers] = field(default_factory=list)
    _last_stamp: int | None = None
    _shelf: Shelf = field(default_factory=Shelf)

    @property
    def last_stamp(self) -> int | None:
        """The last time of the file so far, as ``first_stamp`` is the first, inside the period or not."""
        return self._last_stamp

    def feed(self, stamp: Instants, line: Lines, values: list[Numbers]) -> None:
        """Take rows; raises NotSortedError when a time lies before an earlier row's."""
        stamp = self._on_grid(stamp)
        if len(self._stamp):
            stamp = np.concatenate((self._stamp, stamp))
            line = np.concatenate((self._line, line))
            values = [np.concatenate(pair) for pair in zip(self._values, values, strict=True)]
        earlier = self._last_stamp is not None and len(stamp) > 0 and int(stamp[0]) < self._last_stamp
        if earlier or bool((np.diff(stamp) < 0).any()):
            raise NotSortedError
        if self.interval is None:
            self._infer(stamp)
        cut = 0 if self.interval is None else self._complete(stamp)
        self._process(stamp[:cut], line[:cut], [v[:cut] for v in values])
        self._stamp, self._line = stamp[cut:].copy(), line[cut:].copy()
        self._values = [v[cut:].copy() for v in values]

    def finish(self) -> None:
        """Take what was kept back."""
        stamp, line, values = self._stamp, self._line, self._values
        if self.interval is None and len(stamp):
            self.problems.add(_no_interval(self.problems, int(line[0])))
            return
        self._process(stamp, line, values)

    def _infer(self, stamp: Instants) -> None:
        """The most frequent distance of the first block; every other distance is checked against it later."""
        steps = np.diff(stamp)
        steps = steps[steps > 0]
        if len(steps):
            sizes, counts = np.unique(steps, return_counts=True)
            self.interval, self.inferred = regular_interval(int(sizes[np.argmax(counts)])), True

    def _on_grid(self, stamp: Instants) -> Instants:
        """Times that a logger's clock wrote a moment early or late, moved to the regular time beside them."""
        if self.interval is None and not len(self._stamp):
            self._infer(stamp)
        if self.interval is None or not len(stamp):
            return stamp
        if self.grid is None:
            self.grid = ClockGrid.of(stamp, self.interval)
        return self.grid.moved_to(stamp)

    def _start(self, stamp: Instants) -> Instants:
        assert self.interval is not None
        return stamp if self.opens else stamp - self.interval

    def _complete(self, stamp: Instants) -> int:
        """How many rows belong to days and segments that are over."""
        if not len(stamp):
            return 0
        start = self._start(stamp)
        last = int(start[-1])
        day = last // DAY * DAY
        edge = int(np.searchsorted(self.edges, last, side="right")) - 1
        floor = max(day, int(self.edges[edge])) if edge >= 0 else day
        return int(np.searchsorted(start, floor, side="left"))

    def _process(self, stamp: Instants, line: Lines, values: list[Numbers]) -> None:
        if not len(stamp):
            return
        assert self.interval is not None
        if self.inferred:
            self._check_steps(stamp, line)
        self.first_stamp = int(stamp[0]) if self.first_stamp is None else self.first_stamp
        self._last_stamp = int(stamp[-1])
        start = self._start(stamp)
        inside = (start + self.interval > self.edges[0]) & (start < self.edges[-1])
        if not inside.all():
            self.outside += int(len(inside) - np.count_nonzero(inside))
            start, line = start[inside], line[inside]
            values = [v[inside] for v in values]
        if len(start):
            self._columns(start, line, values)

    def _columns(self, start: Instants, line: Lines, values: list[Numbers]) -> None:
        """All columns; those without an empty cell share where rows are cut."""
        assert self.interval is not None
        plain = bool((np.diff(start) >= self.interval).all())
        shared = cut_rows(start, self.interval, self.edges) if plain else None
        for column, value in zip(self.columns, values, strict=True):
            known = ~np.isnan(value)
            whole = bool(known.all())
            rows = LogRows(start, line, value) if whole else LogRows(start[known], line[known], value[known])
            if not len(rows.start):
                continue
            if shared is None or not self._follows(column, rows):
                rows = self._without_repeats(column, rows)
                if not len(rows.start):
                    continue
                self._add(column, rows, cut_rows(rows.start, self.interval, self.edges))
            else:
                self._add(column, rows, shared if whole else cut_rows(rows.start, self.interval, self.edges))

    def _follows(self, column: ColumnSums, rows: LogRows) -> bool:
        assert self.interval is not None
        return column.last_start is None or int(rows.start[0]) - column.last_start >= self.interval

    def _without_repeats(self, column: ColumnSums, rows: LogRows) -> LogRows:
        """Rows given twice once; two values for one time, and overlapping intervals, are reported."""
        assert self.interval is not None
        before_start, before_value = _shifted(column, rows)
        step = rows.start - before_start
        same = step == 0
        differs = same & (rows.value != before_value)
        settled = differs & within(rows.start, self.interval, column.proven)
        if settled.any():
            i = int(np.argmax(settled))
            what = say("two different values for one time in the column {heading!r}", heading=column.heading)
            found = say(
                "{rows_value:.15g} and {before_value:.15g}", rows_value=rows.value[i], before_value=before_value[i]
            )
            report_overridden(self.problems, what, int(rows.line[i]), found, int(np.count_nonzero(settled)))
        for i in np.flatnonzero(differs & ~settled).tolist():
            self._report(CONFLICT, say("two different values for one time"), column, rows, i, float(before_value[i]))
        for i in np.flatnonzero((step > 0) & (step < self.interval)).tolist():
            self._report(OVERLAP, say("two intervals overlap"), column, rows, i, float(before_value[i]))
        repeats = same & ~differs
        count = int(np.count_nonzero(repeats))
        if count and not column.repeated:
            column.repeated_line = int(rows.line[np.argmax(repeats)])
        column.repeated += count
        keep = ~same
        return LogRows(rows.start[keep], rows.line[keep], rows.value[keep])

    def _report(self, code: Code, what: str, column: ColumnSums, rows: LogRows, i: int, before: float) -> None:
        self.problems.many(
            code,
            say("{what} in the column {heading!r}", what=what, heading=column.heading),
            say(
                "Correct the log, or the interval or kind of stamp on the sheet Logs; where the logger's clock was set "
                "back, cut the file there, and give each part its row on Logs with the zone that its clock showed. "
                "{loads}",
                loads=_LOADS,
            ),
            int(rows.line[i]),
            say(
                "{rows_value:.15g} at {naive} UTC, {before:.15g} just before",
                rows_value=rows.value[i],
                naive=naive(int(rows.start[i])),
                before=before,
            ),
        )

    def _add(self, column: ColumnSums, rows: LogRows, cut: _Cells) -> None:
        assert self.interval is not None
        least = float(rows.value.min())
        column.lowest = min(column.lowest, least)
        column.highest = max(column.highest, float(rows.value.max()))
        if least < 0:
            column.negative += int(np.count_nonzero(rows.value < 0))
        self._steps(column, rows)
        _sum_up(column, rows, cut, self.edges, self.interval)
        column.kept.append(KeptRows(Steps.of(rows.start), Steps.of(rows.line), self._shelf.keep(rows.value)))
        self._runs(column, rows)
        if column.profile is None:
            column.profile = ProfileBuilder(int(self.edges[0]), int(self.edges[-1]), self.interval)
        column.profile.feed(rows.start, rows.line, rows.value, cut.hours)

    def _steps(self, column: ColumnSums, rows: LogRows) -> None:
        """How often the values rise and fall: a register's hardly ever fall."""
        if column.first_start is None:
            column.first_start, column.first_value = int(rows.start[0]), float(rows.value[0])
            before, after = rows.value[:-1], rows.value[1:]
        else:
            before, after = np.concatenate(([column.last_value], rows.value[:-1])), rows.value
        column.rises += int(np.count_nonzero(after > before))
        fell = after < before
        column.falls += int(np.count_nonzero(fell))
        column.resets += int(np.count_nonzero(fell & (np.abs(after) <= RESET * np.abs(before))))

    def _runs(self, column: ColumnSums, rows: LogRows) -> None:
        assert self.interval is not None
        breaks = np.flatnonzero(np.diff(rows.start) != self.interval)
        opens = np.concatenate(([0], breaks + 1))
        closes = np.concatenate((breaks, [len(rows.start) - 1]))
        column.runs.append(Runs(rows.start[opens], rows.start[closes] + self.interval))
        column.last_start, column.last_value = int(rows.start[-1]), float(rows.value[-1])

    def _check_steps(self, stamp: Instants, line: Lines) -> None:
        """An interval that was taken from the times holds only when all distances agree."""
        before = stamp[:1] if self._last_stamp is None else np.array([self._last_stamp])
        steps = np.diff(np.concatenate((before, stamp)))
        wrong = np.flatnonzero((steps != 0) & (steps != self.interval))
        if len(wrong) and not self.unequal:
            assert self.interval is not None
            self.unequal = True
            i = int(wrong[0])
            self.problems.add(
                INTERVAL(
                    say("the distance between the times varies, so that the length of the interval is not certain"),
                    self.problems.at(int(line[i])),
                    found=say(
                        "{steps:g} minutes, elsewhere {interval:g}",
                        steps=steps[i] / MINUTE,
                        interval=self.interval / MINUTE,
                    ),
                    action=say("State the interval in minutes on the sheet Logs. {loads}", loads=_LOADS),
                )
            )


def _sum_up(column: ColumnSums, rows: LogRows, cut: _Cells, edges: Instants, interval: int) -> None:
    """Add rows to the sums of their segments."""
    negative = bool((rows.value < 0).any())
    for i, j, segment in cut.cells:
        piece = rows.value[i:j]
        column.sums.setdefault(segment, []).append(float(piece.sum()))
        column.counts[segment] = column.counts.get(segment, 0) + j - i
        column.first_line.setdefault(segment, int(rows.line[i]))
        if negative:
            column.negative_sums.append(float(np.minimum(piece, 0.0).sum()))
    if len(cut.across):
        _divide(column, rows, cut.across, edges, interval)


def _divide(column: ColumnSums, rows: LogRows, across: npt.NDArray[np.int64], edges: Instants, interval: int) -> None:
    """Intervals over an edge: each segment gets its share by time."""
    start = rows.start[across]
    pieces = divide(start, start + interval, edges)
    counted: set[int] = set()
    for row, segment, share in zip(pieces.row.tolist(), pieces.segment.tolist(), pieces.share.tolist(), strict=True):
        value, line = float(rows.value[across[row]]), int(rows.line[across[row]])
        column.sums.setdefault(segment, []).append(value * share)
        column.first_line.setdefault(segment, line)
        if row not in counted:
            counted.add(row)
            column.counts[segment] = column.counts.get(segment, 0) + 1
        else:
            column.straddling[int(edges[segment])] = line
        if value < 0:
            column.negative_sums.append(value * share)


def _no_interval(problems: Problems, line: int) -> Finding:
    return INTERVAL(
        say("the log has too few rows to take the length of its interval from"),
        problems.at(line),
        action=say("State the interval in minutes on the sheet Logs"),
    )


def _shifted(column: ColumnSums, rows: LogRows) -> tuple[Instants, Numbers]:
    """For each row the time and value of the row before it."""
    first = column.last_start if column.last_start is not None else int(rows.start[0]) - 2**40
    before_start = np.concatenate(([first], rows.start[:-1]))
    return before_start, np.concatenate(([column.last_value], rows.value[:-1]))


def cut_rows(start: Instants, interval: int, edges: Instants) -> _Cells:
    """Cut sorted rows at days and edges; rows that reach over an edge stand apart."""
    first, last = int(start[0]), int(start[-1])
    days = np.arange(first // DAY + 1, last // DAY + 1, dtype=np.int64) * DAY
    at_days = np.searchsorted(start, days, side="left")
    after = np.searchsorted(start, edges, side="left")
    reach = np.searchsorted(start, edges - interval, side="right")
    across = np.unique(np.concatenate([np.arange(a, b, dtype=np.int64) for a, b in zip(reach, after, strict=True)]))
    limits = np.unique(np.concatenate((at_days, after, across, across + 1, [0, len(start)])))
    segment = np.searchsorted(edges, start[limits[:-1]], side="right") - 1
    apart = set(across.tolist())
    cells = [
        (i, j, k)
        for i, j, k in zip(limits[:-1].tolist(), limits[1:].tolist(), segment.tolist(), strict=True)
        if i not in apart
    ]
    return _Cells(cells, across, cut_hours(start, interval, int(edges[0])))
