"""What may have flowed in a gap, by how fast a meter counts: months, readings and hours."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.quality.treatment.direction import _halving
from jcm_mrv.quality.treatment.edges import _limited
from jcm_mrv.quality.treatment.rates import Rates, _rates
from jcm_mrv.time.zones import HOUR

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
