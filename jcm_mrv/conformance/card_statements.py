"""What a card says in words: sources, sectoral scope, summary, limits; and what nobody can know from the card alone.

Each function gives back what contradicts itself, says nothing, or a person has to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.card import EVIDENCE, Card, CardDefault
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import SINGLE, Fixed, Monitored
from jcm_mrv.methodology.limits import limits_text
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.expression import Constant
from jcm_mrv.quantities.units import conversion, same_dimension
from jcm_mrv.words import joined, say

SCOPES = (
    *("Energy industries", "Energy distribution", "Energy demand", "Manufacturing industries", "Chemical industry"),
    *("Construction", "Transport", "Mining/Mineral production", "Metal production", "Fugitive emissions from fuels"),
    *("Fugitive emissions from production and consumption of halocarbons and sulphur hexafluoride", "Solvents use"),
    *("Waste handling and disposal", "Afforestation and reforestation", "Agriculture"),
)
"""The sectoral scopes for the JCM, from 1, as on https://www.jcm.go.jp/ph-jp/tpes."""

# --- where it was read -----------------------------------------------------------------

_SAYS_NOTHING = re.compile(
    r"^\W*$|\b(to be (?!read\b)\w+|tb[acd]|todo|n/a|xxx+)\b|^\W*(none|no|yes|see above)\W*$", re.I
)
"""What is no source at all: where it is not known, "unknown" is said."""
_NO_PLACE = re.compile(r"\b(unknown|not known|entered by the project|to be read)\b", re.IGNORECASE)
"""What says no place where a value was read."""
_FINDABLE = re.compile(r"\w/\w|\w\.[a-z]{2,}\b|\d")
"""An address, the name of a file, or the number of a document, page, table or year."""
_SECOND_HAND = re.compile(
    r"\b(web ?-?(page|site)s?|internet|online|wikipedia|blog|forum|e-?mail|presentation|slides|press)\b", re.I
)


class _Said(NamedTuple):
    what: str
    source: str
    evidence: str
    is_value: bool


def _sources(card: Card) -> Iterator[_Said]:
    yield from (_Said(w, s.source, s.evidence, True) for w, s in (("title", card.title), ("equation", card.equation)))
    if card.monitored:
        yield _Said("monitored", card.monitored.source, card.monitored.evidence, True)
    yield from (_Said(f"choices.{s}", c.source, c.evidence, True) for s, c in card.choices.items())
    yield from (_Said(f"defaults.{s}", d.source, d.evidence, bool(d.numbers)) for s, d in card.defaults.items())


def source_problems(entry: Entry) -> Iterator[str]:
    """Sources that say nothing; what is confirmed by a source that nobody can find, or by one at second hand."""
    for what, source, evidence, is_value in _sources(entry.card):
        if _SAYS_NOTHING.search(source):
            yield say(
                "the source of {what} is {source!r}: say where it was read, or 'unknown' with evidence unconfirmed",
                what=what,
                source=source,
            )
        elif evidence == "unconfirmed" or not is_value:
            continue
        elif _NO_PLACE.search(source):
            yield say(
                "{what} is {evidence!r}, but its source is {source!r}: say where, or unconfirmed",
                what=what,
                evidence=evidence,
                source=source,
            )
        elif not _FINDABLE.search(source):
            yield (
                say(
                    "{what} is {evidence!r}, but nobody finds {source!r}: give an address, the name of the file, or "
                    "number and page of the document; or say unconfirmed",
                    what=what,
                    evidence=evidence,
                    source=source,
                )
            )
        elif evidence == "approved" and _SECOND_HAND.search(source):
            yield say(
                "{what} is 'approved', which is read in the approved document itself, not in {source!r}: secondary",
                what=what,
                source=source,
            )
    for node in (n for n in bind(entry).nodes if isinstance(n, Constant) and _SAYS_NOTHING.search(n.source)):
        yield say(
            "the source of the constant {symbol} is {source!r}: say where it is from, or 'unknown'",
            symbol=node.symbol,
            source=node.source,
        )
    if entry.card.is_draft:
        stated = [what for what, _, evidence, _ in _sources(entry.card) if evidence == "approved"]
        yield from (
            say("{what} is 'approved' on a draft, which no Joint Committee has approved", what=what) for what in stated
        )


