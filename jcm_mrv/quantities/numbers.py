"""An equation as plain text with the numbers of one element in it: ``12 × 6 / 4 × 0.5 + 20 × 5 / 4 × 0.8``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import singledispatchmethod

from jcm_mrv.quantities.across import members, target_of
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    Add,
    At,
    Choose,
    Defined,
    Divide,
    Exponential,
    Extreme,
    GroupTotal,
    Minimum,
    Multiply,
    Negative,
    Node,
    Power,
    Spread,
    Subtract,
    Total,
    Where,
)
from jcm_mrv.quantities.sets import Set

# How tightly a node binds; an operand that binds less needs brackets.
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = 1, 2, 3, 4, 5
_Part = tuple[str, int]
_Row = Mapping[Set, int]
Written = Callable[[float], str]


def numbers_text(
    defined: Defined, evaluation: Evaluation, ordinals: Sequence[int], written: Written, most_terms: int = 4
) -> str:
    """The right side of one element's equation with its numbers in, on one line.

    ``written`` writes a number; an unknown one is ``unknown``. Of a choice only
    the side that is taken appears. A total of more than ``most_terms`` terms
    shows its first ones and its last, and says how many are left out.
    """
    row = dict(zip(defined.sets, ordinals, strict=True))
    return _Numbers(evaluation, written, most_terms).text(defined.equation, row)


class _Numbers:
    def __init__(self, evaluation: Evaluation, written: Written, most_terms: int) -> None:
        self._evaluation, self._written, self._most_terms = evaluation, written, max(most_terms, 2)

    def text(self, node: Node, row: _Row, least: int = 0) -> str:
        text, strength = self._write(node, row)
        return f"({text})" if strength < least else text

    def _right(self, node: Node, row: _Row, least: int) -> str:
        """An operand behind a sign: one that begins with a sign itself stands in brackets."""
        text = self.text(node, row, least)
        return f"({text})" if text.startswith(("-", "−")) else text

    def _value(self, node: Node, row: _Row) -> float:
        return float(self._evaluation[node][tuple(row[s] for s in node.sets)])

    def _number(self, value: float) -> _Part:
        if math.isnan(value):
            return "unknown", _ATOM
        return self._written(value), _ATOM if math.copysign(1.0, value) > 0 else _SIGN

    @singledispatchmethod
    def _write(self, node: Node, row: _Row) -> _Part:
        """What is not opened further: a named quantity, a number, the value of a class."""
        return self._number(self._value(node, row))

    @_write.register
    def _(self, node: Add, row: _Row) -> _Part:
        return f"{self.text(node.left, row, _SUM)} + {self._right(node.right, row, _PRODUCT)}", _SUM

    @_write.register
    def _(self, node: Subtract, row: _Row) -> _Part:
        return f"{self.text(node.left, row, _SUM)} - {self._right(node.right, row, _PRODUCT)}", _SUM

    @_write.register
    def _(self, node: Multiply, row: _Row) -> _Part:
        return f"{self.text(node.left, row, _PRODUCT)} × {self._right(node.right, row, _POWER)}", _PRODUCT

    @_write.register
    def _(self, node: Divide, row: _Row) -> _Part:
        return f"{self.text(node.left, row, _PRODUCT)} / {self._right(node.right, row, _POWER)}", _PRODUCT

    @_write.register
    def _(self, node: Negative, row: _Row) -> _Part:
        return f"-{self.text(node.arg, row, _POWER)}", _SIGN

    @_write.register
    def _(self, node: Power, row: _Row) -> _Part:
        exponent = str(node.exponent)
        brackets = node.exponent < 0 or "/" in exponent
        return f"{self.text(node.base, row, _ATOM)}^{f'({exponent})' if brackets else exponent}", _POWER

    @_write.register
    def _(self, node: Exponential, row: _Row) -> _Part:
        return f"exp({self.text(node.arg, row)})", _ATOM

    @_write.register
    def _(self, node: Extreme, row: _Row) -> _Part:
        name = "min" if isinstance(node, Minimum) else "max"
        return f"{name}({'; '.join(self.text(a, row) for a in node.args)})", _ATOM

    @_write.register
    def _(self, node: Where, row: _Row) -> _Part:
        known = self._value(node.condition, row)
        if math.isnan(known):
            return "unknown", _ATOM
        return self._write(node.yes if known else node.no, row)

    @_write.register
    def _(self, node: Choose, row: _Row) -> _Part:
        chosen = int(self._value(node.label, row))
        return ("unknown", _ATOM) if chosen < 0 else self._write(node.branches[chosen][1], row)

    @_write.register
    def _(self, node: At, row: _Row) -> _Part:
        target = target_of(node, row, self._evaluation.space)
        if target < 0:
            return self._number(node.unmapped)
        return self._write(node.arg, {**row, node.by.target: target})

    @_write.register
    def _(self, node: Spread, row: _Row) -> _Part:
        return self._write(node.arg, row)

    @_write.register(Total)
    @_write.register(GroupTotal)
    def _(self, node: Total | GroupTotal, row: _Row) -> _Part:
        rows = list(members(node, row, self._evaluation.space))
        if len(rows) < 2:
            return self._write(node.arg, rows[0]) if rows else self._number(0.0)
        whole = len(rows) <= self._most_terms
        shown = rows[1:] if whole else rows[1 : self._most_terms - 1]
        terms = [self.text(node.arg, rows[0], _PRODUCT), *(self._right(node.arg, one, _PRODUCT) for one in shown)]
        if not whole:
            terms += [f"… ({len(rows) - self._most_terms} more) …", self._right(node.arg, rows[-1], _PRODUCT)]
        return " + ".join(terms), _SUM
