"""Days and months of one meter that stand in another one's row, moved: how many make a copy; one store twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.quality.one_source.copies import _common, _days, lifted_months, same_days, same_months, same_store
from jcm_mrv.quality.one_source.hours import last_digit
from support.limits import made

YEAR = np.array([1012.3, 1193.7, 1288.1, 1344.9, 1457.3, 1512.7, 1601.9, 1533.1, 1421.3, 1307.7, 1185.9, 1071.1])


@pytest.mark.parametrize(("copied", "count"), [(8, []), (9, [(0, 1, 1, 9)])])
def test_most_of_the_months_have_to_be_the_same(copied: int, count: list[tuple[int, int, int, int]]) -> None:
    """Moved by one month two rows of 12 have 11 months in common, of which 0.8 are 8.8."""
    other = YEAR + 0.5
    other[1 : copied + 1] = YEAR[:copied]
    rows = np.array([YEAR, other])
    assert list(same_months(rows, np.full(rows.shape, 1e-5))) == count


def test_of_a_few_months_two_at_least() -> None:
    """Two rows of two months have one in common when moved by one: that may be chance."""
    rows = np.array([[1012.3, 1193.7], [977.7, 1012.3]])
    assert list(same_months(rows, np.full(rows.shape, 1e-5))) == []


@pytest.mark.parametrize(
    ("earlier", "later", "shift", "said"),
    [
        ([1, 2, 3, 4], [0, 1, 2, 3], 1, 3), ([1, 2, 3, 4], [2, 3, 4, 0], -1, 3), ([1, 2, 3], [1, 2, 3], 0, 3),
        ([1, 0, 3, 4], [0, 1, 2, 3], 1, 2), ([1, 2, 3, 4], [9, 1, 0, 3], 1, 2), ([1, 2], [1, 2], 2, 0),
    ],
)  # fmt: skip
def test_the_months_that_two_rows_have_in_common(earlier: Any, later: Any, shift: int, said: int) -> None:
    assert _common(np.array(earlier, dtype=float), np.array(later, dtype=float), shift) == said


def test_a_copy_to_earlier_months_and_one_of_three_rows() -> None:
    moved = np.append(YEAR[2:], [1.1, 2.2])
    rows = np.array([YEAR, YEAR + 0.5, moved])
    assert list(same_months(rows, np.full(rows.shape, 1e-5))) == [(0, 2, -2, 10)]


@pytest.mark.parametrize(("blur", "count"), [(4.9e-4, 1), (5.1e-4, 0)])
def test_an_amount_of_few_digits_tells_nothing(blur: float, count: int) -> None:
    """12.3 may be 12.25 to 12.35: two of them are equal by chance."""
    rows = np.array([YEAR, np.roll(YEAR, 1)])
    rows[1, 0] = 7.7
    assert len(list(same_months(rows, np.full(rows.shape, blur)))) == count


def test_the_same_amount_twice_in_a_row_counts_once_and_nothing_counts_nothing() -> None:
    """Of 4 months in common, moved by one, all have to be told apart: 100 four times is one amount."""
    same = np.array([[100.0, 100.0, 100.0, 100.0, 0.0], [0.0, 100.0, 100.0, 100.0, 100.0]])
    assert list(same_months(same, np.full(same.shape, 1e-5))) == []
    nothing = np.zeros((2, 5))
    assert list(same_months(nothing, np.full(nothing.shape, 1e-5))) == []
    # the same months are not moved: another rule compares them
    still = np.array([YEAR, YEAR])
    assert list(same_months(still, np.full(still.shape, 1e-5))) == []


# --- days ------------------------------------------------------------------------------------------


def profile(days: Any, unit: str = "kWh") -> Profile:
    return replace(made(np.ravel(days)).profile, unit=unit)


def day(seed: int, steps: int = 23, size: float = 2.0) -> np.ndarray:
    """A day of 24 values in whole tenths, of which the first steps differ from one another; then it stays."""
    moves = np.zeros(24)
    moves[1 : 1 + steps] = size + 0.1 * (np.arange(steps) + 3 * seed)
    return np.round(50 + np.cumsum(moves), 1)


@pytest.mark.parametrize(
    ("values", "digit"),
    [([12.0, 3.0], 1.0), ([12.3, 3.0], 0.1), ([12.34], 0.01), ([0.001], 0.001), ([0.0001], 1e-4), ([1.23456], 1e-4),
     ([], 1.0)],
)  # fmt: skip
def test_the_last_digit_of_steps(values: list[float], digit: float) -> None:
    assert last_digit(np.array(values), 4) == pytest.approx(digit)


@pytest.mark.parametrize(("steps", "size", "count"), [(8, 2.0, 1), (7, 2.0, 0), (12, 1.0, 0)])
def test_a_day_tells_by_eight_different_steps_of_twenty_digits(steps: int, size: float, count: int) -> None:
    """Of tenths 2.0 is twenty: eight steps from 2.0 to 2.7 tell; 1.0 to 2.1 holds but two such."""
    assert len(list(_days(profile(day(0, steps, size))))) == count


def test_steps_that_are_alike_tell_nothing_and_a_day_has_to_be_whole() -> None:
    alike = np.round(50 + 2.5 * np.arange(24) + 0.1, 1)
    assert list(_days(profile(alike))) == []
    hole = day(0)
    hole[5] = np.nan
    assert [at for at, _ in _days(profile([hole, day(1)]))] == [1]


@pytest.mark.parametrize(("count", "said"), [(2, []), (3, [(0, 1, 5, 3)])])
def test_three_days_are_a_copy(count: int, said: list[Any]) -> None:
    """Days 0, 1, 2 of the one stand in the other's row five days later, 7.5 kW higher; else they differ."""
    one = [day(n) for n in range(10)]
    other = [day(20 + n) for n in range(10)]
    other[5 : 5 + count] = [values + 7.5 for values in one[:count]]
    assert list(same_days([profile(one), profile(other)])) == said
    assert list(same_days([profile(one + one)])) == [], "within a meter a day may come back"


