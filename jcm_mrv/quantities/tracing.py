"""A trace: how one value came about, step by step, down to what was given.

Each step is a declared quantity of one element: its symbol, value and unit,
its equation in symbols and with the numbers in, or where it was given. A
quantity that was shown above is named again but not opened again.
As a person would write it down::

    ER[2025] = RE_p - PE_p
             = 29 - 22
             = 7 tCO2e
      RE[2025] = ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from jcm_mrv.quantities.elements import VALUED
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Constant, Defined, Label, Named, Node
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.text import term_text
from jcm_mrv.quantities.with_numbers import Written, numbers_text
from jcm_mrv.quantities.writing import Place, Row, place_of

Origin = Callable[[Named, tuple[int, ...]], str]


@dataclass
class Step:
    """One quantity of one element, with what it was made from.

    ``value`` is NaN where unknown; ``shown`` is the value as written, or the
    word of a label. ``equation`` (in symbols) and ``numbers`` (the same with
    numbers in) are '' for what was given; ``origin`` says where that was.
    ``repeated`` marks a quantity that is opened further above; ``left_out``
    counts the parts that are not shown.
    """

    symbol: str
    labels: tuple[str, ...]
    value: float
    shown: str
    unit: str
    equation: str = ""
    numbers: str = ""
    origin: str = ""
    repeated: bool = False
    left_out: int = 0
    parts: list[Step] = field(default_factory=list)


def trace(
    node: Named,
    evaluation: Evaluation,
    ordinals: Sequence[int] = (),
    *,
    depth: int = 12,
    most_parts: int = 12,
    origin: Origin = lambda node, ordinals: "",
    written: Written = lambda value: f"{value:.10g}",
) -> Step:
    """How a value came about, at most ``depth`` quantities deep and with ``most_parts`` parts of each equation.

    ``origin`` says where a quantity that has no equation comes from, ``written`` writes a number.
    """
    return _Tracer(evaluation, most_parts, origin, written).step(node, tuple(ordinals), depth)


class _Tracer:
    def __init__(self, evaluation: Evaluation, most_parts: int, origin: Origin, written: Written) -> None:
        self._evaluation, self._most_parts, self._origin, self._written = evaluation, most_parts, origin, written
        self._opened: set[tuple[int, tuple[int, ...]]] = set()

    def step(self, node: Named, ordinals: tuple[int, ...], depth: int) -> Step:
        labels = self._evaluation.space.labels(node.sets, ordinals)
        value = float(self._evaluation[node][ordinals])
        step = Step(node.symbol, labels, value, self._shown(node, value), getattr(node, "unit", ""))
        if isinstance(node, Defined):
            self._open(step, node, ordinals, depth)
        else:
            step.origin = node.written if isinstance(node, Constant) else self._origin(node, ordinals)
        return step

    def _shown(self, node: Named, value: float) -> str:
        if isinstance(node, Label):
            return node.choices[int(value)] if value >= 0 else "unknown"
        return "unknown" if np.isnan(value) else self._written(value)

    def _open(self, step: Step, node: Defined, ordinals: tuple[int, ...], depth: int) -> None:
        """Give the step of a defined quantity its equation and its parts."""
        step.equation = term_text(node.equation)
        step.numbers = numbers_text(node, self._evaluation, ordinals, self._written)
        key = (id(node), ordinals)
        step.repeated = key in self._opened
        if step.repeated:
            return
        parts = self._parts(node.equation, dict(zip(node.sets, ordinals, strict=True)))
        if depth > 1:
            self._opened.add(key)
            step.parts = [self.step(cast(Named, part), where, depth - 1) for part, where in parts[: self._most_parts]]
        step.left_out = len(parts) - len(step.parts)

    def _parts(self, node: Node, row: Row) -> list[Place]:
        """The named quantities that one element of an expression takes its value from, each at its element."""

        def opened(place: Place) -> Iterable[Place]:
            return VALUED(place.node, place.row, self._evaluation)

        return [place for place in walk([place_of(node, row)], opened) if isinstance(place.node, Named)]


def trace_text(step: Step) -> str:
    """A trace as indented lines."""
    return "\n".join(_lines(step, 0))


def _lines(step: Step, indent: int) -> Iterator[str]:
    margin = "  " * indent
    name = step.symbol + (f"[{', '.join(step.labels)}]" if step.labels else "")
    value = step.shown + (f" {step.unit}" if step.unit not in ("", "1") else "")
    if step.equation and not step.repeated:
        readings = [step.equation, step.numbers, value]
        # An equation that is a number, or another quantity, needs no line with the same number twice.
        lines = [line for n, line in enumerate(readings) if n != 1 or line not in (step.equation, step.shown)]
        yield f"{margin}{name} = {lines[0]}"
        yield from (f"{margin}{' ' * len(name)} = {line}" for line in lines[1:])
    else:
        note = "see above" if step.repeated else step.origin
        yield f"{margin}{name} = {value}" + (f"   ({note})" if note else "")
    for part in step.parts:
        yield from _lines(part, indent + 1)
    if step.left_out:
        yield f"{margin}  … {step.left_out} more"