# --- scope and country -----------------------------------------------------------------


def scope_problems(card: Card) -> Iterator[str]:
    """A number of a sectoral scope that is that of another one by its name."""
    for number, name, meant in _scopes(card):
        if meant and number != meant:
            theirs = (
                say("{number} is {scope}", number=number, scope=SCOPES[number - 1])
                if 0 < number <= len(SCOPES)
                else say("there is no {number}", number=number)
            )
            yield say(
                "the sectoral scope is '{number}. {name}', but {theirs}, and {due} is {meant}",
                number=number,
                name=name,
                theirs=theirs,
                due=SCOPES[meant - 1],
                meant=meant,
            )


def scopes_unknown(entry: Entry) -> Iterator[str]:
    """Scopes that are not on the list, and one that no other card of the family has."""
    card = entry.card
    found = list(_scopes(card))
    yield from (
        say("the sectoral scope '{number}. {name}' is none of the JCM's list", number=n, name=name)
        for n, name, meant in found
        if not meant
    )
    if not found and card.scope_evidence != "unconfirmed" and "known" not in card.scope:
        yield say(
            "the sectoral scope is {scope!r}: write it as '3. Energy demand', or 'not known' as unconfirmed",
            scope=card.scope,
        )
    others = [e.card for e in catalogue().entries if e.card.family == card.family and e.card.id != card.id]
    theirs = {number: other for other in others for number, _, _ in _scopes(other)}
    if found and theirs and not {number for number, _, _ in found} & set(theirs):
        said = ", ".join(dict.fromkeys(other.scope for other in theirs.values()))
        yield say(
            "the sectoral scope is {scope!r}; other cards of the family {family} have {said}",
            scope=card.scope,
            family=card.family,
            said=said,
        )


def _scopes(card: Card) -> Iterator[tuple[int, str, int]]:
    """Number and name of each scope as written, and the number that the name has on the list; 0 for none."""
    for found in re.finditer(r"(\d{1,4})\.?\s{1,4}([^;,(\s][^;,(]{0,120})", re.sub(r",? or (?=\d)", "; ", card.scope)):
        name = found[2].strip()
        alike = [SequenceMatcher(None, name.casefold(), s.casefold()[: len(name) + 4]).ratio() for s in SCOPES]
        best = max(alike)
        yield int(found[1]), name, alike.index(best) + 1 if best > 0.75 else 0


def country_problems(card: Card) -> Iterator[str]:
    """Another country than that of all numbers that begin with the same letters."""
    letters = card.number.partition("_")[0].casefold()
    others = [e.card for e in catalogue().entries if e.card.number != card.number]
    theirs = {o.country for o in others if o.number.partition("_")[0].casefold() == letters} - {card.country}
    if len(theirs) == 1 and len(letters) == 2 and letters != "xx":
        begin = say("other numbers that begin with {letters}_", letters=letters.upper())
        yield say(
            "the country is {country!r}, but {begin} are of {other}",
            country=card.country,
            begin=begin,
            other=min(theirs),
        )


# --- dates and ways of monitoring ------------------------------------------------------

_FIRST = date(2013, 1, 8)
"""The day of the first agreement on the JCM, that of Mongolia and Japan."""
_TEMPLATE = "to be read in the document"
_MEASURED = re.compile(
    r"meter|measur|weigh|sensor|analy|sampl|record|register|calendar|count|laborator|log\b", re.IGNORECASE
)
_TRADED = re.compile(r"invoice|purchase|transaction|bill|receipt|\bsales?\b|deliver|sold|bought", re.IGNORECASE)


