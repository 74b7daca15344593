"""First-order decay through the numbers: published test values, and the three kinds of nothing."""

import math

import numpy as np
import pytest

from jcm_mrv.quantities.evaluate import Evaluation, evaluate
from jcm_mrv.quantities.expression import Defined, Input, total
from jcm_mrv.quantities.sets import Mapping, Set, Space
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


def test_other_values_change_what_rests_on_them_and_nothing_else() -> None:
    """E = (3 + 4) x 0.5 = 3.5 t; with 5 in place of the 4 it is 4 t, and with a factor of 1 besides 8 t."""
    space = Space()
    space.add(UNIT, ["a", "b"])
    energy, factor = Input("EC", "energy", "MWh", (UNIT,)), Input("EF", "factor", "t/MWh")
    used = Defined("E", "used", "MWh", total(energy, over=UNIT))
    root = used * factor
    first = Evaluation([root], {energy: [3.0, 4.0], factor: 0.5}, space)
    second = first.changed({energy: [3.0, 5.0]})
    third = second.changed({factor: 1.0})
    assert [one.scalar(root) for one in (first, second, third)] == [3.5, 4.0, 8.0]
    assert third.scalar(used) == 8.0
    assert first.changed({used: 100.0}).scalar(root) == 50.0, "in place of its equation"
    assert first[energy].tolist() == [3.0, 4.0], "the first evaluation stays as it is"


def test_a_space_that_grows_forgets_what_it_had_before() -> None:
    """Unit a on grid x, b on y: totals 1 and 2. Both on y: 0 and 3. With b out of the domain: 0 and 1."""
    grid = Set("grid", "g", "grid")
    of = Mapping("grid of unit", (UNIT,), grid)
    space = Space()
    space.add(UNIT, ["a", "b"])
    space.add(grid, ["x", "y"])
    energy = Input("EC", "energy", "MWh", (UNIT,))
    by_grid = total(energy, by=of)
    found = []
    for positions, exists in (([0, 1], [True, True]), ([1, 1], [True, True]), ([1, 1], [True, False])):
        space.map(of, positions)
        space.restrict((UNIT,), exists)
        found.append(evaluate(by_grid, {energy: [1.0, 2.0]}, space).tolist())
    assert found == [[1.0, 2.0], [0.0, 3.0], [0.0, 1.0]]
