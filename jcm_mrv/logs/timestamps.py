"""The format of a log's times from its whole column: what is certain of every stamp, and of all together."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from jcm_mrv.arrays import Instants, Ordinals, taken
from jcm_mrv.logs.halves import Halves, halves_of
from jcm_mrv.logs.masked import whole
from jcm_mrv.time.timestamp_words import Words, clock_of, take_apart
from jcm_mrv.time.timestamps import EARLIEST, LATEST, TimestampError, TimestampFormat, reading, readings_of
from jcm_mrv.time.zones import DAY, naive
from jcm_mrv.words import say

if TYPE_CHECKING:
    import pyarrow as pa

ENOUGH = 4
"""Different times from which on a regular interval is taken for a proof of how dates are to be read."""

_ORDERS = ("DMY", "MDY", "YMD")

LEAST_OF_DENSITY, DENSE, SPARSE = 24, 0.7, 0.2
"""Times, and shares of their span that they fill, from which on one order of day and month is proven."""

MOST = 2_000_000
"""Different times that are kept; a log with more of them has to show its order of day and month by its dates."""


MOST_APART = 100
"""Texts without a space in a stretch of times up to which all others are taken at once."""

_PER_DAY, _NEVER = DAY + 1, -(2**62)


@dataclass
class TimestampEvidence:
    """The times of one column. Days and times of day are taken apart once, however often they stand in the log."""

    days: dict[str, int] = field(default_factory=dict)
    words: list[Words | None] = field(default_factory=list)
    first: list[tuple[int, str]] = field(default_factory=list)
    half: TimestampFormat = field(default_factory=TimestampFormat)
    _rows: array[int] = field(default_factory=lambda: array("q"))  # place of the day and time of day, see _PER_DAY

    def add(self, text: str, line: int) -> None:
        """Take a stamp of the column."""
        plain = self._own(text.strip()) if self.half.half else text.strip()
        head, _, tail = plain.partition(" ")
        clock = clock_of(tail) if tail else None
        index = self.days.get(head) if clock is not None else None
        if clock is not None and index is None:
            words = take_apart(head)
            if words is not None and not words.timed:
                index = self._new(head, words, line, plain)
        if index is None:
            clock, index = 0, self.days.get(plain)
            if index is None:
                index = self._new(plain, take_apart(plain), line, plain)
        assert clock is not None
        self._rows.append(index * _PER_DAY + clock)
        self._keep_to_limit()

    def add_many(self, texts: pa.StringArray | pa.ChunkedArray, lines: Sequence[int]) -> None:
        """Take a stretch of the column, at once where every text is a day, a space and a time of day."""
        plain = whole(texts)
        halves = halves_of(plain)
        if isinstance(halves, Halves) and self._add_halves(halves, plain, lines):
            return
        apart: Sequence[int] = range(len(plain))
        if not isinstance(halves, Halves) and len(halves) <= MOST_APART:
            apart = halves.tolist()
        first = 0
        for row in (*apart, len(plain)):
            if row > first:
                self.add_many(plain.slice(first, row - first), lines[first:row])
            if row < len(plain) and (text := plain[row].as_py()).strip():
                self.add(text, lines[row])
            first = row + 1

    def _add_halves(self, halves: Halves, texts: pa.StringArray, lines: Sequence[int]) -> bool:
        clocks = [clock_of(text) if text == text.strip() else None for text in halves.tails.values()]
        if self.half.half or not all(map(self._is_day, halves.heads.values())):
            return False
        known = [clock for clock in clocks if clock is not None]
        if len(known) < len(clocks):
            return False
        for n, head in halves.heads.items():  # in the order of the file
            if head not in self.days:
                row = int(np.argmax(halves.days == n))
                self._new(head, take_apart(head), lines[row], texts[row].as_py())
        rows = halves.sums([self.days[head] * _PER_DAY for head in halves.heads.values()], known)
        self._rows.frombytes(rows.tobytes())
        self._keep_to_limit()
        return True

    def _is_day(self, text: str) -> bool:
        """True for the text of a day that a time of day may follow."""
        if text in self.days:
            return True
        words = take_apart(text) if text == text.strip() else None
        return words is not None and not words.timed

    def _keep_to_limit(self) -> None:
        if len(self._rows) > 2 * MOST:
            self._rows = array("q", self._different().tobytes())

    def _different(self) -> Ordinals:
        """The rows, each once, in the order of the file; of too many the first."""
        rows = np.frombuffer(self._rows, dtype=np.int64)
        return rows if len(rows) <= MOST else rows[np.sort(np.unique(rows, return_index=True)[1])][:MOST]

    @property
    def clocks(self) -> Instants:
        """The times of day [microseconds]."""
        return self._different() % _PER_DAY

    def _own(self, text: str) -> str:
        """The half of a span that is meant."""
        try:
            return self.half.own(text)
        except ValueError:
            return text

    def _new(self, key: str, words: Words | None, line: int, text: str) -> int:
        index = self.days[key] = len(self.words)
        self.words.append(words)
        self.first.append((line, text))
        return index

    def decide(self) -> TimestampFormat:
        """The format of the column; stamps that are in none do not count. Raises TimestampError."""
        return replace(self._decided(), half=self.half.half)

    def _decided(self) -> TimestampFormat:
        known = [(w, *place) for w, place in zip(self.words, self.first, strict=True) if w is not None]
        if not known:
            raise TimestampError(readings_of(self.first[0][1]) if self.first else say("there is no time"))
        plain = [w for w, _, _ in known if w.ways[0][0] == "KNOWN"]
        open_ways = [(w, line, text) for w, line, text in known if w.ways[0][0] not in ("KNOWN", "SERIAL", "EPOCH")]
        if plain:
            return TimestampFormat(order="KNOWN")  # a stamp of another kind is a fault of its line
        if not open_ways:
            epoch = known[0][0].ways[0][0] == "EPOCH"
            return TimestampFormat(order="EPOCH", offset=True) if epoch else TimestampFormat(order="SERIAL")
        orders = [order for order in _ORDERS if all(_has(w, order) for w, _, _ in open_ways)]
        if not orders:
            raise TimestampError(_contradiction(open_ways))
        if len(orders) > 1 and _agree([w for w, _, _ in open_ways], orders):
            orders = orders[:1]
        if len(orders) > 1:
            regular = [order for order in orders if _is_regular(self._stamps(order))] or self._dense(orders)
            if len(regular) != 1:
                raise TimestampError(
                    say(
                        "{readings_of}, and no other time of the column shows which",
                        readings_of=readings_of(open_ways[0][2]),
                    )
                )
            orders = regular
        return TimestampFormat(order=orders[0])

    def _dense(self, orders: list[str]) -> list[str]:
        """The orders under which the times follow each other; under a wrong one a day's hours lie a month apart."""
        shares = {order: _density(self._stamps(order)) for order in orders}
        return [order for order, share in shares.items() if share >= DENSE] if min(shares.values()) <= SPARSE else []

    def proof(self, stamp: TimestampFormat) -> str:
        """What shows the order of day and month that was decided; "" where the dates are plain."""
        if stamp.order not in _ORDERS:
            return ""
        dated = list(zip(self.words, self.first, strict=True))
        known = [(w, place) for w, place in dated if w is not None and w.ways and not w.serial]
        alone = min((place for w, place in known if {way for way, _ in w.ways} == {stamp.order}), default=None)
        if alone is not None:
            return say("{alone!r} (line {alone_2}) is a date in this order alone", alone=alone[1], alone_2=alone[0])
        if sum(all(_has(w, order) for w, _ in known) for order in _ORDERS) > 1:
            return say("in this order alone the times are evenly spaced")
        return say("no other order fits all times")

    @property
    def iso(self) -> bool:
        """True where every time is YYYY-MM-DD hh:mm, none of them 24:00."""
        return all(w is not None and w.marks == "YYYY-MM-DD" for w in self.words) and not self.ends_days

    @property
    def ends_days(self) -> bool:
        """True where a time is written as 24:00, the end of its day."""
        return bool((self.clocks == DAY).any())

    def span(self, stamp: TimestampFormat) -> tuple[int, int, int]:
        """First and last time (local microseconds) and the most frequent distance (0: none) under a format."""
        stamps = self._stamps(stamp.order)
        steps = np.diff(stamps)
        if not len(stamps):
            return 0, 0, 0
        sizes, counts = np.unique(steps, return_counts=True)
        return int(stamps[0]), int(stamps[-1]), int(sizes[np.argmax(counts)]) if len(sizes) else 0

    def _stamps(self, order: str) -> Instants:
        """All times under an order, sorted, each once."""
        midnights = np.array([_midnight(words, order) for words in self.words], dtype=np.int64)
        place, clock = np.divmod(self._different(), _PER_DAY)
        found = midnights[place]
        stamps: Instants = np.sort((found + clock)[found != _NEVER])
        return taken(stamps, np.flatnonzero(np.diff(stamps, prepend=_NEVER)))


