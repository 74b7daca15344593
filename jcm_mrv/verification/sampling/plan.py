"""A sample that is planned and drawn: what for, how large by which formula, by which seed, and its items."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.result import Result
from jcm_mrv.verification.sampling.drawing import Design, Drawn, drawn, size_of
from jcm_mrv.verification.sampling.population import Item, population
from jcm_mrv.verification.sampling.sizes import Size, reliability_factor, risk_size, share_size
from jcm_mrv.words import say


class PlanError(JcmMrvError, ValueError):
    """Nothing can be drawn in the way that was asked for."""


@dataclass(frozen=True)
class Wish:
    """What a verifier asks for. Shares are fractions; ``materiality`` is one of ER."""

    kind: str = "months"
    design: Design = Design.SIMPLE
    confidence: float = 0.95
    precision: float = 0.10
    expected: float = 0.5
    materiality: float = 0.05
    seed: str = ""


@dataclass(frozen=True)
class Plan:
    """The sample of a result. ``threshold`` [tCO2e] would be material; ``interval`` [tCO2e]: by risk."""

    wish: Wish
    items: tuple[Item, ...]
    size: Size
    threshold: float
    interval: float
    sample: tuple[Drawn, ...]

    @property
    def hanging(self) -> float:
        """The tonnes that hang on all items together, without their signs, as far as they are known."""
        return sum(abs(item.effect) for item in self.items if item.effect is not None)

    @property
    def unreachable(self) -> int:
        """Items on which nothing hangs: a sample by risk can never draw them."""
        return sum(size_of(item) == 0 for item in self.items) if self.wish.design is Design.RISK else 0


def plan(result: Result, wish: Wish) -> Plan:
    """Draw a sample; without a seed in ``wish`` a new one is made, which the plan states.

    Raises PlanError where there is nothing to draw from, or nothing that a sample by risk could go by.
    """
    seed = wish.seed or secrets.token_hex(8)
    wish = replace(wish, seed=seed)
    items = population(result, wish.kind)
    if not items:
        raise PlanError(say("the report has no {kind} to draw a sample from; choose others with --of", kind=wish.kind))
    threshold = wish.materiality * abs(result.reductions)
    if wish.design is not Design.RISK:
        size = share_size(len(items), wish.confidence, wish.precision, wish.expected)
        return Plan(wish, items, size, threshold, 0.0, drawn(items, size.items, wish.design, seed))
    if threshold <= 0:
        raise PlanError(say("emission reductions of 0 have no material part; draw a simple sample instead of --risk"))
    if not any(size_of(item) for item in items):
        raise PlanError(
            say("no tonne hangs on any of the {kind}; draw a simple sample instead of --risk", kind=wish.kind)
        )
    known = sum(size_of(item) for item in items if item.effect is not None)
    size = risk_size(known, threshold, wish.confidence)
    interval = threshold / reliability_factor(wish.confidence)
    return Plan(wish, items, size, threshold, interval, drawn(items, 0, Design.RISK, seed, interval))
