"""The blank monitoring workbook of one or more methodologies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from jcm_mrv.methodology.binding import Bound, bind
from jcm_mrv.methodology.card import Card
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.methodology.declare import (
    GROUPS,
    TIMES,
    Default,
    Fixed,
    Monitored,
    Switch,
    electricity_source,
    equipment,
    period,
)
from jcm_mrv.methodology.factors import fuel_factors, grid_factors
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.sets import Set
from jcm_mrv.words import SOURCE, joined, say
from jcm_mrv.workbook.schema import sheet
from jcm_mrv.workbook.template.method import TemplateMethod, TemplateParameter


def write_blank(names: Iterable[str], path: Path | BinaryIO, lang: str = SOURCE) -> None:
    """Write the blank workbook of the methodologies named (``VN_AM007``, ``VN_AM007 1.0``), in a language.

    Raises UnknownMethodologyError for a name that is not in the catalogue.
    """
    from jcm_mrv.workbook.template.writing import write_template

    methods = template_methods(names)
    fuels = [fuel.replace("_", " ") for fuel in fuel_factors("co2", "default")]
    countries = sorted({entry.card.country for entry in catalogue().entries})
    write_template(path, methods, {"country": countries, "fuel": fuels}, lang)


def template_methods(names: Iterable[str]) -> list[TemplateMethod]:
    """What the blank workbook has to ask for, per methodology."""
    entries = [catalogue().find(name) for name in names]
    words = _several_countries([entry.card for entry in entries])
    methods = [_method(bind(entry)) for entry in entries]
    return [replace(one, guidance=(*words, *one.guidance)) if n == 0 else one for n, one in enumerate(methods)]


def several_countries(names: Iterable[str]) -> list[str]:
    """What is to be known where methodologies are not of one country; a project is carried out in one."""
    return _several_countries([catalogue().find(name).card for name in names])


def _several_countries(cards: Sequence[Card]) -> list[str]:
    if len({card.country for card in cards}) < 2:
        return []
    listed = "; ".join(f"{card.id}: {card.country}" for card in cards)
    return [
        say(
            "These methodologies are not approved for one country ({listed}). A project is carried out in one, and a "
            "methodology of another country is a question of the verifier.",
            listed=listed,
        )
    ]


def _method(bound: Bound) -> TemplateMethod:
    card = bound.entry.card
    asked: list[Fixed | Switch] = [n for n in bound.nodes if isinstance(n, (Fixed, Switch))]
    per_unit = [n for n in asked if _per(bound, n) == equipment]
    tables = [table.values for table in bound.tables.values()]
    rest = [n for n in asked if n not in per_unit and n not in tables]
    return TemplateMethod(
        number=card.number,
        version=card.version,
        title=card.title.text,
        equipment=tuple(_parameter(bound, n) for n in per_unit),
        fixed=(*(_parameter(bound, n) for n in rest), *_to_confirm(bound)),
        monitored=tuple(_parameter(bound, n) for n in bound.monitored if not n.factors),
        criteria=tuple((c.number, c.text, c.evidence) for c in card.criteria),
        guidance=tuple(_guidance(bound)),
        columns=tuple(_columns(bound)),
    )


def _columns(bound: Bound) -> Iterable[str]:
    """The columns of Equipment from which the methodology takes the elements of its sets."""
    for the_set in dict.fromkeys(bound.document_set(s) for node in bound.nodes for s in node.sets):
        yield from (column.key for column in GROUPS.get(the_set, ()))
        if the_set == electricity_source:
            yield "own_renewables"


def _per(bound: Bound, node: Named) -> Set | None:
    """The document's set that a quantity varies over, time aside."""
    return bound.document_set(node.sets[0]) if node.sets and node.sets[0] not in TIMES else None


def _parameter(bound: Bound, node: Fixed | Switch | Monitored) -> TemplateParameter:
    card = bound.entry.card.defaults.get(node.symbol) if isinstance(node, Default) else None
    return TemplateParameter(
        symbol=node.symbol,
        unit="choice" if isinstance(node, Switch) else node.unit,
        label=node.label + _whose(bound, node),
        per_equipment=_per(bound, node) == equipment,
        choices=node.choices if isinstance(node, Switch) else (),
        card_value="" if card is None or card.value is None else f"{card.value:.15g}",
        source=card.source if card else "",
        evidence=card.evidence if card else "",
    )


def _to_confirm(bound: Bound) -> Iterable[TemplateParameter]:
    """What only the approved document can confirm: the equation of a pattern, tables and choices of the card."""
    card = bound.entry.card
    if card.status == "pattern" and not card.is_draft:
        label = say("The equation of the card, once you have compared it with the approved methodology")
        yield TemplateParameter("equation", "1", label, choices=(say("confirmed"),))
    for symbol, table in bound.tables.items():
        if card.defaults[symbol].evidence == "unconfirmed":
            label = say(
                "The table of the card ({what}), once the approved methodology says the same", what=table.values.label
            )
            yield TemplateParameter(symbol, "1", label, choices=(say("confirmed"),))
    for symbol, choice in card.choices.items():
        if choice.evidence == "unconfirmed":
            label = say("The card assumes {choice!r}: once the approved methodology says the same", choice=choice.text)
            yield TemplateParameter(symbol, "1", label, choices=(say("confirmed"),))


def _whose(bound: Bound, node: Named) -> str:
    per = _per(bound, node)
    columns = GROUPS.get(per, ()) if per is not None else ()
    names: list[str] = [sheet("equipment").column(column.key).heading for column in columns[:1]]
    if isinstance(node, Fixed) and node.sets and node.sets[-1] in TIMES:
        names.append(
            say("calendar year: applies to 2025") if node.sets[-1] == period else say("month: applies to 2025-01")
        )
    return say(" (per {names})", names=joined(say(" and "), names)) if names else ""


def _guidance(bound: Bound) -> Iterable[str]:
    card = bound.entry.card
    if card.status == "pattern":
        yield (
            say(
                "{card} is a pattern: its approved equation is not confirmed here. The report is indicative until you "
                "confirm the equation on Fixed values (parameter equation, value confirmed, document, page).",
                card=card.id,
            )
        )
    if not card.criteria:
        yield say(
            "The eligibility criteria of {card} are not known here. Copy each of them word for word from the approved "
            "methodology into the sheet Eligibility, and say whether it is met and what proves it.",
            card=card.id,
        )
    yield from card.notes
    factors = grid_factors(card.country)
    if factors and any(n.symbol == "EF_grid" for n in bound.fixed):
        known = ", ".join(f"{f.year}: {f.value:g}" for f in factors.values())
        yield (
            say(
                "EF_grid of {country} by year in tCO2/MWh, as a public source has it ({known}). Enter the one that was "
                "valid at validation, with its official letter.",
                country=card.country,
                known=known,
            )
        )
