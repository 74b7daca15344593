"""Every language has the same words; every word is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jcm_mrv.reporting.document.translations import SOURCE, Translator, UnknownLanguageError, catalogue, languages
from jcm_mrv.result import Direction

ROOT = Path(__file__).parents[3]
SOURCES = [*(ROOT / "jcm_mrv" / "reporting").rglob("*.py"), *(ROOT / "templates").glob("*.jinja")]
TEXT = "\n".join(p.read_text(encoding="utf-8") for p in SOURCES)


def placeholders(words: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", words))


def test_english_is_the_source_and_two_more_languages_are_there() -> None:
    assert languages() == ("en", "ja", "vi")


@pytest.mark.parametrize("lang", [lang for lang in languages() if lang != SOURCE])
def test_a_translation_has_the_same_keys_and_placeholders(lang: str) -> None:
    source, other = catalogue(SOURCE), catalogue(lang)
    assert set(other) == set(source)
    assert [k for k in source if placeholders(source[k]) != placeholders(other[k])] == []
    assert [k for k, words in other.items() if not words.strip()] == []


def test_every_word_is_used() -> None:
    """By its full key, by a key that is put together (``t(f"column.{key}")``), or as a word of a closed list."""
    prefixes = set(re.findall(r"f\"(\w+\.\w*)\{", TEXT))
    closed = {f"{group}." for group in re.findall(r"known\(\"(\w+)\"", TEXT)} | {"severity_means.", "role."}
    closed |= {f"direction.{one.name.lower()}" for one in Direction}
    unused = [
        key
        for key in catalogue(SOURCE)
        if not re.search(rf"[\"']{re.escape(key)}[\"']", TEXT)
        and not any(key.startswith(p) and f'"{key.removeprefix(p)}"' in TEXT for p in prefixes)
        and not any(key.startswith(group) for group in closed)
    ]
    assert unused == []


def test_an_unknown_language_lists_those_that_exist() -> None:
    with pytest.raises(UnknownLanguageError, match="en, ja, vi"):
        Translator("fr")
