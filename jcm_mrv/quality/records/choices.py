"""Choices that the project makes (which supply, which method): something has to prove them, as it has a number."""

from __future__ import annotations

from collections.abc import Iterator

from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.confirming import NO_DOCUMENT
from jcm_mrv.claim.values import belongs
from jcm_mrv.findings import Finding
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData


def choice_findings(claim: Claim, data: MonitoringData) -> Iterator[Finding]:
    """A finding for each choice on Fixed values or Equipment that names no document."""
    reported: set[Origin] = set()  # a row that names no methodology is for all that have the parameter
    for bound in claim.bounds:
        for symbol, chosen, where in _without_evidence(bound, data):
            if where not in reported:
                reported.add(where)
                yield NO_DOCUMENT(
                    say("the choice of {symbol} names no document", symbol=symbol),
                    where,
                    found=chosen,
                    action=say("Enter the document that shows it (a contract, a single-line diagram, a name plate)."),
                )


def _without_evidence(bound: Bound, data: MonitoringData) -> Iterator[tuple[str, str, Origin]]:
    """Symbol, what is chosen and its cell."""
    symbols = {switch.symbol for switch in bound.switches}
    for fixed in data.fixed:
        symbol, cell = fixed.parameter.strip(), fixed["value"]
        proven = fixed.document.strip() or fixed.evidence.strip()
        if symbol in symbols and cell.text.strip() and not proven and belongs(fixed, bound):
            yield symbol, cell.text, cell.origin
    for row in data.equipment:
        if belongs(row, bound) and not row.evidence.strip():
            for symbol, given in row.parameters.items():
                if symbol in symbols and given.value is not None:
                    yield symbol, str(given.value), given.origin
