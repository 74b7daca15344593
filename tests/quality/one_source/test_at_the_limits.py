"""What makes two meters one source, by hour, by month and by day: each limit just below it, at it and above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from jcm_mrv.meters.profiles.profile import Profile
from jcm_mrv.quality.one_source.copies import same_days, same_months, same_store
from jcm_mrv.quality.one_source.hours import candidates, constant, hours_of, last_digit, near_copy
from jcm_mrv.quality.one_source.months import blur, exact_multiple, same_by_chance, steady
from jcm_mrv.time.zones import HOUR
from support.values import profile_of, timeline_of

Array = np.ndarray


# --- by hour ------------------------------------------------------------------------


def ordered(count: int, *others: tuple[float, float]) -> Array:
    """Hours in ascending order: what 5, 10 and 20 % of them exceed is 1000, 100 x 1.05^n and 50; and some more rows."""
    rows = np.zeros((count, 100))
    rows[:, 94:], rows[:, 89:94], rows[:, 79:89] = 1000.0, 100 * 1.05 ** np.arange(count)[:, None], 50.0
    more = np.zeros((len(others), 100))
    for row, (tenth, fifth) in zip(more, others, strict=True):
        row[94:], row[89:94], row[79:89] = 3000.0, 3 * tenth, 3 * fifth
    return np.concatenate((rows, more))


FIFTH = 100 * 1.05**5


@pytest.mark.parametrize(
    ("tenth", "fifth", "said"),
    [
        (FIFTH * 1.0095, 50.0, [(5, 40)]),
        (FIFTH * 1.0105, 50.0, []),
        (FIFTH / 1.0095, 50.0, [(5, 40)]),
        (FIFTH / 1.0105, 50.0, []),
        (FIFTH, 50.0 * 1.0095, [(5, 40)]),
        (FIFTH, 50.0 * 1.0105, []),
    ],
)
def test_of_many_meters_those_of_one_shape_are_compared(
    tenth: float, fifth: float, said: list[tuple[int, int]]
) -> None:
    assert candidates(ordered(40, (tenth, fifth))) == said


def test_of_forty_meters_all_pairs_are_compared() -> None:
    assert candidates(np.zeros((3, 100))) == [(0, 1), (0, 2), (1, 2)]
    assert len(candidates(ordered(40))) == 40 * 39 / 2


def load(count: int, slope: float = 10.0) -> Array:
    return 1100 + slope * np.arange(count)


def off(values: Array, by: float, count: int) -> Array:
    """The last of the values are off."""
    changed = values.copy()
    changed[len(changed) - count :] += by
    return changed


@pytest.mark.parametrize(
    ("earlier", "later", "ratio"),
    [
        (load(48), load(48), 1.0),
        (load(48), 2.5 * load(48), 2.5),
        (load(47), load(47), None),
        (load(60), load(60)[::-1], 1.0),  # in another order
        # 24 different values
        (np.tile(load(24), 2), np.tile(load(24), 2), 1.0),
        (np.tile(load(23), 3), np.tile(load(23), 3), None),
        # two of a hundred may be off by more than 0.2 % and the last digits of both: of 50 one
        (load(50), off(load(50), 20.0, 1), 1.0),
        (load(50), off(load(50), 20.0, 2), None),
        (load(50), off(load(50), 5.1, 50), 1.0),
        # 1,590 kWh may be off by 3.18 and 2 kWh
        (load(50), off(load(50), 5.1, 2), 1.0),
        (load(50), off(load(50), 5.3, 2), None),
        # a load that hardly moves has no ratio of its own
        (load(100, 0.5), load(100, 0.5), None),
        (load(100, 1.0), load(100, 1.0), 1.0),
        # what is not above zero says nothing
        (np.concatenate((load(48), -load(50))), np.concatenate((load(48), -load(50))), 1.0),
        (np.zeros(60), load(60), None),
        (load(60), np.zeros(60), None),
        # nor what is small beside its last digit: 500 times both
        (load(60) - 100, load(60) - 100, 1.0),
        (load(60) - 250, load(60) - 250, None),
    ],
)
def test_one_is_a_multiple_of_the_other_hour_by_hour(earlier: Array, later: Array, ratio: float | None) -> None:
    found = constant(later, 1.0, earlier, 1.0, 0.002)
    assert found == (None if ratio is None else pytest.approx(ratio, rel=5e-3))


def test_the_last_digits_of_both_count_by_the_ratio() -> None:
    """Ten times the other, which is read to 1 kWh: 11 x 500 kWh of the later have to be exceeded by 48 of them."""
    earlier = 300 + 10 * np.arange(100.0)
    assert constant(10 * earlier, 1.0, earlier, 1.0, 0.002) == pytest.approx(10)
    assert constant(10 * earlier[:72], 1.0, earlier[:72], 1.0, 0.002) is None  # 300 to 550 kWh are not enough


@pytest.mark.parametrize(
    ("values", "digit"),
    [
        ([3.0, 20.0], 1.0),
        ([1.5, 2.0], 0.1),
        ([1.25, 2.0], 0.01),
        ([0.123456], 1e-6),
        ([0.12345678], 1e-6),
        ([0.0], 1.0),
    ],
)
def test_the_last_digit_of_values(values: list[float], digit: float) -> None:
    assert last_digit(np.array(values)) == pytest.approx(digit)


def test_hours_that_are_not_whole_say_nothing_and_quarters_add_up_their_digits() -> None:
    power = np.full(3 * 96, 8.4)
    power[97] = np.nan
    profile = profile_of(power, timeline_of(3))
    first = profile.first
    values, digit = hours_of(profile, first + 24 * HOUR, first + 27 * HOUR)
    assert values.tolist() == pytest.approx([0.0, 8.4, 8.4])
    assert digit == pytest.approx(0.4)
    values, digit = hours_of(replace(profile, interval=HOUR), first - 24 * HOUR, first + 2 * HOUR)
    assert values.tolist() == pytest.approx([8.4, 8.4]) and digit == pytest.approx(0.1)


# --- nearly copied days ------------------------------------------------------------------


def days(count: int, seed: int = 0) -> Array:
    """A load of its own each day, in tenths."""
    rng = np.random.default_rng(seed)
    return np.round(100 + 80 * rng.random((count, 24)), 1)


def other(count: int) -> Array:
    return days(count, 7)


def followed(copied: int, more: int, hours: int = 24) -> tuple[Array, Array]:
    """Days of which each is a multiple of its own of the other's, and days that are not; of each only some hours."""
    earlier = days(copied + more)
    later = np.round(np.concatenate((earlier[:copied] * (1 + 0.1 * np.arange(copied))[:, None], other(more))), 1)
    later[:, hours:] = 0.0
    return later.ravel(), earlier.ravel()


