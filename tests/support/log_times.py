"""How loggers and suppliers write a time: a text for each moment of a local clock without summer time (UTC+7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

HOUR = timedelta(hours=1)
AHEAD = 7 * HOUR
"""Of UTC: the clock of Viet Nam, in which the moments are given."""


def epoch(moment: datetime) -> int:
    """Seconds since 1970-01-01 UTC."""
    return int((moment - AHEAD).replace(tzinfo=UTC).timestamp())


SPANS: dict[str, Callable[[datetime], str]] = {
    "range": lambda t: f"{t:%Y-%m-%d %H:%M} to {t + HOUR:%Y-%m-%d %H:%M}",
    "range with a dash": lambda t: f"{t:%Y-%m-%d %H:%M} - {t + HOUR:%Y-%m-%d %H:%M}",
    "range within a day": lambda t: f"{t:%Y-%m-%d %H:%M} - {t + HOUR:%H:%M}",
    "range of a supplier": lambda t: f"{t:%d/%m/%Y %H:%M} ~ {t + HOUR:%d/%m/%Y %H:%M}",
    "ISO interval": lambda t: f"{t:%Y-%m-%dT%H:%M:%S}/{t + HOUR:%Y-%m-%dT%H:%M:%S}",
}
"""The hour that begins at a moment."""

EPOCHS: dict[str, Callable[[datetime], str]] = {
    "epoch seconds": lambda t: str(epoch(t)),
    "epoch milliseconds": lambda t: f"{epoch(t)}000",
    "epoch with decimals": lambda t: f"{epoch(t)}.0",
}

MOMENTS: dict[str, Callable[[datetime], str]] = {
    "iso": lambda t: f"{t:%Y-%m-%d %H:%M}",
    "iso seconds": lambda t: f"{t:%Y-%m-%dT%H:%M:%S}",
    "day first": lambda t: f"{t:%d/%m/%Y %H:%M}",
    "month first": lambda t: f"{t:%m/%d/%Y %I:%M %p}",
    "Japanese": lambda t: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M}",
    "Buddhist years": lambda t: f"{t.year + 543}-{t:%m-%d %H:%M}",
    "Buddhist years, day first": lambda t: f"{t:%d/%m}/{t.year + 543} {t:%H:%M}",
    "two digits of the year": lambda t: f"{t:%y-%m-%d %H:%M}",
    "two digits of the year, day first": lambda t: f"{t:%d.%m.%y %H:%M}",
    "compact": lambda t: f"{t:%Y%m%d%H%M}",
}

WRITTEN = {**MOMENTS, **EPOCHS, **SPANS}
