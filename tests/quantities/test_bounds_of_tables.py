"""Between which values a table lies whose argument, edges, points or values move; by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.errors import SpaceError
from jcm_mrv.quantities.expression import Expression, Input, Interpolated, Lookup, total
from jcm_mrv.quantities.intervals import LIBRARY
from support.expressions import CLASS, UNIT, space

pytestmark = pytest.mark.usefixtures("quiet")

INF, NAN = math.inf, math.nan
X = Input("x", "x", "1")
FROM, TO, POINTS, VALUES = (Input(n, n, "1", (CLASS,)) for n in ("from", "to", "points", "values"))


def bounds(root: Expression, lower: dict[Any, Any], upper: dict[Any, Any]) -> tuple[float, float]:
    low, high = Bounds([root], lower, {**lower, **upper}, space())[root]
    return float(low), float(high)


@pytest.mark.parametrize(
    ("values", "a", "b", "least", "most"),
    [
        ([7, 9, 6], 5, 15, 7.5, 9), ([7, 5, 8], 5, 15, 5, 6.5), ([7, 9, 6], 0, 20, 6, 9), ([7, 5, 8], 12, 20, 5.6, 8),
        ([7, 9, 6], 15, 21, -INF, INF), ([7, 9, 6], 20, 20, 6, 6), ([7, 9, NAN], 5, 15, NAN, NAN),
        ([7, 9, NAN], 2.5, 5, 7.5, 8),
    ],
)  # fmt: skip
def test_a_line_with_a_bend_is_highest_or_lowest_there(
    values: list[float], a: float, b: float, least: float, most: float
) -> None:
    """Points at 0, 10 and 20."""
    given = {POINTS: [0.0, 10.0, 20.0], VALUES: values, X: a}
    found = bounds(Interpolated(X, POINTS, VALUES), given, {X: b})
    assert found == pytest.approx((least, most), nan_ok=True, rel=1e-12)


def test_the_values_of_a_line_may_move_themselves() -> None:
    """From -3, -2, -1 up to 1, 2, 2 at 0, 10 and 20: at 5 to 15 from -2.5 to 2, widened by what 3 may be off."""
    given = {POINTS: [0.0, 10.0, 20.0], VALUES: [-3.0, -2.0, -1.0], X: 5.0}
    low, high = bounds(Interpolated(X, POINTS, VALUES), given, {VALUES: [1.0, 2.0, 2.0], X: 15.0})
    assert (low, high) == (np.nextafter(-2.5 - 3 * LIBRARY, -INF), np.nextafter(2 + 3 * LIBRARY, INF))


@pytest.mark.parametrize(
    ("values", "a", "b", "least", "most"),
    [
        ([7, NAN, 5], 15, 35, NAN, NAN),
        ([7, 8, 5], 15, 35, -INF, INF),
        ([7, NAN, 5], 5, 15, NAN, NAN),
        ([7, NAN, 5], 5, 9, 7, 7),
        ([7, 8, 5], 5, 15, 7, 8),
        ([7, 8, 5], 5, 25, 5, 8),
    ],
)
def test_an_unknown_class_makes_unknown_what_meets_it(
    values: list[float], a: float, b: float, least: float, most: float
) -> None:
    given = {FROM: [0.0, 10.0, 20.0], TO: [10.0, 20.0, 30.0], VALUES: values, X: a}
    found = bounds(Lookup(X, FROM, TO, VALUES), given, {X: b})
    assert found == pytest.approx((least, most), nan_ok=True)


def test_a_class_that_may_begin_at_ten_or_eleven_may_be_met_at_ten_and_a_half() -> None:
    given = {FROM: [10.0, 20.0, 30.0], TO: [20.0, 30.0, 40.0], VALUES: [7.0, 8.0, 9.0], X: 9.0}
    root = Lookup(X, FROM, TO, VALUES)
    assert bounds(root, given, {FROM: [11.0, 20.0, 30.0], X: 10.5}) == (-INF, INF)
    assert bounds(root, given, {FROM: [11.0, 20.0, 30.0], X: 11.0}) == (-INF, INF)
    assert all(map(math.isnan, bounds(root, given, {X: 9.5}))), "surely before the first class"


def test_one_element_whose_bounds_are_exchanged_is_enough() -> None:
    U = Input("U", "by unit", "1", (UNIT,))
    with pytest.raises(SpaceError, match="lower bound of U exceeds"):
        bounds(total(U, over=UNIT), {U: [1.0, 2.0, 4.0, 8.0]}, {U: [1.0, 2.0, 3.0, 8.0]})
