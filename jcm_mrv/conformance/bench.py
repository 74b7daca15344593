"""A case on the equations alone: the numbers of a calculated case without its workbook and measuring chain.

What has to be tried hundreds of times (other years, other amounts, equations
with a mistake in them) is evaluated here in milliseconds. That the engine
reaches the same from the workbook, the checks of the case itself show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from jcm_mrv.arrays import Numbers
from jcm_mrv.methodology.binding import Bound, bind
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.declare import COUNT, TIMES, Duration, Monitored, deposit
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    Divide,
    Expression,
    Input,
    Label,
    Lag,
    Named,
    NumberOf,
    Running,
)
from jcm_mrv.quantities.graph import Rebuild, of_type, walk
from jcm_mrv.quantities.sets import Set, Space
from jcm_mrv.result import DefaultUse, Result

SAME = 1e-9
A = TypeVar("A", bound=npt.NDArray[Any])


@dataclass(frozen=True, eq=False)
class Bench:
    """A bound card with a space and values for every input of it; ``defaults`` says which of them the card gives."""

    bound: Bound
    space: Space
    values: Mapping[Named, Numbers]
    defaults: Sequence[DefaultUse] = ()

    @property
    def amounts(self) -> list[Input]:
        """What is counted over time, and so follows the activity: monitored sums and times in operation."""
        counted = (n for n in self.bound.nodes if isinstance(n, (Duration, Monitored)))
        return [n for n in counted if isinstance(n, Duration) or n.aggregate in ("sum", COUNT)]

    def results(self, roots: Sequence[Expression] | None = None) -> dict[str, Numbers]:
        """RE, PE, LE where there is leakage, and ER by year [tCO2e], by symbol."""
        nodes = self.bound.results if roots is None else roots
        evaluation = Evaluation(nodes, self.values, self.space)
        return {own.symbol: evaluation[node] for own, node in zip(self.bound.results, nodes, strict=True)}

    def changed(self, change: Callable[[Named, Numbers], Numbers]) -> Bench:
        """The same with other values."""
        return replace(self, values={node: change(node, value) for node, value in self.values.items()})

    def scaled(self, factor: float, but: frozenset[str] = frozenset()) -> Bench:
        """With so many times the activity; ``but`` are symbols of amounts that stay."""
        moved = {id(n) for n in self.amounts if n.symbol not in but}
        return self.changed(lambda node, value: value * factor if id(node) in moved else value)


def bench_of(entry: Entry, result: Result) -> Bench:
    """The bench of a calculated case, whose claim has this card only."""
    claim = result.claim
    [connected] = claim.bounds
    bound = bind(entry, connected.namespace)
    known = {node.symbol: value for node, value in claim.values.items() if node in set(connected.nodes)}
    known |= {node.symbol: claim.values[node] for node in connected.nodes if node in claim.values}
    known |= {p.declared.symbol: result.evaluation[p.defined] for p in claim.parameters}
    values: dict[Named, Numbers] = {}
    for node in (n for n in walk(bound.results) if isinstance(n, (Input, Label))):
        unknown = np.full(claim.space.shape(node.sets), -1.0 if isinstance(node, Label) else np.nan)
        values[node] = np.broadcast_to(known.get(node.symbol, unknown), unknown.shape)
    return Bench(bound, claim.space, values, result.defaults)


def twice_the_years(bench: Bench) -> Bench:
    """The same years once more, after themselves."""
    space, old = bench.space.copy(), bench.space
    for the_set in (s for s in TIMES if s in old.elements):
        labels, counted = old.elements[the_set], old.numbers.get(the_set)
        later = None if counted is None else [*counted, *(counted + len(labels))]
        space.add(the_set, [*labels, *(f"{label} again" for label in labels)], later)
    for mapping, positions in old.positions.items():
        more = positions + (old.size(mapping.target) * (positions >= 0) if mapping.target in TIMES else 0)
        space.map(mapping, _after(positions, more, mapping.source))
    for sets, exists in old.domains.items():
        space.restrict(sets, _after(exists, exists, sets))
    values = {node: _after(value, value, node.sets) for node, value in bench.values.items()}
    return Bench(bench.bound, space, values)


def _after(first: A, second: A, sets: Sequence[Set]) -> A:
    """Two arrays over the same sets, one after the other along what of them is time."""
    one, other = np.asarray(first), np.asarray(second)
    for axis in (n for n, s in enumerate(sets) if s in TIMES):
        one, other = np.concatenate([one, other], axis=axis), np.concatenate([other, other], axis=axis)
    return cast(A, one)


def years_depend(bench: Bench) -> bool:
    """Whether a year may depend on others: decay, running sums, years before, or what a year counts as."""
    nodes = list(walk(bench.bound.results))
    across = any(isinstance(n, (Lag, Running)) and n.over in TIMES for n in nodes)
    counted = any(isinstance(n, NumberOf) and n.over in TIMES for n in nodes)
    return across or counted or any(deposit in n.sets for n in nodes)


def with_node(root: Expression, old: Named, new: Named) -> Expression:
    """The graph with another node in a place; leaves stay the same nodes, by which values are kept."""
    rebuild = Rebuild(lambda node: new if node is old else None if node.operands else node)
    return rebuild(root)


def with_means_kept(bench: Bench) -> tuple[Bench, list[Expression]]:
    """The results with every mean that amounts only weigh as it is: a ratio of amounts that all of them leave alone.

    What remains follows the activity: without any, it is zero. Back come the
    bench with the values of the means, and the roots in place of the results.
    """
    more = bench.scaled(2.0)
    one = Evaluation(bench.bound.results, bench.values, bench.space)
    two = Evaluation(bench.bound.results, more.values, bench.space)
    counted = {id(n) for n in bench.amounts}
    kept: dict[int, Input] = {}
    values = dict(bench.values)
    for node in of_type(bench.bound.results, Divide):
        weighs = any(id(n) in counted for n in walk([node.right]))
        if weighs and np.allclose(one[node], two[node], rtol=SAME, equal_nan=True):
            kept[id(node)] = Input(f"mean {len(kept) + 1}", "a weighted mean", "1", node.sets)
            values[kept[id(node)]] = one[node]
    rebuild = Rebuild(lambda node: kept.get(id(node), None if node.operands else node))
    return replace(bench, values=values), [rebuild(root) for root in bench.bound.results]


__all__ = ["SAME", "Bench", "bench_of", "twice_the_years", "with_means_kept", "with_node", "years_depend"]
