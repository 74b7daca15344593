"""Page one: what the report is about, its figure with the years, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from jcm_mrv.methodology.selection import folded
from jcm_mrv.reporting.document.blocks import Cover
from jcm_mrv.reporting.document.context import Context, spread
from jcm_mrv.reporting.document.sections.state import states
from jcm_mrv.reporting.document.tables import Cell, Column, Table, table
from jcm_mrv.reporting.document.traced import credited, over_years
from jcm_mrv.reporting.standing import standing, tonnes_head
from jcm_mrv.result import Result, YearResult


def cover(context: Context) -> Cover:
    """The first page."""
    result = context.result
    explained = "claimed_explained" if result.questions else "credited_explained"
    return Cover(
        title=context.text("title"),
        facts=_facts(context),
        heading=standing(result, context.t),
        figure=_figure(context),
        explanation=context.t("front.indicative_explained" if result.indicative else f"front.{explained}"),
        doubtful=result.questions > 0,
        by_year=_by_year(context),
        states=states(context),
        signed_by=context.t("front.legal_representative" if _in_viet_nam(context) else "cover.signature"),
    )


def _figure(context: Context) -> str:
    result = context.result
    if result.credited is not None:
        return credited(context)
    return over_years(context, context.n.tonnes(result.reductions), result.claim.ER)


def _in_viet_nam(context: Context) -> bool:
    """Reports there are signed by the legal representative and sealed."""
    return "vietnam" in folded(context.text("country")).replace(" ", "")


def _facts(context: Context) -> tuple[tuple[str, Cell], ...]:
    t, result = context.t, context.result
    cards = [m.bound.entry.card for m in result.methodologies]
    methods = Markup("<br>").join(f"{c.id}: {c.title.text}" for c in cards)
    version = context.text("report_version")
    rows: list[tuple[str, Cell]] = [
        (t("field.reference_number"), context.text("reference_number") or t("word.not_stated")),
        (t("field.methodology"), methods),
        (t("field.period"), period_text(context)),
        (t("field.country"), context.text("country")),
        (t("field.participants"), spread(context.text("participants")) or t("word.not_stated")),
        (t("field.third_party_entity"), context.text("third_party_entity") or t("word.not_stated")),
        (
            t("field.report_date"),
            report_date(context) + (f" ({t('field.report_version')}: {version})" if version else ""),
        ),
    ]
    return tuple(rows)


def _by_year(context: Context) -> Table:
    """Downwards what is reported, across the years: so that a few years stand beside the state."""
    t, n, years, result, claim = context.t, context.n, context.result.years, context.result, context.result.claim
    estimates = [y.estimate for y in years]
    expected = None if None in estimates else sum(e for e in estimates if e is not None)
    lines: list[tuple[str, Callable[[YearResult | Result, int | None], str]]] = [
        (t("column.RE"), lambda y, k: over_years(context, n.tonnes(y.reference), claim.RE, k)),
        (t("column.PE"), lambda y, k: over_years(context, n.tonnes(y.project), claim.PE, k)),
    ]
    if result.leakage is not None:
        lines.append((t("column.LE"), lambda y, k: over_years(context, n.tonnes(y.leakage), claim.LE, k)))
    lines += [
        (t("column.ER"), lambda y, k: over_years(context, n.tonnes(y.reductions), claim.ER, k)),
        (tonnes_head(result, t), lambda _, k: credited(context, k)),
        (t("column.estimate"), lambda y, _: n.given(expected if isinstance(y, Result) else y.estimate)),
        (
            t("column.difference"),
            lambda y, _: difference(context, y.reductions, expected if isinstance(y, Result) else y.estimate),
        ),
    ]
    total = [Column(t("word.total"), "number")] if len(years) > 1 else []
    columns = [Column(""), *(Column(str(y.year), "number") for y in years), *total]
    rows: list[list[Cell]] = [
        [head, *(value(y, k) for k, y in enumerate(years)), *([value(result, None)] if total else [])]
        for head, value in lines
    ]
    return table(columns, rows)


def difference(context: Context, reductions: float, estimate: float | None) -> str:
    """How far the reductions are from the estimate, in per cent of it."""
    if not estimate:
        return context.n.fixed(None, 1)
    text = context.n.fixed((reductions / estimate - 1) * 100, 1)
    return f"{text} %" if text.startswith("-") else f"+{text} %"


def period_text(context: Context) -> str:
    """The monitoring period from its first to its last day; with two languages its days stand there once."""
    start, end = context.n.day(context.result.start), context.n.day(context.result.end)
    if "+" in context.t.lang:
        return f"{start} – {end}"
    return context.t("word.from_to", start=start, end=end)


def report_date(context: Context) -> str:
    """The date that the project gives the report."""
    moment = context.result.data.project.report_date
    return context.n.day(moment.date() if moment else None)
