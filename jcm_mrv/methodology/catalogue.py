"""Discovery: which methodologies are there, built in and from outside packages.

Both come through the entry-point group ``jcm_mrv.methodologies``. An entry
point names a package with

- ``METHODOLOGY``: the :class:`~jcm_mrv.methodology.base.Methodology` subclass,
  or None where all of its cards are catalogued only;
- a folder ``cards`` beside it with one TOML file per approved number and version.

A plug-in that fails to load is named with its reason; the rest still works.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.metadata import Distribution, EntryPoint
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import ModuleType

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.methodology.base import Methodology, MethodologyError
from jcm_mrv.methodology.card import Card, CardError
from jcm_mrv.methodology.card_checks import check_card
from jcm_mrv.methodology.card_file import read_card
from jcm_mrv.methodology.plugins import (
    LARGEST_CARD,
    PluginError,
    contained,
    entry_points_of,
    name_of,
    version_of,
)
from jcm_mrv.words import say

GROUP = "jcm_mrv.methodologies"
BUILT_IN = "jcm-mrv"
NEAREST = 3
# Families whose equations share most of their terms with those of a family that no card here calculates.
KIN = {"waste_to_energy": ("organic_waste", "biomass_power"), "organic_waste": ("waste_to_energy",)}


class UnknownMethodologyError(JcmMrvError, LookupError):
    """No card has this number (and version)."""


class CataloguedError(JcmMrvError, LookupError):
    """A card that is catalogued only was to be calculated; the text says why not, and what comes nearest."""


@dataclass(frozen=True)
class Entry:
    """A card with the methodology class it belongs to, and the package that ships both.

    ``declared`` is None for a card that is catalogued only; ``file`` is the card's name in its package, ``sha256``
    the checksum of its text.
    """

    card: Card
    declared: type[Methodology] | None
    package: str
    package_version: str
    file: str = ""
    sha256: str = ""

    @property
    def methodology(self) -> type[Methodology]:
        """The class with the equations. Raises CataloguedError where there is none."""
        if self.declared is None:
            raise CataloguedError(refusal(self))
        return self.declared


@dataclass(frozen=True)
class Failure:
    """A plug-in or card that could not be loaded, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Catalogue:
    """All cards that were found, by number and version, and what failed to load."""

    entries: tuple[Entry, ...]
    failures: tuple[Failure, ...]

    def versions(self, wanted: str) -> tuple[Entry, ...]:
        """The cards written as ``VN_AM007``, ``VN_AM007 1.0`` or ``VN_AM007@1.0``, the newest version last.

        Raises UnknownMethodologyError that lists what is there.
        """
        number, version = _number_and_version(wanted)
        found = [e for e in self.entries if e.card.number.casefold() == number.casefold()]
        if version:
            found = [e for e in found if e.card.version == version]
        if not found:
            raise UnknownMethodologyError(self._unknown(wanted, number, version))
        return tuple(sorted(found, key=lambda e: e.card.order))

    def find(self, wanted: str) -> Entry:
        """The one card written as for :meth:`versions`.

        Without a version there must be only one: projects apply several
        versions of a number side by side, and their defaults differ. Raises
        UnknownMethodologyError that lists what is there.
        """
        found = self.versions(wanted)
        if len(found) == 1:
            return found[0]
        known = ", ".join(f"{e.card.id} ({e.card.status})" for e in found)
        raise UnknownMethodologyError(
            say("{wanted} has several versions; name one: {known}", wanted=wanted, known=known)
        )

    def nearest(self, entry: Entry) -> tuple[Entry, ...]:
        """What comes nearest to a card among those that are calculated, the nearest first.

        Other versions of its number, then its family, then families akin to it:
        in its own country before others, confirmed equations before patterns.
        Empty where there is none.
        """
        card = entry.card
        families = (card.family, *KIN.get(card.family, ()))

        def distance(e: Entry) -> tuple[bool, int, bool, bool]:
            same = e.card.number != card.number, families.index(e.card.family)
            return *same, e.card.country != card.country, e.card.status != "computable"

        near = [e for e in self.entries if e.card.computes and e.card.family in families]
        return tuple(sorted(near, key=lambda e: (*distance(e), e.card.order))[:NEAREST])

    def _unknown(self, wanted: str, number: str, version: str) -> str:
        """What of it failed to load, else what is there under this number, else the names most like it.

        A package that failed to load as a whole may hold any number, so it is
        named then, before any guess; where it is called like the number, it is the one.
        """
        file = f"/{number}_{version}".casefold()
        whole = [f for f in self.failures if "/cards/" not in f.name]
        same_name = [f for f in whole if number.casefold() in f.name.casefold()] if number else []
        failed = [f for f in self.failures if file in f.name.casefold()] or same_name
        if failed:
            return say(
                "{wanted} did not load: {failed}",
                wanted=wanted,
                failed="; ".join(f"{f.name}: {f.reason}" for f in failed),
            )
        same = [e.card.id for e in self.entries if e.card.number.casefold() == number.casefold()]
        if same:
            return say(
                "{wanted} is not in the catalogue; this number is there as {same}", wanted=wanted, same=", ".join(same)
            )
        near = get_close_matches(number.upper(), list(dict.fromkeys(e.card.number for e in self.entries)), cutoff=0.75)
        guesses = [e.card.id for n in near for e in self.entries if e.card.number == n and e.card.computes]
        guesses += [e.card.id for n in near for e in self.entries if e.card.number == n and not e.card.computes]
        guess = say(" Did you mean {guesses}?", guesses=" or ".join(guesses)) if guesses else ""
        lacking = (
            say(" It may be in what did not load: {whole}.", whole="; ".join(f"{f.name}: {f.reason}" for f in whole))
            if whole
            else ""
        )
        return say(
            "{wanted} is not in the catalogue.{lacking}{guess} `jcm-mrv methodologies list` shows what is there.",
            wanted=wanted,
            lacking=lacking,
            guess=guess,
        )


