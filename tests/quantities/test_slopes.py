"""Slopes by hand where one argument of several decides, through choices, fractions and mappings of a set to itself."""

from __future__ import annotations

import math

import pytest

from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.evaluate import evaluate
from jcm_mrv.quantities.expression import (
    Expression,
    Input,
    Interpolated,
    Label,
    Logarithm,
    at,
    choose,
    maximum,
    minimum,
    total,
    where,
)
from jcm_mrv.quantities.sets import Mapping
from support.expressions import CLASS, UNIT, space

X, Y, Z, NOBODY = (Input(n, n, "1") for n in "xyzn")
U, V = (Input(n, n, "1", (UNIT,)) for n in "uv")
KIND = Label("kind", "kind", ("first", "second"))
POINTS, ON_POINTS = (Input(n, n, "1", (CLASS,)) for n in ("points", "values"))
VALUES = {
    X: 2.0, Y: 5.0, Z: 4.0, NOBODY: math.nan, KIND: 0, U: [1.0, 2.0, 4.0, 8.0], V: [3.0, 5.0, 7.0, 9.0],
    POINTS: [0.0, 10.0, 20.0], ON_POINTS: [7.0, 9.0, 6.0],
}  # fmt: skip


def slopes(root: Expression, *by: Input) -> list[float]:
    found = gradient(root, by)
    return [float(evaluate(found[one], VALUES, space())) for one in by]


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (minimum(X * 4, Y, Z) * 3, [0, 0, 3]),
        (minimum(X, Y, Z) * 3, [3, 0, 0]),
        (minimum(Y, Z, X) * 3, [3, 0, 0]),
        (minimum(Y, Z, X * 4) * 3, [0, 0, 3]),
        (maximum(X, Y, Z) * 3, [0, 3, 0]),
        (maximum(Z, Y, X) * 3, [0, 3, 0]),
        (maximum(Y, Z, X) * 3, [0, 3, 0]),
        (maximum(Z, X, Y) * 3, [0, 3, 0]),
        # of those that tie the first counts: 2 x 2 = 4
        (minimum(X * 2, Z, Y) * 3, [6, 0, 0]),
        (minimum(Y, Z, X * 2) * 3, [0, 0, 3]),
        (maximum(X * 2, X, Z) * 3, [6, 0, 0]),
        # through a choice, in which what is not taken may be unknown
        (choose(KIND, {"first": minimum(X, Y) * 3, "second": NOBODY}), [3, 0, 0]),
        (where(Y > 3, maximum(X, Z) * 3, NOBODY), [0, 0, 3]),
        (choose(KIND, {"first": where(Y > 3, X * 3, Z) * 2, "second": X}), [6, 0, 0]),
        (choose(KIND, {"first": where(Y < 3, X * 3, Z) * 2, "second": X}), [0, 0, 2]),
        # fractions: x z / y, 5 x 5 x 2 / 4 and 4 / 4 of x
        ((X * (Z / Y)) * Y, [4, 0, 2]),
        ((X * (Y / 4)) * Y, [6.25, 2 * 10 / 4, 0]),
        ((X * (2 / Y)) * Y, [2, 0, 0]),
        (Y * Logarithm(X), [2.5, math.log(2), 0]),
    ],
)  # fmt: skip
def test_slopes_to_x_y_and_z(root: Expression, expected: list[float]) -> None:
    assert slopes(root, X, Y, Z) == pytest.approx(expected, abs=1e-12)


def test_nothing_of_what_is_unknown_moves_nothing_in_any_element() -> None:
    root = U * NOBODY * 0 + U * X
    assert evaluate(gradient(root, [U])[U], VALUES, space()).tolist() == [2.0] * 4


def test_a_mapping_of_a_set_to_itself() -> None:
    """u1 and u2 take u2, u3 takes u1 and u4 nothing: 3 u2 + 5 u2 + 7 u1."""
    twin = Mapping("twin", (UNIT,), UNIT)
    known = space()
    known.map(twin, [1, 1, 0, -1])
    root = total(at(U, twin) * V, over=UNIT)
    slope = gradient(root, [U])[U]
    assert evaluate(slope, VALUES, known).tolist() == [7.0, 8.0, 0.0, 0.0]
    assert evaluate(total(U, by=twin), VALUES, known).tolist() == [4.0, 3.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("x", "slope", "weights"),
    [(0.0, 0.2, [1, 0, 0]), (2.5, 0.2, [0.75, 0.25, 0]), (10.0, -0.3, [0, 1, 0]), (15.0, -0.3, [0, 0.5, 0.5])],
)
def test_a_line_between_points(x: float, slope: float, weights: list[float]) -> None:
    """7 at 0, 9 at 10 and 6 at 20; how much each point weighs in what lies between."""
    found = gradient(Interpolated(X, POINTS, ON_POINTS) * 2, [X, ON_POINTS])
    given = {**VALUES, X: x}
    assert float(evaluate(found[X], given, space())) == pytest.approx(2 * slope)
    assert evaluate(found[ON_POINTS], given, space()).tolist() == pytest.approx([2 * one for one in weights])
