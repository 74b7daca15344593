"""What a claim rests on without proof: unconfirmed equations and defaults, and replaced values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Flags
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.values import BoundValues
from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.required import required
from jcm_mrv.result import DefaultUse
from jcm_mrv.words import Words, say
from jcm_mrv.workbook.rows import FixedRow
from jcm_mrv.workbook.schema import fold

PATTERN = Code(
    "methodology.pattern", Severity.MAJOR, "The approved equation is not confirmed; the figure is indicative only."
)
UNCONFIRMED = Code("defaults.unconfirmed", Severity.MAJOR, "A default value that the claim rests on is not confirmed.")
REPLACED = Code("defaults.replaced", Severity.MINOR, "A default value is replaced by another one.")
CHOICE = Code("methodology.choice_unconfirmed", Severity.MINOR, "A choice that the card makes is not confirmed.")

FIXED_VALUES = "Fixed values"


def confirmed(claim: Claim, bound: Bound) -> bool:
    """True when the equation may be credited: a computable card, or one that the project confirmed.

    A draft has no approved document that it could be confirmed against.
    """
    if bound.entry.card.status == "computable":
        return True
    if bound.entry.card.is_draft:
        return False
    return claim.bound_values[claim.bounds.index(bound)].equation_confirmed is not None


def evidence_findings(claim: Claim, evaluation: Evaluation, file: str, rows: Sequence[FixedRow] = ()) -> list[Finding]:
    """Findings for everything that the claim uses and nobody has confirmed; ``rows`` are those of Fixed values."""
    sheet = FixedValues(file, rows)
    needed = required(claim.roots(), evaluation)
    findings: list[Finding] = []
    for bound, values in zip(claim.bounds, claim.bound_values, strict=True):
        if not confirmed(claim, bound):
            findings.append(_pattern(bound, sheet))
        findings += [_choice(bound, symbol, sheet) for symbol in _open_choices(bound, values)]
        uses = [use for use in values.defaults if _is_needed(use, needed)]
        groups: dict[tuple[str, float | None], list[DefaultUse]] = {}
        for use in uses:
            if use.evidence == "unconfirmed":
                groups.setdefault((use.node.symbol, use.used), []).append(use)
        findings += [_unconfirmed(bound, group, sheet) for group in groups.values()]
        cells: dict[tuple[str, str, float | None], list[DefaultUse]] = {}
        for use in filter(_differs, uses):
            cells.setdefault((str(use.origin), use.node.symbol, use.card_value), []).append(use)
        findings += [_replaced(claim, bound, served) for served in cells.values()]
    return findings


def _is_needed(use: DefaultUse, needed: dict[Named, Flags]) -> bool:
    mask = needed.get(use.node)
    return mask is not None and bool(mask[use.ordinals])


def _differs(use: DefaultUse) -> bool:
    return use.card_value is not None and use.project_value is not None and use.card_value != use.project_value


def _open_choices(bound: Bound, values: BoundValues) -> list[str]:
    """The choices that neither a source of the card nor the project confirms."""
    made = bound.entry.card.choices.items()
    return [s for s, choice in made if choice.evidence == "unconfirmed" and s not in values.confirmed]


@dataclass(frozen=True)
class FixedValues:
    """The sheet on which values are confirmed."""

    file: str
    rows: Sequence[FixedRow]

    def place(self, bound: Bound, symbol: str, labels: Sequence[str] = ()) -> Origin:
        """The row of a parameter for one of some labels, else the one that the template has, otherwise the sheet."""
        rows = [r for r in self.rows if fold(r.parameter) == fold(symbol)]
        mine = [r for r in rows if fold(r.methodology) in ("", fold(bound.entry.card.id))]
        own = [r for r in mine if r.applies_to and fold(r.applies_to) in map(fold, labels)]
        found = [*own, *(r for r in mine if not r.applies_to)]
        return found[0].origin("value") if found else Origin(file=self.file, sheet=FIXED_VALUES)


def _pattern(bound: Bound, sheet: FixedValues) -> Finding:
    card = bound.entry.card
    return PATTERN(
        say(
            "{card}: the equation is the family's general form ({source}); no number may be credited until it is "
            "confirmed against the approved document",
            card=card.id,
            source=card.equation.source,
        ),
        sheet.place(bound, "equation"),
        found=say("a draft: no Joint Committee has approved it") if card.is_draft else say("not confirmed"),
        action=say("None: a draft gives an indicative figure only.")
        if card.is_draft
        else say(
            "Compare the equation with the approved methodology. Then write on Fixed values, in the row of the "
            "parameter equation (add one where there is none): value confirmed, unit 1, document and page. Confirm "
            "each default in the same way."
        ),
    )


def _choice(bound: Bound, symbol: str, sheet: FixedValues) -> Finding:
    choice = bound.entry.card.choices[symbol]
    return CHOICE(
        say(
            "{card}: the card assumes {choice!r} for {symbol} ({source})",
            card=bound.entry.card.id,
            choice=choice.text,
            symbol=symbol,
            source=choice.source,
        ),
        sheet.place(bound, symbol),
        found=choice.text,
        action=say(
            "Compare it with the approved methodology. If it says the same, write on Fixed values, in the row of the "
            "parameter {symbol} (add one where there is none): value confirmed, unit 1, document and page. If it says "
            "otherwise, the card has to be corrected.",
            symbol=symbol,
        ),
    )


def _unconfirmed(bound: Bound, uses: list[DefaultUse], sheet: FixedValues) -> Finding:
    first = uses[0]
    entered = first.project_value is not None
    whose = (
        say(" ({number_of_uses} elements)", number_of_uses=len(uses))
        if len(uses) > 1
        else say(" of {label}", label=first.label)
        if first.label
        else ""
    )
    source = say("entered without a document") if entered else first.card_source
    table = next((symbol for symbol, one in bound.tables.items() if one.values is first.node), "")
    symbol = table or first.node.symbol
    return UNCONFIRMED(
        say(
            "{card}: {symbol}{whose} = {used} is unconfirmed ({source})",
            card=bound.entry.card.id,
            symbol=symbol,
            whose=whose,
            used=_amount(first.used, first.unit),
            source=source,
        ),
        first.origin if entered else sheet.place(bound, symbol),
        found=_amount(first.used, first.unit),
        action=say(
            "Compare the table with the approved methodology. If it says the same, write on Fixed values, in the row "
            "of the parameter {symbol} (add one where there is none): value confirmed, unit 1, document and page. If "
            "it says otherwise, the card has to be corrected.",
            symbol=symbol,
        )
        if table
        else say(
            "Write on Fixed values, in the row of the parameter {symbol} (add one where there is none): the value as "
            "the approved methodology states it, its unit ({first_unit}), document and page. Where it differs from one "
            "to another, a row for each, with the equipment, group or product in Applies to.",
            symbol=symbol,
            first_unit=first.unit,
        ),
        data={"symbol": first.node.symbol, "elements": len(uses), "value": first.used},
    )


def _amount(value: float, unit: str) -> Words:
    """A value with its unit; a number without one alone."""
    if unit == "1":
        return say("{value:.15g}", value=value)
    return say("{value:.15g} {unit}", value=value, unit=unit)


def _replaced(claim: Claim, bound: Bound, served: Sequence[DefaultUse]) -> Finding:
    """Of one cell and what it stands in place of, with the effect of all elements that it serves."""
    use = served[0]
    card_value = use.card_value if use.card_value is not None else np.nan
    effect = claim.effect_of_replacing(served)
    raises = not effect <= 0  # one that cannot be computed counts against the claim
    return REPLACED(
        say(
            "{card}: {symbol} of the card ({card_value}) is replaced by {used}",
            card=bound.entry.card.id,
            symbol=use.node.symbol,
            card_value=_amount(card_value, use.unit),
            used=_amount(use.used, use.unit),
        ),
        use.origin,
        found=say(
            "{used}, {document}{page}",
            used=_amount(use.used, use.unit),
            document=use.document or say("no document"),
            page=say(", p. {page}", page=use.page) if use.page else "",
        ),
        action=say(
            "Say on the sheet Answers why the card's value does not hold for this project, with the document; the "
            "verifier judges it."
        )
        if raises
        else say("Keep the document ready for the verifier."),
        data={"card_value": card_value, "used": use.used},
        effect_tco2e=effect,
        severity=Severity.MAJOR if raises else None,
    )
