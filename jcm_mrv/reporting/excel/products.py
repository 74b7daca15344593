"""The check of what was multiplied at each reading: month by month, between what the two factors allow.

The products themselves are too many for a sheet; a month's sum stands on Readings. It has to lie between the sum of
the first factor times the least and times the greatest value of the second one, which a formula looks at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jcm_mrv.meters.combined import PRODUCT
from jcm_mrv.reporting.excel.columns import Column, Columns
from jcm_mrv.reporting.excel.graph import ClaimGraph
from jcm_mrv.reporting.excel.layout import quoted
from jcm_mrv.reporting.excel.readings import ReadingPlaces
from jcm_mrv.reporting.excel.sheet import Cell, Sheet

_LEEWAY = 1e-9  # of the sizes: sums are not exact in the last digit


@dataclass(frozen=True)
class _Row:
    meter: str
    start: float
    product: str
    value: float
    limits: tuple[float, float, float, float]


PRODUCTS: Columns[_Row] = Columns(
    "products",
    "where two meters are multiplied at each reading, one row per sum of products that stands on Readings",
    (
        Column(key="meter", width=28, about="what is multiplied", cell=lambda r: r.meter),
        Column(key="from", width=17, about="local time at which the sum begins", cell=lambda r: r.start),
        Column(key="product", width=16, about="the sum, as on Readings", cell=lambda r: Cell(f"={r.product}", r.value)),
        Column(
            key="first_above", width=16, about="sum of the first factor where it is above 0", cell=lambda r: r.limits[0]
        ),
        Column(key="first_below", width=16, about="and where it is below 0", cell=lambda r: r.limits[1]),
        Column(key="second_least", width=16, about="least value of the second factor", cell=lambda r: r.limits[2]),
        Column(key="second_greatest", width=16, about="and its greatest", cell=lambda r: r.limits[3]),
        Column(
            key="check",
            width=12,
            about="OK while the sum lies between what the factors allow, else CHECK",
            cell=lambda r: "",
        ),
    ),
)


def has_products(graph: ClaimGraph) -> bool:
    """Whether anything was multiplied at each reading."""
    return any(one.wanted.how == PRODUCT for one in graph.result.series.combined)


def write_products(sheet: Sheet, graph: ClaimGraph, readings: ReadingPlaces) -> list[str]:
    """The rows with their checks; the cells that hold them."""
    rows = list(_rows(graph, readings))
    top = sheet.row
    sheet.table(PRODUCTS.heads(graph.t), [PRODUCTS.cells(row) for row in rows])
    for n in range(len(rows)):
        sheet.worksheet.write_number(top + 1 + n, 1, rows[n].start, sheet.styles.moment)
        line = top + 2 + n
        low = f"MIN($D{line}*$F{line},$D{line}*$G{line})+MIN($E{line}*$F{line},$E{line}*$G{line})"
        high = f"MAX($D{line}*$F{line},$D{line}*$G{line})+MAX($E{line}*$F{line},$E{line}*$G{line})"
        leeway = f"({_LEEWAY:g}*(ABS({low})+ABS({high})))"
        sheet.check(
            (top + 1 + n, 7), f"COUNT($C{line}:$G{line})=5", f"$C{line}>={low}-{leeway}", f"$C{line}<={high}+{leeway}"
        )
    return [f"{quoted(sheet.name)}!$H${top + 2 + n}" for n in range(len(rows))]


def _rows(graph: ClaimGraph, readings: ReadingPlaces) -> Iterator[_Row]:
    made = {one.meter_id: one for one in graph.result.series.combined if one.wanted.how == PRODUCT}
    parts = readings.rows.parts
    for n, segment in enumerate(readings.rows.segment.tolist()):
        one = made.get(parts.meter_ids[parts.meter[segment]])
        if one is not None:
            start, end = int(parts.start[segment]), int(parts.end[segment])
            [local] = graph.local(np.array([start]))
            value = float(parts.value[segment])
            yield _Row(one.meter_id, local, readings.cell(n), value, one.limits(start, end))
