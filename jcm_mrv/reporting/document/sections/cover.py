"""The cover: what the report is about, and its one figure."""

from __future__ import annotations

from markupsafe import Markup

from jcm_mrv.reporting.document.blocks import Cover
from jcm_mrv.reporting.document.context import Context, spread
from jcm_mrv.reporting.document.tables import Cell
from jcm_mrv.reporting.result_json import result_sha256


def cover(context: Context) -> Cover:
    """The first page."""
    t, n, result = context.t, context.n, context.result
    indicative = result.indicative
    figure = n.tonnes(result.reductions) if indicative or result.credited is None else n.whole(result.credited)
    by_year = tuple(
        (str(y.year), n.tonnes(y.reductions) if indicative or y.credited is None else n.whole(y.credited))
        for y in result.years
    )
    return Cover(
        title=context.text("title"),
        facts=_facts(context),
        heading=t("cover.indicative") if indicative else t("cover.credited"),
        figure=figure,
        by_year=by_year if len(by_year) > 1 else (),
        explanation=t("cover.indicative_explained") if indicative else t("cover.credited_explained"),
    )


def _facts(context: Context) -> tuple[tuple[str, Cell], ...]:
    t, result = context.t, context.result
    cards = [m.bound.entry.card for m in result.methodologies]
    methods = Markup("<br>").join(f"{c.id}: {c.title.text}" for c in cards)
    rows: list[tuple[str, Cell]] = [
        (t("field.reference_number"), context.text("reference_number") or t("word.not_stated")),
        (t("field.methodology"), methods),
        (t("field.period"), period_text(context)),
        (t("field.country"), context.text("country")),
        (t("field.participants"), spread(context.text("participants")) or t("word.not_stated")),
        (t("field.third_party_entity"), context.text("third_party_entity") or t("word.not_stated")),
        (t("field.report_date"), report_date(context)),
    ]
    if version := context.text("report_version"):
        rows.append((t("field.report_version"), version))
    digest = Markup('<span class="digest">{}</span>').format(result_sha256(result))
    rows.append((t("field.result_sha256"), digest))
    return tuple(rows)


def period_text(context: Context) -> str:
    """The monitoring period from its first to its last day."""
    start, end = context.n.day(context.result.start), context.n.day(context.result.end)
    return context.t("word.from_to", start=start, end=end)


def report_date(context: Context) -> str:
    """The date that the project gives the report."""
    moment = context.result.data.project.report_date
    return context.n.day(moment.date() if moment else None)
