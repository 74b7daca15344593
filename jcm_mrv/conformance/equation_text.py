"""The equation that a card quotes, held against the class.

Cards write it in one notation: ``RE_p = SUM_i EC_PJ,i,p x (COP_PJ,i / COP_RE,i)
x EF_elec; PE_p = ...``. :func:`read_equations` parses it (numbers, symbols with
their indexes, + - x / and brackets; a sum reaches over the product that
follows it), and :func:`compare` computes it with a case's values: what the
text comes to has to be what the class comes to. Words are not computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from zlib import crc32

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.conformance.bench import Bench
from jcm_mrv.methodology.declare import TIMES, equipment, period
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Expression, Named
from jcm_mrv.quantities.sets import Mapping as Way
from jcm_mrv.quantities.sets import Set, align

AGREES, DIFFERS, NOT_READ = "agrees", "differs", "not compared"
INDEXES = "agrees but for its indexes"
# What documents call a quantity that the shared parts of the classes call otherwise.
OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "EF_elec": ("EF",),
    "EF_grid": ("EF",),
    "EF_captive": ("EF_elec", "EF_cap", "EF"),
    "EF_fuel": ("EF_CO2",),
    "EF_gas": ("EF_CO2",),
    "EF_fuel_RE": ("EF_CO2",),
    "NCV_BG": ("NCV",),
}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)|SUM_(?P<sum>[a-z])\b|(?P<times>[x×](?=\s))"
    r"|(?P<symbol>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*(?:,[A-Za-z0-9]+)*)|(?P<sign>[-+/()]))"
)
_SAME = 1e-9
_MOST_READINGS = 512
_SPREAD = 0.3
_FAR = (1000.0, 0.001)
_TIMES = "pytm"  # the letters of documents for the period, year, time and month


class WordsError(ValueError):
    """An equation that is not written in the notation; the text says where it leaves it."""


@dataclass(frozen=True)
class Term:
    """A node of a parsed equation: ``kind`` is number, symbol, sum, or one of + - x / ; ``text`` what was written."""

    kind: str
    text: str = ""
    parts: tuple[Term, ...] = ()

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


@dataclass(frozen=True)
class Compared:
    """One equation of the text: its symbol, how it came out, and why."""

    symbol: str
    outcome: str
    note: str = ""


def read_equations(text: str) -> Iterator[tuple[str, Term | WordsError]]:
    """The left symbol and the parsed right side of each equation of a card's text; words come back as an error."""
    for statement in text.split(";"):
        left, equals, right = statement.partition("=")
        if not equals:
            yield statement.strip(), WordsError(f"{statement.strip()!r} is no equation")
            continue
        try:
            yield bare(left.strip()), _Parser(right).whole()
        except WordsError as error:
            yield bare(left.strip()), error


def bare(symbol: str) -> str:
    """A symbol without its indexes: ``EC_PJ,i,p`` is EC_PJ, ``RE_p`` is RE, ``EF_fuel,RE`` is EF_fuel_RE."""
    first, *more = re.split(r"[,_]", symbol)
    kept = [part for part in more if not re.fullmatch(r"[a-z]", part)]
    return "_".join([first, *kept])


def _letters(symbol: str) -> tuple[list[str], list[str]]:
    """The indexes of a symbol as it is written: those of elements, and those of time."""
    letters = [part for part in re.split(r"[,_]", symbol)[1:] if re.fullmatch(r"[a-z]", part)]
    return [i for i in letters if i not in _TIMES], [i for i in letters if i in _TIMES]


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise WordsError(f"{text[at:].strip()!r} is not in the notation")
            kind = found.lastgroup or ""
            self.tokens.append(("x" if kind == "times" else kind, found.group(kind)))
            at = found.end()

    def whole(self) -> Term:
        term = self.added()
        if self.tokens:
            raise WordsError(f"{self.tokens[0][1]!r} follows without an operator")
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
            raise WordsError("it ends after an operator")
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return Term("number", text)
        if kind == "symbol":
            return Term("symbol", text)
        if text == "(":
            term = self.added()
            if not self.tokens or self.tokens.pop(0)[1] != ")":
                raise WordsError("a bracket is not closed")
            return term
        raise WordsError(f"{text!r} stands where a quantity is expected")


def compare(text: str, benches: Sequence[Bench]) -> list[Compared]:
    """Each equation of a card's text against the class, on every bench of the card's cases.

    Each input is moved by its own share first, so that a 1 or two equal values hide nothing; then each one by itself
    far up and far down, so that a bound or a clipped value (ER at 0) that the text does not have shows. A result of
    which the text says nothing is not compared.
    """
    if not benches:
        return []
    found = [_compared(symbol, term, benches) for symbol, term in read_equations(text)]
    said = {one.symbol for one in found}
    silent = [n.symbol for n in benches[0].bound.results if n.symbol not in said]
    return [*found, *(Compared(symbol, NOT_READ, "the text says nothing of it") for symbol in silent)]


