"""Logs in which each value names both ends of its interval: in one cell, or in two columns (From + To).

Both ends are read: an interval that does not end after it begins, and one of another length than is stated or than the
others have, is refused with its line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from jcm_mrv.findings import Finding
from jcm_mrv.logs import findings as codes
from jcm_mrv.logs.blocks import Block, Plan, Stretch, careful_block
from jcm_mrv.logs.cells import CellValue, cell_text, is_blank, is_time
from jcm_mrv.logs.findings import Problems
from jcm_mrv.logs.spec import LogSpec
from jcm_mrv.logs.survey import LogFile
from jcm_mrv.logs.table import Table
from jcm_mrv.time.last_moment import last_moment
from jcm_mrv.time.timestamp_words import clock_of, take_apart
from jcm_mrv.time.timestamps import SAMPLES
from jcm_mrv.time.zones import DAY, HOUR, MINUTE, SECOND, transitions
from jcm_mrv.words import say

_SHORTEST_DAY = 23 * HOUR


def are_ends(log: LogFile, first: int, second: int) -> bool:
    """True where two columns hold moments, not days and times of day: both are whole times, or the first says hours."""
    starts, ends = log.samples(first, SAMPLES), log.samples(second, SAMPLES)
    if not starts or not ends or not _most(is_time(text) for text in starts):
        return False
    whole = _most(is_time(text) and clock_of(text) is None for text in ends)
    timed = any(words is not None and words.clock for words in map(take_apart, starts))  # not midnight alone
    return whole or (timed and _most(clock_of(text) is not None for text in ends))


def _most(flags: Iterable[bool]) -> bool:
    """True for most: a broken cell says nothing of its column."""
    listed = list(flags)
    return 2 * sum(listed) > len(listed)


@dataclass
class SpanLog:
    """A log as if its columns ``first`` and ``second``, where its intervals begin and end, were one of spans."""

    log: LogFile
    first: int
    second: int
    typed: bool
    table: Table = field(init=False)
    sheet: str = field(init=False)
    encoding: str = field(init=False)
    sha256: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self.table, self.sheet, self.encoding = self.log.table, self.log.sheet, self.log.encoding

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the file."""
        return self.log.headings

    @property
    def unclear(self) -> set[int]:
        """Columns in which nothing shows whether a point is the decimal mark."""
        return self.log.unclear

    def samples(self, column: int, count: int) -> list[str]:
        """The first texts of a column."""
        if column != self.first:
            return self.log.samples(column, count)
        pairs = zip(self.log.samples(self.first, count), self.log.samples(self.second, count), strict=False)
        return [f"{start} / {end}" for start, end in pairs]

    def columns(self, columns: Sequence[int]) -> Iterator[Stretch]:
        """Whole columns, that of the beginnings with the ends joined on."""
        wanted = sorted({*columns, self.second} if self.first in columns else {*columns})
        for lines, found in self.log.columns(wanted):
            cells = {c: _listed(found[c]) for c in wanted}
            if self.first in cells:
                cells[self.first] = [_joined(a, b) for a, b in zip(cells[self.first], cells[self.second], strict=True)]
            yield lines, {c: cells[c] for c in columns}
        self.sha256 = self.log.sha256

    def blocks(self, plan: Plan, problems: Problems) -> Generator[Block, None, None]:
        """All rows, stretch by stretch."""
        width = range(len(self.headings))
        for lines, cells in self.columns(width):
            rows = ((line, [cells[c][n] for c in width]) for n, line in enumerate(lines))
            filled = ((line, row) for line, row in rows if not all(is_blank(cell) for cell in row))
            yield careful_block(filled, plan, problems, typed=self.typed)


def _listed(column: object) -> list[CellValue]:
    if isinstance(column, list):
        return column
    return list(column.to_pylist())  # type: ignore[attr-defined]


def _joined(start: CellValue, end: CellValue) -> CellValue:
    if is_blank(start) or is_blank(end):
        return start if is_blank(end) else end
    return f"{_text(start)} / {_text(end)}"


