"""``monitoring_report.pdf``: the report on paper, with ``result.json`` inside.

Nothing is fetched while it is rendered. Its dates are those of the report, its
identifier follows from its content: the same result gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, NoReturn

from markupsafe import Markup, escape

from jcm_mrv.collector import without_collector
from jcm_mrv.reporting.document.document import document_of
from jcm_mrv.reporting.document.glyphs import as_pictures
from jcm_mrv.reporting.document.own_templates import styled
from jcm_mrv.reporting.document.requirements import refuse_without, unprintable
from jcm_mrv.reporting.document.templating import css_string, render, text_of, visible_text
from jcm_mrv.reporting.document.translations import Translator
from jcm_mrv.reporting.redaction import public_data, redacted, secrets_of
from jcm_mrv.reporting.result_json import canonical_sha256, result_json
from jcm_mrv.result import Result

if TYPE_CHECKING:
    from weasyprint import HTML

ATTACHMENT, MANIFEST = "result.json", "inputs.sha256"
VARIANT = "pdf/a-3u"
"""For archives: everything that is needed to show it lies inside, every letter is one of Unicode."""


def report_pdf(result: Result, lang: str = "en") -> bytes:
    """The report as a PDF.

    Raises UnknownLanguageError, and RequirementError where a system library
    or a font for the language is missing.
    """
    refuse_without(("pdf",), lang)
    with without_collector():
        html = paper_html(result, lang)
        data = result_json(result)
        return printed(html, lang, _result(data, lang), moment_of(result), _manifest(data, lang))


def public_pdf(result: Result, lang: str = "en") -> bytes:
    """The report without what the project marks as confidential, and with such a ``result.json`` inside.

    Raises RedactionError where nothing or something that cannot be taken out is marked, else as :func:`report_pdf`.
    """
    refuse_without(("pdf",), lang)
    html, data = public_page(result, lang)
    return printed(html, lang, _result(data, lang), moment_of(result))


def public_page(result: Result, lang: str) -> tuple[str, bytes]:
    """The page of the public version, and the ``result.json`` that lies in it. Raises RedactionError."""
    secrets = secrets_of(result.data)
    shown = redacted(result, secrets)
    data, digest, stated = public_data(shown, secrets)
    html = secrets.hidden_html(paper_html(shown, lang)).replace(stated, digest)
    earlier = shown.data.previous
    published = (digest,) if earlier is None else (digest, canonical_sha256(earlier.result))
    secrets.refuse_left(html, data.decode("utf-8"), published)
    return html, data


def _result(data: bytes, lang: str) -> Enclosure:
    return Enclosure(ATTACHMENT, data, Translator(lang)("word.attachment"))


def _manifest(data: bytes, lang: str) -> Enclosure:
    """The checksums of what was read, in the form of sha256sum, as the result has them.

    The package's own manifest cannot lie in the PDF: it holds the PDF's checksum.
    """
    return Enclosure(MANIFEST, checksums(json.loads(data)["inputs"]), Translator(lang)("sources.inputs"))


def checksums(inputs: Iterable[Mapping[str, str]]) -> bytes:
    """The inputs of a result in the form of sha256sum."""
    return "".join(f"{one['sha256']}  {one['path']}\n" for one in inputs).encode("utf-8")


@dataclass(frozen=True)
class Enclosure:
    """A file inside a PDF, with what it is."""

    name: str
    content: bytes
    description: str


def printed(html: str, lang: str, enclosed: Enclosure, moment: datetime, *more: Enclosure) -> bytes:
    """A page as a PDF with files in it; ``moment`` stands for the time of writing."""
    with without_collector():
        return _written(printable(html, lang), (enclosed, *more), moment)


def paper_html(result: Result, lang: str) -> str:
    """The page that is printed."""
    return render("paper.html.jinja", document_of(result, lang), paper_look(result, lang))


def paper_look(result: Result, lang: str) -> dict[str, object]:
    """What a page on paper needs beside its document: its style, and what made it."""
    style = styled("\n".join([text_of("report.css"), text_of("paper.css"), page_style(lang)]))
    return {"style": Markup(style), "generator": "jcm-mrv " + result.software.get("jcm-mrv", "")}


def printable(html: str, lang: str) -> str:
    """A page in which a character that no installed font has stands as its code, which is said below its contents.

    WeasyPrint drops such characters without a word; a name that lost a letter must not be signed.
    """
    codes = unprintable(visible_text(html))
    if not codes:
        return html
    said = Translator(lang)("word.codes").replace("{codes}", ", ".join(codes.values()))
    html = html.translate({ord(character): code for character, code in codes.items()})
    before, end, rest = html.partition("</nav>" if "</nav>" in html else "</body>")
    return f'{before}<p class="note">{escape(said)}</p>\n{end}{rest}'


def page_style(lang: str) -> str:
    """The words around the page numbers, as style."""
    t = Translator(lang.partition("+")[0])
    before, _, rest = t("word.page_of").partition("{page}")
    between, _, after = rest.partition("{pages}")
    words = {"before": before, "between": between, "after": after}
    return "html {" + "".join(f" --page-{k}: {css_string(v)};" for k, v in words.items()) + " }\n"


def moment_of(result: Result) -> datetime:
    """The report's own date, which stands for the time of writing."""
    day = result.data.project.report_date
    return datetime.combine(day.date() if day else result.end, time(), UTC)


def _written(html: str, enclosed: Sequence[Enclosure], moment: datetime) -> bytes:
    from weasyprint import Attachment

    page, pictures = as_pictures(html)
    document = _page(page).render(cache=pictures)
    document.metadata.attachments = [
        Attachment(
            string=one.content,
            name=one.name,
            description=one.description,
            created=moment,
            modified=moment,
            relationship="Data",
        )
        for one in enclosed
    ]
    content = b"".join((html.encode("utf-8"), *(one.content for one in enclosed)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its colour profile open
        pdf = document.write_pdf(
            pdf_identifier=hashlib.sha256(content).digest()[:16], pdf_variant=VARIANT, pdf_tags=True
        )
    return bytes(pdf)


def _page(html: str) -> HTML:
    from weasyprint import HTML

    return HTML(string=html, url_fetcher=_refuse, base_url=None)


def _refuse(url: str, *_: object, **__: object) -> NoReturn:
    """The report refers to nothing outside itself; whatever would be fetched is not."""
    raise ValueError(f"the report does not fetch {url}")
