"""Cards: what differs between approved numbers of one family, as data.

A card is a TOML file. Every title, equation and default on it carries an
evidence level and a source; what changed over time is a new version of a
card, never an edit. A card of status ``catalogued`` says why it is not
calculated; a version that nobody could read is written ``unconfirmed``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from math import isfinite
from typing import Any, TypeGuard

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.methodology.factors import (
    FactorError,
    fuel_factor,
    fuel_factors,
    fuel_key,
    global_warming_potential,
    shared_defaults,
    waste_factors,
)

EVIDENCE = ("approved", "summary", "secondary", "unconfirmed")
STATUSES = ("computable", "pattern", "catalogued")
MOVES = ("", "rise", "fall")
ROUNDING_RULES = ("floor-per-year",)
UNCONFIRMED = "unconfirmed"
NUMBER = re.compile(r"\w+")
# With fewer decimals than these, rounding before the floor would credit a tonne that was not reached.
DIGITS = (6, 12)
VERSION = re.compile(rf"[0-9]+(\.[0-9]+)*|{UNCONFIRMED}")


# What each kind of table of a card may hold; anything else is a slip that would pass unread.
KEYS = {
    "the card": (
        *("number", "version", "family", "country", "scope", "status", "title", "equation", "adopted", "projects"),
        *("summary", "criteria", "defaults", "choices", "parameters", "notes", "rounding"),
        *("scope_evidence", "monitored", "not_calculated", "includes"),
    ),
    "sourced": ("text", "evidence", "source"),
    "criterion": ("number", "text", "evidence"),
    "default": ("unit", "value", "source", "evidence", "note", "classes", "class_unit", "from"),
    "class": ("lower", "upper", "value", "label"),
    "from": ("table", "fuel", "column", "side", "gas", "report"),
    "parameter": ("option", "source_of_data", "method", "frequency", "evidence", "reductions"),
    "rounding": ("rule", "digits"),
}


class CardError(JcmMrvError, ValueError):
    """A card that cannot be used; ``problems`` lists everything wrong with it."""

    def __init__(self, name: str, problems: list[str]) -> None:
        self.name, self.problems = name, tuple(problems)
        super().__init__(f"card {name}: " + "; ".join(problems))

    def __reduce__(self) -> tuple[object, ...]:
        return (CardError, (self.name, list(self.problems)))


@dataclass(frozen=True)
class Sourced:
    """A statement with where it was read and how far it is confirmed."""

    text: str
    evidence: str
    source: str


@dataclass(frozen=True)
class DefaultClass:
    """One row of a class table: lower <= x < upper has ``value``; an upper of None is open."""

    lower: float
    upper: float | None
    value: float
    label: str


@dataclass(frozen=True)
class CardDefault:
    """A default value, or a class table of them, with unit, source and evidence level.

    ``by_name`` are values by what a quantity belongs to, such as the fuel
    (``from = { table = "fuels", column = "ncv", side = "lower" }``).
    ``class_unit`` is the unit of the edges of the classes.
    """

    symbol: str
    unit: str
    source: str
    evidence: str
    value: float | None = None
    classes: tuple[DefaultClass, ...] = ()
    note: str = ""
    by_name: Mapping[str, float] = field(default_factory=dict)
    class_unit: str = ""

    @property
    def numbers(self) -> tuple[float, ...]:
        """Every value that it may give."""
        one = () if self.value is None else (self.value,)
        return (*one, *self.by_name.values(), *(c.value for c in self.classes))

    def of(self, label: str) -> float | None:
        """The value for one element: that of its name where there is one, else the one for all."""
        return self.by_name.get(fuel_key(label), self.value) if self.by_name else self.value


@dataclass(frozen=True)
class Criterion:
    """An eligibility criterion of the methodology."""

    number: str
    text: str
    evidence: str


@dataclass(frozen=True)
class ParameterGuide:
    """How a monitored parameter is monitored: the columns (g) to (j) of the monitoring report sheet.

    ``reductions`` says how ER moves as the parameter rises (``rise`` or
    ``fall``), where that holds whatever else is entered; a test holds it.
    """

    option: str = ""
    source_of_data: str = ""
    method: str = ""
    frequency: str = ""
    evidence: str = "unconfirmed"
    reductions: str = ""


@dataclass(frozen=True)
class Card:
    """One approved number and version.

    ``choices`` are the settings that the text leaves to the methodology (which
    electricity-factor rule), each with source and evidence. ``rounding`` is
    the name of the rule and the decimals it uses. ``version`` is dotted
    numbers, or ``unconfirmed`` where it is not known. ``adopted`` is a date
    (2017-10-10) or empty. ``scope_evidence`` is empty where the scope was read
    together with the title. ``monitored`` says in words what is monitored,
    ``not_calculated`` why a catalogued card is not calculated.
    """

    number: str
    version: str
    family: str
    country: str
    scope: str
    status: str
    title: Sourced
    equation: Sourced
    adopted: str = ""
    projects: tuple[str, ...] = ()
    summary: str = ""
    criteria: tuple[Criterion, ...] = ()
    defaults: Mapping[str, CardDefault] = field(default_factory=dict)
    choices: Mapping[str, Sourced] = field(default_factory=dict)
    parameters: Mapping[str, ParameterGuide] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    rounding: str = "floor-per-year"
    rounding_digits: int = 6
    scope_evidence: str = ""
    monitored: Sourced | None = None
    not_calculated: str = ""

    @property
    def id(self) -> str:
        """Number and version, as a user writes them: ``VN_AM007 1.0``."""
        return f"{self.number} {self.version}"

    @property
    def computes(self) -> bool:
        """Whether it can be calculated, be it as an indicative figure only."""
        return self.status != "catalogued"

    @property
    def is_draft(self) -> bool:
        """Whether no Joint Committee has approved it: its number begins with DRAFT_, and nothing can confirm it."""
        return self.number.startswith("DRAFT_")

    @property
    def order(self) -> tuple[str, tuple[int, ...]]:
        """Sorts cards by number and version, an unconfirmed version before all others."""
        return self.number, () if self.version == UNCONFIRMED else tuple(map(int, self.version.split(".")))


def read_card(text: str, name: str) -> Card:
    """Read a card from TOML text; ``name`` is how it is called in errors.

    Raises CardError that lists every problem at once.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CardError(name, [f"is not readable as TOML: {error}"]) from error
    reader = _Reader(data)
    card = reader.card()
    if reader.problems:
        raise CardError(name, reader.problems)
    return card