def date_problems(card: Card) -> Iterator[str]:
    """A day of adoption that cannot be one; evidence of the scope that has no source of its own."""
    if card.adopted and not _FIRST <= date.fromisoformat(card.adopted) <= date.today():
        yield say("it was adopted on {day}, which is before the JCM, or still to come", day=card.adopted)
    if card.adopted and card.is_draft:
        yield say("a draft has no day of adoption, and this one has {day}", day=card.adopted)
    best = min(EVIDENCE.index(one.evidence) for one in (card.title, card.equation))
    if card.scope_evidence and EVIDENCE.index(card.scope_evidence) < best:
        yield say(
            "scope_evidence is {evidence!r}, but neither title nor equation, whose sources are given, is",
            evidence=card.scope_evidence,
        )


def monitoring_doubts(card: Card) -> Iterator[str]:
    """What is still that of the template, and options that the method of a parameter does not go with."""
    texts = ((say("title"), card.title.text), (say("country"), card.country))
    for what, text in (one for one in texts if _TEMPLATE in one[1]):
        yield say("{what} is still that of the template: {text!r}", what=what, text=text)
    for symbol, guide in card.parameters.items():
        text = f"{guide.source_of_data} {guide.method}".replace("Monitored data", "")
        measured, traded = _MEASURED.search(text), _TRADED.search(text)
        unlike = {
            "A": measured and say("is published by others"),
            "B": not traded and say("is what was traded, by invoices"),
            "C": traded and not measured and say("is measured"),
        }.get(guide.option)
        if unlike:
            yield say(
                "[parameters.{symbol}] has option {option}, which {unlike}, and the method {method!r}",
                symbol=symbol,
                option=guide.option,
                unlike=unlike,
                method=guide.method,
            )


# --- numbers in words ------------------------------------------------------------------

_NUMBER = re.compile(
    r"(?P<before>\b[a-z]{0,9}\.?)\W{0,2}(?<![\w.,])(?P<number>\d[\d,]{0,20}(?:\.\d{1,20})?(?:e-?\d{1,3})?)"
    r"(?![\w,.]{0,20}\d)\s{0,4}(?P<unit>%|per cent|[a-z][\w/*]{0,30})?",
    re.IGNORECASE,
)
_BEFORE_A_PLACE = re.compile(
    r"\b(table|chapter|ch|vol|volume|page|pp?|section|version|ver|no|number|eq|equation|step|option|annex)\.?$",
    re.IGNORECASE,
)


def summary_contradictions(entry: Entry) -> tuple[list[str], list[str]]:
    """Numbers of the summary that are not those of card and class: what contradicts, and what only cannot be found."""
    known, wrong, unknown = list(_numbers(entry)), list[str](), list[str]()
    limits = [(limit, n.unit) for n in _limited(entry) for limit in n.limits if limit is not None]
    for text, value, unit in _in_words(entry.card.summary):
        near = [(s, v * factor) for s, v, u in known if (factor := factor_between(u, unit))]
        if any(_alike(value, v) for _, v in near) or any(
            _alike(value, limit * factor_between(u, unit)) for limit, u in limits
        ):
            continue
        if unit and near:
            theirs = ", ".join(f"{symbol} {v:g} {unit}" for symbol, v in near)
            wrong.append(say("the summary says {text!r}; card and class have {theirs}", text=text, theirs=theirs))
        elif unit or not any(_alike(value, v) for _, v, _ in known):
            unknown.append(say("the summary says {text!r}, which is no number of card or class", text=text))
    return wrong, unknown


def _in_words(summary: str) -> Iterator[tuple[str, float, str]]:
    """Each number of a text with the unit behind it; numbers of tables and versions, and years, are none."""
    for found in _NUMBER.finditer(summary):
        written, unit = found["number"].replace(",", ""), found["unit"] or ""
        unit = "%" if unit == "per cent" else unit if _is_unit(unit) else ""
        is_year = not unit and re.fullmatch(r"(19|20)\d\d", written)
        if not is_year and not _BEFORE_A_PLACE.search(found["before"]):
            yield f"{found['number']} {unit}".strip(), float(written), unit


def _numbers(entry: Entry) -> Iterator[tuple[str, float, str]]:
    """Symbol, value and unit of every number that card and class have."""
    card = entry.card
    for node in bind(entry).nodes:
        if isinstance(node, Constant):
            yield node.symbol, node.value, node.unit
    for symbol, default in card.defaults.items():
        yield from ((symbol, value, default.unit) for value in default.numbers)
        yield from ((symbol, edge, default.class_unit) for edge in default.edges)