@pytest.mark.parametrize(
    ("copied", "more", "hours", "said"), [(3, 5, 24, True), (2, 5, 24, False), (3, 0, 9, True), (3, 0, 7, False)]
)
def test_three_days_in_a_proportion_of_their_own(copied: int, more: int, hours: int, said: bool) -> None:
    later, earlier = followed(copied, more, hours)
    if hours < 24:
        earlier = earlier.reshape(-1, 24).copy()
        earlier[:, hours:] = 0.0
        earlier = earlier.ravel()
    assert bool(near_copy(later, 0.1, earlier, 0.1)) == said


def test_a_part_of_a_day_at_the_end_is_left_out() -> None:
    later, earlier = followed(3, 0)
    assert near_copy(later[:71], 0.1, earlier[:71], 0.1) == ""
    assert near_copy(np.append(later, 5.0), 0.1, np.append(earlier, 7.0), 0.1)
    assert near_copy(np.zeros(72), 0.1, earlier, 0.1) == ""


def test_a_day_of_few_different_values_says_nothing() -> None:
    day = np.repeat([100.0, 110, 120, 130, 140, 150, 160], [4, 4, 4, 3, 3, 3, 3])
    earlier = np.tile(day, 3)
    later = np.concatenate([day * factor for factor in (1.0, 1.1, 1.2)])
    assert near_copy(later, 0.1, earlier, 0.1) == ""
    eight = np.tile(np.append(day[:-1], 170.0), 3)
    assert near_copy(eight * np.repeat([1.0, 1.1, 1.2], 24), 0.1, eight, 0.1)


@pytest.mark.parametrize(
    ("count", "factor", "noise", "said"),
    [
        (20, 2.0, 0.005, True),
        (20, 2.0, 0.0095, False),
        # whose sums are equal may differ by 3 %
        (20, 1.0, 0.02, True),
        (20, 1.0, 0.04, False),
        (10, 2.0, 0.005, True),
        (9, 2.0, 0.005, False),
    ],
)
def test_a_copy_with_noise_follows_the_other(count: int, factor: float, noise: float, said: bool) -> None:
    rng = np.random.default_rng(3)
    earlier = days(count).ravel() * np.exp(rng.normal(0, 0.4, count * 24))
    later = factor * earlier * np.exp(rng.normal(0, noise, len(earlier)))
    assert bool(near_copy(later, 1e-6, earlier, 1e-6)) == said


def test_two_loads_that_run_alike_every_day_do_not_follow_each_other() -> None:
    """Each hour of the day has its load, with little of its own."""
    rng = np.random.default_rng(3)
    shape = np.tile(np.linspace(50, 150, 24), 20)
    earlier, later = (shape * np.exp(rng.normal(0, 0.003, len(shape))) for _ in range(2))
    assert near_copy(2 * later, 1e-6, earlier, 1e-6) == ""


