"""Which amount is taken where one is questionable: the one with the lowest ER, decided by the graph.

A proposed correction lies between two ends. Which of them is taken follows
from how ER moves: from the sign of the derivative of the claim's unrounded ER
over the whole box of these corrections; where that is undecided, the lowest ER
is searched, first jointly at the corners, then between them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.quality.treatment.proposal import Decision, End, Proposal
from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.expression import Input, Named
from jcm_mrv.result import Direction

C = TypeVar("C")

_GRID, _HALVINGS = 16, 40


@dataclass(frozen=True)
class _Choice:
    """An amount, and which of its interval it is."""

    amount: float
    end: End


def decide(claim: Claim, proposals: Sequence[Proposal], most_corners: int) -> list[Decision]:
    """For each proposal the correction that makes ER lowest, all of them together.

    ``most_corners`` is how many undecided ones are searched jointly (2 to the
    power of them evaluations); beyond it each takes its own worst end.
    """
    if not proposals:
        return []
    reductions = Reductions(claim, proposals)
    ends = [_ends(one) for one in proposals]
    directions = _directions(proposals, ends, reductions)
    first = [pair[direction is Direction.FALLS] for pair, direction in zip(ends, directions, strict=True)]
    undecided = [n for n, direction in enumerate(directions) if direction is Direction.EITHER]
    chosen = _Search(reductions, ends, most_corners).lowest(first, undecided)
    effects = reductions.effects([choice.amount for choice in chosen])
    return [
        Decision(choice.amount, choice.end, direction, effect)
        for choice, direction, effect in zip(chosen, directions, effects, strict=True)
    ]


class Reductions:
    """ER of the claim [tCO2e] for other corrections."""

    def __init__(self, claim: Claim, proposals: Sequence[Proposal]) -> None:
        self.claim, self.proposals = claim, proposals

    def __call__(self, amounts: Sequence[float]) -> float:
        """ER with these corrections."""
        return self.claim.reductions(self.corrections(amounts))

    def corrections(self, amounts: Sequence[float]) -> dict[Named, Numbers]:
        """The inputs E_corr of every chain for these corrections."""
        found: dict[Named, Numbers] = {
            c.graph.E_corr: self.claim.values[c.graph.E_corr].copy() for c in self.claim.chains
        }
        for one, amount in zip(self.proposals, amounts, strict=True):
            found[one.chain.graph.E_corr][one.slice] += amount
        return found

    def effects(self, amounts: Sequence[float]) -> list[float | None]:
        """ER with these corrections less ER with all but one, which is left untreated, for each; None if unknown."""
        together = self.corrections(amounts)
        evaluated = self.claim.total(together)
        lowest, beside = float(evaluated[self.claim.total_ER]), self._by_month()
        found: list[float | None] = []
        for n, (one, amount) in enumerate(zip(self.proposals, amounts, strict=True)):
            node = one.chain.graph.E_corr
            changed = together[node].copy()
            changed[one.slice] = self.claim.values[node][one.slice]
            for other in beside[node, one.slice]:
                changed[one.slice] += one.untreated if other == n else amounts[other]
            without = evaluated.changed({node: changed}).scalar(self.claim.total_ER)
            change = lowest - without if amount != one.untreated else 0.0
            found.append(change if math.isfinite(change) else None)
        return found

    def _by_month(self) -> dict[tuple[Named, int], list[int]]:
        """The ordinals of the proposals for each month of a meter in its chain."""
        found: dict[tuple[Named, int], list[int]] = {}
        for n, one in enumerate(self.proposals):
            found.setdefault((one.chain.graph.E_corr, one.slice), []).append(n)
        return found


def _ends(one: Proposal) -> tuple[_Choice, _Choice]:
    lowest, highest = one.ends
    return _Choice(lowest, End.LOWEST), _Choice(highest, End.HIGHEST)


def _directions(
    proposals: Sequence[Proposal], ends: Sequence[tuple[_Choice, _Choice]], reductions: Reductions
) -> list[Direction | None]:
    """How ER moves with each amount over the whole box; None where nothing follows from that."""
    lower, upper = (reductions.corrections([pair[side].amount for pair in ends]) for side in (0, 1))
    inputs = [one.chain.graph.E_corr for one in proposals]
    slopes = gradient(reductions.claim.total_ER, [i for i in dict.fromkeys(inputs) if isinstance(i, Input)])
    values = reductions.claim.values
    box = Bounds(list(slopes.values()), {**values, **lower}, {**values, **upper}, reductions.claim.space)
    found: list[Direction | None] = []
    for one, corrected, (least, most) in zip(proposals, inputs, ends, strict=True):
        assert isinstance(corrected, Input)  # corrections are decided before they are put into the graph
        low, high = (side[one.slice] for side in box[slopes[corrected]])
        either = Direction.EITHER if least.amount < most.amount else None
        found.append(Direction.RISES if low >= 0 else Direction.FALLS if high <= 0 else either)
    return found


class _Search:
    """Looks for the corrections with the lowest ER where the direction is undecided."""

    def __init__(self, reductions: Reductions, ends: Sequence[tuple[_Choice, _Choice]], most_corners: int) -> None:
        self.reductions, self.ends, self.most_corners = reductions, ends, most_corners

    def lowest(self, chosen: list[_Choice], undecided: list[int]) -> list[_Choice]:
        """Corners jointly while there are few proposals, else one after the other; then between the ends of each."""
        groups = [undecided] if len(undecided) <= self.most_corners else [[n] for n in undecided]
        for group in groups:
            corners = product(*(self.ends[n] for n in group))
            trials = [_with(chosen, dict(zip(group, corner, strict=True))) for corner in corners]
            chosen = min(trials, key=self._reductions)
        for n in undecided[: self.most_corners]:
            chosen = self._between(chosen, n)
        return chosen

    def _reductions(self, chosen: Sequence[_Choice]) -> float:
        return self.reductions([choice.amount for choice in chosen])

    def _between(self, chosen: list[_Choice], n: int) -> list[_Choice]:
        """The lowest ER along one amount: a grid, then halving around its best point (ER may have a kink)."""

        def at(choice: _Choice) -> float:
            return self._reductions(_with(chosen, {n: choice}))

        lowest, highest = self.ends[n]
        low, high = lowest.amount, highest.amount
        step = (high - low) / _GRID
        inside = [_Choice(low + step * k, End.BETWEEN) for k in range(1, _GRID)]
        best = min((lowest, *inside, highest), key=at)
        least, most = max(low, best.amount - step), min(high, best.amount + step)
        inner = _halving(lambda amount: at(_Choice(amount, End.BETWEEN)), least, most)
        trials = chosen, _with(chosen, {n: best}), _with(chosen, {n: _Choice(inner, End.BETWEEN)})
        return min(trials, key=self._reductions)


def _halving(at: Callable[[float], float], low: float, high: float) -> float:
    """The lowest point of a function with one valley between two points."""
    for _ in range(_HALVINGS):
        third = (high - low) / 3
        if at(low + third) <= at(high - third):
            high -= third
        else:
            low += third
    return (low + high) / 2


def _with(chosen: Sequence[C], changes: Mapping[int, C]) -> list[C]:
    return [changes.get(n, one) for n, one in enumerate(chosen)]
