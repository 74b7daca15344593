"""Three whole languages: what has no translation, loses a value or is hidden from the catalogue is found here."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from shutil import copytree
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from jcm_mrv.languages import catalogue_of, of_environment
from support.scripts import load_script

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "jcm_mrv" / "translations"
LANGUAGES = ("vi", "ja")
# Messages that nobody has translated yet. The number may only fall; a new message is translated with it.
UNTRANSLATED = {"vi": 0, "ja": 0}
# Rooms whose findings and errors plant staff read; an f-string there would be English in every language.
ROOMS = ("quality", "claim", "meters", "logs", "invoices", "workbook", "time", "methodology/named.py")


def catalogue(lang: str) -> Catalog:
    with (CATALOGUES / f"{lang}.po").open("rb") as file:
        return read_po(file, locale=lang)


def texts(name: object) -> tuple[str, ...]:
    return (name,) if isinstance(name, str) else tuple(name)  # type: ignore[arg-type]


def fields(template: str) -> set[tuple[str, str | None, str | None]]:
    return {
        (field, spec, conversion) for _, field, spec, conversion in Formatter().parse(template) if field is not None
    }


def has_words(template: str) -> bool:
    """Whether anything is left to translate beside the placeholders."""
    return bool(re.search(r"[A-Za-z]{2}", "".join(literal for literal, *_ in Formatter().parse(template))))


@pytest.fixture(scope="module")
def collected() -> Catalog:
    return load_script("write_words").collected()  # type: ignore[no-any-return]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catalogue_holds_exactly_the_messages_of_the_program(lang: str, collected: Catalog) -> None:
    wanted = {texts(message.id)[0] for message in collected if message.id}
    held = {texts(message.id)[0] for message in catalogue(lang) if message.id}
    assert wanted - held == set(), "run make words, and translate what is new"
    assert held - wanted == set(), "run make words"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_is_translated(lang: str) -> None:
    wordy = [m for m in catalogue(lang) if m.id and has_words(texts(m.id)[0])]
    open_ones = [m.id for m in wordy if not all(texts(m.string or ""))]
    assert len(open_ones) <= UNTRANSLATED[lang], open_ones[:20]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_translation_loses_or_invents_a_value(lang: str) -> None:
    wrong = []
    for message in catalogue(lang):
        for string in texts(message.string or ""):
            if message.id and string:
                known = fields(texts(message.id)[0]) | fields(texts(message.id)[-1])
                if not fields(texts(message.id)[-1]) <= fields(string) <= known:
                    wrong.append((message.id, string))
    assert wrong == []


def _hidden(tree: ast.AST) -> list[int]:
    """Lines of f-strings with words in them that a finding or an instruction is made of."""
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = [k.value for k in node.keywords if k.arg in ("action", "found", "message")]
        given += node.args[:1] if re.fullmatch(r"[A-Z][A-Z_]+", name) and name != "PO" else []
        for text in given:
            literal = "".join(
                part.value
                for part in getattr(text, "values", [text])
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )
            if isinstance(text, ast.JoinedStr | ast.Constant) and len(re.findall(r"[A-Za-z]{2,}", literal)) > 1:
                lines.append(text.lineno)
    return lines


def test_messages_are_said_in_words() -> None:
    """``say("…", name=value)`` and no f-string: jcm_mrv/words.py says how."""
    hidden = []
    for room in ROOMS:
        place = ROOT / "jcm_mrv" / room
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found = _hidden(ast.parse(path.read_text(encoding="utf-8")))
            hidden += [f"{path.relative_to(ROOT)}:{line}" for line in found]
    assert hidden == []


def test_numbers_and_dates_follow_the_language() -> None:
    from datetime import date

    vietnamese, japanese = catalogue_of("vi"), catalogue_of("ja")
    assert vietnamese is not None
    assert japanese is not None
    assert (vietnamese.number("1,234.5"), japanese.number("1,234.5")) == ("1.234,5", "1,234.5")
    assert vietnamese.day(date(2023, 1, 9)) == "09/01/2023"
    assert japanese.day(date(2023, 1, 9)) == "2023年1月9日"


@pytest.mark.parametrize(
    ("variables", "lang"),
    [
        ({}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"JCM_MRV_LANG": "ja", "LC_ALL": "vi_VN"}, "ja"),
        ({"LC_ALL": "C", "LANG": "vi_VN"}, "en"),
    ],
)
def test_the_environment_says_which_language(
    variables: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JCM_MRV_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert of_environment() == lang


OFFICIAL = (
    "reference emissions",
    "emission reductions",
    "monitoring report",
    "monitoring period",
    "third-party entity",
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_official_terms_of_the_glossary_are_those_of_the_reports(lang: str) -> None:
    from jcm_mrv.reporting.document.translations import catalogue as words_of_reports

    page = (ROOT / "docs" / "glossary" / f"{lang}.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| ")]
    terms = {row[1].strip(): row[2].split("/")[0].strip().casefold() for row in rows}
    said = " ".join(words_of_reports(lang).values()).casefold()
    assert [term for term in OFFICIAL if terms[term] not in said] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_uses_a_word_that_the_glossary_rules_out(lang: str) -> None:
    """A reader must not take two words for two things: a meter is one word on paper, in the workbook and on screen."""
    from jcm_mrv.reporting.document.translations import catalogue as words_of_reports

    page = (ROOT / "docs" / "glossary" / f"{lang}.md").read_text(encoding="utf-8")
    ruled_out = re.findall(r"^\| (.+?) \| (.+?) \|$", page.partition("| Not | but |")[2], re.MULTILINE)[1:]
    said = [string for message in catalogue(lang) if message.id for string in texts(message.string or "")]
    said += words_of_reports(lang).values()
    wrong = [(no, text) for no, yes in ruled_out for text in said if no in text.casefold().replace(yes, "")]
    assert len(ruled_out) >= 7
    assert wrong == []


def test_a_term_is_corrected_in_one_line(tmp_path: Path) -> None:
    for part in ("jcm_mrv/translations", "docs/glossary", "templates/translations/vi"):
        copytree(ROOT / part, tmp_path / part)
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        changed = load_script("change_term").change("vi", "phát thải tham chiếu", "phát thải gốc", tmp_path)
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    assert changed > 1
    text = (tmp_path / "jcm_mrv" / "translations" / "vi.po").read_text(encoding="utf-8")
    assert "phát thải gốc" in text
    assert "phát thải tham chiếu" not in text
    assert "| reference emissions | phát thải gốc |" in (tmp_path / "docs" / "glossary" / "vi.md").read_text("utf-8")
