"""From a tonne down to the readings that it is made of: which quantity is meant, and how it came about."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.findings import named
from jcm_mrv.meant import nearest
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.tracing import Step, trace
from jcm_mrv.result import Result, YearResult
from jcm_mrv.trace.places import places
from jcm_mrv.words import say

_TARGET = re.compile(r"([^\[\]]+)(?:\[([^\[\]]*)\])?")
_CREDITED = re.compile(r"credited(?:\[\s*(\d+)\s*\])?", re.IGNORECASE)
_NAMED = 8


class NoSuchQuantityError(JcmMrvError, LookupError):
    """The claim has no such quantity, or several of this name; the text says which there are."""


def followed(result: Result, target: str, depth: int, most_parts: int, most_opened: int | None = None) -> Step:
    """How a quantity such as ``ER[2024]`` came about; folded as :func:`trace` says. Raises NoSuchQuantityError.

    ``credited`` and ``credited[2024]`` are the whole tonnes, which are rounded from ER by the rule of the claim.
    """
    if (match := _CREDITED.fullmatch(target.strip())) is not None:
        return _credited(result, match[1] or "", lambda year: followed(result, year, depth, most_parts, most_opened))
    node, ordinals = quantity(result, target)
    place = places(result)
    return trace(
        node,
        result.evaluation,
        ordinals,
        depth=depth,
        most_parts=most_parts,
        most_opened=most_opened,
        origin=lambda one, ordinals: origin_text(place(one, ordinals)),
        written=plain_number,
    )


def _credited(result: Result, year: str, er: Callable[[str], Step]) -> Step:
    """The whole tonnes of a year, or of all years; ``er`` gives the trace of ER for its name."""
    if result.indicative:
        raise NoSuchQuantityError(
            say("nothing is credited, as the figure is indicative: name ER with its year instead")
        )
    steps = [_year_credited(result, one, er) for one in result.years if year in ("", str(one.year))]
    if not steps:
        years = ", ".join(str(one.year) for one in result.years)
        raise NoSuchQuantityError(
            say("{year} is no calendar year of the claim; there are {years}", year=year, years=years)
        )
    if year:
        return steps[0]
    total = sum(step.value for step in steps)
    numbers = " + ".join(step.shown for step in steps)
    whole = Step("credited", (), total, plain_number(total), "tCO2e", say("total over the years"), numbers)
    whole.parts = steps
    return whole


def _year_credited(result: Result, year: YearResult, er: Callable[[str], Step]) -> Step:
    digits, part = result.rounding_digits, er(f"ER[{year.year}]")
    credited = float(year.credited or 0)
    step = Step("credited", (str(year.year),), credited, plain_number(credited), "tCO2e")
    step.equation, step.numbers = credited_text("ER", digits), credited_text(part.shown, digits)
    step.parts = [part]
    return step


def credited_text(reductions: str, digits: int) -> str:
    """How the whole tonnes come from the reductions of a year."""
    return f"floor(round({reductions}; {digits}))"


def plain_number(value: float) -> str:
    """A number as it is written in a trace."""
    return f"{value:,.10g}"


def origin_text(origin: Origin) -> str:
    """A place; a log's line is the first of those that were added up."""
    if not origin.line:
        return str(origin)
    return say("{place}, from line {line}", place=str(replace(origin, line=0)), line=str(origin.line))


def step_data(step: Step) -> dict[str, Any]:
    """A trace as plain data; what is unknown is null."""
    data = asdict(step)
    waiting = [data]
    while waiting:
        one = waiting.pop()
        one["value"] = one["value"] if math.isfinite(one["value"]) else None
        waiting += one["parts"]
    return data


def quantity(result: Result, target: str) -> tuple[Named, tuple[int, ...]]:
    """The quantity that a person names by its symbol and, in brackets, its element. Raises NoSuchQuantityError."""
    match = _TARGET.fullmatch(target.strip())
    symbol, inside = (match[1].strip(), match[2]) if match else (target, None)
    nodes = list(_named(result, symbol))
    if not nodes:
        raise NoSuchQuantityError(_unknown(result, symbol))
    labels = None if inside is None else [part.strip() for part in inside.split(",")]
    every = [(node, place, _labels(result, node, place)) for node in nodes for place in _places(result, node)]
    found = [(node, place) for node, place, own in every if labels in (None, own)]
    if len({place for _, place in found}) == 1:
        return found[0]
    elements = [f"{symbol}[{', '.join(own)}]" for _, _, own in every]
    listed = named(elements, most=_NAMED)
    raise NoSuchQuantityError(say("{target}: say which one is meant: {listed}", target=target, listed=listed))


def _all(result: Result) -> Iterator[Named]:
    """The results of the claim first, then every quantity below them."""
    yield from result.roots()
    yield from (node for node in walk(result.claim.roots()) if isinstance(node, Named))


def _named(result: Result, symbol: str) -> Iterator[Named]:
    seen: set[int] = set()
    for node in _all(result):
        if node.symbol.casefold() == symbol.casefold() and id(node) not in seen:
            seen.add(id(node))
            yield node


def _places(result: Result, node: Named) -> Sequence[tuple[int, ...]]:
    return list(result.claim.space.tuples(node.sets))


def _labels(result: Result, node: Named, place: tuple[int, ...]) -> list[str]:
    return list(result.claim.space.labels(node.sets, place))


def _unknown(result: Result, symbol: str) -> str:
    known = list(dict.fromkeys(node.symbol for node in _all(result)))
    near = nearest(symbol, known, _NAMED, 0.5) or known[:_NAMED]
    return say("there is no quantity {symbol} in this claim; there are {near}", symbol=symbol, near=", ".join(near))
