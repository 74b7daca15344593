"""Typeset equations: MathML from a graph, and SVG from MathML.

Two readings of one graph: an equation in symbols, and the same equation with
the numbers of one element in it. Prose stays out of both: the choices of a
label are numbered, and :func:`choices_in` says what the numbers stand for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import (
    Constant,
    Defined,
    Expression,
    Label,
    Multiply,
    Node,
    NumberOf,
    Peak,
    Sum,
)
from jcm_mrv.quantities.graph import own_nodes
from jcm_mrv.quantities.mathml import bracketed, mrow, sign, svg, table, whole
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.symbols import ARITHMETIC, SYMBOLS, constant_mathml, extreme_name, symbol_mathml
from jcm_mrv.quantities.with_numbers import SHOWN_TERMS, WITH_NUMBERS, NumbersWriter, Written
from jcm_mrv.quantities.writing import ATOM, PRODUCT, SIGN, SUM, Part, Place, Row, Writer, place_of

__all__ = ["SHOWN_TERMS", "choices_in", "equation_mathml", "numbers_mathml", "svg", "symbol_mathml"]

_OPENS, _CLOSES = '<mo stretchy="false" form="prefix">(</mo>', '<mo stretchy="false" form="postfix">)</mo>'


def equation_mathml(defined: Defined) -> str:
    """A defined quantity with its equation, in symbols."""
    return whole(symbol_mathml(defined) + sign("=") + Writer(SYMBOLS, bracketed).text(defined.equation))


def numbers_mathml(defined: Defined, evaluation: Evaluation, ordinals: Sequence[int], written: Written) -> str:
    """The equation of one element with its numbers in, and what they give.

    ``written`` writes a number. Of a choice only the branch that is taken
    appears; a total is written out, with its first terms and its last where
    it has many.
    """
    writer = _MathNumbers(NUMBERS_MATHML, bracketed, evaluation, written)
    row = dict(zip(defined.sets, ordinals, strict=True))
    left = symbol_mathml(defined, row, lambda s, n: evaluation.space.elements[s][n])
    first, *more = writer.lines(place_of(defined.equation, row))
    value = writer.digits(float(evaluation[defined][tuple(ordinals)]))
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


# --- with the numbers of one element ---


class _MathNumbers(NumbersWriter):
    def number(self, value: float) -> Part:
        return self.digits(value), SIGN if value < 0 else ATOM

    def digits(self, value: float) -> str:
        """A number as text, so that its separators are set as they stand."""
        return f"<mtext>{escape(self.written(value)).replace('-', '−')}</mtext>"

    def lines(self, place: Place) -> list[str]:
        """An equation as lines: a total, or the one total that is a factor of it, has one line per term."""
        if isinstance(place.node, Sum):
            return self.lines_of_terms(place.node, place.row)
        factors = [place_of(factor, place.row) for factor in _factors(place.node)]
        totals = [n for n, factor in enumerate(factors) if isinstance(factor.node, Sum)]
        if len(totals) != 1 or len(factors) == 1:
            return [self.text(place)]
        which = totals[0]
        lines = self.lines(factors[which])
        if len(lines) == 1:
            return [self.text(place)]
        texts = [self.behind(factor, PRODUCT) for factor in factors]
        # A bracket that closes on another line cannot be as high as what it holds.
        before = "".join(text + sign("×") for text in texts[:which])
        after = "".join(sign("×") + text for text in texts[which + 1 :])
        return [f"{before}{_OPENS}{lines[0]}", *lines[1:-1], f"{lines[-1]}{_CLOSES}{after}"]

    def lines_of_terms(self, node: Sum, row: Row) -> list[str]:
        """The terms of a total, with their signs; many are shortened."""
        shown, left_out = self.terms(node, row)
        if not shown:
            return [self.digits(0.0)]
        written = [self.behind(term, SUM) for term in shown]
        if left_out:
            written.insert(-1, _dots(left_out))
        return [written[0], *(sign("+") + term for term in written[1:])]


NUMBERS_MATHML: Surface[[_MathNumbers], Part] = Surface(
    "numbers as MathML", of=Expression, like=[WITH_NUMBERS, ARITHMETIC]
)
"""A node with its numbers as MathML, and how tightly it binds."""


@NUMBERS_MATHML.rule(Constant)
def _written_constant(node: Constant, w: _MathNumbers) -> Part:
    return constant_mathml(node)


@NUMBERS_MATHML.rule(NumberOf)
def _value_of_element(node: NumberOf, w: _MathNumbers) -> Part:
    return f"<mn>{w.value(node):.15g}</mn>", ATOM


@NUMBERS_MATHML.rule(Peak)
def _peak_of_terms(node: Peak, w: _MathNumbers) -> Part:
    shown, left_out = w.terms(node, w.row)
    if not shown:
        return w.number(math.nan)
    written = [w.text(term) for term in shown]
    if left_out:
        written.insert(-1, _dots(left_out))
    return mrow(f"<mtext>{extreme_name(node)}</mtext>", bracketed("<mo>;</mo>".join(written))), ATOM


def _dots(left_out: int) -> str:
    return f"<mo>⋯</mo>{bracketed(f'<mn>{left_out}</mn>')}<mo>⋯</mo>"


@NUMBERS_MATHML.rule(Sum)
def _terms(node: Sum, w: _MathNumbers) -> Part:
    return mrow("".join(w.lines_of_terms(node, w.row))), SUM


def _factors(node: Node) -> list[Node]:
    """The factors of a product of products."""
    factors, left = [], [node]
    while left:
        one = left.pop()
        if isinstance(one, Multiply):
            left += [one.right, one.left]
        else:
            factors.append(one)
    return factors
