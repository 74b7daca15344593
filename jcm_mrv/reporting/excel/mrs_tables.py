"""The official tables of an MRS(input): every column a record of heading, place and cell, and the rows of a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic

from jcm_mrv.claim.claim import Parameter
from jcm_mrv.claim.measuring import Point
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.card import ParameterGuide
from jcm_mrv.methodology.declare import Fixed, Switch, period
from jcm_mrv.quantities.expression import Named
from jcm_mrv.quantities.text import symbol_text
from jcm_mrv.reporting.excel.columns import Shown as ShownCell
from jcm_mrv.reporting.excel.columns import T
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.reported import Shown
from jcm_mrv.reporting.excel.sheet import Cell
from jcm_mrv.result import YearResult
from jcm_mrv.time.timeline import Slice
from jcm_mrv.time.zones import local_time

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WIDTHS = (16, 10.5, 15, 27, 15, 9, 10.5, 17, 27, 13, 21)
"""Of the columns of the sheet, which are those of Table 1."""


@dataclass(frozen=True)
class Official(Generic[T]):
    """``head`` is the official heading, ``place`` the column of the sheet, counted from 0."""

    head: str
    place: int
    cell: Callable[[T], ShownCell]


@dataclass(frozen=True)
class MonitoredRow:
    """A parameter of an element that exists in a year, or month; ``guide`` is what its card says of it."""

    start: date
    end: date
    parameter: Parameter
    point: Point
    guide: ParameterGuide
    description: str
    value: Cell


@dataclass(frozen=True)
class FixedRow:
    """What is fixed ex ante, of one element."""

    node: Named
    description: str
    value: Cell
    source: str


TABLE_1: tuple[Official[MonitoredRow], ...] = (
    Official("(a)\nMonitoring period", 0, lambda row: span(row.start, row.end)),
    Official("(b)\nMonitoring point No.", 1, lambda row: f"({row.point.number})"),
    Official("(c)\nParameters", 2, lambda row: symbol_text(row.parameter.declared)),
    Official("(d)\nDescription of data", 3, lambda row: row.description),
    Official("(e)\nMonitored Values", 4, lambda row: row.value),
    Official("(f)\nUnits", 5, lambda row: f"{row.parameter.declared.unit}/p"),
    Official("(g)\nMonitoring option", 6, lambda row: f"Option {row.point.option or row.guide.option}".strip()),
    Official("(h)\nSource of data", 7, lambda row: row.guide.source_of_data),
    Official("(i)\nMeasurement methods and procedures", 8, lambda row: row.guide.method),
    Official("(j)\nMonitoring frequency", 9, lambda row: row.point.frequency or row.guide.frequency),
    Official("(k)\nOther comments", 10, lambda row: "; ".join(s for s in (row.point.formula, row.point.comment) if s)),
)
# Tables 2 and 3 stand in the columns of Table 1 that hold the same: parameters below parameters, values below values.
TABLE_2: tuple[Official[FixedRow], ...] = (
    Official("(a)\nParameters", 2, lambda row: symbol_text(row.node)),
    Official("(b)\nDescription of data", 3, lambda row: row.description),
    Official("(c)\nEstimated Values", 4, lambda row: row.value),
    Official("(d)\nUnits", 5, lambda row: _unit(row.node)),
    Official("(e)\nSource of data", 8, lambda row: row.source),
    Official("(f)\nOther comments", 10, lambda _: ""),
)
REDUCTIONS = Official[YearResult]("(b)\nCO2 emission reductions", 4, lambda year: year.credited)
"""The whole tonnes of the year; the cell is written with the style of what is credited."""
TABLE_3: tuple[Official[YearResult], ...] = (
    Official("(a)\nMonitoring period", 0, lambda year: span(year.start, year.end)),
    REDUCTIONS,
    Official("(c)\nUnits", 5, lambda _: "tCO2/p"),
)


def span(start: date, end: date) -> str:
    """A monitoring period as the official sheet writes it: ``1/Jan/2017-31/Dec/2017``."""
    return f"{_day(start)}-{_day(end)}"


def _day(day: date) -> str:
    return f"{day.day}/{MONTHS[day.month - 1]}/{day.year}"


def _unit(node: Named) -> str:
    """The unit of what is fixed; of a choice a stroke."""
    return "-" if isinstance(node, Switch) else node.unit if isinstance(node, Fixed) else ""


def monitored_places(graph: ClaimGraph, ordinal: int) -> Iterator[tuple[Shown, tuple[int, ...]]]:
    """What Table 1 of a year lists, in its order: parameters with the elements (and months) that exist in it."""
    years = graph.result.timeline.year_of_month
    for shown in graph.monitored:
        sets = shown.value.sets
        for ordinals in graph.space.tuples(sets):
            year = ordinals[-1] if sets[-1] == period else int(years[ordinals[-1]])
            # a choice of an element may leave the parameter out
            if year == ordinal and shown.place(ordinals) is not None:
                yield shown, ordinals


def monitored_value(graph: ClaimGraph, shown: Shown, ordinals: tuple[int, ...], decimals_cell: str) -> str:
    """The formula of a monitored value: what the measuring chain gives, at the decimals of MRS(input)."""
    place = shown.place(ordinals)
    assert place is not None
    cell = graph.layout.cell(shown.measured, place)
    if shown.over is not None:
        divisor, of = shown.over
        at = of.place(ordinals)
        assert at is not None
        cell += f"/{graph.layout.cell(divisor, at)}"
    return f"=IF(ISNUMBER({decimals_cell}),ROUND({cell},{decimals_cell}),NA())"


def monitored_rows(graph: ClaimGraph, ordinal: int, decimals_cell: str) -> Iterator[MonitoredRow]:
    """Table 1: one row per parameter and element that exists in the year, of monthly parameters one per month."""
    result = graph.result
    for shown, ordinals in monitored_places(graph, ordinal):
        parameter = shown.parameter
        bound, declared, sets = parameter.bound, parameter.declared, shown.value.sets
        labels = result.claim.space.labels(sets[:-1], ordinals[:-1])
        monthly = None if sets[-1] == period else result.timeline.months[ordinals[-1]]
        year, value = result.years[ordinal], float(graph.evaluation[shown.value][ordinals])
        start, end = (year.start, year.end) if monthly is None else _days(graph, monthly)
        yield MonitoredRow(
            start,
            end,
            parameter,
            parameter.chain.points[parameter.points[labels]],
            bound.entry.card.parameters.get(declared.symbol, ParameterGuide()),
            _described(graph, bound, declared, labels),
            Cell(
                monitored_value(graph, shown, ordinals, decimals_cell),
                value,
                next((n for n in range(graph.decimals) if round(value, n) == value), graph.decimals),
            ),
        )


def _days(graph: ClaimGraph, piece: Slice) -> tuple[date, date]:
    """The first and last day of a slice."""
    zone = graph.result.timeline.zone
    return local_time(zone, piece.start).date(), local_time(zone, piece.end - 1).date()


def _described(graph: ClaimGraph, bound: Bound, node: Named, labels: Sequence[str]) -> str:
    """A quantity in words, and what it is of; first its methodology where the claim has several."""
    several = len(graph.result.claim.bounds) > 1
    return ": ".join(part for part in (bound.namespace if several else "", node.label, ", ".join(labels)) if part)


def fixed_rows(graph: ClaimGraph) -> Iterator[FixedRow]:
    """Table 2: what is fixed ex ante, per element; what the graph does not hold is not needed."""
    result = graph.result
    for bound in result.claim.bounds:
        for node in [*bound.fixed, *bound.switches]:
            for ordinals in result.claim.space.tuples(node.sets):
                value = _shown(graph, node, ordinals)
                if value is not None:
                    labels = result.claim.space.labels(node.sets, ordinals)
                    description = _described(graph, bound, node, labels)
                    yield FixedRow(node, description, value, str(result.origin(node, ordinals)))


def _shown(graph: ClaimGraph, node: Named, ordinals: tuple[int, ...]) -> Cell | None:
    """A reference to the value's cell, None for what has no value."""
    if node not in graph.evaluation:
        return None
    value = float(graph.evaluation[node][ordinals])
    formula = f"={graph.layout.cell(node, ordinals)}"
    if isinstance(node, Switch):
        return Cell(formula, node.choices[int(value)]) if value >= 0 else None
    return Cell(formula, value) if value == value else None
