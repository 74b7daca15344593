"""What hangs on an amount at the start or end of the period that is known by time only: ER with the worst that may be.

Without a stated highest rate nothing measured says how much of a reading or bill flowed inside the period: all of it
may have, or nothing, as far as the rated capacity goes. The rates that the meter showed elsewhere make that likely or
unlikely, and prove nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.quality.setting import Setting
from jcm_mrv.quality.treatment.context import AssessmentContext
from jcm_mrv.quality.treatment.proposal import Proposal
from jcm_mrv.result import Treatment
from jcm_mrv.words import say

DIVIDED_MINOR_EFFECT = Setting(
    "divided.minor_effect",
    0.01,
    "1",
    "at the start or end of the period, without a stated highest rate: ER may be less by this share of it before it "
    "is major",
    most=0.05,
)

Part = tuple[Proposal, Treatment, tuple[float, float] | None]


@dataclass(frozen=True)
class Exposed:
    """ER as it is less ER [tCO2e] with the worst that may have flowed; None where ER has no value then."""

    effect: float | None

    @property
    def words(self) -> str:
        """What the user can do about it."""
        return say(
            "Enter the highest rate of the meter on the sheet Meters (columns Highest rate and its unit), or a reading "
            "at the start or end of the period on Readings: without either nothing says how much flowed inside."
        )


@dataclass(frozen=True)
class Exposure:
    """What may hang on amounts by time, in the claim before any correction."""

    context: AssessmentContext

    def of(self, parts: Sequence[Part], whole: Sequence[Part]) -> Exposed | None:
        """What hangs on some parts; None where on the ``whole`` of a reading hangs too little to matter, or nothing.

        The range of a part is the least and the most that may have flowed in it.
        """
        every = self._worst(whole)
        little = self.context.settings[DIVIDED_MINOR_EFFECT] * abs(self.context.claim.reductions())
        if every is not None and every <= little:
            return None
        return Exposed(self._worst(parts))

    def _worst(self, parts: Sequence[Part]) -> float | None:
        """ER as it is less the lowest ER [tCO2e] at either end of the ranges; None where ER has no value there."""
        known = [(one, one.measured + done.correction, open_) for one, done, open_ in parts if open_ is not None]
        worst = 0.0
        for side in (0, 1) if known else ():
            graph = known[0][0].chain.graph
            changed = np.array(self.context.claim.values[graph.E_corr])
            for one, used, open_ in known:
                changed[one.slice] -= used - open_[side]
            effect = self.context.claim.reductions() - self.context.claim.reductions({graph.E_corr: changed})
            if not np.isfinite(effect):
                return None
            worst = max(worst, effect)
        return worst
