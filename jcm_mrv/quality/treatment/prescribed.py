"""What the PDD prescribes for missing data of a meter: the column Missing data of the sheet Meters.

The default is whatever gives the lowest ER. A rule of the PDD gives one amount; by how much ER is higher with it than
with the default is said as of every protection that a project loosens.
"""

from __future__ import annotations

from dataclasses import dataclass

from jcm_mrv.quality.treatment.context import ChainContext
from jcm_mrv.quality.treatment.excluded import RULE as EXCLUDED_SPAN
from jcm_mrv.time.zones import HOUR
from jcm_mrv.words import say


@dataclass(frozen=True)
class Prescribed:
    """An amount in the chain's unit and the rule in words; or that the rule cannot be followed, and why."""

    amount: float | None
    words: str


class PrescribedRules:
    """The rules of one chain's meters."""

    def __init__(self, within: ChainContext) -> None:
        self.within = within
        self.rules = {row.meter_id: row.missing_data for row in within.context.data.meters if row.missing_data}

    def of(self, meter: str, month: int, hours: float) -> Prescribed | None:
        """The metered quantity in some missing hours of a month by the meter's rule; None where it has none."""
        rule = self.rules.get(meter)
        if not rule:
            return None
        if rule == "zero":
            return Prescribed(0.0, say("zero, as the PDD prescribes"))
        if rule == EXCLUDED_SPAN:  # those that can be excluded were
            return Prescribed(
                None,
                say(
                    "excluded span of the PDD: other meters of it were not read at its limits, or what was counted "
                    "then is replaced"
                ),
            )
        rate = self._rate(rule, meter, month)
        if rate is None:
            return Prescribed(None, say("{rule} of the PDD is not known", rule=rule))
        return Prescribed(
            rate * hours, say("{rule}, as the PDD prescribes: its rate times the missing hours", rule=rule)
        )

    def _rate(self, rule: str, meter: str, month: int) -> float | None:
        """The rate in the chain's unit per hour."""
        if rule == "highest rate":
            return self.within.context.amounts.highest_rate(meter, self.within.chain.unit)
        if rule == "rated capacity":
            return self._rated(meter)
        if rule == "same month a year before":
            return self._year_before(meter, month)
        rates = self.within.rates.get(meter)
        return None if rates is None else rates.months[1 if rule == "highest month" else 0]

    def _rated(self, meter: str) -> float | None:
        """The rated capacities of all that the meter serves; None where one is not stated, or of another kind."""
        rated = self.within.context.rated(meter)
        return None if rated is None else rated.rate * self.within.chain.in_unit(self.within.context.unit(meter), meter)

    def _year_before(self, meter: str, month: int) -> float | None:
        earlier = month - 12
        if (meter, earlier) not in self.within.place:
            return None
        piece = self.within.context.timeline.months[earlier]
        found = self.within.context.amounts.between(meter, piece.start, piece.end, self.within.chain.unit)
        hours = (piece.duration - found.missing) / HOUR
        return found.best / hours if hours > 0 else None
