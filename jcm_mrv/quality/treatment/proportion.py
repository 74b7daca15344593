"""Whether what another source leaves for a gap is out of all proportion to what the meter counts at other times."""

from __future__ import annotations

from collections.abc import Sequence

from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.rates import Rates
from jcm_mrv.quality.values.odd_months import MONTH_MOST_OF_OTHERS
from jcm_mrv.result import Direction
from jcm_mrv.words import say

LEAST_HOURS = 240.0
"""Ten days: of a meter that is not read by the hour, shorter times differ too much to be compared."""

Usual = tuple[float, float]
"""The least and the most of a rate, in the chain's unit per hour."""


def usual_of(rates: Rates | None, hours: float) -> Usual | None:
    """The lowest and highest rate that a meter showed over so long a time; None where it was not read as often."""
    if rates is None or rates.is_mean or (rates.hourly is None and hours < LEAST_HOURS):
        return None
    return rates.of_length(hours)


def out_of_proportion(rate: float, usual: Sequence[Usual], direction: Direction | None, settings: Settings) -> str:
    """How many times the most, or what part of the least, of all else it is, where that raises ER; '' if it is not."""
    if not usual:
        return ""
    most, least = max(one[1] for one in usual), min(one[0] for one in usual)
    times = settings[MONTH_MOST_OF_OTHERS]
    if direction is not Direction.FALLS and most > 0 and rate >= times * most:
        return say("{ratio:.3g} times the most that the meter has in as long a time", ratio=rate / most)
    if direction is not Direction.RISES and least > 0 and rate * times <= least:
        return say("{ratio:.3g} times the least that the meter has in as long a time", ratio=rate / least)
    return ""
