"""What holds the house together: one-way imports, small modules, light start-up, no finding without page and test."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.scripts import load_script

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "jcm_mrv").rglob("*.py"), *(ROOT / "methodologies").rglob("*.py")])
TESTS = sorted((ROOT / "tests").rglob("*.py"))

# A room of the house, and the rooms that its modules may import from besides their own, from the ground up.
BASE = {"arrays", "errors", "origin", "findings", "rounding", "limits", "guard"}
DATA = {*BASE, "time", "quantities", "workbook"}
CLAIM = {*DATA, "methodology", "meters"}
RESULT = {*CLAIM, "claim"}
ROOMS: dict[str, set[str]] = {
    "arrays": set(),
    "errors": set(),
    "origin": set(),
    "rounding": set(),
    "limits": {"arrays"},
    "guard": {"errors"},
    "findings": {"errors", "origin"},
    "time": {"arrays", "errors"},
    "quantities": {"arrays", "errors"},
    "workbook": {*BASE, "time", "quantities", "invoices"},
    "methodology": {"arrays", "errors", "limits", "guard", "quantities", "workbook"},
    "methodologies": {"methodology", "quantities"},
    "meters": DATA,
    "logs": {*DATA, "meters"},
    "invoices": {*DATA, "meters"},
    "series": {*DATA, "meters", "logs"},
    "claim": CLAIM,
    "result": {*RESULT, "series"},
    "quality": {*RESULT, "result"},
    "calculation": {*RESULT, "result", "quality", "series", "invoices"},
    "reporting": {*RESULT, "result"},
    "conformance": {*RESULT, "result", "calculation", "reporting"},
    "templates": set(),
    "cli": {*RESULT, "result", "calculation", "reporting", "conformance", "logs", "invoices"},
    "__init__": set(),
    "__main__": {"cli"},
}
HEAVY = {
    "pandas",
    "numpy",
    "pyarrow",
    "openpyxl",
    "xlsxwriter",
    "matplotlib",
    "weasyprint",
    "ziamath",
    "pint",
    "jinja2",
}
MOST_LINES = 400


def room_of(path: Path) -> str:
    inside = path.relative_to(ROOT)
    parts = inside.parts[1:] if inside.parts[0] == "jcm_mrv" else inside.parts
    return parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """The rooms that a module imports from anywhere in it, also where only a type checker looks."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    inside = [name.split(".") for name in names if name.split(".")[0] == "jcm_mrv"]
    return {parts[1] for parts in inside if len(parts) > 1} - {"__version__"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path)
    assert room in ROOMS, f"{room} is a new room: say in ROOMS what it may import"
    assert imported_rooms(path) - {room} <= ROOMS[room]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_modules_are_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from jcm_mrv.cli import program\n"
        "try:\n    program.main(['--help'], prog_name='jcm-mrv')\n"
        "except SystemExit:\n    pass\n"
        f"print('HEAVY', sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "calculate" in done.stdout
    assert "HEAVY []" in done.stdout


def all_codes() -> list[str]:
    return [declared.code for declared in load_script("write_findings_index").declared()]


@pytest.mark.parametrize("code", all_codes())
def test_every_finding_has_a_page_and_a_test(code: str) -> None:
    page = ROOT / "docs" / "findings" / f"{code}.md"
    assert page.is_file(), f"{code} has no page docs/findings/{code}.md"
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {code}\n")
    assert len(text.split()) > 25, "a page says what the finding means, how it is found and what to do"
    named = [p for p in TESTS if re.search(rf"[\"']{re.escape(code)}[\"']", p.read_text(encoding="utf-8"))]
    assert named, f"no test names {code}"


def test_every_page_belongs_to_a_finding_and_is_in_the_index() -> None:
    pages = {p.stem for p in (ROOT / "docs" / "findings").glob("*.md")} - {"README"}
    assert pages <= set(all_codes())
    index = (ROOT / "docs" / "findings" / "README.md").read_text(encoding="utf-8")
    assert index == load_script("write_findings_index").page(), "run make docs"


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    pages += (ROOT / "methodologies").rglob("*.md")
    broken = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
