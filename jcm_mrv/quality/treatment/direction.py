"""Which amount is taken where one is doubtful: the one with the lowest ER, decided by the graph.

A doubtful correction lies between two ends. Which of them is taken follows
from how ER moves: from the sign of the derivative of the claim's unrounded ER
over the whole box of these corrections; where that is undecided, the lowest ER
is searched, first jointly at the corners, then between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Input, Named
from jcm_mrv.quantities.graph import Rebuild

_GRID, _HALVINGS = 16, 40
RISES, FALLS, EITHER = "ER rises with it", "ER falls with it", "ER may rise or fall with it"


class Doubtful(Protocol):
    """A correction of a meter's month between two ends, in the chain's unit; None where nothing bounds it."""

    @property
    def chain(self) -> Chain: ...  # noqa: D102
    @property
    def slice(self) -> int: ...  # noqa: D102
    @property
    def lowest(self) -> float | None: ...  # noqa: D102
    @property
    def highest(self) -> float | None: ...  # noqa: D102


@dataclass(frozen=True)
class Decision:
    """The correction that is taken, how ER moves with it, and its effect on ER [tCO2e] (ER less ER without it)."""

    amount: float
    direction: str
    effect: float


def decide(claim: Claim, doubts: Sequence[Doubtful], evaluation: Evaluation, most_corners: int) -> list[Decision]:
    """For each doubtful correction the amount that makes ER lowest, all of them together.

    ``most_corners`` is how many undecided ones are searched jointly (2 to the
    power of them evaluations); beyond it each takes its own worst end.
    """
    if not doubts:
        return []
    reductions = Reductions(claim, doubts, evaluation)
    chosen, words = _choose(doubts, reductions, most_corners)
    lowest = reductions(chosen)
    return [
        Decision(amount, word, lowest - reductions(_with(chosen, {n: 0.0})) if amount else 0.0)
        for n, (amount, word) in enumerate(zip(chosen, words, strict=True))
    ]


class Reductions:
    """ER of the claim [tCO2e] for other corrections; what the meters measured is not summed up again each time."""

    def __init__(self, claim: Claim, doubts: Sequence[Doubtful], evaluation: Evaluation) -> None:
        self.claim, self.doubts = claim, doubts
        graphs = [chain.graph for chain in claim.chains]
        known = [Input(g.E_raw.symbol, g.E_raw.label, g.E_raw.unit, g.E_raw.sets) for g in graphs]
        places = {id(g.E_raw): raw for g, raw in zip(graphs, known, strict=True)}
        self.root = Rebuild(lambda node: places.get(id(node), None if node.operands else node))(claim.total_ER)
        self.values: dict[Named, Numbers] = dict(claim.values)
        self.values.update((raw, evaluation[g.E_raw]) for g, raw in zip(graphs, known, strict=True))

    def __call__(self, amounts: Sequence[float]) -> float:
        """ER with these corrections."""
        return self.changed(self.corrections(amounts))

    def changed(self, values: Mapping[Named, Numbers]) -> float:
        """ER with other values of some inputs."""
        return Evaluation([self.root], {**self.values, **values}, self.claim.space).scalar(self.root)

    def corrections(self, amounts: Sequence[float]) -> dict[Named, Numbers]:
        """The inputs E_corr for these corrections."""
        return amounts_of(self.claim, self.doubts, amounts)


def amounts_of(claim: Claim, doubts: Sequence[Doubtful], amounts: Sequence[float]) -> dict[Named, Numbers]:
    """The inputs E_corr of every chain for some corrections."""
    found: dict[Named, Numbers] = {c.graph.E_corr: claim.values[c.graph.E_corr].copy() for c in claim.chains}
    for doubt, amount in zip(doubts, amounts, strict=True):
        found[doubt.chain.graph.E_corr][doubt.slice] += amount
    return found


def _choose(doubts: Sequence[Doubtful], reductions: Reductions, most_corners: int) -> tuple[list[float], list[str]]:
    """The correction of each doubt and the reason in words."""
    ends = [(d.lowest or 0.0, d.highest or 0.0) for d in doubts]
    lower = reductions.corrections([low for low, _ in ends])
    upper = reductions.corrections([high for _, high in ends])
    inputs = [d.chain.graph.E_corr for d in doubts]
    slopes = gradient(reductions.root, [i for i in dict.fromkeys(inputs) if isinstance(i, Input)])
    values = reductions.values
    box = Bounds(list(slopes.values()), {**values, **lower}, {**values, **upper}, reductions.claim.space)
    chosen, words = [], []
    for doubt, (least, most) in zip(doubts, ends, strict=True):
        corrected = doubt.chain.graph.E_corr
        assert isinstance(corrected, Input)  # corrections are decided before they are put into the graph
        low, high = (side[doubt.slice] for side in box[slopes[corrected]])
        word = RISES if low >= 0 else FALLS if high <= 0 else EITHER
        words.append(word)
        chosen.append(most if word == FALLS else least)
    undecided = [n for n, word in enumerate(words) if word == EITHER and ends[n][0] < ends[n][1]]
    return _Search(reductions, ends, most_corners).lowest(chosen, undecided), words


class _Search:
    """Looks for the corrections with the lowest ER where the direction is undecided."""

    def __init__(self, reductions: Reductions, ends: Sequence[tuple[float, float]], most_corners: int) -> None:
        self.reductions, self.ends, self.most_corners = reductions, ends, most_corners

    def lowest(self, chosen: list[float], undecided: list[int]) -> list[float]:
        """Corners jointly while there are few doubts, else one after the other; then between the ends of each."""
        groups = [undecided] if len(undecided) <= self.most_corners else [[n] for n in undecided]
        for group in groups:
            corners = product(*(self.ends[n] for n in group))
            trials = [_with(chosen, dict(zip(group, corner, strict=True))) for corner in corners]
            chosen = min(trials, key=self.reductions)
        for n in undecided[: self.most_corners]:
            chosen = self._between(chosen, n)
        return chosen

    def _between(self, chosen: list[float], n: int) -> list[float]:
        """The lowest ER along one doubt's amount: a grid, then halving around its best point (ER may have a kink)."""

        def at(amount: float) -> float:
            return self.reductions(_with(chosen, {n: amount}))

        low, high = self.ends[n]
        step = (high - low) / _GRID
        best = min((low + step * k for k in range(_GRID + 1)), key=at)
        inner = _halving(at, max(low, best - step), min(high, best + step))
        return min((chosen, _with(chosen, {n: best}), _with(chosen, {n: inner})), key=self.reductions)


def _halving(at: Callable[[float], float], low: float, high: float) -> float:
    """The lowest point of a function with one valley between two points."""
    for _ in range(_HALVINGS):
        third = (high - low) / 3
        if at(low + third) <= at(high - third):
            high -= third
        else:
            low += third
    return (low + high) / 2


def _with(chosen: Sequence[float], changes: dict[int, float]) -> list[float]:
    return [changes.get(n, amount) for n, amount in enumerate(chosen)]
