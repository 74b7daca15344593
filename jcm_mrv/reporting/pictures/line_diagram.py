"""The line diagram of the monitoring points: which meters make which parameter of which equipment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from jcm_mrv.claim.measuring import Point
from jcm_mrv.reporting.pictures.svg import ACCENT, GREY, INK, PAPER, cut, drawing, line, rect, text, wrapped
from jcm_mrv.workbook.rows import MeterRow

WIDTH, HIGHEST = 640.0, 780.0
"""A drawing that would be higher than this is continued in another one: it has to fit on a page."""
LEFT, METER = 4.0, 238.0
POINT, POINT_WIDTH = 308.0, 180.0
EQUIPMENT, EQUIPMENT_WIDTH = 508.0, 128.0
GAP, PADDING, FIRST, STEP = 8.0, 8.0, 12.5, 12.0
MOST_DRAWN = 40
"""More meters than this are drawn in groups: all points that are made alike together."""
MOST_OF_A_POINT = 12
MOST_GROUPS = 40
MOST_LINES = 4
"""Of a formula or a description."""


@dataclass(frozen=True)
class Words:
    """The words of the drawing in its language.

    ``all_of``, ``points_of``, ``checks_of`` and ``more`` have ``{count}``,
    ``class_of`` has ``{percent}``, ``checks`` and ``below`` have ``{meter}``.
    """

    alt: str
    all_of: str
    points_of: str
    checks_of: str
    more: str
    class_of: str
    claim: str
    checks: str
    below: str = "below {meter}"


@dataclass(frozen=True)
class Node:
    """A box with its lines, the first of them bold; ``sign`` stands on the wire to its point."""

    lines: tuple[str, ...]
    sign: str = ""
    dashed: bool = False

    @property
    def height(self) -> float:
        """Of the box."""
        return STEP * len(self.lines) + 6.0


@dataclass(frozen=True)
class Group:
    """A point (or several alike), the meters on its left, and what it is about on its right."""

    point: Node
    equipment: Node
    meters: tuple[Node, ...]

    @cached_property
    def height(self) -> float:
        """Of all of it."""
        meters = sum(node.height + GAP for node in self.meters) - GAP
        return max(meters, self.point.height, self.equipment.height)


class Register:
    """What the sheets Meters and Equipment say about the boxes."""

    def __init__(self, meters: Sequence[MeterRow], equipment: Mapping[str, str], words: Words) -> None:
        self.words, self.equipment = words, equipment
        self.several = False
        self._rows: dict[str, list[MeterRow]] = {}
        self.checks: dict[str, list[str]] = {}
        for row in meters:
            name, checked = row.meter_id, row.checks
            self._rows.setdefault(name, []).append(row)
            if checked and name not in self.checks.get(checked, []):
                self.checks.setdefault(checked, []).append(name)

    def lines(self, name: str) -> tuple[str, ...]:
        """Name, class and factor with the serial numbers (the last one first), and what it measures."""
        rows = self._rows.get(name, [])
        return tuple(line for line in (name, self._about(rows), rows[-1].description if rows else "") if line)

    def _about(self, rows: Sequence[MeterRow]) -> str:
        if not rows:
            return ""
        percent, factors = rows[-1].accuracy_class, [row.transformer_factor for row in reversed(rows)]
        parts = [self.words.class_of.format(percent=f"{percent:g}")] if percent is not None else []
        if len(set(factors)) > 1:  # each installation with its own
            parts += [f"{row.serial_number or '…'} × {row.transformer_factor or 1.0:g}" for row in reversed(rows)]
        else:
            parts += [f"× {factors[0]:g}"] if factors[0] not in (None, 1.0) else []
            parts += list(dict.fromkeys(serial for row in reversed(rows) if (serial := row.serial_number)))
        above = next((row.below for row in reversed(rows) if row.below), "")
        parts += [self.words.below.format(meter=above)] if above else []
        return " · ".join(parts)


def line_diagrams(
    points: Sequence[Point], meters: Sequence[MeterRow], equipment: Mapping[str, str], words: Words
) -> list[Markup]:
    """The drawings, each of which fits on a page; ``equipment`` has the descriptions by id.

    A claim with many meters is drawn with one box for all points that are made
    alike: from the same number of meters with the same signs and shares.
    """
    register = Register(meters, equipment, words)
    register.several = len({p.methodology for p in points}) > 1
    count = sum(len(p.terms) for p in points)
    groups = [_group(p, register) for p in points] if count <= MOST_DRAWN else list(_alike(points, register))
    left_out = len(groups) - MOST_GROUPS
    pages: list[list[Group]] = [[]]
    for group in groups[:MOST_GROUPS]:
        used = sum(g.height + 2 * GAP for g in pages[-1])
        if pages[-1] and used + group.height > HIGHEST:
            pages.append([])
        pages[-1].append(group)
    note = words.more.format(count=left_out) if left_out > 0 else ""
    return [_drawing(page, words.alt, note if n == len(pages) else "") for n, page in enumerate(pages, 1)]


def _group(point: Point, register: Register) -> Group:
    nodes: list[Node] = []
    for term in point.terms:
        nodes.append(Node(register.lines(term.meter_id), _sign(term.coefficient)))
        for name in register.checks.get(term.meter_id, ()):
            lines = register.lines(name)
            said = register.words.checks.format(meter=term.meter_id)
            nodes.append(Node((lines[0], " · ".join((said, *lines[1:2]))), dashed=True))
    if len(nodes) > MOST_OF_A_POINT:
        left_out = len(nodes) - MOST_OF_A_POINT + 1
        nodes = [*nodes[: MOST_OF_A_POINT - 1], Node((register.words.more.format(count=left_out),))]
    number = f"({point.number}) " if point.number else ""
    formula = wrapped(point.formula, POINT_WIDTH - 2 * PADDING, MOST_LINES)
    description = register.equipment.get(point.applies_to, "")
    named = [point.applies_to or register.words.claim, *([point.methodology] if register.several else [])]
    named += wrapped(description, EQUIPMENT_WIDTH - 2 * PADDING, MOST_LINES) if description else []
    about = Node((number + _parameter(point), *formula))
    return Group(about, Node(tuple(named)), tuple(nodes))


def _alike(points: Sequence[Point], register: Register) -> Iterator[Group]:
    """Points of one parameter that have the same signs and shares stand together."""
    kinds: dict[tuple[object, ...], list[Point]] = {}
    for point in points:
        signs = tuple(term.coefficient for term in point.terms)
        kinds.setdefault((point.methodology, point.parameter, point.unit, signs), []).append(point)
    for found in kinds.values():
        yield _group(found[0], register) if len(found) == 1 else _together(found, register)


def _together(found: Sequence[Point], register: Register) -> Group:
    words, first = register.words, found[0]
    nodes: list[Node] = []
    for n, term in enumerate(first.terms):
        names = list(dict.fromkeys(point.terms[n].meter_id for point in found))
        if len(names) == 1:
            nodes.append(Node(register.lines(names[0]), _sign(term.coefficient)))
            continue
        nodes.append(Node((_range(names), words.all_of.format(count=len(names))), _sign(term.coefficient)))
        checks = [check for name in names for check in register.checks.get(name, ())]
        if checks:
            nodes.append(Node((_range(checks), words.checks_of.format(count=len(checks))), dashed=True))
    nodes = nodes[:MOST_OF_A_POINT]
    numbers = [f"({point.number})" for point in found if point.number]
    said = words.points_of.format(count=len(found))
    about = wrapped(f"{said}, {_range(numbers)}" if numbers else said, POINT_WIDTH - 2 * PADDING, MOST_LINES)
    point = Node((_parameter(first), *about))
    places = list(dict.fromkeys(p.applies_to or words.claim for p in found))
    named = (_range(places), *((first.methodology,) if register.several else ()))
    return Group(point, Node(named), tuple(nodes))


def _parameter(point: Point) -> str:
    """What a point monitors, with the parameter's unit where it has one."""
    unit = point.parameter_unit or point.unit
    return point.parameter if unit == "1" else f"{point.parameter} [{unit}]"


