"""How fast a meter counts: from its months, its readings and its hours, what may flow through it in a data gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Numbers, Ordinals
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.meters.segments import Coverage, SegmentKind
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.time.zones import HOUR, HOURS_A_DAY, Span

# The last digit of a register that is read twice within minutes is no rate.
SHORTEST_RATE_HOURS = 0.25

# A meter that really runs backwards (a solar plant at night) does so on more days than these.
MOST_BACKWARD_DAYS, MOST_BACKWARD_SHARE = 3, 0.2


@dataclass(frozen=True)
class Rates:
    """Amounts per hour of one meter: its mean, its lowest and highest month, its lowest and highest reading.

    ``hourly`` are its amounts and measured shares by hour, where it was read that often. Of what is a mean
    (``is_mean``: a temperature) nothing is no least value, and a long gap may hold any value that was read.
    """

    mean: float
    months: tuple[float, float]
    readings: tuple[float, float]
    hourly: tuple[Numbers, Numbers] | None = None
    is_mean: bool = False

    def bounds(self, short: float, long: Sequence[float]) -> tuple[float, float]:
        """The least and the most that may have flowed in so many hours of short gaps and in each long one.

        Nothing flowed at least, or less than nothing where the meter also
        ran backwards (a solar plant at night).
        """
        if self.is_mean:
            hours = short + sum(long)
            return self.readings[0] * hours, self.readings[1] * hours
        low, high = min(0.0, self.readings[0]) * short, max(0.0, self.readings[1]) * short
        for hours in long:
            least, most = self.of_length(hours)
            low, high = low + min(0.0, least) * hours, high + max(0.0, most) * hours
        return low, high

    def of_spans(self, spans: Sequence[Span], short_hours: float) -> tuple[float, float]:
        """The same for spans (instants), of which those under ``short_hours`` are short."""
        hours = [(end - start) / HOUR for start, end in spans]
        return self.bounds(sum(h for h in hours if h < short_hours), [h for h in hours if h >= short_hours])

    def of_length(self, hours: float) -> tuple[float, float]:
        """The lowest and highest rate of a month, or of a time as long as a gap, whichever reaches further."""
        if self.hourly is None:
            return self.months
        amounts, shares = (np.concatenate(([0.0], np.cumsum(x))) for x in self.hourly)
        width = min(max(round(hours), 1), len(amounts) - 1)
        measured = shares[width:] - shares[:-width]
        telling = measured >= width - 1e-9
        if not telling.any():
            return self.months
        rates = (amounts[width:] - amounts[:-width])[telling] / measured[telling]
        return min(self.months[0], float(rates.min())), max(self.months[1], float(rates.max()))


def rates_of(
    chain: Chain,
    coverage: Coverage,
    evaluation: Evaluation,
    profiles: Mapping[str, Profile],
    least_hours: float,
) -> dict[str, Rates | None]:
    """The rates of every meter of a chain, in its unit; None where nothing was measured.

    Months with no more than ``least_hours`` measured tell nothing.
    """
    row = {meter: n for n, meter in enumerate(coverage.meter_ids)}
    covered = np.array([coverage.covered[row[meter], m] for meter, m in chain.meter_months], dtype=np.float64) / HOUR
    raw, amounts, readings = evaluation[chain.graph.E_raw], evaluation[chain.graph.E], _readings(chain)
    means = {t.meter_id for point in chain.points if point.is_mean for t in point.terms}
    months: dict[str, list[int]] = {}
    for n, (meter, _) in enumerate(chain.meter_months):
        months.setdefault(meter, []).append(n)
    found: dict[str, Rates | None] = {}
    for meter, own in months.items():
        known = [n for n in own if covered[n] > least_hours]
        rates = _reading_rates(chain, amounts, readings.get(meter, np.zeros(0, dtype=np.int64)))
        hourly = _hourly(chain, profiles.get(meter), meter)
        found[meter] = _rates(raw[known], covered[known], rates, hourly, meter in means) if known else None
    return found


def _rates(
    amounts: Numbers, hours: Numbers, readings: Numbers, hourly: tuple[Numbers, Numbers] | None, is_mean: bool
) -> Rates:
    months = amounts / hours
    either = np.concatenate((months, readings))
    mean = float(amounts.sum() / hours.sum())
    lowest = float(either.min())
    if lowest < 0 and not is_mean and hourly is not None and _seldom_backwards(*hourly):
        lowest = min(0.0, float(months.min()))
    return Rates(mean, (float(months.min()), float(months.max())), (lowest, float(either.max())), hourly, is_mean)


def _seldom_backwards(amounts: Numbers, shares: Numbers) -> bool:
    """True where the meter ran backwards on a few days only: values that are questionable themselves, no habit."""
    days = len(amounts) // HOURS_A_DAY
    measured = (shares.reshape(days, HOURS_A_DAY) > 0).any(axis=1)
    backwards = (amounts.reshape(days, HOURS_A_DAY) < 0).any(axis=1)
    return int(backwards.sum()) <= min(MOST_BACKWARD_DAYS, MOST_BACKWARD_SHARE * int(measured.sum()))


def _readings(chain: Chain) -> dict[str, Ordinals]:
    """For each meter the rows of the chain that are its own."""
    meters = chain.parts.meter[chain.rows]
    return {chain.parts.meter_ids[m]: np.nonzero(meters == m)[0] for m in np.unique(meters).tolist()}


def _hourly(chain: Chain, profile: Profile | None, meter: str) -> tuple[Numbers, Numbers] | None:
    """Amounts in the chain's unit and measured shares by hour, of a meter that is read at least daily."""
    if profile is None or not profile.daily:
        return None
    return profile.amount * chain.in_unit(profile.unit, meter), profile.covered


def _reading_rates(chain: Chain, amounts: Numbers, own: Ordinals) -> Numbers:
    """The rate of each reading; of a log, whose rows are held as monthly sums, the extremes of its values."""
    parts = chain.parts
    logged = parts.kind[chain.rows[own]] == SegmentKind.LOG
    rows = chain.rows[own[~logged]]
    hours = (parts.end[rows] - parts.start[rows]) * parts.share[rows] / HOUR
    telling = hours >= SHORTEST_RATE_HOURS
    rates: Numbers = amounts[own[~logged]][telling] / hours[telling]
    return np.concatenate((rates, _log_rates(chain, own[logged])))


def _log_rates(chain: Chain, own: Ordinals) -> Numbers:
    parts, rows = chain.parts, chain.rows[own]
    if parts.lowest is None or parts.highest is None:
        return np.zeros(0)
    graph, values = chain.graph, chain.values
    scale = values[graph.k_T][own] * values[graph.k_C][own] * values[graph.u][own]
    rates: Numbers = np.concatenate((parts.lowest[rows] * scale, parts.highest[rows] * scale))
    return rates[np.isfinite(rates)]
