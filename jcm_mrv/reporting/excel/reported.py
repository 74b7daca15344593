"""The claim graph as the workbook computes it: blocks of readings below, values of MRS(input) in the middle.

The official sheet computes from the values that stand in MRS(input). So does
the workbook: a monitored parameter is an input of the equations, whose cell
refers to MRS(input), and MRS(input) holds what the measuring chain gives,
rounded to a number of decimals at which no value changes by more than the
:data:`EXACT` part of itself. Both engines therefore reach the same tonnes, and
whoever types the values into the official sheet does so too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from jcm_mrv.arrays import Numbers, Ordinals
from jcm_mrv.claim.claim import Parameter, weight_of
from jcm_mrv.claim.measuring import DIVIDED, Chain
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Defined, Input, Named, Node
from jcm_mrv.quantities.graph import Rebuild, of_type
from jcm_mrv.quantities.lowering import prepare
from jcm_mrv.quantities.sets import Mapping, Set, Space
from jcm_mrv.reporting.excel.blocks import Block, ReadingRows
from jcm_mrv.result import Result

EXACT = 1e-12
"""By which part of itself a monitored value may change when it is rounded for MRS(input)."""
MOST_DECIMALS = 15


@dataclass(frozen=True, eq=False)
class ChainBlocks:
    """The blocks of a chain: their set, and the inputs of its equations over it by those over readings."""

    chain: Chain
    set: Set
    blocks: tuple[Block, ...]
    inputs: dict[Input, Input] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Shown:
    """A monitored parameter as the equations take it from MRS(input), and what the measuring chain gives for it.

    That is ``measured`` by the point's month or year, of a mean over its ``hours`` (of samples, over their number), of
    a weighted mean over what the chain gives for its ``weight``.
    """

    parameter: Parameter
    value: Input
    measured: Defined
    positions: Ordinals
    hours: Named | None = None
    weight: Shown | None = None

    @property
    def over(self) -> tuple[Named, Shown] | None:
        """What ``measured`` is divided by, and by whose points it is."""
        if self.weight is not None:
            return self.weight.measured, self.weight
        return None if self.hours is None else (self.hours, self)

    def place(self, ordinals: tuple[int, ...]) -> tuple[int, ...] | None:
        """The point's month or year that measures an element; None where none does."""
        at = int(self.positions[ordinals])
        return None if at < 0 else (at,)


