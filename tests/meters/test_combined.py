"""Products of single readings against a sum that is written out, with readings missing at random."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.meters.combined import Combination, Combined, Intervals, multiplied
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.origin import NOWHERE
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import HOUR

TIMELINE = Timeline.of(date(2025, 1, 31), date(2025, 2, 1), "UTC")
FIRST, CHANGE = TIMELINE.months[0].start, TIMELINE.months[1].start
AMOUNTS = st.lists(st.none() | st.integers(-50, 50), min_size=48, max_size=48)


def intervals(amounts: list[int | None]) -> Intervals:
    hours = np.array([n for n, amount in enumerate(amounts) if amount is not None], dtype=np.int64)
    values = np.array([amount for amount in amounts if amount is not None], dtype=np.float64)
    return Intervals(FIRST + hours * HOUR, FIRST + (hours + 1) * HOUR, values, lambda n: NOWHERE)


def product(first: list[int | None], second: list[int | None]) -> Combined | None:
    wanted = Combination("product", "HW", ("F", "T"), ("t", "K*h"), "K", NOWHERE)
    meters = [Meter(m, (Installation("", "", 1.0, None, ALWAYS_BEFORE, ALWAYS_AFTER),)) for m in "FT"]
    found, faults = multiplied(wanted, (intervals(first), intervals(second)), (meters[0], meters[1]), TIMELINE)
    assert (found is None) == bool(faults)
    return found


@given(AMOUNTS, AMOUNTS, st.integers(1, 47))
def test_a_product_is_the_sum_over_the_hours_that_both_have(
    first: list[int | None], second: list[int | None], cut: int
) -> None:
    both = {n: a * b for n, (a, b) in enumerate(zip(first, second, strict=True)) if a is not None and b is not None}
    found = product(first, second)
    if found is None:
        assert not both
        return
    batch = found.batch(TIMELINE, [FIRST + cut * HOUR])
    sides = [(n < 24, n < cut) for n in both]
    by_side = [sum(v for n, v in both.items() if (n < 24, n < cut) == side) for side in dict.fromkeys(sides)]
    assert batch.value.tolist() == pytest.approx(by_side)
    covered = sum(found.runs.end - found.runs.start) / HOUR
    assert covered == len(both), "an hour that one of them lacks is covered by nothing"
    above, below, least, most = found.limits(FIRST, FIRST + 48 * HOUR)
    low, high = min(above * least, above * most), max(above * least, above * most)
    low, high = low + min(below * least, below * most), high + max(below * least, below * most)
    assert low - 1e-6 <= sum(both.values()) <= high + 1e-6
