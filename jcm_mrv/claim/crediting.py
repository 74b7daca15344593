"""Whole tonnes of a claim, by year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Defined, Input, Named
from jcm_mrv.quantities.graph import Rebuild
from jcm_mrv.rounding import credited_tonnes

LEAST_DECIMALS, MOST_DECIMALS = 3, 9


def credited_by_year(claim: Claim, evaluation: Evaluation, digits: int) -> tuple[int, list[int]]:
    """The decimals of monitored values from which the whole tonnes follow as well, and these by year.

    The official sheet computes from the values that are typed into it: the
    report shows as many decimals as it takes to reach the same tonnes. Where
    no number of decimals does, the lower of both figures is credited.
    """
    exact = [credited_tonnes(er, digits) for er in evaluation[claim.ER].tolist()]
    typed = exact
    for decimals in range(LEAST_DECIMALS, MOST_DECIMALS + 1):
        (er,) = at_decimals(claim, evaluation, decimals, [claim.ER])
        if not np.isfinite(er).all():
            continue  # an amount by which something is divided is 0 when it is shown with so few decimals
        typed = [credited_tonnes(value, digits) for value in er.tolist()]
        if typed == exact:
            return decimals, exact
    return MOST_DECIMALS, [min(pair) for pair in zip(exact, typed, strict=True)]


def at_decimals(claim: Claim, evaluation: Evaluation, decimals: int, results: Sequence[Defined]) -> list[Numbers]:
    """What results are when the monitored values are typed in with so many decimals."""
    shown = {
        id(p.defined): Input(p.declared.symbol, p.declared.label, p.declared.unit, p.declared.sets)
        for p in claim.parameters
    }
    rebuild = Rebuild(lambda node: shown.get(id(node), None if node.operands else node))
    roots = [rebuild(node) for node in results]
    rounded: dict[Named, Numbers] = {
        shown[id(p.defined)]: np.round(evaluation[p.defined], decimals) for p in claim.parameters
    }
    again = Evaluation(roots, {**claim.values, **rounded}, claim.space)
    return [again[root] for root in roots]