def _text(cell: CellValue) -> str:
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell_text(cell).strip()


@dataclass(frozen=True)
class Length:
    """The ``one`` length of all spans, None where it is that of days or months; and how much of each lies after its
    end, where that is the ``last`` day, minute or second that belongs to it.
    """

    one: int | None
    last: int


def length_of(log: LogFile, plan: Plan, specs: list[LogSpec], problems: Problems) -> Length | None:
    """How long the spans are; None, with findings, where they contradict each other or the sheet Logs.

    Days and months, which the calendar makes longer or shorter, are not compared.
    """
    lengths: dict[int, tuple[int, str]] = {}
    spans: set[tuple[int, int]] = set()
    days = True
    begins, ends = replace(plan.stamp, half=1), replace(plan.stamp, half=2)
    for lines, cells in log.columns([plan.time]):
        for line, cell in zip(lines, _listed(cells[plan.time]), strict=True):
            text = cell_text(cell).strip()
            try:
                begin, end = begins.parse(text)[0], ends.parse(text)[0]
            except (ValueError, OverflowError):
                continue  # no span: a remark, or a fault that is reported with its line when the rows are read
            if end - begin not in lengths and not lengths.keys() & _by_the_clock(begin, end, plan):
                lengths[end - begin] = (line, text)
            spans.add((begin, end))
            days = days and begin % DAY == end % DAY == 0
    last = last_moment(Counter(b - a for (_, a), (b, _) in pairwise(sorted(spans))), days=days)
    if last:
        problems.add(_inclusive(last, next(iter(lengths.values())), problems))
        lengths = {length + last: place for length, place in lengths.items()}
    found = list(_findings(lengths, specs, problems))
    problems.extend(found)
    only = next(iter(lengths)) if len(lengths) == 1 else _SHORTEST_DAY
    return None if found else Length(only if only < _SHORTEST_DAY else None, last)


def _by_the_clock(begin: int, end: int, plan: Plan) -> set[int]:
    """How long a span really is in which the clock that its times are read from was put on or back."""
    if plan.stamp.offset or plan.zone is None or end - begin >= _SHORTEST_DAY:
        return set()
    changes = transitions(plan.zone, begin - DAY, end + DAY)
    return {
        end - begin + before - after
        for at, before, after in changes
        if begin < at + max(before, after) and at + min(before, after) < end + max(before - after, 0)
    }


def _inclusive(last: int, place: tuple[int, str], problems: Problems) -> Finding:
    unit = {DAY: say("day"), MINUTE: say("minute"), SECOND: say("second")}[last]
    return codes.INFERRED(
        say("the intervals of the log end with their last {unit}: each ends where the next begins", unit=unit),
        problems.at(place[0]),
        found=place[1][:60],
        action=say("Nothing, if the {unit} that stands under To still belongs to the value", unit=unit),
    )


def _findings(lengths: dict[int, tuple[int, str]], specs: list[LogSpec], problems: Problems) -> Iterator[Finding]:
    for length, (line, text) in lengths.items():
        if length <= 0:
            yield codes.INTERVAL(
                say("an interval does not end after it begins"),
                problems.at(line),
                found=text[:60],
                action=say(
                    "Correct the Time column on the sheet Logs (From + To, in this order), or export the log again"
                ),
            )
            return
    stated = {s.interval for s in specs if s.kind != "register" and s.interval is not None}
    usual = next(iter(stated)) if len(stated) == 1 else next(iter(lengths), 0)
    if not any(s.kind != "register" for s in specs) or usual >= _SHORTEST_DAY:
        return
    for length, (line, text) in lengths.items():
        if length != usual:
            what = say("is stated") if stated else say("the first has")
            yield codes.INTERVAL(
                say(
                    "an interval of {length:g} minutes, where {usual:g} {what}",
                    length=length / MINUTE,
                    usual=usual / MINUTE,
                    what=what,
                ),
                problems.at(line),
                found=text[:60],
                action=say(
                    "Correct the interval on the sheet Logs; where intervals really differ in length, export the "
                    "register's readings or one length"
                ),
            )
            return
