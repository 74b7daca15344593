"""How many decimals computed numbers show: one number for each unit, whatever sheet they stand on."""

from __future__ import annotations

import math

import numpy as np

from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Label
from jcm_mrv.reporting.excel.layout import Layout

MOST_DECIMALS = 8
_DIGITS_OF_LARGEST, _DIGITS_OF_SMALLEST, _TONNES = 6, 3, 3


def decimals_by_unit(layout: Layout, evaluation: Evaluation) -> dict[str, int]:
    """For each unit six digits of its largest value and three of its smallest, tonnes at least three decimals."""
    sizes: dict[str, list[float]] = {}
    nodes = [n for table in layout.tables.values() for n in table.nodes]
    for node in [*nodes, *layout.given.nodes, *layout.results.nodes]:
        if not isinstance(node, Label):
            known = np.abs(np.atleast_1d(evaluation[node]))
            known = known[np.isfinite(known) & (known > 0)]
            if len(known):
                sizes.setdefault(getattr(node, "unit", ""), []).extend((float(known.max()), float(known.min())))
    return {unit: _decimals(max(found), min(found), unit) for unit, found in sizes.items()}


def _decimals(largest: float, smallest: float, unit: str) -> int:
    """Of a unit; the smallest value counts down to a millionth, since what is left of a difference may be no number."""
    wanted = _DIGITS_OF_LARGEST - 1 - math.floor(math.log10(largest))
    small = min(_DIGITS_OF_SMALLEST - 1 - math.floor(math.log10(smallest)), 6)
    return min(max(wanted, small, _TONNES if unit == "tCO2e" else 0), MOST_DECIMALS)
