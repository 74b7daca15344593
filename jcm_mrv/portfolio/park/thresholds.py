"""Which firms have to report their emissions: their amounts of a year against the decrees' thresholds."""

from __future__ import annotations

from dataclasses import dataclass

from jcm_mrv.portfolio.definition import Portfolio, Tenant
from jcm_mrv.portfolio.park.rules import Threshold, rules


@dataclass(frozen=True)
class Duty:
    """A firm's amount against a threshold; ``amount`` is None where nobody stated it, and then nothing is known."""

    tenant: Tenant
    threshold: Threshold
    amount: float | None

    @property
    def answer(self) -> str:
        """yes where it has to report by this threshold, no where not by this one, open where it is not known."""
        if self.amount is None:
            return "open"
        return "yes" if self.amount >= self.threshold.at_least else "no"


def duties(portfolio: Portfolio) -> tuple[Duty, ...]:
    """Each firm against each threshold; waste only where a firm states some, for most treat none."""
    return tuple(
        Duty(tenant, threshold, amount)
        for tenant in portfolio.tenants
        for threshold in rules()[1]
        if (amount := getattr(tenant, threshold.amount)) is not None or threshold.amount != "waste"
    )
