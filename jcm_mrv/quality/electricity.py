"""Whether the rule for grid and captive electricity leans towards fewer reductions in this claim.

"The lower of both factors" is cautious where reductions rise with the electricity; where electricity counts on the
project side only, or more there than in the reference, it raises the claim. The card's rule stands; its effect is said.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.claim.claim import Claim
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Switch
from jcm_mrv.methodology.electricity import SUPPLIES, supply_of
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.words import say

RULE = Code(
    "electricity.rule_raises",
    Severity.MAJOR,
    "The rule for grid and captive electricity gives more reductions than one of the factors.",
)
_SAME = 1e-9


def rule_findings(claim: Claim, evaluation: Evaluation, where: Origin) -> Iterator[Finding]:
    """A finding for each methodology whose rule takes the factor with the higher reductions [tCO2e]."""
    for bound in claim.bounds:
        supply = supply_of(bound)
        if supply is not None and np.any(both := claim.values[supply] == SUPPLIES.index("grid and captive")):
            yield from _finding(claim, evaluation, bound, (supply, both), where)


def reductions_with(claim: Claim, supply: Switch, both: Numbers, instead: str) -> float:
    """ER [tCO2e] where what is ``both`` took the factor of one supply alone."""
    values = np.where(both, float(SUPPLIES.index(instead)), claim.values[supply])
    return float(claim.evaluate({supply: values})[claim.ER].sum())


def _finding(
    claim: Claim, evaluation: Evaluation, bound: Bound, of: tuple[Switch, Numbers], where: Origin
) -> Iterator[Finding]:
    stated = float(evaluation[claim.ER].sum())
    other = {name: reductions_with(claim, *of, name) for name in ("grid", "captive")}
    name, least = min(other.items(), key=lambda pair: pair[1])
    if not least < stated - _SAME * max(1.0, abs(stated)):
        return
    rule, card = bound.entry.card.choices["electricity_rule"].text, bound.entry.card.id
    yield RULE(
        say(
            '{card} takes the "{rule}" factor, and with that of the {name} electricity the reductions are lower: here '
            "electricity counts more in project than in reference emissions, or the other way round",
            card=card,
            rule=rule,
            name=name,
        ),
        where,
        found=say(
            "{stated:,.3f} t by the rule, {least:,.3f} t by the {name} factor", stated=stated, least=least, name=name
        ),
        action=say("Show the sentence of the approved methodology that names the rule, or claim the lower figure."),
        data={"by_rule": stated, "by_other": least},
        effect_tco2e=least - stated,
    )