def _midnight(words: Words | None, order: str) -> int:
    count = None if words is None else reading(words, order)
    return _NEVER if count is None or not EARLIEST <= count < LATEST else count


def _agree(words: list[Words], orders: list[str]) -> bool:
    """True where every date is the same day under all orders: 02.02.2024."""
    return all(len({midnight for way, midnight in one.ways if way in orders}) == 1 for one in words)


def _density(stamps: Instants) -> float:
    """The share of the time between first and last that the most frequent distance fills; 0 for a few times."""
    if not LEAST_OF_DENSITY <= len(stamps) < MOST:
        return 0.5  # neither dense nor sparse
    sizes, counts = np.unique(np.diff(stamps), return_counts=True)
    return float(sizes[np.argmax(counts)]) * len(stamps) / float(stamps[-1] - stamps[0])


def _has(words: Words, order: str) -> bool:
    return any(way == order for way, _ in words.ways)


def _contradiction(open_ways: list[tuple[Words, int, str]]) -> str:
    """Two stamps that cannot have the same order of day, month and year."""
    _, line, text = open_ways[0]
    orders = {way for way, _ in open_ways[0][0].ways}
    for words, other, second in open_ways[1:]:
        orders &= {way for way, _ in words.ways}
        if not orders:
            return say(
                "no order of day, month and year fits both {text!r} (line {line}) and {second!r} (line {other})",
                text=text,
                line=line,
                second=second,
                other=other,
            )
    return readings_of(text)


def _is_regular(stamps: Instants) -> bool:
    """True for enough times at one distance, of minutes and days or of months."""
    if not ENOUGH <= len(stamps) < MOST:
        return False
    steps = np.diff(stamps)
    if bool((steps == steps[0]).all()):
        return True
    if bool((stamps % DAY != stamps[0] % DAY).any()) or len(stamps) > 1000:
        return False
    moments = [naive(count) for count in stamps.tolist()]
    months = np.diff(np.array([m.year * 12 + m.month for m in moments]))
    return len({m.day for m in moments}) == 1 and bool((months == months[0]).all()) and int(months[0]) > 0