def refusal(entry: Entry) -> str:
    """Why a card that is catalogued only is not calculated, and what comes nearest."""
    card = entry.card
    near = catalogue().nearest(entry)
    named = ", ".join(f"{e.card.id} ({e.card.status}, {e.card.country})" for e in near)
    nearest = (
        say("Nearest that is: {named}", named=named)
        if near
        else say("No methodology of the family {family} is calculated", family=card.family)
    )
    return say(
        "{card} is catalogued only: it is not calculated, because {rstrip}. {nearest}.",
        card=card.id,
        rstrip=card.not_calculated.rstrip("."),
        nearest=nearest,
    )


def find(wanted: str) -> Entry:
    """The one card written as for :meth:`Catalogue.find`, without a look at the families that have none of its number.

    Raises UnknownMethodologyError as that does, with all that is there.
    """
    with suppress(UnknownMethodologyError):
        return catalogue(_number_and_version(wanted)[0].casefold()).find(wanted)
    return catalogue().find(wanted)


def _number_and_version(wanted: str) -> tuple[str, str]:
    number, _, version = wanted.strip().replace("@", " ").partition(" ")
    return number, version.strip().lower().removeprefix("ver").strip(" .")


@cache
def catalogue(number: str = "") -> Catalogue:
    """Everything that is installed; with a ``number``, of what is built in only the cards of this number.

    What is built in has its number in the names of its cards' files (a test holds it); a package from outside may
    call its files otherwise, and is read whole.
    """
    entries: dict[tuple[str, str], Entry] = {}
    failures: list[Failure] = []
    # What is built in comes first, so that a package from outside cannot stand in for it.
    points, unreadable = entry_points_of(GROUP)
    failures += [Failure(name, reason) for name, reason in unreadable]
    for point in sorted(points, key=lambda p: (_package(p)[0] != BUILT_IN, p.name, p.value)):
        found, failed = _load(point, f"{number}_" if number and _package(point)[0] == BUILT_IN else "")
        failures += failed
        for entry in found:
            key = entry.card.number.casefold(), entry.card.version
            entries[key], refused = _one_of_two(entries.get(key), entry)
            failures += refused
    return Catalogue(tuple(sorted(entries.values(), key=lambda e: e.card.order)), tuple(failures))


