"""A tree of meters asked one question at a time: MAIN with L1 below it, L2 below L1 and L3 below L2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np

from jcm_mrv.meters.segments import Coverage
from jcm_mrv.meters.sources.curve import Curve
from jcm_mrv.meters.tree import Tree
from jcm_mrv.origin import Origin
from jcm_mrv.quality.branches import _Branches
from jcm_mrv.time.timeline import Timeline
from support.claims import rows_of

TIMELINE = Timeline.of(date(2024, 1, 1), date(2024, 3, 31), "Asia/Ho_Chi_Minh")
Spans = Sequence[tuple[int, int, float]]


def term(meter: str, coefficient: float = 1.0) -> Any:
    return SimpleNamespace(meter_id=meter, coefficient=coefficient, origin=Origin(sheet="Monitoring points"))


def point(parameter: str, *terms: Any, methodology: str = "A", **more: Any) -> Any:
    kind = {"divided": False, "combined": False, **more}
    return SimpleNamespace(
        parameter=parameter, methodology=methodology, terms=terms, name=parameter, formula="its meters", **kind
    )


class Tonnes:
    """ER moves by so many tonnes with a unit of a meter."""

    def __init__(self, **each: float) -> None:
        self.each = each

    def __call__(self, meter: str, unit: str, amounts: Mapping[int, float]) -> float | None:
        return self.each[meter] * sum(amounts.values()) if meter in self.each else None


def by_month(*amounts: float) -> Spans:
    edges = TIMELINE.edges.tolist()
    return [(edges[n], edges[n + 1], amount) for n, amount in enumerate(amounts)]


class Curves:
    """What meters counted over spans; of the others nothing is known."""

    def __init__(self, **spans: Spans) -> None:
        self.spans = spans

    def curve(self, meter: str, unit: str) -> Curve:
        start, end, amount = zip(*self.spans[meter], strict=True) if self.spans.get(meter) else ((), (), ())
        instants = np.array(start, dtype=np.int64), np.array(end, dtype=np.int64)
        amounts = np.array(amount, dtype=float)
        return Curve.of_spans(*instants, amounts, both_ways=bool((amounts < 0).any()))

    def stated(self, layer: Sequence[Any], unit: str) -> Curve:
        return Curves(bill=[(one.start, one.end, one.amount) for one in layer]).curve("bill", unit)


def branches(*points: Any, **given: Any) -> Any:
    """The questions on a tree, of a claim with these points."""
    own = object.__new__(_Branches)
    names = ("MAIN", "L1", "L2", "L3", "X")
    rows = rows_of("meters", [{"meter_id": name, "unit": "kWh"} for name in names])
    expected = np.tile(np.diff(TIMELINE.edges), (len(names), 1))
    own.__dict__.update(
        claim=SimpleNamespace(points=points, bounds=()),
        timeline=TIMELINE,
        tree=Tree({"L1": "MAIN", "L2": "L1", "L3": "L2", "MAIN": ""}),
        checked={},
        parts={},
        used={t.meter_id for p in points for t in p.terms},
        generators=set(),
        rows={row.meter_id: row for row in rows},
        data=SimpleNamespace(meters=rows),
        effects=Tonnes(),
        counted=Curves(),
        series=SimpleNamespace(seconds=(), billed=(), coverage=Coverage(names, expected, expected, ())),
        errors=SimpleNamespace(of=lambda name: 0.0),
        bill_error=0.0,
    )
    own.__dict__.update(given)
    return own
