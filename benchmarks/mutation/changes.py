"""Every small change that can be made to the arithmetic of a module: an operator, a bound, a sign, a side."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {"min": "max", "minimum": "maximum", "any": "all", "floor": "ceil", "greatest": "least", "left": "right"}
NAMES |= {other: one for one, other in NAMES.items()}
SAYING = ("say", "say_plural", "as_words")
"""What is handed to these is wording, not arithmetic."""
GUARDING = ("strict", "copy", "stable")
"""Arguments of libraries that alter no result that is right."""


@dataclass(frozen=True)
class Change:
    """One change: in ``module`` (a file), inside the outermost function ``function``, at ``line``, in words.

    ``first`` and ``last`` are the lines of the statement that is changed, for the question which tests reach it;
    the function begins at ``begins``.
    """

    module: Path
    function: str
    begins: int
    line: int
    first: int
    last: int
    text: str
    number: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}: {self.text}"


@cache
def source(path: Path) -> str:
    """The text of a module as it was when it was first asked for: who edits it meanwhile changes nothing here."""
    return path.read_text(encoding="utf-8")


def changes_of(path: Path) -> list[Change]:
    """Every change that can be made to the functions of a module, in the order of the lines."""
    tree = ast.parse(source(path))
    found = []
    for function, name in _functions(tree):
        for statement, node in _nodes(function):
            for number, (text, _) in enumerate(_kinds(node)):
                first, last = statement.lineno, statement.end_lineno or statement.lineno
                words = f"{ast.unparse(node)[:70]}  ->  {text}"
                found.append(Change(path, name, function.lineno, node.lineno, first, last, words, number))
    return sorted(set(found), key=lambda change: (change.line, change.text, change.number))


def changed(change: Change) -> ast.Module:
    """The module with that change made."""
    tree = ast.parse(source(change.module))
    for function, name in _functions(tree):
        if name != change.function:
            continue
        for _, node in _nodes(function):
            if node.lineno != change.line:
                continue
            for number, (text, make) in enumerate(_kinds(node)):
                if number == change.number and f"{ast.unparse(node)[:70]}  ->  {text}" == change.text:
                    make(node)
                    return ast.fix_missing_locations(tree)
    raise LookupError(str(change))


def _functions(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, str]]:
    """The outermost functions, methods with their class: what is nested belongs to them."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node, node.name
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield method, f"{node.name}.{method.name}"


def _nodes(function: ast.FunctionDef) -> Iterator[tuple[ast.stmt, ast.expr]]:
    """Expressions of a function's body with their statement; no annotation, no text, no message of an error."""
    for statement in function.body:
        yield from _below(statement, statement)


def _below(node: ast.AST, statement: ast.stmt) -> Iterator[tuple[ast.stmt, ast.expr]]:
    if isinstance(node, ast.JoinedStr | ast.Raise | ast.Assert):
        return
    if isinstance(node, ast.expr):
        yield statement, node
    wording = isinstance(node, ast.Call) and _name(node) in SAYING
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "args") and not isinstance(node, ast.Call):
            continue
        if name in ("args", "keywords") and wording:
            continue
        if name == "keywords":
            value = [keyword for keyword in value if keyword.arg not in GUARDING]
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                # A compound statement counts with its own first lines, what stands in it with the lines of its own.
                inner = child if isinstance(child, ast.stmt) else statement
                yield from _below(child, inner)


Make = Callable[[ast.expr], None]


def _kinds(node: ast.expr) -> Iterator[tuple[str, Make]]:
    """What can be changed at one expression: words, and the act."""
    if isinstance(node, ast.Compare):
        for n, operator in enumerate(node.ops):
            other = COMPARISONS[type(operator)]
            yield _told(node, lambda e, n=n, other=other: e.ops.__setitem__(n, other()))
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and not _is_text(node):
        yield _told(node, lambda e: setattr(e, "op", OPERATORS[type(e.op)]()))
    elif isinstance(node, ast.BoolOp):
        yield _told(node, lambda e: setattr(e, "op", ast.Or() if isinstance(e.op, ast.And) else ast.And()))
        if len(node.values) > 1:
            yield _told(node, lambda e: setattr(e, "values", [e.values[0], e.values[0]]))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield _told(
            node, lambda e: setattr(e, "op", ast.UAdd() if isinstance(e.op, ast.USub | ast.Invert) else _twice(e))
        )
    elif isinstance(node, ast.IfExp):
        yield _told(node, lambda e: (setattr(e, "body", e.orelse), None)[1])
    elif isinstance(node, ast.Call):
        if (name := _name(node)) in NAMES:
            yield _told(node, lambda e, name=name: _rename(e, NAMES[name]))
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield _told(node, lambda e: setattr(e, "value", not e.value))
        elif isinstance(node.value, int | float):
            yield _told(
                node, lambda e: setattr(e, "value", e.value + 1 if isinstance(e.value, int) else e.value * 2 + 1e-3)
            )


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _told(node: ast.expr, make: Make) -> tuple[str, Make]:
    twin = copy.deepcopy(node)
    make(twin)
    return ast.unparse(ast.fix_missing_locations(twin))[:70], make


def _twice(node: ast.expr) -> ast.unaryop:
    """``not x`` becomes ``not not x``: its truth, turned."""
    assert isinstance(node, ast.UnaryOp)
    node.operand = ast.UnaryOp(ast.Not(), node.operand)
    return ast.Not()


def _rename(call: ast.expr, name: str) -> None:
    assert isinstance(call, ast.Call)
    if isinstance(call.func, ast.Name):
        call.func.id = name
    else:
        call.func.attr = name  # type: ignore[attr-defined]


def _is_text(node: ast.BinOp) -> bool:
    """Whether texts are joined: a minus between them is noticed by Python itself."""
    return any(
        isinstance(side, ast.JoinedStr | ast.List | ast.Tuple | ast.Dict | ast.Set)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )
