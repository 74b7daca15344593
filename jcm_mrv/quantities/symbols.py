"""Equations in symbols, as MathML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import cast
from xml.sax.saxutils import escape

from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.mathml import bracketed, cases, mrow, sign, upright
from jcm_mrv.quantities.sets import Mapping, Set
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.writing import ATOM, CASES, POWER, PRODUCT, SIGN, SUM, Part, Row, Writer

_COMPARED = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_OPPOSITE = {"<": "≥", "<=": ">", ">": "≤", ">=": "<"}


def symbol_mathml(node: eq.Named, row: Row | None = None, labels: Callable[[Set, int], str] | None = None) -> str:
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


def joined(between: str, parts: Sequence[str]) -> str:
    """Parts with a sign between them."""
    return mrow(sign(between).join(parts))


ARITHMETIC: Surface[[Writer], Part] = Surface("MathML arithmetic", part=True)
"""What is set alike in symbols and with numbers."""


@ARITHMETIC.rule(eq.Add)
def _add(node: eq.Add, w: Writer) -> Part:
    return joined("+", [w.text(node.left, SUM), w.behind(node.right, SUM)]), SUM


@ARITHMETIC.rule(eq.Subtract)
def _subtract(node: eq.Subtract, w: Writer) -> Part:
    return joined("−", [w.text(node.left, SUM), w.behind(node.right, PRODUCT)]), SUM


@ARITHMETIC.rule(eq.Multiply)
def _multiply(node: eq.Multiply, w: Writer) -> Part:
    return joined("×", [w.text(node.left, PRODUCT), w.behind(node.right, PRODUCT)]), PRODUCT


@ARITHMETIC.rule(eq.Divide)
def _divide(node: eq.Divide, w: Writer) -> Part:
    return f"<mfrac><mrow>{w.text(node.left)}</mrow><mrow>{w.text(node.right)}</mrow></mfrac>", POWER


@ARITHMETIC.rule(eq.Negative)
def _negative(node: eq.Negative, w: Writer) -> Part:
    return mrow('<mo form="prefix">−</mo>', w.text(node.arg, PRODUCT)), SIGN


@ARITHMETIC.rule(eq.Power)
def _power(node: eq.Power, w: Writer) -> Part:
    return f"<msup><mrow>{w.text(node.base, ATOM)}</mrow><mn>{node.exponent}</mn></msup>", POWER


@ARITHMETIC.rule(eq.Exponential)
def _exponential(node: eq.Exponential, w: Writer) -> Part:
    return f"<msup><mi>e</mi><mrow>{w.text(node.arg)}</mrow></msup>", POWER


@ARITHMETIC.rule(eq.Extreme)
def _extreme(node: eq.Extreme, w: Writer) -> Part:
    name = "min" if isinstance(node, eq.Minimum) else "max"
    return mrow(f"<mtext>{name}</mtext>", bracketed("<mo>;</mo>".join(w.text(a) for a in node.args))), ATOM


@ARITHMETIC.rule(eq.Logarithm)
def _logarithm(node: eq.Logarithm, w: Writer) -> Part:
    return mrow("<mi>ln</mi>", bracketed(w.text(node.arg))), ATOM


@ARITHMETIC.rule(eq.Rounded)
def _rounded(node: eq.Rounded, w: Writer) -> Part:
    """To the nearest by name, down and up between the brackets of floor and ceiling; the digits below."""
    digits, arg = f"<mn>{node.digits}</mn>".replace("-", "−"), w.text(node.arg)
    if node.direction == "nearest":
        return mrow(f"<msub><mtext>round</mtext>{digits}</msub>", bracketed(arg)), ATOM
    opens, closes = ("⌊", "⌋") if node.direction == "down" else ("⌈", "⌉")
    return f"<msub>{mrow(sign(opens), arg, sign(closes))}{digits}</msub>", ATOM


@ARITHMETIC.rule(eq.Number)
def _number(node: eq.Number, w: Writer) -> Part:
    """A number of the equation's structure."""
    return f"<mn>{node.value:.15g}</mn>".replace("-", "−"), SIGN if node.value < 0 else ATOM


SYMBOLS: Surface[[Writer], Part] = Surface("symbols as MathML", like=[ARITHMETIC])
"""A node in symbols, and how tightly it binds."""


@SYMBOLS.rule(eq.Input, eq.Label, eq.Defined)
def _named(node: eq.Named, w: Writer) -> Part:
    return symbol_mathml(node), ATOM


@SYMBOLS.rule(eq.Constant)
def _constant(node: eq.Constant, w: Writer) -> Part:
    return (symbol_mathml(node), ATOM) if node.symbol else constant_mathml(node)


@SYMBOLS.rule(eq.NumberOf)
def _number_of(node: eq.NumberOf, w: Writer) -> Part:
    return f"<mi>{escape(node.over.index)}</mi>", ATOM


@SYMBOLS.rule(eq.At, eq.Spread)
def _as_its_operand(node: eq.At | eq.Spread, w: Writer) -> Part:
    return w.part(node.arg)


