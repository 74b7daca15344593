"""What questionable amounts of a meter add to the claim's ER, by evaluating it without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.quantities.expression import Named
from jcm_mrv.time.timeline import Timeline


class Effects:
    """Effects on ER [tCO2e] of amounts of a meter.

    Every one is computed, however many there are: decisions rest on them.
    """

    def __init__(self, claim: Claim, timeline: Timeline) -> None:
        self.claim = claim
        self._starts = [month.start for month in timeline.months]
        self._places = [{where: n for n, where in enumerate(chain.meter_months)} for chain in claim.chains]

    def __call__(self, meter: str, unit: str, amounts: Mapping[int, float]) -> float | None:
        """ER as it is minus ER without the amounts (by ordinal of the month, in ``unit``); None where it has no value.

        Zero for a meter that the claim does not use then. Raises UnitError
        for a unit of another kind than the meter's.
        """
        return self.of(meter, unit, [(month, self._starts[month], amount) for month, amount in amounts.items()])

    def of(self, meter: str, unit: str, amounts: Iterable[tuple[int, int, float]]) -> float | None:
        """The same for amounts by month and the instant whose conversions hold for them."""
        found = list(amounts)
        changes: dict[Named, Numbers] = {}
        for chain, places in zip(self.claim.chains, self._places, strict=True):
            own = [(places[meter, month], at, amount) for month, at, amount in found if (meter, month) in places]
            if own:
                changed = np.array(self.claim.values[chain.graph.E_corr])
                for place, at, amount in own:
                    changed[place] -= amount * chain.in_unit(unit, meter, at)
                changes[chain.graph.E_corr] = changed
        if not changes:
            return 0.0
        effect = self.claim.reductions() - self.claim.reductions(changes)
        return effect if np.isfinite(effect) else None
