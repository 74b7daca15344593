"""Sentences written to a file so that they can be said in another language when they are read again.

:class:`jcm_mrv.words.Words` become objects of JSON with their template and values, plain text stays text. What is read
is believed only where its template, filled in with its values, can be said at all; a template that is in no catalogue
is shown as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from string import Formatter
from typing import Any

from jcm_mrv.words import Words, joined, say, say_plural

_SPEC = re.compile(r"\+?,?(\.\d{1,2})?[a-z%]?|(%[YmdHMS][-: ]?)+")
_TYPES: Mapping[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
    "fraction": Fraction,
}
_LONGEST = 20_000  # characters of a template or text


def to_data(text: str) -> Any:
    """A sentence as JSON: text where it is plain, else an object."""
    if not isinstance(text, Words):
        return text
    if text.parts:
        data: dict[str, Any] = {"parts": [to_data(part) for part in text.parts]}
    else:
        data = {"say": text.template, "with": {name: _value(value) for name, value in text.values.items()}}
        data |= {"many": text.plural, "count": text.number} if text.plural else {}
    return data | ({"cut": text.cut} if text.cut else {})


def from_data(data: Any) -> str:
    """The sentence again. Raises ValueError for what :func:`to_data` does not write."""
    if isinstance(data, str):
        return data
    try:
        words = _words(data)
        return words.rstrip(data["cut"]) if "cut" in data else words
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError, ArithmeticError) as error:
        raise ValueError(f"no kept sentence: {str(data)[:80]}") from error


def _words(data: Mapping[str, Any]) -> Words:
    if "parts" in data:
        return joined("", map(from_data, data["parts"]))
    values = {name: _read(value) for name, value in data["with"].items()}
    template, plural = data["say"], data.get("many")
    for part in (template, plural or ""):
        _check(part)
    return say_plural(template, plural, values.pop("count"), **values) if plural else say(template, **values)


def _check(template: str) -> None:
    """Raise ValueError for a template that reaches into its values, or writes any of them at a width of its own."""
    if len(template) > _LONGEST:
        raise ValueError("a sentence without end")
    for _, field, spec, _ in Formatter().parse(template):
        if field is not None and not (field.isidentifier() and _SPEC.fullmatch(spec or "")):
            raise ValueError(f"no template of a sentence: {template[:80]}")


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return to_data(value)
    if isinstance(value, date):
        return {"datetime" if isinstance(value, datetime) else "date": value.isoformat()}
    return {type(value).__name__.lower(): str(value)} if isinstance(value, Decimal | Fraction) else value


def _read(data: Any) -> Any:
    if isinstance(data, dict) and len(data) == 1:
        ((kind, text),) = data.items()
        if kind in _TYPES:
            return _TYPES[kind](text)
    return from_data(data) if isinstance(data, str | dict) else data
