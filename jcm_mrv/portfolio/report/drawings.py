"""Drawings of a portfolio: flows between firms, and a map of its places. Without network, the same bytes every time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jcm_mrv.portfolio.definition import Flow
from jcm_mrv.reporting.pictures.svg import (
    ACCENT,
    AMBER,
    GREEN,
    GREY,
    INK,
    PALE,
    RULE,
    cut,
    dot,
    drawing,
    line,
    number,
    rect,
    text,
)

_WIDTH, _BAR, _LABEL, _ROOM, _GAP = 620.0, 12.0, 170.0, 220.0, 16.0
_COLOURS = {"material": AMBER, "energy": ACCENT, "water": PALE, "by-product": GREEN}
_SIDE = 300.0  # so that the map fits below the tables of the first page


@dataclass
class _Side:
    """The firms on one side: how much each has, where it begins, and how much of it is drawn."""

    amounts: dict[str, float]
    tops: dict[str, float]
    used: dict[str, float]

    @classmethod
    def of(cls, flows: Sequence[tuple[Flow, float]], name: Callable[[Flow], str], scale: float) -> _Side:
        amounts: dict[str, float] = {}
        for flow, amount in flows:
            amounts[name(flow)] = amounts.get(name(flow), 0.0) + amount
        tops, top = {}, _GAP
        for node, amount in amounts.items():
            tops[node] = top
            top += max(amount * scale, 1.0) + _GAP
        return cls(amounts, tops, dict.fromkeys(amounts, 0.0))

    def take(self, node: str, height: float) -> float:
        """The top of the next piece of a firm's bar."""
        top = self.tops[node] + self.used[node]
        self.used[node] += height
        return top


def sankey(
    flows: Sequence[tuple[Flow, float]], shown: Callable[[float], str], titles: Mapping[str, str], alt: str
) -> Markup:
    """Flows of one thing in one unit: firms that give on the left, those that take on the right.

    The height of a band is its part of the whole; ``shown`` writes an amount.
    """
    scale = min(_ROOM, 70.0 * len(flows)) / (sum(amount for _, amount in flows) or 1.0)
    left = _Side.of(flows, lambda flow: flow.from_, scale)
    right = _Side.of(flows, lambda flow: flow.to, scale)
    parts: list[Markup] = []
    for flow, amount in flows:
        height = max(amount * scale, 1.0)
        tops = left.take(flow.from_, height), right.take(flow.to, height)
        parts.append(_band(*tops, height, _COLOURS.get(flow.kind, GREY)))
    for side, x, anchor, label in (
        (left, _LABEL, "end", _LABEL - 6),
        (right, _WIDTH - _LABEL - _BAR, "start", _WIDTH - _LABEL + 6),
    ):
        for node, amount in side.amounts.items():
            height = max(amount * scale, 1.0)
            parts.append(rect(x, side.tops[node], _BAR, height, INK))
            middle = side.tops[node] + height / 2
            parts.append(text(label, middle, cut(titles.get(node, node), _LABEL - 10), anchor, bold=True))
            parts.append(text(label, middle + 11, shown(amount), anchor, colour=GREY))
    ends = [side.tops[node] + max(a * scale, 1.0) for side in (left, right) for node, a in side.amounts.items()]
    return drawing(_WIDTH, max(ends, default=0.0) + _GAP, alt, parts)


def _band(top: float, to: float, height: float, colour: str) -> Markup:
    """A band from the left bars to the right ones."""
    x, end = _LABEL + _BAR, _WIDTH - _LABEL - _BAR
    middle = (x + end) / 2
    over = (x, top, middle, top, middle, to, end, to)
    back = (end, to + height, middle, to + height, middle, top + height, x, top + height)
    shape = "M{} {}C{} {} {} {} {} {}L{} {}C{} {} {} {} {} {}Z".format(*map(number, (*over, *back)))
    return Markup('<path d="{}" fill="{}" fill-opacity="0.55"/>').format(shape, colour)


def places(points: Sequence[tuple[str, float, float]], alt: str) -> Markup:
    """Places by latitude and longitude, with a net of degrees and a bar of kilometres; no tiles from any network."""
    lats, lons = [p[1] for p in points], [p[2] for p in points]
    middle = math.radians((min(lats) + max(lats)) / 2)
    height_deg = max(max(lats) - min(lats), (max(lons) - min(lons)) * math.cos(middle), 0.02) * 1.3
    north = (min(lats) + max(lats)) / 2 + height_deg / 2
    west = (min(lons) + max(lons)) / 2 - height_deg / math.cos(middle) / 2
    scale = _SIDE / height_deg

    def at(lat: float, lon: float) -> tuple[float, float]:
        return (lon - west) * math.cos(middle) * scale, (north - lat) * scale

    step = 10.0 ** math.floor(math.log10(height_deg / 2))
    parts = [rect(0, 0, _SIDE + 160, _SIDE, "#ffffff", RULE)]
    for n in range(math.ceil((north - height_deg) / step), math.floor(north / step) + 1):
        y = at(n * step, west)[1]
        parts += [line(0, y, _SIDE, y, RULE), text(2, y - 2, f"{n * step:.{_digits(step)}f}°", colour=GREY)]
    east = west + height_deg / math.cos(middle)
    for n in range(math.ceil(west / step), math.floor(east / step) + 1):
        x = at(north, n * step)[0]
        parts += [line(x, 0, x, _SIDE, RULE), text(x + 2, _SIDE - 3, f"{n * step:.{_digits(step)}f}°", colour=GREY)]
    for name, lat, lon in points:
        x, y = at(lat, lon)
        parts += [dot(x, y, ACCENT), text(x + 6, y + 3, cut(name, _SIDE + 150 - x), bold=True)]
    kilometres = 10.0 ** math.floor(math.log10(height_deg * 111.2 / 2))
    width = kilometres / 111.2 * scale
    parts += [line(_SIDE - width - 10, _SIDE - 20, _SIDE - 10, _SIDE - 20, INK, width=2)]
    parts += [text(_SIDE - 10, _SIDE - 25, f"{kilometres:g} km", "end")]
    return drawing(_SIDE + 160, _SIDE, alt, parts)


def _digits(step: float) -> int:
    return max(0, -math.floor(math.log10(step)))
