"""The line diagram of the monitoring points: which meters make which parameter of which equipment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jcm_mrv.measuring import Point
from jcm_mrv.monitoring.records import Record
from jcm_mrv.reporting.svg import ACCENT, GREY, INK, PAPER, cut, drawing, line, rect, text

WIDTH = 640.0
LEFT, METER, POINT = 8.0, 226.0, 300.0
RIGHT = WIDTH - LEFT - POINT
BOX, GAP = 30.0, 8.0
MOST_METERS = 14
"""More meters than this are drawn in groups of alike points."""


@dataclass(frozen=True)
class Words:
    """The words of the drawing in its language: ``all_of`` has ``{count}``, ``class_of`` has ``{percent}``."""

    alt: str
    all_of: str
    class_of: str
    claim: str
    checks: str


@dataclass(frozen=True)
class _Node:
    """A meter, or several alike: two lines in a box, with the sign and share on its wire."""

    head: str
    line: str
    sign: str
    dashed: bool = False


@dataclass(frozen=True)
class _Group:
    """A point, or several alike, with the meters on its left."""

    head: str
    line: str
    nodes: tuple[_Node, ...]


def line_diagram(points: Sequence[Point], meters: Sequence[Record], words: Words) -> Markup:
    """The drawing. Claims with many meters are drawn with one box for all points that are made alike."""
    register: dict[str, Record] = {}
    checks: dict[str, list[str]] = {}
    for row in meters:
        register[row.text("meter_id")] = row  # the last row is the meter that stands there
        if row.text("checks") and row.text("meter_id") not in checks.get(row.text("checks"), []):
            checks.setdefault(row.text("checks"), []).append(row.text("meter_id"))
    count = sum(len(p.terms) for p in points)
    groups = _groups(points, register, checks, words) if count <= MOST_METERS else _alike(points, register, words)
    parts: list[Markup] = []
    top = 4.0
    for group in groups:
        parts.append(_drawn(group, top))
        top += len(group.nodes) * (BOX + GAP) + GAP
    return drawing(WIDTH, top, words.alt, parts)


def _groups(
    points: Sequence[Point], register: Mapping[str, Record], checks: Mapping[str, Sequence[str]], words: Words
) -> list[_Group]:
    groups: list[_Group] = []
    for point in points:
        nodes: list[_Node] = []
        for term in point.terms:
            sign, size = ("−" if term.coefficient < 0 else "+"), abs(term.coefficient)
            wire = sign if size == 1 else f"{sign} {size:.6g} ×"
            nodes.append(_Node(term.meter_id, _about(register.get(term.meter_id), words), wire))
            for name in checks.get(term.meter_id, ()):
                about = f"{words.checks} {term.meter_id}"
                nodes.append(_Node(name, about, "", dashed=True))
        groups.append(_Group(_name(point, words), point.formula, tuple(nodes)))
    return groups


def _alike(points: Sequence[Point], register: Mapping[str, Record], words: Words) -> list[_Group]:
    """Points of one parameter that are one meter each stand together; the others stand alone."""
    single: dict[tuple[str, str], list[Point]] = {}
    others: list[Point] = []
    for point in points:
        if len(point.terms) == 1 and point.terms[0].coefficient == 1:
            single.setdefault((point.methodology, point.parameter), []).append(point)
        else:
            others.append(point)
    groups: list[_Group] = []
    for found in single.values():
        first, last = found[0], found[-1]
        if len(found) == 1:
            groups += _groups(found, register, {}, words)
            continue
        head = words.all_of.format(count=len(found))
        node = _Node(head, f"{first.terms[0].meter_id} … {last.terms[0].meter_id}", "+")
        name = f"{first.parameter} · {head}"
        groups.append(_Group(name, f"{first.applies_to} … {last.applies_to}", (node,)))
    return groups + _groups(others, register, {}, words)


def _name(point: Point, words: Words) -> str:
    number = f"({point.number}) " if point.number else ""
    return f"{number}{point.parameter} · {point.applies_to or words.claim} [{point.unit}]"


def _about(row: Record | None, words: Words) -> str:
    """Serial number, class and transformer factor of a meter."""
    if row is None:
        return ""
    percent, factor = row.number("accuracy_class"), row.number("transformer_factor")
    parts = [row.text("serial_number")]
    parts += [words.class_of.format(percent=f"{percent:g}")] if percent is not None else []
    parts += [f"× {factor:g}"] if factor not in (None, 1.0) else []
    return " · ".join(part for part in parts if part)


def _drawn(group: _Group, top: float) -> Markup:
    height = len(group.nodes) * (BOX + GAP) - GAP
    middle = top + height / 2
    parts = [
        rect(RIGHT, top, POINT, height, PAPER, ACCENT),
        text(RIGHT + 8, middle - 2, cut(group.head, POINT - 16), bold=True),
        text(RIGHT + 8, middle + 11, cut(group.line, POINT - 16), colour=GREY),
    ]
    for n, node in enumerate(group.nodes):
        y = top + n * (BOX + GAP)
        parts += [
            rect(LEFT, y, METER, BOX, "#ffffff", GREY if node.dashed else INK, node.dashed),
            text(LEFT + 8, y + 12.5, cut(node.head, METER - 16), bold=True),
            text(LEFT + 8, y + 24.5, cut(node.line, METER - 16), colour=GREY),
        ]
        if node.dashed:
            parts.append(line(LEFT + METER / 2, y - GAP, LEFT + METER / 2, y, GREY, dashed=True))
        else:
            parts.append(line(LEFT + METER, y + BOX / 2, RIGHT, y + BOX / 2, INK))
            parts.append(text((LEFT + METER + RIGHT) / 2, y + BOX / 2 - 3, node.sign, "middle"))
    return Markup("").join(parts)
