"""How many items a sample needs: against published tables and arithmetic by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.verification.sampling.sizes import reliability_factor, risk_size, share_size, z_of


@pytest.mark.parametrize(("population", "items"), [(10, 10), (100, 80), (200, 132), (1000, 278), (5000, 357)])
def test_the_published_table_of_krejcie_and_morgan(population: int, items: int) -> None:
    """Krejcie and Morgan (1970): p = 0.5, d = 0.05 of the whole, which is 0.1 of p, at 95 %."""
    assert share_size(population, 0.95, 0.10, 0.5).items == items


def test_a_size_by_hand() -> None:
    """V = (1 - 0.8) / 0.8 = 0.25; 1.959964^2 = 3.841459; 3.841459 x 500 x 0.25 = 480.182;
    499 x 0.01 + 3.841459 x 0.25 = 5.950365; 480.182 / 5.950365 = 80.70."""
    size = share_size(500, 0.95, 0.10, 0.8)
    assert size.items == 81
    assert "80.70" in size.formula
    assert "CDM-EB67-A06-GUID" in size.source
    assert "evidence level" in size.source


@pytest.mark.parametrize(
    ("confidence", "factors"),
    [(0.95, (3.00, 4.75, 6.30, 7.76, 9.16)), (0.90, (2.31, 3.89, 5.33, 6.69, 8.00))],
)
def test_the_published_confidence_factors(confidence: float, factors: tuple[float, ...]) -> None:
    """AICPA, Audit Sampling, confidence factors by number of overstatements, as rounded there."""
    for errors, factor in enumerate(factors):
        assert reliability_factor(confidence, errors) == pytest.approx(factor, abs=0.0101)


def test_a_sample_by_risk_by_hand() -> None:
    """B = 400 t, T = 20 t, R = -ln(0.05) = 2.99573: 59.91."""
    assert risk_size(400.0, 20.0, 0.95).items == 60
    assert risk_size(0.0, 20.0, 0.95).items == 0


def test_the_normal_quantile() -> None:
    assert z_of(0.90) == pytest.approx(1.644854, abs=1e-6)


@given(
    st.integers(1, 10**6), st.floats(0.5, 0.999), st.floats(0.01, 0.9), st.floats(0.05, 0.999), st.floats(0.05, 0.999)
)
def test_never_more_than_there_are_and_more_for_more_confidence(
    population: int, confidence: float, precision: float, expected: float, other: float
) -> None:
    low, high = sorted((confidence, max(other, 0.5)))
    fewer, more = (share_size(population, c, precision, expected).items for c in (low, high))
    assert 0 <= fewer <= more <= population
