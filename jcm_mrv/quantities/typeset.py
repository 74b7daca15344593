"""Typeset equations: MathML from a graph, and SVG from MathML.

Two readings of one graph: an equation in symbols, and the same equation with
the numbers of one element in it. Prose stays out of both: the choices of a
label are numbered, and :func:`choices_in` says what the numbers stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import singledispatchmethod
from xml.sax.saxutils import escape

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

_COMPARED = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_OPPOSITE = {"<": "≥", "<=": ">", ">": "≤", ">=": "<"}
_GASES = re.compile(r"((?<=CO)2(?!\d)|(?<=CH)4(?!\d)|(?<=N)2(?=O))")
SHOWN_TERMS = 4
"""A total with more terms than this is written with its first ones and its last."""


def symbol_mathml(node: Named, row: _Row | None = None, labels: Callable[[Set, int], str] | None = None) -> str:
    """A symbol with its subscripts: those of its name upright, indexes italic.

    With a row, the indexes are the element's labels where they are short, else its ordinal counted from 1.
    """
    base, *rest = (node.symbol or "?").split("_")
    subscripts = [_upright(part) for part in rest]
    for one in node.sets:
        if row is None:
            subscripts.append(f"<mi>{escape(one.index)}</mi>")
        else:
            label = labels(one, row[one]) if labels else ""
            short = re.fullmatch(r"[A-Za-z0-9.-]{1,12}", label)
            subscripts.append(f"<mtext>{label if short else row[one] + 1}</mtext>")
    if not subscripts:
        return _upright(base)
    return f"<msub>{_upright(base)}<mrow>{'<mo>,</mo>'.join(subscripts)}</mrow></msub>"


def _upright(text: str) -> str:
    """A part of a symbol in upright letters; the digits of CO2, CH4 and N2O below the line."""
    parts = _GASES.split(text)
    set_parts = [f"<mtext>{escape(part)}</mtext>" for part in parts]
    # The gases' digits are every second part: each goes below the part before it.
    pairs = [f"<msub>{name}{digit}</msub>" for name, digit in zip(set_parts[:-1:2], set_parts[1::2], strict=True)]
    return _row(*pairs, set_parts[-1]) if parts[-1] else _row(*pairs)


def _row(*parts: str) -> str:
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def _operator(sign: str) -> str:
    return f"<mo>{escape(sign)}</mo>"


def _bracketed(inner: str) -> str:
    return _row('<mo stretchy="true" form="prefix">(</mo>', inner, '<mo stretchy="true" form="postfix">)</mo>')


def equation_mathml(defined: Defined) -> str:
    """A defined quantity with its equation, in symbols."""
    return _math(symbol_mathml(defined) + _operator("=") + _Symbols().text(defined.equation, {}))


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
    lines = [(left, _operator("=") + first), *(("", "<mspace width='1em'/>" + line) for line in more)]
    if more or first != value:
        lines.append(("", _operator("=") + value))
    return _math(_table("right left", lines))


def _table(align: str, rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(f"<mtr><mtd>{_row(a)}</mtd><mtd><mrow>{b}</mrow></mtd></mtr>" for a, b in rows)
    return f'<mtable columnalign="{align}" columnspacing="0.3em" displaystyle="true">{cells}</mtable>'


def _math(inner: str) -> str:
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow>{inner}</mrow></math>'


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


def svg(mathml: str, size: float = 12.0) -> str:
    """MathML as a self-contained SVG (glyphs are paths), the same text for the same equation."""
    from xml.etree import ElementTree

    from ziafont.config import config as font_config
    from ziamath.config import config as math_config
    from ziamath.zmath import Math

    before = font_config.svg2, math_config.svg2
    # Glyphs as paths where they stand: definitions with ids would collide on a page of many equations.
    font_config.svg2 = math_config.svg2 = False
    try:
        # As an element: from text, the library replaces by patterns that reach from one number to the next.
        return str(Math(ElementTree.fromstring(mathml), size=size).svg())
    finally:
        font_config.svg2, math_config.svg2 = before


class _Writer:
    """What both readings share: arithmetic."""

    def text(self, node: Node, row: _Row, least: int = 0) -> str:
        """MathML of a node, in brackets where it binds less tightly than ``least``."""
        text, strength = self.write(node, row)
        return _bracketed(text) if strength < least else text

    def _joined(self, sign: str, parts: Sequence[str]) -> str:
        return _row(_operator(sign).join(parts))

    @singledispatchmethod
    def write(self, node: Node, row: _Row) -> _Part:
        """MathML of a node, and how tightly it binds."""
        raise TypeError(f"cannot typeset {type(node).__name__}")

    @write.register
    def _(self, node: Add, row: _Row) -> _Part:
        return self._joined("+", [self.text(node.left, row, _SUM), self.text(node.right, row, _SUM)]), _SUM

    @write.register
    def _(self, node: Subtract, row: _Row) -> _Part:
        return self._joined("−", [self.text(node.left, row, _SUM), self.text(node.right, row, _PRODUCT)]), _SUM

    @write.register
    def _(self, node: Multiply, row: _Row) -> _Part:
        factors = [self.text(node.left, row, _PRODUCT), self.text(node.right, row, _PRODUCT)]
        return self._joined("×", factors), _PRODUCT

    @write.register
    def _(self, node: Divide, row: _Row) -> _Part:
        above, below = self.text(node.left, row), self.text(node.right, row)
        return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>", _POWER

    @write.register
    def _(self, node: Negative, row: _Row) -> _Part:
        return _row('<mo form="prefix">−</mo>', self.text(node.arg, row, _PRODUCT)), _SIGN

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
        return _row(f"<mtext>{name}</mtext>", _bracketed(args)), _ATOM

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
            return f"<mn>{escape(node.written)}</mn>", _PRODUCT if "/" in node.written else _ATOM
        return symbol_mathml(node), _ATOM

    @write.register
    def _(self, node: Number, row: _Row) -> _Part:
        return f"<mn>{node.value:.15g}</mn>".replace("-", "−"), _ATOM if node.value >= 0 else _SIGN

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
        sign = f"<munder><mo>∑</mo><mrow>{below}</mrow></munder>"
        return _row(sign, self.text(node.arg, row, _PRODUCT)), _SUM

    @write.register
    def _(self, node: Lookup, row: _Row) -> _Part:
        return _row(symbol_mathml(node.values), _bracketed(self.text(node.x, row))), _ATOM

    @write.register
    def _(self, node: Where, row: _Row) -> _Part:
        yes, no = self.text(node.yes, row), self.text(node.no, row)
        return _cases([(yes, self.text(node.condition, row)), (no, self._negated(node.condition, row))]), _ATOM

    def _negated(self, condition: Node, row: _Row) -> str:
        if isinstance(condition, Compare):
            sides = [self.text(condition.left, row, _SUM), self.text(condition.right, row, _SUM)]
            return self._joined(_OPPOSITE[condition.operator], sides)
        return _row(_operator("¬"), _bracketed(self.text(condition, row)))

    @write.register
    def _(self, node: Choose, row: _Row) -> _Part:
        symbol = symbol_mathml(node.label)
        rows = [
            (self.text(branch, row), f"{symbol}{_operator('=')}<mn>{n + 1}</mn>")
            for n, (_, branch) in enumerate(node.branches)
        ]
        return _cases(rows), _ATOM

    @write.register
    def _(self, node: Compare, row: _Row) -> _Part:
        sides = [self.text(node.left, row, _SUM), self.text(node.right, row, _SUM)]
        return self._joined(_COMPARED[node.operator], sides), _SUM

    @write.register
    def _(self, node: IsLabel, row: _Row) -> _Part:
        which = node.label.choices.index(node.choice) + 1
        return _row(symbol_mathml(node.label), _operator("="), f"<mn>{which}</mn>"), _SUM

    @write.register
    def _(self, node: Both, row: _Row) -> _Part:
        return self._joined("∧", [self.text(node.left, row, _PRODUCT), self.text(node.right, row, _PRODUCT)]), _SUM

    @write.register
    def _(self, node: Either, row: _Row) -> _Part:
        return self._joined("∨", [self.text(node.left, row, _PRODUCT), self.text(node.right, row, _PRODUCT)]), _SUM

    @write.register
    def _(self, node: Not, row: _Row) -> _Part:
        return _row(_operator("¬"), _bracketed(self.text(node.arg, row))), _ATOM


def _cases(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(
        f"<mtr><mtd>{_row(value)}</mtd><mtd><mspace width='1em'/><mrow>{condition}</mrow></mtd></mtr>"
        for value, condition in rows
    )
    brace = '<mo stretchy="true" form="prefix">{</mo>'
    return _row(brace, f'<mtable columnalign="left left" columnspacing="0.5em">{cells}</mtable>')


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
    def _(self, node: Number, row: _Row) -> _Part:
        return self.number(node.value), _SIGN if node.value < 0 else _ATOM

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
        return _row("".join(self._terms(node, row))), _SUM

    @write.register
    def _(self, node: GroupTotal, row: _Row) -> _Part:
        return _row("".join(self._terms(node, row))), _SUM

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
            dots = f"<mo>⋯</mo>{_bracketed(f'<mn>{left_out}</mn>')}<mo>⋯</mo>"
            terms += [dots, self.text(node.arg, rows[-1], _SUM)]
        return [terms[0], *(_operator("+") + term for term in terms[1:])]
