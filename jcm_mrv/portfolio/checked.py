"""The values of one table of ``portfolio.toml``, each checked by its key; what is wrong is a finding with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from jcm_mrv.findings import Code, Finding, Severity
from jcm_mrv.limits import number_fault
from jcm_mrv.meant import did_you_mean
from jcm_mrv.origin import Origin
from jcm_mrv.portfolio.keys import KEYS, Holds, Key
from jcm_mrv.portfolio.toml_lines import Path, line_of
from jcm_mrv.quantities.errors import UnitError
from jcm_mrv.quantities.units import parse_unit
from jcm_mrv.words import as_words, say, sentences

UNKNOWN_KEY = Code("portfolio.unknown_key", Severity.ERROR, "A key of the portfolio that nothing reads")
MISSING_KEY = Code("portfolio.missing_key", Severity.ERROR, "A key of the portfolio is missing")
BAD_VALUE = Code("portfolio.bad_value", Severity.ERROR, "A value in the portfolio is not one of its key")

LONGEST_NAME, LONGEST_TEXT = 100, 10_000
MOST, GUESSED = 10_000, 100
"""Problems that are told, and those for which a name is looked for that may be meant."""
EARLIEST, LATEST = 1990, 2100
T = TypeVar("T")


class Table:
    """One table of the file. Its values are asked for by key; each fault is put into ``findings`` once."""

    def __init__(
        self, kind: str, data: Any, path: Path, lines: Mapping[Path, int], file: str, findings: list[Finding]
    ) -> None:
        self.kind, self.path, self._lines, self._file, self._findings = kind, path, lines, file, findings
        self.keys = {key.name: key for key in KEYS[kind]}
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.fault(
                BAD_VALUE,
                "",
                say("{kind} must be a table", kind=kind),
                data,
                say("Write [[{kind}]] and its keys below it.", kind=kind),
            )
        else:
            self._keys()

    def where(self, key: str = "") -> Origin:
        """The line of a key, or that of the table."""
        return Origin(file=self._file, line=line_of(self._lines, (*self.path, key) if key else self.path))

    def fault(self, code: Code, key: str, message: str, found: object = "", action: str = "") -> None:
        """Put down what is wrong with a key, or with the table where ``key`` is empty."""
        if len(self._findings) < MOST:
            self._findings.append(code(message, self.where(key), found=_shown(found), action=action))
        elif len(self._findings) == MOST:
            more = say("there are more than {most:,} problems; the rest is told when these are mended", most=MOST)
            self._findings.append(BAD_VALUE(more, self.where(key)))

    def text(self, key: str, default: str = "") -> str:
        """A text or name, one of the choices of its key; ``default`` where it is missing or wrong."""
        return self._value(key, _text, default)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return self._value(key, _texts, ())

    def date(self, key: str) -> date | None:
        """A date; None where it is missing or wrong."""
        return self._value(key, _date, None)

    def year(self, key: str) -> int | None:
        """A calendar year; None where it is missing or wrong."""
        return self._value(key, _year, None)

    def number(self, key: str) -> float | None:
        """A number in the range of its key; None where it is missing or wrong."""
        return self._value(key, _number, None)

    def tables(self, key: str) -> list[Table]:
        """The tables of an array, those of ``[[key]]``."""
        given = self.data.get(key, [])
        if not isinstance(given, list):
            self.fault(
                BAD_VALUE,
                key,
                say("{key} must be several tables", key=key),
                given,
                say("Write [[{key}]], not [{key}].", key=key),
            )
            return []
        path = (*self.path, key)
        return [Table(key, data, (*path, n), self._lines, self._file, self._findings) for n, data in enumerate(given)]

    def _keys(self) -> None:
        for name in self.data:
            if name not in self.keys:
                near = did_you_mean(name, self.keys) if len(self._findings) < GUESSED else ""
                meant = near or say("It may hold {keys}.", keys=", ".join(self.keys))
                what = say("the portfolio") if self.kind == "portfolio" else say("a table {kind}", kind=self.kind)
                self.fault(
                    UNKNOWN_KEY, name, say("{what} has no key {shown!r}", what=what, shown=_shown(name)), action=meant
                )
        for name, key in self.keys.items():
            if key.required and name not in self.data:
                self.fault(
                    MISSING_KEY,
                    "",
                    say("{name} is missing in {kind}", name=name, kind=self.kind),
                    action=say("Write {name} = ...: {meaning}", name=name, meaning=as_words(key.meaning)),
                )

    def _value(self, key: str, read: Callable[[Key, Any], T], default: T) -> T:
        if key not in self.data:
            return default
        try:
            return read(self.keys[key], self.data[key])
        except ValueError as error:
            message = say("{key} {fault}", key=key, fault=error.args[0])
            self.fault(BAD_VALUE, key, message, self.data[key], as_words(self.keys[key].meaning))
            return default


def _shown(value: object) -> str:
    try:
        text = str(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, tables within tables without end
        return type(value).__name__
    return text if len(text) <= 60 else f"{text[:59]}…"


def _text(key: Key, value: Any) -> str:
    longest = LONGEST_NAME if key.holds is Holds.NAME else LONGEST_TEXT
    if isinstance(value, int) and not isinstance(value, bool) and key.holds in (Holds.TEXT, Holds.NAME):
        value = str(value) if not key.choices and abs(value) < 10**12 else value
    if not isinstance(value, str):
        raise ValueError(say("must be a text in quotes"))
    text = " ".join(value.split())
    if not text and (key.required or key.holds is Holds.NAME):
        raise ValueError(say("is empty"))
    if len(text) > longest or not text.isprintable():
        raise ValueError(say("must be printable and have at most {longest:,} characters", longest=longest))
    if key.choices and text not in key.choices:
        near = did_you_mean(text, key.choices)
        fault = say("must be one of {choices}", choices=", ".join(key.choices))
        raise ValueError(sentences(fault + ".", near) if near else fault)
    if key.holds is Holds.UNIT:
        return _unit(text)
    return text


def _unit(text: str) -> str:
    try:
        parse_unit(text)
    except UnitError as error:
        raise ValueError(say("is not a unit: {why}", why=error.args[0])) from error
    return text


def _texts(key: Key, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(say('must be a list of texts, such as ["waste", "energy"]'))
    return tuple(_text(key, one) for one in value)


def _date(key: Key, value: Any) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(say("must be a date without quotes, such as 2024-01-31"))
    if not EARLIEST <= value.year <= LATEST:
        raise ValueError(say("must lie in {first} to {last}", first=EARLIEST, last=LATEST))
    return value


def _year(key: Key, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not EARLIEST <= value <= LATEST:
        raise ValueError(say("must be a year from {first} to {last}, without quotes", first=EARLIEST, last=LATEST))
    return value


_LIMITS = {Holds.AMOUNT: (0.0, float("inf")), Holds.LATITUDE: (-90.0, 90.0), Holds.LONGITUDE: (-180.0, 180.0)}


def _number(key: Key, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(say("must be a number without quotes"))
    if fault := number_fault(value):
        raise ValueError(say("is no number that can be used: {fault}", fault=fault))
    lowest, highest = _LIMITS.get(key.holds, (-float("inf"), float("inf")))
    if not lowest <= value <= highest:
        raise ValueError(say("must lie from {lowest:g} to {highest:g}", lowest=lowest, highest=highest))
    return float(value)