@SYMBOLS.rule(eq.Total)
def _total(node: eq.Total, w: Writer) -> Part:
    return _sum(f"<mi>{escape(node.over.index)}</mi>", w.text(node.arg, PRODUCT))


@SYMBOLS.rule(eq.GroupTotal)
def _group_total(node: eq.GroupTotal, w: Writer) -> Part:
    return _sum(_grouping(node.by), w.text(node.arg, PRODUCT))


def _grouping(by: Mapping) -> str:
    source = "<mo>,</mo>".join(f"<mi>{escape(s.index)}</mi>" for s in by.source)
    return f"{source}<mo>→</mo><mi>{escape(by.target.index)}</mi>"


@SYMBOLS.rule(eq.Peak)
def _peak(node: eq.Peak, w: Writer) -> Part:
    below = f"<mi>{escape(node.over.index)}</mi>" if node.over else _grouping(cast(Mapping, node.by))
    return mrow(
        f"<munder><mtext>{extreme_name(node)}</mtext><mrow>{below}</mrow></munder>", bracketed(w.text(node.arg))
    ), ATOM


def extreme_name(node: eq.Peak) -> str:
    """The word for an extreme."""
    return "min" if node.least else "max"


def _sum(below: str, term: str) -> Part:
    return mrow(f"<munder><mo>∑</mo><mrow>{below}</mrow></munder>", term), SUM


@SYMBOLS.rule(eq.Running)
def _running(node: eq.Running, w: Writer) -> Part:
    index = f"<mi>{escape(node.over.index)}</mi>"
    return _sum(
        f"<msup>{index}<mo>′</mo></msup>{sign('≥' if node.backward else '≤')}{index}", w.text(node.arg, PRODUCT)
    )


@SYMBOLS.rule(eq.Lag)
def _lag(node: eq.Lag, w: Writer) -> Part:
    """What is taken in brackets, the index of the element that it is taken at below; then what comes before."""
    there = f"<mi>{escape(node.over.index)}</mi>{sign('−' if node.steps > 0 else '+')}<mn>{abs(node.steps)}</mn>"
    taken = f"<msub>{mrow(sign('['), w.text(node.arg), sign(']'))}<mrow>{there}</mrow></msub>"
    if node.before is None:
        return taken, ATOM
    return cases([(taken, mrow(sign("∃"), there)), (w.text(node.before), mrow(sign("∄"), there))]), CASES


@SYMBOLS.rule(eq.Table)
def _table(node: eq.Table, w: Writer) -> Part:
    return mrow(w.text(node.values, ATOM), bracketed(w.text(node.x))), ATOM


@SYMBOLS.rule(eq.Where)
def _where(node: eq.Where, w: Writer) -> Part:
    yes, no = w.text(node.yes), w.text(node.no)
    return cases([(yes, w.text(node.condition)), (no, _negated(node.condition, w))]), CASES


def _negated(condition: eq.Node, w: Writer) -> str:
    if isinstance(condition, eq.Compare):
        return joined(_OPPOSITE[condition.operator], [w.text(condition.left, SUM), w.text(condition.right, SUM)])
    return mrow(sign("¬"), bracketed(w.text(condition)))


@SYMBOLS.rule(eq.Choose)
def _choose(node: eq.Choose, w: Writer) -> Part:
    symbol = w.text(node.label)
    rows = [(w.text(branch), f"{symbol}{sign('=')}<mn>{n + 1}</mn>") for n, (_, branch) in enumerate(node.branches)]
    return cases(rows), CASES


@SYMBOLS.rule(eq.Compare)
def _compare(node: eq.Compare, w: Writer) -> Part:
    return joined(_COMPARED[node.operator], [w.text(node.left, SUM), w.text(node.right, SUM)]), SUM


@SYMBOLS.rule(eq.IsLabel)
def _is_label(node: eq.IsLabel, w: Writer) -> Part:
    which = node.label.choices.index(node.choice) + 1
    return mrow(w.text(node.label), sign("="), f"<mn>{which}</mn>"), SUM


@SYMBOLS.rule(eq.Both)
def _both(node: eq.Both, w: Writer) -> Part:
    return joined("∧", [w.text(node.left, PRODUCT), w.text(node.right, PRODUCT)]), SUM


@SYMBOLS.rule(eq.Either)
def _either(node: eq.Either, w: Writer) -> Part:
    return joined("∨", [w.text(node.left, PRODUCT), w.text(node.right, PRODUCT)]), SUM


@SYMBOLS.rule(eq.Not)
def _not(node: eq.Not, w: Writer) -> Part:
    return mrow(sign("¬"), bracketed(w.text(node.arg))), ATOM


def constant_mathml(node: eq.Constant) -> Part:
    """A constant as it is written, 44/12 as a fraction."""
    above, _, below = (f"<mn>{escape(part.strip())}</mn>".replace("-", "−") for part in (*node.written.partition("/"),))
    if "/" in node.written:
        return f"<mfrac>{above}{below}</mfrac>", POWER
    return above, SIGN if node.value < 0 else ATOM
