"""Intervals, units and tables at their limits: what is closed, what is open, and which way is rounded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from jcm_mrv.quantities.across import class_of, point_before
from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.digits import round_to
from jcm_mrv.quantities.errors import EquationError, SpaceError, UnitError
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
    Number,
    Power,
    Rounded,
    Running,
    Weighted,
    Where,
    at,
    total,
    where,
)
from jcm_mrv.quantities.intervals import EPS, LIBRARY, covered, outward, raised, side, summed_up, times, widened
from jcm_mrv.quantities.nodes import number
from jcm_mrv.quantities.required import required
from jcm_mrv.quantities.sets import Mapping, Numbered, Set, Space, align, names
from jcm_mrv.quantities.tracing import shown
from jcm_mrv.quantities.units import (
    HIGHEST_POWER,
    LONGEST_UNIT,
    ONE,
    Unit,
    conversion,
    over_hours,
    over_pieces,
    parse_unit,
    same_dimension,
    unit_text,
)
from jcm_mrv.quantities.units import times as product_of
from support.expressions import GROUP_OF_UNIT, UNIT
from support.expressions import space as four_units

INF, NAN = math.inf, math.nan


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """As the bounds of a graph are computed: what is undefined is no warning."""
    with np.errstate(all="ignore"):
        yield


def one(value: float) -> np.ndarray:
    return np.array([value])


def pair(low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    return one(low), one(high)


def plain(found: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    return float(found[0][0]), float(found[1][0])


def near(found: tuple[np.ndarray, np.ndarray], low: float, high: float) -> None:
    """Just outside of these ends: never inside, and not far."""
    a, b = plain(found)
    assert a <= low and b >= high
    assert a == pytest.approx(low, rel=1e-12, abs=1e-300) and b == pytest.approx(high, rel=1e-12, abs=1e-300)


# --- intervals ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "low", "high"),
    [
        ((2, 3), (4, 5), 8, 15), ((-2, 3), (4, 5), -10, 15), ((-3, -2), (4, 5), -15, -8), ((-2, 3), (-4, 5), -12, 15),
        ((-3, -2), (-5, -4), 8, 15), ((0, 3), (-INF, INF), -INF, INF), ((0, 0), (-INF, INF), 0, 0),
    ],
)  # fmt: skip
def test_a_product_lies_between_its_corners(left: Any, right: Any, low: float, high: float) -> None:
    found = times(pair(*left), pair(*right))
    near(found, low, high)
    assert all(math.isnan(end) for end in plain(times(pair(NAN, NAN), pair(*right))))


@pytest.mark.parametrize(
    ("low", "high", "exponent", "least", "most"),
    [
        (2, 3, 2.0, 4, 9), (-2, 3, 2.0, 0, 9), (-3, 2, 2.0, 0, 9), (-3, -2, 2.0, 4, 9), (0, 3, 2.0, 0, 9),
        (-3, 0, 2.0, 0, 9), (-2, 3, 3.0, -8, 27), (2, 4, -1.0, 0.25, 0.5), (-4, -2, -1.0, -0.5, -0.25),
        (-2, 3, -1.0, -INF, INF), (0, 3, -1.0, -INF, INF), (-3, 0, -1.0, -INF, INF), (4, 9, 0.5, 2, 3),
        (0, 9, 0.5, 0, 3), (-1, 9, 0.5, -INF, INF), (-1, 0, 0.5, -INF, INF), (-4, -2, -2.0, 1 / 16, 1 / 4),
        (2, 3, 0.0, 1, 1), (-2, 3, 4.0, 0, 81),
    ],
)  # fmt: skip
def test_a_power_of_an_interval(low: float, high: float, exponent: float, least: float, most: float) -> None:
    near(raised(one(low), one(high), exponent), least, most)


def test_every_operation_is_rounded_outward() -> None:
    low, high = plain(outward(one(1.0), one(2.0), one(False).astype(bool)))
    assert (low, high) == (np.nextafter(1.0, -INF), np.nextafter(2.0, INF))
    assert plain(outward(one(NAN), one(NAN), one(0).astype(bool))) == (-INF, INF)
    assert all(math.isnan(end) for end in plain(outward(one(1.0), one(2.0), one(1).astype(bool))))
    low, high = plain(widened(one(-2.0), one(3.0), LIBRARY))
    assert (low, high) == (np.nextafter(-2 - 2 * LIBRARY, -INF), np.nextafter(3 + 3 * LIBRARY, INF))
    low, high = plain(widened(one(2.0), one(-3.0), 0.5))
    assert (low, high) == (pytest.approx(1.0), pytest.approx(-1.5))
    assert plain(widened(one(-INF), one(INF), 0.5)) == (-INF, INF)


def test_a_sum_may_be_off_by_every_term() -> None:
    terms = np.array([1.0, -2.0, 3.0])
    low, high = summed_up((terms, terms), 3, lambda array: np.asarray(array.sum()))
    assert float(low) == np.nextafter(2 - 6 * 6 * EPS, -INF) and float(high) == np.nextafter(2 + 6 * 6 * EPS, INF)
    unknown = np.array([1.0, NAN])
    found = summed_up((unknown, unknown), 2, lambda array: np.asarray(array.sum()))
    assert all(math.isnan(float(end)) for end in found)
    endless = np.array([1.0, INF])
    assert float(summed_up((endless, endless), 2, lambda array: np.asarray(array.sum()))[1]) == INF


@pytest.mark.parametrize(
    ("never", "always", "low", "high"),
    [(1, 1, 10, 20), (0, 0, 30, 40), (0, 1, 10, 40), (NAN, NAN, NAN, NAN)],
)
def test_a_choice_that_is_open_takes_both_sides(never: float, always: float, low: float, high: float) -> None:
    yes, no = pair(10, 20), pair(30, 40)
    found = [side(one(never), one(always), yes, no, pick, end) for end, pick in ((0, np.minimum), (1, np.maximum))]
    assert [float(f[0]) for f in found] == pytest.approx([low, high], nan_ok=True)


CLASSES = np.array([0.0, 10.0, 20.0]), np.array([10.0, 20.0, 30.0])


@pytest.mark.parametrize(
    ("a", "b", "whole"),
    [
        (0.0, 29.9, True), (0.0, 0.0, True), (9.9, 10.0, True), (-0.1, 5.0, False), (25.0, 30.0, False),
        (5.0, 5.0, True), (29.9, 29.9, True),
    ],
)  # fmt: skip
def test_a_table_covers_what_lies_in_its_classes(a: float, b: float, whole: bool) -> None:
    lower, upper = ((end, end) for end in CLASSES)
    touched = (np.array([[b]]) >= CLASSES[0]) & (np.array([[a]]) < CLASSES[1])
    assert bool(covered(np.array([[a]]), np.array([[b]]), lower, upper, touched)[0]) is whole


def test_a_table_with_a_hole_or_an_overlap_covers_nothing_across_it() -> None:
    for upper in (np.array([9.0, 20.0, 30.0]), np.array([11.0, 20.0, 30.0])):
        touched = (np.array([[15.0]]) >= CLASSES[0]) & (np.array([[5.0]]) < upper)
        assert not covered(np.array([[5.0]]), np.array([[15.0]]), (CLASSES[0],) * 2, (upper,) * 2, touched)[0]


# --- tables --------------------------------------------------------------------------------------


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


# --- units ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("have", "want", "factor"),
    [
        ("MWh", "kWh", 1000.0), ("kWh", "MJ", 3.6), ("t/kL", "t/m3", 1.0), ("kJ/(kg K)", "J/(kg*K)", 1000.0),
        ("m**2", "m2", 1.0), ("m^2", "m2", 1.0), ("m³", "L", 1000.0), ("kg per h", "g/s", 1 / 3.6), ("%", "1", 0.01),
        ("1/h", "h**-1", 1.0), ("m**0.5", "m^0.5", 1.0), ("kg·m", "kg m", 1.0), ("h**+2", "h*h", 1.0),
        ("kW h", "kWh", 1.0),
        ("t/(MWh)", "kg/kWh", 1.0), ("kg/h/h", "kg/h**2", 1.0), ("kg/(h*h)", "kg/h**2", 1.0),
    ],
)  # fmt: skip
def test_units_are_read_as_written(have: str, want: str, factor: float) -> None:
    assert conversion(have, want) == pytest.approx(factor) and same_dimension(have, want)
    assert conversion(want, have) == pytest.approx(1 / factor)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "kWh/",
        "(kWh",
        "kWh)",
        "2",
        "kWh**",
        "m**2**2",
        "m^10",
        "km3",
        "kilom2",
        "kWh $",
        "nothing",
        "m**x",
        "*kg",
    ],
)
def test_what_is_no_unit(text: str) -> None:
    with pytest.raises(UnitError):
        parse_unit(text)


def test_units_have_limits() -> None:
    long = "kg" + " " * 0 + "*1" * ((LONGEST_UNIT - 2) // 2)
    assert len(long) == LONGEST_UNIT and parse_unit(long).matches(parse_unit("kg"))
    with pytest.raises(UnitError):
        parse_unit(long + "*")
    assert parse_unit(f"m**{HIGHEST_POWER}").dimensions[0][1] == 9
    with pytest.raises(UnitError):
        parse_unit(f"m**{HIGHEST_POWER}*m")
    with pytest.raises(UnitError):
        conversion("kWh", "m3")
    assert not same_dimension("kWh", "m3")
    with pytest.raises(UnitError):
        parse_unit("GWh**9")  # a scale of 10 to the power of 113


def test_units_multiply_and_match_in_dimension_and_scale() -> None:
    metre, hour = parse_unit("m"), parse_unit("h")
    assert (metre * hour / hour).matches(metre) and (metre / metre).matches(ONE)
    assert (metre**2 / metre).matches(metre) and not metre.matches(parse_unit("km")) and not metre.matches(hour)
    assert Unit(1.0).matches(Unit(1.0 + 5e-10)) and not Unit(1.0).matches(Unit(1.0 + 5e-9))
    assert (metre**0).dimensions == ()
    assert (unit_text(ONE), unit_text(Unit(1000.0)), unit_text(metre)) == ("1", "1000", "meter")
    assert unit_text(parse_unit("km**2")) == "1e+06 meter^2"


def test_units_of_amounts() -> None:
    assert [over_hours(u) for u in ("kW", "W", "MW", "GW", "m3/h", "K")] == ["kWh", "Wh", "MWh", "GWh", "m3/h*h", "K*h"]
    assert (over_pieces(" K "), product_of("m3", "kJ/kg"), product_of(" m3 ", "K ")) == ("K*pcs", "m3*(kJ/kg)", "m3*K")


# --- what a graph is built from -------------------------------------------------------------------

X = Input("x", "x", "1")
S, T = Set("s", "s", "s"), Set("t", "t", "t")
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
        lambda: Defined("d", "d", "1", Input("y", "y", "1", (S,))),
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
    for test, said in tests:
        assert float(Evaluation([test], values, Space())[test]) == said
    assert Constant("c", "44 / 12", "1", "c").value == pytest.approx(44 / 12)


@pytest.mark.parametrize(
    ("value", "digits", "direction", "said"),
    [
        (0.5, 0, "nearest", 1.0), (-0.5, 0, "nearest", -1.0), (0.4999, 0, "nearest", 0.0),
        (0.28999999999999998, 2, "down", 0.29),
        (0.2899999, 2, "down", 0.28), (0.29, 2, "up", 0.29), (0.2900001, 2, "up", 0.3), (-0.291, 2, "down", -0.3),
        (-0.291, 2, "up", -0.29), (1250.0, -2, "nearest", 1300.0), (1249.0, -2, "nearest", 1200.0),
        (1201.0, -2, "up", 1300.0),
        (1e15, 0, "nearest", 1e15), (INF, 2, "down", INF),
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
    with pytest.raises(SpaceError):
        space().add(S, ["a", "a"])
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