class Reported:
    """The lowered graph of the workbook, with its space and values.

    ``results`` are RE, PE, LE where there is leakage, and ER; ``total`` the sum
    of ER; ``own`` the results of each methodology.
    """

    def __init__(self, result: Result, rows: ReadingRows | None) -> None:
        claim = result.claim
        self.space = claim.space.copy()
        self.chains = [_blocks_of(chain, rows, self.space) for chain in claim.chains if rows is not None]
        shown = {id(p.defined): _as_input(p) for p in claim.parameters}
        rebuild = self._rebuild(shown)
        total = Defined("ER_total", "emission reductions of the monitoring period", "tCO2e", claim.total_ER)
        own = [node for bound in claim.bounds for node in bound.results]
        given = [*claim.results, total, *own]
        measured_by = [rebuild(_measured(p)) for p in claim.parameters]
        over = [rebuild(p.chain.graph.H_year) for p in claim.parameters]
        means = [p.declared.aggregate in DIVIDED for p in claim.parameters]
        hours = [node for node, mean in zip(over, means, strict=True) if mean]
        roots: list[Defined] = prepare([*map(rebuild, given), *measured_by, *hours])
        first, of_all = len(claim.results), len(given)
        self.results, self.total, self.own = tuple(roots[:first]), roots[first], roots[first + 1 : of_all]
        lowered, hours = roots[of_all : of_all + len(means)], roots[of_all + len(means) :]
        self.shown: list[Shown] = []
        for p, node, mean in zip(claim.parameters, lowered, means, strict=True):  # a weight comes before its mean
            place, divisor = self.space.positions[p.mapping], _hours(p, hours) if mean else None
            weight = next((s for s in self.shown if s.parameter is weight_of(p, claim.parameters)), None)
            self.shown.append(Shown(p, shown[id(p.defined)], node, place, divisor, weight))
        self.values = {**claim.values, **self._blocks(rebuild, roots, rows)}
        measured = self._measured()
        self.decimals = _decimals(measured, result.decimals)
        for one, amounts in zip(self.shown, measured, strict=True):
            self.values[one.value] = np.round(amounts, self.decimals)
        self.roots = roots
        self.evaluation = Evaluation(roots, self.values, self.space)

    def _measured(self) -> list[Numbers]:
        """What the measuring chain gives for each parameter, by its elements and months or years."""
        by: list[Node] = [node for one in self.shown for node in (one.measured, one.hours) if node is not None]
        known = Evaluation(by, self.values, self.space)

        def at(node: Named, positions: Ordinals) -> Numbers:
            return np.append(known[node], np.nan)[positions]  # the last is that of no point

        with np.errstate(invalid="ignore", divide="ignore"):
            return [
                at(one.measured, one.positions) / (1.0 if one.over is None else at(one.over[0], one.over[1].positions))
                for one in self.shown
            ]

    def _rebuild(self, shown: dict[int, Input]) -> Rebuild:
        sets = {one.chain.graph.reading: one.set for one in self.chains}
        mappings = {
            graph.month_of_reading: _month_of(graph.month_of_reading, one.set)
            for one in self.chains
            for graph in [one.chain.graph]
        }

        def replace(node: Node) -> Node | None:
            own = not node.operands and sets.keys().isdisjoint(node.sets)
            return shown.get(id(node), node if own else None)

        return Rebuild(replace, lambda s: sets.get(s, s), lambda m: mappings.get(m, m))

    def _blocks(self, rebuild: Rebuild, roots: Sequence[Defined], rows: ReadingRows | None) -> dict[Named, Numbers]:
        """Each chain's inputs by blocks: amounts are sums, what opens is the first, what closes the last."""
        values: dict[Named, Numbers] = {}
        held = set(of_type(roots, Input))
        for one in self.chains:
            assert rows is not None
            graph, chain = one.chain.graph, one.chain
            first, last = (
                np.searchsorted(chain.rows, rows.used[[getattr(b, end) for b in one.blocks]])
                for end in ("first", "last")
            )
            for node, numbers in chain.values.items():
                if not isinstance(node, Input) or node.sets != (graph.reading,):
                    continue
                copied = _copy_of(node, rebuild, held)
                if copied is None:
                    continue
                one.inputs[node] = copied
                if node in (graph.V, graph.V_wrap):
                    values[copied] = np.array(
                        [math.fsum(numbers[a : b + 1]) for a, b in zip(first, last, strict=True)], dtype=np.float64
                    )
                else:
                    values[copied] = numbers[last if node is graph.V_close else first]
        return values


def _copy_of(node: Input, rebuild: Rebuild, held: set[Input]) -> Input | None:
    """What stands for an input in the rebuilt graph; None where it is not part of it."""
    try:
        copied = rebuild.copied(node)
    except KeyError:
        return None
    return copied if isinstance(copied, Input) and copied in held else None


def _blocks_of(chain: Chain, rows: ReadingRows | None, space: Space) -> ChainBlocks:
    assert rows is not None
    graph, parts = chain.graph, chain.parts
    own = Set("block of readings", "b", "readings of a meter's month", chain.unit)
    blocks = tuple(rows.of_chain(chain))
    month_at = {place: n for n, place in enumerate(chain.meter_months)}
    firsts = [rows.part(block) for block in blocks]
    space.add(own, [f"#{n + 1}" for n in range(len(blocks))])
    months = [month_at[parts.meter_ids[parts.meter[p]], int(parts.month[p])] for p in firsts]
    space.map(_month_of(graph.month_of_reading, own), months)
    return ChainBlocks(chain, own, blocks)


def _month_of(mapping: Mapping, own: Set) -> Mapping:
    return Mapping(mapping.name, (own,), mapping.target)


def _as_input(p: Parameter) -> Input:
    return Input(p.declared.symbol, p.declared.label, p.declared.unit, p.defined.sets)


def _measured(p: Parameter) -> Defined:
    """The quantity of the chain that a parameter is: its point by month or by year."""
    graph = p.chain.graph
    return graph.E_month if p.mapping.target == graph.point_month else graph.E_year


def _hours(p: Parameter, by_year: list[Defined]) -> Named:
    """The hours of a mean, by month or, in the order of the parameters that are means, by year."""
    own = by_year.pop(0)
    return p.chain.graph.H if p.mapping.target == p.chain.graph.point_month else own


def _decimals(measured: Sequence[Numbers], least: int) -> int:
    """As many decimals as it takes that rounding changes no value by more than the :data:`EXACT` part of itself."""
    sizes = np.abs(np.concatenate([np.zeros(0), *map(np.ravel, measured)]))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not len(sizes):
        return least
    needed = math.ceil(-math.log10(2 * EXACT * float(sizes.min())))
    return max(least, min(needed, MOST_DECIMALS))
