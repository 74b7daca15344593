"""First-order decay through the numbers: published test values, and the three kinds of nothing."""

import math

import numpy as np
import pytest

from jcm_mrv.quantities.evaluate import evaluate
from jcm_mrv.quantities.expression import Input, total
from jcm_mrv.quantities.sets import Set, Space
from support.decay import DEPOSIT, DOC, GWP, RE, WASTE, YEAR, K, W

UNIT = Set("equipment", "i", "piece of equipment")


# Published test values: facts on organic waste (tCO2e, 1 t disposed in year 1, tropical wet, GWP 28).
@pytest.mark.parametrize(("waste", "first", "ten_years"), [(0, 0.3531, 1.0514), (1, 0.1056, 0.9067)])
def test_first_order_decay_reaches_the_published_values(waste: int, first: float, ten_years: float) -> None:
    space = Space()
    years = [str(n) for n in range(1, 11)]
    space.add(YEAR, years, range(1, 11))
    space.add(DEPOSIT, years, range(1, 11))
    space.add(WASTE, ["food", "wood"])
    disposed = np.zeros((2, 10))
    disposed[waste, 0] = 1.0
    result = evaluate(RE, {W: disposed, K: [0.40, 0.035], DOC: [0.15, 0.43], GWP: 28.0}, space)
    assert result[0] == pytest.approx(first, abs=5e-5)
    assert result.sum() == pytest.approx(ten_years, abs=5e-5)


def test_a_total_runs_over_the_domain_and_unknown_stays_unknown() -> None:
    space = Space()
    space.add(UNIT, ["a", "b"])
    space.add(YEAR, ["2023", "2024"], [2023, 2024])
    space.restrict((UNIT, YEAR), [[True, True], [False, True]])  # b was installed in 2024
    energy = Input("E", "energy", "MWh", (UNIT, YEAR))
    result = evaluate(total(energy, over=UNIT), {energy: [[1.0, 2.0], [math.nan, math.nan]]}, space)
    assert result[0] == 1.0, "b does not exist in 2023: absent, not unknown"
    assert math.isnan(result[1]), "b exists in 2024 and is unknown: never zero"
