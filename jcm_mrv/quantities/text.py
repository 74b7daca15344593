"""Equations as plain text: for terminals, error messages and alternative texts."""

from __future__ import annotations

from collections.abc import Callable

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
    GroupTotal,
    IsLabel,
    Lookup,
    Maximum,
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

# How tightly a node binds; an operand that binds less needs brackets.
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = 1, 2, 3, 4, 5
_Part = tuple[str, int]


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
    written: dict[int, _Part] = {}
    for part in walk([node]):
        written[id(part)] = _write(part, written)
    return written[id(node)][0]


def _write(node: Node, written: dict[int, _Part]) -> _Part:
    for kind, rule in _RULES:
        if isinstance(node, kind):
            return rule(node, lambda operand, least=0: _bracket(written[id(operand)], least))
    return (f"<{type(node).__name__}>", _ATOM)


def _bracket(part: _Part, least: int) -> str:
    text, strength = part
    return f"({text})" if strength < least else text


def _named(node: Named, of: Callable[..., str]) -> _Part:
    return symbol_text(node), _ATOM


def _constant(node: Constant, of: Callable[..., str]) -> _Part:
    return node.symbol or node.written, _ATOM


def _choose(node: Choose, of: Callable[..., str]) -> _Part:
    cases = "; ".join(f"{choice}: {of(branch)}" for choice, branch in node.branches)
    return f"choose({symbol_text(node.label)} | {cases})", _ATOM


def _lookup(node: Lookup, of: Callable[..., str]) -> _Part:
    return f"{node.values.symbol}[class of {of(node.x)}]", _ATOM


def _group_total(node: GroupTotal, of: Callable[..., str]) -> _Part:
    source = ",".join(s.index for s in node.by.source)
    return f"Σ_{source}→{node.by.target.index} ({of(node.arg)})", _ATOM


_RULES: tuple[tuple[type, Callable[..., _Part]], ...] = (
    (Constant, _constant),
    (Named, _named),
    (Number, lambda n, of: (f"{n.value:.15g}", _ATOM if n.value >= 0 else _SIGN)),
    (NumberOf, lambda n, of: (n.over.index, _ATOM)),
    (Add, lambda n, of: (f"{of(n.left, _SUM)} + {of(n.right, _SUM)}", _SUM)),
    (Subtract, lambda n, of: (f"{of(n.left, _SUM)} - {of(n.right, _PRODUCT)}", _SUM)),
    (Multiply, lambda n, of: (f"{of(n.left, _PRODUCT)} × {of(n.right, _PRODUCT)}", _PRODUCT)),
    (Divide, lambda n, of: (f"{of(n.left, _PRODUCT)} / {of(n.right, _SIGN)}", _PRODUCT)),
    (Negative, lambda n, of: (f"-{of(n.arg, _SIGN)}", _SIGN)),
    (Power, lambda n, of: (f"{of(n.base, _ATOM)}^{n.exponent}", _POWER)),
    (Exponential, lambda n, of: (f"exp({of(n.arg)})", _ATOM)),
    (Minimum, lambda n, of: (f"min({'; '.join(of(a) for a in n.args)})", _ATOM)),
    (Maximum, lambda n, of: (f"max({'; '.join(of(a) for a in n.args)})", _ATOM)),
    (Compare, lambda n, of: (f"{of(n.left)} {n.operator} {of(n.right)}", _SUM)),
    (IsLabel, lambda n, of: (f"{symbol_text(n.label)} is {n.choice}", _SUM)),
    (Both, lambda n, of: (f"{of(n.left, _PRODUCT)} and {of(n.right, _PRODUCT)}", _SUM)),
    (Either, lambda n, of: (f"{of(n.left, _PRODUCT)} or {of(n.right, _PRODUCT)}", _SUM)),
    (Not, lambda n, of: (f"not ({of(n.arg)})", _ATOM)),
    (Where, lambda n, of: (f"where({of(n.condition)}; {of(n.yes)}; {of(n.no)})", _ATOM)),
    (Choose, _choose),
    (Lookup, _lookup),
    (Total, lambda n, of: (f"Σ_{n.over.index} ({of(n.arg)})", _ATOM)),
    (GroupTotal, _group_total),
    (At, lambda n, of: (of(n.arg, _ATOM), _ATOM)),
    (Spread, lambda n, of: (of(n.arg, _ATOM), _ATOM)),
)
