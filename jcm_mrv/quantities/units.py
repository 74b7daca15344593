"""Units: reading them, comparing them, and the check that an equation is consistent.

Two units match when dimension *and* scale are equal: kWh times t/MWh is
refused, and nothing converts inside an equation. Where readings come in
another unit, :func:`conversion` gives the factor, which then stands visibly in
the measuring chain.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from jcm_mrv.quantities import expression as eq
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.graph import owners, walk
from jcm_mrv.quantities.surface import Surface
from jcm_mrv.words import say

if TYPE_CHECKING:
    from pint import UnitRegistry

_SAME_SCALE = 1e-9


@dataclass(frozen=True)
class Unit:
    """A scale to the root units and a power of each dimension."""

    scale: float
    dimensions: tuple[tuple[str, float], ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        powers = dict(self.dimensions)
        for name, power in other.dimensions:
            powers[name] = powers.get(name, 0.0) + power
        return Unit(self.scale * other.scale, tuple(sorted((n, p) for n, p in powers.items() if p)))

    def __pow__(self, exponent: float) -> Unit:
        return Unit(self.scale**exponent, tuple((n, p * exponent) for n, p in self.dimensions if p * exponent))

    def __truediv__(self, other: Unit) -> Unit:
        return self * other**-1

    def matches(self, other: Unit) -> bool:
        """Equal in dimension and scale."""
        return self.dimensions == other.dimensions and math.isclose(self.scale, other.scale, rel_tol=_SAME_SCALE)


ONE = Unit(1.0)


@cache
def registry() -> UnitRegistry[float]:
    """The units of ``units.txt``, and no others."""
    from pint import UnitRegistry

    text = (files("jcm_mrv.quantities") / "units.txt").read_text(encoding="utf-8")
    units: UnitRegistry[float] = UnitRegistry(None, cache_folder=None)
    units.load_definitions(text.splitlines())
    return units


LONGEST_UNIT = 100
"""Characters of a unit."""

HIGHEST_POWER = 9
"""Of a unit, and of each dimension of what it comes to."""

_SMALLEST_SCALE, _LARGEST_SCALE = 1 / 1e60, 1e60
_TOKEN = re.compile(r"\s*(?:(?P<name>[^\W\d_]\w*|%)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>\*\*|[*·/^()+-]))", re.ASCII)
_POWER = re.compile(r"[0-9](?:\.[0-9]{1,2})?", re.ASCII)
_RAISED = (*((chr(c), chr(c - 0xFEE0)) for c in range(0xFF01, 0xFF5F)), ("Nm³", "Nm3"), ("²", "**2"), ("³", "**3"))
_TWO_WAYS = re.compile(r"(?:milli|kilo|mega|giga|tera|[mkMGT])m[23]")


@cache
def parse_unit(text: str) -> Unit:
    """A unit as text (``tCO2e/MWh``, ``%``, ``1``) as scale and dimensions.

    Units come from strangers: names are multiplied, divided and raised to small
    powers, and nothing else is computed. Raises UnitError when the text is
    empty or too long, is written in another way, or names a unit that
    ``units.txt`` does not hold.
    """
    if not text.strip():
        raise UnitError(say("no unit is given; write 1 for a quantity without dimension"))
    if len(text) > LONGEST_UNIT:
        message = say("a text of {length:,} characters is not a unit", length=len(text))
        raise UnitError(message, found=f"{text[:40]}…")
    unit = _Reader(text).parse()
    high = any(abs(power) > HIGHEST_POWER for _, power in unit.dimensions)
    if high or not _SMALLEST_SCALE < unit.scale < _LARGEST_SCALE:
        message = say("{text!r} is not a unit: a power in it is higher than {most}", text=text, most=HIGHEST_POWER)
        raise UnitError(message, found=text)
    return unit


@cache
def _known() -> dict[str, list[Any]]:
    """Scale and dimensions of every unit of ``units.txt`` by its name, written by ``scripts/write_units.py``."""
    text = (files("jcm_mrv.quantities") / "units.json").read_text(encoding="utf-8")
    known: dict[str, list[Any]] = json.loads(text)
    return known


@cache
def _named(name: str) -> Unit | None:
    """One unit by its name; None for one that ``units.txt`` does not hold."""
    known = _known().get(name)
    return by_pint(name) if known is None else Unit(known[0], tuple((n, p) for n, p in known[1]))


def by_pint(name: str) -> Unit | None:
    """One unit by its name as pint reads ``units.txt``, which takes a third of a second the first time."""
    from pint import PintError

    try:
        root = registry().Quantity(1.0, registry().Unit(name)).to_root_units()
    except (PintError, ValueError, TypeError, AttributeError):  # what pint raises for a name that it cannot take apart
        return None
    # The root unit of each dimension carries its name: one is as good as the other.
    return Unit(float(root.magnitude), tuple(sorted((str(n), float(cast(float, p))) for n, p in root.unit_items())))


class _Reader:
    """A unit as text, token by token: ``factor (('*' | '/' | ' ' | 'per') factor)*``, a factor to a power."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._tokens()
        self.at = 0

    def parse(self) -> Unit:
        """The whole text. Raises UnitError."""
        unit = self._product()
        if self._next():
            raise self._refused()
        return unit

    def _tokens(self) -> list[tuple[str, str]]:
        text = self.text.strip()
        for sign, written in _RAISED:
            text = text.replace(sign, written)
        tokens, place = [], 0
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                raise self._refused()
            kind = str(match.lastgroup)
            tokens.append((kind, match[kind]))
            place = match.end()
        return tokens

    def _refused(self) -> UnitError:
        return UnitError(say("{text!r} is not a unit known here", text=self.text), found=self.text)

    def _next(self, *wanted: str) -> str:
        """The next token where it is one of ``wanted`` (any if none is), without taking it; '' where it is not."""
        text = self.tokens[self.at][1] if self.at < len(self.tokens) else ""
        return text if not wanted or text in wanted else ""

    def _product(self) -> Unit:
        unit = self._factor()
        while self._next() not in ("", ")"):
            sign = self._next("*", "·", "/", "per")
            self.at += bool(sign)
            factor = self._factor()
            unit = unit / factor if sign in ("/", "per") else unit * factor
        return unit

    def _factor(self) -> Unit:
        if self.at >= len(self.tokens):
            raise self._refused()
        kind, text = self.tokens[self.at]
        self.at += 1
        if text == "(":
            unit = self._product()
            if not self._next(")"):
                raise self._refused()
            self.at += 1
        elif kind == "name":
            unit = self._name(text)
        elif text == "1":
            unit = ONE
        else:
            raise self._refused()
        return unit ** self._power() if self._next("**", "^") else unit

    def _name(self, name: str) -> Unit:
        if _TWO_WAYS.fullmatch(name):
            power = name[-1]
            message = say(
                "{name} can mean a prefix to m{power} or {unit}^{power}; write {unit}^{power} or convert to m{power}",
                name=name,
                power=power,
                unit=name[:-1],
            )
            raise UnitError(message, found=self.text)
        unit = _named(name)
        if unit is None:
            raise self._refused()
        return unit

    def _power(self) -> float:
        """A whole power, or one of two decimals: the square root of hours is ``h**0.5``."""
        self.at += 1
        sign = self._next("+", "-")
        self.at += bool(sign)
        text = self._next()
        self.at += 1
        if not _POWER.fullmatch(text):
            raise self._refused()
        return -float(text) if sign == "-" else float(text)


