"""The report of a result in one language: a cover and numbered sections, for paper and for the screen alike."""

from __future__ import annotations

from collections.abc import Callable

from jcm_mrv.reporting.document.blocks import Document, Section
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.sections.changes import changes_section
from jcm_mrv.reporting.document.sections.cover import cover, period_text
from jcm_mrv.reporting.document.sections.data import data_section
from jcm_mrv.reporting.document.sections.findings import findings_section
from jcm_mrv.reporting.document.sections.glossary import glossary_section
from jcm_mrv.reporting.document.sections.method import method_section
from jcm_mrv.reporting.document.sections.monitoring import monitoring_section
from jcm_mrv.reporting.document.sections.parameters import parameters_section
from jcm_mrv.reporting.document.sections.project import project_section
from jcm_mrv.reporting.document.sections.result import result_section
from jcm_mrv.reporting.document.sections.sources import recompute_section, sources_section
from jcm_mrv.result import Result

# In the order of a verifier's questions.
_SECTIONS: tuple[Callable[[Context], Section | None], ...] = (
    changes_section,
    project_section,
    monitoring_section,
    data_section,
    method_section,
    result_section,
    findings_section,
    parameters_section,
    glossary_section,
    sources_section,
    recompute_section,
)


def document_of(result: Result, lang: str) -> Document:
    """The whole report. Raises UnknownLanguageError."""
    context = Context.of(result, lang)
    moment = result.data.project.report_date
    return Document(
        lang=lang,
        title=context.text("title"),
        subject=f"{context.t('cover.kind')}, {period_text(context)}",
        banner=context.t("cover.banner") if result.indicative else "",
        reference=context.text("reference_number"),
        date=f"{moment:%Y-%m-%d}" if moment else "",
        author=context.text("prepared_by"),
        cover=cover(context),
        sections=tuple(made for section in _SECTIONS if (made := section(context)) is not None),
    )
