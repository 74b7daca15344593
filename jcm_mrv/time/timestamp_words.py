"""A time as people and loggers write it, taken apart: fields of the date, time of day, and what is certain of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from jcm_mrv.time.zones import DAY, HOUR, MINUTE, SECOND, micros
from jcm_mrv.words import say

ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
"""Year 1 of a Japanese era is the year after this one (Reiwa 1 is 2019)."""

BUDDHIST, BUDDHIST_FROM = 543, 2450
"""Years of the Buddhist era (Thailand) are so many more; no other year of a log lies so far ahead."""

BUDDHIST_SHORT = 56
"""Two digits of a year from which on they are of that era: 56 is 2556, which is 2013; no log is from 2056 or 1956."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_OTHER_MONTHS = (
    say("jänner januar enero ene janvier janv gennaio gen janeiro januari มกราคม ม.ค"),
    say("februar febrero février févr fevrier febbraio fevereiro fev fév februari pebruari กุมภาพันธ์ ก.พ"),
    say("märz mär marzo mars março maret mrt maart มีนาคม มี.ค"),
    say("abril abr avril avr aprile abril เมษายน เม.ย"),
    say("mai mayo maggio mag maio mei พฤษภาคม พ.ค"),
    say("juni junio juin giugno giu junho มิถุนายน มิ.ย"),
    say("juli julio juillet juil luglio lug julho กรกฎาคม ก.ค"),
    say("agosto ago août aout agustus agu agt ส.ค สิงหาคม"),
    say("septiembre septembre settembre set setembro กันยายน ก.ย"),
    say("oktober okt octubre octobre ottobre ott outubro out ตุลาคม ต.ค"),
    say("noviembre novembre novembro nopember พฤศจิกายน พ.ย"),
    say("dezember dez diciembre dic décembre déc decembre dicembre dezembro desember des ธันวาคม ธ.ค"),
)
_MONTH_OF = {
    unicodedata.normalize("NFKC", name): n for n, names in enumerate(_OTHER_MONTHS, start=1) for name in names.split()
}
"""Months in German, Spanish, French, Italian, Portuguese, Indonesian, Dutch and Thai, where no English ones."""

_LONGEST = 60  # characters of a time
_SHORTEST_SPAN = 12  # 1/2/24 ~ 3:00 and the like

SERIAL_FROM, SERIAL_TO = 18264.0, 91676.0  # 1950-01-01 and 2151-01-01 as Excel counts days
_SERIAL_ZERO = micros(datetime(1899, 12, 30))

