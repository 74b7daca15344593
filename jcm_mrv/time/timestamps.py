"""How a log writes its times: stated, plain from its first rows, or proven by the whole column; never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.time.timestamp_words import BUDDHIST_FROM, MONTHS, Words, epoch_micros, halves, take_apart
from jcm_mrv.time.zones import micros, naive
from jcm_mrv.words import say

_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}(?::\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?)?\s*(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?"
)
_YEAR_FIRST = re.compile(r"\d{4}/\d{1,2}/\d{1,2}(?P<time> \d{1,2}:\d{2}(?P<second>:\d{2})?)?")
_WORDS = re.compile(
    r"YYYY|YY|dddd|ddd|DD|hh|HH|ss|SS|MMMM|MMM|mm|MM|AM/PM|tt|(?<![^\W\d_])[DhHmM](?![^\W\d_年月日時分秒时])"
)
"""A letter that stands alone is a number; within a word (``tháng``, ``năm``) it is none."""
_DIRECTIVES = {"YYYY": "%Y", "YY": "%y", "DD": "%d", "D": "%d", "AM/PM": "%p", "tt": "%p", "ddd": "%a", "dddd": "%A",
               "MMM": "%b", "MMMM": "%B"}  # fmt: skip
_LAST_MIDNIGHT = re.compile(r"(?<![\d:])24:00(:00)?(?![\d:])")

_TRIAL = datetime(2001, 12, 31, 10, 20, 30, tzinfo=UTC)

EARLIEST, LATEST = micros(datetime(1950, 1, 1)), micros(datetime(2151, 1, 1))
"""Between these every timestamp of a log lies; anything else is a typing error or a logger without a clock."""

SAMPLES = 200
"""How many of a log's first times are looked at."""


class TimestampError(JcmMrvError, ValueError):
    """Times that cannot be read, or can be read in two ways."""


@dataclass(frozen=True)
class TimestampFormat:
    """``pattern`` in strptime directives, empty for ISO 8601; ``offset``: the timestamps carry one.

    ``order`` is set where a whole column was looked at: timestamps are then read
    by :func:`~jcm_mrv.time.timestamp_words.take_apart`, and where a date
    has several readings (DMY, MDY, YMD) that one is meant. ``half``: each
    text is a span, of which the beginning (1) or the end (2) is meant.
    """

    pattern: str = ""
    offset: bool = False
    order: str = ""
    half: int = 0

    def parse(self, text: str) -> tuple[int, int]:
        """A timestamp in microseconds (the instant when it carries an offset, else local time), and that offset.

        Raises ValueError when it is not of this format.
        """
        if self.half:
            return replace(self, half=0).parse(self.own(text))
        if self.order:
            return self._in_order(text), 0
        moment = self.moment(text)
        if (moment.tzinfo is not None) != self.offset:
            raise ValueError("an offset from UTC in some timestamps and not in others")
        shift = moment.utcoffset() or timedelta()
        if not EARLIEST <= micros(moment) < LATEST:
            raise ValueError("outside 1950 to 2150")
        return micros(moment), shift // timedelta(microseconds=1)

    def own(self, text: str) -> str:
        """The half of a span that is meant, or the text where it is none. Raises ValueError for a span cut off."""
        if not self.half:
            return text
        both = halves(text)
        if both is None:
            raise ValueError(f"{text!r} is no span of time")
        return both[self.half - 1]

    def _in_order(self, text: str) -> int:
        words = take_apart(text)
        count = None if words is None else reading(words, self.order)
        if count is None or not EARLIEST <= count < LATEST:
            raise ValueError(f"{text!r} is not a date of the order {self.order}")
        return count

    def moment(self, text: str) -> datetime:
        """A timestamp as datetime. Raises ValueError."""
        text = text.strip()
        if self.pattern:
            if _LAST_MIDNIGHT.search(text):
                return datetime.strptime(_LAST_MIDNIGHT.sub(r"00:00\1", text), self.pattern) + timedelta(days=1)
            return datetime.strptime(text, self.pattern)
        match = _ISO.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not YYYY-MM-DD hh:mm")
        return datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", ""))


def reading(words: Words, order: str) -> int | None:
    """The local microseconds of a timestamp under an order of day, month and year; None where it is no date then."""
    return next((midnight + words.clock for way, midnight in words.ways if way == order), None)


@lru_cache(maxsize=10_000)
def looks_like_time(text: str) -> bool:
    """True for a date, with or without a time of day, in any form that is known; not for a plain number."""
    if _ISO.fullmatch(text.strip()):
        return True
    if halves(text) is not None:
        return True
    words = take_apart(text)
    return words is not None and not words.serial


