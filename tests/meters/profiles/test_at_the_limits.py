"""Profiles of spans, runs of one value, and registers that start again: each limit at it and beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from jcm_mrv.meters.advances import Points
from jcm_mrv.meters.meters import ALWAYS_AFTER, ALWAYS_BEFORE, Installation, Meter
from jcm_mrv.meters.profiles.builder import KEPT_PEAKS
from jcm_mrv.meters.profiles.profile import Profile, merged
from jcm_mrv.meters.profiles.spans import Spans, energy_profile, spans_profile
from jcm_mrv.meters.profiles.values import ReadValues
from jcm_mrv.meters.registers import difference
from jcm_mrv.origin import Origin
from jcm_mrv.time.timeline import Timeline
from jcm_mrv.time.zones import DAY, HOUR
from support.values import profile_of, timeline_of

TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 1, 3), "Asia/Ho_Chi_Minh")
FIRST = int(TIMELINE.edges[0])
NOTHING = ReadValues(np.zeros(0, dtype=np.int64), np.zeros(0), lambda n: Origin())


def meter(digits: int | None = None, unit: str = "kWh") -> Meter:
    return Meter("M", (Installation("S", unit, 1.0, digits, ALWAYS_BEFORE, ALWAYS_AFTER),))


def line(n: int) -> Origin:
    return Origin(line=n)


def profile(rows: list[tuple[float, float, float]], kind: str = "energy") -> Profile:
    """Spans from and to so many hours after the start, with their amounts."""
    start, end = (np.array([FIRST + round(row[n] * HOUR) for row in rows], dtype=np.int64) for n in (0, 1))
    amount = np.array([row[2] for row in rows])
    (found,) = spans_profile(
        Spans(meter(), kind, "kWh", start, end, amount, amount, line, lambda: NOTHING), TIMELINE.edges
    )
    return found


def test_spans_are_laid_over_the_hours_of_the_period() -> None:
    """Rates of 10, 20, -2, 10 and 10 kW; what is longer than a day has no hours, and begins in the third day."""
    found = profile([(-1, 1, 20.0), (1, 2.5, 30.0), (2.5, 4, -3.0), (30, 54, 240.0), (54, 79, 250.0)])
    hours = np.zeros(72)
    hours[:4], hours[30:54] = [10.0, 20.0, 9.0, -2.0], 10.0
    assert found.amount == pytest.approx(hours) and found.covered == pytest.approx((hours != 0) * 1.0)
    assert found.day_highest.tolist() == [20.0, 10.0, 10.0]
    assert [one and one.line for one in found.day_where] == [0, 3, 4]
    assert (found.interval, found.negative, found.count) == (2 * HOUR, -3.0, 5)
    assert found.lowest is not None and (found.lowest.rate, found.lowest.where.line) == (-2.0, 2)
    assert [p.rate for p in found.peaks] == [20.0, 10.0, 10.0, 10.0, -2.0]
    assert (found.hourly, found.daily) == (False, True)


def test_days_without_a_beginning_have_no_highest_value() -> None:
    found = profile([(0, 1, 1.0), (60, 61, 5.0)])
    assert found.day_highest.tolist() == [1.0, -np.inf, 5.0] and [w is None for w in found.day_where] == [
        False,
        True,
        False,
    ]
    assert (found.where(0).line, found.where(1).line, found.where(3).line) == (0, 1, 1)
    assert found.instant(1, 2) == FIRST + DAY + 2 * HOUR and found.interval == HOUR and found.hourly
    assert found.negative == 0.0


@pytest.mark.parametrize(("first", "last", "count"), [(-2, 0, 0), (-2, 0.1, 1), (72, 73, 0), (71.9, 73, 1)])
def test_only_what_reaches_into_the_period_counts(first: float, last: float, count: int) -> None:
    start, end = (np.array([FIRST + round(t * HOUR)], dtype=np.int64) for t in (first, last))
    one_unit = np.zeros(1, dtype=np.int64)
    found = energy_profile(
        meter(), (start, end), np.array([3.0]), (["MWh"], one_unit), np.array([2.0]), line, TIMELINE.edges
    )
    assert len(found) == count
    for one in found:
        assert one.peaks[0].rate == pytest.approx(3000 * 2 / (last - first)) and len(one.readings) == 1
    unlike = energy_profile(
        meter(), (start, end), np.array([3.0]), (["m3"], one_unit), np.array([1.0]), line, TIMELINE.edges
    )
    assert unlike == []


@pytest.mark.parametrize(
    ("values", "runs", "zeros"),
    [
        ([5.0, 5.0, 5.0, 1.0], [(0, 3)], []),
        ([5.0, 5.0, 1.0, 1.0], [], []),
        ([1.0, 5.0, 5.0, 5.0], [(1, 3)], []),
        ([5.0, 5.0, 5.0, 5.0], [(0, 4)], []),
        ([0.0, 0.0, 0.0, 5.0], [], [(0, 3)]),
        ([0.0, 0.0, 5.0, 0.0], [], []),
        ([2.0] * 3 + [3.0] * 4, [(3, 4), (0, 3)], []),
    ],
)
def test_equal_values_of_three_hours_are_a_run(values: list[float], runs: list[Any], zeros: list[Any]) -> None:
    rows = [(n, n + 1, value) for n, value in enumerate(values)]
    found = profile([(float(a), float(b), v) for a, b, v in rows])
    for told, said in ((found.runs, runs), (found.zeros, zeros)):
        assert [((r.start - FIRST) // HOUR, r.count) for r in told] == said
        assert all(r.hours == r.count and r.where.line == (r.start - FIRST) // HOUR for r in told)
    register = profile([(float(a), float(b), v) for a, b, v in rows], "register")
    assert register.runs == () and [r.count for r in register.zeros] == [count for _, count in zeros]


def test_a_run_ends_at_a_gap_and_a_long_zero_is_one_by_itself() -> None:
    assert profile([(0, 1, 5.0), (1, 2, 5.0), (2.5, 3.5, 5.0), (3.5, 4.5, 5.0)]).runs == ()
    found = profile([(0, 3, 0.0), (3, 4, 5.0), (4, 6.9, 0.0)])
    assert [r.hours for r in found.zeros] == [3.0]


def test_of_many_values_the_highest_sixteen_are_kept() -> None:
    found = profile([(float(n), float(n + 1), float(n)) for n in range(40)])
    assert [p.rate for p in found.peaks] == [float(n) for n in range(39, 39 - KEPT_PEAKS, -1)]
    long = profile_of(np.arange(20 * 24, dtype=float), timeline_of(20), 60)
    assert [p.rate for p in long.peaks] == [float(n) for n in range(479, 479 - KEPT_PEAKS, -1)]


def test_of_many_days_the_highest_sixteen_values_are_kept() -> None:
    """A value a day, the largest in the middle, and two small ones on the day of the largest."""
    edges = timeline_of(20).edges
    hours = np.array([*range(0, 480, 24), 241, 242])
    amount = np.array([*(10.0 + n if n < 10 else 40.0 - n for n in range(20)), 1.0, 2.0])
    order = np.argsort(hours)
    start = int(edges[0]) + hours[order].astype(np.int64) * HOUR
    spans = Spans(meter(), "energy", "kWh", start, start + HOUR, amount[order], amount[order], line, lambda: NOTHING)
    (found,) = spans_profile(spans, edges)
    assert [p.rate for p in found.peaks] == sorted(amount.tolist(), reverse=True)[:KEPT_PEAKS]


@pytest.mark.parametrize(("missing", "known"), [(2, True), (3, False)])
def test_a_day_is_known_from_nine_tenths_on(missing: int, known: bool) -> None:
    """24 hours less 2.4."""
    power = np.full(48, 10.0)
    power[30 : 30 + missing] = np.nan
    found = profile_of(power, timeline_of(2), 60)
    assert np.isfinite(found.day_amount).tolist() == [True, known]
    assert found.day_amount[0] == 240.0


def test_two_logs_of_one_meter_are_one_profile() -> None:
    one, other = np.full(48, np.nan), np.full(48, np.nan)
    one[:20], other[20:] = 5.0, np.arange(28.0)
    both = merged([profile_of(power, timeline_of(2), 60) for power in (one, other)])
    assert both.amount.tolist() == [*[5.0] * 20, *np.arange(28.0)] and both.covered.sum() == 48
    assert both.day_highest.tolist() == [5.0, 27.0] and both.count == 48
    assert both.lowest is not None and both.lowest.rate == 0.0 and both.peaks[0].rate == 27.0
    assert [r.count for r in both.runs] == [20]


# --- registers that start again at 0 --------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "digits", "advance"),
    [
        # ten times as fast as it ever ran, and no more
        ([9900.0, 9910.0, 10.0], 4, 110.0),
        ([9900.0, 9910.0, 11.0], 4, None),
        # at most half of the register, where nothing else is known
        ([5000.0, 0.0], 4, 5000.0),
        ([4999.0, 0.0], 4, None),
        ([9990.0, 10.0], 4, 20.0),
        ([9990.0, 10.0], None, None),
        ([9990.0, 10.0], 5, None),
        ([9990.0, 9990.0, 10.0], 4, 20.0),
    ],
)
def test_a_register_that_starts_again(values: list[float], digits: int | None, advance: float | None) -> None:
    time = FIRST + np.arange(len(values), dtype=np.int64) * HOUR
    found, findings = difference(Points(meter(digits), time, np.array(values), line))
    assert [f.code for f in findings] == ["readings.decrease" if advance is None else "readings.rollover"]
    if advance is not None:
        assert float(found.amount.sum()) == advance


@pytest.mark.parametrize(
    ("value", "said"), [(9999.9, []), (10_000.0, ["readings.digits"]), (-10_000.0, ["readings.digits"])]
)
def test_a_reading_with_more_digits_than_its_register(value: float, said: list[str]) -> None:
    time = FIRST + np.arange(2, dtype=np.int64) * HOUR
    values = np.array([value - 1, value]) if value > 0 else np.array([value, value + 1])
    codes = [f.code for f in difference(Points(meter(4), time, values, line))[1]]
    assert codes == said
