"""What a card says in words: sources, sectoral scope, summary, limits; and what nobody can know from the card alone.

Each function gives back what contradicts itself, says nothing, or a person has to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from typing import NamedTuple

from jcm_mrv.methodology.binding import bind
from jcm_mrv.methodology.card import Card
from jcm_mrv.methodology.catalogue import Entry, catalogue
from jcm_mrv.methodology.declare import Fixed, Monitored
from jcm_mrv.methodology.limits import limits_text
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.expression import Constant
from jcm_mrv.quantities.units import conversion, same_dimension
from jcm_mrv.words import say

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
        yield int(found[1][:4]), name, alike.index(best) + 1 if best > 0.75 else 0


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
    limited = (n for n in bind(entry).nodes if isinstance(n, Fixed | Monitored))
    limits = [(limit, n.unit) for n in limited for limit in n.limits if limit is not None]
    for text, value, unit in _in_words(entry.card.summary):
        near = [(s, v * factor) for s, v, u in known if (factor := _factor(u, unit))]
        if any(_alike(value, v) for _, v in near) or any(
            _alike(value, limit * _factor(u, unit)) for limit, u in limits
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


def _factor(have: str, want: str) -> float:
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


# --- limits ----------------------------------------------------------------------------

_PART = re.compile(r"\b(share|fraction|proportion|percentage)\b", re.IGNORECASE)
_EFFICIENCY = re.compile(r"\befficiency\b", re.IGNORECASE)


def limits_of_parts(entry: Entry) -> tuple[list[str], list[str]]:
    """Shares and efficiencies with a side of their limits open, and those that may be more than the whole."""
    wrong, doubtful = list[str](), list[str]()
    for node in (n for n in bind(entry).nodes if isinstance(n, Fixed | Monitored)):
        whole = _factor("1", node.unit) if node.unit in ("1", "%") else 0.0
        part, efficiency = _PART.search(node.label), node.unit == "%" and _EFFICIENCY.search(node.label)
        if not whole or not (part or efficiency) or (isinstance(node, Monitored) and node.parts):
            continue
        most, kind = (whole, say("a share")) if part else (1.1 * whole, say("an efficiency"))
        if None in node.limits:
            side = limits_text(node.limits) or "none"
            wrong.append(
                say(
                    "{symbol} is {kind}, and of its limits ({side}) one is open: it has (0, {most:g})",
                    symbol=node.symbol,
                    kind=kind,
                    side=side,
                    most=most,
                )
            )
        elif max(filter(None, node.limits)) > most:
            doubtful.append(
                say(
                    "{symbol} is {kind}, and its limits let more than {most:g} {unit} pass",
                    symbol=node.symbol,
                    kind=kind,
                    most=most,
                    unit=node.unit,
                )
            )
    return wrong, doubtful


def limits_missing(entry: Entry) -> Iterator[str]:
    """Fixed values and defaults without limits, or with one side open of what has no size of its own."""
    for node in (n for n in bind(entry).nodes if isinstance(n, Fixed)):
        if node.limits == (None, None):
            yield say("{symbol} has no limits: a value in another unit would be taken", symbol=node.symbol)
        elif None in node.limits and "/" in node.unit:
            side = say("greatest") if node.limits[1] is None else say("least")
            yield say(
                "{symbol} has no {side} limit: a value in another unit would be taken", symbol=node.symbol, side=side
            )


# --- what nobody can know from here ----------------------------------------------------


def only_second_source(entry: Entry) -> list[str]:
    """What every check takes as it stands: another source has to be held against it."""
    card = entry.card
    values = [f"{symbol} {_shown(d.numbers)} {d.unit}" for symbol, d in card.defaults.items() if d.numbers]
    constants = [f"{n.symbol} {n.written}" for n in bind(entry).nodes if isinstance(n, Constant)]
    lines = [say("what class, card and case share: an equation misread in all three, a quantity left out of all")]
    lines += [say("the values of the card: {listed}", listed="; ".join(values))] if values else []
    lines += (
        [say("the constants of the class: {listed}", listed="; ".join(dict.fromkeys(constants)))] if constants else []
    )
    return [
        *lines,
        say("number, version, title, scope ({scope}), criteria, and how each parameter is monitored", scope=card.scope),
    ]


def _shown(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers[:3]) + (" …" if len(numbers) > 3 else "")


__all__ = [
    "SCOPES",
    "country_problems",
    "limits_missing",
    "limits_of_parts",
    "only_second_source",
    "scope_problems",
    "scopes_unknown",
    "source_problems",
    "summary_contradictions",
]
