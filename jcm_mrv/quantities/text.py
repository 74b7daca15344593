"""Equations as plain text: for terminals, error messages and alternative texts."""

from __future__ import annotations

from typing import cast

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
    Interpolated,
    IsLabel,
    Label,
    Lag,
    Logarithm,
    Lookup,
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
from jcm_mrv.quantities.sets import Mapping
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.writing import ATOM, POWER, PRODUCT, SIGN, SUM, Part, Writer


def symbol_text(node: Named) -> str:
    """A symbol with its indexes: ``EC_PJ,i,p``, ``EG_i,p``."""
    indexes = ",".join(s.index for s in node.sets)
    symbol = node.symbol or "?"
    return symbol + ("," if "_" in symbol else "_") * bool(indexes) + indexes


def equation_text(node: Defined) -> str:
    """A defined quantity with its equation on one line."""
    return f"{symbol_text(node)} = {term_text(node.equation)}"


def term_text(node: Node) -> str:
    """An expression on one line; a named quantity stands by its symbol, not by its equation."""
    writer = Writer(TEXT)
    return writer.text(node)


TEXT: Surface[[Writer], Part] = Surface("text")
"""A node as plain text, and how tightly it binds."""


@TEXT.rule(Input, Label, Defined)
def _named(node: Named, w: Writer) -> Part:
    return symbol_text(node), ATOM


@TEXT.rule(Constant)
def _constant(node: Constant, w: Writer) -> Part:
    return node.symbol or node.written, ATOM


@TEXT.rule(Number)
def _number(node: Number, w: Writer) -> Part:
    return f"{node.value:.15g}", ATOM if node.value >= 0 else SIGN


@TEXT.rule(NumberOf)
def _number_of(node: NumberOf, w: Writer) -> Part:
    return node.over.index, ATOM


@TEXT.rule(Add)
def _add(node: Add, w: Writer) -> Part:
    return f"{w.text(node.left, SUM)} + {w.text(node.right, SUM)}", SUM


@TEXT.rule(Subtract)
def _subtract(node: Subtract, w: Writer) -> Part:
    return f"{w.text(node.left, SUM)} - {w.text(node.right, PRODUCT)}", SUM


@TEXT.rule(Multiply)
def _multiply(node: Multiply, w: Writer) -> Part:
    return f"{w.text(node.left, PRODUCT)} × {w.text(node.right, PRODUCT)}", PRODUCT


@TEXT.rule(Divide)
def _divide(node: Divide, w: Writer) -> Part:
    return f"{w.text(node.left, PRODUCT)} / {w.text(node.right, SIGN)}", PRODUCT


@TEXT.rule(Negative)
def _negative(node: Negative, w: Writer) -> Part:
    return f"-{w.text(node.arg, SIGN)}", SIGN


@TEXT.rule(Power)
def _power(node: Power, w: Writer) -> Part:
    return f"{w.text(node.base, ATOM)}^{node.exponent}", POWER


@TEXT.rule(Exponential)
def _exponential(node: Exponential, w: Writer) -> Part:
    return f"exp({w.text(node.arg)})", ATOM


@TEXT.rule(Logarithm)
def _logarithm(node: Logarithm, w: Writer) -> Part:
    return f"ln({w.text(node.arg)})", ATOM


@TEXT.rule(Rounded)
def _rounded(node: Rounded, w: Writer) -> Part:
    return rounding_text(node, w.text(node.arg)), ATOM


def rounding_text(node: Rounded, arg: str) -> str:
    """A rounding in words that a spreadsheet uses: ``round(x; 2)``, ``round down(x; 0)``."""
    return f"round{'' if node.direction == 'nearest' else f' {node.direction}'}({arg}; {node.digits})"


@TEXT.rule(Extreme)
def _extreme(node: Extreme, w: Writer) -> Part:
    name = "min" if isinstance(node, Minimum) else "max"
    return f"{name}({'; '.join(w.text(a) for a in node.args)})", ATOM


@TEXT.rule(Compare)
def _compare(node: Compare, w: Writer) -> Part:
    return f"{w.text(node.left)} {node.operator} {w.text(node.right)}", SUM


@TEXT.rule(IsLabel)
def _is_label(node: IsLabel, w: Writer) -> Part:
    return f"{w.text(node.label)} is {node.choice}", SUM


@TEXT.rule(Both)
def _both(node: Both, w: Writer) -> Part:
    return f"{w.text(node.left, PRODUCT)} and {w.text(node.right, PRODUCT)}", SUM


@TEXT.rule(Either)
def _either(node: Either, w: Writer) -> Part:
    return f"{w.text(node.left, PRODUCT)} or {w.text(node.right, PRODUCT)}", SUM


@TEXT.rule(Not)
def _not(node: Not, w: Writer) -> Part:
    return f"not ({w.text(node.arg)})", ATOM


@TEXT.rule(Where)
def _where(node: Where, w: Writer) -> Part:
    return f"where({w.text(node.condition)}; {w.text(node.yes)}; {w.text(node.no)})", ATOM


@TEXT.rule(Choose)
def _choose(node: Choose, w: Writer) -> Part:
    cases = "; ".join(f"{choice}: {w.text(branch)}" for choice, branch in node.branches)
    return f"choose({w.text(node.label)} | {cases})", ATOM


@TEXT.rule(Lookup)
def _lookup(node: Lookup, w: Writer) -> Part:
    return f"{_table_name(node, w)}[class of {w.text(node.x)}]", ATOM


@TEXT.rule(Interpolated)
def _interpolated(node: Interpolated, w: Writer) -> Part:
    return f"{_table_name(node, w)}[interpolated at {w.text(node.x)}]", ATOM


def _table_name(node: Table, w: Writer) -> str:
    return node.values.symbol if isinstance(node.values, Named) else w.text(node.values, ATOM)


@TEXT.rule(Total)
def _total(node: Total, w: Writer) -> Part:
    return f"Σ_{node.over.index} ({w.text(node.arg)})", ATOM


@TEXT.rule(GroupTotal)
def _group_total(node: GroupTotal, w: Writer) -> Part:
    return f"Σ_{mapping_text(node)} ({w.text(node.arg)})", ATOM


def mapping_text(node: GroupTotal | Peak) -> str:
    """The indexes of a grouping: ``i→g``."""
    by = cast(Mapping, node.by)
    return f"{','.join(s.index for s in by.source)}→{by.target.index}"


@TEXT.rule(Peak)
def _peak(node: Peak, w: Writer) -> Part:
    below = node.over.index if node.over else mapping_text(node)
    return f"{'min' if node.least else 'max'}_{below} ({w.text(node.arg)})", ATOM


@TEXT.rule(Running)
def _running(node: Running, w: Writer) -> Part:
    index = node.over.index
    return f"Σ_{index}'{'≥' if node.backward else '≤'}{index} ({w.text(node.arg)})", ATOM


@TEXT.rule(Lag)
def _lag(node: Lag, w: Writer) -> Part:
    before = "" if node.before is None else f"; before: {w.text(node.before)}"
    return f"lag({w.text(node.arg)}; {node.over.index}{-node.steps:+d}{before})", ATOM


@TEXT.rule(At, Spread)
def _as_its_operand(node: At | Spread, w: Writer) -> Part:
    return w.text(node.arg, ATOM), ATOM
