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
    every = _uses(claim)
    for (meter, subtracted, again), uses in every.items():
        parts = {q: {p: _sum(claim, terms) for p, terms in by.items()} for q, by in uses.terms.items()}
        whole = sum(max(by.values()) for by in parts.values())
        apart = any(max(by.values()) - min(by.values()) > _SAME for by in parts.values())
        if whole > 1 - _SAME and not apart:
            continue
        other = every.get((meter, not subtracted, again), _Uses())
        back = [t for by in other.terms.values() for terms in by.values() for t in terms]
        lowest = min(
            _with_all(claim, by, -1 if subtracted else 1, 1 - whole, without)
            for by in uses.terms.values()
            for without in ([], back)
        )
        effect = claim.reductions() - lowest
        if claim.raised_by(effect):
            yield _finding(meter, subtracted, whole, _sum(claim, back), uses.origin, effect)


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


def _sum(claim: Claim, terms: Sequence[_Term]) -> float:
    return sum(abs(float(_coefficients(claim.chains[c], claim)[n])) for c, n in terms)


def _coefficients(chain: Chain, claim: Claim) -> Numbers:
    return claim.values[chain.graph.c]


def _with_all(
    claim: Claim, parameters: Mapping[str, Sequence[_Term]], sign: int, more: float, without: Sequence[_Term]
) -> float:
    """ER [tCO2e] with the remainder in one quantity, every parameter of which then has the same part of the meter.

    What has the other sign takes a part of it back; ``without`` are those terms where they are left out.
    """
    size = max(_sum(claim, terms) for terms in parameters.values()) + more
    changed: dict[Named, Numbers] = {}
    for c, n in without:
        key = claim.chains[c].graph.c
        changed.setdefault(key, np.array(claim.values[key]))[n] = 0.0
    for terms in parameters.values():
        c, n = terms[0]
        key = claim.chains[c].graph.c
        values = changed.setdefault(key, np.array(claim.values[key]))
        values[n] += sign * (size - _sum(claim, terms))
    reductions = claim.reductions(changed)
    return reductions if np.isfinite(reductions) else np.inf


def _finding(meter: str, subtracted: bool, whole: float, back: float, where: Origin, effect: float) -> Finding:
    done = say("subtracted") if subtracted else say("counted")
    undone = say("added") if subtracted else say("subtracted")
    missing = (
        say("{whole:.6g} of meter {meter} is {done} nowhere", whole=1 - whole, meter=meter, done=done)
        if whole <= 1 - _SAME
        else say(
            "meter {meter} is {done} with less of it in one parameter than in another of the same quantity",
            meter=meter,
            done=done,
        )
    )
    return REMAINDER(
        say("{missing}, and ER is lower with all of it", missing=missing),
        where,
        found=say("shares add up to {whole:.6g}", whole=whole)
        + (say(", and {back:.6g} of it is {undone} in other rows", back=back, undone=undone) if back else "")
        + say("; with all of it ER is {effect:,.3f} tCO2e less", effect=effect),
        action=say(
            "Enter share 1, or the rows that count the rest; otherwise show the verifier by a meter of its own what "
            "the rest is."
        ),
        data={"sum": whole},
        effect_tco2e=effect,
    )
