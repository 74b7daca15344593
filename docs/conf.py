"""How the documentation becomes a site, browsed and searched without a network: ``make docs``, then ``build/site``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from jcm_mrv import __version__  # noqa: E402  (the checkout's own, whichever is installed)

project = "jcm-mrv"
version = release = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"jcm-mrv {__version__}"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False

# The pages lie where their readers find them in the checkout; the site follows.
include_patterns = [
    "docs/*.md",
    "docs/findings/*.md",
    "docs/glossary/*.md",
    "docs/images/*",
    "examples/*/README.md",
    "methodologies/*/README.md",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
]
root_doc = "docs/README"
source_suffix = {".md": "markdown"}
myst_heading_anchors = 4
myst_links_external_new_tab = False

# The menu beside every page. It stands here, since the pages themselves are also read as they are.
MENU = {
    "For whom": ["docs/proponent", "docs/proponent.*", "docs/verifier", "docs/methodology_developer", "docs/tutorial"],
    "Reference": ["docs/*", "docs/glossary/*"],
    "Findings": ["docs/findings/README", "docs/findings/*"],
    "Families of methodologies": ["methodologies/*/README"],
    "Examples": ["examples/*/README"],
    "The project": ["README", "CHANGELOG", "CONTRIBUTING"],
}


def add_menu(_app: Any, page: str, source: list[str]) -> None:
    """The menu at the end of the first page, where the site takes it from."""
    if page == root_doc:
        source[0] += "".join(_menu(name, pages) for name, pages in MENU.items())


def _menu(name: str, pages: list[str]) -> str:
    lines = ["```{toctree}", f":caption: {name}", ":hidden:", ":glob:", "", *(f"/{page}" for page in pages), "```"]
    return "\n\n" + "\n".join(lines) + "\n"


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", add_menu)
