"""Surfaces: every one knows every kind of node, and none has a limit to how deep a graph may be."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from jcm_mrv.quantities import bounds, derivative, evaluate, excel, lowering, required, tracing, typeset, units  # noqa: F401
from jcm_mrv.quantities.bounds import Bounds
from jcm_mrv.quantities.derivative import gradient
from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.excel import Formulas
from jcm_mrv.quantities.expression import Defined, Expression, Input, Multiply, Node, Unary
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.lowering import prepare, unit_of
from jcm_mrv.quantities.required import required as required_inputs
from jcm_mrv.quantities.sets import Space
from jcm_mrv.quantities.surface import SURFACES, Surface
from jcm_mrv.quantities.surface import __file__ as surface_file
from jcm_mrv.quantities.text import term_text
from jcm_mrv.quantities.tracing import trace as traced
from jcm_mrv.quantities.typeset import equation_mathml, numbers_mathml
from jcm_mrv.quantities.units import check_units
from jcm_mrv.quantities.with_numbers import numbers_text
from support.grid import Grid

BASES = {
    "Node",
    "Expression",
    "Condition",
    "Named",
    "Unary",
    "Binary",
    "Extreme",
    "Across",
    "Sum",
    "Table",
}  # what others are built on


def kinds(of: type[Node] = Node) -> list[type[Node]]:
    """Every class of nodes of the language that a graph may hold."""
    mine = [of] if of.__module__.startswith("jcm_mrv.") and of.__name__ not in BASES else []
    return [*mine, *(kind for sub in of.__subclasses__() for kind in kinds(sub))]


def test_there_are_the_surfaces_that_the_page_speaks_of() -> None:
    assert {"numbers", "bounds", "derivative", "units", "formulas", "text", "symbols as MathML"} <= set(SURFACES)
    assert len(kinds()) >= 28


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_knows_every_kind_of_node(name: str) -> None:
    lacking = SURFACES[name].lacking(kinds())
    assert not lacking, f"the surface {name!r} lacks {', '.join(lacking)}: enter a function with @….rule({lacking[0]})"


def test_a_surface_names_what_it_lacks() -> None:
    class Cube(Unary):
        """A new kind of node."""

    surface: Surface[[], str] = Surface("a trial", of=Expression, part=True)
    surface.rule(Multiply)(lambda node: "a product")
    assert "a trial" not in SURFACES
    assert surface.lacking([Cube, Multiply]) == ["Cube"]
    with pytest.raises(EquationError, match="the surface 'a trial' knows no Cube"):
        surface(Cube(2))
    with pytest.raises(EquationError, match="knows no Cube"):
        Evaluation([Cube(2)], {}, Space())


def test_the_nearest_class_and_the_own_table_count_first() -> None:
    general: Surface[[], str] = Surface("general", part=True)
    general.rule(Expression)(lambda node: "an expression")
    special: Surface[[], str] = Surface("special", part=True, like=[general])
    x = Input("x", "x", "1")
    assert special(x * x) == "an expression"
    special.rule(Multiply)(lambda node: "a product")
    fresh: Surface[[], str] = Surface("fresh", part=True, like=[special])
    assert (fresh(x * x), fresh(x + x)) == ("a product", "an expression")


def test_no_surface_has_a_limit_of_depth() -> None:
    """A sum of 3,000 terms, each built on the one before: deeper than Python calls functions."""
    depth = 3 * sys.getrecursionlimit()
    x = Input("x", "x", "t")
    long: Expression = x
    for _ in range(depth):
        long = x + long
    root = Defined("Z", "sum", "t", long, ())
    values, space = {x: np.array(0.5)}, Space()
    evaluation = Evaluation([root], values, space)
    assert evaluation.scalar(root) == 0.5 * (depth + 1)
    low, high = Bounds([root], values, {x: np.array(1.0)}, space)[root]
    assert low <= 0.5 * (depth + 1) and high >= depth + 1
    slope = gradient(root, [x])[x]
    assert Evaluation([slope], values, space).scalar(slope) == depth + 1
    check_units([root])
    assert unit_of(long) == "t"
    assert required_inputs([root], evaluation)[x].all()
    [lowered] = prepare([root])
    assert Formulas(Grid([lowered], space), space).equation(lowered, ()).count("+") == depth
    assert term_text(long).count("+") == depth
    assert equation_mathml(root).count("<mo>+</mo>") == depth
    assert numbers_text(root, evaluation, (), "{:g}".format).count("+") == depth
    assert numbers_mathml(root, evaluation, (), "{:g}".format).count("<mo>+</mo>") == depth
    assert [part.symbol for part in traced(root, evaluation).parts] == ["x"]


def test_no_module_bears_the_name_of_a_standard_one() -> None:
    names = {file.stem for file in Path(surface_file).parent.glob("*.py")}
    assert names.isdisjoint(sys.stdlib_module_names)


def test_what_is_shared_is_met_once() -> None:
    """Forty doublings of one term: 2**40 ways through the graph, 41 nodes."""
    x = Input("x", "x", "1")
    shared: Expression = x
    for _ in range(40):
        shared = shared + shared
    assert len(list(walk([shared]))) == 41
    slope = gradient(shared, [x])[x]
    assert Evaluation([slope], {x: np.array(1.0)}, Space()).scalar(slope) == 2.0**40
