"""The methodology: what it is, how far it is confirmed, its equations in symbols and with numbers."""

from __future__ import annotations

from jcm_mrv.claim.measuring import Chain
from jcm_mrv.quantities.expression import Defined
from jcm_mrv.reporting.document.blocks import Block, Facts, Heading, Section, Text
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.equations import equation, ordered
from jcm_mrv.reporting.document.tables import Cell
from jcm_mrv.result import MethodologyResult


def method_section(context: Context) -> Section:
    """Every methodology of the claim with its equations."""
    blocks: list[Block] = []
    several = len(context.result.methodologies) > 1
    for one in context.result.methodologies:
        if several:
            blocks.append(Heading(one.bound.entry.card.id))
        blocks.append(Facts(_facts(context, one)))
        if not one.confirmed:
            blocks.append(Text(context.t("method.not_confirmed"), "warning"))
        blocks.append(Heading(context.t("method.equations")))
        blocks.append(Text(context.t("method.equations_explained"), "note"))
        blocks += [equation(context, defined) for defined in ordered(context, one.bound)]
    if context.result.claim.chains:
        blocks += [Heading(context.t("monitoring.chain")), Text(context.t("monitoring.chain_explained"), "note")]
        blocks += _chain(context)
    return Section("method", context.t("section.method"), tuple(blocks))


def _facts(context: Context, one: MethodologyResult) -> tuple[tuple[Cell, Cell], ...]:
    t, card = context.t, one.bound.entry.card
    rows: list[tuple[Cell, Cell]] = [
        (t("field.methodology"), f"{card.id}: {card.title.text}"),
        (t("field.scope"), card.scope),
        (t("field.status"), t.known("status", card.status) + _whether(context, one)),
        (t("field.equation_source"), _sourced(context, card.equation.source, card.equation.evidence)),
    ]
    for name, choice in card.choices.items():
        text = f"{context.said(choice.text)} ({_sourced(context, choice.source, choice.evidence)})"
        rows.append((t("field.choice", symbol=name), text))
    rows += [(t("field.note"), note) for note in card.notes]
    return tuple(rows)


def _whether(context: Context, one: MethodologyResult) -> str:
    values = context.result.claim.bound_values[context.result.claim.bounds.index(one.bound)]
    given = values.equation_confirmed
    if given is None:
        return ""
    page = f", {context.t('word.page', page=given.page)}" if given.page else ""
    return f"; {context.t('method.confirmed_by', document=given.document + page)}"


def _sourced(context: Context, source: str, evidence: str) -> str:
    return f"{context.said(source)}; {context.t('column.evidence_level')}: {context.t.known('evidence', evidence)}"


def _chain(context: Context) -> list[Block]:
    """The equations from a reading to a point, as the chain with the most of them has them.

    They are alike in every unit. Corrections are only where something was
    corrected, years only where a parameter is monitored by year.
    """
    evaluation = context.result.evaluation
    steps = [[step for step in _steps(chain) if step in evaluation] for chain in context.result.claim.chains]
    return [equation(context, step) for step in max(steps, key=len)]


def _steps(chain: Chain) -> list[Defined]:
    graph = chain.graph
    corrections = [chain.correction_graph.C, chain.correction_graph.E_corr] if chain.correction_graph else []
    return [graph.E, graph.E_raw, *corrections, graph.E_used, graph.E_term, graph.E_month, graph.E_year]
