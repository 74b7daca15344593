"""Whole tonnes: down, per year, halves of the sixth decimal away from zero, negative years kept."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.rounding import credited_tonnes


@pytest.mark.parametrize(
    ("reductions", "tonnes"),
    [
        (1280 * 0.8154, 1043),  # published: 1,280 MWh x 0.8154 = 1,043.7, credited 1,043
        (4761.0 - 1880.8, 2880),  # published: 4,761.0 - 1,880.8 = 2,880.2, credited 2,880
        (999.9999999, 1000),  # the last bits of arithmetic do not cost a tonne
        (999.999999, 999),
        (999.9999995, 1000),
        (0.0, 0),
        (-0.0, 0),
        (0.999, 0),
        (-0.2, -1),  # shown and down, never clipped
        (-1e-9, 0),
    ],
)
def test_published_and_edge_values(reductions: float, tonnes: int) -> None:
    assert credited_tonnes(reductions) == tonnes


@given(st.floats(-1e9, 1e9))
def test_never_more_than_half_a_unit_of_the_sixth_decimal_above_the_reductions(value: float) -> None:
    tonnes = credited_tonnes(value)
    assert Fraction(tonnes) <= Fraction(value) + Fraction(1, 2_000_000) + Fraction(1, 10**9)
    assert value - tonnes < 1


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_not_a_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="cannot be rounded"):
        credited_tonnes(value)


@pytest.mark.parametrize("digits", [0, 6, 9])
def test_any_finite_number_is_rounded(digits: int) -> None:
    assert credited_tonnes(1e25, digits) == 10**25
    assert credited_tonnes(-1e25, digits) == -(10**25)
    assert credited_tonnes(5e-324, digits) == 0
