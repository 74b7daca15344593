"""The equation that a card quotes, held against the class.

:func:`compare` computes the text (:mod:`jcm_mrv.conformance.equation_notation`) with a
case's values: what it comes to has to be what the class comes to, of results and
of quantities on the way to them. Words are not computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice, product
from zlib import crc32

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.conformance.bench import Bench
from jcm_mrv.conformance.equation_notation import (
    CHOOSE,
    TIME_LETTERS,
    EarlierError,
    Term,
    WordsError,
    named,
    read_equations,
)
from jcm_mrv.methodology.declare import TIMES, Fixed, electricity_source, equipment, fuel, period
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Expression, Label, Lag, Named, Running
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.sets import Mapping as Way
from jcm_mrv.quantities.sets import Set, align
from jcm_mrv.words import joined, say

AGREES, DIFFERS, NOT_READ = say("agrees"), say("differs"), say("not compared")
INDEXES = say("agrees but for its indexes")
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
_SHARED = (electricity_source, fuel)
"""Sets of factors that documents write without an index: that of the piece of equipment says which."""
_SAME = 1e-9
_MOST_READINGS = 512
_SPREAD, _ABOVE = 0.3, 0.1
_FAR = (1000.0, 0.001)
_OPERATIONS = {"+": np.add, "-": np.subtract, "x": np.multiply, "/": np.divide, "min": np.minimum, "max": np.maximum}


Reading = tuple[Named, tuple[Way, ...]]


@dataclass(frozen=True)
class Compared:
    """One equation of the text: its symbol, how it came out, and why."""

    symbol: str
    outcome: str
    note: str = ""


def compare(text: str, benches: Sequence[Bench]) -> list[Compared]:
    """Each equation of a card's text against the class, on every bench of the card's cases.

    Each input is moved by its own share first, so that a 1 or two equal values hide nothing; then each one by itself
    far up and far down, so that a bound or a clipped value (ER at 0) that the text does not have shows. A result of
    which the text says nothing is not compared, nor is a quantity of the class that the text uses and does not define;
    factors that many families share have cases of their own.
    """
    if not benches:
        return []
    statements = list(read_equations(text))
    found = compare_statements(text, [Witness(bench) for bench in benches])
    computed = {one.symbol for one in found if one.outcome != NOT_READ}
    found = [one for one in found if one.outcome != NOT_READ or one.symbol not in computed]  # words, said formally too
    said = {one.symbol for one in found}
    bound = benches[0].bound
    silent = [n.symbol for n in bound.results if n.symbol not in said]
    known = {n.symbol for n in bound.equations if not n.symbol.startswith("EF") and n.symbol not in bound.tables}
    terms = [term for _, term in statements if isinstance(term, Term)]
    used = dict.fromkeys(named(s, known)[0] for term in terms for s in term.symbols())
    silent += [s for s in used if s in known and s not in said and s not in silent]
    return [*found, *(Compared(symbol, NOT_READ, say("the text says nothing of it")) for symbol in silent)]


def compare_statements(text: str, witnesses: Sequence[Witness]) -> list[Compared]:
    """Each equation of a text by itself, in its order, as :func:`compare` does; nothing of what the text leaves out."""
    return [_compared(left, term, witnesses) for left, term in read_equations(text)]


def _compared(left: str, term: Term | WordsError, witnesses: Sequence[Witness]) -> Compared:
    equations = {node.symbol for node in witnesses[0].bench.bound.equations}
    symbol = left if " " in left else named(left, equations)[0]
    if isinstance(term, WordsError):
        made = [n for n in witnesses[0].bench.bound.equations if n.symbol == symbol]
        none = isinstance(term, EarlierError) and not any(isinstance(n, (Lag, Running)) for n in walk(made))
        note = say("{why}; the class takes no earlier value in it", why=str(term)) if none and made else str(term)
        return Compared(symbol, NOT_READ, note)
    if symbol not in equations:
        return Compared(symbol, NOT_READ, say("the class has no such equation"))
    notes, indexes = [], dict[str, None]()
    for witness in witnesses:
        text = _Text(witness.bench, witness.evaluation, left)
        unknown = [s for s in dict.fromkeys(map(text.name, term.symbols())) if not text.readings(s)]
        if unknown:
            return Compared(symbol, NOT_READ, say("the class has no {listed}", listed=", ".join(unknown)))
        try:
            note = text.unlike(term) or "; ".join(text.too_many(term)) or _turned(symbol, term)
        except NotComparableError as error:
            return Compared(symbol, NOT_READ, str(error))
        if note:
            return Compared(symbol, DIFFERS, note)
        if note := _far_away(witness, text, term):
            return Compared(symbol, DIFFERS, note)
        notes.append(text.read_as)
        indexes |= dict.fromkeys(text.missing(term))
    return Compared(symbol, INDEXES, joined("; ", indexes)) if indexes else Compared(symbol, AGREES, notes[0])


def _turned(symbol: str, term: Term) -> str:
    """Why ER has another sign than it must; it does not show in tonnes where what it deducts is 0 (solar power)."""
    due = {"RE": False, "PE": True, "LE": True}
    found = [s for s, below in term.deducted() if symbol == "ER" and due.get(s, below) != below]
    return f"ER {'deducts' if found[0] == 'RE' else 'adds'} {found[0]}" if found else ""


def moved(bench: Bench) -> Bench:
    """Every number moved by a share of its own, the same each time, up or down; a zero, which hides terms, above it."""

    def move(node: Named, value: Numbers) -> Numbers:
        if not _is_number(node):
            return value
        shares = [crc32(f"{node.symbol} {n}".encode()) / 2**32 for n in range(max(value.size, 1))]
        share = np.array(shares).reshape(value.shape)
        return np.where(value == 0, share * _ABOVE, value * (1 + _SPREAD * (share - 0.5)))

    return bench.changed(move)


def _is_number(node: Named) -> bool:
    """Whether a quantity is one that a person enters, and neither a choice nor the edge of a class."""
    return isinstance(node, Expression) and not node.symbol.endswith(("_from", "_to"))


class Witness:
    """A bench with its values moved, and what its equations come to: near the case, and with one input far from it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = moved(bench)
        self.evaluation = Evaluation(bench.bound.results, self.bench.values, bench.space)
        self._far: dict[tuple[Named, float], tuple[Bench, Evaluation]] = {}

    def far(self, node: Named, factor: float) -> tuple[Bench, Evaluation]:
        """Bench and evaluation with one input so many times what it is; kept, as a mutation run asks again."""
        if (node, factor) not in self._far:
            change = {node: self.bench.values[node] * factor}
            bench = replace(self.bench, values={**self.bench.values, **change})
            self._far[node, factor] = bench, self.evaluation.changed(change)
        return self._far[node, factor]


