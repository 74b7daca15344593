"""Equations as plain text: for terminals, error messages and alternative texts."""

from __future__ import annotations

from typing import cast

from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.sets import Mapping
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.quantities.writing import ATOM, POWER, PRODUCT, SIGN, SUM, Part, Writer


def symbol_text(node: eq.Named) -> str:
    """A symbol with its indexes: ``EC_PJ,i,p``, ``EG_i,p``."""
    indexes = ",".join(s.index for s in node.sets)
    symbol = node.symbol or "?"
    return symbol + ("," if "_" in symbol else "_") * bool(indexes) + indexes


def equation_text(node: eq.Defined) -> str:
    """A defined quantity with its equation on one line."""
    return f"{symbol_text(node)} = {term_text(node.equation)}"


def term_text(node: eq.Node) -> str:
    """An expression on one line; a named quantity stands by its symbol, not by its equation."""
    writer = Writer(TEXT)
    return writer.text(node)


TEXT: Surface[[Writer], Part] = Surface("text")
"""A node as plain text, and how tightly it binds."""


@TEXT.rule(eq.Input, eq.Label, eq.Defined)
def _named(node: eq.Named, w: Writer) -> Part:
    return symbol_text(node), ATOM


@TEXT.rule(eq.Constant)
def _constant(node: eq.Constant, w: Writer) -> Part:
    return node.symbol or node.written, ATOM


@TEXT.rule(eq.Number)
def _number(node: eq.Number, w: Writer) -> Part:
    return f"{node.value:.15g}", ATOM if node.value >= 0 else SIGN


@TEXT.rule(eq.NumberOf)
def _number_of(node: eq.NumberOf, w: Writer) -> Part:
    return node.over.index, ATOM


@TEXT.rule(eq.Add)
def _add(node: eq.Add, w: Writer) -> Part:
    return f"{w.text(node.left, SUM)} + {w.text(node.right, SUM)}", SUM


@TEXT.rule(eq.Subtract)
def _subtract(node: eq.Subtract, w: Writer) -> Part:
    return f"{w.text(node.left, SUM)} - {w.text(node.right, PRODUCT)}", SUM


@TEXT.rule(eq.Multiply)
def _multiply(node: eq.Multiply, w: Writer) -> Part:
    return f"{w.text(node.left, PRODUCT)} × {w.text(node.right, PRODUCT)}", PRODUCT


@TEXT.rule(eq.Divide)
def _divide(node: eq.Divide, w: Writer) -> Part:
    return f"{w.text(node.left, PRODUCT)} / {w.text(node.right, SIGN)}", PRODUCT


@TEXT.rule(eq.Negative)
def _negative(node: eq.Negative, w: Writer) -> Part:
    return f"-{w.text(node.arg, SIGN)}", SIGN


@TEXT.rule(eq.Power)
def _power(node: eq.Power, w: Writer) -> Part:
    return f"{w.text(node.base, ATOM)}^{node.exponent}", POWER


@TEXT.rule(eq.Exponential)
def _exponential(node: eq.Exponential, w: Writer) -> Part:
    return f"exp({w.text(node.arg)})", ATOM


@TEXT.rule(eq.Logarithm)
def _logarithm(node: eq.Logarithm, w: Writer) -> Part:
    return f"ln({w.text(node.arg)})", ATOM


@TEXT.rule(eq.Rounded)
def _rounded(node: eq.Rounded, w: Writer) -> Part:
    return rounding_text(node, w.text(node.arg)), ATOM


def rounding_text(node: eq.Rounded, arg: str) -> str:
    """A rounding in words that a spreadsheet uses: ``round(x; 2)``, ``round down(x; 0)``."""
    return f"round{'' if node.direction == 'nearest' else f' {node.direction}'}({arg}; {node.digits})"


@TEXT.rule(eq.Extreme)
def _extreme(node: eq.Extreme, w: Writer) -> Part:
    name = "min" if isinstance(node, eq.Minimum) else "max"
    return f"{name}({'; '.join(w.text(a) for a in node.args)})", ATOM


@TEXT.rule(eq.Compare)
def _compare(node: eq.Compare, w: Writer) -> Part:
    return f"{w.text(node.left)} {node.operator} {w.text(node.right)}", SUM


@TEXT.rule(eq.IsLabel)
def _is_label(node: eq.IsLabel, w: Writer) -> Part:
    return f"{w.text(node.label)} is {node.choice}", SUM


@TEXT.rule(eq.Both)
def _both(node: eq.Both, w: Writer) -> Part:
    return f"{w.text(node.left, PRODUCT)} and {w.text(node.right, PRODUCT)}", SUM


@TEXT.rule(eq.Either)
def _either(node: eq.Either, w: Writer) -> Part:
    return f"{w.text(node.left, PRODUCT)} or {w.text(node.right, PRODUCT)}", SUM


@TEXT.rule(eq.Not)
def _not(node: eq.Not, w: Writer) -> Part:
    return f"not ({w.text(node.arg)})", ATOM


@TEXT.rule(eq.Where)
def _where(node: eq.Where, w: Writer) -> Part:
    return f"where({w.text(node.condition)}; {w.text(node.yes)}; {w.text(node.no)})", ATOM


@TEXT.rule(eq.Choose)
def _choose(node: eq.Choose, w: Writer) -> Part:
    cases = "; ".join(f"{choice}: {w.text(branch)}" for choice, branch in node.branches)
    return f"choose({w.text(node.label)} | {cases})", ATOM


@TEXT.rule(eq.Lookup)
def _lookup(node: eq.Lookup, w: Writer) -> Part:
    return f"{_table_name(node, w)}[class of {w.text(node.x)}]", ATOM


@TEXT.rule(eq.Interpolated)
def _interpolated(node: eq.Interpolated, w: Writer) -> Part:
    return f"{_table_name(node, w)}[interpolated at {w.text(node.x)}]", ATOM


def _table_name(node: eq.Table, w: Writer) -> str:
    return node.values.symbol if isinstance(node.values, eq.Named) else w.text(node.values, ATOM)


@TEXT.rule(eq.Total)
def _total(node: eq.Total, w: Writer) -> Part:
    return f"Σ_{node.over.index} ({w.text(node.arg)})", ATOM


@TEXT.rule(eq.GroupTotal)
def _group_total(node: eq.GroupTotal, w: Writer) -> Part:
    return f"Σ_{mapping_text(node)} ({w.text(node.arg)})", ATOM


def mapping_text(node: eq.GroupTotal | eq.Peak) -> str:
    """The indexes of a grouping: ``i→g``."""
    by = cast(Mapping, node.by)
    return f"{','.join(s.index for s in by.source)}→{by.target.index}"


@TEXT.rule(eq.Peak)
def _peak(node: eq.Peak, w: Writer) -> Part:
    below = node.over.index if node.over else mapping_text(node)
    return f"{'min' if node.least else 'max'}_{below} ({w.text(node.arg)})", ATOM


@TEXT.rule(eq.Running)
def _running(node: eq.Running, w: Writer) -> Part:
    index = node.over.index
    return f"Σ_{index}'{'≥' if node.backward else '≤'}{index} ({w.text(node.arg)})", ATOM


@TEXT.rule(eq.Lag)
def _lag(node: eq.Lag, w: Writer) -> Part:
    before = "" if node.before is None else f"; before: {w.text(node.before)}"
    return f"lag({w.text(node.arg)}; {node.over.index}{-node.steps:+d}{before})", ATOM


@TEXT.rule(eq.At, eq.Spread)
def _as_its_operand(node: eq.At | eq.Spread, w: Writer) -> Part:
    return w.text(node.arg, ATOM), ATOM
