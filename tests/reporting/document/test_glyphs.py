"""Letters of equations as operators of a PDF."""

from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import pytest

from jcm_mrv.languages import PoCatalogue, catalogue_of
from jcm_mrv.reporting.document.glyphs import CLASS, Picture, as_pictures, once, operators
from jcm_mrv.reporting.document.pdf import page_style, paper_html
from jcm_mrv.reporting.document.requirements import unprintable
from jcm_mrv.reporting.document.translations import catalogue
from support import results
from support.english import English, texts_of_page
from support.paper import reader

LETTER = '<symbol id="A_1" viewBox="0 -4 2 8"><path d="M 0 0 L 2 0 Q 2 2 0 0 Z " /></symbol>'


def drawing(parts: str) -> str:
    return f'<svg class="{CLASS}" role="img" aria-label="a" viewBox="-1 -5 10 12"><title>a</title>{parts}</svg>'


def test_a_curve_of_the_second_degree_becomes_the_same_curve_of_the_third() -> None:
    """By hand: from (2, 0) by (2, 3) to (0, 0): points at two thirds of the way to (2, 3) from either end."""
    assert operators("M 0 0 L 2 0 Q 2 3 0 0 Z ").split("\n") == [
        "0.000 0.000 m", "2.000 0.000 l", "2.000 2.000 1.333 2.000 0.000 0.000 c", "h",
    ]  # fmt: skip


def test_a_letter_stands_where_its_use_places_it() -> None:
    """By hand: 4 units high instead of 8 is half the size; the box's top, -4 x 0.5, comes to lie at 1: origin at 3."""
    use = '<use href="#A_1" x="5" y="1" width="1" height="4" fill="black" />'
    _, pictures = as_pictures(drawing(LETTER + use))
    (picture,) = pictures.values()
    assert isinstance(picture, Picture) and picture.get_intrinsic_size() == (10, 12, 10 / 12)
    assert picture.content.startswith("1 0 0 1 1.000 5.000 cm\nq 0.50000 0 0 0.50000 5.000 3.000 cm\n")


def test_a_part_that_is_not_known_is_refused_and_never_left_out() -> None:
    with pytest.raises(ValueError, match="has circle"):
        Picture.of(fromstring(drawing('<circle r="1"/>')), {})
    with pytest.raises(KeyError, match="B_2"):
        as_pictures(drawing('<use href="#B_2" x="0" y="0" width="1" height="1"/>'))


def test_the_report_has_each_outline_once_and_every_equation_as_a_picture_with_its_words() -> None:
    html = paper_html(results.solar(), "en")
    names = re.findall(r'<symbol id="([^"]*)"', html)
    assert len(names) == len(set(names)) > 10
    assert once(html) == html
    page, pictures = as_pictures(html)
    assert len(pictures) == html.count(f'<svg class="{CLASS}"') >= 10 and "<symbol" not in page
    assert re.search(r'<img src="equation:\d+" alt="RE = Σ_i \(EG_i,p × EF_RE,i\)">', page)


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_every_character_of_the_pdf_has_a_glyph(lang: str) -> None:
    """Glyph 0 is the box that a font draws for what it does not have; text is written as glyph numbers of two bytes."""
    shown = 0
    for page in reader("solar", lang).pages:
        contents = page.get_contents()
        assert contents is not None
        for operands, operator in contents.operations:
            if operator in (b"Tj", b"TJ"):
                pieces = operands[0] if operator == b"TJ" else operands
                texts = [p.original_bytes for p in pieces if hasattr(p, "original_bytes")]
                glyphs = [text[n : n + 2] for text in texts for n in range(0, len(text), 2)]
                shown += len(glyphs)
                assert b"\0\0" not in glyphs
    assert shown > 1000


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_what_stands_beside_the_pages_is_in_the_language_too(lang: str) -> None:
    """Title, subject, bookmarks, and the words around the numbers of pages."""
    printed = reader("solar", lang)
    said = {str(printed.metadata.title), str(printed.metadata.subject)} if printed.metadata else set()
    said |= {str(title) for title in re.findall(r"'/Title': '([^']*)'", str(printed.outline))}
    said |= set(re.findall(r'"([^"]*)"', page_style(lang)))
    assert len(said) > 10
    page = {" ".join(text.split()) for text in texts_of_page(paper_html(results.solar(), lang))}
    assert English(lang, page).lines(said) == {}


@pytest.mark.parametrize("lang", ["vi", "ja"])
def test_every_character_of_the_catalogues_has_a_glyph(lang: str) -> None:
    """Of all that a report could say, for a PDF loses a character without a word; the sign behind it has none."""
    words = catalogue_of(lang)
    assert isinstance(words, PoCatalogue)
    said = "".join(text for texts in words.words.values() for text in texts) + "".join(catalogue(lang).values())
    assert unprintable(said) == {}
    assert unprintable(f"{said}\U0001f9ff") == {"\U0001f9ff": "[U+1F9FF]"}
