"""Numbers as people and loggers write them: 1.234,5 or 1,234.5 or 1 234.5, under a stated decimal mark."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

_FOLD = str.maketrans({"−": "-", "‒": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "´": "'", "＇": "'"})
_PLAIN = r"[+-]?(?:\d+(?:{d}\d*)?|{d}\d+)(?:[eE][+-]?\d+)?"
_GROUPED = r"[+-]?[1-9]\d{{0,2}}(?P<g>[{g}])\d{{3}}(?:(?P=g)\d{{3}})*(?:{d}\d+)?"
_LAKHS = r"[+-]?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?"
"""Digits as India and Bangladesh group them: 1,23,456.78."""
_GROUP_MARKS = {".": ", '", ",": ". '"}
OTHER_MARK = {".": ",", ",": "."}
"""By the decimal mark, the one that most writers set thousands apart with."""


class Fit(IntEnum):
    """How a text is a number under a decimal mark."""

    NOT = 0
    PLAIN = 1
    GROUPED = 2


@dataclass(frozen=True)
class NumberFormat:
    """The decimal mark, and whether thousands are set apart (by the other mark, a space or an apostrophe)."""

    decimal: str = "."
    grouped: bool = False

    @property
    def plain(self) -> bool:
        """True for the form that every program reads: 1234.5."""
        return self.decimal == "." and not self.grouped

    def parse(self, text: str) -> float | None:
        """The number that a text stands for, None where it is none in this format."""
        tidied = tidy(text)
        fit = fit_of(tidied, self.decimal)
        if fit is Fit.NOT or (fit is Fit.GROUPED and not self.grouped):
            return None
        value = float(bare(tidied, self.decimal))
        return value if math.isfinite(value) else None

    def __str__(self) -> str:
        group = OTHER_MARK[self.decimal]
        return f"1{group if self.grouped else ''}234{self.decimal}5"


def format_of(example: str) -> NumberFormat | None:
    """The format of which 1234.5 is written as in the example (1.234,5; 1 234,5; 1234.5); None for any other text."""
    tidied = tidy(example)
    for mark, (_, grouped) in _PATTERNS.items():
        if re.sub("[^0-9]", "", tidied) == "12345" and tidied[-2:-1] == mark and fit_of(tidied, mark):
            return NumberFormat(mark, grouped=grouped.fullmatch(tidied) is not None)
    return None


def tidy(text: str) -> str:
    """Text with half-width digits and marks, plain spaces, one kind of minus and apostrophe."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_FOLD)).strip()


def fit_of(text: str, decimal: str) -> Fit:
    """How a tidied text is a number under a decimal mark."""
    plain, grouped = _PATTERNS[decimal]
    if plain.fullmatch(text):
        return Fit.PLAIN
    return Fit.GROUPED if grouped.fullmatch(text) else Fit.NOT


def is_number(text: str) -> bool:
    """True where a text is a number under one of the decimal marks."""
    tidied = tidy(text)
    return any(fit_of(tidied, mark) for mark in _PATTERNS)


def pattern(number: NumberFormat) -> str:
    """The regular expression (RE2) that holds for the texts of a format that need no tidying."""
    mark = re.escape(number.decimal)
    plain = _PLAIN.format(d=mark)
    groups = [r"[+-]?[1-9]\d{0,2}(?:" + re.escape(g) + r"\d{3})+(?:" + mark + r"\d+)?"
              for g in _GROUP_MARKS[number.decimal]]  # fmt: skip
    groups += [_LAKHS] if number.decimal == "." else []
    return "^(?:" + "|".join([plain, *(groups if number.grouped else [])]) + ")$"


def group_marks(number: NumberFormat) -> str:
    """The characters that set thousands apart beside the decimal mark."""
    return _GROUP_MARKS[number.decimal]


def _compiled(decimal: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    mark, groups = re.escape(decimal), _GROUP_MARKS[decimal]
    grouped = _GROUPED.format(d=mark, g=re.escape(groups)) + ("|" + _LAKHS if decimal == "." else "")
    return re.compile(_PLAIN.format(d=mark), re.ASCII), re.compile(grouped, re.ASCII)


_PATTERNS = {".": _compiled("."), ",": _compiled(",")}


def bare(text: str, decimal: str) -> str:
    """A text that fits, as Python writes it."""
    for mark in _GROUP_MARKS[decimal]:
        text = text.replace(mark, "")
    return text.replace(decimal, ".")
