"""Derivatives and bounds of small equations, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient, is_smooth, jumps, kinks
from jcm_mrv.quantities.errors import SpaceError
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    Expression,
    Input,
    Label,
    Lag,
    Lookup,
    Named,
    Where,
    at,
    choose,
    exp,
    lookup,
    maximum,
    minimum,
    total,
    where,
)
from support.expressions import CLASS, GROUP, GROUP_OF_UNIT, UNIT, YEAR, space

X, Y = Input("x", "x", "1"), Input("y", "y", "1")
EC = Input("EC", "consumption", "1", (UNIT, YEAR))
OF_GROUP = Input("G", "of a group", "1", (GROUP,))
KIND = Label("kind", "kind", ("x", "y"), ())
LOWER, UPPER, VALUE = (Input(n, n, "1", (CLASS,)) for n in ("lower", "upper", "value"))
VALUES: dict[Named, object] = {
    X: 2.0,
    Y: 5.0,
    KIND: 0,
    OF_GROUP: [3.0, 4.0],
    EC: [[1.0, 2.0], [math.nan, 3.0], [4.0, 5.0], [6.0, 7.0]],
    LOWER: [0.0, 3.0, 6.0],
    UPPER: [3.0, 6.0, 9.0],
    VALUE: [10.0, 20.0, 30.0],
}


def slope(root: Expression, by: Input, **changed: float) -> np.ndarray:
    values = {**VALUES, **{{"x": X, "y": Y}[name]: value for name, value in changed.items()}}
    graph = gradient(root, [by])[by]
    return Evaluation([graph], values, space())[graph]


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (X + Y, 1.0),
        (Y - X, -1.0),
        (X * Y * X, 20.0),  # 2 x y
        (Y / X, -1.25),  # -y / x2
        (X**3, 12.0),
        (exp(X * 3), 3 * math.exp(6.0)),
        (-X * 4, -4.0),
        (minimum(X, Y) * 2, 2.0),
        (maximum(X, Y), 0.0),
        (where(Y > 3, X * 7, Y), 7.0),
        (where(Y < 3, X * 7, Y), 0.0),
        (choose(KIND, {"x": X * 3, "y": Y}), 3.0),
        (Y, 0.0),
    ],
)
def test_derivative_by_hand(root: Expression, expected: float) -> None:
    assert slope(root, X) == pytest.approx(expected, rel=1e-14)


def test_a_derivative_has_the_sets_of_its_input() -> None:
    """x counts once for each of the seven index tuples that exist."""
    assert slope(total(total(EC * X, over=UNIT), over=YEAR), X) == pytest.approx(1 + 2 + 3 + 4 + 5 + 6 + 7)


def test_a_derivative_through_groups() -> None:
    """d/dG of the sum of G at each unit's group: two units in the first group, one in the second, one in none."""
    assert slope(total(at(OF_GROUP, GROUP_OF_UNIT) * X, over=UNIT), OF_GROUP).tolist() == [4.0, 2.0]
    root = total(total(total(EC, over=YEAR), by=GROUP_OF_UNIT) * OF_GROUP, over=GROUP)
    assert slope(root, EC)[:, 1].tolist() == [3.0, 4.0, 3.0, 0.0]


def test_what_a_choice_leaves_out_does_not_make_the_derivative_unknown() -> None:
    assert slope(where(X > 1, X * X, X / (X - X)), X) == 4.0


def test_a_choice_within_a_branch_that_is_not_taken_need_not_be_known() -> None:
    """The other branch takes the lesser of x and what nobody entered, as a supply with its own generator does."""
    nobody = Input("n", "n", "1")
    for inner in (minimum(X, nobody), where(nobody > X, X, Y), where(nobody < X, Y, X)):
        graph = gradient(choose(KIND, {"x": X * 3, "y": inner * 2}), [X])[X]
        assert Evaluation([graph], {**VALUES, nobody: math.nan}, space())[graph] == 3.0


def test_places_that_a_derivative_does_not_see_are_named() -> None:
    stepped = where(X > 1, Y, 0) + lookup(X, LOWER, UPPER, VALUE)
    assert [type(node) for node in jumps(stepped, [X])] == [Where, Lookup]
    assert jumps(stepped, [Y]) == []
    bent = minimum(X, 3) + Y
    assert kinks(bent, [X]) and not jumps(bent, [X])
    assert not is_smooth(bent, [X]) and is_smooth(bent, [Y])


# --- bounds ------------------------------------------------------------------------


def bounds(root: Expression, x: tuple[float, float], y: tuple[float, float] = (5.0, 5.0)) -> tuple[float, float]:
    low, high = {**VALUES, X: x[0], Y: y[0]}, {**VALUES, X: x[1], Y: y[1]}
    lowest, highest = Bounds([root], low, high, space())[root]
    return float(lowest), float(highest)


