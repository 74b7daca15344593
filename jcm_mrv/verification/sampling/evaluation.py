"""What a checked sample says of all items: the share with errors, and the misstatement in tonnes with its interval.

A misstatement is stated minus found, times the derivative of ER: above 0 the report claims too much. What was not seen
counts as wrong with all that hangs on it, on the side that claims too much.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jcm_mrv.verification.sampling.drawing import Design, Drawn, size_of, strata_of
from jcm_mrv.verification.sampling.plan import Plan
from jcm_mrv.verification.sampling.sizes import reliability_factor
from jcm_mrv.words import say


class Outcome(StrEnum):
    """What a verifier saw of an item."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_SEEN = "not seen"


@dataclass(frozen=True)
class Answer:
    """An item as it was found; ``found`` is in the unit of the item, None unless it is wrong."""

    outcome: Outcome
    found: float | None = None
    note: str = ""
    by: str = ""
    on: str = ""


class Against(StrEnum):
    """How the misstatement stands against materiality; what follows is the verifier's judgement."""

    WITHIN = say("the whole interval is below materiality")
    ACROSS = say("the interval reaches across materiality: the sample does not decide it, more items would")
    BEYOND = say("the whole interval is beyond materiality")


@dataclass(frozen=True)
class Evaluated:
    """The outcome for the whole population. Rates are fractions, misstatements tCO2e."""

    checked: int
    wrong: int
    rate: float
    rate_interval: tuple[float, float]
    misstatement: float
    interval: tuple[float, float]
    method: str
    threshold: float
    errors: tuple[tuple[Drawn, Answer, float], ...]

    @property
    def against(self) -> Against:
        """Where the interval lies."""
        low, high = self.interval
        if max(abs(low), abs(high)) < self.threshold:
            return Against.WITHIN
        return Against.BEYOND if low >= self.threshold or high <= -self.threshold else Against.ACROSS


def evaluated(plan: Plan, answers: Mapping[str, Answer]) -> Evaluated:
    """Evaluate a sample of which every item has an answer, by the item's ID. Raises KeyError for one that has none."""
    lost = [(one, answers[one.item.id], misstatement(one, answers[one.item.id])) for one in plan.sample]
    found = [(o, a, m) for o, a, m in lost if a.outcome is not Outcome.RIGHT]
    wrong, checked = len(found), len(lost)
    rate, rates = _rate(plan, answers)
    amounts = [m for _, _, m in lost]
    if plan.wish.design is Design.RISK:
        projected, interval, method = _by_tonnes(plan, amounts)
    else:
        projected, interval, method = _by_strata(plan, amounts, rates[1])
    return Evaluated(checked, wrong, rate, rates, projected, interval, method, plan.threshold, tuple(found))


def misstatement(one: Drawn, answer: Answer) -> float:
    """What an item misstates [tCO2e]."""
    item = one.item
    if answer.outcome is Outcome.RIGHT:
        return 0.0
    if item.per_unit is None:
        return math.nan
    if answer.outcome is Outcome.NOT_SEEN or answer.found is None:
        return abs(item.per_unit * item.stated)
    return item.per_unit * (item.stated - answer.found)


def exact_interval(wrong: int, checked: int, confidence: float) -> tuple[float, float]:
    """Clopper and Pearson (1934): the exact interval of a share; without putting back it is on the safe side."""
    from scipy.stats import beta

    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, wrong, checked - wrong + 1)) if wrong else 0.0
    high = float(beta.ppf(1 - tail, wrong + 1, checked - wrong)) if wrong < checked else 1.0
    return low, high


def _rate(plan: Plan, answers: Mapping[str, Answer]) -> tuple[float, tuple[float, float]]:
    """The share of items with errors in the population, and its interval."""
    bad = {one.item.id for one in plan.sample if answers[one.item.id].outcome is not Outcome.RIGHT}
    checked = len(plan.sample)
    if checked == len(plan.items):
        return len(bad) / checked, (len(bad) / checked, len(bad) / checked)
    share = len(bad) / checked if checked else math.nan
    if plan.wish.design is Design.STRATIFIED:
        share = sum(
            len(own) * sum(one.id in bad for one in seen) / len(seen) for own, seen in _pairs(plan) if seen
        ) / len(plan.items)
    return share, exact_interval(len(bad), checked, plan.wish.confidence) if checked else (0.0, 1.0)


