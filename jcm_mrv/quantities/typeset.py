"""Typeset equations: MathML from a graph, and SVG from MathML.

Two readings of one graph: an equation in symbols, and the same equation with
the numbers of one element in it. Prose stays out of both: the choices of a
label are numbered, and :func:`choices_in` says what the numbers stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

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
    Expression,
    Extreme,
    GroupTotal,
    Input,
    IsLabel,
    Label,
    Lag,
    Logarithm,
    Minimum,
    Multiply,
    Named,
    Negative,
    Node,
    Not,
    Number,
    NumberOf,
    Power,
    Rounded,
    Running,
    Spread,
    Subtract,
    Sum,
    Table,
    Total,
    Where,
)
from jcm_mrv.quantities.graph import own_nodes
from jcm_mrv.quantities.mathml import bracketed, cases, mrow, sign, svg, table, upright, whole
from jcm_mrv.quantities.sets import Set
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.with_numbers import SHOWN_TERMS, WITH_NUMBERS, NumbersWriter, Written
from jcm_mrv.quantities.writing import ATOM, CASES, POWER, PRODUCT, SIGN, SUM, Part, Place, Row, Writer, place_of

__all__ = ["SHOWN_TERMS", "choices_in", "equation_mathml", "numbers_mathml", "svg", "symbol_mathml"]

_OPENS, _CLOSES = '<mo stretchy="false" form="prefix">(</mo>', '<mo stretchy="false" form="postfix">)</mo>'
_COMPARED = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_OPPOSITE = {"<": "≥", "<=": ">", ">": "≤", ">=": "<"}


def symbol_mathml(node: Named, row: Row | None = None, labels: Callable[[Set, int], str] | None = None) -> str:
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


def joined(between: str, parts: Sequence[str]) -> str:
    """Parts with a sign between them."""
    return mrow(sign(between).join(parts))


ARITHMETIC: Surface[[Writer], Part] = Surface("MathML arithmetic", part=True)
"""What is set alike in symbols and with numbers."""


@ARITHMETIC.rule(Add)
def _add(node: Add, w: Writer) -> Part:
    return joined("+", [w.text(node.left, SUM), w.behind(node.right, SUM)]), SUM


@ARITHMETIC.rule(Subtract)
def _subtract(node: Subtract, w: Writer) -> Part:
    return joined("−", [w.text(node.left, SUM), w.behind(node.right, PRODUCT)]), SUM


@ARITHMETIC.rule(Multiply)
def _multiply(node: Multiply, w: Writer) -> Part:
    return joined("×", [w.text(node.left, PRODUCT), w.behind(node.right, PRODUCT)]), PRODUCT


@ARITHMETIC.rule(Divide)
def _divide(node: Divide, w: Writer) -> Part:
    return f"<mfrac><mrow>{w.text(node.left)}</mrow><mrow>{w.text(node.right)}</mrow></mfrac>", POWER


@ARITHMETIC.rule(Negative)
def _negative(node: Negative, w: Writer) -> Part:
    return mrow('<mo form="prefix">−</mo>', w.text(node.arg, PRODUCT)), SIGN


@ARITHMETIC.rule(Power)
def _power(node: Power, w: Writer) -> Part:
    return f"<msup><mrow>{w.text(node.base, ATOM)}</mrow><mn>{node.exponent}</mn></msup>", POWER


@ARITHMETIC.rule(Exponential)
def _exponential(node: Exponential, w: Writer) -> Part:
    return f"<msup><mi>e</mi><mrow>{w.text(node.arg)}</mrow></msup>", POWER


@ARITHMETIC.rule(Extreme)
def _extreme(node: Extreme, w: Writer) -> Part:
    name = "min" if isinstance(node, Minimum) else "max"
    return mrow(f"<mtext>{name}</mtext>", bracketed("<mo>;</mo>".join(w.text(a) for a in node.args))), ATOM


@ARITHMETIC.rule(Logarithm)
def _logarithm(node: Logarithm, w: Writer) -> Part:
    return mrow("<mi>ln</mi>", bracketed(w.text(node.arg))), ATOM


@ARITHMETIC.rule(Rounded)
def _rounded(node: Rounded, w: Writer) -> Part:
    """To the nearest by name, down and up between the brackets of floor and ceiling; the digits below."""
    digits, arg = f"<mn>{node.digits}</mn>".replace("-", "−"), w.text(node.arg)
    if node.direction == "nearest":
        return mrow(f"<msub><mtext>round</mtext>{digits}</msub>", bracketed(arg)), ATOM
    opens, closes = ("⌊", "⌋") if node.direction == "down" else ("⌈", "⌉")
    return f"<msub>{mrow(sign(opens), arg, sign(closes))}{digits}</msub>", ATOM


@ARITHMETIC.rule(Number)
def _number(node: Number, w: Writer) -> Part:
    """A number of the equation's structure."""
    return f"<mn>{node.value:.15g}</mn>".replace("-", "−"), SIGN if node.value < 0 else ATOM


SYMBOLS: Surface[[Writer], Part] = Surface("symbols as MathML", like=[ARITHMETIC])
"""A node in symbols, and how tightly it binds."""


