"""Typeset equations: MathML from a graph, and SVG from MathML.

Two readings of one graph: an equation in symbols, and the same equation with
the numbers of one element in it. Prose stays out of both: the choices of a
label are numbered, and :func:`choices_in` says what the numbers stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import singledispatchmethod
from xml.sax.saxutils import escape

import numpy as np

from jcm_mrv.quantities.across import target_of, terms
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
from jcm_mrv.quantities.graph import own_nodes
from jcm_mrv.quantities.mathml import bracketed, cases, mrow, sign, svg, table, upright, whole
from jcm_mrv.quantities.sets import Set

__all__ = ["SHOWN_TERMS", "choices_in", "equation_mathml", "numbers_mathml", "svg", "symbol_mathml"]

# How tightly a node binds; an operand that binds less needs brackets.
# Cases in a product or sum stand in brackets, or the factor would read as part of a condition.
_CASES, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = 0, 1, 2, 3, 4, 5
_Part = tuple[str, int]
_Row = Mapping[Set, int]

_COMPARED = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_OPPOSITE = {"<": "≥", "<=": ">", ">": "≤", ">=": "<"}
_OPENS, _CLOSES = '<mo stretchy="false" form="prefix">(</mo>', '<mo stretchy="false" form="postfix">)</mo>'
SHOWN_TERMS = 4
"""A total with more terms than this is written with its first ones and its last."""


def symbol_mathml(node: Named, row: _Row | None = None, labels: Callable[[Set, int], str] | None = None) -> str:
    """A symbol with its subscripts: those of its name upright, indexes italic.

    With a row, the indexes are the element's labels where they are short, else its ordinal counted from 1.
    """
    base, *rest = (node.symbol or "?").split("_")
    subscripts = [upright(part) for part in rest]
    for one in node.sets:
        if row is None:
            subscripts.append(f"<mi>{escape(one.index)}</mi>")
        else:
            label = labels(one, row[one]) if labels else ""
            short = re.fullmatch(r"[A-Za-z0-9.-]{1,12}", label)
            subscripts.append(f"<mtext>{label if short else row[one] + 1}</mtext>")
    if not subscripts:
        return upright(base)
    return f"<msub>{upright(base)}<mrow>{'<mo>,</mo>'.join(subscripts)}</mrow></msub>"


def equation_mathml(defined: Defined) -> str:
    """A defined quantity with its equation, in symbols."""
    return whole(symbol_mathml(defined) + sign("=") + _Symbols().text(defined.equation, {}))


def numbers_mathml(
    defined: Defined, evaluation: Evaluation, ordinals: Sequence[int], written: Callable[[float], str]
) -> str:
    """The equation of one element with its numbers in, and what they give.

    ``written`` writes a number. Of a choice only the branch that is taken
    appears; a total is written out, with its first terms and its last where
    it has many.
    """
    writer = _Numbers(evaluation, written)
    row = dict(zip(defined.sets, ordinals, strict=True))
    left = symbol_mathml(defined, row, lambda s, n: evaluation.space.elements[s][n])
    first, *more = writer.lines(defined.equation, row)
    value = writer.number(float(evaluation[defined][tuple(ordinals)]))
    lines = [(left, sign("=") + first), *(("", "<mspace width='1em'/>" + line) for line in more)]
    if more or first != value:
        lines.append(("", sign("=") + value))
    return whole(table(lines))


def choices_in(defined: Defined) -> list[tuple[str, str]]:
    """For every label in an equation: its choices as numbered there (``connection = 1``), and in words."""
    found: dict[tuple[str, str], None] = {}
    for node in own_nodes(defined):
        if isinstance(node, Label):
            found.update({(f"{node.symbol} = {n + 1}", choice): None for n, choice in enumerate(node.choices)})
    return list(found)


class _Writer:
    """What both readings share: arithmetic."""

    def text(self, node: Node, row: _Row, least: int = 0) -> str:
        """MathML of a node, in brackets where it binds less tightly than ``least``."""
        text, strength = self.write(node, row)
        return bracketed(text) if strength < least else text

    def _behind(self, node: Node, row: _Row, least: int) -> str:
        """As :meth:`text` behind a sign: what begins with a sign itself stands in brackets."""
        text, strength = self.write(node, row)
        return bracketed(text) if strength < least or strength == _SIGN else text

    def _joined(self, between: str, parts: Sequence[str]) -> str:
        return mrow(sign(between).join(parts))

    @singledispatchmethod
    def write(self, node: Node, row: _Row) -> _Part:
        """MathML of a node, and how tightly it binds."""
        raise TypeError(f"cannot typeset {type(node).__name__}")

    @write.register
    def _(self, node: Add, row: _Row) -> _Part:
        return self._joined("+", [self.text(node.left, row, _SUM), self._behind(node.right, row, _SUM)]), _SUM

    @write.register
    def _(self, node: Subtract, row: _Row) -> _Part:
        return self._joined("−", [self.text(node.left, row, _SUM), self._behind(node.right, row, _PRODUCT)]), _SUM

    @write.register
    def _(self, node: Multiply, row: _Row) -> _Part:
        factors = [self.text(node.left, row, _PRODUCT), self._behind(node.right, row, _PRODUCT)]
        return self._joined("×", factors), _PRODUCT

    @write.register
    def _(self, node: Divide, row: _Row) -> _Part:
        above, below = self.text(node.left, row), self.text(node.right, row)
        return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>", _POWER

    @write.register
    def _(self, node: Negative, row: _Row) -> _Part:
        return mrow('<mo form="prefix">−</mo>', self.text(node.arg, row, _PRODUCT)), _SIGN

    @write.register
    def _(self, node: Power, row: _Row) -> _Part:
        base = self.text(node.base, row, _ATOM)
        return f"<msup><mrow>{base}</mrow><mn>{node.exponent}</mn></msup>", _POWER

    @write.register
    def _(self, node: Exponential, row: _Row) -> _Part:
        return f"<msup><mi>e</mi><mrow>{self.text(node.arg, row)}</mrow></msup>", _POWER

    @write.register
    def _(self, node: Extreme, row: _Row) -> _Part:
        name = "min" if isinstance(node, Minimum) else "max"
        args = "<mo>;</mo>".join(self.text(a, row) for a in node.args)
        return mrow(f"<mtext>{name}</mtext>", bracketed(args)), _ATOM

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
            return _written_constant(node)
        return symbol_mathml(node), _ATOM

    @write.register
    def _(self, node: Number, row: _Row) -> _Part:
        return _plain_number(node)

    @write.register
    def _(self, node: NumberOf, row: _Row) -> _Part:
        return f"<mi>{escape(node.over.index)}</mi>", _ATOM

    @write.register
    def _(self, node: Total, row: _Row) -> _Part:
        return self._sum(f"<mi>{escape(node.over.index)}</mi>", node, row)

    @write.register
    def _(self, node: GroupTotal, row: _Row) -> _Part:
        source = "<mo>,</mo>".join(f"<mi>{escape(s.index)}</mi>" for s in node.by.source)
        return self._sum(f"{source}<mo>→</mo><mi>{escape(node.by.target.index)}</mi>", node, row)

    def _sum(self, below: str, node: Total | GroupTotal, row: _Row) -> _Part:
        sigma = f"<munder><mo>∑</mo><mrow>{below}</mrow></munder>"
        return mrow(sigma, self.text(node.arg, row, _PRODUCT)), _SUM

    @write.register
    def _(self, node: Lookup, row: _Row) -> _Part:
        return mrow(symbol_mathml(node.values), bracketed(self.text(node.x, row))), _ATOM

    @write.register
    def _(self, node: Where, row: _Row) -> _Part:
        yes, no = self.text(node.yes, row), self.text(node.no, row)
        return cases([(yes, self.text(node.condition, row)), (no, self._negated(node.condition, row))]), _CASES

    def _negated(self, condition: Node, row: _Row) -> str:
        if isinstance(condition, Compare):
            sides = [self.text(condition.left, row, _SUM), self.text(condition.right, row, _SUM)]
            return self._joined(_OPPOSITE[condition.operator], sides)
        return mrow(sign("¬"), bracketed(self.text(condition, row)))

    @write.register
    def _(self, node: Choose, row: _Row) -> _Part:
        symbol = symbol_mathml(node.label)
        rows = [
            (self.text(branch, row), f"{symbol}{sign('=')}<mn>{n + 1}</mn>")
            for n, (_, branch) in enumerate(node.branches)
        ]
        return cases(rows), _CASES

    @write.register
    def _(self, node: Compare, row: _Row) -> _Part:
        sides = [self.text(node.left, row, _SUM), self.text(node.right, row, _SUM)]
        return self._joined(_COMPARED[node.operator], sides), _SUM

    @write.register
    def _(self, node: IsLabel, row: _Row) -> _Part:
        which = node.label.choices.index(node.choice) + 1
        return mrow(symbol_mathml(node.label), sign("="), f"<mn>{which}</mn>"), _SUM

    @write.register
    def _(self, node: Both, row: _Row) -> _Part:
        return self._joined("∧", [self.text(node.left, row, _PRODUCT), self.text(node.right, row, _PRODUCT)]), _SUM

    @write.register
    def _(self, node: Either, row: _Row) -> _Part:
        return self._joined("∨", [self.text(node.left, row, _PRODUCT), self.text(node.right, row, _PRODUCT)]), _SUM

    @write.register
    def _(self, node: Not, row: _Row) -> _Part:
        return mrow(sign("¬"), bracketed(self.text(node.arg, row))), _ATOM


class _Numbers(_Writer):
    """An equation with the numbers of one element in it."""

    def __init__(self, evaluation: Evaluation, written: Callable[[float], str]) -> None:
        self._evaluation, self._written = evaluation, written

    def number(self, value: float) -> str:
        """A number as text, so that its separators are set as they stand."""
        return f"<mtext>{escape(self._written(value)).replace('-', '−')}</mtext>"

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
    def _(self, node: Constant, row: _Row) -> _Part:
        return _written_constant(node)

    @write.register
    def _(self, node: Number, row: _Row) -> _Part:
        return _plain_number(node)

    @write.register
    def _(self, node: NumberOf, row: _Row) -> _Part:
        return f"<mn>{self._value(node, row):.15g}</mn>", _ATOM

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
        return mrow("".join(self._terms(node, row))), _SUM

    @write.register
    def _(self, node: GroupTotal, row: _Row) -> _Part:
        return mrow("".join(self._terms(node, row))), _SUM

    def lines(self, node: Node, row: _Row) -> list[str]:
        """An equation as lines: a total, or the one total that is a factor of it, has one line per term."""
        if isinstance(node, Total | GroupTotal):
            return self._terms(node, row)
        factors = _factors(node)
        totals = [n for n, factor in enumerate(factors) if isinstance(factor, Total | GroupTotal)]
        if len(totals) != 1 or len(factors) == 1:
            return [self.text(node, row)]
        which = totals[0]
        lines = self._terms(factors[which], row)
        if len(lines) == 1:
            return [self.text(node, row)]
        texts = [self._behind(factor, row, _PRODUCT) for factor in factors]
        # A bracket that closes on another line cannot be as high as what it holds.
        before = "".join(text + sign("×") for text in texts[:which])
        after = "".join(sign("×") + text for text in texts[which + 1 :])
        return [f"{before}{_OPENS}{lines[0]}", *lines[1:-1], f"{lines[-1]}{_CLOSES}{after}"]

    def _terms(self, node: Node, row: _Row) -> list[str]:
        """The terms of a total, with their signs; many are shortened."""
        assert isinstance(node, Total | GroupTotal)
        every = list(terms(node, row, self._evaluation.space))
        if not every:
            return [self.number(0.0)]
        shown = every if len(every) <= SHOWN_TERMS else every[: SHOWN_TERMS - 1]
        written = [self._behind(arg, one, _SUM) for arg, one in shown]
        if len(every) > SHOWN_TERMS:
            dots = f"<mo>⋯</mo>{bracketed(f'<mn>{len(every) - SHOWN_TERMS}</mn>')}<mo>⋯</mo>"
            written += [dots, self._behind(*every[-1], _SUM)]
        return [written[0], *(sign("+") + term for term in written[1:])]


def _factors(node: Node) -> list[Node]:
    """The factors of a product of products."""
    return [*_factors(node.left), *_factors(node.right)] if isinstance(node, Multiply) else [node]


def _written_constant(node: Constant) -> _Part:
    """A constant as it is written, 44/12 as a fraction."""
    above, _, below = (f"<mn>{escape(part.strip())}</mn>".replace("-", "−") for part in (*node.written.partition("/"),))
    if "/" in node.written:
        return f"<mfrac>{above}{below}</mfrac>", _POWER
    return above, _SIGN if node.value < 0 else _ATOM


def _plain_number(node: Number) -> _Part:
    """A number of the equation's structure."""
    return f"<mn>{node.value:.15g}</mn>".replace("-", "−"), _SIGN if node.value < 0 else _ATOM