def _far_away(witness: Witness, near: _Text, term: Term) -> str:
    """Why text and class part where one input is far from the case; empty where they do not, or nobody knows."""
    read = [node for s in map(near.name, term.symbols()) for node, _ in near.readings(s)]
    resting = set(walk([near.node, *read]))
    for node in (n for n in witness.bench.values if _is_number(n) and n in resting):
        for factor in _FAR:
            text = _Text(*witness.far(node, factor), near.left)
            if np.isfinite(text.due).all() and (note := text.unlike(term)):
                return say("with {symbol} times {factor:g} {note}", symbol=node.symbol, factor=factor, note=note)
    return ""


class _Text:
    """An equation of a text with the values of a bench."""

    def __init__(self, bench: Bench, evaluation: Evaluation, left: str) -> None:
        self.bench, self.evaluation, self.left, self.read_as = bench, evaluation, left, ""
        self.read: Mapping[str, Reading] = {}
        self.nodes = {n.symbol: n for n in bench.bound.nodes if isinstance(n, Expression)}
        self.own: Set = next((new for old, new in bench.bound.sets.items() if old == equipment), period)
        self.node = self.nodes[self.name(left)]

    def name(self, written: str) -> str:
        """The symbol without its indexes."""
        return named(written, self.nodes)[0]

    @property
    def due(self) -> Numbers:
        """What the class comes to, where it exists."""
        return self.evaluation[self.node][self.bench.space.exists(self.node.sets)]

    def readings(self, symbol: str) -> list[Reading]:
        """What a symbol may stand for: a quantity, and the mappings that take it to what is summed over, if any do."""
        names = (symbol, *OTHERWISE.get(symbol, ()))
        found: list[Reading] = []
        for node in (self.nodes[name] for name in names if name in self.nodes):
            others = [s for s in node.sets if s not in TIMES]
            ways = product(*([m for m in self._mappings() if m.target == s] for s in others)) if others else ()
            found += [(node, way) for way in ways] or [(node, ())]
        return found

    def too_many(self, term: Term) -> Iterator[str]:
        """Indexes that the quantity does not vary over, or that no SUM around it runs through."""
        for written, around in term.within():
            symbol, own, times = named(written, self.nodes)
            node, way = self.read[symbol]
            most = len([s for s in node.sets if s not in TIMES])
            if len(own) > most:
                yield say(
                    "{written} has {listed} for an index; in the class it varies over {most} set(s)",
                    written=written,
                    listed=", ".join(own),
                    most=most or say("no"),
                )
            summed = {*around, *named(self.left, self.nodes)[1]}
            if way:  # the category of a piece is that of the piece that is summed over
                summed |= {s.index for s in node.sets}
            yield from (
                say("{written}: no SUM_{i} stands around it", written=written, i=i) for i in own if i not in summed
            )
            if times and not any(s in TIMES for s in node.sets):
                yield say(
                    "{written} has {listed} for an index; in the class it does not vary over time",
                    written=written,
                    listed=", ".join(times),
                )

    def missing(self, term: Term) -> Iterator[str]:
        """Indexes that the quantity varies over and the text does not give; factors that many families share aside."""
        for written in term.symbols():
            symbol, own, times = named(written, self.nodes)
            node, way = self.read[symbol]
            sets = [s.name for s in node.sets if s not in TIMES]
            shared = bool(way) and all(self.bench.bound.document_set(s) in _SHARED for s in node.sets if s not in TIMES)
            if len(own) < len(sets) and not shared and symbol not in OTHERWISE:
                yield say(
                    "{written} has no index of {listed}, over which it varies in the class",
                    written=written,
                    listed=", ".join(sets),
                )
            common = symbol.startswith("EF") and not isinstance(node, Fixed)
            if any(s in TIMES for s in node.sets) and not times and not common:
                yield say("{written} has no index of time, over which it varies in the class", written=written)
            if re.search(rf"^[,_][{TIME_LETTERS}][,_][a-z]$", written[len(symbol) :]):
                yield say("{written} has the index of time before that of elements", written=written)

    def unlike(self, term: Term) -> str:
        """Why the text comes to something else than the class; empty where some reading of it is the same."""
        due = self.due
        symbols = list(dict.fromkeys(map(self.name, term.symbols())))
        choices = [self.readings(s) for s in symbols]
        closest = refused = unsummed = ""
        every = product(product(*choices), (False, True))
        for chosen, fractions in islice(every, _MOST_READINGS):
            read = dict(zip(symbols, chosen, strict=True))
            try:
                found = self._total(term, read, fractions)
            except NotSummedError as error:
                unsummed = str(error)
                continue
            except NotComparableError as error:
                refused = refused or str(error)
                continue
            if np.allclose(found, due, rtol=_SAME, atol=1e-12):
                called = {s: node.symbol for s, (node, _) in read.items() if node.symbol != s}
                self.read = read
                self.read_as = joined(
                    ", ", (say("{text} read as {symbol}", text=text, symbol=symbol) for text, symbol in called.items())
                )
                return ""
            closest = closest or say(
                "it comes to {found} t with a case's values moved, the class to {due} t",
                found=_listed(found),
                due=_listed(due),
            )
        if not closest and not unsummed:
            raise NotComparableError(refused)
        return closest or unsummed

    def _total(self, term: Term, read: Mapping[str, Reading], fractions: bool) -> Numbers:
        value, over = self._value(term, read, fractions)
        sets = self.node.sets
        if over is not None and over not in sets:
            raise NotSummedError(say("it is not summed over what its quantities vary over"))
        if any(s not in (over, period) for s in sets):
            raise NotComparableError(
                say("{symbol} varies over {listed}", symbol=self.node.symbol, listed=", ".join(s.name for s in sets))
            )
        full = np.broadcast_to(value, self.bench.space.shape((period,) if over is None else (over, period)))
        full = full if period in sets else full[..., 0]
        return np.broadcast_to(full, self.bench.space.shape(sets))[self.bench.space.exists(sets)]

    def _value(self, term: Term, read: Mapping[str, Reading], fractions: bool) -> tuple[Numbers, Set | None]:
        """A term over the set that is still to be summed over (None: summed) and the years."""
        if term.kind == "number":
            return np.full(self.bench.space.shape((period,)), float(term.text)), None
        if term.kind == "symbol":
            return self._symbol(*read[self.name(term.text)], fractions)
        if term.kind == CHOOSE:
            return self._chosen(term, read, fractions)
        if term.kind == "sum":
            value, over = self._value(term.parts[0], read, fractions)
            if over is None:
                raise NotComparableError(say("SUM_{text} sums what does not vary", text=term.text))
            exists = self.bench.space.exists((over, period))
            return np.where(exists, value, 0.0).sum(axis=0), None
        values, over = self._alike(term, read, fractions)
        with np.errstate(divide="ignore", invalid="ignore"):
            return reduce(_OPERATIONS[term.kind], values), over

    def _alike(
        self, term: Term, read: Mapping[str, Reading], fractions: bool
    ) -> tuple[tuple[Numbers, ...], Set | None]:
        """The values of a term's parts, and the one set that they vary over, if any does."""
        values, overs = zip(*(self._value(part, read, fractions) for part in term.parts), strict=True)
        sets = {over for over in overs if over is not None}
        if len(sets) > 1:
            raise NotComparableError(say("its terms vary over different sets"))
        return values, next(iter(sets), None)

    def _chosen(self, term: Term, read: Mapping[str, Reading], fractions: bool) -> tuple[Numbers, Set | None]:
        label = next((n for n in self.bench.values if isinstance(n, Label) and n.symbol == term.text), None)
        if label is None:
            raise NotComparableError(say("the class has no choice {text} of the project", text=term.text))
        if unlike := {*term.choices} ^ {*label.choices}:
            raise NotComparableError(
                say(
                    "{symbol} has the choices {listed}: {unlike}",
                    symbol=label.symbol,
                    listed=", ".join(label.choices),
                    unlike=", ".join(unlike),
                )
            )
        values, over = self._alike(term, read, fractions)
        made = self.bench.values[label]
        if label.sets:
            if label.sets != (self.own,) or over not in (None, self.own):
                raise NotComparableError(
                    say(
                        "{symbol} varies over {listed}",
                        symbol=label.symbol,
                        listed=", ".join(s.name for s in label.sets),
                    )
                )
            made, over = made[:, np.newaxis], self.own
        conditions = [made == label.choices.index(choice) for choice in term.choices]
        shape = self.bench.space.shape((period,) if over is None else (over, period))
        full = [np.broadcast_to(value, shape) for value in values]
        return np.select([np.broadcast_to(c, shape) for c in conditions], full, np.nan), over

    def _symbol(self, node: Named, way: tuple[Way, ...], fractions: bool) -> tuple[Numbers, Set | None]:
        if node not in self.evaluation:
            raise NotComparableError(say("{symbol} has no value in the case", symbol=node.symbol))
        value, sets = self.evaluation[node], node.sets
        if fractions and getattr(node, "unit", "") == "%":
            value = value / 100
        if way:
            positions = {mapping.target: self.bench.space.positions[mapping] for mapping in way}
            times = tuple(s for s in sets if s not in positions)
            there = np.all([where >= 0 for where in positions.values()], axis=0)
            value = align(value, sets, (*positions, *times))[tuple(positions.values())]
            sets = (self.own, *times)
            value = np.where(align(there, (self.own,), sets), value, np.nan)
        over = [s for s in sets if s != period]
        if len(over) > 1 or any(s in TIMES for s in over):
            raise NotComparableError(
                say("{symbol} varies over {listed}", symbol=node.symbol, listed=", ".join(s.name for s in over))
            )
        want = (*over, period)
        return np.broadcast_to(align(value, sets, want), self.bench.space.shape(want)), over[0] if over else None

    def _mappings(self) -> list[Way]:
        return [m for m in self.bench.space.positions if m.source == (self.own,)]


class NotComparableError(ValueError):
    """An equation whose form cannot be computed on a bench."""


class NotSummedError(NotComparableError):
    """An equation whose right side varies over more than its left side."""


def _listed(values: Iterable[float]) -> str:
    return ", ".join(f"{v:.6g}" for v in values)
