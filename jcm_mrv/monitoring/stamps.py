"""How a log writes its times: recognised from its first rows or stated, never guessed between two readings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.monitoring.zones import micros

_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}(?::\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?)?\s*(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?"
)
_YEAR_FIRST = re.compile(r"\d{4}/\d{1,2}/\d{1,2}(?P<time> \d{1,2}:\d{2}(?P<second>:\d{2})?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?P<time> \d{1,2}:\d{2}(?P<second>:\d{2})?)?")
_WORDS = re.compile(r"YYYY|YY|DD|D|hh|HH|h|H|ss|SS|mm|MM|m|M")
_DIRECTIVES = {"YYYY": "%Y", "YY": "%y", "DD": "%d", "D": "%d", "hh": "%H", "HH": "%H", "h": "%H", "H": "%H"}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

EARLIEST, LATEST = micros(datetime(1950, 1, 1)), micros(datetime(2151, 1, 1))
"""Between these every stamp of a log lies; anything else is a slip of the pen or of a logger without a clock."""

SAMPLES = 200
"""How many of a log's first times are looked at."""


class StampError(JcmMrvError, ValueError):
    """Times that cannot be read, or can be read in two ways."""


@dataclass(frozen=True)
class StampFormat:
    """``pattern`` in strptime directives, empty for ISO 8601; ``offset``: the stamps carry one."""

    pattern: str = ""
    offset: bool = False

    def parse(self, text: str) -> tuple[int, int]:
        """A stamp in microseconds (the instant when it carries an offset, else local time), and that offset.

        Raises ValueError when it is not of this format.
        """
        moment = self.moment(text)
        if (moment.tzinfo is not None) != self.offset:
            raise ValueError("an offset from UTC in some stamps and not in others")
        shift = moment.utcoffset() or timedelta()
        if not EARLIEST <= micros(moment) < LATEST:
            raise ValueError("outside 1950 to 2150")
        return micros(moment), shift // timedelta(microseconds=1)

    def moment(self, text: str) -> datetime:
        """A stamp as datetime. Raises ValueError."""
        text = text.strip()
        if self.pattern:
            return datetime.strptime(text, self.pattern)
        match = _ISO.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is not YYYY-MM-DD hh:mm")
        return datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", ""))


def pattern_of(words: str) -> str:
    """A format as people write it (``DD/MM/YYYY hh:mm``) or in strptime directives, as directives.

    Raises StampError when it names no day, month or year.
    """
    text = words.strip()
    if not text or text.upper().startswith("ISO"):
        return ""
    pattern = text if "%" in text else _from_words(text)
    named = set(re.findall(r"%-?([A-Za-z])", pattern))
    if not ({"Y", "y"} & named and {"m", "b", "B"} & named and "d" in named):
        raise StampError(f"{words!r} does not say where day, month and year stand; write for example DD/MM/YYYY hh:mm")
    return pattern


def _from_words(text: str) -> str:
    """MM is the month before the hours are named, and minutes after them."""
    seen_hour = False
    out: list[str] = []
    last = 0
    for match in _WORDS.finditer(text):
        word = match[0]
        seen_hour = seen_hour or word.lower() in {"h", "hh"}
        if word.lower() in {"m", "mm"}:
            directive = "%M" if seen_hour else "%m"
        else:
            directive = "%S" if word.lower() == "ss" else _DIRECTIVES[word]
        out += [text[last : match.start()], directive]
        last = match.end()
    return "".join([*out, text[last:]])


def recognise(samples: Sequence[str], date_format: str) -> StampFormat:
    """The format of a log's times from its first ones and what the sheet Logs says.

    Raises StampError when the format is none that is certain; the text shows
    how the stamp could be read.
    """
    given = pattern_of(date_format)
    if given:
        return StampFormat(given, offset="%z" in given)
    first = next((s.strip() for s in samples if s.strip()), "")
    iso = _ISO.fullmatch(first)
    if iso:
        return StampFormat("", offset=iso["zone"] is not None)
    year_first = _YEAR_FIRST.fullmatch(first)
    if year_first:
        return StampFormat("%Y/%m/%d" + _clock(year_first))
    raise StampError(_readings_of(first))


def _clock(match: re.Match[str]) -> str:
    return (" %H:%M" + (":%S" if match["second"] else "")) if match["time"] else ""


def _readings_of(text: str) -> str:
    """What a stamp of an unstated format could mean."""
    match = _YEAR_LAST.fullmatch(text)
    if not match:
        return f"{text!r} is in no format that is known without being stated"
    a, mark, b, year = int(match[1]), match[2], int(match[3]), match[4]
    clock = " hh:mm" + (":ss" if match["second"] else "") if match["time"] else ""
    ways = [
        f"{day} {_MONTHS[month - 1]} {year} ({order}{clock})"
        for day, month, order in (
            (a, b, f"DD{mark}MM{mark}{'Y' * len(year)}"),
            (b, a, f"MM{mark}DD{mark}{'Y' * len(year)}"),
        )
        if 1 <= month <= 12 and 1 <= day <= 31
    ]
    return f"{text!r} can be read as " + " or as ".join(ways) if ways else f"{text!r} is not a date"
