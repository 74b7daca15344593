"""How a log writes its numbers: decimal and thousands marks, proven by a whole column or not taken at all.

``1.234`` is 1.234 in one country and 1234 in another. A column is read in the
one way in which all its texts are numbers; where both ways remain and give
different values, neither is taken.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.words import say

_FOLD = str.maketrans({"−": "-", "‒": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "´": "'", "＇": "'"})
_PLAIN = r"[+-]?(?:\d+(?:{d}\d*)?|{d}\d+)(?:[eE][+-]?\d+)?"
_GROUPED = r"[+-]?[1-9]\d{{0,2}}(?P<g>[{g}])\d{{3}}(?:(?P=g)\d{{3}})*(?:{d}\d+)?"
_LAKHS = r"[+-]?[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?"
"""Digits as India and Bangladesh group them: 1,23,456.78."""
_GROUP_MARKS = {".": ", '", ",": ". '"}
OTHER_MARK = {".": ",", ",": "."}
"""By the decimal mark, the one that most writers set thousands apart with."""
_LONG = re.compile(r"(?<![\d.,' ])\d{5}")  # five digits before any mark: this writer does not group


MOST_SHAPES = 10_000
"""Different shapes of texts that are no numbers and still are kept."""

LONGEST_NUMBER = 100
"""Characters of a text that are looked at; a number has fewer."""

LEADING_ZERO = r"^([^0-9]*)0([^0-9]|$)"
"""A number that begins with the zero before its decimal mark (also for RE2)."""


class NumberFormatError(JcmMrvError, ValueError):
    """Numbers of one column that can be read in two ways, or are written in two ways."""


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
        value = float(_bare(tidied, self.decimal))
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


def _bare(text: str, decimal: str) -> str:
    """A text that fits, as Python writes it."""
    for mark in _GROUP_MARKS[decimal]:
        text = text.replace(mark, "")
    return text.replace(decimal, ".")


@lru_cache(maxsize=10_000)
def shape(text: str) -> str:
    """A text with its digits alike: texts of one shape are numbers in the same ways."""
    return re.sub(r"[0-9]", "9", re.sub(LEADING_ZERO, r"\1z\2", text))


@dataclass(frozen=True)
class _Seen:
    text: str
    line: int
    point: Fit
    comma: Fit

    @property
    def differs(self) -> bool:
        """True where both decimal marks make it a number, but not the same one."""
        return bool(self.point and self.comma) and float(_bare(self.text, ".")) != float(_bare(self.text, ","))


@dataclass
class NumberEvidence:
    """The texts of one column by their shape; in any order they prove the same."""

    shapes: dict[str, _Seen] = field(default_factory=dict)

    def add(self, text: str, line: int) -> None:
        """Take a text of the column."""
        tidied = tidy(text[:LONGEST_NUMBER])
        key = shape(tidied)
        known = self.shapes.get(key)
        if known is None and len(self.shapes) >= MOST_SHAPES and not is_number(tidied):
            return  # a column of texts
        if known is None or (line, tidied) < (known.line, known.text):
            self.shapes[key] = _Seen(tidied, line, fit_of(tidied, "."), fit_of(tidied, ","))

    def add_looks(self, looks: Sequence[str], first: Callable[[int], tuple[str, int]]) -> None:
        """Take a stretch of the column that follows on the others by what its texts look like (:mod:`masked`).

        ``first`` gives the first text of a look, and its line.
        """
        for n, look in enumerate(looks):
            if look.strip() and shape(tidy(look)) not in self.shapes:
                self.add(*first(n))

    @property
    def proven(self) -> bool:
        """True where some text is a number under one of the decimal marks alone."""
        return any(bool(s.point) != bool(s.comma) for s in self.shapes.values())

    def decide(self) -> NumberFormat:
        """The format of the column. Raises NumberFormatError where it is not certain."""
        seen = [s for s in self.shapes.values() if s.point or s.comma]
        ungrouped = any(_LONG.search(s.text) for s in seen)
        point = [s for s in seen if _allowed(s.point, ungrouped=ungrouped)]
        comma = [s for s in seen if _allowed(s.comma, ungrouped=ungrouped)]
        if len(point) == len(comma) == len(seen):
            _refuse_ambiguous(seen)
        if len(point) == len(seen):
            return NumberFormat(".", grouped=any(s.point is Fit.GROUPED for s in seen))
        if len(comma) == len(seen):
            return NumberFormat(",", grouped=any(s.comma is Fit.GROUPED for s in seen))
        raise NumberFormatError(_two_ways(seen, point, comma))


def _allowed(fit: Fit, *, ungrouped: bool) -> bool:
    return fit is Fit.PLAIN or (fit is Fit.GROUPED and not ungrouped)


def _refuse_ambiguous(seen: Iterable[_Seen]) -> None:
    for one in sorted(seen, key=lambda s: (s.line, s.text)):
        if one.differs:
            point, comma = float(_bare(one.text, ".")), float(_bare(one.text, ","))
            raise NumberFormatError(
                say(
                    "{one!r} (line {line}) can be read as {point:.15g} or as {comma:.15g}, and no other number of the "
                    "column shows which",
                    one=one.text,
                    line=one.line,
                    point=point,
                    comma=comma,
                )
            )


def _two_ways(seen: list[_Seen], point: list[_Seen], comma: list[_Seen]) -> str:
    """Two texts that contradict each other."""
    not_point = min((s for s in seen if s not in point), key=lambda s: (s.line, s.text))
    not_comma = min(
        (s for s in seen if s not in comma),
        key=lambda s: (s is not_point, s.line, s.text),
    )
    if not_comma is not_point:  # its thousands are set apart, those of another are not
        not_comma = min((s for s in seen if _LONG.search(s.text)), key=lambda s: (s.line, s.text))
    return say(
        "the numbers of the column are written in two ways: {not_comma!r} (line {line}) and {not_point!r} (line "
        "{line_2})",
        not_comma=not_comma.text,
        line=not_comma.line,
        not_point=not_point.text,
        line_2=not_point.line,
    )


def doubtful(text: str) -> bool:
    """True for a text with a mark that could be the decimal one or set thousands apart (1.234)."""
    tidied = tidy(text)
    return _Seen(tidied, 0, fit_of(tidied, "."), fit_of(tidied, ",")).differs
