"""Every language has the same words; every word is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jcm_mrv.reporting.document.translations import SOURCE, Translator, UnknownLanguageError, catalogue, languages
from jcm_mrv.result import Direction

ROOT = Path(__file__).parents[3]
SOURCES = [
    *(ROOT / "jcm_mrv" / "reporting").rglob("*.py"),
    *(ROOT / "jcm_mrv" / "verification").rglob("*.py"),
    *(ROOT / "jcm_mrv" / "portfolio").rglob("*.py"),
    *(ROOT / "templates").glob("*.jinja"),
]
TEXT = "\n".join(p.read_text(encoding="utf-8") for p in SOURCES)


def placeholders(words: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", words))


def test_english_is_the_source_and_two_more_languages_are_there() -> None:
    assert languages() == ("en", "ja", "vi")


@pytest.mark.parametrize("lang", [lang for lang in languages() if lang != SOURCE])
def test_a_translation_has_the_same_keys_and_placeholders(lang: str) -> None:
    source, other = catalogue(SOURCE), catalogue(lang)
    lacking, beyond = sorted(source.keys() - other.keys()), sorted(other.keys() - source.keys())
    assert not lacking, f"no words in {lang} for {', '.join(lacking)}"
    assert not beyond, f"{SOURCE} does not know, but {lang} has {', '.join(beyond)}"
    unlike = [k for k in source if placeholders(source[k]) != placeholders(other[k])]
    assert not unlike, f"other words in braces in {lang} than in {SOURCE}: {', '.join(unlike)}"
    empty = [k for k, words in other.items() if not words.strip()]
    assert not empty, f"empty in {lang}: {', '.join(empty)}"


def test_every_word_is_used() -> None:
    """By its full key, by a key that is put together (``t(f"column.{key}")``), or as a word of a closed list."""
    prefixes = set(re.findall(r"f\"(\w+\.\w*)\{", TEXT))
    closed = {f"{group}." for group in re.findall(r"known\(\"(\w+)\"", TEXT)} | {"severity_means.", "role."}
    closed |= {f"direction.{one.name.lower()}" for one in Direction}
    closed |= {f"column.{symbol}" for symbol in ("RE", "PE", "LE", "ER")}  # by the symbol of each result of a claim
    unused = [
        key
        for key in catalogue(SOURCE)
        if not re.search(rf"[\"']{re.escape(key)}[\"']", TEXT)
        and not any(key.startswith(p) and f'"{key.removeprefix(p)}"' in TEXT for p in prefixes)
        and not any(key.startswith(group) for group in closed)
    ]
    assert not unused, f"no report says {', '.join(unused)}"


def test_a_key_without_words_is_named_with_its_language() -> None:
    with pytest.raises(KeyError, match=r"no words for excel_head\.colour in ja"):
        Translator("ja")("excel_head.colour")


def test_an_unknown_language_lists_those_that_exist() -> None:
    with pytest.raises(UnknownLanguageError, match="en, ja, vi"):
        Translator("fr")
