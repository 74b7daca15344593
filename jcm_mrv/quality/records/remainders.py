"""Shares of a meter that leave a part of it uncounted, where ER falls with what the meter counts.

Where ER rises with a meter a part of it is cautious. Where it falls (auxiliaries, a load that is subtracted, the
generation by which fuel is divided), what is left out is a gain that only the project's word stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.measuring import Chain
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Named
from jcm_mrv.words import say

REMAINDER = Code("points.share_remainder", Severity.MAJOR, "A part of a meter that would lower ER is counted nowhere.")

_SAME = 1e-9
_Term = tuple[int, int]  # chain, ordinal of its term
_Quantity = tuple[str, str, str]  # methodology, quantity, element
_Use = tuple[str, bool, bool]  # meter, whether it is subtracted, and whether it counts again what another counts


@dataclass
class _Uses:
    """The terms of one use of a meter: by the quantity that they are of, by parameter."""

    terms: dict[_Quantity, dict[str, list[_Term]]] = field(default_factory=dict)
    origin: Origin = field(default_factory=Origin)


def remainder_findings(claim: Claim) -> Iterator[Finding]:
    """A finding for each meter of which a part is counted nowhere, or less in one place than in another."""
    for (meter, subtracted, _), uses in _uses(claim).items():
        parameters = uses.terms.values()
        whole = sum(_part(claim, by) for by in parameters)
        lowest = min(_with_all(claim, by, -1 if subtracted else 1, 1 - whole) for by in parameters)
        effect = claim.reductions() - lowest
        if claim.raised_by(effect):
            yield _finding(meter, subtracted, whole, uses.origin, effect)


def _uses(claim: Claim) -> Mapping[_Use, _Uses]:
    """What is weighed once for the reference and again for the project is counted in whole by each."""
    declared = {(p.bound.namespace, p.declared.symbol): p.declared for p in claim.parameters}
    found: dict[_Use, _Uses] = {}
    for c, chain in enumerate(claim.chains):
        for n, (k, t) in enumerate(chain.terms):
            point = chain.points[k]
            term = point.terms[t]
            node = declared[point.methodology, point.parameter]
            use = term.meter_id, bool(np.signbit(term.coefficient)), node.counts_again
            uses = found.setdefault(use, _Uses())
            quantity = point.methodology, node.same_as or node.symbol, point.applies_to
            uses.terms.setdefault(quantity, {}).setdefault(point.parameter, []).append((c, n))
            if abs(term.coefficient) < 1 and uses.origin == Origin():
                uses.origin = term.origin
    return found


def _part(claim: Claim, parameters: Mapping[str, Sequence[_Term]]) -> float:
    """Which part of a meter a quantity has: the largest of its parameters."""
    return max(_sum(claim, terms) for terms in parameters.values())


def _sum(claim: Claim, terms: Sequence[_Term]) -> float:
    return sum(abs(float(_coefficients(claim.chains[c], claim)[n])) for c, n in terms)


def _coefficients(chain: Chain, claim: Claim) -> Numbers:
    return claim.values[chain.graph.c]


def _with_all(claim: Claim, parameters: Mapping[str, Sequence[_Term]], sign: int, more: float) -> float:
    """ER [tCO2e] with the remainder in one quantity, every parameter of which then has the same part of the meter."""
    size = _part(claim, parameters) + more
    changed: dict[Named, Numbers] = {}
    for terms in parameters.values():
        missing = size - _sum(claim, terms)
        if missing > _SAME:
            c, n = terms[0]
            key = claim.chains[c].graph.c
            changed.setdefault(key, np.array(claim.values[key]))[n] += sign * missing
    reductions = claim.reductions(changed)
    return reductions if np.isfinite(reductions) else np.inf


def _finding(meter: str, subtracted: bool, whole: float, where: Origin, effect: float) -> Finding:
    done = say("subtracted") if subtracted else say("counted")
    missing = (
        say("{whole:.6g} of meter {meter} is {done} nowhere", whole=1 - whole, meter=meter, done=done)
        if 1 - whole > _SAME
        else say(
            "meter {meter} is {done} with less of it in one parameter than in another of the same quantity",
            meter=meter,
            done=done,
        )
    )
    return REMAINDER(
        say("{missing}, and ER is lower with all of it", missing=missing),
        where,
        found=say(
            "shares add up to {whole:.6g}; with all of it ER is {effect:,.3f} tCO2e less", whole=whole, effect=effect
        ),
        action=say(
            "Enter share 1, or the rows that count the rest; otherwise show the verifier by a meter of its own what "
            "the rest is."
        ),
        data={"sum": whole},
        effect_tco2e=effect,
    )
