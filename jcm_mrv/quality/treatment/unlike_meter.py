"""Bridges that give a gap far more, or less, than the meter itself ever showed in as much time.

A source that is wrong as a whole, or one bill that is, puts all that it is wrong by into the gap. The amount stays,
since a month may be unlike all others; where ER would be lower with the meter's own rates it is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext
from jcm_mrv.quality.treatment.exposure import DIVIDED_MINOR_EFFECT
from jcm_mrv.quality.treatment.limits import GAPS_SHORT_HOLE_HOURS
from jcm_mrv.quality.treatment.proposal import by_cause
from jcm_mrv.quality.treatment.rates import Rates
from jcm_mrv.quality.values.odd_months import MONTH_MOST_OF_OTHERS
from jcm_mrv.result import Direction, Treatment
from jcm_mrv.time.zones import HOUR, Span
from jcm_mrv.words import say

if TYPE_CHECKING:
    from jcm_mrv.quality.treatment.bridging import Bridge

_MARGIN = 0.25
"""A month that goes beyond all others by less is no surprise."""
LEAST_HOURS = 240.0
"""Ten days: bridges of shorter times differ too much to be compared with each other."""


@dataclass(frozen=True)
class Unlike:
    """Why a bridge can hardly be what flowed, what is to be done, and ER as it is less ER [tCO2e] with another."""

    words: str
    action: str
    effect: float | None


LIKE = Unlike("", say("Keep the source ready for the verifier, and say why the readings are missing."), None)


def out_of_proportion(rate: float, others: Sequence[float], direction: Direction | None, settings: Settings) -> str:
    """By how many times the rate of a bridge is above the meter's other bridges, or below, as raises ER; '' if not.

    A meter that was never read has nothing else to be held against.
    """
    if not others:
        return ""
    times, most, least = settings[MONTH_MOST_OF_OTHERS], max(others), min(others)
    if direction is not Direction.FALLS and 0 < times * most <= rate:
        return say("{ratio:.3g} times the most that was bridged in as long a time", ratio=rate / most)
    if direction is not Direction.RISES and 0 < rate * times <= least:
        return say("{ratio:.3g} times the least that was bridged in as long a time", ratio=rate / least)
    return ""


@dataclass(frozen=True)
class Doubts:
    """What makes each of the ``bridges`` of a claim unlike its meter."""

    context: AssessmentContext
    bridges: Sequence[Bridge]

    def of(self, bridge: Bridge, done: Treatment) -> Unlike | None:
        """Why a bridge can hardly be what flowed: it cannot be, or neither the meter nor its other bridges showed it.

        None where it is alike, ER not lower with the meter's own, or too little hangs on it (``divided.minor_effect``).
        What is odd beside that has the larger of two effects: that one, and what the bridge adds to ER.
        """
        limit, effect = self._against_own(bridge, bridge.measured + done.correction)
        if odd := self._odd(bridge, done.direction):
            action = say("Check the unit, the factor and the dates of {source}.", source=bridge.source)
            return Unlike(odd, action, None if done.effect_tco2e is None else max(done.effect_tco2e, effect))
        if effect <= self.context.settings[DIVIDED_MINOR_EFFECT] * abs(self.context.claim.reductions()):
            return None
        action = say(
            "Compare the source with the meter in months that both cover: where it is wrong, correct it, or give the "
            "proven amount on Overrides; where the gap is unlike all other months, say why on the sheet Answers."
        )
        words = say("in as much time the meter itself counted {own:.6g}", own=limit)
        return Unlike(words, action, effect if np.isfinite(effect) else None)

    def _odd(self, bridge: Bridge, direction: Direction | None) -> str:
        if bridge.contradicted:
            return say("more than can flow by the stated highest rate or the rated capacity")
        if bridge.rates or bridge.hours < LEAST_HOURS:
            return ""
        others = [one.amount / one.hours for one in self._long[bridge.chain.unit, bridge.meter_id] if one is not bridge]
        return out_of_proportion(bridge.amount / bridge.hours, others, direction, self.context.settings)

    @cached_property
    def _long(self) -> dict[tuple[str, str], list[Bridge]]:
        """The bridges of each meter that are long enough to be compared."""
        return by_cause(((b.chain.unit, b.meter_id), b) for b in self.bridges if b.hours >= LEAST_HOURS)

    def _against_own(self, bridge: Bridge, used: float) -> tuple[float, float]:
        """What the meter showed at most (or least), and ER as it is less ER [tCO2e] with that; 0 where it is alike."""
        rates = bridge.rates
        least, most = (used, used) if rates is None else _own(rates, bridge.spans, self.context.settings)
        if least - abs(least) * _MARGIN <= used <= most + abs(most) * _MARGIN:
            return used, 0.0
        limit = min(max(used, least), most)
        claim, corrected = self.context.claim, bridge.chain.graph.E_corr
        now = float(claim.values[corrected][bridge.slice])
        return limit, claim.effect_of(corrected, bridge.slice, now - (used - limit))


def _own(rates: Rates, spans: tuple[Span, ...], settings: Settings) -> tuple[float, float]:
    """The least and the most that the meter showed in as much time; in a short one it may have stood still."""
    short = settings[GAPS_SHORT_HOLE_HOURS]
    least, most = rates.of_spans(spans, short)
    long = [hours for start, end in spans if (hours := (end - start) / HOUR) >= short]
    return (least if rates.is_mean else least + sum(max(rates.of_length(h)[0], 0.0) * h for h in long)), most
