"""What may have flowed in a gap, by how fast a meter counts: months, readings and hours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from jcm_mrv.meters.combined import Intervals
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.origin import Origin
from jcm_mrv.quality.settings import Settings
from jcm_mrv.quality.treatment.direction import _halving
from jcm_mrv.quality.treatment.edges import _limited
from jcm_mrv.quality.treatment.rates import Rates, _rates
from jcm_mrv.quality.treatment.sampling import Samples, without_copies
from jcm_mrv.quality.treatment.single_readings import SingleReadings
from jcm_mrv.time.zones import HOUR, Span

FORWARD = Rates(2.0, (1.0, 3.0), (0.5, 5.0))
BACKWARD = Rates(2.0, (-1.0, 3.0), (-2.0, 5.0))
STOPPED = Rates(-2.0, (-3.0, -1.0), (-5.0, -0.5))
MEAN = Rates(20.0, (15.0, 25.0), (12.0, 30.0), is_mean=True)


@pytest.mark.parametrize(
    ("rates", "short", "long", "bounds"),
    [
        (FORWARD, 2.0, [], (0.0, 10.0)),
        (FORWARD, 0.0, [10.0], (0.0, 30.0)),
        (FORWARD, 2.0, [10.0, 4.0], (0.0, 10.0 + 30.0 + 12.0)),
        (BACKWARD, 2.0, [], (-4.0, 10.0)),
        (BACKWARD, 2.0, [10.0, 4.0], (-4.0 - 10.0 - 4.0, 52.0)),
        (STOPPED, 2.0, [10.0], (-10.0 - 30.0, 0.0)),
        # of a temperature nothing is no least value, and any value that was read may be that of a long gap
        (MEAN, 2.0, [10.0, 4.0], (12.0 * 16, 30.0 * 16)),
    ],
)
def test_bounds_of_gaps(rates: Rates, short: float, long: list[float], bounds: tuple[float, float]) -> None:
    assert rates.bounds(short, long) == pytest.approx(bounds)


@pytest.mark.parametrize(("hours", "most"), [(23.99, 5.0), (24.0, 3.0)])
def test_a_gap_is_long_from_the_limit_on(hours: float, most: float) -> None:
    spans = [(0, round(hours * HOUR)), (10**12, 10**12 + HOUR)]
    assert FORWARD.of_spans(spans, 24.0) == pytest.approx((0.0, most * hours + 5.0))


HOURLY = np.array([1.0, 2.0, 9.0, 4.0, 1.0, 1.0, 8.0, 1.0])


def hourly(*shares: float, months: tuple[float, float] = (2.0, 3.0)) -> Rates:
    share = np.array(shares or [1.0] * 8)
    return Rates(2.0, months, (0.0, 9.0), (HOURLY * share, share))


@pytest.mark.parametrize(
    ("hours", "least", "most"),
    [
        (1.0, 1.0, 9.0),
        (0.3, 1.0, 9.0),
        (2.0, 1.0, 6.5),  # 1 + 1, and 9 + 4
        (1.6, 1.0, 6.5),
        (2.4, 1.0, 6.5),
        (3.0, 2.0, 5.0),  # 2 and 3 by month; 2 + 9 + 4
        (8.0, 2.0, 27 / 8),
        (99.0, 2.0, 27 / 8),
    ],
)
def test_rates_of_spans_of_a_length(hours: float, least: float, most: float) -> None:
    assert hourly().of_length(hours) == pytest.approx((least, most))


def test_only_spans_that_were_measured_throughout_tell_a_rate() -> None:
    assert hourly(1, 1, 0, 1, 1, 1, 1, 1).of_length(2.0) == pytest.approx((1.0, 4.5))
    assert hourly(1, 0, 1, 0, 1, 0, 1, 0).of_length(2.0) == (2.0, 3.0)
    assert FORWARD.of_length(5.0) == (1.0, 3.0)
    assert hourly(months=(-1.0, 30.0)).of_length(2.0) == (-1.0, 30.0)


def days(count: int, backward: int, unmeasured: int = 0) -> tuple[np.ndarray, np.ndarray]:
    amounts, shares = np.ones((count, 24)), np.ones((count, 24))
    amounts[:backward, 5] = -7.0
    amounts[count - unmeasured :], shares[count - unmeasured :] = 0.0, 0.0
    return amounts.ravel(), shares.ravel()


@pytest.mark.parametrize(
    ("count", "backward", "unmeasured", "lowest"),
    [
        (20, 3, 0, 0.0),
        (20, 4, 0, -7.0),  # more than three days
        (15, 3, 0, 0.0),
        (14, 3, 0, -7.0),  # more than a fifth
        (20, 3, 5, 0.0),
        (20, 3, 6, -7.0),
    ],
)
def test_a_value_below_zero_on_a_few_days_is_no_rate_of_a_gap(
    count: int, backward: int, unmeasured: int, lowest: float
) -> None:
    amounts, hours = np.array([100.0, 300.0]), np.array([100.0, 100.0])
    found = _rates(amounts, hours, np.array([-7.0, 9.0]), days(count, backward, unmeasured), is_mean=False)
    assert found.readings == (lowest, 9.0)
    assert (found.mean, found.months) == (2.0, (1.0, 3.0))


def test_rates_of_readings_and_months_count_alike() -> None:
    few = _rates(np.array([100.0, -300.0]), np.array([100.0, 100.0]), np.array([-7.0]), days(20, 1), is_mean=False)
    assert few.readings == (-3.0, 1.0)
    mean = _rates(np.array([100.0, 300.0]), np.array([100.0, 100.0]), np.array([-7.0]), days(20, 1), is_mean=True)
    assert mean.readings == (-7.0, 3.0)
    assert _rates(np.array([100.0]), np.array([50.0]), np.array([-7.0]), None, is_mean=False).readings == (-7.0, 2.0)


# --- the rate of the other steps of a curve ----------------------------------------------------------


def curve(amounts: Sequence[float], rate: float = math.inf, *, both_ways: bool = False, gap: int = -1) -> Curve:
    """Steps of ten each; one of them may be a gap."""
    kept = [n for n in range(len(amounts)) if n != gap]
    start = np.array([10 * n for n in kept], dtype=np.int64)
    amount = np.array([amounts[n] for n in kept])
    return Curve.of_spans(start, start + 10, amount, rate=rate, both_ways=both_ways)


@pytest.mark.parametrize(
    ("found", "step", "rate"),
    [
        (curve([20.0, 50.0, 30.0]), 0, 5.0),
        (curve([20.0, 50.0, 30.0]), 1, 5.0),  # its own rate was seen
        (curve([20.0, -50.0, 30.0], both_ways=True), 0, 5.0),
        (curve([20.0, 50.0, 30.0], 9.0), 0, 9.0),
        (curve([20.0]), 0, math.inf),
        (curve([20.0, 0.0, 30.0], gap=1), 0, 3.0),
    ],
)
def test_without_a_stated_rate_the_highest_of_the_other_steps_limits(found: Curve, step: int, rate: float) -> None:
    limited = _limited(found, step)
    assert limited.rate == rate and limited.missing[step] == 0
    assert (limited.missing != 0).sum() == (found.missing != 0).sum()


def test_of_one_step_alone_nothing_is_known_but_that_it_did_not_run_back() -> None:
    assert not _limited(curve([20.0], both_ways=True), 0).both_ways
    assert _limited(curve([20.0, 5.0], both_ways=True), 0).both_ways


@pytest.mark.parametrize("lowest", [0.0, 0.31, 5.0])
def test_a_valley_is_found(lowest: float) -> None:
    assert _halving(lambda x: abs(x - lowest), 0.0, 5.0) == pytest.approx(lowest, abs=1e-6)


# --- samples ----------------------------------------------------------------------------------------------


def test_half_of_the_confidence_interval() -> None:
    """2, 4 and 9: mean 5, s = sqrt(13); t of 2 degrees of freedom at 95 % is 4.302653, at 90 % 2.919986."""
    for confidence, t in ((95.0, 4.302653), (90.0, 2.919986)):
        found = Samples.of(np.array([2.0, 4.0, 9.0]), confidence)
        assert found.half == pytest.approx(t * math.sqrt(13 / 3), rel=1e-6)
        assert (found.count, found.mean, found.drawn) == (3, 5.0, 3)
        assert found.share == pytest.approx(100 * found.half / 5)
    assert Samples(2, -5.0, 1.0, 2).share == 20.0
    assert Samples(2, 0.0, 1.0, 2).share == math.inf and Samples(2, 0.0, 0.0, 2).share == 0.0


@pytest.mark.parametrize(
    ("values", "taken", "drawn"),
    [
        ([1.0, 2.0, 3.0], [1, 2, 3], [1.0, 2.0, 3.0]),
        ([1.0, 1.0, 3.0], [1, 1, 3], [1.0, 3.0]),  # twice at one instant
        ([1.0, 1.0, 3.0], [1, 2, 3], [1.0, 1.0, 3.0]),
        ([1.0, 2.0, 1.0, 2.0], [1, 2, 3, 4], [1.0, 2.0]),  # each stands twice
        ([1.0, 2.0, 1.0, 2.0, 3.0], [1, 2, 3, 4, 5], [1.0, 2.0, 1.0, 2.0, 3.0]),
        ([1.0, 1.0], [1, 2], [1.0, 1.0]),  # samples that do not differ at all
    ],
)
def test_copies_of_samples_add_nothing(values: list[float], taken: list[int], drawn: list[float]) -> None:
    found = without_copies(np.array(values), np.array(taken, dtype=np.int64))
    assert found.tolist() == drawn


# --- single readings ------------------------------------------------------------------------------------------


def seen(*rows: tuple[int, int, float]) -> Intervals:
    start, end = (np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1))
    return Intervals(start, end, np.array([row[2] for row in rows]), lambda n: Origin(line=n))


READ = seen((0, 2, 4.0), (2, 4, 9.0), (6, 8, 2.0), (20, 22, 30.0), (22, 24, 1.0))
GAPS = ((4, 6), (8, 10))


@pytest.mark.parametrize(
    ("how", "value", "running", "doubtful", "low", "high", "spans"),
    [
        # the last: only what is open at the end may hold another one
        ("last", 2.0, (0, 10), [], -1.0, 28.0, ((8, 10),)),
        ("last", 2.0, (0, 8), [], 0.0, 0.0, ()),
        ("last", 2.0, (0, 8), [(7, 8)], -1.0, 28.0, ((7, 8),)),
        ("last", 30.0, (0, 10), [], -29.0, 0.0, ((8, 10),)),
        # the highest: not below what was seen, nor above what was ever seen
        ("highest", 9.0, (0, 10), [], 0.0, 21.0, ((4, 6), (8, 10))),
        ("highest", 9.0, (0, 4), [], 0.0, 0.0, ()),
        ("highest", 9.0, (0, 4), [(2, 4)], -5.0, 21.0, ((2, 4),)),
        ("highest", 9.0, (0, 4), [(3, 4)], -5.0, 21.0, ((3, 4),)),
        ("highest", 9.0, (0, 4), [(4, 5)], 0.0, 0.0, ()),
        ("highest", 9.0, (0, 4), [(0, 4)], -8.0, 21.0, ((0, 4),)),  # nothing sound of its own: the least of all
        ("highest", 9.0, (0, 10), [(0, 99)], 0.0, 21.0, ((0, 10),)),  # nothing sound at all: as it is
        # the lowest
        ("lowest", 2.0, (0, 10), [], -1.0, 0.0, ((4, 6), (8, 10))),
        ("lowest", 2.0, (0, 10), [(6, 8)], -1.0, 2.0, ((4, 10),)),
        ("lowest", 1.0, (20, 24), [(22, 24)], 0.0, 29.0, ((22, 24),)),
    ],
)
def test_another_reading_may_have_been_it(
    how: str, value: float, running: Span, doubtful: list[Span], low: float, high: float, spans: Any
) -> None:
    one: Any = SimpleNamespace(gaps=GAPS, seen=READ, wanted=SimpleNamespace(how=how))
    found = SingleReadings(None, (), ())._limits(one, value, running, doubtful)  # type: ignore[arg-type]
    assert found == (low, high, spans)
    one.seen = None
    assert SingleReadings(None, (), ())._limits(one, value, running, doubtful) == (0.0, 0.0, ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "error", "found", "meter", "said"),
    [
        (0, 5, 0.005, 0.0, "M", 0.005),
        (9, 20, 0.005, 0.03, "M", 0.005),
        (10, 20, 0.005, 0.0, "M", 0.0),
        (-5, 0, 0.005, 0.0, "M", 0.0),
        (-5, 1, 0.005, 0.0, "M", 0.005),
        (0, 5, None, 0.0, "M", 0.0),
        (0, 5, None, 0.01, "M", 0.02),
        (0, 5, None, 0.03, "M", 0.03),
        (0, 5, 0.005, 0.0, "X", 0.0),
    ],
)
def test_the_error_of_a_single_reading_while_a_test_is_overdue(
    start: int, end: int, error: float | None, found: float, meter: str, said: float
) -> None:
    span: Any = SimpleNamespace(meter_id=meter, start=start, end=end, error=error, found=found)
    small: Any = SimpleNamespace(meter_id="M", start=0, end=10, error=0.0001, found=0.0)
    context: Any = SimpleNamespace(settings=Settings({}))
    one: Any = SimpleNamespace(wanted=SimpleNamespace(meters=("M", "N")))
    assert SingleReadings(context, (), (span,))._error(one, (0, 10)) == said
    assert SingleReadings(context, (), (small, span))._error(one, (0, 10)) == max(said, 0.0001)
