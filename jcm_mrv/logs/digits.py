"""How a log writes its numbers: decimal and thousands marks, proven by a whole column or not taken at all.

``1.234`` is 1.234 in one country and 1234 in another. A column is read in the
one way in which all its texts are numbers; where both ways remain and give
different values, neither is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.numerals import Fit, NumberFormat, bare, fit_of, is_number, tidy
from jcm_mrv.words import say

_LONG = re.compile(r"(?<![\d.,' ])\d{5}")  # five digits before any mark: this writer does not group


MOST_SHAPES = 10_000
"""Different shapes of texts that are no numbers and still are kept."""

LONGEST_NUMBER = 100
"""Characters of a text that are looked at; a number has fewer."""

LEADING_ZERO = r"^([^0-9]*)0([^0-9]|$)"
"""A number that begins with the zero before its decimal mark (also for RE2)."""


class NumberFormatError(JcmMrvError, ValueError):
    """Numbers of one column that can be read in two ways, or are written in two ways."""


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
        return bool(self.point and self.comma) and float(bare(self.text, ".")) != float(bare(self.text, ","))


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
            point, comma = float(bare(one.text, ".")), float(bare(one.text, ","))
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
