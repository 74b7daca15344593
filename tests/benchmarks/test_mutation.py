"""Changes to the arithmetic: each is made once, alters what it says, and nothing else of the module."""

from __future__ import annotations

import ast
from pathlib import Path

from mutation.changes import changed, changes_of
from mutation.reach import Reach, places_of
from mutation_run import EQUIVALENT, ROOMS, drawn, equivalent, key

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


def test_wording_and_guards_of_libraries_are_no_arithmetic(tmp_path: Path) -> None:
    path = tmp_path / "told.py"
    path.write_text(
        "def told(a, b):\n    return say('{n} left', n=a - 1), say(a + b), zip(a, b, strict=True)\n", "utf-8"
    )
    assert [change.text for change in changes_of(path)] == []


def test_what_is_equivalent_is_a_change_of_today_and_says_why() -> None:
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines()
    assert all(len(reason.split()) > 3 for _, reason in (line.split("\t") for line in lines))
    assert equivalent() <= {key(change) for room in ROOMS for change in drawn(room, 1)}


def test_lines_of_a_function_are_found_again_when_it_moves(tmp_path: Path) -> None:
    path = tmp_path / "share.py"
    path.write_text(MODULE, encoding="utf-8")
    reach = Reach(tmp_path, tmp_path / "kept")
    reach.keep("share.py", {"test": (0.1, places_of(tmp_path, {str(path): [5, 6]}))})
    assert reach.tests("share.py", "share", [3]) == {"test"}
    assert reach.tests("share.py", "share", [1, 2]) == {"test"}, "the function may have grown since"
    assert not reach.tests("share.py", "other", [3])
    again = Reach(tmp_path, tmp_path / "kept")
    assert again.known("share.py") and again.tests("share.py", "share", [3]) == {"test"}
    path.write_text("# moved" + MODULE, encoding="utf-8")
    assert not Reach(tmp_path, tmp_path / "kept").known("share.py")


def test_where_a_module_has_changed_every_test_of_the_function_may_reach_a_line(tmp_path: Path) -> None:
    """A line that moved within its function is not taken for another one that one test alone ran through."""
    module = tmp_path / "share.py"
    module.write_text(MODULE, encoding="utf-8")
    for name, line in (("test_a.py", 5), ("test_b.py", 6)):
        (tmp_path / name).write_text("", encoding="utf-8")
        reach = Reach(tmp_path, tmp_path / "kept")
        reach.keep(name, {name: (0.1, places_of(tmp_path, {str(module): [line]}))})
    before, after = Reach(tmp_path, tmp_path / "kept"), Reach(tmp_path, tmp_path / "kept")
    assert before.known("test_a.py") and before.known("test_b.py")
    module.write_text(MODULE + "# more", encoding="utf-8")
    assert after.known("test_a.py") and after.known("test_b.py")
    at = next(distance for of, name, distance in before.at if (of, name) == ("share.py", "share"))
    assert before.tests("share.py", "share", [at]) != {"test_a.py", "test_b.py"}
    assert after.tests("share.py", "share", [at]) == {"test_a.py", "test_b.py"}