def conversion(have: str, want: str) -> float:
    """The factor from one unit to another of the same dimension (kWh to MWh: 0.001).

    Raises UnitError when the dimensions differ.
    """
    source, target = parse_unit(have), parse_unit(want)
    if source.dimensions != target.dimensions:
        raise UnitError(
            say("{have} cannot become {want}: not the same kind of quantity", have=have, want=want),
            found=have,
            expected=want,
        )
    factor = source.scale / target.scale
    return float(f"{factor:.15g}")


def same_dimension(have: str, want: str) -> bool:
    """True when a value in one unit can be converted to the other."""
    return parse_unit(have).dimensions == parse_unit(want).dimensions


def over_hours(unit: str) -> str:
    """The unit of a mean over time, times hours: Wh for W, kWh for kW, K*h for K, 1*h for 1 (which is no clock's)."""
    text = unit.strip()
    return f"{text}h" if text in {"W", "kW", "MW", "GW"} else f"{text}*h"


def over_pieces(unit: str) -> str:
    """The unit of a value of one sample, times the number of samples."""
    return f"{unit.strip()}*pcs"


def times(one: str, other: str) -> str:
    """The unit of a product: t*K for t and K, t*(GJ/t) for t and GJ/t."""
    return f"{one.strip()}*{f'({other.strip()})' if '/' in other else other.strip()}"


def unit_text(unit: Unit) -> str:
    """A unit as a person reads it: scale and dimensions."""
    parts = [f"{name}^{power:g}" if power != 1 else name for name, power in unit.dimensions]
    scale = "" if math.isclose(unit.scale, 1.0, rel_tol=_SAME_SCALE) else f"{unit.scale:.6g} "
    return scale + " ".join(parts) if parts else scale.strip() or "1"


# --- the check -----------------------------------------------------------------

# A bare 0 has no unit of its own: it fits any.
_ANY = None
_Units = dict[int, "Unit | None"]


