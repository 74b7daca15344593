"""What the tree of meters shows to be too much in the claim: taken off until it is subtracted, corrected or proven.

A load below a claimed meter that is not the claim's, and meters that count more than the main meter above them, are
two sources that contradict each other, so ER is the lower one of both, as with a check meter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jcm_mrv.findings import Finding
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import ChainContext
from jcm_mrv.quality.treatment.overrides import Override
from jcm_mrv.quality.treatment.proposal import Decision, Outcome, Proposal, by_cause, outcomes_of, total_effect
from jcm_mrv.words import say


@dataclass(frozen=True)
class Excess:
    """What each meter (its ID and the unit) counted too much by the ordinal of the month; less than 0: too little."""

    amounts: Mapping[tuple[str, str], Mapping[int, float]]
    finding: Finding


@dataclass(frozen=True)
class TakenOff(Proposal):
    """A month of a meter, of which the tree of meters leaves less (or more) than it counted."""

    kind = "tree"

    cause: Finding

    def rule(self, decision: Decision, settings: Settings) -> str:
        """What was done, in words."""
        if decision.amount == 0:
            return say("{code}: kept, it has the lowest ER", code=self.cause.code)
        return say("{code}: what the tree of meters leaves", code=self.cause.code)


@dataclass(frozen=True)
class TreeExcess:
    """The treatment of what the tree of meters shows to be too much."""

    excesses: Sequence[Excess]

    def proposals(self, within: ChainContext, before: Sequence[Proposal]) -> tuple[Sequence[Proposal], list[Finding]]:
        """The months of the chain's meters that are too high, but for those of which a person proved something."""
        proven = {(one.meter_id, one.month) for one in before if isinstance(one, Override)}
        found = [made for one in self.excesses for made in _taken_off(within, one)]
        return [one for one in found if (one.meter_id, one.month) not in proven], []

    def findings(self, outcomes: Sequence[Outcome]) -> Iterable[Finding]:
        """The findings on the tree, those that were treated with the effect of it on ER."""
        effects = by_cause((one.cause.key, t.effect_tco2e) for one, t in outcomes_of(TakenOff, outcomes))
        return [_with_effect(one.finding, effects.get(one.finding.key, ())) for one in self.excesses]


def _taken_off(within: ChainContext, excess: Excess) -> Iterator[TakenOff]:
    for (meter, unit), months in excess.amounts.items():
        for m, amount in months.items():
            place, month = within.place.get((meter, m)), within.context.timeline.months[m]
            if place is None or not amount:
                continue
            change = -amount * within.chain.in_unit(unit, meter, month.start)
            yield TakenOff(
                within.chain, place, meter, m, ((month.start, month.end),), 0.0, min(change, 0.0), max(change, 0.0),
                excess.finding.where, excess.finding,
            )  # fmt: skip


def _with_effect(finding: Finding, effects: Sequence[float | None]) -> Finding:
    effect = total_effect(effects)
    if effect == 0:
        return finding
    message = say(
        "{message}; ER is taken without it until that is mended or disproven (Overrides)", message=finding.message
    )
    return replace(finding, message=message, effect_tco2e=effect)