_HALVES = {"am": 0, "a.m.": 0, "午前": 0, "sa": 0, "pm": 12, "p.m.": 12, "午後": 12, "ch": 12}
_HALF = r"(?:AM|PM|A\.M\.|P\.M\.|SA|CH|午前|午後)"
_SPACED_HALF = re.compile(r"\b([ap])\.?\s?m\.(?!\w)", re.I)
_CLOCK_WITH_H = re.compile(r"(\d{1,2})h(\d{2})(?!\d)", re.ASCII)
_CLOCK_FIRST = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?),? (?=\d{1,4}[-/.])", re.I | re.ASCII)
_CLOCK = re.compile(
    rf"(?P<before>AM|PM|A\.M\.|P\.M\.|午前|午後)?\s*(?P<h>\d{{1,2}})(?::(?P<m>\d{{2}})(?::(?P<s>\d{{2}})(?:[.,](?P<f>\d{{1,9}}))?)?)?"
    rf"\s*(?P<after>{_HALF})?",
    re.IGNORECASE | re.ASCII,
)
_JAPANESE_CLOCK = re.compile(r"(\d{1,2})時(?:(\d{1,2})分(?:(\d{1,2})秒)?)?", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})(?![\d:])", re.ASCII)
_JAPANESE = re.compile(
    r"(?:(?P<era>令和|平成|[RH])\s*(?P<n>\d{1,2}|元)|(?P<year>\d{4}))\s*[年/.\-]\s*(?P<month>\d{1,2})\s*[月/.\-]\s*"
    r"(?P<day>\d{1,2})(?![\d:])\s*日?",
    re.ASCII,
)
_NAME = r"([^\W\d_][^\d\s/,\-]{1,12}?)\.?"
_DAY_NAME = re.compile(rf"([0-9]{{1,2}})\.?[\s/.\-]{_NAME},?[\s/.\-]([0-9]{{4}}|[0-9]{{2}})(?![\d:])")
_NAME_DAY = re.compile(rf"{_NAME}[\s/.\-]([0-9]{{1,2}}),?[\s/.\-]([0-9]{{4}})(?![\d:])")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:[ T]?(\d{2}):?(\d{2})(?::?(\d{2}))?)?", re.ASCII)
_MONTH_ONLY = (
    (re.compile(r"(?P<y>(?:19|20|25)\d{2})[-/.](?P<m>\d{1,2})", re.ASCII), "YYYY-MM"),
    (re.compile(r"(?P<m>\d{1,2})[-/.](?P<y>(?:19|20|25)\d{2})", re.ASCII), "MM/YYYY"),
    (re.compile(r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月(?:分|度)?", re.ASCII), "YYYY年MM月"),
    (re.compile(r"(?:tháng|thang|T|bulan)\s*(?P<m>\d{1,2})\s*[-/. ]\s*(?P<y>\d{4})", re.ASCII | re.I), "MM/YYYY"),
    (re.compile(r"(?P<name>[^\W\d_][^\d\s/,\-]{1,12}?)\.?[\s/.\-']+(?P<y>[0-9]{4}|[0-9]{2})"), "MMM YYYY"),
)
_EPOCH = re.compile(r"(\d{10}|\d{13}|\d{16})(?:[.,]\d{1,6})?", re.ASCII)
_BETWEEN = re.compile(r"^(?:T(?=\s*\d)|\s*[,_]\s*|\s*-\s+|-(?=\d{1,2}:))")
"""What may stand between day and time of day."""
_RANGE = re.compile(
    r"(?<=\s)(?:to|till|until|bis|đến|den|a|au|al|hasta|s/d|-|–|—|→|/)(?=\s)|~|〜|～|から|(?<=[\dZ])/(?=\d{4}-\d)"
    r"|(?<=[/.]\d{4} \d\d:\d\d)-(?=\d{1,2}:\d\d$)",
    re.I,
)
_CLOCK_RANGE = re.compile(
    r"(\d{1,2}:\d{2}(?::\d{2})?)\s*(?:-|–|—|~|〜|～|to|bis|đến|a)\s*(\d{1,2}:\d{2}(?::\d{2})?)", re.I | re.ASCII
)
_OFFSET = re.compile(r"(?:(?<=\d)Z|(?<=:\d\d)[+-]\d{2}:\d{2})$", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?", re.ASCII)
_WEEKDAY = re.compile(
    r"\((?:[月火水木金土日]|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\)|^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}|Mo|Di|Mi|Do|Fr|Sa|So|"
    r"Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu|lun|mar|mi[eé]|jue|vie|s[aá]b|dom|CN|T[2-7])\.?,?\s+(?=\d{1,4}[/.\-])",
    re.I,
)


@dataclass(frozen=True)
class Words:
    """A timestamp taken apart.

    ``ways`` holds by order (YMD, DMY, MDY; KNOWN where only one exists, SERIAL for a number of days,
    EPOCH for a Unix time) the
    midnight of its date, ``clock`` the time of day, both in microseconds;
    ``serial`` marks a number of days as spreadsheets count them. ``marks``
    are how the date is written (the separator and the width of the year).
    """

    ways: tuple[tuple[str, int], ...]
    clock: int
    timed: bool
    marks: str
    serial: bool = False


@lru_cache(maxsize=100_000)
def take_apart(text: str) -> Words | None:
    """What a text says as a date with or without a time of day; None where it is none."""
    if len(text) > _LONGEST:
        return None
    if _EPOCH.fullmatch(text.strip()):
        return _epoch(text.strip())
    plain = " ".join(_WEEKDAY.sub("", unicodedata.normalize("NFKC", text)).split())
    first = _CLOCK_FIRST.match(plain)
    plain = f"{plain[first.end() :]} {first[1]}" if first else plain  # 00:15 01/02/2024
    if _SERIAL.fullmatch(plain):
        return _serial(plain.replace(",", "."))
    compact = _COMPACT.fullmatch(plain)
    if compact:
        clock = ":".join(group for group in compact.group(4, 5, 6) if group)
        return _words(_dated([("KNOWN", compact[1], compact[2], compact[3])]), clock, "YYYYMMDD")
    for begin in (_numeric, _japanese, _named):
        found = begin(plain)
        if found is not None:
            ways, rest, marks = found
            return _words(ways, rest, marks)
    return _month_only(plain)


def _month_only(text: str) -> Words | None:
    """A month as a whole: its first midnight."""
    for pattern, marks in _MONTH_ONLY:
        match = pattern.fullmatch(text)
        if match:
            month = match["m"] if "m" in match.groupdict() else str(_month(match["name"]))
            ways = _dated([("KNOWN", match["y"], month, "1")])
            return Words(tuple(ways), 0, False, marks) if ways else None
    return None


def _epoch(text: str) -> Words | None:
    """Seconds, milliseconds or microseconds since 1970-01-01 UTC; None for a number that no logger writes as a time."""
    count = epoch_micros(text)
    return None if count is None else Words((("EPOCH", count),), 0, True, "epoch", serial=True)


def epoch_micros(text: str) -> int | None:
    """The instant of a Unix time of 10 digits (seconds), 13 (milliseconds) or 16; None for any other text."""
    match = _EPOCH.fullmatch(text.strip())
    if not match:
        return None
    whole, _, rest = text.strip().replace(",", ".").partition(".")
    scale = {10: 1_000_000, 13: 1000, 16: 1}[len(whole)]
    return int(whole) * scale + round(float(f"0.{rest or 0}") * scale)


@lru_cache(maxsize=4096)  # of a row it is asked more than once
def halves(text: str) -> tuple[str, str] | None:
    """Beginning and end of a span in one text (``2024-02-01 00:00 - 01:00``); None for any other text."""
    if not _SHORTEST_SPAN <= len(text) <= 2 * _LONGEST or not text[:1].isalnum():
        return None
    parts = [part.strip() for part in _RANGE.split(text.strip(), maxsplit=1)]
    if len(parts) != 2 or not all(parts):
        return None
    first = take_apart(_OFFSET.sub("", parts[0]))
    if first is None or first.serial:
        return None
    end = clock_of(parts[1])
    if end is None:
        return (parts[0], parts[1]) if take_apart(_OFFSET.sub("", parts[1])) is not None else None
    return _same_day(parts[0], first, end)


def _same_day(start: str, first: Words, end: int) -> tuple[str, str] | None:
    """The end of a span that names only its time of day: on the day of the start, or at the next midnight."""
    day, _, clock = start.rpartition(" ")
    if not clock_of(clock) and clock_of(clock) != 0:
        return None
    if end == 0 and first.clock > 0:
        end = DAY
    hours, rest = divmod(end, HOUR)
    text = f"{day} {hours:02d}:{rest // MINUTE:02d}"
    return (start, text) if end > first.clock else None


def clock_halves(text: str) -> tuple[str, str] | None:
    """Beginning and end of a span of times of day: ``00:00-01:00``."""
    match = _CLOCK_RANGE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return (match[1], match[2]) if match else None


def _words(ways: list[tuple[str, int]], rest: str, marks: str) -> Words | None:
    clock = clock_of(_BETWEEN.sub("", rest).strip()) if rest.strip() else 0
    if clock is None or not ways:
        return None
    return Words(tuple(ways), clock, bool(rest.strip()), marks)


@lru_cache(maxsize=100_000)
def clock_of(text: str) -> int | None:
    """A time of day in microseconds (24:00 is a whole day); None where it is none."""
    plain = _JAPANESE_CLOCK.sub(_colons, unicodedata.normalize("NFKC", text).strip())
    if not plain.isdecimal() and ("m." in plain or "M." in plain or "h" in plain):
        plain = _CLOCK_WITH_H.sub(r"\1:\2", _SPACED_HALF.sub(r"\1m", plain))
    match = _CLOCK.fullmatch(plain)
    if not match:
        return None
    halves = [h for h in match.group("before", "after") if h]
    if len(halves) > 1 or (match["m"] is None and not halves):
        return None
    hour, minute, second = int(match["h"]), int(match["m"] or 0), int(match["s"] or 0)
    if halves:
        if hour > 12:
            return None
        hour = hour % 12 + _HALVES[halves[0].casefold()]
    count = hour * HOUR + minute * MINUTE + second * SECOND + int((match["f"] or "0").ljust(6, "0")[:6])
    return count if minute < 60 and second < 60 and count <= DAY else None


def _colons(match: re.Match[str]) -> str:
    hour, minute, second = match.groups()
    return f"{hour}:{int(minute or 0):02d}" + (f":{int(second):02d}" if second else "")


def _dated(fields: list[tuple[str, str, str, str]]) -> list[tuple[str, int]]:
    """The orders under which the fields (year, month, day) are a date."""
    ways = []
    for order, year, month, day in fields:
        number = int(year)
        if len(year) == 2:
            number += 2000 if number < BUDDHIST_SHORT else 2500
        if number >= BUDDHIST_FROM:
            number -= BUDDHIST
        try:
            ways.append((order, micros(datetime(number, int(month), int(day)))))
        except ValueError:
            continue
    return ways


def _numeric(text: str) -> tuple[list[tuple[str, int]], str, str] | None:
    match = _NUMERIC.match(text)
    if not match:
        return None
    a, mark, b, c = match.groups()
    if len(a) == 4 and len(c) <= 2:
        marks = f"YYYY{mark}MM{mark}DD" if int(a) < BUDDHIST_FROM else "Buddhist year first"
        return _dated([("KNOWN", a, b, c)]), text[match.end() :], marks
    if len(a) > 2 or len(c) not in (2, 4):
        return None
    fields = [("DMY", c, b, a), ("MDY", c, a, b)]
    if len(c) == 2 and len(a) == 2:
        fields.append(("YMD", a, b, c))
    return _dated(fields), text[match.end() :], mark + "Y" * len(c)


def _japanese(text: str) -> tuple[list[tuple[str, int]], str, str] | None:
    match = _JAPANESE.match(text)
    if not match:
        return None
    year = match["year"] or str(ERAS[match["era"]] + (1 if match["n"] == "元" else int(match["n"])))
    return _dated([("KNOWN", year, match["month"], match["day"])]), text[match.end() :], "年月日"


def _named(text: str) -> tuple[list[tuple[str, int]], str, str] | None:
    for pattern, order in ((_DAY_NAME, (2, 1, 0)), (_NAME_DAY, (2, 0, 1))):
        match = pattern.match(text)
        if match:
            year, name, day = (match.groups()[n] for n in order)
            return _dated([("KNOWN", year, str(_month(name)), day)]), text[match.end() :], "D MMM YYYY"
    return None


def _month(name: str) -> int:
    """The month of an English name or its beginning, or of one in another language; 0 where it is none."""
    bare = name.casefold().strip(".")
    known = "Sep" if bare == "sept" else bare.capitalize()
    if len(known) < 3 or not known.isascii():
        return _MONTH_OF.get(bare, 0)
    return _MONTH_OF.get(bare, 0) or next((n for n, month in enumerate(MONTHS, start=1) if month.startswith(known)), 0)


def _serial(text: str) -> Words | None:
    """Days since 1899-12-30, rounded to the second where its last digit allows no other."""
    days = float(text)
    if not SERIAL_FROM <= days < SERIAL_TO:
        return None
    return Words((("SERIAL", serial_micros(days)),), 0, True, "serial", serial=True)


def serial_micros(days: float) -> int:
    """A spreadsheet's number of days as local microseconds: whole seconds, as its digits carry no more."""
    return _SERIAL_ZERO + round(days * (DAY // SECOND)) * SECOND
