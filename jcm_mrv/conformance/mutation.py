"""A mutation run: mistakes that an author could make, one at a time, and which of them something notices.

Each mistake is put into the bound equations, the numbers of the card or its
text. It is noticed by the units (the class would not load), by a case, by a
check that needs no expectation, or by the text of the card; what nothing
notices survives and is named. A mistake that class, card and case share
is none for any of them: only a second source can tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.conformance.arithmetic import arithmetic
from jcm_mrv.conformance.author_checks import sign_problems, year_problems, zero_problems
from jcm_mrv.conformance.bench import Bench
from jcm_mrv.conformance.card_values import card_values, not_taken_values, with_value
from jcm_mrv.conformance.cases import Case
from jcm_mrv.conformance.equation_text import DIFFERS, NOT_READ, Witness, compare, compare_statements
from jcm_mrv.conformance.shared_cases import shared_problems
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.methodology.binding import Bound, ClassTable
from jcm_mrv.methodology.declare import TIMES, Default, month
from jcm_mrv.methodology.limits import within
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    Add,
    Choose,
    Constant,
    Defined,
    Divide,
    Expression,
    GroupTotal,
    Input,
    Label,
    Maximum,
    Minimum,
    Multiply,
    Named,
    Node,
    Number,
    Subtract,
    Total,
)
from jcm_mrv.quantities.graph import Rebuild, owners, walk
from jcm_mrv.quantities.required import required
from jcm_mrv.quantities.text import term_text
from jcm_mrv.quantities.units import check_units
from jcm_mrv.words import say

UNITS, CASES, SHARED = "units", "cases", "shared cases"
CHECKS, TEXT, SURVIVED, NOT_TRIED = "checks", "card's text", "survived", "not tried"
_SAME = 1e-9
_SLIPS = (1000.0, 0.001, 3.6)


@dataclass(frozen=True)
class Mutant:
    """A mistake: of what ``kind``, in words, and who notices it first.

    :data:`SURVIVED` is nobody; :data:`NOT_TRIED` a value in which no mistake could show.
    """

    kind: str
    text: str
    noticed: str = SURVIVED


def run(cases: Sequence[tuple[Case, Bench]]) -> Iterator[Mutant]:
    """Every mistake of one card, judged, with the cases that the card has."""
    if not cases:
        return
    bound = cases[0][1].bound
    cases = on_one_graph(cases)
    for kind, text, roots in _of_equations(bound, [bench for _, bench in cases]):
        yield Mutant(kind, text, _noticed(roots, cases))
    yield from of_values(cases)
    yield from of_edges(cases)
    yield from _of_text(cases)


def on_one_graph(cases: Sequence[tuple[Case, Bench]]) -> list[tuple[Case, Bench]]:
    """The benches of one card on the graph of the first: a mistake is put into one graph."""
    bound = cases[0][1].bound
    leaves = [n for n in walk(bound.results) if isinstance(n, (Input, Label))]
    found = []
    for case, bench in cases:
        known = {node.symbol: value for node, value in bench.values.items()}
        found.append((case, replace(bench, bound=bound, values={node: known[node.symbol] for node in leaves})))
    return found


# --- in the class -------------------------------------------------------------------

Make = Callable[[], Node]


def _of_equations(bound: Bound, benches: Sequence[Bench]) -> Iterator[tuple[str, str, tuple[Expression, ...] | None]]:
    """Kind, words and the results with the mistake; None where such a class would not load."""
    owner = owners(bound.results)
    for node in walk(bound.results):
        for kind, make in _mistakes(node):
            made = _with(bound, {id(node): make})
            if made is None or not (_by_one(node) and all(_unmoved(bench, made) for bench in benches)):
                yield kind, f"{owner.get(node, '?')}: {kind} in {_short(node)}", made
    for one, other in _alike(bound):
        swap: dict[int, Make] = {id(one): lambda other=other: other, id(other): lambda one=one: one}  # type: ignore[misc]
        made = _with(bound, swap)
        if made is None or not any(_commute(one, other, bench, made) for bench in benches):
            yield (
                "swap",
                say("{symbol} and {other} are swapped", symbol=one.symbol, other=other.symbol),
                made,
            )


def _by_one(node: Node) -> bool:
    """True for a product with, or a quotient by, a constant of 1: where units allow it, without it nothing is wrong."""
    return isinstance(node, Multiply | Divide) and isinstance(node.right, Constant | Number) and node.right.value == 1.0


def _mistakes(node: Node) -> Iterator[tuple[str, Make]]:
    if isinstance(node, Add):
        yield "sign", lambda: Subtract(node.left, node.right)
        yield "dropped term", lambda: node.left
        yield "dropped term", lambda: node.right
    elif isinstance(node, Subtract):
        yield "sign", lambda: Add(node.left, node.right)
        yield "side", lambda: Subtract(node.right, node.left)
        yield "dropped term", lambda: node.left
    elif isinstance(node, Divide):
        yield "ratio", lambda: Divide(node.right, node.left)
        yield "ratio", lambda: Multiply(node.left, node.right)
        yield "dropped term", lambda: node.left
    elif isinstance(node, Multiply):
        yield "ratio", lambda: Divide(node.left, node.right)
        yield "dropped term", lambda: node.left
        yield "dropped term", lambda: node.right
    elif isinstance(node, Minimum):
        yield "side", lambda: Maximum(*node.args)
    elif isinstance(node, Maximum):
        yield "side", lambda: Minimum(*node.args)
    elif isinstance(node, GroupTotal) and node.by.source == (month,):
        yield "index", lambda: Total(node.arg, month)
    elif isinstance(node, Constant) and node.value not in (0.0, 1.0):
        for factor in (1 / node.value, node.value * 10):
            yield "unit-like factor", lambda factor=factor: _constant(node, factor)  # type: ignore[misc]
    elif isinstance(node, Choose):
        branches = [branch for _, branch in node.branches]
        for n in (n for n, (a, b) in enumerate(pairwise(branches)) if term_text(a) != term_text(b)):
            turned = [*branches]
            turned[n], turned[n + 1] = turned[n + 1], turned[n]
            yield "index", lambda turned=turned: Choose(node.label, dict(zip(node.label.choices, turned, strict=True)))  # type: ignore[misc]


def _constant(node: Constant, value: float) -> Constant:
    new = Constant(node.symbol, node.written, node.unit, node.label, node.source)
    new.value = value
    return new


def _alike(bound: Bound) -> Iterator[tuple[Input, Input]]:
    """Pairs of inputs that could be taken for each other: the same unit and sets."""
    there = set(walk(bound.results))  # factors of a product of readings are not: no value of theirs is computed with
    inputs = [n for n in bound.nodes if isinstance(n, Input) and n in there]
    for n, one in enumerate(inputs):
        yield from ((one, other) for other in inputs[n + 1 :] if (one.unit, one.sets) == (other.unit, other.sets))


def _with(bound: Bound, changes: Mapping[int, Make]) -> tuple[Expression, ...] | None:
    """The results with some nodes made otherwise; None where that does not load."""
    old = [*walk(bound.results)]  # what is put in place stays as it was: it is built on the old graph
    kept = {id(n): n for n in old}

    def put(node: Node) -> Node | None:
        if id(node) in changes and id(node) in kept:
            return changes[id(node)]()
        return None if node.operands else node

    try:
        rebuild = Rebuild(put)
        made = tuple(rebuild(root) for root in bound.results)
        for root in (n for n in walk(made) if isinstance(n, Defined)):
            if any(s not in root.sets for s in root.equation.sets):
                return None
        check_units(list(made))
    except (JcmMrvError, ValueError, KeyError):
        return None
    return made


def _noticed(roots: tuple[Expression, ...] | None, cases: Sequence[tuple[Case, Bench]]) -> str:
    if roots is None:
        return UNITS
    for case, bench in cases:
        if _case_notices(case, bench, roots):
            return CASES
    if any(True for _ in shared_problems(cases[0][1], roots)):
        return SHARED
    for _, bench in cases:
        wrong = replace(bench, bound=_bound_of(bench.bound, roots))
        if any(any(True for _ in check(wrong)) for check in (sign_problems, zero_problems, year_problems)):
            return CHECKS
    text = cases[0][1].bound.entry.card.statements
    benches = [replace(bench, bound=_bound_of(bench.bound, roots)) for _, bench in cases]
    return TEXT if any(c.outcome == DIFFERS for c in compare(text, benches)) else SURVIVED


def _commute(one: Input, other: Input, bench: Bench, roots: tuple[Expression, ...]) -> bool:
    """True for two factors of one product: exchanged, they are the same equation, and no mistake.

    Looked at with every input of the case moved apart by a factor of its own; of what the case does not take nothing
    is known.
    """
    moved = bench.changed(lambda node, value: value if isinstance(node, Label) else value * _apart(node.symbol))
    needed = required(bench.bound.results, Evaluation(bench.bound.results, moved.values, moved.space))
    if not all(needed[node].any() for node in (one, other)):
        return False
    return _unmoved(moved, roots)


def _unmoved(bench: Bench, roots: tuple[Expression, ...]) -> bool:
    """Whether the results stay as they are with a bench's values."""
    before, after = bench.results(), bench.results(roots)
    return all(np.allclose(before[s], after[s], rtol=_SAME, atol=0.0) for s in before)