def _range(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _sign(coefficient: float) -> str:
    sign, size = ("−" if coefficient < 0 else "+"), abs(coefficient)
    return sign if size == 1 else f"{sign} {size:.6g} ×"


# --- paper ------------------------------------------------------------------------------


def _drawing(groups: Sequence[Group], alt: str, note: str) -> Markup:
    parts: list[Markup] = []
    top = 4.0
    for group in groups:
        parts.append(_drawn(group, top))
        top += group.height + 2 * GAP
    if note:
        parts.append(text(LEFT, top + 6, note, colour=GREY))
        top += 14
    return drawing(WIDTH, top, alt, parts)


def _drawn(group: Group, top: float) -> Markup:
    middle = top + group.height / 2
    parts = [
        _box(group.point, POINT, POINT_WIDTH, top, group.height, PAPER, ACCENT),
        line(POINT + POINT_WIDTH, middle, EQUIPMENT, middle, ACCENT),
        _box(group.equipment, EQUIPMENT, EQUIPMENT_WIDTH, top, group.height, "#ffffff", ACCENT),
    ]
    y = top + (group.height - (sum(node.height + GAP for node in group.meters) - GAP)) / 2
    for node in group.meters:
        parts.append(_box(node, LEFT, METER, y, node.height, "#ffffff", GREY if node.dashed else INK, node.dashed))
        wire = y + node.height / 2
        if node.dashed:
            parts.append(line(LEFT + METER / 2, y - GAP, LEFT + METER / 2, y, GREY, dashed=True))
        else:
            parts.append(line(LEFT + METER, wire, POINT, wire, INK))
            room = POINT - LEFT - METER
            parts.append(text(LEFT + METER + room / 2, wire - 3, cut(node.sign, room), "middle"))
        y += node.height + GAP
    return Markup("").join(parts)


def _box(
    node: Node, x: float, width: float, top: float, height: float, fill: str, edge: str, dashed: bool = False
) -> Markup:
    """A box with its lines in the middle of its height."""
    y = top + (height - node.height) / 2 + FIRST
    parts = [rect(x, top, width, height, fill, edge, dashed)]
    for n, words in enumerate(node.lines):
        said = cut(words, width - 2 * PADDING, bold=n == 0)
        parts.append(text(x + PADDING, y + n * STEP, said, bold=n == 0, colour="" if n == 0 else GREY))
    return Markup("").join(parts)
