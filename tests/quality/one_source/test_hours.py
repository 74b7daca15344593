"""Two meters hour by hour: what an hour has to tell, how far it may lie off, and how little noise a copy has."""

from __future__ import annotations

from dataclasses import replace
from math import atanh
from typing import Any

import numpy as np
import pytest

from jcm_mrv.quality.one_source.hours import candidates, constant, hours_of, last_digit, near_copy
from jcm_mrv.time.zones import HOUR
from support.values import profile_of, timeline_of

Array = np.ndarray
scaled = pytest.mark.parametrize("scale", [1.0, 2.0**-11])
"""What is near, and what tells something, is the same in GWh."""


# --- one ratio --------------------------------------------------------------------------

EARLIER = 501.0 + np.arange(48)


def put(values: Array, at: slice | int, value: Any) -> Array:
    changed = values.copy()
    changed[at] = value
    return changed


@scaled
@pytest.mark.parametrize(
    ("later", "earlier", "ratio"),
    [
        # more than 500 x (1 + 2 x 0.5) = 1000 tell something, in 48 hours
        (2 * EARLIER, EARLIER, 2.0),
        (put(2 * EARLIER, 0, 1000.0), put(EARLIER, 0, 500.0), None),
        (put(2 * EARLIER, 0, 1000.0), EARLIER, None),
        (2 * EARLIER, put(EARLIER, 0, 500.0), None),
        # of 48 hours none may be off by more than 1 + 2 x 0.5
        (put(2 * EARLIER, slice(46, 48), [1096.0, 1098.0]), EARLIER, 2.0),
        (put(2 * EARLIER, slice(46, 48), [1096.5, 1098.5]), EARLIER, None),
        # hours in which one of them stands still say nothing of their ratio, however many they are
        (np.append(2 * EARLIER, np.zeros(60)), np.append(EARLIER, np.full(60, 100.0)), 2.0),
        (np.append(2 * EARLIER, np.full(60, 100.0)), np.append(EARLIER, np.zeros(60)), 2.0),
    ],
)
def test_hours_in_one_ratio_to_their_last_digits(
    later: Array, earlier: Array, ratio: float | None, scale: float
) -> None:
    """The later one is read to 1 kWh, the earlier one to 0.5 kWh, and nothing more is allowed."""
    assert constant(scale * later, scale, scale * earlier, 0.5 * scale, 0.0) == ratio


def test_meters_whose_peaks_are_of_other_size_are_not_compared() -> None:
    """Of 41 meters two have the same tenth and fifth hours; what five of a hundred hours exceed is 2 % apart."""
    rows = np.zeros((41, 100))
    rows[:, 94:], rows[:, 89:94], rows[:, 79:89] = 1000.0, 100 * 1.05 ** np.arange(41)[:, None], 50.0
    rows[40, 89:94] = rows[0, 89:94]
    assert candidates(rows) == candidates(rows[:, ::-1]) == [(0, 40)]
    rows[40, 95:] = 5000.0
    assert candidates(rows) == [(0, 40)]
    rows[40, 94:] = 1020.0
    assert candidates(rows) == []


@pytest.mark.parametrize(
    ("values", "digit"),
    [
        ([12.30000095], 0.1), ([12.30000105], 1e-6), ([0.0005], 1e-4), ([0.1 + 0.2], 0.1),
        ([123_456_789.0 + 0.1 * n for n in range(10)], 0.1), ([100_000.00001], 1e-5),
    ],
)  # fmt: skip
def test_a_millionth_off_is_the_machine_s(values: list[float], digit: float) -> None:
    assert last_digit(np.array(values)) == pytest.approx(digit)


def test_an_hour_without_two_of_its_seconds_is_not_whole() -> None:
    profile = profile_of(np.full(24, 8.0), timeline_of(1), 60)
    covered = np.where(np.arange(24) == 5, 3598 / 3600, 1.0)
    values, _ = hours_of(replace(profile, covered=covered), profile.first, profile.first + 24 * HOUR)
    assert np.flatnonzero(values == 0).tolist() == [5]


# --- days, each in a proportion of its own ------------------------------------------------

EIGHT = np.arange(41.0, 49.0)


def three_days(hours: Any) -> Array:
    return np.tile(np.append(hours, np.zeros(24 - len(hours))), 3)


