"""What the project confirms by a document: the equation of a card, its tables, and the choices that the card makes.

A row of ``Fixed values`` with the value ``confirmed`` confirms; the symbol of a choice, or ``equation``, is its
parameter. A choice or a table of the card cannot be made otherwise by a project: its card has to be corrected.
"""

from __future__ import annotations

from dataclasses import dataclass

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.methodology.card import Card
from jcm_mrv.origin import Origin
from jcm_mrv.words import say
from jcm_mrv.workbook.wording import choice_of

WRONG_CHOICE = Code("fixed.choice", Severity.ERROR, "A choice is not one that the methodology offers.")
NO_DOCUMENT = Code("fixed.no_document", Severity.MINOR, "A fixed value names no document that proves it.")

EQUATION, CONFIRMED = "equation", "confirmed"


@dataclass(frozen=True)
class Given:
    """A value as the project gives it: a number or a choice, with unit, document and place."""

    value: float | str
    unit: str
    document: str
    page: str
    origin: Origin


def confirmation_fault(symbol: str, card: Card, given: Given) -> Finding | None:
    """What is wrong with a row that confirms the equation, or a choice or a table of a card."""
    said = choice_of((CONFIRMED, *(one.text for one in card.choices.values())), str(given.value))
    if symbol == EQUATION and said != CONFIRMED:
        text = say("the equation is either confirmed, or the row is left out")
        action = say("Write {confirmed} with document and page, or delete the row.", confirmed=CONFIRMED)
        return WRONG_CHOICE(text, given.origin, found=str(given.value), action=action)
    if symbol not in (EQUATION, *card.choices) and said != CONFIRMED:
        text = say("the table of {symbol} is either confirmed, or the row is left out", symbol=symbol)
        action = say(
            "Write {confirmed} with document and page, or delete the row. If the approved methodology has other "
            "values, the card has to be corrected before anything is calculated with it.",
            confirmed=CONFIRMED,
        )
        return WRONG_CHOICE(text, given.origin, found=str(given.value), action=action)
    if symbol in card.choices and said not in (CONFIRMED, card.choices[symbol].text):
        choice = card.choices[symbol].text
        text = say("{card} itself makes the choice of {symbol}: {choice!r}", card=card.id, symbol=symbol, choice=choice)
        action = say(
            "Write {confirmed} with document and page, or delete the row. If the approved methodology says otherwise, "
            "the card has to be corrected before anything is calculated with it.",
            confirmed=CONFIRMED,
        )
        return WRONG_CHOICE(text, given.origin, found=str(given.value), action=action)
    if not given.document:
        text = (
            say("a confirmation of the equation without a document has no effect")
            if symbol == EQUATION
            else say("a confirmation of {symbol} without a document has no effect", symbol=symbol)
        )
        action = say("Enter the approved methodology, its version and the page.")
        return NO_DOCUMENT(text, given.origin, found=CONFIRMED, action=action)
    return None
