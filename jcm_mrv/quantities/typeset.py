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
    NumberOf,
    Peak,
    Sum,
)
from jcm_mrv.quantities.graph import own_nodes
from jcm_mrv.quantities.mathml import bracketed, mrow, sign, svg, table, whole
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.symbols import ARITHMETIC, SYMBOLS, constant_mathml, extreme_name, symbol_mathml
from jcm_mrv.quantities.with_numbers import SHOWN_TERMS, WITH_NUMBERS, NumbersWriter, Written
from jcm_mrv.quantities.writing import ATOM, SIGN, SUM, Part, Writer, place_of

__all__ = ["SHOWN_TERMS", "choices_in", "equation_mathml", "numbers_mathml", "svg", "symbol_mathml"]


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
    written_out = writer.text(place_of(defined.equation, row))
    value = writer.digits(float(evaluation[defined][tuple(ordinals)]))
    lines = [(left, sign("=") + written_out)]
    if written_out != value:
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
    shown, left_out = w.terms(node, w.row)
    if not shown:
        return w.number(0.0)
    first, *others = (w.behind(term, SUM) for term in shown)
    if left_out:
        others.insert(-1, _dots(left_out))
    return mrow(first, *(sign("+") + term for term in others)), SUM