def pattern_of(words: str) -> str:
    """A format as people write it (``DD/MM/YYYY hh:mm``) or in strptime directives, as directives.

    Raises TimestampError when it names no day, month or year.
    """
    text = words.strip()
    if not text or text.upper().startswith("ISO"):
        return ""
    pattern = text if "%" in text else _from_words(text)
    named = set(re.findall(r"%-?([A-Za-z])", pattern))
    if not ({"Y", "y"} & named and {"m", "b", "B"} & named and "d" in named):
        raise TimestampError(
            say(
                "{words!r} does not say where day, month and year stand; write for example DD/MM/YYYY hh:mm",
                words=words,
            )
        )
    _try_out(words, pattern)
    return pattern


def _try_out(words: str, pattern: str) -> None:
    """Raises TimestampError for a pattern that names something twice, or what there is not."""
    try:
        datetime.strptime(_TRIAL.strftime(pattern), pattern)
    except (ValueError, re.error) as error:
        raise TimestampError(
            say(
                "{words!r} names something twice or in a way that is not known; name year, month, day, hours and "
                "minutes once each, as in DD/MM/YYYY hh:mm, or as directives, %d/%m/%Y %H:%M",
                words=words,
            )
        ) from error


def _from_words(text: str) -> str:
    """MM is the month before the hours are named, and minutes after them; beside mm it always is the month."""
    seen_hour = False
    both = {"mm", "MM"} <= {match[0] for match in _WORDS.finditer(text)}
    hour = "%I" if "AM/PM" in text or "tt" in text else "%H"
    out: list[str] = []
    last = 0
    for match in _WORDS.finditer(text):
        word = match[0]
        seen_hour = seen_hour or word.lower() in {"h", "hh"}
        if word.lower() in {"m", "mm"}:
            directive = "%M" if (word == "mm" if both else seen_hour) else "%m"
        elif word.lower() in {"h", "hh"}:
            directive = hour
        else:
            directive = "%S" if word.lower() == "ss" else _DIRECTIVES[word]
        out += [text[last : match.start()], directive]
        last = match.end()
    return "".join([*out, text[last:]])


def recognise(samples: Sequence[str], date_format: str, *, at_start: bool = True) -> TimestampFormat | None:
    """The format of a log's times from its first ones and what the sheet Logs says.

    None where only the whole column can show it (see
    :class:`~jcm_mrv.logs.timestamps.TimestampEvidence`). Raises TimestampError for a
    stated format that is none. Of spans (``00:00 - 01:00``) the beginning is
    meant where a time is the start of its interval, else the end.
    """
    spans = [halves(sample) for sample in samples[:1]]
    if spans and spans[0] is not None:
        which = 1 if at_start else 2
        found = recognise([spans[0][which - 1]], date_format)
        return None if found is None else replace(found, half=which)
    given = pattern_of(date_format)
    if given:
        return TimestampFormat(given, offset="%z" in given)
    first = next((s.strip() for s in samples if s.strip()), "")
    iso = _ISO.fullmatch(first)
    if epoch_micros(first) is not None:
        return TimestampFormat(order="EPOCH", offset=True)
    if iso and int(first[:4]) < BUDDHIST_FROM:
        return TimestampFormat("", offset=iso["zone"] is not None)
    year_first = _YEAR_FIRST.fullmatch(first)
    plain = year_first is not None and int(first[:4]) < BUDDHIST_FROM
    return TimestampFormat("%Y/%m/%d" + _clock(year_first)) if year_first and plain else None


def _clock(match: re.Match[str]) -> str:
    return (" %H:%M" + (":%S" if match["second"] else "")) if match["time"] else ""


def readings_of(text: str) -> str:
    """What a timestamp could mean, each way with its name."""
    words = take_apart(text)
    if words is None:
        return say("{text!r} is in no format that is known without being stated", text=text)
    ways = [f"{_day(naive(midnight))} ({_order_words(order, words)})" for order, midnight in words.ways]
    return say("{text!r} can be read as ", text=text) + " or as ".join(ways)


def _day(moment: datetime) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _order_words(order: str, words: Words) -> str:
    """``DD/MM/YYYY hh:mm``, as the sheet Logs takes it."""
    mark, year = words.marks[:1], words.marks[1:]
    names = {"D": "DD", "M": "MM", "Y": year}
    text = words.marks if order == "KNOWN" else mark.join(names[letter] for letter in order)
    return text + (" hh:mm" if words.timed else "")
