"""Which elements of its inputs a result rests on; the four units, two groups and two years of the tests."""

from __future__ import annotations

import math
from typing import Any

import pytest

from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    Expression,
    GroupTotal,
    Input,
    Interpolated,
    Label,
    Lag,
    Lookup,
    Named,
    at,
    choose,
    greatest,
    total,
    where,
)
from jcm_mrv.quantities.required import required
from support.expressions import CLASS, GROUP, GROUP_OF_UNIT, UNIT, YEAR, space

X = Input("x", "x", "1")
K, U, V = (Input(n, n, "1", (UNIT,)) for n in "kuv")
UY = Input("w", "w", "1", (UNIT, YEAR))
G = Input("g", "g", "1", (GROUP,))
P = Input("p", "p", "1", (YEAR,))
KIND = Label("kind", "kind", ("first", "second"), (UNIT,))
FROM, TO, OF = (Input(n, n, "1", (CLASS,)) for n in ("from", "to", "of"))
VALUES: dict[Named, Any] = {
    X: 2.0, K: [1.0, 0.0, 1.0, math.nan], U: [1.0, 2.0, 4.0, 8.0], V: [3.0, 5.0, 7.0, 9.0],
    G: [3.0, 5.0], P: [0.0, 1.0],
    UY: [[1.0, 2.0], [math.nan, 4.0], [8.0, 16.0], [32.0, 64.0]], KIND: [0, 1, -1, 1],
    FROM: [0.0, 10.0, 20.0], TO: [10.0, 20.0, 30.0], OF: [7.0, 8.0, 9.0],
}  # fmt: skip
T, F = True, False


def needed(root: Expression, of: Named, **changed: Any) -> Any:
    values = {**VALUES, **{node: changed[node.symbol] for node in VALUES if node.symbol in changed}}
    return required([root], Evaluation([root], values, space()))[of].tolist()


@pytest.mark.parametrize(
    ("root", "of", "mask"),
    [
        # of a choice what is taken; where it is not known, neither side
        (where(K > 0, U, V), U, [T, F, T, F]),
        (where(K > 0, U, V), V, [F, T, F, F]),
        (where(K > 0, U, V), K, [T, T, T, T]),
        (choose(KIND, {"first": U, "second": V}), U, [T, F, F, F]),
        (choose(KIND, {"first": U, "second": V}), V, [F, T, F, T]),
        (choose(KIND, {"first": U, "second": V}), KIND, [T, T, T, T]),
        (where(K > 0, X, 0), X, T),  # one unit that asks for it is enough
        (where(K > 5, X, 0), X, F),
        # totals and extremes of what exists (u2 came in 2025), in the years that are asked for
        (total(UY, over=UNIT), UY, [[T, T], [F, T], [T, T], [T, T]]),
        (where(P > 0, total(UY, over=UNIT), 0), UY, [[F, T], [F, T], [F, T], [F, T]]),
        (where(P > 0, 0, greatest(UY, over=UNIT)), UY, [[T, F], [F, F], [T, F], [T, F]]),
        # of groups those that are asked for: u1 and u3 are of the first, u2 of the second, u4 of none
        (where(G > 4, total(U, by=GROUP_OF_UNIT), 0), U, [F, T, F, F]),
        (where(G > 4, 0, greatest(U, by=GROUP_OF_UNIT)), U, [T, F, T, F]),
        (where(P > 0, GroupTotal(UY, GROUP_OF_UNIT, ()), 0), UY, [[F, T], [F, T], [F, T], [F, F]]),
        (where(K > 0, at(G, GROUP_OF_UNIT), 0), G, [T, F]),
        (where(K > 0, 0, at(G, GROUP_OF_UNIT)), G, [F, T]),
        # the element before, and for the first what stands for it
        (where(K > 0, Lag(U, UNIT, 1, V), 0), U, [F, T, F, F]),
        (where(K > 0, Lag(U, UNIT, 1, V), 0), V, [T, F, F, F]),
        (where(K > 0, 0, Lag(U, UNIT, 1, V)), U, [T, F, F, F]),
        (where(K > 0, 0, Lag(U, UNIT, 1, V)), V, [F, F, F, F]),
    ],
)  # fmt: skip
def test_which_elements_are_needed(root: Expression, of: Named, mask: Any) -> None:
    assert needed(root, of) == mask


@pytest.mark.parametrize(
    ("x", "of_classes", "of_points"),
    [
        (0.0, [T, F, F], [T, T, F]), (9.0, [T, F, F], [T, T, F]), (10.0, [F, T, F], [F, T, T]),
        (20.0, [F, F, T], [F, T, T]), (30.0, [F, F, F], [F, F, F]), (-1.0, [F, F, F], [F, F, F]),
    ],
)  # fmt: skip
def test_of_a_table_the_row_and_of_a_line_both_ends(x: float, of_classes: list[bool], of_points: list[bool]) -> None:
    """Classes from 0, 10 and 20 on; a line through points at the same places. Of its keys all are needed, or none."""
    table, line = Lookup(X, FROM, TO, OF), Interpolated(X, FROM, OF)
    assert (needed(table, OF, x=x), needed(line, OF, x=x)) == (of_classes, of_points)
    assert needed(table, TO, x=x) == needed(line, FROM, x=x) == [T, T, T]
    for root in (where(X > 50, table, 0), where(X > 50, line, 0)):
        assert needed(root, FROM, x=x) == [F, F, F] and needed(root, OF, x=x) == [F, F, F]
