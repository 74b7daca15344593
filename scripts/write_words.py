"""Collect every text that a person reads and bring the catalogues up to date: write_words.py FOLDER [LANGUAGE ...].

Texts of the program are found in its source by Babel (``say``, ``say_plural``, titles of findings, settings). Those
that stand in data (the schema of the monitoring workbook, cards, labels of quantities) are asked of the objects that
carry them. FOLDER gets ``words.pot`` and each ``LANGUAGE.po``: what is new in it untranslated, what is gone left out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from jcm_mrv.words import Words

ROOT = Path(__file__).parents[1]
KEYWORDS = {
    "say": None,
    "as_words": None,
    "say_plural": (1, 2),
    "Code": (3,),
    "Setting": (4,),
    "Set": (3,),
    **dict.fromkeys(("Input", "Defined"), (2,)),
}
LANGUAGES = ("vi", "ja")
DATED = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Language-Team')

ADDRESS = re.compile(r"[\w.:/%-]+/[\w./%-]+")
"""An address, which is the same in every language."""

Message = str | tuple[str, str]


def messages() -> Iterator[tuple[Message, str]]:
    """Every message, each with the file or the object that it stands in; one may stand in several."""
    yield from in_source()
    yield from in_schema()
    yield from in_methodologies()
    yield from in_portfolios()
    yield from in_commands()


def in_source() -> Iterator[tuple[Message, str]]:
    """Messages of the program."""
    for folder in ("jcm_mrv", "methodologies"):
        found = extract_from_dir(ROOT / folder, [("**.py", "python")], {"**": {}}, KEYWORDS)
        for file, _line, message, _comments, _context in sorted(found, key=lambda one: (one[0], one[1])):
            yield (message[0], message[1]) if isinstance(message, tuple) else message, f"{folder}/{file}"


def in_schema() -> Iterator[tuple[str, str]]:
    """Headings, comments, choices and descriptions of the monitoring workbook."""
    from jcm_mrv.workbook.schema import SHEETS

    for sheet in SHEETS:
        yield sheet.about, "jcm_mrv/workbook/schema_text.py"
        for column in sheet.columns:
            yield column.heading, f"sheet {sheet.title}"
            for text in (column.comment, *column.choices):
                yield text, f"sheet {sheet.title}"


def in_methodologies() -> Iterator[tuple[str, str]]:
    """Texts of cards and labels of quantities of the built-in methodologies."""
    from jcm_mrv.methodology.catalogue import BUILT_IN, catalogue
    from jcm_mrv.methodology.said import texts_of

    for entry in catalogue().entries:
        if entry.package == BUILT_IN:
            for text in texts_of(entry):
                if not ADDRESS.fullmatch(text):
                    yield text, f"methodologies/{entry.card.family}"


def in_portfolios() -> Iterator[tuple[str, str]]:
    """Meanings of the keys of a portfolio, and the criteria and thresholds of eco-industrial parks."""
    from jcm_mrv.portfolio.keys import KEYS
    from jcm_mrv.portfolio.park.rules import rules

    for keys in KEYS.values():
        for key in keys:
            yield key.meaning, "jcm_mrv/portfolio/keys.py"
    criteria, thresholds = rules()
    for text in (*(one.text for one in criteria), *(one.source for one in (*criteria, *thresholds))):
        yield text, "jcm_mrv/portfolio/park/rules.toml"


def in_commands() -> Iterator[tuple[str, str]]:
    """Help of every command and option, by paragraphs, and click's own words."""
    from jcm_mrv.cli import helps, program

    def texts(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
        for text in helps.paragraphs(command.help or ""):
            yield text, f"help of {name}"
        for option in command.params:
            text = getattr(option, "help", None) or ""
            if not isinstance(text, Words):
                yield text, f"help of {name}"
        if isinstance(command, click.Group):
            context = click.Context(command, info_name=name)
            for one in command.list_commands(context):
                inner = command.get_command(context, one)
                if inner is not None:
                    yield from texts(inner, f"{name} {one}")

    yield from texts(program, "jcm-mrv")
    for text in helps.CLICK:
        yield text, "click"


def collected() -> Catalog:
    """All messages in the order of their places."""
    catalog = Catalog(project="jcm-mrv", charset="utf-8", fuzzy=False)
    for message, place in messages():
        if (message if isinstance(message, str) else message[0]).strip():
            catalog.add(message, locations=[(place, 0)])
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """A catalogue as text, without dates that would change it every day."""
    out = BytesIO()
    write_po(out, catalog, width=120, include_lineno=False)
    lines = [line for line in out.getvalue().decode().splitlines() if not line.startswith(DATED)]
    return ("\n".join(lines).strip() + "\n").encode()


def updated(path: Path, language: str, template: Catalog) -> Catalog:
    """The catalogue of a language with exactly the messages of the template, translations kept."""
    known = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    new = Catalog(locale=language, project="jcm-mrv", charset="utf-8", fuzzy=False)
    for message in template:
        if message.id:
            new.add(message.id, _kept(message, known), locations=message.locations)
    return new


def _kept(message: Entry, known: Catalog) -> str | tuple[str, ...] | None:
    there = known.get(message.id if isinstance(message.id, str) else message.id[0])
    same_kind = there is not None and isinstance(there.id, str) == isinstance(message.id, str)
    return there.string if there is not None and same_kind else None


def main(folder: Path, languages: tuple[str, ...]) -> None:
    """Write the template and every catalogue."""
    template = collected()
    (folder / "words.pot").write_bytes(as_po(template))
    for language in languages:
        path = folder / f"{language}.po"
        path.write_bytes(as_po(updated(path, language, template)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]) or LANGUAGES)