def _apart(symbol: str) -> float:
    """A factor of a quantity's own, the same on every machine."""
    return 1 + int.from_bytes(sha256(symbol.encode()).digest()[:4]) / 2**32


def _bound_of(bound: Bound, roots: tuple[Expression, ...]) -> Bound:
    re_, pe, *le, er = roots
    nodes = tuple(n for n in walk(roots) if isinstance(n, Named))
    return replace(bound, RE=re_, PE=pe, LE=le[0] if le else None, ER=er, nodes=nodes)  # type: ignore[arg-type]


def _case_notices(case: Case, bench: Bench, roots: Sequence[Expression]) -> bool:
    try:
        found = bench.results(roots)
    except (JcmMrvError, ValueError, KeyError, IndexError):
        return True
    names = {"RE": "reference", "PE": "project", "LE": "leakage", "ER": "reductions"}
    for symbol, tonnes in found.items():
        due = [getattr(year, names[symbol]) for year in case.expected]
        if None in due or len(due) != len(tonnes):
            continue
        if not np.allclose(tonnes, [float(arithmetic(text)) for text in due], rtol=_SAME, atol=_SAME):
            return True
    return False


# --- on the card --------------------------------------------------------------------


def of_values(cases: Sequence[tuple[Case, Bench]]) -> Iterator[Mutant]:
    """The values of the card, each too large or too small as units slip; what no case takes shows nothing."""
    bound, benches = cases[0][1].bound, [bench for _, bench in cases]
    nodes = {n.symbol.removesuffix("_class"): n for n in bound.nodes if isinstance(n, Default)}
    untried = set(not_taken_values(benches))
    for value in (v for v in card_values(bound.entry.card) if v.symbol in nodes):
        if value in untried:
            yield Mutant("card's value", f"{value} on the card: no case takes it", NOT_TRIED)
            continue
        for factor in _SLIPS if value.value else ():
            slipped = [(c, with_value(b, value, lambda v, factor=factor: v * factor)) for c, b in cases]  # type: ignore[misc]
            if not within(value.value * factor, nodes[value.symbol].limits):
                noticed = UNITS
            elif any(bench and _case_notices(case, bench, bound.results) for case, bench in slipped):
                noticed = CASES
            else:
                noticed = SURVIVED
            yield Mutant("card's value", f"{value} on the card times {factor:g}", noticed)


