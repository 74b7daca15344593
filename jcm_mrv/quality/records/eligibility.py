"""Eligibility criteria: each of the methodology's criteria is answered with yes, and something proves it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jcm_mrv.claim.values import belongs
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import EligibilityRow
from jcm_mrv.workbook.schema import fold

NOT_MET = Code("eligibility.not_met", Severity.ERROR, "The project does not meet an eligibility criterion.")
OPEN = Code("eligibility.open", Severity.MAJOR, "It is not said whether an eligibility criterion is met.")
NO_EVIDENCE = Code("eligibility.no_evidence", Severity.MAJOR, "Nothing proves that an eligibility criterion is met.")
MISSING = Code("eligibility.missing_criterion", Severity.MAJOR, "A criterion of the methodology is not on the sheet.")
NO_TEXT = Code(
    "eligibility.no_text", Severity.MAJOR, "An eligibility criterion is numbered, and its text is not given."
)
EMPTY = Code("eligibility.empty", Severity.MAJOR, "No eligibility criterion is listed at all.")

_SHEET = "Eligibility"
_SHOWN = 100
# Words that name a criterion and say nothing: "Eligibility criterion 1", "No. 2", "tiêu chí 3", "要件4".
_BARE = frozenset(
    [
        "the",
        "eligibility",
        "criterion",
        "criteria",
        "kriteria",
        "no",
        "nr",
        "number",
        "tiêu",
        "chí",
        "số",
        "適格性要件",
        "要件",
        "基準",
    ]
)
_WORD = re.compile(r"[^\W\d_]+")


def eligibility_findings(bounds: Sequence[Bound], data: MonitoringData) -> Iterator[Finding]:
    """What the sheet Eligibility leaves open, and what of the cards' criteria it lacks."""
    rows = data.eligibility
    known = {fold(c.number).rstrip(".") for bound in bounds for c in bound.entry.card.criteria}
    for row in rows:
        yield from _row(row)
        if fold(row.number).rstrip(".") not in known:
            yield from _text(row)
    listed = [bound for bound in bounds if bound.entry.card.criteria]
    for bound in listed:
        yield from _missing(bound, rows, data.file)
    if not rows and bounds and not listed:
        yield EMPTY(
            say("the sheet lists no eligibility criterion"),
            Origin(file=data.file, sheet=_SHEET),
            found=say("no row"),
            action=say(
                "List the criteria of the approved methodology; say for each whether it is met, and what proves it."
            ),
        )


def _row(row: EligibilityRow) -> Iterator[Finding]:
    name, met = _name(row), row.met
    if met == "no":
        yield NOT_MET(
            say("criterion {name} is not met, so the methodology cannot be used", name=name),
            row.origin("met"),
            found="no",
            action=say(
                "If the criterion is met or does not apply, write yes and say why in Comment. Otherwise this project "
                "cannot claim under the methodology."
            ),
        )
    elif not met:
        yield OPEN(
            say("criterion {name} is answered neither with yes nor with no", name=name),
            row.origin("met"),
            found=say("empty"),
            action=say(
                "Write yes when the project meets the criterion, with the document that proves it; otherwise no."
            ),
        )
    elif not row.evidence.strip():
        yield NO_EVIDENCE(
            say("criterion {name} is said to be met, and no document is named", name=name),
            row.origin("evidence"),
            found=say("empty"),
            action=say("Add the document to the sheet Evidence and name it in the column Evidence of Eligibility."),
        )


def _text(row: EligibilityRow) -> Iterator[Finding]:
    """A criterion whose text nobody knows: it is neither on the card nor on the sheet."""
    if _BARE.issuperset(_WORD.findall(row.criterion.casefold())):
        yield NO_TEXT(
            say(
                "the text of criterion {row_number} is not given: what is met cannot be read",
                row_number=row.number.strip(),
            ),
            row.origin("criterion"),
            found=row.criterion.strip() or say("empty"),
            action=say(
                "Copy the criterion as the approved methodology words it, and name the document that proves it."
            ),
        )


def _name(row: EligibilityRow) -> str:
    text = " ".join(row.criterion.split())
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 2].rstrip() + " …"
    return f"{row.number.strip()} ({short})" if short else row.number.strip()


def _missing(bound: Bound, rows: Sequence[EligibilityRow], file: str) -> Iterator[Finding]:
    card = bound.entry.card
    stated = {fold(row.number).rstrip(".") for row in rows if belongs(row, bound)}
    for criterion in card.criteria:
        if fold(criterion.number).rstrip(".") not in stated:
            yield MISSING(
                say(
                    "criterion {criterion_number} of {card} has no row: {split}",
                    criterion_number=criterion.number,
                    card=card.id,
                    split=" ".join(criterion.text.split()),
                ),
                Origin(file=file, sheet=_SHEET),
                found=say("no row"),
                action=say(
                    "Add a row for each of these criteria: number, criterion, whether it is met, what proves it."
                ),
            )
