"""What PDF/A-3u and a reader of tags ask for, each looked up in the PDF itself (ISO 19005-3, ISO 14289-1)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

from jcm_mrv.reporting.document.document import document_of
from support import results
from support.paper import reader

LANGUAGES = ["en", "vi", "ja"]


def root(lang: str = "en") -> Any:
    return reader("solar", lang).root_object


def fonts(lang: str) -> Iterator[Any]:
    """Every font of every page, and of the forms on them."""
    seen: set[int] = set()
    waiting = [page["/Resources"] for page in reader("solar", lang).pages]
    while waiting:
        own = waiting.pop().get_object()
        if id(own) in seen:
            continue
        seen.add(id(own))
        yield from (font.get_object() for font in own.get("/Font", {}).values())
        forms = (form.get_object() for form in own.get("/XObject", {}).values())
        waiting += [form["/Resources"] for form in forms if "/Resources" in form]


def elements(lang: str = "en") -> Iterator[Any]:
    waiting = [root(lang)["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop().get_object()
        if "/S" in one:
            yield one
        kids = one.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        waiting += [kid for kid in kids if not isinstance(kid, int) and "/S" in kid.get_object()]


def test_it_says_that_it_is_pdf_a_3u() -> None:
    metadata = root()["/Metadata"].get_data().decode("utf-8")
    assert re.search(r"pdfaid:part(?:=\"|>)3\b", metadata) and re.search(r"pdfaid:conformance(?:=\"|>)U\b", metadata)
    assert "Example roof (illustrative)" in metadata
    assert "/Encrypt" not in reader("solar").trailer and len(reader("solar").trailer["/ID"]) == 2


def test_colours_are_those_of_a_profile_that_lies_inside() -> None:
    [intent] = root()["/OutputIntents"]
    profile = intent.get_object()["/DestOutputProfile"].get_object()
    assert profile["/N"] == 3 and profile.get_data()[36:40] == b"acsp", "an ICC profile of RGB"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_font_lies_inside_and_every_letter_is_one_of_unicode(lang: str) -> None:
    found = list(fonts(lang))
    assert found
    for font in found:
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object()), font["/BaseFont"]
        assert "/ToUnicode" in font, font["/BaseFont"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_tagged_in_its_language_and_shows_its_title(lang: str) -> None:
    assert root(lang)["/MarkInfo"]["/Marked"] and root(lang)["/Lang"] == lang
    assert root(lang)["/ViewerPreferences"]["/DisplayDocTitle"]
    tags = {one["/S"] for one in elements(lang)}
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/P"} <= tags


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_drawing_says_in_words_what_it_shows(lang: str) -> None:
    """The drawings of the document as it is made, and the figures in the tags of the PDF."""
    drawn = [one for one in elements(lang) if one["/S"] == "/Figure"]
    assert len(drawn) >= 5 and all(str(one.get("/Alt", "")).strip() for one in drawn)


def test_bookmarks_lead_to_every_chapter() -> None:
    titles = [section.title for section in document_of(results.solar(), "en").sections]
    marks = [str(one.title) for one in reader("solar").outline if not isinstance(one, list)]
    assert [re.sub(r"^\d+\s*", "", mark) for mark in marks] == titles


def test_nothing_runs_and_nothing_is_fetched() -> None:
    assert not {"/OpenAction", "/AA"} & set(root()) and "/JavaScript" not in root().get("/Names", {})
    for page in reader("solar").pages:
        for note in page.get("/Annots", []):
            annotation = note.get_object()
            assert (annotation["/Subtype"] == "/Link" and "/A" not in annotation) or "/URI" not in annotation["/A"]
            assert int(annotation["/F"]) & 4, "links are printed and not hidden"


def test_what_it_carries_is_said_to_be_data_and_holds_the_checksums_of_what_was_read() -> None:
    attached = [one.get_object() for one in root()["/AF"]]
    assert {one["/UF"] for one in attached} == {"result.json", "inputs.sha256"}
    assert all(one["/AFRelationship"] == "/Data" and one["/Desc"] for one in attached)
    [lines] = reader("solar").attachments["inputs.sha256"]
    assert lines.decode("utf-8").splitlines() == [f"{sha256}  {path}" for path, sha256 in results.solar().inputs]
    [data] = reader("solar").attachments["result.json"]
    assert hashlib.sha256(data).hexdigest() in {
        hashlib.sha256(stream.get_data()).hexdigest() for stream in (one["/EF"]["/F"].get_object() for one in attached)
    }