def _one_of_two(first: Entry | None, second: Entry) -> tuple[Entry, list[Failure]]:
    """Which of two cards with one number and version counts.

    A package that calculates what another one only catalogues takes its place;
    everything else is refused, and within a package the card that is calculated stays.
    """
    if first is None:
        return second, []
    filled = second.card.computes and not first.card.computes
    kept, refused = (second, first) if filled else (first, second)
    if filled and first.package != second.package:
        return kept, []
    reason = say(
        "{card} is already given by {package}: {file}", card=refused.card.id, package=kept.package, file=kept.file
    )
    return kept, [Failure(f"{refused.package}: {refused.file}", reason)]


def _package(point: EntryPoint) -> tuple[str, str]:
    return _name_and_version(point.dist) if point.dist else ("?", "?")


@cache
def _name_and_version(package: Distribution) -> tuple[str, str]:
    """Kept, as each look parses the metadata with the whole README in it."""
    return name_of(package), version_of(package)


def _load(point: EntryPoint, begin: str = "") -> tuple[list[Entry], list[Failure]]:
    """The cards of a package, or those whose files' names begin so; where none does, its code is not even loaded."""
    package, version = _package(point)
    try:
        with contained():
            parent, _, leaf = point.module.rpartition(".")
            if begin and not any(_begins(path, begin) for path in (files(parent) / leaf / "cards").iterdir()):
                return [], []
            module = point.load()
            methodology = _methodology(module)
            cards = list(_cards(module, begin))
    except PluginError as error:
        return [], [Failure(f"{package}: {point.value}", str(error))]
    entries: list[Entry] = []
    failures: list[Failure] = []
    for name, content in cards:
        file = f"{point.name}/cards/{name}"
        try:
            with contained():
                card = _card(content, name, methodology)
            declared = methodology if card.computes else None
            digest = hashlib.sha256(content).hexdigest()
            entries.append(Entry(card, declared, package, version, file, digest))
        except PluginError as error:
            reason = error.__cause__ if isinstance(error.__cause__, (CardError, UnicodeDecodeError)) else error
            failures.append(Failure(f"{package}: {file}", str(reason)))
    return entries, failures


def _card(content: bytes, name: str, methodology: type[Methodology] | None) -> Card:
    card = read_card(content.decode("utf-8"), name)
    check_card(card, methodology)
    return card


def _methodology(module: ModuleType) -> type[Methodology] | None:
    """What a plug-in declares. Raises MethodologyError where that is not what it has to be."""
    if not hasattr(module, "METHODOLOGY"):
        raise MethodologyError(say("it has no METHODOLOGY (None where its cards are catalogued only)"))
    declared = module.METHODOLOGY
    if declared is None or (isinstance(declared, type) and issubclass(declared, Methodology)):
        return declared
    raise MethodologyError(
        say("METHODOLOGY is {declared!r}, not a class derived from Methodology, nor None", declared=declared)
    )


def _begins(path: Traversable, begin: str) -> bool:
    return path.name.casefold().startswith(begin) and path.name.endswith(".toml")


def _cards(module: ModuleType, begin: str) -> Iterator[tuple[str, bytes]]:
    folder = files(module) / "cards"
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if _begins(path, begin):
            with path.open("rb") as file:
                yield path.name, file.read(LARGEST_CARD + 1)


__all__ = [
    "Catalogue",
    "CataloguedError",
    "Entry",
    "Failure",
    "MethodologyError",
    "UnknownMethodologyError",
    "catalogue",
    "find",
    "refusal",
]