@scaled
@pytest.mark.parametrize(
    ("later", "earlier", "digit", "said"),
    [
        # more than 20 x (1 + 1) = 40 tell something: of eight hours of a day all
        (EIGHT, EIGHT, 1.0, True),
        (put(EIGHT, 0, 40.0), put(EIGHT, 0, 40.0), 1.0, False),
        (put(EIGHT, 0, 40.0), EIGHT, 1.0, False),
        (EIGHT, put(EIGHT, 0, 40.0), 1.0, False),
        (EIGHT, EIGHT / 2, 0.5, True),  # 20 x (1 + 2 x 0.5)
        # as far from the day's proportion as both last digits, 1 + 1, and no hour farther
        (10 * EIGHT, 10 * EIGHT + [2, -2, 0, 0, 0, 0, 0, 0], 1.0, True),
        (10 * EIGHT, 10 * EIGHT + [2.5, -2.5, 0, 0, 0, 0, 0, 0], 1.0, False),
        (10 * EIGHT, 5 * EIGHT + [1, -1, 0, 0, 0, 0, 0, 0], 0.5, True),
        (10 * EIGHT, 5 * EIGHT + [1.5, -1.5, 0, 0, 0, 0, 0, 0], 0.5, False),
    ],
)
def test_three_days_of_eight_hours_to_their_last_digits(
    later: Array, earlier: Array, digit: float, said: bool, scale: float
) -> None:
    words = near_copy(scale * three_days(later), scale, scale * three_days(earlier), scale * digit)
    assert words == ("3 days are those of the other, each times a factor of its own" if said else "")


# --- a copy under a little noise ------------------------------------------------------------


def noisy(
    days: int, hours: int, noise: float, factor: Any = 2.0, moves: Any = None, beside: tuple[float, float] = (0, 0)
) -> tuple[Array, Array]:
    """Later and earlier days, their hours by twos equal in the earlier one, above and below by the noise in the later.

    So the sums keep the factor, and every hour lies atanh(noise) from its day's ratio. Days move by ``moves``, as
    logarithms; ``beside`` is what both read in all other hours.
    """
    moves = np.linspace(-1, 1, days) if moves is None else moves
    earlier = np.exp(np.broadcast_to(moves, (days,)))[:, None] * (100 + 10 * (np.arange(hours) // 2))
    later = np.reshape(factor, (-1, 1)) * earlier * (1 + noise * (-1.0) ** np.arange(hours))
    return tuple(
        np.hstack([values, np.full((days, 24 - hours), float(rest))]).ravel()
        for values, rest in zip((later, earlier), beside, strict=True)
    )


TURNS = np.tile([1.0, -1.0], 5)


@scaled
@pytest.mark.parametrize(
    ("given", "said"),
    [
        # days of four telling hours, a hundred hours and ten days in all
        (noisy(10, 10, 0.005), 100),
        (noisy(12, 8, 0.005), 0),
        (noisy(25, 4, 0.005), 100),
        (noisy(34, 3, 0.005), 0),
        # 1.4826 x atanh(0.00505) = 0.749 %, of which 0.75 % is too much
        (noisy(10, 24, 0.00505), 240),
        (noisy(10, 24, 0.0051), 0),
        # where both are equal on the whole 3 %: 1.4826 x atanh(0.0202) = 2.995 %
        (noisy(10, 24, 0.0202, 1.0), 240),
        (noisy(10, 24, 0.0203, 1.0), 0),
        # equal within three times what 240 hours leave open, 3 x 2.9656 % / sqrt(240) = 0.574 %
        (noisy(10, 24, 0.02, 1.0057), 240),
        (noisy(10, 24, 0.02, 1.0058), 0),
        (noisy(10, 24, 0.02, 0.9943), 240),
        (noisy(10, 24, 0.02, 0.9942), 0),
        # or within 0.1 %, where 3 x 0.89 % / sqrt(1440) = 0.07 %
        (noisy(60, 24, 0.006, 1.0009), 1440),
        (noisy(60, 24, 0.006, 1.0011), 0),
        # each day has a factor of its own
        (noisy(10, 24, 0.005, np.linspace(1.5, 2.5, 10)), 240),
        # the values move by themselves ten times as much, 10 x atanh(0.005) = 0.05000
        (noisy(10, 24, 0.005, 2.0, 0.0501 * TURNS), 240),
        (noisy(10, 24, 0.005, 2.0, 0.0499 * TURNS), 0),
        # hours in which one of them reads nothing, or less, are left out of the ratio
        (noisy(10, 10, 0.005, beside=(0, 100)), 100),
        (noisy(10, 10, 0.005, beside=(100, 0)), 100),
        (noisy(10, 10, 0.005, beside=(-5, -5)), 100),
    ],
)
def test_a_copy_under_noise(given: tuple[Array, Array], said: int, scale: float) -> None:
    later, earlier = given
    words = near_copy(scale * later, 1e-6 * scale, scale * earlier, 1e-6 * scale)
    assert words.startswith(f"{said} hours follow the other's within") if said else words == ""


def test_the_words_tell_how_near() -> None:
    """2 x 1.4826 x atanh(0.005) = 1.4826 %; one hour of one day is missing."""
    later, earlier = noisy(10, 24, 0.005)
    later[27] = 0.0
    assert 2 * 1.4826 * atanh(0.005) == pytest.approx(0.014826, rel=1e-4)
    words = "239 hours follow the other's within 1.48%, nearer than two plants or loads do"
    assert near_copy(later, 1e-6, earlier, 1e-6) == words
