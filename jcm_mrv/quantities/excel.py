"""Excel formulas: the equation of a defined quantity for one row.

Declared quantities are cells. Where a cell lies is asked of an object that
follows :class:`Addresses`; nothing here knows a sheet. Before formulas are
written the graph has to be lowered (:mod:`jcm_mrv.quantities.lowering`), so
that every total runs over a column that exists.

What Excel does otherwise than arithmetic is met here: a sign binds tighter
than a power; MIN and MAX, SUM and SUMIFS skip text and empty cells, so each
carries a check that every cell is a number; an unknown value is ``NA()`` and
spreads through every formula. No label is ever a criterion of a total (``A*``
and ``>5`` would be patterns): ordinals are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import cast

from jcm_mrv.arrays import Flags
from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.addresses import UNKNOWN, Addresses, Key
from jcm_mrv.quantities.digits import MORE
from jcm_mrv.quantities.elements import ELEMENT
from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.sets import Mapping, Set, Space
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.writing import ATOM, POWER, PRODUCT, SUM, Part, Place, Row, Writer, place_of

__all__ = ["UNKNOWN", "Addresses", "Formulas", "Key", "formula"]


class Formulas(Writer):
    """Writes the formulas of a lowered graph, row by row.

    ``equation(defined, ordinals)`` is the formula, with ``=``, of one defined
    quantity at one index tuple. Raises EquationError for a total or class
    table whose argument is no declared quantity (the graph was not lowered)
    and for a number that Excel cannot hold.
    """

    def __init__(self, addresses: Addresses, space: Space) -> None:
        super().__init__(FORMULA)
        self.addresses, self.space = addresses, space
        self._exists: dict[tuple[Set, ...], Flags] = {}

    def equation(self, defined: eq.Defined, ordinals: Sequence[int]) -> str:
        """The formula of one cell."""
        self.forget()
        return "=" + self.text(place_of(defined.equation, dict(zip(defined.sets, ordinals, strict=True))))

    def opened(self, node: eq.Node, row: Row) -> Iterable[Place]:
        """The places whose formulas a formula holds."""
        return HELD(node, row, self)

    def cell(self, node: eq.Named) -> str:
        """The cell of a quantity in the row that is being written, or unknown where there is none."""
        ordinals = place_of(node, self.row).ordinals
        if node.sets not in self._exists:
            self._exists[node.sets] = self.space.exists(node.sets)
        return self.addresses.cell(node, ordinals) if self._exists[node.sets][ordinals] else UNKNOWN


HELD: Surface[[Row, Formulas], Iterable[Place]] = Surface("formulas in a formula", like=[ELEMENT])
"""The places whose formulas stand in the formula of a node at one element; what has a column is named only."""


@HELD.rule(eq.Across, eq.Table)
def _columns(node: eq.Across | eq.Table, row: Row, f: Formulas) -> Iterable[Place]:
    return ()


@HELD.rule(eq.Where, eq.Choose)
def _all_sides(node: eq.Where | eq.Choose, row: Row, f: Formulas) -> Iterable[Place]:
    return [place_of(operand, row) for operand in node.operands]


FORMULA: Surface[[Formulas], Part] = Surface("formulas")
"""A node as a formula, and how tightly it binds in Excel."""


@FORMULA.rule(eq.Input, eq.Label, eq.Defined, eq.Constant)
def _named(node: eq.Named, f: Formulas) -> Part:
    return f.cell(node), ATOM


@FORMULA.rule(eq.Number)
def _of_number(node: eq.Number, f: Formulas) -> Part:
    return _number(node.value), ATOM if node.value >= 0 else SUM


@FORMULA.rule(eq.NumberOf)
def _number_of(node: eq.NumberOf, f: Formulas) -> Part:
    return f.addresses.number_of(node.over, f.row[node.over]), ATOM


@FORMULA.rule(eq.Negative)
def _negative(node: eq.Negative, f: Formulas) -> Part:
    return f"-{f.text(node.arg, ATOM)}", SUM


@FORMULA.rule(eq.Exponential)
def _exponential(node: eq.Exponential, f: Formulas) -> Part:
    return f"EXP({f.text(node.arg)})", ATOM


@FORMULA.rule(eq.Logarithm)
def _logarithm(node: eq.Logarithm, f: Formulas) -> Part:
    return f"LN({f.text(node.arg)})", ATOM


@FORMULA.rule(eq.Rounded)
def _rounded(node: eq.Rounded, f: Formulas) -> Part:
    """First to six digits more, so that the noise of arithmetic does not decide (see :mod:`.digits`)."""
    scale, sign = 10 ** abs(node.digits), "-" if node.direction == "up" else ""
    there, back = ("*", "/") if node.digits >= 0 else ("/", "*")
    kept = f"ROUND({sign}{f.text(node.arg, POWER)}{there}{scale},{MORE})"
    whole = f"ROUND({kept},0)" if node.direction == "nearest" else f"{sign}INT({kept})"
    return f"{whole}{back}{scale}", SUM if sign else PRODUCT


@FORMULA.rule(eq.Add)
def _add(node: eq.Add, f: Formulas) -> Part:
    return f"{f.text(node.left, SUM)}+{f.text(node.right, PRODUCT)}", SUM


@FORMULA.rule(eq.Subtract)
def _subtract(node: eq.Subtract, f: Formulas) -> Part:
    return f"{f.text(node.left, SUM)}-{f.text(node.right, PRODUCT)}", SUM


@FORMULA.rule(eq.Multiply)
def _multiply(node: eq.Multiply, f: Formulas) -> Part:
    return f"{f.text(node.left, PRODUCT)}*{f.text(node.right, POWER)}", PRODUCT


@FORMULA.rule(eq.Divide)
def _divide(node: eq.Divide, f: Formulas) -> Part:
    return f"{f.text(node.left, PRODUCT)}/{f.text(node.right, POWER)}", PRODUCT


@FORMULA.rule(eq.Power)
def _power(node: eq.Power, f: Formulas) -> Part:
    exponent = str(node.exponent) if node.exponent == int(node.exponent) else f"({node.exponent})"
    power = f"{f.text(node.base, ATOM)}^{exponent if node.exponent >= 0 else f'({node.exponent})'}"
    if float(node.exponent).is_integer():
        return power, POWER
    # LibreOffice takes odd roots of negative numbers, Excel and NumPy do not
    return f"IF({f.text(node.base)}<0,{UNKNOWN},{power})", ATOM


@FORMULA.rule(eq.Extreme)
def _extreme(node: eq.Extreme, f: Formulas) -> Part:
    extreme = f"{'MIN' if isinstance(node, eq.Minimum) else 'MAX'}({','.join(f.text(a) for a in node.args)})"
    # MIN and MAX pass over text and empty cells: then there is no answer
    return _of_numbers(node.args, extreme, f), ATOM


# --- conditions and choices ---


@FORMULA.rule(eq.Compare)
def _compare(node: eq.Compare, f: Formulas) -> Part:
    # every text is larger than any number
    comparison = f"{f.text(node.left, SUM)}{node.operator}{f.text(node.right, SUM)}"
    return _of_numbers((node.left, node.right), comparison, f), ATOM  # an argument of IF, AND, OR or NOT alone


@FORMULA.rule(eq.IsLabel)
def _is_label(node: eq.IsLabel, f: Formulas) -> Part:
    cell = f.cell(node.label)
    known = ",".join(f"{cell}={_quoted(choice)}" for choice in node.label.choices)
    return f"IF(OR({known}),{cell}={_quoted(node.choice)},{UNKNOWN})", ATOM


@FORMULA.rule(eq.Both)
def _both(node: eq.Both, f: Formulas) -> Part:
    return f"AND({f.text(node.left)},{f.text(node.right)})", ATOM


@FORMULA.rule(eq.Either)
def _either(node: eq.Either, f: Formulas) -> Part:
    return f"OR({f.text(node.left)},{f.text(node.right)})", ATOM


@FORMULA.rule(eq.Not)
def _not(node: eq.Not, f: Formulas) -> Part:
    return f"NOT({f.text(node.arg)})", ATOM


@FORMULA.rule(eq.Where)
def _where(node: eq.Where, f: Formulas) -> Part:
    return f"IF({f.text(node.condition)},{f.text(node.yes)},{f.text(node.no)})", ATOM


@FORMULA.rule(eq.Choose)
def _choose(node: eq.Choose, f: Formulas) -> Part:
    cell = f.cell(node.label)
    text = UNKNOWN
    for choice, branch in reversed(node.branches):
        text = f"IF({cell}={_quoted(choice)},{f.text(branch)},{text})"
    return text, ATOM


@FORMULA.rule(eq.Lookup)
def _lookup(node: eq.Lookup, f: Formulas) -> Part:
    x, lower, upper = _cell_of(node.x, f), _column(node.lower, f), _column(node.upper, f)
    inside = f"ISNUMBER({lower})*ISNUMBER({upper})*({lower}<={x})*({x}<{upper})"
    # the rows are counted from the first one: the table need not be sorted, and must not overlap
    which = f"SUMPRODUCT({inside}*(ROW({lower})-ROW(INDEX({lower},1))+1))"
    value, known = _in_row(node, node.lower, which, f)
    found = f"AND(ISNUMBER({x}),SUMPRODUCT({inside})=1)"
    return f"IF({found},IF({known},{value},{UNKNOWN}),{UNKNOWN})", ATOM


@FORMULA.rule(eq.Interpolated)
def _interpolated(node: eq.Interpolated, f: Formulas) -> Part:
    x, points, size = _cell_of(node.x, f), _column(node.points, f), f.space.size(node.classes)
    if not size:
        return UNKNOWN, ATOM
    below = f"MIN(SUMPRODUCT(ISNUMBER({points})*({points}<={x})),{max(size - 1, 1)})"
    start, end = f"INDEX({points},{below})", f"INDEX({points},{below}+1)"
    rises = [f"INDEX({points},{n})<INDEX({points},{n + 1})" for n in range(1, size)]
    inside = [f"ISNUMBER({x})", f"COUNT({points})={size}", f"{x}>=INDEX({points},1)", f"{x}<=INDEX({points},{size})"]
    value, known = _in_row(node, node.points, below, f)
    if size > 1:
        other, other_known = _in_row(node, node.points, f"{below}+1", f)
        value = f"{value}+({x}-{start})/({end}-{start})*({other}-{value})"
        known = f"AND({known},{other_known})"
    return f"IF(AND({','.join(inside + rises)}),IF({known},{value},{UNKNOWN}),{UNKNOWN})", ATOM


def _cell_of(x: eq.Expression, f: Formulas) -> str:
    if not isinstance(x, eq.Named):
        raise EquationError("a table is looked up by a term that has no cell: lower the graph first")
    return f.cell(x)


def _column(node: eq.Expression, f: Formulas) -> str:
    if not isinstance(node, eq.Named):
        raise EquationError("a table or total is of a term that has no column: lower the graph first")
    return f.addresses.column(node)


def _in_row(node: eq.Table, key: eq.Expression, which: str, f: Formulas) -> tuple[str, str]:
    """The value of a table in a row counted from 1, and the test that it is a number.

    Where the values vary over more than the table's set, the row has to fit in the other sets too.
    """
    column = _column(node.values, f)
    if node.values.sets == (node.classes,):
        return f"INDEX({column},{which})", f"ISNUMBER(INDEX({column},{which}))"
    values, keyed = cast(eq.Named, node.values), cast(eq.Named, key)
    pairs = [(f.addresses.keys(values, node.classes), f"INDEX({f.addresses.keys(keyed, node.classes)},{which})")]
    pairs += [(f.addresses.keys(values, s), f.addresses.ordinal(s, f.row[s])) for s in values.sets if s != node.classes]
    criteria = "".join(f",{keys},{ordinal}" for keys, ordinal in pairs)
    match = "".join(f"({keys}={ordinal})*" for keys, ordinal in pairs)
    return f"SUMIFS({column}{criteria})", f"SUMPRODUCT({match}ISNUMBER({column}))=1"


# --- across sets ---


@FORMULA.rule(eq.Total)
def _total(node: eq.Total, f: Formulas) -> Part:
    return _sum(node.arg, [(s, f.row[s]) for s in node.sets], f.addresses), ATOM


@FORMULA.rule(eq.GroupTotal)
def _group_total(node: eq.GroupTotal, f: Formulas) -> Part:
    fixed: list[tuple[Key, int]] = [(s, f.row[s]) for s in node.sets[:-1]]
    return _sum(node.arg, [*fixed, (node.by, f.row[node.by.target])], f.addresses), ATOM


@FORMULA.rule(eq.Running)
def _running(node: eq.Running, f: Formulas) -> Part:
    """The rows whose ordinal in the set is at most (at least) that of this one."""
    column, arg = _column(node.arg, f), cast(eq.Named, node.arg)
    keys, until = f.addresses.keys(arg, node.over), f.addresses.ordinal(node.over, f.row[node.over])
    others = [s for s in node.sets if s != node.over]
    pairs = [(f.addresses.keys(arg, s), f.addresses.ordinal(s, f.row[s])) for s in others]
    compare = ">=" if node.backward else "<="
    criteria = f',{keys},"{compare}"&{until}' + "".join(f",{k},{cell}" for k, cell in pairs)
    match = f"({keys}{compare}{until})*" + "".join(f"({k}={cell})*" for k, cell in pairs)
    complete = f"SUMPRODUCT({match}ISNUMBER({column}))=COUNTIFS({criteria[1:]})"
    return f"IF({complete},SUMIFS({column}{criteria}),{UNKNOWN})", ATOM


@FORMULA.rule(eq.Peak)
def _peak(node: eq.Peak, f: Formulas) -> Part:
    """Of the rows that match; each has to be a number, and there has to be one."""
    name, column = "MIN" if node.least else "MAX", _column(node.arg, f)
    where: list[tuple[Key, int]] = [(s, f.row[s]) for s in (node.sets[:-1] if node.by else node.sets)]
    where += [(node.by, f.row[node.by.target])] if node.by else []
    block = f.addresses.block(cast(eq.Named, node.arg), where) if where else column
    if block is not None:
        return f"IF(COUNT({block})=ROWS({block}),{name}({block}),{UNKNOWN})", ATOM
    pairs = [(f.addresses.keys(cast(eq.Named, node.arg), k), _criterion(k, n, f.addresses)) for k, n in where]
    criteria = "".join(f",{keys},{cell}" for keys, cell in pairs)
    match = "".join(f"({keys}={cell})*" for keys, cell in pairs)
    rows = f"COUNTIFS({criteria[1:]})"
    complete = f"AND({rows}>0,SUMPRODUCT({match}ISNUMBER({column}))={rows})"
    return f"IF({complete},_xlfn.{name}IFS({column}{criteria}),{UNKNOWN})", ATOM


def _sum(arg: eq.Expression, where: Sequence[tuple[Key, int]], addresses: Addresses) -> str:
    if not isinstance(arg, eq.Named):
        raise EquationError("a total runs over a term that has no column: lower the graph first")
    block = addresses.block(arg, where)
    if block is not None:
        return f"IF(COUNT({block})=ROWS({block}),SUM({block}),{UNKNOWN})"
    column = addresses.column(arg)
    pairs = [(addresses.keys(arg, key), _criterion(key, ordinal, addresses)) for key, ordinal in where]
    criteria = "".join(f",{keys},{cell}" for keys, cell in pairs)
    match = "".join(f"({keys}={cell})*" for keys, cell in pairs)
    rows, numbers = f"COUNTIFS({criteria[1:]})", f"SUMPRODUCT({match}ISNUMBER({column}))"
    if not pairs:
        return f"IF(COUNT({column})=ROWS({column}),SUM({column}),{UNKNOWN})"
    return f"IF({numbers}={rows},SUMIFS({column}{criteria}),{UNKNOWN})"


def _criterion(key: Key, ordinal: int, addresses: Addresses) -> str:
    return addresses.ordinal(key.target if isinstance(key, Mapping) else key, ordinal)


@FORMULA.rule(eq.At, eq.Lag)
def _elsewhere(node: eq.At | eq.Lag, f: Formulas) -> Part:
    for place in ELEMENT(node, f.row, f):
        return f.part(place)
    nothing = node.unmapped if isinstance(node, eq.At) else math.nan
    return (UNKNOWN if math.isnan(nothing) else _number(nothing)), ATOM


@FORMULA.rule(eq.Spread)
def _spread(node: eq.Spread, f: Formulas) -> Part:
    return f.part(node.arg)


def formula(defined: eq.Defined, ordinals: Sequence[int], addresses: Addresses, space: Space) -> str:
    """The Excel formula of one defined quantity at one index tuple (see :class:`Formulas` for many)."""
    return Formulas(addresses, space).equation(defined, ordinals)


_AS_IT_STANDS = (eq.Named, eq.Where, eq.Choose, eq.At, eq.Lag, eq.Spread)
"""Terms that may give what stands in a cell; of any other one a text makes an error."""


def _of_numbers(terms: Iterable[eq.Expression], formula: str, f: Formulas) -> str:
    """A formula that is unknown where one of its terms is a cell that holds no number."""
    held = dict.fromkeys(f.text(term) for term in terms if isinstance(term, _AS_IT_STANDS))
    return f"IF({_all([f'ISNUMBER({one})' for one in held])},{formula},{UNKNOWN})" if held else formula


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _all(tests: Sequence[str]) -> str:
    return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"


def _number(value: float) -> str:
    """A number as Excel reads it back unchanged. Raises EquationError for what it cannot hold."""
    if not math.isfinite(value):
        raise EquationError(f"{value} cannot stand in an Excel formula")
    short = f"{value:.15g}"
    text = short if float(short) == value else repr(value)
    return text.upper()
