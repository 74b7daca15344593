"""The values that a card gives, one by one, and which of them a case takes.

A value is taken where the case lets a result rest on it: a row of a table that no
piece of equipment belongs to, and a value in whose place every case gives its own,
are seen by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from jcm_mrv.conformance.bench import Bench
from jcm_mrv.methodology.card import Card, CardDefault
from jcm_mrv.methodology.factors import shared_defaults

_NUDGE = 1e-4
_FELT = 1e-12


class CardValue(NamedTuple):
    """A value of a card; ``name`` is its class, point, or the names that it belongs to, empty for the one for all."""

    symbol: str
    name: str
    value: float

    def __str__(self) -> str:
        return f"{self.symbol} of {self.name}" if self.name else self.symbol


def card_values(card: Card, *, taken_over: bool = False) -> Iterator[CardValue]:
    """Every value that the card's author gave; or those by name of the sets that it shares with many cards."""
    for symbol, default in card.defaults.items():
        if _is_taken_over(default) == taken_over:
            if default.value is not None and not taken_over:
                yield CardValue(symbol, "", default.value)
            yield from (CardValue(symbol, name, value) for name, value in default.by_name.items())
            yield from (CardValue(symbol, c.label, c.value) for c in default.classes)


def _is_taken_over(default: CardDefault) -> bool:
    of_sets = [own[default.symbol] for own in shared_defaults().values() if default.symbol in own]
    return any((o.get("value"), o.get("source")) == (default.value, default.source) for o in of_sets)


def with_value(bench: Bench, of: CardValue, change: Callable[[float], float]) -> Bench | None:
    """The bench with one value of the card changed wherever it is used; None where the case uses it nowhere."""
    uses = [
        use
        for use in bench.defaults
        if use.project_value is None
        and use.card_value is not None
        and (use.node.symbol.removesuffix("_class"), use.card_name) == (of.symbol, of.name)
    ]
    if not uses:
        return None
    nodes = {node.symbol: node for node in bench.values}
    values = {nodes[use.node.symbol]: bench.values[nodes[use.node.symbol]].copy() for use in uses}
    for use in uses:
        values[nodes[use.node.symbol]][use.ordinals] = change(of.value)
    return bench.changed(lambda node, value: values.get(node, value))


def is_taken(bench: Bench, of: CardValue) -> bool:
    """Whether a result of the case moves with a value of the card, up or down."""
    step = _NUDGE * (abs(of.value) or 1.0)
    before = bench.results()
    for sign in (1, -1):
        moved = with_value(bench, of, lambda value, sign=sign: value + sign * step)  # type: ignore[misc]
        if moved is None:
            return False
        after = moved.results()
        if any(not np.allclose(after[s], before[s], rtol=_FELT, atol=0.0) for s in before):
            return True
    return False


def not_taken_values(benches: Sequence[Bench], *, taken_over: bool = False) -> Iterator[CardValue]:
    """The values of the card, or of the sets that it takes over, that no case takes."""
    for value in card_values(benches[0].bound.entry.card, taken_over=taken_over):
        if not any(is_taken(bench, value) for bench in benches):
            yield value


__all__ = ["CardValue", "card_values", "is_taken", "not_taken_values", "with_value"]
