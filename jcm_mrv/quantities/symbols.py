"""Equations in symbols, as MathML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import cast
from xml.sax.saxutils import escape

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
    Peak,
    Power,
    Rounded,
    Running,
    Spread,
    Subtract,
    Table,
    Total,
    Where,
)
from jcm_mrv.quantities.mathml import bracketed, cases, mrow, sign, upright
from jcm_mrv.quantities.sets import Mapping, Set
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.writing import ATOM, CASES, POWER, PRODUCT, SIGN, SUM, Part, Row, Writer

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
    return _sum(_grouping(node.by), w.text(node.arg, PRODUCT))


def _grouping(by: Mapping) -> str:
    source = "<mo>,</mo>".join(f"<mi>{escape(s.index)}</mi>" for s in by.source)
    return f"{source}<mo>→</mo><mi>{escape(by.target.index)}</mi>"


@SYMBOLS.rule(Peak)
def _peak(node: Peak, w: Writer) -> Part:
    below = f"<mi>{escape(node.over.index)}</mi>" if node.over else _grouping(cast(Mapping, node.by))
    return mrow(
        f"<munder><mtext>{extreme_name(node)}</mtext><mrow>{below}</mrow></munder>", bracketed(w.text(node.arg))
    ), ATOM


def extreme_name(node: Peak) -> str:
    """The word for an extreme."""
    return "min" if node.least else "max"


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
