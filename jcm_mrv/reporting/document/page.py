"""``monitoring_report.html``: the report as one file for a browser, with ``result.json`` inside.

A policy forbids every request and every script but the page's own, which it names by its hash: the page shows the same
today and in ten years, with or without a network. Without the script it reads as the paper does; the script sorts and
filters tables and findings and unfolds numbers from the traces that stand in the page as data.
"""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from jcm_mrv.reporting.document.document import document_of
from jcm_mrv.reporting.document.templating import render, text_of
from jcm_mrv.reporting.document.traced import Traces
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.result_json import result_json
from jcm_mrv.result import Result

MOST_BYTES = 5_000_000
"""A page above it is written without traces, and says so: it is to open on a phone."""
_SAID = (
    "trace", "close", "sort", "filter", "rows", "more", "left_out", "severity", "meter", "all", "findings_shown",
)  # fmt: skip
"""Words that the script says."""


def report_page(result: Result, lang: str = "en") -> bytes:
    """The report as a self-contained HTML page in UTF-8. Raises UnknownLanguageError."""
    document, t = document_of(result, lang), Translator(lang)
    traces = Traces.of(result, lang)
    words = {key: t(f"page.{key}") for key in _SAID}
    style, script = "\n".join([text_of("report.css"), text_of("screen.css")]), text_of("screen.js")
    extra = {
        "style": Markup(style),
        "style_hash": _hash(style),
        "script": Markup(script),
        "script_hash": _hash(script),
        "attachment": base64.b64encode(result_json(result)).decode("ascii"),
        "generator": "jcm-mrv " + result.software.get("jcm-mrv", ""),
    }
    marked = traces.marked(document)
    page = render("screen.html.jinja", marked, {**extra, "data": traces.json(words), "too_large": False}).encode()
    if len(page) <= MOST_BYTES:
        return page
    bare = {"data": Traces.none(lang).json(words), "too_large": True}
    return render("screen.html.jinja", document, {**extra, **bare}).encode()


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