@pytest.mark.parametrize(
    ("root", "x", "expected"),
    [
        (X * Y, (-1.0, 2.0), (-5.0, 10.0)),
        (X + Y * 2, (-1.0, 2.0), (9.0, 12.0)),
        (X + X * 3, (1.0, 2.0), (4.0, 8.0)),
        (X - X * 3, (1.0, 2.0), (-5.0, -1.0)),
        (-X, (1.0, 3.0), (-3.0, -1.0)),
        (choose(KIND, {"x": X * 3, "y": Y}), (1.0, 2.0), (3.0, 6.0)),
        (choose(KIND, {"x": Y, "y": X * 3}), (1.0, 2.0), (5.0, 5.0)),
        (X / (X + 3), (1.0, 5.0), (1 / 8, 5 / 4)),
        (Y / -X, (1.0, 2.0), (-5.0, -2.5)),
        (Y - X, (1.0, 2.0), (3.0, 4.0)),
        (Y / X, (1.0, 2.0), (2.5, 5.0)),
        (X**2, (-1.0, 3.0), (0.0, 9.0)),
        (X**3, (-1.0, 2.0), (-1.0, 8.0)),
        (exp(X), (0.0, 1.0), (1.0, math.e)),
        (minimum(X, 3), (1.0, 4.0), (1.0, 3.0)),
        (maximum(X, 3), (1.0, 4.0), (3.0, 4.0)),
        (where(X < 2, 10, Y), (0.0, 1.0), (10.0, 10.0)),  # decided in the whole box
        (where(X < 2, 10, Y), (0.0, 3.0), (5.0, 10.0)),  # undecided: both sides
        (lookup(X, LOWER, UPPER, VALUE), (2.0, 4.0), (10.0, 20.0)),
    ],
)
def test_bounds_by_hand(root: Expression, x: tuple[float, float], expected: tuple[float, float]) -> None:
    """Rounded outward: never inside the true ends, and close to them."""
    low, high = bounds(root, x)
    assert low <= expected[0] and high >= expected[1]
    assert (low, high) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_bounds_of_an_earlier_element() -> None:
    """For the first one stands what is between 0 and 7, or nothing that is known."""
    units = Input("U", "by unit", "1", (UNIT,))
    with_first, without = Lag(units, UNIT, 1, X), Lag(units, UNIT, 1)
    lower, upper = {units: [1.0, 2.0, 4.0, 8.0], X: 0.0}, {units: [2.0, 3.0, 5.0, 9.0], X: 7.0}
    found = Bounds([with_first, without], lower, upper, space())
    assert [end.tolist() for end in found[with_first]] == [[0.0, 1.0, 2.0, 4.0], [7.0, 2.0, 3.0, 5.0]]
    assert [end.tolist()[1:] for end in found[without]] == [[1.0, 2.0, 4.0], [2.0, 3.0, 5.0]]
    assert all(np.isnan(end[0]) for end in found[without]) and without in found and units * 2 not in found


def test_where_an_operation_may_leave_its_domain_nothing_is_promised() -> None:
    for divisor in ((-1.0, 1.0), (0.0, 1.0), (-1.0, 0.0)):
        assert bounds(Y / X, divisor) == (-math.inf, math.inf)
    assert bounds(X**0.5, (-1.0, 1.0)) == (-math.inf, math.inf)
    assert bounds(lookup(X, LOWER, UPPER, VALUE), (8.0, 10.0)) == (-math.inf, math.inf)


def test_two_uses_of_an_input_make_bounds_wider_never_narrower() -> None:
    """x - x is 0; taken apart it lies between -1 and 1."""
    low, high = bounds(X - X, (1.0, 2.0))
    assert low <= -1.0 and high >= 1.0


def test_unknown_stays_unknown() -> None:
    assert all(map(math.isnan, bounds(X * Y, (1.0, 2.0), (math.nan, math.nan))))


def test_a_lower_bound_above_the_upper_one_is_an_error() -> None:
    with pytest.raises(SpaceError, match="lower bound of x exceeds"):
        bounds(X, (2.0, 1.0))


def test_totals_run_over_the_domain() -> None:
    """The absent cell has no bounds and takes none away: 1 + 4 + 6 in the first year."""
    values = {**VALUES, EC: np.array(VALUES[EC]) - 0.5}
    root = total(EC, over=UNIT)
    low, high = Bounds([root], values, {**VALUES, EC: np.array(VALUES[EC]) + 0.5}, space())[root]
    assert low == pytest.approx([11 - 1.5, 17 - 2.0]) and high == pytest.approx([11 + 1.5, 17 + 2.0])