def factor_between(have: str, want: str) -> float:
    """What takes a number of one unit to another; 0 where nothing does, or no unit is wanted."""
    with suppress(UnitError):
        if want and have and same_dimension(have, want):
            return conversion(have, want)
    return 0.0


def _is_unit(text: str) -> bool:
    with suppress(UnitError):
        return bool(text) and bool(conversion(text, text))
    return False


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other))


def statement_problems(entry: Entry) -> Iterator[str]:
    """Everything in the words of a card that is wrong whatever the document says."""
    yield from source_problems(entry)
    for look in (scope_problems, country_problems, date_problems):
        yield from look(entry.card)
    yield from summary_contradictions(entry)[0]
    yield from reading_problems(entry)


def reading_problems(entry: Entry) -> Iterator[str]:
    """Labels that say another single reading (last, highest, lowest) than the one that is declared."""
    for node in (n for n in bind(entry).monitored if n.aggregate in SINGLE):
        words = [word for word in SINGLE if re.search(rf"\b{word}\b", node.label, re.IGNORECASE)]
        if words and node.aggregate not in words:
            yield say(
                "{symbol} is {label!r}, and the class takes the {aggregate} reading",
                symbol=node.symbol,
                label=node.label,
                aggregate=node.aggregate,
            )


# --- what nobody can know from here ----------------------------------------------------


def only_second_source(entry: Entry) -> list[str]:
    """What every check takes as it stands: another source has to be held against it."""
    card = entry.card
    values = [
        f"{symbol} {_shown(d.numbers)}{_beside(d.unit)}{_edges(d)}" for symbol, d in card.defaults.items() if d.numbers
    ]
    made = [f"{n.symbol} {n.aggregate}" for n in bind(entry).monitored if n.aggregate != "sum" and not n.factors]
    asked = [f"{n.symbol} {n.precision}" for n in bind(entry).monitored if n.precision]
    limits = [joined("", (f"{n.symbol} ", limits_text(n.limits), _beside(n.unit))) for n in _limited(entry)]
    constants = [f"{n.symbol} {n.written}" for n in bind(entry).nodes if isinstance(n, Constant)]
    lines = [say("what class, card and case share: an equation misread in all three, a quantity left out of all")]
    lines += [say("the values of the card: {listed}", listed="; ".join(values))] if values else []
    lines += (
        [say("the constants of the class: {listed}", listed="; ".join(dict.fromkeys(constants)))] if constants else []
    )
    lines += [say("the limits of its quantities: {listed}", listed=joined("; ", limits))] if limits else []
    lines += [say("how readings make its values: {listed}", listed="; ".join(made))] if made else []
    lines += [say("the precision of its samples: {listed}", listed="; ".join(asked))] if asked else []
    return [
        *lines,
        say("number, version, title, scope ({scope}), criteria, and how each parameter is monitored", scope=card.scope),
    ]


def _limited(entry: Entry) -> list[Fixed | Monitored]:
    """The quantities that have limits, each once."""
    nodes = (n for n in bind(entry).nodes if isinstance(n, Fixed | Monitored) and n.limits != (None, None))
    return list({n.symbol: n for n in nodes}.values())


def _edges(default: CardDefault) -> str:
    """Where the classes of a table begin, or its points lie: a case has few of them, and an edge moves no tonne."""
    edges = [c.lower for c in default.classes]
    return f" ({', '.join(f'{edge:g}' for edge in edges)} {default.class_unit})" if edges else ""


def _beside(unit: str) -> str:
    return "" if unit == "1" else f" {unit}"


def _shown(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers[:3]) + (" …" if len(numbers) > 3 else "")


__all__ = [
    "SCOPES",
    "factor_between",
    "monitoring_doubts",
    "only_second_source",
    "reading_problems",
    "scopes_unknown",
    "statement_problems",
    "summary_contradictions",
]
