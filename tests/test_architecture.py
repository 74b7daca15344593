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
PACKAGES = sorted(p for p in (ROOT / "jcm_mrv").rglob("__init__.py") if p.parent.name != "jcm_mrv")

# The rooms of the house from the ground up, and what each may import besides itself; a room uses only rooms above it in
# this table. docs/architecture.md is written from it.
BASE = (
    "arrays",
    "collector",
    "errors",
    "words",
    "kept_words",
    "languages",
    "limits",
    "guard",
    "xml_file",
    "meant",
    "numerals",
    "file_sets",
    "origin",
    "rounding",
    "findings",
)
DATA = (*BASE, "time", "quantities", "workbook")
CLAIM = (*DATA, "versions", "methodology", "meters")
RESULT = (*CLAIM, "claim", "series")
ROOMS: dict[str, tuple[str, ...]] = {
    "arrays": (),
    "collector": (),
    "errors": (),
    "words": ("errors",),
    "languages": ("words",),
    "kept_words": ("words",),
    "limits": ("arrays", "words"),
    "guard": ("errors", "words"),
    "xml_file": ("errors", "words"),
    "meant": ("words",),
    "numerals": (),
    "file_sets": ("errors", "words"),
    "libreoffice": ("errors", "words"),
    "origin": ("words",),
    "rounding": (),
    "findings": ("errors", "words", "languages", "origin"),
    "time": ("arrays", "errors", "words", "meant"),
    "quantities": ("arrays", "errors", "words"),
    "workbook": (*BASE, "time", "quantities"),
    "versions": (*BASE, "workbook"),
    "methodology": (*BASE, "quantities", "workbook"),
    "methodologies": ("methodology", "quantities"),
    "meters": DATA,
    "logs": (*DATA, "meters"),
    "invoices": (*DATA, "meters"),
    "series": (*DATA, "meters", "logs"),
    "claim": (*CLAIM, "series"),
    "result": RESULT,
    "quality": (*RESULT, "result"),
    "inputs": (*CLAIM, "invoices", "quality"),
    "conclusion": (*RESULT, "result", "quality", "inputs"),
    "calculation": (*RESULT, "result", "quality", "inputs", "conclusion"),
    "trace": (*BASE, "quantities", "claim", "result"),
    "reporting": (*RESULT, "result", "trace"),
    "official": (*RESULT, "libreoffice", "result", "reporting"),
    "conformance": (*RESULT, "libreoffice", "result", "calculation", "reporting", "official"),
    "verification": (*RESULT, "libreoffice", "result", "quality", "inputs", "calculation", "trace", "reporting"),
    "portfolio": (*RESULT, "logs", "result", "inputs", "calculation", "reporting", "verification"),
    "templates": (),
    "cli": (
        *(*RESULT, "logs", "invoices", "result", "calculation", "trace"),
        *("reporting", "official", "conformance", "verification", "portfolio"),
    ),
    "__init__": (),
    "__main__": ("cli",),
}
# Arrows that are there and have to go: room to rooms. Nothing may be added.
TO_BE_TURNED: dict[str, tuple[str, ...]] = {}
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
    "scipy",
    "duckdb",
    "distributed",
}
MOST_LINES = 400


def room_of(path: Path) -> str:
    inside = path.relative_to(ROOT)
    parts = inside.parts[1:] if inside.parts[0] == "jcm_mrv" else inside.parts
    return parts[0].removesuffix(".py")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts if parts[0] == "jcm_mrv" else ("jcm_mrv", *parts)
    return ".".join(parts).removesuffix(".__init__")


def imported_modules(path: Path) -> set[str]:
    """Every name that a module imports from when it is loaded."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


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
    assert room in ROOMS, f"{room} is a new room: say in ROOMS what it may import, and run make docs"
    upward = imported_rooms(path) - {room} - set(ROOMS[room]) - set(TO_BE_TURNED.get(room, ()))
    assert not upward, f"{path.relative_to(ROOT)} imports {', '.join(sorted(upward))}, which {room} may not: see ROOMS"


def test_a_room_uses_only_rooms_below_it() -> None:
    order = list(ROOMS)
    for room, used in ROOMS.items():
        above = [other for other in used if order.index(other) >= order.index(room)]
        assert not above, f"{room} may not use {above}: the table goes from the ground up"


def test_modules_form_no_circle() -> None:
    """Within a room too, no module imports one that imports it, directly or by way of others."""
    modules = {module_name(path): imported_modules(path) for path in SOURCES}
    left = {name: {one for one in used if one in modules and one != name} for name, used in modules.items()}
    while left:
        free = {name for name, used in left.items() if not used & set(left)}
        assert free, f"a circle among {sorted(left)}"
        left = {name: used for name, used in left.items() if name not in free}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_room_says_what_belongs_in_it(package: Path) -> None:
    text = ast.get_docstring(ast.parse(package.read_text(encoding="utf-8"))) or ""
    assert len(re.findall(r"[.:]( |\n|$)", text)) >= 2, "two or three sentences: what belongs here and what does not"


def test_the_page_shows_this_table() -> None:
    script = load_script("write_architecture_docs")
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert page == script.with_table(page, ROOMS), "run make docs"
    picture = (ROOT / "docs" / "images" / "rooms.svg").read_text(encoding="utf-8")
    assert picture == script.picture(ROOMS), "run make docs"


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