def of_edges(cases: Sequence[tuple[Case, Bench]]) -> Iterator[Mutant]:
    """The edges of a table's classes: each a tenth lower or higher, and what lies on it taken for the class below."""
    bound = cases[0][1].bound
    for symbol, table in bound.tables.items():
        for edge in bound.entry.card.defaults[symbol].edges:
            for words, factor in (
                (say("a tenth lower"), 0.9),
                (say("a tenth higher"), 1.1),
                (say("of the class below it"), 1 + _SAME),
            ):
                moved = [(case, _edge_moved(bench, table, edge, factor)) for case, bench in cases]
                found = any(_case_notices(case, bench, bound.results) for case, bench in moved)
                noticed = CASES if found else SURVIVED
                yield Mutant(
                    say("class edge"),
                    say("{symbol}: the edge {edge:g} {words}", symbol=symbol, edge=edge, words=words),
                    noticed,
                )


def _edge_moved(bench: Bench, table: ClassTable, edge: float, factor: float) -> Bench:
    def moved(node: Named, value: Numbers) -> Numbers:
        return np.where(value == edge, value * factor, value) if node.symbol in names else value

    names = {table.lower.symbol, table.upper.symbol}
    return bench.changed(moved)


def _of_text(cases: Sequence[tuple[Case, Bench]]) -> Iterator[Mutant]:
    """The quoted equation with a sign, a ratio, a symbol or an index changed; each statement that can be computed."""
    text, benches = cases[0][1].bound.entry.card.statements, [bench for _, bench in cases]
    witnesses = [Witness(bench) for bench in benches]
    as_it_is = compare_statements(text, witnesses)
    if any(c.outcome == DIFFERS for c in as_it_is):
        return
    statements = text.split(";")
    read = [n for n in range(len(statements)) if as_it_is[n].outcome != NOT_READ]
    for words, wrong in (*_of_signs(text, benches[0]), *_of_indexes(text, benches[0])):
        others = wrong.split(";")
        changed = [n for n in read if others[n] != statements[n]]  # none in words, which nobody computes
        if changed:
            found = compare_statements(";".join(others[n] for n in changed), witnesses)
            yield Mutant("card's text", words, SURVIVED if found == [as_it_is[n] for n in changed] else TEXT)


