"""Words: each sentence that a person reads is English text that remembers how it was made, to be said again.

``say("meter {meter} shows {amount:.6g} {unit}", meter=..., amount=..., unit=...)`` gives a :class:`Words`: a ``str``
with the English sentence, which also keeps the template and its values. Nothing else in the program changes:
findings, ``result.json`` and tests see English. Where a person reads, :func:`in_language` looks the template up in
the catalogue of their language (``jcm_mrv/translations/LANGUAGE.po``) and fills it in anew: values that are Words in
turn are said in that language, numbers and dates are written by its customs, and what a person or a document wrote
stays as it is.

How to write a message:

- The template is one string literal (``make words`` finds it by that) and a whole sentence or clause: other languages
  have another order of words. Formats stand in it as in ``str.format``: ``{share:.3g}``.
- Placeholders are named for what they hold; the name is all that a translator sees.
- Values go in as numbers, dates or Words, not as text that was formatted before.
- Two Words are joined by ``+``, several by :func:`joined`; an f-string or ``", ".join`` around Words forgets them.
- A count with a noun is said by :func:`say_plural`; a text that stands elsewhere (a title, a label) by
  :func:`as_words`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from string import Formatter
from typing import Protocol

SOURCE = "en"

_Value = str | int | float | date | Decimal | Fraction
_PLAIN = (str, int, float, date, Decimal, Fraction)
_FULL_WIDTH = "。"
_DIGITS = re.compile(r"[+-]?\d(?:\.\d+)?e\+(?:0\d|1[0-4])\b")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})((?: |T)\d{2}:\d{2}(?::\d{2})?)?")


class Catalogue(Protocol):
    """The words of one language."""

    def template(self, template: str, plural: str, number: int) -> str | None:
        """The translation of a template, of the form that fits the count; None where there is none."""

    def number(self, english: str) -> str:
        """A number, written by the customs of the language."""

    def day(self, day: date) -> str:
        """A date, written by the customs of the language."""


class Words(str):
    """English text with the template and values that it was made of; ``parts`` of what was joined.

    ``cut`` are marks that were taken from its end.
    """

    __slots__ = ("cut", "number", "parts", "plural", "template", "values")

    template: str
    plural: str
    number: int
    values: Mapping[str, _Value]
    parts: tuple[str, ...]
    cut: str

    def __add__(self, other: str) -> Words:
        return joined("", (self, other))

    def __radd__(self, other: str) -> Words:
        return joined("", (other, self))

    def rstrip(self, chars: str | None = None) -> Words:
        """Without marks at its end, in any language."""
        words = _made(str.rstrip(self, chars), self.template, self.values, self.parts, self.plural, self.number)
        words.cut = self.cut + (chars or "")
        return words

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (str(self), self.template, dict(self.values), self.parts, self.plural, self.number, self.cut)


def _made(
    english: str,
    template: str,
    values: Mapping[str, _Value],
    parts: tuple[str, ...] = (),
    plural: str = "",
    number: int = 1,
    cut: str = "",
) -> Words:
    words = Words(english)
    words.template, words.values, words.parts, words.plural, words.number = template, values, parts, plural, number
    words.cut = cut
    return words


def say(template: str, /, **values: object) -> Words:
    """The sentence of a template with its values filled in. Raises KeyError when a value is missing."""
    return _made(_english(template, values), template, {name: _kept(value) for name, value in values.items()})


def say_plural(one: str, many: str, number: int, /, **values: object) -> Words:
    """The sentence for one thing, or that for ``{count}`` things; other languages have their own number of forms."""
    values["count"] = number
    chosen = one if number == 1 else many
    return _made(_english(chosen, values), one, {k: _kept(v) for k, v in values.items()}, (), many, int(number))


class _InDigits(Formatter):
    """Fills a template in; a large amount is written in digits: 1728000 for 1.728e+06."""

    def format_field(self, value: object, format_spec: str) -> str:
        text = format(value, format_spec)
        return _DIGITS.sub(lambda found: f"{float(found[0]):{'+' if found[0][0] == '+' else ''}.0f}", text)


_FORMATTER = _InDigits()


def _english(template: str, values: Mapping[str, object]) -> str:
    text = template.format(**values)
    return _FORMATTER.vformat(template, (), values) if "e+" in text else text


def with_values(text: str, change: Callable[[str], str]) -> str:
    """The same sentence with every text among its values changed; what is no Words is changed as a whole."""
    if not isinstance(text, Words):
        return change(text)
    values = {k: with_values(v, change) if isinstance(v, str) else v for k, v in text.values.items()}
    parts = tuple(with_values(part, change) for part in text.parts)
    return _made(change(str.__str__(text)), text.template, values, parts, text.plural, text.number)


def as_words(text: str) -> Words:
    """A text that has no values and stands elsewhere as a literal: a title, a label, a text of a card."""
    return text if isinstance(text, Words) else _made(text, text.replace("{", "{{").replace("}", "}}"), {})


def joined(separator: str, texts: Iterable[str]) -> Words:
    """Texts one after the other, as ``separator.join(texts)``; each stays what it is."""
    parts: list[str] = []
    for text in texts:
        parts += [separator, text] if parts and separator else [text]
    return _made("".join(parts), "", {}, tuple(parts))


def sentences(*texts: str) -> Words:
    """Sentences one after the other with a space between; those that say nothing are left out."""
    return joined(" ", (text for text in texts if text))


def _kept(value: object) -> _Value:
    """A value that does not change any more; numbers of NumPy as plain ones, other objects as they read."""
    if isinstance(value, _PLAIN):
        return value
    plain = getattr(value, "item", None)
    number = plain() if callable(plain) and not getattr(value, "shape", ()) else None
    return number if isinstance(number, int | float) else str(value)


def in_language(text: str, catalogue: Catalogue | None) -> str:
    """The text in a language, English without a catalogue; text that is no Words stays as it is."""
    if not isinstance(text, Words):
        return text
    if catalogue is None:
        return str.__str__(text)
    if text.parts:
        return "".join(in_language(part, catalogue) for part in text.parts)
    found = catalogue.template(text.template, text.plural, text.number)
    said = _filled(text.template if found is None else found, text.values, catalogue)
    return said.rstrip(text.cut + _FULL_WIDTH) if text.cut else said


def _filled(template: str, values: Mapping[str, _Value], catalogue: Catalogue) -> str:
    said: list[str] = []
    for literal, field, spec, conversion in _FORMATTER.parse(template):
        said.append(literal)
        if field is not None:
            said.append(_shown(values[field], spec or "", conversion, catalogue))
    return "".join(said)


def _shown(value: _Value, spec: str, conversion: str | None, catalogue: Catalogue) -> str:
    if isinstance(value, Words):
        said = in_language(value, catalogue)
        return format(repr(said) if conversion == "r" else said, spec)
    if conversion == "r":
        return format(repr(value), spec)
    if isinstance(value, str):
        return format(_day_in(value, catalogue), spec)
    if isinstance(value, date):
        return _day_and_time(value, catalogue) if not spec else _day_in(format(value, spec), catalogue)
    return catalogue.number(_FORMATTER.format_field(value, spec))


def _day_and_time(value: date, catalogue: Catalogue) -> str:
    """A day, and the time of one that is not midnight."""
    if not isinstance(value, datetime) or value.time() == time():
        return catalogue.day(value)
    return f"{catalogue.day(value)} {value:%H:%M:%S}".removesuffix(":00")


def _day_in(text: str, catalogue: Catalogue) -> str:
    """A text that is a date and nothing else, as the language writes it, and its time behind it."""
    found = _DAY.fullmatch(text)
    if not found:
        return text
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return text
    return catalogue.day(day) + (found[4] or "").replace("T", " ")
