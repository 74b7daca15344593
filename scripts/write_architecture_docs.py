"""Write the table of rooms of docs/architecture.md and their picture: write_architecture_docs.py PAGE PICTURE.

The table stands in tests/test_architecture.py, which holds the code to it.
"""

import ast
import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- rooms: written by make docs -->\n", "<!-- end of rooms -->\n"
HIDDEN = {"__init__", "__main__"}
# Rooms at the top of the checkout.
PLACES = {
    "methodologies": "One folder per family: equations in Python, a card per number and version, cases.",
    "templates": "Templates, style sheets and translations of the reports; what a new methodology package begins with.",
}

Rooms = Mapping[str, tuple[str, ...]]


def with_table(page: str, rooms: Rooms) -> str:
    """The page with its table of rooms as ``rooms`` has it."""
    head, _, rest = page.partition(BEGIN)
    return head + BEGIN + _table(rooms) + END + rest.partition(END)[2]


def _table(rooms: Rooms) -> str:
    rows = ["| room | what it holds | may use |", "| --- | --- | --- |"]
    for room, used in rooms.items():
        if room not in HIDDEN:
            rows.append(f"| `{room}` | {_holds(room)} | {', '.join(used) or 'nothing'} |")
            rows += [f"| `{room}/{name}` | {text} | as `{room}` |" for name, text in _inner(room)]
    return "\n".join(rows) + "\n"


def _place(room: str) -> Path:
    return ROOT / (room if room in PLACES else f"jcm_mrv/{room}")


def _inner(room: str) -> list[tuple[str, str]]:
    """The rooms inside a room and what they hold; a family of methodologies is no room of its own."""
    place = _place(room)
    if room in PLACES or not place.is_dir():
        return []
    inner = sorted(p.parent for p in place.rglob("__init__.py") if p.parent != place)
    return [(p.relative_to(place).as_posix(), _sentence(p / "__init__.py")) for p in inner]


def _holds(room: str) -> str:
    place = _place(room)
    if room in PLACES:
        return {"methodologies": "One folder per family: equations, cards, cases.", "templates": "Texts of reports."}[
            room
        ]
    return _sentence(place / "__init__.py" if place.is_dir() else place.with_suffix(".py"))


def _sentence(path: Path) -> str:
    """The first sentence of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def floors(rooms: Rooms) -> list[list[str]]:
    """The rooms by floor: each stands above all that it may use."""
    level: dict[str, int] = {}
    for room, used in rooms.items():
        level[room] = 1 + max((level[other] for other in used), default=-1)
    shown = [room for room in rooms if room not in HIDDEN]
    return [[room for room in shown if level[room] == n] for n in range(max(level.values()) + 1)]


WIDTH, HEIGHT, GAP, BOX = 900, 34, 26, 128


def picture(rooms: Rooms) -> str:
    """The rooms as an SVG drawing, the ground at the bottom, arrows to what a room may use and nothing below it may."""
    rows = [row for row in floors(rooms) if row]
    tall = len(rows) * (HEIGHT + GAP) + GAP
    at: dict[str, tuple[float, float]] = {}
    for n, row in enumerate(rows):
        step = WIDTH / len(row)
        for k, room in enumerate(row):
            at[room] = (step * (k + 0.5), tall - GAP - n * (HEIGHT + GAP) - HEIGHT)
    lines = [_arrow(at[room], at[other]) for room in at for other in _direct(room, rooms) if other in at]
    boxes = [_box(room, *place) for room, place in at.items()]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" font-family="sans-serif" '
            'font-size="14" role="img" aria-label="The rooms of the package, from the ground up">',
            f'<rect width="{WIDTH}" height="{tall}" fill="#ffffff"/>',
            *lines,
            *boxes,
            "</svg>\n",
        ]
    )


def _direct(room: str, rooms: Rooms) -> list[str]:
    """What a room may use that nothing else it may use may use: the arrows that are not implied by others."""
    used = set(rooms[room])
    return [other for other in rooms[room] if not any(other in rooms[third] for third in used - {other})]


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (u, v) = start, end
    return f'<path d="M{x:.0f} {y + HEIGHT:.0f} L{u:.0f} {v:.0f}" stroke="#8a94a6" fill="none"/>'


def _box(room: str, x: float, y: float) -> str:
    return (
        f'<rect x="{x - BOX / 2:.0f}" y="{y:.0f}" width="{BOX}" height="{HEIGHT}" rx="4" fill="#eef3fb" '
        f'stroke="#30507a"/><text x="{x:.0f}" y="{y + 22:.0f}" text-anchor="middle" fill="#16263c">'
        f"{escape(room)}</text>"
    )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))
    from test_architecture import ROOMS

    file = Path(sys.argv[1])
    file.write_text(with_table(file.read_text(encoding="utf-8"), ROOMS), encoding="utf-8")
    Path(sys.argv[2]).write_text(picture(ROOMS), encoding="utf-8")
