"""Templates: a document becomes HTML, every text escaped, nothing outside the file referred to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from jcm_mrv.languages import NEW_LINE, said_in
from jcm_mrv.reporting.document.blocks import Document
from jcm_mrv.reporting.document.glyphs import once
from jcm_mrv.reporting.document.own_templates import environment_of, faults_told, in_use, sandbox
from jcm_mrv.reporting.document.tables import Cell
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.words import SOURCE, Words

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> Environment:
    """The templates of the package: escaping on, an unknown name is an error."""
    from jinja2 import Environment

    return _with_filters(environment_of(Environment, text_of, "", _in_its_language))


def _with_filters(made: Environment) -> Environment:
    made.filters["css_string"] = css_string
    made.filters["whole_words"] = whole_words
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return made


_LANGUAGE: ContextVar[str] = ContextVar("language of what is rendered", default=SOURCE)


def _in_its_language(value: object) -> object:
    """What a template prints is said in the language of its document, also within macros, which know no document."""
    return said_in(value, _LANGUAGE.get()) if isinstance(value, Words) else value


def text_of(name: str) -> str:
    """The text of a file among the templates."""
    return (files("jcm_mrv.templates") / name).read_text(encoding="utf-8")


def render(name: str, document: Document, extra: Mapping[str, object]) -> str:
    """A document through one of the templates."""
    own = in_use()
    made = environment() if own is None else _with_filters(sandbox(own, text_of, _in_its_language))
    before = _LANGUAGE.set(document.lang)
    try:
        with faults_told():
            page = made.get_template(name).render(document=document, t=Translator(document.lang), **extra)
        return _in_plain_order(with_lines(once(page)))
    finally:
        _LANGUAGE.reset(before)


_PART = re.compile(rf"<(/?)([a-z]*)(?![a-z])[^<>]*>|{NEW_LINE}")
_ONE_LINE = ("title", "style", "script", "text", "tspan")


_TURNING = {
    ord(mark): f"[U+{ord(mark):04X}]"
    for mark in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
}
"""Marks that no one sees and that turn the order of what follows: 123 would read 321."""


def _in_plain_order(html: str) -> str:
    """A page in which marks that turn the order of letters and digits stand as their codes."""
    return html.translate(_TURNING)


def with_lines(html: str) -> str:
    """A page with a new line between a text and its translation, except where there can be none."""
    if NEW_LINE not in html:
        return html
    inside = ""

    def part(found: re.Match[str]) -> str:
        nonlocal inside
        if found[0] == NEW_LINE:
            return " / " if inside else "<br>"
        if inside:
            inside = "" if found[1] and found[2] == inside else inside
        elif not found[1] and found[2] in _ONE_LINE and not found[0].endswith("/>"):
            inside = found[2]
        return found[0].replace(NEW_LINE, " / ")

    return _PART.sub(part, html)


def css_string(words: str) -> Markup:
    """Words as a CSS string; whatever could end the string or the style sheet is written by its number."""
    safe = "".join(c if c.isalnum() or c in " .,:-" else f"\\{ord(c):x} " for c in words)
    return Markup(f'"{safe}"')


_JAPANESE = re.compile(r"[ァ-ヶー・]+|[一-龥々〇]+[ぁ-ん]*|[ぁ-ん]+|[^ァ-ヶー・一-龥々〇ぁ-ん]+")


def whole_words(words: Cell, lang: str) -> Cell:
    """A heading in Japanese, which has no spaces, that breaks between its words only: where the script changes."""
    if lang != "ja" or isinstance(words, Markup) or " " in words:
        return words
    pieces = _JAPANESE.findall(words)
    return Markup("").join(Markup('<span class="whole">{}</span>').format(piece) for piece in pieces)


class _Words(HTMLParser):
    """Collects the text of a page, without style sheets and data."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.parts.append(data)


def visible_text(html: str) -> str:
    """The text of a page as a reader sees it."""
    words = _Words()
    words.feed(html)
    words.close()
    return "\n".join(words.parts)
