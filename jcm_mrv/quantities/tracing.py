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

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from jcm_mrv.quantities.elements import VALUED
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Constant, Defined, Label, Named
from jcm_mrv.quantities.graph import walk
from jcm_mrv.quantities.text import term_text
from jcm_mrv.quantities.with_numbers import Written, numbers_text
from jcm_mrv.quantities.writing import Place, place_of
from jcm_mrv.words import joined, say

Origin = Callable[[Named, tuple[int, ...]], str]


@dataclass
class Step:
    """One quantity of one element, with what it was made from.

    ``value`` is NaN where unknown; ``shown`` is the value as written, or the
    word of a label. ``equation`` (in symbols) and ``numbers`` (the same with
    numbers in) are '' for what was given; ``origin`` says where that was.
    ``repeated`` marks a quantity that is opened further above, ``folded`` one
    of several elements of which larger ones are opened; ``left_out`` counts
    the parts that are not shown.
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
    folded: bool = False
    left_out: int = 0
    parts: list[Step] = field(default_factory=list)


def trace(
    node: Named,
    evaluation: Evaluation,
    ordinals: Sequence[int] = (),
    *,
    depth: int = 12,
    most_parts: int = 12,
    most_opened: int | None = None,
    origin: Origin = lambda node, ordinals: "",
    written: Written = lambda value: f"{value:.10g}",
) -> Step:
    """How a value came about, at most ``depth`` quantities deep and with ``most_parts`` parts of each equation.

    Of several elements of one quantity the largest are shown, and of these the ``most_opened`` largest opened (all).
    ``origin`` says where a quantity that has no equation comes from, ``written`` writes a number.
    """
    return _Tracer(evaluation, most_parts, most_opened, origin, written).step(node, tuple(ordinals), depth)


class _Tracer:
    def __init__(
        self, evaluation: Evaluation, most_parts: int, most_opened: int | None, origin: Origin, written: Written
    ) -> None:
        self._evaluation, self._most_parts, self._origin, self._written = evaluation, most_parts, origin, written
        self._most_opened = most_opened
        self._opened: set[tuple[int, tuple[int, ...]]] = set()

    def step(self, node: Named, ordinals: tuple[int, ...], depth: int, *, folded: bool = False) -> Step:
        labels = self._evaluation.space.labels(node.sets, ordinals)
        value = float(self._evaluation[node][ordinals])
        step = Step(node.symbol, labels, value, shown(node, value, self._written), getattr(node, "unit", ""))
        if isinstance(node, Defined):
            self._open(step, node, ordinals, depth, folded=folded)
        else:
            step.origin = node.written if isinstance(node, Constant) else self._origin(node, ordinals)
        return step

    def _open(self, step: Step, node: Defined, ordinals: tuple[int, ...], depth: int, *, folded: bool) -> None:
        """Give the step of a defined quantity its equation and its parts."""
        step.equation = term_text(node.equation)
        step.numbers = numbers_text(node, self._evaluation, ordinals, self._written)
        key = (id(node), ordinals)
        step.repeated = key in self._opened
        if step.repeated:
            return
        parts = made_from(node, ordinals, self._evaluation)
        step.folded = folded
        if depth > 1 and not folded:
            self._opened.add(key)
            step.parts = [
                self.step(cast(Named, part.node), part.ordinals, depth - 1, folded=fold)
                for part, fold in self._chosen(parts)
            ]
        step.left_out = len(parts) - len(step.parts)

    def _chosen(self, parts: Sequence[Place]) -> list[tuple[Place, bool]]:
        """The parts that are shown, in their order, and whether each stays folded."""
        sizes = [abs(float(self._evaluation[cast(Named, part.node)][part.ordinals])) for part in parts]
        largest = sorted(range(len(parts)), key=lambda n: (np.isnan(sizes[n]), -sizes[n], n))
        met: Counter[int] = Counter()
        rank: dict[int, int] = {}
        for n in largest:
            rank[n] = met[id(parts[n].node)]
            met[id(parts[n].node)] += 1
        shown = sorted(sorted(rank, key=lambda n: (rank[n], n))[: self._most_parts])
        most = len(parts) if self._most_opened is None else self._most_opened
        return [(parts[n], rank[n] >= most) for n in shown]


def made_from(node: Defined, ordinals: Sequence[int], evaluation: Evaluation) -> list[Place]:
    """The named quantities that one element of a defined quantity takes its value from, each at its element."""
    root = place_of(node.equation, dict(zip(node.sets, ordinals, strict=True)))

    def opened(place: Place) -> Iterable[Place]:
        return VALUED(place.node, place.row, evaluation)

    return [place for place in walk([root], opened) if isinstance(place.node, Named)]


def shown(node: Named, value: float, written: Written) -> str:
    """A value as it is written; of a label its word, and ``unknown`` where it is."""
    if isinstance(node, Label):
        return node.choices[int(value)] if value >= 0 else say("unknown")
    return say("unknown") if np.isnan(value) else written(value)


def trace_text(step: Step) -> str:
    """A trace as indented lines."""
    return joined("\n", _lines(step, 0))


def _lines(step: Step, indent: int) -> Iterator[str]:
    margin = "  " * indent
    name = step.symbol + (f"[{', '.join(step.labels)}]" if step.labels else "")
    value = step.shown + (f" {step.unit}" if step.unit not in ("", "1") else "")
    if step.equation and not (step.repeated or step.folded):
        readings = [step.equation, step.numbers, value]
        # An equation that is a number, or another quantity, needs no line with the same number twice.
        lines = [line for n, line in enumerate(readings) if n != 1 or line not in (step.equation, step.shown)]
        yield joined("", (f"{margin}{name} = ", lines[0]))
        yield from (f"{margin}{' ' * len(name)} = {line}" for line in lines[1:])
    else:
        note = say("see above") if step.repeated else say("folded") if step.folded else step.origin
        yield joined("", (f"{margin}{name} = {value}", *(("   (", note, ")") if note else ())))
    for part in step.parts:
        yield from _lines(part, indent + 1)
    if step.left_out and not step.folded:
        yield f"{margin}  … " + say("{count} more", count=step.left_out)
