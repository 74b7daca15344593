"""Tables: classes and points, by one key, by two, and by the element of a set."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jcm_mrv.quantities.across import class_of, point_before
from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient, kinks
from jcm_mrv.quantities.errors import EquationError, UnitError
from jcm_mrv.quantities.evaluate import Evaluation, evaluate
from jcm_mrv.quantities.expression import Defined, Expression, Input, at, interpolate, lookup
from jcm_mrv.quantities.required import required
from jcm_mrv.quantities.sets import Mapping, Set, Space
from jcm_mrv.quantities.text import term_text
from jcm_mrv.quantities.tracing import trace, trace_text
from jcm_mrv.quantities.units import check_units
from support.expressions import one

CLASS, POINT, FUEL, UNIT = (Set(n, n[0], n) for n in ("class", "point", "fuel", "unit"))
FUEL_OF_UNIT = Mapping("fuel of the unit", (UNIT,), FUEL)
X, Y = Input("x", "capacity", "kW"), Input("y", "load", "%")
LOWER, UPPER = Input("from", "lower edge", "kW", (CLASS,)), Input("to", "upper edge", "kW", (CLASS,))
LOAD = Input("load", "points of the load", "%", (POINT,))
ETA = Input("eta", "efficiency by load", "1", (POINT,))
ETA_2 = Input("eta_2", "efficiency by capacity and load", "1", (CLASS, POINT))
EF = Input("EF", "factor by fuel and capacity", "t/kW", (FUEL, CLASS))
SIZE = Input("P", "capacity of the unit", "kW", (UNIT,))

VALUES = {
    X: 15.0, Y: 60.0, LOWER: [0.0, 10.0], UPPER: [10.0, 100.0], LOAD: [25.0, 50.0, 100.0], ETA: [0.2, 0.4, 0.5],
    ETA_2: [[0.1, 0.2, 0.3], [0.2, 0.4, 0.5]], EF: [[1.0, 2.0], [3.0, 4.0]], SIZE: [5.0, 20.0, 7.0],
}  # fmt: skip
NAN = math.nan
CLASSES = np.array([0.0, 10.0, 20.0]), np.array([10.0, 20.0, 30.0])


def space() -> Space:
    made = Space()
    made.add(CLASS, ["small", "large"])
    made.add(POINT, ["25", "50", "100"])
    made.add(FUEL, ["coal", "gas"])
    made.add(UNIT, ["u1", "u2", "u3"])
    made.map(FUEL_OF_UNIT, [0, 1, 1])
    return made


def value(root: Expression, **changed: float) -> float:
    given = {**VALUES, **{{"x": X, "y": Y}[name]: number for name, number in changed.items()}}
    return float(evaluate(root, given, space()))


@pytest.mark.parametrize(
    ("load", "expected"),
    [(25.0, 0.2), (30.0, 0.24), (50.0, 0.4), (60.0, 0.42), (100.0, 0.5), (24.9, math.nan), (100.1, math.nan)],
)
def test_between_two_points_on_the_line_and_nothing_outside(load: float, expected: float) -> None:
    """60 is a fifth of the way from 50 to 100: 0.4 + 0.1/5 = 0.42."""
    assert value(interpolate(Y, LOAD, ETA), y=load) == pytest.approx(expected, nan_ok=True)


def test_points_have_to_rise_and_both_neighbours_to_be_known() -> None:
    for changed in ({LOAD: [25.0, 100.0, 50.0]}, {LOAD: [50.0, 50.0, 100.0]}, {ETA: [0.2, 0.4, math.nan]}):
        assert math.isnan(float(evaluate(interpolate(Y, LOAD, ETA), {**VALUES, **changed}, space())))


def test_a_table_of_two_keys_is_a_table_of_tables() -> None:
    """15 kW is large; of that row 60 % gives 0.42; 5 kW is small: 0.2 + 0.1/5 = 0.22."""
    root = lookup(X, LOWER, UPPER, interpolate(Y, LOAD, ETA_2))
    assert value(root) == pytest.approx(0.42)
    assert value(root, x=5.0) == pytest.approx(0.22)
    assert math.isnan(value(root, x=100.0)) and math.isnan(value(root, y=10.0))
    check_units([Defined("Z", "z", "1", root, ())])
    assert term_text(root) == "eta_2[interpolated at y][class of x]"


def test_a_table_by_name_and_size() -> None:
    """u1 burns coal and is small: 1; u2 gas and large: 4; u3 gas and small: 3."""
    root = at(lookup(SIZE, LOWER, UPPER, EF), FUEL_OF_UNIT)
    assert evaluate(root, VALUES, space()).tolist() == [1.0, 4.0, 3.0]
    assert root.sets == (UNIT,)
    slope = gradient(root, [EF])[EF]
    assert evaluate(slope, VALUES, space()).tolist() == [[1.0, 0.0], [1.0, 1.0]]


def test_slopes_along_the_line_and_of_its_ends() -> None:
    """From 50 to 100 the line rises 0.1 in 50; at 60 the value at 50 weighs 0.8 and that at 100 weighs 0.2."""
    root = interpolate(Y, LOAD, ETA)
    slopes = gradient(root, [Y, ETA])
    assert value(slopes[Y]) == pytest.approx(0.002)
    assert evaluate(slopes[ETA], VALUES, space()).tolist() == pytest.approx([0.0, 0.8, 0.2])
    for end, weights in ((25.0, [1.0, 0.0, 0.0]), (100.0, [0.0, 0.0, 1.0])):
        found = evaluate(slopes[ETA], {**VALUES, Y: end}, space())
        assert found.tolist() == pytest.approx(weights)
    assert kinks(root, [Y]) == [root] and kinks(root, [ETA]) == []


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (30.0, 60.0, (0.24, 0.42)),
        (30.0, 40.0, (0.24, 0.32)),
        (10.0, 60.0, (-math.inf, math.inf)),
        (1.0, 2.0, (math.nan, math.nan)),
    ],
)
def test_bounds_along_the_line(low: float, high: float, expected: tuple[float, float]) -> None:
    root = interpolate(Y, LOAD, ETA)
    found = Bounds([root], {**VALUES, Y: low}, {Y: high}, space())[root]
    assert [float(side) for side in found] == pytest.approx(expected, nan_ok=True)


def test_bounds_see_the_top_between_the_ends() -> None:
    peak = {**VALUES, ETA: [0.2, 0.9, 0.1]}
    root = interpolate(Y, LOAD, ETA)
    low, high = Bounds([root], {**peak, Y: 40.0}, {Y: 60.0}, space())[root]
    assert float(high) == pytest.approx(0.9) and float(low) == pytest.approx(0.62)


def test_only_the_rows_that_are_taken_are_asked_for() -> None:
    root = Defined("Z", "z", "1", lookup(X, LOWER, UPPER, interpolate(Y, LOAD, ETA_2)), ())
    masks = required([root], Evaluation([root], VALUES, space()))
    assert masks[ETA_2].tolist() == [[False, False, False], [False, True, True]]
    assert masks[LOWER].all() and masks[LOAD].all()
    line = interpolate(Y, LOAD, ETA)
    for load, rows in ((25.0, [1, 1, 0]), (49.0, [1, 1, 0]), (50.0, [0, 1, 1]), (100.0, [0, 1, 1]), (101.0, [0, 0, 0])):
        found = required([line], Evaluation([line], {**VALUES, Y: load}, space()))
        assert found[ETA].tolist() == [bool(one) for one in rows] and found[LOAD].all()
    classes = lookup(X, LOWER, UPPER, EF)
    for size, taken in ((0.0, [True, False]), (10.0, [False, True]), (100.0, [False, False])):
        found = required([classes], Evaluation([classes], {**VALUES, X: size}, space()))
        assert found[EF].tolist() == [taken, taken] and found[UPPER].all()


def test_a_trace_goes_to_the_rows_of_the_table() -> None:
    root = Defined("Z", "z", "1", lookup(X, LOWER, UPPER, interpolate(Y, LOAD, ETA_2)) * 2, ())
    lines = trace_text(trace(root, Evaluation([root], VALUES, space()))).splitlines()
    assert lines[1:] == [
        "  = 0.42 × 2",
        "  = 0.84",
        "  x = 15 kW",
        "  y = 60 %",
        "  eta_2[large, 50] = 0.4",
        "  eta_2[large, 100] = 0.5",
    ]


def test_a_trace_of_the_first_and_of_no_row() -> None:
    """5 kW is of the first class and 30 % behind the first point; 100 kW is of none, 101 % behind none."""

    def parts(root: Expression, **changed: float) -> list[str]:
        given = {**VALUES, **{{"x": X, "y": Y}[name]: number for name, number in changed.items()}}
        defined = Defined("Z", "z", "1", root, root.sets)
        evaluation = Evaluation([defined], given, space())
        lines = trace_text(trace(defined, evaluation, (0,) * len(root.sets))).splitlines()
        return [line.strip() for line in lines if line.startswith("  ") and "=" in line.strip()[1:]]

    line, table = interpolate(Y, LOAD, ETA), lookup(X, LOWER, UPPER, EF)
    assert parts(table, x=5.0)[-1] == "EF[coal, small] = 1 t/kW" and parts(table, x=100.0)[-1] == "x = 100 kW"
    assert parts(line, y=30.0)[-2:] == ["eta[25] = 0.2", "eta[50] = 0.4"]
    assert parts(line, y=101.0)[-1] == "y = 101 %"


def test_keys_have_one_unit_and_one_set() -> None:
    with pytest.raises(UnitError, match="unlike units"):
        check_units([Defined("Z", "z", "1", interpolate(X, LOAD, ETA), ())])
    with pytest.raises(EquationError, match="the table eta needs its keys over one set"):
        lookup(X, LOWER, UPPER, ETA)
    with pytest.raises(EquationError, match="looked up by its own set point"):
        interpolate(ETA, LOAD, ETA)


def test_an_empty_table_has_no_value() -> None:
    bare = space()
    bare.add(POINT, [])
    given = {**VALUES, LOAD: np.empty(0), ETA: np.empty(0)}
    root = interpolate(Y, LOAD, ETA)
    assert np.isnan(evaluate(root, given, bare))
    assert np.isnan(evaluate(lookup(Y, LOAD, LOAD, ETA), given, bare))


@pytest.mark.parametrize(
    ("x", "place"), [(-0.1, -1), (0.0, 0), (9.99, 0), (10.0, 1), (29.99, 2), (30.0, -1), (NAN, -1)]
)
def test_a_class_holds_its_lower_limit_and_not_its_upper(x: float, place: int) -> None:
    assert class_of(one(x), *CLASSES).tolist() == [place]
    assert class_of(one(x), np.zeros(0), np.zeros(0)).tolist() == [-1]
    overlapping = np.array([0.0, 5.0]), np.array([10.0, 15.0])
    assert class_of(np.array([4.0, 7.0, 12.0]), *overlapping).tolist() == [0, -1, 1]


@pytest.mark.parametrize(("x", "place"), [(-0.1, -1), (0.0, 0), (1.0, 1), (1.5, 1), (4.0, 1), (4.1, -1), (NAN, -1)])
def test_the_point_before_in_a_table_that_is_interpolated(x: float, place: int) -> None:
    assert point_before(one(x), np.array([0.0, 1.0, 4.0])).tolist() == [place]
    for points in ([0.0, 0.0, 4.0], [0.0, NAN, 4.0], [4.0, 1.0, 0.0], []):
        assert point_before(one(x), np.array(points)).tolist() == [-1]
    assert point_before(one(2.0), np.array([2.0])).tolist() == [0]
