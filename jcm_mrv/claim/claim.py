"""The claim: one graph over one or more bound methodologies and their measuring chains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.default_use import DefaultUse
from jcm_mrv.claim.measuring import Chain, Origins, Point
from jcm_mrv.claim.values import BoundValues
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Monitored
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Defined, Expression, Named
from jcm_mrv.quantities.sets import Mapping, Space
from jcm_mrv.time.timeline import Timeline

_NO_CHANGES: MappingOf[Named, Numbers] = MappingProxyType({})
# The order of a sum moves ER by less than this share of it, or than so many tonnes.
_ORDER = 1e-9


@dataclass(frozen=True, eq=False)
class Parameter:
    """A monitored parameter in the claim: as declared, as defined by the chain, and its points by element labels."""

    bound: Bound
    declared: Monitored
    defined: Defined
    chain: Chain
    points: MappingOf[tuple[str, ...], int]
    mapping: Mapping


def weight_of(parameter: Parameter, parameters: Sequence[Parameter]) -> Parameter | None:
    """The parameter by which a weighted mean is weighed; None for what is none."""
    weight, own = parameter.declared.weight, (p for p in parameters if p.bound is parameter.bound)
    return None if weight is None else next(p for p in own if p.declared.symbol == weight.symbol)


@dataclass(frozen=True, eq=False)
class Claim:
    """The whole graph with its values; built once (:func:`jcm_mrv.claim.building.build_claim`) and never changed.

    RE, PE, LE and ER vary over the year slices, ``total_ER`` over nothing; LE
    is None where no methodology of the claim has leakage.
    """

    bounds: tuple[Bound, ...]
    space: Space
    points: tuple[Point, ...]
    chains: tuple[Chain, ...]
    parameters: tuple[Parameter, ...]
    RE: Defined
    PE: Defined
    ER: Defined
    total_ER: Expression
    values: MappingOf[Named, Numbers]
    origins: Origins
    bound_values: tuple[BoundValues, ...] = ()
    operation: MappingOf[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    LE: Defined | None = None

    @property
    def results(self) -> tuple[Defined, ...]:
        """RE, PE, LE where there is leakage, and ER."""
        return (self.RE, self.PE, self.ER) if self.LE is None else (self.RE, self.PE, self.LE, self.ER)

    def running(self, methodology: str, applies_to: str, month_ordinal: int, timeline: Timeline) -> int:
        """Microseconds of a month in which what a point applies to is in operation (all of it for a group)."""
        piece = timeline.months[month_ordinal]
        start, end = self.operation.get((methodology, applies_to), (piece.start, piece.end))
        return max(0, min(end, piece.end) - max(start, piece.start))

    def evaluate(self, changes: MappingOf[Named, Numbers] | None = None) -> Evaluation:
        """Everything, with some values changed."""
        return self._evaluation.changed(changes) if changes else self._evaluation

    def reductions(self, changes: MappingOf[Named, Numbers] = _NO_CHANGES) -> float:
        """ER of the whole period [tCO2e] with some values changed; one that is defined, in place of its equation."""
        return self.total(changes).scalar(self.total_ER)

    def effect_of(self, node: Named, place: tuple[int, ...] | int, value: float) -> float:
        """ER as it is less ER [tCO2e] with another value of one element of an input."""
        changed = self.values[node].copy()
        changed[place] = value
        return self.reductions() - self.reductions({node: changed})

    def effect_of_replacing(self, uses: Iterable[DefaultUse]) -> float:
        """ER as it is less ER [tCO2e] with the card's values in place of those that the project gives."""
        changed: dict[Named, Numbers] = {}
        for use in uses:
            changed.setdefault(use.node, self.values[use.node].copy())[use.ordinals] = use.card_value
        return self.reductions() - self.reductions(changed)

    def raised_by(self, effect: float) -> bool:
        """Whether an effect on ER [tCO2e] is above zero, and by more than the order of a sum."""
        return effect > _ORDER * max(1.0, abs(self.reductions()))

    def reductions_by_year(self, changes: MappingOf[Named, Numbers]) -> Numbers:
        """The same by year slice."""
        return self.total(changes)[self.ER]

    def total(self, changes: MappingOf[Named, Numbers]) -> Evaluation:
        """``ER`` and ``total_ER`` with some values changed, and nothing else evaluated."""
        return self._total.changed(changes)

    @cached_property
    def _evaluation(self) -> Evaluation:
        return Evaluation(self.roots(), self.values, self.space)

    @cached_property
    def _total(self) -> Evaluation:
        return Evaluation([self.ER, self.total_ER], self.values, self.space)

    def roots(self) -> list[Expression]:
        """The results of the claim and of each methodology; every other quantity stands on the way to them."""
        behind = [p.defined for p in self.parameters if self._behind(p)]
        read = [chain.graph.E_year for chain in self.chains] if any(p.combined for p in self.points) else []
        return [*self.credited_roots(), *behind, *read]

    def credited_roots(self) -> list[Expression]:
        """The same without meters on which nothing rests but through their single readings."""
        return [*self.results, self.total_ER, *(node for bound in self.bounds for node in bound.results)]

    @staticmethod
    def _behind(parameter: Parameter) -> bool:
        return any(
            parameter.declared.symbol == factor.symbol
            for node in parameter.bound.entry.methodology.nodes()
            if isinstance(node, Monitored)
            for factor in node.factors
        )
