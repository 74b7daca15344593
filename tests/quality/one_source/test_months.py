"""Two meters month by month: one ratio, nearer than chance has it; each limit from both sides and exactly on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.quality.one_source.copies import same_days, same_months, same_store
from jcm_mrv.quality.one_source.months import exact_multiple, same_by_chance, steady
from support.limits import made

scaled = pytest.mark.parametrize("scale", [1.0, 2.0**-11])
"""Amounts below one, as of GWh, are amounts."""


# --- months whose ratio is steady ---------------------------------------------------------


@scaled
@pytest.mark.parametrize(
    ("ratios", "near"),
    [
        # within a quarter of the least
        ([4, 4, 4.99], True),
        ([4, 4, 5], False),
        # of eight months and more one is left aside, the highest or the lowest
        ([4] * 7 + [9], True),
        ([4] * 7 + [1], True),
        ([4] * 6 + [9], False),
        ([4] * 6 + [1], False),
        ([4] * 6 + [9, 1], False),
        ([4] * 6 + [9, 0], False),  # seven months and one in which the later one counts nothing
        ([4] * 7 + [9, 0], True),
        ([4] * 6 + [4.99, 9], True),
        ([4] * 6 + [5, 9], False),
        ([5] * 6 + [4.01, 1], True),
        ([5] * 6 + [4, 1], False),
        ([4, 4, 0], True),
    ],
)
def test_months_whose_ratio_is_steady(ratios: Sequence[float], near: bool, scale: float) -> None:
    earlier = scale * 2.0 ** (np.arange(len(ratios)) % 3)
    assert steady(earlier[None], np.array(ratios) * earlier, 0.25) == ([0] if near else [])
    without = np.append(earlier, 0.0)  # a month that only the later one has
    assert steady(without[None], np.append(np.array(ratios) * earlier, scale), 0.25) == ([0] if near else [])


def test_each_row_of_many_months_has_one_aside() -> None:
    later = 4 * 2.0 ** np.arange(9)
    rows = np.array([later / ([4] * 8 + [9]), np.where(np.arange(9) < 3, later / [4, 4, 9, 4, 4, 4, 4, 4, 4], 0.0)])
    assert steady(rows, later, 0.25) == [0]


# --- and nearer than chance -----------------------------------------------------------------

TWENTIETH = 0.025  # 2 x 0.025 / 0.1 = 0.5 of what real meters may differ by


def found(later: Any, earlier: Any, digits: Any, pairs: float = 1.0, varies: float = 0.5) -> float | None:
    """The ratio that is said of one row; ``digits`` are those of either."""
    own, other = np.array(later, dtype=float), np.array([earlier], dtype=float)
    open_ = np.broadcast_to(np.array(digits, dtype=float), own.shape)
    said = same_by_chance(own, other, (open_, np.zeros_like(other)), pairs, np.array([varies]))
    assert said == same_by_chance(own, other, (np.zeros_like(own), open_[None]), pairs, np.array([varies]))
    return said.get(0)


@scaled
@pytest.mark.parametrize(
    ("pairs", "factor", "said"),
    [
        # equal: 2 x 0.025 / 0.1 = 0.5 in each of three months, 1/8; with 0.008 pairs a thousandth
        (0.001 * 8, 1.0, 1.0),
        (0.001 * 8 * (1 + 1e-15), 1.0, None),
        # a multiple: 2 x 0.025 / 0.8 = 1/16 in each, of which one says nothing: 1/256
        (0.001 * 256, 2.0, 2.0),
        (0.001 * 256 * (1 + 1e-15), 2.0, None),
    ],
)
def test_chance_is_a_thousandth(pairs: float, factor: float, said: float | None, scale: float) -> None:
    months = scale * np.array([3.0, 5.0, 7.0])
    varies = 0.8 if factor == 2.0 else 1e-9
    assert found(factor * months, months, TWENTIETH, pairs, varies) == said
    # a month that only one of them has says nothing
    lone = np.array([scale, 0.0])
    one, other = np.append(factor * months, lone), np.append(months, lone[::-1])
    assert found(one, other, TWENTIETH, pairs, varies) == said


@pytest.mark.parametrize(
    ("later", "earlier", "said"),
    [
        # 2.5 and 1.5 times, all together twice: a quarter off, and the half of 0.5 may not be reached in any month
        ([10, 6, 16, 32], [4, 4, 8, 16], None),
        ([12, 4, 16, 32], [4, 4, 8, 16], None),
        ([9.6, 6.4, 16, 32], [4, 4, 8, 16], 2.0),
        # equal but for 4 %, of which 5 % may not be reached
        ([104, 200, 301, 402], [100, 200, 301, 402], 1.0),
        ([96, 200, 301, 402], [100, 200, 301, 402], 1.0),
        ([106, 200, 301, 402], [100, 200, 301, 402], None),
    ],
)
def test_no_month_lies_half_as_far_off_as_real_meters_do(
    later: list[float], earlier: list[float], said: float | None
) -> None:
    assert found(later, earlier, 1e-6, varies=0.5 if max(later) < 100 else 1e-9) == said


def test_months_that_repeat_to_six_digits_count_once() -> None:
    """Of 600 at most 300 and 300.00024 are one month, 0.4 millionths apart, 300 and 300.01 two: 1/16 or 1/256."""
    for more, kinds in ((0.0, 2), (0.00024, 2), (0.01, 3)):
        months = np.array([300.0, 300.0 + more, 600.0])
        limit = 0.001 * 16.0 ** (kinds - 1)
        assert found(2 * months, months, TWENTIETH, limit, 0.8) == 2.0
        assert found(2 * months, months, TWENTIETH, limit * (1 + 1e-15), 0.8) is None
    same = np.full(3, 300.0)
    assert found(2 * same, same, 1e-6, 0.01) is None, "one month over and over shows nothing"


def test_a_month_of_one_digit_says_nothing_and_speaks_against_nothing() -> None:
    """5 may be 4.5 to 5.5: its tenth is as much as equal months may differ by, and counts as one, not as two."""
    months = [3.0, 5.0, 7.0, 9.0]
    assert found(months, months, [TWENTIETH, 0.1, TWENTIETH, TWENTIETH], 0.001 * 8, 1e-9) == 1.0


@scaled
@pytest.mark.parametrize(
    ("count", "at", "by", "said"),
    [(8, 3, 1.5, True), (8, 3, 0.5, True), (8, 0, 1.5, True), (7, 3, 1.5, False)],
)
def test_one_of_eight_months_may_be_any_other(count: int, at: int, by: float, said: bool, scale: float) -> None:
    months = scale * np.array([3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0, 29.0])[:count]
    later = 2 * months
    later[at] *= by
    assert found(later, months, 1e-6) == (2.0 if said else None)
    two = later.copy()
    two[5] *= 3.0
    assert found(two, months, 1e-6) is None


def test_any_of_eight_could_have_been_the_other_one() -> None:
    """Seven months, of which one says nothing: 1/16 each, 16^-6, eight times as likely, and so many pairs."""
    months = np.array([3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0])
    later = 2 * months
    later[3] *= 1.5
    digits = np.where(np.arange(8) == 3, 1.0, TWENTIETH)
    limit = 0.001 * 16.0**6 / 8
    assert found(later, months, digits, limit, 0.8) == 2.0
    assert found(later, months, digits, limit * (1 + 1e-15), 0.8) is None


# --- multiples of few digits -------------------------------------------------------------------


@scaled
@pytest.mark.parametrize(
    ("later", "earlier", "ratio"),
    [
        ([2, 4, 6], [1, 2, 3], 2.0),
        ([2, 5, 7, 6], [1, 2, 4, 3], None),  # two of four months and the sums are
        ([2, 4, 6, 0], [1, 2, 3, 5], None),
        ([2, 4, 6, 5], [1, 2, 3, 0], None),
        ([2, 4, 6, 5], [1, 2, 3, -2.5], None),
        ([2, 4, 6, 8], [1, 2, 3, -6], None),
        ([2, 4, 6], [0, 0, 0], None),
        ([2, 4, 6, -20], [1, 2, 3, 4], None),
        ([2, 4, 6, 0, -1, 0, -1], [1, 2, 3, 0, -9, -9, 0], 2.0),  # what is not above zero in both says nothing
        ([2, 4, 4], [1, 2, 2], None),
        ([2, 4], [1, 2], None),
    ],
)
def test_a_multiple_in_three_different_months(
    later: list[float], earlier: list[float], ratio: float | None, scale: float
) -> None:
    assert exact_multiple(scale * np.array(later), scale * np.array(earlier)) == ratio


def test_months_alike_to_nine_digits_are_one() -> None:
    later = np.array([2.0, 4.0, 4.0 + 3e-10])
    assert exact_multiple(later, later / 2) is None


# --- months and days under another date, stores ---------------------------------------------------

A, B, C, D = 1234.5, 2345.6, 3456.7, 4567.8


@scaled
@pytest.mark.parametrize(
    ("earlier", "later", "said"),
    [
        ([A, B, 0, 0], [0, A, B, 0], [(0, 1, 1, 2)]),
        ([A, 0, 0, 0], [0, A, 0, 0], []),  # a month of nothing is none
        ([-A, B, 0, 0], [0, -A, B, 0], []),
        # three months later by one, and one earlier by one: those that are more
        ([A, B, C, 0, 0, D], [0, A, B, C, D, 0], [(0, 1, 1, 3)]),
        ([0, 0, D, A, B, C], [0, 0, A, B, C, D], [(0, 1, -1, 3)]),
    ],
)
def test_months_under_another_date(earlier: list[float], later: list[float], said: Any, scale: float) -> None:
    rows = scale / 4096 * np.array([earlier, later])
    assert list(same_months(rows, np.full(rows.shape, 1e-5))) == said


def test_a_step_of_next_to_nothing_is_none_whether_up_or_down() -> None:
    """Steps count to four digits: a hundred-thousandth less in the fifth digit is the same day."""
    day = np.append(np.cumsum(5.0 + 0.1 * np.arange(12)), np.full(12, 200.0))
    one = np.concatenate([day + 0.1 * n for n in range(3)])
    other = one.copy()
    other[23::24] -= 1e-5
    assert list(same_days([made(one).profile, made(other).profile])) == [(0, 1, 0, 3)]


def test_days_without_two_seconds_are_not_whole() -> None:
    day = np.cumsum(5.0 + 0.1 * np.arange(24))
    profile = made(np.concatenate([day + 0.1 * n for n in range(3)])).profile
    covered = np.where(np.arange(72) == 30, 3598 / 3600, 1.0)
    assert list(same_days([profile, profile])) == [(0, 1, 0, 3)]
    assert list(same_days([profile, replace(profile, covered=covered)])) == []


@scaled
def test_a_store_of_small_amounts(scale: float) -> None:
    amounts = {"T": scale * np.array([0.5, 0.25]), "M": scale * np.array([0.5, 0.25])}
    assert list(same_store(amounts, {"T"})) == [("M", "T")]
    for name in amounts:  # what but one of them has speaks against it
        more = {one: np.append(values, scale * (0.5 if one == name else 0.0)) for one, values in amounts.items()}
        assert list(same_store(more, {"T"})) == []
