"""Two meters that exchange their sizes, just below each limit, at it and just above it.

The ratio of both, as a logarithm by day, is g before a day and -g from it on; the sizes together stay.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.findings import Finding
from jcm_mrv.quality.values.exchanged import (
    _best_of_each,
    _Change,
    _exchanges,
    _from_week_to_week,
    _logarithm,
    _span,
    exchanged,
)
from jcm_mrv.time.zones import DAY
from support.limits import START, hours, made

LEAST = math.log(1.3)
# A week whose median is 0, and from which the median distance is 1; two weeks likewise.
NOISE = np.array([-1.0, -1.0, -1.0, 0.0, 1.0, 1.0, 1.0])


def days(before: Any, after: Any, size: float = 0.0) -> list[int]:
    """29 days: two weeks before, a day between, two weeks after; ``size`` is what both together gain by it."""
    ratio = np.concatenate((np.broadcast_to(before, 14), [np.ravel(after)[-1]], np.broadcast_to(after, 14)))
    both = np.where(np.arange(29) < 14, 0.0, size)
    return _exchanges((both + ratio) / 2, (both - ratio) / 2)


def weeks(level: float, noise: float = 0.0) -> np.ndarray:
    return level + noise * np.tile(NOISE, 2)


@pytest.mark.parametrize(
    ("before", "after", "size", "found"),
    [
        # a ratio of 1.3 at least
        (LEAST, -LEAST, 0.0, True), (-LEAST, LEAST, 0.0, True), (LEAST - 1e-9, -LEAST + 1e-9, 0.0, False),
        # turned over within a third of it
        (1.5, -1.01, 0.0, True), (1.5, -1.0, 0.0, False), (1.5, -1.99, 0.0, True), (1.5, -2.01, 0.0, False),
        # together no more or less than half of it
        (1.0, -1.0, 0.49, True), (1.0, -1.0, 0.5, False), (1.0, -1.0, -0.49, True), (1.0, -1.0, -0.51, False),
        # five times what a side is known to, 1.48 x 0.4 / sqrt(14) = 0.1582: 0.791; its noise of 0.4 is no turn
        (weeks(0.80, 0.4), weeks(-0.80, 0.4), 0.0, True), (weeks(0.78, 0.4), weeks(-0.78, 0.4), 0.0, False),
        (weeks(0.80, 0.4), -0.80, 0.0, True), (weeks(0.78, 0.4), -0.78, 0.0, False),
        (0.80, weeks(-0.80, 0.4), 0.0, True), (0.78, weeks(-0.78, 0.4), 0.0, False),
        # half of it and twice what it is known to: 0.5 + 0.3164
        (weeks(1.0, 0.4), -1.0, 0.81, True), (weeks(1.0, 0.4), -1.0, 0.82, False),
    ],
)  # fmt: skip
def test_the_size_of_an_exchange(before: Any, after: Any, size: float, found: bool) -> None:
    assert days(before, after, size) == ([14] if found else [])


@pytest.mark.parametrize(("unlike", "found"), [(0, True), (2, True), (3, False)])
@pytest.mark.parametrize("side", [0, 1])
def test_nearly_all_days_of_either_side_agree(unlike: int, found: bool, side: int) -> None:
    """Twelve of fourteen are 0.857, eleven are 0.786, of which 0.85 are asked for."""
    sides = [np.full(14, 1.0), np.full(14, -1.0)]
    sides[side][3 : 3 + unlike] *= -1
    assert days(*sides) == ([14] if found else [])


def changing(level: float, unlike: Sequence[int] = ()) -> list[int]:
    """Ten weeks that are 0.05 above and below their level by turns, exchanged after five.

    From week to week they change by 0.1, that is 0.148 by the median of all: 2.5 times it are 0.37, 3 times 0.444.
    """
    n = np.arange(70)
    ratio = np.where(n < 35, level, -level) + np.where(n // 7 % 2, -0.05, 0.05)
    ratio[list(unlike)] *= -1
    return _exchanges(ratio / 2, -ratio / 2)


def test_an_exchange_is_more_than_what_changes_from_week_to_week() -> None:
    assert [len(changing(level)) for level in (0.36, 0.38, 0.45)] == [0, 1, 1]
    assert all(33 <= day <= 36 for day in changing(0.38))
    # One day that disagrees in every side near the change: the median is 0.05 less, and 3 times is asked for.
    assert [len(changing(level, [28])) for level in (0.46, 0.5)] == [0, 1]


def test_too_short_a_log_shows_nothing() -> None:
    for count in (0, 5, 13, 14, 28):
        ratio = np.where(np.arange(count) < count // 2, 1.0, -1.0)
        assert _exchanges(ratio, -ratio) == []


def test_what_usually_changes_from_week_to_week() -> None:
    """Medians of 1, 3, 4 and 9: they change by 2, 1 and 5, usually by 2; of two changes nothing is said."""
    medians = np.repeat([1.0, 3.0, 4.0, 9.0], 7)
    assert _from_week_to_week(medians) == pytest.approx(1.48 * 2)
    assert _from_week_to_week(np.concatenate((medians, [50.0] * 6))) == pytest.approx(1.48 * 2)
    assert _from_week_to_week(medians[:21]) == math.inf
    medians[8] = math.nan
    assert _from_week_to_week(np.concatenate((medians, np.repeat([4.0, 5.0, 5.0], 7)))) == pytest.approx(1.48 * 3)


def test_neighbouring_days_are_one_change() -> None:
    """10, 12 and 15 are one; 19 is four days on, and another. Around 12 and 15 all days agree, and 15 fits better."""
    changes = [(10, 0.9, 0.1), (12, 1.0, 0.3), (15, 1.0, 0.2), (19, 1.0, 0.5), (22, 1.0, 0.5)]
    assert _best_of_each([_Change(*one) for one in changes]) == [15, 19]
    assert _best_of_each([]) == []


@pytest.mark.parametrize(
    ("found", "begins", "ends"),
    [
        ([40], 38, 60), ([30], 28, 60), ([29], 0, 32), ([10], 0, 13),
        ([20, 40], 18, 43), ([1, 58], 0, 60), ([3, 5, 50], 1, 53),
    ],
)  # fmt: skip
def test_the_side_that_is_more_likely_wrong(found: list[int], begins: int, ends: int) -> None:
    """Of sixty days the shorter side of one change, or from the first to the last; the day is known within two."""
    subject = made(hours(60))
    assert _span(subject, found) == (START + begins * DAY, START + ends * DAY)


def test_of_days_on_which_all_agree_that_counts_around_which_sizes_stay() -> None:
    """Thirty days turn over at the sixteenth, so that either of two days lies between two weeks that all agree.

    Of the sizes together seven days before are 0 and all others 0.2: around the fifteenth they gain 0.1, then nothing.
    """
    ratio, size = np.where(np.arange(30) < 15, 1.0, -1.0), np.where(np.arange(30) < 7, 0.0, 0.2)
    assert _exchanges((size + ratio) / 2, (size - ratio) / 2) == [15]
    assert _exchanges((ratio - size) / 2, (-ratio - size) / 2) == [15]
    assert _exchanges(ratio / 2, -ratio / 2) == [14]


def test_a_day_of_nothing_has_no_logarithm() -> None:
    power = hours(4, 2.0)
    power[24:48], power[48:72], power[50] = 0.0, -1.0, math.nan
    found = _logarithm(made(power))
    assert found[[0, 3]] == pytest.approx(math.log(48)) and np.isnan(found[1:3]).all()
    assert _logarithm(made(hours(1, 0.01))) == pytest.approx(math.log(0.24))


# --- of whole logs ------------------------------------------------------------------------------------


def turning(turns: Sequence[int], count: int = 200, **changed: Any) -> list[Finding]:
    """100 and 200 kW all day, changed at these days: 2,400 and 4,800 kWh."""
    days = np.arange(count)
    turned = sum((days >= turn).astype(int) for turn in turns) % 2 == 1
    subjects = []
    for name, (low, high) in (("M1", (100.0, 200.0)), ("M2", (200.0, 100.0))):
        own = {"meter_id": name, **{key: value for key, value in changed.items() if name == "M2"}}
        subjects.append(made(np.repeat(np.where(turned, high, low), 24), own))
    return list(exchanged(subjects))


def test_a_finding_says_what_was_read_on_both_sides() -> None:
    """The fiftieth day after 1 January is 20 February; from the day before it on all fourteen days agree.

    That day holds both perhaps: the rest of it and two more days are doubted with the fifty.
    """
    (found,) = turning([50])
    assert found.message == "meters M1 and M2 exchange their sizes about 2024-02-19"
    assert found.found == (
        "2400 and 4800 kWh the day before, 4800 and 2400 kWh the day after; from 2024-01-01 to 2024-02-22 they may be "
        "the wrong way round"
    )
    assert found.where.line == 49 * 24 + 2 and found.data == {"changes": 1}
    assert [(q.meter_id, q.start, q.end) for q in found.questionable] == [
        (name, START, START + 52 * DAY) for name in ("M1", "M2")
    ]


@pytest.mark.parametrize(("turns", "count"), [([40, 80], 2), ([40, 80, 120], 3), ([40, 80, 120, 160], None)])
def test_machines_that_take_turns_more_than_three_times_are_none(turns: list[int], count: int | None) -> None:
    assert [f.data["changes"] for f in turning(turns)] == ([] if count is None else [count])


def test_only_columns_of_one_log_in_one_unit_are_compared() -> None:
    peak = made(hours(2)).profile.peaks[0]
    one = {"peaks": (peak,)}
    elsewhere = {"peaks": (replace(peak, where=replace(peak.where, file="other.csv")),)}
    nowhere = {"peaks": (replace(peak, where=replace(peak.where, file="")),)}
    assert len(turning([50], **one)) == 1
    for unlike in (elsewhere, nowhere, {"peaks": ()}, {"kind": "energy"}, {"unit": "MWh"}, {"interval": 2 * DAY}):
        assert turning([50], **unlike) == []
