"""The words of electricity e-invoices of Viet Nam: fields, tariffs, numbers and dates.

The elements (HDon, DLHDon, HHDVu, ...) are those of Decision 1450/QD-TCT. The
names that a supplier gives to its own fields (TTKhac/TTin/TTruong) are not
regulated: those in English are read by published software for invoices of one
supplier, the others are the names of the suppliers' billing system and are
assumed. ``docs/einvoices.md`` says which is which.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from jcm_mrv.limits import number_fault

REACTIVE = "reactive"

FIELDS: dict[str, frozenset[str]] = {
    "serial": frozenset({"electricitymeternumber", "meternumber", "socto", "socongto", "sct"}),
    "register": frozenset({"timeofuse", "bcs", "bochiso"}),
    "old": frozenset({"oldvalue", "chisocu", "cscu", "chisodauky"}),
    "new": frozenset({"newvalue", "chisomoi", "csmoi", "chisocuoiky"}),
    "multiplier": frozenset({"coefficient", "hsnhan", "hesonhan", "hsn"}),
    "start": frozenset({"startdate", "ngaydky", "tungay"}),
    "end": frozenset({"enddate", "ngaycky", "denngay"}),
    "deducted": frozenset({"minusindex", "sluongtrphu"}),
    "link": frozenset({"indexid", "idchiso"}),
    "total": frozenset({"dientthu", "tongdientieuthu", "tongsanluong"}),
}
"""What a field means, and the names (folded) under which it is known."""

REGISTERS = {
    "bt": "normal",
    "cd": "peak",
    "td": "off-peak",
    "kt": "total",
    "vc": REACTIVE,
    "binhthuong": "normal",
    "caodiem": "peak",
    "thapdiem": "off-peak",
    "vocong": REACTIVE,
    "giobinhthuong": "normal",
    "giocaodiem": "peak",
    "giothapdiem": "off-peak",
}
"""The tariff registers (bo chi so): BT binh thuong, CD cao diem, TD thap diem, KT not by time, VC reactive."""

_IN_NAMES = {
    "phankhang": REACTIVE,
    "vocong": REACTIVE,
    "cspk": REACTIVE,
    "binhthuong": "normal",
    "caodiem": "peak",
    "thapdiem": "off-peak",
}

FIRST_YEAR, LAST_YEAR = 1950, 2150
"""Of a date on an invoice; one beside them is a slip, and at the end of the calendar there is no next day."""

LONGEST_CYCLE = timedelta(days=100)
"""A billing cycle is a third of a month to a quarter; a longer one means that day and month are confused."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.0+)?)?(?:\+07:00)?)?", re.ASCII)
_SLASHES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)


def folded(text: str) -> str:
    """A Vietnamese or English name as it is compared: letters and digits alone, without marks, in lower case."""
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D")).casefold()
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def meaning(name: str) -> str:
    """What a supplier's field means; '' for one that is not known."""
    key = folded(name)
    return next((field for field, known in FIELDS.items() if key in known), "")


def register_of(code: str) -> str:
    """The tariff of a register's code; '' where it is not known."""
    return REGISTERS.get(folded(code), "")


def register_in(name: str) -> str:
    """The tariff that the name of a line speaks of; '' where it speaks of none or of several."""
    key = folded(name)
    found = {register for word, register in _IN_NAMES.items() if word in key}
    return REACTIVE if REACTIVE in found else found.pop() if len(found) == 1 else ""


def number_of(text: str) -> float | None:
    """A number as the regulation writes it (1234.5); None for anything else (1.234,5; a size beyond all sense)."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return None if number_fault(value) else value


def span_of(start: str, end: str, issued: str) -> tuple[datetime, datetime] | None:
    """The billed interval: from the beginning of the first day to the end of the last, or between two times.

    Days with strokes are read day first or month first, whichever gives a
    cycle that has ended by the day of issue; None where both or neither do, or
    where a date is missing.
    """
    latest = _iso(issued)
    pairs = {(a, b) for a, b in zip(_readings(start), _readings(end), strict=True) if a is not None and b is not None}
    spans = {(a, b + timedelta(days=1) if b.time() == datetime.min.time() else b) for a, b in pairs}
    fitting = [
        (a, b) for a, b in spans if a < b and b - a <= LONGEST_CYCLE and (latest is None or b <= latest + _A_DAY)
    ]
    return fitting[0] if len(fitting) == 1 else None


_A_DAY = timedelta(days=1)


def _readings(text: str) -> tuple[datetime | None, datetime | None]:
    """A date read day first and month first; both the same where it begins with the year."""
    iso = _iso(text)
    match = _SLASHES.fullmatch(text)
    if iso is not None or match is None:
        return iso, iso
    first, second, year = map(int, match.groups())
    return _date(year, second, first), _date(year, first, second)


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    return _date(*(int(part or 0) for part in match.groups()))


def _date(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
