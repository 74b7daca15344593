"""Values in place of the card's whose document is on no row of the sheet Evidence: a name alone proves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.default_use import DefaultUse
from jcm_mrv.findings import Code, Finding, Severity, named
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData

UNPROVEN = Code(
    "fixed.document_unknown", Severity.MAJOR, "A value raises ER above the card's, and its document is not in Evidence."
)


def unproven_findings(claim: Claim, data: MonitoringData) -> Iterator[Finding]:
    """A finding for each value that raises ER above that with the card's, where Evidence lacks its document."""
    known = {row.document_id.strip().casefold() for row in data.evidence}
    for uses in _replaced(claim):
        document = uses[0].document.strip().casefold()
        if document and document not in known:
            yield from _finding(claim, uses)


def _replaced(claim: Claim) -> Iterable[list[DefaultUse]]:
    """Where a value stands in place of the card's: by its cell, which may serve many elements."""
    found: dict[str, list[DefaultUse]] = {}
    for use in (use for one in claim.bound_values for use in one.defaults):
        if use.card_value not in (None, use.used):
            found.setdefault(str(use.origin), []).append(use)
    return found.values()


def _finding(claim: Claim, uses: Sequence[DefaultUse]) -> Iterator[Finding]:
    effect, first = claim.effect_of_replacing(uses), uses[0]
    assert first.card_value is not None
    if claim.raised_by(effect):
        yield UNPROVEN(
            say(
                "{symbol} of {use} raises ER above that with the value of the card, and its document {document} is on "
                "no row of the sheet Evidence",
                symbol=first.node.symbol,
                use=named([use.label for use in uses if use.label]) or say("the project"),
                document=first.document,
            ),
            first.origin,
            found=say(
                "{project_value:.15g} {use_unit}, the card has {card_value:.15g}",
                project_value=first.project_value,
                use_unit=first.unit,
                card_value=first.card_value,
            ),
            action=say("Add the document to Evidence, or leave the value empty: that of the card is used then."),
            data={"card": first.card_value},
            effect_tco2e=effect,
        )