def _of_signs(text: str, bench: Bench) -> Iterator[tuple[str, str]]:
    """Words and the text, with an operator or a side changed; times a constant of 1 or by it is no mistake."""
    ones = {n.symbol for n in walk(bench.bound.results) if isinstance(n, Constant) and n.value == 1.0}
    for found in re.finditer(r" (?:[-+x×/]) |_PJ|_RE(?=,)", text):
        old = found.group()
        if old in (" x ", " × ", " / ") and re.split(r"[ ;)]", text[found.end() :])[0] in ones:
            continue
        new = {" - ": " + ", " + ": " - ", " x ": " / ", " × ": " / ", " / ": " x ", "_PJ": "_RE"}.get(old, "_PJ")
        wrong = text[: found.start()] + new + text[found.end() :]
        near = wrong[max(0, found.start() - 12) : found.end() + 12]
        yield say("{first} for {second} at {near!r}", first=old.strip(), second=new.strip(), near=near), wrong


def _of_indexes(text: str, bench: Bench) -> Iterator[tuple[str, str]]:
    """An index of elements for each quantity that has none; each index left out, or another letter in its place."""
    right = len(text.partition("=")[0]) + 1
    for node in bench.bound.nodes:
        found = re.search(rf"(?<![A-Za-z_,]){re.escape(node.symbol)}(?=[ );]|$)", text[right:])
        if found and all(s in TIMES for s in node.sets) and node not in bench.bound.results:
            at = right + found.end()
            yield say("{symbol} with an index i", symbol=node.symbol), f"{text[:at]}_i{text[at:]}"
    for statement in re.finditer(r"=[^;]*", text):
        for found in re.finditer(r"(?<=[A-Za-z0-9])[,_]([a-z])(?![A-Za-z0-9])", statement.group()):
            start, end = (statement.start() + at for at in found.span())
            near = text[max(0, start - 12) : end + 4]
            yield say("index {found} left out at {near!r}", found=found[1], near=near), text[:start] + text[end:]
            yield say("index z for {found} at {near!r}", found=found[1], near=near), f"{text[: end - 1]}z{text[end:]}"


def _short(node: Node) -> str:
    text = term_text(node)
    return text if len(text) <= 60 else f"{text[:57]}..."


__all__ = [
    "CASES",
    "CHECKS",
    "NOT_TRIED",
    "SHARED",
    "SURVIVED",
    "TEXT",
    "UNITS",
    "Mutant",
    "of_edges",
    "of_values",
    "run",
]
