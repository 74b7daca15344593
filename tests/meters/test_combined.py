"""Products of single readings against a sum that is written out, with readings missing at random."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.meters.combined import Combination, Combined, Intervals, counted, multiplied, single
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.origin import NOWHERE, Origin
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


# --- at the edges of months and of the period, by hand ---------------------------------------------

YEARS = Timeline.of(date(2024, 12, 1), date(2025, 1, 31), "UTC")
BEGIN, TURN, END = (int(edge) for edge in YEARS.edges)
ALWAYS = Meter("M", (Installation("", "", 1.0, None, ALWAYS_BEFORE, ALWAYS_AFTER),))


def read(*rows: tuple[int, int, float], file: str = "f") -> Intervals:
    start, end = (np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1))
    values = np.array([row[2] for row in rows], dtype=np.float64)
    return Intervals(start, end, values, lambda n: Origin(line=n), ((file, "s"),))


def wanted(how: str, **more: Any) -> Combination:
    return Combination(how, "P", ("M", "N")[: 2 if how == "product" else 1], ("t", "K*h"), "K", Origin(line=99), **more)


@pytest.mark.parametrize(
    ("how", "monthly", "values"),
    [
        ("highest", True, [7.0, 9.0]), ("lowest", True, [3.0, 6.0]), ("last", True, [5.0, 6.0]),
        ("highest", False, [7.0, 9.0]), ("last", False, [5.0, 6.0]),
    ],
)  # fmt: skip
def test_a_reading_that_ends_or_begins_with_a_month_is_of_one_month(
    how: str, monthly: bool, values: list[float]
) -> None:
    """Hours of 7, 3 and 5 up to the year's end, of 9 and 6 from there on; 100 before the period and -100 after it."""
    rows = [
        (BEGIN - HOUR, BEGIN, 100.0), (BEGIN, BEGIN + HOUR, 7.0), (TURN - 2 * HOUR, TURN - HOUR, 3.0),
        (TURN - HOUR, TURN, 5.0), (TURN, TURN + HOUR, 9.0), (END - HOUR, END, 6.0), (END, END + HOUR, -100.0),
    ]  # fmt: skip
    found = single(wanted(how, monthly=monthly), read(*rows), ALWAYS, YEARS)
    assert found.intervals.amount.tolist() == values and not found.adds_up
    assert found.seen is not None and found.seen.amount.tolist() == [7.0, 3.0, 5.0, 9.0, 6.0]
    assert [one.factor for one in found.meter.installations] == [1.0]
    assert found.gaps == ((BEGIN + HOUR, TURN - 2 * HOUR), (TURN + HOUR, END - HOUR))
    never = Meter("M", (Installation("", "", 1.0, None, END, ALWAYS_AFTER),))
    assert single(wanted(how), read(*rows), never, YEARS).gaps == ()
    assert found.meter_id == f"P: {how} of M" and found.wanted.unit_of_amounts == "K*pcs"


def test_a_reading_over_the_year_s_end_is_seen_in_both_years() -> None:
    """Two hours at 8, one of them in 2025; what began before the period counts from its beginning on."""
    seen = read((BEGIN - HOUR, BEGIN + HOUR, 6.0), (TURN - HOUR, TURN + HOUR, 16.0))
    found = single(wanted("highest"), seen, ALWAYS, YEARS)
    assert found.intervals.amount.tolist() == [8.0, 8.0]
    assert found.intervals.start.tolist() == [TURN - HOUR, TURN - HOUR]
    first = single(wanted("lowest"), seen, ALWAYS, YEARS)
    assert first.intervals.amount.tolist() == [3.0, 8.0] and first.intervals.start[0] == BEGIN
    assert [first.intervals.where(n).line for n in (0, 1)] == [0, 1]


def test_entries_are_counted_from_the_first_to_the_last_moment_of_the_period() -> None:
    at = (BEGIN - 1, BEGIN, TURN - 1, TURN, TURN, END - 1, END)
    found = counted(wanted("count"), read(*((t, t, 1.0) for t in at)), YEARS)
    batch = found.batch(YEARS)
    assert (batch.value.tolist(), batch.month.tolist(), batch.count.tolist()) == ([2.0, 2.0], [0, 1], [2, 2])
    assert [o.line for o in batch.origins] == [1, 3] and batch.share.tolist() == batch.factor.tolist() == [1.0, 1.0]
    assert math.isnan(batch.lowest) and batch.unit == "1" and found.adds_up
    other = counted(wanted("count"), read((TURN, TURN, 1.0), (TURN, TURN, 2.0)), YEARS)
    assert other.batch(YEARS).value.tolist() == [2.0]  # two values at one moment are two entries


