"""Collect every text that a person reads and bring the catalogues up to date: write_words.py FOLDER [LANGUAGE ...].

Texts of the program are found in its source by Babel (``say``, ``say_plural``, titles of findings, settings); texts that
stand in data (the schema of the monitoring workbook, cards, labels of quantities, help of the commands) are asked of the
objects that carry them. FOLDER gets ``words.pot`` and, for each language, its ``.po`` with the new messages untranslated
and those that are gone left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
KEYWORDS = {"say": None, "as_words": None, "say_plural": (1, 2), "Code": (3,), "Setting": (4,)}
LANGUAGES = ("vi", "ja")
WIDTH = 120

Message = tuple[str | tuple[str, str], str]


def in_source() -> Iterator[Message]:
    """Messages of the program, each with the file that it stands in."""
    for folder in ("jcm_mrv", "methodologies"):
        found = extract_from_dir(ROOT / folder, [("**.py", "python")], {"**": {}}, KEYWORDS)
        for file, _line, message, _comments, _context in sorted(found, key=lambda one: (one[0], one[1])):
            yield _message(message), f"{folder}/{Path(file).as_posix()}"


def _message(message: object) -> str | tuple[str, str]:
    return (message[0], message[1]) if isinstance(message, tuple) else str(message)


def collected() -> Catalog:
    """All messages in the order of their places."""
    from words_in_data import in_data

    catalog = Catalog(project="jcm-mrv", charset="utf-8", fuzzy=False)
    for message, place in (*in_source(), *in_data()):
        if (message[0] if isinstance(message, tuple) else message).strip():
            catalog.add(message, locations=[(place, 0)])
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """A catalogue as text, without dates that would change it every day."""
    out = BytesIO()
    write_po(out, catalog, width=WIDTH, omit_header=False, include_lineno=False, sort_by_file=False)
    stamped = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Last-Translator", "Language-Team")
    lines = [
        line for line in out.getvalue().decode().splitlines() if not line.startswith(tuple(f'"{s}' for s in stamped))
    ]
    return ("\n".join(lines).strip() + "\n").encode()


def updated(path: Path, language: str, template: Catalog) -> Catalog:
    """The catalogue of a language with exactly the messages of the template, translations kept."""
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    else:
        known = Catalog(locale=language)
    new = Catalog(locale=language, project="jcm-mrv", charset="utf-8", fuzzy=False)
    for message in template:
        if message.id:
            there = known.get(message.id[0] if isinstance(message.id, tuple) else message.id)
            string = (
                there.string
                if there is not None and isinstance(there.string, str) != isinstance(message.id, tuple)
                else None
            )
            new.add(message.id, string, locations=message.locations)
    return new


def main(folder: Path, languages: tuple[str, ...]) -> None:
    """Write the template and every catalogue."""
    folder.mkdir(parents=True, exist_ok=True)
    template = collected()
    (folder / "words.pot").write_bytes(as_po(template))
    for language in languages:
        path = folder / f"{language}.po"
        path.write_bytes(as_po(updated(path, language, template)))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(Path(sys.argv[1]), tuple(sys.argv[2:]) or LANGUAGES)
