"""The methodology: what it is, how far it is confirmed, its equations in symbols and with numbers."""

from __future__ import annotations

from markupsafe import Markup

from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Default, Monitored, Switch
from jcm_mrv.quantities.expression import Constant, Defined, Input, Label, Named
from jcm_mrv.reporting.document.blocks import Block, Facts, Heading, Section, Tabular, Text
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.equations import equation, ordered
from jcm_mrv.reporting.document.tables import Cell, Column, Table, symbol, table, unit
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
        blocks.append(Tabular(context.t("method.symbols"), _symbols(context, one.bound)))
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
        text = f"{choice.text} ({_sourced(context, choice.source, choice.evidence)})"
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
    return f"{source}; {context.t('column.evidence_level')}: {context.t.known('evidence', evidence)}"


def _symbols(context: Context, bound: Bound) -> Table:
    """The symbols of the equations with their meaning and unit, in alphabetical order."""
    t = context.t
    nodes = {n.symbol: n for n in bound.nodes if n.symbol and not (isinstance(n, Switch) and n.set_by == "card")}
    rows: list[list[Cell]] = [
        [symbol(nodes[name]), nodes[name].label, _unit(nodes[name]), t(f"role.{_role(context, nodes[name])}")]
        for name in sorted(nodes, key=str.casefold)
    ]
    indexes = {s.index: s.label for n in nodes.values() for s in n.sets}
    note = "; ".join(f"{index}: {label}" for index, label in sorted(indexes.items()))
    columns = [Column(t("column.symbol"), width=15), Column(t("column.meaning"), width=45), Column(t("column.unit"))]
    return table([*columns, Column(t("column.origin_kind"))], rows, note=t("method.indexes", indexes=note))


def _unit(node: Named) -> Cell:
    return unit(node.unit) if isinstance(node, Defined | Input | Constant) else Markup("-")


def _role(context: Context, node: Named) -> str:
    if id(node) in context.measured or isinstance(node, Monitored):
        return "monitored"
    if isinstance(node, Defined):
        return "calculated"
    if isinstance(node, Constant):
        return "constant"
    if isinstance(node, Label):
        return "choice"
    return "default" if isinstance(node, Default) else "fixed"
