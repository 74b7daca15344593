"""The factors of a slip, just beside each of them and at it."""

from __future__ import annotations

import math

import pytest

from jcm_mrv.quality.values.scaling import explaining, nearest, slips


@pytest.mark.parametrize(
    ("ratio", "factors", "tolerance", "factor"),
    [
        (1149.0, (), 0.15, 1000.0), (1151.0, (), 0.15, None), (870.0, (), 0.15, 1000.0), (869.0, (), 0.15, None),
        (1 / 1149, (), 0.15, 1e-3), (1 / 1151, (), 0.15, None), (4.1, (), 0.15, 3.6), (4.2, (), 0.15, None),
        (60.0, (), 0.01, 60.0), (10.0, (), 0.01, 10.0), (100.0, (), 0.01, 100.0), (1e6, (), 0.01, 1e6),
        (1e-6, (), 0.01, 1e-6), (1 / 3.6, (), 0.01, 1 / 3.6),
        # a transformer factor of the meter before a unit that is nearer
        (100.0, (110.0,), 0.15, 110.0), (0.01, (110.0,), 0.15, 1 / 110), (100.0, (130.0,), 0.15, 100.0),
        (40.0, (41.0, 39.5), 0.15, 39.5), (1.52, (1.51,), 0.15, 1.51), (1.5, (1.5,), 0.15, None),
        (0.66, (0.66,), 0.15, 0.66), (0.667, (0.667,), 0.15, None), (1.515, (0.66,), 0.15, 1 / 0.66),
        (0.0, (), 0.15, None), (-10.0, (), 0.15, None), (math.inf, (), 0.15, None), (math.nan, (), 0.15, None),
        (15.0, (), 0.5, 10.0), (1 / 1.5, (1 / 1.5,), 0.1, None),
    ],
)  # fmt: skip
def test_the_factor_of_a_slip(ratio: float, factors: tuple[float, ...], tolerance: float, factor: float | None) -> None:
    found = nearest(ratio, factors, tolerance)
    assert (None if found is None else found.factor) == (None if factor is None else pytest.approx(factor))


@pytest.mark.parametrize(
    ("ratio", "factors", "named"),
    [
        # from the ratio to three hundred times that, four at most
        (10.0, (), ["1000", "60", "10", "100"]), (10.01, (), ["1000", "60", "100"]),
        (3.5, (), ["1000", "3.6", "60", "10"]), (2.0, (600.0,), ["600", "3.6", "60", "10"]),
        (2.0, (601.0,), ["3.6", "60", "10", "100"]), (2e6, (), []),
    ],
)  # fmt: skip
def test_what_brings_an_amount_back(ratio: float, factors: tuple[float, ...], named: list[str]) -> None:
    texts = explaining(ratio, factors).split("; ")
    assert [text.split("factor ")[1].split(" ")[0].rstrip(",") for text in texts if text] == named


def test_every_slip_stands_both_ways() -> None:
    factors = [one.factor for one in slips((40.0,))]
    assert factors[:2] == [40.0, 1 / 40] and len(factors) == 14
    assert sorted(factors) == pytest.approx(sorted(1 / one for one in factors))
