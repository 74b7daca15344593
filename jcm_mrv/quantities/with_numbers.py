"""An equation with the numbers of one element in it: ``12 × 6 / 4 × 0.5 + 20 × 5 / 4 × 0.8``.

One way through the equation, whatever it is written in: of a choice the side
that is taken, of a total its first terms and its last, of a class table the
value. The plain text of it is here, MathML in
:mod:`jcm_mrv.quantities.typeset`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.across import terms
from jcm_mrv.quantities.elements import ELEMENT, taken_side, value_at
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.text import rounding_text
from jcm_mrv.quantities.writing import ATOM, POWER, PRODUCT, SIGN, SUM, Part, Place, Row, Writer, place_of

Written = Callable[[float], str]
SHOWN_TERMS = 4
"""A total with more terms than this is written with its first ones and its last."""


class NumbersWriter(Writer, ABC):
    """Writes equations with the numbers of one element in them."""

    def __init__(
        self,
        table: Surface[..., Part],
        brackets: Callable[[str], str],
        evaluation: Evaluation,
        written: Written,
        most_terms: int = SHOWN_TERMS,
    ) -> None:
        super().__init__(table, brackets)
        self.evaluation, self.space, self.written, self._most_terms = evaluation, evaluation.space, written, most_terms

    @abstractmethod
    def number(self, value: float) -> Part:
        """A value as it is written."""

    def opened(self, node: eq.Node, row: Row) -> Iterable[Place]:
        """The places whose numbers are shown."""
        return SHOWN(node, row, self)

    def value(self, node: eq.Node) -> float:
        """The value of a node at the row that is being written."""
        return value_at(node, self.row, self.evaluation)

    def terms(self, node: eq.Across, row: Row) -> tuple[list[Place], int]:
        """The terms of a total that are shown, and how many are left out before the last of them."""
        every = [place_of(arg, one) for arg, one in terms(node, row, self.space)]
        left_out = len(every) - max(self._most_terms, 2)
        return (every, 0) if left_out <= 0 else ([*every[: max(self._most_terms, 2) - 1], every[-1]], left_out)


SHOWN: Surface[[Row, NumbersWriter], Iterable[Place]] = Surface(
    "numbers that are shown", of=eq.Expression, like=[ELEMENT]
)
"""The places whose numbers are shown for a node at one element."""


@SHOWN.rule(eq.Table)
def _value_only(node: eq.Table, row: Row, w: NumbersWriter) -> Iterable[Place]:
    return ()


@SHOWN.rule(eq.Where, eq.Choose)
def _taken(node: eq.Where | eq.Choose, row: Row, w: NumbersWriter) -> Iterable[Place]:
    return [place_of(side, row) for side in taken_side(node, row, w.evaluation)]


@SHOWN.rule(eq.Across)
def _terms(node: eq.Across, row: Row, w: NumbersWriter) -> Iterable[Place]:
    return w.terms(node, row)[0]


WITH_NUMBERS: Surface[[NumbersWriter], Part] = Surface("with numbers", part=True)
"""What is written alike in text and in MathML."""


@WITH_NUMBERS.rule(eq.Named, eq.Table)
def _leaf(node: eq.Node, w: NumbersWriter) -> Part:
    return w.number(w.value(node))


@WITH_NUMBERS.rule(eq.Where, eq.Choose)
def _side(node: eq.Where | eq.Choose, w: NumbersWriter) -> Part:
    """The side that is taken, or that nothing is known."""
    return next((w.part(side) for side in taken_side(node, w.row, w.evaluation)), w.number(math.nan))


@WITH_NUMBERS.rule(eq.At, eq.Lag)
def _elsewhere(node: eq.At | eq.Lag, w: NumbersWriter) -> Part:
    """The value of the element that it is taken from."""
    nothing = w.number(node.unmapped if isinstance(node, eq.At) else math.nan)
    return next((w.part(place) for place in ELEMENT(node, w.row, w)), nothing)


@WITH_NUMBERS.rule(eq.Spread)
def _spread(node: eq.Spread, w: NumbersWriter) -> Part:
    return w.part(node.arg)


# --- as plain text ---


def numbers_text(
    defined: eq.Defined,
    evaluation: Evaluation,
    ordinals: Sequence[int],
    written: Written,
    most_terms: int = SHOWN_TERMS,
) -> str:
    """The right side of one element's equation with its numbers in, on one line.

    ``written`` writes a number; an unknown one is ``unknown``. Of a choice only
    the side that is taken appears. A total of more than ``most_terms`` terms
    shows its first ones and its last, and says how many are left out.
    """
    row = dict(zip(defined.sets, ordinals, strict=True))
    writer = _TextWriter(NUMBERS_TEXT, "({})".format, evaluation, written, most_terms)
    return writer.text(place_of(defined.equation, row))


class _TextWriter(NumbersWriter):
    def number(self, value: float) -> Part:
        if math.isnan(value):
            return "unknown", ATOM
        return self.written(value), SIGN if np.signbit(value) else ATOM

    def behind(self, what: eq.Node | Place, least: int) -> str:
        """As :meth:`text` behind a sign: what begins with a sign itself stands in brackets."""
        text = self.text(what, least)
        return f"({text})" if text.startswith(("-", "−")) else text


NUMBERS_TEXT: Surface[[_TextWriter], Part] = Surface("numbers as text", of=eq.Expression, like=[WITH_NUMBERS])
"""A node with its numbers as plain text, and how tightly it binds."""


@NUMBERS_TEXT.rule(eq.Number, eq.NumberOf)
def _number(node: eq.Number | eq.NumberOf, w: _TextWriter) -> Part:
    return w.number(w.value(node))


@NUMBERS_TEXT.rule(eq.Add)
def _add(node: eq.Add, w: _TextWriter) -> Part:
    return f"{w.text(node.left, SUM)} + {w.behind(node.right, PRODUCT)}", SUM


@NUMBERS_TEXT.rule(eq.Subtract)
def _subtract(node: eq.Subtract, w: _TextWriter) -> Part:
    return f"{w.text(node.left, SUM)} - {w.behind(node.right, PRODUCT)}", SUM


@NUMBERS_TEXT.rule(eq.Multiply)
def _multiply(node: eq.Multiply, w: _TextWriter) -> Part:
    return f"{w.text(node.left, PRODUCT)} × {w.behind(node.right, POWER)}", PRODUCT


@NUMBERS_TEXT.rule(eq.Divide)
def _divide(node: eq.Divide, w: _TextWriter) -> Part:
    return f"{w.text(node.left, PRODUCT)} / {w.behind(node.right, POWER)}", PRODUCT


@NUMBERS_TEXT.rule(eq.Negative)
def _negative(node: eq.Negative, w: _TextWriter) -> Part:
    return f"-{w.text(node.arg, POWER)}", SIGN


@NUMBERS_TEXT.rule(eq.Power)
def _power(node: eq.Power, w: _TextWriter) -> Part:
    exponent = str(node.exponent)
    brackets = node.exponent < 0 or "/" in exponent
    return f"{w.text(node.base, ATOM)}^{f'({exponent})' if brackets else exponent}", POWER


@NUMBERS_TEXT.rule(eq.Exponential)
def _exponential(node: eq.Exponential, w: _TextWriter) -> Part:
    return f"exp({w.text(node.arg)})", ATOM


@NUMBERS_TEXT.rule(eq.Logarithm)
def _logarithm(node: eq.Logarithm, w: _TextWriter) -> Part:
    return f"ln({w.text(node.arg)})", ATOM


@NUMBERS_TEXT.rule(eq.Rounded)
def _rounded(node: eq.Rounded, w: _TextWriter) -> Part:
    return rounding_text(node, w.text(node.arg)), ATOM


@NUMBERS_TEXT.rule(eq.Extreme)
def _extreme(node: eq.Extreme, w: _TextWriter) -> Part:
    name = "min" if isinstance(node, eq.Minimum) else "max"
    return f"{name}({'; '.join(w.text(a) for a in node.args)})", ATOM


@NUMBERS_TEXT.rule(eq.Peak)
def _peak(node: eq.Peak, w: _TextWriter) -> Part:
    shown, left_out = w.terms(node, w.row)
    if not shown:
        return w.number(math.nan)
    written = [w.text(term) for term in shown]
    if left_out:
        written.insert(-1, f"… ({left_out}) …")
    return f"{'min' if node.least else 'max'}({'; '.join(written)})", ATOM


@NUMBERS_TEXT.rule(eq.Sum)
def _total(node: eq.Sum, w: _TextWriter) -> Part:
    shown, left_out = w.terms(node, w.row)
    if len(shown) < 2:
        return w.part(shown[0]) if shown else w.number(0.0)
    written = [w.text(shown[0], PRODUCT), *(w.behind(term, PRODUCT) for term in shown[1:])]
    if left_out:
        written.insert(-1, f"… ({left_out}) …")
    return " + ".join(written), SUM
