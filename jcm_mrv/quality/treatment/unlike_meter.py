"""Bridges that give a gap far more, or less, than the meter itself ever showed in as much time.

A source that is wrong as a whole, or one bill that is, puts all that it is wrong by into the gap. The amount stays,
since a month may be unlike all others; where ER would be lower with the meter's own rates it is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.context import AssessmentContext, ChainContext
from jcm_mrv.quality.treatment.exposure import DIVIDED_MINOR_EFFECT
from jcm_mrv.quality.treatment.limits import GAPS_SHORT_HOLE_HOURS
from jcm_mrv.quality.treatment.proposal import Proposal
from jcm_mrv.quality.treatment.rates import Rates
from jcm_mrv.result import Treatment
from jcm_mrv.time.zones import HOUR, Span
from jcm_mrv.words import say

_MARGIN = 0.25
"""A month that goes beyond all others by less is no surprise."""


@dataclass(frozen=True)
class Unlike:
    """Why a bridge can hardly be what flowed, what is to be done, and ER as it is less ER [tCO2e] with another."""

    words: str
    action: str
    effect: float | None


LIKE = Unlike("", say("Keep the source ready for the verifier, and say why the readings are missing."), None)


def unlike_meter(context: AssessmentContext, bridge: Proposal, done: Treatment, source: str, odd: str) -> Unlike | None:
    """What makes a bridge unlike its meter: ``odd``, or that the meter never showed as much (as little) in its time.

    None where the amount used is like the meter, ER not lower with the meter's own, or too little hangs on it
    (``divided.minor_effect``). What is odd has the larger of two effects: that, and what the bridge adds to ER.
    """
    limit, effect = _against_own(context, bridge, bridge.measured + done.correction)
    if odd:
        action = say("Check the unit, the factor and the dates of {source}.", source=source)
        return Unlike(odd, action, None if done.effect_tco2e is None else max(done.effect_tco2e, effect))
    if effect <= context.settings[DIVIDED_MINOR_EFFECT] * abs(context.claim.reductions()):
        return None
    action = say(
        "Compare the source with the meter in months that both cover: where it is wrong, correct it, or give the "
        "proven amount on Overrides; where the gap is unlike all other months, say why on the sheet Answers."
    )
    return Unlike(
        say("in as much time the meter itself counted {own:.6g}", own=limit),
        action,
        effect if np.isfinite(effect) else None,
    )


def _against_own(context: AssessmentContext, bridge: Proposal, used: float) -> tuple[float, float]:
    """What the meter showed at most (or least), and ER as it is less ER [tCO2e] with that; 0 where it is alike."""
    rates = ChainContext(context, bridge.chain).rates.get(bridge.meter_id)
    least, most = (used, used) if rates is None else _own(rates, bridge.spans, context.settings)
    if least - abs(least) * _MARGIN <= used <= most + abs(most) * _MARGIN:
        return used, 0.0
    limit = min(max(used, least), most)
    corrected = bridge.chain.graph.E_corr
    changed = np.array(context.claim.values[corrected])
    changed[bridge.slice] -= used - limit
    return limit, context.claim.reductions() - context.claim.reductions({corrected: changed})


def _own(rates: Rates, spans: tuple[Span, ...], settings: Settings) -> tuple[float, float]:
    """The least and the most that the meter showed in as much time; in a short one it may have stood still."""
    short = settings[GAPS_SHORT_HOLE_HOURS]
    least, most = rates.of_spans(spans, short)
    long = [hours for start, end in spans if (hours := (end - start) / HOUR) >= short]
    return (least if rates.is_mean else least + sum(max(rates.of_length(h)[0], 0.0) * h for h in long)), most
