"""Discovery: which methodologies are there, built in and from outside packages.

Both come through the entry-point group ``jcm_mrv.methodologies``. An entry
point names a module (or package) with

- ``METHODOLOGY``: the :class:`~jcm_mrv.methodology.base.Methodology` subclass;
- a folder ``cards`` beside it with one TOML file per approved number and version.

A plug-in that fails to load is named with its reason; the rest still works.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from types import ModuleType

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.methodology.base import Methodology, MethodologyError
from jcm_mrv.methodology.card import Card, CardError, read_card
from jcm_mrv.methodology.declare import Default, Switch
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import parse_unit

GROUP = "jcm_mrv.methodologies"


class UnknownMethodologyError(JcmMrvError, LookupError):
    """No card has this number (and version)."""


@dataclass(frozen=True)
class Entry:
    """A card with the methodology class it belongs to, and the package that ships both."""

    card: Card
    methodology: type[Methodology]
    package: str
    package_version: str


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

    def find(self, wanted: str) -> Entry:
        """The card written as ``VN_AM007``, ``VN_AM007 1.0`` or ``VN_AM007@1.0``.

        Without a version there must be only one. Raises
        UnknownMethodologyError that lists what is there.
        """
        number, _, version = wanted.strip().replace("@", " ").partition(" ")
        version = version.strip().lower().removeprefix("ver").strip()
        found = [e for e in self.entries if e.card.number.casefold() == number.casefold()]
        if version:
            found = [e for e in found if e.card.version == version]
        if len(found) == 1:
            return found[0]
        if found:
            known = ", ".join(e.card.id for e in found)
            raise UnknownMethodologyError(f"{wanted} has several versions; name one: {known}")
        raise UnknownMethodologyError(self._unknown(wanted, number))

    def _unknown(self, wanted: str, number: str) -> str:
        """What is there under this number, else the names most like it, else everything."""
        same = [e.card.id for e in self.entries if e.card.number.casefold() == number.casefold()]
        if same:
            return f"{wanted} is not in the catalogue; this number is there as {', '.join(same)}"
        numbers = {e.card.number: e.card.id for e in self.entries}
        near = [numbers[n] for n in get_close_matches(number.upper(), numbers, cutoff=0.75)]
        known = ", ".join(e.card.id for e in self.entries)
        guess = f"; did you mean {' or '.join(near)}?" if near else "."
        return f"{wanted} is not in the catalogue{guess} There are: {known}"


@cache
def catalogue() -> Catalogue:
    """Everything that is installed."""
    entries: list[Entry] = []
    failures: list[Failure] = []
    for point in sorted(entry_points(group=GROUP), key=lambda p: (p.name, p.value)):
        found, failed = _load(point)
        failures += failed
        for entry in found:
            double = next((e for e in entries if e.card.id == entry.card.id), None)
            if double is None:
                entries.append(entry)
            else:
                reason = f"{entry.card.id} is already given by {double.package}"
                failures.append(Failure(f"{entry.package}: {point.value}", reason))
    return Catalogue(tuple(sorted(entries, key=lambda e: e.card.id)), tuple(failures))


def _load(point: EntryPoint) -> tuple[list[Entry], list[Failure]]:
    package = point.dist.name if point.dist else "?"
    version = point.dist.version if point.dist else "?"
    try:
        module = point.load()
        methodology = module.METHODOLOGY
    except Exception as error:  # noqa: BLE001 - a stranger's module may raise anything; it is named, the rest works
        return [], [Failure(f"{package}: {point.value}", f"{type(error).__name__}: {error}")]
    entries: list[Entry] = []
    failures: list[Failure] = []
    for name, text in _cards(module):
        try:
            card = read_card(text, name)
            check_card(card, methodology)
            entries.append(Entry(card, methodology, package, version))
        except CardError as error:
            failures.append(Failure(f"{package}: {name}", str(error)))
    return entries, failures


def _cards(module: ModuleType) -> Iterator[tuple[str, str]]:
    folder = files(module) / "cards"
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            yield path.name, path.read_text(encoding="utf-8")


def check_card(card: Card, methodology: type[Methodology]) -> None:
    """Check a card against its methodology. Raises CardError that lists every mismatch."""
    problems: list[str] = []
    nodes = {n.symbol: n for n in methodology.nodes()}
    for symbol, default in card.defaults.items():
        node = nodes.get(symbol)
        if not isinstance(node, Default):
            problems.append(f"default {symbol} is unknown to {methodology.__name__}")
            continue
        problems += _unit_problems(symbol, default.unit, node.unit)
        if default.classes and node.by is None:
            problems.append(f"default {symbol} has a class table, but the methodology does not say by what")
    switches = {n.symbol: n for n in nodes.values() if isinstance(n, Switch) and n.set_by == "card"}
    for symbol, node in switches.items():
        if symbol not in card.choices:
            problems.append(f"the choice {symbol} is not made ({', '.join(node.choices)})")
        elif card.choices[symbol].text not in node.choices:
            problems.append(f"the choice {symbol} is {card.choices[symbol].text!r}, not one of {node.choices}")
    problems += [f"choice {s} is unknown to {methodology.__name__}" for s in card.choices if s not in switches]
    problems += [f"parameter {s} is unknown to {methodology.__name__}" for s in card.parameters if s not in nodes]
    if problems:
        raise CardError(card.id, problems)


def _unit_problems(symbol: str, found: str, expected: str) -> list[str]:
    try:
        if parse_unit(found).matches(parse_unit(expected)):
            return []
    except UnitError as error:
        return [f"default {symbol}: {error}"]
    return [f"default {symbol} is in {found}, the methodology needs {expected}"]


__all__ = ["Catalogue", "Entry", "Failure", "MethodologyError", "UnknownMethodologyError", "catalogue", "check_card"]