def _is_number(value: object) -> TypeGuard[float]:
    """Whether TOML gave a number that can be calculated with: it knows nan and inf, and true is no 1."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


class _Reader:
    """Takes what a card must and may hold, and collects what is wrong."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.problems: list[str] = []

    def card(self) -> Card:
        self._only_known(self.data, "the card", "")
        rounding = self._table("rounding")
        self._only_known(rounding, "rounding", "rounding")
        status = self._one_of(self.data.get("status"), STATUSES, "status")
        return Card(
            number=self._shaped("number", NUMBER, "letters, digits and underscores"),
            version=self._shaped("version", VERSION, f"dotted numbers or {UNCONFIRMED!r}"),
            family=self._text(self.data, "family", "the card"),
            country=self._text(self.data, "country", "the card"),
            scope=self._text(self.data, "scope", "the card"),
            status=status,
            title=self._sourced(self.data.get("title"), "title"),
            equation=self._sourced(self.data.get("equation"), "equation"),
            adopted=self._adopted(),
            projects=self._strings("projects"),
            summary=str(self.data.get("summary", "")),
            criteria=tuple(self._criterion(c) for c in self._list(self.data, "criteria", "the card")),
            defaults={s: self._default(s, d) for s, d in [*self._included(), *self._tables("defaults")]},
            choices={s: self._sourced(d, f"choices.{s}") for s, d in self._tables("choices")},
            parameters={s: self._guide(s, d) for s, d in self._tables("parameters")},
            notes=self._strings("notes"),
            rounding=self._one_of(rounding.get("rule", "floor-per-year"), ROUNDING_RULES, "rounding.rule"),
            rounding_digits=self._digits(rounding.get("digits", 6)),
            scope_evidence=self._one_of(self.data.get("scope_evidence", ""), ("", *EVIDENCE), "scope_evidence"),
            monitored=self._sourced(self.data["monitored"], "monitored") if "monitored" in self.data else None,
            not_calculated=self._not_calculated(status),
        )

    def _only_known(self, data: dict[str, Any], kind: str, where: str) -> None:
        """Names the entries of a table that nothing reads, with the one that was perhaps meant."""
        for key in data:
            if key not in KEYS[kind]:
                near = get_close_matches(key, KEYS[kind], n=1)
                meant = f"did you mean {near[0]!r}?" if near else f"it may hold {', '.join(KEYS[kind])}"
                self.problems.append(f"unknown entry {f'{where}.{key}' if where else key!r}; {meant}")

    def _not_calculated(self, status: str) -> str:
        if status == "catalogued":
            return self._text(self.data, "not_calculated", "the card, which is catalogued only,")
        if "not_calculated" in self.data:
            self.problems.append(f"not_calculated is for catalogued cards; this one is {status!r}")
        return ""

    def _adopted(self) -> str:
        """The day of adoption; TOML has dates of its own, and text in the same form is taken too."""
        text = str(self.data.get("adopted", ""))
        try:
            return text and date.fromisoformat(text).isoformat()
        except ValueError:
            self.problems.append(f"adopted is {text!r}, not a date such as 2017-10-10")
            return ""

    def _digits(self, digits: object) -> int:
        if isinstance(digits, int) and not isinstance(digits, bool) and DIGITS[0] <= digits <= DIGITS[1]:
            return digits
        self.problems.append(
            f"rounding.digits is {digits!r}, not a whole number from {DIGITS[0]} to {DIGITS[1]}: it takes the noise of "
            "arithmetic away before a year is rounded down, and with fewer digits it would round up to a tonne"
        )
        return 6

    def _shaped(self, key: str, shape: re.Pattern[str], words: str) -> str:
        text = self._text(self.data, key, "the card")
        if text and not shape.fullmatch(text):
            self.problems.append(f"{key} is {text!r}, not {words}")
            return ""
        return text

    def _table(self, key: str) -> dict[str, Any]:
        value = self.data.get(key, {})
        if isinstance(value, dict):
            return value
        self.problems.append(f"{key} is {value!r}, not a table")
        return {}

    def _tables(self, key: str) -> list[tuple[str, dict[str, Any]]]:
        """The tables of a table, by symbol."""
        found = self._table(key)
        self.problems += [f"{key}.{s} is {v!r}, not a table" for s, v in found.items() if not isinstance(v, dict)]
        return [(s, v) for s, v in found.items() if isinstance(v, dict)]

    def _list(self, data: dict[str, Any], key: str, of: str) -> list[dict[str, Any]]:
        """A list of tables."""
        found = data.get(key, [])
        if isinstance(found, list) and all(isinstance(v, dict) for v in found):
            return found
        self.problems.append(f"{key} of {of} is {found!r}, not a list of tables")
        return []

    def _strings(self, key: str) -> tuple[str, ...]:
        found = self.data.get(key, [])
        if isinstance(found, list) and all(isinstance(v, str) for v in found):
            return tuple(found)
        self.problems.append(f"{key} is {found!r}, not a list of texts")
        return ()

    def _text(self, data: dict[str, Any], key: str, of: str) -> str:
        value = data.get(key, "")
        if not isinstance(value, str) or not value.strip():
            self.problems.append(f"{of} has no {key}")
            return ""
        return value

    def _one_of(self, value: object, allowed: tuple[str, ...], what: str) -> str:
        if value not in allowed:
            self.problems.append(f"{what} is {value!r}, not one of {', '.join(allowed)}")
        return str(value)

    def _sourced(self, data: object, what: str) -> Sourced:
        if not isinstance(data, dict):
            self.problems.append(f"{what} needs text, evidence and source")
            return Sourced("", "", "")
        self._only_known(data, "sourced", what)
        return Sourced(
            text=self._text(data, "text", what),
            evidence=self._one_of(data.get("evidence"), EVIDENCE, f"{what}.evidence"),
            source=self._text(data, "source", what),
        )

    def _criterion(self, data: dict[str, Any]) -> Criterion:
        what = f"criterion {data.get('number', '?')}"
        self._only_known(data, "criterion", what)
        evidence = self._one_of(data.get("evidence"), EVIDENCE, f"{what}.evidence")
        return Criterion(str(data.get("number", "")), self._text(data, "text", what), evidence)

    def _default(self, symbol: str, data: dict[str, Any]) -> CardDefault:
        what = f"default {symbol}"
        self._only_known(data, "default", f"defaults.{symbol}")
        classes = tuple(self._class(symbol, c) for c in self._list(data, "classes", what))
        value, by_name = data.get("value"), dict[str, float]()
        if "from" in data:
            value, by_name = self._taken(what, data)
        if value is not None and not _is_number(value):
            self.problems.append(f"{what} has the value {value!r}, not a number")
            value = None
        if value is not None and classes:
            self.problems.append(f"{what} has both a value and a class table")
        class_unit = self._text(data, "class_unit", f"{what}, which has classes,") if classes else ""
        if "class_unit" in data and not classes:
            self.problems.append(f"{what} has a class_unit, but no classes")
        gaps = [a.label for a, b in pairwise(classes) if a.upper != b.lower]
        self.problems += [f"{what}: the class after {label} does not begin where it ends" for label in gaps]
        return CardDefault(
            symbol,
            self._text(data, "unit", what),
            self._text(data, "source", what),
            self._one_of(data.get("evidence"), EVIDENCE, f"{what}.evidence"),
            value if value is None else float(value),
            classes,
            str(data.get("note", "")),
            by_name,
            class_unit,
        )

    def _included(self) -> list[tuple[str, dict[str, Any]]]:
        """Defaults of the sets that the card takes over; one of its own in their place goes before."""
        sets = shared_defaults()
        names = self._strings("includes")
        self.problems += [f"includes {n!r}, not one of {', '.join(sets)}" for n in names if n not in sets]
        return [(symbol, dict(data)) for name in names for symbol, data in sets.get(name, {}).items()]

    def _taken(self, what: str, data: dict[str, Any]) -> tuple[float | None, dict[str, float]]:
        """A value, or values by name, from a data file."""
        if data.get("value") is not None or data.get("classes"):
            self.problems.append(f"{what} has a value of its own and one from a table")
        place = data["from"] if isinstance(data["from"], dict) else {}
        self._only_known(place, "from", f"{what}.from")
        try:
            if place.get("table") == "gwp":
                return global_warming_potential(str(place.get("gas")), str(place.get("report"))), {}
            if place.get("table") == "fuels" and "fuel" in place:
                return fuel_factor(str(place["fuel"]), str(place.get("column")), str(place.get("side"))), {}
            if place.get("table") == "fuels":
                return None, dict(fuel_factors(str(place.get("column")), str(place.get("side"))))
            if place.get("table") == "waste":
                return None, dict(waste_factors(str(place.get("column"))))
            self.problems.append(f"{what} is from the table {place.get('table')!r}, not from fuels, waste or gwp")
        except FactorError as error:
            self.problems.append(f"{what}: {error}")
        return None, {}

    def _class(self, symbol: str, data: dict[str, Any]) -> DefaultClass:
        self._only_known(data, "class", f"defaults.{symbol}.classes")
        lower, upper, value = data.get("lower"), data.get("upper"), data.get("value")
        if not (_is_number(lower) and _is_number(value) and (upper is None or _is_number(upper))):
            self.problems.append(f"default {symbol}: a class needs lower, value and, but for the last, upper")
            return DefaultClass(0.0, None, 0.0, "?")
        label = str(data.get("label", f"{lower:g}" if upper is None else f"{lower:g} to {upper:g}"))
        return DefaultClass(float(lower), None if upper is None else float(upper), float(value), label)

    def _guide(self, symbol: str, data: dict[str, Any]) -> ParameterGuide:
        self._only_known(data, "parameter", f"parameters.{symbol}")
        evidence = self._one_of(data.get("evidence", "unconfirmed"), EVIDENCE, f"parameters.{symbol}.evidence")
        return ParameterGuide(
            str(data.get("option", "")),
            str(data.get("source_of_data", "")),
            str(data.get("method", "")),
            str(data.get("frequency", "")),
            evidence,
            self._one_of(data.get("reductions", ""), MOVES, f"parameters.{symbol}.reductions"),
        )
