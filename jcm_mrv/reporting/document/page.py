"""``monitoring_report.html``: the report as one file for a browser, with ``result.json`` inside.

No script, and a policy that forbids every request: the page shows the same
today and in ten years, with or without a network.
"""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from jcm_mrv.reporting.document.document import document_of
from jcm_mrv.reporting.document.templating import render, text_of
from jcm_mrv.reporting.result_json import result_json
from jcm_mrv.result import Result


def report_page(result: Result, lang: str = "en") -> bytes:
    """The report as a self-contained HTML page in UTF-8. Raises UnknownLanguageError."""
    style = "\n".join([text_of("report.css"), text_of("screen.css")])
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    extra = {
        "style": Markup(style),
        "style_hash": f"sha256-{digest}",
        "attachment": base64.b64encode(result_json(result)).decode("ascii"),
        "generator": "jcm-mrv " + result.software.get("jcm-mrv", ""),
    }
    return render("screen.html.jinja", document_of(result, lang), extra).encode("utf-8")
