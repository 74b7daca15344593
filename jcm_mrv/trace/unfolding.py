"""All traces of a result as plain data: a page unfolds any of its numbers from it, down to file and cell or line.

Every quantity at every element is one step that names its parts by number, so that what many numbers rest on stands
there once. ``Unfolded.data`` is made for JSON::

    {"quantities": [{"symbol": "ER", "name": "emission reductions", "unit": "tCO2e", "equation": "RE - PE"}, ...],
     "places": [{"text": "monitoring.xlsx, Readings!E2", "file": "monitoring.xlsx", "sheet": "Readings", ...}, ...],
     "steps": [{"quantity": 0, "labels": ["2024"], "shown": "180", "numbers": "180 - 0", "parts": [1, 2]}, ...]}

What is empty is left out. A step has ``numbers`` (its equation with the numbers in) or ``place`` (where it was given:
the number of a place); ``left_out`` counts parts that did not fit in. Texts come from strangers: a page escapes them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, cast

from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Constant, Defined, Named
from jcm_mrv.quantities.text import term_text
from jcm_mrv.quantities.tracing import made_from, shown
from jcm_mrv.quantities.with_numbers import numbers_text
from jcm_mrv.result import Result
from jcm_mrv.trace.following import origin_text, plain_number
from jcm_mrv.trace.places import places

MOST_STEPS = 20_000
"""Steps at most, those nearest to the results first: some 3 MB of JSON."""

_Key = tuple[Named, tuple[int, ...]]


@dataclass(frozen=True)
class Unfolded:
    """The traces of a result: ``data`` for JSON, and the number of the step of a quantity at an element."""

    data: dict[str, list[dict[str, Any]]]
    _steps: dict[_Key, int]

    def at(self, node: Named, ordinals: tuple[int, ...] = ()) -> int | None:
        """The number of the step in ``data["steps"]``; None for what is no part of a result, or did not fit in."""
        return self._steps.get((node, ordinals))


def unfolded(result: Result, written: Callable[[float], str] = plain_number, most_steps: int = MOST_STEPS) -> Unfolded:
    """The traces of everything that the results of the claim, and of each methodology, are made of.

    ``written`` writes a number in the language of the page.
    """
    return _Unfolding(result, written, most_steps).unfolded()


@dataclass
class _Unfolding:
    result: Result
    written: Callable[[float], str]
    most_steps: int
    numbers: dict[_Key, int] = field(default_factory=dict)
    waiting: deque[_Key] = field(default_factory=deque)
    quantities: dict[Named, int] = field(default_factory=dict)
    places: dict[Origin | str, int] = field(default_factory=dict)

    @cached_property
    def read_at(self) -> Callable[[Named, tuple[int, ...]], Origin]:
        """Where a quantity at an element was read."""
        return places(self.result)

    def unfolded(self) -> Unfolded:
        """From the results outwards, so that what is left out is what lies deepest."""
        for node in self.result.claim.roots():
            if isinstance(node, Named):
                for ordinals in self.result.claim.space.tuples(node.sets):
                    self._number((node, ordinals))
        steps = []
        while self.waiting:
            steps.append(self._step(*self.waiting.popleft()))
        data: dict[str, list[dict[str, Any]]] = {
            "quantities": [_quantity(node) for node in self.quantities],
            "places": [_place(place) for place in self.places],
            "steps": steps,
        }
        return Unfolded(data, self.numbers)

    def _number(self, key: _Key) -> int | None:
        """The number of a step, which waits to be made where it is new; None where there are too many."""
        if key not in self.numbers:
            if len(self.numbers) >= self.most_steps:
                return None
            self.numbers[key] = len(self.numbers)
            self.waiting.append(key)
        return self.numbers[key]

    def _step(self, node: Named, ordinals: tuple[int, ...]) -> dict[str, Any]:
        evaluation = self.result.evaluation
        step: dict[str, Any] = {
            "quantity": self.quantities.setdefault(node, len(self.quantities)),
            "labels": list(evaluation.space.labels(node.sets, ordinals)),
            "shown": shown(node, float(evaluation[node][ordinals]), self.written),
        }
        if isinstance(node, Defined):
            parts = [
                self._number((cast(Named, part.node), part.ordinals)) for part in made_from(node, ordinals, evaluation)
            ]
            numbers = numbers_text(node, evaluation, ordinals, self.written)
            step["numbers"] = "" if numbers == step["shown"] else numbers
            step["parts"] = [number for number in parts if number is not None]
            step["left_out"] = parts.count(None)
        else:
            place = node.written if isinstance(node, Constant) else self.read_at(node, ordinals)
            step["place"] = self.places.setdefault(place, len(self.places)) if str(place) else ""
        return {
            name: value for name, value in step.items() if value not in ("", []) and (name, value) != ("left_out", 0)
        }


def _quantity(node: Named) -> dict[str, str]:
    unit: str = getattr(node, "unit", "")
    equation = term_text(node.equation) if isinstance(node, Defined) else ""
    data = {"symbol": node.symbol, "name": node.label, "unit": "" if unit == "1" else unit, "equation": equation}
    return {name: text for name, text in data.items() if text}


def _place(place: Origin | str) -> dict[str, str | int]:
    """A place by its parts, so that a page may lead to it; of a constant its written form."""
    if isinstance(place, str):
        return {"text": place}
    return {"text": origin_text(place), **{name: part for name, part in asdict(place).items() if part}}
