"""English words that are left in a text in Vietnamese or Japanese, and their share.

A word is English unless it is one of the language or stands in something that no translation changes: what the person
wrote, an official title, a symbol, unit, code or the name of a file. All of these are taken from the result and its
workbook; :data:`NAMES` lists what is a name beyond them.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree, html
from openpyxl import load_workbook

from jcm_mrv.languages import PoCatalogue, catalogue_of
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.graph import walk
from jcm_mrv.reporting.document.translations import catalogue
from jcm_mrv.reporting.excel import process
from jcm_mrv.reporting.excel.defaults import DefaultList
from jcm_mrv.result import Result

_NAMES = """
jcm mrv JSON Excel LibreOffice PDF HTML SHA FIPS XML RFC Windows Unicode CSV Parquet ZIP UTC Ctrl Alt Shift
OK CHECK VALUE MRS MSS globalwarmingpotentials
JCM IPCC CDM AMS III TOOL GWP GHG TPE PMS PDD CT VT ID MRV ex ante post EN ISO IEC
kWh MWh GJ Wh MW kg rdg pcs yr exp min max choose where floor round
"""
NAMES = frozenset(_NAMES.split())
"""Words that are the same in every language: of software, of workbooks, of the field, of units and functions."""
LOANS = frozenset(("diesel", "compost", "carbon", "oxy", "byte", "calo", "mol", "tr"))
"""Words that Vietnamese has and does not write as its own."""
_ENGLISH = "the not at then than on by it no set sum met main key run out top reach mean true"
NO_SYLLABLES = frozenset(_ENGLISH.split())
"""English words that would do as Vietnamese by their letters, and are not."""
PHRASES = (
    "MRS(input)", "MRS(calc_process)", "Responsible personnel",  # names and a heading of official sheets
    "Trace Precedents",  # a command of Excel
    "Share", "Basis of the share",  # headings of the monitoring workbook, which stand in every template
    "floor-per-year",  # the code of a rule of rounding
)  # fmt: skip
OFFICIAL = "MRS(input)"
"""The official sheet, which is in English in every language."""
_WORD = re.compile(r"[^\W\d_]+")
_ASCII = re.compile(r"[A-Za-z]{2,}")
_LONE = re.compile(r"[a-z]+")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?", re.IGNORECASE
)
_SYMBOL = re.compile(r"\b(?:[A-Za-z]+\d*(?:_[\w→]+(?:,[\w→]+)*)+|t?CO2e?|t?CH4|t?N2O)\b|\{\w+\}|[A-Z]+-\d+\b")
_TYPED = re.compile(
    r"\bjcm-mrv [a-z]+\b|https?://\S+|\b[A-Z][a-z]+/[A-Z]\w+|\bIPCC \d+ Vol\. \d+(?: Ch\. \d+)?(?: Table [\d.]+)?"
    r"|(?:giá trị|値) confirmed\b|(?:thông số|パラメータ) equation\b"
)
"""Commands, addresses, time zones, places in a source, and what is to be typed into a cell as it stands."""
_INLINE = ("sub", "sup", "i", "em", "b", "strong", "wbr", "span", "code")
_FILE = re.compile(r"[\w./…-]+\.(?:csv|html|ipynb|json|md|parquet|pdf|sha256|toml|txt|xlsx|xml|zip)\b")
_CODE = re.compile(r"\b[a-z]+\.[a-z_0-9]+(?:\.[a-z_0-9]+)*\b|\b[0-9a-f]{16,}\b")
_ATTRIBUTES = ("title", "alt", "aria-label", "placeholder")
_SILENT = ("style", "math", "symbol", "script", "text")


def texts_of_page(page: str | bytes) -> Iterator[str]:
    """Every text of a page that a person sees or is read to; data of the script with it."""
    tree = html.fromstring(page.encode() if isinstance(page, str) else page)
    etree.strip_tags(tree, "i")
    for lower in tree.iter("sub"):
        lower.text = f"_{lower.text}" if lower.text and not lower.text.isdigit() else lower.text
    for element in tree.iter("span"):
        element.text, element.tail = f" {element.text or ''}", f" {element.tail or ''}"
    etree.strip_tags(tree, *_INLINE)
    for drawing in tree.iter("svg"):  # a name may take several lines of it
        yield " ".join(line.text or "" for line in drawing.iter("text"))
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag not in _SILENT:
            yield from (element.get(name) or "" for name in _ATTRIBUTES)
            yield element.text or ""
        if element.get("id") == "page-data":
            yield from _strings(json.loads(element.text or "{}"))
        yield element.tail or ""


def texts_of_workbook(content: bytes, official: frozenset[str]) -> Iterator[str]:
    """Every text of a workbook: cells, comments, prompts, names of sheets, and texts within formulas.

    ``official`` is what MRS(calc_process) says in English.
    """
    book = zipfile.ZipFile(BytesIO(content))
    shared = [_plain(one) for one in re.findall(r"<si>(.*?)</si>", _part(book, "xl/sharedStrings.xml"), re.DOTALL)]
    sheets = re.findall(r'<sheet name="([^"]*)"', _part(book, "xl/workbook.xml"))
    for number, title in enumerate(map(unescape, sheets), 1):
        yield title
        if not title.startswith(OFFICIAL):
            part = _part(book, f"xl/worksheets/sheet{number}.xml")
            texts = [shared[int(n)] for n in re.findall(r't="s"><v>(\d+)</v>', part)]
            own = title.startswith("MRS(calc_process)")
            yield from (_unofficial(text, official) for text in texts) if own else texts
            formulas = map(unescape, re.findall(r"<f>([^<]*)</f>", part))
            yield from (text for formula in formulas for text in re.findall(r'"([^"]*)"', formula))
            yield from map(unescape, re.findall(r'(?:prompt|error)(?:Title)?="([^"]*)"', part))
    for name in book.namelist():
        if name.startswith("xl/comments"):
            yield from (_plain(one) for one in re.findall(r"<text>(.*?)</text>", _part(book, name), re.DOTALL))


def _part(book: zipfile.ZipFile, name: str) -> str:
    return book.read(name).decode("utf-8")


def _plain(xml: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", xml))


def _unofficial(text: str, official: frozenset[str]) -> str:
    """A cell of MRS(calc_process) without the name of the quantity that it begins with."""
    name = re.split(r": |\n→ | / ", text, maxsplit=1)[0]
    return "" if text in official else text.removeprefix(name) if name in official else text


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        yield from (text for value in data.values() for text in _strings(value))
    elif isinstance(data, list):
        yield from (text for value in data for text in _strings(value))


def names_of(result: Result, workbook: Path) -> frozenset[str]:
    """What no translation changes: entries of the workbook, official titles, names and units of the claim."""
    found = set(PHRASES)
    book = load_workbook(workbook, read_only=True)
    for sheet in book:
        found.add(sheet.title)
        found |= {" ".join(v.split()) for row in sheet.iter_rows(values_only=True) for v in row if isinstance(v, str)}
    book.close()
    claim = result.claim
    for bound in claim.bounds:
        card = bound.entry.card
        found |= {card.title.text, card.number, card.version, card.scope, card.equation.text, *card.choices}
    for node in (node for node in walk(claim.roots()) if isinstance(node, Named)):
        found |= {node.symbol, str(getattr(node, "unit", "")), *getattr(node, "choices", ())}
        found |= {element for one in node.sets for element in claim.space.elements[one]}
    return frozenset(found - {""})


def official_names(result: Result) -> frozenset[str]:
    """What MRS(calc_process) says in English in every language: headings of the official sheet, names of quantities."""
    labels = {str(node.label) for node in walk(result.claim.roots()) if isinstance(node, Named)}
    return frozenset(labels | {*process.TITLES.values(), *process.HEADS, *DefaultList.HEADS})


class English:
    """Finds English words in texts of one language, beside the names given."""

    def __init__(self, lang: str, names: Iterable[str]) -> None:
        self._own = _vocabulary(lang)
        phrases = sorted((_without_numbers(n) for n in names if _ASCII.search(n)), key=len, reverse=True)
        self._names = frozenset(phrases)
        several = [p for p in phrases if " " in p]
        self._known = (_TYPED, _any_of(several), _FILE, _CODE, _SYMBOL)
        self._known += (_any_of([p for p in phrases if " " not in p and not _LONE.fullmatch(p)]),)

    def words(self, text: str) -> list[str]:
        """The English words of a text.

        A name that is a word (``fuel``, a choice) is one only where other English words stand beside it.
        """
        if not self._left(text):
            return []
        text = self._without_beginnings(" ".join(text.split()))
        for known in self._known:
            text = known.sub(" ", text)
        found = self._left(text)
        return [] if self._names.issuperset(found) else found

    def _left(self, text: str) -> list[str]:
        found = (w for w in _WORD.findall(text) if _ASCII.fullmatch(w))
        return [w for w in found if w not in NAMES and w.casefold() not in self._own]

    def _without_beginnings(self, text: str) -> str:
        """Without names of which a drawing has room for the beginning only."""
        for cut in re.findall(r"[^…]+(?=…)", text):
            begun = {n[:length] for n in self._names for length in range(8, len(n)) if cut.endswith(n[:length])}
            text = text.replace(max(begun, key=len, default="…") + "…", " ")
        return text

    def lines(self, texts: Iterable[str]) -> dict[str, list[str]]:
        """Each text that has English words, with them."""
        found = {" ".join(text.split()): self.words(text) for text in {_without_numbers(text) for text in texts}}
        return {text: words for text, words in found.items() if words}


def _without_numbers(text: str) -> str:
    """A text in which numbers are gone that are no part of a name, so that those that differ in them only are one."""
    return re.sub(r"(?<![\w-])\d(?:[\d.,:-]*\d)?(?![\w-])", "0", text)


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, phrases)) + r")(?!\w)")


@cache
def _vocabulary(lang: str) -> frozenset[str]:
    """Words of Vietnamese without marks: syllables by their letters that its catalogues hold; Japanese has none."""
    if lang != "vi":
        return frozenset()
    found = catalogue_of(lang)
    assert isinstance(found, PoCatalogue)
    said = [text for texts in found.words.values() for text in texts] + list(catalogue(lang).values())
    words = {word.casefold() for text in said for word in _WORD.findall(text)}
    return frozenset(word for word in words - NO_SYLLABLES if _SYLLABLE.fullmatch(word)) | LOANS
