"""How many items a sample needs, by a named formula.

All numbers of items are rounded up. Shares are fractions between 0 and 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from jcm_mrv.words import say

EVIDENCE = say("secondary")
"""Of both sources below: formula and tables as generally known; the documents themselves were not opened."""


@dataclass(frozen=True)
class Size:
    """A number of items, the formula with its numbers in it, and where the formula comes from."""

    items: int
    formula: str
    source: str


def z_of(confidence: float) -> float:
    """The standard normal quantile of a two-sided confidence: 1.960 for 0.95."""
    from scipy.stats import norm

    return float(norm.ppf((1 + confidence) / 2))


def reliability_factor(confidence: float, errors: int = 0) -> float:
    """The upper limit of a Poisson mean, one-sided, after so many errors: 2.996 for 0.95 and none."""
    from scipy.stats import gamma

    return float(gamma.ppf(confidence, errors + 1))


def share_size(population: int, confidence: float, precision: float, expected: float) -> Size:
    """For the share of items that are right, to within ``precision`` of that share (relative, as the CDM reads it).

    Source: UNFCCC, Guideline "Sampling and surveys for CDM project activities and programmes of activities"
    (CDM-EB67-A06-GUID), simple random sampling for a proportion; the same as Cochran, Sampling Techniques, 3rd ed.,
    section 4.4, with the margin of error d = precision x p.
    """
    z = z_of(confidence)
    variance = (1 - expected) / expected
    exact = z**2 * population * variance / ((population - 1) * precision**2 + z**2 * variance) if population else 0.0
    formula = (
        f"n >= z^2 N V / ((N - 1) d^2 + z^2 V), V = (1 - p) / p; z = {z:.3f} ({confidence:.0%}), N = {population}, "
        f"d = {precision:g} p, p = {expected:g}: {exact:.2f}"
    )
    source = say(
        "UNFCCC, Guideline: Sampling and surveys for CDM project activities and programmes of activities "
        "(CDM-EB67-A06-GUID), simple random sampling, proportion; evidence level {evidence}",
        evidence=EVIDENCE,
    )
    return Size(min(population, _up(exact)), formula, source)


def risk_size(total_effect: float, materiality: float, confidence: float) -> Size:
    """For a sample in which each tonne that hangs on the items has the same chance: no error expected.

    ``total_effect`` and ``materiality`` in tCO2e; ``materiality`` above 0. The number of items is that of the hits; an
    item may be hit more than once.

    Source: AICPA, Audit Guide "Audit Sampling", monetary unit sampling, confidence factors of Poisson.
    """
    factor = reliability_factor(confidence)
    exact = total_effect * factor / materiality
    formula = say(
        "n = B x R / T; B = {total_effect:,.3f} t that hang on all items, R = {factor:.3f} ({confidence:.0%}, no error "
        "expected), T = {materiality:,.3f} t that would be material: {exact:.2f}",
        total_effect=total_effect,
        factor=factor,
        confidence=confidence,
        materiality=materiality,
        exact=exact,
    )
    source = say(
        "AICPA, Audit Guide: Audit Sampling, monetary unit sampling; evidence level {evidence}", evidence=EVIDENCE
    )
    return Size(max(1, _up(exact)) if total_effect > 0 else 0, formula, source)


def _up(exact: float) -> int:
    """Rounded up; what rounding of the machine alone lifted above a whole number is not."""
    return math.ceil(exact - 1e-9)
