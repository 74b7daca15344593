"""First-order decay (year, deposit year, waste type) through everything that the equation language does.

The expected numbers come from a plain loop over the formula of the methodological tool, written without the
engine. Opening deposits lie before the period: the deposit years are a wider set than the years.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient, is_smooth
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.lowering import prepare
from jcm_mrv.quantities.sets import Space
from jcm_mrv.quantities.text import equation_text
from jcm_mrv.quantities.tracing import trace, trace_text
from jcm_mrv.quantities.typeset import equation_mathml, numbers_mathml, svg
from jcm_mrv.quantities.units import check_units
from support.decay import DECAYED, DEPOSIT, DOC, GWP, RE, WASTE, YEAR, K, W
from support.grid import Grid
from support.libreoffice import recalculate

YEARS, DEPOSITS = (2023, 2024, 2025), (2021, 2022, 2023, 2024, 2025)
RATES, CARBON = (0.40, 0.035), (0.15, 0.43)
AMOUNTS = ((120.0, 80.0, 100.0, 0.0, 60.0), (10.0, 0.0, 5.0, 7.5, 2.0))
VALUES: dict[Named, object] = {W: AMOUNTS, K: RATES, DOC: CARBON, GWP: 28.0}


def by_loop(year: int) -> float:
    """The formula of the tool, term by term."""
    carbon = 0.0
    for j in range(2):
        for n, deposit in enumerate(DEPOSITS):
            if deposit <= year:
                remaining = math.exp(-RATES[j] * (year - deposit))
                carbon += AMOUNTS[j][n] * CARBON[j] * remaining * (1 - math.exp(-RATES[j]))
    return 28.0 * 16 / 12 * 0.85 * 0.9 * 0.5 * 0.5 * carbon


@pytest.fixture(scope="module")
def space() -> Space:
    made = Space()
    made.add(YEAR, [str(y) for y in YEARS], YEARS)
    made.add(DEPOSIT, [str(y) for y in DEPOSITS], DEPOSITS)
    made.add(WASTE, ["food", "wood"])
    return made


def test_units_are_consistent() -> None:
    check_units([RE])


def test_numbers_and_excel(space: Space, tmp_path: Path) -> None:
    expected = [by_loop(year) for year in YEARS]
    evaluation = Evaluation([RE], VALUES, space)
    assert evaluation[RE] == pytest.approx(expected, rel=1e-13)
    [lowered] = prepare([RE])
    grid = Grid([lowered], space)
    path = tmp_path / "decay.xlsx"
    grid.write(path, VALUES)
    assert grid.read(recalculate(path, tmp_path / "anew"))[lowered] == pytest.approx(expected, rel=1e-12)


def test_what_is_deposited_later_releases_nothing_yet(space: Space) -> None:
    decayed = Evaluation([RE], VALUES, space)[DECAYED]
    assert decayed[0, DEPOSITS.index(2025), YEARS.index(2024)] == 0.0
    assert decayed[0, DEPOSITS.index(2021), YEARS.index(2023)] > 0.0


def test_derivative_by_hand(space: Space) -> None:
    """A tonne of food more in 2022: over 2023 to 2025 it adds 28 x 16/12 x phi x DOC x (e^-k - e^-4k)."""
    assert is_smooth(RE, [W])
    slope = gradient(RE, [W])[W]
    value = Evaluation([slope], VALUES, space)[slope][0, DEPOSITS.index(2022)]
    expected = 28.0 * 16 / 12 * 0.19125 * 0.15 * (math.exp(-0.4) - math.exp(-4 * 0.4))
    assert value == pytest.approx(expected, rel=1e-12)


def test_bounds_over_the_sampled_composition(space: Space) -> None:
    """Each amount within 10 %: RE is linear in them, so its bounds are 10 % as well."""
    amounts = np.array(AMOUNTS)
    bounds = Bounds([RE], {**VALUES, W: 0.9 * amounts}, {**VALUES, W: 1.1 * amounts}, space)
    low, high = bounds[RE]
    expected = np.array([by_loop(year) for year in YEARS])
    assert low == pytest.approx(0.9 * expected, rel=1e-9)
    assert high == pytest.approx(1.1 * expected, rel=1e-9)


def test_typeset_and_text(space: Space) -> None:
    assert equation_text(RE) == "RE_CH4,y = GWP_CH4 × CH4_C × phi × Σ_j (Σ_x (D_j,x,y))"
    drawn = equation_mathml(DECAYED)
    assert "<mi>e</mi>" in drawn and "<mi>x</mi><mo>≤</mo><mi>y</mi>" in drawn
    evaluation = Evaluation([RE], VALUES, space)
    numbers = numbers_mathml(RE, evaluation, (0,), lambda value: f"{value:.4g}")
    assert f"<mtext>{by_loop(2023):.4g}</mtext>" in numbers
    assert svg(drawn).startswith("<svg") and svg(numbers).startswith("<svg")


def test_the_trace_leads_to_a_deposit(space: Space) -> None:
    evaluation = Evaluation([RE], VALUES, space)
    step = trace(RE, evaluation, (0,), most_parts=20, origin=lambda node, ordinals: f"weighbridge {ordinals}")
    lines = [line.strip() for line in trace_text(step).splitlines()]
    assert lines[0].startswith("RE_CH4[2023] = ")
    assert "W[food, 2022] = 80 t   (weighbridge (0, 1))" in lines
    assert "GWP_CH4 = 28 tCO2e/tCH4   (weighbridge ())" in lines
