"""The texts of a card that a person reads, as words that can be said in other languages.

The title stays as the document has it, and so does the equation: they are names and symbols.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from jcm_mrv.methodology.card import Card, Criterion, ParameterGuide, Sourced
from jcm_mrv.words import Words, as_words

if TYPE_CHECKING:
    from jcm_mrv.methodology.catalogue import Entry


def in_words(card: Card) -> Card:
    """The card with its texts as words."""
    return replace(
        card,
        title=_source(card.title),
        equation=_source(card.equation),
        choices={symbol: replace(_source(one), text=as_words(one.text)) for symbol, one in card.choices.items()},
        summary=as_words(card.summary),
        notes=tuple(map(as_words, card.notes)),
        criteria=tuple(Criterion(c.number, as_words(c.text), c.evidence) for c in card.criteria),
        parameters={symbol: _guide(guide) for symbol, guide in card.parameters.items()},
        defaults={
            symbol: replace(one, note=as_words(one.note), source=as_words(one.source))
            for symbol, one in card.defaults.items()
        },
        monitored=card.monitored and _source(replace(card.monitored, text=as_words(card.monitored.text))),
        not_calculated=as_words(card.not_calculated),
    )


def _source(one: Sourced) -> Sourced:
    return replace(one, source=as_words(one.source))


def _guide(guide: ParameterGuide) -> ParameterGuide:
    source, method, frequency = map(as_words, (guide.source_of_data, guide.method, guide.frequency))
    return replace(guide, source_of_data=source, method=method, frequency=frequency)


def family_in_words(family: str) -> Words:
    """What a family is about, as its name says it: ``heat pump``."""
    return as_words(family.replace("_", " "))


def texts_of(entry: Entry) -> Iterator[str]:
    """Every text of a card and of its methodology that can be said in other languages."""
    card = entry.card
    yield family_in_words(card.family)
    yield from (card.summary, *card.notes, *(c.text for c in card.criteria), card.not_calculated)
    for guide in card.parameters.values():
        yield from (guide.source_of_data, guide.method, guide.frequency)
    for default in card.defaults.values():
        yield from (default.note, default.source)
    yield from (card.title.source, card.equation.source)
    for choice in card.choices.values():
        yield from (choice.text, choice.source)
    if card.monitored is not None:
        yield from (card.monitored.text, card.monitored.source)
    if entry.declared is not None:
        from jcm_mrv.methodology.binding import bind

        for node in bind(entry).nodes:
            yield node.label
            yield getattr(node, "source", "")
            yield from getattr(node, "choices", ())