def _compared(symbol: str, term: Term | WordsError, benches: Sequence[Bench]) -> Compared:
    if isinstance(term, WordsError):
        return Compared(symbol, NOT_READ, str(term))
    results = {node.symbol for node in benches[0].bound.results}
    if symbol not in results:
        return Compared(symbol, NOT_READ, "it is no result of the class")
    notes, indexes = [], dict[str, None]()
    for bench in benches:
        text = _Text(moved(bench), symbol)
        unknown = [s for s in dict.fromkeys(map(bare, term.symbols())) if not text.readings(s)]
        if unknown:
            return Compared(symbol, NOT_READ, f"the class has no {', '.join(unknown)}")
        try:
            note = text.unlike(term) or "; ".join(text.too_many(term)) or _turned(symbol, term)
        except NotComparableError as error:
            return Compared(symbol, NOT_READ, str(error))
        if note:
            return Compared(symbol, DIFFERS, note)
        if note := _far_away(bench, symbol, term):
            return Compared(symbol, DIFFERS, note)
        notes.append(text.read_as)
        indexes |= dict.fromkeys(text.missing(term))
    return Compared(symbol, INDEXES, "; ".join(indexes)) if indexes else Compared(symbol, AGREES, notes[0])


def _turned(symbol: str, term: Term) -> str:
    """Why ER has another sign than it must; it does not show in tonnes where what it deducts is 0 (solar power)."""
    due = {"RE": False, "PE": True, "LE": True}
    found = [s for s, below in term.deducted() if symbol == "ER" and due.get(s, below) != below]
    return f"ER {'deducts' if found[0] == 'RE' else 'adds'} {found[0]}" if found else ""


def moved(bench: Bench) -> Bench:
    """Every number moved by a share of its own, the same each time, up or down."""

    def move(node: Named, value: Numbers) -> Numbers:
        if not isinstance(node, Expression) or node.symbol.endswith(("_from", "_to")):
            return value
        shares = [crc32(f"{node.symbol} {n}".encode()) / 2**32 for n in range(max(value.size, 1))]
        return value * (1 + _SPREAD * (np.array(shares).reshape(value.shape) - 0.5))

    return bench.changed(move)


def _far_away(bench: Bench, symbol: str, term: Term) -> str:
    """Why text and class part where one input is far from the case; empty where they do not, or nobody knows."""
    for node in (n for n in bench.values if isinstance(n, Expression) and not n.symbol.endswith(("_from", "_to"))):
        for factor in _FAR:
            values = {**bench.values, node: bench.values[node] * factor}
            text = _Text(moved(replace(bench, values=values)), symbol)
            if np.isfinite(text.evaluation[text.nodes[symbol]]).all() and (note := text.unlike(term)):
                return f"with {node.symbol} times {factor:g} {note}"
    return ""


