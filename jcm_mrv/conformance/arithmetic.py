"""Arithmetic as a person writes it in a case, computed in exact fractions without the engine."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache

_OPERATORS: Mapping[type[ast.AST], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@lru_cache(maxsize=1024)  # a mutation run asks for the same ones hundreds of times
def arithmetic(text: str) -> Fraction:
    """``1000 x min(0.333, 0.533)`` as an exact fraction; only numbers, + - x / ( ), min and max.

    Raises ValueError for anything else.
    """
    written = " ".join(text.replace(" x ", " * ").split())  # on one line, where a column says where a number stands
    try:
        return _value(ast.parse(written, mode="eval").body, written.encode())
    except ZeroDivisionError:
        raise ValueError(f"{text!r} is no arithmetic: it divides by zero") from None
    except (SyntaxError, RecursionError) as error:
        raise ValueError(f"{written[:80]!r} is no arithmetic: {error}") from error


def _value(node: ast.expr, text: bytes) -> Fraction:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        written = text[node.col_offset : node.end_col_offset].decode()
        if re.search(r"e[-+]?[0-9]{3}", written, re.IGNORECASE):  # its digits would fill the memory
            raise ValueError(f"{written} in {text.decode()!r} is no arithmetic that a person follows")
        return Fraction(written)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, text)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left, text), _value(node.right, text))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
        values = [_value(argument, text) for argument in node.args]
        return min(values) if node.func.id == "min" else max(values)
    raise ValueError(f"{text.decode()!r} is more than arithmetic")


__all__ = ["arithmetic"]
