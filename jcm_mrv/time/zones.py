"""Local time to instants: time zones, and the hours that a clock change doubles or skips.

Instants are whole microseconds since 1970-01-01 UTC in int64; local times are
the same count without a zone. Integers make cutting at a month's end exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np

from jcm_mrv.arrays import Flags, Instants
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.meant import nearest
from jcm_mrv.words import say

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
HOURS_A_DAY = DAY // HOUR

Span = tuple[int, int]
"""Start and end of a span, as instants."""

_EPOCH = datetime(1970, 1, 1)
# Files of the time zone database that mean another zone on another machine, or count leap seconds.
_OF_THE_MACHINE = ("localtime", "posixrules", "factory", "posix/", "right/")
_ZONE_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\-−])(\d{1,2})(?::?(\d{2}))?")


class TimeZoneError(JcmMrvError, ValueError):
    """A time zone that is neither an IANA name nor UTC with an offset."""


def parse_zone(text: str) -> tzinfo:
    """A zone from ``Asia/Ho_Chi_Minh``, ``UTC``, ``UTC+05:30`` or ``-07:00``.

    Raises TimeZoneError when it is empty or unknown, or an offset reaches
    beyond UTC±14:00.
    """
    name = text.strip()
    if name.upper() in {"UTC", "GMT", "Z"}:
        return UTC
    offset = _ZONE_OFFSET.fullmatch(name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes > 14 * 60 or int(offset[3] or 0) > 59:
            raise TimeZoneError(say("{text!r} is not an offset from UTC: it ends at 14:00", text=text))
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    try:
        if not name or name.casefold().startswith(_OF_THE_MACHINE):
            raise ValueError
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        near = _meant(name)
        what = say("did you mean {near}?", near=near) if near else say("write Asia/Ho_Chi_Minh or UTC+07:00")
        raise TimeZoneError(say("{text!r} is not a time zone; {what}", text=text, what=what)) from error


PARTNER_ZONES = (
    *("Asia/Ho_Chi_Minh", "Asia/Bangkok", "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Manila"),
    *("Asia/Phnom_Penh", "Asia/Vientiane", "Asia/Yangon", "Asia/Dhaka", "Asia/Colombo", "Asia/Kolkata"),
    *("Indian/Maldives", "Asia/Ulaanbaatar", "Asia/Hovd", "Asia/Riyadh", "Asia/Dubai", "Asia/Baku", "Asia/Tbilisi"),
    *("Asia/Almaty", "Asia/Tashkent", "Asia/Bishkek", "Europe/Chisinau", "Europe/Kyiv", "Africa/Addis_Ababa"),
    *("Africa/Nairobi", "Africa/Dar_es_Salaam", "Africa/Dakar", "Africa/Tunis", "America/Mexico_City"),
    *("America/Costa_Rica", "America/Santiago", "Pacific/Palau", "Pacific/Port_Moresby", "Asia/Tokyo", "UTC"),
)
"""Time zones of countries that have the Joint Crediting Mechanism with Japan: what a drop-down offers first."""

_CITIES = {
    "hanoi": "Asia/Ho_Chi_Minh", "hai phong": "Asia/Ho_Chi_Minh", "haiphong": "Asia/Ho_Chi_Minh",
    "da nang": "Asia/Ho_Chi_Minh", "danang": "Asia/Ho_Chi_Minh", "vietnam": "Asia/Ho_Chi_Minh",
    "osaka": "Asia/Tokyo", "japan": "Asia/Tokyo", "thailand": "Asia/Bangkok", "indonesia": "Asia/Jakarta",
    "surabaya": "Asia/Jakarta", "delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "india": "Asia/Kolkata",
}  # fmt: skip
"""Places that have no zone of their own name in the database of time zones."""


def _meant(name: str) -> str:
    """The zone that a misspelt name, a city or a country means; "" where none is near."""
    city = name.rpartition("/")[2].casefold().replace("_", " ")
    if city in _CITIES:
        return _CITIES[city]
    near = nearest(name, sorted(available_timezones()), 1, 0.8)
    return near[0] if near else ""


def micros(moment: datetime) -> int:
    """A datetime as microseconds since 1970: the instant when it has a zone, else its local count."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def naive(count: int) -> datetime:
    """The datetime (without zone) that a count of microseconds stands for."""
    return _EPOCH + timedelta(microseconds=int(count))


