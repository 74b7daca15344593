"""What a monitored parameter cannot be: outside its limits, or parts of one whole that are together more than it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from jcm_mrv.claim.claim import Claim, Parameter
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.limits import Limits, limits_text
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.words import say

OUT_OF_LIMITS = Code("points.out_of_limits", Severity.MAJOR, "A monitored parameter has a value that cannot be.")

# The errors of instruments, and their corrections, lead this far beyond what can be, as a share of the limit.
BEYOND_LIMIT, _SAME = 0.05, 1e-9


def impossible_parameters(claim: Claim) -> Iterator[Finding]:
    """A finding for each value, as it was read, beyond the limits of its parameter, and for parts above the whole."""
    for parameter in claim.parameters:
        if parameter.declared.parts or parameter.declared.limits != (None, None):
            yield from _impossible(claim, parameter, claim.evaluate())


def _impossible(claim: Claim, parameter: Parameter, evaluation: Evaluation) -> Iterator[Finding]:
    node, declared, exists = parameter.defined, parameter.declared, claim.space.exists(parameter.defined.sets)
    values = np.where(exists, evaluation[node], np.nan)
    for place in np.argwhere(np.isfinite(values)).tolist():
        value = float(values[tuple(place)])
        beyond = _beyond(value, declared.limits)
        if beyond > _SAME:
            must_be = say(
                "it can be {limits_text} {node_unit}", limits_text=limits_text(declared.limits), node_unit=node.unit
            )
            yield _cannot_be(claim, parameter, place, f"{value:.6g} {node.unit}; {must_be}", beyond > BEYOND_LIMIT)
    if declared.parts:
        known = np.where(np.isfinite(values), values, 0.0)  # what is missing is a gap, told elsewhere
        sums = known.sum(axis=0)
        for place in np.argwhere(sums > 1 + _SAME).tolist():  # of no parts at all there is no largest
            together, most = float(sums[tuple(place)]), int(np.moveaxis(known, 0, -1)[tuple(place)].argmax())
            text = say("together {sums:.6g}, and parts of one whole are at most 1", sums=together)
            yield _cannot_be(claim, parameter, [most, *place], text, together > 1 + BEYOND_LIMIT)


def _beyond(value: float, limits: Limits) -> float:
    """How far a value lies outside its limits, as a share of the larger of them."""
    low, high = limits
    nearest = min(max(value, -math.inf if low is None else low), math.inf if high is None else high)
    return abs(value - nearest) / (max(abs(limit or 0.0) for limit in limits) or 1.0)


def _cannot_be(claim: Claim, parameter: Parameter, place: Sequence[int], found: str, far: bool) -> Finding:
    node, labels = parameter.defined, claim.space.labels(parameter.defined.sets, place)
    point = parameter.chain.points[parameter.points[labels[:-1]]]
    return OUT_OF_LIMITS(
        say(
            "{symbol} of {labels} ({node}) has a value that cannot be",
            symbol=node.symbol,
            labels=", ".join(labels),
            node=node.label,
        ),
        point.terms[0].origin,
        found=found,
        action=say("Correct the values and units of its readings: 55 % is 0.55, or 55 with the unit %."),
        severity=Severity.ERROR if far else None,
    )