def _pairs(plan: Plan) -> list[tuple[Sequence[object], list[_Seen]]]:
    """For each stratum all its items, and those that were seen (with their place in the sample)."""
    simple = plan.wish.design is not Design.STRATIFIED
    strata = {"": list(plan.items)} if simple else strata_of(plan.items)
    seen: dict[str, list[_Seen]] = {name: [] for name in strata}
    for n, one in enumerate(plan.sample):
        seen["" if simple else one.item.stratum].append(_Seen(one.item.id, n))
    return [(own, seen[name]) for name, own in strata.items()]


@dataclass(frozen=True)
class _Seen:
    id: str
    place: int


def _by_strata(plan: Plan, amounts: Sequence[float], highest_rate: float) -> tuple[float, tuple[float, float], str]:
    """Mean per unit, by stratum where there are any; Cochran, Sampling Techniques, 3rd ed., sections 2.5 and 5.3."""
    from scipy.stats import t

    projected = variance = freedom = 0.0
    for own, seen in _pairs(plan):
        size, values = len(own), [amounts[one.place] for one in seen]
        if not values:
            continue
        mean = sum(values) / len(values)
        projected += size * mean
        if len(values) > 1:
            spread = sum((v - mean) ** 2 for v in values) / (len(values) - 1)
            part = size**2 * spread / len(values) * (1 - len(values) / size)
            variance += part
            freedom += part**2 / (len(values) - 1)
    if len(plan.sample) == len(plan.items):
        return projected, (projected, projected), say("every item was checked: nothing is projected")
    if variance == 0:
        most = _most_that_fits(plan, highest_rate)
        words = say(
            "no two items differ, so that no spread can be told: as many of the items not checked as the upper limit "
            "of the error rate allows ({highest_rate:.1%}), those on which most hangs, all of it wrong",
            highest_rate=highest_rate,
        )
        return projected, (projected - most, projected + most), words
    width = float(t.ppf((1 + plan.wish.confidence) / 2, variance**2 / freedom)) * math.sqrt(variance)
    words = say(
        "mean per item times the number of items, Student's t, finite population (Cochran, 3rd ed., 2.5 and 5.3)"
    )
    return projected, (projected - width, projected + width), words


def _most_that_fits(plan: Plan, rate: float) -> float:
    """The most that may hang on items that were not checked, as many as an error rate allows; infinite if not known."""
    seen = {one.item.id for one in plan.sample}
    sizes = sorted((size_of(item) for item in plan.items if item.id not in seen), reverse=True)
    return sum(sizes[: math.ceil(rate * len(plan.items))])


def _by_tonnes(plan: Plan, amounts: Sequence[float]) -> tuple[float, tuple[float, float], str]:
    """Stringer's bound on either side, each at the whole confidence; AICPA, Audit Guide "Audit Sampling"."""
    certain = sum(m for one, m in zip(plan.sample, amounts, strict=True) if one.certain)
    shares = [m / size_of(one.item) for one, m in zip(plan.sample, amounts, strict=True) if not one.certain]
    projected = certain + plan.interval * sum(shares)
    over, under = [s for s in shares if s > 0], [-s for s in shares if s < 0]
    all_certain = all(size_of(item) >= plan.interval or not size_of(item) for item in plan.items)
    if all_certain:
        return (
            projected,
            (projected, projected),
            say("every item on which anything hangs was checked: nothing is projected"),
        )
    high = certain + plan.interval * _stringer(over, plan.wish.confidence)
    low = certain - plan.interval * _stringer(under, plan.wish.confidence)
    words = say(
        "share that is wrong times the interval, limits by Stringer's bound, each one-sided (AICPA, Audit Sampling)"
    )
    return projected, (low, high), words


def _stringer(shares: Sequence[float], confidence: float) -> float:
    """The upper limit in intervals: R0 + the sum of (R_j - R_(j-1)) t_j, the largest share first.

    A share above 1 (more was wrong than stood there) weighs as it is.
    """
    bound, before = reliability_factor(confidence), reliability_factor(confidence)
    for n, share in enumerate(sorted(shares, reverse=True), start=1):
        factor = reliability_factor(confidence, n)
        bound, before = bound + (factor - before) * share, factor
    return bound
