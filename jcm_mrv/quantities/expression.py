"""The language in which equations are written: every node of a graph, and the words that make them.

An equation is a Python expression over declared quantities. Building it makes
a graph of nodes and computes nothing; what is done with the graph (numbers,
Excel formulas, typesetting, units, derivative, bounds, trace) lives in one
module each, with one table from a node's class to a function
(:mod:`jcm_mrv.quantities.surface`). Nodes that act element by
element are in :mod:`jcm_mrv.quantities.nodes`, those that choose, look up or go
across the elements of a set in :mod:`jcm_mrv.quantities.nodes_across`.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.nodes import (
    Add,
    Binary,
    Both,
    Compare,
    Condition,
    Constant,
    Defined,
    Divide,
    Either,
    Exponential,
    Expression,
    Extreme,
    Input,
    IsLabel,
    Label,
    Logarithm,
    Maximum,
    Minimum,
    Multiply,
    Named,
    Negative,
    Node,
    Not,
    Number,
    NumberOf,
    Numeric,
    Power,
    Rounded,
    Subtract,
    Unary,
    Weighted,
    number,
    union,
)
from jcm_mrv.quantities.nodes_across import (
    Across,
    At,
    Choose,
    GroupTotal,
    Interpolated,
    Lag,
    Lookup,
    Peak,
    Running,
    Spread,
    Sum,
    Table,
    Total,
    Where,
)
from jcm_mrv.quantities.sets import Mapping, Set

__all__ = [
    "Across",
    "Add",
    "At",
    "Binary",
    "Both",
    "Choose",
    "Compare",
    "Condition",
    "Constant",
    "Defined",
    "Divide",
    "Either",
    "Exponential",
    "Expression",
    "Extreme",
    "GroupTotal",
    "Input",
    "Interpolated",
    "IsLabel",
    "Label",
    "Lag",
    "Logarithm",
    "Lookup",
    "Maximum",
    "Minimum",
    "Multiply",
    "Named",
    "Negative",
    "Node",
    "Not",
    "Number",
    "NumberOf",
    "Numeric",
    "Peak",
    "Power",
    "Rounded",
    "Running",
    "Spread",
    "Subtract",
    "Sum",
    "Table",
    "Total",
    "Unary",
    "Weighted",
    "Where",
    "at",
    "choose",
    "count",
    "exp",
    "greatest",
    "interpolate",
    "lag",
    "least",
    "ln",
    "lookup",
    "maximum",
    "mean",
    "minimum",
    "number",
    "number_of",
    "rounded",
    "running",
    "total",
    "union",
    "where",
]

# --- how an equation is written ----------------------------------------------------


def exp(x: Numeric) -> Expression:
    """e to the power x."""
    return Exponential(x)


def ln(x: Numeric) -> Expression:
    """The natural logarithm of x."""
    return Logarithm(x)


def rounded(x: Numeric, digits: int, direction: str = "nearest") -> Expression:
    """x rounded to so many decimals, as a document prescribes: ``nearest``, ``down`` or ``up``."""
    return Rounded(x, digits, direction)


def minimum(*args: Numeric) -> Expression:
    """The least of several expressions."""
    return Minimum(*args)


def maximum(*args: Numeric) -> Expression:
    """The greatest of several expressions."""
    return Maximum(*args)


def where(condition: Condition, yes: Numeric, no: Numeric) -> Expression:
    """``yes`` where the condition holds, else ``no``."""
    return Where(condition, yes, no)


def choose(label: Label, branches: MappingOf[str, Numeric]) -> Expression:
    """The branch that the label names."""
    return Choose(label, branches)


def lookup(x: Expression, lower: Input, upper: Input, values: Expression) -> Expression:
    """The value of the class in which x lies."""
    return Lookup(x, lower, upper, values)


def interpolate(x: Expression, points: Input, values: Expression) -> Expression:
    """The value on the straight line between the two points of a table around x."""
    return Interpolated(x, points, values)


def total(arg: Expression, over: Set | None = None, by: Mapping | None = None) -> Expression:
    """The sum over a set, or grouped by a mapping. Raises EquationError unless exactly one is given."""
    if over is not None and by is None:
        return Total(arg, over)
    if by is not None and over is None:
        return GroupTotal(arg, by)
    raise EquationError("total takes either over= or by=")


def greatest(arg: Expression, over: Set | None = None, by: Mapping | None = None) -> Expression:
    """The greatest value over a set, or in each group of a mapping."""
    return Peak(arg, over, by)


def least(arg: Expression, over: Set | None = None, by: Mapping | None = None) -> Expression:
    """The least value over a set, or in each group of a mapping."""
    return Peak(arg, over, by, least=True)


def count(sets: Sequence[Set], over: Set | None = None, by: Mapping | None = None) -> Expression:
    """How many elements exist over a set, or in each group: ``count((UNIT, YEAR), over=UNIT)`` by year."""
    return total(Spread(Number(1), sets), over, by)


def mean(
    arg: Expression, over: Set | None = None, by: Mapping | None = None, weight: Expression | None = None
) -> Expression:
    """The mean over a set, or in each group, weighted by another quantity where one is given.

    Unknown where there is no element, and where the weights are 0 together.
    """
    if weight is None:
        return total(arg, over, by) / count(arg.sets, over, by)
    return total(arg * weight, over, by) / total(weight, over, by)


def running(arg: Expression, over: Set) -> Expression:
    """The sum up to and with each element, in the order of the set: of all years until now."""
    return Running(arg, over)


def lag(arg: Expression, over: Set, steps: int = 1, before: Numeric | None = None) -> Expression:
    """The value of an earlier element, such as the year before; ``before`` is the value where there is none."""
    return Lag(arg, over, steps, before)


def at(arg: Expression, by: Mapping) -> Expression:
    """The value at the element that a mapping names: ``at(EF, supply_of_equipment)``."""
    return At(arg, by)


def number_of(over: Set, unit: str = "1") -> Expression:
    """What the elements of a set count as, for instance calendar years."""
    return NumberOf(over, unit)
