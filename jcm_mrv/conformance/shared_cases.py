"""Cases of equations that many families share: each quantity by hand, held against the card's own graph.

Which branch of the electricity factor a project takes is its own; no family has a case for all of them. Here every
branch stands once, with arithmetic by hand, and is computed in the graph of each card that has the quantity.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.conformance.arithmetic import arithmetic
from jcm_mrv.conformance.bench import SAME, Bench
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.methodology.declare import period
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Defined, Expression, Input, Label, Named
from jcm_mrv.quantities.graph import of_type, walk
from jcm_mrv.quantities.sets import align
from jcm_mrv.words import say

Choices = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class SharedCase:
    """What a quantity comes to for given inputs, as arithmetic; ``only`` and ``unless`` name choices of cards.

    ``needs`` is a choice of the project that tells the quantity from another family's of the same symbol; with
    ``first_year`` it is held against the first year of the bench alone.
    """

    quantity: str
    title: str
    given: Mapping[str, str | float]
    expected: str
    only: Choices = field(default_factory=dict)
    unless: Choices = field(default_factory=dict)
    needs: str = ""
    first_year: bool = False

    def holds_for(self, bench: Bench) -> bool:
        """Whether the card makes the choices for which the case is."""
        if self.needs and all(n.symbol != self.needs for n in bench.bound.switches):
            return False
        made = {symbol: choice.text for symbol, choice in bench.bound.entry.card.choices.items()}
        if any(made.get(symbol) not in allowed for symbol, allowed in self.only.items()):
            return False
        return not any(made.get(symbol) in others for symbol, others in self.unless.items())


@cache
def shared_cases() -> tuple[SharedCase, ...]:
    """The cases of the data file."""
    text = (files("jcm_mrv.methodology") / "data" / "shared_cases.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["case"]
    return tuple(
        SharedCase(
            r["quantity"],
            r["title"],
            r["given"],
            r["expected"],
            r.get("only", {}),
            r.get("except", {}),
            r.get("needs", ""),
            r.get("first_year", False),
        )
        for r in rows
    )


def shared_problems(bench: Bench, roots: Sequence[Expression] | None = None) -> Iterator[str]:
    """Where a shared quantity of a card does not come to what it does by hand."""
    of = bench.bound.results if roots is None else roots
    defined = {n.symbol: n for n in of_type(of, Defined)}
    for case in shared_cases():
        node = defined.get(case.quantity)
        if node is not None and case.holds_for(bench):
            due = float(arithmetic(case.expected))
            found = _value(case, bench, node)
            if not np.allclose(found, due, rtol=SAME, atol=SAME):
                yield say(
                    "{quantity} comes to {value:.6g}, {title} = {due:.6g}",
                    quantity=case.quantity,
                    value=np.unique(found)[0],
                    title=case.title,
                    due=due,
                )


def taken_by_shared(bench: Bench) -> tuple[Mapping[str, set[str]], set[str]]:
    """The choices that shared cases of the card's quantities take, by label; and the quantities that they set."""
    here = {n.symbol for n in of_type(bench.bound.results, Defined)}
    cases = [c for c in shared_cases() if c.quantity in here and c.holds_for(bench)]
    chosen: dict[str, set[str]] = {}
    for symbol, value in (pair for case in cases for pair in case.given.items()):
        if isinstance(value, str):
            chosen.setdefault(symbol, set()).add(value)
    numbers = {symbol for case in cases for symbol, value in case.given.items() if not isinstance(value, str)}
    return chosen, numbers


def _value(case: SharedCase, bench: Bench, node: Defined) -> Numbers:
    values: dict[Named, Numbers] = {}
    for leaf in (n for n in walk([node]) if isinstance(n, (Input, Label))):
        shape, given = bench.space.shape(leaf.sets), case.given.get(leaf.symbol)
        if isinstance(leaf, Label):
            values[leaf] = np.full(shape, leaf.choices.index(given) if isinstance(given, str) else -1.0)
        else:
            values[leaf] = np.full(shape, float("nan") if given is None else float(given))
    try:
        found = Evaluation([node], values, bench.space)[node]
    except (JcmMrvError, ValueError, KeyError, IndexError):
        return np.array([np.nan])
    exists = bench.space.exists(node.sets)
    if case.first_year:
        exists = exists & align(np.arange(bench.space.size(period)) == 0, (period,), node.sets)
    return found[exists]
