"""How the claim's ER answers to what its meters gave and to its fixed values: derivatives on the claim's own graph.

The derivative of the whole period's unrounded ER is taken with respect to what each meter gave in each month (after
corrections) and to every fixed value that the claim rests on. A derivative times the amount is what hangs on that
amount: the change of ER, to first order, if all of it were wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim, Parameter
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.methodology.declare import Fixed, equipment
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Expression, Input, Named
from jcm_mrv.quantities.graph import Rebuild, walk
from jcm_mrv.quantities.required import required
from jcm_mrv.result import Result


@dataclass(frozen=True)
class MeterMonth:
    """What a meter gave in a month [unit] and the derivative of ER by it [tCO2e/unit]; ``raw`` before corrections."""

    meter: str
    month: str
    unit: str
    amount: float
    slope: float
    raw: float
    chain: int
    place: int

    @property
    def effect(self) -> float:
        """What hangs on it [tCO2e], with its sign."""
        return self.amount * self.slope


@dataclass(frozen=True)
class FixedValue:
    """A fixed value at one of its elements, and the derivative of ER with respect to it."""

    methodology: str
    symbol: str
    label: str
    index: tuple[str, ...]
    unit: str
    value: float
    slope: float
    origin: Origin
    node: Fixed
    ordinals: tuple[int, ...]

    @property
    def effect(self) -> float:
        """What hangs on it [tCO2e], with its sign."""
        return self.value * self.slope

    @property
    def name(self) -> str:
        """Symbol and element."""
        return " ".join((self.symbol, *self.index))


class Sensitivity:
    """Derivatives of a result's ER; ``root`` is ER as a graph over what the meters gave, with its ``values``."""

    def __init__(self, result: Result) -> None:
        self.result, self.claim = result, result.claim
        self.used = [_input(chain) for chain in self.claim.chains]
        places = {id(c.graph.E_used): node for c, node in zip(self.claim.chains, self.used, strict=True)}
        self.root = _with_inputs(self.claim.total_ER, places)
        self.values: dict[Named, Numbers] = dict(self.claim.values)
        for chain, node in zip(self.claim.chains, self.used, strict=True):
            self.values[node] = np.array(result.evaluation[chain.graph.E_used])

    @property
    def reductions(self) -> float:
        """ER of the whole period as it is, unrounded [tCO2e]."""
        return self.changed({})

    def changed(self, values: Mapping[Named, Numbers]) -> float:
        """ER [tCO2e] with other values of some inputs; NaN where it has none."""
        return Evaluation([self.root], {**self.values, **values}, self.claim.space).scalar(self.root)

    def scaled(self, meter: str, share: float) -> dict[Named, Numbers]:
        """What the meters gave, that of one meter changed by a share of itself in all months and chains."""
        changes: dict[Named, Numbers] = {}
        for chain, node in zip(self.claim.chains, self.used, strict=True):
            own = np.array([name == meter for name, _ in chain.meter_months], dtype=np.bool_)
            if own.any():
                changes[node] = np.where(own, self.values[node] * (1 + share), self.values[node])
        return changes

    @cached_property
    def months(self) -> tuple[MeterMonth, ...]:
        """Every month of every meter, by measuring chain."""
        return tuple(self._months())

    @cached_property
    def fixed(self) -> tuple[FixedValue, ...]:
        """Every element of a fixed value that the claim rests on."""
        return tuple(self._fixed())

    @cached_property
    def equipment(self) -> Mapping[tuple[str, str], float]:
        """What hangs on a piece of equipment [tCO2e], by methodology and ID: on all that was monitored of it."""
        found: dict[tuple[str, str], float] = {}
        parameters = [p for p in self.claim.parameters if p.bound.sets.get(equipment) in p.defined.sets]
        inputs = {
            id(p.defined): Input(p.defined.symbol, p.defined.label, p.defined.unit, p.defined.sets) for p in parameters
        }
        root = _with_inputs(self.claim.total_ER, inputs)
        values: dict[Named, Numbers] = dict(self.claim.values)
        values.update({inputs[id(p.defined)]: self.result.evaluation[p.defined] for p in parameters})
        slopes = _slopes(root, list(inputs.values()), values, self.claim)
        for parameter in parameters:
            node = inputs[id(parameter.defined)]
            for place in self.claim.space.tuples(node.sets):
                key = parameter.bound.namespace, self._unit(parameter, place)
                found[key] = found.get(key, 0.0) + float(slopes[node][place] * values[node][place])
        return found

    def _unit(self, parameter: Parameter, place: tuple[int, ...]) -> str:
        units, sets = parameter.bound.sets[equipment], parameter.defined.sets
        return self.claim.space.elements[units][place[sets.index(units)]]

    @cached_property
    def _inputs(self) -> list[Fixed]:
        """The fixed values on the way to ER, once each."""
        return [node for node in walk([self.root]) if isinstance(node, Fixed)]

    @cached_property
    def _gradient(self) -> Mapping[Input, Numbers]:
        return _slopes(self.root, [*self.used, *self._inputs], self.values, self.claim)

    def _months(self) -> Iterator[MeterMonth]:
        labels = [month.label for month in self.result.timeline.months]
        for number, (chain, node) in enumerate(zip(self.claim.chains, self.used, strict=True)):
            slopes, amounts = self._gradient[node], self.values[node]
            raw = self.result.evaluation[chain.graph.E_raw]
            for n, (meter, month) in enumerate(chain.meter_months):
                amount, slope = float(amounts[n]), float(slopes[n])
                yield MeterMonth(meter, labels[month], chain.unit, amount, slope, float(raw[n]), number, n)

    def _fixed(self) -> Iterator[FixedValue]:
        evaluation = Evaluation([self.root], self.values, self.claim.space)
        needed = required([self.root], evaluation)
        owners = {id(node): bound.namespace for bound in self.claim.bounds for node in bound.fixed}
        for node in self._inputs:
            for place in self.claim.space.tuples(node.sets):
                if needed[node][place]:
                    yield FixedValue(
                        owners.get(id(node), ""), node.symbol, node.label, self.claim.space.labels(node.sets, place),
                        node.unit, float(evaluation[node][place]), float(self._gradient[node][place]),
                        self.result.origin(node, place), node, place,
                    )  # fmt: skip


def _input(chain: Chain) -> Input:
    used = chain.graph.E_used
    return Input(used.symbol, used.label, used.unit, used.sets)


def _with_inputs(root: Expression, places: Mapping[int, Input]) -> Expression:
    """The graph with inputs in place of some of its quantities; leaves stay the same nodes."""
    return Rebuild(lambda node: places.get(id(node), None if node.operands else node))(root)


def _slopes(
    root: Expression, inputs: list[Input], values: Mapping[Named, Numbers], claim: Claim
) -> dict[Input, Numbers]:
    graphs = gradient(root, inputs)
    evaluation = Evaluation(list(graphs.values()), values, claim.space)
    return {node: evaluation[graph] for node, graph in graphs.items()}
