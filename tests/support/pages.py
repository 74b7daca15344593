"""Code blocks of a documentation page, so that a test runs what a reader would copy."""

from __future__ import annotations

import re
from pathlib import Path

_FILE = re.compile(r"^`([^`\n]+)`:\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files_on_page(page: Path) -> dict[str, str]:
    """Files that a page gives in full: a line with the name in backquotes and a colon, then the block."""
    found = dict(_FILE.findall(page.read_text(encoding="utf-8")))
    if not found:
        raise AssertionError(f"{page.name} gives no file")
    return found


def write_files(page: Path, folder: Path) -> None:
    """Write the page's files below a folder, as its reader would."""
    for name, text in files_on_page(page).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