def test_products_are_cut_at_the_year_s_end_and_elsewhere() -> None:
    """4 t in two hours over the year's end at 6 / 2 = 3 K: 6 t*K in each; -0.5 t at 2 K a day later."""
    own = read((TURN - HOUR, TURN + HOUR, 4.0), (TURN + 24 * HOUR, TURN + 25 * HOUR, -0.5), file="flow")
    other = read((TURN - HOUR, TURN + HOUR, 6.0), (TURN + 24 * HOUR, TURN + 25 * HOUR, 2.0), file="heat")
    found, _ = multiplied(wanted("product"), (own, other), (ALWAYS, ALWAYS), YEARS)
    assert found is not None and found.meter_id == "P: M × N" and found.wanted.unit_of_amounts == "t*K"
    batch = found.batch(YEARS)
    assert (batch.value.tolist(), batch.month.tolist(), batch.count.tolist()) == ([6.0, 5.0], [0, 1], [1, 2])
    assert (batch.start.tolist(), batch.end.tolist()) == ([TURN - HOUR, TURN], [TURN, TURN + 25 * HOUR])
    assert batch.share.tolist() == batch.factor.tolist() == [1.0, 1.0] and not batch.opening.any()
    assert (batch.lowest, batch.highest) == (-1.0, 6.0)
    assert batch.source is not None and [*vars(batch.source).values()] == ["P: M × N", "flow; heat", "s; s"]
    cut = found.batch(YEARS, [TURN + HOUR, BEGIN, END, END + HOUR, BEGIN - HOUR])
    assert (cut.value.tolist(), cut.month.tolist()) == ([6.0, 6.0, -1.0], [0, 1, 1])
    assert found.limits(TURN, TURN + 30 * HOUR) == (2.0, -0.5, 2.0, 3.0)
    assert found.limits(TURN + 24 * HOUR, END) == (0.0, -0.5, 2.0, 2.0)
    stood = Meter("N", (Installation("", "", 1.0, None, TURN, END),))
    late, _ = multiplied(wanted("product"), (own, other), (ALWAYS, stood), YEARS)
    assert late is not None and late.meter.place == (TURN, END)
    gone = Meter("N", (Installation("", "", 1.0, None, ALWAYS_BEFORE, TURN),))
    assert multiplied(wanted("product"), (own, other), (gone, stood), YEARS) == (None, [])


@pytest.mark.parametrize(
    ("own", "other", "code"),
    [
        ([(0, 1)], [(1, 2)], "combined.not_together"),
        ([(0, 1), (1, 2)], [(0, 2)], "combined.intervals"),
        ([(0, 2)], [(1, 2)], "combined.intervals"),
        ([(0, 1), (4, 6)], [(0, 1), (2, 3)], ""),
        ([(0, 1), (4, 6)], [(0, 1), (5, 6)], "combined.intervals"),
        ([(-3, -1)], [(-3, -1)], "combined.not_together"),
        ([(0, 1)], [], "combined.not_together"),
    ],
)
def test_what_is_read_at_unlike_intervals_makes_no_product(own: Any, other: Any, code: str) -> None:
    """In hours from the beginning of the period."""
    outside = (END - BEGIN) // HOUR
    both = [
        read(*((BEGIN + a * HOUR, BEGIN + b * HOUR, 1.0) for a, b in rows or [(outside, outside + 1)]))
        for rows in (own, other)
    ]
    found, findings = multiplied(wanted("product"), (both[0], both[1]), (ALWAYS, ALWAYS), YEARS)
    assert [f.code for f in findings] == [code] * bool(code) and (found is None) is bool(code)
    if other == [(0, 2)]:
        assert findings[0].found.startswith("M from 2024-12-01 00:00 to 2024-12-01 01:00")
        assert findings[0].found.endswith("N from 2024-12-01 00:00 to 2024-12-01 02:00")
