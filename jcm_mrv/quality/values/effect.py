"""What doubtful amounts of a meter add to the claim's ER, by evaluating it without them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Named

# Each is an evaluation of the claim; where a log is full of doubts the first ones tell enough. What a decision rests on
# is never capped.
MOST_EFFECTS = 40


class Effects:
    """Effects on ER [tCO2e] of amounts by meter and month; the claim is evaluated when the first is asked for.

    No more than ``most`` are computed; None: all.
    """

    def __init__(self, claim: Claim, most: int | None = MOST_EFFECTS) -> None:
        self.claim = claim
        self.left = most
        self._evaluation: Evaluation | None = None

    def __call__(self, meter: str, unit: str, amounts: Mapping[int, float]) -> float | None:
        """ER as it is minus ER without the amounts (by ordinal of the month, in ``unit``); None where unknown."""
        if self.left is not None:
            if self.left <= 0:
                return None
            self.left -= 1
        changes: dict[Named, Numbers] = {}
        for chain in self.claim.chains:
            try:
                scale = chain.conversions.scale(meter, unit, chain.unit)
            except UnitError:
                continue
            places = {month: n for n, (name, month) in enumerate(chain.meter_months) if name == meter}
            if not places:
                continue
            changed = np.array(self.claim.values[chain.graph.E_corr])
            for month, amount in amounts.items():
                if month in places:
                    changed[places[month]] -= amount * scale * chain.converted(places[month])
            changes[chain.graph.E_corr] = changed
        if not changes:
            return None
        if self._evaluation is None:
            self._evaluation = self.claim.evaluate()
        now = self._evaluation.scalar(self.claim.total_ER)
        effect = now - self.claim.evaluate(changes).scalar(self.claim.total_ER)
        return effect if np.isfinite(effect) else None
