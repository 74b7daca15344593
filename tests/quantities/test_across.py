"""Values across sets, worked out by hand: a set on both sides of a mapping, sums in order, a trace of each."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient, jumps, kinks
from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.evaluate import Evaluation, evaluate
from jcm_mrv.quantities.expression import (
    At,
    Defined,
    Expression,
    GroupTotal,
    Input,
    Interpolated,
    Lag,
    Rounded,
    Running,
    greatest,
    interpolate,
    least,
    total,
    where,
)
from jcm_mrv.quantities.required import required
from jcm_mrv.quantities.sets import Mapping, Set
from jcm_mrv.quantities.tracing import trace, trace_text
from jcm_mrv.quantities.with_numbers import numbers_text
from support.expressions import CLASS, GROUP, GROUP_OF_BOTH, GROUP_OF_UNIT, UNIT, YEAR, space

NAN, INF = math.nan, math.inf
G = Input("G", "by group", "1", (GROUP,))
GY = Input("H", "by group and year", "1", (GROUP, YEAR))
U = Input("U", "by unit", "1", (UNIT,))
UY = Input("V", "by unit and year", "1", (UNIT, YEAR))
X = Input("x", "x", "1")
VALUES = {
    G: [3.0, 5.0],
    GY: [[1.0, 2.0], [10.0, 20.0]],
    U: [1.0, 2.0, 4.0, 8.0],
    UY: [[1.0, 2.0], [NAN, 4.0], [8.0, 16.0], [32.0, 64.0]],  # the second unit does not exist in 2024
    X: 2.0,
}


def value(root: Expression) -> list[object]:
    return evaluate(root, VALUES, space()).tolist()


def numbers(root: Expression, *ordinals: int) -> str:
    defined = Defined("Z", "result", "1", root, root.sets)
    return numbers_text(defined, Evaluation([defined], VALUES, space()), ordinals, "{:g}".format)


def test_a_set_on_both_sides_of_a_mapping_is_taken_at_its_own_element() -> None:
    """Unit and year choose the group, the year is that of the row: u1 in 2024 of group 1, in 2025 of group 2."""
    root = At(GY, GROUP_OF_BOTH)
    assert root.sets == (UNIT, YEAR)
    expected = [[1.0, 20.0], [10.0, 20.0], [1.0, 2.0], [NAN, 20.0]]
    assert np.array_equal(evaluate(root, VALUES, space()), expected, equal_nan=True)
    turned = Input("T", "by year and group", "1", (YEAR, GROUP))
    given = {turned: [[1.0, 10.0], [2.0, 20.0]]}
    assert np.array_equal(evaluate(At(turned, GROUP_OF_BOTH), given, space()), expected, equal_nan=True)
    assert [numbers(At(G, GROUP_OF_UNIT), n) for n in range(4)] == ["3", "5", "3", "unknown"]
    assert numbers(At(G, GROUP_OF_UNIT, 0.0), 3) == "0"
    assert numbers(root, 0, 1) == "20" and numbers(root, 3, 0) == "unknown"
    # u1 and u3 take the first group in 2024, u2 does not exist then; u1, u2 and u4 the second one in 2025
    slope = gradient(total(total(root * X, over=UNIT), over=YEAR), [GY])[GY]
    assert evaluate(slope, VALUES, space()).tolist() == [[4.0, 2.0], [0.0, 6.0]]
    needed = required([root], Evaluation([root], VALUES, space()))[GY]
    assert needed.tolist() == [[True, True], [False, True]], "in 2024 no unit of the second group exists"
    only = where(UY > 3, root, 0)
    assert required([only], Evaluation([only], {**VALUES, UY: np.array([[1, 9], [9, 1], [1, 1], [1, 1]])}, space()))[
        GY
    ].tolist() == [[False, False], [False, True]]
    low, high = Bounds([root], VALUES, {**VALUES, GY: [[1.0, 2.5], [10.0, 20.0]]}, space())[root]
    assert (low[2].tolist(), high[2].tolist()) == ([1.0, 2.0], [1.0, 2.5])


def test_groups_of_which_a_set_is_kept_are_not_summed_over_it() -> None:
    """2024: u1 and u3 are of the first group, u2 does not exist, u4 is of none; 2025: u3 alone, and u1, u2, u4."""
    root = GroupTotal(UY, GROUP_OF_BOTH, [YEAR])
    assert root.sets == (YEAR, GROUP)
    assert value(root) == [[9.0, 0.0], [16.0, 70.0]]
    assert value(total(UY, by=GROUP_OF_BOTH)) == [25.0, 70.0]
    assert numbers(root, 1, 1) == "2 + 4 + 64" and numbers(root, 0, 0) == "1 + 8" and numbers(root, 0, 1) == "0"
    assert numbers(total(UY, by=GROUP_OF_BOTH), 0) == "1 + 8 + 16"


def test_groups_beside_two_other_sets() -> None:
    """Unit and year times class: u1 and u3 are of the first group, u2 of the second, u4 of none."""
    of_class = Input("C", "by class", "1", (CLASS,))
    root = total(UY * of_class, by=GROUP_OF_UNIT)
    assert root.sets == (YEAR, CLASS, GROUP)
    found = evaluate(root, {**VALUES, of_class: [1.0, 10.0, 100.0]}, space())
    assert found[:, 0].tolist() == [[9.0, 0.0], [18.0, 4.0]]
    assert found[:, 2].tolist() == [[900.0, 0.0], [1800.0, 400.0]]
    # what is the same everywhere: 2 x (1 + 10 + 100) for each unit of a group and each year in which it exists
    slope = gradient(total(total(total(root * X, over=YEAR), over=CLASS), over=GROUP), [UY])[UY]
    given = {**VALUES, of_class: [1.0, 10.0, 100.0]}
    assert evaluate(slope, given, space())[:, 1].tolist() == [222.0, 222.0, 222.0, 0.0]
    most = greatest(UY * of_class, by=GROUP_OF_UNIT)
    picked = evaluate(most, given, space())
    assert np.array_equal(picked[0, 1:], [[80.0, NAN], [800.0, NAN]], equal_nan=True)
    assert picked[1, 1].tolist() == [160.0, 40.0]


def test_sums_in_order_forward_and_backward() -> None:
    """1, 1 + 2 and so on; backward 1 + 2 + 4 + 8, 2 + 4 + 8."""
    assert value(Running(U, UNIT)) == [1.0, 3.0, 7.0, 15.0]
    assert value(Running(U, UNIT, backward=True)) == [15.0, 14.0, 12.0, 8.0]
    assert value(Running(UY, UNIT)) == [[1.0, 2.0], [1.0, 6.0], [9.0, 22.0], [41.0, 86.0]]
    assert value(Running(UY, UNIT, backward=True)) == [[41.0, 86.0], [40.0, 84.0], [40.0, 80.0], [32.0, 64.0]]
    assert numbers(Running(U, UNIT), 2) == "1 + 2 + 4"
    assert numbers(Running(U, UNIT, backward=True), 2) == "4 + 8"
    assert numbers(Running(UY, UNIT, backward=True), 1, 0) == "8 + 32"
    for backward, needed in ((False, [True, True, False, False]), (True, [False, True, True, True])):
        root = Running(U, UNIT, backward=backward)
        at_second = total(where(U * 0 + Input("k", "k", "1", (UNIT,)) > 0, root, 0), over=UNIT)
        k = next(n for n in _inputs(at_second) if n.symbol == "k")
        found = required([at_second], Evaluation([at_second], {**VALUES, k: [0, 1, 0, 0]}, space()))
        assert (found[U] & [True] * 4).tolist() == [True] * 4, "the condition asks for all of them"
        alone = total(where(k > 0, root, 0), over=UNIT)
        assert required([alone], Evaluation([alone], {**VALUES, k: [0, 1, 0, 0]}, space()))[U].tolist() == needed
        # d/dU of the second element's sum: 1 for each that is in it
        slope = gradient(alone, [U])[U]
        found_slope = evaluate(slope, {**VALUES, k: [0, 1, 0, 0]}, space()).tolist()
        assert found_slope == [1.0 if one else 0.0 for one in needed]


def _inputs(root: Expression) -> list[Input]:
    from jcm_mrv.quantities.graph import of_type

    return list(of_type([root], Input))


def test_the_extreme_of_each_group_and_its_slope() -> None:
    """u1 and u3 are of the first group, u2 of the second, u4 of none: the greatest are 4 and 2, the least 1 and 2."""
    for pick, expected, slopes in ((greatest, [4.0, 2.0], [0, 5, 3, 0]), (least, [1.0, 2.0], [3, 5, 0, 0])):
        root = pick(U, by=GROUP_OF_UNIT)
        assert value(root) == expected
        slope = gradient(total(root * G, over=GROUP), [U])[U]
        assert evaluate(slope, VALUES, space()).tolist() == slopes
        over = pick(U, over=UNIT)
        place = [U_value == value(over) for U_value in VALUES[U]]  # type: ignore[attr-defined]
        slope = gradient(over * 7, [U])[U]
        assert evaluate(slope, VALUES, space()).tolist() == [7.0 * one for one in place]
    assert numbers(greatest(U, by=GROUP_OF_UNIT), 0) == "max(1; 4)"
    assert numbers(least(U, over=UNIT)) == "min(1; 2; 4; 8)"
    defined = Defined("Z", "result", "1", greatest(U, over=UNIT), ())
    evaluation = Evaluation([defined], VALUES, space())
    assert numbers_text(defined, evaluation, (), "{:g}".format, 3) == "max(1; 2; … (1) …; 8)"


def test_the_value_of_an_earlier_element_and_its_slope() -> None:
    """Two earlier: nothing, nothing, u1, u2, and 7 in place of nothing; one later: u2, u3, u4, nothing."""
    back, ahead = Lag(U, UNIT, 2, X), Lag(U, UNIT, -1, 0)
    assert value(back) == [2.0, 2.0, 1.0, 2.0] and value(ahead) == [2.0, 4.0, 8.0, 0.0]
    weighed = total(back * U, over=UNIT)
    # 2 x (1 + 2) + 1 x 4 + 2 x 8: d/dU = (x + U3, x + U4, U1, U2), d/dx = U1 + U2
    assert evaluate(gradient(weighed, [U])[U], VALUES, space()).tolist() == [6.0, 10.0, 1.0, 2.0]
    assert float(evaluate(gradient(weighed, [X])[X], VALUES, space())) == 3.0
    assert numbers(Lag(U, UNIT, 1), 1) == "1" and numbers(Lag(U, UNIT, -1), 3) == "unknown"  # first, and behind last
    assert numbers(back, 3) == "2" and numbers(back, 1) == "2" and numbers(Lag(U, UNIT, 1), 0) == "unknown"
    by_year = Lag(UY, YEAR, 1, G)
    assert by_year.sets == (UNIT, YEAR, GROUP)
    assert evaluate(by_year, VALUES, space())[1].tolist() == [[3.0, 5.0], [3.0, 5.0]], "u2 did not exist in 2024"


def test_where_a_slope_jumps_and_where_it_bends() -> None:
    """A table's points move the value by a jump, what lies between them by a bend; its values by neither."""
    points, values = (Input(n, n, "1", (GROUP,)) for n in ("points", "values"))
    root = interpolate(X, points, values)
    assert isinstance(root, Interpolated)
    assert (jumps(root, [X]), jumps(root, [points]), jumps(root, [values])) == ([], [root], [])
    assert (kinks(root, [X]), kinks(root, [points]), kinks(root, [values])) == ([root], [], [])
    stepped = Rounded(X, 1) + U
    assert [type(one) for one in jumps(total(stepped, over=UNIT), [X])] == [Rounded]
    assert jumps(total(stepped, over=UNIT), [U]) == []
    given = {points: np.array([0.0, 10.0]), values: np.array([7.0, 9.0]), X: 5.0}
    low, high = Bounds([root], given, {**given, points: np.array([0.0, 11.0])}, space())[root]
    assert (float(low), float(high)) == (-INF, INF), "a point that is not certain leaves everything open"


