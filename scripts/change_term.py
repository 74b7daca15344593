"""Correct a term of a translation everywhere: change_term.py LANGUAGE "old term" "new term".

The glossary page, the catalogue and the words of the reports are changed together; English is not touched.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.pofile import read_po
from write_words import as_po

ROOT = Path(__file__).parents[1]


def change(lang: str, old: str, new: str, root: Path = ROOT) -> int:
    """Change it in the checkout at ``root``; how many texts were changed."""
    path = root / "jcm_mrv" / "translations" / f"{lang}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=lang)
    changed = 0
    for message in catalogue:
        if message.id:
            strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
            changed += sum(old in string for string in strings)
            renewed = tuple(string.replace(old, new) for string in strings)
            message.string = renewed[0] if isinstance(message.string, str) else renewed
    path.write_bytes(as_po(catalogue))
    pages = [root / "docs" / "glossary" / f"{lang}.md", *(root / "templates" / "translations" / lang).glob("*.toml")]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        changed += text.count(old)
        page.write_text(text.replace(old, new), encoding="utf-8")
    return changed


if __name__ == "__main__":
    sys.stdout.write(f"{change(*sys.argv[1:4])} texts changed\n")
