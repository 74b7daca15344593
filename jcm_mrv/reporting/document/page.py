"""``monitoring_report.html``: the report as one file for a browser, with ``result.json`` inside.

A policy forbids every request and every script but the page's own, which it names by its hash: the page shows the same
today and in ten years, with or without a network. Without the script it reads as the paper does, with whole tables; the
script sorts, filters and pages tables and findings, draws charts to read values from, shows one meter by itself, and
unfolds numbers from the traces that stand in the page as data.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict

from markupsafe import Markup

from jcm_mrv.reporting.document.blocks import Figure
from jcm_mrv.reporting.document.curves import meter_curves
from jcm_mrv.reporting.document.document import document_of
from jcm_mrv.reporting.document.own_templates import styled
from jcm_mrv.reporting.document.templating import render, text_of
from jcm_mrv.reporting.document.traced import Traces
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.result_json import result_json
from jcm_mrv.result import Result

MOST_BYTES = 5_000_000
"""A page above it is written without traces, then without whole tables too, and says so: it is to open on a phone."""
_CHARTS = "vendor/uplot"
_SAID = (
    "trace", "close", "sort", "filter", "rows", "more", "left_out", "severity", "meter", "all", "findings_shown",
    "choose", "arrows", "as_read", "by_day", "gap", "overdue", "swap", "findings_of", "nothing_drawn",
)  # fmt: skip
"""Words that the script says."""


def report_page(result: Result, lang: str = "en") -> bytes:
    """The report as a self-contained HTML page in UTF-8. Raises UnknownLanguageError."""
    document, t = document_of(result, lang), Translator(lang)
    traces = Traces.of(result, lang)
    words = {key: t(f"page.{key}") for key in _SAID}
    style = styled("\n".join(map(text_of, ("report.css", f"{_CHARTS}/uPlot.min.css", "screen.css"))))
    licence = f"/*! uPlot\n{text_of(f'{_CHARTS}/LICENSE')}*/"
    script = "\n".join([licence, text_of(f"{_CHARTS}/uPlot.iife.min.js"), text_of("screen.js")])
    extra: dict[str, object] = {
        "style": Markup(style),
        "style_hash": _hash(style),
        "script": Markup(script),
        "script_hash": _hash(script),
        "attachment": base64.b64encode(result_json(result)).decode("ascii"),
        "generator": "jcm-mrv " + result.software.get("jcm-mrv", ""),
    }
    curves = meter_curves(result)
    blocks = (block for section in document.sections for block in section.blocks)
    charts = [asdict(block.chart) for block in blocks if isinstance(block, Figure) and block.chart is not None]
    data = {"curves": curves, "charts": charts}
    extra["meters"] = [one["meter"] for one in curves]
    for own, whole in ((traces, True), (Traces.none(lang), True), (Traces.none(lang), False)):
        marked = own.marked(document, whole=whole)
        size = {"without_traces": own is not traces, "without_rows": not whole}
        page = render("screen.html.jinja", marked, {**extra, **size, "data": own.json(words, data)}).encode()
        if len(page) <= MOST_BYTES:
            break
    return page


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