# --- by month -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "rows"),
    [
        ([[1.0, 2.0, 4.0]], [0]),
        ([[1.0, 2.0, 4.0 / 1.0099]], [0]),
        ([[1.0, 2.0, 4.0 / 1.011]], []),
        ([[0.0, 2.0, 4.0]], [0]),
        ([[0.0, 0.0, 0.0]], []),
        ([[1.0, 3.0, 4.0], [10.0, 20.0, 40.0]], [1]),
    ],
)
def test_months_in_one_ratio(earlier: list[list[float]], rows: list[int]) -> None:
    assert steady(np.array(earlier), np.array([5.0, 10.0, 20.0])) == rows


MONTHS = np.array([1234.5, 2345.6, 3456.7])


@pytest.mark.parametrize(
    ("later", "earlier", "pairs", "varies", "ratio"),
    [
        # half of the last digit is 4.05e-5, 2.13e-5 and 1.45e-5: in tenths 8.1e-4 x 4.26e-4 x 2.89e-4 = 1e-10
        (MONTHS, MONTHS, 1.0, 0.01, 1.0),
        (MONTHS, MONTHS, 9e6, 0.01, 1.0),
        (MONTHS, MONTHS, 1.1e7, 0.01, None),
        # of a multiple the least says nothing: 8.1e-3 x 4.26e-3 = 3.45e-5
        (3 * MONTHS, MONTHS, 28.0, 0.01, 3.0),
        (3 * MONTHS, MONTHS, 30.0, 0.01, None),
        (3 * MONTHS, MONTHS, 1.0, 0.001, None),
        # few digits say little
        (np.array([12.0, 23.0, 34.0]), np.array([12.0, 23.0, 34.0]), 1.0, 0.01, None),
        # two equal months count once: 8.1e-4 x 8.1e-4 = 6.6e-7
        (np.array([1234.5, 1234.5, 3456.7]), np.array([1234.5, 1234.5, 3456.7]), 1500.0, 0.01, 1.0),
        (np.array([1234.5, 1234.5, 3456.7]), np.array([1234.5, 1234.5, 3456.7]), 1600.0, 0.01, None),
        # a month that only one of them has says nothing
        (np.append(MONTHS, 0.0), np.append(MONTHS, 77.7), 1.0, 0.01, 1.0),
        # one month that is off by more than a twentieth is no equal
        (MONTHS * [1.0, 1.0, 1.06], MONTHS, 1.0, 0.01, None),
        # one month alone is none
        (np.array([1234.5678]), 2 * np.array([1234.5678]), 1.0, 0.01, None),
    ],
)
def test_months_are_equal_or_a_multiple_nearer_than_chance(
    later: Array, earlier: Array, pairs: float, varies: float, ratio: float | None
) -> None:
    rows = np.array([earlier])
    digits = blur(later), np.array([blur(row) for row in rows])
    found = same_by_chance(later, rows, digits, pairs, np.array([varies]))
    assert found == ({} if ratio is None else {0: pytest.approx(ratio)})


@pytest.mark.parametrize(
    ("value", "half"), [(1234.0, 0.5 / 1234), (1200.0, 0.5 / 12), (0.00125, 0.5 / 125), (0.0, 0.5), (-7.5, 0.5 / 75)]
)
def test_half_a_digit_as_a_share(value: float, half: float) -> None:
    assert blur(np.array([value])).tolist() == [pytest.approx(half)]


@pytest.mark.parametrize(
    ("later", "earlier", "ratio"),
    [
        ([2.0, 4.0, 6.0], [1.0, 2.0, 3.0], 2.0),
        ([2.0, 4.0, 6.0 * (1 + 5e-10)], [1.0, 2.0, 3.0], 2.0),
        ([2.0, 4.0, 6.0 * (1 + 5e-9)], [1.0, 2.0, 3.0], None),
        ([2.0, 4.0, 4.0], [1.0, 2.0, 2.0], None),  # two different months
        ([2.0, 4.0, 6.0, 0.0], [1.0, 2.0, 3.0, 5.0], None),  # one has a month more
        ([2.0, 4.0, 6.0, 5.0], [1.0, 2.0, 3.0, 0.0], None),
        ([2.0, 4.0, 6.0, 0.0], [1.0, 2.0, 3.0, 0.0], 2.0),
    ],
)
def test_a_multiple_to_the_last_digit(later: list[float], earlier: list[float], ratio: float | None) -> None:
    found = exact_multiple(np.array(later), np.array(earlier))
    assert found == (None if ratio is None else pytest.approx(ratio))


# --- copies under another date or store --------------------------------------------------------


