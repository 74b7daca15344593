"""What a graph is built from, its sets, slopes and bounds at their limits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.digits import round_to
from jcm_mrv.quantities.errors import EquationError, SpaceError
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    Constant,
    Defined,
    Input,
    Interpolated,
    Label,
    Lag,
    Logarithm,
    Lookup,
    Maximum,
    Negative,
    Number,
    Power,
    Rounded,
    Running,
    Weighted,
    Where,
    at,
    choose,
    total,
    where,
)
from jcm_mrv.quantities.nodes import number
from jcm_mrv.quantities.required import required
from jcm_mrv.quantities.sets import Mapping, Numbered, Set, Space, align, names
from jcm_mrv.quantities.tracing import shown
from support.expressions import GROUP_OF_UNIT, UNIT, one
from support.expressions import space as four_units

pytestmark = pytest.mark.usefixtures("quiet")

INF, NAN = math.inf, math.nan


# --- what a graph is built from -------------------------------------------------------------------


X = Input("x", "x", "1")
S, T = Set("s", "s", "s"), Set("t", "t", "t")
CHOICES = Label("l", "l", ("A", "B"))
M = Mapping("m", (S,), T)


@pytest.mark.parametrize("digits", [-9, 0, 9])
def test_digits_of_rounding(digits: int) -> None:
    assert Rounded(X, digits, "up").digits == digits
    for wrong in (-10, 10, 1.0, True, "2"):
        with pytest.raises(EquationError):
            Rounded(X, wrong)  # type: ignore[arg-type]
    with pytest.raises(EquationError):
        Rounded(X, digits, "upwards")


@pytest.mark.parametrize(
    "build",
    [
        lambda: Power(X, 0), lambda: Power(X, "2"), lambda: Maximum(X), lambda: number(True), lambda: number("1"),
        lambda: Label("l", "l", ("A", "a")), lambda: Label("l", "l", ("A", "B")).equals("C"), lambda: bool(X),
        lambda: bool(X > 1), lambda: Constant("c", "1/0", "1", "c"), lambda: Constant("c", "x", "1", "c"),
        lambda: Defined("d", "d", "1", Input("y", "y", "1", (S,))), lambda: choose(CHOICES, {"A": X}),
        *(lambda n=n: Lag(Input("y", "y", "1", (S,)), S, n) for n in (0, True, 1.5, "1")),
        # both keys of a table are by class; what a mapping leads to is no set of what it groups
        lambda: Lookup(X, Input("f", "f", "1", (S,)), Input("t", "t", "1", (T,)), Input("v", "v", "1", (S,))),
        lambda: total(Input("y", "y", "1", (S, T)), by=M),
    ],
)  # fmt: skip
def test_what_no_graph_is_built_from(build: Any) -> None:
    with pytest.raises(EquationError):
        build()


def test_operators_stand_on_their_sides() -> None:
    found = [(2 - X), (X - 2), (2 / X), (X / 2)]
    values = {X: 8.0}
    assert [Evaluation([one], values, Space()).scalar(one) for one in found] == [-6.0, 6.0, 0.25, 4.0]
    tests = [(X < 8, 0.0), (X <= 8, 1.0), (X > 8, 0.0), (X >= 8, 1.0), (~(X < 8), 1.0)]
    tests += [((X <= 8) & (X < 8), 0.0), ((X <= 8) | (X < 8), 1.0)]
    tests += [(~(X <= 8), 0.0)]
    for test, said in tests:
        assert float(Evaluation([test], values, Space())[test]) == said
    assert (
        Constant("c", "44 / 12", "1", "c").value == pytest.approx(44 / 12)
        and Constant("c", "3.6", "1", "c").value == 3.6
    )
    log = Logarithm(X)
    for x, said in ((1.0, 0.0), (1 / 1024, -10 * math.log(2)), (0.0, NAN), (-1.0, NAN)):
        assert Evaluation([log], {X: x}, Space()).scalar(log) == pytest.approx(said, nan_ok=True)
    for test in (X < B, B < X, ~(X < B)):
        assert np.isnan(Evaluation([test], {X: 8.0, B: NAN}, Space())[test])
    assert Evaluation([root := Maximum(X, 1)], values, Space()).scalar(root) == 8.0


def test_a_quantity_is_named_by_the_name_that_it_is_declared_with() -> None:
    class Declared:
        EC = Input("", "electricity", "MWh")
        other = Input("EF", "factor", "1")

    assert (Declared.EC.symbol, Declared.other.symbol) == ("EC", "EF")


@pytest.mark.parametrize(
    ("value", "digits", "direction", "said"),
    [
        (0.5, 0, "nearest", 1.0), (-0.5, 0, "nearest", -1.0), (0.4999, 0, "nearest", 0.0),
        (0.28999999999999998, 2, "down", 0.29),
        (0.2899999, 2, "down", 0.28), (0.29, 2, "up", 0.29), (0.2900001, 2, "up", 0.3), (-0.291, 2, "down", -0.3),
        (-0.291, 2, "up", -0.29), (1250.0, -2, "nearest", 1300.0), (1249.0, -2, "nearest", 1200.0),
        (1201.0, -2, "up", 1300.0),
        (1e15, 0, "nearest", 1e15), (1_234_567_890_123_457.0, 0, "nearest", 1_234_567_890_123_457.0),
        (999_999_999_999_999.4, 0, "nearest", 999_999_999_999_999.0), (INF, 2, "down", INF),
    ],
)  # fmt: skip
def test_rounding_as_a_document_prescribes_it(value: float, digits: int, direction: str, said: float) -> None:
    assert float(round_to(one(value), digits, direction)[0]) == pytest.approx(said, rel=1e-15)


def test_labels_and_unknown_numbers_in_words() -> None:
    label = Label("l", "l", ("grid", "own"))
    assert [shown(label, value, str) for value in (0.0, 1.0, -1.0)] == ["grid", "own", "unknown"]
    assert [shown(X, value, str) for value in (0.0, NAN)] == ["0.0", "unknown"]


# --- sets ---------------------------------------------------------------------------------------------


def space() -> Space:
    found = Space()
    found.add(S, ["a", "b", "c"], [2023, 2024, 2025])
    found.add(T, ["u", "v"])
    return found


@pytest.mark.parametrize("positions", [[0, 1, -1], [1, 1, 1]])
def test_a_mapping_points_into_its_set_or_nowhere(positions: list[int]) -> None:
    found = space()
    found.map(M, positions)
    assert found.positions[M].tolist() == positions
    for wrong in ([0, 1, 2], [0, 1, -2], [0, 1]):
        with pytest.raises(SpaceError):
            found.map(M, wrong)


def test_elements_and_their_numbers_are_one_each() -> None:
    with pytest.raises(SpaceError, match=r"elements twice: a$"):
        space().add(S, ["a", "b", "a"])
    with pytest.raises(SpaceError):
        space().add(S, ["a", "b"], [1.0])
    with pytest.raises(SpaceError):
        space().size(Set("x", "x", "x"))
    with pytest.raises(SpaceError):
        space().restrict((S, T), [[True, False]])
    many = Numbered(12)
    assert (len(many), many[0], many[11], many[-1], many[1:3]) == (12, "#1", "#12", "#12", ("#2", "#3"))


def test_what_exists_is_what_every_domain_has() -> None:
    found = space()
    found.restrict((S,), [True, True, False])
    found.restrict((S, T), [[True, False], [True, True], [True, True]])
    assert found.exists((T, S)).tolist() == [[True, True, False], [False, True, False]]
    with pytest.raises(ValueError, match="read-only"):
        found.exists((T, S))[0] = False
    assert list(found.tuples((S, T))) == [(0, 0), (1, 0), (1, 1)]
    assert found.has((S, T), {S: 1, T: 1}) and not found.has((S, T), {S: 0, T: 1}) and not found.has((S,), {S: 2})
    assert found.exists((T,)).tolist() == [True, True] and found.labels((S, T), (2, 1)) == ("c", "v")
    assert names(()) == "no set" and names((S, T)) == "s, t" and str(Set("s", "s", "s", "N")) == "N.s"
    assert align(np.arange(6).reshape(2, 3), (T, S), (S, T)).shape == (3, 2)
    assert align(np.arange(3), (S,), (T, S)).shape == (1, 3)


def test_lags_need_elements_that_follow_one_another() -> None:
    y = Input("y", "y", "1", (S,))
    for steps, said in ((1, [NAN, 1.0, 2.0]), (-1, [2.0, 3.0, NAN]), (2, [NAN, NAN, 1.0])):
        node = Lag(y, S, steps)
        found = Evaluation([node], {y: np.array([1.0, 2.0, 3.0])}, space())[node]
        assert found.tolist() == pytest.approx(said, nan_ok=True)
    found_ = space()
    found_.add(S, ["a", "b", "c"], [2023, 2025, 2026])
    node = Lag(y, S, 1)
    with pytest.raises(SpaceError):
        Evaluation([node], {y: np.array([1.0, 2.0, 3.0])}, found_)
    for backward, said in ((False, [1.0, 3.0, 6.0]), (True, [6.0, 5.0, 3.0])):
        running = Running(y, S, backward)
        assert Evaluation([running], {y: np.array([1.0, 2.0, 3.0])}, space())[running].tolist() == said


# --- slopes and bounds of a graph ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exponent", "x", "slope"),
    [(1, 3.0, 1.0), (2, 3.0, 6.0), (3, 3.0, 27.0), (0.5, 4.0, 0.25), (-1, 2.0, -0.25), (1.0, 0.0, 1.0)],
)
def test_the_slope_of_a_power(exponent: float, x: float, slope: float) -> None:
    root = Power(X, exponent)
    found = gradient(root, [X])[X]
    assert Evaluation([found], {X: x}, Space()).scalar(found) == pytest.approx(slope)


@pytest.mark.parametrize(
    ("low", "high", "least", "most"),
    [
        (1.0, math.e, 0.0, 1.0),
        (0.5, 2.0, -math.log(2), math.log(2)),
        (0.0, 1.0, -INF, INF),
        (-1.0, 0.0, NAN, NAN),
        (-1.0, 0.5, -INF, INF),
    ],
)
def test_the_bounds_of_a_logarithm(low: float, high: float, least: float, most: float) -> None:
    root = Logarithm(X)
    found = Bounds([root], {X: low}, {X: high}, Space())[root]
    assert [float(end) for end in found] == pytest.approx([least, most], nan_ok=True, abs=1e-12)


@pytest.mark.parametrize(("chosen", "low", "high"), [(0, 1.0, 2.0), (1, 5.0, 6.0), (-1, NAN, NAN)])
def test_the_bounds_of_a_choice(chosen: int, low: float, high: float) -> None:
    label, y = Label("l", "l", ("a", "b")), Input("y", "y", "1")
    root = Where(label.equals("a"), X, y)
    values = {label: np.asarray(chosen), X: 1.0, y: 5.0}
    found = Bounds([root], values, {**values, X: 2.0, y: 6.0}, Space())[root]
    assert [float(end) for end in found] == pytest.approx([low, high], nan_ok=True)


@pytest.mark.parametrize(
    ("a", "b", "least", "most"),
    [(0.0, 9.0, 7.0, 7.0), (5.0, 10.0, 7.0, 9.0), (10.0, 19.0, 9.0, 9.0), (0.0, 20.0, -INF, INF),
     (20.0, 25.0, NAN, NAN), (-1.0, 5.0, -INF, INF), (-5.0, -1.0, NAN, NAN), (NAN, NAN, NAN, NAN)],
)  # fmt: skip
def test_the_bounds_of_a_table(a: float, b: float, least: float, most: float) -> None:
    """From 0 on 7, from 10 to below 20 it is 9."""
    lower, upper, values = (Input(n, n, "1", (T,)) for n in ("lower", "upper", "values"))
    root = Lookup(X, lower, upper, values)
    given = {lower: np.array([0.0, 10.0]), upper: np.array([10.0, 20.0]), values: np.array([7.0, 9.0])}
    found = Bounds([root], {**given, X: a}, {**given, X: b}, space())[root]
    assert [float(end) for end in found] == pytest.approx([least, most], nan_ok=True)


@pytest.mark.parametrize(
    ("a", "b", "least", "most"),
    [(0.0, 10.0, 7.0, 9.0), (10.0, 10.0, 9.0, 9.0), (0.0, 0.0, 7.0, 7.0), (5.0, 5.0, 8.0, 8.0), (10.0, 11.0, -INF, INF),
     (11.0, 12.0, NAN, NAN), (-1.0, 0.0, -INF, INF), (-2.0, -1.0, NAN, NAN)],
)  # fmt: skip
def test_the_bounds_between_points(a: float, b: float, least: float, most: float) -> None:
    """7 at 0 and 9 at 10."""
    points, values = (Input(n, n, "1", (T,)) for n in ("points", "values"))
    root = Interpolated(X, points, values)
    given = {points: np.array([0.0, 10.0]), values: np.array([7.0, 9.0])}
    found = Bounds([root], {**given, X: a}, {**given, X: b}, space())[root]
    assert [float(end) for end in found] == pytest.approx([least, most], nan_ok=True, rel=1e-12)
    if math.isfinite(least):
        slack = 8 * np.finfo(np.float64).eps * 9  # of the largest value, to either side
        assert [float(end) for end in found] == [np.nextafter(least - slack, -INF), np.nextafter(most + slack, INF)]


A, B = Input("a", "a", "1"), Input("b", "b", "1")


@pytest.mark.parametrize(
    ("test", "a", "truth"),
    [
        (A < 5, (3, 4.9), (1, 1)), (A < 5, (3, 5), (0, 1)), (A < 5, (5, 7), (0, 0)),
        (A <= 5, (3, 5), (1, 1)), (A <= 5, (5, 7), (0, 1)), (A <= 5, (5.1, 7), (0, 0)),
        (A > 5, (5.1, 7), (1, 1)), (A > 5, (5, 7), (0, 1)), (A > 5, (3, 5), (0, 0)),
        (A >= 5, (5, 7), (1, 1)), (A >= 5, (3, 5), (0, 1)), (A >= 5, (3, 4.9), (0, 0)),
        (A < 5, (NAN, NAN), (NAN, NAN)), (A < NAN, (3, 4), (NAN, NAN)),
        (~(A < 5), (3, 4), (0, 0)), (~(A < 5), (5, 7), (1, 1)), (~(A < 5), (3, 7), (0, 1)),
        ((A < 5) & (A > 1), (2, 3), (1, 1)), ((A < 5) & (A > 1), (2, 7), (0, 1)), ((A < 5) & (A > 1), (5, 7), (0, 0)),
        ((A < 5) | (A > 8), (6, 7), (0, 0)), ((A < 5) | (A > 8), (4, 7), (0, 1)), ((A < 5) | (A > 8), (9, 9), (1, 1)),
    ],
)  # fmt: skip
def test_a_condition_holds_surely_possibly_or_never(test: Any, a: Any, truth: Any) -> None:
    found = Bounds([test], {A: a[0]}, {A: a[1]}, Space())[test]
    assert [float(end) for end in found] == pytest.approx(truth, nan_ok=True)


@pytest.mark.parametrize(
    ("share", "value", "low", "high"),
    [((0, 0), (NAN, NAN), 0, 0), ((0, 2), (5, 5), 0, 10), ((-2, 0), (5, 5), -10, 0), ((0, 2), (NAN, NAN), NAN, NAN)],
)
def test_nothing_of_what_is_unknown_is_nothing(share: Any, value: Any, low: float, high: float) -> None:
    root = Weighted(A, B)
    found = Bounds([root], {A: share[0], B: value[0]}, {A: share[1], B: value[1]}, Space())[root]
    assert [float(end) for end in found] == pytest.approx([low, high], nan_ok=True)


def test_a_slope_is_unknown_only_where_what_it_rests_on_is() -> None:
    """Of a and a number that nobody entered: 0 of it is 0, and the branch that is not taken asks for nothing."""
    nobody = Input("n", "n", "1")
    product = A * nobody
    roots = [
        (product * 0, 0.0),
        (where(B > 3, A * 2, product), 2.0),
        (where(B > 3, product, 0) - product, NAN),  # 1 - 1 = 0 of what is taken, and that is unknown
        (where(B > 3, A, product) + where(B > 9, product, A * 5), 6.0),
        (product + where(B > 9, product, 0), NAN),
        (2 * -A / -B, 2 / 5),
        (A / (B * -1) * 3, -3 / 5),
        ((A + 1) / (A + B), (7 - 3) / 49),
        (Negative(-A) * 4 - A * -3, 7.0),
        (A**2 * B / A, 5.0),
        (2 * (A * B), 10.0),
        ((A * 2) * 3, 6.0),
        ((A * 1) * 3 * (1 * A), 12.0),
        (3 - 2 * (1 - A), 2.0),
    ]
    for root, said in roots:
        graph = gradient(root, [A])[A]
        found = Evaluation([graph], {A: 2.0, B: 5.0, nobody: NAN}, Space()).scalar(graph)
        assert found == pytest.approx(said, nan_ok=True), root


# --- what a result rests on ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("root", "needed"),
    [
        (lambda x: total(x, by=GROUP_OF_UNIT), [True, True, True, False]),  # the last unit is of no group
        (lambda x: total(x, over=UNIT), [True] * 4),
        (lambda x: where(x > 2.0, x, 0), [True] * 4),
        (lambda x: at(total(x, by=GROUP_OF_UNIT), GROUP_OF_UNIT), [True, True, True, False]),
        (lambda x: Lag(x, UNIT, 1), [True, True, True, False]),
        (lambda x: Lag(x, UNIT, -1), [False, True, True, True]),
        (lambda x: Running(x, UNIT), [True] * 4),
        (lambda x: Weighted(Number(0), x), [True] * 4),
    ],
)
def test_which_elements_a_result_rests_on(root: Any, needed: list[bool]) -> None:
    x = Input("x", "x", "1", (UNIT,))
    node = root(x)
    evaluation = Evaluation([node], {x: np.array([1.0, 2.0, 3.0, 4.0])}, four_units())
    assert required([node], evaluation)[x].tolist() == needed