class _Text:
    """An equation of a text with the values of a bench."""

    def __init__(self, bench: Bench, symbol: str) -> None:
        self.bench, self.symbol, self.read_as = bench, symbol, ""
        self.read: Mapping[str, tuple[Named, int]] = {}
        self.nodes = {n.symbol: n for n in bench.bound.nodes if isinstance(n, Expression)}
        self.evaluation = Evaluation(bench.bound.results, bench.values, bench.space)
        self.own: Set = next((new for old, new in bench.bound.sets.items() if old == equipment), period)

    def readings(self, symbol: str) -> list[tuple[Named, int]]:
        """What a symbol may stand for: a quantity, and which mapping takes it to what is summed over (-1 for none)."""
        names = (symbol, *OTHERWISE.get(symbol, ()))
        found: list[tuple[Named, int]] = []
        for node in (self.nodes[name] for name in names if name in self.nodes):
            others = [s for s in node.sets if s not in TIMES]
            ways = [n for n, m in enumerate(self._mappings()) if others == [m.target]]
            found += [(node, n) for n in ways] or [(node, -1)]
        return found

    def too_many(self, term: Term) -> Iterator[str]:
        """Indexes that the quantity does not vary over, or that no SUM around it runs through."""
        for written, around in term.within():
            node, _ = self.read[bare(written)]
            own, times = _letters(written)
            most = len([s for s in node.sets if s not in TIMES])
            if len(own) > most:
                yield f"{written} has {', '.join(own)} for an index; in the class it varies over {most or 'no'} set(s)"
            yield from (f"{written}: no SUM_{i} stands around it" for i in own if i not in around)
            if times and not any(s in TIMES for s in node.sets):
                yield f"{written} has {', '.join(times)} for an index; in the class it does not vary over time"

    def missing(self, term: Term) -> Iterator[str]:
        """Indexes that the quantity varies over and the text does not give; factors that many families share aside."""
        for written in term.symbols():
            node, way = self.read[bare(written)]
            own, times = _letters(written)
            sets = [s.name for s in node.sets if s not in TIMES]
            if len(own) < len(sets) and way < 0 and bare(written) not in OTHERWISE:
                yield f"{written} has no index of {', '.join(sets)}, over which it varies in the class"
            if any(s in TIMES for s in node.sets) and not times and not bare(written).startswith("EF"):
                yield f"{written} has no index of time, over which it varies in the class"
            if re.search(rf"[,_][{_TIMES}][,_][a-z]$", written):
                yield f"{written} has the index of time before that of elements"

    def unlike(self, term: Term) -> str:
        """Why the text comes to something else than the class; empty where some reading of it is the same."""
        due = self.evaluation[self.nodes[self.symbol]]
        symbols = list(dict.fromkeys(map(bare, term.symbols())))
        choices = [self.readings(s) for s in symbols]
        closest = refused = ""
        every = product(product(*choices), (False, True))
        for chosen, fractions in islice(every, _MOST_READINGS):
            read = dict(zip(symbols, chosen, strict=True))
            try:
                found = self._total(term, read, fractions)
            except NotComparableError as error:
                refused = refused or str(error)
                continue
            if np.allclose(found, due, rtol=_SAME, atol=1e-12):
                called = {s: node.symbol for s, (node, _) in read.items() if node.symbol != s}
                self.read = read
                self.read_as = ", ".join(f"{s} read as {symbol}" for s, symbol in called.items())
                return ""
            closest = (
                closest or f"it comes to {_listed(found)} t with a case's values moved, the class to {_listed(due)} t"
            )
        if not closest:
            raise NotComparableError(refused)
        return closest

    def _total(self, term: Term, read: Mapping[str, tuple[Named, int]], fractions: bool) -> Numbers:
        value, over = self._value(term, read, fractions)
        if over is not None:
            raise NotComparableError("it is not summed over what its quantities vary over")
        return np.broadcast_to(value, self.bench.space.shape((period,)))

    def _value(self, term: Term, read: Mapping[str, tuple[Named, int]], fractions: bool) -> tuple[Numbers, Set | None]:
        """A term over the set that is still to be summed over (None: summed) and the years."""
        if term.kind == "number":
            return np.full(self.bench.space.shape((period,)), float(term.text)), None
        if term.kind == "symbol":
            return self._symbol(*read[bare(term.text)], fractions)
        if term.kind == "sum":
            value, over = self._value(term.parts[0], read, fractions)
            if over is None:
                raise NotComparableError(f"SUM_{term.text} sums what does not vary")
            exists = self.bench.space.exists((over, period))
            return np.where(exists, value, 0.0).sum(axis=0), None
        (left, a), (right, b) = (self._value(part, read, fractions) for part in term.parts)
        if a is not None and b is not None and a != b:
            raise NotComparableError("its terms vary over different sets")
        with np.errstate(divide="ignore", invalid="ignore"):
            value = {"+": np.add, "-": np.subtract, "x": np.multiply, "/": np.divide}[term.kind](left, right)
        return value, a if a is not None else b

    def _symbol(self, node: Named, way: int, fractions: bool) -> tuple[Numbers, Set | None]:
        if node not in self.evaluation:
            raise NotComparableError(f"{node.symbol} has no value in the case")
        value, sets = self.evaluation[node], node.sets
        if fractions and getattr(node, "unit", "") == "%":
            value = value / 100
        if way >= 0:
            mapping = self._mappings()[way]
            where = self.bench.space.positions[mapping]
            axis = sets.index(mapping.target)
            value = np.where(where >= 0, np.moveaxis(value, axis, -1)[..., where], np.nan)
            value = np.moveaxis(value, -1, axis)
            sets = tuple(mapping.source[0] if s == mapping.target else s for s in sets)
        over = [s for s in sets if s != period]
        if len(over) > 1 or any(s in TIMES for s in over):
            raise NotComparableError(f"{node.symbol} varies over {', '.join(s.name for s in over)}")
        want = (*over, period)
        return np.broadcast_to(align(value, sets, want), self.bench.space.shape(want)), over[0] if over else None

    def _mappings(self) -> list[Way]:
        return [m for m in self.bench.space.positions if m.source == (self.own,)]


class NotComparableError(ValueError):
    """An equation whose form cannot be computed on a bench."""


def _listed(values: Iterable[float]) -> str:
    return ", ".join(f"{v:.6g}" for v in values)
