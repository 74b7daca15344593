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
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from functools import singledispatchmethod
from typing import Protocol, TypeAlias

from jcm_mrv.quantities.across import positions_of
from jcm_mrv.quantities.errors import EquationError
from jcm_mrv.quantities.expression import (
    Add,
    At,
    Both,
    Choose,
    Compare,
    Constant,
    Defined,
    Divide,
    Either,
    Exponential,
    Expression,
    Extreme,
    GroupTotal,
    Input,
    IsLabel,
    Lookup,
    Minimum,
    Multiply,
    Named,
    Negative,
    Node,
    Not,
    Number,
    NumberOf,
    Power,
    Spread,
    Subtract,
    Total,
    Where,
)
from jcm_mrv.quantities.sets import BoolArray, Mapping, Set, Space

Key: TypeAlias = "Set | Mapping"

# How tightly an Excel operator binds; an operand that binds less gets brackets.
_COMPARE, _SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4, 5
_Part = tuple[str, int]
_Row = MappingOf[Set, int]

UNKNOWN = "NA()"


class Addresses(Protocol):
    """Where the quantities of a graph lie; every answer is an absolute A1 reference, with its sheet if need be.

    ``where`` pairs a set (or a mapping) with the ordinal that the rows meant
    have in it (that the mapping sends them to).
    """

    def cell(self, node: Named, ordinals: tuple[int, ...]) -> str:
        """The cell of one value; ``ordinals`` in the order of ``node.sets``."""

    def number_of(self, over: Set, ordinal: int) -> str:
        """The cell of what an element counts as (its calendar year)."""

    def block(self, node: Named, where: Sequence[tuple[Key, int]]) -> str | None:
        """The one-column range of exactly the existing rows that match, or None where they are not adjacent."""

    def column(self, node: Named) -> str:
        """The one-column range of all existing rows of a quantity."""

    def keys(self, node: Named, key: Key) -> str:
        """The column beside it that holds ordinals of a set, or where a mapping sends each row (-1: nowhere)."""

    def ordinal(self, the_set: Set, ordinal: int) -> str:
        """A cell that holds the ordinal of an element, as it stands in ``keys``."""


