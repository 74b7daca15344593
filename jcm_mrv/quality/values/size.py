"""Months that are too large for what stands behind the meter, meters that never reach its size, negative values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from jcm_mrv.findings import Bias, Code, Finding, Severity, named
from jcm_mrv.meters.readings import NEGATIVE
from jcm_mrv.origin import Origin
from jcm_mrv.quality.setting import LEAST, Setting
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.values.odd_months import NO_WEATHER
from jcm_mrv.quality.values.scaling import Slip, explaining, nearest
from jcm_mrv.quality.values.subject import (
    CAPACITY_MOST_OF_RATED_GENERATION,
    CAPACITY_REFUSED_TIMES,
    SPIKE_MOST_DAYS,
    Limit,
    Month,
    Subject,
    runs_of,
)
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import conversion
from jcm_mrv.words import say

ABOVE = Code("readings.above_capacity", Severity.MAJOR, "A month's amount is larger than can have flowed.")
BELOW = Code("readings.below_capacity", Severity.MINOR, "A meter never comes near the size of what it measures.")

# Units in which fuel is hardly ever counted: no equipment draws far more electricity than its capacity.
ELECTRIC = ("Wh", "kWh", "MWh", "GWh")
_LEAST_DAYS = 10
_TURNED = 10.0
# The busy days of a load reach some three quarters of the highest rate that is stated for it (0.59 to 0.74 in trials).
_USUAL_OF_HIGHEST = 0.75


CAPACITY_MOST_OF_HIGHEST_RATE = Setting(
    "capacity.most_of_highest_rate", 1.0, "1", "a month above this multiple of highest rate times hours is named", LEAST
)
CAPACITY_MOST_OF_RATED = Setting(
    "capacity.most_of_rated",
    5.0,
    "1",
    "consumption above this multiple of rated capacity times hours is named (fuel and efficiency lie between)",
    LEAST,
)
CAPACITY_MOST_OF_RATED_ELECTRIC = Setting(
    "capacity.most_of_rated_electric", 1.5, "1", "the same where it is counted in kWh: electricity", LEAST
)
CAPACITY_MOST_MEGAWATTS = Setting(
    "capacity.most_megawatts", 500.0, "MW", "a meter without any stated capacity above this mean power is named", LEAST
)
CAPACITY_LEAST_OF_RATED_GENERATION = Setting(
    "capacity.least_of_rated_generation",
    0.3,
    "1",
    "solar generation whose highest value stays below this multiple of the rated capacity is named",
)
CAPACITY_LEAST_OF_RATED = Setting(
    "capacity.least_of_rated",
    0.05,
    "1",
    "consumption whose highest value stays below this multiple of the rated capacity is named",
)
CAPACITY_LEAST_MONTH = Setting(
    "capacity.least_month",
    0.01,
    "1",
    "without values by hour: a meter whose highest month stays below this multiple of capacity times hours is named",
)
CAPACITY_LEAST_OF_HIGHEST = Setting(
    "capacity.least_of_highest",
    0.02,
    "1",
    "consumption whose highest value stays below this multiple of the stated highest rate is a major question where "
    "ER falls with it",
    most=0.5,
)
NEGATIVE_MINOR_SHARE = Setting(
    "negative.minor_share", 0.02, "1", "negative energy above this share of the positive is minor", most=1
)
NEGATIVE_MAJOR_SHARE = Setting(
    "negative.major_share", 0.1, "1", "negative energy above this share of the positive is major", most=1
)
NEGATIVE_MAJOR_DEPTH = Setting(
    "negative.major_depth",
    0.3,
    "1",
    "a negative value deeper than this share of the highest is major, where such values are rare",
    most=1,
)
NEGATIVE_LEAST_DEPTH = Setting(
    "negative.least_depth", 0.05, "1", "a negative value deeper than this share of the highest is minor", most=1
)


# --- months ------------------------------------------------------------------------


def above_capacity(subject: Subject) -> Iterator[Finding]:
    """Months in which more was counted than the stated capacity gives in the hours that were measured."""
    unit, settings = subject.unit, subject.settings
    limits = [*stated_limits(unit, subject.highest, subject.rated, subject.follows_sun, settings)]
    limits = limits or [*no_plant_is_larger(unit, subject.profile.where(0), settings)]
    if not limits:
        return
    limit = min(limits, key=lambda one: one.rate)
    above = [m for m in subject.months if abs(m.rate) > limit.rate]
    if above:
        yield above_limit(subject.meter, unit, above, limit, subject.factors, subject.effect, settings)


def above_limit(
    meter: str,
    unit: str,
    above: Sequence[Month],
    limit: Limit,
    factors: tuple[float, ...],
    effects: Callable[[Mapping[int, float]], float | None],
    settings: Settings,
) -> Finding:
    """The finding on months (at least one) in which a meter counted more than a limit gives."""
    worst = max(above, key=lambda m: abs(m.rate))
    excess = abs(worst.rate) / limit.rate
    named = explaining(excess, factors)
    return ABOVE(
        say(
            "meter {meter} counts more than {limit} gives, in {labels}",
            meter=meter,
            limit=limit.words,
            labels=_labels(above),
        )
        + (say("; it would be explained by {named}", named=named) if named else ""),
        worst.where,
        found=say(
            "{amount:,.6g} {unit} in {worst}, at most {rate:,.6g} {unit} in its {hours:,.1f} hours",
            amount=worst.amount,
            unit=unit,
            worst=worst.label,
            rate=limit.rate * worst.hours,
            hours=worst.hours,
        ),
        action=say(
            "Check the unit, the transformer factor and whether it is in the values already; or the capacity "
            "({where}).",
            where=limit.where,
        ),
        data={"times": excess, "months": len(above)},
        severity=Severity.ERROR if excess >= settings[CAPACITY_REFUSED_TIMES] else Severity.MAJOR,
        effect_tco2e=effects({m.ordinal: m.amount - math.copysign(limit.rate * m.hours, m.amount) for m in above}),
    )


def stated_limits(
    unit: str, highest: Limit | None, rated: Limit | None, follows_sun: bool, settings: Settings
) -> Iterator[Limit]:
    """What stated numbers allow: the highest rate, and the rated capacity times what may lie between."""
    if highest is not None:
        yield Limit(highest.rate * settings[CAPACITY_MOST_OF_HIGHEST_RATE], highest.words, highest.where)
    if rated is not None:
        key = CAPACITY_MOST_OF_RATED_GENERATION if follows_sun else CAPACITY_MOST_OF_RATED
        if key == CAPACITY_MOST_OF_RATED and unit in ELECTRIC:
            key = CAPACITY_MOST_OF_RATED_ELECTRIC
        yield Limit(
            rated.rate * settings[key],
            say("{settings:g} times {rated}", settings=settings[key], rated=rated.words),
            rated.where,
        )


def no_plant_is_larger(unit: str, where: Origin, settings: Settings) -> Iterator[Limit]:
    """What holds where nothing is stated, for energy; ``where`` is what is pointed to in the place of a capacity."""
    try:
        rate = settings[CAPACITY_MOST_MEGAWATTS] * conversion("MW", f"{unit}/h")
    except UnitError:
        return
    yield Limit(rate, say("a power of {settings:g} MW", settings=settings[CAPACITY_MOST_MEGAWATTS]), where)


def _labels(months: Sequence[Month]) -> str:
    return named([m.label for m in months])


def below_capacity(subject: Subject) -> Iterator[Finding]:
    """A meter that stays below its capacity by more than a load or plant does, all the time."""
    settings, highest = subject.settings, _highest(subject)
    if highest is None:
        return
    capacity, least, rate = highest
    ratio = rate / capacity.rate
    if ratio <= 0:
        return  # one that stood still, or runs backwards, is another rule's
    stated = subject.highest is not None and not subject.follows_sun
    nothing = stated and ratio < math.exp(-NO_WEATHER)
    slip = nearest(ratio, subject.factors, 0.6 if subject.follows_sun or nothing else 0.3)
    if stated and slip is None and subject.profile.hourly:
        slip = nearest(ratio / _USUAL_OF_HIGHEST, subject.factors, 0.3)
    if stated and slip is not None and subject.profile.hourly:
        # Many a load never comes near its highest rate; a ratio that is a slip's is another matter.
        least = settings[CAPACITY_LEAST_OF_RATED_GENERATION]
    far = stated and ratio < settings[CAPACITY_LEAST_OF_HIGHEST]
    if not far and ratio >= least:
        return
    slipped = stated and slip is not None and subject.profile.hourly
    effect = _effect_below(subject, capacity, slip) if far or slipped else None
    gains = (far and effect is None) or (effect is not None and effect > 0)
    yield BELOW(
        say("meter {meter} never comes near {capacity}", meter=subject.meter, capacity=capacity.words)
        + (say("; the ratio is near {slip}", slip=slip.words) if slip else ""),
        subject.profile.peaks[0].where,
        found=say(
            "its highest {what} of {rate:.6g} {subject_unit}/h, {ratio:.3g} of it",
            what=say("values") if subject.profile.hourly else say("month"),
            rate=rate,
            subject_unit=subject.unit,
            ratio=ratio,
        ),
        action=say("Check the unit and the transformer factor, and the stated capacity ({where})", where=capacity.where)
        + (
            say(
                ": where that is the rating of a fuse or cable, enter what the load itself can draw in the column "
                "Highest rate of the sheet Meters; or say in the column Comment of that row why so little flows."
            )
            if stated
            else say("; or say why so little flows.")
        ),
        data={"ratio": ratio},
        effect_tco2e=effect,
        # No load stays below a 300th of what it can draw; of one that lowers ER that is refused.
        severity=(Severity.ERROR if nothing and slip is not None else Severity.MAJOR) if gains else None,
    )


def _effect_below(subject: Subject, capacity: Limit, slip: Slip | None) -> float | None:
    """ER as it is less ER with the amounts as they would be without the slip, or else with the capacity throughout."""
    if slip is not None:
        return subject.effect({m.ordinal: m.amount * (1 - 1 / slip.factor) for m in subject.months})
    return subject.effect({m.ordinal: m.amount - capacity.rate * m.hours for m in subject.months})


def _highest(subject: Subject) -> tuple[Limit, float, float] | None:
    """Capacity, the least share of it that a sound meter reaches, and the highest rate that this one reaches."""
    profile, settings = subject.profile, subject.settings
    capacity = subject.rated if subject.follows_sun else subject.highest or subject.rated
    if capacity is None or not profile.peaks or (capacity is subject.rated and not subject.measures):
        return None  # of what is subtracted, or shared, the equipment's capacity tells nothing
    known = profile.day_highest[np.isfinite(profile.day_highest)]
    if profile.hourly and np.count_nonzero(known > 0) >= _LEAST_DAYS:
        # A few questionable values must not hide that the rest is too small.
        rate = float(np.percentile(known, 95))
        if subject.follows_sun:
            return capacity, settings[CAPACITY_LEAST_OF_RATED_GENERATION], rate
        return capacity, 0.0 if subject.highest is not None else settings[CAPACITY_LEAST_OF_RATED], rate
    months = [m.rate for m in subject.months if m.hours >= 24 * _LEAST_DAYS]
    return (capacity, settings[CAPACITY_LEAST_MONTH], max(months)) if months else None


# --- below zero --------------------------------------------------------------------


def negative(subject: Subject) -> Iterator[Finding]:
    """Negative values that are more than what a plant draws at night or a meter's zero drifts by."""
    profile, settings = subject.profile, subject.settings
    if profile.negative >= 0 or profile.lowest is None or profile.kind == "register":
        return
    positive = float(np.maximum(profile.amount, 0.0).sum()) or sum(max(m.amount, 0.0) for m in subject.months)
    share = -profile.negative / positive if positive > 0 else 1.0
    usual = profile.day_highest[np.isfinite(profile.day_highest)]
    highest = float(np.percentile(usual, 90)) if len(usual) else 0.0
    depth = -profile.lowest.rate / highest if highest > 0 else 1.0
    if share < settings[NEGATIVE_MINOR_SHARE] and depth < settings[NEGATIVE_LEAST_DEPTH]:
        return
    below = np.minimum(profile.amount, 0.0).reshape(profile.rates.shape).sum(axis=1)
    months: dict[int, float] = {}
    for day in np.flatnonzero(below).tolist():
        month = subject.month_at(profile.instant(day))
        months[month] = months.get(month, 0.0) + float(below[day])
    effect = None if subject.follows_sun else subject.effect(months)
    gains = effect is not None and effect > 0
    rare = depth >= settings[NEGATIVE_MAJOR_DEPTH] and _negative_days(subject) <= settings[SPIKE_MOST_DAYS]
    major = rare or share >= settings[NEGATIVE_MAJOR_SHARE] or gains
    # A plant that generates nothing draws its standby; any other meter that only runs backwards is turned.
    turned = (positive <= 0 or share >= _TURNED) and not subject.follows_sun
    yield NEGATIVE(
        say(
            "meter {meter} reads less than nothing by more than standby or drift explains: {share:.2%} of what it "
            "reads above nothing",
            meter=subject.meter,
            share=share,
        ),
        profile.lowest.where,
        found=say(
            "lowest {lowest_value:.6g} at {when}; the negative values sum up to {negative:.6g} {subject_unit}",
            lowest_value=profile.lowest.value,
            when=subject.when(profile.lowest.start),
            negative=profile.negative,
            subject_unit=subject.unit,
        ),
        action=say(
            "Check the sign and direction of the meter, exchanged columns, and whether another plant feeds back; if "
            "the meter counts both directions on purpose, say so."
        ),
        data={"sum": profile.negative, "share": share, "depth": depth},
        effect_tco2e=effect,
        severity=Severity.ERROR if turned else Severity.MAJOR if major else Severity.MINOR,
        questionable=()
        if subject.follows_sun or not (major or subject.subtracted) or not profile.hourly
        else runs_of(subject, profile.rates < 0, Bias.TOO_LOW),
    )


def _negative_days(subject: Subject) -> int:
    """How many days have an hour whose sum is deep below zero."""
    rates = subject.profile.rates
    lowest = np.where(np.isfinite(rates), rates, 0.0).min(axis=1)
    return int(np.count_nonzero(lowest < 0.1 * lowest.min()))
