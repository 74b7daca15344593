"""Corrections of what meters measured, as a table of the claim graph.

    correction      C      = E_raw of the meter's month x s x f + d
    meter's month   E_corr = sum of its corrections

A reading that is relied on less, or not at all, is corrected in proportion
(s is the share of the month's measured amount that it holds, f what it is
changed by); what was not measured is added (d). Readings are never edited.
"""

from __future__ import annotations

from dataclasses import dataclass

from jcm_mrv.claim.chain_graph import ChainGraph
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Defined, Input, at, total
from jcm_mrv.quantities.sets import Mapping, Set
from jcm_mrv.words import say


@dataclass(frozen=True)
class Correction:
    """One row: ``slice`` is the ordinal of the meter's month in the chain of ``unit``; ``added`` is in that unit.

    ``share`` of the month's measured amount is changed by the fraction
    ``relative`` of itself: -1 takes it out, -0.005 lowers it by 0.5 %.
    """

    unit: str
    slice: int
    share: float
    relative: float
    added: float
    label: str
    origin: Origin


class CorrectionGraph:
    """The equations that put corrections in place of the chain's input E_corr."""

    def __init__(self, graph: ChainGraph) -> None:
        unit = graph.unit
        self.correction = Set("correction", "x", say("correction of a meter's month"), unit)
        self.month_of = Mapping(f"month of the correction ({unit})", (self.correction,), graph.meter_month)
        own = (self.correction,)
        self.s = Input("s", "share of the month's measured amount", "1", own)
        self.f = Input("f", "relative change of that share", "1", own)
        self.d = Input("d", "amount added", unit, own)
        amount = at(graph.E_raw, self.month_of) * self.s * self.f + self.d
        self.C = Defined("C", "correction", unit, amount, own)
        self.E_corr = Defined("E_corr", graph.E_corr.label, unit, total(self.C, by=self.month_of), (graph.meter_month,))
