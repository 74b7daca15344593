"""Logarithms, and rounding where a document prescribes it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient, jumps
from jcm_mrv.quantities.digits import round_to
from jcm_mrv.quantities.errors import EquationError, UnitError
from jcm_mrv.quantities.evaluate import evaluate
from jcm_mrv.quantities.expression import Defined, Input, ln, rounded
from jcm_mrv.quantities.sets import Space
from jcm_mrv.quantities.units import check_units

X = Input("x", "x", "1")
EF = Input("EF", "factor", "tCO2/MWh")


@pytest.mark.parametrize(
    ("value", "digits", "nearest", "down", "up"),
    [
        (2.344, 2, 2.34, 2.34, 2.35),
        (2.5, 0, 3.0, 2.0, 3.0),
        (-2.5, 0, -3.0, -3.0, -2.0),
        (-2.344, 2, -2.34, -2.35, -2.34),
        (1.005, 2, 1.01, 1.0, 1.01),  # in binary just below 1.005
        (0.29, 2, 0.29, 0.29, 0.29),  # 0.29 x 100 is 28.999999999999996
        (0.28999999999, 2, 0.29, 0.29, 0.29),  # what many operations gather is noise too, up to six digits more
        (0.2899999, 2, 0.29, 0.28, 0.29),
        (0.1 + 0.2, 1, 0.3, 0.3, 0.3),  # 0.30000000000000004
        (1234.5, -2, 1200.0, 1200.0, 1300.0),
        (0.0, 3, 0.0, 0.0, 0.0),
    ],
)
def test_rounding_as_a_person_does_it(value: float, digits: int, nearest: float, down: float, up: float) -> None:
    for direction, expected in (("nearest", nearest), ("down", down), ("up", up)):
        assert float(evaluate(rounded(X, digits, direction), {X: value}, Space())) == expected


@given(st.floats(-1e6, 1e6), st.integers(-2, 6))
def test_down_is_never_above_and_up_never_below_but_for_noise(value: float, digits: int) -> None:
    noise = 10.0 ** -(digits + 6) + 1e-15 * abs(value)
    down, nearest, up = (float(round_to(np.array(value), digits, way)) for way in ("down", "nearest", "up"))
    assert down - noise <= value <= up + noise
    assert down <= nearest <= up
    assert up - down <= 10.0**-digits + noise
    assert abs(nearest - value) <= 0.5 * 10.0**-digits + noise


@given(st.floats(-1e3, 1e3), st.floats(0, 1e3), st.sampled_from(["nearest", "down", "up"]))
def test_rounding_keeps_the_order_so_bounds_hold(value: float, more: float, way: str) -> None:
    assert round_to(np.array(value), 2, way) <= round_to(np.array(value + more), 2, way)


def test_what_is_unknown_or_without_end_stays() -> None:
    found = round_to(np.array([math.nan, math.inf, -math.inf]), 2, "down")
    assert math.isnan(found[0]) and found[1] == math.inf and found[2] == -math.inf


@pytest.mark.parametrize(("digits", "direction"), [(1.5, "nearest"), (True, "nearest"), (10, "up"), (2, "even")])
def test_a_rounding_that_is_not_known_is_refused(digits: object, direction: str) -> None:
    with pytest.raises(EquationError, match=r"digits of rounding|rounding goes nearest, down, up"):
        rounded(X, digits, direction)  # type: ignore[arg-type]


def test_a_rounded_factor_keeps_its_unit_and_its_direction() -> None:
    """The sign of the slope is that of the equation, though a small step moves nothing."""
    root = Defined("E", "emissions", "tCO2/MWh", 3 * rounded(EF, 2), ())
    check_units([root])
    slope = gradient(root, [EF])[EF]
    assert float(evaluate(slope, {EF: 0.333}, Space())) == 3.0
    assert [type(node).__name__ for node in jumps(root, [EF])] == ["Rounded"]
    low, high = Bounds([root], {EF: 0.331}, {EF: 0.336}, Space())[root]
    assert float(low) == pytest.approx(0.99) and float(high) == pytest.approx(1.02)


def test_the_logarithm() -> None:
    """ln 2 = 0.693147...; its slope at 2 is 1/2; of 0 and below there is none."""
    assert float(evaluate(ln(X), {X: 2.0}, Space())) == pytest.approx(0.6931471805599453, rel=1e-15)
    slope = gradient(ln(X), [X])[X]
    assert float(evaluate(slope, {X: 2.0}, Space())) == 0.5
    assert np.isnan(evaluate(ln(X), {X: 0.0}, Space())) and np.isnan(evaluate(ln(X), {X: -1.0}, Space()))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1.0, math.e, (0.0, 1.0)), (-1.0, 2.0, (-math.inf, math.inf)), (-2.0, -1.0, (math.nan, math.nan))],
)
def test_bounds_of_a_logarithm(low: float, high: float, expected: tuple[float, float]) -> None:
    root = ln(X)
    found = Bounds([root], {X: low}, {X: high}, Space())[root]
    assert [float(side) for side in found] == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_a_logarithm_has_no_unit_and_needs_none() -> None:
    with pytest.raises(UnitError, match="ln needs a number without unit"):
        check_units([Defined("Z", "z", "1", ln(EF), ())])
