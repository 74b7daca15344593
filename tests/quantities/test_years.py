"""Running sums and lags over years: what was before, within the domain, and where there is nothing before."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.errors import EquationError, SpaceError, UnitError
from jcm_mrv.quantities.evaluate import Evaluation, evaluate
from jcm_mrv.quantities.expression import Defined, Input, lag, running, total
from jcm_mrv.quantities.required import required
from jcm_mrv.quantities.sets import Set, Space
from jcm_mrv.quantities.text import equation_text
from jcm_mrv.quantities.tracing import trace, trace_text
from jcm_mrv.quantities.units import check_units

UNIT, YEAR = Set("unit", "i", "unit"), Set("year", "p", "year")
M = Input("M", "mass", "t", (UNIT, YEAR))
OPENING = Input("M_0", "mass before the first year", "t", (UNIT,))


def three_years() -> Space:
    """Two units in three years; the second one is built in the second year."""
    space = Space()
    space.add(UNIT, ["u1", "u2"])
    space.add(YEAR, ["2023", "2024", "2025"], [2023, 2024, 2025])
    space.restrict((UNIT, YEAR), [[True, True, True], [False, True, True]])
    return space


VALUES = {M: [[1.0, 2.0, 4.0], [math.nan, 8.0, 16.0]], OPENING: [100.0, 200.0]}


def test_a_running_sum_runs_over_the_domain() -> None:
    found = evaluate(running(M, YEAR), VALUES, three_years())
    assert found.tolist() == [[1.0, 3.0, 7.0], [0.0, 8.0, 24.0]]


def test_what_is_unknown_stays_so_in_all_later_years_but_not_in_earlier_ones() -> None:
    values = {M: [[1.0, math.nan, 4.0], [math.nan, 8.0, 16.0]]}
    found = evaluate(running(M, YEAR), values, three_years())
    assert found[0].tolist() == pytest.approx([1.0, math.nan, math.nan], nan_ok=True)


def test_a_lag_takes_the_year_before_or_what_was_before_the_first_year() -> None:
    """The second unit's first year is 2024: what was before it is its opening value, not the cell of 2023."""
    found = evaluate(lag(M, YEAR, before=OPENING), VALUES, three_years())
    assert found[0].tolist() == [100.0, 1.0, 2.0]
    assert found[1, 1:].tolist() == [200.0, 8.0]
    assert np.isnan(evaluate(lag(M, YEAR), VALUES, three_years())[0, 0])
    two = evaluate(lag(M, YEAR, steps=2, before=0), VALUES, three_years())
    assert two[:, 2].tolist() == [1.0, 0.0]
    ahead = evaluate(lag(M, YEAR, steps=-1, before=0), VALUES, three_years())
    assert ahead[0].tolist() == [2.0, 4.0, 0.0]


def test_years_with_a_gap_have_no_year_before() -> None:
    space = three_years()
    space.add(YEAR, ["2023", "2025", "2026"], [2023, 2025, 2026])
    with pytest.raises(SpaceError, match="needs elements that follow one another"):
        evaluate(lag(M, YEAR, before=0), VALUES, space)


def test_slopes_run_the_other_way() -> None:
    """What is deposited in a year counts in it and in all later ones: three, two and one times for the first unit."""
    root = total(total(running(M, YEAR), over=YEAR), over=UNIT)
    slope = gradient(root, [M])[M]
    found = evaluate(slope, VALUES, three_years())
    assert found[0].tolist() == [3.0, 2.0, 1.0] and found[1, 1:].tolist() == [2.0, 1.0]
    later = total(total(lag(M, YEAR, before=OPENING), over=YEAR), over=UNIT)
    slopes = gradient(later, [M, OPENING])
    found = evaluate(slopes[M], VALUES, three_years())
    assert found[0].tolist() == [1.0, 1.0, 0.0] and found[1, 1:].tolist() == [1.0, 0.0]
    assert evaluate(slopes[OPENING], VALUES, three_years()).tolist() == [1.0, 1.0]


def test_bounds_of_sums_and_lags() -> None:
    sums, before = running(M, YEAR), lag(M, YEAR, before=OPENING)
    upper = {M: np.array(VALUES[M]) + 1.0}
    bounds = Bounds([sums, before], VALUES, upper, three_years())
    low, high = bounds[sums]
    assert low[0].tolist() == pytest.approx([1.0, 3.0, 7.0]) and high[0].tolist() == pytest.approx([2.0, 5.0, 10.0])
    low, high = bounds[before]
    assert (low[0, 1], high[0, 1]) == (1.0, 2.0) and (low[0, 0], high[0, 0]) == (100.0, 100.0)


def test_only_what_counts_is_asked_for() -> None:
    """Of the second year: the lag needs the sum of the first; the opening value is of the first year."""
    space = three_years()
    needed = Defined("Z", "z", "t", lag(running(M, YEAR), YEAR, before=OPENING), (UNIT, YEAR))
    space.restrict((UNIT, YEAR), [[True, True, False], [False, False, False]])
    masks = required([needed], Evaluation([needed], VALUES, space))
    assert masks[M].tolist() == [[True, False, False], [False, False, False]]
    assert masks[OPENING].tolist() == [True, False]


def test_units_sets_and_steps_are_checked() -> None:
    other = Input("E", "energy", "MWh")
    with pytest.raises(UnitError, match="unlike units"):
        check_units([Defined("Z", "z", "t", lag(M, YEAR, before=other), (UNIT, YEAR))])
    check_units([Defined("Z", "z", "t", lag(running(M, YEAR), YEAR, before=0), (UNIT, YEAR))])
    with pytest.raises(EquationError, match="does not vary over it"):
        running(OPENING, YEAR)
    with pytest.raises(EquationError, match="a lag is by a whole number"):
        lag(M, YEAR, steps=0)
    with pytest.raises(EquationError, match="does not declare"):
        Defined("Z", "z", "t", lag(OPENING, UNIT, before=M), (UNIT,))


def test_texts_and_traces_show_the_year_that_is_meant() -> None:
    rise = Defined("D", "rise", "t", M - lag(M, YEAR, before=OPENING), (UNIT, YEAR))
    assert equation_text(rise) == "D_i,p = M_i,p - lag(M_i,p; p-1; before: M_0,i)"
    evaluation = Evaluation([rise], VALUES, three_years())
    assert trace_text(trace(rise, evaluation, (0, 2))).splitlines()[1:] == [
        "            = 4 - 2",
        "            = 2 t",
        "  M[u1, 2025] = 4 t",
        "  M[u1, 2024] = 2 t",
    ]
    assert "M_0[u2] = 200 t" in trace_text(trace(rise, evaluation, (1, 1)))
    sums = Defined("S", "stock", "t", running(M, YEAR), (UNIT, YEAR))
    assert equation_text(sums) == "S_i,p = Σ_p'≤p (M_i,p)"
    text = trace_text(trace(sums, Evaluation([sums], VALUES, three_years()), (0, 1)))
    assert "= 1 + 2" in text and "2025" not in text
