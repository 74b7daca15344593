"""The languages that a person may read: their catalogues, numbers and dates.

``jcm_mrv/translations/LANGUAGE.po`` is read when a language other than English is asked for, never before. A package of
methodologies brings its own words in ``translations/LANGUAGE.po`` beside its cards; a message that stands in both is
said as the program says it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from jcm_mrv.words import SOURCE, Catalogue, Words, in_language

LANGUAGES = ("en", "vi", "ja")
BESIDE = ("en+vi", "en+ja", "vi+ja")
"""Two languages beside each other; numbers and dates are written once, as in the first."""
NEW_LINE = "\u2028"
"""Between a longer text and the same in another language; what shows it makes a new line of it."""
_ONE_LINE = 40
_UNIT = re.compile(r" \[[^\[\]]*\]$")
_GROUP, _BUILT_IN, _LARGEST = "jcm_mrv.methodologies", "jcm-mrv", 2_000_000
_DAYS = {"vi": "dd/MM/yyyy", "ja": "y年M月d日"}
_ENVIRONMENT = ("JCM_MRV_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True)
class PoCatalogue:
    """The words of one language: translations of templates, and the marks of its numbers."""

    lang: str
    words: Mapping[str, tuple[str, ...]]
    decimal: str
    group: str

    def template(self, template: str, plural: str, number: int) -> str | None:
        """The translation of a template; Vietnamese and Japanese have one form for any number of things."""
        return self.words.get(template, (None,))[-1]

    def number(self, english: str) -> str:
        """A number with the decimal mark and the separator of thousands of the language."""
        marks = {".": self.decimal, ",": self.group}
        return "".join(marks.get(c, c) for c in english)

    def day(self, day: date) -> str:
        """A date in figures, as offices write it."""
        from babel.dates import format_date

        return format_date(day, _DAYS[self.lang], locale=self.lang)


@cache
def catalogue_of(lang: str) -> Catalogue | None:
    """The catalogue of a language, None for English. Raises KeyError for a language that is not there."""
    if lang == SOURCE:
        return None
    from babel import Locale

    if lang not in LANGUAGES:
        raise KeyError(lang)
    marks = Locale.parse(lang).number_symbols["latn"]
    words: dict[str, tuple[str, ...]] = {}
    for text in _texts(lang):
        words = {**_read(text), **words}
    return PoCatalogue(lang, words, str(marks["decimal"]), str(marks["group"]))


def _texts(lang: str) -> Iterator[bytes]:
    """The program's own catalogue, then those of packages from outside."""
    from importlib.metadata import entry_points  # takes as long as the rest of --help

    yield (files("jcm_mrv") / "translations" / f"{lang}.po").read_bytes()
    for point in sorted(entry_points(group=_GROUP), key=lambda one: one.value):
        if point.dist is None or point.dist.name == _BUILT_IN:
            continue
        try:
            found = find_spec(point.module)
        except (ImportError, ValueError):
            continue  # the catalogue of methodologies says that it does not load
        for folder in (found and found.submodule_search_locations) or ():
            file = Path(folder) / "translations" / f"{lang}.po"
            if file.is_file() and file.stat().st_size <= _LARGEST:
                yield file.read_bytes()


def _read(text: bytes) -> dict[str, tuple[str, ...]]:
    from io import BytesIO

    from babel.messages.pofile import read_po

    found: dict[str, tuple[str, ...]] = {}
    for message in read_po(BytesIO(text)):
        name = message.id if isinstance(message.id, str) else message.id[0]
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if name and strings and all(strings):
            found[name] = strings
    return found


def of_environment() -> str:
    """The language of JCM_MRV_LANG or of the locale, English where it is none of those known."""
    for name in _ENVIRONMENT:
        value = os.environ.get(name, "")
        if value:
            lang = value[:2].lower()
            return lang if lang in LANGUAGES else SOURCE
    return SOURCE


def said_in(text: str, lang: str) -> str:
    """A text in a language, or in two; of a text made of parts, of which one alone is to be said, that part is."""
    first, _, second = lang.partition("+")
    if second and isinstance(text, Words):
        if text.parts and sum(isinstance(part, Words) for part in text.parts) == 1 and not text.cut:
            return "".join(said_in(part, lang) for part in text.parts)
        return beside(said_in(text, first), said_in(text, second))
    return in_language(text, catalogue_of(first))


class Beside(str):
    """The same in two languages, which remembers both: in a sentence each stands where that language is spoken."""

    __slots__ = ("first", "second")

    first: str
    second: str


def beside(first: str, second: str) -> str:
    """The same in two languages: a label on one line, a sentence on two; what is the same, also a last unit, once."""
    if first == second:
        return first
    unit = _UNIT.search(first)
    same = unit[0] if unit and second.endswith(unit[0]) else ""
    between = " / " if len(first) <= _ONE_LINE else NEW_LINE
    text = Beside(first.removesuffix(same) + between + second.removesuffix(same) + same)
    text.first, text.second = first, second
    return text