def test_a_total_is_over_a_set_or_by_a_mapping() -> None:
    for pick in (total, greatest, least):
        for wrong in ({}, {"over": UNIT, "by": GROUP_OF_UNIT}):
            with pytest.raises(EquationError):
                pick(U, **wrong)


def test_what_a_trace_leaves_folded_is_not_opened() -> None:
    """The largest of four is opened: 8 x 2 = 16; the others are shown with their values alone."""
    own = Defined("D", "doubled", "1", U * X, (UNIT,))
    whole = Defined("S", "sum", "1", total(own, over=UNIT), ())
    lines = trace_text(trace(whole, Evaluation([whole], VALUES, space()), most_opened=1)).splitlines()
    assert [line for line in lines if line.startswith("  D")] == [
        "  D[u1] = 2   (folded)", "  D[u2] = 4   (folded)", "  D[u3] = 8   (folded)", "  D[u4] = U_i × x",
    ]  # fmt: skip
    assert "    U[u4] = 8" in lines and "    U[u1] = 1" not in lines and not any("more" in line for line in lines)
    two = trace_text(trace(whole, Evaluation([whole], VALUES, space()), depth=2)).splitlines()
    assert [line for line in two if "more" in line] == ["    … 2 more"] * 4


def test_a_total_shows_as_many_terms_as_asked_for_and_the_last() -> None:
    defined = Defined("S", "sum", "1", total(U, over=UNIT), ())
    evaluation = Evaluation([defined], VALUES, space())
    shown = {n: numbers_text(defined, evaluation, (), "{:g}".format, n) for n in (0, 2, 3, 4, 5)}
    assert shown[0] == shown[2] == "1 + … (2) … + 8"
    assert (shown[3], shown[4], shown[5]) == ("1 + 2 + … (1) … + 8", "1 + 2 + 4 + 8", "1 + 2 + 4 + 8")
    alone = space()
    one = Set("one", "o", "one")
    alone.add(one, ["only"])
    to_one = Mapping("of one", (one,), UNIT)
    alone.map(to_one, [2])
    few = Input("F", "few", "1", (one,))
    by = Defined("B", "by unit", "1", total(few, by=to_one), (UNIT,))
    known = Evaluation([by], {few: [-5.0]}, alone)
    assert [numbers_text(by, known, (n,), "{:g}".format) for n in range(4)] == ["0", "0", "-5", "0"]
