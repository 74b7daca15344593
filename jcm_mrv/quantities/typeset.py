"""Typeset equations: LaTeX from a graph, and SVG from LaTeX.

Two readings of one graph: an equation in symbols, and the same equation with
the numbers of one element in it. Prose stays out of both: the choices of a
label are numbered, and :func:`choices_in` says what the numbers stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import singledispatchmethod

import numpy as np

from jcm_mrv.quantities.across import members, target_of
from jcm_mrv.quantities.evaluate import Evaluation
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
    Extreme,
    GroupTotal,
    IsLabel,
    Label,
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
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.sets import Set

# How tightly a node binds; an operand that binds less needs brackets.
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = 1, 2, 3, 4, 5
_Part = tuple[str, int]
_Row = Mapping[Set, int]

_COMPARED = {"<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq"}
_GASES = re.compile(r"CO2|CH4|N2O")
_SPECIAL = re.compile(r"[\\{}$&#^_%~]")
SHOWN_TERMS = 4
"""A total with more terms than this is written with its first ones and its last."""


def symbol_latex(node: Named, row: _Row | None = None, labels: Callable[[Set, int], str] | None = None) -> str:
    """A symbol with its subscripts: those of its name upright, indexes italic.

    With a row, the indexes are the element's labels where they are short, else its ordinal counted from 1.
    """
    base, *rest = (node.symbol or "?").split("_")
    subscripts = [_upright(part) for part in rest]
    for one in node.sets:
        if row is None:
            subscripts.append(one.index)
        else:
            label = labels(one, row[one]) if labels else ""
            short = re.fullmatch(r"[A-Za-z0-9.-]{1,12}", label)
            subscripts.append(rf"\text{{{label}}}" if short else str(row[one] + 1))
    return _upright(base) + (f"_{{{','.join(subscripts)}}}" if subscripts else "")


def _upright(text: str) -> str:
    plain = _SPECIAL.sub("", text)
    marked = _GASES.sub(lambda m: re.sub(r"(\d)", r"_{\1}", m[0]), plain)
    return rf"\mathrm{{{marked}}}"


def equation_latex(defined: Defined) -> str:
    """A defined quantity with its equation, in symbols."""
    return f"{symbol_latex(defined)} = {_Symbols().text(defined.equation, {})}"


def numbers_latex(
    defined: Defined, evaluation: Evaluation, ordinals: Sequence[int], written: Callable[[float], str]
) -> str:
    """The equation of one element with its numbers in, and what they give.

    ``written`` writes a number. Of a choice only the branch that is taken
    appears; a total is written out, with its first terms and its last where
    it has many.
    """
    writer = _Numbers(evaluation, written)
    row = dict(zip(defined.sets, ordinals, strict=True))
    left = symbol_latex(defined, row, lambda s, n: evaluation.space.elements[s][n])
    lines = writer.lines(defined.equation, row)
    value = float(evaluation[defined][tuple(ordinals)])
    first, *more = lines
    rows = [rf"{left} &= {first}", *(rf"&\quad {line}" for line in more), rf"&= {writer.number(value)}"]
    if first == writer.number(value) and not more:
        rows = rows[:1]
    return r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}"


def choices_in(defined: Defined) -> list[tuple[str, str]]:
    """For every label in an equation: its choices as numbered there (``connection = 1``), and in words."""
    found: dict[tuple[str, str], None] = {}
    for node in _own_nodes(defined.equation):
        if isinstance(node, Label):
            found.update({(f"{node.symbol} = {n + 1}", choice): None for n, choice in enumerate(node.choices)})
    return list(found)


def _own_nodes(root: Node) -> Iterator[Node]:
    """The nodes of one equation, without those of the quantities that it names."""
    hidden: set[int] = set()
    for node in reversed(list(walk([root]))):
        if id(node) in hidden and node is not root:
            hidden |= {id(o) for o in node.operands}
            continue
        yield node
        if isinstance(node, Defined) and node is not root:
            hidden |= {id(o) for o in node.operands}


def svg(latex: str, size: float = 12.0) -> str:
    """LaTeX as a self-contained SVG (glyphs are paths), the same text for the same equation."""
    from ziafont.config import config as font_config
    from ziamath.config import config as math_config
    from ziamath.zmath import Latex

    before = font_config.svg2, math_config.svg2
    # Glyphs as paths where they stand: definitions with ids would collide on a page of many equations.
    font_config.svg2 = math_config.svg2 = False
    try:
        return str(Latex(latex, size=size).svg())
    finally:
        font_config.svg2, math_config.svg2 = before


class _Writer:
    """What both readings share: arithmetic."""

    def text(self, node: Node, row: _Row, least: int = 0) -> str:
        text, strength = self.write(node, row)
        return rf"\left( {text} \right)" if strength < least else text

    @singledispatchmethod
    def write(self, node: Node, row: _Row) -> _Part:
        """LaTeX of a node, and how tightly it binds."""
        raise TypeError(f"cannot typeset {type(node).__name__}")

    @write.register
    def _(self, node: Add, row: _Row) -> _Part:
        return f"{self.text(node.left, row, _SUM)} + {self.text(node.right, row, _SUM)}", _SUM

    @write.register
    def _(self, node: Subtract, row: _Row) -> _Part:
        return f"{self.text(node.left, row, _SUM)} - {self.text(node.right, row, _PRODUCT)}", _SUM

    @write.register
    def _(self, node: Multiply, row: _Row) -> _Part:
        return rf"{self.text(node.left, row, _PRODUCT)} \times {self.text(node.right, row, _PRODUCT)}", _PRODUCT

    @write.register
    def _(self, node: Divide, row: _Row) -> _Part:
        return rf"\frac{{{self.text(node.left, row)}}}{{{self.text(node.right, row)}}}", _POWER

    @write.register
    def _(self, node: Negative, row: _Row) -> _Part:
        return f"-{self.text(node.arg, row, _PRODUCT)}", _SIGN

    @write.register
    def _(self, node: Power, row: _Row) -> _Part:
        return f"{self.text(node.base, row, _ATOM)}^{{{node.exponent}}}", _POWER

    @write.register
    def _(self, node: Exponential, row: _Row) -> _Part:
        return f"e^{{{self.text(node.arg, row)}}}", _POWER

    @write.register
    def _(self, node: Extreme, row: _Row) -> _Part:
        name = r"\min" if isinstance(node, Minimum) else r"\max"
        args = r";\ ".join(self.text(a, row) for a in node.args)
        return rf"{name}\left( {args} \right)", _ATOM

    @write.register
    def _(self, node: At, row: _Row) -> _Part:
        return self.write(node.arg, row)

    @write.register
    def _(self, node: Spread, row: _Row) -> _Part:
        return self.write(node.arg, row)


class _Symbols(_Writer):
    """An equation in symbols."""

    @singledispatchmethod
    def write(self, node: Node, row: _Row) -> _Part:
        """As the base class; what is not arithmetic below."""
        return super().write(node, row)

    @write.register
    def _(self, node: Named, row: _Row) -> _Part:
        if isinstance(node, Constant) and not node.symbol:
            return node.written, _PRODUCT if "/" in node.written else _ATOM
        return symbol_latex(node), _ATOM

    @write.register
    def _(self, node: Number, row: _Row) -> _Part:
        return f"{node.value:.15g}", _ATOM if node.value >= 0 else _SIGN

    @write.register
    def _(self, node: NumberOf, row: _Row) -> _Part:
        return node.over.index, _ATOM

    @write.register
    def _(self, node: Total, row: _Row) -> _Part:
        return rf"\sum_{{{node.over.index}}} {self.text(node.arg, row, _PRODUCT)}", _SUM

    @write.register
    def _(self, node: GroupTotal, row: _Row) -> _Part:
        source = ",".join(s.index for s in node.by.source)
        return rf"\sum_{{{source} \rightarrow {node.by.target.index}}} {self.text(node.arg, row, _PRODUCT)}", _SUM

    @write.register
    def _(self, node: Lookup, row: _Row) -> _Part:
        return rf"{symbol_latex(node.values)}\left( {self.text(node.x, row)} \right)", _ATOM

    @write.register
    def _(self, node: Where, row: _Row) -> _Part:
        yes, no = self.text(node.yes, row), self.text(node.no, row)
        condition = self.text(node.condition, row)
        negated = self._negated(node.condition, row)
        return _cases([(yes, condition), (no, negated)]), _ATOM

    def _negated(self, condition: Node, row: _Row) -> str:
        opposite = {"<": r"\geq", "<=": ">", ">": r"\leq", ">=": "<"}
        if isinstance(condition, Compare):
            left, right = self.text(condition.left, row, _SUM), self.text(condition.right, row, _SUM)
            return f"{left} {opposite[condition.operator]} {right}"
        return rf"\neg \left( {self.text(condition, row)} \right)"

    @write.register
    def _(self, node: Choose, row: _Row) -> _Part:
        symbol = symbol_latex(node.label)
        rows = [(self.text(branch, row), f"{symbol} = {n + 1}") for n, (_, branch) in enumerate(node.branches)]
        return _cases(rows), _ATOM

    @write.register
    def _(self, node: Compare, row: _Row) -> _Part:
        left, right = self.text(node.left, row, _SUM), self.text(node.right, row, _SUM)
        return f"{left} {_COMPARED[node.operator]} {right}", _SUM

    @write.register
    def _(self, node: IsLabel, row: _Row) -> _Part:
        return f"{symbol_latex(node.label)} = {node.label.choices.index(node.choice) + 1}", _SUM

    @write.register
    def _(self, node: Both, row: _Row) -> _Part:
        return rf"{self.text(node.left, row, _PRODUCT)} \wedge {self.text(node.right, row, _PRODUCT)}", _SUM

    @write.register
    def _(self, node: Either, row: _Row) -> _Part:
        return rf"{self.text(node.left, row, _PRODUCT)} \vee {self.text(node.right, row, _PRODUCT)}", _SUM

    @write.register
    def _(self, node: Not, row: _Row) -> _Part:
        return rf"\neg \left( {self.text(node.arg, row)} \right)", _ATOM


def _cases(rows: Sequence[tuple[str, str]]) -> str:
    return r"\begin{cases} " + r" \\ ".join(f"{value} & {condition}" for value, condition in rows) + r" \end{cases}"


class _Numbers(_Writer):
    """An equation with the numbers of one element in it."""

    def __init__(self, evaluation: Evaluation, written: Callable[[float], str]) -> None:
        self._evaluation, self._written = evaluation, written

    def number(self, value: float) -> str:
        """A number as text, so that its separators are set as they stand."""
        return rf"\text{{{_SPECIAL.sub('', self._written(value))}}}"

    def _value(self, node: Node, row: _Row) -> float:
        return float(self._evaluation[node][tuple(row[s] for s in node.sets)])

    def _leaf(self, node: Node, row: _Row) -> _Part:
        value = self._value(node, row)
        return self.number(value), _SIGN if value < 0 else _ATOM

    @singledispatchmethod
    def write(self, node: Node, row: _Row) -> _Part:
        """As the base class; what is not arithmetic below."""
        return super().write(node, row)

    @write.register
    def _(self, node: Named, row: _Row) -> _Part:
        return self._leaf(node, row)

    @write.register
    def _(self, node: Number, row: _Row) -> _Part:
        return self.number(node.value), _SIGN if node.value < 0 else _ATOM

    @write.register
    def _(self, node: NumberOf, row: _Row) -> _Part:
        return f"{self._value(node, row):.15g}", _ATOM

    @write.register
    def _(self, node: Lookup, row: _Row) -> _Part:
        return self._leaf(node, row)

    @write.register
    def _(self, node: Where, row: _Row) -> _Part:
        known = self._value(node.condition, row)
        if np.isnan(known):
            return self._leaf(node, row)
        return self.write(node.yes if known else node.no, row)

    @write.register
    def _(self, node: Choose, row: _Row) -> _Part:
        chosen = int(self._value(node.label, row))
        return self._leaf(node, row) if chosen < 0 else self.write(node.branches[chosen][1], row)

    @write.register
    def _(self, node: At, row: _Row) -> _Part:
        target = target_of(node, row, self._evaluation.space)
        if target < 0:
            return self.number(node.unmapped), _ATOM
        return self.write(node.arg, {**row, node.by.target: target})

    @write.register
    def _(self, node: Total, row: _Row) -> _Part:
        return " ".join(self._terms(node, row)), _SUM

    @write.register
    def _(self, node: GroupTotal, row: _Row) -> _Part:
        return " ".join(self._terms(node, row)), _SUM

    def lines(self, node: Node, row: _Row) -> list[str]:
        """An equation as lines: a total has one line per term."""
        return self._terms(node, row) if isinstance(node, Total | GroupTotal) else [self.text(node, row)]

    def _terms(self, node: Total | GroupTotal, row: _Row) -> list[str]:
        """The terms of a total, with their signs; many are shortened."""
        rows = list(members(node, row, self._evaluation.space))
        if not rows:
            return [self.number(0.0)]
        shown = rows if len(rows) <= SHOWN_TERMS else rows[: SHOWN_TERMS - 1]
        terms = [self.text(node.arg, one, _SUM) for one in shown]
        if len(rows) > SHOWN_TERMS:
            left_out = len(rows) - SHOWN_TERMS
            terms += [rf"\cdots \left( {left_out} \right) \cdots", self.text(node.arg, rows[-1], _SUM)]
        return [terms[0], *(f"+ {term}" for term in terms[1:])]