def profile(values: Array) -> Profile:
    hours = values.ravel()
    return profile_of(hours, timeline_of(len(hours) // 24), 60)


def telling(count: int, changes: int = 12, size: float = 5.0) -> Array:
    """Days of tenths that move in so many steps of different size, of at least twenty last digits."""
    found = np.full((count, 24), 100.0)
    for day in found:
        for n in range(changes):
            day[1 + n :] += (-1) ** n * (size + 0.1 * n)
    return found + 37.0 * np.arange(count)[:, None] + 0.1


@pytest.mark.parametrize(
    ("copied", "moved", "said"),
    [(3, 0, [(0, 1, 0, 3)]), (3, 4, [(0, 1, 4, 3)]), (2, 4, []), (5, 2, [(0, 1, 2, 5)])],
)
def test_days_that_stand_again_under_another_date(copied: int, moved: int, said: list[tuple[int, ...]]) -> None:
    rng = np.random.default_rng(5)
    one, two = (np.round(rng.uniform(0, 500, (10, 24)), 1) for _ in range(2))
    two[moved : moved + copied] = one[:copied] + 5.0  # a constant on top is still a copy
    assert list(same_days([profile(one), profile(two)])) == said
    if said:
        back = [(0, 1, -moved, copied)]
        assert list(same_days([profile(two), profile(one)])) == back
        assert list(same_days([profile(one)])) == []


@pytest.mark.parametrize(
    ("changes", "size", "said"),
    [(8, 2.0, True), (7, 2.0, False), (8, 1.9, False)],
)
def test_days_tell_by_eight_steps_of_twenty_last_digits(changes: int, size: float, said: bool) -> None:
    """The steps are 2.0, 2.1 ... 2.7 in tenths."""
    days_ = telling(3, changes, size)
    found = list(same_days([profile(days_), profile(days_ + 0.1)]))
    assert bool(found) == said


def test_a_day_with_an_hour_missing_is_no_copy() -> None:
    days_ = telling(3)
    holed = days_.copy()
    holed[1, 5] = np.nan
    assert list(same_days([profile(days_), profile(holed)])) == []


A, B, C, D, E = 1234.5, 2345.6, 3456.7, 4567.8, 5678.9


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ([0.0, A, B, 0.0], [(0, 1, 1, 2)]),
        ([0.0, 0.0, A, B], [(0, 1, 2, 2)]),
        ([B, C, 0.0, 0.0], [(0, 1, -1, 2)]),
        ([A, B, C, D], []),  # in the same months it is no moved copy
        ([0.0, A, 0.0, 0.0], []),  # one month is none
        ([0.0, A, B, C], [(0, 1, 1, 3)]),
        ([0.0, A, B, 8.8], []),  # two of three are too few
        ([0.0, A * (1 + 2e-9), B, 0.0], []),  # to the tenth digit
    ],
)
def test_months_that_stand_again_later_or_earlier(later: Sequence[float], said: list[tuple[int, ...]]) -> None:
    amounts = np.array([[A, B, C, D], later])
    assert list(same_months(amounts, np.full(amounts.shape, 1e-5))) == said


@pytest.mark.parametrize(("blurred", "count"), [(0.000499, 1), (0.0005, 0)])
def test_months_tell_by_their_digits(blurred: float, count: int) -> None:
    amounts = np.array([[A, B, 0.0, 0.0], [0.0, 0.0, A, B]])
    assert len(list(same_months(amounts, np.full(amounts.shape, blurred)))) == count


@pytest.mark.parametrize(("same", "count"), [(4, 1), (3, 0)])
def test_four_of_five_months_have_to_be_copied(same: int, count: int) -> None:
    """Both have five months beside each other after the shift."""
    earlier = np.array([A, B, C, D, E, 0.0])
    later = np.concatenate(([0.0], earlier[:5]))
    later[1 + same :] += 100.3
    amounts = np.array([earlier, later])
    assert len(list(same_months(amounts, np.full(amounts.shape, 1e-5)))) == count


@pytest.mark.parametrize(
    ("meter", "store", "stores", "said"),
    [
        ([100.0, 200.0], [98.0, 204.0], {"S"}, [("S", "M")]),
        ([100.0, 200.0], [97.9, 200.0], {"S"}, []),
        ([100.0, 200.0], [100.0, 204.1], {"S"}, []),
        ([100.0, 200.0], [100.0, 200.0], set(), []),
        ([100.0, 200.0], [100.0, 200.0], {"S", "M"}, []),
        ([100.0, 0.0], [100.0, 0.0], {"S"}, []),  # one month says little
        ([100.0, 0.0], [100.0, 5.0], {"S"}, []),
        ([100.0, 200.0, 0.0], [100.0, 200.0, 0.0], {"M"}, [("S", "M")]),
    ],
)
def test_a_store_and_the_meter_behind_it_are_one(
    meter: list[float], store: list[float], stores: set[str], said: list[tuple[str, str]]
) -> None:
    assert list(same_store({"M": np.array(meter), "S": np.array(store)}, stores)) == said
