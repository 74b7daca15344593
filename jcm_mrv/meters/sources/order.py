"""Which of a meter's sources counts: at any time exactly one, whichever sheets they come from.

In this order: a log, a stock ledger, readings; invoices where the monitoring option is B (what was bought is what
counts) and no ledger is kept, nor log and readings cover as much of the period. What does not count
checks what does and bridges its gaps; what was delivered into a store checks its ledger. Two that would count at
one time are an error that names both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jcm_mrv.arrays import Instants
from jcm_mrv.meters.coverage import limits_of, within
from jcm_mrv.meters.segments import SecondarySource
from jcm_mrv.time.dividing import Runs


def invoices_that_count(
    billed: Sequence[SecondarySource], option_b: Iterable[str], covered: Mapping[str, Runs], edges: Instants
) -> list[SecondarySource]:
    """The invoices of meters that are read from invoices; ``covered`` is the time that logs and readings cover."""
    groups: dict[str, list[SecondarySource]] = {}
    for one in billed:
        groups.setdefault(one.meter_id, []).append(one)
    wanted = set(option_b)
    found: list[SecondarySource] = []
    for meter, own in groups.items():
        spans = runs_of(own)
        if meter in wanted and _time(spans, edges) > _time(covered.get(meter, Runs.none()), edges):
            found += own
    return found


def runs_of(seconds: Sequence[SecondarySource]) -> Runs:
    """The time that some amounts cover."""
    return Runs.of(*limits_of([(one.start, one.end) for one in seconds]))


def _time(runs: Runs, edges: Instants) -> int:
    """How much of the monitoring period some runs cover."""
    return sum(end - start for start, end in within((int(edges[0]), int(edges[-1])), runs.spans))
