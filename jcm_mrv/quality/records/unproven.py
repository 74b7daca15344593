"""Values in place of the card's whose document is on no row of the sheet Evidence: a name alone proves nothing."""

from __future__ import annotations

from collections.abc import Iterator

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.default_use import DefaultUse
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

UNPROVEN = Code(
    "fixed.document_unknown", Severity.MAJOR, "A value raises ER above the card's, and its document is not in Evidence."
)

_SAME = 1e-9


def unproven_findings(claim: Claim, data: MonitoringData) -> Iterator[Finding]:
    """A finding for each value that raises ER above that with the card's, where Evidence lacks its document."""
    known = {row.document_id.strip().casefold() for row in data.evidence}
    told: set[str] = set()
    for use in (use for found in claim.bound_values for use in found.defaults):
        replaced = use.card_value is not None and use.project_value not in (None, use.card_value)
        where = str(use.origin)
        if replaced and use.document.strip() and use.document.strip().casefold() not in known and where not in told:
            told.add(where)
            yield from _finding(claim, use)


def _finding(claim: Claim, use: DefaultUse) -> Iterator[Finding]:
    assert use.card_value is not None
    effect = claim.effect_of(use.node, use.ordinals, use.card_value)
    if effect > _SAME * max(1.0, abs(claim.reductions())):
        yield UNPROVEN(
            say(
                "{symbol} of {use} raises ER above that with the value of the card, and its document {document} is on "
                "no row of the sheet Evidence",
                symbol=use.node.symbol,
                use=use.label or say("the project"),
                document=use.document,
            ),
            use.origin,
            found=say(
                "{project_value:.15g} {use_unit}, the card has {card_value:.15g}",
                project_value=use.project_value,
                use_unit=use.unit,
                card_value=use.card_value,
            ),
            action=say("Add the document to Evidence, or leave the value empty: that of the card is used then."),
            data={"card": use.card_value},
            effect_tco2e=effect,
        )