class Formulas:
    """Writes the formulas of a lowered graph, row by row.

    ``equation(defined, ordinals)`` is the formula, with ``=``, of one defined
    quantity at one index tuple. Raises EquationError for a total or class
    table whose argument is no declared quantity (the graph was not lowered)
    and for a number that Excel cannot hold.
    """

    def __init__(self, addresses: Addresses, space: Space) -> None:
        self._addresses, self._space = addresses, space
        self._exists: dict[tuple[Set, ...], BoolArray] = {}

    def equation(self, defined: Defined, ordinals: Sequence[int]) -> str:
        """The formula of one cell."""
        return "=" + self._text(defined.equation, dict(zip(defined.sets, ordinals, strict=True)))

    # --- references ---

    def _there(self, sets: tuple[Set, ...], ordinals: tuple[int, ...]) -> bool:
        if sets not in self._exists:
            self._exists[sets] = self._space.exists(sets)
        return bool(self._exists[sets][ordinals])

    def _cell(self, node: Named, row: _Row) -> str:
        ordinals = tuple(row[s] for s in node.sets)
        return self._addresses.cell(node, ordinals) if self._there(node.sets, ordinals) else UNKNOWN

    # --- text with brackets ---

    def _text(self, node: Node, row: _Row, least: int = 0) -> str:
        text, strength = self._write(node, row)
        return f"({text})" if strength < least else text

    @singledispatchmethod
    def _write(self, node: Node, row: _Row) -> _Part:
        raise EquationError(f"no Excel formula for {type(node).__name__}")

    @_write.register(Input)
    @_write.register(Defined)
    @_write.register(Constant)
    def _(self, node: Named, row: _Row) -> _Part:
        return self._cell(node, row), _ATOM

    @_write.register
    def _(self, node: Number, row: _Row) -> _Part:
        return (_number(node.value), _ATOM if node.value >= 0 else _SUM)

    @_write.register
    def _(self, node: NumberOf, row: _Row) -> _Part:
        return self._addresses.number_of(node.over, row[node.over]), _ATOM

    @_write.register
    def _(self, node: Negative, row: _Row) -> _Part:
        return f"-{self._text(node.arg, row, _ATOM)}", _SUM

    @_write.register
    def _(self, node: Exponential, row: _Row) -> _Part:
        return f"EXP({self._text(node.arg, row)})", _ATOM

    @_write.register
    def _(self, node: Add, row: _Row) -> _Part:
        return f"{self._text(node.left, row, _SUM)}+{self._text(node.right, row, _PRODUCT)}", _SUM

    @_write.register
    def _(self, node: Subtract, row: _Row) -> _Part:
        return f"{self._text(node.left, row, _SUM)}-{self._text(node.right, row, _PRODUCT)}", _SUM

    @_write.register
    def _(self, node: Multiply, row: _Row) -> _Part:
        return f"{self._text(node.left, row, _PRODUCT)}*{self._text(node.right, row, _POWER)}", _PRODUCT

    @_write.register
    def _(self, node: Divide, row: _Row) -> _Part:
        return f"{self._text(node.left, row, _PRODUCT)}/{self._text(node.right, row, _POWER)}", _PRODUCT

    @_write.register
    def _(self, node: Power, row: _Row) -> _Part:
        base = self._text(node.base, row, _ATOM)
        exponent = str(node.exponent) if node.exponent == int(node.exponent) else f"({node.exponent})"
        power = f"{base}^{exponent if node.exponent >= 0 else f'({node.exponent})'}"
        if float(node.exponent).is_integer():
            return power, _POWER
        # LibreOffice takes odd roots of negative numbers, Excel and NumPy do not
        return f"IF({self._text(node.base, row)}<0,{UNKNOWN},{power})", _ATOM

    @_write.register
    def _(self, node: Extreme, row: _Row) -> _Part:
        name = "MIN" if isinstance(node, Minimum) else "MAX"
        args = [self._text(a, row) for a in node.args]
        extreme = f"{name}({','.join(args)})"
        # MIN and MAX pass over text and empty cells: then there is no answer
        cells = [self._cell(a, row) for a in node.args if isinstance(a, Named)]
        tests = [f"ISNUMBER({cell})" for cell in dict.fromkeys(cells)]
        return (f"IF({_all(tests)},{extreme},{UNKNOWN})" if tests else extreme), _ATOM

    # --- conditions and choices ---

    @_write.register
    def _(self, node: Compare, row: _Row) -> _Part:
        return f"{self._text(node.left, row, _SUM)}{node.operator}{self._text(node.right, row, _SUM)}", _COMPARE

    @_write.register
    def _(self, node: IsLabel, row: _Row) -> _Part:
        cell = self._cell(node.label, row)
        known = ",".join(f"{cell}={_quoted(choice)}" for choice in node.label.choices)
        return f"IF(OR({known}),{cell}={_quoted(node.choice)},{UNKNOWN})", _ATOM

    @_write.register
    def _(self, node: Both, row: _Row) -> _Part:
        return f"AND({self._text(node.left, row)},{self._text(node.right, row)})", _ATOM

    @_write.register
    def _(self, node: Either, row: _Row) -> _Part:
        return f"OR({self._text(node.left, row)},{self._text(node.right, row)})", _ATOM

    @_write.register
    def _(self, node: Not, row: _Row) -> _Part:
        return f"NOT({self._text(node.arg, row)})", _ATOM

    @_write.register
    def _(self, node: Where, row: _Row) -> _Part:
        condition, yes, no = (self._text(n, row) for n in (node.condition, node.yes, node.no))
        return f"IF({condition},{yes},{no})", _ATOM

    @_write.register
    def _(self, node: Choose, row: _Row) -> _Part:
        cell = self._cell(node.label, row)
        text = UNKNOWN
        for choice, branch in reversed(node.branches):
            text = f"IF({cell}={_quoted(choice)},{self._text(branch, row)},{text})"
        return text, _ATOM

    @_write.register
    def _(self, node: Lookup, row: _Row) -> _Part:
        if not isinstance(node.x, Named):
            raise EquationError(f"the class table {node.values.symbol} is looked up by a term that has no cell")
        x = self._cell(node.x, row)
        lower, upper, values = (self._addresses.column(n) for n in (node.lower, node.upper, node.values))
        inside = f"ISNUMBER({lower})*ISNUMBER({upper})*({lower}<={x})*({x}<{upper})"
        # the rows are counted from the first one: the table need not be sorted, and must not overlap
        which = f"SUMPRODUCT({inside}*(ROW({lower})-ROW(INDEX({lower},1))+1))"
        value = f"INDEX({values},{which})"
        found = f"AND(ISNUMBER({x}),SUMPRODUCT({inside})=1)"
        return f"IF({found},IF(ISNUMBER({value}),{value},{UNKNOWN}),{UNKNOWN})", _ATOM

    # --- across sets ---

    @_write.register
    def _(self, node: Total, row: _Row) -> _Part:
        return self._total(node.arg, [(s, row[s]) for s in node.sets]), _ATOM

    @_write.register
    def _(self, node: GroupTotal, row: _Row) -> _Part:
        fixed: list[tuple[Key, int]] = [(s, row[s]) for s in node.sets[:-1]]
        return self._total(node.arg, [*fixed, (node.by, row[node.by.target])]), _ATOM

    def _total(self, arg: Expression, where: Sequence[tuple[Key, int]]) -> str:
        if not isinstance(arg, Named):
            raise EquationError("a total runs over a term that has no column: lower the graph first")
        block = self._addresses.block(arg, where)
        if block is not None:
            return f"IF(COUNT({block})=ROWS({block}),SUM({block}),{UNKNOWN})"
        column = self._addresses.column(arg)
        pairs = [(self._addresses.keys(arg, key), self._criterion(key, ordinal)) for key, ordinal in where]
        criteria = "".join(f",{keys},{cell}" for keys, cell in pairs)
        match = "".join(f"({keys}={cell})*" for keys, cell in pairs)
        rows, numbers = f"COUNTIFS({criteria[1:]})", f"SUMPRODUCT({match}ISNUMBER({column}))"
        if not pairs:
            return f"IF(COUNT({column})=ROWS({column}),SUM({column}),{UNKNOWN})"
        return f"IF({numbers}={rows},SUMIFS({column}{criteria}),{UNKNOWN})"

    def _criterion(self, key: Key, ordinal: int) -> str:
        return self._addresses.ordinal(key.target if isinstance(key, Mapping) else key, ordinal)

    @_write.register
    def _(self, node: At, row: _Row) -> _Part:
        source = tuple(row[s] for s in node.by.source)
        target = int(positions_of(node.by, self._space)[source])
        if target < 0:
            return (UNKNOWN if math.isnan(node.unmapped) else _number(node.unmapped)), _ATOM
        return self._write(node.arg, {**row, node.by.target: target})

    @_write.register
    def _(self, node: Spread, row: _Row) -> _Part:
        return self._write(node.arg, row)


def formula(defined: Defined, ordinals: Sequence[int], addresses: Addresses, space: Space) -> str:
    """The Excel formula of one defined quantity at one index tuple (see :class:`Formulas` for many)."""
    return Formulas(addresses, space).equation(defined, ordinals)


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
