"""What a text may mean where a number or a date belongs. It is shown to the person, never assumed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from jcm_mrv.numerals import is_number
from jcm_mrv.time.timestamp_words import take_apart
from jcm_mrv.time.timestamps import reading
from jcm_mrv.time.zones import DAY, naive
from jcm_mrv.words import joined, say
from jcm_mrv.workbook.missing_markers import IN_CELLS, folded

_ENGLISH = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_CONTINENTAL = re.compile(r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?")
_COMMA = re.compile(r"[-+]?\d+,\d+")
_PLAIN = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_SPACED = re.compile(r"[-+]?\d{1,3}([ '’]\d{3})+([.,]\d+)?")
_ONE_RATIO = r"(\d{1,7}(?:\.\d{1,3})?) ?[/:] ?(\d{1,7}(?:\.\d{1,3})?) ?[AV]?"
_RATIO = re.compile(rf"{_ONE_RATIO}(?: ?[x×*] ?{_ONE_RATIO})?", re.ASCII | re.IGNORECASE)
_WITH_UNIT = re.compile(r"([-+]?[\d.,]+)\s*([^\d\s.,].*)")

WRITE_NUMBER = say("Write a number, without separators of thousands and without unit.")
STATE_MARK = say(
    "Write a number, without separators of thousands and without unit. Or, where many are texts, say on the sheet "
    "Project (Decimal mark) how all of them are written: comma for 1.234,5 or point for 1,234.5."
)
LEAVE_OUT = say("If the value is not known, delete the row; do not write 0 unless nothing flowed.")
LEAVE_EMPTY = say("Leave the cell empty; do not write 0 unless it is known to be 0.")
CHOOSE_OR_LEAVE_EMPTY = say(
    "Of a choice write one of its words, which the comment of the row names. Of a number leave the cell empty; do not "
    "write 0 unless it is known to be 0."
)


def looks_like_number(text: str) -> bool:
    """True when a person may have meant a number, or the lack of one."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return not plain or folded(plain) in IN_CELLS or re.match(r"[-+−]?\s*[.,]?\d", plain) is not None


def meaning_of_number(text: str) -> tuple[str, str]:
    """What a text may mean where a number belongs, and what to do."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    if not plain or folded(text) in IN_CELLS:
        return say("it seems to say that there is no value"), LEAVE_OUT
    if plain != text.strip() and any(c.isdigit() for c in plain):
        way = STATE_MARK if is_number(plain) else WRITE_NUMBER
        return say("full-width or unusual characters; it may mean {plain}", plain=plain), way
    ratio = _ratio(plain)
    if ratio is not None:
        return say("as a ratio it is {ratio:.12g}", ratio=ratio), say(
            "Write {ratio:.12g}, if the ratio of a transformer is meant.", ratio=ratio
        )
    meaning = _meaning_of_plain(plain)
    return meaning, STATE_MARK if is_number(plain) else WRITE_NUMBER


def _ratio(plain: str) -> float | None:
    """The number that a ratio of current or voltage transformers means, or the product of both: 200/5 is 40."""
    if not _RATIO.fullmatch(plain):
        return None
    found = 1.0
    for above, below in re.findall(_ONE_RATIO, plain):
        if float(below) == 0 or float(above) == 0:
            return None
        found *= float(above) / float(below)
    return found


def _meaning_of_plain(plain: str) -> str:
    if _PLAIN.fullmatch(plain) and not _CONTINENTAL.fullmatch(plain):
        return say("the cell holds text, it may mean the number {plain}", plain=plain)
    readings = []
    if _ENGLISH.fullmatch(plain):
        readings.append(plain.replace(",", ""))
    if _CONTINENTAL.fullmatch(plain):
        readings.append(plain.replace(".", "").replace(",", "."))
    if _COMMA.fullmatch(plain):
        readings.append(plain.replace(",", "."))
    if _PLAIN.fullmatch(plain):
        readings.append(plain)
    if _SPACED.fullmatch(plain):
        readings.append(re.sub(r"[ '’]", "", plain).replace(",", "."))
    if readings:
        return say("it may mean {readings}", readings=joined(say(" or "), dict.fromkeys(readings)))
    unit = _WITH_UNIT.fullmatch(plain)
    if unit:
        return say("a number with a unit or a remark in one cell: {unit} and {unit_2}", unit=unit[1], unit_2=unit[2])
    return say("it is not a number")


_FULL_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_YEAR_FIRST = ("YYYY/MM/DD", "YYYY-MM-DD", "YYYY.MM.DD", "年月日")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_THREE = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(.*)")


def iso_moment(text: str) -> datetime | None:
    """``2024-03-01`` or ``2024-03-01 14:30`` written as text; None for anything else."""
    match = _ISO.fullmatch(unicodedata.normalize("NFC", text).strip())
    if match is None:
        return None
    try:
        return datetime(*(int(part) for part in match.groups(default="0")))  # type: ignore[arg-type]
    except ValueError:
        return None


ORDERS: Mapping[str, str] = {"DD/MM/YYYY": "DMY", "MM/DD/YYYY": "MDY"}
"""The orders of day and month that the form Project can state for all texts of a workbook."""


def moment_in_order(text: str, order: str = "") -> datetime | None:
    """A date with or without a time of day, its day and month in an order (DMY, MDY).

    Without an order only one that begins with the year, which has one meaning: 2025/3/1, 2025年3月1日. None for
    anything else: a year of two digits, a year of another calendar, 24:00, a name of a month.
    """
    plain = unicodedata.normalize("NFKC", text)
    words = take_apart(plain)
    if words is None or words.serial or words.clock >= DAY or not _FULL_YEAR.search(plain):
        return None
    if words.marks not in _YEAR_FIRST:
        found = reading(words, order) if order and words.marks.endswith("YYYY") else None
        return None if found is None else naive(found)
    return naive(words.ways[0][1]) if len(words.ways) == 1 else None


def meaning_of_date(text: str) -> str:
    """The dates that a text may mean."""
    plain = unicodedata.normalize("NFKC", text).strip()
    clock = re.search(r"\d{2}:\d{2}", plain)
    if clock and re.search(r"(?:Z|UTC|[+-]\d{2}:?\d{2})$", plain[clock.end() :]):
        return say("a time with its own zone; times of this workbook are in the project's time zone")
    if re.search(r"\b24:00", plain):
        return say("24:00 is 00:00 of the next day")
    match = _THREE.fullmatch(plain)
    if match is None:
        return say("it is not a date that is understood")
    first, second, third = int(match[1]), int(match[2]), int(match[3])
    orders = ((first, second, third), (third, second, first), (third, first, second))
    readings = [d.isoformat() for d in map(_date, orders) if d]
    return (
        say("it may mean {readings}", readings=joined(say(" or "), dict.fromkeys(readings)))
        if readings
        else say("there is no such date")
    )


def _date(parts: tuple[int, int, int]) -> date | None:
    year, month, day = parts
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
