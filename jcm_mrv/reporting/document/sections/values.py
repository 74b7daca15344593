"""All values by element: one table per kind of element and calendar year, as the official sheet lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Monitored, Switch, period
from jcm_mrv.quantities.expression import Defined, Input, Named
from jcm_mrv.quantities.sets import Set
from jcm_mrv.reporting.document.blocks import Tabular
from jcm_mrv.reporting.document.context import Context, without_time
from jcm_mrv.reporting.document.tables import Cell, Column, Table, symbol, table, unit


@dataclass(frozen=True)
class _Column:
    """A quantity of the elements; ``adds`` where a sum over them means something."""

    node: Named
    adds: bool


def value_tables(context: Context) -> list[Tabular]:
    """The tables of every methodology of the claim."""
    found: list[Tabular] = []
    for bound in context.result.claim.bounds:
        for sets in dict.fromkeys(without_time(n.sets) for n in bound.nodes):
            if sets and not any(s in _classes(bound) for s in sets):
                found += _tables(context, bound, sets)
    return found


def _classes(bound: Bound) -> list[Set]:
    return [t.classes for t in bound.tables.values()]


def _tables(context: Context, bound: Bound, sets: tuple[Set, ...]) -> list[Tabular]:
    columns = [_Column(n, _adds(context, n)) for n in bound.nodes if _belongs(context, n, sets)]
    if not columns:
        return []
    tables: list[Tabular] = []
    for ordinal, year in enumerate(context.result.years):
        made = _table(context, columns, sets, ordinal)
        if made.rows:
            caption = context.t("values.caption", methodology=bound.namespace, element=sets[0].name, year=year.year)
            tables.append(Tabular(caption, made.limited(context.t("word.limited"))))
    return tables


def _belongs(context: Context, node: Named, sets: tuple[Set, ...]) -> bool:
    """Numbers by element, by year or the same in every year, of which at least one is known."""
    if not isinstance(node, Input | Defined) or isinstance(node, Switch) or without_time(node.sets) != sets:
        return False
    if any(s not in (*sets, period) for s in node.sets):
        return False
    return any(context.known(node, place) for place in context.result.claim.space.tuples(node.sets))


def _adds(context: Context, node: Named) -> bool:
    parameter = context.measured.get(id(node))
    if parameter is not None:
        return isinstance(parameter.declared, Monitored) and parameter.declared.aggregate == "sum"
    return isinstance(node, Defined) and node.unit == "tCO2e"


def _table(context: Context, columns: Sequence[_Column], sets: tuple[Set, ...], year: int) -> Table:
    space = context.result.claim.space
    rows: list[list[Cell]] = []
    for place in space.tuples((*sets, period)):
        if place[-1] == year:
            label = " / ".join(space.labels(sets, place[:-1]))
            rows.append([label, *(_value(context, c.node, place) for c in columns)])
    heads = [Column(sets[0].label[:1].upper() + sets[0].label[1:], "code")]
    heads += [Column(_head(c.node), "number") for c in columns]
    foot = [_sum(context, c, len(sets), year) for c in columns] if len(rows) > 1 else []
    return table(heads, rows, [context.t("word.total"), *foot] if any(foot) else ())


def _head(node: Named) -> Markup:
    measure = unit(node.unit) if isinstance(node, Input | Defined) else Markup("-")
    return Markup("{}<br><small>{}</small>").format(symbol(node), measure)


def _value(context: Context, node: Named, place: tuple[int, ...]) -> str:
    where = place if period in node.sets else place[:-1]
    value = context.result.value(node, where)
    if isinstance(node, Defined):
        return context.n.measured(value) if id(node) in context.measured else context.n.computed(value)
    return context.n.given(value)


def _sum(context: Context, column: _Column, depth: int, year: int) -> str:
    if not column.adds:
        return ""
    space = context.result.claim.space
    places = [place for place in space.tuples(column.node.sets) if place[depth] == year]
    total = sum(context.result.value(column.node, place) for place in places)
    return context.n.measured(total) if id(column.node) in context.measured else context.n.computed(total)
