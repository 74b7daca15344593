"""Walking a graph: each thing once and after its parts, a circle named from where it closes, owners of terms."""

from __future__ import annotations

import pytest

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.evaluate import evaluate
from jcm_mrv.quantities.expression import Defined, Input
from jcm_mrv.quantities.graph import own_nodes, owners, substitute, walk
from jcm_mrv.quantities.sets import Space

X = Input("x", "x", "1")


def test_a_circle_is_named_from_the_quantity_that_comes_again() -> None:
    """c is of a, a of b and b of a: c is on the way to the circle, and not in it."""
    a = Defined("a", "a", "1", X + 1, ())
    b = Defined("b", "b", "1", a * 2, ())
    c = Defined("c", "c", "1", b - a, ())
    a.operands = (b + 1,)
    with pytest.raises(EquationError, match=r"^the equations form a circle: b from a from b$"):
        list(walk([X, c]))


def test_a_term_without_a_name_may_hold_itself() -> None:
    term = X + 1
    term.operands = (term,)
    with pytest.raises(EquationError, match=r"^an equation holds itself$"):
        list(walk([term * 2]))


def test_a_term_belongs_to_the_quantity_in_whose_equation_it_stands() -> None:
    """Of what has no symbol the label is said; a quantity belongs to itself wherever it is named."""
    inner = Defined("", "the inner one", "1", X + 1, ())
    outer = Defined("o", "the outer one", "1", inner * 2, ())
    assert [node for node in own_nodes(outer) if isinstance(node, (Input, Defined))] == [inner], "which is not opened"
    found = owners([outer])
    assert [found[node] for node in (X, inner.equation, inner, outer.equation, outer)] == [
        "the inner one", "the inner one", "the inner one", "o", "o",
    ]  # fmt: skip


def test_what_is_replaced_is_replaced_wherever_it_stands() -> None:
    """7 x 2 + 7 = 21; the graph that is given stays as it is."""
    other, root = Input("y", "y", "1"), X * 2 + X
    assert float(evaluate(substitute(root, {X: other}), {other: 7.0}, Space())) == 21.0
    assert float(evaluate(root, {X: 1.0}, Space())) == 3.0
