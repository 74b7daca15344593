"""The nodes of an equation graph that choose, look up, or go across the elements of a set."""

from __future__ import annotations

import math
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence

from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.nodes import Condition, Expression, Label, Named, Numeric, number, union
from jcm_mrv.quantities.sets import Mapping, Set, names

# --- choices ---------------------------------------------------------------------


class Where(Expression):
    """``yes`` where the condition holds, else ``no``; only the taken side has to be known."""

    def __init__(self, condition: Condition, yes: Numeric, no: Numeric) -> None:
        self.condition, self.yes, self.no = condition, number(yes), number(no)
        self.sets = union(condition, self.yes, self.no)
        self.operands = (condition, self.yes, self.no)


class Choose(Expression):
    """The branch named by a label; only the chosen branch has to be known.

    Raises EquationError unless there is one branch per choice.
    """

    def __init__(self, label: Label, branches: MappingOf[str, Numeric]) -> None:
        if set(branches) != set(label.choices):
            raise EquationError(
                f"choose by {label.symbol}: branches {', '.join(branches)} for the choices {', '.join(label.choices)}"
            )
        self.label = label
        self.branches = tuple((choice, number(branches[choice])) for choice in label.choices)
        self.sets = union(label, *(b for _, b in self.branches))
        self.operands = (label, *(b for _, b in self.branches))


class Table(Expression):
    """A table over one set of classes or points, at ``x``; ``values`` may vary over more sets, which stay.

    A table of two keys is a table of tables: what one gives are the values of the other.
    """

    def __init__(self, x: Expression, keys: Sequence[Expression], values: Expression) -> None:
        name = values.symbol if isinstance(values, Named) else "of a term"
        over = keys[0].sets
        if len(over) != 1 or any(key.sets != over for key in keys) or over[0] not in values.sets:
            raise EquationError(f"the table {name} needs its keys over one set, and values over it")
        if over[0] in x.sets:
            raise EquationError(f"the table {name} is looked up by its own set {over[0]}")
        self.x, self.values, self.classes, self.name = x, values, over[0], name
        rest = (s for s in values.sets if s != over[0])
        self.sets = tuple(dict.fromkeys((*x.sets, *rest)))
        self.operands = (x, *keys, values)


class Lookup(Table):
    """The value of the class in which ``x`` lies: lower <= x < upper.

    ``lower`` and ``upper`` are over the set of classes (in a workbook they are
    columns), ``values`` vary over it. Outside every class there is no value: an error, never the nearest class.
    """

    def __init__(self, x: Expression, lower: Expression, upper: Expression, values: Expression) -> None:
        super().__init__(x, (lower, upper), values)
        self.lower, self.upper = lower, upper


class Interpolated(Table):
    """The value between two points of a table, on the straight line between them.

    ``points`` are over the set of points and rise from one to the
    next, ``values`` vary over it. Outside the table there is no value, and
    none where the points do not rise; nothing is extrapolated.
    """

    def __init__(self, x: Expression, points: Expression, values: Expression) -> None:
        super().__init__(x, (points,), values)
        self.points = points


# --- across sets -----------------------------------------------------------------


class Across(Expression):
    """What one term is over several elements taken together."""

    arg: Expression


class Sum(Across):
    """A sum of one term over several elements."""


class Total(Sum):
    """The sum over every existing element of ``over``."""

    def __init__(self, arg: Expression, over: Set) -> None:
        if over not in arg.sets:
            raise EquationError(f"total over {over}: the term does not vary over it, only over {names(arg.sets)}")
        self.arg, self.over = arg, over
        self.sets, self.operands = tuple(s for s in arg.sets if s != over), (arg,)


class GroupTotal(Sum):
    """The sum over all source elements that a mapping sends to each target element.

    Source sets in ``keep`` are grouped but not summed over (arises in derivatives).
    """

    def __init__(self, arg: Expression, by: Mapping, keep: Sequence[Set] = ()) -> None:
        missing = [s for s in by.source if s not in arg.sets]
        if missing:
            raise EquationError(f"grouped total by {by}: the term does not vary over {names(missing)}")
        if by.target in arg.sets and by.target not in by.source:
            raise EquationError(f"grouped total by {by}: the term varies over {by.target} already")
        self.arg, self.by, self.keep = arg, by, tuple(keep)
        self.sets = (*(s for s in arg.sets if s not in by.source or s in self.keep), by.target)
        self.operands = (arg,)


class Peak(Across):
    """The greatest (or the ``least``) value among the existing elements of ``over``, or of each group of ``by``.

    Where there is no element there is no value.
    """

    def __init__(self, arg: Expression, over: Set | None, by: Mapping | None, least: bool = False) -> None:
        if over is not None and by is None:
            self.sets = Total(arg, over).sets
        elif by is not None and over is None:
            self.sets = GroupTotal(arg, by).sets
        else:
            raise EquationError("greatest and least take either over= or by=")
        self.arg, self.over, self.by, self.least = arg, over, by, least
        self.operands = (arg,)


class Running(Sum):
    """The sum from the first existing element of ``over`` up to each one (``backward``: from each one to the last)."""

    def __init__(self, arg: Expression, over: Set, backward: bool = False) -> None:
        if over not in arg.sets:
            raise EquationError(f"running sum over {over}: the term does not vary over it, only over {names(arg.sets)}")
        self.arg, self.over, self.backward = arg, over, backward
        self.sets, self.operands = arg.sets, (arg,)


class Lag(Expression):
    """The value ``steps`` elements earlier in ``over``; ``before`` where there is no such element, unknown without it.

    Where the elements count as something (calendar years), they have to follow
    one another by one. Steps below 0 look ahead.
    """

    def __init__(self, arg: Expression, over: Set, steps: int = 1, before: Numeric | None = None) -> None:
        if over not in arg.sets:
            raise EquationError(f"lag over {over}: the term does not vary over it, only over {names(arg.sets)}")
        if isinstance(steps, bool) or not isinstance(steps, int) or steps == 0:
            raise EquationError(f"a lag is by a whole number of elements other than 0, not {steps!r}")
        self.arg, self.over, self.steps = arg, over, steps
        self.before = None if before is None else number(before)
        self.operands = (arg,) if self.before is None else (arg, self.before)
        self.sets = union(*self.operands)


class At(Expression):
    """The value of the element that a mapping sends each source element to.

    A source element that maps to nothing has an unknown value, or ``unmapped``
    (0 in derivatives: what is in no group moves no total).
    """

    def __init__(self, arg: Expression, by: Mapping, unmapped: float = math.nan) -> None:
        if by.target not in arg.sets:
            raise EquationError(f"taken at {by}: the term does not vary over {by.target}")
        self.arg, self.by, self.unmapped = arg, by, unmapped
        rest = tuple(s for s in arg.sets if s != by.target)
        self.sets = (*(s for s in by.source if s not in rest), *rest)
        self.operands = (arg,)


class Spread(Expression):
    """The same value for every element of further sets (arises in derivatives)."""

    def __init__(self, arg: Expression, sets: Sequence[Set]) -> None:
        lost = [s for s in arg.sets if s not in sets]
        if lost:
            raise EquationError(f"spread loses {names(lost)}")
        self.arg, self.sets, self.operands = arg, tuple(sets), (arg,)