def offset_at(zone: tzinfo, instant: int) -> int:
    """The zone's offset from UTC at an instant, in microseconds."""
    shift = naive(instant).replace(tzinfo=UTC).astimezone(zone).utcoffset()
    return (shift or timedelta()) // timedelta(microseconds=1)


def local_time(zone: tzinfo, instant: int) -> datetime:
    """An instant as a time of the zone, with its offset."""
    return naive(instant).replace(tzinfo=UTC).astimezone(zone)


def local_text(zone: tzinfo, instant: int) -> str:
    """An instant as the project's people read it: local date and time, with the offset where a clock shows it twice."""
    local = local_time(zone, instant)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    plain = local if twice else local.replace(tzinfo=None)
    return plain.isoformat(sep=" ", timespec="auto" if local.second or local.microsecond else "minutes")


@dataclass(frozen=True)
class UtcTimes:
    """The outcome of :func:`to_utc`.

    ``ambiguous`` marks local times that the clock showed twice (the first is
    taken), ``missing`` those that it skipped. Neither is certain: the caller
    reports them.
    """

    instants: Instants
    ambiguous: Flags
    missing: Flags

    @property
    def certain(self) -> bool:
        """True when every local time names exactly one instant."""
        return not (self.ambiguous.any() or self.missing.any())


def to_utc(local: Instants, zone: tzinfo) -> UtcTimes:
    """Instants of naive local times (microseconds) in a zone.

    The exact moment at which the clock jumps forward (00:00 where midnight
    becomes 01:00) names one instant and is not reported as missing.
    """
    ambiguous = np.zeros(local.shape, dtype=np.bool_)
    missing = np.zeros(local.shape, dtype=np.bool_)
    if not local.size:
        return UtcTimes(local.copy(), ambiguous, missing)
    first = int(local.min()) - 2 * DAY
    shift = np.full(local.shape, offset_at(zone, first), dtype=np.int64)
    for instant, before, after in transitions(zone, first, int(local.max()) + 2 * DAY):
        old_clock, new_clock = instant + before, instant + after
        shift[local >= old_clock] = after
        if after < before:
            ambiguous |= (local >= new_clock) & (local < old_clock)
        else:
            missing |= (local > old_clock) & (local < new_clock)
            shift[local == old_clock] = before
    return UtcTimes(local - shift, ambiguous, missing)


def to_local(instants: Instants, zone: tzinfo) -> Instants:
    """Naive local times (microseconds) of instants."""
    if not instants.size:
        return instants.copy()
    first = int(instants.min())
    shift = np.full(instants.shape, offset_at(zone, first), dtype=np.int64)
    for instant, _, after in transitions(zone, first, int(instants.max()) + 1):
        shift[instants >= instant] = after
    return instants + shift


def transitions(zone: tzinfo, first: int, last: int) -> list[tuple[int, int, int]]:
    """The zone's changes of offset between two instants: (instant, offset before, offset after)."""
    if isinstance(zone, timezone):
        return []
    found: list[tuple[int, int, int]] = []
    low, before = first, offset_at(zone, first)
    while low < last:
        high = low + DAY
        after = offset_at(zone, high)
        if after != before:
            found.append((_bisect(zone, low, high, before), before, after))
        low, before = high, after
    return found


def _bisect(zone: tzinfo, low: int, high: int, before: int) -> int:
    """The first second at which the offset is no longer ``before``."""
    a, b = low // SECOND, high // SECOND
    while b - a > 1:
        middle = (a + b) // 2
        if offset_at(zone, middle * SECOND) == before:
            a = middle
        else:
            b = middle
    return b * SECOND
