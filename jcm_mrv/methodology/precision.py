"""How exactly the mean of samples has to be known."""

from __future__ import annotations

from dataclasses import dataclass

from jcm_mrv.quantities.errors import EquationError


@dataclass(frozen=True)
class Precision:
    """What a mean of samples has to reach: half of its confidence interval, as a share of it [%].

    90/10 is the CDM's, by secondary sources (docs/equations.md); the JCM's own is unknown.

    Raises EquationError for a confidence below 50 or above 99.9 %, and for half an interval of 0 or of more than 50 %:
    the two are in per cent, and in this order (95/15 is ``Precision(95, 15)``).
    """

    confidence: float = 90.0
    within: float = 10.0

    def __post_init__(self) -> None:
        if not (50 <= self.confidence <= 99.9 and 0 < self.within <= 50):
            raise EquationError(
                f"a precision of {self.confidence:g}/{self.within:g} is none: the confidence is from 50 to 99.9 %, "
                "half of its interval above 0 and up to 50 % of the mean, as in Precision(confidence=95, within=15)"
            )

    def __str__(self) -> str:
        return f"{self.confidence:g}/{self.within:g}"
