"""Changes to the arithmetic: each is made once, alters what it says, and nothing else of the module."""

from __future__ import annotations

import ast
from pathlib import Path

from mutation.changes import changed, changes_of

MODULE = '''
def share(used: float, total: float) -> float:
    """The part of a total."""
    if total <= 0:
        raise ValueError(f"{total - 1} is not above 0")
    return min(used / total, 1.0)
'''


def test_each_operator_bound_and_constant_is_changed_once(tmp_path: Path) -> None:
    path = tmp_path / "share.py"
    path.write_text(MODULE, encoding="utf-8")
    texts = {change.text for change in changes_of(path)}
    assert texts == {
        "total <= 0  ->  total < 0",
        "0  ->  1",
        "min(used / total, 1.0)  ->  max(used / total, 1.0)",
        "used / total  ->  used * total",
        "1.0  ->  2.001",
    }


def test_a_change_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "share.py"
    path.write_text(MODULE, encoding="utf-8")
    original = ast.unparse(ast.parse(MODULE)).splitlines()
    for change in changes_of(path):
        lines = ast.unparse(changed(change)).splitlines()
        assert sum(a != b for a, b in zip(original, lines, strict=True)) == 1
