"""Cards: what differs between approved numbers of one family, as data.

A card is a TOML file. Every title, equation and default on it carries an
evidence level and a source; what changed over time is a new version of a
card, never an edit. A card of status ``catalogued`` says why it is not
calculated; a version that nobody could read is written ``unconfirmed``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from jcm_mrv.errors import JcmMrvError
from jcm_mrv.limits import number_fault
from jcm_mrv.methodology.factors import (
    fuel_key,
)
from jcm_mrv.words import joined, say

EVIDENCE = ("approved", "summary", "secondary", "unconfirmed")
STATUSES = ("computable", "pattern", "catalogued")
MOVES = ("", "rise", "fall")
ROUNDING_RULES = ("floor-per-year",)
# What holds for one meter over many units.
SHARED_METER = ("lowest ratio", "shares")
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
        *("scope_evidence", "monitored", "not_calculated", "includes", "shared_meter"),
    ),
    "sourced": ("text", "evidence", "source"),
    "equation": ("text", "evidence", "source", "formal"),
    "criterion": ("number", "text", "evidence"),
    "default": ("unit", "value", "source", "evidence", "note", "classes", "points", "class_unit", "from", "values"),
    "class": ("lower", "upper", "value", "label"),
    "point": ("at", "value", "label"),
    "from": ("table", "fuel", "column", "side", "gas", "report"),
    "parameter": ("option", "source_of_data", "method", "frequency", "evidence", "reductions"),
    "rounding": ("rule", "digits"),
}

# The monitoring options of the JCM: what others publish, what is invoiced, what is measured.
OPTIONS = ("", "A", "B", "C")


class CardError(JcmMrvError, ValueError):
    """A card that cannot be used; ``problems`` lists everything wrong with it."""

    def __init__(self, name: str, problems: list[str]) -> None:
        self.name, self.problems = name, tuple(problems)
        super().__init__(say("card {name}: {problems}", name=name, problems=joined("; ", problems)))

    def __reduce__(self) -> tuple[object, ...]:
        return (CardError, (self.name, list(self.problems)))


def is_number(value: object) -> TypeGuard[float]:
    """Whether TOML gave a number that can be calculated with: it knows nan, inf and any size, and true is no 1."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and not number_fault(value)


def by_names(*labels: str) -> str:
    """How the names that a value belongs to are compared: ``dairy cattle / lagoon``."""
    return " / ".join(fuel_key(label) for label in labels)


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
    (``from = { table = "fuels", column = "ncv", side = "lower" }``, or ``values = { "dairy cattle" = 2.8 }``; by two
    names ``values = { "dairy cattle" = { lagoon = 0.8 } }``, kept as ``dairy cattle / lagoon``).
    ``class_unit`` is the unit of the edges of the classes. With ``interpolated``
    the classes are the points of a table (both edges are the point), and a value
    between two points lies on the line between them.
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
    interpolated: bool = False

    @property
    def numbers(self) -> tuple[float, ...]:
        """Every value that it may give."""
        one = () if self.value is None else (self.value,)
        return (*one, *self.by_name.values(), *(c.value for c in self.classes))

    @property
    def edges(self) -> tuple[float, ...]:
        """Where one class of the table ends and the next begins, in order."""
        given = {edge for c in self.classes for edge in (c.lower, c.upper)}
        return tuple(sorted(edge for edge in given if edge))

    def of(self, *labels: str) -> float | None:
        """The value for one element: that of all its names, of the first of them, or else the one for all."""
        return self.by_name.get(self.name_of(*labels), self.value)

    def name_of(self, *labels: str) -> str:
        """The name under which the value for one element stands; empty for the one for all."""
        names = [by_names(*labels), by_names(*labels[:1])] if self.by_name else []
        return next((name for name in names if name in self.by_name), "")


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
    together with the title. ``shared_meter`` is the rule for one meter over
    several units: lowest ratio, or shares. ``monitored`` says in words what is monitored,
    ``not_calculated`` why a catalogued card is not calculated. ``formal`` are statements in the notation of equations,
    of what the equation's text says in words.
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
    shared_meter: str = SHARED_METER[0]
    formal: str = ""

    @property
    def id(self) -> str:
        """Number and version, as a user writes them: ``VN_AM007 1.0``."""
        return f"{self.number} {self.version}"

    @property
    def statements(self) -> str:
        """Every statement of the equation, those in words and the formal ones beside them."""
        return "; ".join(filter(None, (self.equation.text, self.formal)))

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
