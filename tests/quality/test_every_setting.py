"""Every setting of the table at its default and at a second value, and what changes by it: an amount or a finding.

What is seen at each of the two values is worked out by hand beside it; where ER falls with the meter, it is so in the
example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.meters.segments import SecondaryKind
from jcm_mrv.quality.plausible import against_estimates
from jcm_mrv.quality.settings import Settings, table
from jcm_mrv.quality.values.clock import clock_shift
from jcm_mrv.quality.values.flatlined import flatlined, zero_run
from jcm_mrv.quality.values.hours import beyond_calendar
from jcm_mrv.quality.values.odd_months import other_years, typed_wrong
from jcm_mrv.quality.values.size import above_capacity, below_capacity, negative
from jcm_mrv.quality.values.spikes import spike
from jcm_mrv.quality.values.step import month_unlike
from jcm_mrv.quality.values.subject import Subject
from jcm_mrv.quality.values.sun import night_generation
from jcm_mrv.quality.values.unbounded import unbounded
from jcm_mrv.quality.values.unprofiled import unlike_months
from support.claims import rows_of, solar
from support.limits import bell, dark, hours, made, monthly, months, parts, run, spread, still, sunny, values, with_one
from support.seen_by_settings import (
    Seen,
    at_the_start,
    corners,
    fast_day,
    hole,
    losses,
    over_new_year,
    second,
    unknown_error,
    unsupported,
    valid_from,
    weights,
)
from support.values import HAI_PHONG

FALLS = -0.001


def of(rule: Callable[[Subject], Iterable[Finding]], subject: Subject) -> Seen:
    """The severities of what a rule says of a subject."""
    return lambda settings: weights(rule(replace(subject, settings=settings)))


def near(settings: Settings) -> bool:
    """Whether a month of twelve times the others is said to be near a factor: ten."""
    (found,) = typed_wrong(replace(monthly(with_one(4, 1200.0)), settings=settings))
    return "near the factor" in found.message


# --- by the rules on values --------------------------------------------------------------------


def unbounded_of(tonnes: float) -> Seen:
    series: Any = SimpleNamespace(billed=(), seconds=(), combined=())
    data: Any = SimpleNamespace(estimates=[])
    subject = monthly([100.0], hours=10.0, each=tonnes / 1000)
    return lambda settings: weights(unbounded([replace(subject, settings=settings)], series, data))


def other_bills(settings: Settings) -> list[str]:
    """Eleven months of 100 MWh and one of 600 MWh, all of one length within 7 %: no profile is known."""
    sketch = solar(monthly={"M1": [100_000.0] * 11 + [600_000.0]})
    claim, _ = sketch.build()
    return weights(unlike_months(claim, sketch.series(), sketch.timeline, settings))


def too_large(settings: Settings) -> list[str]:
    return weights(beyond_calendar(parts((201.5, 0.0, 0.0, 0.0, 200)), settings))


def lasting(days: int) -> Subject:
    """3.6 times as much for some days of a load that changes from day to day by a hundredth."""
    power = np.tile(np.linspace(60.0, 120.0, 24), 60) * np.repeat(1 + 0.01 * np.resize([0, 1, -1, 2, -2], 60), 24)
    power[30 * 24 : (30 + days) * 24] *= 3.6
    return made(power)


def four_days(value: float) -> np.ndarray:
    return hours(12, d1h1=value, d2h1=value, d3h1=value, d4h1=value)


def estimated(reductions: float) -> Seen:
    data: Any = SimpleNamespace(estimates=rows_of("estimates", [{"year": 2024, "reductions": 100.0}]))
    data.estimates[0].cells["year"] = replace(data.estimates[0]["year"], value="2024")
    years: Any = [SimpleNamespace(year=2024, reductions=reductions, estimate=100.0)]
    return lambda settings: weights(against_estimates(years, data, settings))


DEEP = hours(10, 100.0, d4h2=-40.0)
NIGHT = {"sun": True, "site": HAI_PHONG}


def night(hour: int, kwh: float) -> Subject:
    """16,000 kWh by day, and some in an hour of one night."""
    power = np.tile(np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 100.0, 0.0), 20)
    power[5 * 24 + hour] = kwh
    return made(power, **NIGHT)


# --- by spans over the edges ------------------------------------------------------------------------------


CASES: dict[str, tuple[float | str, Seen, Any, Any]] = {
    # key: (second value, what is seen, with the default, with the second value)
    "calendar.most_of_hours": (1.01, too_large, ["error"], []),
    "calibration.validity_from": ("installation", valid_from, ["2024-01-01"], []),
    "capacity.least_month": (0.005, of(below_capacity, made(hours(9), rated=100.0, months=months(0.9))), ["minor"], []),
    "capacity.least_of_highest": (
        0.04,
        of(below_capacity, made(hours(10, 3.0), highest=100.0, each=FALLS)),
        [],
        ["major"],
    ),
    "capacity.least_of_rated": (0.03, of(below_capacity, made(hours(10, 4.0), rated=100.0)), ["minor"], []),
    "capacity.least_of_rated_generation": (
        0.2,
        of(below_capacity, made(hours(10, 25.0), rated=100.0, sun=True)),
        ["minor"],
        [],
    ),
    "capacity.most_megawatts": (700.0, of(above_capacity, made(hours(1), months=months(600_000.0))), ["major"], []),
    "capacity.most_of_highest_rate": (
        1.1,
        of(above_capacity, made(hours(1), months=months(105.0), highest=100.0)),
        ["major"],
        [],
    ),
    "capacity.most_of_rated": (
        6.0,
        of(above_capacity, made(hours(1), {"unit": "MJ"}, months=months(550.0), rated=100.0)),
        ["major"],
        [],
    ),
    "capacity.most_of_rated_electric": (
        1.7,
        of(above_capacity, made(hours(1), months=months(160.0), rated=100.0)),
        ["major"],
        [],
    ),
    "capacity.most_of_rated_generation": (
        1.4,
        of(above_capacity, made(hours(1), months=months(130.0), rated=100.0, sun=True)),
        ["major"],
        [],
    ),
    "capacity.refused_times": (
        3.0,
        of(above_capacity, made(hours(1), months=months(250.0), highest=100.0)),
        ["error"],
        ["major"],
    ),
    "capacity.unbounded_major_tonnes": (20.0, unbounded_of(15.0), ["major"], ["minor"]),
    "capacity.unbounded_minor_tonnes": (6.0, unbounded_of(5.0), ["minor"], ["note"]),
    "clock.least_shift_hours": (0.8, of(clock_shift, made(bell(8, 0.7), sun=True)), ["minor"], []),
    "clock.major_shift_hours": (1.2, of(clock_shift, made(bell(8, 1.4), sun=True)), ["minor"], ["major"]),
    # 1.8 % apart: 0.5 % of the meter and 1 % of the supplier, or 1.5 %
    "crosscheck.invoice_error": (0.015, second(SecondaryKind.INVOICE, 1.018), ["invoice"], ["agrees"]),
    "crosscheck.shared_instrument": (0.0001, second(SecondaryKind.REGISTER, 1.0005), ["agrees"], ["register"]),
    "crosscheck.slip_tolerance": (0.03, second(SecondaryKind.INVOICE, 0.096), ["factor"], ["invoice"]),
    "crosscheck.unknown_error": (0.03, unknown_error, 0.02, 0.03),
    "divided.longest_hours": (600.0, over_new_year, 1, 0),
    # 40 days; with a stated highest rate nothing is open
    "divided.minor_days": (
        30.0,
        at_the_start(datetime(2023, 12, 1), 40_000.0, highest_rate=1000.0, highest_rate_unit="kW"),
        ["minor"],
        ["major"],
    ),
    # 31 days before the period hold at most 31/29 x 100 MWh, as February does: 2.1 MWh are used, 1.05 t of 148 t
    "divided.minor_effect": (0.005, at_the_start(datetime(2023, 12, 1), 109_000.0), ["minor"], ["major"]),
    "gaps.minor_share": (0.005, hole(7 * 60), ["minor"], ["major"]),
    "gaps.most_corners": (0.0, corners, pytest.approx(30.0, abs=1e-6), pytest.approx(60 - 27 - 2.7 / 696 * 720)),
    "gaps.short_hole_hours": (10.0, fast_day, pytest.approx(50.0), pytest.approx(808 / 732 * 12)),
    "gaps.shortest_hole_hours": (0.6, hole(31), ["minor"], []),
    "month.most_of_other_bills": (7.0, other_bills, ["major"], []),
    "month.most_of_other_years": (4.0, of(other_years, monthly([100.0, 350.0], ["2024-01", "2025-01"])), ["minor"], []),
    "month.most_of_others": (3.0, of(typed_wrong, monthly(with_one(4, 260.0))), ["major"], []),
    "negative.least_depth": (0.07, of(negative, made(hours(10, 100.0, d4h2=-6.0))), ["minor"], []),
    "negative.major_depth": (0.5, of(negative, made(DEEP)), ["major"], ["minor"]),
    "negative.major_share": (0.2, of(negative, made(spread(10, 100.0, -21.0, 8))), ["major"], ["minor"]),
    "negative.minor_share": (0.03, of(negative, made(spread(10, 100.0, -4.5, 8))), ["minor"], []),
    # from 5:00 to 6:00 the sun stands between -21 and -8 degrees
    "night.lowest_sun": (-18.0, of(night_generation, night(5, 40.0)), ["major"], []),
    "night.major_share": (0.005, of(night_generation, night(1, 40.0)), ["major"], ["minor"]),
    "night.minor_share": (0.001, of(night_generation, night(1, 10.0)), ["minor"], []),
    "plausible.least_of_estimate": (0.3, estimated(40.0), ["minor"], []),
    "plausible.most_of_estimate": (1.4, estimated(130.0), ["major"], []),
    "slip.least_days": (7.0, of(month_unlike, lasting(4)), ["minor"], []),
    "slip.tolerance": (0.3, near, False, True),
    "spike.least_times_usual": (4.0, of(spike, made(hours(12, d5h12=160.0))), ["minor"], []),
    "spike.major_times_usual": (10.0, of(spike, made(hours(12, d5h12=450.0))), ["major"], ["minor"]),
    "spike.most_days": (4.0, of(spike, made(four_days(250.0), highest=100.0)), ["error"], ["major"]),
    "spike.most_of_highest_rate": (1.1, of(spike, made(hours(12, d5h12=108.0), highest=100.0)), ["major"], []),
    "stuck.habit": (5.0, of(flatlined, still(*values(8.0, 4.0, 4.0, 4.0))), [], ["minor"]),
    "stuck.least_digits": (
        4.0,
        of(flatlined, still(run(1440, 1234.0, 2), kind="energy", interval=86_400_000_000)),
        [],
        ["major"],
    ),
    "stuck.least_hours": (7.0, of(flatlined, still(run(6.0))), ["major"], []),
    "stuck.least_readings": (
        3.0,
        of(flatlined, still(run(1440, 12_345.0, 2), kind="energy", interval=86_400_000_000)),
        ["major"],
        [],
    ),
    "stuck.least_values": (13.0, of(flatlined, still(run(6.0))), ["major"], []),
    "stuck.major_hours": (20.0, of(flatlined, still(*values(23.9, 5.0, 12.0))), ["minor", "minor"], ["major", "minor"]),
    "tree.most_losses": (0.02, losses, 1, 0),
    "unsupported.minor": (300.0, unsupported, ["major"], ["minor"]),
    "zero.least_hours": (7.0, of(zero_run, still(zeros=[run(6.0, 0.0)])), ["minor"], []),
    "zero.least_sun_hours": (5.0, of(zero_run, made(sunny(**dark(5, 8, 4)), sun=True)), ["minor"], []),
}


def test_every_setting_of_the_table_is_here() -> None:
    assert set(CASES) == set(table())
    assert all(value != table()[key].default for key, (value, *_) in CASES.items())


@pytest.mark.parametrize("key", sorted(CASES))
def test_what_a_setting_changes(key: str) -> None:
    value, seen, by_default, changed = CASES[key]
    assert seen(Settings({})) == by_default
    assert seen(Settings({key: value})) == changed
