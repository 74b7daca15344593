"""Means, counts and extremes over a set and by group: of what exists, and nothing of nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient, kinks
from jcm_mrv.quantities.errors import EquationError, UnitError
from jcm_mrv.quantities.evaluate import Evaluation, evaluate
from jcm_mrv.quantities.expression import Defined, Input, count, greatest, least, mean, total
from jcm_mrv.quantities.sets import Mapping, Set, Space
from jcm_mrv.quantities.text import equation_text
from jcm_mrv.quantities.tracing import trace, trace_text
from jcm_mrv.quantities.units import check_units
from jcm_mrv.quantities.with_numbers import numbers_text

UNIT, YEAR, GROUP = Set("unit", "i", "unit"), Set("year", "p", "year"), Set("group", "g", "group")
OF_UNIT = Mapping("group of the unit", (UNIT,), GROUP)
Q = Input("Q", "fuel", "t", (UNIT, YEAR))
NCV = Input("NCV", "net calorific value", "GJ/t", (UNIT, YEAR))
VALUES = {
    Q: [[10.0, 0.0], [30.0, 0.0], [math.nan, 5.0], [2.0, 1.0]],
    NCV: [[40.0, 41.0], [44.0, 45.0], [math.nan, 50.0], [10.0, 12.0]],
}


def space() -> Space:
    """Four units, the third one from the second year on; the fourth in no group, and a group without units."""
    made = Space()
    made.add(UNIT, ["u1", "u2", "u3", "u4"])
    made.add(YEAR, ["2024", "2025"], [2024, 2025])
    made.add(GROUP, ["a", "b", "empty"])
    made.map(OF_UNIT, [0, 0, 1, -1])
    made.restrict((UNIT, YEAR), [[True, True], [True, True], [False, True], [True, True]])
    return made


def test_the_greatest_and_the_least_of_what_exists() -> None:
    assert evaluate(greatest(NCV, over=UNIT), VALUES, space()).tolist() == [44.0, 50.0]
    assert evaluate(least(NCV, over=UNIT), VALUES, space()).tolist() == [10.0, 12.0]


def test_by_group_and_none_of_none() -> None:
    """Group b exists in 2025 alone, the empty group never; the fourth unit is in no group."""
    root = greatest(NCV, by=OF_UNIT)
    assert root.sets == (YEAR, GROUP)
    found = evaluate(root, VALUES, space())
    assert found[0].tolist() == pytest.approx([44.0, math.nan, math.nan], nan_ok=True)
    assert found[1].tolist() == pytest.approx([45.0, 50.0, math.nan], nan_ok=True)


def test_the_mean_is_weighed_by_another_quantity() -> None:
    """2024: (10 x 40 + 30 x 44 + 2 x 10) / 42 = 1740 / 42; 2025: (5 x 50 + 1 x 12) / 6 = 262 / 6."""
    root = mean(NCV, over=UNIT, weight=Q)
    assert evaluate(root, VALUES, space()).tolist() == pytest.approx([1740 / 42, 262 / 6])
    plain = mean(NCV, over=UNIT)
    assert evaluate(plain, VALUES, space()).tolist() == pytest.approx([94 / 3, 148 / 4])
    check_units([Defined("Z", "z", "GJ/t", root, (YEAR,)), Defined("Y", "y", "GJ/t", plain, (YEAR,))])
    nothing = {**VALUES, Q: np.zeros((4, 2))}
    assert np.isnan(evaluate(root, nothing, space())).all(), "weights of 0 give no mean"


def test_how_many_exist() -> None:
    assert evaluate(count((UNIT, YEAR), over=UNIT), VALUES, space()).tolist() == [3.0, 4.0]
    assert evaluate(count((UNIT,), by=OF_UNIT), VALUES, space()).tolist() == [2.0, 1.0, 0.0]


def test_what_is_unknown_leaves_no_extreme() -> None:
    values = {**VALUES, NCV: [[40.0, 41.0], [math.nan, 45.0], [math.nan, 50.0], [10.0, 12.0]]}
    assert evaluate(greatest(NCV, over=UNIT), values, space()).tolist() == pytest.approx([math.nan, 50.0], nan_ok=True)


def test_slopes_go_to_the_one_that_is_greatest() -> None:
    root = total(greatest(NCV, over=UNIT), over=YEAR)
    slope = gradient(root, [NCV])[NCV]
    found = evaluate(slope, VALUES, space())
    assert found[:2].tolist() == [[0.0, 0.0], [1.0, 0.0]] and found[3].tolist() == [0.0, 0.0] and found[2, 1] == 1.0
    assert len(kinks(root, [NCV])) == 1
    weighed = gradient(total(mean(NCV, over=UNIT, weight=Q), over=YEAR), [NCV])[NCV]
    assert evaluate(weighed, VALUES, space())[:2, 0].tolist() == pytest.approx([10 / 42, 30 / 42])
    grouped = gradient(total(total(least(NCV, by=OF_UNIT), over=GROUP), over=YEAR), [NCV])[NCV]
    found = evaluate(grouped, VALUES, space())
    assert found[:2].tolist() == [[1.0, 1.0], [0.0, 0.0]] and found[3].tolist() == [0.0, 0.0]


def test_bounds_of_an_extreme() -> None:
    root = greatest(NCV, over=UNIT)
    upper = np.array(VALUES[NCV]) + np.array([[3.0], [0.0], [0.0], [40.0]])
    low, high = Bounds([root], VALUES, {NCV: upper}, space())[root]
    assert low.tolist() == [44.0, 50.0] and high.tolist() == [50.0, 52.0]


def test_texts_and_traces() -> None:
    root = Defined("M", "most", "GJ/t", greatest(NCV, over=UNIT), (YEAR,))
    assert equation_text(root) == "M_p = max_i (NCV_i,p)"
    grouped = Defined("G", "least", "GJ/t", least(NCV, by=OF_UNIT), (YEAR, GROUP))
    assert equation_text(grouped) == "G_p,g = min_i→g (NCV_i,p)"
    evaluation = Evaluation([root, grouped], VALUES, space())
    assert numbers_text(root, evaluation, (0,), "{:g}".format) == "max(40; 44; 10)"
    assert numbers_text(grouped, evaluation, (0, 1), "{:g}".format) == "unknown"
    assert trace_text(trace(grouped, evaluation, (1, 0))).splitlines()[1:] == [
        "           = min(41; 45)",
        "           = 41 GJ/t",
        "  NCV[u1, 2025] = 41 GJ/t",
        "  NCV[u2, 2025] = 45 GJ/t",
    ]


def test_either_over_a_set_or_by_a_mapping() -> None:
    with pytest.raises(EquationError, match="either over= or by="):
        greatest(NCV)
    with pytest.raises(EquationError, match="either over= or by="):
        least(NCV, over=UNIT, by=OF_UNIT)
    with pytest.raises(EquationError, match="either over= or by="):
        mean(NCV)
    with pytest.raises(UnitError):
        check_units([Defined("Z", "z", "t", greatest(NCV, over=UNIT), (YEAR,))])
