"""The notation in which cards write equations, parsed.

``RE_p = SUM_i EC_PJ,i,p x (COP_PJ,i / COP_RE,i) x EF_elec; PE_p = ...``: numbers,
symbols with their indexes, + - x / and brackets, ``min(a, b)`` and ``max(a, b)``, and by a
choice of the project ``choose(season, 'dry': a, 'wet': b)``; a sum reaches over the
product that follows it. What is written otherwise is words.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from jcm_mrv.words import say

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)|SUM_(?P<sum>[a-z])\b|(?P<times>[x×](?=\s))"
    r"|(?P<symbol>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*(?:,[A-Za-z0-9]+)*)(?P<before>(?<=[,_][pytm])[-+][0-9]+)?"
    r"|'(?P<choice>[^']+)'\s*:|(?P<sign>[-+/(),]))"
)
EXTREMES, CHOOSE = ("min", "max"), "choose"
_MOST = 250
TIME_LETTERS = "pytm"
"""The letters of documents for the period, year, time and month."""


class WordsError(ValueError):
    """An equation that is not written in the notation; the text says where it leaves it."""


class EarlierError(WordsError):
    """A value of another year or month, which is in the notation and is not computed."""


@dataclass(frozen=True)
class Term:
    """A node of a parsed equation: ``kind`` is number, symbol, sum, min, max, choose, or + - x /; ``text`` as written.

    Of a choice ``text`` is what is chosen, and ``choices`` are the words for its parts.
    """

    kind: str
    text: str = ""
    parts: tuple[Term, ...] = ()
    choices: tuple[str, ...] = ()

    def symbols(self) -> Iterator[str]:
        """The symbols below, as they are written with their indexes."""
        if self.kind == "symbol":
            yield self.text
        for part in self.parts:
            yield from part.symbols()

    def within(self, around: str = "") -> Iterator[tuple[str, str]]:
        """The symbols below, each with the indexes of the sums around it."""
        if self.kind == "symbol":
            yield self.text, around
        for part in self.parts:
            yield from part.within(around + self.text if self.kind == "sum" else around)

    def deducted(self, below: bool = False) -> Iterator[tuple[str, bool]]:
        """The symbols below, and whether each is deducted."""
        if self.kind == "symbol":
            yield bare(self.text), below
        for n, part in enumerate(self.parts):
            yield from part.deducted(below != (self.kind == "-" and n == 1))


def read_equations(text: str) -> Iterator[tuple[str, Term | WordsError]]:
    """The left side as written and the parsed right side of each equation of a text; words come back as an error."""
    for statement in text.split(";"):
        left, equals, right = statement.partition("=")
        if not equals:
            yield statement.strip(), WordsError(say("{text!r} is no equation", text=statement.strip()))
            continue
        try:
            yield left.strip(), _Parser(right).whole()
        except WordsError as error:
            yield left.strip(), error


def bare(symbol: str) -> str:
    """A symbol without its indexes: ``EC_PJ,i,p`` is EC_PJ, ``RE_p`` is RE, ``EF_fuel,RE`` is EF_fuel_RE."""
    first, *more = re.split(r"[,_]", symbol)
    kept = [part for part in more if not re.fullmatch(r"[a-z]", part)]
    return "_".join([first, *kept])


def named(written: str, known: Container[str]) -> tuple[str, list[str], list[str]]:
    """The symbol that is meant, of those that are ``known``, and its indexes of elements and of time.

    ``SF_w_RE,i`` is SF_w_RE where there is such a quantity: not every letter is an index.
    """
    parts = re.split(r"[,_]", written)
    indexes = next(n for n, part in enumerate([*reversed(parts), "-"]) if not re.fullmatch(r"[a-z]", part))
    starts = (n for n in range(len(parts), len(parts) - indexes - 1, -1) if "_".join(parts[:n]) in known)
    length = next(starts, 0)
    symbol = "_".join(parts[:length]) if length else bare(written)
    letters = [part for part in parts[max(length, 1) :] if re.fullmatch(r"[a-z]", part)]
    return symbol, [i for i in letters if i not in TIME_LETTERS], [i for i in letters if i in TIME_LETTERS]


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise WordsError(say("{text!r} is not in the notation", text=text[at:].strip()))
            if found["before"]:
                raise EarlierError(
                    say("{text} is a value of another year or month, which is not computed", text=found[0].strip())
                )
            kind = found.lastgroup or ""
            self.tokens.append(("x" if kind == "times" else kind, found.group(kind)))
            at = found.end()
            if len(self.tokens) > _MOST:
                raise WordsError(
                    say("it has more than {most} numbers, symbols and signs; define a part of it by itself", most=_MOST)
                )

    def whole(self) -> Term:
        term = self.added()
        if self.tokens:
            raise WordsError(say("{value!r} follows without an operator", value=self.tokens[0][1]))
        return term

    def added(self) -> Term:
        term = self.multiplied()
        while self.tokens and self.tokens[0][1] in "+-":
            sign = self.tokens.pop(0)[1]
            term = Term(sign, parts=(term, self.multiplied()))
        return term

    def multiplied(self) -> Term:
        if self.tokens and self.tokens[0][0] == "sum":
            index = self.tokens.pop(0)[1]
            return Term("sum", index, (self.multiplied(),))
        term = self.factor()
        while self.tokens and (self.tokens[0][0] == "x" or self.tokens[0][1] == "/"):
            sign = "x" if self.tokens.pop(0)[0] == "x" else "/"
            summed = sign == "x" and self.tokens and self.tokens[0][0] == "sum"
            term = Term(sign, parts=(term, self.multiplied() if summed else self.factor()))
        return term

    def factor(self) -> Term:
        if not self.tokens:
            raise WordsError(say("it ends after an operator"))
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return Term("number", text)
        if text in (*EXTREMES, CHOOSE) and self.tokens and self.tokens[0][1] == "(":
            self.tokens.pop(0)
            return self.chosen() if text == CHOOSE else Term(text, parts=self.closed(several=True))
        if kind == "symbol":
            return Term("symbol", text)
        if text == "(":
            [term] = self.closed()
            return term
        raise WordsError(say("{text!r} stands where a quantity is expected", text=text))

    def chosen(self) -> Term:
        """A choice: what is chosen, and for each of its words, in quotes, what it comes to."""
        what = self.factor()
        parts: dict[str, Term] = {}
        while len(self.tokens) > 1 and self.tokens[0][1] == "," and self.tokens[1][0] == "choice":
            self.tokens.pop(0)
            word = self.tokens.pop(0)[1]
            parts[word] = self.added()
        if what.kind != "symbol" or not parts or not self.tokens or self.tokens.pop(0)[1] != ")":
            raise WordsError(say("a choice is written as choose(season, 'dry': …, 'wet': …)"))
        return Term(CHOOSE, what.text, tuple(parts.values()), tuple(parts))

    def closed(self, *, several: bool = False) -> tuple[Term, ...]:
        """What stands up to the closing bracket, of ``several`` with commas between."""
        terms = [self.added()]
        while several and self.tokens and self.tokens[0][1] == ",":
            self.tokens.pop(0)
            terms.append(self.added())
        if not self.tokens or self.tokens.pop(0)[1] != ")":
            raise WordsError(say("a bracket is not closed"))
        return tuple(terms)


__all__ = ["CHOOSE", "TIME_LETTERS", "EarlierError", "Term", "WordsError", "bare", "named", "read_equations"]
