"""Clocks that are wrong or were changed: of whole loads, and at each limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from jcm_mrv.findings import Severity
from jcm_mrv.quality.values.clock import clock_shift
from jcm_mrv.time.zones import DAY
from support.limits import bell, made
from support.loads import PER_DAY, Load, check, load, only
from support.values import (
    HAI_PHONG,
    air_conditioning,
    factory,
    solar,
)

MINOR, MAJOR = Severity.MINOR, Severity.MAJOR


def test_a_log_in_utc_that_is_said_to_be_local() -> None:
    """Seven hours early: most of it in the dark."""
    power = np.roll(load(solar), -28)
    found = check(power, sun=True, site=HAI_PHONG)
    night = next(f for f in found if f.code == "readings.night_generation")
    clock = next(f for f in found if f.code == "readings.clock_shift")
    assert (night.severity, clock.severity) == (Severity.MAJOR, Severity.MAJOR)
    assert float(clock.data["hours"]) == pytest.approx(-7, abs=0.4)


@pytest.mark.parametrize("kind", [solar, factory, air_conditioning])
@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_is_changed_at_a_date(kind: Load, hours: int) -> None:
    power = load(kind, 120)
    power[63 * PER_DAY :] = np.roll(power[63 * PER_DAY :], 4 * hours)
    finding = only([f for f in check(power, sun=kind is solar) if f.code != "readings.stuck"], "readings.clock_shift")
    assert finding.severity is Severity.MINOR
    assert float(finding.data["hours"]) == pytest.approx(hours, abs=0.4)
    assert "about 2024-03-0" in finding.message  # the 63rd day is 4 March, found to the week


def test_a_panel_that_faces_east_is_no_wrong_clock() -> None:
    hour = np.arange(90 * PER_DAY) / 4 % 24 + 0.125
    east = np.clip(np.cos((hour - 10.6) / 12 * np.pi * 1.1), 0, None) * (np.abs(hour - 11.9) < 6)
    assert check(np.round(80 * east, 3), sun=True, site=HAI_PHONG) == []


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("shift", "said"), [(0.55, None), (0.65, MINOR), (1.45, MINOR), (1.55, MAJOR), (3.0, MAJOR)])
def test_a_sunny_day_that_moves_at_a_date(shift: float, said: Severity | None, sign: int) -> None:
    found = list(clock_shift(made(bell(8, sign * shift), sun=True)))
    assert [f.severity for f in found] == ([] if said is None else [said])
    for finding in found:
        assert finding.data["hours"] == pytest.approx(sign * shift, abs=0.01)
        assert finding.where.line == 28 * 24 + 2


@pytest.mark.parametrize(("weeks", "side", "count"), [(4, 2, 1), (3, 1, 0), (5, 4, 0), (5, 3, 1)])
def test_two_weeks_on_either_side_are_enough(weeks: int, side: int, count: int) -> None:
    assert len(list(clock_shift(made(bell(weeks, 1.0, side), sun=True)))) == count


def test_weeks_that_move_by_themselves_hide_a_shift() -> None:
    """Half an hour back and forth from week to week, and one hour more at a date."""
    days = [bell(1, 0.25 if week % 2 else -0.25, 0) for week in range(4)]
    days += [bell(1, 1.25 if week % 2 else 0.75, 0) for week in range(4)]
    assert list(clock_shift(made(np.concatenate(days), sun=True))) == []


def test_a_week_counts_with_five_whole_days() -> None:
    power = bell(4, 1.0, 2)
    power[[0, 24]] = np.nan
    assert len(list(clock_shift(made(power, sun=True)))) == 1
    power[48] = np.nan
    assert list(clock_shift(made(power, sun=True))) == []


@pytest.mark.parametrize(("shift", "count"), [(1.8, 0), (2.2, 1), (-1.8, 0), (-2.2, 1), (9.0, 1), (-9.0, 1)])
def test_a_log_that_lies_hours_from_the_sun(shift: float, count: int) -> None:
    """At 105 degrees east the sun stands highest at 12:00 of the zone, but for the equation of time: 6 min in April."""
    site = replace(HAI_PHONG, longitude=105.0)
    subject = made(bell(3, shift, 0), sun=True, site=site, start=date(2024, 4, 8))
    found = list(clock_shift(subject))
    assert [f.severity for f in found] == [MAJOR] * count
    assert all(f.data["hours"] == pytest.approx(shift, abs=0.06) for f in found)


def shop(weeks: int, shift: int, side: int = 4, noise: float = 0.0) -> np.ndarray:
    """100 kW from 8:00 to 18:00 and 10 kW else, so many hours later from a week on."""
    rng = np.random.default_rng(1)
    day = np.where((np.arange(24) >= 8) & (np.arange(24) < 18), 100.0, 10.0)
    days = [
        np.roll(day, shift if d >= 7 * side else 0) * (1 + noise * rng.standard_normal(24)) for d in range(7 * weeks)
    ]
    return np.concatenate(days)


@pytest.mark.parametrize(
    ("weeks", "shift", "side", "said"),
    [(8, 1, 4, MINOR), (8, -1, 4, MINOR), (8, 2, 4, MAJOR), (8, -2, 4, MAJOR), (6, 1, 3, MINOR), (5, 1, 3, None),
     (6, 1, 4, None), (12, 1, 3, MINOR), (12, 1, 9, MINOR)],
)  # fmt: skip
def test_a_load_that_moves_at_a_date(weeks: int, shift: int, side: int, said: Severity | None) -> None:
    found = list(clock_shift(made(shop(weeks, shift, side, 0.01))))
    assert [(f.severity, f.data["hours"]) for f in found] == ([] if said is None else [(said, float(shift))])
    assert all(f.where.line == side * 7 * 24 + 2 for f in found)
    assert list(clock_shift(made(shop(weeks, shift, side), changed={"interval": DAY}))) == []