@SYMBOLS.rule(Input, Label, Defined)
def _named(node: Named, w: Writer) -> Part:
    return symbol_mathml(node), ATOM


@SYMBOLS.rule(Constant)
def _constant(node: Constant, w: Writer) -> Part:
    return (symbol_mathml(node), ATOM) if node.symbol else constant_mathml(node)


@SYMBOLS.rule(NumberOf)
def _number_of(node: NumberOf, w: Writer) -> Part:
    return f"<mi>{escape(node.over.index)}</mi>", ATOM


@SYMBOLS.rule(At, Spread)
def _as_its_operand(node: At | Spread, w: Writer) -> Part:
    return w.part(node.arg)


@SYMBOLS.rule(Total)
def _total(node: Total, w: Writer) -> Part:
    return _sum(f"<mi>{escape(node.over.index)}</mi>", w.text(node.arg, PRODUCT))


@SYMBOLS.rule(GroupTotal)
def _group_total(node: GroupTotal, w: Writer) -> Part:
    source = "<mo>,</mo>".join(f"<mi>{escape(s.index)}</mi>" for s in node.by.source)
    return _sum(f"{source}<mo>→</mo><mi>{escape(node.by.target.index)}</mi>", w.text(node.arg, PRODUCT))


def _sum(below: str, term: str) -> Part:
    return mrow(f"<munder><mo>∑</mo><mrow>{below}</mrow></munder>", term), SUM


@SYMBOLS.rule(Running)
def _running(node: Running, w: Writer) -> Part:
    index = f"<mi>{escape(node.over.index)}</mi>"
    return _sum(
        f"<msup>{index}<mo>′</mo></msup>{sign('≥' if node.backward else '≤')}{index}", w.text(node.arg, PRODUCT)
    )


@SYMBOLS.rule(Lag)
def _lag(node: Lag, w: Writer) -> Part:
    """What is taken in brackets, the index of the element that it is taken at below; then what comes before."""
    there = f"<mi>{escape(node.over.index)}</mi>{sign('−' if node.steps > 0 else '+')}<mn>{abs(node.steps)}</mn>"
    taken = f"<msub>{mrow(sign('['), w.text(node.arg), sign(']'))}<mrow>{there}</mrow></msub>"
    if node.before is None:
        return taken, ATOM
    return cases([(taken, mrow(sign("∃"), there)), (w.text(node.before), mrow(sign("∄"), there))]), CASES


@SYMBOLS.rule(Table)
def _table(node: Table, w: Writer) -> Part:
    return mrow(w.text(node.values, ATOM), bracketed(w.text(node.x))), ATOM


@SYMBOLS.rule(Where)
def _where(node: Where, w: Writer) -> Part:
    yes, no = w.text(node.yes), w.text(node.no)
    return cases([(yes, w.text(node.condition)), (no, _negated(node.condition, w))]), CASES


def _negated(condition: Node, w: Writer) -> str:
    if isinstance(condition, Compare):
        return joined(_OPPOSITE[condition.operator], [w.text(condition.left, SUM), w.text(condition.right, SUM)])
    return mrow(sign("¬"), bracketed(w.text(condition)))


@SYMBOLS.rule(Choose)
def _choose(node: Choose, w: Writer) -> Part:
    symbol = w.text(node.label)
    rows = [(w.text(branch), f"{symbol}{sign('=')}<mn>{n + 1}</mn>") for n, (_, branch) in enumerate(node.branches)]
    return cases(rows), CASES


@SYMBOLS.rule(Compare)
def _compare(node: Compare, w: Writer) -> Part:
    return joined(_COMPARED[node.operator], [w.text(node.left, SUM), w.text(node.right, SUM)]), SUM


@SYMBOLS.rule(IsLabel)
def _is_label(node: IsLabel, w: Writer) -> Part:
    which = node.label.choices.index(node.choice) + 1
    return mrow(w.text(node.label), sign("="), f"<mn>{which}</mn>"), SUM


@SYMBOLS.rule(Both)
def _both(node: Both, w: Writer) -> Part:
    return joined("∧", [w.text(node.left, PRODUCT), w.text(node.right, PRODUCT)]), SUM


@SYMBOLS.rule(Either)
def _either(node: Either, w: Writer) -> Part:
    return joined("∨", [w.text(node.left, PRODUCT), w.text(node.right, PRODUCT)]), SUM


@SYMBOLS.rule(Not)
def _not(node: Not, w: Writer) -> Part:
    return mrow(sign("¬"), bracketed(w.text(node.arg))), ATOM


def constant_mathml(node: Constant) -> Part:
    """A constant as it is written, 44/12 as a fraction."""
    above, _, below = (f"<mn>{escape(part.strip())}</mn>".replace("-", "−") for part in (*node.written.partition("/"),))
    if "/" in node.written:
        return f"<mfrac>{above}{below}</mfrac>", POWER
    return above, SIGN if node.value < 0 else ATOM


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
            written.insert(-1, f"<mo>⋯</mo>{bracketed(f'<mn>{left_out}</mn>')}<mo>⋯</mo>")
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
