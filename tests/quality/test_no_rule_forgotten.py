"""A rule that is written and called by nobody would never say a word: every one is called by its room's list."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

from jcm_mrv.quality import records, values
from jcm_mrv.quality.records import rules as record_rules
from jcm_mrv.quality.values import rules as value_rules
from jcm_mrv.quality.values.subject import Subject


def is_rule(one: object, module: str) -> bool:
    """A public function that gives findings, or of which nobody said what it gives."""
    if not inspect.isfunction(one) or one.__module__ != module or one.__name__.startswith("_"):
        return False
    gives = str(one.__annotations__.get("return", "Finding"))
    return "Finding" in gives or gives in ("object", "Any", "Iterator", "Iterable", "list")


def written(room: ModuleType, listing: ModuleType) -> set[str]:
    """The rules of a room by name."""
    names = [m.name for m in iter_modules(room.__path__, f"{room.__name__}.") if m.name != listing.__name__]
    return {one.__name__ for name in names for one in vars(import_module(name)).values() if is_rule(one, name)}


def used(room: ModuleType, listing: ModuleType) -> set[str]:
    """What the list of a room names outside its imports, and what rules that it names hand over to."""
    names = {n.id for n in ast.walk(ast.parse(inspect.getsource(listing))) if isinstance(n, ast.Name)}
    modules = [import_module(m.name) for m in iter_modules(room.__path__, f"{room.__name__}.")]
    called = [vars(module)[name] for module in modules for name in names if name in vars(module)]
    for rule in called:
        if is_rule(rule, rule.__module__ if inspect.isfunction(rule) else ""):
            names |= {n.id for n in ast.walk(ast.parse(inspect.getsource(rule))) if isinstance(n, ast.Name)}
    return names


@pytest.mark.parametrize(
    ("room", "listing"), [(values, value_rules), (records, record_rules)], ids=["values", "records"]
)
def test_every_rule_is_called(room: ModuleType, listing: ModuleType) -> None:
    assert written(room, listing) - used(room, listing) == set(), f"name it in {listing.__name__}"


def without_annotations(subject):
    yield subject


def as_a_list(subject: Subject) -> list[Finding]:  # noqa: F821
    return []


def with_more(subject: Subject, most: float) -> Iterable[Finding]:  # noqa: F821
    return []


def of_something_else(subject: Subject) -> float:
    return 0.0


@pytest.mark.parametrize("one", [without_annotations, as_a_list, with_more])
def test_a_rule_is_known_however_it_is_annotated(one: Callable[..., object]) -> None:
    assert is_rule(one, __name__)
    assert not is_rule(of_something_else, __name__)
