"""Reading a card from its TOML file: what it must and may hold, every fault at once."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from itertools import pairwise
from typing import Any

from jcm_mrv.guard import said
from jcm_mrv.meant import nearest
from jcm_mrv.methodology.card import (
    DIGITS,
    EVIDENCE,
    KEYS,
    MOVES,
    NUMBER,
    OPTIONS,
    ROUNDING_RULES,
    SHARED_METER,
    STATUSES,
    UNCONFIRMED,
    VERSION,
    Card,
    CardDefault,
    CardError,
    Criterion,
    DefaultClass,
    ParameterGuide,
    Sourced,
    by_names,
    is_number,
)
from jcm_mrv.methodology.factors import (
    FactorError,
    fuel_factor,
    fuel_factors,
    global_warming_potential,
    shared_defaults,
    waste_factors,
)
from jcm_mrv.methodology.plugins import DEEPEST_CARD, LARGEST_CARD, depth_of
from jcm_mrv.methodology.said import in_words
from jcm_mrv.words import say

_FEWEST_WORDS = 4


def read_card(text: str, name: str) -> Card:
    """Read a card from TOML text; ``name`` is how it is called in errors.

    Raises CardError that lists every problem at once.
    """
    if len(text) > LARGEST_CARD:
        raise CardError(name, [say("is longer than {most:,} characters", most=LARGEST_CARD)])
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists within lists without end
        raise CardError(name, [say("is not readable as TOML: {said}", said=said(error))]) from error
    if depth_of(data) > DEEPEST_CARD:
        raise CardError(name, [say("holds tables and lists more than {most} deep", most=DEEPEST_CARD)])
    reader = _Reader(data)
    card = reader.card()
    if reader.problems:
        raise CardError(name, reader.problems)
    return in_words(card)


class _Reader:
    """Takes what a card must and may hold, and collects what is wrong."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.problems: list[str] = []

    def card(self) -> Card:
        self._only_known(self.data, "the card", "")
        rounding = self._table("rounding")
        self._only_known(rounding, "rounding", "rounding.")
        status, equation = self._one_of(self.data.get("status"), STATUSES, "status"), self.data.get("equation")
        return Card(
            number=self._shaped("number", NUMBER, say("letters, digits and underscores")),
            version=self._shaped("version", VERSION, say("dotted numbers or {word!r}", word=UNCONFIRMED)),
            family=self._text(self.data, "family", say("the card")),
            country=self._text(self.data, "country", say("the card")),
            scope=self._text(self.data, "scope", say("the card")),
            status=status,
            title=self._sourced(self.data.get("title"), "title"),
            equation=self._sourced(equation, "equation", "equation"),
            formal=self._formal(equation),
            adopted=self._adopted(),
            projects=self._strings("projects"),
            summary=str(self.data.get("summary", "")),
            criteria=self._criteria(),
            defaults={s: self._default(s, d) for s, d in [*self._included(), *self._tables("defaults")]},
            choices={s: self._sourced(d, f"choices.{s}") for s, d in self._tables("choices")},
            parameters={s: self._guide(s, d) for s, d in self._tables("parameters")},
            notes=self._strings("notes"),
            rounding=self._one_of(rounding.get("rule", "floor-per-year"), ROUNDING_RULES, "rounding.rule"),
            rounding_digits=self._digits(rounding.get("digits", 6)),
            scope_evidence=self._one_of(self.data.get("scope_evidence", ""), ("", *EVIDENCE), "scope_evidence"),
            monitored=self._sourced(self.data["monitored"], "monitored") if "monitored" in self.data else None,
            not_calculated=self._not_calculated(status),
            shared_meter=self._one_of(self.data.get("shared_meter", SHARED_METER[0]), SHARED_METER, "shared_meter"),
        )

    def _only_known(self, data: dict[str, Any], kind: str, where: str) -> None:
        """Names the entries of a table that nothing reads, with the one that was perhaps meant."""
        for key in data:
            if key not in KEYS[kind]:
                near = nearest(key, KEYS[kind], 1, 0.6)
                meant = (
                    say("did you mean {near!r}?", near=near[0])
                    if near
                    else say("it may hold {listed}", listed=", ".join(KEYS[kind]))
                )
                self.problems.append(say("unknown entry '{where}{key}'; {meant}", where=where, key=key, meant=meant))

    def _not_calculated(self, status: str) -> str:
        if status == "catalogued":
            return self._text(self.data, "not_calculated", say("the card, which is catalogued only,"))
        if "not_calculated" in self.data:
            self.problems.append(say("not_calculated is for catalogued cards; this one is {status!r}", status=status))
        return ""

    def _adopted(self) -> str:
        """The day of adoption; TOML has dates of its own, and text in the same form is taken too."""
        text = str(self.data.get("adopted", ""))
        try:
            return text and date.fromisoformat(text).isoformat()
        except ValueError:
            self.problems.append(say("adopted is {text!r}, not a date such as 2017-10-10", text=text))
            return ""

    def _digits(self, digits: object) -> int:
        if isinstance(digits, int) and not isinstance(digits, bool) and DIGITS[0] <= digits <= DIGITS[1]:
            return digits
        self.problems.append(
            say(
                "rounding.digits is {digits!r}, not a whole number from {least} to {most}: it takes the noise of "
                "arithmetic away before a year is rounded down, and with fewer digits it would round up to a tonne",
                digits=digits,
                least=DIGITS[0],
                most=DIGITS[1],
            )
        )
        return 6

    def _shaped(self, key: str, shape: re.Pattern[str], words: str) -> str:
        text = self._text(self.data, key, say("the card"))
        if text and not shape.fullmatch(text):
            self.problems.append(say("{key} is {text!r}, not {words}", key=key, text=text, words=words))
            return ""
        return text

    def _table(self, key: str) -> dict[str, Any]:
        value = self.data.get(key, {})
        if isinstance(value, dict):
            return value
        self.problems.append(say("{key} is {value!r}, not a table", key=key, value=value))
        return {}

    def _tables(self, key: str) -> list[tuple[str, dict[str, Any]]]:
        """The tables of a table, by symbol."""
        found = self._table(key)
        self.problems += [
            say("{key}.{name} is {value!r}, not a table", key=key, name=s, value=v)
            for s, v in found.items()
            if not isinstance(v, dict)
        ]
        return [(s, v) for s, v in found.items() if isinstance(v, dict)]

    def _list(self, data: dict[str, Any], key: str, of: str) -> list[dict[str, Any]]:
        """A list of tables."""
        found = data.get(key, [])
        if isinstance(found, list) and all(isinstance(v, dict) for v in found):
            return found
        self.problems.append(say("{key} of {of} is {found!r}, not a list of tables", key=key, of=of, found=found))
        return []

    def _strings(self, key: str) -> tuple[str, ...]:
        found = self.data.get(key, [])
        if isinstance(found, list) and all(isinstance(v, str) for v in found):
            return tuple(found)
        self.problems.append(say("{key} is {found!r}, not a list of texts", key=key, found=found))
        return ()

    def _text(self, data: dict[str, Any], key: str, of: str) -> str:
        value = data.get(key, "")
        if not isinstance(value, str) or not value.strip():
            self.problems.append(say("{of} has no {key}", of=of, key=key))
            return ""
        return value

    def _one_of(self, value: object, allowed: tuple[str, ...], what: str) -> str:
        if value not in allowed:
            listed = ", ".join(filter(None, allowed))
            self.problems.append(say("{what} is {value!r}, not one of {listed}", what=what, value=value, listed=listed))
        return str(value)

    def _formal(self, equation: object) -> str:
        """Statements in the notation, beside a text in words."""
        formal = equation.get("formal", "") if isinstance(equation, dict) else ""
        if not isinstance(formal, str):
            self.problems.append(say("equation.formal is {formal!r}, not a text", formal=formal))
        return str(formal)

    def _sourced(self, data: object, what: str, kind: str = "sourced") -> Sourced:
        if not isinstance(data, dict):
            self.problems.append(say("{what} needs text, evidence and source", what=what))
            return Sourced("", "", "")
        self._only_known(data, kind, f"{what}.")
        return Sourced(
            text=self._text(data, "text", what),
            evidence=self._one_of(data.get("evidence"), EVIDENCE, f"{what}.evidence"),
            source=self._text(data, "source", what),
        )

    def _criteria(self) -> tuple[Criterion, ...]:
        found = tuple(self._criterion(c) for c in self._list(self.data, "criteria", say("the card")))
        numbers = [c.number for c in found]
        self.problems += [
            say("two criteria have the number {number}", number=n)
            for n in dict.fromkeys(numbers)
            if numbers.count(n) > 1
        ]
        return found

    def _criterion(self, data: dict[str, Any]) -> Criterion:
        what = f"criterion {data.get('number', '?')}"
        self._only_known(data, "criterion", f"{what}.")
        evidence = self._one_of(data.get("evidence"), EVIDENCE, f"{what}.evidence")
        number, text = str(data.get("number", "")), self._text(data, "text", what)
        if not number.strip():
            self.problems.append(say("a criterion has no number"))
        if text and len(text.split()) < _FEWEST_WORDS:
            self.problems.append(
                say(
                    "{what} has the text {text!r}, which is no criterion: give that of the document",
                    what=what,
                    text=text,
                )
            )
        return Criterion(number, text, evidence)

    def _default(self, symbol: str, data: dict[str, Any]) -> CardDefault:
        what = f"default {symbol}"
        self._only_known(data, "default", f"defaults.{symbol}.")
        classes = tuple(self._class(symbol, c) for c in self._list(data, "classes", what))
        points = tuple(self._point(symbol, p) for p in self._list(data, "points", what))
        if points:
            self._rising(what, points, bool(classes))
        value, by_name = data.get("value"), dict[str, float]()
        if "from" in data:
            value, by_name = self._taken(what, data)
        if "values" in data:
            by_name = self._named(what, data)
        if value is not None and not is_number(value):
            self.problems.append(say("{what} has the value {value!r}, not a number", what=what, value=value))
            value = None
        classes = classes or points
        if value is not None and classes:
            self.problems.append(say("{what} has both a value and a class table", what=what))
        class_unit = self._text(data, "class_unit", say("{what}, which has classes,", what=what)) if classes else ""
        if "class_unit" in data and not classes:
            self.problems.append(say("{what} has a class_unit, but no classes", what=what))
        gaps = [a.label for a, b in pairwise(classes) if a.upper != b.lower and not points]
        for label in gaps:
            self.problems.append(
                say("{what}: the class after {label} does not begin where it ends", what=what, label=label)
            )
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
            interpolated=bool(points),
        )

    def _named(self, what: str, data: dict[str, Any]) -> dict[str, float]:
        """Values by name, or by two names."""
        found: dict[str, float] = {}
        given = data["values"] if isinstance(data["values"], dict) else {}
        rows = [((a,), v) for a, v in given.items() if not isinstance(v, dict)]
        pairs = [((a, b), v) for a, inner in given.items() if isinstance(inner, dict) for b, v in inner.items()]
        if not given or (rows and pairs):
            self.problems.append(say("{what}: values are a table of numbers by name, or of such tables", what=what))
        for names, value in [*rows, *pairs]:
            if not is_number(value):
                self.problems.append(
                    say(
                        "{what} of {listed} is {value!r}, not a number",
                        what=what,
                        listed=" / ".join(names),
                        value=value,
                    )
                )
            elif by_names(*names) in found:
                self.problems.append(say("{what} has two values of {listed}", what=what, listed=" / ".join(names)))
            else:
                found[by_names(*names)] = float(value)
        if "from" in data or data.get("classes") or data.get("points"):
            self.problems.append(say("{what} has values by name and from a table", what=what))
        return found

    def _rising(self, what: str, points: tuple[DefaultClass, ...], with_classes: bool) -> None:
        """Points of a table are in order, and at least two."""
        if with_classes:
            self.problems.append(say("{what} has both classes and points", what=what))
        if len(points) < 2:
            self.problems.append(say("{what} has one point; a line needs two", what=what))
        down = [b.label for a, b in pairwise(points) if b.lower <= a.lower]
        for label in down:
            self.problems.append(
                say("{what}: the point {label} does not lie above the one before it", what=what, label=label)
            )

    def _point(self, symbol: str, data: dict[str, Any]) -> DefaultClass:
        self._only_known(data, "point", f"defaults.{symbol}.points.")
        at, value = data.get("at"), data.get("value")
        if not (is_number(at) and is_number(value)):
            self.problems.append(say("default {symbol}: a point needs at and value", symbol=symbol))
            return DefaultClass(0.0, 0.0, 0.0, "?")
        return DefaultClass(float(at), float(at), float(value), str(data.get("label", f"{at:g}")))

    def _included(self) -> list[tuple[str, dict[str, Any]]]:
        """Defaults of the sets that the card takes over; one of its own in their place goes before."""
        sets = shared_defaults()
        names = self._strings("includes")
        self.problems += [
            say("includes {name!r}, not one of {listed}", name=n, listed=", ".join(sets))
            for n in names
            if n not in sets
        ]
        return [(symbol, dict(data)) for name in names for symbol, data in sets.get(name, {}).items()]

    def _taken(self, what: str, data: dict[str, Any]) -> tuple[float | None, dict[str, float]]:
        """A value, or values by name, from a data file."""
        if data.get("value") is not None or data.get("classes"):
            self.problems.append(say("{what} has a value of its own and one from a table", what=what))
        place = data["from"] if isinstance(data["from"], dict) else {}
        self._only_known(place, "from", f"{what}.from.")
        try:
            if place.get("table") == "gwp":
                return global_warming_potential(str(place.get("gas")), str(place.get("report"))), {}
            if place.get("table") == "fuels" and "fuel" in place:
                return fuel_factor(str(place["fuel"]), str(place.get("column")), str(place.get("side"))), {}
            if place.get("table") == "fuels":
                return None, dict(fuel_factors(str(place.get("column")), str(place.get("side"))))
            if place.get("table") == "waste":
                return None, dict(waste_factors(str(place.get("column"))))
            self.problems.append(
                say(
                    "{what} is from the table {name!r}, not from fuels, waste or gwp",
                    what=what,
                    name=place.get("table"),
                )
            )
        except FactorError as error:
            self.problems.append(f"{what}: {error}")
        return None, {}

    def _class(self, symbol: str, data: dict[str, Any]) -> DefaultClass:
        self._only_known(data, "class", f"defaults.{symbol}.classes.")
        lower, upper, value = data.get("lower"), data.get("upper"), data.get("value")
        if not (is_number(lower) and is_number(value) and (upper is None or is_number(upper))):
            self.problems.append(
                say("default {symbol}: a class needs lower, value and, but for the last, upper", symbol=symbol)
            )
            return DefaultClass(0.0, None, 0.0, "?")
        if upper is not None and upper <= lower:
            self.problems.append(
                say(
                    "default {symbol}: the class from {lower:g} to {upper:g} holds nothing",
                    symbol=symbol,
                    lower=lower,
                    upper=upper,
                )
            )
        label = str(data.get("label", f"{lower:g}" if upper is None else f"{lower:g} to {upper:g}"))
        return DefaultClass(float(lower), None if upper is None else float(upper), float(value), label)

    def _guide(self, symbol: str, data: dict[str, Any]) -> ParameterGuide:
        self._only_known(data, "parameter", f"parameters.{symbol}.")
        evidence = self._one_of(data.get("evidence", "unconfirmed"), EVIDENCE, f"parameters.{symbol}.evidence")
        return ParameterGuide(
            self._one_of(data.get("option", ""), OPTIONS, f"parameters.{symbol}.option"),
            str(data.get("source_of_data", "")),
            str(data.get("method", "")),
            str(data.get("frequency", "")),
            evidence,
            self._one_of(data.get("reductions", ""), MOVES, f"parameters.{symbol}.reductions"),
        )
