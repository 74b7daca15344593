"""Headings of official spreadsheets as people write them: numbered, over several lines, in two languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

Content = str | float | None
_PARTS = re.compile(r"[\n/|()（）]+")
TITLE_PARTS = re.compile(r"[\n/|]+")

INPUT_HEADS: Mapping[str, tuple[str, ...]] = {
    "period": ("monitoring period",),
    "symbol": ("parameters", "parameter"),
    "label": ("description of data",),
    "value": ("estimated values", "estimated value", "monitored values", "monitored value"),
    "unit": ("units", "unit"),
}
PROCESS_HEADS: Mapping[str, tuple[str, ...]] = {
    "fuel": ("fuel type",),
    "value": ("value", "values"),
    "unit": ("units", "unit"),
    "symbol": ("parameter", "parameters"),
}
"""What the columns of the input sheet and of the calculation are headed, by what they hold."""
NEEDED = frozenset(("symbol", "value", "unit"))


def folded(value: Content) -> str:
    r"""A heading in one form: ``(d)\nEstimated Values`` is ``estimated values``."""
    text = " ".join(str(value).casefold().split())
    return re.sub(r"^\(\w\)\s*", "", text).strip(" :[]")


def ways(value: str, parts: re.Pattern[str]) -> list[str]:
    """A heading as it stands, then each part of one that says it in two languages."""
    return list(dict.fromkeys(folded(part) for part in (value, *parts.split(value))))


def headings(row: Mapping[int, Content], wanted: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """The columns of a row of headings, by what they hold."""
    found: dict[str, int] = {}
    for column, value in sorted(row.items()):
        for key, names in wanted.items():
            if isinstance(value, str) and any(way in names for way in ways(value, _PARTS)):
                found.setdefault(key, column)
    return found