def check_units(roots: Iterable[eq.Expression]) -> None:
    """Check that every term of a graph is consistent in dimension and scale.

    Raises UnitError that names the quantity, the term, and both units.
    """
    from jcm_mrv.quantities.text import term_text

    found: _Units = {}
    inside = owners(roots)
    for node in walk(roots):
        try:
            found[id(node)] = UNITS(node, found)
        except UnitError as error:
            owner = inside.get(node, "the equation")
            term = term_text(node.equation if isinstance(node, eq.Defined) else node)
            message = f"{owner}: in {term}, {error}"
            raise UnitError(message, term=term, found=error.found, expected=error.expected) from None


UNITS: Surface[[_Units], Unit | None] = Surface("units")
"""The unit of a node, its operands having theirs."""


def _same(found: _Units, nodes: Iterable[eq.Node]) -> Unit | None:
    """The common unit of terms that are added or compared."""
    common: Unit | None = _ANY
    for node in nodes:
        unit = found[id(node)]
        if unit is _ANY:
            continue
        if common is not _ANY and not unit.matches(common):
            raise UnitError(
                f"terms with unlike units are combined: {unit_text(common)} and {unit_text(unit)}",
                found=unit_text(unit),
                expected=unit_text(common),
            )
        common = unit
    return common


@UNITS.rule(eq.Label, eq.IsLabel, eq.Both, eq.Either, eq.Not)
def _no_unit(node: eq.Node, found: _Units) -> Unit | None:
    """Conditions and labels are no numbers."""
    return _ANY


@UNITS.rule(eq.Compare)
def _compare(node: eq.Compare, found: _Units) -> Unit | None:
    _same(found, node.operands)
    return _ANY


@UNITS.rule(eq.Input, eq.Constant, eq.NumberOf)
def _declared(node: eq.Input | eq.Constant | eq.NumberOf, found: _Units) -> Unit | None:
    return parse_unit(node.unit)


@UNITS.rule(eq.Number)
def _number(node: eq.Number, found: _Units) -> Unit | None:
    return _ANY if node.value == 0 else ONE


@UNITS.rule(eq.Negative, eq.Rounded, eq.Across, eq.At, eq.Spread)
def _of_operand(node: eq.Unary | eq.Across | eq.At | eq.Spread, found: _Units) -> Unit | None:
    return found[id(node.arg)]


@UNITS.rule(eq.Add, eq.Subtract, eq.Extreme, eq.Lag)
def _sum(node: eq.Binary | eq.Extreme | eq.Lag, found: _Units) -> Unit | None:
    return _same(found, node.operands)


@UNITS.rule(eq.Where)
def _where(node: eq.Where, found: _Units) -> Unit | None:
    return _same(found, (node.yes, node.no))


@UNITS.rule(eq.Choose)
def _choose(node: eq.Choose, found: _Units) -> Unit | None:
    return _same(found, (branch for _, branch in node.branches))


@UNITS.rule(eq.Multiply, eq.Divide)
def _product(node: eq.Multiply | eq.Divide, found: _Units) -> Unit | None:
    left, right = found[id(node.left)], found[id(node.right)]
    if left is _ANY or right is _ANY:
        return _ANY
    return left * right if isinstance(node, eq.Multiply) else left / right


@UNITS.rule(eq.Defined)
def _defined(node: eq.Defined, found: _Units) -> Unit | None:
    declared, unit = parse_unit(node.unit), found[id(node.equation)]
    if unit is not _ANY and not unit.matches(declared):
        given = unit_text(unit)
        if unit.dimensions == declared.dimensions:
            given = f"{unit.scale / declared.scale:.6g} {node.unit}"  # the slip of 1000 is seen at once
        message = say("the equation gives {given} where {node_unit} is declared", given=given, node_unit=node.unit)
        raise UnitError(message, found=given, expected=node.unit)
    return declared


@UNITS.rule(eq.Exponential, eq.Logarithm)
def _exponential(node: eq.Exponential | eq.Logarithm, found: _Units) -> Unit | None:
    unit, word = found[id(node.arg)], "exp" if isinstance(node, eq.Exponential) else "ln"
    if unit is not _ANY and not unit.matches(ONE):
        message = say("{word} needs a number without unit, not {unit_text}", word=word, unit_text=unit_text(unit))
        raise UnitError(message, found=unit_text(unit), expected="1")
    return ONE


@UNITS.rule(eq.Power)
def _power(node: eq.Power, found: _Units) -> Unit | None:
    unit = found[id(node.base)]
    return _ANY if unit is _ANY else unit ** float(node.exponent)


@UNITS.rule(eq.Lookup)
def _lookup(node: eq.Lookup, found: _Units) -> Unit | None:
    _same(found, (node.x, node.lower, node.upper))
    return found[id(node.values)]


@UNITS.rule(eq.Interpolated)
def _interpolated(node: eq.Interpolated, found: _Units) -> Unit | None:
    _same(found, (node.x, node.points))
    return found[id(node.values)]
