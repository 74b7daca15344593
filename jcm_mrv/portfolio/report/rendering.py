"""The report on a portfolio as PDF and as one page for a browser, in which each member unfolds to what is behind it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC

from markupsafe import Markup

from jcm_mrv import __version__
from jcm_mrv.portfolio.gathering import Read
from jcm_mrv.portfolio.outcome import MemberResult, PortfolioResult, Row
from jcm_mrv.portfolio.records import Record
from jcm_mrv.portfolio.report.sections import Words, sections
from jcm_mrv.portfolio.tables import TABLES
from jcm_mrv.portfolio.tonnes import Kind
from jcm_mrv.reporting.document.blocks import Block, Cover, Document, Tabular
from jcm_mrv.reporting.document.pdf import Enclosure, page_style, printed
from jcm_mrv.reporting.document.requirements import refuse_without
from jcm_mrv.reporting.document.tables import Column, table
from jcm_mrv.reporting.document.templating import render, text_of
from jcm_mrv.workbook.template.styles import CREATED

DATA = "portfolio.json"
_PARAMETERS = ("symbol", "index", "value", "text", "unit", "origin")
_FINDINGS = ("severity", "code", "message", "found", "origin", "effect_tco2e")


@dataclass(frozen=True)
class Detail:
    """What unfolds below a member: ``link`` leads to its own report, "" where there is none."""

    title: str
    link: str
    blocks: tuple[Block, ...]


def document(w: Words) -> Document:
    """The report in blocks."""
    p = w.result.portfolio
    found = w.result.totals()
    facts = [(w("place"), p.place), (w("members"), str(len(p.members))), (w("note"), p.note)]
    facts += [(w(str(kind)), cell) for kind, cell in zip(Kind, w.tonnes(found), strict=True) if getattr(found, kind)]
    twice = w.result.counted_twice
    cover = Cover(
        title=p.title,
        facts=tuple((name, value) for name, value in facts if value and not (twice and name in map(w, map(str, Kind)))),
        heading=w("no_total") if twice else w("tonnes"),
        figure="",
        explanation=w("tonnes_note"),
    )
    return Document(w.lang, p.title, w("kind"), w("no_total") if twice else "", p.name, "", "", cover, sections(w))


def report_pdf(result: PortfolioResult, tables: bytes, lang: str = "en") -> bytes:
    """The report on paper, ``tables`` of the store as JSON inside it. Raises UnknownLanguageError, RequirementError."""
    refuse_without(("pdf",), lang)
    style = "\n".join([text_of("report.css"), text_of("paper.css"), page_style(lang)])
    extra = {"style": Markup(style), "generator": f"jcm-mrv {__version__}", "screen": False, "details": ()}
    html = render("portfolio.html.jinja", document(Words(result, lang)), extra)
    return printed(html, lang, Enclosure(DATA, tables, DATA), CREATED.replace(tzinfo=UTC))


def report_page(result: PortfolioResult, read: Read, links: Mapping[str, str], lang: str = "en") -> bytes:
    """The report as one page; ``read`` gives what unfolds of a member, ``links`` lead to their own reports."""
    w = Words(result, lang)
    style = "\n".join([text_of("report.css"), text_of("screen.css")])
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    extra = {
        "style": Markup(style),
        "style_hash": f"sha256-{digest}",
        "generator": f"jcm-mrv {__version__}",
        "screen": True,
        "details": (
            Detail(w.titles[m.member.name], links.get(m.member.name, ""), tuple(_behind(w, m, read(m.member.name))))
            for m in result.members
        ),
    }
    return render("portfolio.html.jinja", document(w), extra).encode("utf-8")


def _behind(w: Words, one: MemberResult, record: Record | None) -> Iterator[Block]:
    """The years of a member, its parameters with their places, and what was found."""
    years = [[str(year), *w.tonnes(found)] for year, found in w.result.by_year([one]).items()]
    yield Tabular(w("by_year"), table([Column(w("year")), *w.kinds()], years))
    for name, caption, keys in (("parameters", "parameters", _PARAMETERS), ("findings", "found_in_it", _FINDINGS)):
        rows = () if record is None else record.rows.get(name, ())
        if rows:
            cells = [[_cell(w, row, key) for key in keys] for row in rows]
            yield Tabular(w(caption), table([Column(w(key)) for key in keys], cells))


def _cell(w: Words, row: Row, key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return w.n.given(float(value))
    return w.severity(value) if key == "severity" else w.said(value)


class JsonTables:
    """The tables of the store as one JSON document, each row written as it comes."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {name: [] for name in sorted(TABLES)}

    def take(self, table: str, rows: Iterable[Row]) -> None:
        """Add rows to a table."""
        self._lines[table] += (json.dumps(row, ensure_ascii=False, allow_nan=False, sort_keys=True) for row in rows)

    def content(self) -> bytes:
        """The document."""
        tables = (f'"{name}": [\n' + ",\n".join(lines) + "\n]" for name, lines in self._lines.items())
        return ("{\n" + ",\n".join(tables) + "\n}\n").encode("utf-8")