def test_the_shift_of_most_days_counts() -> None:
    one, other = [day(n) for n in range(10)], [day(20 + n) for n in range(10)]
    other[0], other[5:9] = one[9], one[0:4]
    assert list(same_days([profile(one), profile(other)])) == [(0, 1, 5, 4)]


# --- stores -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ledger", "meter", "said"),
    [
        ([100.0, 200.0], [98.0, 200.0], True),
        ([100.0, 200.0], [97.9, 200.0], False),
        ([98.0, 200.0], [100.0, 196.0], True),
        ([100.0, 0.0], [100.0, 0.0], False),  # one month alone
        ([100.0, 0.0, 50.0], [100.0, 0.0, 50.0], True),
        ([100.0, 0.0, 50.0], [100.0, 1.0, 50.0], False),
    ],
)
def test_a_store_and_a_meter_of_the_same_fuel(ledger: list[float], meter: list[float], said: bool) -> None:
    """Within a fiftieth of the larger in every month in which either has something, of two months at least."""
    given = {"T": np.array(ledger), "M": np.array(meter)}
    assert list(same_store(given, {"T"})) == ([("M", "T")] if said else [])
    assert list(same_store(given, {"M"})) == ([("M", "T")] if said else [])
    assert list(same_store(given, set())) == list(same_store(given, {"T", "M"})) == []


@pytest.mark.parametrize(
    ("months", "changed", "said"),
    [
        # Five months or more, of eight or more one beside; the 500 on top may be less than nothing.
        (12, {}, [(0, 1, 500.0, 12)]), (5, {}, [(0, 1, 500.0, 5)]), (4, {}, []), (7, {3: 0.1}, []),
        (8, {3: 0.1}, [(0, 1, 500.0, 7)]), (8, {3: 0.1, 5: 0.1}, []), (6, {3: -1e6}, [(0, 1, 500.0, 5)]),
    ],
)  # fmt: skip
def test_months_that_are_another_meters_and_a_constant(months: int, changed: dict[int, float], said: Any) -> None:
    later = YEAR[:months] + 500.0
    for month, more in changed.items():
        later[month] = max(later[month] + more, 0.0)  # of a month in which one counted nothing nothing is told
    rows = np.array([YEAR[:months], later])
    assert [(a, b, pytest.approx(by), n) for a, b, by, n in lifted_months(rows, np.full(rows.shape, 1e-5))] == said
    turned = [(0, 1, -by, n) for _, _, by, n in said]
    found = list(lifted_months(rows[::-1], np.full(rows.shape, 1e-5)))
    assert [(a, b, pytest.approx(by), n) for a, b, by, n in found] == turned


def test_a_constant_tells_nothing_of_few_digits_of_equal_months_and_of_equal_meters() -> None:
    rows = np.array([YEAR, YEAR + 500.0])
    assert len(list(lifted_months(rows, np.full(rows.shape, 4.9e-4)))) == 1
    assert list(lifted_months(rows, np.full(rows.shape, 5.1e-4))) == []
    assert list(lifted_months(np.array([YEAR, YEAR]), np.full(rows.shape, 1e-5))) == [], "points.one_curve says so"
    level = np.array([[1012.3] * 12, [1512.3] * 12])
    assert list(lifted_months(level, np.full(level.shape, 1e-5))) == [], "two constants differ by a constant"
    four = np.tile(YEAR[:4], 3)
    assert list(lifted_months(np.array([four, four + 500.0]), np.full(rows.shape, 1e-5))) == []
