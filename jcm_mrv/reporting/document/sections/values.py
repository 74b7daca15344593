"""All values by element: what holds in every year once, what changes beside it for each year."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from markupsafe import Markup

from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Monitored, Switch, period
from jcm_mrv.quantities.expression import Defined, Input, Named
from jcm_mrv.quantities.sets import Set
from jcm_mrv.reporting.document.blocks import Tabular
from jcm_mrv.reporting.document.context import Context, without_time
from jcm_mrv.reporting.document.figures import ABSENT
from jcm_mrv.reporting.document.tables import Cell, Column, Table, symbol, table, unit
from jcm_mrv.reporting.document.traced import made_of, traced
from jcm_mrv.reporting.excel.graph import Names

MOST_COLUMNS = 12


@dataclass(frozen=True)
class _Column:
    """A quantity of the elements in a year, None: in every year; ``adds`` where a sum over them means something.

    ``places`` are the index tuples that it has.
    """

    node: Named
    adds: bool
    places: frozenset[tuple[int, ...]]
    year: int | None = None


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
    nodes = [n for n in bound.nodes if _belongs(context, n, sets)]
    years = context.result.years
    columns = [_Column(n, _adds(context, n), frozenset(context.result.claim.space.tuples(n.sets))) for n in nodes]
    steady = [column for column in columns if _is_steady(context, column.node)]
    moving = [column for column in columns if not _is_steady(context, column.node)]
    by_year = [[replace(column, year=k) for column in moving] for k in range(len(years))]
    span = str(years[0].year) if len(years) == 1 else f"{years[0].year} – {years[-1].year}"
    if len(steady) + len(moving) * len(years) <= MOST_COLUMNS:
        # What belongs together stands together: each quantity with its years side by side.
        found = [(span, [*steady, *(column for same in zip(*by_year, strict=True) for column in same)])]
    else:
        found = [(span, steady), *((str(y.year), columns) for y, columns in zip(years, by_year, strict=True))]
    tables: list[Tabular] = []
    for said, shown in found:
        made = _table(context, shown, sets)
        if shown and made.rows:
            element = " × ".join(context.t.known("excel_set", s.name) for s in sets)
            caption = context.t("values.caption", methodology=bound.namespace, element=element, year=said)
            tables.append(Tabular(caption, context.shortened(made, _sheets(context, shown))))
    return tables


def _sheets(context: Context, columns: Sequence[_Column]) -> str:
    """The sheets of the Excel report that hold the quantities of some columns."""
    names = Names.of(context.t)
    return ", ".join(dict.fromkeys(names.holding(column.node.sets) for column in columns))


def _is_steady(context: Context, node: Named) -> bool:
    """True where no element has another value in another year."""
    if period not in node.sets:
        return True
    seen: dict[tuple[int, ...], float] = {}
    return len(context.result.years) > 1 and all(
        seen.setdefault(place[:-1], value) == value
        for place in context.result.claim.space.tuples(node.sets)
        if np.isfinite(value := context.result.value(node, place))
    )


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


def _table(context: Context, columns: Sequence[_Column], sets: tuple[Set, ...]) -> Table:
    space = context.result.claim.space
    places = dict.fromkeys(place[:-1] for place in space.tuples((*sets, period)))
    rows: list[list[Cell]] = []
    for place in places:
        cells = [_value(context, column, place) for column in columns]
        if any(cell != ABSENT for cell in cells):
            rows.append([" / ".join(space.labels(sets, place)), *cells])
    said = [context.said(s.label) for s in sets]
    heads = [Column(" / ".join(name[:1].upper() + name[1:] for name in said), "code")]
    heads += [Column(_head(context, c), "number") for c in columns]
    foot = [_sum(context, c, places) for c in columns] if len(rows) > 1 else []
    return table(heads, rows, [context.t("word.total"), *foot] if any(foot) else ())


def _head(context: Context, column: _Column) -> Markup:
    node = column.node
    measure = unit(node.unit) if isinstance(node, Input | Defined) else Markup("-")
    several = column.year is not None and len(context.result.years) > 1
    year = f" {context.result.years[column.year].year}" if several and column.year is not None else ""
    return Markup("{}{}<br><small>{}</small>").format(symbol(node), year, measure)


def _place(context: Context, column: _Column, place: tuple[int, ...]) -> tuple[tuple[int, ...], float]:
    """Element and value; of what holds in every year those of the first year in which the element has one."""
    node = column.node
    if period not in node.sets:
        return place, context.result.value(node, place)
    years = range(len(context.result.years)) if column.year is None else (column.year,)
    values = [(own, context.result.value(node, own)) for k in years if (own := (*place, k)) in column.places]
    return next((one for one in values if np.isfinite(one[1])), (place, math.nan))


def _value(context: Context, column: _Column, place: tuple[int, ...]) -> str:
    """The number as printed, with the element and year that it belongs to."""
    own, value = _place(context, column, place)
    return traced(_written(context, column.node, value), column.node, own)


def _written(context: Context, node: Named, value: float) -> str:
    if isinstance(node, Defined):
        return context.n.measured(value) if id(node) in context.measured else context.n.computed(value)
    return context.n.given(value)


def _sum(context: Context, column: _Column, places: Iterable[tuple[int, ...]]) -> str:
    """The total over the elements that are there in the year; what holds in every year is not added up."""
    if not column.adds or column.year is None:
        return ""
    found = [_place(context, column, place) for place in places if (*place, column.year) in column.places]
    parts = [traced(_written(context, column.node, value), column.node, own) for own, value in found]
    total = _written(context, column.node, math.fsum(value for _, value in found))
    return made_of(total, column.node.symbol, parts)
