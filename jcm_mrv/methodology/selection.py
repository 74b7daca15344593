"""Choosing cards out of the catalogue: by country, family, scope, status and words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.languages import LANGUAGES, said_in
from jcm_mrv.meant import nearest
from jcm_mrv.methodology.card import Card
from jcm_mrv.methodology.catalogue import Entry
from jcm_mrv.methodology.declare import Monitored
from jcm_mrv.methodology.said import family_in_words
from jcm_mrv.words import joined, say

# A letter that Unicode does not take apart into a letter and its mark.
_UNMARKED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i"})


class UnknownFilterError(JcmMrvError, LookupError):
    """A country or family that no card has; the text lists those that are there."""


@dataclass(frozen=True)
class Selection:
    """What is looked for; an empty field lets everything pass, and all that are given must hold.

    ``country`` is a name or the two letters of its numbers, ``scope`` a number
    or part of a name, ``words`` are looked for in all that a card says in any of
    the languages: each as it stands, and where no card holds them so, by its single words in any order.
    """

    country: str = ""
    family: str = ""
    scope: str = ""
    status: str = ""
    words: Sequence[str] = ()

    def of(self, entries: Iterable[Entry]) -> list[Entry]:
        """The cards that fit, in their order. Raises UnknownFilterError for a country or family that none has."""
        every = list(entries)
        country = _known(say("country"), self.country, _countries(every)) if self.country.strip() else ""
        families = {e.card.family: e.card.family for e in every}
        family = _known(say("family"), self.family, families) if self.family.strip() else ""
        fitting = [
            e
            for e in every
            if country in ("", e.card.country)
            and family in ("", e.card.family)
            and self.status in ("", e.card.status)
            and _in_scope(self.scope, e.card.scope)
        ]
        words = folded(" ".join(self.words)).split()
        return _holding(fitting, map(folded, self.words)) or _holding(fitting, (f" {word}" for word in words))


def folded(text: str) -> str:
    """Text without case, diacritics and punctuation: ``Việt-Nam`` is ``viet nam``."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_UNMARKED))
    kept = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", kept.replace("_", " ")))


def same_country(name: str, card: Card) -> bool:
    """True where a name is the country of a card: Viet Nam, Vietnam, Socialist Republic of Viet Nam, VN."""
    given, country, letters = _closed(name), _closed(card.country), _letters(card)
    return country in given or country.removesuffix("s") in given or bool(letters and given == _closed(letters[1]))


def _letters(card: Card) -> re.Match[str] | None:
    """The two letters of its country in a card's number; a draft's has none."""
    return re.match(r"([A-Z]{2})_", card.number)


def _closed(text: str) -> str:
    return folded(text).replace(" ", "")


def _countries(entries: Iterable[Entry]) -> dict[str, str]:
    """The country by its name, and by the letters with which its numbers begin."""
    found: dict[str, str] = {}
    for entry in entries:
        found[entry.card.country] = entry.card.country
        letters = _letters(entry.card)
        if letters:
            found.setdefault(letters[1], entry.card.country)
    return found


def _known(what: str, wanted: str, names: dict[str, str]) -> str:
    by_key = {_closed(name): value for name, value in names.items()}
    if _closed(wanted) in by_key:
        return by_key[_closed(wanted)]
    near = [names[name] for name in nearest(wanted, names, cutoff=0.6)]
    guess = say("; did you mean {fromkeys}?", fromkeys=joined(say(" or "), dict.fromkeys(near))) if near else ";"
    known = ", ".join(sorted(set(names.values())))
    raise UnknownFilterError(
        say(
            "no methodology has the {what} {wanted!r}{guess} there are {known}",
            what=what,
            wanted=wanted,
            guess=guess,
            known=known,
        )
    )


def _in_scope(wanted: str, scope: str) -> bool:
    wanted = wanted.strip()
    if wanted.rstrip(".").isdecimal():
        return int(wanted.rstrip(".")) in map(int, re.findall(r"\d+", scope))
    return folded(wanted) in folded(scope)


def _holding(entries: list[Entry], wanted: Iterable[str]) -> list[Entry]:
    """The cards that hold all of what is wanted; a space before it stands for the beginning of a word."""
    looked_for = [one for one in wanted if one.strip()]
    if not looked_for:
        return entries
    said = ((entry, " " + folded(_said(entry))) for entry in entries)
    return [entry for entry, text in said if all(one in text for one in looked_for)]


def _said(entry: Entry) -> str:
    """All that a card says about what it is, in one text and in every language."""
    card = entry.card
    nodes = entry.methodology.nodes() if card.computes else []
    labels = [n.label for n in nodes if isinstance(n, Monitored)]
    monitored = [card.monitored.text] if card.monitored else []
    parts = (card.number, card.version, card.title.text, card.country, card.scope, card.family, card.adopted)
    texts = (family_in_words(card.family), card.summary, *monitored, *labels, *card.notes)
    said = (said_in(text, lang) for lang in LANGUAGES for text in texts)
    return " ; ".join((*parts, *card.projects, card.equation.text, *said))
