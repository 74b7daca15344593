"""Every symbol and abbreviation that the report uses."""

from __future__ import annotations

from markupsafe import Markup

from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Default, Monitored, Switch
from jcm_mrv.quantities.expression import Constant, Defined, Input, Label, Named
from jcm_mrv.quantities.graph import of_type
from jcm_mrv.reporting.document.blocks import Block, Section, Tabular
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.tables import Cell, Column, Table, symbol, table, unit

_ABBREVIATIONS = ("JCM", "MRS", "PDD", "TPE", "GHG", "CO2e", "GWP", "CT_VT", "SHA_256")


def glossary_section(context: Context) -> Section:
    """The symbols of each methodology, those of the measuring chain, and abbreviations."""
    t = context.t
    several = len(context.result.methodologies) > 1
    blocks: list[Block] = []
    for one in context.result.methodologies:
        caption = t("method.symbols") + (f": {one.bound.entry.card.id}" if several else "")
        blocks.append(Tabular(caption, _symbols(context, one.bound)))
    if context.result.claim.chains:
        blocks.append(Tabular(t("register.glossary"), _chain_symbols(context)))
    rows = [[name.replace("CT_VT", "CT/VT").replace("_", "-"), t(f"abbreviation.{name}")] for name in _ABBREVIATIONS]
    heads = [Column(t("column.abbreviation"), width=15), Column(t("column.meaning"))]
    blocks.append(Tabular(t("glossary.abbreviations"), table(heads, rows)))
    return Section("glossary", t("section.glossary"), tuple(blocks))


def _chain_symbols(context: Context) -> Table:
    """Every symbol of the measuring chain with meaning and unit; those of the methodology have tables of their own."""
    t = context.t
    chains = context.result.claim.chains
    nodes = {n.symbol: n for chain in reversed(chains) for n in of_type([chain.graph.E_year], Named)}
    rows: list[list[Cell]] = [
        [symbol(node), node.label, unit(getattr(node, "unit", "") or "1")] for _, node in sorted(nodes.items())
    ]
    columns = [Column(t("column.symbol")), Column(t("column.description")), Column(t("column.unit"))]
    return table(columns, rows)


def _symbols(context: Context, bound: Bound) -> Table:
    """The symbols of the equations with their meaning and unit, in alphabetical order."""
    t = context.t
    nodes = {n.symbol: n for n in bound.nodes if n.symbol and not (isinstance(n, Switch) and n.set_by == "card")}
    rows: list[list[Cell]] = [
        [symbol(nodes[name]), nodes[name].label, _unit(nodes[name]), t(f"role.{_role(context, nodes[name])}")]
        for name in sorted(nodes, key=str.casefold)
    ]
    indexes = {s.index: s.label for n in nodes.values() for s in n.sets}
    note = "; ".join(f"{index}: {context.said(label)}" for index, label in sorted(indexes.items()))
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
